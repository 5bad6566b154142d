"""Questions about uploads and their checked rows."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, QuerySet

from youwei.intake.columns import Column
from youwei.intake.dates import day_of
from youwei.intake.faults import REASONS, Fault, Refused
from youwei.intake.kept import Kept, read_kept
from youwei.intake.lawbook import current_book
from youwei.intake.matching import Candidate, Change, Match, Matcher
from youwei.intake.measures import Book
from youwei.intake.models import ColumnMemory, Import, StagedRow
from youwei.intake.parse import DATA, STUB, Row
from youwei.intake.places import Gazetteer
from youwei.intake.places import region_of as region_in
from youwei.intake.reading import Rules
from youwei.intake.refused import refused_xlsx
from youwei.journal.sealing import unseal
from youwei.organs.models import Organ
from youwei.organs.queries import city_of, region_of, regions_above, scope

ROW_PLACE, KEPT_PLACE = "intake.row", "intake.kept"
CHUNK = 500
#: What other rooms take from intake besides the questions below.
__all__ = [
    "DATA", "REASONS", "STUB", "Candidate", "Change", "Column", "Fault", "Match", "Matcher", "Opened", "Refused", "Row", "RowPage",
    "chunks", "columns_of", "count_outcomes", "count_reasons", "day_of", "imports_of", "kept_of", "line_reached", "opened", "refused_workbook",
    "region_in", "remembered", "row_page", "rules_for", "staged_rows",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Opened:
    """A staged row with its content: the row as checked, and what an update would change."""

    staged: StagedRow
    row: Row
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True)
class RowPage:
    """One page of staged rows."""

    rows: tuple[Opened, ...]
    total: int
    number: int
    pages: int


def opened(staged: StagedRow) -> Opened:
    """A staged row unsealed."""
    held = json.loads(unseal(bytes(staged.payload), place=ROW_PLACE))
    return Opened(staged, Row.from_json(held["row"]), tuple(Change(**each) for each in held["changes"]))


def staged_rows(batch: Import, *, outcome: str = "", code: str = "", warned: bool = False) -> QuerySet[StagedRow]:
    """Rows of an upload in sheet order, by outcome, by reason of refusal, or those with warnings."""
    rows = StagedRow.objects.filter(batch=batch).order_by("number")
    if outcome:
        rows = rows.filter(outcome=outcome)
    if code:
        rows = rows.filter(codes__contains=f"|{code}|")
    return rows.filter(warned=True) if warned else rows


def row_page(
    batch: Import, *, outcome: str = "", code: str = "", warned: bool = False, page: int = 1, size: int = 50
) -> RowPage:
    """One page of rows, opened. A page beyond the last is the last."""
    rows = staged_rows(batch, outcome=outcome, code=code, warned=warned)
    total = rows.count()
    pages = max(1, -(-total // size))
    page = min(max(page, 1), pages)
    return RowPage(tuple(opened(each) for each in rows[(page - 1) * size : page * size]), total, page, pages)


def chunks(batch: Import, outcomes: Iterable[str], *, after: int = 0, size: int = CHUNK) -> Iterator[list[Opened]]:
    """Rows to be written, in sheet order after a line number, some hundreds at a time."""
    wanted = list(outcomes)
    while True:
        found = list(
            StagedRow.objects.filter(batch=batch, outcome__in=wanted, number__gt=after).order_by("number")[:size]
        )
        if not found:
            return
        yield [opened(each) for each in found]
        after = found[-1].number


def line_reached(batch: Import, outcomes: Iterable[str]) -> int:
    """The line of the last row written, of those to be written; 0 before the first."""
    if not batch.done_rows:
        return 0
    lines = StagedRow.objects.filter(batch=batch, outcome__in=list(outcomes)).order_by("number")
    return int(lines.values_list("number", flat=True)[batch.done_rows - 1])


def count_outcomes(batch: Import) -> dict[str, int]:
    """How many rows have each outcome; every outcome is named."""
    counted = dict(StagedRow.objects.filter(batch=batch).values_list("outcome").annotate(n=Count("id")))
    return {value: counted.get(value, 0) for value in StagedRow.Outcome.values}


def count_reasons(batch: Import) -> dict[str, int]:
    """How many refused rows have each reason, in the order of the filter chips; reasons without rows are left out."""
    counted: Counter[str] = Counter()
    for codes in StagedRow.objects.filter(batch=batch, outcome="refused").values_list("codes", flat=True):
        counted.update(each for each in codes.split("|") if each)
    return {code: counted[code] for code in (*REASONS, *sorted(set(counted) - set(REASONS))) if counted[code]}


def columns_of(batch: Import) -> tuple[Column, ...]:
    """The columns as matched."""
    return tuple(Column(**each) for each in batch.mapping)


def kept_of(batch: Import) -> Kept:
    """The cleaned upload."""
    return read_kept(unseal(bytes(batch.kept), place=KEPT_PLACE))


def refused_workbook(batch: Import) -> bytes:
    """The refused rows as a workbook of the same columns with reasons and remedies."""
    headers = [each.header for each in columns_of(batch)]
    rows = (each.row for chunk in chunks(batch, ["refused"]) for each in chunk)
    return refused_xlsx(headers, rows)


def remembered(organ: Organ) -> dict[str, str]:
    """Headers whose meaning the organ has confirmed."""
    return dict(ColumnMemory.objects.filter(organ=organ).values_list("header", "field"))


def imports_of(organs: Sequence[Organ] | QuerySet[Organ]) -> QuerySet[Import]:
    """Uploads of organs, newest first, without their content."""
    return Import.objects.filter(organ__in=organs).defer("kept").order_by("-created_at", "-id")


def rules_for(organ: Organ, *, mode: str, on: date, book: Book | None = None) -> Rules:
    """What the checks need: the law's names, the day, the mode, the organs within reach of this one, and the regions of its city."""
    standing = Organ.objects.filter(ends_on=None)
    within = standing.filter(path__startswith=scope(organ)).exclude(kind=Organ.Kind.REGION)
    own = region_of(organ)
    city = city_of(own, regions_above(own))
    regions = standing.filter(path__startswith=city.path, kind=Organ.Kind.REGION)
    places = Gazetteer.of(within.values_list("name", flat=True), regions.values_list("name", flat=True))
    return Rules(book or current_book(), on, mode == Import.Mode.HISTORY, places)
