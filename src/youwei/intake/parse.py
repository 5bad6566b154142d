"""The table as read: the header found, columns matched, each row cleaned and checked, marked rows reduced to stubs at once."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import Any

from youwei.intake.cells import Cell, closed, plain, squeezed
from youwei.intake.checks import Found, check_row
from youwei.intake.columns import HEADER_DEPTH, Column, Header, by_name, find_header, match_columns, secret_columns
from youwei.intake.dates import BLANK, ReadDate, day_of
from youwei.intake.faults import Fault, Refused
from youwei.intake.fields import BY_KEY, FIELDS, MEASURE_FIELDS
from youwei.intake.identity import NONE, ReadIdentity, born_with
from youwei.intake.measures import in_order
from youwei.intake.places import Place
from youwei.intake.reading import DIRECT, MEMO, Read, Reader, Rules, reader_of
from youwei.intake.secrets import is_marked, stub_values
from youwei.intake.workbook import Sheet, open_sheet
from youwei.rulebook.ages import YOUNG_YEARS, full_years

SAMPLE = 200
DATA, STUB = "data", "stub"
STUB_NOTE = "涉密行：只留文号、机关、地区、日期、形态、种类和作出决定时是否未满35周岁，其余内容没有读入"
HEADER_AGAIN = "重复的表头"
_NOT_DATA = re.compile(r"^(?:合计|总计|小计|共计|注|备注|说明|填表|制表|审核|填报|联系电话|单位负责人|经办)")


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the ledger: its number in the sheet, its values by field, what is wrong, what is doubtful, what was assumed.

    `kind` is "data", or "stub" for a row of state secrets: then `values` holds what may be counted and `cells` is empty.
    """

    number: int
    serial: str
    kind: str
    values: dict[str, Any]
    faults: tuple[Fault, ...] = ()
    warnings: tuple[Fault, ...] = ()
    notes: tuple[str, ...] = ()
    cells: tuple[str, ...] = ()

    @property
    def refused(self) -> bool:
        return bool(self.faults)

    @property
    def name(self) -> str:
        return str(self.values.get("name", ""))

    def to_json(self) -> dict[str, Any]:
        return {
            "number": self.number,
            "serial": self.serial,
            "kind": self.kind,
            "values": self.values,
            "faults": [each.to_json() for each in self.faults],
            "warnings": [each.to_json() for each in self.warnings],
            "notes": list(self.notes),
            "cells": list(self.cells),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Row":
        return cls(
            data["number"],
            data["serial"],
            data["kind"],
            data["values"],
            tuple(Fault.from_json(each) for each in data["faults"]),
            tuple(Fault.from_json(each) for each in data["warnings"]),
            tuple(data["notes"]),
            tuple(data["cells"]),
        )


@dataclass(frozen=True)
class Table:
    """A whole ledger as read. `missing` names the required fields no column fills; `skipped` the lines that are no rows, with why."""

    sheet: str
    header_row: int
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    skipped: tuple[tuple[int, str], ...] = ()
    missing: tuple[str, ...] = ()
    other_sheets: tuple[str, ...] = ()


@dataclass
class Reading:
    """A ledger being read: header and columns are known, the rows come one by one (once), so that memory stays small."""

    sheet: str
    header: Header
    columns: tuple[Column, ...]
    numbered: Iterator[tuple[int, Sequence[Cell]]]
    rules: Rules
    other_sheets: tuple[str, ...] = ()
    skipped: list[tuple[int, str]] = field(default_factory=list)

    @property
    def missing(self) -> tuple[str, ...]:
        return missing_fields(self.columns)

    def rows(self) -> Iterator[Row]:
        reader = RowReader(self.columns, self.rules)
        for number, cells in self.numbered:
            row = reader.read(number, cells)
            if isinstance(row, Row):
                yield row
            elif row:
                self.skipped.append((number, row))


def missing_fields(columns: Iterable[Column]) -> tuple[str, ...]:
    """Titles of the fields a ledger cannot do without and no column fills."""
    have = {column.field for column in columns}
    lacking = [each.title for each in FIELDS if each.required and each.key not in have]
    return tuple(lacking if have & set(MEASURE_FIELDS) else [*lacking, "处分（处理）种类"])


def start(
    data: bytes,
    filename: str,
    rules: Rules,
    *,
    mapping: Mapping[str, str] | None = None,
    remembered: Mapping[str, str] | None = None,
    sheet: str = "",
) -> Reading:
    """Open an upload and match its columns. Raises only `Refused`."""
    opened = open_sheet(data, filename, sheet)
    return start_sheet(opened, rules, mapping=mapping, remembered=remembered)


def start_sheet(
    opened: Sheet,
    rules: Rules,
    *,
    mapping: Mapping[str, str] | None = None,
    remembered: Mapping[str, str] | None = None,
) -> Reading:
    """Match the columns of an opened sheet."""
    first = list(islice(opened.rows, HEADER_DEPTH + SAMPLE))
    header = find_header(first, opened.merged)
    if header is None:
        raise Refused("没有找到表头（前30行里没有“姓名”“决定日期”“处分”这样的列名）", "请在数据上方加一行列名，再上传")
    body_at = header.row - 1 + header.depth
    _refuse_marked_titles(first[:body_at])
    width = len(header.texts)
    samples = [row for row in first[body_at:] if any(cell not in ("", None) for cell in row)]
    columns = match_columns(header, samples, mapping, remembered)
    numbered = _numbered(chain(first[body_at:], opened.rows), body_at + 1, width)
    return Reading(opened.name, header, columns, numbered, rules, opened.others)


def _refuse_marked_titles(titles: Sequence[Sequence[Cell]]) -> None:
    texts = [closed(plain(cell)) for row in titles for cell in row]
    if any(is_marked(text) and not by_name(text)[0] for text in texts):
        raise Refused("表的标题上标有密级，整份文件都没有读入", "国家秘密不得录入本系统，请走线下渠道")


def _numbered(rows: Iterable[Sequence[Cell]], begin: int, width: int) -> Iterator[tuple[int, Sequence[Cell]]]:
    for number, row in enumerate(rows, begin):
        yield number, row if len(row) == width else [*row[:width], *([""] * (width - len(row)))]


def parse(
    data: bytes,
    filename: str,
    rules: Rules,
    *,
    mapping: Mapping[str, str] | None = None,
    remembered: Mapping[str, str] | None = None,
    sheet: str = "",
) -> Table:
    """Read a whole upload at once. Raises only `Refused`."""
    reading = start(data, filename, rules, mapping=mapping, remembered=remembered, sheet=sheet)
    rows = tuple(reading.rows())
    return Table(
        reading.sheet,
        reading.header.row,
        reading.columns,
        rows,
        tuple(reading.skipped),
        reading.missing,
        reading.other_sheets,
    )


class RowReader:
    """Reads rows by the columns matched, and remembers which rows it has seen, to find the same one twice."""

    def __init__(self, columns: Sequence[Column], rules: Rules) -> None:
        marks = set(secret_columns(columns))
        self.columns, self.rules = columns, rules
        self.readers: list[Reader] = [reader_of(each, rules, asks_secret=each.index in marks) for each in columns]
        self.memos: list[dict[Cell, Read]] = [{} for _ in columns]
        self.at = {each.field: each.index for each in columns if each.field}
        self.direct = [(each.field, each.index) for each in columns if each.field in DIRECT]
        self.measured = [each.index for each in columns if each.field in MEASURE_FIELDS]
        self.titles = {each.field: each.header for each in columns if each.field}
        self.titles.setdefault("measures", "处分（处理）种类")
        for key in ("unit", "post"):
            self.titles.setdefault(key, self.titles.get("unit_post", BY_KEY[key].title))
        self.seen: dict[int, tuple[int, str]] = {}
        self.name_headers = frozenset(BY_KEY["name"].names)
        self.headers = frozenset(squeezed(each.header) for each in columns if each.header)

    def read(self, number: int, cells: Sequence[Cell]) -> Row | str:
        """The row; or why the line is none ("" for a blank line)."""
        got: list[Read] = []
        flagged: list[Read] = []
        marked = False
        for memo, reader, cell in zip(self.memos, self.readers, cells, strict=True):
            read = memo.get(cell)
            if read is None:
                read = _remember(memo, reader, cell)
            got.append(read)
            if read.flag:
                flagged.append(read)
                marked = marked or read.marked
        values = {key: got[index].value for key, index in self.direct if got[index].value is not None}
        if values.get("name") in self.name_headers and self._repeats_header(got):
            return HEADER_AGAIN
        if marked:
            return self._stub(number, values, got)
        if "name" not in values:
            why = self._no_row(got)
            if why is not None:
                return why
        return self._row(number, values, got, flagged)

    def _value(self, got: Sequence[Read], key: str, default: Any) -> Any:
        index = self.at.get(key)
        return default if index is None or got[index].value is None else got[index].value

    def _no_row(self, got: Sequence[Read]) -> str | None:
        skip = self.at.get("serial", -1)
        filled = [read.text for index, read in enumerate(got) if read.text and index != skip]
        if not filled:
            return "" if skip < 0 or not got[skip].text else "只有序号"
        serial = got[skip].text if skip >= 0 else ""
        if len(filled) <= 4 and (_NOT_DATA.match(filled[0]) or _NOT_DATA.match(serial)):
            return "合计或填表说明"
        return HEADER_AGAIN if self._repeats_header(got) else None

    def _repeats_header(self, got: Sequence[Read]) -> bool:
        filled = [read.text for read in got if read.text]
        return sum(squeezed(text) in self.headers for text in filled) >= max(2, len(filled) // 2)

    def _place(self, values: dict[str, Any], got: Sequence[Read]) -> None:
        place: Place = self._value(got, "unit_post", None) or self._value(got, "unit", Place())
        for key, value in (("unit", place.unit), ("post", place.post), ("region", place.region)):
            if value and not values.get(key):
                values[key] = value

    def _measures(self, got: Sequence[Read]) -> list[dict[str, Any]]:
        return in_order(each for index in self.measured for each in got[index].value or ())

    def _stub(self, number: int, values: dict[str, Any], got: Sequence[Read]) -> Row:
        self._place(values, got)
        decided: ReadDate = self._value(got, "decided_on", BLANK)
        effective: ReadDate = self._value(got, "effective_on", BLANK)
        if decided.on is not None:
            values["decided_on"] = decided.iso
            values["effective_on"] = decided.iso
        if effective.on is not None:
            values["effective_on"] = effective.iso
        born = day_of(born_with(values.get("born", ""), self._value(got, "id_number", NONE)))
        values["young"] = bool(decided.on and born and full_years(born, decided.on) < YOUNG_YEARS)
        values["measures"] = self._measures(got)
        return Row(number, "", STUB, stub_values(values), notes=(STUB_NOTE,))

    def _row(self, number: int, values: dict[str, Any], got: Sequence[Read], flagged: Sequence[Read]) -> Row:
        found = Found(self.titles)
        for read in flagged:
            found.faults.extend(read.faults)
            found.warnings.extend(read.warnings)
            found.notes.extend(read.notes)
        self._place(values, got)
        values["measures"] = self._measures(got)
        decided: ReadDate = self._value(got, "decided_on", BLANK)
        effective: ReadDate = self._value(got, "effective_on", BLANK)
        identity: ReadIdentity = self._value(got, "id_number", NONE)
        check_row(values, decided, effective, identity, found, self.rules)
        serial: str = self._value(got, "serial", "")
        self._check_twice(number, serial, values, found)
        texts = tuple([read.text for read in got])
        return Row(number, serial, DATA, values, tuple(found.faults), tuple(found.warnings), tuple(found.notes), texts)

    def _check_twice(self, number: int, serial: str, values: dict[str, Any], found: Found) -> None:
        if not values.get("name"):
            return
        before = self.seen.setdefault(hash(key_of_row(values)), (number, serial))
        if before[0] != number:
            found.fault(
                "name",
                same_row_twice(*before),
                "删去重复的一行；若确是两个决定，核对文号和日期",
                "duplicate",
                values["name"],
            )


def same_row_twice(number: int, serial: str) -> str:
    """What is said of a row that repeats another."""
    said = f"（序号{serial}）" if serial else ""
    return f"与第{number}行{said}是同一条：同一个人、同一文号、同一日期、同样的处分"


def key_of_row(values: Mapping[str, Any]) -> tuple[str, ...]:
    """What makes two rows the same: the person, the decision's number and date, and the measures."""
    person = values.get("id_number") or f"{values.get('born', '')}/{values.get('unit', '')}"
    measures = "+".join(each["id"] for each in values["measures"])
    number = values.get("number", "") or values.get("facts", "")
    return (values["name"], person, number, values.get("decided_on", ""), measures)


def _remember(memo: dict[Cell, Read], reader: Callable[[Cell], Read], cell: Cell) -> Read:
    if len(memo) >= MEMO:
        memo.clear()
    read = memo[cell] = reader(cell)
    return read
