"""Sixty names in one letter, held by a check of tolerance and freed again; and an answer that was sent, put right by a letter. In a browser."""

import io
import re
from datetime import date

import pytest
from docx import Document
from playwright.sync_api import Download, Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.support.cast import SignIn
from youwei.cases.commands import NewCase, open_many
from youwei.cases.facts import person_facts
from youwei.cases.logs import packs
from youwei.cases.models import Case
from youwei.cases.tests.builders import act, record
from youwei.desk.tests.factories import (
    CLERK,
    EARLIER,
    MORNING,
    TODAY,
    City,
    city,
    decide,
    holder,
    organ,
    person,
    signed_in,
)
from youwei.desk.tests.test_by_hand_browser import fill, fits, step
from youwei.desk.tests.test_cases_browser import record as recorded
from youwei.desk.tests.test_names import LETTER, check, identity, register
from youwei.desk.tests.test_names_browser import step as plain_step
from youwei.journal.queries import records
from youwei.organs.models import Account, Role
from youwei.people.commands import build, register_many
from youwei.people.models import Person

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
MANY = 60
FAMILY, GIVEN = "许沈郑卓钟温", ("南舟", "望", "秋", "闻溪", "明远", "如许", "知行", "若川", "怀谦", "云岫")
NAMES = [f"{family}{given}" for family in FAMILY for given in GIVEN]  # sixty names, each once
DAY = date(2026, 9, 21)


@pytest.fixture
def place(transactional_db: None) -> City:
    return city()


@pytest.fixture
def staff(place: City) -> dict[str, Account]:
    return {
        "clerk": holder(Role.CASE_OFFICER, place.commission, "clerk"),
        "petition": holder(Role.CASE_OFFICER, place.commission, "petition", "信访甲"),
        "supervision": holder(Role.CASE_OFFICER, place.commission, "supervision", "监督乙"),
        "leader": holder(Role.LEADER, place.commission, "leader", "岑伯安"),
    }


def checked_for_tolerance(someone: Person, place: City) -> Case:
    """Opened, and not yet decided: it holds every answer about the person."""
    pack = next(pack for ref, pack in sorted(packs().items()) if pack.holds_replies and "person" in pack.about)
    facts = person_facts(someone, DAY) | {
        "organ.organization": str(organ("青溪区委组织部", "organization", place.district).pk)
    }
    facts |= {"organ.case": str(place.commission.pk), "organ.accountability": str(place.commission.pk)}
    new = NewCase(pack=pack, organ=place.commission, subject_organ=place.unit, person=someone, facts=facts)
    return open_many([new], by=CLERK, on=DAY, at=MORNING, today=TODAY)[0]


def decided(case: Case) -> None:
    """The check comes to its end: nobody is held to account."""
    for name, values in (
        ("receive", {"source": "监督检查", "grounds": ["履职不力"], "facts": "工序合并后返工"}),
        ("consider", {"fits": False, "reasons": "没有经过集体研究"}),
        ("check", {"opinion": "同意"}),
        ("propose", {"measure": "批评教育", "reasons": "情节轻微"}),
        ("decide", {"attendance": [{"member": "甘棠"}], "decision": "不予问责", "reasons": "情节轻微"}),
    ):
        record(case, name, DAY, values, entered=TODAY)
        case.refresh_from_db()
    act(case, "sign", DAY, step="decide", part="organization", entered=TODAY)


def signed(page: Page, server: LiveServer, sign_in: SignIn, staff: dict[str, Account], case: Case, name: str) -> None:
    for part in ("petition", "supervision"):
        sign_in(staff[part])
        page.goto(f"{server.url}/cases/{case.pk}/?step={name}&part={part}")
        fill(page, {"verdict": "agree"})
        page.get_by_role("button", name="签署：").press("Enter")
        expect(page.locator(".yw-messages")).to_contain_text("已签署")


def words(download: Download) -> str:
    document = Document(io.BytesIO(download.path().read_bytes()))
    return str([[cell.text for cell in row.cells] for table in document.tables for row in table.rows])


def registered(page: Page, server: LiveServer, lines: list[str]) -> Case:
    """The letter opened and its names pasted."""
    page.goto(f"{server.url}/opening/of/{LETTER}/")
    page.fill("[name=letter-from]", "青溪区委组织部")
    page.fill("[name=letter-number]", "青组函〔2026〕8号")
    page.get_by_role("button", name="立项").press("Enter")
    expect(page.locator(".yw-messages")).to_contain_text("已立项")
    page.locator(".yw-formbar").get_by_role("link", name="登记来函和名单").click()
    page.fill("[name=received_on]", "2026-9-29")
    page.check("[name=intent][value='晋升职务']")
    page.fill("[name=pasted]", "\n".join(lines))
    page.get_by_role("button", name="登记名单").press("Enter")
    expect(page.locator(".yw-messages")).to_contain_text("其中1人没有凭身份证号核对到")
    return Case.objects.get(procedure=LETTER)


def all_checked(page: Page, server: LiveServer, case: Case, namesake: Person) -> None:
    """Who is meant, then what is answered of each; what the rule refuses is refused for all."""
    page.goto(f"{server.url}/cases/{case.pk}/rows/identify/")
    page.select_option(f"[name=r{MANY}-person]", str(namesake.pk))
    page.get_by_role("button", name="为1人记录").press("Enter")
    expect(page.locator(".yw-messages")).to_contain_text("已为1人记录")
    page.goto(f"{server.url}/cases/{case.pk}/rows/check/")
    expect(page.get_by_role("heading", name=f"按规定查询并提出意见：{MANY}人")).to_be_visible()
    expect(page.locator("[name=r1-reply]")).to_have_value("影响期、处分期未满")
    expect(page.locator("[name=r2-reply]")).to_have_value("有事项正在核实，暂不答复")
    expect(page.locator("[name=r3-reply]")).to_have_value("系统内未见记录")
    fits(page)
    page.select_option("[name=r2-reply]", "无不同意见")
    page.get_by_role("button", name=f"为{MANY}人记录").press("Enter")
    expect(page.get_by_text("办结以前不能答复").first).to_be_visible()
    page.select_option("[name=r2-reply]", "有事项正在核实，暂不答复")
    page.get_by_role("button", name=f"为{MANY}人记录").press("Enter")
    expect(page.locator(".yw-messages")).to_contain_text(f"已为{MANY}人记录")


@pytest.mark.walks("eligibility-reply")
@pytest.mark.req("D1", "F2", "J6")
def test_sixty_names_are_held_by_a_check_of_tolerance_freed_approved_and_answered(
    page: Page, live_server: LiveServer, sign_in: SignIn, place: City, staff: dict[str, Account]
) -> None:
    everybody = [build(organ=place.unit, name=name, identity=identity(number)) for number, name in enumerate(NAMES, 1)]
    people = register_many(everybody, by=CLERK, on=EARLIER.date(), at=EARLIER)
    person(place.unit, NAMES[-1], post="科员")  # a namesake: of two the officer chooses
    decide(people[0], place.commission, "党内警告")
    pending = checked_for_tolerance(people[1], place)
    sign_in(staff["clerk"])
    lines = [f"{number}\t{name}\t区住建局\t{identity(number)}" for number, name in enumerate(NAMES[:-1], 1)]
    case = registered(page, live_server, [*lines, f"{MANY}\t{NAMES[-1]}\t区住建局"])
    all_checked(page, live_server, case, people[-1])
    plain_step(page, live_server, case, "gather", {"summary": "共六十人，一人影响期未满，一人正在核实"})
    expect(page.get_by_role("button", name="签署：")).to_have_count(0)  # the officer's own text is for others to sign
    signed(page, live_server, sign_in, staff, case, "gather")

    decided(pending)
    sign_in(staff["leader"])
    page.goto(f"{live_server.url}/cases/{case.pk}/?step=approve")
    page.get_by_role("button", name=re.compile("^记录：")).press("Enter")
    expect(page.get_by_text(f"{NAMES[1]}：2026年9月29日查询是“待核”，2026年9月29日是“未见记录”").first).to_be_visible()
    sign_in(staff["clerk"])
    (seq,) = [each.seq for each in records("case", case.pk) if (each.step, each.key) == ("check", "2")]
    page.goto(f"{live_server.url}/cases/{case.pk}/act/correct/?target={seq}")
    fill(page, {"reply": "系统内未见记录", "reason": "容错前置审核已经办结，不予问责"})
    page.get_by_role("button", name="更正这条记录").press("Enter")
    expect(page.locator(".yw-messages")).to_contain_text("已记录：更正")
    sign_in(staff["leader"])
    plain_step(page, live_server, case, "approve", {"opinion": "同意"})
    sign_in(staff["clerk"])
    plain_step(page, live_server, case, "reply", {"number": "青纪函〔2026〕3号", "to": "青溪区委组织部"})
    expect(page.locator(".yw-messages")).to_contain_text("本事项办结：已答复")
    with page.expect_download() as saved:
        page.get_by_role("link", name="征求意见函的答复.docx").first.click()
    told = words(saved.value)
    assert [name for name in NAMES if name not in told] == []
    assert (told.count("影响期、处分期未满"), told.count("暂不答复"), told.count("系统内未见记录")) == (
        1,
        0,
        2 * (MANY - 1),
    )
    fits(page)


@pytest.fixture
def marked(place: City, staff: dict[str, Account]) -> Person:
    """Answered with a bar by a letter that was sent; the bar's decision is still to be withdrawn."""
    client, known = signed_in(staff["clerk"]), person(place.unit, "许南舟", identity=identity(1))
    decide(known, place.commission, "党内警告")
    url = f"/opening/letter/{place.commission.pk}/{LETTER}/"
    client.post(
        url, {"on": "2026-9-29", "letter-from": "青溪区委组织部", "letter-number": "青组函〔2026〕8号", "token": "t"}
    )
    letter = Case.objects.get(procedure=LETTER)
    register(client, letter, f"许南舟\t{identity(1)}")
    check(client, letter, r1="影响期、处分期未满")
    base, day = f"/cases/{letter.pk}", {"on": "2026-9-29", "seen": "99"}
    client.post(f"{base}/record/gather/", {**day, "summary": "共一人", "token": "g"})
    for part in ("petition", "supervision"):
        signer = signed_in(staff[part])
        signer.post(f"{base}/sign/gather/", {**day, "part": part, "opinion": "同意", "verdict": "agree", "token": part})
    signed_in(staff["leader"]).post(f"{base}/record/approve/", {**day, "opinion": "同意", "token": "a"})
    client.post(f"{base}/record/reply/", {**day, "number": "青纪函〔2026〕3号", "to": "青溪区委组织部", "token": "r"})
    letter.refresh_from_db()
    assert letter.state == Case.State.ENDED
    return known


@pytest.mark.walks("reply-correction")
@pytest.mark.req("D1", "A6")
def test_a_decision_is_withdrawn_and_the_answer_that_rested_on_it_put_right(
    page: Page, live_server: LiveServer, sign_in: SignIn, staff: dict[str, Account], marked: Person
) -> None:
    sign_in(staff["clerk"])
    page.goto(f"{live_server.url}/ledger/{marked.decisions.get().pk}/")
    page.get_by_role("link", name="撤销", exact=True).click()
    page.get_by_label("自哪天起").fill("2026-9-29")
    page.get_by_label("申诉").check()
    page.get_by_label("青溪区纪委监委").check()
    page.get_by_label("理由").fill("复查认为事实不清")
    page.get_by_role("button", name="看看会变什么").press("Enter")
    page.get_by_role("button", name="确认，写入").press("Enter")
    expect(page.get_by_text("已撤销").first).to_be_visible()
    page.goto(f"{live_server.url}/people/{marked.pk}/")
    expect(page.get_by_text("须重新核对").first).to_be_visible()
    page.get_by_role("link", name="重新核对，写更正函").click()
    fill(page, {"verdict": "start"})
    page.get_by_role("button", name="确认", exact=True).press("Enter")
    expect(page.locator(".yw-messages")).to_contain_text("更正答复")
    case = Case.objects.get(procedure="reply-correction")

    page.goto(f"{live_server.url}/cases/{case.pk}/?step=recheck")
    for told in ("影响期、处分期未满", "复查认为事实不清", "今天按规定查询"):
        expect(page.get_by_text(told).first).to_be_visible()
    fits(page)
    fill(page, {"reply": "影响期、处分期未满"})
    page.get_by_role("button", name=re.compile("^记录：")).press("Enter")
    expect(page.get_by_text("没有未满的影响期、处分期").first).to_be_visible()
    fill(page, {"reply": "系统内未见记录"})
    recorded(page)
    signed(page, live_server, sign_in, staff, case, "recheck")
    sign_in(staff["leader"])
    step(page, live_server, case, "approve", "2026-9-29", {"opinion": "同意", "corrects": "发更正函"})
    sign_in(staff["clerk"])
    sent = {"number": "青纪函〔2026〕4号", "to": "青溪区委组织部", "why": "原处分决定已经撤销"}
    step(page, live_server, case, "send", "2026-9-29", sent)
    expect(page.locator(".yw-messages")).to_contain_text("本事项办结：已发更正函")
    with page.expect_download() as saved:
        page.get_by_role("link", name="更正函.docx").first.click()
    for told in ("许南舟", "影响期、处分期未满", "系统内未见记录", "原处分决定已经撤销"):
        assert told in words(saved.value), told
    page.goto(f"{live_server.url}/people/{marked.pk}/")
    expect(page.get_by_text("已发更正函").first).to_be_visible()
    expect(page.get_by_text("须重新核对")).to_have_count(0)
    fits(page)
