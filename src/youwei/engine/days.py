"""Dates from a pack's terms: counting, rolling, and what was counted."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, NamedTuple

from youwei.engine.conditions import ABSENT, UNKNOWN, Lookup
from youwei.engine.types import Named, Reason
from youwei.rulebook.calendar import Skipped, WorkCalendar
from youwei.rulebook.days import ONE_DAY, add_months
from youwei.rulebook.pack_types import Name, Span, Term, Unit


class Dated(NamedTuple):
    """A day, before and after rolling, with its reason."""

    on: date
    unrolled: date
    anchor: date
    provisional: bool
    because: Reason


def shift(anchor: date, span: Span, sign: int) -> date:
    """The corresponding day; working days are counted elsewhere."""
    count = span.count * sign
    if span.unit is Unit.MONTHS:
        return add_months(anchor, count)
    if span.unit is Unit.YEARS:
        return add_months(anchor, 12 * count)
    return anchor + timedelta(days=7 * count if span.unit is Unit.WEEKS else count)


def first_given(names: tuple[Name, ...], lookup: Lookup) -> tuple[Name, date] | None:
    """The first of several names that has a day; None while one before it is still unknown."""
    for name in names:
        value: Any = lookup(name)
        if value is UNKNOWN:
            return None
        if value is not ABSENT and isinstance(value, date):
            return name, value
    return None


def resolve(
    term: Term, rule: str, lookup: Lookup, bare_anchor: date | None, calendar: WorkCalendar, titles: Any
) -> Dated | None:
    """The day a term means, or None while it cannot be said."""
    if term.span is not None and not term.names:
        if bare_anchor is None:
            return None
        named, anchor = Named("", "", bare_anchor), bare_anchor
    else:
        found = first_given(term.names, lookup)
        if found is None:
            return None
        named, anchor = Named(str(found[0]), titles(found[0]), found[1]), found[1]
    if term.span is None:
        because = Reason(rule, (named,), text=term.text, anchor=anchor, result=anchor)
        return Dated(anchor, anchor, anchor, not calendar.known(anchor), because)
    sign = -1 if term.side == "before" else 1
    return count(term.span, sign, anchor, calendar, rule, named, term.text)


def count(span: Span, sign: int, anchor: date, calendar: WorkCalendar, rule: str, named: Named, text: str) -> Dated:
    if span.unit is Unit.WORKING_DAYS:
        counted = calendar.add_working_days(anchor, sign * span.count)
        because = Reason(rule, (named,), text, span, anchor, counted.on, days=counted.days, skipped=counted.skipped)
        return Dated(counted.on, counted.on, anchor, counted.provisional, because)
    exact = shift(anchor, span, sign)
    if rule == "from":
        return Dated(exact, exact, anchor, False, Reason(rule, (named,), text, span, anchor, exact))
    rolled = calendar.roll_forward(exact) if sign > 0 else calendar.roll_back(exact)
    because = Reason(
        rule,
        (named,),
        text,
        span,
        anchor,
        rolled,
        skipped=passed_over(exact, rolled, calendar),
        rolled_from=exact if exact != rolled else None,
    )
    return Dated(rolled, exact, anchor, not calendar.known(rolled), because)


def passed_over(first: date, last: date, calendar: WorkCalendar) -> tuple[Skipped, ...]:
    step = ONE_DAY if first <= last else -ONE_DAY
    days = []
    while first != last:
        days.append(Skipped(first, calendar.name(first)))
        first += step
    return tuple(days)
