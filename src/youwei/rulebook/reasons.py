"""Reasons: each answer's steps as data and as a Chinese sentence."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from .days import (
    CONVENTION_TITLES,
    NEVER,
    ONE_DAY,
    EndDay,
    chinese_date,
    chinese_months,
    chinese_span,
    lacks_day,
    last_day,
)
from .measures import BAR_TITLES, LIFTING_TITLES, BarKind, Effect, Lifting, MeasureKind, Rule

Values = Mapping[str, str | int]


@dataclass(frozen=True, slots=True)
class Reason:
    """One step: which rule, with which values, and the sentence that says it."""

    rule: str
    text: str
    values: Values = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Unsettled:
    """Something a human must settle before the answer may be relied on (待核)."""

    code: str
    text: str


def length(measure: MeasureKind, effect: Effect, effective_on: date, months: int, *, from_restoration: bool) -> Reason:
    """第十条：影响期一年六个月，自何日起算."""
    what = measure.title_on(effective_on)
    if measure.instead_of:
        what = f"应当撤销党内职务而本人没有党内职务、给予的{what}"
    start = "恢复党员权利之日" if from_restoration else "决定生效之日"
    text = (
        f"依据{effect.cite.place}，{what}的{measure.period_word}为{chinese_months(months)}"
        f"（{months}个月），自{start}起算。"
    )
    return Reason("length", text, {"article": effect.cite.place, "months": months})


def probation_length(effect: Effect, term: int) -> Reason:
    text = f"依据{effect.cite.place}，留党察看期限{chinese_months(term)}（{term}个月）；察看期内没有表决权、选举权和被选举权，党内职务自然撤销。"
    return Reason("probation", text, {"article": effect.cite.place, "months": term})


def arithmetic(
    start: date, months: int, corresponding: date, convention: EndDay, word: str, *, frees: bool = True
) -> Reason:
    """2024年3月15日加18个月，对应日…，最后一日…，另一种算法…"""
    missing = f"（该月没有{start.day}日，取月末）" if lacks_day(start, months) else ""
    text = (
        f"{chinese_date(start)}加{months}个月，对应日为{chinese_date(corresponding)}{missing}；"
        f"{ends(corresponding, convention, word, frees=frees)}"
    )
    return Reason("arithmetic", text, _values(corresponding, convention) | {"from": str(start), "months": months})


def ends(corresponding: date, convention: EndDay, word: str, *, frees: bool = True) -> str:
    """The last day and the first free day under the chosen convention, and under the other."""
    other = EndDay.CIVIL if convention is EndDay.INCLUSIVE else EndDay.INCLUSIVE
    end, end_other = last_day(corresponding, convention), last_day(corresponding, other)
    free = f"，{chinese_date(end + ONE_DAY)}起不再受限" if frees else ""
    return (
        f"按“{CONVENTION_TITLES[convention]}”，{word}最后一日为{chinese_date(end)}{free}；"
        f"如按“{CONVENTION_TITLES[other]}”，最后一日为{chinese_date(end_other)}。不因节假日顺延。"
    )


def _values(corresponding: date, convention: EndDay) -> dict[str, str | int]:
    return {
        "corresponding_day": str(corresponding),
        "last_day": str(last_day(corresponding, convention)),
        "convention": str(convention),
        "last_day_inclusive": str(last_day(corresponding, EndDay.INCLUSIVE)),
        "last_day_civil": str(last_day(corresponding, EndDay.CIVIL)),
    }


def barred(until: Mapping[BarKind, date]) -> Reason:
    """期内不得提拔、…；各项何日起不再受限."""
    if not until:
        return Reason("barred", "不限制提拔使用。")
    days = sorted(set(until.values()))
    if len(days) == 1:
        text = f"期内不得{'、'.join(BAR_TITLES[kind] for kind in BarKind if kind in until)}。"
    else:
        text = "；".join(
            f"{'、'.join(BAR_TITLES[kind] for kind in BarKind if until.get(kind) == day)}自{chinese_date(day)}起不再受限"
            for day in days
        )
        text += "。"
    return Reason("barred", text, {str(kind): str(day) for kind, day in until.items()})


def lifted(effect: Effect, lifts: Lifting | None = None) -> Reason:
    chosen = lifts or effect.lifts
    return Reason("lifting", f"{LIFTING_TITLES[chosen]}。", {"lifts": str(chosen)})


def permanent(measure: MeasureKind, effect: Effect, effective_on: date) -> Reason:
    text = (
        f"依据{effect.cite.place}，{measure.title_on(effective_on)}自决定生效之日（{chinese_date(effective_on)}）起"
        "解除人事关系，没有期限，不因时间经过而解除。"
    )
    return Reason("permanent", text, {"article": effect.cite.place, "from": str(effective_on)})


def no_period(measure: MeasureKind, *, known: bool) -> Reason:
    if known:
        return Reason("no_period", f"{measure.title}本身不产生影响期；同时受到的其他处分、处理各按其规定。")
    return Reason("law_unknown", f"系统没有载入当时有效的{measure.title}规定，不能推算期限。")


def chosen_length(months: int, least: int, rule: Rule) -> Reason:
    text = (
        f"机关决定处分期为{months}个月；依据{rule.cite.place}，可在{least}至{rule.ceiling}个月之间确定：{rule.title}。"
    )
    return Reason("chosen_length", text, {"months": months, "least": least, "most": rule.ceiling})


def by_hand(given: date, computed: date | None, basis: str) -> Reason:
    if computed is None:
        beside = "（按规定没有期间）"
    elif computed == given:
        beside = "（与按规定推算的相同）"
    else:
        apart = f"{'晚' if given > computed else '早'}{abs((given - computed).days)}天"
        beside = f"（比按规定推算的{chinese_date(computed)}{apart}）"
    text = f"最后一日由人工核定为{chinese_date(given)}{beside}，依据：{basis.strip().rstrip('。')}。"
    return Reason("by_hand", text, {"last_day": str(given)})


def summed(rule: Rule, old: str, new: str, remaining: tuple[int, int], months: int) -> Reason:
    left = chinese_span(*remaining)
    text = f"依据{rule.cite.place}：{rule.title}。{old}尚未执行{left}，加{new}{months}个月，合计{chinese_span(remaining[0] + months, remaining[1])}。"
    values: dict[str, str | int] = {
        "remaining_months": remaining[0],
        "remaining_days": remaining[1],
        "new_months": months,
    }
    return Reason("new_sanction", text, values)


def appended(old_corresponding: date, months: int, corresponding: date, convention: EndDay, word: str) -> Reason:
    """The arithmetic of a sum: the old corresponding day moved on by the new length."""
    missing = f"（该月没有{old_corresponding.day}日，取月末）" if lacks_day(old_corresponding, months) else ""
    text = (
        f"原对应日{chinese_date(old_corresponding)}再加{months}个月，对应日为{chinese_date(corresponding)}{missing}；"
        f"{ends(corresponding, convention, word)}"
    )
    return Reason(
        "arithmetic", text, _values(corresponding, convention) | {"from": str(old_corresponding), "months": months}
    )


def capped(rule: Rule, start: date, corresponding: date, convention: EndDay) -> Reason:
    end = ends(corresponding, convention, "处分期")
    text = (
        f"合计超过{rule.ceiling}个月，以{rule.ceiling}个月为限：{chinese_date(start)}加{rule.ceiling}个月，"
        f"对应日为{chinese_date(corresponding)}；{end}"
    )
    values = _values(corresponding, convention) | {"from": str(start), "months": rule.ceiling}
    return Reason("ceiling", text, values)


def free_on(kind: BarKind, day: date | None, titles: list[str]) -> Reason:
    """Which bar decides one line of the eligibility."""
    what = BAR_TITLES[kind]
    if day is None:
        return Reason("eligible", f"{what}：没有限制。", {"kind": str(kind)})
    if day == NEVER:
        return Reason(
            "eligible", f"{what}：因{'、'.join(titles)}，没有可以开始的日期。", {"kind": str(kind), "on": str(day)}
        )
    return Reason(
        "eligible", f"{what}：最早{chinese_date(day)}，取决于{'、'.join(titles)}。", {"kind": str(kind), "on": str(day)}
    )


def aside(doubts: tuple[Unsettled, ...], how: str) -> tuple[Unsettled, ...]:
    """The doubt about the edition names the dates of each edition by itself; here another reckoning has moved the bar's own."""
    return tuple(
        replace(each, text=f"{each.text}（以上日期{how}。）") if each.code == "acts_unknown" else each
        for each in doubts
    )
