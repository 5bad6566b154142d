"""One person through a whole regulation in a browser: from the nomination to the end, in the words and with the papers of the pack."""

import re
from weakref import WeakKeyDictionary

import pytest
from django.conf import settings
from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.support.browser import axe_clean, overflow
from tests.support.cast import SignIn
from youwei.cases.models import Case
from youwei.desk.tests.factories import City, city, holder, person
from youwei.desk.tests.test_cases_browser import record
from youwei.organs.models import Role
from youwei.people.models import Person

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
TALK = {"place": "会议室", "people-typed": "陈思远、韩叙", "account": "谈了情况和要求"}
SHOWN_TO: WeakKeyDictionary[Page, str | None] = WeakKeyDictionary()
"""To whose session a page was opened last."""
UNIT = {"behalf": "区住建局党组"}
VOTES = {"attendance-0-member": "岑伯安", "attendance-0-view": "同意"}


@pytest.fixture
def place(transactional_db: None) -> City:
    return city()


@pytest.fixture
def someone(place: City) -> Person:
    return person(place.unit)


def fill(page: Page, values: dict[str, str]) -> None:
    """By the names of the fields, whatever stands there."""
    for name, value in values.items():
        found = page.locator(f'[name="{name}"]:not([type=hidden])')
        kind = found.first.get_attribute("type")
        if kind in ("radio", "checkbox"):
            page.check(f'[name="{name}"][value="{value}"]')
        elif found.first.evaluate("each => each.tagName") == "SELECT":
            found.first.select_option(value)
        else:
            found.first.fill(value)


def come_to(page: Page, server: LiveServer, case: Case, name: str) -> None:
    """The form of a step. After a record the page leads on by itself; it is asked for only where it does not, or for somebody else."""
    form = page.locator(f'form[action="{reverse("case-record", args=[case.pk, name])}"]')
    session = next(
        (each["value"] for each in page.context.cookies() if each["name"] == settings.SESSION_COOKIE_NAME), None
    )
    if SHOWN_TO.get(page) != session or form.count() == 0:
        page.goto(f"{server.url}/cases/{case.pk}/?step={name}")
        SHOWN_TO[page] = session


def step(page: Page, server: LiveServer, case: Case, name: str, on: str, values: dict[str, str]) -> None:
    come_to(page, server, case, name)
    fill(page, {"on": on, **values})
    record(page)


def fits(page: Page) -> None:
    axe_clean(page)
    for width, height in ((1366, 768), (390, 844)):
        page.set_viewport_size({"width": width, "height": height})
        assert overflow(page) <= 0
    page.set_viewport_size({"width": 1366, "height": 768})


@pytest.mark.walks("recall")
@pytest.mark.req("G2", "G3", "G4", "G5", "G6")
def test_from_the_nomination_to_the_outcome(
    page: Page, live_server: LiveServer, sign_in: SignIn, place: City, someone: Person
) -> None:
    clerk = holder(Role.CASE_OFFICER, place.commission, "clerk")
    leader = holder(Role.LEADER, place.commission, "leader", "岑伯安")
    sign_in(clerk)
    page.goto(f"{live_server.url}/people/{someone.pk}/")
    page.get_by_role("link", name="开办事项").click()
    page.get_by_role("link", name="干部召回管理", exact=True).click()
    page.fill("[name=on]", "2026-7-1")
    fits(page)
    page.get_by_role("button", name="立项").press("Enter")
    expect(page.locator(".yw-messages")).to_contain_text("已立项：干部召回管理")
    case = Case.objects.get(person=someone)
    go = (page, live_server, case)
    step(
        *go,
        "nominate",
        "2026-7-1",
        {"source": "单位上报", "situation": "慢作为", "facts": "多次不按时完成任务", "head": "no"},
    )
    step(*go, "hear", "2026-7-2", TALK | UNIT)
    sign_in(leader)
    step(*go, "decide", "2026-7-3", VOTES | {"decision": "召回", "reasons": "情形属实"})
    sign_in(clerk)
    step(*go, "inform", "2026-7-6", TALK | UNIT | {"decision_on": "2026-7-3", "class_on": "2026-7-13"})
    expect(page.get_by_role("link", name="干部召回通知书.docx")).to_be_visible()
    step(*go, "answer", "2026-7-7", {"behalf": "本人书面说明", "objects": "no"})
    step(
        *go,
        "leave",
        "2026-7-14",
        {"cause": "照料患病家属", "from_on": "2026-7-15", "until_on": "2026-7-15", "granted": "yes", "makeup": "周六"},
    )
    step(
        *go,
        "attendance",
        "2026-7-13",
        {"day": "2026-7-13", "course": "党纪政纪法规", "watcher": "督查局王某", "present": "到"},
    )
    step(*go, "reflection", "2026-7-17", {"text": "认识到了拖拉的害处", "behalf": "本人书面材料"})
    step(*go, "score", "2026-7-20", {"exam": "80", "essay": "70", "conduct": "90"})
    expect(page.get_by_role("link", name="安排本单位重点工作").first).to_be_visible()
    step(*go, "place_own", "2026-7-21", UNIT | {"work": "老旧小区改造", "tracker": place.unit.name})
    appraised = {"task": "包保三个小区", "conduct": "主动", "result": "合格", "take_back": "愿意"}
    step(*go, "appraise", "2026-8-24", UNIT | appraised)
    expect(page.get_by_role("link", name="召回干部跟踪考察总结鉴定表.docx")).to_be_visible()
    sign_in(leader)
    step(*go, "confirm", "2026-8-25", {"opinion": "同意"})
    sign_in(clerk)
    step(*go, "talk", "2026-8-28", TALK)
    expect(page.locator(".yw-messages")).to_contain_text("本事项办结：考察合格，回原单位")
    page.goto(f"{live_server.url}/cases/{case.pk}/act/note/")
    page.fill("[name=reason]", "九月起负责老旧小区改造专班，受到群众好评")
    page.get_by_role("button", name=re.compile("备注")).press("Enter")
    expect(page.get_by_text("受到群众好评").first).to_be_visible()
    page.goto(f"{live_server.url}/statistics/procedures/{case.procedure}/")
    expect(page.get_by_role("row", name=re.compile("回原单位 1 1 1 100"))).to_be_visible()
    fits(page)
    page.goto(f"{live_server.url}/packs/{case.procedure}/{case.version}/units/")
    expect(page.get_by_text("还没有的：", exact=False).first).to_be_visible()
    fits(page)
