"""Which edition of the law governs a measure: 从旧兼从轻, and both answers when nobody knows when the acts were done."""

from dataclasses import dataclass
from datetime import date

from .days import EndDay, add_months, chinese_date, chinese_months, last_day
from .law import Law
from .measures import BAR_TITLES, BarKind, Citation, Effect, Family, MeasureKind
from .reasons import Reason, Unsettled

TRANSITIONS = {Family.PARTY: "transition.party", Family.ADMINISTRATIVE: "transition.administrative"}
"""Sanctions only: a handling follows the rules of the day it is made."""


@dataclass(frozen=True, slots=True)
class Governing:
    """The effect that governs (none: the law of that day is not on file, or the measure has no period), and why."""

    effect: Effect | None
    reasons: tuple[Reason, ...] = ()
    basis: tuple[Citation, ...] = ()
    unsettled: tuple[Unsettled, ...] = ()


def governing_effect(
    measure: MeasureKind, effective_on: date, acts_until: date | None, person: str, law: Law, convention: EndDay
) -> Governing:
    """The edition that governs a measure given on a day for acts that ended on another, or on an unknown one."""
    if measure.no_period is not None:
        return Governing(None)
    now = measure.effect_on(effective_on, person)
    if now is None:
        text = f"系统没有载入{chinese_date(effective_on)}有效的{measure.title}规定，期限待核；请查明当时的规定后人工录入终止日。"
        return Governing(None, unsettled=(Unsettled("law_unknown", text),))
    if measure.family not in TRANSITIONS:
        return Governing(now)
    if acts_until is None:
        return _unknown_acts(measure, now, effective_on, person, convention)
    if acts_until >= now.starts_on:
        return Governing(now)
    return _old_or_milder(measure, now, acts_until, person, law)


def _old_or_milder(measure: MeasureKind, now: Effect, acts_until: date, person: str, law: Law) -> Governing:
    old = measure.effect_on(acts_until, person)
    rule = law.rule(TRANSITIONS[measure.family])
    if old is None:
        text = f"行为终了于{chinese_date(acts_until)}，系统没有载入当时有效的规定，现按{now.cite.name}计算，待核。"
        return Governing(now, unsettled=(Unsettled("law_unknown", text),))
    milder = now.milder_than(old)
    chosen, word = (now, "新规定较轻，适用") if milder else (old, "适用行为时的")
    text = f"行为终了于{chinese_date(acts_until)}，早于{now.cite.name}施行；依据{rule.cite.place}（从旧兼从轻），{word}{chosen.cite.name}。"
    reason = Reason("transition", text, {"acts_until": str(acts_until), "version": chosen.cite.instrument})
    return Governing(chosen, (reason,), (rule.cite,))


def _unknown_acts(measure: MeasureKind, now: Effect, effective_on: date, person: str, convention: EndDay) -> Governing:
    """The present edition rules for the time being; every earlier one that would answer otherwise is shown beside it."""
    others: list[Effect] = []
    for each in reversed(measure.effects):
        earlier = each.ends_on < now.starts_on and (not each.persons or person in each.persons)
        if earlier and not each.same_answer(others[-1] if others else now) and not now.milder_than(each):
            others.append(each)
    if not others:
        return Governing(now)
    first = _answer(now, effective_on, convention)
    rest = "；".join(
        f"如行为终了于{chinese_date(each.ends_on)}以前，依{each.cite.place}{_answer(each, effective_on, convention)}"
        for each in others
    )
    text = f"行为终了日未填写，适用哪一版规定待核：现按{now.cite.name}{first}；{rest}。请查明后填写行为终了日。"
    return Governing(now, unsettled=(Unsettled("acts_unknown", text),))


def _answer(effect: Effect, effective_on: date, convention: EndDay) -> str:
    """为一年六个月、最后一日…（不得提拔、…）."""
    barred = "、".join(BAR_TITLES[kind] for kind in BarKind if kind in effect.bars)
    if effect.permanent:
        return f"没有期限（不得{barred}）"
    word = "察看期满恢复权利后" if effect.probation else ""
    length = f"{word}为{chinese_months(effect.months)}"
    if not effect.probation:
        length += f"、最后一日{chinese_date(last_day(add_months(effective_on, effect.months), convention))}"
    return f"{length}（不得{barred}）"
