"""In a browser: an officer opens a secret appraisal, three vote at the kiosk and three on paper, and the table says what was counted."""

import pytest
from django.core.cache import cache
from playwright.sync_api import Browser, Page, expect
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer

from tests.support.browser import axe_clean, overflow, there
from youwei.desk.tests.factories import TODAY, City, city, decide, holder, open_case, person
from youwei.desk.tests.test_cases_browser import sign_in
from youwei.desk.tests.test_voting import NAMES, PACKS
from youwei.documents.models import Paper
from youwei.organs.models import Role
from youwei.voting.models import Vote

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True), pytest.mark.req("B2", "I3")]


@pytest.fixture
def place(transactional_db: None) -> City:
    return city()


def fits(page: Page) -> None:
    """On the office's screen and on a phone, without a fault of accessibility."""
    there(page)
    axe_clean(page)
    assert overflow(page) == 0
    page.set_viewport_size({"width": 390, "height": 800})
    assert overflow(page) == 0
    page.set_viewport_size({"width": 1366, "height": 768})


def vote_at_kiosk(page: Page, code: str, grade: str) -> None:
    """With the keyboard alone: the code is typed, each item is chosen with the arrows, the ballot is sent with Enter."""
    box = page.get_by_label("码条上的八个字母和数字")
    expect(box).to_be_focused()
    box.press_sequentially(code)
    box.press("Enter")
    for item in ("思想认识", "问题整改"):
        mark = page.get_by_role("group", name=item).get_by_label(grade, exact=True)
        mark.focus()
        mark.press("Space")
    page.get_by_role("button", name="投出这一票").press("Enter")
    expect(page.get_by_role("heading", name="票已投出，谢谢")).to_be_visible()


def test_a_secret_appraisal_from_its_opening_to_its_table(
    page: Page, browser: Browser, live_server: LiveServer, place: City, settings: Settings
) -> None:
    settings.PACKS = PACKS
    cache.clear()
    case = open_case(decide(person(place.unit), place.commission, "党内严重警告"), "appraising")
    for name, shown in (("clerk", "陈思远"), ("second", "韩叙")):
        holder(Role.CASE_OFFICER, place.commission, name, shown)
    sign_in(page, live_server, "clerk")
    page.goto(f"{live_server.url}/cases/{case.pk}/?step=appraise")
    page.locator(".yw-formbar").get_by_role("link", name="班子成员民主评议").click()
    page.get_by_label("应参加的人").fill("\n".join([*NAMES, "韩叙"]))
    page.get_by_label("其中用纸质票的人数").fill("3")
    fits(page)
    page.get_by_role("button", name="开始投票").press("Enter")
    expect(page.get_by_role("heading", name="结束投票")).to_be_visible()
    fits(page)
    page.get_by_role("button", name="制发投票码").press("Enter")
    slips = page.locator(".yw-slip-code")
    expect(slips).to_have_count(3)
    codes = slips.all_inner_texts()
    fits(page)
    expect(page.get_by_role("img", name=f"投票码 {codes[0]} 的二维码")).to_be_visible()
    assert page.locator(".yw-slips img").first.evaluate("image => image.naturalWidth") > 0

    kiosk = browser.new_context(locale="zh-CN", reduced_motion="reduce", viewport={"width": 390, "height": 800})
    booth = kiosk.new_page()
    booth.goto(f"{live_server.url}/vote/#{codes[0]}")
    expect(booth.get_by_label("码条上的八个字母和数字")).to_have_value(codes[0])
    assert codes[0] not in booth.url, "the address line forgets it"
    booth.goto(f"{live_server.url}/vote/")
    assert overflow(booth) == 0
    axe_clean(booth)
    vote_at_kiosk(booth, codes[0], "好")
    axe_clean(booth)
    booth.go_back()
    expect(booth.get_by_label("码条上的八个字母和数字")).to_be_visible()
    expect(booth.get_by_text("许南舟")).to_have_count(0)
    vote_at_kiosk(booth, codes[1], "较好")
    booth.get_by_role("link", name="回到开头").press("Enter")
    booth.get_by_label("码条上的八个字母和数字").fill(codes[2])
    booth.get_by_role("button", name="下一步").press("Enter")
    expect(booth.get_by_role("heading", name="班子成员民主评议")).to_be_visible()
    assert overflow(booth) == 0
    axe_clean(booth)
    booth.get_by_role("group", name="思想认识").get_by_label("一般", exact=True).check()
    booth.get_by_role("button", name="投出这一票").press("Enter")
    expect(booth.get_by_text("还有1项没有选：问题整改")).to_be_visible()
    booth.get_by_label("想说的话").fill("多下基层")
    booth.get_by_role("button", name="投出这一票").click()
    expect(booth.get_by_role("heading", name="票已投出，谢谢")).to_be_visible()
    assert kiosk.cookies() == [each for each in kiosk.cookies() if each["name"] == "csrftoken"]
    kiosk.close()

    read_paper(page, live_server, case.pk, ["差", "好", "好"])
    other = browser.new_context(locale="zh-CN", reduced_motion="reduce")
    colleague = other.new_page()
    sign_in(colleague, live_server, "second")
    read_paper(colleague, live_server, case.pk, ["好", "好", "好"])
    colleague.get_by_role("link", name="核定1处不同").click()
    fits(colleague)
    colleague.get_by_role("group", name="第1张：思想认识").get_by_label("差", exact=True).check()
    colleague.get_by_role("button", name="照原票核定").press("Enter")
    expect(colleague.get_by_text("两遍录入一致")).to_be_visible()
    other.close()

    page.goto(f"{live_server.url}/cases/{case.pk}/vote/appraise/")
    expect(page.get_by_text("凭码投票的3人都已投完")).to_be_visible()
    page.get_by_role("button", name="结束投票、计票").press("Enter")
    expect(page.get_by_text("重新计算过，与记录一致")).to_be_visible()
    fits(page)
    row = page.get_by_role("row", name="思想认识")
    # 好: one at the kiosk, two on paper; 较好 one; 一般 one; 差 one on paper.
    expect(row).to_have_text("思想认识311100")
    expect(page.get_by_role("row", name="问题整改")).to_have_text("问题整改410010")
    expect(page.get_by_text("多下基层")).to_be_visible()
    page.emulate_media(media="print")
    expect(page.locator(".yw-nav")).to_be_hidden()
    expect(row).to_be_visible()
    page.emulate_media(media="screen")
    assert Vote.objects.get().ended_on == TODAY
    assert Paper.objects.get().title == "民主评议汇总表"


def read_paper(page: Page, live_server: LiveServer, case: int, first_item: list[str]) -> None:
    """Three ballots are typed in; at the second item the first of them is marked 好 and the others too."""
    page.goto(f"{live_server.url}/cases/{case}/vote/appraise/paper/")
    for number, grade in enumerate(first_item, 1):
        page.get_by_label(f"第{number}张：思想认识").select_option(grade)
        page.get_by_label(f"第{number}张：问题整改").select_option("好")
    fits(page)
    page.get_by_role("button", name="录完3张").press("Enter")
    expect(page.get_by_text("已录入3张纸质票")).to_be_visible()
