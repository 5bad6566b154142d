"""In a browser: a death registered from the dossier, and a clerk who asks a colleague to stand in; at a desk and on a phone."""

from datetime import date

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.support.browser import axe_clean, overflow
from tests.support.cast import SignIn
from youwei.desk.tests.factories import EARLIER, city, decide, open_case, person
from youwei.journal.actors import SHELL
from youwei.organs.commands import create_account, grant
from youwei.organs.models import Role

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def fits(page: Page) -> None:
    """Nothing hangs over the side of a phone, and axe has nothing to say."""
    axe_clean(page)
    page.set_viewport_size({"width": 390, "height": 844})
    assert overflow(page) == 0
    page.set_viewport_size({"width": 1366, "height": 768})


@pytest.mark.req("J3", "J8", "J12")
def test_a_colleague_stands_in_and_a_death_ends_the_case(page: Page, live_server: LiveServer, sign_in: SignIn) -> None:
    place = city()
    someone = person(place.unit)
    case = open_case(decide(someone, place.commission, "党内严重警告"))
    accounts = [create_account(username=name, name=name, title="案件审理室") for name in ("陈思远", "韩叙")]
    for account in accounts:
        grant(
            account=account, role=Role.CASE_OFFICER, organ=place.commission, by=SHELL, on=date(2020, 1, 1), at=EARLIER
        )
    sign_in(accounts[0])
    page.goto(f"{live_server.url}/standing-in/")
    fits(page)
    page.get_by_role("link", name="请人代理、移交我的").press("Enter")
    cover = page.get_by_role("form", name="离开几天，请人代理")
    cover.get_by_label("韩叙").check()
    cover.get_by_label("截止日期").fill("2026.12.3")
    fits(page)
    cover.get_by_role("button", name="设定代理").press("Enter")
    expect(page.get_by_text("理由：请填写。")).to_be_visible()
    cover.get_by_label("理由").fill("外出学习")
    cover.get_by_role("button", name="设定代理").press("Enter")
    expect(page.get_by_role("listitem").filter(has_text="韩叙代理我")).to_be_visible()
    page.goto(f"{live_server.url}/")
    expect(page.get_by_text("韩叙代理您（青溪区纪委监委 经办人），至2026年12月3日")).to_be_visible()
    fits(page)
    page.goto(f"{live_server.url}/cases/{case.pk}/act/transfer/")
    fits(page)
    page.goto(f"{live_server.url}/people/{someone.pk}/")
    page.get_by_role("link", name="去向变动").press("Enter")
    fits(page)
    page.get_by_role("link", name="去世").press("Enter")
    expect(page.get_by_text("因此终止，写明“本人去世”")).to_be_visible()
    page.get_by_label("从哪一天起").fill("2026.9.28")
    page.get_by_label("依据").fill("死亡医学证明")
    fits(page)
    page.get_by_role("button", name="登记去世").press("Enter")
    expect(page.get_by_text("1件在办事项因此终止")).to_be_visible()
    fits(page)
