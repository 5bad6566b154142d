"""A series in a browser: made by numbers, its page by keyboard and at both widths; and a step done on the page of the decision."""

import re
from datetime import date

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.support.browser import axe_clean, overflow
from youwei.cases.tests.builders import record
from youwei.decisions.models import Measure
from youwei.desk.tests.factories import City, city, decide, holder, open_case, person
from youwei.desk.tests.test_cases_browser import sign_in
from youwei.organs.models import Role

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
PRESENT = [{"member": "方知行", "present": True, "vote": "同意"}]


@pytest.fixture
def place(transactional_db: None) -> City:
    return city()


@pytest.fixture
def clerk(page: Page, live_server: LiveServer, place: City) -> Page:
    holder(Role.CASE_OFFICER, place.commission, "clerk")
    sign_in(page, live_server, "clerk")
    return page


@pytest.mark.req("A6", "A7")
def test_a_series_and_a_review_from_end_to_end(clerk: Page, live_server: LiveServer, place: City) -> None:
    rows = [decide(person(place.unit, name), place.commission, "政务记过") for name in ("许南舟", "卓闻溪")]
    for row in rows:
        open_case(row, "statutory-announcement")
    clerk.goto(f"{live_server.url}/series/new/")
    clerk.get_by_label("名称").fill("河道整治系列案")
    clerk.get_by_label("列入的决定").fill("青纪发〔2026〕19号")
    axe_clean(clerk)
    clerk.get_by_role("button", name="建立").press("Enter")
    expect(clerk.locator(".yw-messages")).to_contain_text("已建立：河道整治系列案")
    expect(clerk.get_by_role("rowheader", name=re.compile("许南舟"))).to_be_visible()
    axe_clean(clerk)
    assert overflow(clerk) == 0
    clerk.set_viewport_size({"width": 390, "height": 844})
    assert overflow(clerk) == 0
    clerk.set_viewport_size({"width": 1366, "height": 768})
    clerk.get_by_role("link", name="在规定范围内宣布处分决定").press("Enter")
    expect(clerk.get_by_role("checkbox", name=re.compile("许南舟"))).to_be_checked()

    review = open_case(rows[0], "supervision-review")
    record(review, "apply", date(2026, 8, 24), {"served_on": "2026-08-20", "requests": "请求减轻"})
    record(review, "accept", date(2026, 8, 25), {"in_time": True, "accepted": "受理"})
    record(review, "decide", date(2026, 8, 31), {"attendance": PRESENT, "result": "变更", "reasons": "一项不成立"})
    record(review, "approve", date(2026, 9, 1), {"opinion": "同意"})
    clerk.goto(f"{live_server.url}/cases/{review.pk}/?step=change")
    axe_clean(clerk)
    clerk.locator("a.btn-primary", has_text="登记复审变更").press("Enter")
    expect(clerk.get_by_role("radio", name="复审")).to_be_checked()
    clerk.get_by_role("radio", name="青溪区纪委监委").check()
    clerk.get_by_role("radio", name="政务警告").check()
    clerk.get_by_label("理由").fill("复审决定书")
    axe_clean(clerk)
    clerk.get_by_role("button", name="看看会变什么").press("Enter")
    expect(clerk.get_by_text("处分变更、撤销后的恢复和更正")).to_be_visible()
    clerk.get_by_role("button", name="确认，写入").press("Enter")
    expect(clerk.locator(".yw-messages")).to_contain_text("已登记变更")
    expect(clerk.get_by_role("heading", name="登记复审变更")).to_be_visible()
    assert Measure.objects.get(decision=rows[0]).kind == "administrative.warning"
