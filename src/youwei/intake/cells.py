"""Cleaning of cells: what a clerk meant, without full-width digits, zero-width characters and stray spaces."""

import math
import re
import unicodedata
from datetime import date, datetime, time, timedelta

Cell = str | int | float | bool | date | datetime | time | timedelta | None

_INVISIBLE = re.compile("[\u0000-\u0008\u000b-\u001f\u007f\u00ad\u200b-\u200f\u202a-\u202e\u2060\ufeff\ufe0f]")
_SPACES = re.compile(r"[ \t\u00a0\u2000-\u200a\u3000]+")
_BETWEEN_HAN = re.compile(r"(?<=[\u3400-\u9fff·]) (?=[\u3400-\u9fff·])")
_KEEP_WIDE = {ord(wide): wide for wide in "，。；：？！（）、【】《》“”‘’—…～￥"}
_TO_ASCII = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F) if code not in _KEEP_WIDE}
#: What a clerk writes for “nothing”.
NOTHING = frozenset(
    {"", "/", "\\", "-", "--", "—", "——", "－", "无", "×", "x", "X", "空", "N/A", "n/a", "NULL", "null", "None", "nan"}
)
#: What a clerk writes for “we do not know”.
UNKNOWN = frozenset({"不详", "不明", "未知", "不清", "不清楚", "待查", "待核", "待补", "?", "？", "??", "？？"})


def plain(cell: Cell) -> str:
    """The cell as text, as a person reads it in the sheet: 1.0 is 1, a date is 2018-10-07."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float):
        return _number(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ")
    if isinstance(cell, date | time):
        return cell.isoformat()
    return str(cell)


def _number(value: float) -> str:
    if not math.isfinite(value):
        return ""
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)


def clean(text: str) -> str:
    """One line without invisible characters, full-width digits and letters, and runs of spaces."""
    if text.isascii() and "\n" not in text and "\t" not in text and "  " not in text and text.isprintable():
        return text.strip()
    text = _INVISIBLE.sub("", text.replace("\r", "\n")).translate(_TO_ASCII)
    lines = (_SPACES.sub(" ", line).strip() for line in text.split("\n"))
    return "\n".join(line for line in lines if line)


def closed(text: str) -> str:
    """Cleaned, on one line, without spaces between Chinese characters: 刘　红 is 刘红."""
    return _BETWEEN_HAN.sub("", clean(text).replace("\n", " ")).strip()


def squeezed(text: str) -> str:
    """Without any space at all, compatibility forms folded; for keys, numbers and headers."""
    return "".join(unicodedata.normalize("NFKC", clean(text)).split())


def is_blank(text: str) -> bool:
    """Nothing is written, or a sign for nothing."""
    return text in NOTHING
