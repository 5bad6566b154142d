"""A class of recalled officials in a browser: list, attendance, essays and marks landed on each, the end; then each goes on by their marks."""

from datetime import date
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.support.cast import SignIn
from youwei.cases import batches
from youwei.cases.by_hand import open_by_hand
from youwei.cases.logs import packs
from youwei.cases.models import Case, Done
from youwei.cases.tests.builders import CLERK, act, moment, record
from youwei.desk.tests.factories import City, city, holder, person
from youwei.desk.tests.test_batches_browser import press
from youwei.desk.tests.test_by_hand_browser import fill, fits, step
from youwei.organs.models import Role
from youwei.rulebook.pack_types import PackRef

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True), pytest.mark.req("G3", "G7", "B9")]
DAY = date(2026, 9, 7)  # a Monday; the day of the browser is 29 September
STAMP: dict[str, Any] = {"by": CLERK, "on": DAY, "at": moment(DAY), "today": DAY}
TALK: dict[str, Any] = {
    "outcome": "已进行", "mode": "当面", "place": "会议室", "people": ["方知行"], "heard": ["本人"], "account": "谈了情况",
}  # fmt: skip
VOTES: dict[str, Any] = {"attendance": [{"member": "岑伯安", "view": "同意", "vote": "同意"}]}
SCHEME: dict[str, Any] = {
    "starts_on": date(2026, 9, 16), "place": "区委党校", "staff": [{"id": "1", "name": "方知行", "organ": "组织部"}],
    "sessions": [{"id": "1", "day": date(2026, 9, 16), "course": "党纪政纪法规", "kind": "授课"}],
    "rota": [{"id": "1", "day": date(2026, 9, 16), "organ": "督查局", "name": "甘棠"}],
}  # fmt: skip
WRITTEN = {
    "starts_on": "2026-9-16", "place": "区委党校", "staff-0-name": "方知行", "staff-0-organ": "组织部",
    "sessions-0-day": "2026-9-16", "sessions-0-course": "党纪政纪法规", "sessions-0-kind": "授课",
    "rota-0-day": "2026-9-16", "rota-0-organ": "督查局", "rota-0-name": "甘棠",
}  # fmt: skip


@pytest.fixture
def place(transactional_db: None) -> City:
    return city()


def recalled(place: City, name: str) -> Case:
    """Somebody heard and recalled by the joint meeting; whether there is an objection is still to be said."""
    case = open_by_hand(
        thing=person(place.unit, name), family="recall", role="office", organ=place.commission, said={}, **STAMP
    )
    nominated = {"source": "单位上报", "situation": ["不作为"], "facts": "拖拉", "head": False, "quota": False}
    record(case, "nominate", DAY, nominated)
    record(case, "hear", DAY, TALK)
    record(case, "decide", DAY, VOTES | {"decision": "召回", "reasons": "情形属实"})
    record(case, "inform", DAY, TALK | {"decision_on": DAY, "class_on": date(2026, 9, 16), "right": True})
    return case


def unopposed(case: Case) -> Case:
    act(case, "exempt", DAY, step="answer", values={"ground": "本人未提出"}, reason="没有异议")
    return case


def todo(page: Page, server: LiveServer, batch: Case, name: str) -> None:
    """From the page of the class to what is to be done."""
    page.goto(f"{server.url}/batches/{batch.pk}/")
    page.locator("section[aria-labelledby=todo-t]").get_by_role("link", name=name).first.click()
    page.wait_for_load_state()


def landed(page: Page, count: int) -> None:
    press(page, "下一步：核对")
    expect(page.get_by_text(f"{count}人都可以记录")).to_be_visible()
    press(page, "确认记录")
    expect(page.get_by_role("heading", name=f"已记录{count}件")).to_be_visible()


def test_from_the_opening_to_a_list_of_those_who_are_ready(
    page: Page, live_server: LiveServer, sign_in: SignIn, place: City
) -> None:
    clerk = holder(Role.CASE_OFFICER, place.commission, "clerk")
    leader = holder(Role.LEADER, place.commission, "leader", "岑伯安")
    unopposed(recalled(place, "许南舟"))
    recalled(place, "白鹭洲")
    unopposed(recalled(place, "顾怀谦"))
    sign_in(clerk)
    page.goto(f"{live_server.url}/batches/")
    page.get_by_role("link", name="召回干部集中教育培训班").first.click()
    fill(page, {"name": "第一期", "on": "2026-9-8"})
    press(page, "立项")
    expect(page.get_by_role("heading", name="召回干部集中教育培训班（第一期）")).to_be_visible()
    batch = Case.objects.get(procedure="recall-class")
    todo(page, live_server, batch, "办班方案")
    fill(page, {"on": "2026-9-8", **WRITTEN, "rota-0-name": ""})
    page.get_by_role("button", name="记录：").press("Enter")
    expect(page.get_by_text("值班人").first).to_be_visible()
    expect(page.locator("[name=sessions-0-course]")).to_have_value("党纪政纪法规")
    fits(page)
    step(page, live_server, batch, "scheme", "2026-9-8", WRITTEN)
    sign_in(leader)
    step(page, live_server, batch, "approve_scheme", "2026-9-9", {"opinion": "同意"})

    sign_in(clerk)
    todo(page, live_server, batch, "确定学员名单")
    expect(page.get_by_role("heading", name="拟2人")).to_be_visible()
    expect(page.get_by_text("还没有办完“联席会复议”（现在办：本人陈述、异议）")).to_be_visible()
    fits(page)
    fill(page, {"on": "2026-9-15"})
    press(page, "确定名单，共2人")
    expect(page.locator(".yw-messages")).to_contain_text("名单已经确定，共2人")
    expect(page.get_by_role("link", name="许南舟", exact=True)).to_be_visible()
    expect(page.get_by_role("link", name="白鹭洲", exact=True)).to_have_count(0)


def running(place: City, *cases: Case) -> Case:
    """A class whose scheme is approved and whose list is fixed."""
    batch = batches.open_batch(
        pack=packs()[PackRef("recall-class", "2016.01")], name="第一期", organ=place.commission, **STAMP
    )
    record(batch, "scheme", DAY, SCHEME)
    record(batch, "approve_scheme", DAY, {"opinion": "同意"})
    listed = [batches.Fixed(case.subject_organ_id, case.person_id, case=case.pk) for case in cases]
    batches.freeze(batch=batch, step="cohort", fixed=listed, **STAMP)
    while batches.join_next(batch=batch, by=CLERK, at=moment(DAY), today=DAY):
        pass
    return batch


@pytest.mark.walks("recall-class")
def test_attendance_essays_and_marks_land_on_each_who_goes_on_by_them_and_the_class_ends(
    page: Page, live_server: LiveServer, sign_in: SignIn, place: City
) -> None:
    clerk = holder(Role.CASE_OFFICER, place.commission, "clerk")
    unit = holder(Role.UNIT, place.unit, "unit", "区住建局党组")
    passed, failed, gone = (unopposed(recalled(place, name)) for name in ("许南舟", "白鹭洲", "顾怀谦"))
    batch = running(place, passed, failed, gone)
    sign_in(clerk)
    todo(page, live_server, batch, "上课、参观")
    fill(page, {"on": "2026-9-16", "day": "2026-9-16", "course": "党纪政纪法规", "watcher": "甘棠"})
    page.get_by_label("许南舟 出勤").select_option("到")
    page.get_by_label("白鹭洲 出勤").select_option("迟到")
    page.get_by_label("白鹭洲 违反课堂纪律").fill("打瞌睡")
    press(page, "下一步：核对")
    expect(page.get_by_text("下面的名单里有填写不全或不对的")).to_be_visible()  # nobody is silently absent
    expect(page.get_by_label("白鹭洲 违反课堂纪律")).to_have_value("打瞌睡")
    fits(page)
    page.get_by_label("顾怀谦 不记的理由").fill("照料患病家属，下期再办")
    landed(page, 2)
    page.goto(f"{live_server.url}/batches/{batch.pk}/leave/3/")
    fill(page, {"on": "2026-9-17", "reason": "照料患病家属，下期再办"})
    press(page, "记下退出")

    todo(page, live_server, batch, "宣传引导")
    fill(page, {"on": "2026-9-17", "way": "电视访谈", "what": "第一期", "anonymous": "no"})
    page.get_by_role("button", name="记录：").press("Enter")
    expect(page.get_by_text("宣传不得公开学员姓名和分数").first).to_be_visible()
    fill(page, {"anonymous": "yes"})
    page.get_by_role("button", name="记录：").press("Enter")
    expect(page.locator(".yw-messages")).to_contain_text("已记录")

    todo(page, live_server, batch, "收交心得体会")
    fill(page, {"on": "2026-9-21"})
    for name in ("许南舟", "白鹭洲"):
        page.get_by_label(f"{name} 心得体会").fill("认识到了拖拉的害处")
    landed(page, 2)
    todo(page, live_server, batch, "考试和量化考核")
    fill(page, {"on": "2026-9-22"})
    for name, exam in (("许南舟", "650"), ("白鹭洲", "40")):
        for title, mark in (("考试", exam), ("心得体会", "50"), ("遵守纪律", "80")):
            page.get_by_label(f"{name} {title}").fill(mark)
    press(page, "下一步：核对")
    expect(page.get_by_text("不能大于100，请核对")).to_be_visible()
    page.get_by_label("许南舟 考试").fill("65")
    landed(page, 2)  # 65×50%+50×20%+80×30% = 66.5; 40×50%+50×20%+80×30% = 54
    step(page, live_server, batch, "summary", "2026-9-23", {"text": "两人结业，一人下期再办"})
    expect(page.locator(".yw-messages")).to_contain_text("本事项办结：已结业")
    page.goto(f"{live_server.url}/batches/{batch.pk}/")
    expect(page.get_by_text("退出1人").first).to_be_visible()
    for mark in ("65", "40", "66.5"):
        expect(page.get_by_text(mark, exact=True)).to_have_count(0)  # marks are ranked nowhere
    fits(page)

    page.goto(f"{live_server.url}/cases/{passed.pk}/")
    expect(page.get_by_text("66.5分，合格")).to_be_visible()  # the office that gave the marks reads them
    work = {"project": "老旧小区改造攻坚", "tracker": place.unit.name}
    step(page, live_server, failed, "place_hard", "2026-9-24", work)
    expect(page.get_by_text("54分，不合格")).to_be_visible()
    expect(page.get_by_text("打瞌睡").first).to_be_visible()
    sign_in(unit)
    page.goto(f"{live_server.url}/cases/{passed.pk}/?step=place_own")
    expect(page.locator("[name=work]")).to_be_visible()
    expect(page.get_by_text("66.5分")).to_have_count(0)
    expect(page.get_by_text("65", exact=True)).to_have_count(0)  # the unit reads that it is its turn, not the mark
    step(page, live_server, passed, "place_own", "2026-9-24", {"work": "老旧小区改造", "tracker": place.unit.name})
    placed = Done.objects.filter(step__startswith="place_").order_by("case")
    assert list(placed.values_list("case", "step")) == [(passed.pk, "place_own"), (failed.pk, "place_hard")]
    assert not Done.objects.filter(case=gone, step__in=("attendance", "reflection", "score")).exists()
