"""Dates as people in an office type them. Pure: the day called 今天 is passed in."""

from __future__ import annotations

import calendar
import re
import unicodedata
from datetime import date, timedelta

FORMS_HINT = "可写 2026年9月29日、2026-9-29、20260929、9.29"

_HANZI = str.maketrans("〇○零一二三四五六七八九", "000123456789")
_HANZI_NUMBER = re.compile(r"[〇○零一二三四五六七八九十廿卅]+")
_RELATIVE = {"今天": 0, "今日": 0, "昨天": -1, "昨日": -1, "前天": -2, "明天": 1, "明日": 1, "后天": 2}
_MIDNIGHT = re.compile(r"[T ]0{1,2}:00(:00)?$")
_FULL = re.compile(r"(\d+)[年\-./、](\d+)[月\-./、](\d+)[日号]?")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_SHORT = re.compile(r"(\d{1,2})[月\-./、](\d{1,2})[日号]?")
_NO_DAY = re.compile(r"\d{4}[年\-./](\d{1,2})月?")
_NO_DAY_COMPACT = re.compile(r"\d{6}")
_FIRST_YEAR, _LAST_YEAR = 1900, 2199


class DateFault(ValueError):
    """The text is no date. ``str(fault)`` is a Chinese sentence that says why and what to write."""


def parse_date(text: str, today: date | None = None) -> date:
    """Read a date in any common form.

    Without a year the date lies in the year of ``today``; when ``today`` is not given the year must be written.
    Raises ``DateFault`` with the reason in words.
    """
    plain = _plain(text)
    if not plain:
        raise DateFault(f"没有写日期。{FORMS_HINT}。")
    if plain in _RELATIVE and today is not None:
        return today + timedelta(days=_RELATIVE[plain])
    full = _FULL.fullmatch(plain) or _COMPACT.fullmatch(plain)
    if full:
        return _real(full[1], full[2], full[3])
    short = _SHORT.fullmatch(plain)
    if short:
        if today is None:
            raise DateFault(f"“{text.strip()}”没有写年份，请写成 2026年9月29日 这样。")
        return _real(str(today.year), short[1], short[2])
    if _NO_DAY.fullmatch(plain) or _NO_DAY_COMPACT.fullmatch(plain):
        raise DateFault(f"“{text.strip()}”没有写到日，请补上几日。")
    raise DateFault(f"“{text.strip()[:20]}”认不出是哪一天。{FORMS_HINT}。")


def format_date(value: date) -> str:
    """The official form, which ``parse_date`` reads back."""
    return f"{value.year}年{value.month}月{value.day}日"


def _plain(text: str) -> str:
    """Half-width, without blanks, a Chinese numeral written in figures, midnight cut off."""
    folded = unicodedata.normalize("NFKC", text).strip()
    folded = _MIDNIGHT.sub("", folded)
    folded = re.sub(r"\s+", "", folded)
    if re.search(r"[年月]", folded):
        folded = _HANZI_NUMBER.sub(lambda found: _figures(found[0]), folded)
    return folded.replace("—", "-").replace("–", "-").replace("。", ".")


def _figures(hanzi: str) -> str:
    """二〇二六 → 2026, 十二 → 12, 二十九 → 29."""
    hanzi = hanzi.replace("廿", "二十").replace("卅", "三十")
    if "十" not in hanzi:
        return hanzi.translate(_HANZI)
    tens, _, ones = hanzi.partition("十")
    return (tens.translate(_HANZI) or "1") + (ones.translate(_HANZI) or "0")


def _real(year_text: str, month_text: str, day_text: str) -> date:
    """A day of the calendar, or the reason why there is none."""
    if len(year_text) != 4:
        raise DateFault(f"年份“{year_text}”请写四位，例如2026年。")
    year, month, day = int(year_text), int(month_text), int(day_text)
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        raise DateFault(f"年份{year}超出{_FIRST_YEAR}—{_LAST_YEAR}年，请检查。")
    if not 1 <= month <= 12:
        raise DateFault(f"没有这一天：一年没有{month}月。")
    days = calendar.monthrange(year, month)[1]
    if not 1 <= day <= days:
        raise DateFault(
            f"没有这一天：{year}年{month}月只有{days}天。" if day else f"没有这一天：{year}年{month}月没有0日。"
        )
    return date(year, month, day)
