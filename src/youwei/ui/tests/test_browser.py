"""The gallery in a browser: no fault of accessibility in light and dark, wide and narrow, and the comforts at work."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.support.browser import axe_clean, overflow

pytestmark = [pytest.mark.urls("youwei.ui.tests.urls"), pytest.mark.slow]


@pytest.fixture
def gallery(page: Page, live_server: object) -> Page:
    page.goto(f"{live_server}/gallery/")
    return page


@pytest.mark.parametrize("width", [1366, 390])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_gallery_is_accessible(page: Page, live_server: object, width: int, theme: str) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.add_init_script(f"localStorage.setItem('yw-theme', '{theme}')")
    page.goto(f"{live_server}/gallery/")
    expect(page.locator("html")).to_have_attribute("data-bs-theme", theme)
    expect(page.locator("[data-chart] canvas")).to_be_visible()
    assert overflow(page) == 0
    axe_clean(page)


def test_slash_goes_to_the_search_box(gallery: Page) -> None:
    gallery.evaluate("() => document.activeElement.blur()")
    gallery.keyboard.press("/")
    expect(gallery.locator("input[name=q]")).to_be_focused()


def test_people_are_picked_and_removed(gallery: Page) -> None:
    gallery.locator("#id_visitors").press_sequentially("顾")
    gallery.locator(".yw-tokens-hits .yw-hit").click()
    gallery.get_by_role("button", name="移除韩叙").click()
    chosen = gallery.locator(".yw-tokens > .yw-token input")
    expect(chosen).to_have_count(2)
    assert chosen.evaluate_all("inputs => inputs.map(input => input.value)") == ["1", "3"]
    typed = gallery.locator("#id_visitors")
    typed.fill("外单位某人")
    typed.press("Enter")
    expect(typed, "Enter goes on in the list and does not send the form").to_have_value("外单位某人、")
    expect(gallery).to_have_url(re.compile("/gallery/$"))


def test_a_row_is_added_with_names_of_its_own(gallery: Page) -> None:
    expect(gallery.locator(".yw-rows tbody tr")).to_have_count(1)
    gallery.get_by_role("button", name="加一行").click()
    expect(gallery.locator(".yw-rows tbody tr")).to_have_count(2)
    expect(gallery.locator("[name=difficulties-4-matter]")).to_be_focused()


def test_the_words_before_a_final_act_open_and_close(gallery: Page) -> None:
    gallery.get_by_text("退回、移交、回避").click()
    gallery.get_by_role("button", name="退回修改").click()
    expect(gallery.get_by_role("dialog", name="退回陈思远修改")).to_be_visible()
    gallery.get_by_role("button", name="不退回了").click()
    expect(gallery.get_by_role("dialog")).to_have_count(0)


def test_acts_on_chosen_rows_wait_for_a_choice(gallery: Page) -> None:
    act = gallery.get_by_role("button", name="成批指定")
    expect(act).to_be_disabled()
    gallery.get_by_label("全选本页").check()
    expect(gallery.get_by_text("已选6条")).to_be_visible()
    expect(act).to_be_enabled()


def test_a_draft_that_cannot_be_saved_says_so_and_is_tried_again(gallery: Page) -> None:
    gallery.clock.install()
    gallery.locator("#id_place").fill("另一处")
    gallery.clock.run_for(3500)
    expect(gallery.locator(".yw-draft")).to_contain_text("稍后自动补存")


def test_on_a_phone_the_navigation_opens_and_closes(page: Page, live_server: object) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto(f"{live_server}/gallery/")
    expect(page.get_by_role("navigation", name="主导航")).to_be_hidden()
    page.get_by_role("link", name="打开导航").click()
    expect(page.get_by_role("navigation", name="主导航")).to_be_visible()
    page.get_by_role("link", name="收起导航").click()
    expect(page.get_by_role("navigation", name="主导航")).to_be_hidden()


@pytest.mark.browser_context_args(java_script_enabled=False)
def test_without_script_everything_can_be_read_and_filled(gallery: Page) -> None:
    expect(gallery.locator(".yw-rows tbody tr")).to_have_count(4)
    expect(gallery.get_by_role("button", name="加一行")).to_be_hidden()
    gallery.get_by_text("退回、移交、回避").click()
    expect(gallery.get_by_role("button", name="退回修改")).to_be_visible()
    expect(gallery.locator("svg.yw-draw").first).to_be_visible()
