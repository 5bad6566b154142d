"""The store in tests: which tests touch it, and how it is emptied although the journal refuses deletion."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.core.management.commands import flush
from django.core.management.sql import sql_flush
from django.db import connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.operations import BaseDatabaseOperations
from django.db.backends.postgresql.creation import DatabaseCreation as PostgreSQLCreation

from youwei.journal import triggers
from youwei.journal.sealing import create_keys

DATABASE_FIXTURES = {"db", "transactional_db", "django_db_setup", "live_server"}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--store-only", action="store_true", help="only the tests that touch the store (for a second kind of store)"
    )


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark what the run on the other store repeats: what touches the store and is not told to run once."""
    for item in items:
        if touches_store(item):
            item.add_marker("store")
    on_postgresql = "postgresql" in settings.DATABASES["default"]["ENGINE"]
    left_out = [
        item
        for item in items
        if (config.getoption("--store-only") and not item.get_closest_marker("store"))
        or (item.get_closest_marker("postgresql") and not on_postgresql)
    ]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if item not in left_out]


def touches_store(item: pytest.Item) -> bool:
    if item.get_closest_marker("once"):
        return False
    if item.get_closest_marker("django_db") or item.get_closest_marker("store"):
        return True
    if DATABASE_FIXTURES & set(getattr(item, "fixturenames", ())):
        return True
    return bool(getattr(getattr(item, "cls", None), "databases", None))


@pytest.fixture(scope="session", autouse=True)
def sealing_keys() -> None:
    """A key ring of this run's own, in its scratch folder."""
    create_keys(settings.KEYS_FILE)


@pytest.fixture(scope="session", autouse=True)
def stores_can_be_emptied_and_dropped() -> Iterator[None]:
    """Tests with a live server empty the tables afterwards; the journal's triggers stand aside for just that.

    Django then writes its lists of models and permissions anew, ten times the work of emptying. Nothing in the program reads them.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(flush, "emit_post_migrate_signal", lambda *_, **__: None)
        patch.setattr(flush, "sql_flush", what_empties)
        patch.setattr(PostgreSQLCreation, "_destroy_test_db", drop_although_in_use)
        for kind in {type(connections[alias].ops) for alias in connections}:
            patch.setattr(kind, "execute_sql_flush", execute_sql_flush)
        yield


def what_empties(style: Any, store: BaseDatabaseWrapper, *, reset_sequences: bool, allow_cascade: bool) -> list[str]:
    """On PostgreSQL, of the tables in which something lies, each row: TRUNCATE gives every table new files, a hundred times the work."""
    if store.vendor != "postgresql" or reset_sequences:
        return sql_flush(style, store, reset_sequences=reset_sequences, allow_cascade=allow_cascade)
    tables = store.introspection.django_table_names(only_existing=True, include_views=False)
    asked = " UNION ALL ".join(
        f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM {store.ops.quote_name(name)})" for name in tables
    )
    with store.cursor() as cursor:
        cursor.execute(asked)
        return [f"DELETE FROM {store.ops.quote_name(name)}" for (name,) in cursor.fetchall()]


def execute_sql_flush(operations: BaseDatabaseOperations, sql_list: list[str]) -> None:
    """The triggers are made anew also when the journal is empty: a test may have taken them away."""
    triggers.remove(connection)
    try:
        BaseDatabaseOperations.execute_sql_flush(operations, sql_list)
    finally:
        triggers.install(connection)


def drop_although_in_use(creation: Any, test_database_name: str, verbosity: int) -> None:
    """A thread or a process that a test has ended may not have hung up yet; PostgreSQL would then keep the database."""
    with creation._nodb_cursor() as cursor:
        cursor.execute(f"DROP DATABASE {creation.connection.ops.quote_name(test_database_name)} WITH (FORCE)")
