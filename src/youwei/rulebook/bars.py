"""What goes into the computation of bars, and what comes out."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from .days import EndDay
from .measures import BarKind, Citation, Family
from .reasons import Reason, Unsettled

WITHDRAWN = "withdrawn"
"""As `Change.measure`: the decision was withdrawn."""


class State(StrEnum):
    STANDING = "standing"
    CHANGED = "changed"
    WITHDRAWN = "withdrawn"


class Span(StrEnum):
    """Which part of a measure's time a bar covers."""

    PERIOD = "period"
    PROBATION = "probation"
    AFTER_RESTORATION = "after_restoration"


@dataclass(frozen=True, slots=True)
class Change:
    """A decision changed on review: to another measure (its id) or WITHDRAWN, and the day the change takes effect."""

    measure: str
    on: date


@dataclass(frozen=True, slots=True)
class Sanction:
    """One measure as it was given. `key` is the caller's own reference and comes back on the bars.

    `months` is the organ's choice where the law leaves a range, and for 留党察看 the whole probation (24 when extended).
    `restored_on` is the effective day of the restoration as the decision states it, not the day of that decision.
    `last_day_by_hand` is the last day a human settled, on the basis named: it rules over the one computed.
    """

    measure: str
    effective_on: date
    acts_until: date | None = None
    instead_of_removal: bool = False
    months: int | None = None
    restored_on: date | None = None
    changed_to: Change | None = None
    person_kind: str = ""
    last_day_by_hand: date | None = None
    basis_by_hand: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class Bar:
    """One running time of one measure. `until` gives, for each thing barred, the first free day (`days.NEVER`: no day).

    `last_day` and `first_eligible_on` are empty when the measure has no period of its own or never ends; `permanent`
    tells the two apart. `months` is the length from `starts_on` in whole months, empty when days are left over.
    `corresponding_day` is what both conventions start from. `by_hand`: a human settled the last day; `computed` is then the law's own.
    """

    key: str
    measure: str
    title: str
    family: Family
    span: Span
    state: State
    starts_on: date
    last_day: date | None
    first_eligible_on: date | None
    months: int | None
    permanent: bool
    until: Mapping[BarKind, date]
    law_version: str
    convention: EndDay
    reasons: tuple[Reason, ...]
    basis: tuple[Citation, ...]
    unsettled: tuple[Unsettled, ...]
    corresponding_day: date | None
    given_on: date
    by_hand: bool = False
    computed: date | None = None

    @property
    def barring(self) -> bool:
        """Whether anything is barred at all."""
        return bool(self.until)

    def running_on(self, day: date) -> bool:
        """Whether the period runs on a day; a withdrawn one never does."""
        if self.state is State.WITHDRAWN or not (self.permanent or self.last_day):
            return False
        return self.starts_on <= day and (self.last_day is None or day <= self.last_day)
