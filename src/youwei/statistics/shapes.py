"""What a figure is made of: a `Count` says which rows of a source it counts; a `Rate` divides one count by another."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from youwei.statistics.conditions import Where


class Source(StrEnum):
    """Which rows are counted. Lists show the same rows."""

    DECISIONS = "decisions"
    DATELESS = "dateless"
    CASES = "cases"
    VISITS = "visits"
    NOT_DONE = "not_done"
    ITEMS = "items"
    MISSING = "missing"
    EXEMPTED = "exempted"


Profile = Callable[[int, int], bool]
PIECES, PERSONS, TIMES, ITEMS, PERCENT = "件", "人", "人次", "项", "%"
LIGHT, HEAVY = 1, 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """How many rows of a source meet a condition; with the unit 人 a person counts once, however many rows there are.

    A count that depends on all decisions of a person within the line (the heaviest form) says so a second time as `profile`, over the heaviest form
    and weight: so a table of many lines needs one statement. `where` finds the same persons for the list.
    """

    id: str
    title: str
    definition: str
    where: Where
    unit: str = PIECES
    source: Source = Source.DECISIONS
    of: str = ""
    needs: str = ""
    profile: Profile | None = None
    listed: bool = True  # False: made of counts over several sources; each of them has its list

    @property
    def by_person(self) -> bool:
        return self.unit == PERSONS


@dataclass(frozen=True, slots=True)
class Rate:
    """One count over another, in per cent with one decimal; without a denominator there is no rate."""

    id: str
    title: str
    numerator: str
    denominator: str
    definition: str
    missing: str = ""
    needs: str = ""
    unit: str = PERCENT
