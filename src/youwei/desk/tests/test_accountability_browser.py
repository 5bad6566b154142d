"""A unit held to account after the check, the month's report of such cases, and the guiding case made of one: each in a browser to its end."""

import io
import re
from datetime import UTC, date, datetime
from typing import Any

import pytest
import time_machine
from docx import Document
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.support.cast import SignIn
from youwei.cases.by_hand import open_by_hand
from youwei.cases.models import Case
from youwei.cases.tests.builders import moment
from youwei.cases.tests.builders import record as put
from youwei.desk.tests.factories import CLERK, City, city, holder, organ, person
from youwei.desk.tests.test_by_hand_browser import fill, fits, step
from youwei.desk.tests.test_cases_browser import record
from youwei.desk.tests.test_tolerance_browser import looked_into
from youwei.desk.tests.test_visit_whole_browser import signed
from youwei.organs.models import Role
from youwei.people.models import Person

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
BEGUN = date(2026, 9, 21)
PROPOSED = {"phase": "容中", "start": "单位申请", "matter": "验收时漏检两处", "request": "属先行先试"}
REFUSED = {"accepted": "no", "why": "属于例行验收，不是改革中的探索"}
ISSUED = {
    "number": "青纪〔2026〕31号", "made_on": "2026-9-24", "facts": "验收时漏检两处，返工一次", "clauses": "《中国共产党问责条例》",
    "remedy": "自收到决定之日起一个月内书面申诉",
}  # fmt: skip
FOUND: dict[str, Any] = {
    "title": "验收漏检", "place": "某市", "happened": "2026年", "situation": "某单位例行验收漏检，称系先行先试", "items": "程序",
    "decided": "例行工作不是探索，不予受理", "source": "本机关办理", "tags": "工程建设",
}  # fmt: skip


@pytest.fixture
def place(transactional_db: None) -> City:
    found = city()
    organ("青溪区委组织部", "organization", found.district)
    return found


def opened(page: Page, title: str, **fields: str) -> Case:
    """From the page of a person or organ to its new case."""
    page.get_by_role("link", name="开办事项").click()
    page.get_by_role("link", name=title, exact=True).click()
    page.fill("[name=on]", "2026-9-21")
    for name, value in fields.items():
        page.locator(f"[name*={name}]").fill(value)
    page.get_by_role("button", name="立项").press("Enter")
    expect(page.locator(".yw-messages")).to_contain_text("已立项")
    return Case.objects.latest("pk")


def checked(place: City, someone: Person) -> Case:
    """A check before holding to account that has begun and waits to be taken on."""
    case = open_by_hand(
        thing=someone, family="tolerance", role="handler", organ=place.commission, by=CLERK, on=BEGUN, at=moment(BEGUN), today=BEGUN,
        said=dict.fromkeys(("organ.accountability", "organ.organization"), str(place.commission.pk)),
    )  # fmt: skip
    put(case, "propose", BEGUN, {"phase": "容中", "start": "本人申请", "matter": "略", "request": "略"})
    return case


@pytest.mark.walks("accountability")
@pytest.mark.req("F2")
def test_a_unit_is_held_to_account_only_after_the_check_and_by_its_result(
    page: Page, live_server: LiveServer, sign_in: SignIn, place: City
) -> None:
    clerk = holder(Role.CASE_OFFICER, place.commission, "clerk")
    leader = holder(Role.LEADER, place.commission, "leader", "岑伯安")
    department = holder(Role.ORGANIZATION, place.district.children.get(kind="organization"), "department", "解文舟")
    sign_in(clerk)
    page.goto(f"{live_server.url}/organs/{place.unit.pk}/")
    case = opened(page, "问责（容错前置审核）", accountability=place.commission.name)
    go = (page, live_server, case)
    received = {"source": "监督检查", "grounds": "履职不力", "facts": "验收时漏检两处，返工一次"}
    step(*go, "receive", "2026-9-21", received)
    page.goto(f"{live_server.url}/cases/{case.pk}/?step=propose")
    expect(page.get_by_role("button", name="记录：提出问责建议")).to_have_count(0)  # nothing before the check
    expect(
        page.get_by_text("要先办“审批前置审核意见、转入容错审核、容错中途终止后重作前置审核”。").first
    ).to_be_visible()
    step(*go, "consider", "2026-9-21", {"fits": "yes", "reasons": "单位称系先行先试，须核实"})
    sign_in(leader)
    step(*go, "check", "2026-9-21", {"opinion": "同意"})
    sign_in(clerk)
    step(*go, "tolerance", "2026-9-21", {})
    child = Case.objects.latest("pk")
    step(page, live_server, child, "propose", "2026-9-21", PROPOSED)
    page.goto(f"{live_server.url}/cases/{case.pk}/?step=propose")
    expect(page.get_by_role("button", name="记录：提出问责建议")).to_have_count(0)  # nor while it goes on
    step(page, live_server, child, "accept", "2026-9-22", REFUSED)
    expect(page.locator(".yw-messages")).to_contain_text("本事项办结")

    step(*go, "propose", "2026-9-22", {"measure": "通报", "reasons": "责任清楚"})
    sign_in(leader)
    page.goto(f"{live_server.url}/cases/{case.pk}/?step=decide")
    expect(page.get_by_text("验收时漏检两处，返工一次").first).to_be_visible()  # what is decided on, beside the form
    fill(page, {"on": "2026-9-24", "attendance-0-member": "岑伯安", "attendance-0-view": "同意"})
    fill(page, {"decision": "问责", "measure": "通报", "reasons": "责任清楚"})
    record(page)
    sign_in(department)
    signed(*go, "decide", "2026-9-24")
    sign_in(clerk)
    step(*go, "issue", "2026-9-24", ISSUED)
    page.goto(f"{live_server.url}/cases/{case.pk}/?step=notify")
    expect(page.get_by_role("button", name="记录：宣布、送达")).to_have_count(0)  # nothing goes out unsigned
    sign_in(leader)
    signed(*go, "issue", "2026-9-24")
    sign_in(clerk)
    page.goto(f"{live_server.url}/cases/{case.pk}/?step=notify")
    expect(page.get_by_text("自收到决定之日起一个月内书面申诉").first).to_be_visible()
    step(*go, "notify", "2026-9-25", {"received_on": "2026-9-25"})
    page.goto(f"{live_server.url}/cases/{case.pk}/?step=register")
    fill(page, {"on": "2026-9-28", "precheck": "审核不适用容错"})
    page.get_by_role("button", name="记录：").press("Enter")
    expect(page.get_by_text("容错事项的结果是不予受理，请照此选。").first).to_be_visible()
    expect(page.get_by_text("青纪〔2026〕31号").first).to_be_visible()  # of which decision the result is registered
    fits(page)
    fill(page, {"precheck": "不予受理"})
    record(page)
    expect(page.locator(".yw-messages")).to_contain_text("本事项办结：予以问责")
    page.goto(f"{live_server.url}/statistics/procedures/accountability/")
    headings = page.get_by_role("columnheader").all_inner_texts()
    total = page.get_by_role("row", name=re.compile("^合计 ")).first.get_by_role("cell").all_inner_texts()
    told = dict(zip(headings[1:], total, strict=False))  # the first heading is that of the row's own
    assert (told["件"], told["人（单位）"]) == ("1", "1")
    assert told["容错审核：容错事项不予受理"].split() == ["1", "100.0%"]
    assert told["容错审核：前置审核不适用容错"].split() == ["0", "0.0%"]
    fits(page)


@pytest.mark.walks("tolerance-report")
@pytest.mark.req("F5", "J6")
def test_the_report_of_a_month_is_due_made_and_signed_with_the_cases_of_the_month(
    page: Page, live_server: LiveServer, sign_in: SignIn, place: City
) -> None:
    clerk = holder(Role.CASE_OFFICER, place.commission, "clerk")
    leader = holder(Role.LEADER, place.commission, "leader", "岑伯安")
    put(checked(place, person(place.unit)), "accept", date(2026, 9, 22), {"accepted": False, "why": "属于例行验收"})
    sign_in(clerk)
    page.goto(f"{live_server.url}/organs/{place.commission.pk}/")
    case = opened(page, "容错案例月报")
    page.goto(f"{live_server.url}/cases/{case.pk}/?step=arrange")
    fill(page, {"on": "2026-9-21", "from": "2026-12-31", "until": "2026-9-1", "to": "云川市纪委监委"})
    page.get_by_role("button", name="记录：").press("Enter")
    expect(page.get_by_text("截止的一天要在起始的一天之后", exact=False).first).to_be_visible()
    fill(page, {"from": "2026-9-1", "until": "2026-12-31"})
    record(page)
    with time_machine.travel(datetime(2026, 10, 9, 1, 30, tzinfo=UTC), tick=False):
        sign_in(clerk)
        page.goto(live_server.url)
        page.get_by_role("link", name=re.compile("容错案例月报（2026年9月）")).first.click()
        fits(page)
        fill(page, {"on": "2026-10-9", "situation": "本月审核一件，没有受理"})
        record(page)
        sign_in(leader)
        page.goto(f"{live_server.url}/signatures/")
        expect(page.get_by_text("本月审核一件，没有受理").first).to_be_visible()
        fits(page)
        with page.expect_download() as saved:  # the paper with the figures, before it is signed
            page.get_by_role("link", name="容错案例月报（2026年9月）.docx").click()
        paper = Document(io.BytesIO(saved.value.path().read_bytes()))
        told = [[cell.text for cell in row.cells] for table in paper.tables for row in table.rows]
        assert ["容错纠错", "1", "1", "0", "不予受理1件"] in told
        assert ["容错纠错", "许南舟", place.unit.name, "2026年9月21日", "2026年9月22日", "不予受理"] in told
        page.get_by_role("radio", name="同意").first.check()
        page.get_by_role("button", name="提交").press("Enter")
        expect(page.get_by_role("heading", name="签署结果")).to_be_visible()
        page.get_by_role("link", name=re.compile("容错案例月报（2026年9月）")).first.click()
        expect(page.get_by_label("会签").get_by_text("岑伯安", exact=False)).to_be_visible()
        sign_in(clerk)
        page.goto(live_server.url)
        expect(page.get_by_role("link", name=re.compile("容错案例月报（2026年9月）"))).to_have_count(0)
        page.goto(f"{live_server.url}/statistics/procedures/tolerance-report/")
        fits(page)


@pytest.mark.req("F6")
def test_a_guiding_case_comes_of_an_ended_one_is_read_by_a_second_and_cited(
    page: Page, live_server: LiveServer, sign_in: SignIn, place: City
) -> None:
    clerk = holder(Role.CASE_OFFICER, place.commission, "clerk")
    leader = holder(Role.LEADER, place.commission, "leader", "岑伯安")
    ended = checked(place, person(place.unit))
    put(ended, "accept", BEGUN, {"accepted": False, "why": "属于例行验收"})
    sign_in(clerk)
    page.goto(f"{live_server.url}/cases/{ended.pk}/")
    page.get_by_text("更多", exact=True).first.click()
    page.get_by_role("link", name=re.compile("指导性案例")).last.click()
    fill(page, FOUND | {"decided": "许南舟所办系例行工作，不予受理"})
    page.get_by_role("button", name="保存拟稿").press("Enter")
    expect(page.get_by_text("“许南舟”").first).to_be_visible()
    expect(page.locator("[name=situation]")).to_have_value(FOUND["situation"])
    fill(page, {"decided": FOUND["decided"]})
    page.get_by_role("button", name="保存拟稿").press("Enter")
    expect(page.get_by_role("link", name="修改拟稿")).to_be_visible()
    expect(page.get_by_role("button", name="审看无误，发布")).to_have_count(0)
    sign_in(leader)
    page.goto(f"{live_server.url}/guiding/?state=draft")
    page.get_by_role("link", name=FOUND["title"]).click()
    fits(page)
    page.get_by_role("button", name="审看无误，发布").press("Enter")
    expect(page.get_by_text("2026年9月29日发布", exact=False).first).to_be_visible()

    other = checked(place, person(place.unit, "查云岫"))
    looked_into(other)
    page.goto(f"{live_server.url}/cases/{other.pk}/?step=determine")
    page.locator("[name=cites-typed]").press_sequentially("漏检")
    page.get_by_role("button", name=re.compile("验收漏检")).click()
    fill(
        page, {"on": "2026-9-22", "attendance-0-member": "岑伯安", "decision": "不予容错", "reasons": "与所引案例相同"}
    )
    record(page)
    expect(page.get_by_text("验收漏检（某市，2026年）").first).to_be_visible()
    fits(page)
