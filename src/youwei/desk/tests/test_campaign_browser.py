"""In a browser: a campaign from its scheme over criteria, teams and one meeting for many to its report; on a desk, a telephone, by keyboard."""

import os
from datetime import date

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.support.browser import axe_clean, overflow
from tests.support.cast import Cast, SignIn, assemble
from youwei.cases.models import Case, Done
from youwei.cases.tests.builders import decided, record
from youwei.decisions.models import Decision
from youwei.documents.models import Paper
from youwei.people.models import Person

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True), pytest.mark.req("B9", "K1")]


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


def scheme_approved(page: Page, root: str, batch: Case, place: Cast, sign_in: SignIn) -> None:
    """The scheme written by the office, refused where its days do not fit, mended, and approved by the leader."""
    write_scheme(page, demands="一人一访")
    page.goto(f"{root}/batches/{batch.pk}/")
    expect(page.locator("section[aria-labelledby=todo-t]")).to_contain_text("审定工作方案")
    sign_in(place.leader)
    page.goto(f"{root}/cases/{batch.pk}/?step=approve_scheme#step")
    expect(page.get_by_text("一人一访").first).to_be_visible()
    page.fill("[name=opinion]", "同意，按方案组织实施。")
    page.locator("#step form button.btn-primary").first.press("Enter")
    expect(page.locator(".yw-messages")).to_contain_text("审定工作方案")
    sign_in(place.officer)


def write_scheme(page: Page, demands: str) -> None:
    page.locator("section[aria-labelledby=todo-t]").get_by_role("link", name="工作方案").click()
    page.fill("[name=objects]", "2021年以来受到第一、第二种形态处理、现仍在职的人员")
    page.get_by_label("困难和诉求").check()
    page.get_by_label("思想认识和精神状态").check()
    page.fill("[name=demands]", demands)
    page.fill("[name=starts_on]", "2026年3月18日")
    page.fill("[name=ends_on]", "2026年3月1日")
    submit(page)
    expect(page.get_by_text("结束日期应当在开始日期之后").first).to_be_visible()
    expect(page.locator("[name=demands]")).to_have_value(demands)
    page.fill("[name=ends_on]", "2027年3月31日")
    looked_at(page, "campaign-scheme")
    submit(page)
    expect(page.locator(".yw-messages")).to_contain_text("已记录：工作方案")


def submit(page: Page) -> None:
    page.locator("#step form button.btn-primary").first.press("Enter")


@pytest.mark.walks("campaign")
def test_a_campaign_from_its_scheme_to_its_report(
    page: Page, live_server: LiveServer, place: Cast, sign_in: SignIn
) -> None:
    sign_in(place.officer)
    page.goto(f"{live_server.url}/batches/")
    page.get_by_role("link", name="回访专项行动").first.click()
    page.get_by_label("名称").fill("2026年大回访")
    press(page, "立项")
    expect(page.get_by_role("heading", name="回访专项行动（2026年大回访）")).to_be_visible()
    batch = Case.objects.get(procedure="campaign")
    scheme_approved(page, live_server.url, batch, place, sign_in)
    for name in ("仇望舒", "解文舟", "柳不凡"):
        (made,) = decided(place, 1, name=name, label="党内警告")
        Decision.objects.filter(pk=made.pk).update(form=2, problem="工作纪律", deciding_organ=place.commission)
        Person.objects.filter(pk=made.person_id).update(born_on=date(1980, 1, 1), post="科员")
    Decision.objects.filter(person__name="柳不凡").update(form=3)
    page.goto(f"{live_server.url}/batches/{batch.pk}/")
    todo = page.locator("section[aria-labelledby=todo-t]")
    todo.get_by_role("link", name="确定名单和分工").click()
    expect(page.get_by_role("heading", name="拟2人")).to_be_visible()
    looked_at(page, "campaign-list")
    page.get_by_label("第一、第二种形态：怎样用").select_option("off")
    expect(page.get_by_role("heading", name="拟3人")).to_be_visible()
    press(page, "确定名单，共3人")
    expect(page.locator(".yw-messages")).to_contain_text("名单已经确定，共3人")
    ranks = {"岑伯安": "县处级正职", "方知行": "乡科级正职", "温如言": "乡科级正职"}
    visitors = [{"id": name, "name": name, "rank": rank} for name, rank in ranks.items()]
    record(batch, "visitors", batch.opened_on, {"people": visitors})
    page.reload()
    todo.get_by_role("link", name="分组").click()
    page.get_by_label("仇望舒的组长").select_option("温如言")
    page.get_by_label("仇望舒的组员").select_option("岑伯安")
    press(page, "改仇望舒的小组")
    expect(page.get_by_text("手工改过")).to_be_visible()
    looked_at(page, "campaign-teams")
    page.fill("[name=until]", "2026年12月31日")
    press(page, "确认分组，写入3人")
    expect(page.get_by_role("heading", name="已记录3件")).to_be_visible()
    page.goto(f"{live_server.url}/batches/{batch.pk}/")
    todo.get_by_role("link", name="集体座谈").click()
    page.get_by_label("是", exact=True).last.check()
    page.fill("[name=place]", "会议室")
    page.fill("[name=people-typed]", "岑伯安、方知行")
    page.fill("[name=account]", "一起谈了近况。")
    for name in ("仇望舒", "解文舟"):
        page.get_by_label(f"{name} 结果").select_option("已进行")
        page.get_by_label(f"{name} 不再安排的理由").fill("已谈清")
    page.get_by_label("柳不凡 不记的理由").fill("请假")
    looked_at(page, "campaign-meeting")
    press(page, "下一步：核对")
    press(page, "确认记录")
    expect(page.get_by_role("heading", name="已记录2件")).to_be_visible()
    assert Done.objects.filter(step="visit", outcome="已进行").count() == 2
    page.goto(f"{live_server.url}/batches/{batch.pk}/")
    looked_at(page, "campaign-progress")
    page.get_by_role("link", name="合计，未到期1人").click()
    expect(page.get_by_role("link", name="柳不凡", exact=True)).to_be_visible()
    expect(page.get_by_role("link", name="仇望舒", exact=True)).to_have_count(0)
    todo.get_by_role("link", name="进度月报").first.click()
    page.fill("[name=situation]", "已访两人。")
    page.locator("#step form").get_by_role("button", name="提交").or_(
        page.locator("#step form button[type=submit].btn-primary")
    ).first.click()
    page.wait_for_load_state()
    assert Paper.objects.filter(case=batch, kind="campaign-progress").exists()
