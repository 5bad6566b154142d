"""A table of figures made ready to be shown, printed, drawn and exported: all four take it from here, so they cannot differ."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from youwei.organs.models import Organ
from youwei.statistics.asks import FIRMS, ORGANS, REST, SELF, TOWNS, Ask
from youwei.statistics.boards import BOARDS, SHORT, BoardSpec
from youwei.statistics.counting import Figure
from youwei.statistics.measures import COUNTS, RATES
from youwei.statistics.queries import Row, table
from youwei.statistics.shapes import PERCENT

DASH = "—"
MINUS = "−"


@dataclass(frozen=True, slots=True)
class Head:
    """A column: its words, whole in exports and notes, short on the page."""

    id: str
    title: str
    unit: str

    @property
    def short(self) -> str:
        return SHORT.get(self.id, self.title)


@dataclass(frozen=True, slots=True)
class Cell:
    """A number as it is written and as a spreadsheet keeps it; `measure` names the list it opens, empty when it has none."""

    text: str
    value: float | None
    measure: str = ""
    down: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the table. `inside` is the line it was opened from; `opens` says that it can be opened itself."""

    key: str
    title: str
    cells: Sequence[Cell]
    organ: Organ | None = None
    part: str = ""
    inside: str = ""
    opens: bool = False
    is_open: bool = False


@dataclass(frozen=True)
class Sheet:
    """A table ready to be shown."""

    spec: BoardSpec
    heads: Sequence[Head]
    lines: Sequence[Line]
    total: Line
    rows: Sequence[Row]
    whole: Row
    compare: bool


def sheet(ask: Ask, board: str, *, compare: bool, opened: str = "") -> Sheet:
    """The table of a board for every organ below, one of its lines opened on request."""
    spec = BOARDS[board]
    found = table(ask, _columns(spec), compare=compare)
    inner = inside(ask, opened) if opened else None
    below = table(inner, _columns(spec), compare=compare) if inner is not None else None
    lines: list[Line] = []
    for row in found.rows:
        is_open = below is not None and row.key == opened
        lines.append(replace(_line(spec, row, compare), opens=can_open(ask, row.key), is_open=is_open))
        if below is not None and is_open:
            lines += [replace(_line(spec, one, compare), inside=opened) for one in below.rows]
    return Sheet(
        spec, _heads(spec, compare), lines, _line(spec, found.total, compare), found.rows, found.total, compare
    )


def inside(ask: Ask, key: str) -> Ask | None:
    """The ask of a line of a table, to be told again by organ below; None for a line that is not there or holds nothing more."""
    if key in (ORGANS, TOWNS, FIRMS) and ask.is_region and not ask.part:
        return replace(ask, part=key)
    if not (key.isascii() and key.isdigit() and len(key) < 16):
        return None
    child = Organ.objects.filter(pk=int(key), parent=ask.organ).first()
    return replace(ask, organ=child, part="") if child else None


def can_open(ask: Ask, key: str) -> bool:
    return key not in (SELF, REST) and (not ask.part or key.isdigit())


def words(figure: Figure) -> str:
    """1,126 or 96.4%, a dash where there is nothing to divide by."""
    if figure.value is None:
        return DASH
    return f"{figure.value:.1f}%" if figure.unit == PERCENT else f"{int(figure.value):,}"


def title_of(key: str) -> str:
    return RATES[key].title if key in RATES else COUNTS[key].title


def definition_of(key: str) -> str:
    return RATES[key].definition if key in RATES else COUNTS[key].definition


def _columns(spec: BoardSpec) -> list[str]:
    return [*spec.columns, *(() if spec.lead in spec.columns else (spec.lead,))]


def _heads(spec: BoardSpec, compare: bool) -> list[Head]:
    heads = [Head(key, title_of(key), "%" if key in RATES else COUNTS[key].unit) for key in spec.columns]
    return [*heads, Head("", "上年同期", ""), Head("", "增减", "")] if compare else heads


def _line(spec: BoardSpec, row: Row, compare: bool) -> Line:
    cells = [_cell(row.now[key]) for key in spec.columns]
    if compare:
        now, before = row.now[spec.lead], row.before[spec.lead]
        cells += [Cell(words(before), before.value), _change(now, before)]
    return Line(row.key, row.title, cells, row.organ, row.part)


def _cell(figure: Figure) -> Cell:
    return Cell(words(figure), figure.value, figure.id if figure.unit != PERCENT else "")


def _change(now: Figure, before: Figure) -> Cell:
    if now.value is None or before.value is None:
        return Cell(DASH, None)
    difference = round(now.value - before.value, 1)
    size = f"{abs(difference):.1f}" if now.unit == PERCENT else f"{int(abs(difference)):,}"
    sign = "+" if difference > 0 else MINUS if difference < 0 else ""
    return Cell(f"{sign}{size}", difference, down=now.unit == PERCENT and difference < 0)
