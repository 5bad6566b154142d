"""The stores under test are like the product's: the journal refuses alteration, and yet every test begins with an empty store."""

from datetime import UTC, date, datetime

import pytest
from django.conf import settings
from django.db import DatabaseError, connection, transaction

from youwei.journal.actors import Actor
from youwei.journal.commands import Act, append
from youwei.journal.models import Entry

ENTRIES = 1


def record() -> Entry:
    by, at = Actor("命令行", None), datetime(2024, 3, 15, 9, 0, tzinfo=UTC)
    return append(Act("case", 99, "opened", {}, by, date(2024, 3, 15), at))


@pytest.mark.parametrize("turn", ["first", "second"])
@pytest.mark.django_db(transaction=True)
def test_a_test_with_real_transactions_finds_the_journal_empty_and_guarded(turn: str) -> None:
    assert Entry.objects.count() == 0
    entry = record()
    for change in (entry.delete, lambda: Entry.objects.filter(pk=entry.pk).update(by="别人")):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    assert Entry.objects.count() == ENTRIES


@pytest.mark.django_db
def test_the_store_is_the_one_that_was_asked_for() -> None:
    wanted = "postgresql" if "postgresql" in settings.DATABASES["default"]["ENGINE"] else "sqlite"
    assert connection.vendor == wanted


@pytest.mark.django_db
def test_postgresql_compiles_no_statement_before_it_runs_it() -> None:
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute("SHOW jit")
        assert cursor.fetchone() == ("off",)


@pytest.mark.django_db(transaction=True)
def test_sqlite_runs_as_in_the_product_but_for_waiting_for_the_disk() -> None:
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA journal_mode")
        assert cursor.fetchone() == ("wal",)
    assert settings.DATABASES["default"]["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
