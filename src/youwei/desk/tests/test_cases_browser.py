"""The main way in a browser: from the desk to a recorded visit and its paper; drafts that survive; two people on one step."""

import io
import re
from datetime import date

import pytest
from docx import Document
from playwright.sync_api import BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.support.browser import axe_clean, overflow
from youwei.cases.models import Case, Done
from youwei.desk.tests.factories import PASSWORD, City, city, decide, holder, open_case, person
from youwei.organs.models import Role

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def place(transactional_db: None) -> City:
    return city()


@pytest.fixture
def case(place: City) -> Case:
    return open_case(decide(person(place.unit), place.commission, "党内严重警告"))


def sign_in(page: Page, server: LiveServer, username: str) -> None:
    page.goto(f"{server.url}/login/")
    page.fill("[name=username]", username)
    page.fill("[name=password]", PASSWORD)
    page.click("button[type=submit]")
    expect(page.get_by_role("heading", name="工作台")).to_be_visible()


@pytest.fixture
def clerk(page: Page, live_server: LiveServer, place: City) -> Page:
    holder(Role.CASE_OFFICER, place.commission, "clerk")
    sign_in(page, live_server, "clerk")
    return page


def record(page: Page) -> None:
    """With the key, on the button itself: fields that come and go may move it from under a pointer."""
    page.get_by_role("button", name=re.compile("^记录：")).press("Enter")
    expect(page.locator(".yw-messages")).to_contain_text("已记录")


def set_up(page: Page, server: LiveServer, case: Case) -> None:
    """The group and the mentor, so that the visit is open."""
    page.goto(f"{server.url}/cases/{case.pk}/?step=group")
    page.get_by_label("组长").fill("岑伯安")
    page.fill("[name=people-typed]", "陈思远、韩叙")
    page.get_by_label("档号").fill("青-2026-019")
    record(page)
    page.goto(f"{server.url}/cases/{case.pk}/?step=mentor")
    page.fill("[name=person]", "顾怀谦")
    page.fill("[name=post]", "副局长")
    page.check("[name=clean][value=yes]")
    page.check("[name=apart][value=yes]")
    page.fill("[name=behalf]", "区住建局党组")
    record(page)


def fill_visit(page: Page) -> None:
    page.fill("[name=place]", "区政务中心")
    page.fill("[name=people-typed]", "陈思远、韩叙")
    page.fill("textarea[name=account]", "对错误认识清楚，近期工作主动")
    page.check("[name=contacted][value=yes]")
    page.check("[name=execution][value=已执行到位]")
    page.check("[name=management][value=已落实]")
    page.fill("[name=next_on]", "2026年12月20日")


@pytest.mark.req("I2", "B1", "B6", "I3")
def test_from_the_desk_to_a_recorded_visit_and_its_word_paper(clerk: Page, live_server: LiveServer, case: Case) -> None:
    clerk.goto(f"{live_server.url}/")
    expect(clerk.locator(".yw-group.is-late")).to_be_visible()
    axe_clean(clerk)
    clerk.get_by_role("link", name="办理许南舟：成立回访教育小组、建立档案").click()
    expect(clerk.get_by_text("为什么是", exact=False).first).to_be_visible()
    axe_clean(clerk)
    set_up(clerk, live_server, case)
    clerk.goto(f"{live_server.url}/cases/{case.pk}/?step=visit")
    fill_visit(clerk)
    record(clerk)
    assert Done.objects.filter(step="visit", on=date(2026, 9, 29)).count() == 1
    with clerk.expect_download() as download:
        clerk.get_by_role("link", name="回访谈话记录.docx").click()
    words = [
        cell.text
        for table in Document(io.BytesIO(download.value.path().read_bytes())).tables
        for row in table.rows
        for cell in row.cells
    ]
    assert "对错误认识清楚，近期工作主动" in words
    assert "陈思远、韩叙" in words


@pytest.mark.req("B6")
def test_fields_show_only_for_the_answers_they_hang_on(clerk: Page, live_server: LiveServer, case: Case) -> None:
    set_up(clerk, live_server, case)
    clerk.goto(f"{live_server.url}/cases/{case.pk}/?step=visit")
    expect(clerk.locator("[name=place]")).to_be_visible()
    clerk.check("[name=outcome][value=本人推迟]")
    expect(clerk.locator("[name=place]")).to_be_hidden()
    expect(clerk.locator("textarea[name=missed]")).to_be_visible()


def test_what_was_typed_survives_leaving_the_page_and_a_closed_browser(
    clerk: Page, live_server: LiveServer, case: Case, context: BrowserContext
) -> None:
    clerk.goto(f"{live_server.url}/cases/{case.pk}/?step=group")
    with clerk.expect_response(lambda response: "/draft/" in response.url):
        clerk.get_by_label("档号").press_sequentially("青-草稿-7")
    expect(clerk.locator(".yw-draft")).to_contain_text("草稿已存")
    context.clear_cookies()
    sign_in(clerk, live_server, "clerk")
    clerk.goto(f"{live_server.url}/cases/{case.pk}/?step=group")
    expect(clerk.get_by_label("档号")).to_have_value("青-草稿-7")


def test_a_cut_line_loses_nothing(clerk: Page, live_server: LiveServer, case: Case, context: BrowserContext) -> None:
    clerk.goto(f"{live_server.url}/cases/{case.pk}/?step=group")
    context.set_offline(True)
    clerk.get_by_label("档号").press_sequentially("青-断网-8")
    expect(clerk.locator(".yw-draft")).to_contain_text("网络不通")
    with clerk.expect_response(lambda response: "/draft/" in response.url):
        context.set_offline(False)
    expect(clerk.locator(".yw-draft")).to_contain_text("草稿已存")


@pytest.mark.req("I5")
def test_two_people_on_one_step_the_second_sees_both_and_corrects(
    clerk: Page, live_server: LiveServer, case: Case, place: City, context: BrowserContext
) -> None:
    address = f"{live_server.url}/cases/{case.pk}/?step=group"
    clerk.goto(address)
    other = context.new_page()
    other.goto(address)
    for page, leader in ((clerk, "岑伯安"), (other, "江若川")):
        page.get_by_label("组长").fill(leader)
        page.fill("[name=people-typed]", "陈思远、韩叙")
        page.get_by_label("档号").fill("青-2026-019")
    record(clerk)
    other.get_by_role("button", name=re.compile("^记录：")).click()
    expect(other.get_by_role("heading", name="两份并排看")).to_be_visible()
    axe_clean(other)
    other.get_by_role("button", name="用我的内容更正").click()
    other.get_by_label("为什么更正").fill("组长写错")
    other.get_by_role("button", name="更正这条记录").click()
    expect(other.locator(".yw-struck")).to_have_text("岑伯安")


def in_group(page: Page, leader: str) -> None:
    page.get_by_label("组长").fill(leader)
    page.fill("[name=people-typed]", "陈思远、韩叙")
    page.get_by_label("档号").fill("青-2026-019")


def test_a_session_that_ends_while_typing_loses_nothing(
    clerk: Page, live_server: LiveServer, case: Case, context: BrowserContext
) -> None:
    clerk.goto(f"{live_server.url}/cases/{case.pk}/?step=group")
    in_group(clerk, "岑伯安")
    context.clear_cookies(name="sessionid")
    clerk.get_by_role("button", name=re.compile("^记录：")).click()
    clerk.fill("[name=username]", "clerk")
    clerk.fill("[name=password]", PASSWORD)
    clerk.click("button[type=submit]")
    expect(clerk.get_by_label("组长")).to_have_value("岑伯安")
    expect(clerk.locator("[name=people-typed]")).to_have_value("陈思远、韩叙")
    record(clerk)


def test_what_was_typed_is_not_shown_to_whoever_signs_in_next(
    clerk: Page, live_server: LiveServer, case: Case, place: City, context: BrowserContext
) -> None:
    holder(Role.CASE_OFFICER, place.commission, "colleague", "韩叙")
    clerk.goto(f"{live_server.url}/cases/{case.pk}/?step=group")
    in_group(clerk, "岑伯安")
    context.clear_cookies(name="sessionid")
    clerk.get_by_role("button", name=re.compile("^记录：")).click()
    clerk.fill("[name=username]", "colleague")
    clerk.fill("[name=password]", PASSWORD)
    clerk.click("button[type=submit]")
    expect(clerk.get_by_label("组长")).to_have_value("")
    clerk.wait_for_function(
        "() => window.sessionStorage.getItem('yw-kept') === null"
    )  # the page's script may still be on its way


def test_a_form_is_sent_when_the_server_answers_though_the_browser_believes_itself_offline(
    clerk: Page, live_server: LiveServer, case: Case
) -> None:
    """The office's only machine, its cable out: the server is on the machine itself."""
    clerk.add_init_script("Object.defineProperty(Navigator.prototype, 'onLine', { get: () => false })")
    clerk.goto(f"{live_server.url}/cases/{case.pk}/?step=group")
    in_group(clerk, "岑伯安")
    record(clerk)
    assert Done.objects.filter(case=case, step="group").count() == 1


def test_a_form_is_not_sent_without_a_line_and_comes_back_when_the_page_is_opened_again(
    clerk: Page, live_server: LiveServer, case: Case, context: BrowserContext
) -> None:
    address = f"{live_server.url}/cases/{case.pk}/?step=group"
    clerk.goto(address)
    in_group(clerk, "岑伯安")
    context.set_offline(True)
    clerk.get_by_role("button", name=re.compile("^记录：")).click()
    expect(clerk.locator("#flash")).to_contain_text("还没有记录")
    expect(clerk.get_by_label("组长")).to_have_value("岑伯安")
    context.set_offline(False)
    record(clerk)


def test_the_back_button_shows_both_versions(clerk: Page, live_server: LiveServer, case: Case) -> None:
    clerk.goto(f"{live_server.url}/cases/{case.pk}/?step=contact")
    clerk.goto(f"{live_server.url}/cases/{case.pk}/?step=group")
    in_group(clerk, "岑伯安")
    token = clerk.locator("form[data-draft] [name=token]").input_value()
    record(clerk)
    clerk.goto(f"{live_server.url}/cases/{case.pk}/?step=mentor")
    clerk.evaluate(
        """([url, token]) => {
            const form = document.querySelector("form[data-draft]");
            form.action = url;
            form.querySelector("[name=token]").value = token;
            for (const [name, value] of [["leader", "江若川"], ["people-typed", "陈思远、韩叙"], ["shelf", "青-2026-019"]]) {
                const box = document.createElement("input");
                Object.assign(box, { name, value, type: "hidden" });
                form.append(box);
            }
            form.submit();
        }""",
        [f"/cases/{case.pk}/record/group/", token],
    )
    expect(clerk.get_by_role("heading", name="两份并排看")).to_be_visible()
    axe_clean(clerk)
    clerk.get_by_role("button", name="用我的内容更正").click()
    expect(clerk.locator("[name=people-typed]")).to_have_value("陈思远、韩叙")
    clerk.get_by_label("为什么更正").fill("组长写错")
    clerk.get_by_role("button", name="更正这条记录").click()
    expect(clerk.locator(".yw-struck")).to_have_text("岑伯安")


def test_a_correction_comes_filled_and_its_draft_survives(clerk: Page, live_server: LiveServer, case: Case) -> None:
    set_up(clerk, live_server, case)
    clerk.goto(f"{live_server.url}/cases/{case.pk}/?step=visit")
    fill_visit(clerk)
    record(clerk)
    clerk.locator(".yw-entry", has_text="区政务中心").get_by_role("link", name="更正").click()
    expect(clerk.locator("[name=people-typed]")).to_have_value("陈思远、韩叙")
    expect(clerk.locator("textarea[name=missed]")).to_be_hidden()
    axe_clean(clerk)
    with clerk.expect_response(lambda response: "/draft/" in response.url):
        clerk.get_by_label("为什么更正").press_sequentially("地点")
    clerk.reload()
    expect(clerk.get_by_label("为什么更正")).to_have_value("地点")


@pytest.mark.parametrize(
    "path", ["/cases/", "/cases/{}/", "/packs/", "/packs/jingzhou-visit/2018.03/", "/cases/{}/act/hold/"]
)
def test_pages_of_cases_are_accessible_and_fit_a_phone(
    clerk: Page, live_server: LiveServer, case: Case, path: str
) -> None:
    for width in (1366, 390):
        clerk.set_viewport_size({"width": width, "height": 768})
        clerk.goto(live_server.url + path.format(case.pk))
        assert overflow(clerk) == 0, f"{path} at {width}"
    axe_clean(clerk)
