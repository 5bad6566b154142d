"""In a browser, each to its end: the visits of two places where the kind is chosen, one with the city consulted; and a campaign's visit."""

from datetime import UTC, date, datetime

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.support.cast import SignIn
from youwei.cases.models import Case
from youwei.desk.tests.factories import City, city, decide, holder, open_case, organ, person
from youwei.desk.tests.test_by_hand_browser import fill, step
from youwei.desk.tests.test_cases_browser import record
from youwei.desk.tests.test_visit_whole_browser import ADVERSE, APPRAISED, HARD, LONG, PROFILE, VISIT, signed
from youwei.desk.tests.test_visits_browser import looked_at, opened
from youwei.organs.models import Account, Role

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
GROUP = {"leader": "岑伯安", "people-typed": "陈思远、韩叙", "shelf": "青-2025-019"}
DEEP = VISIT | {"insight": "验收凭印象，没有把制度当回事"}


@pytest.fixture
def place(transactional_db: None) -> City:
    return city()


def people(place: City) -> dict[str, Account]:
    """Everybody whom these visits ask, each at the desk of their own."""
    department = organ("青溪区委组织部", "organization", place.district)
    above = organ("云川市委组织部", "organization", place.city, "city")
    return {
        "clerk": holder(Role.CASE_OFFICER, place.commission, "clerk"),
        "leader": holder(Role.LEADER, place.commission, "leader", "岑伯安"),
        "unit": holder(Role.UNIT, place.unit, "unit", "区住建局党组"),
        "department": holder(Role.ORGANIZATION, department, "department", "解文舟"),
        "city": holder(Role.CASE_OFFICER, place.city_commission, "above", "高处寒"),
        "city_department": holder(Role.ORGANIZATION, above, "above-department", "宁致远"),
    }


def begun(place: City, procedure: str, label: str, made: date) -> Case:
    at = datetime(made.year, made.month, made.day + 1, 1, 30, tzinfo=UTC)
    made_case = decide(person(place.unit, at=at), place.commission, label, made_on=made, at=at)
    return open_case(made_case, procedure, at, at.date())


def answered(page: Page, server: LiveServer, case: Case, sign_in: SignIn, who: dict[str, Account]) -> None:
    """The letter, signed by both offices, and what unit and organization department reply."""
    go = (page, server, case)
    sign_in(who["clerk"])
    opened(*go, "feedback")
    fill(page, {"on": "2026-6-12", "number": "青纪函〔2026〕9号", "content": "改正的情况"})
    for whom in ("所在单位党组织", "区委组织部"):
        page.check(f'[name=to][value="{whom}"]')
    record(page)
    sign_in(who["department"])
    signed(*go, "feedback", "2026-6-15")
    step(*go, "reply_organization", "2026-6-22", {"reply": "已作为使用依据"})
    sign_in(who["unit"])
    step(*go, "reply_unit", "2026-6-23", {"reply": "已列入年度考核"})


@pytest.mark.walks("yinzhou-visit")
@pytest.mark.req("B4", "B5", "B7", "B8")
def test_a_young_cadre_is_visited_warmly_every_three_months_and_slack_conduct_is_dealt_with(
    page: Page, live_server: LiveServer, sign_in: SignIn, place: City
) -> None:
    who = people(place)
    case = begun(place, "yinzhou-visit", "党内警告", date(2025, 6, 2))  # ends with 1 June 2026
    go = (page, live_server, case)
    sign_in(who["clerk"])
    step(*go, "group", "2025-6-5", GROUP)
    opened(*go, "profile")
    expect(page.get_by_text("为什么建议“暖心访”")).to_be_visible()
    fill(page, {"on": "2025-6-9", **PROFILE, "obstacles": "情绪低落"})
    record(page)
    opened(*go, "plan")
    expect(page.get_by_role("checkbox", name="疏解压力、解开心结")).to_be_checked()
    fill(page, {"on": "2025-6-11", "steps": "由分管领导先谈一次"})
    record(page)
    sign_in(who["department"])
    signed(*go, "plan", "2025-6-12")
    sign_in(who["clerk"])
    step(*go, "visit", "2025-7-15", VISIT | {"why_none": "以后按暖心访进行"})
    step(*go, "warm", "2025-9-1", VISIT | HARD | {"growth": "愿意到项目一线"})
    sign_in(who["unit"])
    step(*go, "help_warm", "2025-9-20", {"done": "已参加培训班", "settled": "已解决"})
    sign_in(who["clerk"])
    opened(*go, "warm")
    looked_at(page, "yinzhou-warm-2")
    for on in ("2025-12-1", "2026-2-27", "2026-5-29"):
        step(*go, "warm", on, VISIT | {"growth": LONG})
    step(*go, "appraise", "2026-6-8", APPRAISED | {"result": "消极", "advise": "继续帮扶教育"})
    sign_in(who["leader"])
    step(*go, "approve_appraisal", "2026-6-10", {"opinion": "同意"})
    sign_in(who["clerk"])
    step(*go, "slack", "2026-6-11", {"measures": "批评教育", "done": "已由党组书记当面批评"})
    answered(*go, sign_in, who)
    expect(page.locator(".yw-messages")).to_contain_text("本事项办结：回访完成，消极敷衍已处理")


@pytest.mark.walks("haishu-visit")
@pytest.mark.req("B4", "B5", "B7", "B8")
def test_a_heavy_sanction_is_visited_in_three_phases_the_city_is_consulted_and_the_end_offers_a_recommendation(
    page: Page, live_server: LiveServer, sign_in: SignIn, place: City
) -> None:
    who = people(place)
    case = begun(place, "haishu-visit", "撤销党内职务", date(2024, 6, 3))  # ends with 2 June 2026
    go = (page, live_server, case)
    sign_in(who["clerk"])
    step(*go, "group", "2024-6-5", GROUP)
    opened(*go, "profile")
    expect(page.get_by_text("为什么建议“深度访”")).to_be_visible()
    fill(page, {"on": "2024-6-10", **PROFILE, "sanction": "撤销党内职务"})
    record(page)
    step(*go, "plan", "2024-6-12", {"steps": "由分管领导先谈一次"})
    sign_in(who["department"])
    signed(*go, "plan", "2024-6-13")
    sign_in(who["city"])
    step(*go, "consult", "2024-6-18", {"opinion": "同意，注意顾及本人感受"})
    sign_in(who["city_department"])
    opened(*go, "consult")
    looked_at(page, "haishu-consult-sign")
    signed(*go, "consult", "2024-6-19")
    sign_in(who["clerk"])
    opened(*go, "first")
    expect(page.get_by_label("成长打算")).to_have_count(0)  # a deep visit asks for the root of the error, not for plans
    page.check("[name=outcome][value=本人推迟]")
    expect(page.get_by_label("对错误根源的认识")).to_be_hidden()
    step(*go, "first", "2024-7-2", {"outcome": "已进行"} | DEEP | HARD)
    sign_in(who["unit"])
    step(*go, "help_first", "2024-7-15", {"done": "已参加培训班", "settled": "已解决"})
    sign_in(who["clerk"])
    step(*go, "second", "2024-10-15", DEEP | {"management": "不会管", "management_next": "已与党组书记当面说明"})
    step(*go, "contact", "2025-3-3", {"place": "电话", "people-typed": "陈思远", "account": LONG})
    step(*go, "third", "2026-5-20", DEEP)
    step(*go, "appraise", "2026-6-8", APPRAISED | {"advise": "向组织部门推荐使用"})
    sign_in(who["leader"])
    opened(*go, "approve_appraisal")
    expect(page.get_by_role("region", name="以前写的")).to_contain_text("认真改正、表现好")
    fill(page, {"on": "2026-6-10", "opinion": "同意"})
    record(page)
    answered(*go, sign_in, who)
    expect(page.locator(".yw-messages")).to_contain_text("本事项办结：回访完成，建议使用")
    sign_in(who["clerk"])
    page.goto(f"{live_server.url}/cases/{case.pk}/")
    looked_at(page, "haishu-end")
    page.get_by_role("link", name="是否启动“受处分处理干部的推荐使用”").click()
    fill(page, {"verdict": "start", "on": "2026-6-24"})
    page.get_by_role("button", name="确认").press("Enter")
    expect(page.locator(".yw-messages")).to_contain_text("已启动：受处分处理干部的推荐使用")
    expect(page.locator(".yw-messages")).not_to_contain_text("办结")
    assert Case.objects.filter(procedure="recommend-use", person=case.person).count() == 1


@pytest.mark.walks("campaign-visit")
@pytest.mark.req("B6", "B7", "B9", "K2")
def test_a_campaigns_visit_put_off_once_made_at_home_helped_and_fed_back(
    page: Page, live_server: LiveServer, sign_in: SignIn, place: City
) -> None:
    who = people(place)
    case = begun(place, "campaign-visit", "党内警告", date(2026, 3, 2))
    go = (page, live_server, case)
    sign_in(who["clerk"])
    team = {"people-typed": "陈思远、韩叙"}
    step(*go, "group", "2026-3-5", {"leader": "岑伯安", **team, "until": "2026-9-25"})
    off = {"contacted": "yes", **team, "outcome": "本人推迟", "missed": "外出培训", "next_on": "2026-4-10"}
    step(*go, "visit", "2026-3-20", off)
    opened(*go, "visit")
    expect(page.get_by_role("region", name="可以办的")).to_contain_text("回访（第2次）")
    expect(page.get_by_label("本人同意家访")).to_be_hidden()
    held = {"on": "2026-4-10", "contacted": "yes", **team, "mode": "家访", "place": "家里", "account": LONG, **HARD}
    fill(page, held | {"consent": "no", "why_none": "已谈清"})
    page.get_by_role("button", name="记录：").press("Enter")
    expect(page.get_by_text("家访须经本人同意").first).to_be_visible()
    fill(page, {"consent": "yes"})
    record(page)
    expect(page.get_by_role("link", name="回访谈话记录.docx")).to_have_count(2)
    sign_in(who["unit"])
    step(*go, "help", "2026-4-20", {"done": "已参加培训班", "settled": "已解决"})
    sign_in(who["clerk"])
    step(
        *go,
        "feedback",
        "2026-6-10",
        {"number": "青纪函〔2026〕5号", "summary": LONG, **ADVERSE, "adverse-0-answer": "已改"},
    )
    expect(page.locator(".yw-messages")).to_contain_text("本事项办结：已回访")
    expect(page.get_by_role("link", name="回访情况反馈函.docx")).to_be_visible()


@pytest.mark.req("B6", "B9")
def test_a_campaigns_visit_that_is_declined_is_an_end_too(
    page: Page, live_server: LiveServer, sign_in: SignIn, place: City
) -> None:
    who = people(place)
    case = begun(place, "campaign-visit", "党内警告", date(2026, 3, 2))
    go = (page, live_server, case)
    sign_in(who["clerk"])
    step(*go, "group", "2026-3-5", {"leader": "岑伯安", "people-typed": "陈思远、韩叙", "until": "2026-9-25"})
    opened(*go, "visit")
    said = {
        "contacted": "yes",
        "people-typed": "陈思远、韩叙",
        "outcome": "本人拒绝",
        "missed": "本人不愿谈，已说明随时可以来",
    }
    fill(page, {"on": "2026-3-20", **said, "why_none": "尊重本人意愿"})
    for name in ("mode", "place", "account"):
        expect(page.locator(f"[name={name}]").first).to_be_hidden()
    record(page)
    expect(page.locator(".yw-messages")).to_contain_text("本事项办结：本人拒绝回访")
