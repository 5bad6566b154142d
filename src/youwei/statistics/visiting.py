"""Counting visits: one pass over those of a period, person by person, instead of one for each count.

The lists behind these numbers find the same rows by the conditions in `measures`; tests hold the two against each other.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Case as Switch
from django.db.models import CharField, Q, QuerySet, Value, When
from django.db.models import Count as CountOf

from youwei.rulebook.pack_kinds import HELD, POSTPONED, REFUSED
from youwei.statistics.asks import WHOLE, Ask

OUTSIDE = "outside"
"""Visits elsewhere count nowhere here, but who had one is not missing."""
IN_CASE = "case__decision__"
TIMES = {
    "times": Q(outcome=HELD),
    "planned": Q(outcome=HELD, unplanned=False),
    "unplanned": Q(outcome=HELD, unplanned=True),
    "afterwards": Q(outcome=HELD, afterwards=True),
    "refused": Q(outcome=REFUSED),
    "postponed": Q(outcome=POSTPONED),
}
"""What is told in person-times; the first is the visits that took place."""


@dataclass(slots=True)
class Visits:
    """What was counted for one line of a table, or for the whole."""

    numbers: dict[str, int] = field(default_factory=lambda: dict.fromkeys(TIMES, 0))
    met: set[int] = field(default_factory=set)
    wanted: set[int] = field(default_factory=set)

    def add(self, person: int | None, times: Sequence[int], *, met: bool, wanted: bool) -> None:
        for name, number in zip(TIMES, times, strict=True):
            self.numbers[name] += number
        if person is not None and met:
            self.met.add(person)
        if person is not None and wanted:
            self.wanted.add(person)

    def told(self, met_anywhere: set[int]) -> dict[str, int]:
        people, missing = len(self.met), len(self.wanted - met_anywhere)
        told = {**self.numbers, "people": people, "missing": missing, "due": people + missing}
        return {f"visits.{name}": number for name, number in told.items()}


def count_visits(ask: Ask, *, lines: bool = False) -> dict[str, dict[str, int]]:
    """Every count of visits for the whole, and on request for each line of the table, in two statements."""
    found: dict[str, Visits] = defaultdict(Visits)
    met_anywhere: set[int] = set()
    for row, person, every, *times in _by_person(ask, lines):
        held = times[0]
        if held and person is not None:
            met_anywhere.add(person)
        if row == OUTSIDE:
            continue
        for line in {row, WHOLE}:
            found[line].add(person, times, met=held > 0, wanted=every > held)
    for row, person in _overdue(ask, lines):
        for line in {row, WHOLE}:
            found[line].wanted.add(person)
    found[WHOLE]  # there even when nothing is
    return {line: visits.told(met_anywhere) for line, visits in found.items()}


def _by_person(ask: Ask, lines: bool) -> Any:
    row = ask.row_of(IN_CASE) if lines else Value(WHOLE)
    place = Switch(When(ask.counted(IN_CASE), then=row), default=Value(OUTSIDE), output_field=CharField())
    rows: QuerySet[Any] = ask.visits_anywhere().annotate(row=place).order_by().values("row", "case__person")
    times = {f"n_{name}": CountOf("pk", filter=condition) for name, condition in TIMES.items()}
    counted = rows.annotate(every=CountOf("pk"), **times)
    return counted.values_list("row", "case__person", "every", *times)


def _overdue(ask: Ask, lines: bool) -> Any:
    rows: QuerySet[Any] = ask.cases().filter(ask.cases_overdue()).order_by()
    rows = ask.by_row(rows, "decision__") if lines else rows.annotate(row=Value(WHOLE))
    return rows.values_list("row", "person")
