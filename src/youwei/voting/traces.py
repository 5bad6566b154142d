"""What the stores themselves keep of the past: old versions of a box, one after the other, would tell who came when. They are wiped."""

from django.db import connection

PATIENCE = 300  # milliseconds to wait for readers; whoever votes next, or ends the vote, tries again
KEPT = ("voting_box", "voting_code", "voting_reading")


def wipe(*, ended: bool = False) -> None:
    """After a ballot: SQLite's write-ahead file, where every page lies as it was, is emptied. At the end PostgreSQL drops dead versions too.

    Inside a transaction (of a test) neither can be done. On PostgreSQL only the owner of the tables may; without it this waits for the autovacuum.
    """
    if connection.in_atomic_block:
        return
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql" and ended:
            cursor.execute(f"VACUUM {', '.join(KEPT)}")
        elif connection.vendor == "sqlite":
            before = cursor.execute("PRAGMA busy_timeout").fetchone()[0]
            cursor.execute(f"PRAGMA busy_timeout={PATIENCE}")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
            cursor.execute(f"PRAGMA busy_timeout={int(before)}")
