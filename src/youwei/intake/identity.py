"""Identity numbers: check digit, birth and sex in them, and the ways a spreadsheet spoils them."""

import re
from dataclasses import dataclass
from datetime import date

from youwei.intake.cells import NOTHING, UNKNOWN, Cell, plain, squeezed

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECKS = "10X98765432"
_MASKED = re.compile(r"[*＊xX某]{3,}")
_SPREADSHEET = re.compile(r"\d(\.\d+)?[eE]\+?\d+$")


@dataclass(frozen=True, slots=True)
class ReadIdentity:
    """An identity number as read: the number, and the birth and sex it carries."""

    number: str = ""
    born: str = ""
    sex: str = ""
    problem: str = ""
    remedy: str = ""
    doubt: str = ""


NONE = ReadIdentity()


def born_with(written: str, identity: ReadIdentity) -> str:
    """The birth as precisely as it is known: the identity number fills in what the column leaves open, and never contradicts it."""
    fits = not written or identity.born[: min(len(written), 7)] == written[:7]
    return identity.born if fits and len(identity.born) > len(written) else written


def check_digit(first_seventeen: str) -> str:
    """The eighteenth character belonging to the first seventeen digits."""
    return CHECKS[sum(int(digit) * weight for digit, weight in zip(first_seventeen, WEIGHTS, strict=True)) % 11]


def read_identity(cell: Cell) -> ReadIdentity:
    """Read an identity number: 18 characters with check digit, or the 15 digits of the old form. Never raises."""
    text = squeezed(plain(cell)).upper().replace("-", "").strip("'`‘’")
    if text in NOTHING or text in UNKNOWN or not text:
        return NONE
    if isinstance(cell, float) and (len(text) > 15 or "E" in text):
        return _spoiled()
    if _SPREADSHEET.match(text):
        return _spoiled()
    if _MASKED.search(text[:-1]):
        return ReadIdentity(doubt="身份证号被遮盖，按没有身份证号处理")
    if len(text) == 18 and text[:17].isdigit() and text[:17].isascii():
        return _eighteen(text)
    if len(text) == 15 and text.isdigit() and text.isascii():
        return _fifteen(text)
    if text.isascii() and text.replace("X", "").isdigit():
        return ReadIdentity(problem=f"身份证号应为18位（老证15位），这里是{len(text)}位", remedy="对照证件补全")
    return ReadIdentity(problem="身份证号里有不该有的字符", remedy="对照证件改正；没有就留空")


def _spoiled() -> ReadIdentity:
    return ReadIdentity(
        problem="身份证号被表格软件存成了数字，后几位已经丢失", remedy="把这一列设为“文本”格式，重新填写；没有就留空"
    )


def _eighteen(text: str) -> ReadIdentity:
    born = _born(text[6:10], text[10:12], text[12:14])
    if text[17] != check_digit(text[:17]):
        return ReadIdentity(problem="身份证号校验不符，可能有一位写错", remedy="对照证件改正；没有就留空")
    if born is None:
        return ReadIdentity(problem="身份证号里的出生日期不存在", remedy="对照证件改正；没有就留空")
    return ReadIdentity(number=text, born=born, sex="男" if int(text[16]) % 2 else "女")


def _fifteen(text: str) -> ReadIdentity:
    born = _born("19" + text[6:8], text[8:10], text[10:12])
    if born is None:
        return ReadIdentity(problem="身份证号里的出生日期不存在", remedy="对照证件改正；没有就留空")
    return ReadIdentity(number=text, born=born, sex="男" if int(text[14]) % 2 else "女", doubt="15位的老身份证号")


def _born(year: str, month: str, day: str) -> str | None:
    try:
        born = date(int(year), int(month), int(day))
    except ValueError:
        return None
    return born.isoformat() if born.year >= 1900 else None
