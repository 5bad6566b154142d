"""Days and months: the arithmetic of legal periods, on plain dates."""

from calendar import monthrange
from datetime import date, timedelta
from enum import StrEnum

NEVER = date.max
"""Stands for "not on any day" in answers that must be a date: 9999-12-31."""

ONE_DAY = timedelta(days=1)


class EndDay(StrEnum):
    """How the last day of a period is found; the law does not say, so the system's setting does.

    Both start from the corresponding day: the same day of the month so many months on, or that month's last day when it
    lacks the day (from 31 August or 29 February, say).
    """

    INCLUSIVE = "inclusive"
    """The first day counts: the last day is the one before the corresponding day. The default."""
    CIVIL = "civil"
    """The first day is not counted (as in the Civil Code, 201 and 202): the last day is the corresponding day itself."""


CONVENTION_TITLES = {
    EndDay.INCLUSIVE: "起始日计算在内，对应日的前一日为最后一日",
    EndDay.CIVIL: "起始日不计算在内，对应日为最后一日",
}


def chinese_date(day: date | None) -> str:
    """2026年3月12日; 待定 for a day not known."""
    return f"{day.year}年{day.month}月{day.day}日" if day is not None else "待定"


def add_months(start: date, months: int) -> date:
    """The corresponding day `months` later; the month's last day where the month lacks it."""
    total = start.year * 12 + start.month - 1 + months
    year, month = divmod(total, 12)
    try:
        return date(year, month + 1, start.day)
    except ValueError:
        return date(year, month + 1, monthrange(year, month + 1)[1])


def lacks_day(start: date, months: int) -> bool:
    """Whether the month so many months on lacks the day of `start`."""
    return add_months(start, months).day != start.day


def last_day(corresponding: date, convention: EndDay) -> date:
    """The last day of a period whose corresponding day is given."""
    return corresponding - ONE_DAY if convention is EndDay.INCLUSIVE else corresponding


def months_and_days(first: date, last: date) -> tuple[int, int]:
    """The span from `first` to `last`, both counted, as whole months and the days left over."""
    end = last + ONE_DAY
    months = (end.year - first.year) * 12 + end.month - first.month
    while add_months(first, months) > end:
        months -= 1
    return months, (end - add_months(first, months)).days


def chinese_span(months: int, days: int) -> str:
    """5, 26 → 5个月26日."""
    parts = [f"{months}个月"] if months else []
    if days:
        parts.append(f"{days}日")
    return "".join(parts) or "0日"


def chinese_months(months: int) -> str:
    """12 → 一年, 18 → 一年六个月, 6 → 六个月, 60 → 五年."""
    digits = "零一二三四五六七八九十"
    years, rest = divmod(months, 12)
    year_text = "" if not years else f"{digits[years] if years <= 10 else years}年"
    rest_text = "" if not rest else f"{digits[rest] if rest <= 10 else '十一'}个月"
    return year_text + rest_text or "零个月"
