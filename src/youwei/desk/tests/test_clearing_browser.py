"""Clearing a name in a browser from the beginning to the end; and a sealed case, seen by the one and unseen by the other, to its end."""

from datetime import UTC, datetime

import pytest
import time_machine
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.support.cast import SignIn
from youwei.cases.models import Case
from youwei.desk.tests.factories import City, city, holder, person
from youwei.desk.tests.test_by_hand_browser import VOTES, fill, fits, step
from youwei.desk.tests.test_main_ways_browser import Steps, go_through
from youwei.desk.tests.test_sealed import let_in
from youwei.desk.tests.test_visit_whole_browser import signed
from youwei.organs.models import Role

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
POINT = {"points-0-point": "收受购物卡", "points-0-fact": "查无此事"}
VISIT = {"place": "村委会", "people-typed": "方知行、乔木", "account": "情绪稳定", "state": "安心工作"}


@pytest.fixture
def place(transactional_db: None) -> City:
    return city()


@pytest.mark.walks("clearing")
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
    with time_machine.travel(datetime(2026, 10, 21, 1, 30, tzinfo=UTC), tick=False):  # a month after 20 September
        sign_in(clerk)
        step(*go, "visit_2", "2026-10-21", VISIT | {"effect": "影响已经消除"})
        step(*go, "close", "2026-10-21", {"result": "认可", "shelf": "青-澄-9"})
        expect(page.locator(".yw-messages")).to_contain_text("本事项办结：已为党员干部澄清")
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


OPENED = {"signs": "捏造", "suspect": "钟无咎", "suspect_kind": "其他人员", "accused": "许南舟", "matter": "捏造收礼"}
IN_THE_COUNTY: Steps = (
    ("clerk", "register", "2026-9-29", OPENED),
    ("leader", "start", "2026-9-29", {"opinion": "同意"}),
    ("clerk", "inquire", "2026-9-29", {"fabricated": "yes", "intent": "yes", "found": "笔迹和取款记录相符"}),
    ("clerk", "study", "2026-9-29", VOTES | {"finding": "提请认定诬告陷害", "reasons": "捏造并且有故意"}),
)
TO_THE_END: Steps = (
    ("leader", "settle", "2026-9-29", {"opinion": "同意"}),
    (
        "clerk",
        "refer",
        "2026-9-29",
        {"number": "青纪请〔2026〕1号", "to": "云川市纪委监委", "facts": "相符", "proposed": "提请认定"},
    ),
    ("city clerk", "examine", "2026-9-29", {"view": "事实清楚"}),
    (
        "city leader",
        "determine",
        "2026-9-29",
        VOTES | {"decision": "诬告陷害", "reasons": "捏造事实，意图使他人受到追究"},
    ),
    ("clerk", "consequence", "2026-9-29", {"handled": "移送公安机关", "told": "已移送", "public": "no"}),
    ("clerk", "gains", "2026-9-29", {"gained": "没有取得职务", "corrected": "不用纠正"}),
    (
        "clerk",
        "shared",
        "2026-9-29",
        {"number": "青纪函〔2026〕5号", "to": "区公安分局", "partners": "公安", "result": "已认定"},
    ),
)


@pytest.mark.walks("malicious")
@pytest.mark.req("E4")
def test_a_county_inquires_the_city_determines_and_what_follows_is_told(
    page: Page, live_server: LiveServer, sign_in: SignIn, place: City
) -> None:
    staff = {
        "clerk": holder(Role.CASE_OFFICER, place.commission, "clerk", "方知行"),
        "second": holder(Role.CASE_OFFICER, place.commission, "second", "乔木"),
        "leader": holder(Role.LEADER, place.commission, "leader", "岑伯安"),
        "city clerk": holder(Role.CASE_OFFICER, place.city_commission, "city-clerk", "温行简"),
        "city leader": holder(Role.LEADER, place.city_commission, "city-leader", "荀子墨"),
    }
    sign_in(staff["clerk"])
    page.goto(f"{live_server.url}/opening/of/malicious/")
    page.get_by_role("link", name="青溪区纪委监委").click()
    page.get_by_role("button", name="立项").press("Enter")
    expect(page.locator(".yw-messages")).to_contain_text("已立项")
    case = Case.objects.get()
    for name in ("second", "leader", "city clerk", "city leader"):
        let_in(case, staff[name], staff["clerk"])
        case.refresh_from_db()
    go_through(page, live_server, sign_in, staff, case, IN_THE_COUNTY)
    sign_in(staff["second"])
    signed(page, live_server, case, "study", "2026-9-29")
    go_through(page, live_server, sign_in, staff, case, TO_THE_END)
    expect(page.locator(".yw-messages")).to_contain_text("本事项办结：认定诬告陷害，已处理")
    with page.expect_download() as saved:
        page.get_by_role("link", name="诬告陷害认定决定书.docx").first.click()
    assert saved.value.suggested_filename == "诬告陷害认定决定书.docx"
    fits(page)
