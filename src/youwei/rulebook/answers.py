"""The answers of the commands `period` and `workdays`, in exactly the keys that scripts rely on."""

from collections.abc import Sequence
from datetime import date
from typing import TypedDict

from .bars import WITHDRAWN, Bar, Change, Sanction
from .calendar import CalendarFault, WorkCalendar
from .days import EndDay, chinese_date
from .eligibility import eligibility
from .law import Law
from .measures import LawFault, MeasureKind
from .names import plain
from .periods import compute_bars

WITHDRAWN_WORDS = frozenset(
    {"撤销处分", "撤销处分决定", "撤销原处分决定", "撤销原处分", "撤销决定", "撤销", "不予处分", "免予处分"}
)


class BarAnswer(TypedDict):
    measure: str
    starts_on: str
    last_day: str | None
    first_eligible_on: str | None
    months: int | None
    basis: list[str]
    reasons: list[str]


class EligibleOn(TypedDict):
    """The first free days; null: nothing bars it; 9999-12-31: no day can be named."""

    promotion: str | None
    further_use: str | None
    equal_post: str | None
    award: str | None


class PeriodAnswer(TypedDict):
    bars: list[BarAnswer]
    eligible_on: EligibleOn
    unsettled: list[str]


class SkippedDay(TypedDict):
    on: str
    why: str


class DueAnswer(TypedDict):
    due_on: str
    provisional: bool
    skipped: list[SkippedDay]


class BetweenAnswer(TypedDict):
    working_days: int
    provisional: bool


def period_answer(
    *,
    law: Law,
    measure: str,
    effective: date,
    acts_until: date | None = None,
    instead_of_removal: bool = False,
    months: int | None = None,
    restored_on: date | None = None,
    changed_to: tuple[str, date] | None = None,
    then: Sequence[tuple[str, date]] = (),
    person_kind: str | None = None,
    convention: EndDay | str = EndDay.INCLUSIVE,
) -> PeriodAnswer:
    """The answer of `youwei period`. Raises `LawFault` naming the argument and the remedy."""
    kind = _measure(law, measure, "--measure")
    person = _person(law, person_kind)
    if months is not None and months < 1:
        raise LawFault(f"月数 {months} 不是正整数；请更正月数。", "--months")
    first = Sanction(
        kind.id,
        effective,
        acts_until,
        instead_of_removal,
        months,
        restored_on,
        _change(law, changed_to),
        person,
        key="0",
    )
    later = [
        Sanction(_measure(law, text, "--then").id, _after(day, effective), person_kind=person, key=str(place))
        for place, (text, day) in enumerate(then, 1)
    ]
    bars = compute_bars([first, *later], law, convention)
    free = eligibility(bars)
    return {
        "bars": [bar_answer(each) for each in bars],
        "eligible_on": {
            "promotion": _day(free.promotion.on),
            "further_use": _day(free.further_use.on),
            "equal_post": _day(free.equal_post.on),
            "award": _day(free.award.on),
        },
        "unsettled": list(
            dict.fromkeys(
                f"{each.title}（{chinese_date(each.given_on)}）：{doubt.text}"
                for each in bars
                for doubt in each.unsettled
            )
        ),
    }


def bar_answer(bar: Bar) -> BarAnswer:
    """One bar in the keys of the command."""
    return {
        "measure": bar.title,
        "starts_on": bar.starts_on.isoformat(),
        "last_day": _day(bar.last_day),
        "first_eligible_on": _day(bar.first_eligible_on),
        "months": bar.months,
        "basis": [each.text for each in bar.basis],
        "reasons": [each.text for each in bar.reasons],
    }


def workdays_after(calendar: WorkCalendar, after: date, count: int) -> DueAnswer:
    """The answer of `youwei workdays --after --count`; the day itself is not counted."""
    if count < 0:
        raise LawFault(f"工作日数 {count} 是负数；请改为正整数。", "--count")
    try:
        counted = calendar.add_working_days(after, count)
    except CalendarFault as fault:
        raise LawFault(str(fault), "--after", "--count") from fault
    return {
        "due_on": counted.on.isoformat(),
        "provisional": counted.provisional,
        "skipped": [{"on": each.on.isoformat(), "why": each.why} for each in counted.skipped],
    }


def workdays_between(calendar: WorkCalendar, start: date, end: date) -> BetweenAnswer:
    """The answer of `youwei workdays --from --to`, both ends counted."""
    if end < start:
        raise LawFault(f"止日{chinese_date(end)}早于起日{chinese_date(start)}；请对调两个日期。", "--from", "--to")
    try:
        found = calendar.working_days_between(start, end)
    except CalendarFault as fault:
        raise LawFault(str(fault), "--from", "--to") from fault
    return {"working_days": found.working_days, "provisional": found.provisional}


def _measure(law: Law, text: str, argument: str) -> MeasureKind:
    found = law.recognise(text)
    if found is None:
        raise LawFault(
            f"“{text}”不是认识的处分（处理）种类；请写全称，如党内警告、政务记过、诫勉（只写“警告”“记过”分不清党纪和政务）。",
            argument,
        )
    return found


def _person(law: Law, text: str | None) -> str:
    if not text:
        return ""
    found = law.person_kind(text)
    if found is None:
        known = "、".join(each.title for each in law.persons.values())
        raise LawFault(f"“{text}”不是认识的人员类别；请改为：{known}。", "--person-kind")
    return found.id


def _change(law: Law, given: tuple[str, date] | None) -> Change | None:
    if given is None:
        return None
    text, day = given
    if plain(text) in WITHDRAWN_WORDS:
        return Change(WITHDRAWN, day)
    return Change(_measure(law, text, "--changed-to").id, day)


def _after(day: date, effective: date) -> date:
    if day < effective:
        raise LawFault(
            f"后一处分的日期{chinese_date(day)}早于前一处分的生效日{chinese_date(effective)}；请按先后填写。",
            "--then",
            "--effective",
        )
    return day


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
