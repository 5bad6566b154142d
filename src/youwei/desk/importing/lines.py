"""Staged rows as the review page shows them: what the sheet says, what will happen and why, and how to mend it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from youwei.intake.fields import BY_KEY, MEASURE_FIELDS
from youwei.intake.models import StagedRow
from youwei.intake.queries import DATA, STUB, Column, Fault, Opened
from youwei.people.models import Person
from youwei.ui.words import cn_date

LOOKS = {
    "create": ("run", "circle-plus"),
    "update": ("run", "refresh"),
    "unchanged": ("wait", "check"),
    "stub": ("seal", "lock"),
    "ask": ("soon", "help-circle"),
    "refused": ("late", "ban"),
}
HIDDEN = "（未显示）"
OUT_OF_SIGHT = "由其他机关管理的人员，具体情况不在您的查看范围"
WITHIN = "表中另有一行可能是同一个人：同名、同出生年月、同单位，或身份证号相同而姓名不同"
SURVIVING = "只留文号、机关、地区、日期、形态、种类和作出决定时是否未满35周岁，供计数；姓名、单位、事实没有读入"
ASK_REMEDY = "是同一个人选“与第N行是同一人”，是不同的人选“新的人”"
OTHER_NAME_REMEDY = "身份证号或姓名写错的，在本行改正；确是两个人的选“新的人”"

KEEP_KNOWN = "就是系统里的那份决定：系统里的不改；系统里写错的，到人员档案里那份决定上更正"
DATES = ("effective_on", "acts_until")
MOST_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Said:
    """One cell as the sheet says it; `bad` when it is to blame."""

    column: str
    text: str
    bad: bool = False


@dataclass(frozen=True, slots=True)
class Moved:
    """A fact that an update changes."""

    title: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Option:
    """An answer to “is this the same person”."""

    value: str
    label: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the review table."""

    number: int
    outcome: str
    label: str
    tone: str
    icon: str
    name: str
    unit: str
    said: tuple[Said, ...]
    reasons: tuple[str, ...]
    remedies: tuple[str, ...]
    doubts: tuple[str, ...] = ()
    moved: tuple[Moved, ...] = ()
    options: tuple[Option, ...] = ()
    answer: str = ""
    mendable: bool = False


def lines(rows: Iterable[Opened], people: Mapping[int, Person]) -> list[Line]:
    """The rows of a page; `people` are those among the candidates whom the reader may see."""
    return [_line(each, people) for each in rows]


def persons_named(rows: Iterable[Opened]) -> set[int]:
    """Whoever the rows of a page may be about."""
    rows = list(rows)
    known = {each.staged.person_id for each in rows if each.staged.person_id}
    return known | {candidate["person_id"] for each in rows for candidate in each.staged.candidates}


def _line(each: Opened, people: Mapping[int, Person]) -> Line:
    row, staged = each.row, each.staged
    tone, icon = LOOKS[staged.outcome]
    secret = row.kind == STUB
    return Line(
        number=row.number,
        outcome=staged.outcome,
        label=StagedRow.Outcome(staged.outcome).label,
        tone=tone,
        icon=icon,
        name=HIDDEN if secret else row.name or "（没有姓名）",
        unit="" if secret else str(row.values.get("unit", "")),
        said=_blamed(row.faults) if row.faults else _told(each),
        reasons=_reasons(each, people),
        remedies=_remedies(each),
        doubts=tuple(_words(fault) for fault in row.warnings),
        moved=_moved(each, people),
        options=_options(staged, people) if staged.outcome == StagedRow.Outcome.ASK else (),
        answer=staged.answer,
        mendable=row.kind == DATA,
    )


def _words(fault: Fault) -> str:
    return f"{fault.column}：{fault.message}" + (f"（{fault.remedy}）" if fault.remedy else "")


def _blamed(faults: Sequence[Fault]) -> tuple[Said, ...]:
    """The cells that are to blame, each once."""
    found = {(fault.column, fault.written or "空"): Said(fault.column, fault.written or "空", True) for fault in faults}
    return tuple(found.values())


def _told(each: Opened) -> tuple[Said, ...]:
    """What makes a sound row: the measures, the day, the number."""
    values = each.row.values
    measures = "、".join(str(measure["label"]) for measure in values.get("measures", ()))
    found = (
        ("处分处理", measures),
        ("决定日期", _day(values.get("decided_on", ""))),
        ("文号", str(values.get("number") or "")),
    )
    return tuple(Said(title, text) for title, text in found if text)


def _day(text: str) -> str:
    return cn_date(date.fromisoformat(text)) if len(text) == len("2000-01-01") else text


def _reasons(each: Opened, people: Mapping[int, Person]) -> tuple[str, ...]:
    row, staged = each.row, each.staged
    if row.faults:
        return tuple(dict.fromkeys(fault.message for fault in row.faults))
    by = "按身份证号" if row.values.get("id_number") else "按姓名和决定"
    match staged.outcome:
        case "stub":
            return ("涉密行只建空白存根",)
        case "unchanged":
            return ("同样的存根已在系统中",) if row.kind == STUB else (f"{by}认出，同一份决定已在系统中",)
        case "update":
            return (f"{by}认出，只补空着的、改列出的几项",)
        case "ask":
            return tuple(dict.fromkeys(candidate["why"] for candidate in staged.candidates)) or (WITHIN,)
    if staged.person_id:
        person = people.get(staged.person_id)
        return (f"{by}认出已有的人" + (f"（{person.organ.name}）" if person else "") + "，增加一份决定",)
    return tuple(row.notes) or ("新的人",)


def _remedies(each: Opened) -> tuple[str, ...]:
    if each.row.faults:
        return tuple(dict.fromkeys(fault.remedy for fault in each.row.faults if fault.remedy))
    if each.row.kind == STUB:
        return (SURVIVING,)
    if each.staged.outcome == StagedRow.Outcome.ASK and not each.staged.candidates:
        return (ASK_REMEDY.replace("N", str(each.staged.twin)) if each.staged.twin else OTHER_NAME_REMEDY,)
    return ()


def _moved(each: Opened, people: Mapping[int, Person]) -> tuple[Moved, ...]:
    seen = each.staged.person_id in people
    return tuple(
        Moved(
            BY_KEY[change.field].title,
            (change.before or "空") if seen else "（原值不在您的查看范围）",
            _in_words(change.field, change.after),
        )
        for change in each.changes
    )


def _in_words(field: str, text: str) -> str:
    """What a change writes, as people say it."""
    if field == "form":
        return f"第{'一二三四'[int(text) - 1]}种形态" if text in ("1", "2", "3", "4") else text
    return _day(text) if field in DATES else text[:MOST_SHOWN] + ("……" if len(text) > MOST_SHOWN else "")


def _options(staged: StagedRow, people: Mapping[int, Person]) -> tuple[Option, ...]:
    """The people a row may be about. One whom the reader may not see is offered, without a word about who it is."""
    found = [
        Option(str(each["person_id"]), *_who(people.get(each["person_id"]), another=each.get("another", False)))
        for each in staged.candidates
    ]
    if staged.twin:
        found.append(Option(StagedRow.TWIN, f"与第{staged.twin}行是同一人", "另一份决定"))
    known = any(each.get("another", False) for each in staged.candidates)
    return (*found, Option("new", "新的人"), Option("skip", "不导入这一行", KEEP_KNOWN if known else ""))


def _who(person: Person | None, *, another: bool) -> tuple[str, str]:
    same = "同一人的另一份决定" if another else "同一人"
    if person is None:
        return same, OUT_OF_SIGHT
    born = f"{person.born_on.year}年{person.born_on.month}月生" if person.born_on else "出生年月不详"
    return f"{same}：{person.name}", "，".join(part for part in (person.organ.name, person.post, born) if part)


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a row to be mended."""

    at: int
    title: str
    text: str
    faults: tuple[str, ...] = ()


def cells(each: Opened, columns: Sequence[Column]) -> tuple[list[Cell], list[Cell]]:
    """The cells of a row: those that are to blame (or doubtful), and the others that are read. A sound identity number is not shown."""
    told: dict[int, list[str]] = {}
    for fault in (*each.row.faults, *each.row.warnings):
        for at in _where(fault, columns):
            told.setdefault(at, []).append(fault.message)
    blamed, others = [], []
    for column, text in zip(columns, each.row.cells, strict=False):
        if column.index in told:
            blamed.append(Cell(column.index, column.header, text, tuple(dict.fromkeys(told[column.index]))))
        elif column.field and not (column.field == "id_number" and text):
            others.append(Cell(column.index, column.header, text))
    return blamed, others


def _where(fault: Fault, columns: Sequence[Column]) -> list[int]:
    """The columns a fault is about: by name, else by field; a row without a measure could have it in any column of measures."""
    named = [column.index for column in columns if column.header == fault.column]
    if named:
        return named
    fields = set(MEASURE_FIELDS) if fault.field in MEASURE_FIELDS else {fault.field}
    if fault.field in ("unit", "post"):
        fields.add("unit_post")
    return [column.index for column in columns if column.field in fields]
