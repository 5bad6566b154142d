"""What a holiday notice moves (J11): listed before anything is saved, then moved. Both go over every open case, so both are jobs.

They go on from the last case done, whoever stopped them: a chunk of cases, what was found in it and how far it came are written together.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import F

from youwei.cases import logs
from youwei.cases.commands import refresh
from youwei.cases.models import Case, OpenStep, Redating
from youwei.engine.plan import plan
from youwei.journal.actors import Actor
from youwei.organs import queries as organs
from youwei.organs.commands import checked_notice, enter_notice
from youwei.organs.models import Organ
from youwei.rulebook.calendar import DayKind, Holiday, WorkCalendar

CHUNK = 100
State = Redating.State
Days = Iterable[Mapping[str, str]]
Moved = dict[str, Any]


@transaction.atomic
def begin(*, year: int, source: str, days: Days, organ: Organ, by: Actor, at: datetime) -> Redating:
    """Take a notice in to be looked at; nothing of it holds yet. Raises `organs.commands.Refused` naming the bad day."""
    checked = checked_notice(year, days)
    total = _open().count()
    return Redating.objects.create(
        year=year, source=source, days=checked, organ=organ, by=by.name, begun_at=at, total=total
    )


def look(*, redating: Redating, today: date, at: datetime) -> None:
    """Find the dates the notice would move, from the last case looked at on."""
    calendar = with_days(redating.year, redating.days)
    while redating.state == State.LOOKING:
        cases = _next(redating)
        _went_on(redating, cases, _would_move(cases, calendar, today), State.LOOKED, at)


@transaction.atomic
def confirm(*, pk: int, by: Actor, on: date, at: datetime) -> bool:
    """Enter the notice: from here on it holds, and the dates of open cases follow. False when that was done before."""
    row = Redating.objects.select_for_update().get(pk=pk)
    if row.state != State.LOOKED:
        return False
    enter_notice(year=row.year, source=row.source, days=row.days, organ=row.organ, by=by, on=on, at=at)
    row.state, row.last_case, row.done, row.total, row.moved = State.MOVING, 0, 0, _open().count(), []
    row.save()
    return True


def move(*, redating: Redating, today: date, at: datetime) -> None:
    """Plan every open case anew by the calendar that holds now, from the last case done on; what moved is kept."""
    while redating.state == State.MOVING:
        with transaction.atomic():
            redating.refresh_from_db(from_queryset=Redating.objects.select_for_update())
            cases = _next(redating)
            before = _due(cases)
            refresh(cases, today=today)
            found = [
                _moved(pk, title, before[pk, step, key][1], due)
                for (pk, step, key), (title, due) in _due(cases).items()
                if (pk, step, key) in before and before[pk, step, key][1] != due
            ]
            if not cases:
                refresh(Case.objects.filter(state=Case.State.OPEN, sealed=True).order_by("pk"), today=today)
            _went_on(redating, cases, found, State.DONE, at)


@transaction.atomic
def discard(*, pk: int) -> bool:
    """Forget a notice that was not entered."""
    return bool(Redating.objects.filter(pk=pk, state__in=(State.LOOKING, State.LOOKED)).delete()[0])


def with_days(year: int, days: Days) -> WorkCalendar:
    """The calendar as it would be with these days."""
    holidays = [Holiday(date.fromisoformat(day["on"]), DayKind(day["kind"]), day["name"]) for day in days]
    return organs.calendar().with_notice(year, holidays)


def _open() -> Any:
    """Those that may be counted and listed: sealed ones are moved too, and nobody is told."""
    return Case.objects.filter(state=Case.State.OPEN, sealed=False)


def _next(redating: Redating) -> list[Case]:
    return list(_open().filter(pk__gt=redating.last_case).order_by("pk")[:CHUNK])


def _went_on(redating: Redating, cases: Sequence[Case], found: list[Moved], then: str, at: datetime) -> None:
    """Keep a chunk, or the end when there was none, unless another run has come further meanwhile."""
    mine = Redating.objects.filter(pk=redating.pk, state=redating.state, last_case=redating.last_case)
    if cases:
        mine.update(last_case=cases[-1].pk, done=F("done") + len(cases), moved=[*redating.moved, *found])
    else:
        mine.update(state=then, done=F("total"), ended_at=at)
    redating.refresh_from_db()


def _would_move(cases: Sequence[Case], calendar: WorkCalendar, today: date) -> list[Moved]:
    packs, entries, before = logs.packs(), logs.logs(cases), _due(cases)
    found = []
    for case in cases:
        for item in plan(packs, entries[case.pk], calendar, today).open_items():
            known = before.get((case.pk, item.step, item.key))
            if known is not None and known[1] != item.window.due:
                found.append(_moved(case.pk, known[0], known[1], item.window.due))
    return found


def _due(cases: Sequence[Case]) -> dict[tuple[int, str, str], tuple[str, date | None]]:
    """The open steps of these cases: title and due day."""
    steps = OpenStep.objects.filter(case__in=cases).order_by("case_id", "due_on", "pk")
    return {
        (pk, step, key): (title, due)
        for pk, step, key, title, due in steps.values_list("case_id", "step", "key", "title", "due_on")
    }


def _moved(case: int, title: str, old: date | None, new: date | None) -> Moved:
    return {"case": case, "title": title, "old": old and old.isoformat(), "new": new and new.isoformat()}
