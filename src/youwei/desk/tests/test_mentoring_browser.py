"""Mentoring in a browser: the unit opens it and names a mentor, the mentor talks, reports and looks after somebody, the unit follows up."""

import io
import re
from datetime import UTC, date, datetime, timedelta

import pytest
from docx import Document
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.support.cast import SignIn
from youwei.cases.models import Case, Distress
from youwei.desk.tests.factories import TODAY, City, city, decide, holder, open_case, person
from youwei.desk.tests.test_by_hand_browser import fill, fits, step
from youwei.desk.tests.test_cases_browser import record
from youwei.organs.models import Role

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
DESIGNATED = {
    "mentor": "乐山川", "post": "副局长", "level": "科", "apart": "yes", "clean": "yes", "agreed_on": "2026-09-21", "tasks": "每半年谈心一次",
}  # fmt: skip
TALK = {
    "outcome": "已进行", "place": "会议室", "people-typed": "乐山川", "account": "谈了近况", "thinking": "想通了", "work": "按时完成任务",
}  # fmt: skip


HOLDERS = (("乐山川", "2025年6月5日"), ("顾怀谦", "2025年12月8日"))


@pytest.fixture
def place(transactional_db: None) -> City:
    return city()


@pytest.mark.req("C1", "C2", "C3", "K3")
def test_a_unit_and_a_mentor_go_the_whole_way(
    page: Page, live_server: LiveServer, sign_in: SignIn, place: City
) -> None:
    someone = person(place.unit)
    decide(someone, place.commission, "党内严重警告", number="青纪〔2026〕18号")
    unit = holder(Role.UNIT, place.unit, "unit", "区住建局党组")
    mentor = holder(Role.MENTOR, place.unit, "mentor", "乐山川")
    clerk = holder(Role.CASE_OFFICER, place.commission)
    sign_in(unit)
    page.goto(f"{live_server.url}/opening/of/mentoring/?q=青纪")
    page.get_by_role("link", name=re.compile("青纪〔2026〕18号|开办")).first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("教育帮带")
    fits(page)
    fill(page, {"on": "2026-09-21"})
    page.locator("form[method=post] button[type=submit]").last.click()
    expect(page.get_by_text("已立项")).to_be_visible()
    case = Case.objects.get(procedure="mentoring")
    assert case.organ == place.commission
    step(page, live_server, case, "designate", "2026-09-21", DESIGNATED)
    expect(page.get_by_text("教育帮带责任书")).to_be_visible()

    sign_in(mentor)
    page.goto(live_server.url)
    expect(page.get_by_text("每半年谈心谈话").first).to_be_visible()
    step(page, live_server, case, "talk", "2026-09-25", TALK)
    step(page, live_server, case, "signal", "2026-09-26", {"kind": "思想消极", "seen": "近来少言，工作有拖延"})
    page.get_by_role("link", name="身心异常").click()
    expect(page.get_by_text("12356")).to_be_visible()
    fits(page)
    page.check("[name=did][value=有人陪同]")
    page.get_by_role("button", name="立即告知").click()
    expect(page.get_by_text("今天请跟进")).to_be_visible()

    sign_in(unit)
    page.goto(live_server.url)
    expect(page.get_by_role("heading", name="身心异常，请当天跟进")).to_be_visible()
    fits(page)
    page.get_by_role("region", name="身心异常，请当天跟进").get_by_role("link").click()
    fits(page)
    fill(page, {"after": "家属陪同休息，工会主席每天联系"})
    page.check("[name=resume][value=yes]")
    page.get_by_role("button", name="记下跟进情况").click()
    expect(page.get_by_text("天后自动删除")).to_be_visible()
    assert Distress.objects.get().closed_on == TODAY
    key = Case.objects.get(pk=case.pk).open_steps.get(step="study").key
    page.goto(f"{live_server.url}/cases/{case.pk}/?step=study&key={key}")
    fill(
        page,
        {
            "on": f"{TODAY - timedelta(days=1):%Y-%m-%d}",
            "way": "反映",
            "done": "情况不明，报告区纪委",
            "to": "青溪区纪委监委",
        },
    )
    record(page)

    sign_in(clerk)
    page.goto(f"{live_server.url}/cases/{case.pk}/?step=answer&key={key}")
    fill(page, {"result": "谈话提醒", "note": "已谈话提醒"})
    record(page)
    fits(page)
    assert not Case.objects.get(pk=case.pk).open_steps.filter(step__in=("study", "answer")).exists()


@pytest.mark.walks("mentoring")
@pytest.mark.req("C1", "C2")
def test_a_mentor_is_replaced_with_a_handover_and_the_mentoring_comes_to_its_end(
    page: Page, live_server: LiveServer, sign_in: SignIn, place: City
) -> None:
    # 党内警告 of 2 June 2025 ends with 1 June 2026: two talks and two reports, one by each mentor.
    day = datetime(2025, 6, 3, 1, 30, tzinfo=UTC)
    decision = decide(person(place.unit, at=day), place.commission, "党内警告", made_on=date(2025, 6, 2), at=day)
    case = open_case(decision, "mentoring", day, day.date())
    go = (page, live_server, case)
    unit = holder(Role.UNIT, place.unit, "unit", "区住建局党组")
    first = holder(Role.MENTOR, place.unit, "first", "乐山川")
    second = holder(Role.MENTOR, place.unit, "second", "顾怀谦")
    sign_in(unit)
    step(*go, "designate", "2025-6-5", DESIGNATED | {"agreed_on": "2025-6-5"})
    sign_in(first)
    step(*go, "talk", "2025-10-10", TALK)
    step(*go, "report", "2025-12-5", {"to": "局党组", "state": "情绪平稳"})
    sign_in(unit)
    page.goto(f"{live_server.url}/cases/{case.pk}/")
    page.get_by_text("更多").click()
    page.get_by_role("link", name="更换教育帮带责任人").click()
    fits(page)
    handed = {"reason": "乐山川调离", "handed_over": "12月8日当面交接，谈心记录一份"}
    fill(page, {"on": "2025-12-8", **DESIGNATED, "mentor": "顾怀谦", "agreed_on": "2025-12-8", **handed})
    page.get_by_role("button", name="更换").press("Enter")
    expect(page.get_by_text("12月8日当面交接").first).to_be_visible()
    papers = page.get_by_role("link", name="教育帮带责任书.docx")
    expect(papers).to_have_count(2)  # the new mentor has a paper of their own; the first one's stays
    named = set()
    for link in papers.all():
        sent = page.request.get(f"{live_server.url}{link.get_attribute('href')}").body()
        cells = [cell.text for row in Document(io.BytesIO(sent)).tables[0].rows for cell in row.cells]
        named |= {(name, day) for name, day in HOLDERS if {name, day} <= {*cells}}
    assert named == {*HOLDERS}
    sign_in(first)
    page.goto(f"{live_server.url}/cases/{case.pk}/")
    expect(page.get_by_role("heading", name="教育帮带")).to_have_count(0)  # whoever has handed over sees nothing more
    sign_in(second)
    page.goto(f"{live_server.url}/cases/{case.pk}/?step=talk&key=2")
    earlier = page.locator("section").filter(has=page.get_by_role("heading", name="以前写的"))
    expect(earlier).to_contain_text("每半年谈心一次")
    expect(earlier).to_contain_text("按时完成任务")
    fill(page, {"on": "2026-3-11", **TALK, "people-typed": "顾怀谦"})
    record(page)
    page.goto(f"{live_server.url}/cases/{case.pk}/?step=report&key=2")
    fill(page, {"on": "2026-6-5", "to": "局党组", "state": "可以独立负责"})
    record(page)
    sign_in(unit)
    step(*go, "close", "2026-6-12", {"view": "改正较好", "result": "帮带期满", "goes_on": "no"})
    expect(page.locator(".yw-messages")).to_contain_text("本事项办结：帮带期满")
    expect(page.get_by_role("link", name="教育帮带总结.docx")).to_be_visible()
    fits(page)
