"""A holiday notice entered with a browser: what moves is worked out in sight, listed, confirmed, and the list stays; on a desk and on a phone."""

from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.support.browser import axe_clean, overflow
from tests.support.cast import Cast, SignIn
from youwei.cases.models import OpenStep, Redating
from youwei.cases.tests.builders import case_of
from youwei.desk.office import jobs
from youwei.organs import clock
from youwei.organs.models import HolidayNotice

pytestmark = [pytest.mark.req("J11"), pytest.mark.slow]
ON_THE_STORE = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}


def fits(page: Page) -> None:
    """Accessible, and nothing beyond the edge of the window."""
    axe_clean(page)
    assert overflow(page) == 0


@pytest.mark.parametrize("width", [1366, 390])
def test_a_notice_is_looked_at_left_confirmed_and_its_list_stays(
    page: Page, live_server: object, transactional_db: None, cast: Cast, sign_in: SignIn, settings: Any, width: int
) -> None:
    settings.TASKS = ON_THE_STORE
    case = case_of(cast, opened=clock.today() - timedelta(days=1))
    due = OpenStep.objects.filter(case=case).exclude(due_on=None).earliest("due_on").due_on
    page.set_viewport_size({"width": width, "height": 768})
    cast.officer.grants.update(organ=cast.city)  # whose notice it is
    sign_in(cast.officer)
    page.goto(f"{live_server}/office/holidays/")
    page.get_by_role("spinbutton", name="年份").fill(str(due.year))
    page.get_by_role("textbox", name="依据").fill("试验通知")
    page.get_by_role("textbox", name="替换的理由").fill("试验")
    page.get_by_role("textbox", name="粘贴通知里的放假安排").fill(f"{due.isoformat()} 放假 试验假")
    page.get_by_role("button", name="看会改动哪些期限").click()
    expect(page.get_by_text("正在核对会改动哪些期限")).to_be_visible()
    fits(page)

    page.goto(f"{live_server}/office/holidays/")
    fits(page)
    page.get_by_role("link", name=f"{due.year}年放假安排").click()
    jobs.go_on.call(Redating.objects.get().pk)
    expect(page.get_by_role("heading", name="会改动的期限")).to_be_visible()
    expect(page.get_by_role("row", name="许南舟")).to_have_count(2)
    fits(page)
    assert not HolidayNotice.objects.exists()

    page.get_by_role("button", name="保存，改动2个期限").click()
    expect(page.get_by_text("已保存，正在按新安排改动期限")).to_be_visible()
    jobs.go_on.call(Redating.objects.get().pk)
    expect(page.get_by_role("heading", name="改动了的期限")).to_be_visible()
    expect(page.get_by_role("row", name="许南舟")).to_have_count(2)
    fits(page)
