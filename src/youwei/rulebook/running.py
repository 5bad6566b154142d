"""A new sanction within a running period: what is left of the old is added to the new."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from . import reasons as say
from .bars import Bar, Span, State
from .days import ONE_DAY, add_months, chinese_date, last_day, months_and_days
from .law import Law
from .measures import Family, Rule
from .reasons import Reason, Unsettled

RULES = {Family.PARTY: "party.new_sanction", Family.ADMINISTRATIVE: "administrative.new_sanction"}


def after_running(new: list[Bar], earlier: Sequence[Bar], law: Law) -> list[Bar]:
    """The bars of a new sanction, lengthened by what is left of the earlier ones of its family; those stay as they are."""
    first = new[0]
    if first.state is State.WITHDRAWN or first.permanent or not first.barring:
        return new
    doubts: list[Unsettled] = []
    running = [each for each in earlier if _runs(each, first.starts_on)]
    if any(each.given_on == first.given_on and each.barring for each in earlier):
        text = "同一日有两个同类处分：应当合并处理为一个处分，系统各自计算、彼此不相加，待核。"
        doubts.append(Unsettled("same_day", text))
    if any(each.span is Span.PROBATION for each in running):
        text = "原留党察看期未满又受处分：再犯应当开除党籍，漏错如何合并没有明文；系统不与察看期相加，由审核人员核定终止日，待核。"
        doubts.append(Unsettled("probation_running", text))
    counted = [each for each in running if each.span is not Span.PROBATION and each.given_on < first.given_on]
    rule = law.rule(RULES[first.family])
    old = max(counted, key=lambda each: (each.corresponding_day or date.min, each.measure), default=None)
    if old is None:
        return [_doubted(each, doubts) for each in new]
    if first.span is Span.PROBATION:
        return [_doubted(first, doubts), _doubted(_after_restoration(new[1], first, old, rule), doubts)]
    if first.measure == "party.expulsion":
        text = f"原{old.title}影响期未满又开除党籍：是否相加没有明文，系统不相加，待核。"
        return [_doubted(first, [*doubts, Unsettled("expulsion", text)])]
    return [_doubted(_summed(first, old, rule), doubts)]


def _runs(bar: Bar, day: date) -> bool:
    """Whether a bar's time runs on a day; one made heavier on review ran as the lighter one before."""
    if bar.state is State.WITHDRAWN or bar.permanent or not bar.barring or bar.last_day is None:
        return False
    begins = bar.starts_on if bar.span is Span.AFTER_RESTORATION else min(bar.starts_on, bar.given_on)
    return begins <= day <= bar.last_day


def _doubted(bar: Bar, doubts: Sequence[Unsettled]) -> Bar:
    return replace(bar, unsettled=(*bar.unsettled, *doubts)) if doubts else bar


def _remaining(old: Bar, start: date) -> tuple[int, int]:
    corresponding = old.corresponding_day or start
    return months_and_days(start, corresponding - ONE_DAY) if corresponding > start else (0, 0)


def _summed(new: Bar, old: Bar, rule: Rule) -> Bar:
    """The old corresponding day moved on by the new length, which is the remaining part and the new one together."""
    months = _own_months(new)
    before = old.corresponding_day or new.starts_on
    corresponding = add_months(before, months)
    word = "处分期" if new.family is Family.ADMINISTRATIVE else "影响期"
    why: tuple[Reason, ...] = (
        say.summed(rule, old.title, new.title, _remaining(old, new.starts_on), months),
        say.appended(before, months, corresponding, new.convention, word),
    )
    if rule.ceiling and corresponding > add_months(new.starts_on, rule.ceiling):
        corresponding = add_months(new.starts_on, rule.ceiling)
        why += (say.capped(rule, new.starts_on, corresponding, new.convention),)
    return _moved(new, corresponding, why, rule)


def _after_restoration(second: Bar, first: Bar, old: Bar, rule: Rule) -> Bar:
    """New 留党察看: its influence starts at the restoration, so what was left of the old is added there."""
    left = _remaining(old, first.starts_on)
    months = _own_months(second)
    corresponding = add_months(second.starts_on, months + left[0]) + timedelta(days=left[1])
    why = (
        say.summed(rule, old.title, second.title, left, months),
        Reason(
            "arithmetic",
            f"自恢复党员权利之日{chinese_date(second.starts_on)}加{months + left[0]}个月{left[1]}日，对应日为{chinese_date(corresponding)}；"
            f"{say.ends(corresponding, second.convention, '影响期')}",
        ),
    )
    text = "新处分为留党察看，原处分尚未执行的部分加在恢复党员权利之后计算，没有明文，待核。"
    return _doubted(_moved(second, corresponding, why, rule), [Unsettled("sum_after_restoration", text)])


def _own_months(bar: Bar) -> int:
    return bar.months or 0


def _moved(bar: Bar, corresponding: date, why: tuple[Reason, ...], rule: Rule) -> Bar:
    end = last_day(corresponding, bar.convention)
    doubts = say.aside(bar.unsettled, "不与原处分相加")
    months, days = months_and_days(bar.starts_on, corresponding - ONE_DAY)
    moved = replace(
        bar,
        last_day=end,
        first_eligible_on=end + ONE_DAY,
        months=None if days else months,
        until=dict.fromkeys(bar.until, end + ONE_DAY),
        corresponding_day=corresponding,
        reasons=(
            *(each for each in bar.reasons if each.rule not in ("arithmetic", "barred")),
            *why,
            say.barred(bar.until),
        ),
        basis=(*bar.basis, rule.cite),
        unsettled=doubts,
    )
    if bar.family is Family.PARTY and bar.given_on < rule.cite.since:
        text = (
            f"{rule.cite.name}施行前没有相加的明文，待核：现按相加计算最后一日为{chinese_date(end)}；"
            f"不相加的，最后一日为{chinese_date(bar.last_day)}。"
        )
        return _doubted(moved, [Unsettled("sum_before_rule", text)])
    if bar.family is Family.ADMINISTRATIVE and bar.law_version != rule.cite.instrument:
        text = f"{_version(bar)}没有新旧处分期相加的明文，现比照{rule.cite.place}计算，待核；不相加的，最后一日为{chinese_date(bar.last_day)}。"
        return _doubted(moved, [Unsettled("sum_by_analogy", text)])
    return moved


def _version(bar: Bar) -> str:
    return bar.basis[0].name if bar.basis else "现行规定"
