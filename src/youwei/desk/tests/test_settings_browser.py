"""The administrator's pages in a browser: a setting changed after seeing what moves, an account closed; on a desk and on a phone."""

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.support.browser import axe_clean, overflow
from youwei.desk.tests.factories import PASSWORD, city, decide, holder, person
from youwei.organs.models import Role

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def system(page: Page, live_server: LiveServer) -> Page:
    place = city()
    decide(person(place.unit), place.commission, "党内严重警告")
    holder(Role.CASE_OFFICER, place.commission, "clerk", "韩叙")
    holder(Role.SYSTEM_ADMIN, place.city, "system", "庄系统")
    page.goto(f"{live_server.url}/login/")
    page.fill("[name=username]", "system")
    page.fill("[name=password]", PASSWORD)
    page.click("button[type=submit]")
    return page


@pytest.mark.req("A2")
@pytest.mark.parametrize("width", [1366, 390])
def test_the_way_of_counting_is_changed_after_seeing_what_moves(
    system: Page, live_server: LiveServer, width: int
) -> None:
    system.set_viewport_size({"width": width, "height": 768})
    system.goto(f"{live_server.url}/settings/")
    axe_clean(system)
    system.get_by_role("region", name="终止日算法").get_by_role("link", name="更改").click()
    system.get_by_text("起始日不计算在内，对应日为最后一日").click()
    system.get_by_role("button", name="看看会改动什么").click()
    expect(system.get_by_text("理由没有填写").or_(system.get_by_role("alert")).first).to_be_visible()
    expect(system.get_by_role("radio", name="起始日不计算在内，对应日为最后一日")).to_be_checked()
    system.get_by_label("理由").fill("按市纪委监委统一口径")
    system.get_by_role("button", name="看看会改动什么").click()
    expect(system.get_by_text("1项期间的最后一日各改一天")).to_be_visible()
    axe_clean(system)
    assert overflow(system) == 0
    system.get_by_role("button", name="更改，重新计算").click()
    expect(system.get_by_role("cell", name="按市纪委监委统一口径")).to_be_visible()
    expect(system.get_by_role("cell", name="1项")).to_be_visible()


@pytest.mark.req("I5")
@pytest.mark.parametrize("width", [1366, 390])
def test_an_account_is_closed_and_opened_again(system: Page, live_server: LiveServer, width: int) -> None:
    system.set_viewport_size({"width": width, "height": 768})
    system.goto(f"{live_server.url}/accounts/")
    axe_clean(system)
    assert overflow(system) == 0
    system.get_by_role("link", name="停用韩叙的账号").click()
    axe_clean(system)
    system.get_by_label("理由").fill("调离本单位")
    system.get_by_role("button", name="停用账号").click()
    expect(system.get_by_text("已登录的同时退出")).to_be_visible()
    system.get_by_role("link", name="重新启用韩叙的账号").click()
    system.get_by_label("理由").fill("返岗")
    system.get_by_role("button", name="重新启用，发一次性代码").click()
    expect(system.get_by_text("的一次性代码：")).to_be_visible()
    assert overflow(system) == 0
