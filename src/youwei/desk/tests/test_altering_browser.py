"""A decision corrected and withdrawn in a browser, from the dossier and back to it, on a desk and on a phone."""

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.support.browser import axe_clean, overflow
from youwei.decisions.models import Decision
from youwei.desk.tests.factories import PASSWORD, City, city, decide, holder, open_case, person
from youwei.organs.models import Account, Role

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True), pytest.mark.req("A1", "A6")]


@pytest.fixture
def decision(page: Page, live_server: LiveServer) -> Decision:
    """A severe warning of 12 March 2026 with an open visit; the officer of the district has signed in."""
    place: City = city()
    account = holder(Role.CASE_OFFICER, place.commission)
    row = decide(person(place.unit), place.commission, "党内严重警告")
    open_case(row)
    page.goto(f"{live_server.url}/login/")
    page.fill("[name=username]", account.username)
    page.fill("[name=password]", PASSWORD)
    page.click("button[type=submit]")
    return row


def sound(page: Page) -> None:
    assert overflow(page) == 0
    axe_clean(page)


@pytest.mark.parametrize("width", [1366, 390])
def test_a_wrong_day_is_corrected_with_its_consequences_in_sight(
    page: Page, live_server: LiveServer, decision: Decision, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 768})
    page.goto(f"{live_server.url}/people/{decision.person_id}/")
    page.get_by_role("link", name="更正", exact=True).click()
    sound(page)
    page.get_by_label("决定日期").fill("2026年3月2日")
    page.get_by_role("button", name="看看会变什么").click()
    expect(page.get_by_role("alert")).to_contain_text("理由")
    expect(page.get_by_label("决定日期")).to_have_value("2026年3月2日")
    page.get_by_label("理由").fill("与决定书原件核对，日期录错")
    page.get_by_role("button", name="看看会变什么").click()
    spans = page.get_by_role("region", name="期间的变化")
    expect(spans).to_contain_text("2026年3月12日—2027年9月11日")
    expect(spans).to_contain_text("2026年3月2日—2027年9月1日")
    sound(page)
    page.get_by_role("button", name="返回修改").click()
    expect(page.get_by_label("理由")).to_have_value("与决定书原件核对，日期录错")
    page.get_by_role("button", name="看看会变什么").click()
    page.get_by_role("button", name="确认，写入").click()
    expect(page.get_by_text("已更正：")).to_be_visible()
    expect(page.get_by_role("heading", name="更正决定：党内严重警告")).to_be_visible()
    sound(page)
    page.goto(f"{live_server.url}/people/{decision.person_id}/")
    expect(page.locator(".yw-answer")).to_contain_text("2027年9月2日")


def test_a_withdrawal_ends_the_case_and_is_taken_back(page: Page, live_server: LiveServer, decision: Decision) -> None:
    page.goto(f"{live_server.url}/ledger/{decision.pk}/")
    page.get_by_role("link", name="撤销", exact=True).click()
    page.get_by_label("自哪天起").fill("2026-9-1")
    page.get_by_label("申诉").check()
    page.get_by_label("青溪区纪委监委").check()
    page.get_by_label("理由").fill("市纪委申诉复查决定")
    sound(page)
    page.get_by_role("button", name="看看会变什么").click()
    expect(page.get_by_text("提前终止")).to_be_visible()
    sound(page)
    page.get_by_role("button", name="确认，写入").click()
    expect(page.get_by_text("已撤销").first).to_be_visible()
    page.get_by_role("link", name="撤回登记").click()
    page.get_by_label("理由").fill("登记到了另一人名下")
    page.get_by_role("button", name="看看会变什么").click()
    page.get_by_role("button", name="确认，写入").click()
    expect(page.get_by_text("已撤回登记：")).to_be_visible()
    expect(page.get_by_role("link", name="变更", exact=True)).to_be_visible()


def test_a_session_that_ends_before_the_form_is_sent_loses_no_word_of_it(
    page: Page, live_server: LiveServer, decision: Decision
) -> None:
    for path, label, written in (
        (f"/decisions/{decision.pk}/correct/", "理由", "与决定书原件核对，日期录错"),
        ("/decisions/new/", "问题类别", "违反工作纪律"),
    ):
        page.goto(live_server.url + path)
        page.get_by_label(label).fill(written)
        page.get_by_role("radio", name="第一种形态").check()
        page.context.clear_cookies(name="sessionid")
        page.locator("main form button.btn-primary").press("Enter")
        page.fill("[name=password]", PASSWORD)
        page.fill("[name=username]", Account.objects.get(grants__role=Role.CASE_OFFICER).username)
        page.click("button[type=submit]")
        expect(page.get_by_label(label)).to_have_value(written)
        expect(page.get_by_role("radio", name="第一种形态")).to_be_checked()
        page.evaluate(
            "() => window.addEventListener('beforeunload', (event) => event.stopImmediatePropagation(), true)"
        )
    assert Decision.objects.get() == decision
