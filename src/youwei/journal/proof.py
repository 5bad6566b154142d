"""Comparing today's rows with what the logs say of them: what was altered, taken away or put in by hand.

Each room that keeps rows beside the logs re-derives them in its shelf `proof`, from the records that `queries.verify` hands it, and
compares them here. Values are never told, only which row, which column, and by whom it was last recorded: whoever verifies reads no cases.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from django.db.models import Model, QuerySet
from django.utils import timezone

from youwei.journal.models import Log
from youwei.journal.queries import Finding, Place, Record
from youwei.ui.words import cn_date

CHUNK = 500


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """A table that is compared: its name for people, the columns compared with theirs, and how a column is read that does not lie open."""

    model: type[Model]
    title: str
    columns: Mapping[str, str]
    read: Mapping[str, Callable[[Any], Any]] = field(default_factory=dict)

    def value(self, row: Model, column: str) -> Any:
        """What a row says in a column, in the spelling of the logs."""
        return plain(self.read[column](row) if column in self.read else getattr(row, column))


@dataclass(slots=True)
class Told:
    """What the logs say of one row, and for each of its columns the entry that said it last."""

    place: Place
    key: Hashable
    columns: dict[str, tuple[Any, Record]] = field(default_factory=dict)

    def say(self, record: Record, **values: Any) -> None:
        self.columns |= {name: (plain(value), record) for name, value in values.items()}

    def value(self, column: str) -> Any:
        return self.columns[column][0] if column in self.columns else None

    @property
    def last(self) -> Record:
        """The entry that told something of the row last."""
        return max((record for _, record in self.columns.values()), key=lambda record: record.id)


def plain(value: Any) -> Any:
    """A value in the one spelling in which row and log are compared."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, str) else value


def compare(table: Table, stored: Iterable[tuple[Hashable, Model]], told: Iterable[Told]) -> Iterator[Finding]:
    """Every difference between the rows, each with the key the logs know it by, and what the logs say of them."""
    waiting: dict[Hashable, list[Told]] = {}
    for each in told:
        waiting.setdefault(each.key, []).append(each)
    for key, row in stored:
        if waiting.get(key):
            yield from _differences(table, row, waiting[key].pop(0))
        else:
            yield stray(table, row)
    for missing in (each for rest in waiting.values() for each in rest):
        what = f"{table.title}少了一行，被删除或改成了另一行{_last(missing.last)}"
        yield _finding(table, missing, missing.last, what)


def _differences(table: Table, row: Model, told: Told) -> Iterator[Finding]:
    for column, (value, record) in told.columns.items():
        if not same(table, row, column, value):
            what = f"{table.title}{row.pk}的“{table.columns[column]}”与记录不符，被改动过{_last(record)}"
            yield _finding(table, told, record, what, row=row.pk, column=column)


def same(table: Table, row: Model, column: str, value: Any) -> bool:
    try:
        return bool(table.value(row, column) == value)
    except (ValueError, TypeError):  # a seal that is broken, a value of another kind
        return False


def stray(table: Table, row: Model) -> Finding:
    """A row no log knows."""
    what = f"{table.title}{row.pk}没有登记过：是另外加进去的，或者从别处改来的"
    return Finding("", 0, 0, what, table=table.model._meta.db_table, row=row.pk)


def strays(table: Table, column: str, kind: str, among: QuerySet[Any] | None = None) -> Iterator[Finding]:
    """Rows whose `column` names a thing that has no log of that kind."""
    rows = among if among is not None else table.model._base_manager.all()
    logs = Log.objects.filter(kind=kind).values("ref")
    for row in readable(table, rows.exclude(**{f"{column}__in": logs}).exclude(**{column: None}))[0]:
        yield stray(table, row)


def readable(table: Table, rows: QuerySet[Any]) -> tuple[list[Any], list[Finding]]:
    """The rows, and a finding for each that cannot be read at all."""
    try:
        return list(rows), []
    except (ValueError, TypeError, OverflowError):
        found, broken = [], []
        for pk in rows.order_by("pk").values_list("pk", flat=True):
            try:
                found.append(rows.get(pk=pk))
            except (ValueError, TypeError, OverflowError):
                what = f"{table.title}{pk}读不出来：内容被改动过"
                broken.append(Finding("", 0, 0, what, table=table.model._meta.db_table, row=pk))
        return found, broken


def _finding(table: Table, told: Told, record: Record, what: str, **more: Any) -> Finding:
    return Finding(*told.place, record.seq, what, table=table.model._meta.db_table, by=record.by, at=record.at, **more)


def _last(record: Record) -> str:
    return f"（最后由{record.by}于{cn_date(timezone.localdate(record.at))}登记）"
