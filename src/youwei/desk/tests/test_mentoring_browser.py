"""Mentoring in a browser: the unit opens it and names a mentor, the mentor talks, reports and looks after somebody, the unit follows up."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.support.cast import SignIn
from youwei.cases.models import Case, Distress
from youwei.desk.tests.factories import TODAY, City, city, decide, holder, person
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
