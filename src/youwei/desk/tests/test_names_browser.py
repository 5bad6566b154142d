"""A letter about people in a browser: names pasted, a same name settled, checked, signed, approved, answered with a Word letter."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.support.browser import axe_clean, overflow
from tests.support.cast import SignIn
from youwei.cases.models import Case
from youwei.desk.tests.factories import City, city, decide, holder, person
from youwei.organs.models import Role

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True), pytest.mark.req("D1", "K1")]


@pytest.fixture
def place(transactional_db: None) -> City:
    return city()


def fits(page: Page) -> None:
    axe_clean(page)
    for width, height in ((390, 844), (1366, 768)):
        page.set_viewport_size({"width": width, "height": height})
        assert overflow(page) <= 0


def test_from_pasted_names_to_the_letter(
    page: Page, live_server: LiveServer, sign_in: SignIn, place: City, tmp_path: Path
) -> None:
    one = person(place.unit, "许南舟")
    person(place.unit, "许南舟", post="科员")
    decide(one, place.commission, "党内警告")
    clerk = holder(Role.CASE_OFFICER, place.commission, "clerk")
    page.set_viewport_size({"width": 1366, "height": 768})
    sign_in(clerk)
    page.goto(f"{live_server.url}/eligibility/")
    page.fill("[name=whom]", "许南舟")
    page.check("[name=intent][value='晋升职务']")
    page.get_by_role("button", name="查找本人").press("Enter")
    fits(page)
    page.get_by_role("link", name="许南舟").first.click()
    expect(page.get_by_role("heading", name=re.compile("晋升职务：不得"))).to_be_visible()
    fits(page)

    page.goto(f"{live_server.url}/opening/of/eligibility-reply/")
    page.fill("[name=letter-from]", "青溪区委组织部")
    page.fill("[name=letter-number]", "青组函〔2026〕8号")
    page.get_by_role("button", name="立项").press("Enter")
    expect(page.locator(".yw-messages")).to_contain_text("青组函〔2026〕8号")
    page.locator(".yw-formbar").get_by_role("link", name="登记来函和名单").click()
    page.fill("[name=received_on]", "2026-9-29")
    page.check("[name=intent][value='晋升职务']")
    page.fill("[name=pasted]", "1\t许南舟\t区住建局\n2\t郑秋\t区住建局")
    fits(page)
    page.get_by_role("button", name="登记名单").press("Enter")
    expect(page.locator(".yw-messages")).to_contain_text("其中2人没有凭身份证号核对到")
    case = Case.objects.get()
    page.goto(f"{live_server.url}/cases/{case.pk}/rows/identify/")
    fits(page)
    sent: list[str] = []
    page.on(
        "request",
        lambda asked: sent.append(asked.url) if asked.is_navigation_request() and asked.method == "POST" else None,
    )
    page.get_by_role("button", name="为2人记录").press("Enter")
    expect(page.get_by_role("alert").first).to_be_visible()  # of two of one name nobody is chosen beforehand
    page.select_option("[name=r1-person]", str(one.pk))
    page.get_by_role("button", name="为2人记录").press("Enter")
    expect(page.locator(".yw-messages")).to_contain_text("已为2人记录")
    assert len(sent) == 2  # what was refused is not sent again by the page itself
    page.goto(f"{live_server.url}/cases/{case.pk}/rows/check/")
    expect(page.locator("[name=r1-reply]")).to_have_value("影响期、处分期未满")
    expect(page.locator("[name=r2-reply]")).to_have_value("系统内未见记录")
    fits(page)
    page.get_by_role("button", name="为2人记录").press("Enter")
    expect(page.locator(".yw-messages")).to_contain_text("已为2人记录")
    step(page, live_server, case, "gather", {"summary": "共二人，一人影响期未满"})
    for name, username in (("信访甲", "petition"), ("监督乙", "supervision")):
        sign_in(holder(Role.CASE_OFFICER, place.commission, username, name))
        page.goto(f"{live_server.url}/cases/{case.pk}/?step=gather&part={username}")
        page.check("[name=verdict][value=agree]")
        page.locator("form").filter(has=page.locator("[name=verdict]")).get_by_role("button").last.press("Enter")
        expect(page.locator(".yw-messages")).to_contain_text("已签署")
    sign_in(holder(Role.LEADER, place.commission, "leader", "岑伯安"))
    step(page, live_server, case, "approve", {"opinion": "同意"})
    sign_in(clerk)
    step(page, live_server, case, "reply", {"number": "青纪函〔2026〕3号", "to": "青溪区委组织部"})
    expect(page.locator(".yw-messages")).to_contain_text("本事项办结：已答复")
    with page.expect_download() as saved:
        page.get_by_role("link", name="征求意见函的答复.docx").first.click()
    assert saved.value.suggested_filename == "征求意见函的答复.docx"
    page.goto(f"{live_server.url}/people/{one.pk}/")
    expect(page.get_by_text("晋升职务：影响期、处分期未满").first).to_be_visible()
    fits(page)


def step(page: Page, server: LiveServer, case: Case, name: str, values: dict[str, str]) -> None:
    page.goto(f"{server.url}/cases/{case.pk}/?step={name}")
    for field, value in values.items():
        page.locator(f'[name="{field}"]:not([type=hidden])').first.fill(value)
    page.get_by_role("button", name=re.compile("^记录：")).press("Enter")
    expect(page.locator(".yw-messages")).to_contain_text("已记录")
