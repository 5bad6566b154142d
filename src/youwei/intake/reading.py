"""One reader per kind of field: a cell becomes a value with its faults, warnings and notes. Equal cells are read once."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Any

from youwei.intake.cells import NOTHING, UNKNOWN, Cell, clean, closed, is_blank, plain, squeezed
from youwei.intake.columns import Column
from youwei.intake.dates import FOUNDING, ReadDate, read_date
from youwei.intake.faults import Fault
from youwei.intake.fields import BY_KEY, MEASURE_FIELDS
from youwei.intake.identity import NONE, ReadIdentity, read_identity
from youwei.intake.measures import Book, nearest, read_form, read_measures
from youwei.intake.places import NOWHERE, Gazetteer, Place, region_of, split_place
from youwei.intake.prechecks import WRITTEN, read_precheck
from youwei.intake.secrets import is_marked, says_secret

_NAME = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff·]{2,20}|[A-Za-z][A-Za-z .'·-]{1,40}")
_NAME_TAIL = re.compile(r"[（(](?:男|女|原名.{1,6}|曾用名.{1,6}|退休|已故|另案|化名)[）)]$")
_TWO_NAMES = re.compile(r"[、，,；;/]|等\d*人")
_SEX = {
    "男": "男",
    "女": "女",
    "男性": "男",
    "女性": "女",
    "M": "男",
    "F": "女",
    "1": "男",
    "2": "女",
    "男同志": "男",
    "女同志": "女",
}
_BRACKETS = str.maketrans({"[": "〔", "]": "〕", "【": "〔", "】": "〕", "（": "〔", "）": "〕", "(": "〔", ")": "〕"})
_YEAR_BRACKET = re.compile(r"[\[【（(〔]\d{4}[\]】）)〕]")
_MONTHS = re.compile(r"(\d{1,3})(?:\.0)?(?:个?月)?", re.ASCII)
MEMO = 4096


@dataclass(frozen=True)
class Rules:
    """What the checks need from outside: the law's names, today, whether the ledger is history, the organs known."""

    book: Book
    today: date
    history: bool = False
    places: Gazetteer = field(default=NOWHERE)


@dataclass(frozen=True, slots=True)
class Read:
    """One cell as read. `flag` is set when there is anything beyond text and value."""

    text: str
    value: Any = None
    faults: tuple[Fault, ...] = ()
    warnings: tuple[Fault, ...] = ()
    notes: tuple[str, ...] = ()
    marked: bool = False
    flag: bool = False


Reader = Callable[[Cell], Read]


def reader_of(column: Column, rules: Rules, *, asks_secret: bool) -> Reader:
    """The reader for one column."""
    kind = BY_KEY[column.field].kind if column.field else "none"
    inner = _READERS.get(kind, _text)
    if asks_secret:
        inner = _secret
    return partial(_guarded, inner, column, rules)


def _guarded(inner: Callable[[Cell, str, Column, Rules], Read], column: Column, rules: Rules, cell: Cell) -> Read:
    """Looks for a mark of classification first: the text of a marked cell goes no further."""
    text = clean(plain(cell))
    if is_marked(text):
        return Read("", marked=True, flag=True)
    read = inner(cell, text, column, rules)
    if read.faults or read.warnings or read.notes or read.marked:
        return Read(read.text, read.value, read.faults, read.warnings, read.notes, read.marked, True)
    return read


def fault(column: Column, message: str, remedy: str, code: str, written: str) -> Fault:
    return Fault(column.header, column.field, message, remedy, code, written[:200])


def _none(_cell: Cell, text: str, _column: Column, _rules: Rules) -> Read:
    return Read(text)


def _secret(_cell: Cell, text: str, _column: Column, _rules: Rules) -> Read:
    return Read(text, marked=says_secret(text))


def _text(_cell: Cell, text: str, column: Column, _rules: Rules) -> Read:
    value = closed(text)
    if is_blank(value) or value in UNKNOWN:
        return Read(text)
    limit = BY_KEY[column.field].limit
    if limit and len(value) > limit:
        shortened = fault(column, f"{column.title}超过{limit}字，只收前{limit}字", "缩短后再导入", "other", text)
        return Read(text, value[:limit], warnings=(shortened,))
    return Read(text, value)


def _long(_cell: Cell, text: str, _column: Column, _rules: Rules) -> Read:
    return Read(text, None if is_blank(text) else text)


def _serial(_cell: Cell, text: str, _column: Column, _rules: Rules) -> Read:
    return Read(text, squeezed(text)[:20])


def _name(_cell: Cell, text: str, column: Column, _rules: Rules) -> Read:
    value = closed(text)
    if is_blank(value) or value in UNKNOWN:
        return Read(text)
    bare = _NAME_TAIL.sub("", value)
    if _TWO_NAMES.search(bare):
        return Read(text, faults=(fault(column, "一格里写了不止一个人", "每人一行", "name", text),))
    if not _NAME.fullmatch(bare) or len(bare) > 32:
        return Read(text, faults=(fault(column, "不像人的姓名", "填写本人姓名；若列对错了，请重新对列", "name", text),))
    if bare != value:
        return Read(text, bare, notes=(f"姓名里的“{value[len(bare) :]}”没有收入",))
    return Read(text, bare)


def _sex(_cell: Cell, text: str, column: Column, _rules: Rules) -> Read:
    value = squeezed(text).upper()
    if value in _SEX or value in NOTHING or value in UNKNOWN:
        return Read(text, _SEX.get(value))
    return Read(text, warnings=(fault(column, "性别认不出，按没有填写处理", "写“男”或“女”", "other", text),))


def _date(cell: Cell, text: str, column: Column, rules: Rules) -> Read:
    read = read_date(cell)
    notes = (f"{column.title}：{read.doubt}",) if read.doubt else ()
    if read.problem:
        return Read(
            text, ReadDate(problem=read.problem), faults=(fault(column, read.problem, read.remedy, "date", text),)
        )
    if read.on is not None and read.on < FOUNDING:
        early = fault(column, f"{column.title}早于1949年10月1日", "改为真实的日期", "date", text)
        return Read(text, ReadDate(problem=early.message), faults=(early,))
    if read.on is not None and read.on > rules.today and column.field == "decided_on":
        late = fault(column, f"决定日期在今天（{rules.today.isoformat()}）之后", "改为真实的日期", "date", text)
        return Read(text, ReadDate(problem=late.message), faults=(late,))
    return Read(text, read, notes=notes)


def _partial(cell: Cell, text: str, column: Column, rules: Rules) -> Read:
    """A date of lesser weight: an impossible one is a fault, one that cannot be read is left out with a warning."""
    read = read_date(cell)
    if read.problem:
        found = fault(column, read.problem, read.remedy, "date", text)
        if read.problem.startswith("没有这"):
            return Read(text, faults=(found,))
        left = Fault(found.column, found.field, f"{read.problem}，按不详处理", read.remedy, "date", found.written)
        return Read(text, warnings=(left,))
    if read.iso and read.iso > rules.today.isoformat()[: len(read.iso)]:
        return Read(
            text,
            faults=(
                fault(column, f"{column.title}在今天（{rules.today.isoformat()}）之后", "改为真实的日期", "date", text),
            ),
        )
    return Read(text, read.iso or None, notes=(f"{column.title}：{read.doubt}",) if read.doubt else ())


def _identity(cell: Cell, text: str, column: Column, _rules: Rules) -> Read:
    read = read_identity(cell)
    if read.problem:
        return Read(text, NONE, faults=(fault(column, read.problem, read.remedy, "identity", text),))
    if read.doubt and not read.number:
        return Read(text, NONE, warnings=(fault(column, read.doubt, "有完整号码时补上", "identity", text),))
    return Read(text, read, notes=(read.doubt,) if read.doubt else ())


def _measures(_cell: Cell, text: str, column: Column, rules: Rules) -> Read:
    read = read_measures(text, column.field, rules.book)
    faults = []
    for piece in read.unknown:
        near = nearest(piece, rules.book)
        remedy = f"改为规定的名称，相近的有：{near}" if near else "改为规定的处分、处理名称"
        faults.append(fault(column, f"不认识这种处分（处理）：{piece[:30]}", remedy, "measure", text))
    return Read(text, read.found, faults=tuple(faults))


def _months(_cell: Cell, text: str, column: Column, _rules: Rules) -> Read:
    value = squeezed(text)
    if value in NOTHING or value in UNKNOWN:
        return Read(text)
    found = _MONTHS.fullmatch(value)
    if found is None:
        return Read(text, faults=(fault(column, "不是月数", "只写整数，例如24；没有另定的不填", "other", text),))
    return Read(text, int(found[1]))


def _form(_cell: Cell, text: str, column: Column, _rules: Rules) -> Read:
    form = read_form(text)
    if form is None:
        return Read(
            text,
            warnings=(
                fault(column, "看不出是第几种形态，按没有填写处理", "写“第一种形态”至“第四种形态”", "other", text),
            ),
        )
    return Read(text, form or None)


def _unit_post(_cell: Cell, text: str, column: Column, rules: Rules) -> Read:
    place = split_place(text, rules.places) if not is_blank(text) else Place()
    if len(place.unit) > 120 or len(place.post) > 64:
        place = Place(place.unit[:120], place.post[:64], place.region, "单位或职务过长，只收了前一段")
    doubts = (fault(column, place.doubt, "核对单位和职务", "other", text),) if place.doubt else ()
    return Read(text, place, warnings=doubts)


def _unit(_cell: Cell, text: str, _column: Column, rules: Rules) -> Read:
    unit = closed(text)
    return Read(text, Place() if is_blank(unit) else Place(unit[:120], "", region_of(unit, rules.places)))


def _number(_cell: Cell, text: str, _column: Column, _rules: Rules) -> Read:
    value = squeezed(text)
    if value in NOTHING or value in UNKNOWN:
        return Read(text)
    return Read(text, _YEAR_BRACKET.sub(lambda found: found[0].translate(_BRACKETS), value, count=1)[:80])


def _precheck(_cell: Cell, text: str, column: Column, _rules: Rules) -> Read:
    value = read_precheck(text)
    if value is not None and value.pop("unread", False):
        return Read(
            text, value, warnings=(fault(column, "看不出容错审核的结果，按待补处理", WRITTEN, "precheck", text),)
        )
    return Read(text, value)


_READERS: dict[str, Callable[[Cell, str, Column, Rules], Read]] = {
    "none": _none,
    "long": _long,
    "serial": _serial,
    "name": _name,
    "sex": _sex,
    "date": _date,
    "partial": _partial,
    "identity": _identity,
    "measures": _measures,
    "months": _months,
    "form": _form,
    "unit_post": _unit_post,
    "unit": _unit,
    "number": _number,
    "secret": _secret,
    "precheck": _precheck,
}
#: Fields whose value goes into the row as it is read.
DIRECT = frozenset(
    each.key
    for each in BY_KEY.values()
    if each.key
    not in {"serial", "secret", "unit_post", "unit", "id_number", "decided_on", "effective_on", *MEASURE_FIELDS}
)
__all__ = ["DIRECT", "MEMO", "Read", "ReadDate", "ReadIdentity", "Reader", "Rules", "fault", "reader_of"]
