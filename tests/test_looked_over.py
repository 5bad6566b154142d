"""After very many rows were written at once, PostgreSQL is told to look over its tables; SQLite needs nothing."""

from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.support.cast import Cast
from youwei.cases.tests.tables import several, upload, write
from youwei.decisions.models import Decision
from youwei.desk.safekeeping.backup import backup, restore

pytestmark = [pytest.mark.django_db, pytest.mark.store, pytest.mark.req("J1", "J5")]


def looks(asked: CaptureQueriesContext) -> int:
    return sum(query["sql"].startswith("SELECT journal_look_over()") for query in asked)


def expected() -> int:
    return 1 if connection.vendor == "postgresql" else 0


def test_a_ledger_taken_in_is_looked_over_once(cast: Cast) -> None:
    batch = upload(cast.commission, *several(7))
    with CaptureQueriesContext(connection) as asked:
        write(batch)
    assert looks(asked) == expected()
    if expected():
        with connection.cursor() as cursor:
            cursor.execute("SELECT reltuples FROM pg_class WHERE relname = %s", [Decision._meta.db_table])
            assert cursor.fetchone() == (7,)


@pytest.mark.django_db(transaction=True)  # the store must be empty
def test_a_restored_store_is_looked_over_once(tmp_path: Path) -> None:
    backup(tmp_path / "backup")
    with CaptureQueriesContext(connection) as asked:
        restore(tmp_path / "backup")
    assert looks(asked) == expected()
