"""Clearing a name in a browser from the beginning to the end; and a sealed case, seen by the one and unseen by the other."""

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.support.cast import SignIn
from youwei.cases.models import Case
from youwei.desk.tests.factories import City, city, holder, person
from youwei.desk.tests.test_by_hand_browser import VOTES, fill, fits, step
from youwei.organs.models import Role

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
POINT = {"points-0-point": "收受购物卡", "points-0-fact": "查无此事"}
VISIT = {"place": "村委会", "people-typed": "方知行、乔木", "account": "情绪稳定", "state": "安心工作"}


@pytest.fixture
def place(transactional_db: None) -> City:
    return city()


@pytest.mark.req("E1", "E2", "E3", "E6")
def test_a_name_is_cleared_from_the_study_to_the_second_visit(
    page: Page, live_server: LiveServer, sign_in: SignIn, place: City
) -> None:
    clerk = holder(Role.CASE_OFFICER, place.commission, "clerk", "方知行")
    second = holder(Role.CASE_OFFICER, place.commission, "second", "乔木")
    leader = holder(Role.LEADER, place.commission, "leader", "岑伯安")
    someone = person(place.unit)
    sign_in(clerk)
    page.goto(f"{live_server.url}/people/{someone.pk}/")
    page.get_by_role("link", name="开办事项").click()
    page.get_by_role("link", name="失实检举控告澄清正名", exact=True).click()
    page.fill("[name=on]", "2026-6-1")
    page.get_by_role("button", name="立项").press("Enter")
    expect(page.locator(".yw-messages")).to_contain_text("已立项")
    case = Case.objects.get(person=someone)
    go = (page, live_server, case)
    step(*go, "begin", "2026-6-1", {"source": "承办部门提出", "level": "村（社区）干部", "concluded": "青纪核9号"})
    study = {
        "finding": "失实",
        "why": "多方核实",
        "harm": "生活",
        "spread": "单位",
        "urgent": "yes",
        "advice": "建议澄清",
    }
    step(*go, "study", "2026-6-2", VOTES | study)
    sign_in(second)
    page.goto(f"{live_server.url}/cases/{case.pk}/?step=study&part=case_office")
    page.check("[name=verdict][value=agree]")
    page.get_by_role("button", name="签署").press("Enter")
    expect(page.locator(".yw-messages")).to_contain_text("已签署")
    sign_in(clerk)
    step(
        *go,
        "wish",
        "2026-9-7",
        {"heard_by": "当面", "wants": "愿意", "ways": "会议", "scope": "单位", "must_correct": "no"},
    )
    page.goto(f"{live_server.url}/cases/{case.pk}/?step=propose")
    fill(page, {"on": "2026-9-8", **POINT, "text": "来信人所说不属实", "ways": "会议", "scope": "社会"})
    page.get_by_role("button", name="记录：").press("Enter")
    expect(page.get_by_text("澄清的范围不得大于不实说法传到的范围").first).to_be_visible()
    expect(page.locator("[name=text]")).to_have_value("来信人所说不属实")
    step(*go, "propose", "2026-9-8", {**POINT, "text": "来信人所说不属实", "ways": "会议", "scope": "单位"})
    expect(page.get_by_role("link", name="失实检举控告澄清审批表.docx")).to_be_visible()
    expect(page.get_by_text("文字里有须核对的字句")).to_be_visible()
    expect(page.get_by_text("“来信人”")).to_be_visible()
    sign_in(leader)
    page.goto(f"{live_server.url}/cases/{case.pk}/?step=approve")
    fits(page)
    step(*go, "approve", "2026-9-9", {"opinion": "同意，文字再改"})
    sign_in(clerk)
    step(*go, "inform", "2026-9-9", {"number": "1", "to": "本人", "points": "收受购物卡一事不实"})
    expect(page.get_by_role("link", name="澄清告知书.docx")).to_be_visible()
    done = {"done-0-way": "会议", "done-0-held_on": "2026-9-10", "done-0-audience": "村民代表", "text": "经查不属实"}
    step(*go, "clear_urgent", "2026-9-10", done)
    step(*go, "remind", "2026-9-10", {"matters": "村务公开要及时"})
    expect(page.get_by_role("link", name="澄清提醒书.docx")).to_be_visible()
    step(*go, "visit_1", "2026-9-20", VISIT | {"effect": "影响已经消除"})
    page.goto(f"{live_server.url}/cases/{case.pk}/?step=visit_2")
    expect(page.get_by_text("还没有到办理的时间")).to_be_visible()
    fits(page)


@pytest.mark.req("E4")
def test_a_sealed_case_is_seen_by_the_one_and_unseen_by_the_other(
    page: Page, live_server: LiveServer, sign_in: SignIn, place: City
) -> None:
    clerk = holder(Role.CASE_OFFICER, place.commission, "clerk", "方知行")
    other = holder(Role.CASE_OFFICER, place.commission, "second", "乔木")
    above = holder(Role.LEADER, place.city_commission, "above", "荀子墨")
    sign_in(clerk)
    page.goto(f"{live_server.url}/packs/malicious/2023.06/")
    page.get_by_role("link", name="开办").first.click()
    page.get_by_role("link", name="青溪区纪委监委").click()
    expect(page.get_by_text("立项后只有您看得到")).to_be_visible()
    fits(page)
    page.get_by_role("button", name="立项").press("Enter")
    expect(page.locator(".yw-messages")).to_contain_text("已立项")
    case = Case.objects.get()
    said = {"signs": "捏造", "suspect": "钟无咎", "suspect_kind": "其他人员", "accused": "许南舟", "matter": "捏造收礼"}
    step(page, live_server, case, "register", "2026-9-29", said)
    expect(page.get_by_text("钟无咎").first).to_be_visible()
    fits(page)
    page.goto(f"{live_server.url}/cases/{case.pk}/admissions/")
    fill(page, {"who": f"{above.pk}-{Role.LEADER}-{place.city_commission.pk}"})
    page.fill("[name=reason]", "提请认定")
    fits(page)
    page.get_by_role("button", name="准入").press("Enter")
    expect(page.get_by_text("2人；")).to_be_visible()
    sign_in(other)
    for address in ("", "cases/?state=all", "search/?q=钟无咎"):
        page.goto(f"{live_server.url}/{address}")
        assert "登记可疑情形" not in page.content()
        assert "审批开展核查" not in page.content()
        assert f"/cases/{case.pk}/" not in page.content()
    assert page.goto(f"{live_server.url}/cases/{case.pk}/").status == 404  # type: ignore[union-attr]
