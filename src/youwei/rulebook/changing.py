"""A decision changed or withdrawn on review."""

from dataclasses import replace
from datetime import date

from . import reasons as say
from .bars import Bar, Change, Sanction, State
from .building import bare, ending, fresh
from .days import ONE_DAY, EndDay, add_months, chinese_date, chinese_span, months_and_days
from .governing import governing_effect
from .law import Law
from .measures import Family, LawFault, MeasureKind, Rule
from .reasons import Reason, Unsettled


def withdrawn(sanction: Sanction, original: MeasureKind, on: date, law: Law, convention: EndDay) -> list[Bar]:
    """One bar that bars nothing and says why."""
    rule = law.rule("review.withdrawn")
    bar = fresh(sanction, original, law, convention)[0]
    reason = Reason(
        "withdrawn", f"该处分决定于{chinese_date(on)}被撤销。依据{rule.cite.place}，{rule.title}。", {"on": str(on)}
    )
    return [
        replace(
            bar,
            state=State.WITHDRAWN,
            last_day=None,
            first_eligible_on=None,
            months=None,
            permanent=False,
            until={},
            reasons=(reason,),
            basis=(rule.cite, *bar.basis),
            unsettled=(),
            corresponding_day=None,
        )
    ]


def changed(sanction: Sanction, original: MeasureKind, change: Change, law: Law, convention: EndDay) -> list[Bar]:
    """The bars of the measure the decision was changed to."""
    target = law.measure(change.measure)
    if target.family is not original.family:
        raise LawFault(
            f"{original.title}不能变更为{target.title}：不是同一类处分；请另选变更后的处分。", "--changed-to"
        )
    if target.id == original.id:
        raise LawFault(f"变更前后都是{original.title}；请另选变更后的处分，没有变更的不填。", "--changed-to")
    plain = replace(sanction, measure=target.id, changed_to=None, instead_of_removal=False, months=None)
    if target.is_probation:
        bars, rule = _to_probation(plain, original, target, change.on, law, convention)
    elif target.order < original.order:
        bars, rule = fresh(replace(plain, restored_on=None), target, law, convention), law.rule("review.lighter")
    else:
        rule = law.rule("review.heavier")
        bars = [_heavier(sanction, replace(plain, restored_on=None), original, target, change.on, law, convention)]
    return [_told(each, original, target, change.on, rule) for each in bars]


def _told(bar: Bar, original: MeasureKind, target: MeasureKind, on: date, rule: Rule) -> Bar:
    """The bar with what was changed, and with the doubt where the rule is borrowed."""
    text = f"原{original.title}于{chinese_date(on)}变更为{target.title}。依据{rule.cite.name}{rule.cite.article}：{rule.title}。"
    doubts = bar.unsettled
    if bar.family is Family.ADMINISTRATIVE:
        doubts += (Unsettled("review_by_analogy", "政务处分变更后的期限没有明文，比照党纪处分变更的答复计算，待核。"),)
    elif original.is_probation:
        doubts += (Unsettled("review_of_probation", "留党察看变更后的影响期没有明文，按答复推算，待核。"),)
    return replace(
        bar,
        state=State.CHANGED,
        reasons=(Reason("review", text, {"on": str(on), "rule": rule.id}), *bar.reasons),
        basis=(*bar.basis, rule.cite),
        unsettled=doubts,
    )


def _to_probation(
    plain: Sanction, original: MeasureKind, target: MeasureKind, on: date, law: Law, convention: EndDay
) -> tuple[list[Bar], Rule]:
    """From expulsion: counted from the expulsion's approval. From a lighter one: from the change."""
    if original.is_probation:
        name = "review.lighter" if target.order < original.order else "review.heavier"
        return fresh(plain, target, law, convention), law.rule(name)
    if target.order > original.order:
        moved = replace(plain, effective_on=on)
        return fresh(moved, target, law, convention), law.rule("review.to_probation")
    bars = fresh(replace(plain, restored_on=None), target, law, convention)
    over = bars[0].first_eligible_on is not None and bars[0].first_eligible_on <= on
    restored = plain.restored_on or (on if over else None)
    return fresh(replace(plain, restored_on=restored), target, law, convention), law.rule(
        "review.expulsion_to_probation"
    )


def _heavier(
    sanction: Sanction, plain: Sanction, original: MeasureKind, target: MeasureKind, on: date, law: Law, convention: EndDay
) -> Bar:  # fmt: skip
    """From the change: the new length less what was already served."""
    found = governing_effect(target, plain.effective_on, plain.acts_until, plain.person_kind, law, convention)
    effect = found.effect
    if effect is None or effect.permanent:
        return replace(fresh(replace(plain, effective_on=on), target, law, convention)[-1], given_on=plain.effective_on)
    old = fresh(replace(sanction, changed_to=None), original, law, convention)[-1]
    served_to = min(on, old.corresponding_day or on)
    base, length = (plain.effective_on, effect.months)
    if served_to < on:
        base, length = on, effect.months - (old.months or 0)
    corresponding = add_months(base, max(length, 0))
    bar = bare(plain, target, found, convention)
    bar = replace(bar, unsettled=say.aside(bar.unsettled, "不计变更、从生效日起算"))
    if corresponding <= on:
        over = Reason("served", f"{target.title}{effect.months}个月，变更前已经执行完毕，不再计算。")
        return replace(bar, starts_on=on, reasons=(over, *found.reasons))
    served = (0, 0) if served_to == plain.effective_on else months_and_days(plain.effective_on, served_to - ONE_DAY)
    why = (
        say.length(target, effect, plain.effective_on, effect.months, from_restoration=False),
        Reason(
            "served",
            f"自{chinese_date(plain.effective_on)}起已经执行{chinese_span(*served)}，予以扣除，余下自{chinese_date(on)}起算。",
        ),
        say.arithmetic(base, length, corresponding, convention, target.period_word),
    )
    months, days = months_and_days(on, corresponding - ONE_DAY)
    return ending(bar, effect, on, corresponding, None if days else months, why)
