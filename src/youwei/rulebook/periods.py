"""Bars: what each sanction forbids, from which day to which, and why.

Pure arithmetic over the law. It takes the measures and their effective days; never when they were announced, served or
carried out, so an organ's delay cannot move a bar. No end is shifted for a holiday: that rule is for acts, not for bars.

The corresponding day of a period is the same day of the month so many months on, or the month's last day where it lacks
the day (from the 31st, or 29 February). `convention` says whether the period ends the day before it or on it.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from .bars import WITHDRAWN, Bar, Change, Sanction, Span, State
from .building import by_hand, fresh
from .changing import changed, withdrawn
from .days import NEVER, EndDay, chinese_date
from .law import Law
from .measures import BarKind, Family, LawFault, MeasureKind, PersonKind
from .reasons import Reason
from .running import after_running

__all__ = ["WITHDRAWN", "Bar", "Change", "Sanction", "Span", "State", "compute_bars", "open_investigation"]

LAST_DATE = date(2200, 12, 31)
"""Later dates are slips of the keyboard."""

SUMMED = frozenset({Family.PARTY, Family.ADMINISTRATIVE})
"""Sanctions are added up when a new one falls into a running period; handlings each keep their own."""


def compute_bars(
    sanctions: Iterable[Sanction], law: Law, convention: EndDay | str = EndDay.INCLUSIVE
) -> tuple[Bar, ...]:
    """The bars of one person's sanctions together. The order of the input does not matter.

    Raises `LawFault` for what the law does not know or does not allow.
    """
    chosen = convention_of(convention)
    ordered = sorted(sanctions, key=lambda each: (each.effective_on, each.measure, each.key, repr(each)))
    bars: list[Bar] = []
    sanctioned: dict[Family, list[Bar]] = {}
    for each in ordered:
        new = _of_one(each, law, chosen)
        family = new[0].family
        if family in SUMMED:
            new = after_running(new, sanctioned.get(family, ()), law)
        new = by_hand(new, each)
        sanctioned.setdefault(family, []).extend(new)
        bars.extend(new)
    noted = (_noted(each, law) for each in bars)
    return tuple(sorted(noted, key=lambda each: (each.starts_on, each.measure, each.span, each.key)))


def _noted(bar: Bar, law: Law) -> Bar:
    """A bar on promotion only, with the word that the appointment rules may still stand against further use."""
    rule = law.rule("reuse.not_candidate")
    if BarKind.PROMOTION not in bar.until or BarKind.FURTHER_USE in bar.until or bar.given_on < rule.cite.since:
        return bar
    text = f"本项规定没有限制进一步使用；但{rule.cite.place}（待核对原文）：{rule.title}。进一步使用前请一并核对。"
    return replace(bar, reasons=(*bar.reasons, Reason("not_candidate", text)))


def open_investigation(started_on: date, law: Law, convention: EndDay | str = EndDay.INCLUSIVE, key: str = "") -> Bar:
    """The bar of an open investigation: no promotion, transfer or award without consent, until it is closed."""
    rule = law.rule("administrative.pending")
    return Bar(
        key=key,
        measure="pending.investigation",
        title="立案调查",
        family=Family.ADMINISTRATIVE,
        span=Span.PERIOD,
        state=State.STANDING,
        starts_on=started_on,
        last_day=None,
        first_eligible_on=None,
        months=None,
        permanent=True,
        until=dict.fromkeys((BarKind.PROMOTION, BarKind.FURTHER_USE, BarKind.EQUAL_POST, BarKind.AWARD), NEVER),
        law_version=rule.cite.instrument,
        convention=convention_of(convention),
        reasons=(Reason("pending", f"依据{rule.cite.place}：{rule.title}；结案前没有终止日。"),),
        basis=(rule.cite,),
        unsettled=(),
        corresponding_day=None,
        given_on=started_on,
    )


def convention_of(given: EndDay | str) -> EndDay:
    """The convention by name, or refuse."""
    try:
        return EndDay(given)
    except ValueError:
        raise LawFault(f"终止日算法“{given}”不认识；请在系统设置中另选。") from None


def _of_one(sanction: Sanction, law: Law, convention: EndDay) -> list[Bar]:
    """The bars of one sanction by itself, a change on review included."""
    original = _kind(sanction, law)
    _check_person(sanction, original, law)
    _check_days(sanction, original, law)
    change = sanction.changed_to
    if change is None:
        return fresh(sanction, original, law, convention)
    if change.measure == WITHDRAWN:
        return withdrawn(sanction, original, change.on, law, convention)
    return changed(sanction, original, change, law, convention)


def _kind(sanction: Sanction, law: Law) -> MeasureKind:
    measure = law.measure(sanction.measure)
    if not sanction.instead_of_removal or measure.instead_of:
        return measure
    for each in law.measures.values():
        if each.instead_of == measure.id:
            return each
    raise LawFault(
        f"“代撤销党内职务”只适用于党内严重警告，不适用于{measure.title}；请去掉“代撤销党内职务”，或者更正处分种类。",
        "--instead-of-removal",
        "--measure",
    )


def _check_person(sanction: Sanction, measure: MeasureKind, law: Law) -> None:
    """Refuse what this kind of person cannot receive."""
    if not sanction.person_kind:
        return
    person = law.persons.get(sanction.person_kind)
    if person is None:
        raise LawFault(f"没有编号为“{sanction.person_kind}”的人员类别；请从人员类别表中选取。")
    if why := unfit(person, measure, sanction.effective_on, law):
        raise LawFault(f"{why}；{person.remedy}。")


def unfit(person: PersonKind, measure: MeasureKind, on: date, law: Law) -> str:
    """Why a kind of person cannot receive a measure on a day, with the article; "" when it can."""
    if person.may_receive(measure, on) or person.limit is None:
        return ""
    allowed = "、".join(
        law.measure(each).title for each in sorted(person.only or (), key=lambda name: law.measure(name).order)
    )
    only = f"只能给予{allowed}" if allowed else "不再给予政务处分"
    return f"{person.title}依据{person.limit.place}{only}，不能给予{measure.title_on(on)}"


def _check_days(sanction: Sanction, measure: MeasureKind, law: Law) -> None:
    changed_on = sanction.changed_to.on if sanction.changed_to else None
    for title, argument, day in (
        ("生效日", "--effective", sanction.effective_on),
        ("恢复日", "--restored-on", sanction.restored_on),
        ("变更日", "--changed-to", changed_on),
        ("人工核定的最后一日", "", sanction.last_day_by_hand),
    ):
        if day is not None and day > LAST_DATE:
            raise LawFault(f"{title}{chinese_date(day)}过远；请核对年份。", argument)
    if sanction.acts_until is not None and sanction.acts_until > sanction.effective_on:
        raise LawFault(
            f"行为终了日{chinese_date(sanction.acts_until)}晚于生效日{chinese_date(sanction.effective_on)}；请核对这两个日期。",
            "--acts-until",
            "--effective",
        )
    change = sanction.changed_to
    if change is not None and change.on < sanction.effective_on:
        raise LawFault(
            f"变更日{chinese_date(change.on)}早于原处分生效日{chinese_date(sanction.effective_on)}；请核对变更日期。",
            "--changed-to",
        )
    ends_as = measure if change is None or change.measure == WITHDRAWN else law.measure(change.measure)
    if sanction.restored_on is not None and not (measure.is_probation or ends_as.is_probation):
        raise LawFault(f"只有留党察看才有恢复党员权利的日期，{ends_as.title}没有；请去掉恢复日期。", "--restored-on")
