"""Reports of every month of the demonstration city: each procedure whose steps report others, begun by the office, one month reported, the next due.

Nothing here names a procedure.
"""

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings

from youwei.cases.by_hand import open_by_hand
from youwei.cases.commands import act
from youwei.cases.logs import packs
from youwei.cases.models import Case
from youwei.config.demo.by_hand import AREA, LEADER, SAMPLE, SAYING
from youwei.config.demo.ledger import ACCOUNTS, moment, officer
from youwei.config.demo.places import Places
from youwei.documents import commands as documents
from youwei.engine.stories import play, stories
from youwei.engine.types import Entry, EntryKind
from youwei.rulebook.packs import FieldType, Pack, Step

BEGUN = 2
"""So many months before this one the report begins: the first is made, the second is due from this month's first days on."""


def open_reports(places: Places, *, today: date) -> list[Case]:
    """One report for each procedure that reports others and has a story."""
    told = {str(story["procedure"]): story for _, story in reversed(list(stories(Path(settings.PACKS))))}
    return [
        _open(pack, told[str(ref)], places, today)
        for ref, pack in sorted(packs().items())
        if pack.opens.by and pack.about == ("organ",) and pack.extends is None and str(ref) in told
        if any(step.reports for step in pack.steps.values())
    ]


def _open(pack: Pack, story: Mapping[str, Any], places: Places, today: date) -> Case:
    """The story in the months before today, up to the end of the last month."""
    tale, office, clerk = play(packs(), story), places.office(AREA), officer(places, AREA)
    first = tale.log[0].on
    months = (today.year - first.year) * 12 + today.month - first.month - BEGUN
    on = _later(first, months)
    case = open_by_hand(
        thing=office, family=pack.ref.procedure, role=pack.opens.by[0], organ=office, said={}, by=clerk, on=on, at=moment(on), today=on
    )  # fmt: skip
    for entry in tale.log[1:]:
        if _later(entry.on, months) > today.replace(day=1) - timedelta(days=1):
            break
        _enter(case, pack.steps[entry.step], _moved(entry, pack.steps[entry.step], months), places)
    return case


def _enter(case: Case, step: Step, entry: Entry, places: Places) -> None:
    """A record with its papers by the clerk, a signature by the leader."""
    clerk, at = officer(places, AREA), moment(entry.on, 15)
    stamp: dict[str, Any] = {"case": case, "key": entry.key, "on": entry.on, "at": at, "today": entry.on}
    if entry.kind is EntryKind.RECORD:
        account = places.accounts[ACCOUNTS[AREA]]
        documents.record(step=step, values=entry.values, by=clerk, account=account, **stamp)
    else:
        act(kind=entry.kind, step=step.id, part=entry.part, by=places.actor(LEADER), **stamp)


def _moved(entry: Entry, step: Step, months: int) -> Entry:
    """The entry so many months later, its days too."""
    values = {
        name: _later(date.fromisoformat(str(value)), months).isoformat()
        if step.form[name].type is FieldType.DATE
        else SAYING
        if value == SAMPLE
        else value
        for name, value in entry.values.items()
    }
    return replace(entry, on=_later(entry.on, months), values=values)


def _later(day: date, months: int) -> date:
    """So many months later; a month's last day stays one."""
    count = day.year * 12 + day.month - 1 + months
    year, month = count // 12, count % 12 + 1
    last = monthrange(year, month)[1]
    return date(year, month, last if day.day == monthrange(day.year, day.month)[1] else min(day.day, last))
