"""What the law is made of: instruments, measures and their effects, rules, duties. Frozen, each with its citation."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from .days import chinese_date


class LawFault(ValueError):
    """A question the law refuses: what is wrong and the remedy, in the office's words. `arguments` are the command's words for it."""

    def __init__(self, text: str, *arguments: str) -> None:
        super().__init__(text)
        self.arguments = tuple(filter(None, arguments))

    def at_shell(self) -> str:
        """The same for whoever typed a command."""
        return f"{self}（{'、'.join(self.arguments)}）" if self.arguments else str(self)


class Family(StrEnum):
    PARTY = "party"
    ADMINISTRATIVE = "administrative"
    HANDLING = "handling"
    ADMONITION = "admonition"
    FIRST_FORM = "first_form"


FAMILY_TITLES = {
    Family.PARTY: "党纪处分",
    Family.ADMINISTRATIVE: "政务处分",
    Family.HANDLING: "组织处理",
    Family.ADMONITION: "诫勉",
    Family.FIRST_FORM: "第一种形态其他处理",
}


class BarKind(StrEnum):
    """What a person may not receive while a period runs."""

    PROMOTION = "promotion"
    FURTHER_USE = "further_use"
    EQUAL_POST = "equal_post"
    AWARD = "award"
    READMISSION = "readmission"
    WAGE_STEP = "wage_step"


BAR_TITLES = {
    BarKind.PROMOTION: "提拔、晋升",
    BarKind.FURTHER_USE: "进一步使用",
    BarKind.EQUAL_POST: "担任与原任职务相当的职务",
    BarKind.AWARD: "评先评优",
    BarKind.READMISSION: "重新入党",
    BarKind.WAGE_STEP: "晋升工资（薪酬）档次",
}


class Lifting(StrEnum):
    EXPIRY = "expiry"
    AUTOMATIC = "automatic"
    DECISION = "decision"
    RESTORATION = "restoration"
    NEVER = "never"


LIFTING_TITLES = {
    Lifting.EXPIRY: "期满自然届满，无须另行解除",
    Lifting.AUTOMATIC: "期满后自动解除（有悔改表现且没有再发生应当给予处分的违法行为）",
    Lifting.DECISION: "期满后由机关作出解除决定；机关迟延作出，不延长处分期",
    Lifting.RESTORATION: "察看期满由党组织讨论决定恢复党员权利，影响期自恢复之日起算",
    Lifting.NEVER: "不因期满解除",
}


@dataclass(frozen=True, slots=True)
class Instrument:
    """One edition of a regulation or a law, with the days it was in force."""

    id: str
    title: str
    edition: str
    family: str
    issued: date
    starts_on: date
    ends_on: date
    source: str
    checked_on: date
    unverified: bool

    @property
    def name(self) -> str:
        return f"《{self.title}》（{self.edition}）"


@dataclass(frozen=True, slots=True)
class Citation:
    """Where a value comes from: article, source, date from which it applies; `unverified` until someone has seen the official text."""

    instrument: str
    name: str
    article: str
    since: date
    source: str
    checked_on: date
    unverified: bool
    text: str

    @classmethod
    def of(
        cls, instrument: Instrument, article: str, since: date, source: str, checked_on: date, *, unverified: bool
    ) -> "Citation":
        mark = "（条文或条次待核对原文）" if unverified else ""
        text = f"{instrument.name}{article}，{chinese_date(since)}起适用{mark}"
        return cls(instrument.id, instrument.name, article, since, source, checked_on, unverified, text)

    @property
    def place(self) -> str:
        return f"{self.name}{self.article}"


@dataclass(frozen=True, slots=True)
class Effect:
    """What one measure does under one edition of the law: how long, what it bars, how it ends."""

    starts_on: date
    ends_on: date
    months: int
    probation: int
    most: int
    permanent: bool
    bars: Mapping[BarKind, int]
    year_end: tuple[BarKind, ...]
    lifts: Lifting
    persons: frozenset[str]
    cite: Citation

    def same_answer(self, other: "Effect") -> bool:
        return (self.months, self.probation, self.permanent, self.bars, self.year_end) == (
            other.months,
            other.probation,
            other.permanent,
            other.bars,
            other.year_end,
        )

    def milder_than(self, other: "Effect") -> bool:
        """Milder: in nothing harder, in something softer (length, what is barred, how it is lifted)."""
        mine, theirs = self._hardness(), other._hardness()
        return all(mine[each] <= theirs[each] for each in mine) and mine != theirs

    def _hardness(self) -> dict[str, int]:
        found = {
            str(kind): 10_000 if self.permanent and kind in self.bars else self.bars.get(kind, 0) for kind in BarKind
        }
        found["months"] = 10_000 if self.permanent else self.months + self.probation
        found["year_end"] = len(self.year_end)
        found["decision"] = int(self.lifts is Lifting.DECISION)
        return found


@dataclass(frozen=True, slots=True)
class MeasureKind:
    """A sanction or a handling, with its effects from the earliest edition to the present one."""

    id: str
    title: str
    before_title: str
    before_until: date
    family: Family
    order: int
    weight: str
    forms: tuple[str, ...]
    aliases: tuple[str, ...]
    plain: tuple[str, ...]
    instead_of: str
    term_missing: bool
    effects: tuple[Effect, ...]
    no_period: Citation | None

    @property
    def form(self) -> str:
        """The form (四种形态) it usually belongs to."""
        return self.forms[0]

    @property
    def is_probation(self) -> bool:
        return any(each.probation for each in self.effects)

    @property
    def period_word(self) -> str:
        return "处分期" if self.family is Family.ADMINISTRATIVE else "影响期"

    def title_on(self, day: date | None) -> str:
        """行政警告 before the Supervision Law of 2018, 政务警告 since."""
        return self.before_title if day is not None and self.before_title and day <= self.before_until else self.title

    def effect_on(self, day: date, person: str = "") -> Effect | None:
        """The effect in force on a day; one written for the kind of person goes before the general one."""
        general = None
        for each in self.effects:
            if each.starts_on <= day <= each.ends_on:
                if person and person in each.persons:
                    return each
                if not each.persons:
                    general = each
        return general


@dataclass(frozen=True, slots=True)
class Rank:
    """A level of posts, how it is written, and the grades without a leading post that go with it; from the lowest up by `place`."""

    id: str
    title: str
    place: int
    aliases: tuple[str, ...]
    grades: tuple[str, ...]
    cite: Citation | None


@dataclass(frozen=True, slots=True)
class PersonKind:
    """A kind of person under the sanctions law, and which sanctions it can receive."""

    id: str
    title: str
    aliases: tuple[str, ...]
    only: frozenset[str] | None
    limit: Citation | None
    remedy: str

    def may_receive(self, measure: MeasureKind, on: date) -> bool:
        if measure.family is not Family.ADMINISTRATIVE or self.only is None or self.limit is None:
            return True
        return on < self.limit.since or measure.id in self.only


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of computation with its citation."""

    id: str
    title: str
    ceiling: int
    cite: Citation


@dataclass(frozen=True, slots=True)
class Duty:
    """A time limit for an act. An organ that misses it is late; no bar moves."""

    id: str
    title: str
    what: str
    amount: int
    unit: str
    counted_from: str
    at_most: int
    starts_on: date
    ends_on: date
    cite: Citation


@dataclass(frozen=True, slots=True)
class Holding:
    """By what a decision is known to hold somebody to account: its measures, and words of the problem it is about (none: any problem)."""

    title: str
    measures: frozenset[str]
    words: tuple[str, ...]
    starts_on: date
    ends_on: date
    cite: Citation

    def fits(self, measures: Collection[str], problem: str, on: date) -> bool:
        if not self.starts_on <= on <= self.ends_on or self.measures.isdisjoint(measures):
            return False
        return not self.words or any(word in problem for word in self.words)


@dataclass(frozen=True, slots=True)
class Assessment:
    """What becomes of the annual assessment in the year of a measure and in the years after."""

    measure: str
    first_year: str
    later_years: tuple[str, ...]
    cite: Citation
