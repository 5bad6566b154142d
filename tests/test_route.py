"""One decision walks through the house, from a line of an office's table to a figure. Read this first.

Every part stands in one room, in the order in which the rooms import each other:
intake stages the line, people and decisions keep what it tells, cases open what has to be done, the desk shows it,
documents issue the paper, statistics count.
All of it is invented; the days were counted by hand from the law and from the State Council's notice for 2026.
"""

import io
from datetime import UTC, date, datetime
from typing import Any

import pytest
import xlsxwriter

from tests.support.cast import Cast
from youwei.cases import commands, taking
from youwei.cases.models import Case, Done, OpenStep
from youwei.cases.queries import view
from youwei.decisions.models import Decision, Period
from youwei.desk.work.queries import groups
from youwei.documents.issuing import issue
from youwei.engine.types import EntryKind
from youwei.intake.commands import stage
from youwei.intake.models import Import
from youwei.intake.queries import staged_rows
from youwei.journal.actors import Actor
from youwei.journal.queries import records, verify
from youwei.organs.models import Account
from youwei.organs.policy import reader
from youwei.organs.queries import calendar
from youwei.people.models import Person
from youwei.statistics.queries import figures

pytestmark = [pytest.mark.django_db, pytest.mark.req("A1", "A2", "B1", "B6", "J1", "K6")]

LINE = {
    "姓名": "许 南舟",
    "性别": "男",
    "出生年月": "1985.08",
    "政治面貌": "中共党员",
    "单位及职务": "青溪区水利局副局长",
    "职级": "乡科级副职",
    "干部管理权限": "区管干部",
    "四种形态": "第二种形态",
    "党纪处分": "党内严重警告",
    "决定文号": "青纪发〔2026〕19号",
    "决定机关": "青溪区纪委监委",
    "决定日期": "2026年3月12日",
    "生效日期": "2026/03/12",
    "违纪行为终止时间": "2025.6.30",
}
ENTERED = date(2026, 3, 16)  # the Monday after
SPRING = (date(2026, 1, 1), date(2026, 6, 30))


def test_one_decision_walks_through_the_house(cast: Cast) -> None:
    # An officer uploads a table. Its line is read, checked and staged; nothing else is written.
    batch = upload(cast, LINE)
    assert [row.outcome for row in staged_rows(batch)] == ["create"]
    assert not Person.objects.exists()

    # Confirmed, it becomes a person and a decision ...
    taking.take_in(batch=batch, by=actor(cast.officer), at=moment(ENTERED), today=ENTERED)
    person, decision = Person.objects.get(), Decision.objects.get()
    assert (person.name, person.organ, person.post) == ("许南舟", cast.bureau, "副局长")
    assert (decision.number, decision.counted_at) == ("青纪发〔2026〕19号", cast.district)
    assert [entry.kind for entry in records("person", person.pk)] == ["person.registered", "decision.recorded"]

    # ... with the period the law answers: a severe warning bars promotion for one year and six months
    # (Regulations of 2023, in force at the act), from 12 March 2026 to the day before 12 September 2027.
    period = Period.objects.get()
    assert (period.months, period.last_day) == (18, date(2027, 9, 11))
    assert (period.first_eligible_on, period.unsettled) == (date(2027, 9, 12), [])

    # The packs in force open what has to be done: to announce within the statutory month, to visit, and to carry the decision out.
    announcing, visiting, executing = Case.objects.order_by("procedure").reverse()
    procedures = ("statutory-announcement", "jingzhou-visit", "execution")
    assert (announcing.procedure, visiting.procedure, executing.procedure) == procedures
    # One month from 12 March ends on Sunday 12 April, so on Monday.
    assert due(announcing, "announce") == date(2026, 4, 13)
    # Ten working days after 16 March: 17–20 March are four, 23–27 nine, the 30th is the tenth.
    assert due(visiting, "group") == due(visiting, "mentor") == date(2026, 3, 30)

    # The desk tells the officer, and the unit what is the unit's.
    wanted = {
        "在规定范围内宣布处分决定",
        "成立回访教育小组、建立档案",
        "送达处分（处理）决定",
        "书面告知组织、人事等有关机关",
    }
    later = {"没收、追缴或者责令退赔违纪违法所得，纠正其他利益", "制发建议书并督促落实"}
    assert on_desk(cast.officer, ENTERED) == wanted | later
    assert on_desk(unit_of(cast), ENTERED) == {"指定教育帮带人", "向作出决定的机关报告执行情况"}

    # They do it, and the first visit falls due three months later: 20 June is a Saturday, so on Monday the 22nd.
    record(visiting, "group", date(2026, 3, 18), cast.officer, **GROUP)
    record(visiting, "mentor", date(2026, 3, 20), unit_of(cast), **MENTOR)
    assert due(visiting, "visit", "1") == date(2026, 6, 22)

    # The visit is held by two, says how it went, and cannot end without saying what comes next.
    with pytest.raises(commands.Rejected) as refused:
        record(visiting, "visit", date(2026, 6, 17), cast.officer, key="1", **VISIT | {"next_on": None})
    assert [fault.field for fault in refused.value.faults] == ["why_none"]
    seq = record(visiting, "visit", date(2026, 6, 17), cast.officer, key="1", **VISIT)
    assert due(visiting, "visit", "2") == date(2026, 9, 17)

    # The record is poured into the Word paper the pack names.
    seen = view(visiting, date(2026, 6, 17))
    standing = seen.standing["visit"]["1"]
    stamp: dict[str, Any] = {"by": actor(cast.officer), "at": moment(date(2026, 6, 17))}
    papers = issue(case=visiting, step=seen.pack.steps["visit"], pack=seen.pack, standing=standing, **stamp)
    assert [(paper.kind, paper.entry_seq) for paper in papers] == [("visit-record", seq)]

    # What was done is kept for the figures ...
    done = Done.objects.filter(case=visiting).order_by("entry_seq")
    assert [(row.step, row.on, row.late) for row in done] == [
        ("group", date(2026, 3, 18), False),
        ("mentor", date(2026, 3, 20), False),
        ("visit", date(2026, 6, 17), False),
    ]
    # ... which count one decision, one person, one file, one visit, one announcement that was missed.
    found = figures(cast.district, *SPRING, today=date(2026, 6, 30))
    assert {key: found.value(key) for key in COUNTED} == COUNTED

    # And every line of every log still proves itself.
    assert verify() == []


def test_a_decision_on_a_cadre_of_the_city_is_announced_in_seven_working_days(cast: Cast) -> None:
    batch = upload(cast, {**LINE, "干部管理权限": "市管干部"})
    taking.take_in(batch=batch, by=actor(cast.officer), at=moment(ENTERED), today=ENTERED)
    announcing = Case.objects.get(procedure="announcement")
    record(announcing, "exemption", ENTERED, cast.officer, ground="无")
    record(announcing, "read_alone", date(2026, 3, 17), cast.officer, **TALK)
    # 13 March is the first; 16–20 make six; Monday the 23rd is the seventh.
    assert due(announcing, "announce") == date(2026, 3, 23)
    assert not Case.objects.filter(procedure="statutory-announcement").exists()


GROUP: dict[str, Any] = {"leader": "岑伯安", "people": ["方知行", "甘棠"], "shelf": "青-2026-0019"}
MENTOR: dict[str, Any] = {"person": "乐山川", "post": "工会主席", "clean": True, "apart": True}
VISIT: dict[str, Any] = {
    "contacted": True,
    "outcome": "已进行",
    "planned": True,
    "mode": "谈话",
    "place": "水利局二楼会议室",
    "people": ["方知行", "甘棠"],
    "heard": ["本人", "所在单位负责人"],
    "account": "谈了近况和工作，情绪平稳。",
    "execution": "已执行到位",
    "management": "已落实",
    "next_on": date(2026, 9, 17),
}
TALK: dict[str, Any] = {
    "outcome": "已进行",
    "mode": "当面",
    "place": "区纪委监委谈话室",
    "people": ["方知行", "甘棠"],
    "heard": ["本人"],
    "account": "宣读决定，本人表示接受。",
}
COUNTED = {
    "decisions": 1,
    "people": 1,
    "decisions.form2": 1,
    "file.with": 1,
    "visits.times": 1,
    "visits.people": 1,
    "announced.late": 1,
}


def upload(cast: Cast, line: dict[str, str]) -> Import:
    """The officer's upload of a table with one line."""
    held = io.BytesIO()
    with xlsxwriter.Workbook(held, {"in_memory": True}) as book:
        sheet = book.add_worksheet("台账")
        sheet.write_row(0, 0, line.keys())
        sheet.write_row(1, 0, line.values())
    return stage(
        organ=cast.commission, data=held.getvalue(), filename="台账.xlsx", mode=Import.Mode.CURRENT, by=actor(cast.officer),
        at=moment(ENTERED), on=ENTERED, matcher=taking.matcher(cast.commission),
    )  # fmt: skip


def record(case: Case, step: str, on: date, by: Account, key: str = "", **values: Any) -> int:
    """Record a step on the day it was done."""
    return commands.act(
        case=case,
        kind=EntryKind.RECORD,
        by=actor(by),
        on=on,
        at=moment(on),
        today=on,
        step=step,
        key=key,
        values=values,
    )


def due(case: Case, step: str, key: str = "") -> date | None:
    return OpenStep.objects.get(case=case, step=step, key=key).due_on


def on_desk(account: Account, today: date) -> set[str]:
    """What the account's own desk asks for."""
    found = groups(reader(account, today), calendar(), today, "mine")
    return {what for group in found for line in group.lines if not line.waiting_for for what in (line.what, *line.also)}


def unit_of(cast: Cast) -> Account:
    return next(account for role, account in cast.accounts.items() if role == "unit")


def actor(account: Account) -> Actor:
    return Actor(account.name, account.pk)


def moment(day: date) -> datetime:
    """Half past nine in the morning in China."""
    return datetime(day.year, day.month, day.day, 1, 30, tzinfo=UTC)
