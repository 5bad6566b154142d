"""The first use again after a sanction in a browser: asked, proposed, five steps, disclosed until a day, a remark answered, appointed, followed."""

import re
from datetime import UTC, date, datetime
from typing import Any

import pytest
import time_machine
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.support.cast import SignIn
from youwei.cases.by_hand import open_by_hand
from youwei.cases.models import Case
from youwei.cases.tests.builders import record as put
from youwei.desk.tests.factories import CLERK, MORNING, TODAY, City, city, decide, holder, organ, person
from youwei.desk.tests.test_by_hand_browser import VOTES, fill, fits, step
from youwei.desk.tests.test_cases_browser import record
from youwei.documents.tests.test_of_reuse import DISCLOSED as WRITTEN
from youwei.organs.models import Account, Organ, Role
from youwei.people.models import Person

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
# 党内警告 of 2 June 2025 ends with 1 June 2026; what is disclosed on 29 September 2026 stays out over the holidays.
MADE, OPENED, KNOWN = date(2025, 6, 2), date(2026, 9, 21), datetime(2025, 6, 3, 1, 30, tzinfo=UTC)
LAST_DAY, AFTER = datetime(2026, 10, 12, 1, 30, tzinfo=UTC), datetime(2026, 10, 13, 1, 30, tzinfo=UTC)
EARLY, NEXT_YEAR = datetime(2027, 10, 12, 1, 30, tzinfo=UTC), datetime(2027, 10, 13, 1, 30, tzinfo=UTC)
LONG = "能够正视验收时没有到现场的错误，今年管着两个工地，每次都去，群众来电比去年少了一半"
PROPOSED = {"post": "规划科科长", "proposer": "钟明远", "need": "规划科缺人", "kind": "违反工作纪律，情节较轻"}
ENQUIRED = {"conduct": LONG, "results": LONG, "attitude": "认识深刻", "masses": "都说变了", "heard": "12"}
DISCLOSED = {
    "way": "单位公示栏", "text": "拟任用许南舟为规划科科长，现予公开。", "until": "2026-10-12", "contact": "干部科 0990-2100201",
}  # fmt: skip

PUBLISHED = DISCLOSED | {"until": date(2026, 10, 12)}


@pytest.fixture
def place(transactional_db: None) -> City:
    return city()


@pytest.fixture
def department(place: City) -> Organ:
    return organ("青溪区委组织部", "organization", place.district)


@pytest.fixture
def personnel(department: Organ) -> Account:
    return holder(Role.ORGANIZATION, department, "department", "解文舟")


@pytest.fixture
def someone(place: City) -> Person:
    found = person(place.unit, at=KNOWN)
    decide(found, place.commission, "党内警告", made_on=MADE, at=KNOWN)
    return found


def refused(page: Page, why: str) -> None:
    page.get_by_role("button", name="记录：").press("Enter")
    expect(page.get_by_text(why).first).to_be_visible()


def steps_to_the_decision(page: Page, server: LiveServer, sign_in: SignIn, case: Case, who: dict[str, Account]) -> None:
    """Proposal, written view, enquiry, view from above, decision; each by whom it belongs to."""
    go = (page, server, case)
    page.goto(f"{server.url}/cases/{case.pk}/?step=propose")
    asked = page.locator(".yw-formsec", has_text="今天按规定查询").locator("dt")
    expect(asked).to_have_count(4)
    for one in asked.all():
        assert one.evaluate("each => each.offsetHeight") < 30, "a word stands on one line"
    fits(page)
    fill(page, {"on": "2026-9-21", "intent": "重新使用", **PROPOSED})
    record(page)
    expect(page.get_by_text("现在由青溪区纪委监委（纪检监察机关负责人）办理")).to_be_visible()
    expect(
        page.get_by_text("深入了解影响期内的表现和业绩").first
    ).to_be_visible()  # what comes to the department after that
    fits(page)
    sign_in(who["leader"])
    page.goto(f"{server.url}/cases/{case.pk}/?step=discipline_view")
    expect(page.get_by_text("规划科缺人").first).to_be_visible()  # what the view is about stands beside it
    step(*go, "discipline_view", "2026-9-22", {"view": "同意", "reasons": "影响期已满，没有新的问题"})
    sign_in(who["personnel"])
    step(*go, "enquire", "2026-9-23", ENQUIRED)
    upper = {"number": "云组函〔2026〕31号", "to": "云川市委组织部", "view": "同意"}
    step(*go, "upper_view", "2026-9-24", upper)
    page.goto(f"{server.url}/cases/{case.pk}/?step=decide")
    for told in ("规划科缺人", "影响期已满，没有新的问题", "都说变了", "云组函〔2026〕31号"):
        expect(page.get_by_text(told).first).to_be_visible()
    step(*go, "decide", "2026-9-28", VOTES | {"proposed_by": "钟明远", "decision": "任用", "reasons": "合适"})


@pytest.mark.req("D2", "D4")
def test_from_the_question_to_the_disclosure(
    page: Page, live_server: LiveServer, sign_in: SignIn, someone: Person, place: City, personnel: Account
) -> None:
    who = {"personnel": personnel, "leader": holder(Role.LEADER, place.commission, "leader", "岑伯安")}
    sign_in(personnel)
    page.goto(f"{live_server.url}/eligibility/{someone.pk}/")
    page.get_by_role("link", name="开办事项").click()
    page.get_by_role("link", name="受处分处理干部首次重新使用", exact=True).click()
    page.fill("[name=on]", "2026-9-21")
    page.get_by_role("button", name="立项").press("Enter")
    expect(page.locator(".yw-messages")).to_contain_text("已立项")
    case = Case.objects.get(person=someone)
    steps_to_the_decision(page, live_server, sign_in, case, who)
    page.goto(f"{live_server.url}/cases/{case.pk}/?step=publish")
    fill(page, {"on": "2026-9-29", **DISCLOSED, "until": "2026-10-9"})
    refused(page, "最早是2026年10月12日")  # 30 September, 8 to 10 October (a worked Saturday), 12 October
    expect(page.locator("[name=text]")).to_have_value(DISCLOSED["text"])
    fill(page, {"until": DISCLOSED["until"]})
    record(page)
    expect(page.get_by_role("link", name="重新任用情况公开.docx")).to_be_visible()
    page.goto(f"{live_server.url}/cases/{case.pk}/?step=over")
    expect(page.get_by_text("2026年10月13日").first).to_be_visible()  # from when its end can be confirmed
    fits(page)


def disclosed(someone: Person, place: City, department: Organ) -> Case:
    """From the opening to the disclosure, which the browser has seen."""
    said = {"organ.organization": str(department.pk)}
    stamp: dict[str, Any] = {"by": CLERK, "on": OPENED, "at": MORNING, "today": TODAY}
    case = open_by_hand(thing=someone, family="reuse", role="office", organ=place.commission, said=said, **stamp)
    for name, values in (*list(WRITTEN.items())[:-1], ("publish", PUBLISHED)):
        on = TODAY if name == "publish" else OPENED
        given = dict.fromkeys({"propose": ["ready"], "decide": ["still"]}.get(name, []), "可以")
        put(case, name, on, values | given)
        case.refresh_from_db()
    return case


@pytest.mark.walks("reuse", "use-followup")
@pytest.mark.req("D2", "D3", "D4")
def test_from_a_remark_on_the_disclosure_to_the_year_after_the_appointment(
    page: Page, live_server: LiveServer, sign_in: SignIn, someone: Person, place: City, personnel: Account, department: Organ
) -> None:  # fmt: skip
    case = disclosed(someone, place, department)
    clerk = holder(Role.CASE_OFFICER, place.commission, "clerk")
    with time_machine.travel(LAST_DAY, tick=False) as clock:
        sign_in(personnel)
        step(page, live_server, case, "objection", "2026-10-9", {"content": "有一项工程没有验收"})
        page.goto(f"{live_server.url}/cases/{case.pk}/?step=answer")
        expect(page.get_by_text("有一项工程没有验收").first).to_be_visible()
        fill(page, {"on": "2026-10-12", "finding": "不影响任用", "facts": "工程八月已经验收"})
        record(page)

        clock.move_to(AFTER)
        sign_in(personnel)
        page.goto(f"{live_server.url}/cases/{case.pk}/?step=over")
        fits(page)
        fill(page, {"on": "2026-10-13", "removed": "no", "appointed": "yes"})
        fill(page, {"appointed_on": "2026-10-13", "how": "平级或者低于原职务任用"})
        refused(page, "期满应当撤下公开的内容")
        fill(page, {"removed": "yes"})
        record(page)
        expect(page.locator(".yw-messages")).to_contain_text("本事项办结：任用")

        sign_in(clerk)
        page.goto(live_server.url)
        page.get_by_role("link", name=re.compile("是否启动“重新使用、提拔后的跟踪了解”")).first.click()
        page.check("[name=verdict][value=start]")
        page.get_by_role("button", name="确认", exact=True).press("Enter")
        expect(page.locator(".yw-messages")).to_contain_text("重新使用、提拔后的跟踪了解")
        after = Case.objects.exclude(pk=case.pk).get()
        page.goto(f"{live_server.url}/statistics/procedures/reuse/")
        expect(page.get_by_role("row", name=re.compile("^任用 1 1 1 100.0%"))).to_be_visible()
        fits(page)

        clock.move_to(EARLY)
        sign_in(personnel)
        page.goto(f"{live_server.url}/cases/{after.pk}/?step=became")
        expect(page.locator("#step").get_by_text("2027年10月13日").first).to_be_visible()  # a year from 13 October 2026
        clock.move_to(NEXT_YEAR)
        sign_in(personnel)
        step(page, live_server, after, "became", "2027-10-13", {"state": "胜任现职", "account": "管着三个项目"})
        expect(page.locator(".yw-messages")).to_contain_text("本事项办结：胜任现职")


@pytest.mark.walks("recommend-use")
@pytest.mark.req("D3")
def test_a_recommendation_to_its_letter_and_what_came_of_it(
    page: Page, live_server: LiveServer, sign_in: SignIn, someone: Person, place: City, personnel: Account
) -> None:
    leader = holder(Role.LEADER, place.commission, "leader", "岑伯安")
    clerk = holder(Role.CASE_OFFICER, place.commission, "clerk")
    sign_in(clerk)
    page.goto(f"{live_server.url}/opening/person/{someone.pk}/recommend-use/")
    page.fill("[name=on]", "2026-9-21")
    page.get_by_role("button", name="立项").press("Enter")
    expect(page.locator(".yw-messages")).to_contain_text("已立项")
    case = Case.objects.get(person=someone)
    go = (page, live_server, case)
    grounds = {"understanding": "写了检查", "change": "两次回访都好", "results": "年度优秀", "masses": "听取六人意见"}
    step(*go, "propose", "2026-9-21", {"intent": "晋升职级", **grounds})
    sign_in(leader)
    page.goto(f"{live_server.url}/cases/{case.pk}/?step=approve")
    for told in grounds.values():
        expect(page.get_by_text(told).first).to_be_visible()
    step(*go, "approve", "2026-9-22", {"opinion": "同意", "decision": "同意推荐"})
    sign_in(clerk)
    page.goto(f"{live_server.url}/cases/{case.pk}/?step=send")
    fill(page, {"on": "2026-9-23", "number": "青纪函〔2026〕7号"})
    for whom in ("组织部门", "所在单位党委（党组）"):
        page.check(f'[name=to][value="{whom}"]')
    record(page)
    expect(page.get_by_role("link", name="使用建议函.docx")).to_be_visible()
    sign_in(personnel)
    page.goto(f"{live_server.url}/cases/{case.pk}/?step=result")
    expect(page.get_by_text("青纪函〔2026〕7号").first).to_be_visible()
    with page.expect_download() as saved:  # the letter it is to answer
        page.get_by_role("link", name="使用建议函.docx").click()
    assert saved.value.suggested_filename == "使用建议函.docx"
    fill(page, {"on": "2026-9-28", "result": "暂未采纳"})
    refused(page, "说明")
    fill(page, {"result": "晋升职级", "number": "青组任〔2026〕12号"})
    fits(page)
    record(page)
    expect(page.locator(".yw-messages")).to_contain_text("本事项办结：晋升职级")
    sign_in(clerk)
    page.goto(f"{live_server.url}/statistics/procedures/recommend-use/")
    expect(page.get_by_role("row", name=re.compile("晋升职级 1"))).to_be_visible()
