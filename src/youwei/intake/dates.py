"""Reading dates as offices write them, and saying what is wrong with the others."""

import calendar
import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from youwei.intake.cells import NOTHING, UNKNOWN, Cell, clean, plain

EPOCH = date(1899, 12, 30)
SERIAL_FIRST, SERIAL_LAST = 10_000, 73_050
FOUNDING = date(1949, 10, 1)

_TIME = r"(?:[T ]*\d{1,2}[:：时]\d{1,2}(?:[:：分]\d{1,2}(?:\.\d+)?)?(?:秒|分|Z)?)?"
_YMD = re.compile(
    rf"(\d{{4}})\s*[-/.．。年、,，_\\]\s*(\d{{1,2}})\s*[-/.．。月、,，_\\]\s*(\d{{1,2}})\s*[日号.]?{_TIME}$"
)
_YM = re.compile(r"(\d{4})\s*[-/.．。年、,，_\\]\s*(\d{1,2})\s*月?份?\.?$")
_Y = re.compile(r"(\d{4})\s*年?$")
_DIGITS8 = re.compile(r"(\d{4})(\d{2})(\d{2})$")
_DIGITS6 = re.compile(r"(\d{4})(\d{2})$")
_SHORT = re.compile(r"(\d{2})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?$")
_DAY_FIRST = re.compile(r"\d{1,2}\s*[-/.]\s*\d{1,2}\s*[-/.]\s*\d{4}$")
_HAN_DATE = re.compile(
    r"([〇○零一二三四五六七八九]{4})年([一二三四五六七八九十]{1,3})月(?:([一二三四五六七八九十]{1,3})[日号])?$"
)
_HAN_DIGIT = {han: str(i) for i, han in enumerate("〇一二三四五六七八九")} | {"零": "0", "○": "0"}


@dataclass(frozen=True, slots=True)
class ReadDate:
    """A date as read. `iso` is as precise as the cell: 2018, 2018-10 or 2018-10-07; `on` only when the day is known."""

    iso: str = ""
    on: date | None = None
    problem: str = ""
    remedy: str = ""
    doubt: str = ""
    unknown: bool = False

    @property
    def blank(self) -> bool:
        return not self.iso and not self.problem and not self.unknown


BLANK = ReadDate()
NOT_KNOWN = ReadDate(unknown=True)
_REAL_DATE = "改为真实的日期"
_WRITE_LIKE = "写成 2018-10-07 或 2018年10月7日"


def day_of(iso: object) -> date | None:
    """A day, or the first day of a known month or year; None for nothing."""
    parts = [int(part) for part in str(iso or "").split("-") if part.isdigit()]
    return date(parts[0], parts[1] if len(parts) > 1 else 1, parts[2] if len(parts) > 2 else 1) if parts else None


def read_date(cell: Cell) -> ReadDate:
    """Read a date cell of any kind. Never raises; an unreadable cell says why and what to write instead."""
    if isinstance(cell, datetime):
        return _day(cell.year, cell.month, cell.day)
    if isinstance(cell, date):
        return _day(cell.year, cell.month, cell.day)
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return _from_number(float(cell))
    return _from_text(clean(plain(cell)).replace("\n", " "))


def _from_number(value: float) -> ReadDate:
    if not value.is_integer():
        if 1900 <= value < 2100:
            return _decimal_month(value)
        if SERIAL_FIRST <= value <= SERIAL_LAST:
            return _from_serial(int(value))
        return _unreadable(plain(value))
    number = int(value)
    if SERIAL_FIRST <= number <= SERIAL_LAST:
        return _from_serial(number)
    return _from_text(str(number))


def _decimal_month(value: float) -> ReadDate:
    year, _, month = repr(value).partition(".")
    read = _month(int(year), int(month)) if len(month) <= 2 else _unreadable(repr(value))
    if month == "1" and not read.problem:
        doubt = f"表格把“{value!r}”存成了数字，可能是{year}年1月，也可能是{year}年10月；先按1月"
        return ReadDate(iso=read.iso, doubt=doubt)
    return read


def _from_serial(number: int) -> ReadDate:
    on = EPOCH + timedelta(days=number)
    return ReadDate(iso=on.isoformat(), on=on, doubt=f"表格里是日期序号 {number}，换算为 {on.isoformat()}")


def _from_text(text: str) -> ReadDate:
    if text in NOTHING:
        return BLANK
    if text in UNKNOWN:
        return NOT_KNOWN
    for pattern in (_YMD, _DIGITS8):
        if found := pattern.match(text):
            return _day(*(int(part) for part in found.groups()))
    for pattern in (_YM, _DIGITS6):
        if found := pattern.match(text):
            return _month(*(int(part) for part in found.groups()))
    if found := _HAN_DATE.match(text):
        return _from_han(*found.groups())
    if len(text) == 5 and text.isascii() and text.isdigit() and SERIAL_FIRST <= int(text) <= SERIAL_LAST:
        return _from_serial(int(text))
    if found := _Y.match(text):
        return _year(int(found[1]))
    return _explain(text)


def _from_han(year: str, month: str, day: str | None) -> ReadDate:
    digits = int("".join(_HAN_DIGIT[han] for han in year))
    return _day(digits, _han_number(month), _han_number(day)) if day else _month(digits, _han_number(month))


def _han_number(text: str) -> int:
    tens, ten, ones = text.rpartition("十")
    if not ten:
        return int("".join(_HAN_DIGIT[han] for han in ones))
    return (int(_HAN_DIGIT[tens]) if tens in _HAN_DIGIT else 1 if not tens else 99) * 10 + int(
        _HAN_DIGIT.get(ones, "0")
    )


def _explain(text: str) -> ReadDate:
    if _SHORT.match(text):
        return ReadDate(problem=f"年份只写了两位：{_short(text)}", remedy="年份写成四位，例如 2018-10-07")
    if _DAY_FIRST.match(text):
        return ReadDate(problem=f"年份写在了最后，分不清月和日：{_short(text)}", remedy=_WRITE_LIKE)
    if len(re.findall(r"\d{4}", text)) > 1:
        return ReadDate(problem=f"一格里写了不止一个日期：{_short(text)}", remedy="只留这一列要的那个日期")
    return _unreadable(text)


def _unreadable(text: str) -> ReadDate:
    return ReadDate(problem=f"认不出是哪一天：{_short(text)}", remedy=_WRITE_LIKE)


def _short(text: str) -> str:
    return text if len(text) <= 20 else text[:20] + "…"


def _day(year: int, month: int, day: int) -> ReadDate:
    wrong = _month(year, month)
    if wrong.problem:
        return wrong
    length = calendar.monthrange(year, month)[1]
    if day < 1:
        return ReadDate(problem=f"没有这一天：日写成了{day}", remedy=_REAL_DATE)
    if day > length:
        return ReadDate(problem=f"没有这一天：{year}年{month}月只有{length}天", remedy=_REAL_DATE)
    on = date(year, month, day)
    return ReadDate(iso=on.isoformat(), on=on)


def _month(year: int, month: int) -> ReadDate:
    wrong = _year(year)
    if wrong.problem:
        return wrong
    if not 1 <= month <= 12:
        return ReadDate(problem=f"没有这个月：{month}月", remedy=_REAL_DATE)
    return ReadDate(iso=f"{year:04d}-{month:02d}")


def _year(year: int) -> ReadDate:
    if not 1900 <= year <= 2100:
        return ReadDate(problem=f"年份不对：{year}年", remedy=_REAL_DATE)
    return ReadDate(iso=f"{year:04d}")
