"""In a browser: Tianqiao's way for one person up to the conclusion, and a suggested kind of visit that is chosen otherwise with a reason."""

import os
from datetime import date
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.support.browser import axe_clean, overflow
from tests.support.cast import Cast, SignIn, assemble
from youwei.cases.models import Case
from youwei.cases.tests.builders import act, case_of, record

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
DAY, TODAY = date(2026, 3, 18), date(2026, 9, 29)
LONG = "能够正视验收时没有到现场的错误，今年管着两个工地，每次都去，群众来电比去年少了一半"
HELD: dict[str, Any] = {"outcome": "已进行", "people": ["方知行", "甘棠"], "place": "水利局会议室", "account": LONG}
WRITTEN: tuple[tuple[str, dict[str, Any]], ...] = (
    ("review", {"thinking": LONG, "work": LONG, "correction": LONG}),
    ("opinion", {"thinking": LONG, "mending": LONG, "conduct": LONG, "view": "改正较好，可以放手使用"}),
    ("interviews", {**HELD, "mode": "座谈", "heard": ["班子成员"], "views": [{"id": "a", "who": "副局长甲"}]}),
)


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


def recorded(page: Page, title: str) -> None:
    page.get_by_role("button", name=f"记录：{title}").press("Enter")
    expect(page.locator(".yw-messages")).to_contain_text(f"已记录：{title}")


def opened(page: Page, live_server: LiveServer, case: Case, step: str) -> None:
    page.goto(f"{live_server.url}/cases/{case.pk}/?step={step}")


@pytest.mark.req("B2", "B3", "B5")
def test_one_person_goes_the_way_of_tianqiao(page: Page, live_server: LiveServer, place: Cast, sign_in: SignIn) -> None:
    case = case_of(place, "tianqiao-visit", opened=DAY)
    sign_in(place.officer)
    opened(page, live_server, case, "profile")
    page.get_by_role("group", name="已与所在单位沟通").get_by_label("是").check()
    for label in ("错误的性质和情节", "处分期间的表现", "目前的思想和工作状态"):
        page.get_by_role("textbox", name=label).fill(LONG)
    page.get_by_role("textbox", name="处分处理情况").fill("党内严重警告")
    page.get_by_role("checkbox", name="情绪低落，工作懒散").check()
    page.get_by_role("checkbox", name="所在单位有顾虑，对本人不闻不问").check()
    expect(page.get_by_role("textbox", name="本人谈到的家庭、健康情况")).to_be_hidden()
    looked_at(page, "profile")
    recorded(page, "精准画像")
    opened(page, live_server, case, "plan")
    expect(page.get_by_role("heading", name="以前写的")).to_be_visible()
    expect(page.get_by_role("checkbox", name="疏解精神压力，化解不安，鼓励放下包袱")).to_be_checked()
    expect(page.get_by_role("checkbox", name="与所在单位沟通，落实日常管理和关心")).to_be_checked()
    expect(page.get_by_role("checkbox", name="讲解相关纪律法规，消除认识误区")).not_to_be_checked()
    page.get_by_role("textbox", name="怎么做、谁来做").fill("由分管领导先谈一次，再与所在单位一起定岗位任务")
    looked_at(page, "plan")
    recorded(page, "量身定制回访方案")
    for step, values in WRITTEN:
        record(case, step, TODAY, values)
    counts = [{"id": "a", "item": "思想认识", "option": "好", "number": 5}]
    voted = {"manner": "无记名投票", "entitled": 5, "cast": 5, "counts": counts}
    act(case, "record", TODAY, step="appraisal", values=voted, beside={"vote": 0})
    record(case, "talk_unit", TODAY, {**HELD, "mode": "当面", "heard": ["本人"], "account": "良好"})
    record(case, "known", TODAY, {"looked": ["信访举报", "问题线索", "监督检查"]})
    opened(page, live_server, case, "summary")
    expect(page.get_by_text("“谈话记录”只写了“良好”，没有具体内容")).to_be_visible()
    expect(page.get_by_text("改正较好，可以放手使用").first).to_be_visible()
    looked_at(page, "summary")
    for label in ("思想动态", "工作表现", "改正错误和问题整改", "对问题整改和现实表现的评价"):
        page.get_by_role("textbox", name=label).fill(LONG)
    page.get_by_role("textbox", name="档号").fill("天-2026-019")
    recorded(page, "归纳整理，形成纪实档案和综合评价")
    sign_in(place.leader)
    opened(page, live_server, case, "conclude")
    page.locator("[name=attendance-0-member]").fill("岑伯安")
    page.locator("[name=attendance-0-view]").fill("同意考察组的评价")
    for label in ("处分期间积极悔改", "担当作为", "成绩突出"):
        page.get_by_role("group", name=label).get_by_label("是").check()
    page.get_by_role("radio", name="选拔使用、评先树优不受影响").check()
    page.get_by_role("textbox", name="作出结论的理由").fill("听取考察组汇报，逐一发表意见")
    page.get_by_role("button", name="记录：区委常委会").press("Enter")
    expect(page.get_by_text("影响期还没有满").first).to_be_visible()
    looked_at(page, "conclude")
    page.get_by_role("radio", name="暂不作结论").check()
    recorded(page, "区委常委会听取汇报、作出结论")
    expect(page.get_by_role("link", name="向所在单位党组织、区委组织部反馈", exact=True)).to_be_visible()


@pytest.mark.req("B4")
def test_another_kind_of_visit_is_chosen_with_a_reason(
    page: Page, live_server: LiveServer, place: Cast, sign_in: SignIn
) -> None:
    case = case_of(place, "yinzhou-visit", opened=DAY)
    record(case, "group", DAY, {"leader": "岑伯安", "people": ["方知行", "甘棠"], "shelf": "青-19"})
    sign_in(place.officer)
    opened(page, live_server, case, "profile")
    page.get_by_role("group", name="已与所在单位沟通").get_by_label("是").check()
    for label in ("错误失误的性质和情节", "处分处理以来的表现", "思想和工作动态"):
        page.get_by_role("textbox", name=label).fill(LONG)
    page.get_by_role("textbox", name="处分处理情况").fill("党内严重警告")
    page.get_by_role("checkbox", name="情绪低落").check()
    expect(page.get_by_text("为什么建议“标准访”")).to_be_visible()
    page.get_by_role("radio", name="深度访").check()
    page.get_by_role("button", name="记录：精准画像").press("Enter")
    expect(page.get_by_text("与预选的“标准访”不同").first).to_be_visible()
    looked_at(page, "kind")
    page.get_by_role("textbox", name="改选其他方式的理由").fill("事情牵涉面大，先谈透")
    recorded(page, "精准画像、确定回访方式")
