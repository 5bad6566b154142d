"""Signing together, and opening what is offered, in a browser: from the desk, by the role, on a wide screen and on a phone."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer

from tests.support.browser import axe_clean, overflow
from youwei.cases.models import Case, ChainLink, OpenStep
from youwei.desk.tests.factories import City, city, decide, holder, open_case, organ, person
from youwei.desk.tests.test_cases_browser import record, sign_in
from youwei.organs.models import Role

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True), pytest.mark.req("B1")]
PACKS = Path(__file__).resolve().parents[2] / "cases" / "tests" / "packs"


@pytest.fixture(autouse=True)
def packs_of_the_tests(settings: Settings) -> None:
    settings.PACKS = PACKS


@pytest.fixture
def place(transactional_db: None) -> City:
    return city()


def office(place: City) -> None:
    """The clerk, the leader and the organization department's officer."""
    department = organ("青溪区委组织部", "organization", place.district)
    holder(Role.CASE_OFFICER, place.commission, "clerk")
    holder(Role.LEADER, place.commission, "head", "岑伯安")
    holder(Role.ORGANIZATION, department, "officer", "解文舟")


def fits(page: Page) -> None:
    for width in (390, 1366):
        page.set_viewport_size({"width": width, "height": 768})
        assert overflow(page) == 0, width
    axe_clean(page)


def as_person(page: Page, server: LiveServer, username: str) -> Page:
    page.context.clear_cookies()
    sign_in(page, server, username)
    return page


def test_a_text_is_signed_by_one_sent_back_by_another_and_signed_by_both(
    page: Page, live_server: LiveServer, place: City
) -> None:
    office(place)
    case = open_case(decide(person(place.unit), place.commission, "党内严重警告"), "joint")
    as_person(page, live_server, "clerk").goto(f"{live_server.url}/cases/{case.pk}/?step=advise")
    page.fill("[name=advice]", "可以继续使用")
    record(page)
    as_person(page, live_server, "head").get_by_role("link", name="签署许南舟：会签：研究提出意见").click()
    expect(page.get_by_text("可以继续使用").first).to_be_visible()
    fits(page)
    page.check("[name=verdict][value=back]")
    page.get_by_role("button", name="签署：研究提出意见").click()
    expect(page.get_by_text("退回要写明理由", exact=False).first).to_be_visible()
    axe_clean(page)
    page.get_by_label("意见", exact=True).fill("依据没有写清楚")
    page.get_by_role("button", name="签署：研究提出意见").click()
    expect(page.locator(".yw-messages")).to_contain_text("已退回")
    as_person(page, live_server, "clerk").goto(f"{live_server.url}/cases/{case.pk}/?step=advise")
    expect(page.get_by_text("依据没有写清楚").first).to_be_visible()
    page.fill("[name=advice]", "可以继续使用，依据第三条")
    record(page)
    for username in ("head", "officer"):
        as_person(page, live_server, username).get_by_role("link", name="签署许南舟：会签：研究提出意见").click()
        page.check("[name=verdict][value=agree]")
        page.get_by_role("button", name="签署：研究提出意见").click()
        expect(page.locator(".yw-messages")).to_contain_text("已签署")
    assert not OpenStep.objects.filter(case=case, step="advise").exists()
    page.goto(f"{live_server.url}/cases/{case.pk}/?step=advise")
    expect(page.get_by_label("会签").get_by_text("岑伯安", exact=False)).to_be_visible()
    fits(page)


def test_an_offered_case_is_opened_from_the_desk_and_leads_back(
    page: Page, live_server: LiveServer, place: City
) -> None:
    office(place)
    case = open_case(decide(person(place.unit), place.commission, "党内严重警告"), "review")
    as_person(page, live_server, "clerk").goto(f"{live_server.url}/cases/{case.pk}/?step=consider")
    page.check("[name=help][value=no]")
    record(page)
    page.goto(f"{live_server.url}/cases/{case.pk}/?step=close")
    page.check("[name=result][value=转谈话]")
    page.fill("[name=matter]", "思想消极")
    record(page)
    assert ChainLink.objects.get().child is None
    page.goto(f"{live_server.url}/")
    fits(page)
    page.get_by_role("link", name="确认许南舟：是否启动“谈话提醒”").click()
    fits(page)
    page.check("[name=verdict][value=start]")
    page.get_by_role("button", name="确认").click()
    expect(page.locator(".yw-messages")).to_contain_text("已启动：谈话提醒")
    page.get_by_role("link", name="谈话提醒").first.click()
    expect(page.get_by_text("本事项由它启动", exact=False)).to_be_visible()
    fits(page)
    assert Case.objects.get(procedure="talking").decision == case.decision
