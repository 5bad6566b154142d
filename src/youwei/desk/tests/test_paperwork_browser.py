"""In a browser: a form printed and its scan sent back by the code; a leader who signs several with the keyboard."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer

from tests.support.browser import axe_clean, overflow
from youwei.cases.codes import code_of
from youwei.cases.models import Case, OpenStep
from youwei.cases.tests.builders import act
from youwei.desk.tests.factories import TODAY, City, city, decide, holder, open_case, organ, person
from youwei.desk.tests.test_cases_browser import sign_in
from youwei.documents.models import Attachment
from youwei.organs.models import Role

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
PACKS = Path(__file__).resolve().parents[2] / "cases" / "tests" / "packs"
JPG = b"\xff\xd8\xff\xe1" + b"0" * 64


@pytest.fixture
def place(transactional_db: None) -> City:
    return city()


def fits(page: Page) -> None:
    """On the office's screen and on a phone, without a fault of accessibility."""
    axe_clean(page)
    assert overflow(page) == 0
    page.set_viewport_size({"width": 390, "height": 800})
    assert overflow(page) == 0
    page.set_viewport_size({"width": 1366, "height": 768})


@pytest.mark.req("J2")
def test_a_form_is_printed_found_again_by_its_code_and_its_scan_goes_to_the_record(
    page: Page, live_server: LiveServer, place: City
) -> None:
    case = open_case(decide(person(place.unit, shelf="3柜2层19号"), place.commission, "党内严重警告"))
    holder(Role.CASE_OFFICER, place.commission, "clerk")
    sign_in(page, live_server, "clerk")
    page.goto(f"{live_server.url}/cases/{case.pk}/?step=group")
    page.get_by_role("link", name="打印手填表").click()
    expect(page.get_by_role("heading", name="成立回访教育小组、建立档案")).to_be_visible()
    fits(page)
    page.emulate_media(media="print")
    expect(page.locator(".yw-nav")).to_be_hidden()
    expect(page.get_by_text("小组成员")).to_be_visible()
    page.emulate_media(media="screen")
    values = {"leader": "岑伯安", "people": ["陈思远", "韩叙"], "shelf": "青-2026-019"}
    seq = act(case, "record", TODAY, step="group", values=values)
    search = page.locator("[data-slash]")
    search.fill(code_of(case.pk, "group").lower())
    search.press("Enter")
    expect(page.get_by_role("link", name="补附扫描件")).to_be_visible()
    page.get_by_role("link", name="补附扫描件").click()
    fits(page)
    names = [("第1页.jpg", "image/jpeg"), ("第2页.jpg", "image/jpeg")]
    page.set_input_files(
        "[name=scans]", [{"name": name, "mimeType": kind, "buffer": JPG + name.encode()} for name, kind in names]
    )
    page.get_by_role("button", name="附上").press("Enter")
    expect(page.locator(".yw-messages")).to_contain_text("已附上2个文件")
    assert list(Attachment.objects.values_list("filename", "entry_seq")) == [("第1页.jpg", seq), ("第2页.jpg", seq)]


@pytest.mark.req("J6")
def test_a_leader_reads_every_text_chooses_with_the_keyboard_and_sends_once(
    page: Page, live_server: LiveServer, place: City, settings: Settings
) -> None:
    settings.PACKS = PACKS
    organ("青溪区委组织部", "organization", place.district)
    found: list[Case] = []
    for name in ("许南舟", "邵文彬", "甘棠"):
        case = open_case(decide(person(place.unit, name), place.commission, "党内严重警告"), "joint")
        act(case, "record", TODAY, step="advise", values={"advice": f"建议{name}继续使用"})
        found.append(case)
    holder(Role.LEADER, place.commission, "head", "岑伯安")
    sign_in(page, live_server, "head")
    page.get_by_role("link", name="逐件看过、一并签署（3件）").click()
    for case in found:
        expect(page.get_by_text(f"建议{case.person.name if case.person else ''}继续使用")).to_be_visible()
    fits(page)
    first, second, third = (page.get_by_role("region", name=f"{number}. ") for number in (1, 2, 3))
    first.get_by_label("同意").focus()
    page.keyboard.press("Space")
    second.get_by_label("退回修改").check()
    second.get_by_label("意见").fill("依据没有写清楚")
    expect(third.locator("input:checked")).to_have_count(0)
    page.get_by_label("共同意见").fill("同意，抓紧办")
    page.get_by_role("button", name="提交").press("Enter")
    expect(page.get_by_role("heading", name="签署结果")).to_be_visible()
    fits(page)
    expect(page.get_by_role("link", name="还有1件待签署")).to_be_visible()
    assert OpenStep.objects.filter(part="head").count() == 1
