"""A dossier in a browser: found while typing, read, shown as of a day, on a desk and on a phone."""

import re
from datetime import date

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.support.browser import axe_clean, overflow
from youwei.desk.tests.factories import CLERK, EARLIER, PASSWORD, City, city, decide, holder, open_case
from youwei.organs.models import Role
from youwei.people.commands import build, register_many
from youwei.people.models import Person

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

IDENTITY = "990101199108010015"


@pytest.fixture
def someone(page: Page, live_server: LiveServer) -> Person:
    """许南舟 with two measures and an open case; the officer of the district has signed in."""
    place: City = city()
    account = holder(Role.CASE_OFFICER, place.commission)
    given = {"name": "许南舟", "identity": IDENTITY, "born_on": date(1991, 8, 1), "post": "建设管理科科长"}
    found = register_many([build(organ=place.unit, **given)], by=CLERK, on=EARLIER.date(), at=EARLIER)[0]
    open_case(decide(found, place.commission, "党内严重警告", "政务记过"))
    page.goto(f"{live_server.url}/login/")
    page.fill("[name=username]", account.username)
    page.fill("[name=password]", PASSWORD)
    page.click("button[type=submit]")
    return found


@pytest.mark.req("J7", "I5")
def test_a_person_is_found_while_typing_and_the_identity_number_is_shown_on_request(
    page: Page, live_server: LiveServer, someone: Person
) -> None:
    page.goto(f"{live_server.url}/people/")
    page.get_by_label("搜索人员、文号、事项").press_sequentially("xnz")
    page.locator(".yw-hit", has_text="许南舟").first.click()
    expect(page.get_by_role("heading", name="许南舟")).to_be_visible()
    expect(page.locator("#identity")).not_to_contain_text(IDENTITY)
    page.get_by_role("button", name="查看（留痕）").click()
    expect(page.locator("#identity")).to_contain_text(IDENTITY)
    page.reload()
    expect(page.locator("#identity")).not_to_contain_text(IDENTITY)


@pytest.mark.req("I4", "J7")
def test_an_identity_number_typed_into_a_search_never_comes_into_an_address(
    page: Page, live_server: LiveServer, someone: Person
) -> None:
    addresses: list[str] = []
    page.on("request", lambda request: addresses.append(request.url))
    page.goto(live_server.url)
    box = page.get_by_label("搜索人员、文号、事项")
    box.press_sequentially(IDENTITY)
    expect(page.locator(".yw-hit", has_text="许南舟").first).to_be_visible()
    box.press("Enter")
    expect(page.get_by_role("heading", name="许南舟")).to_be_visible()
    for name in ("people", "ledger", "cases"):
        page.goto(f"{live_server.url}/{name}/")
        page.locator("form.yw-filters [name=q]").fill(IDENTITY)
        page.locator("form.yw-filters button[type=submit]").click()
        expect(page.get_by_role("heading", name="许南舟")).to_be_visible()
    page.goto(f"{live_server.url}/cases/")
    page.locator("form.yw-filters [name=q]").fill("许南舟")
    page.locator("form.yw-filters button[type=submit]").click()
    expect(page).to_have_url(re.compile(r"/cases/\?.*q=%E8%AE%B8"))
    assert not [address for address in addresses if IDENTITY[:12] in address]


@pytest.mark.req("B1", "I2")
def test_the_dossier_of_a_day_leads_to_the_case_of_that_day_and_back(
    page: Page, live_server: LiveServer, someone: Person
) -> None:
    page.goto(f"{live_server.url}/people/{someone.pk}/?on=2026-4-1")
    page.locator("section", has=page.get_by_role("heading", name="在办事项")).get_by_role("link").first.click()
    expect(page.get_by_text("这是截至2026年4月1日24时的事项")).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("^记录："))).to_have_count(0)
    axe_clean(page)
    page.get_by_role("link", name="许南舟").click()
    expect(page.get_by_text("这是截至2026年4月1日24时的档案")).to_be_visible()
    page.go_back()
    page.get_by_role("link", name="回到今天").click()
    expect(page.get_by_text("这是截至")).to_have_count(0)


@pytest.mark.req("I2")
def test_what_is_printed_has_no_navigation_and_no_form_and_explains_its_days(
    page: Page, live_server: LiveServer, someone: Person
) -> None:
    page.goto(f"{live_server.url}/people/{someone.pk}/")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    expect(page.locator("#why-body")).to_be_visible()
    for hidden in (".yw-nav", ".yw-search", "[data-print]", "#identity button", "#id_shelf"):
        expect(page.locator(hidden).first).to_be_hidden()
    expect(page.locator(".yw-printhead")).to_contain_text("工作秘密")
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    expect(page.locator("#why-body")).to_be_hidden()
    page.goto(f"{live_server.url}/statistics/")
    expect(page.locator(".yw-tabs")).to_be_hidden()
    page.goto(f"{live_server.url}/cases/{someone.cases.get().pk}/")
    expect(page.locator("form[data-draft]")).to_be_hidden()


@pytest.mark.req("B1", "A2")
@pytest.mark.parametrize("width", [1366, 390])
def test_the_dossier_answers_first_explains_on_request_and_turns_to_a_day(
    page: Page, live_server: LiveServer, someone: Person, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 768})
    page.goto(f"{live_server.url}/people/{someone.pk}/")
    expect(page.locator(".yw-answer")).to_contain_text("2027年9月12日")
    expect(page.locator(f"svg.yw-{'wide' if width > 1000 else 'narrow'}")).to_be_visible()
    assert overflow(page) == 0
    axe_clean(page)
    page.get_by_text("为什么是这些天").click()
    expect(page.locator("#why-body")).to_contain_text("2026年3月12日加18个月")
    page.get_by_label("截至").fill("2026年3月1日")
    page.get_by_role("button", name="查看", exact=True).click()
    expect(page.get_by_text("到那一天为止，系统里还没有这个人的档案")).to_be_visible()
    page.get_by_role("link", name="回到今天").click()
    page.goto(f"{live_server.url}/people/{someone.pk}/?on=2026-4-1")
    expect(page.get_by_text("这是截至2026年4月1日24时的档案")).to_be_visible()
    expect(page.get_by_role("button", name="查看（留痕）")).to_have_count(0)
    axe_clean(page)


@pytest.mark.req("J4")
def test_a_name_is_corrected_in_the_browser_and_shown_everywhere(
    page: Page, live_server: LiveServer, someone: Person
) -> None:
    page.goto(f"{live_server.url}/people/{someone.pk}/")
    page.get_by_role("link", name="更正姓名").click()
    axe_clean(page)
    page.get_by_role("button", name="各处一起更正").click()
    expect(page.get_by_text("有2处需要改")).to_be_visible()
    page.get_by_label("正确的姓名").fill("许南洲")
    page.get_by_label("更正理由").fill("以身份证为准")
    page.get_by_role("button", name="各处一起更正").click()
    expect(page.get_by_role("heading", name="许南洲")).to_be_visible()
    page.goto(f"{live_server.url}/ledger/")
    expect(page.locator("tbody")).to_contain_text("许南洲")
    page.get_by_role("link", name="青纪发〔2026〕19号").click()
    expect(page.get_by_role("link", name="许南洲")).to_be_visible()
    axe_clean(page)
