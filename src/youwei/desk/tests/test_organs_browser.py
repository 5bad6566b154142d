"""An organ is merged in a browser by the system administrator, and a backup made, on a desk and on a phone."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.support.browser import axe_clean, overflow
from tests.support.cast import SignIn
from youwei.desk.tests.factories import EARLIER, City, city, decide, open_case, organ, person
from youwei.journal.actors import SHELL
from youwei.organs.commands import create_account, grant
from youwei.organs.models import Organ, Role
from youwei.people.models import Person

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def ready(sign_in: SignIn) -> City:
    place = city()
    organ("青溪区城市管理局", "department", place.district)
    open_case(decide(person(place.unit), place.commission, "党内严重警告"))
    account = create_account(username="system", name="沈至行")
    grant(account=account, role=Role.SYSTEM_ADMIN, organ=place.city, by=SHELL, on=date(2020, 1, 1), at=EARLIER)
    sign_in(account)
    return place


def fits(page: Page) -> None:
    """Nothing hangs over the side of a phone, and axe has nothing to say."""
    axe_clean(page)
    page.set_viewport_size({"width": 390, "height": 844})
    assert overflow(page) == 0
    page.set_viewport_size({"width": 1366, "height": 768})


@pytest.mark.req("I8", "J3")
def test_an_organ_is_found_looked_at_and_merged(page: Page, live_server: LiveServer, ready: City) -> None:
    page.goto(f"{live_server.url}/organs/")
    fits(page)
    page.get_by_label("名称").fill("住房")
    page.get_by_role("button", name="查找").click()
    page.get_by_role("link", name="青溪区住房和城乡建设局").click()
    fits(page)
    page.get_by_role("link", name="并入其他单位").click()
    page.get_by_label("并入哪个单位").fill("青溪区城市管理局")
    page.get_by_label("生效日期").fill("2026.9.1")
    page.get_by_role("button", name="看会改动什么").click()
    expect(page.get_by_role("heading", name="并入其他单位")).to_be_visible()
    page.get_by_label("依据").fill("云编〔2026〕3号")
    fits(page)
    page.get_by_role("button", name="看会改动什么").click()
    expect(page.get_by_text("1人转为青溪区城市管理局的人员")).to_be_visible()
    fits(page)
    page.get_by_role("button", name="并入青溪区城市管理局").click()
    expect(page.get_by_text("1人、1件在办事项随之变更")).to_be_visible()
    expect(page.get_by_text("2026年9月1日并入青溪区城市管理局").first).to_be_visible()
    fits(page)
    assert Person.objects.get().organ == Organ.objects.get(name="青溪区城市管理局")


@pytest.mark.req("J5")
def test_a_backup_is_made_with_one_click(
    page: Page, live_server: LiveServer, ready: City, tmp_path: Path, settings: Any
) -> None:
    settings.BACKUPS = tmp_path / "disk"
    page.goto(f"{live_server.url}/backups/")
    fits(page)
    page.get_by_role("button", name="现在备份").click()
    expect(page.get_by_text("完好")).to_be_visible()
    fits(page)
    assert (tmp_path / "disk" / "2026-09-29-093000" / "manifest.json").is_file()
