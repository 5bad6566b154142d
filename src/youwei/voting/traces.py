"""What the stores themselves keep of the past: old versions of a box, one after the other, would tell who came when. They are wiped."""

from django.db import connection, transaction

from youwei.voting.queries import KEPT

PATIENCE = 300  # milliseconds to wait for readers; whoever votes next, or ends the vote, tries again
AT_THE_END = (
    3000  # the same on PostgreSQL, where whoever votes meanwhile waits too; the end of the next vote tries again
)


def wipe(*, ended: bool = False) -> None:
    """After a ballot: SQLite's write-ahead file, where every page lies as it was, is emptied. At the end PostgreSQL writes the tables anew.

    Inside a transaction (of a test) neither can be done. On PostgreSQL whoever may not truncate the tables wipes nothing, and the log says so.
    """
    if connection.in_atomic_block:
        return
    if connection.vendor == "postgresql":
        if ended:
            _write_anew()
    elif connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            before = cursor.execute("PRAGMA busy_timeout").fetchone()[0]
            cursor.execute(f"PRAGMA busy_timeout={PATIENCE}")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
            cursor.execute(f"PRAGMA busy_timeout={int(before)}")


@transaction.atomic
def _write_anew() -> None:
    """Into new files, with nothing but what stands now. VACUUM leaves the bytes of dead rows in their page, and VACUUM FULL the rows themselves
    while anybody on the server writes. A truncated table looks empty to an older snapshot, so whoever reads in one locks it first.
    """
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL lock_timeout = {AT_THE_END}")
        # first the votes, then their boxes, like whoever votes: neither waits for the other for ever
        cursor.execute("SELECT id FROM voting_vote ORDER BY id FOR KEY SHARE")
        cursor.execute(f"LOCK TABLE {', '.join(KEPT)} IN ACCESS EXCLUSIVE MODE")
        for table in KEPT:
            cursor.execute(f"CREATE TEMPORARY TABLE now_{table} ON COMMIT DROP AS TABLE {table}")
            cursor.execute(f"TRUNCATE {table}")
            cursor.execute(f"INSERT INTO {table} SELECT * FROM now_{table} ORDER BY 1")  # noqa: S608 – names of tables only
