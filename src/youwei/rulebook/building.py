"""The bars of one sanction by itself: how long, from when, what is barred."""

from dataclasses import replace
from datetime import date

from . import reasons as say
from .bars import Bar, Sanction, Span, State
from .days import NEVER, ONE_DAY, EndDay, add_months, chinese_date, last_day
from .governing import Governing, governing_effect
from .law import Law
from .measures import BarKind, Citation, Effect, Family, LawFault, Lifting, MeasureKind
from .reasons import Reason, Unsettled

PROBATION_TERMS = (12, 24)


def fresh(sanction: Sanction, measure: MeasureKind, law: Law, convention: EndDay) -> list[Bar]:
    """The bars of one sanction, unchanged and by itself; two for 留党察看."""
    found = governing_effect(measure, sanction.effective_on, sanction.acts_until, sanction.person_kind, law, convention)
    effect = found.effect
    if effect is None or not (effect.months or effect.permanent):
        return [bare(sanction, measure, found, convention)]
    if effect.permanent:
        return [_permanent(sanction, measure, found, effect, convention)]
    if measure.is_probation:
        return _probation(sanction, measure, found, effect, convention)
    months, why, cited = _length(sanction, measure, effect, law)
    bar = ending(
        bare(sanction, measure, found, convention),
        effect,
        sanction.effective_on,
        add_months(sanction.effective_on, months),
        months,
        (
            say.length(measure, effect, sanction.effective_on, effect.months, from_restoration=False),
            *why,
            say.arithmetic(
                sanction.effective_on,
                months,
                add_months(sanction.effective_on, months),
                convention,
                measure.period_word,
            ),
        ),
    )
    return [replace(bar, basis=(*bar.basis, *cited))]


def bare(sanction: Sanction, measure: MeasureKind, found: Governing, convention: EndDay) -> Bar:
    """A bar that bars nothing yet."""
    cite = measure.no_period or (found.effect.cite if found.effect else None)
    return Bar(
        key=sanction.key,
        measure=measure.id,
        title=measure.title_on(sanction.effective_on),
        family=measure.family,
        span=Span.PERIOD,
        state=State.STANDING,
        starts_on=sanction.effective_on,
        last_day=None,
        first_eligible_on=None,
        months=None,
        permanent=False,
        until={},
        law_version=cite.instrument if cite else "",
        convention=convention,
        reasons=(say.no_period(measure, known=cite is not None), *found.reasons),
        basis=(*((cite,) if cite else ()), *found.basis),
        unsettled=found.unsettled,
        corresponding_day=None,
        given_on=sanction.effective_on,
    )


def ending(
    bar: Bar, effect: Effect, starts_on: date, corresponding: date, months: int | None, why: tuple[Reason, ...]
) -> Bar:
    """The bar with its end: all that is barred is free after the last day, but for what the law bars for less."""
    end = last_day(corresponding, bar.convention)
    until: dict[BarKind, date] = {}
    for kind, length in effect.bars.items():
        until[kind] = (
            end + ONE_DAY
            if length >= effect.months
            else last_day(add_months(starts_on, length), bar.convention) + ONE_DAY
        )
    for kind in effect.year_end:
        until[kind] = date(starts_on.year + 1, 1, 1)
    kept = tuple(each for each in bar.reasons if each.rule == "transition")
    return replace(
        bar,
        starts_on=starts_on,
        last_day=end,
        first_eligible_on=end + ONE_DAY,
        months=months,
        until=until,
        reasons=(*why, say.barred(until), say.lifted(effect), *kept),
        corresponding_day=corresponding,
    )


def _length(
    sanction: Sanction, measure: MeasureKind, effect: Effect, law: Law
) -> tuple[int, tuple[Reason, ...], tuple[Citation, ...]]:
    """The length in months: the law's, or the organ's own choice where the law leaves it a range."""
    given = sanction.months
    if given is None or given == effect.months:
        return effect.months, (), ()
    if measure.family is Family.ADMINISTRATIVE:
        newer = law.rule("administrative.same_kind")
        rule = newer if sanction.effective_on >= newer.cite.since else law.rule("administrative.same_kind_2007")
        if effect.months <= given <= rule.ceiling:
            return given, (say.chosen_length(given, effect.months, rule),), (rule.cite,)
        raise LawFault(
            f"{measure.title}的月数 {given} 不在 {effect.months} 至 {rule.ceiling} 之间（{rule.cite.place}：{rule.title}）；"
            "请更正月数。",
            "--months",
        )
    raise LawFault(
        f"{measure.title}的{measure.period_word}依据{effect.cite.place}为 {effect.months} 个月，不由机关另定，不能填 {given}；"
        "请去掉月数；适用旧版规定的，请填写行为终了日。",
        "--months",
        "--acts-until",
    )


def _permanent(sanction: Sanction, measure: MeasureKind, found: Governing, effect: Effect, convention: EndDay) -> Bar:
    if sanction.months is not None:
        raise LawFault(f"{measure.title}没有期限，不能填月数；请去掉月数。", "--months")
    return replace(
        bare(sanction, measure, found, convention),
        permanent=True,
        until=dict.fromkeys(effect.bars, NEVER),
        reasons=(say.permanent(measure, effect, sanction.effective_on), say.lifted(effect), *found.reasons),
    )


def _probation(
    sanction: Sanction, measure: MeasureKind, found: Governing, effect: Effect, convention: EndDay
) -> list[Bar]:
    """The probation itself, then the two years from the restoration of rights."""
    term, doubts = _term(sanction, measure, effect)
    start = sanction.effective_on
    corresponding = add_months(start, term)
    base = replace(bare(sanction, measure, found, convention), unsettled=(*found.unsettled, *doubts))
    first = replace(
        ending(
            base,
            effect,
            start,
            corresponding,
            term,
            (
                say.probation_length(effect, term),
                say.arithmetic(start, term, corresponding, convention, "察看期", frees=False),
            ),
        ),
        span=Span.PROBATION,
    )
    expected = last_day(corresponding, convention) + ONE_DAY
    in_time = last_day(add_months(expected, effect.months), convention)
    restored, more = _restored(sanction, expected, term, in_time)
    ends = add_months(restored, effect.months)
    second = ending(
        base,
        effect,
        restored,
        ends,
        effect.months,
        (
            say.length(measure, effect, start, effect.months, from_restoration=True),
            say.arithmetic(restored, effect.months, ends, convention, "影响期"),
        ),
    )
    second = replace(
        second,
        span=Span.AFTER_RESTORATION,
        unsettled=(*base.unsettled, *more),
        reasons=tuple(
            say.lifted(effect, Lifting.EXPIRY) if each.rule == "lifting" else each for each in second.reasons
        ),
    )
    return [first, second]


def _term(sanction: Sanction, measure: MeasureKind, effect: Effect) -> tuple[int, tuple[Unsettled, ...]]:
    given = sanction.months
    if given is not None and (given not in PROBATION_TERMS or (given < effect.probation and not measure.term_missing)):
        raise LawFault(
            f"{measure.title}的察看期合计只能是 {effect.probation} 个月，或者延长后 24 个月（{effect.cite.place}），不能填 {given}；"
            "请更正月数。",
            "--months",
        )
    if given is None and measure.term_missing:
        text = "没有写明留党察看一年还是二年，期限待核：暂按一年计算，如为二年，察看期和影响期各顺延一年。"
        return effect.probation, (Unsettled("term_missing", text),)
    return given or effect.probation, ()


def _restored(sanction: Sanction, expected: date, term: int, in_time: date) -> tuple[date, tuple[Unsettled, ...]]:
    """The day the influence starts: as decided, or the day after the probation until that is known.

    No central text says from when a decision later than the probation's end restores; `in_time`, the last day if it does from that end, is told.
    """
    given = sanction.restored_on
    if given is None:
        text = f"恢复党员权利的日期未填写，影响期待核：暂按察看期满次日{chinese_date(expected)}恢复计算，恢复决定作出后请录入。"
        return expected, (Unsettled("awaiting_restoration", text),)
    if given < expected - ONE_DAY:
        raise LawFault(
            f"恢复党员权利的日期{chinese_date(given)}早于察看期届满（{chinese_date(expected - ONE_DAY)}）；请更正恢复日期或留党察看的种类。",
            "--restored-on",
        )
    if given > expected:
        extended = "曾决定延长一年的，请先登记延长（察看期合计24个月）；" if term == PROBATION_TERMS[0] else ""
        text = (
            f"恢复日{chinese_date(given)}晚于察看期满次日{chinese_date(expected)}，待核：{extended}"
            "恢复应自察看期满之日起算，审批迟延不得延长影响期，请核对恢复决定所写的起算日；"
            f"如自察看期满次日起算，影响期最后一日为{chinese_date(in_time)}。"
        )
        return given, (Unsettled("late_restoration", text),)
    return given, ()


def by_hand(bars: list[Bar], sanction: Sanction) -> list[Bar]:
    """The last day a human settled rules, with its basis; what the law computes stays readable beside it, with what was in doubt.

    Of 留党察看 it is the end after the restoration. What the law frees on another day than the end stays as the law says.
    """
    given, last = sanction.last_day_by_hand, bars[-1]
    if given is None or last.state is State.WITHDRAWN:
        return bars
    if not sanction.basis_by_hand.strip():
        raise LawFault("人工核定终止日必须写明依据；请填写依据。")
    if last.permanent:
        raise LawFault(f"{last.title}没有期限，不能核定终止日；请去掉人工核定的终止日。")
    if given < last.starts_on:
        raise LawFault(f"人工核定的最后一日{chinese_date(given)}早于起始日{chinese_date(last.starts_on)}；请核对。")
    free = given + ONE_DAY
    until = {kind: free if day == last.first_eligible_on else day for kind, day in last.until.items()}
    until = until or {BarKind.PROMOTION: free}
    counted = (each for each in last.reasons if each.rule != "barred")
    settled = replace(
        last,
        last_day=given,
        first_eligible_on=free,
        months=None,
        until=until,
        corresponding_day=free if last.convention is EndDay.INCLUSIVE else given,
        reasons=(
            say.by_hand(given, last.last_day, sanction.basis_by_hand),
            say.barred(until),
            Reason("computed", "以下为按规定的推算，供对照。"),
            *counted,
            *(Reason("doubted", f"核定以前待核的：{each.text}") for each in last.unsettled),
        ),
        unsettled=(),
        by_hand=True,
        computed=last.last_day,
    )
    return [*bars[:-1], settled]
