"""Dates, distances, figures and texts in the words of an office. Pure: nothing here reads the clock."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass, replace
from datetime import date, datetime

WEEKDAYS = "一二三四五六日"
DASH = "—"
SOON_DAYS = 1
UNSEEN = re.compile(r"[\x01-\x08\x0e-\x1f\ufffe\uffff]")
"""Characters nobody sees and no Word file may hold; they come along when a text is copied out of another program. NUL is refused by the field."""


@dataclass(frozen=True)
class DueWords:
    """A due label: the distance in words, its tone (``late``, ``soon``, ``done``, ``wait`` or none) and its icon."""

    text: str
    tone: str
    icon: str


def cn_date(value: date | None, today: date | None = None) -> str:
    """2026年11月21日; given ``today``, the year is left out inside the current year."""
    if value is None:
        return DASH
    if today is not None and value.year == today.year:
        return f"{value.month}月{value.day}日"
    return f"{value.year}年{value.month}月{value.day}日"


def cn_time(value: datetime) -> str:
    """9:05."""
    return f"{value.hour}:{value.minute:02d}"


def cn_weekday(value: date) -> str:
    """星期六."""
    return f"星期{WEEKDAYS[value.weekday()]}"


def add_months(start: date, months: int) -> date:
    """The same day some months later, or the last day of that month."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    return date(year, month + 1, min(start.day, calendar.monthrange(year, month + 1)[1]))


def span_words(start: date, end: date) -> str:
    """The time from one day to another: 6个月18天, 1年6个月, 18天."""
    if end < start:
        start, end = end, start
    months = (end.year - start.year) * 12 + end.month - start.month
    if add_months(start, months) > end:
        months -= 1
    days = (end - add_months(start, months)).days
    years, rest = divmod(months, 12)
    parts = (f"{years}年" if years else "", f"{rest}个月" if rest else "", f"{days}天" if days else "")
    return "".join(parts) or "0天"


def due_words(
    on: date | None, today: date | None, *, working_days: int | None = None, state: str = "", provisional: bool = False
) -> DueWords:
    """How far a due day is. Working days when the rule counts them, calendar days for what is overdue."""
    if state == "done":
        return DueWords("已办结", "done", "check")
    if on is None:
        return DueWords("未定日期", "", "hourglass" if state == "wait" else "")
    if today is None:
        return DueWords("", "", "")
    days = (on - today).days
    tail = "（暂定）" if provisional else ""
    if days < 0:
        late = DueWords(f"已逾期{-days}天{tail}", "late", "alert-triangle")
        return replace(late, tone="soon", icon="clock") if state == "soon" else late
    if days == 0:
        return DueWords(f"今天到期{tail}", "soon", "clock")
    words = "明天" if days == 1 else f"还有{days}天" if working_days is None else f"还有{working_days}个工作日"
    if state == "wait":
        return DueWords(words + tail, "wait", "hourglass")
    soon = state == "soon" or days <= SOON_DAYS
    return DueWords(words + tail, "soon" if soon else "", "clock" if soon else "")


def mask_identity(text: str) -> str:
    """An identity number with everything hidden but the year of birth."""
    plain = text.strip()
    if len(plain) == 18:
        return "●" * 6 + plain[6:10] + "●" * 8
    return "●" * len(plain)


def number_words(value: float | int | None) -> str:
    """1,126; a missing figure is a dash."""
    if value is None:
        return DASH
    return f"{value:,}" if isinstance(value, int) else f"{value:,.1f}"


def percent_words(value: float | None, digits: int = 1) -> str:
    """A share between 0 and 1 as 96.4%."""
    return DASH if value is None else f"{value * 100:.{digits}f}%"


def visible(text: str) -> str:
    """The text without characters nobody sees; what Word writes for a line break within a paragraph is one."""
    return UNSEEN.sub("", text.replace("\x0b", "\n").replace("\x0c", "\n"))
