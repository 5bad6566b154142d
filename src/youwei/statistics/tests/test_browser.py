"""Figures in a browser: organ and period chosen, a number opened, the table taken as Excel; on a desk and on a phone; and not for everybody."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
import time_machine
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer
from python_calamine import CalamineWorkbook

from tests.support.browser import axe_clean, overflow
from tests.support.cast import SignIn
from youwei.organs.models import Role
from youwei.statistics.tests.builders import City

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _a_day() -> Iterator[None]:
    with time_machine.travel(date(2026, 9, 29), tick=False):
        yield


@pytest.fixture
def filled(city: City) -> City:
    """In 青溪区 three decisions of 2026, one a stub, and one of 2025; a visit held, a visit missed; one decision in 望江区."""
    twice, once = city.person(city.east_bureau), city.person(city.east_town, shelf="乙-7")
    first = city.decision(twice, date(2026, 2, 1), "党内警告", form=2, weight="轻")
    second = city.decision(once, date(2026, 3, 1), "诫勉", form=1)
    city.decision(twice, date(2025, 3, 1), "开除党籍", form=4, weight="重")
    city.stub(city.east, date(2026, 4, 1), "党内警告", form=2, weight="轻", young=True)
    city.decision(city.person(city.west_school), date(2026, 3, 1), "诫勉", form=3)
    city.done(city.case(first, "jingzhou-visit"), "visit", "visit", date(2026, 5, 1))
    city.open(city.case(second, "jingzhou-visit"), "visit", date(2026, 6, 30))
    return city


def ask_for_the_district(page: Page, live_server: LiveServer) -> None:
    page.goto(f"{live_server.url}/statistics/")
    page.get_by_label("机关", exact=True).select_option(label="青溪区")
    page.get_by_label("期间起").fill("2026年1月1日")
    page.get_by_label("期间止").fill("2026.9.29")
    page.get_by_role("button", name="查看").click()
    expect(page.locator("header, main").filter(has_text="青溪区 · 2026年1月1日至2026年9月29日").first).to_be_visible()


def cells(page: Page, title: str) -> list[str]:
    """The numbers of a line of the table, as they are read."""
    line = page.get_by_role("region", name="统计表，可左右滚动").locator("tr", has=page.locator("th", has_text=title))
    return line.locator("td").all_inner_texts()


@pytest.mark.req("I4", "B10", "A4")
def test_organ_and_period_are_chosen_a_number_opens_its_list_and_excel_says_the_same(
    page: Page, live_server: LiveServer, filled: City, sign_in: SignIn, tmp_path: Path
) -> None:
    sign_in(filled.account(Role.CASE_OFFICER, filled.office))
    ask_for_the_district(page, live_server)
    # 决定3，人员2，轻2，重0，建档一半，应访2人已访1人；上年同期1，增2
    assert cells(page, "合计") == ["3", "2", "2", "0", "50.0%", "50.0%", "1", "+2"]
    page.locator("tfoot").get_by_role("link", name="3", exact=True).click()
    opened = page.locator("#cell")
    expect(opened).to_contain_text("3件，与上表格子一致")
    expect(opened.locator("tbody tr")).to_have_count(3)
    expect(opened.get_by_role("rowheader", name="涉密存根")).to_have_count(1)
    opened.get_by_role("link", name="完整名单").click()
    expect(page.locator("main tbody tr")).to_have_count(3)
    page.go_back()

    with page.expect_download() as waiting:
        page.get_by_role("link", name="导出Excel").click()
    file = tmp_path / "figures.xlsx"
    waiting.value.save_as(file)
    assert waiting.value.suggested_filename == "青溪区总体情况统计表.xlsx"
    lines = {row[0]: row[1:] for row in CalamineWorkbook.from_path(file).get_sheet_by_index(0).to_python()}
    assert lines["合计"] == [3, 2, 2, 0, 50, 50, 1, 2]
    for title in ("区直机关", "街道、乡镇、村"):
        assert [f"{int(number)}" for number in lines[title][:4]] == cells(page, title)[:4]

    page.get_by_label("涉密", exact=True).select_option(label="不含涉密存根")
    page.get_by_role("button", name="查看").click()
    expect(page.locator("tfoot td").first).to_have_text("2")


@pytest.mark.req("H2")
def test_the_four_forms_are_told_with_their_shares_beside_the_year_before(
    page: Page, live_server: LiveServer, filled: City, sign_in: SignIn
) -> None:
    sign_in(filled.account(Role.CASE_OFFICER, filled.office))
    ask_for_the_district(page, live_server)
    page.get_by_role("navigation", name="统计表").get_by_role("link", name="四种形态").click()
    expect(page.get_by_role("heading", level=1, name="四种形态")).to_be_visible()
    # 三份决定：诫勉是第一种，警告两份是第二种；上年同期一份是第四种，第一种占0
    told = cells(page, "合计")
    assert told[:7] == ["3", "1", "2", "0", "0", "33.3%", "0.0%"]
    assert told[7].startswith("+33.3")
    page.locator("tfoot").get_by_role("link", name="2", exact=True).click()
    expect(page.locator("#cell tbody tr")).to_have_count(2)
    page.get_by_role("link", name="上年", exact=True).click()
    expect(page.locator("header, main").filter(has_text="2025年1月1日至2025年12月31日").first).to_be_visible()
    assert cells(page, "合计")[:6] == ["1", "0", "0", "0", "1", "0.0%"]


@pytest.mark.req("I4")
@pytest.mark.parametrize("width", [1366, 390])
def test_the_page_is_drawn_told_in_words_and_fits(
    page: Page, live_server: LiveServer, filled: City, sign_in: SignIn, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 768})
    sign_in(filled.account(Role.LEADER, filled.city))
    page.goto(f"{live_server.url}/statistics/")
    for name in ("chart-organs", "chart-forms"):
        expect(page.locator(f"[data-chart={name}] canvas")).to_be_visible()
    expect(page.get_by_role("img", name="四种形态构成")).to_be_attached()
    assert "青溪区：本期3，上年同期1；望江区：本期1，上年同期0。" in (page.locator("main").text_content() or "")
    assert overflow(page) == 0
    axe_clean(page)
    page.goto(f"{live_server.url}/statistics/?m=decisions")
    expect(page.locator("#cell")).to_contain_text("4件")
    assert overflow(page) == 0
    axe_clean(page)


@pytest.mark.req("I5")
def test_the_wrong_role_finds_neither_the_page_nor_a_way_to_it(
    page: Page, live_server: LiveServer, filled: City, sign_in: SignIn
) -> None:
    sign_in(filled.account(Role.UNIT, filled.east_bureau))
    page.goto(f"{live_server.url}/")
    expect(page.get_by_role("link", name="统计报表")).to_have_count(0)
    answer = page.goto(f"{live_server.url}/statistics/?organ={filled.east.pk}")
    assert answer is not None
    assert answer.status == 404
    expect(page.locator("body")).not_to_contain_text("青溪区")
