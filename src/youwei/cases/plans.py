"""The plans this process made last. A plan follows from its log, the packs, the calendar and the day alone: where none is another, it is the same.

Whoever opens a case and then records a step asks for one plan twice. The digest of a log's last entry names the whole log: it is salted and chained.
"""

from collections import OrderedDict
from datetime import date
from threading import Lock
from typing import NamedTuple

from youwei.cases import logs
from youwei.engine.sieve import Packs
from youwei.engine.types import Plan
from youwei.rulebook.calendar import WorkCalendar

MOST = 32


class Kept(NamedTuple):
    """A plan and what it was made of, beside its log and its day."""

    packs: Packs
    calendar: WorkCalendar
    plan: Plan


_kept: OrderedDict[tuple[str, date], Kept] = OrderedDict()
_lock = Lock()


def keep(digest: str, calendar: WorkCalendar, day: date, plan: Plan) -> Plan:
    """Remember the plan of the log whose last entry has this digest; the oldest is forgotten."""
    with _lock:
        _kept[digest, day] = Kept(logs.packs(), calendar, plan)
        _kept.move_to_end((digest, day))
        while len(_kept) > MOST:
            _kept.popitem(last=False)
    return plan


def kept(digest: str, calendar: WorkCalendar, day: date) -> Plan | None:
    """The plan of the log whose last entry has this digest, on a day, or None where it must be made."""
    with _lock:
        found = _kept.get((digest, day))
    same = found is not None and found.packs is logs.packs() and found.calendar is calendar
    return found.plan if found is not None and same else None
