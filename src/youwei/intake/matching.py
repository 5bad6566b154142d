"""What intake asks of the rooms that know persons and decisions: is this row new, known, or to be asked about?"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from youwei.intake.faults import Fault
from youwei.intake.parse import STUB, Row


@dataclass(frozen=True, slots=True)
class Candidate:
    """A person a row may be about, and why it may. `another`: it is that person, and the question is whether the row tells another decision."""

    person_id: int
    why: str
    another: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """One field an update would change."""

    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Match:
    """The answer for one row: outcome is create, update, unchanged, stub or ask; or refused, with the fault that only the matcher could see.

    `twin` is the number of an earlier row of the same table that may be about the same person."""

    outcome: str
    person_id: int | None = None
    decision_id: int | None = None
    candidates: tuple[Candidate, ...] = ()
    changes: tuple[Change, ...] = ()
    why: str = ""
    twin: int | None = None
    fault: Fault | None = None


class Matcher(Protocol):
    """Given from outside by whoever may look at persons and decisions. Gets rows without faults, stubs among them, some hundreds at a time."""

    def match(self, rows: Sequence[Row]) -> list[Match]: ...


class NothingKnown:
    """The matcher of an empty store: every row is new."""

    def match(self, rows: Sequence[Row]) -> list[Match]:
        return [Match("stub" if row.kind == STUB else "create") for row in rows]
