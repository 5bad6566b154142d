"""May this person be promoted, used, rewarded on this day: every bar that counts, what is open beside it, and the answer by date. Pure.

By date alone: whether somebody is fit is another question, which people answer. Nothing is scored, and nobody is called clean.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from youwei.rulebook.days import NEVER, chinese_date
from youwei.rulebook.measures import BAR_TITLES, BarKind

INTENTS: Mapping[str, BarKind] = {
    "晋升职务": BarKind.PROMOTION,
    "晋升职级": BarKind.PROMOTION,
    "进一步使用": BarKind.FURTHER_USE,
    "重新使用": BarKind.EQUAL_POST,
    "评先评优": BarKind.AWARD,
}
"""What may be asked about, and the bar that answers it. 重新使用: a post equal to the former one."""
NOT_ON_FILE = "系统内未见记录"
EDITIONS_APART = timedelta(days=731)
"""No two editions of the law differ by more than two years over one measure: this long after its end a doubt about the edition is moot."""


class Answer(StrEnum):
    FREE = "可以"
    BARRED = "不得"
    UNSETTLED = "待核"
    UNKNOWN = "未见记录"


class Weight(StrEnum):
    """What an open matter does to the answer: it holds it, or stands beside it."""

    HOLDS = "holds"
    BESIDE = "beside"


@dataclass(frozen=True, slots=True)
class Counted:
    """One period as it is kept: what it bars until when, and why. `restoring`: it waits for a restoration of rights. `by_hand`:
    a human settled its last day."""

    title: str
    starts_on: date | None
    last_day: date | None
    until: Mapping[BarKind, date]
    reasons: tuple[str, ...] = ()
    basis: tuple[str, ...] = ()
    unsettled: tuple[str, ...] = ()
    permanent: bool = False
    restoring: bool = False
    by_hand: bool = False

    def bars(self, kind: BarKind, on: date) -> bool:
        free = self.until.get(kind)
        return free is not None and self.starts_on is not None and self.starts_on <= on and (on < free or free == NEVER)

    def in_doubt(self, on: date) -> bool:
        """Whether what is unsettled about it may still change an answer of that day."""
        if not self.unsettled:
            return False
        return self.restoring or self.starts_on is None or self.last_day is None or on <= self.last_day + EDITIONS_APART


@dataclass(frozen=True, slots=True)
class Matter:
    """Something open about the person, in words, with its place where the asker may go there."""

    text: str
    weight: Weight = Weight.BESIDE
    case: int = 0


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer of one day for one intended act, with everything it rests on."""

    intent: str
    on: date
    answer: Answer
    barring: tuple[Counted, ...] = ()
    free_on: date | None = None
    doubts: tuple[str, ...] = ()
    matters: tuple[Matter, ...] = ()

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why, line by line, for whoever works on it."""
        held = (each.text for each in self.matters if each.weight is Weight.HOLDS)
        return (*(_why(each, INTENTS[self.intent]) for each in self.barring), *self.doubts, *held)

    @property
    def says(self) -> str:
        """What may be said of it to whoever asked: bars that count and nothing else; or that nothing is on file, which calls nobody clean."""
        if self.answer is Answer.UNKNOWN:
            return NOT_ON_FILE
        return "；".join(_why(each, INTENTS[self.intent]) for each in self.barring)


def judge(intent: str, on: date, counted: Iterable[Counted], matters: Iterable[Matter], *, known: bool) -> Verdict:
    """The answer. `known`: whether anything is recorded about the person; KeyError for an intent there is not."""
    kind, periods, open_ones = INTENTS[intent], list(counted), tuple(matters)
    barring = tuple(sorted((each for each in periods if each.bars(kind, on)), key=lambda each: each.until[kind]))
    doubts = tuple(
        f"{each.title}：{text}"
        for each in periods
        if each.in_doubt(on) and each not in barring
        for text in each.unsettled
    )
    free_on = max((each.until[kind] for each in barring), default=None)
    if barring:
        answer = Answer.BARRED
    elif doubts or any(each.weight is Weight.HOLDS for each in open_ones):
        answer = Answer.UNSETTLED
    else:
        answer = Answer.FREE if known else Answer.UNKNOWN
    return Verdict(intent, on, answer, barring, free_on, doubts, open_ones)


def _why(bar: Counted, kind: BarKind) -> str:
    free = bar.until[kind]
    until = "没有期满之日" if free == NEVER else f"{chinese_date(free)}起按日期不再受限"
    started = f"{chinese_date(bar.starts_on)}的" if bar.starts_on else ""
    settled = "（终止日经人工核定）" if bar.by_hand else ""
    return f"{started}{bar.title}，期内不得{BAR_TITLES[kind]}，{until}{settled}"


def counts_on(
    day: date, *, starts_on: date | None, last_day: date | None, permanent: bool, until: Iterable[date], assessed_until: date | None = None
) -> bool:  # fmt: skip
    """Whether any rule still counts a measure on a day (K1): its period, a bar, or the assessment of a year."""
    return (
        permanent
        or starts_on is None
        or (last_day is not None and last_day >= day)
        or any(free > day for free in until)
        or (assessed_until is not None and assessed_until >= day)
    )
