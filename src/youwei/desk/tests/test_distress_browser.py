"""In a browser: somebody is in distress during a visit. What the page asks, whom it tells and whom not, and how the visit goes on afterwards."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.support.cast import Cast, SignIn, assemble
from youwei.cases.models import Case, Distress, Done
from youwei.cases.tests.builders import begun, case_of
from youwei.desk.tests.factories import TODAY
from youwei.desk.tests.test_by_hand_browser import fill
from youwei.desk.tests.test_cases_browser import record
from youwei.desk.tests.test_visits_browser import looked_at, opened
from youwei.documents.models import Paper
from youwei.organs.models import Account, CareContact, Role

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True), pytest.mark.req("K3", "B6")]
HALF = {
    "on": "2026-9-28",
    "place": "区政务中心",
    "people-typed": "方知行、甘棠",
    "account": "对错误认识清楚，近期工作主动",
}
REST = {"contacted": "yes", "execution": "已执行到位", "management": "已落实", "next_on": "2026-12-20"}


@pytest.fixture
def place(transactional_db: None) -> Cast:
    return assemble()


def desk(someone: Account) -> str:
    client = Client()
    client.force_login(someone)
    return client.get(reverse("desk"), follow=True).content.decode()


def test_distress_in_a_visit_is_told_to_those_who_must_act_and_the_visit_goes_on_later(
    page: Page, live_server: LiveServer, place: Cast, sign_in: SignIn
) -> None:
    case = case_of(place)
    begun(case)
    CareContact.objects.create(organ=place.commission, place=1, name="岑伯安", post="分管领导", phone="0990-1111")
    go = (page, live_server, case)
    sign_in(place.officer)
    opened(*go, "visit")
    fill(page, HALF)
    page.get_by_text("现场发现身心异常").press("Enter")
    expect(page.get_by_text("身心异常的事不写进这条记录")).to_be_visible()
    looked_at(page, "distress-visit")
    page.get_by_role("link", name="告知应当处理的人").press("Enter")
    expect(page.get_by_role("heading", name="身心异常，先关心人")).to_be_visible()
    expect(page.get_by_text("12356")).to_be_visible()
    expect(page.get_by_role("region", name="今天就联系")).to_contain_text("0990-1111")
    page.get_by_role("button", name="立即告知").press("Enter")
    expect(page.locator("[data-faults]")).to_contain_text("当场做了什么")
    page.get_by_label("有人陪同").check()
    page.get_by_label("岑伯安 分管领导 0990-1111").check()
    page.get_by_role("button", name="立即告知").press("Enter")
    expect(page.locator(".yw-messages")).to_contain_text("今天请跟进")
    expect(page.get_by_text("暂缓进行").first).to_be_visible()
    case.refresh_from_db()
    assert case.state == Case.State.HELD

    told = {place.officer, place.leader, place.accounts[Role.UNIT], place.accounts[Role.MENTOR]}
    for someone in (*place.accounts.values(), place.outsider):
        assert ("身心异常，请当天跟进" in desk(someone)) is (someone in told), someone.name

    sign_in(place.leader)
    page.goto(live_server.url)
    page.get_by_role("region", name="身心异常，请当天跟进").get_by_role("link").first.press("Enter")
    expect(page.get_by_text("有人陪同")).to_be_visible()
    looked_at(page, "distress-follow")
    fill(page, {"after": "家属陪同休息，工会主席每天联系", "resume": "yes"})
    page.get_by_role("button", name="记下跟进情况").press("Enter")
    expect(page.get_by_text("天后自动删除")).to_be_visible()
    assert Distress.objects.get().closed_on == TODAY

    sign_in(place.officer)
    opened(*go, "visit")
    for name, value in HALF.items():
        if name not in ("on", "people-typed"):
            expect(page.locator(f"[name={name}]")).to_have_value(value)
    fill(page, REST)
    record(page)
    assert Done.objects.filter(case=case, step="visit", on=date(2026, 9, 28)).count() == 1
    paper = Paper.objects.get(case=case, kind="visit-record")
    for secret in ("身心", "陪同", "0990-1111"):
        expect(page.get_by_role("region", name="记录")).not_to_contain_text(secret)
        assert secret.encode() not in paper.data()
