"""A return visit and an announcement, and short words for acting on them."""

from datetime import UTC, date, datetime
from typing import Any

from tests.support.cast import Cast
from youwei.cases import commands
from youwei.cases.commands import NewCase, open_many
from youwei.cases.facts import decision_facts
from youwei.cases.logs import packs
from youwei.cases.models import Case, Done, OpenStep
from youwei.decisions.commands import Given, NewDecision, record_many
from youwei.decisions.models import Decision
from youwei.engine.types import EntryKind
from youwei.journal.actors import Actor
from youwei.people.commands import build, register_many
from youwei.rulebook.law import load_law

CLERK, OTHER = Actor("方知行"), Actor("甘棠")
OPENED = date(2026, 3, 16)  # a Monday
GROUP: dict[str, Any] = {"leader": "岑伯安", "people": ["方知行", "甘棠"], "shelf": "青-2026-0019"}
MENTOR: dict[str, Any] = {"person": "乐山川", "post": "工会主席", "clean": True, "apart": True}
VISIT: dict[str, Any] = {
    "contacted": True, "outcome": "已进行", "planned": True, "mode": "谈话", "place": "会议室", "people": ["方知行", "甘棠"],
    "heard": ["本人"], "account": "谈了近况。", "execution": "已执行到位", "management": "已落实",
    "next_on": date(2026, 9, 17),
}  # fmt: skip
UNPLANNED: dict[str, Any] = {
    "outcome": "已进行", "planned": False, "mode": "电话", "place": "电话", "people": ["方知行", "甘棠"], "heard": ["本人"],
    "account": "问了家里的情况。", "cause": "听说家中有变故",
}  # fmt: skip
ASSESSMENT: dict[str, Any] = {
    "thinking": "认识到位", "work": "踏实", "discipline": "遵守", "unit_view": "表现好", "result": "好", "evaluation": "可以使用"
}  # fmt: skip
ANNOUNCED: dict[str, Any] = {
    "place": "会议室", "leading": False, "scope": ["本人", "党的基层组织全体党员"], "read_out": "方知行",
    "attendance": [{"member": "许南舟", "present": True}],
}  # fmt: skip


def moment(day: date) -> datetime:
    """Half past nine in the morning in China."""
    return datetime(day.year, day.month, day.day, 1, 30, tzinfo=UTC)


def case_of(cast: Cast, procedure: str = "jingzhou-visit", name: str = "许南舟", opened: date = OPENED) -> Case:
    """A case about a severe warning of 12 March 2026, whose period ends on 11 September 2027."""
    return cases_of(cast, 1, procedure, name, opened)[0]


def cases_of(
    cast: Cast, count: int, procedure: str = "jingzhou-visit", name: str = "许南舟", opened: date = OPENED
) -> list[Case]:
    """Several of them, opened at once."""
    stamp: dict[str, Any] = {"by": CLERK, "on": opened, "at": moment(opened)}
    pack = next(pack for ref, pack in packs().items() if ref.procedure == procedure)
    opening = [
        NewCase(
            pack=pack, organ=cast.commission, subject_organ=cast.bureau, person=decision.person, decision=decision,
            facts=decision_facts(decision, measures, periods, opened),
        )
        for decision, measures, periods in _recorded(cast, count, name, opened, "党内严重警告")
    ]  # fmt: skip
    return open_many(opening, today=opened, **stamp)


def decided(
    cast: Cast, count: int, name: str = "许南舟", recorded: date = OPENED, label: str = "党内严重警告"
) -> list[Decision]:
    """Decisions of 12 March 2026 on people of that name, without a case."""
    return [decision for decision, _, _ in _recorded(cast, count, name, recorded, label)]


def _recorded(cast: Cast, count: int, name: str, on: date, label: str) -> list[Any]:
    stamp: dict[str, Any] = {"by": CLERK, "on": on, "at": moment(on)}
    kind = load_law().recognise(label)
    assert kind is not None
    people = register_many([build(organ=cast.bureau, name=name, managed_by="区管干部") for _ in range(count)], **stamp)
    made = date(2026, 3, 12)
    news = [
        NewDecision(
            deciding_organ=cast.commission, counted_at=cast.district, measures=(Given(kind, label),), person=someone,
            unit=cast.bureau, made_on=made, effective_on=made, acts_until=date(2025, 6, 30), managed_by="区管干部",
        )
        for someone in people
    ]  # fmt: skip
    return record_many(news, convention="inclusive", **stamp)


def act(case: Case, kind: str, on: date, *, by: Actor = CLERK, entered: date | None = None, **more: Any) -> int:
    """One act, entered on the day it was done unless told otherwise."""
    day = entered or on
    return commands.act(case=case, kind=EntryKind(kind), by=by, on=on, at=moment(day), today=day, **more)


def record(case: Case, step: str, on: date, values: dict[str, Any], **more: Any) -> int:
    return act(case, "record", on, step=step, values=values, **more)


def begun(case: Case) -> None:
    """Group and mentor are there; visits may begin."""
    record(case, "group", date(2026, 3, 18), GROUP)
    record(case, "mentor", date(2026, 3, 20), MENTOR)


def open_steps(case: Case) -> dict[tuple[str, str], date | None]:
    return {(row.step, row.key): row.due_on for row in OpenStep.objects.filter(case=case)}


def done(case: Case) -> list[tuple[str, str, date]]:
    return [(row.step, row.key, row.on) for row in Done.objects.filter(case=case).order_by("entry_seq")]
