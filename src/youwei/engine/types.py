"""What goes into a plan and what comes out of it: plain frozen data. Sentences are made in ``wording``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from datetime import date
from enum import StrEnum
from typing import Any, NamedTuple

from youwei.rulebook.calendar import Skipped
from youwei.rulebook.pack_types import Pack, PackRef, Span, empty


class EntryKind(StrEnum):
    OPENED = "opened"
    FACTS = "facts"
    RECORD = "record"
    SIGN = "sign"
    CORRECT = "correct"
    WITHDRAW = "withdraw"
    RETURN = "return"
    EXEMPT = "exempt"
    NOT_DONE = "not_done"
    PROLONG = "prolong"
    HOLD = "hold"
    RESUME = "resume"
    TRANSFER = "transfer"
    ACCEPT = "accept"
    RECUSE = "recuse"
    NOTE = "note"
    MOVED = "moved"
    ENDED = "ended"
    CONFIRMED = "confirmed"
    REOPENED = "reopened"
    TERMINATED = "terminated"
    JOINED = "joined"
    LEFT = "left"
    CHAINED = "chained"
    REPLACED = "replaced"


ENTRY_TITLES: Mapping[EntryKind, str] = {
    EntryKind.OPENED: "立项",
    EntryKind.FACTS: "情况变更",
    EntryKind.RECORD: "办理",
    EntryKind.SIGN: "签署",
    EntryKind.CORRECT: "更正",
    EntryKind.WITHDRAW: "撤回记录",
    EntryKind.RETURN: "退回",
    EntryKind.EXEMPT: "免办",
    EntryKind.NOT_DONE: "未办",
    EntryKind.PROLONG: "延长期限",
    EntryKind.HOLD: "中止计时",
    EntryKind.RESUME: "恢复计时",
    EntryKind.TRANSFER: "移交",
    EntryKind.ACCEPT: "接收",
    EntryKind.RECUSE: "回避",
    EntryKind.NOTE: "备注",
    EntryKind.MOVED: "转入新版本",
    EntryKind.ENDED: "办结",
    EntryKind.CONFIRMED: "确认结论",
    EntryKind.REOPENED: "重新办理",
    EntryKind.TERMINATED: "终止",
    EntryKind.JOINED: "纳入批次",
    EntryKind.LEFT: "退出批次",
    EntryKind.CHAINED: "接续",
    EntryKind.REPLACED: "换人",
}


class Status(StrEnum):
    SKIPPED = "skipped"
    WAITING = "waiting"
    EXEMPTED = "exempted"
    UNDONE = "undone"
    DONE = "done"
    SCHEDULED = "scheduled"
    OPEN = "open"
    CLOSED = "closed"


STATUS_TITLES: Mapping[Status, str] = {
    Status.SKIPPED: "不适用",
    Status.WAITING: "未到",
    Status.EXEMPTED: "免办",
    Status.UNDONE: "未办",
    Status.DONE: "已办",
    Status.SCHEDULED: "未到时间",
    Status.OPEN: "待办",
    Status.CLOSED: "不再办理",
}


class Act(StrEnum):
    """What may be done with an item now; who may do it is not the engine's business."""

    RECORD = "record"
    SIGN = "sign"
    CORRECT = "correct"
    WITHDRAW = "withdraw"
    RETURN = "return"
    EXEMPT = "exempt"
    NOT_DONE = "not_done"
    PROLONG = "prolong"


class Mark(StrEnum):
    LATE = "late"
    SOON = "soon"
    NONE = ""


class Via(NamedTuple):
    """Where a landed record came from."""

    batch: int
    seq: int
    row: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One act in a case's log. ``on``: the day of the act; ``at``: the day it was written down."""

    seq: int
    kind: EntryKind
    on: date
    at: date
    by: str
    behalf: str = ""
    step: str = ""
    key: str = ""  # which occurrence of a repeating step
    part: str = ""  # the role that signs
    to: str = ""  # a step, pack, organ or outcome
    target: int = 0  # seq of the entry meant
    values: Mapping[str, Any] = dataclass_field(default_factory=empty)
    reason: str = ""
    via: Via | None = None
    paper: str = ""  # entered from this paper, or signed on it by hand


class Named(NamedTuple):
    """A name of the pack, its Chinese title, and the value it had."""

    name: str
    title: str
    value: Any


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something is so, as data. ``rule`` is a code that ``wording`` knows."""

    rule: str
    named: tuple[Named, ...] = ()
    text: str = ""  # what the pack or a person wrote
    span: Span | None = None
    anchor: date | None = None
    result: date | None = None
    days: tuple[date, ...] = ()  # working days counted
    skipped: tuple[Skipped, ...] = ()  # days passed over, and why
    rolled_from: date | None = None
    basis: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Who:
    role: str
    title: str
    organ: str | None = None
    person: str | None = None
    at: str = ""  # the pack's word for the place, e.g. "subject" when the person does it


@dataclass(frozen=True, slots=True)
class Window:
    start: date | None = None
    due: date | None = None
    limit: date | None = None
    late_from: date | None = None  # late from the day after
    soon_from: date | None = None
    stopped: bool = False
    provisional: bool = False
    because: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to be done (or done): a step, or one occurrence of a repeating step."""

    step: str
    key: str
    title: str
    status: Status
    window: Window
    who: Who
    entries: tuple[int, ...] = ()
    missing: tuple[str, ...] = ()  # roles yet to sign
    why: tuple[Reason, ...] = ()
    may: frozenset[Act] = frozenset()
    opened_on: date | None = None
    done_on: date | None = None
    optional: bool = False  # any time: never owed
    signers: tuple[Who, ...] = ()  # the roles yet to sign, with where they are held
    excuses: Mapping[str, str] = dataclass_field(
        default_factory=empty
    )  # still owed, and on which ground not done; by the side that signs
    span: tuple[date, date] | None = (
        None  # of a step that comes every so often: the first and the last day this one is about
    )

    def mark(self, today: date) -> Mark:
        """Late or soon, as of a day; a done item is judged by the day of the act."""
        late_from = self.window.late_from
        judged_on = self.done_on if self.status is Status.DONE and self.done_on is not None else today
        owed = self.status in (Status.DONE, Status.OPEN, Status.SCHEDULED)
        if owed and late_from is not None and judged_on > late_from:
            return Mark.LATE
        if self.status is Status.OPEN and self.window.soon_from is not None and today >= self.window.soon_from:
            return Mark.SOON
        return Mark.NONE


@dataclass(frozen=True, slots=True)
class StepState:
    """A step as a whole, whatever the number of its occurrences."""

    status: Status
    resolved: bool
    opened_on: date | None
    why: tuple[Reason, ...] = ()


@dataclass(slots=True)
class Standing:
    """A record that stands, in its present (corrected) form."""

    seq: int
    step: str
    key: str
    on: date
    at: date
    by: str
    values: Mapping[str, Any]
    entries: list[int]
    signs: dict[str, Entry] = dataclass_field(default_factory=dict)
    behalf: str = ""


@dataclass(frozen=True, slots=True)
class Version:
    """What was so from one entry to the next: opening, change of facts, move to another version of the pack."""

    seq: int
    at: date
    facts: Mapping[str, Any]
    pack: Pack


@dataclass(slots=True)
class Hold:
    seq: int
    on: date
    at: date
    ground: str
    resumed_on: date | None = None
    resumed_seq: int = 0
    resumed_at: date | None = None


@dataclass(frozen=True, slots=True)
class Voided:
    """An approval that fell because the text was corrected: when it had been given, and when the correction was made."""

    given_on: date
    at: date


@dataclass(slots=True)
class Sieved:
    opened: Entry
    versions: list[Version]
    waived: frozenset[str] = frozenset()
    records: dict[str, dict[str, Standing]] = dataclass_field(default_factory=dict)
    exempts: dict[tuple[str, str], Entry] = dataclass_field(default_factory=dict)
    undone: dict[tuple[str, str], Entry] = dataclass_field(default_factory=dict)
    owed: dict[tuple[str, str, str], Entry] = dataclass_field(default_factory=dict)  # said why not done, and still owed
    left: list[Entry] = dataclass_field(
        default_factory=list
    )  # every entry that says why not, by the step's name of today
    prolongs: dict[tuple[str, str], list[Entry]] = dataclass_field(default_factory=dict)
    holds: list[Hold] = dataclass_field(default_factory=list)
    returned: dict[str, Entry] = dataclass_field(default_factory=dict)
    voided: dict[str, list[Voided]] = dataclass_field(default_factory=dict)
    aside: dict[int, Reason] = dataclass_field(default_factory=dict)
    transfer: Entry | None = None
    ended: Entry | None = None
    reopened: Entry | None = None
    confirmed: Entry | None = None
    terminated: Entry | None = None
    answered: set[tuple[int, str]] = dataclass_field(default_factory=set)  # what was opened or not: entry and procedure
    last_act: int = 0  # seq of the last entry that can change what stands
    upto: int = 0  # seq of the last entry read

    @property
    def pack(self) -> Pack:
        return self.versions[-1].pack

    @property
    def facts(self) -> Mapping[str, Any]:
        return self.versions[-1].facts

    def sent_back(self, step: str, key: str) -> Entry | None:
        """The entry that sent a step back last; one that a signer sent back is that one occurrence alone."""
        entry = self.returned.get(step)
        return None if entry is not None and entry.part and entry.key != key else entry

    @property
    def running_hold(self) -> Hold | None:
        return self.holds[-1] if self.holds and self.holds[-1].resumed_on is None else None


@dataclass(frozen=True, slots=True)
class Plan:
    pack: PackRef
    items: tuple[Item, ...]
    steps: Mapping[str, StepState]
    outcome: str | None  # a key of the pack's outcomes, or TERMINATED
    derived: str | None  # what the standing records say, whatever was written down
    ended_on: date | None
    conflict: bool
    stuck: bool
    held: bool
    aside: Mapping[int, Reason]
    facts: Mapping[str, Any]
    next_change: date | None
    notes: tuple[Reason, ...] = ()
    sieved: Sieved = dataclass_field(
        kw_only=True, compare=False, repr=False
    )  # what of the log stands, from which it was made

    def item(self, step: str, key: str = "") -> Item | None:
        return next((each for each in self.items if each.step == step and each.key == key), None)

    def open_items(self) -> tuple[Item, ...]:
        return tuple(each for each in self.items if each.status in (Status.OPEN, Status.SCHEDULED))


TERMINATED = "terminated"


@dataclass(frozen=True, slots=True)
class Fault:
    """Why an entry is refused. ``field`` is "" when the fault lies in the whole."""

    field: str
    message: str
    remedy: str = ""
    code: str = ""

    def __str__(self) -> str:
        return f"{self.message}{self.remedy}"


class LogFault(ValueError):
    """A log that is no case: it does not begin with an opening under a known pack."""


@dataclass(frozen=True, slots=True)
class Change:
    """One difference between two plans."""

    step: str
    key: str
    title: str
    what: str  # "appeared", "gone", "status", "due", "limit", "late_from", "start", "outcome", "who"
    before: Any
    after: Any
