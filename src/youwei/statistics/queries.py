"""Figures of an organ over a period, the table by organ below, and the rows behind a number, in a fixed number of statements."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django.db.models import Max, QuerySet

from youwei.organs.models import Organ
from youwei.organs.policy import READERS, Reader, Refusal, in_region, may, visible
from youwei.organs.queries import reach
from youwei.rulebook.days import ONE_DAY
from youwei.statistics import counting
from youwei.statistics.asks import FIRMS, ORGANS, REST, SELF, TOWNS, WHOLE, Ask, home_of
from youwei.statistics.counting import PERSON_FIELD, Figure, rows_of
from youwei.statistics.measures import (
    COUNTS,
    GROUND,
    MEASURE,
    PROCEDURE,
    RATES,
    REGION,
    YEAR,
    ground_count,
    measure_count,
    procedure_count,
    region_count,
    seat_count,
    year_count,
)
from youwei.statistics.shapes import PIECES, Count, Source

OF_DECISIONS = (Source.DECISIONS, Source.DATELESS)
SHARES = [rate for rate in RATES if rate.startswith("share.")]
SEEN_AS = {
    Source.DECISIONS: "decision.view",
    Source.DATELESS: "decision.view",
    Source.CASES: "case.view",
    Source.VISITS: "case.view",
    Source.NOT_DONE: "case.view",
    Source.ITEMS: "case.view",
    Source.MISSING: "case.view",
    Source.EXEMPTED: "case.view",
}
OUT_OF_REACH = Refusal("您的岗位没有这项权限", "岗位权限表", "需要时请联系安全管理员")
"""In the words of a missing right, so that the refusal tells nothing about the row that caused it."""


@dataclass(frozen=True)
class Figures:
    """Every figure of one ask, by id, in the order they are told."""

    ask: Ask
    by_id: Mapping[str, Figure]

    def __getitem__(self, key: str) -> Figure:
        return self.by_id[key]

    def value(self, key: str) -> float:
        """The value, or 0 where the figure does not occur."""
        found = self.by_id.get(key)
        return found.value or 0 if found else 0


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table: a region, a group of units or a unit, with its figures now and a year before."""

    key: str
    title: str
    organ: Organ | None
    part: str
    now: Mapping[str, Figure]
    before: Mapping[str, Figure]


@dataclass(frozen=True)
class Table:
    """Lines by organ and their total. A person in two lines counts once in the total, so persons need not add up."""

    ask: Ask
    columns: Sequence[str]
    total: Row
    rows: Sequence[Row] = field(default_factory=tuple)


def ask_for(
    organ: Organ, start: date, end: date, *, with_secret: bool = True, today: date | None = None, part: str = ""
) -> Ask:
    """An ask for the home of `organ`; lateness is judged when the last day is over, or today when that is earlier."""
    home = home_of(organ)
    over = end + ONE_DAY
    as_of = min(over, today) if today else over
    return Ask(home, start, end, as_of, with_secret, part if home.kind == Organ.Kind.REGION else "")


def figures(organ: Organ, start: date, end: date, *, with_secret: bool = True, today: date | None = None) -> Figures:
    """Every figure of an organ from the first to the last day, both included."""
    return all_figures(ask_for(organ, start, end, with_secret=with_secret, today=today))


def all_figures(ask: Ask) -> Figures:
    """Every figure of an ask."""
    counted = counting.totals(ask, COUNTS.values())
    found = counting.standing(counted)
    families = [counting.by_measure, counting.by_region_and_year]
    if counted.get("undone"):
        families.append(counting.by_ground_and_procedure)
    for count, number in (each for family in families for each in family(ask)):
        found[count.id] = Figure(count.id, count.title, count.unit, number, number, counted[count.of])
    return Figures(ask, found)


def stubs_among(ask: Ask) -> dict[str, int]:
    """How many of each count of decisions are stubs; what has none is left out. They are few: to count them is less than to count all others."""
    alone = replace(ask, stubs=True)
    pieces = [count for count in COUNTS.values() if count.unit == PIECES and count.source in OF_DECISIONS]
    found = counting.totals(alone, pieces)
    for family in (counting.by_measure, counting.by_region_and_year):
        found |= {count.id: number for count, number in family(alone)}
    return {key: number for key, number in found.items() if number}


def table(ask: Ask, columns: Sequence[str], *, compare: bool = False) -> Table:
    """The columns for every organ below, with the total and, on request, the same period a year before."""
    counts = counting.needed(columns)
    zero = {count.id: 0 for count in counts}
    now = counting.by_line(ask, counts)
    before = counting.by_line(ask.a_year_before(), counts) if compare else {}
    names = _lines(ask)

    def row(key: str) -> Row:
        earlier = counting.standing(zero | before.get(key, {})) if compare else {}
        part = key if key in (ORGANS, TOWNS, FIRMS, REST) else ""
        current = counting.standing(zero | now.get(key, {}))
        return Row(key, names.title(key), names.organs.get(key), part, current, earlier)

    keys = sorted({*now, *before, *names.always} - {WHOLE}, key=names.order)
    return Table(ask, columns, row(WHOLE), [row(key) for key in keys])


def forms_before(ask: Ask) -> Mapping[str, Figure]:
    """The four forms of the same period a year before."""
    return counting.standing(counting.totals(ask.a_year_before(), counting.needed(SHARES)))


def find(measure_id: str, ask: Ask) -> Count | None:
    """The count of an id, those of measures, regions and years included; None for what has no list (rates, unknown ids)."""
    return _narrow(measure_id, ask)[1]


def rows(measure_id: str, ask: Ask, reader: Reader) -> "QuerySet[Any] | Refusal | None":
    """The rows behind a number, as many as it says: decisions, cases or visits; for persons one row each, the latest.

    None when there is no such list; a refusal, worded like a missing right, when one of the rows lies outside the reader's region. Rows about cadres
    whom a level above manages are counted and not listed: `left_out` says how many.
    """
    narrowed, count = _narrow(measure_id, ask)
    if count is None:
        return None
    act = SEEN_AS[count.source]
    allowed = may(reader, act)
    if isinstance(allowed, Refusal):
        return allowed
    found = _behind(narrowed, count)
    sure = count.source in (Source.DECISIONS, Source.DATELESS) and opens(narrowed, reader)
    if not sure and in_region(reader, act, found).count() != found.count():
        return OUT_OF_REACH
    return visible(reader, act, found)


def left_out(measure_id: str, ask: Ask, shown: "QuerySet[Any]") -> int:
    """How many rows of a list that opens are counted and not listed."""
    narrowed, count = _narrow(measure_id, ask)
    return _behind(narrowed, count).count() - shown.count() if count is not None else 0


def _behind(ask: Ask, count: Count) -> "QuerySet[Any]":
    found = rows_of(ask, count.source).filter(count.where(ask))
    if not count.by_person:
        return found
    person = PERSON_FIELD[count.source]
    latest = found.filter(**{f"{person}__isnull": False}).order_by().values(person).annotate(last=Max("pk"))
    return rows_of(ask, count.source).filter(pk__in=latest.values("last"))


def opens(ask: Ask, reader: Reader) -> bool:
    """The ask lies in the reader's own subtree: its decisions are reached through where they are counted, its cases nearly always."""
    return any(ask.organ.path.startswith(path) for path in reader.paths(READERS))


def _narrow(measure_id: str, ask: Ask) -> tuple[Ask, Count | None]:
    """The count of an id with the ask it is to be answered for: a figure by region is the line of that region."""
    if measure_id in COUNTS:
        return ask, COUNTS[measure_id] if COUNTS[measure_id].listed else None
    if measure_id.startswith(MEASURE):
        kind, _, label = measure_id.removeprefix(MEASURE).partition("/")
        return ask, measure_count(kind, label)
    if measure_id.startswith(GROUND):
        return ask, ground_count(measure_id.removeprefix(GROUND))
    if measure_id.startswith(PROCEDURE):
        return ask, procedure_count(measure_id.removeprefix(PROCEDURE))
    if measure_id.startswith(YEAR):
        year = measure_id.removeprefix(YEAR)
        known = year.isascii() and year.isdigit() and 1900 <= int(year) <= 2199
        return ask, year_count(int(year)) if known else None
    if not measure_id.startswith(REGION) or not ask.is_region:
        return ask, None
    name = measure_id.removeprefix(REGION)
    if name == ask.organ.name:
        return ask, seat_count(name, ask.organ.pk)
    child = Organ.objects.filter(parent=ask.organ, name=name, kind=Organ.Kind.REGION).first()
    return (ask.at(str(child.pk)), region_count(name, str(child.pk))) if child else (ask, None)


@dataclass(frozen=True, slots=True)
class Lines:
    """The organs the lines of a table stand for; regions below that were there are shown even when nothing is counted there."""

    ask: Ask
    organs: Mapping[str, Organ]
    always: frozenset[str]

    def title(self, key: str) -> str:
        if key in self.organs:
            return self.organs[key].name
        name = self.ask.organ.name
        seat = name[-1] if name[-1:] in "省市区县州" else ""
        titles = {
            WHOLE: "合计",
            ORGANS: f"{seat}直机关" if seat else "直属机关",
            TOWNS: "街道、乡镇、村",
            FIRMS: f"{seat or '所'}属企业、学校",
            REST: "未记单位（涉密存根）",
            SELF: "本级",
        }
        return titles.get(key, "已撤并的单位")

    def order(self, key: str) -> tuple[int, int]:
        fixed = {SELF: 0, ORGANS: 1, TOWNS: 3, FIRMS: 4, REST: 5}
        return (fixed.get(key, 2), int(key) if key.isdigit() else 0)


def _lines(ask: Ask) -> Lines:
    by_regions = ask.is_region and not ask.part
    children = Organ.objects.filter(parent=ask.organ)
    if by_regions:
        children = children.filter(kind=Organ.Kind.REGION)
    organs = {str(organ.pk): organ for organ in children}
    gone = {key for key, organ in organs.items() if organ.ends_on is not None and organ.ends_on < ask.start}
    return Lines(ask, organs, frozenset(organs) - gone if by_regions else frozenset())


def line_title(ask: Ask, key: str) -> str:
    """How a line of the table is called."""
    return _lines(ask).title(key)


def reachable(reader: Reader) -> QuerySet[Organ]:
    """Organs whose figures a reader may ask for: those in the own subtrees, and what was merged into them."""
    return reach(reader.paths(READERS))


def choices(reader: Reader) -> QuerySet[Organ]:
    """The regions among them, from the top."""
    return reachable(reader).filter(kind=Organ.Kind.REGION).order_by("path")
