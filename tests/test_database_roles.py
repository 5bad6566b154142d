"""The statements in docs/running.md are run as written: the application's role works, and cannot get round the journal's triggers."""

import os
import re
import secrets
import subprocess
import sys
from collections.abc import Iterator

import psycopg
import pytest
from django.conf import settings

from tests.support.shell import url_of
from tests.support.tree import ROOT
from youwei.voting.queries import KEPT

pytestmark = [pytest.mark.postgresql, pytest.mark.store, pytest.mark.slow]

SQL_BLOCK = re.compile(r"```sql\n(.*?)```", re.DOTALL)
WAYS_ROUND = [
    "ALTER TABLE journal_entry DISABLE TRIGGER ALL",
    "DROP TRIGGER journal_entry_no_update ON journal_entry",
    "TRUNCATE journal_entry CASCADE",
    "DELETE FROM journal_entry",
    "UPDATE journal_entry SET kind = 'other'",
    "UPDATE journal_entrycontent SET sealed = ''",
    "DROP TABLE journal_entrycontent",
    "SET session_replication_role = replica",
    "CREATE OR REPLACE FUNCTION journal_refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
]


class Office:
    """A database made by the book, under names of its own."""

    def __init__(self) -> None:
        self.name = f"youwei{secrets.token_hex(4)}"
        blocks = SQL_BLOCK.findall((ROOT / "docs" / "running.md").read_text(encoding="utf-8"))
        text = "\n".join(blocks).replace("…", "secret")
        self.statements = re.sub(r"\byouwei(?=_owner|_app|\b)", self.name, text)
        given = settings.DATABASES["default"]
        self.place = {"host": given["HOST"], "port": given["PORT"] or 5432}
        self.admin = {**self.place, "user": given["USER"], "password": given["PASSWORD"], "autocommit": True}

    def build(self) -> None:
        in_server, rest = self.statements.split(f"\\connect {self.name}\n")
        in_database, after_tables = rest.split("REVOKE UPDATE")
        with psycopg.connect(**self.admin, dbname="postgres") as server:
            for statement in in_server.split(";\n"):
                server.execute(statement)
        with psycopg.connect(**self.admin, dbname=self.name) as database:
            database.execute(in_database)
            self.make_tables()
            database.execute("REVOKE UPDATE" + after_tables)

    def make_tables(self) -> None:
        url = url_of(f"{self.name}_owner", "secret", self.name)
        command = [sys.executable, "-m", "django", "migrate", "--verbosity", "0", "--skip-checks"]
        subprocess.run(command, cwd=ROOT, env={**os.environ, "DATABASE_URL": url}, check=True)

    def enter(self) -> psycopg.Connection:
        return psycopg.connect(
            **self.place, user=f"{self.name}_app", password="secret", dbname=self.name, autocommit=True
        )

    def remove(self) -> None:
        with psycopg.connect(**self.admin, dbname="postgres") as server:
            server.execute(f"DROP DATABASE IF EXISTS {self.name}")
            for role in (f"{self.name}_app", f"{self.name}_owner"):
                server.execute(f"DROP ROLE IF EXISTS {role}")


@pytest.fixture(scope="module")
def application(django_db_setup: None) -> Iterator[psycopg.Connection]:
    office = Office()
    try:
        office.build()
        with office.enter() as entered:
            yield entered
    finally:
        office.remove()


@pytest.mark.req("I5", "I7")
@pytest.mark.parametrize("statement", WAYS_ROUND)
def test_the_application_cannot_get_round_the_journal(application: psycopg.Connection, statement: str) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        application.execute(statement)


@pytest.mark.parametrize("right", ["SELECT", "INSERT"])
def test_the_application_can_append_and_read(application: psycopg.Connection, right: str) -> None:
    row = application.execute("SELECT has_table_privilege('journal_entry', %s)", [right]).fetchone()
    assert row == (True,)


def test_the_application_has_all_rights_on_every_other_table(application: psycopg.Connection) -> None:
    missing = application.execute(
        "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
        " AND relname NOT IN ('journal_entry', 'journal_entrycontent')"
        " AND NOT (has_table_privilege(oid, 'SELECT') AND has_table_privilege(oid, 'INSERT')"
        " AND has_table_privilege(oid, 'UPDATE') AND has_table_privilege(oid, 'DELETE'))"
    ).fetchall()
    assert missing == []


@pytest.mark.req("J1")
def test_the_application_has_its_tables_looked_over_though_it_does_not_own_them(
    application: psycopg.Connection,
) -> None:
    application.execute("INSERT INTO django_session VALUES ('a', 'b', now())")
    application.execute("SELECT journal_look_over()")
    known = application.execute("SELECT reltuples FROM pg_class WHERE relname = 'django_session'").fetchone()
    assert known == (1,)


@pytest.mark.req("B2", "I5")
def test_the_application_may_write_the_tables_of_a_vote_anew_at_its_end(application: psycopg.Connection) -> None:
    for table in KEPT:
        with application.transaction(force_rollback=True):
            application.execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")
            application.execute(f"CREATE TEMPORARY TABLE now_{table} ON COMMIT DROP AS TABLE {table}")
            application.execute(f"TRUNCATE {table}")
            assert application.execute(f"INSERT INTO {table} SELECT * FROM now_{table}").rowcount == 0
