"""A list of names pasted from a table or uploaded as one: name, unit, identity number, in any order. Every line is read or named."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from youwei.intake.cells import Cell, clean, plain
from youwei.intake.faults import Refused
from youwei.intake.identity import read_identity
from youwei.intake.workbook import open_sheet
from youwei.people.queries import tells_identity

MOST = 500
LONGEST_NAME, LONGEST_UNIT = 32, 60
HEADS = {"姓名": "name", "名字": "name", "单位": "unit", "工作单位": "unit", "单位及职务": "unit", "现任职务": "unit", "身份证号": "identity",
         "身份证号码": "identity", "公民身份号码": "identity", "序号": "", "编号": ""}  # fmt: skip
NUMBERED = re.compile(r"^\d{1,4}[、.．）)]?$")
SPLIT = re.compile(r"\t|[,，;；|]|\s{2,}")
NAMED = re.compile(r"[\u3400-\u9fff·•]{2,}|[A-Za-z][A-Za-z ·.'-]+")


@dataclass(frozen=True, slots=True)
class Named:
    """One line: a name, its unit, and a whole identity number where one was given."""

    line: int
    name: str
    unit: str = ""
    identity: str = ""


@dataclass(frozen=True, slots=True)
class Read:
    """What was found, and what is wrong with which line."""

    people: tuple[Named, ...]
    faults: tuple[str, ...]


def read_text(text: str) -> Read:
    """Lines as pasted from Word or a sheet."""
    return _read(SPLIT.split(line.strip()) for line in text.splitlines())


def read_file(data: bytes, filename: str) -> Read:
    """The first sheet of a workbook."""
    try:
        return _read(list(row) for row in open_sheet(data, filename).rows)
    except Refused as refused:
        return Read((), (str(refused),))


def _read(lines: Iterable[Sequence[Cell]]) -> Read:
    columns: list[str] | None = None
    people: list[Named] = []
    faults: list[str] = []
    seen: dict[tuple[str, str, str], int] = {}
    for number, cells in enumerate(lines, 1):
        given = [clean(plain(cell)) for cell in cells]
        if not any(given):
            continue
        if columns is None and any(_head(each) == "name" for each in given):
            columns = [_head(each) or "" for each in given]
            continue
        try:
            one = _line(number, list(cells), given, columns)
        except ValueError as fault:
            faults.append(f"第{number}行：{fault}")
            continue
        key = (one.name, one.unit, one.identity)
        if key in seen:
            faults.append(f"第{number}行：{one.name}与第{seen[key]}行完全相同；请删去一行，或者补上单位、身份证号。")
        seen.setdefault(key, number)
        people.append(one)
    if len(people) > MOST:
        faults.insert(0, f"名单有{len(people)}人，一次最多{MOST}人；请分成几件来函登记。")
    if not people and not faults:
        faults.append("名单里没有人；请粘贴姓名，一行一人。")
    return Read(tuple(people), tuple(faults))


def _head(text: str) -> str | None:
    return HEADS.get("".join(text.split()).rstrip(":："))


def _line(number: int, cells: list[Cell], given: list[str], columns: list[str] | None) -> Named:
    found = {"name": "", "unit": "", "identity": ""}
    for place, text in enumerate(given):
        what = columns[place] if columns is not None and place < len(columns) else _guess(text, found)
        if what and text:
            found[what] = found[what] or _identity(cells[place]) if what == "identity" else found[what] or text
    name = "".join(found["name"].split()) if not found["name"].isascii() else found["name"]
    if not name:
        raise ValueError("没有姓名；请补上，或者删去这一行。")
    if len(name) > LONGEST_NAME or not NAMED.fullmatch(name):
        raise ValueError(f"“{name[:20]}”不像姓名；请改成一行一人，姓名在前。")
    return Named(number, name, found["unit"][:LONGEST_UNIT], found["identity"])


def _guess(text: str, found: dict[str, str]) -> str:
    """What a cell without a heading is."""
    if NUMBERED.match(text):
        return ""
    if tells_identity(text):
        return "identity"
    return "name" if not found["name"] else "unit"


def _identity(cell: Cell) -> str:
    read = read_identity(cell)
    if read.problem or read.doubt:
        raise ValueError(f"{read.problem or read.doubt}；{read.remedy or '请写全'}。")
    return read.number
