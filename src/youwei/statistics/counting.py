"""Counting: all counts over one source in one statement, for the whole or line by line."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Case as Switch
from django.db.models import Count as CountOf
from django.db.models import F, IntegerField, Max, QuerySet, Value, When
from django.db.models.functions import Cast, Coalesce

from youwei.decisions.models import Measure
from youwei.engine.excuses import NOT_DONE_GROUNDS
from youwei.organs.models import Organ
from youwei.statistics.asks import FIRMS, ORGANS, REST, TOWNS, WHOLE, Ask, DayNumber
from youwei.statistics.measures import (
    COUNTS,
    MADE_OF,
    RATES,
    ground_count,
    kind_order,
    measure_count,
    procedure_count,
    region_count,
    seat_count,
    year_count,
)
from youwei.statistics.shapes import HEAVY, LIGHT, Count, Rate, Source
from youwei.statistics.visiting import count_visits

PERSON_FIELD = {
    Source.DECISIONS: "person",
    Source.DATELESS: "person",
    Source.CASES: "person",
    Source.VISITS: "case__person",
    Source.NOT_DONE: "case__person",
    Source.ITEMS: "case__person",
    Source.MISSING: "case__person",
    Source.EXEMPTED: "case__person",
}
PREFIX = {
    Source.DECISIONS: "", Source.DATELESS: "", Source.CASES: "decision__", Source.VISITS: "case__decision__",
    Source.NOT_DONE: "case__decision__", Source.ITEMS: "case__decision__", Source.MISSING: "case__decision__",
    Source.EXEMPTED: "case__decision__",
}  # fmt: skip
COUNTED_IN_ROWS = (
    Source.DECISIONS, Source.DATELESS, Source.NOT_DONE, Source.ITEMS, Source.MISSING, Source.EXEMPTED
)  # fmt: skip
"""Sources whose counts are taken row by row; visits are counted person by person, in one pass."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One number with what it is made of. A rate without a denominator has no value."""

    id: str
    title: str
    unit: str
    value: float | None
    numerator: int
    denominator: int | None


def rows_of(ask: Ask, source: Source) -> QuerySet[Any]:
    """The rows that counts over `source` count."""
    asked: dict[Source, Callable[[], QuerySet[Any]]] = {
        Source.DECISIONS: ask.decisions, Source.DATELESS: ask.dateless, Source.CASES: ask.cases, Source.VISITS: ask.visits,
        Source.NOT_DONE: ask.not_done, Source.ITEMS: ask.items, Source.MISSING: ask.missing_items, Source.EXEMPTED: ask.exempted,
    }  # fmt: skip
    return asked[source]()


def totals(ask: Ask, counts: Iterable[Count]) -> dict[str, int]:
    """The counts of the whole; one statement for each source, one for what depends on all decisions of a person, two for visits."""
    wanted = _parts(counts)
    found: dict[str, int] = {}
    for source in COUNTED_IN_ROWS:
        some = [count for count in wanted if count.source == source and not count.profile]
        if some:
            line = rows_of(ask, source).aggregate(**_aggregates(ask, some))
            found |= {count.id: line[f"n{place}"] for place, count in enumerate(some)}
    return _made(found | _by_person(ask, wanted)[WHOLE])


def by_line(ask: Ask, counts: Sequence[Count]) -> dict[str, dict[str, int]]:
    """The counts of each line of the table by its key, and those of the whole under the empty key."""
    wanted = _parts(counts)
    rows = [count for count in wanted if count.source in COUNTED_IN_ROWS and not count.profile]
    found = {WHOLE: totals(ask, [count for count in rows if count.by_person])}
    for source in COUNTED_IN_ROWS:
        some = [count for count in rows if count.source == source]
        if not some:
            continue
        base = ask.by_row(rows_of(ask, source), PREFIX[source])
        for line in base.order_by().values("row").annotate(**_aggregates(ask, some)):
            numbers = {count.id: line[f"n{at}"] for at, count in enumerate(some)}
            found.setdefault(line["row"], {}).update(numbers)
            for count in some:
                if not count.by_person:  # persons may stand in several lines; everything else adds up
                    found[WHOLE][count.id] = found[WHOLE].get(count.id, 0) + numbers[count.id]
    for key, numbers in _by_person(ask, wanted, lines=True).items():
        found.setdefault(key, {}).update(numbers)
    return {key: _made(numbers) for key, numbers in found.items()}


def _parts(counts: Iterable[Count]) -> list[Count]:
    """The counts to be counted, with those that others are made of, each once."""
    keys = [key for count in counts for key in MADE_OF.get(count.id, (count.id,))]
    return [COUNTS[key] for key in dict.fromkeys(keys)]


def _made(found: dict[str, int]) -> dict[str, int]:
    for key, parts in MADE_OF.items():
        if parts.keys() <= found.keys():
            found[key] = sum(sign * found[part] for part, sign in parts.items())
    return found


def _by_person(ask: Ask, counts: Iterable[Count], *, lines: bool = False) -> dict[str, dict[str, int]]:
    """What is counted person by person: the heaviest of their decisions, and their visits."""
    profiled = [count for count in counts if count.profile]
    visited = any(count.source in (Source.CASES, Source.VISITS) for count in counts)
    found = _profiles(ask, profiled, lines=lines) if profiled else {WHOLE: {}}
    for key, numbers in (count_visits(ask, lines=lines) if visited else {}).items():
        found.setdefault(key, {}).update(numbers)
    return found


def standing(counted: Mapping[str, int]) -> dict[str, Figure]:
    """Counts and the rates that follow from them."""
    found = {
        key: Figure(key, COUNTS[key].title, COUNTS[key].unit, counted[key], counted[key], counted.get(COUNTS[key].of))
        for key in COUNTS
        if key in counted
    }
    for rate in RATES.values():
        if rate.numerator in counted and rate.denominator in counted:
            found[rate.id] = _rate(rate, counted[rate.numerator], counted[rate.denominator])
    return found


def needed(columns: Iterable[str]) -> list[Count]:
    """The counts that columns are made of."""
    wanted: dict[str, None] = {}
    for column in columns:
        if column in RATES:
            wanted |= dict.fromkeys((RATES[column].numerator, RATES[column].denominator))
        elif column in COUNTS:
            wanted[column] = None
    return [COUNTS[key] for key in wanted]


def _aggregates(ask: Ask, counts: Iterable[Count]) -> dict[str, CountOf]:
    return {
        f"n{place}": CountOf(
            PERSON_FIELD[count.source] if count.by_person else "pk", filter=count.where(ask), distinct=count.by_person
        )
        for place, count in enumerate(counts)
    }


def _rate(rate: Rate, numerator: int, denominator: int) -> Figure:
    value = round(100 * numerator / denominator, 1) if denominator else None
    return Figure(rate.id, rate.title, rate.unit, value, numerator, denominator)


def _profiles(ask: Ask, counts: Sequence[Count], *, lines: bool = False) -> dict[str, dict[str, int]]:
    """Persons by the heaviest form and weight of their decisions, in each line and in the whole."""
    base: QuerySet[Any] = ask.decisions().filter(person__isnull=False).order_by()
    kept = _persons_by_profile(base.annotate(row=Value(WHOLE)))
    if lines:
        kept |= _persons_by_profile(ask.by_row(base))
    found: dict[str, dict[str, int]] = {
        row: {count.id: 0 for count in counts} for row in {WHOLE} | {key[0] for key in kept}
    }
    for (row, top, load), number in kept.items():
        for count in counts:
            if count.profile is not None and count.profile(top, load):
                found[row][count.id] += number
    return found


def _persons_by_profile(rows: "QuerySet[Any]") -> dict[tuple[str, int, int], int]:
    """How many persons have each heaviest form and weight, by line; counted by the store, which need not hand over a row for each person."""
    weighed = Switch(
        When(weight="重", then=HEAVY), When(weight="轻", then=LIGHT), default=0, output_field=IntegerField()
    )
    each = rows.values("row", "person").annotate(top=Max(Coalesce("form", 0)), load=Max(weighed))
    statement, given = each.values("row", "top", "load").query.sql_with_params()
    with connection.cursor() as cursor:
        counted = f'SELECT "row", "top", "load", COUNT(*) FROM ({statement}) each GROUP BY 1, 2, 3'  # noqa: S608 – Django spelt it
        cursor.execute(counted, given)
        return {(row, top, load): number for row, top, load, number in cursor.fetchall()}


def by_measure(ask: Ask) -> list[tuple[Count, int]]:
    """Decisions by kind of measure, and by wording."""
    base = Measure.objects.filter(decision__in=ask.decisions().values("pk")).order_by()
    labels: dict[str, list[tuple[str, int]]] = {}
    for line in base.values("kind", "label").annotate(n=CountOf("decision", distinct=True)):
        labels.setdefault(line["kind"], []).append((line["label"], line["n"]))
    twice = base.filter(kind__in=[kind for kind, worded in labels.items() if len(worded) > 1])
    kinds = {kind: sum(number for _, number in worded) for kind, worded in labels.items()}
    kinds |= dict(twice.values("kind").annotate(n=CountOf("decision", distinct=True)).values_list("kind", "n"))
    found: list[tuple[Count, int]] = []
    for kind in sorted(kinds, key=kind_order):
        found.append((measure_count(kind), kinds[kind]))
        found += [(measure_count(kind, label), number) for label, number in sorted(labels[kind])]
    return found


def by_ground_and_procedure(ask: Ask) -> list[tuple[Count, int]]:
    """What was said not to be done, by ground in the order of the list, and by procedure."""
    grounds: Counter[str] = Counter()
    procedures: Counter[str] = Counter()
    rows = ask.not_done().order_by().values("ground", "case__procedure").annotate(n=CountOf("pk"))
    for line in rows:
        grounds[line["ground"]] += line["n"]
        procedures[line["case__procedure"]] += line["n"]
    told = [(ground_count(ground), grounds[ground]) for ground in NOT_DONE_GROUNDS if grounds[ground]]
    return [*told, *((procedure_count(each), procedures[each]) for each in sorted(procedures))]


def by_region_and_year(ask: Ask) -> list[tuple[Count, int]]:
    """Decisions by region directly below, those counted at the region itself under its own name, and by year."""
    base: QuerySet[Any] = ask.decisions().order_by()
    base = ask.by_row(base) if ask.is_region else base.annotate(row=Value(WHOLE))
    year = Cast(DayNumber(F("made_on")) / 10_000, IntegerField())
    rows: Counter[str] = Counter()
    years: Counter[int] = Counter()
    for line in base.annotate(year=year).values("row", "year").annotate(n=CountOf("pk")):
        rows[line["row"]] += line["n"]
        years[line["year"]] += line["n"]
    found: list[tuple[Count, int]] = []
    if ask.is_region:
        below = Organ.objects.filter(parent=ask.organ, kind=Organ.Kind.REGION).order_by("pk")
        found = [(region_count(organ.name, str(organ.pk)), rows[str(organ.pk)]) for organ in below]
        own = sum(rows[part] for part in (ORGANS, TOWNS, FIRMS, REST))
        found.append((seat_count(ask.organ.name, ask.organ.pk), own))
    return [*found, *((year_count(one), years[one]) for one in sorted(years))]
