"""What must hold for every case, whatever was recorded and in whatever order."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from youwei.engine.plan import plan
from youwei.engine.stories import Tale
from youwei.engine.types import Entry, EntryKind, Mark, Plan
from youwei.rulebook.calendar import seed_calendar
from youwei.rulebook.packs import released_packs

RELEASED = released_packs()
CALENDAR = seed_calendar()
BEGIN = date(2024, 3, 4)
LAST = date(2025, 12, 1)
FACTS: dict[str, Any] = {
    "decision.made_on": "2024-03-04",
    "decision.effective_on": "2024-03-04",
    "period.ends_on": "2025-03-03",
    "person.rank": "正科级",
    "organ.case": "9901",
}
DAYS = st.integers(0, 120)


def tianqiao(chosen: dict[str, Any], gaps: list[int]) -> Tale:
    """A whole case with every duty done, in the order of the pack."""
    tale = Tale(RELEASED, "tianqiao-visit@2018.11", strict=False)
    tale.open(BEGIN, {**FACTS, "person.rank": chosen["rank"]})
    day = BEGIN
    for name, gap in zip(TIANQIAO, gaps, strict=True):
        day += timedelta(days=gap % 6)
        values: dict[str, Any] = {}
        if name in ("talk_leaders", "talk_unit"):
            values = {"outcome": "已进行", "difficulties": [{"id": "x", "matter": "房"}] if chosen["need"] else []}
        if name == "conclude":
            values = {"result": chosen["result"]}
        if name == "feedback":
            values = {"to": chosen["to"]}
        tale.record(name, day, values, key="x" if name.startswith("help") else "c" if name == "contact" else "")
    return tale


TIANQIAO = [
    step.id for step in next(pack for ref, pack in RELEASED.items() if ref.procedure == "tianqiao-visit").steps.values()
]
CHOSEN = st.fixed_dictionaries(
    {
        "rank": st.sampled_from(["正科级", "副处级"]),
        "need": st.booleans(),
        "result": st.sampled_from(["不受影响", "继续帮扶", "暂不作结论"]),
        "to": st.sampled_from([["本人"], ["所在单位党组织", "区委组织部"]]),
    }
)
GAPS = st.lists(st.integers(0, 40), min_size=len(TIANQIAO), max_size=len(TIANQIAO))


def shape(found: Plan) -> list[tuple[Any, ...]]:
    """Everything of a plan but the numbers of entries."""
    return [
        (item.step, item.key, item.status, item.window, item.who, item.opened_on, item.done_on, item.missing)
        for item in found.items
    ] + [(found.outcome, found.next_change, found.stuck)]


@settings(max_examples=25, deadline=None)
@given(CHOSEN, GAPS, st.randoms(use_true_random=False))
def test_a_plan_does_not_depend_on_the_order_of_the_records(
    chosen: dict[str, Any], gaps: list[int], dice: random.Random
) -> None:
    tale = tianqiao(chosen, gaps)
    later = list(tale.log[1:])
    dice.shuffle(later)
    shuffled = [tale.log[0], *(replace(entry, seq=number) for number, entry in enumerate(later, 2))]
    assert shape(plan(RELEASED, tale.log, CALENDAR, LAST)) == shape(plan(RELEASED, shuffled, CALENDAR, LAST))


@settings(max_examples=25, deadline=None)
@given(CHOSEN, CHOSEN, GAPS, st.integers(0, 5))
def test_a_correction_is_the_same_as_having_recorded_it_right(
    chosen: dict[str, Any], meant: dict[str, Any], gaps: list[int], shift: int
) -> None:
    meant = {**meant, "rank": chosen["rank"]}
    wrong, right = tianqiao(chosen, gaps), tianqiao(meant, gaps)
    for bad, good in zip(list(wrong.log), right.log, strict=True):
        if bad.kind is EntryKind.RECORD and bad.values != good.values:
            parts: dict[str, Any] = {"target": bad.seq, "values": good.values, "reason": "写错"}
            wrong.act("correct", good.on, at=LAST - timedelta(days=shift), **parts)
    assert shape(wrong.plan(LAST)) == shape(right.plan(LAST))


def visiting(ends_on: str = "2025-03-03") -> Tale:
    tale = Tale(released_packs(), "jingzhou-visit@2018.03", strict=False)
    tale.open(BEGIN, {**FACTS, "period.ends_on": ends_on})
    return tale


@settings(max_examples=25, deadline=None)
@given(DAYS, st.integers(0, 60), st.integers(0, 60))
def test_a_hold_moves_no_limit_no_period_and_nothing_to_an_earlier_day(begun: int, length: int, gap: int) -> None:
    tale = Tale(released_packs(), "announcement@2018.07", strict=False)
    tale.open(BEGIN, FACTS)
    before = tale.plan(LAST)
    tale.act("hold", BEGIN + timedelta(days=begun), values={"ground": "本人住院"})
    held = tale.plan(LAST)
    tale.act("resume", BEGIN + timedelta(days=begun + length))
    after = tale.plan(LAST)
    for old, stopped, new in zip(before.items, held.items, after.items, strict=True):
        assert old.window.limit == stopped.window.limit == new.window.limit
        assert old.window.start == stopped.window.start == new.window.start
        if old.window.due is not None:
            assert new.window.due is not None
            assert new.window.due >= old.window.due
            if old.window.due < BEGIN + timedelta(days=begun):
                assert new.window.due == old.window.due  # what was late before stays late
    assert after.facts["period.ends_on"] == before.facts["period.ends_on"]


@settings(max_examples=25, deadline=None)
@given(DAYS, st.integers(-200, 400))
def test_a_change_neither_rescues_lateness_nor_makes_it(changed: int, moved: int) -> None:
    """The duty to assess hangs on the end of the period, which a change moves either way."""
    tale = visiting("2024-04-15")
    tale.record("group", BEGIN, {"shelf": "1"})
    tale.record("mentor", BEGIN, {"clean": True, "apart": True})
    day = BEGIN + timedelta(days=changed)
    before = tale.plan(day).item("assess")
    tale.act("facts", day, values={"period.ends_on": (date(2024, 4, 15) + timedelta(days=moved)).isoformat()})
    after = tale.plan(day).item("assess")
    assert before is not None
    assert after is not None
    assert before.mark(day) is not Mark.LATE or after.window.late_from == before.window.late_from
    if before.mark(day) is not Mark.LATE:
        assert after.mark(day) is not Mark.LATE


@settings(max_examples=25, deadline=None)
@given(CHOSEN, GAPS, st.integers(0, 600))
def test_nothing_recorded_means_the_same_plan_again(chosen: dict[str, Any], gaps: list[int], later: int) -> None:
    tale = tianqiao(chosen, gaps)
    today = BEGIN + timedelta(days=later)
    first = plan(RELEASED, tale.log, CALENDAR, today)
    assert first == plan(RELEASED, tuple(tale.log), CALENDAR, today)
    noted = [*tale.log, Entry(len(tale.log) + 1, EntryKind.NOTE, today, today, "示例甲", reason="略")]
    assert shape(plan(RELEASED, noted, CALENDAR, today)) == shape(first)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 500), st.integers(0, 500))
def test_between_two_changes_a_plan_stays_as_it_is(first: int, gap: int) -> None:
    """The plan itself says when it would next alter without anybody doing anything."""
    tale = visiting()
    tale.record("group", BEGIN, {"shelf": "1"})
    tale.record("mentor", BEGIN, {"clean": True, "apart": True})
    today = BEGIN + timedelta(days=first)
    now = tale.plan(today)
    then = today + timedelta(days=gap)
    if now.next_change is None or then < now.next_change:
        assert shape(tale.plan(then)) == shape(now)


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 48), st.integers(0, 364))
def test_half_yearly_talks_cover_the_period_without_gap_or_overlap(months: int, shift: int) -> None:
    starts = BEGIN + timedelta(days=shift)
    ends = starts + timedelta(days=months * 31)
    tale = Tale(RELEASED, "mentoring@2024.06", strict=False)
    tale.open(starts, {"decision.effective_on": starts.isoformat(), "period.ends_on": ends.isoformat()})
    talks = [item for item in tale.plan(starts).items if item.step == "talk"]
    for number, (item, following) in enumerate(pairwise(talks), 1):
        assert item.key == str(number)
        assert item.window.due is not None
        assert following.window.start == item.window.due + timedelta(days=1)
    if talks:
        assert talks[0].window.start == starts
        assert talks[-1].window.due is not None
        assert talks[-1].window.due <= ends
