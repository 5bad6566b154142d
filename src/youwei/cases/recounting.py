"""The office counts the last day of a period otherwise: every period is computed anew and the open cases are told its new days.

A share of the people at a time, each in one transaction with how far it has come: what was cut off goes on from there, and nothing twice.
A new day is a new fact of a case; it makes nobody late by itself.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from youwei.cases import facts, logs
from youwei.cases.commands import act
from youwei.cases.models import Case
from youwei.decisions import commands as decisions
from youwei.decisions.models import Period
from youwei.engine.sieve import sieve
from youwei.engine.types import EntryKind
from youwei.engine.values import read_facts
from youwei.journal.actors import Actor
from youwei.organs import commands as organs
from youwei.organs.models import Organ, Setting
from youwei.organs.queries import END_DAY
from youwei.people.models import Person

SHARE = 200
ALIVE = (Case.State.OPEN, Case.State.HELD)
DAYS = ("period.starts_on", "period.ends_on", "period.running")


@dataclass(frozen=True, slots=True)
class Effect:
    """What another way of counting would move: periods, those of them that run today, and open cases that hang on one."""

    periods: int
    running: int
    cases: int


def effect(today: date) -> Effect:
    """Every period with a last day moves by one day, whichever way is chosen instead of the other."""
    moving = Period.objects.filter(current=True, last_day__isnull=False)
    hanging = Case.objects.filter(state__in=ALIVE, decision__in=moving.values("measure__decision"))
    return Effect(moving.count(), moving.filter(starts_on__lte=today, last_day__gte=today).count(), hanging.count())


@transaction.atomic
def begin(*, value: str, reason: str, organ: Organ, by: Actor, on: date, at: datetime) -> Setting:
    """Choose the other way of counting: it holds from now on for what is recorded, and `go_on` draws the consequences. Raises organs' Refused."""
    row = organs.change_setting(name=END_DAY.name, value=value, reason=reason, organ=organ, by=by, on=on, at=at)
    row.total = _people(0).count()
    row.save(update_fields=["total"])
    return row


def _people(after: int) -> Any:
    """Persons with a period, in the order they are gone through."""
    having = Period.objects.filter(current=True).values("person")
    return Person.objects.filter(pk__gt=after, pk__in=having).order_by("pk")


@transaction.atomic
def go_on(*, setting: int, today: date, at: datetime) -> Setting:
    """Recount the next share of the people. `finished_at` of what is returned says whether it was the last."""
    row = Setting.objects.select_for_update().get(pk=setting)
    if row.finished_at is not None:
        return row
    people = list(_people(row.reached).select_for_update().values_list("pk", flat=True)[:SHARE])
    if people:
        row.moved += _recount(row, people, today, at)
        row.reached, row.done = people[-1], row.done + len(people)
    if len(people) < SHARE:
        row.finished_at, row.total = at, row.done
    row.save(update_fields=["reached", "done", "total", "moved", "finished_at"])
    return row


def _recount(row: Setting, people: list[int], today: date, at: datetime) -> int:
    by, why = Actor(row.by, row.by_account), f"终止日算法改为“{END_DAY.values[row.value]}”"
    cases = list(
        Case.objects.filter(person__in=people, state__in=ALIVE, decision__isnull=False).select_related(
            "decision__person", "decision__deciding_organ"
        )
    )
    before = _days(cases)
    moved = decisions.recount(people=people, why=why, convention=row.value, by=by, on=today, at=at)
    after = _days(cases)
    entries = logs.logs(cases)
    for case in cases:
        held = sieve(logs.packs(), entries[case.pk]).facts
        values = {
            name: after[case.pk].get(name)
            for name in DAYS
            if before[case.pk].get(name) != after[case.pk].get(name) and held.get(name) == _read(name, before[case.pk])
        }
        if values:
            act(case=case, kind=EntryKind.FACTS, by=by, on=today, at=at, today=today, values=values, reason=why)
    return len(moved)


def _days(cases: Iterable[Case]) -> dict[int, Mapping[str, Any]]:
    """The facts about the period each case hangs on, as they stand; three queries."""
    rows = list(cases)
    periods: dict[int, list[Period]] = {}
    wanted = Period.objects.filter(measure__decision__in=[case.decision_id for case in rows], current=True)
    for period in wanted.select_related("measure"):
        periods.setdefault(period.measure.decision_id, []).append(period)
    return {
        case.pk: facts.decision_facts(case.decision, [], periods.get(case.decision_id or 0, []), case.opened_on)
        for case in rows
        if case.decision is not None
    }


def _read(name: str, known: Mapping[str, Any]) -> Any:
    return read_facts({name: known.get(name)})[name]
