"""Triggers that refuse to alter the journal, for SQLite and PostgreSQL, with the side doors closed.

SQLite fires no delete trigger for `INSERT OR REPLACE` unless recursive triggers are on, so inserts that would replace are refused too.
PostgreSQL's TRUNCATE has a trigger of its own. In production the application's role does not own these tables (docs/running.md).
"""

from django.db.backends.base.base import BaseDatabaseWrapper

TABLES = ("journal_entry", "journal_entrycontent")
MESSAGE = "记录只增不改"

_REPLACES = {
    "journal_entry": "EXISTS (SELECT 1 FROM journal_entry WHERE id = NEW.id)"
    " OR EXISTS (SELECT 1 FROM journal_entry WHERE log_id = NEW.log_id AND seq = NEW.seq)"
    " OR EXISTS (SELECT 1 FROM journal_entry WHERE NOT (token = '') AND token = NEW.token)",
    "journal_entrycontent": "EXISTS (SELECT 1 FROM journal_entrycontent WHERE entry_id = NEW.entry_id)",
}
"""What an insert would replace. Three questions, the token as its partial index has it: one with OR in it reads the whole table."""


def install(connection: BaseDatabaseWrapper) -> None:
    """Create the triggers on this connection's store."""
    statements = _postgresql() if connection.vendor == "postgresql" else _sqlite()
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def remove(connection: BaseDatabaseWrapper) -> None:
    """Drop the triggers: for taking the schema back, and for emptying a test store."""
    with connection.cursor() as cursor:
        for table in TABLES:
            for name in ("update", "delete", "replace", "truncate"):
                where = f" ON {table}" if connection.vendor == "postgresql" else ""
                if connection.vendor == "postgresql" or name != "truncate":
                    cursor.execute(f"DROP TRIGGER IF EXISTS {table}_no_{name}{where}")


def _sqlite() -> list[str]:
    refuse = f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
    create = "CREATE TRIGGER IF NOT EXISTS"
    return [
        statement
        for table in TABLES
        for statement in (
            f"{create} {table}_no_update BEFORE UPDATE ON {table} {refuse}",
            f"{create} {table}_no_delete BEFORE DELETE ON {table} {refuse}",
            f"{create} {table}_no_replace BEFORE INSERT ON {table} WHEN {_REPLACES[table]} {refuse}",
        )
    ]


def _postgresql() -> list[str]:
    refuse = f"RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'integrity_constraint_violation'"
    body = f"$$ BEGIN {refuse}; END $$"
    statements = [f"CREATE OR REPLACE FUNCTION journal_refuse() RETURNS trigger LANGUAGE plpgsql AS {body}"]
    for table in TABLES:
        for act in ("update", "delete", "truncate"):
            level = "STATEMENT" if act == "truncate" else "ROW"
            statements.append(
                f"CREATE OR REPLACE TRIGGER {table}_no_{act} BEFORE {act.upper()} ON {table} FOR EACH {level} EXECUTE FUNCTION journal_refuse()"
            )
    return statements
