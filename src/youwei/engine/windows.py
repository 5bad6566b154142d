"""The window of an item: earliest day, duty, outer limit, and the day from which the office answers for being late."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from youwei.engine.conditions import Lookup
from youwei.engine.days import Dated, resolve, shift
from youwei.engine.types import Entry, Hold, Reason, Version, Voided, Window
from youwei.engine.values import read_date
from youwei.rulebook.calendar import WorkCalendar
from youwei.rulebook.days import ONE_DAY
from youwei.rulebook.pack_types import Name, Step, Term, Unit

LookupAt = Callable[[Version], Lookup]


@dataclass(slots=True)
class Setting:
    """What the window of one item is computed from."""

    step: Step
    start: Term | None  # the step's, or the occurrence's own
    versions: Sequence[Version]  # those recorded up to the item's record
    holds: Sequence[Hold]
    prolongs: Sequence[Entry]
    opened_on: date | None  # None while the step waits
    restarted: Entry | None  # the last send-back: a bare due counts from it
    voided: Sequence[Voided]  # approvals given before, which fell with the text
    calendar: WorkCalendar
    lookup: LookupAt  # names as seen with the facts of a version
    applies: Callable[[Version], bool]  # whether the step was asked for at all in a version
    upto: int | None  # seq of the record, when there is one
    due_term: Callable[[Version], Term | None]
    title: Callable[[Name], str] = str


@dataclass(slots=True)
class _Due:
    on: date | None = None
    stopped: bool = False
    provisional: bool = False
    because: tuple[Reason, ...] = ()


def window(setting: Setting) -> Window:
    step, now = setting.step, setting.versions[-1]
    lookup = setting.lookup(now)
    because: list[Reason] = []
    start = _dated(setting.start, "from", setting, lookup, setting.opened_on)
    limit = _dated(step.limit, "limit", setting, lookup, setting.opened_on)
    due, late_from = _fold(setting)
    for lost in setting.voided:
        if late_from is not None and lost.given_on <= late_from:
            late_from = max(late_from, lost.at)  # whoever approved in time is not late because the text was put right
    because += [each.because for each in (start,) if each]
    because += due.because
    because += [each.because for each in (limit,) if each]
    outer = due.on or (limit.on if limit else None)
    if due.on is None and not due.stopped and limit is not None:
        late_from = max(limit.on, setting.versions[0].at)
    return Window(
        start.on if start else None,
        due.on,
        limit.on if limit else None,
        late_from,
        _soon(step, outer, setting.calendar),
        due.stopped,
        due.provisional or bool(limit and limit.provisional),
        tuple(because),
    )


def _soon(step: Step, due: date | None, calendar: WorkCalendar) -> date | None:
    if due is None or step.warn is None:
        return None
    if step.warn.unit is Unit.WORKING_DAYS:
        left = step.warn.count
        while left:
            due -= ONE_DAY
            left -= calendar.is_working_day(due)
        return due
    return shift(due, step.warn, -1)


def _dated(term: Term | None, rule: str, setting: Setting, lookup: Lookup, bare: date | None) -> Dated | None:
    if term is None:
        return None
    return resolve(term, rule, lookup, bare, setting.calendar, setting.title)


def _fold(setting: Setting) -> tuple[_Due, date | None]:
    """The due as the rule says now, and late_from folded over the versions, holds and prolongings in their order."""
    first = setting.versions[0]
    holds = [hold for hold in setting.holds if setting.upto is None or hold.seq < setting.upto]
    prolongs = [each for each in setting.prolongs if setting.upto is None or each.seq < setting.upto]
    if len(setting.versions) == 1 and not holds and not prolongs:
        due = _due(setting, first, (), ())
        return due, max(due.on, first.at) if due.on else None
    events = [(version.seq, version.at, True) for version in setting.versions]
    for hold in holds:
        events.append((hold.seq, hold.at, False))
        if hold.resumed_at is not None and (setting.upto is None or hold.resumed_seq < setting.upto):
            events.append((hold.resumed_seq, hold.resumed_at, False))
    events += [(each.seq, each.at, False) for each in prolongs]
    late: date | None = None
    due, version = _Due(), first
    for seq, at, changes in sorted(events):
        if changes:
            version = next(each for each in setting.versions if each.seq == seq)
        due = _due(setting, version, _holds_at(holds, seq), [each for each in prolongs if each.seq <= seq])
        if late is not None and late < at:
            continue  # never rescued
        if due.on is None:
            late = None
        else:  # a change never makes late by itself
            late = max(due.on, at) if changes else due.on
    return due, late


def _holds_at(holds: Sequence[Hold], seq: int) -> list[Hold]:
    seen = []
    for hold in holds:
        if hold.seq <= seq:
            resumed = hold.resumed_on is not None and hold.resumed_seq <= seq
            seen.append(hold if resumed else Hold(hold.seq, hold.on, hold.at, hold.ground))
    return seen


def _due(setting: Setting, version: Version, holds: Sequence[Hold], prolongs: Sequence[Entry]) -> _Due:
    term = setting.due_term(version)
    if term is None or not setting.applies(version):
        return _Due()
    bare = setting.opened_on
    if setting.restarted is not None and bare is not None:
        bare = max(bare, setting.restarted.on)
    if setting.start is not None and not setting.start.bare and bare is not None:
        start = _dated(setting.start, "from", setting, setting.lookup(version), bare)
        bare = max(bare, start.on) if start is not None else bare
    dated = _dated(term, "due", setting, setting.lookup(version), bare)
    if dated is None:
        return _Due()
    due = _Due(dated.on, provisional=dated.provisional, because=(dated.because,))
    counted_after = term.span is not None and term.side != "before"
    if counted_after and setting.step.hold and holds:
        due = _held(due, dated, term, holds, setting.calendar)
    return _prolonged(due, prolongs, setting, version)


def _held(due: _Due, dated: Dated, term: Term, holds: Sequence[Hold], calendar: WorkCalendar) -> _Due:
    exact = dated.unrolled
    working = term.span is not None and term.span.unit is Unit.WORKING_DAYS
    for hold in holds:
        if due.on is None or due.on < hold.on or due.on < hold.at:
            continue
        if hold.resumed_on is None:
            return _Due(
                None, True, due.provisional, (*due.because, Reason("stopped", text=hold.ground, anchor=hold.on))
            )
        first, last = max(hold.on, dated.anchor + ONE_DAY), hold.resumed_on - ONE_DAY
        if working:
            lost = calendar.working_days_between(first, last).working_days if first <= last else 0
            counted = calendar.add_working_days(due.on, lost)
            on, provisional = counted.on, counted.provisional
        else:
            lost = max((last - first).days + 1, 0)
            exact += timedelta(days=lost)
            on = calendar.roll_forward(exact)
            provisional = not calendar.known(on)
        why = Reason("held working days" if working else "held days", text=str(lost), anchor=hold.on, result=on)
        due = _Due(on, False, due.provisional or provisional, (*due.because, why))
    return due


def _prolonged(due: _Due, prolongs: Sequence[Entry], setting: Setting, version: Version) -> _Due:
    for entry in prolongs:
        new = read_date(entry.values.get("due"))
        if not isinstance(new, date) or due.on is None or new <= due.on:
            continue
        limit = _dated(setting.step.limit, "limit", setting, setting.lookup(version), setting.opened_on)
        if limit is not None:
            new = min(new, limit.on)
        why = Reason("prolonged", text=str(entry.values.get("ground") or entry.reason), anchor=entry.on, result=new)
        due = _Due(new, due.stopped, due.provisional or not setting.calendar.known(new), (*due.because, why))
    return due
