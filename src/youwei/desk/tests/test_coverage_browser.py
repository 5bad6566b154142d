"""A unit's own rules in a browser: which units have them, what they change, and that they hold for the unit's people and for nobody else's."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer

from tests.support.browser import axe_clean, overflow
from tests.support.cast import SignIn
from youwei.cases.models import Case
from youwei.desk.tests.factories import City, city, holder, organ, person
from youwei.desk.tests.test_coverage import CHILD, PARENT, write
from youwei.organs.models import Role

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True), pytest.mark.req("G1", "G7")]


@pytest.fixture
def place(transactional_db: None, settings: Settings, tmp_path: Path) -> City:
    """A district of four units; two of them wrote rules of their own."""
    found = city()
    bureau = organ("某镇", "town", found.district, "town")
    organ("某局", "department", found.district)
    write(tmp_path, "tidy", PARENT)
    for number, unit in enumerate((found.unit, bureau)):
        text = CHILD.format(number=number, unit=unit.name, since="2016-02-01").replace("某县/", "青溪区/")
        write(tmp_path, f"tidy-{number}", text)
    settings.PACKS = tmp_path
    return found


def fits(page: Page) -> None:
    axe_clean(page)
    for width, height in ((390, 844), (1366, 768)):
        page.set_viewport_size({"width": width, "height": height})
        assert overflow(page) <= 0


def test_who_has_rules_what_they_change_and_whose_cases_follow_them(
    page: Page, live_server: LiveServer, sign_in: SignIn, place: City
) -> None:
    sign_in(holder(Role.CASE_OFFICER, place.commission))
    page.goto(f"{live_server.url}/packs/")
    page.get_by_role("link", name="县里的办法", exact=True).click()
    page.get_by_role("link", name="各单位实施细则").click()
    expect(page.locator("main")).to_contain_text("4个单位，2个有施行中的实施细则（2/4）；还没有的：")
    missing = page.get_by_role("row").filter(has=page.get_by_role("cell", name="没有", exact=True))
    expect(missing).to_have_count(2)
    expect(missing.first).to_contain_text("青溪区纪委监委")
    expect(missing.last).to_contain_text("某局")
    fits(page)
    page.get_by_role("row", name=place.unit.name).get_by_role("link", name="增加和改动的").click()
    expect(page.locator("main")).to_contain_text("再问一次")
    expect(page.locator("main")).to_contain_text("5个工作日")
    fits(page)

    without = organ("某所", "department", place.district)
    for someone, title in (
        (person(place.unit), f"{place.unit.name}实施细则"),
        (person(without, "韩叙之"), "县里的办法"),
    ):
        page.goto(f"{live_server.url}/people/{someone.pk}/")
        page.get_by_role("link", name="开办事项").click()
        page.get_by_role("link", name=title, exact=True).click()
        page.get_by_role("button", name="立项").press("Enter")
        expect(page.locator(".yw-messages")).to_contain_text(f"已立项：{title}")
        assert Case.objects.get(person=someone).title == title
