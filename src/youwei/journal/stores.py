"""Very many rows at once: one statement spelt out once for all of them, and PostgreSQL told of them afterwards."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any, TypeAlias, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Field, ForeignKey, JSONField, Model

M = TypeVar("M", bound=Model)
Column: TypeAlias = "Field[Any, Any]"
PLAIN = frozenset({str, int, bool, bytes, type(None)})
"""Types that both stores take as they are, in any column but one of JSON."""

LOOK_OVER = """
CREATE OR REPLACE FUNCTION journal_look_over() RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE found record;
BEGIN
    FOR found IN SELECT schemaname, tablename FROM pg_tables
        WHERE tableowner = current_user AND schemaname NOT IN ('pg_catalog', 'information_schema') LOOP
        EXECUTE format('ANALYZE %I.%I', found.schemaname, found.tablename);
    END LOOP;
END $$
"""
"""Only the owner of a table may have it analysed, and the application does not own them (docs/running.md): it may ask for this and no more."""


def install(store: BaseDatabaseWrapper) -> None:
    """Put the function into a store on PostgreSQL."""
    if store.vendor == "postgresql":
        with store.cursor() as cursor:
            cursor.execute(LOOK_OVER)


def remove(store: BaseDatabaseWrapper) -> None:
    """Take it out again."""
    if store.vendor == "postgresql":
        with store.cursor() as cursor:
            cursor.execute("DROP FUNCTION IF EXISTS journal_look_over()")


def for_each(statement: str, rows: Iterable[tuple[Any, ...]]) -> None:
    """Send one statement for each of these rows of plain values: a model for each takes ten times as long."""
    with connection.cursor() as cursor:
        cursor.executemany(statement, list(rows))


def store(rows: Sequence[M]) -> Sequence[M]:
    """Write new rows of one model and give each its key: what `bulk_create` does, in a third of its time.

    The keys are taken first: from the sequence on PostgreSQL, on SQLite after the last one given, for there this transaction is the only writer.
    """
    if not rows:
        return rows
    with transaction.atomic(savepoint=False):
        for row, key in zip(rows, _new_keys(type(rows[0]), len(rows)), strict=True):
            row.pk = key
        _insert(rows, keyed=True)
    return rows


def lay_down(rows: Sequence[Model]) -> None:
    """Write new rows of one model whose keys nobody asks for."""
    if rows:
        _insert(rows, keyed=False)


def rewrite(rows: Sequence[Model], names: Sequence[str]) -> None:
    """Write these columns of rows of one model as they stand in memory: what `bulk_update` does, without a CASE for every row.

    A key is named with or without its `_id`. KeyError for a name that is no column.
    """
    if not rows:
        return
    about = rows[0]._meta
    known = {name: field for field in about.concrete_fields for name in (field.name, field.attname)}
    fields = [known[name] for name in names]
    told = ", ".join(f'"{field.column}" = %s' for field in fields)
    values = [(*found, row.pk) for row, found in zip(rows, _values(rows, fields), strict=True)]
    for_each(f'UPDATE "{about.db_table}" SET {told} WHERE "{_key(about)}" = %s', values)  # noqa: S608 – names of columns only


def _insert(rows: Sequence[Model], *, keyed: bool) -> None:
    statement, fields = _spelt(type(rows[0]), keyed)
    for_each(statement, _values(rows, fields))
    for row in rows:
        row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS


@lru_cache(maxsize=64)
def _spelt(model: type[Model], keyed: bool) -> tuple[str, Sequence[Column]]:
    """The statement that writes one row of a model, and the columns in its order."""
    fields = [field for field in model._meta.concrete_fields if keyed or not field.primary_key]
    columns = ", ".join(f'"{field.column}"' for field in fields)
    return f'INSERT INTO "{model._meta.db_table}" ({columns}) VALUES ({", ".join(["%s"] * len(fields))})', fields  # noqa: S608 – names of columns only


def _values(rows: Sequence[Model], fields: Sequence[Column]) -> list[tuple[Any, ...]]:
    """What the rows say in these columns, as the store takes it."""
    backend = connections[DEFAULT_DB_ALIAS]
    ways = [(field, field.attname, isinstance(field, JSONField)) for field in fields]
    found = []
    for row in rows:
        values = []
        for field, name, nested in ways:
            value = getattr(row, name)
            if value is None and isinstance(field, ForeignKey) and field.is_cached(row):
                value = getattr(getattr(row, field.name), "pk", None)  # stored since it was set here
                setattr(row, name, value)
            if nested or type(value) not in PLAIN:
                value = field.get_db_prep_save(value, backend)
            values.append(value)
        found.append(tuple(values))
    return found


def _key(about: Any) -> str:
    """The column of a model's key."""
    return str(about.pk.column)


def _new_keys(model: type[Model], count: int) -> Iterable[int]:
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            sequence = "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)"
            cursor.execute(sequence, [f'"{table}"', _key(model._meta), count])
            return [found for (found,) in cursor.fetchall()]
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        last = (cursor.fetchone() or (0,))[0]
    return range(last + 1, last + count + 1)


def unmap() -> None:
    """From here on read the file of a SQLite store page by page: very many new rows touch pages all over it, and mapped they would all be held."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA mmap_size=0")


def look_over() -> None:
    """Have PostgreSQL look over its tables after very many rows were written at once.

    Its autovacuum does so too, a minute or two later; until then it plans for the tables as they were, and figures take ten times as long.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT journal_look_over()")
