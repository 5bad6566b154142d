"""What a pack is once it has been read: frozen objects that engine, forms, papers and pages share. Titles are Chinese, ids the pack's own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import Any, NamedTuple

from youwei.rulebook.pack_parts import Choice, Keeps, Lands, Restriction, ScoreItem, Teams, Use, Voters

EMPTY: Mapping[str, Any] = MappingProxyType({})


def empty() -> Mapping[str, Any]:
    """The default of mapping fields."""
    return EMPTY


SELF = "self"  # head of a name that means "the step this is written in"
ROW = "row"  # head of a name that means "the row this occurrence answers"
WITH = "with"  # head of a name that means "what the opener gave"
REPLY_MARKED = "reply.marked"  # the event: what an answer that was sent rested on has changed


class PackRef(NamedTuple):
    """A procedure at one version, written ``announcement@2018.07``."""

    procedure: str
    version: str

    def __str__(self) -> str:
        return f"{self.procedure}@{self.version}"

    @classmethod
    def parse(cls, text: str) -> PackRef:
        return cls(*text.partition("@")[::2])


class Name(NamedTuple):
    """A two-part name: ``step.field`` or ``root.fact``; the tail of a repeating step may have two parts."""

    head: str
    tail: str

    def __str__(self) -> str:
        return f"{self.head}.{self.tail}"


class Unit(StrEnum):
    WORKING_DAYS = "working days"
    DAYS = "days"
    WEEKS = "weeks"
    MONTHS = "months"
    YEARS = "years"


UNIT_TITLES: Mapping[Unit, str] = {
    Unit.WORKING_DAYS: "个工作日", Unit.DAYS: "日", Unit.WEEKS: "周", Unit.MONTHS: "个月", Unit.YEARS: "年",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Span:
    count: int
    unit: Unit

    @property
    def title(self) -> str:
        return f"{self.count}{UNIT_TITLES[self.unit]}"


@dataclass(frozen=True, slots=True)
class Term:
    """A date as a pack writes it: a length, a length after or before a name, or a name (first given of several)."""

    text: str
    span: Span | None = None
    side: str = ""  # "after", "before" or ""
    names: tuple[Name, ...] = ()

    @property
    def bare(self) -> bool:
        return self.span is not None and not self.names


class Op(StrEnum):
    IS = "is"
    NOT = "not"
    GIVEN = "given"
    LT = "<"
    LE = "<="
    GT = ">"
    GE = ">="
    BEYOND = "beyond"  # of choices: one is not among those of another field


@dataclass(frozen=True, slots=True)
class Test:
    op: Op
    values: tuple[Any, ...] = ()
    name: Name | None = None  # the other side of a comparison, when it is a name
    __test__ = False  # not a test case, whatever pytest thinks of the name


@dataclass(frozen=True, slots=True)
class Clause:
    name: Name
    test: Test


@dataclass(frozen=True, slots=True)
class Condition:
    """Any of several tables, each table all of its tests."""

    any_of: tuple[tuple[Clause, ...], ...]

    @property
    def clauses(self) -> tuple[Clause, ...]:
        return tuple(clause for table in self.any_of for clause in table)

    @property
    def names(self) -> tuple[Name, ...]:
        found = [clause.name for clause in self.clauses]
        found += [clause.test.name for clause in self.clauses if clause.test.name is not None]
        return tuple(dict.fromkeys(found))


class FieldType(StrEnum):
    TEXT = "text"
    DATE = "date"
    NUMBER = "number"
    YESNO = "yesno"
    CHOICE = "choice"
    ROWS = "rows"
    PERSON = "person"
    PEOPLE = "people"
    ORGAN = "organ"
    FILE = "file"
    ELIGIBILITY = "eligibility"
    GUIDING_CASES = "guiding_cases"
    DECISION = "decision"


@dataclass(frozen=True, slots=True)
class Suggestion:
    value: Any
    when: Condition | None


@dataclass(frozen=True, slots=True)
class Field:
    id: str
    title: str
    type: FieldType
    required: bool = False
    when: Condition | None = None
    min: Decimal | None = None
    max: Decimal | None = None
    earliest: Term | None = None  # of a date: the first day it may be
    choices: tuple[Choice, ...] = ()
    shared: str = ""  # the list its choices come from
    many: bool = False
    of: Mapping[str, Field] = dataclass_field(default_factory=empty)  # columns, for rows
    subject: str = ""  # "subject": the eligibility of whom the case is about; "adverse" for rows of adverse facts
    whose: tuple[Name, ...] = ()  # or the eligibility of the person that the first given of these names
    intent: Name | str = ""  # and for which act: a word of ``asking.INTENTS``, or the name of the field that says it
    default: Any = None
    suggest: tuple[Suggestion, ...] = ()
    differs: str = ""  # the field that says why another value was taken than the one suggested
    sealed: tuple[str, ...] = ()
    heed: str = ""  # the shared list of words that are pointed out when they stand in the text
    help: str = ""
    standard: bool = False  # brought by the kind, not written in the pack
    long: bool = False  # a text of several lines
    barred: tuple[str, ...] = ()  # who may not be named here: words of ``pack_keys.BARRED``
    counts: str = ""  # the heading under which the figures of the procedure count its yes, or its choices

    def choice_title(self, value: object) -> str:
        for choice in self.choices:
            if choice.id == value:
                return choice.title
        return str(value)


class RepeatKind(StrEnum):
    ANY_TIME = "any time"
    EVERY = "every"
    NEXT = "next"
    EACH = "each"


@dataclass(frozen=True, slots=True)
class Repeat:
    kind: RepeatKind
    span: Span | None = None
    start: Term | None = None
    until: Term | None = None
    keep_last: bool = False
    field: str = ""  # next: the field that names the next day
    source: Name | None = None  # each: step and (perhaps empty) rows field


@dataclass(frozen=True, slots=True)
class Grounds:
    """Who may do something beside the normal way, and on which closed list of grounds."""

    by: tuple[str, ...]
    grounds: tuple[str, ...]
    at_most: Span | None = None


@dataclass(frozen=True, slots=True)
class Never:
    when: Condition
    say: str


class Kind(StrEnum):
    RECORD = "record"
    TALK = "talk"
    VISIT = "visit"
    MEETING = "meeting"
    STUDY = "study"
    COMMITTEE = "committee"
    APPROVAL = "approval"
    APPRAISAL = "appraisal"
    SCORE = "score"
    LETTER = "letter"
    NOTICE = "notice"
    STATEMENT = "statement"
    ITEM = "item"
    FREEZE = "freeze"
    CASE = "case"
    ALTERATION = "alteration"


JUDGED = frozenset({Kind.RECORD, Kind.APPROVAL, Kind.COMMITTEE, Kind.SCORE})


@dataclass(frozen=True, slots=True)
class Step:
    id: str
    title: str
    stage: str
    kind: Kind = Kind.RECORD
    by: str = ""
    after: tuple[str, ...] = ()  # explicit; () means: from the opening on
    when: Condition | None = None
    never: tuple[Never, ...] = ()
    start: Term | None = None
    due: Term | None = None
    limit: Term | None = None
    warn: Span | None = None
    repeat: Repeat | None = None
    signs: tuple[str, ...] = ()
    seen_by: tuple[
        str, ...
    ] = ()  # the roles that read what it says, beside whoever does and signs it; none: everybody who reads the case
    on_paper: bool = True  # whether a signature or approval given on paper may be entered for whoever gave it
    approves: tuple[str, ...] = ()
    returns: tuple[str, ...] = ()
    exempt: Grounds | None = None
    must: bool = False  # written or implied
    hold: bool = True
    distress: bool = True  # whether a talk, visit, meeting or appraisal may be paused because somebody is in distress
    prolong: Grounds | None = None
    form: Mapping[str, Field] = dataclass_field(default_factory=empty)  # those of the kind first, then the pack's own
    papers: tuple[str, ...] = ()
    shows: tuple[Name, ...] = ()  # what was written before and is shown beside the form: a step, or one field of it
    reports: tuple[str, ...] = ()  # procedures whose cases within the span are counted in this report
    help: str = ""
    basis: tuple[str, ...] = ()
    was: str = ""
    team: int = 1
    lands: Lands | None = None
    teams: Teams | None = None
    procedure: str = ""
    waits: bool = False
    counts_as: str = ""  # what it is in the figures that hold for every procedure: a word of ``pack_keys.COUNTED_AS``
    alters: str = ""  # which alteration of the decision is this step: a word of ``pack_keys.ALTERATIONS``
    items: tuple[ScoreItem, ...] = ()
    options: tuple[str, ...] = ()
    voters: Voters | None = None
    passes: Condition | None = None
    file: str = ""
    line: int = 0

    @property
    def judged(self) -> bool:
        """Whether a send-back over this step annuls it: judgements fall, what happened stands."""
        return self.kind in JUDGED and self.repeat is None


@dataclass(frozen=True, slots=True)
class Role:
    id: str
    title: str
    at: str = ""
    named_in: tuple[Name, ...] = ()
    held_by: str = ""  # which accounts act for it: a word of ``pack_keys.HOLDERS``


@dataclass(frozen=True, slots=True)
class Stage:
    id: str
    title: str
    when: Condition | None = None


@dataclass(frozen=True, slots=True)
class OutcomeOpens:
    procedure: str = ""
    offer: bool = False
    gives: Mapping[str, Name] = dataclass_field(default_factory=empty)


@dataclass(frozen=True, slots=True)
class Outcome:
    id: str
    title: str
    after: tuple[str, ...] = ()  # () means: every step resolved
    when: Condition | None = None
    opens: tuple[OutcomeOpens, ...] = ()
    tells: Mapping[str, Any] = dataclass_field(default_factory=empty)
    counts: str = ""
    admits: bool = False  # a decision that holds somebody to account may rest on a case that ended so
    keeps: Keeps | None = None
    line: int = 0


@dataclass(frozen=True, slots=True)
class Opens:
    event: str = ""
    when: Condition | None = None
    by: tuple[str, ...] = ()
    batch: str = ""
    procedure: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Criterion:
    """A named condition by which a list is drawn up; the pack proposes how it is used, whoever draws the list up may change that."""

    id: str
    title: str
    when: Condition
    use: Use = Use.ALL
    help: str = ""


@dataclass(frozen=True, slots=True)
class Members:
    procedure: str
    scope: Condition | None = None
    join: str = "open"
    ready: str = ""
    criteria: Mapping[str, Criterion] = dataclass_field(default_factory=empty)


@dataclass(frozen=True, slots=True)
class Pack:
    ref: PackRef
    title: str
    about: tuple[str, ...]
    in_force_from: date
    in_force_to: date | None
    issued_by: str
    basis: tuple[str, ...]
    opens: Opens
    roles: Mapping[str, Role]
    stages: Mapping[str, Stage]
    steps: Mapping[str, Step]
    outcomes: Mapping[str, Outcome]
    lists: Mapping[str, tuple[Choice, ...]] = dataclass_field(default_factory=empty)
    papers: Mapping[str, str] = dataclass_field(default_factory=empty)  # what the papers of its steps are called
    hold: Grounds | None = None
    members: Members | None = None
    sealed_to: tuple[str, ...] = ()
    holds_replies: tuple[str, ...] = ()  # until one of these steps is recorded, replies about the person are held
    restrictions: tuple[Restriction, ...] = ()  # which kinds of error stand against which intended act
    year_of: Name | None = None  # the date by whose year a case is called
    matter: str = ""  # what it is about doing; of several packs of one matter an event opens one
    covers: tuple[str, ...] = ()  # the organs, by name, for whose people these local rules are; () means: all
    local: tuple[str, ...] = ()
    extends: PackRef | None = None
    help: str = ""
    area: str = ""  # the line of the navigation its cases stand under
    digest: str = ""
    file: str = ""
    order: tuple[str, ...] = ()  # steps in dependency order
    ancestors: Mapping[str, frozenset[str]] = dataclass_field(default_factory=empty)  # along ``after``

    def in_force(self, on: date) -> bool:
        return self.in_force_from <= on and (self.in_force_to is None or on <= self.in_force_to)
