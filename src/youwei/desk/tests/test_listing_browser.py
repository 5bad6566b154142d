"""The checklist in a browser: worked off with the keyboard, fit for a small screen."""

import os

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.support.browser import axe_clean, overflow
from youwei.desk.tests.factories import City, city, decide, holder, open_case, organ, person
from youwei.desk.tests.test_cases_browser import record, sign_in
from youwei.organs.models import Role

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True), pytest.mark.req("A5")]


@pytest.fixture
def place(transactional_db: None) -> City:
    return city()


def test_an_item_is_worked_off_from_the_list(page: Page, live_server: LiveServer, place: City) -> None:
    organ("青溪区委组织部", "organization", place.district)
    case = open_case(decide(person(place.unit), place.commission, "撤销党内职务", "政务撤职"), "execution")
    holder(Role.CASE_OFFICER, place.commission, "clerk")
    sign_in(page, live_server, "clerk")
    page.goto(f"{live_server.url}/cases/{case.pk}/")
    page.get_by_role("link", name="书面告知组织、人事等有关机关").press("Enter")
    expect(page.get_by_role("heading", name="书面告知组织、人事等有关机关")).to_be_visible()
    page.fill("[name=result]", "已书面告知")
    page.check("[name=bodies][value=组织部门]")
    page.fill("[name=number]", "青纪函〔2026〕8号")
    for width, height in ((390, 844), (1366, 768)):
        page.set_viewport_size({"width": width, "height": height})
        assert overflow(page) == 0
        axe_clean(page)
        if folder := os.environ.get("YOUWEI_SHOTS"):
            page.screenshot(path=f"{folder}/checklist-{width}.png", full_page=True)
    record(page)
    row = page.get_by_role("row").filter(has_text="书面告知组织、人事等有关机关")
    expect(row).to_contain_text("逾期办结")
    expect(row).to_contain_text("凭据：青纪函〔2026〕8号")
