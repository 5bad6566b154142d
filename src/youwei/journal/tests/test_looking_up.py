"""An entry is added and a token looked up by index, however long the journal has grown."""

import re
from datetime import UTC, date, datetime
from importlib import import_module

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from youwei.journal import triggers
from youwei.journal.actors import SHELL
from youwei.journal.commands import Act, append_many
from youwei.journal.queries import of_token, verify

pytestmark = [pytest.mark.django_db, pytest.mark.store]
DAY, MOMENT = date(2026, 9, 29), datetime(2026, 9, 29, 1, 30, tzinfo=UTC)
ROWS = {"id": "-1", "log_id": "1", "seq": "1", "token": "'t'", "entry_id": "1"}
"""What is inserted, as the trigger sees it: a new row has no number yet."""
ON_SQLITE = "SELECT sql FROM sqlite_master WHERE type = 'trigger' AND name = %s"


def plan_of(statement: str, params: tuple[object, ...] = ()) -> list[str]:
    """How the store would find the rows. PostgreSQL would read a small table whole; not here."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")
        explain = "EXPLAIN" if connection.vendor == "postgresql" else "EXPLAIN QUERY PLAN"
        cursor.execute(f"{explain} {statement}", params)
        return [str(row[-1]) for row in cursor.fetchall()]


def guard_of(table: str) -> str:
    """The condition of the trigger as it stands in the store, for one row."""
    with connection.cursor() as cursor:
        cursor.execute(ON_SQLITE, [f"{table}_no_replace"])
        (text,) = cursor.fetchone()
    condition = text[text.index(" WHEN ") + 6 : text.index(" BEGIN ")]
    return re.sub(r"NEW\.(\w+)", lambda name: ROWS[name[1]], condition)


def scans(plan: list[str]) -> list[str]:
    return [line for line in plan if re.search(r"\bSCAN journal|Seq Scan", line)]


@pytest.mark.parametrize("table", triggers.TABLES)
def test_an_insert_is_held_against_the_journal_by_index_alone(table: str) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL has no INSERT OR REPLACE and no such trigger")
    plan = plan_of(f"SELECT {guard_of(table)}")
    assert any("SEARCH journal" in line for line in plan)
    assert scans(plan) == [], plan


def test_the_guards_of_an_older_store_are_made_anew() -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL has no INSERT OR REPLACE and no such trigger")
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER journal_entry_no_replace")
        cursor.execute(
            "CREATE TRIGGER journal_entry_no_replace BEFORE INSERT ON journal_entry WHEN EXISTS (SELECT 1 FROM journal_entry"
            " WHERE id = NEW.id OR (NEW.token <> '' AND token = NEW.token)) BEGIN SELECT RAISE(ABORT, 'old'); END"
        )
    assert scans(plan_of(f"SELECT {guard_of('journal_entry')}")), "what this is about"
    migration = import_module("youwei.journal.migrations.0004_triggers_look_up_by_index")
    migration.forwards(None, connection.schema_editor())
    assert scans(plan_of(f"SELECT {guard_of('journal_entry')}")) == []


def test_a_token_is_looked_up_by_its_index() -> None:
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert of_token("never used") is None
    (statement,) = (query["sql"] for query in asked)
    plan = plan_of(statement)
    assert any("one_entry_a_token" in line for line in plan), plan
    assert scans(plan) == []


@pytest.mark.parametrize("count", [3, 40])
def test_many_acts_take_as_many_statements_as_a_few(count: int) -> None:
    """Logs are found, begun and found again; then keys for the entries, entries, contents, heads."""
    acts = [Act("person", ref, "noted", {"text": "谈话"}, SHELL, DAY, MOMENT) for ref in range(1, count + 1)]
    with CaptureQueriesContext(connection) as asked:
        append_many(acts)
    first = [query["sql"] for query in asked if "journal_" in query["sql"]]
    assert len(first) == 7, first
    with CaptureQueriesContext(connection) as asked:
        append_many(acts)
    again = [query["sql"] for query in asked if "journal_" in query["sql"]]
    assert len(again) == 5, "the logs are there: only found, not begun"
    assert verify() == []
