"""Small parts of a pack that hang on nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Choice:
    id: str
    title: str


@dataclass(frozen=True, slots=True)
class Lands:
    step: str
    each: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Teams:
    """A landing step that forms teams: of which rows (a step and its field), into which fields of the member's step, and by which rules."""

    step: str
    rows: str
    leader: str
    people: str
    size: int = 2
    ranks: tuple[str, ...] = ()  # from the lowest up: the leader's is no lower than the member's
    own_unit: bool = False  # whether somebody may be sent to people of the own unit


@dataclass(frozen=True, slots=True)
class Restriction:
    """分类管理: what errors of a kind, named by words of the ledger's 问题类别, mean for an intended act, whatever the periods say."""

    problems: tuple[str, ...]
    intents: tuple[str, ...]
    answer: str
    say: str


class Use(StrEnum):
    """How a criterion of a list is used."""

    ALL = "all"  # whoever does not meet it is not proposed
    ANY = "any"  # meeting one of these is enough
    NOT = "not"  # whoever meets it is not proposed
    OFF = "off"


@dataclass(frozen=True, slots=True)
class ScoreItem:
    id: str
    title: str
    out_of: Decimal = Decimal(100)
    weight: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Voters:
    """Who votes in a secret appraisal. `blank` and `double` say what an item left blank, or marked twice, makes void: the item or the ballot."""

    title: str
    at_least: int
    blank: str = "item"
    double: str = "item"
    remarks: bool = True


@dataclass(frozen=True, slots=True)
class Keeps:
    years: int | None  # None: for ever
    start: str = "ended_on"
    then: str = "archive"
