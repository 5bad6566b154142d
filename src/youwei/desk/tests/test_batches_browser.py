"""In a browser: a list fixed and one record landed on everybody; one step recorded in many cases. Both fit the screen and the keyboard."""

import os
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer

from tests.support.browser import axe_clean, overflow
from tests.support.cast import Cast, SignIn, assemble
from youwei.cases import batches
from youwei.cases.logs import packs
from youwei.cases.models import Case, Done
from youwei.cases.tests.builders import CLERK, cases_of, decided, moment, record

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True), pytest.mark.req("B9", "A7", "K1")]
DAY = date(2026, 3, 18)
PACKS = Path(__file__).resolve().parents[2] / "cases" / "tests" / "packs"


@pytest.fixture
def place(transactional_db: None) -> Cast:
    return assemble()


def looked_at(page: Page, name: str) -> None:
    """Accessible, and nothing runs out of a desk's screen or a telephone's."""
    axe_clean(page)
    for width in (1366, 390):
        page.set_viewport_size({"width": width, "height": 768})
        assert overflow(page) == 0, (name, width)
        if os.environ.get("SHOTS"):
            page.screenshot(path=f"{os.environ['SHOTS']}/{name}-{width}.png", full_page=True)
    page.set_viewport_size({"width": 1366, "height": 768})


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name).press("Enter")


def test_a_list_is_fixed_and_one_record_lands_on_everybody(
    page: Page, live_server: LiveServer, place: Cast, sign_in: SignIn, settings: Settings
) -> None:
    settings.PACKS = PACKS
    pack = next(pack for ref, pack in packs().items() if ref.procedure == "course")
    batch = batches.open_batch(
        pack=pack, name="2026年第一期", organ=place.commission, by=CLERK, on=DAY, at=moment(DAY), today=DAY
    )
    record(batch, "scheme", DAY, {"sessions": [{"id": "1", "name": "党章"}]})
    for name in ("仇望舒", "解文舟", "柳不凡"):
        decided(place, 1, name=name)
    sign_in(place.officer)
    page.goto(f"{live_server.url}/batches/")
    looked_at(page, "batches")
    page.get_by_role("link", name="集中教育班（2026年第一期）").click()
    todo = page.locator("section[aria-labelledby=todo-t]")
    todo.get_by_role("link", name="确定学员名单").click()
    press(page, "去掉柳不凡")
    expect(page.get_by_role("button", name="放回柳不凡")).to_be_visible()
    looked_at(page, "freeze")
    press(page, "确定名单，共2人")
    expect(page.locator(".yw-messages")).to_contain_text("名单已经确定，共2人")
    todo.get_by_role("link", name="上课").click()
    page.fill("[name=course]", "党章")
    page.get_by_label("仇望舒 出勤").select_option("到")
    page.get_by_label("解文舟 不记的理由").fill("病假")
    press(page, "下一步：核对")
    expect(page.get_by_text("1人都可以记录")).to_be_visible()
    looked_at(page, "land")
    press(page, "确认记录")
    expect(page.get_by_role("heading", name="已记录1件")).to_be_visible()
    assert Done.objects.filter(step="attend").count() == 1
    page.goto(f"{live_server.url}/batches/{batch.pk}/")
    expect(page.get_by_role("link", name="仇望舒", exact=True)).to_be_visible()
    looked_at(page, "batch")


def test_one_step_is_recorded_in_many_cases(page: Page, live_server: LiveServer, place: Cast, sign_in: SignIn) -> None:
    for name in ("仇望舒", "解文舟", "柳不凡"):
        cases_of(place, 1, name=name)
    sign_in(place.officer)
    page.goto(f"{live_server.url}/together/")
    looked_at(page, "together")
    page.get_by_role("link", name="成立回访教育小组、建立档案").click()
    page.get_by_label("柳不凡").uncheck()
    page.get_by_label("档号").check()
    looked_at(page, "choose")
    press(page, "下一步：填写")
    page.get_by_label("组长").fill("岑伯安")
    page.fill("[name=people-typed]", "方知行、甘棠")
    page.get_by_label("仇望舒 档号").fill("青-1")
    page.get_by_label("解文舟 档号").fill("青-2")
    press(page, "下一步：核对")
    expect(page.get_by_text("2件都可以记录")).to_be_visible()
    looked_at(page, "form")
    press(page, "确认，为2件记录")
    expect(page.get_by_role("heading", name="已记录2件")).to_be_visible()
    looked_at(page, "job")
    assert Case.objects.filter(done__step="group").count() == 2
