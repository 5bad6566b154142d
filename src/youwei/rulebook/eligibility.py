"""From which day may a person be promoted, used further, given an equal post, awarded: over all bars together.

Eligible by date is not fit for use: this says only when no bar stands in the way any more.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from . import reasons as say
from .bars import Bar
from .days import NEVER, chinese_date
from .measures import BarKind
from .reasons import Reason

ASKED = (BarKind.PROMOTION, BarKind.FURTHER_USE, BarKind.EQUAL_POST, BarKind.AWARD)


@dataclass(frozen=True, slots=True)
class Eligible:
    """One thing asked. `on`: the first free day; empty when nothing bars it; `days.NEVER` when no day can be named."""

    kind: BarKind
    on: date | None
    barred: bool | None
    bars: tuple[Bar, ...]
    reason: Reason

    @property
    def never(self) -> bool:
        return self.on == NEVER


@dataclass(frozen=True, slots=True)
class Eligibility:
    promotion: Eligible
    further_use: Eligible
    equal_post: Eligible
    award: Eligible

    @property
    def all(self) -> tuple[Eligible, ...]:
        return (self.promotion, self.further_use, self.equal_post, self.award)


def eligibility(bars: Iterable[Bar], on: date | None = None) -> Eligibility:
    """The first free days over all bars: the later governs. With `on`, also whether each thing is barred on that day."""
    given = sorted(bars, key=lambda each: (each.starts_on, each.measure, each.span, each.key))
    return Eligibility(*(_one(kind, given, on) for kind in ASKED))


def _one(kind: BarKind, bars: list[Bar], on: date | None) -> Eligible:
    barring = [each for each in bars if kind in each.until]
    if not barring:
        return Eligible(kind, None, None if on is None else False, (), say.free_on(kind, None, []))
    day = max(each.until[kind] for each in barring)
    deciding = tuple(each for each in barring if each.until[kind] == day)
    barred = (
        None
        if on is None
        else any(each.starts_on <= on < each.until[kind] or each.until[kind] == NEVER <= on for each in barring)
    )
    titles = list(dict.fromkeys(f"{chinese_date(each.starts_on)}的{each.title}" for each in deciding))
    return Eligible(kind, day, barred, deciding, say.free_on(kind, day, titles))
