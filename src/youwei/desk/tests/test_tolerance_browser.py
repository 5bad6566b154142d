"""The check before holding to account in a browser: opened by hand, waited for, decided with a guiding case beside it, told in writing, put right."""

import re
from datetime import date
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.support.cast import SignIn
from youwei.cases import guiding
from youwei.cases.models import Case
from youwei.cases.tests.builders import act, record
from youwei.cases.tests.test_guiding import TEXT
from youwei.desk.tests.factories import MORNING, TODAY, City, city, holder, organ, person
from youwei.desk.tests.test_by_hand_browser import fits, step
from youwei.desk.tests.test_cases_browser import record as recorded
from youwei.journal.actors import Actor
from youwei.organs.models import Role

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True), pytest.mark.req("F1", "F2", "F3", "F6")]
DAY = date(2026, 9, 21)
UNIT = {"behalf": "区住建局党组"}
MEMBERS = [{"member": "甘棠"}]


@pytest.fixture
def place(transactional_db: None) -> City:
    found = city()
    organ("青溪区委组织部", "organization", found.district)
    return found


def looked_into(case: Case) -> None:
    """From the proposal to the joint study, which the browser need not see."""
    both: dict[str, Any] = {"assigned": ["方知行", "甘棠"]}
    record(case, "accept", DAY, {"accepted": True})
    record(case, "register", DAY, both)
    record(
        case,
        "inquire",
        DAY,
        {
            "facts": "略",
            "intent": True,
            "procedure": True,
            "result": True,
            "discipline": True,
            "positive": ["先行先试"],
        },
    )
    record(
        case,
        "hear",
        DAY,
        {
            "outcome": "已进行",
            "mode": "当面",
            "place": "会议室",
            "people": both["assigned"],
            "heard": ["本人"],
            "account": "略",
        },
    )
    record(case, "study", DAY, {"attendance": MEMBERS, "advice": "容错", "grave": False, "reasons": "略"})
    act(case, "sign", DAY, step="study", part="organization")


@pytest.mark.walks("tolerance")
def test_considered_waited_for_decided_and_told(
    page: Page, live_server: LiveServer, sign_in: SignIn, place: City
) -> None:
    clerk = holder(Role.CASE_OFFICER, place.commission, "clerk")
    leader = holder(Role.LEADER, place.commission, "leader", "岑伯安")
    stamp: dict[str, Any] = {"on": TODAY, "at": MORNING}
    cited = guiding.write(organ=place.commission, text=TEXT, by=Actor("方知行"), **stamp)
    guiding.publish(row=cited.pk, seen=1, by=Actor("甘棠"), **stamp)
    sign_in(clerk)
    page.goto(f"{live_server.url}/people/{person(place.unit).pk}/")
    page.get_by_role("link", name="开办事项").click()
    page.get_by_role("link", name="问责（容错前置审核）", exact=True).click()
    page.fill("[name=on]", "2026-9-21")
    page.locator("[name*=accountability]").fill(place.commission.name)
    fits(page)
    page.get_by_role("button", name="立项").press("Enter")
    expect(page.locator(".yw-messages")).to_contain_text("已立项")
    case = Case.objects.get()
    step(
        page,
        live_server,
        case,
        "receive",
        "2026-9-21",
        {"source": "监督检查", "grounds": "履职不力", "facts": "工序合并后返工"},
    )
    step(page, live_server, case, "consider", "2026-9-21", {"fits": "yes", "reasons": "经过集体研究，没有谋取私利"})
    sign_in(leader)
    step(page, live_server, case, "check", "2026-9-21", {"opinion": "同意"})
    sign_in(clerk)
    step(page, live_server, case, "tolerance", "2026-9-21", {})
    child = Case.objects.exclude(pk=case.pk).get()
    step(
        page, live_server, child, "propose", "2026-9-21",
        {"phase": "容中", "start": "组织主动启动", "matter": "工序合并后返工", "request": "属先行先试"},
    )  # fmt: skip
    expect(page.get_by_role("link", name="容错申请表.docx")).to_be_visible()
    looked_into(child)
    sign_in(leader)
    page.goto(f"{live_server.url}/cases/{child.pk}/?step=determine")
    page.locator("[name=cites-typed]").press_sequentially("返工")
    page.get_by_role("button", name=re.compile("先行先试出现返工")).click()
    expect(page.locator(".yw-token", has_text="某市，2024年")).to_be_visible()
    fits(page)
    page.fill("[name=on]", "2026-9-21")
    page.fill('[name="attendance-0-member"]', "岑伯安")
    page.check('[name=decision][value="免责"]')
    page.fill("[name=reasons]", "四个方面都符合")
    recorded(page)
    expect(page.get_by_role("link", name="容错认定书.docx")).to_be_visible()
    expect(page.get_by_text("先行先试出现返工（某市，2024年）").first).to_be_visible()
    sign_in(clerk)
    told = {"conclusion": "免责", "told": "本人", "told_on": "2026-9-22"}
    step(page, live_server, child, "notify", "2026-9-22", told)
    expect(page.get_by_role("link", name="容错结果反馈函.docx")).to_be_visible()
    fits(page)
    step(page, live_server, child, "answer", "2026-9-23", UNIT | {"objects": "no"})
    step(page, live_server, child, "correct", "2026-9-24", UNIT | {"measures": "补做了复核", "gap": "no"})
    sign_in(leader)
    step(page, live_server, child, "confirm", "2026-9-25", {"opinion": "同意"})
    sign_in(clerk)
    step(page, live_server, child, "file", "2026-9-28", {"filed_to": "云川市纪委监委", "month": "2026年9月"})
    expect(page.locator(".yw-messages")).to_contain_text("本事项办结：")
    step(page, live_server, case, "drop", "2026-9-28", {"told": "本人"})
    expect(page.locator(".yw-messages")).to_contain_text("本事项办结：予以容错，不提出问责")
    page.goto(f"{live_server.url}/guiding/")
    page.get_by_role("link", name=TEXT.title).click()
    fits(page)
