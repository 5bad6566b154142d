"""Chinese sentences for what the engine gives as data."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from youwei.engine.types import Reason, Window
from youwei.rulebook.days import chinese_date
from youwei.rulebook.pack_facts import fact_title
from youwei.rulebook.pack_types import RepeatKind, Step, Term, Unit


def chinese_value(value: Any) -> str:
    if value is None or value == "":
        return "（未填）"
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, date):
        return chinese_date(value)
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, Mapping):
        return str(value.get("name") or value.get("title") or "、".join(chinese_value(each) for each in value.values()))
    if isinstance(value, (list, tuple)):
        return "、".join(chinese_value(each) for each in value)
    return str(value)


def _named(reason: Reason) -> str:
    return "，".join(f"“{each.title or each.name}”为{chinese_value(each.value)}" for each in reason.named)


def _because(reason: Reason) -> str:
    said = _named(reason)
    return f"因为{said}，所以不适用。" if said else "条件不符，不适用。"


def _unknown(reason: Reason) -> str:
    titles = "、".join(dict.fromkeys(each.title or each.name for each in reason.named))
    return f"要等“{titles}”确定后才知道是否需要办。" if titles else "条件尚未确定。"


def counted(reason: Reason) -> str:
    """How a day was counted: from where, how long, what was passed over."""
    named = reason.named[0] if reason.named else None
    start = "本环节可以办理之日" if named is None or not named.name else named.title or named.name
    if reason.span is None:
        return f"{start}：{chinese_date(reason.result)}"
    before = reason.result is not None and reason.anchor is not None and reason.result < reason.anchor
    text = f"{start}（{chinese_date(reason.anchor)}）{'前' if before else '起'}{reason.span.title}"
    text += "，当日不计" if reason.span.unit in (Unit.WORKING_DAYS, Unit.DAYS) else ""
    if reason.rolled_from is not None:
        text += f"，对应日{chinese_date(reason.rolled_from)}不是工作日，{'提前' if before else '顺延'}"
    text += f"，为{chinese_date(reason.result)}"
    if reason.span.unit is Unit.WORKING_DAYS and reason.skipped:
        text += f"；跳过{len(reason.skipped)}天：{passed_over(reason)}"
    return text


def passed_over(reason: Reason) -> str:
    """国庆节放假（10月1日—10月7日）、周六（9月28日）."""
    groups: list[tuple[str, date, date]] = []
    for day in reason.skipped:
        if groups and groups[-1][0] == day.why and abs((day.on - groups[-1][2]).days) == 1:
            groups[-1] = (day.why, groups[-1][1], day.on)
        else:
            groups.append((day.why, day.on, day.on))
    parts = []
    for why, first, last in groups:
        span = f"{first.month}月{first.day}日" + ("" if first == last else f"—{last.month}月{last.day}日")
        parts.append(f"{why}（{span}）")
    return "、".join(parts)


def _back(reason: Reason) -> str:
    return (
        f"{chinese_date(reason.anchor)}退回：{reason.text}" if reason.text else f"{chinese_date(reason.anchor)}被退回。"
    )


def _hold(reason: Reason) -> str:
    text = f"因{reason.text or '规定事由'}自{chinese_date(reason.anchor)}起中止计时"
    return f"{text}，最长至{chinese_date(reason.result)}。" if reason.result else f"{text}。"


FIXED = {
    "superseded": "已被后来的记录取代。",
    "text changed": "所审批或签署的内容有改动，须重新审批或签署。",
    "step gone": "新版本里没有这个环节，记录保留、不再读取。",
    "kept": "已记录，现不需要。",
    "waived": "转入新版本时免除。",
    "child running": "所启动的事项还没有办结。",
    "nothing to do": "没有需要办理的内容。",
    "date not yet known": "起止日期还不知道。",
    "conflict": "结论与更正后的记录不符，请重新办理或者书面确认。",
    "case ended": "事项已经结束，不再办理。",
}


def _opens(reason: Reason) -> str:
    said = _named(reason)
    return f"因为{said}，启动“{reason.text}”。" if said else f"启动“{reason.text}”。"


def _suggested(reason: Reason) -> str:
    said = _named(reason)
    return f"为什么建议“{reason.text}”：{f'因为{said}' if said else '不符合其他几种'}。可以改选。"


def _held(reason: Reason) -> str:
    unit = "个工作日" if reason.rule == "held working days" else "日"
    return f"自{chinese_date(reason.anchor)}中止，扣除{reason.text}{unit}，顺延至{chinese_date(reason.result)}。"


SAYINGS: Mapping[str, Callable[[Reason], str]] = {
    "from": lambda reason: f"最早：{counted(reason)}。",
    "due": lambda reason: f"应办：{counted(reason)}。",
    "limit": lambda reason: f"法定最迟：{counted(reason)}。",
    "not wanted": _because,
    "not yet known": _unknown,
    "waiting": lambda reason: f"要先办“{reason.text}”。",
    "never": lambda reason: f"记录不再成立：{reason.text}",
    "signatures missing": lambda reason: f"还缺{reason.text}签署。",
    "before start": lambda reason: f"{chinese_date(reason.result)}起才能办。",
    "was sent back": _back,
    "sent back": lambda reason: f"被退回：{reason.text}",
    "withdrawn": lambda reason: f"已撤回：{reason.text}",
    "exempted": lambda reason: f"免办：{reason.text}。",
    "not done": lambda reason: f"未办：{reason.text}。",
    "still owed": lambda reason: f"{chinese_date(reason.anchor)}说明没有办：{reason.text}。仍须办理。",
    "stopped": _hold,
    "on hold": _hold,
    "hold too long": lambda reason: f"中止已超过规定的最长时间（至{chinese_date(reason.result)}），请恢复或者处理。",
    "held working days": _held,
    "held days": _held,
    "prolonged": lambda reason: (
        f"因{reason.text}，{chinese_date(reason.anchor)}决定延长至{chinese_date(reason.result)}。"
    ),
    "opens": _opens,
    "suggested": _suggested,
    "own rules": lambda reason: f"“{reason.named[0].value}”有自己的规程，按“{reason.text}”办。",
    "general rules": lambda reason: f"所在单位没有施行中的实施细则，按“{reason.text}”办。",
    "transfer open": lambda reason: f"{chinese_date(reason.anchor)}移交，等待接收。",
    **{rule: lambda reason: FIXED[reason.rule] for rule in FIXED},
}


def sentence(reason: Reason) -> str:
    """One reason as one sentence."""
    say = SAYINGS.get(reason.rule)
    return say(reason) if say is not None else reason.text or _named(reason)


def window_sentences(window: Window) -> list[str]:
    """为什么是这一天."""
    said = [sentence(reason) for reason in window.because]
    if window.late_from is not None and window.due is not None and window.late_from > window.due:
        said.append(f"登记、变更或者更正在后，{chinese_date(window.late_from)}之后才算逾期。")
    if window.provisional:
        said.append("当年放假安排尚未公布，日期为暂定。")
    return said


SPANS = {"span": "本期末日", "span_start": "本期首日"}


def term_text(term: Term | None, step: Step | None = None) -> str:
    """A date of the pack in words: 作出决定之日起7个工作日内."""
    if term is None:
        return ""
    names = "或".join(_title(str(name), step) for name in term.names)
    if term.span is None:
        return names
    if not term.names:
        return f"{term.span.title}内"
    return f"{names}前{term.span.title}" if term.side == "before" else f"{names}起{term.span.title}内"


def _title(name: str, step: Step | None) -> str:
    head, _, tail = name.partition(".")
    if step is not None and head == step.id and tail in step.form:
        return step.form[tail].title
    if step is not None and head == step.id and tail in SPANS:
        return SPANS[tail]
    if head == "row":
        return "该条所定日期"
    title = fact_title(name)
    return "前面环节之日" if title == name else title


def repeat_text(step: Step) -> str:
    if step.repeat is None:
        return ""
    if step.repeat.kind is RepeatKind.ANY_TIME:
        return "随时记录"
    if step.repeat.kind is RepeatKind.EVERY and step.repeat.span is not None:
        return f"每{step.repeat.span.title}一次"
    return "每次确定下次日期" if step.repeat.kind is RepeatKind.NEXT else "逐条办理"


def rule_text(step: Step) -> str:
    """The step's dates in one line, for lists."""
    parts = [repeat_text(step)]
    if step.start is not None:
        after = step.start.span is not None and step.start.side != "before"
        parts.append(f"{term_text(step.start, step).removesuffix('内')}{'后' if after else '起'}")
    parts.append(term_text(step.due, step))
    if step.limit is not None and step.limit != step.due:
        parts.append(f"法定最迟{term_text(step.limit, step)}")
    return "；".join(part for part in parts if part)
