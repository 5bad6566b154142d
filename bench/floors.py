"""Floors: the least that the same act costs on this machine, measured in the same run."""

import os
import statistics
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import python_calamine as calamine
from django.db import connection, transaction

Ask = tuple[str, Sequence[Any]]
"""A statement and its parameters."""


def timed(act: Callable[..., object], *given: Any, **named: Any) -> float:
    """Seconds of one call."""
    begun = time.perf_counter()
    act(*given, **named)
    return time.perf_counter() - begun


def median_of(act: Callable[[], object], times: int) -> float:
    """The median seconds of some calls."""
    return statistics.median(timed(act) for _ in range(times))


def thought(act: Callable[[], object], times: int) -> float:
    """The median processor seconds of some calls that wait for nothing: what else runs does not count."""

    def once() -> float:
        begun = time.thread_time()
        act()
        return time.thread_time() - begun

    return statistics.median(once() for _ in range(times))


def raw(*asks: Ask) -> int:
    """Ask by bare SQL and fetch everything; how many rows came."""
    rows = 0
    with connection.cursor() as cursor:
        for statement, parameters in asks:
            cursor.execute(statement, list(parameters))
            rows += len(cursor.fetchall())
    return rows


def written_and_synced(folder: Path, size: int, times: int = 100) -> float:
    """Median seconds to append so many bytes to a file and wait until the disk has them."""
    data, path = os.urandom(size), folder / "floor.bin"
    with path.open("ab", buffering=0) as file:

        def once() -> None:
            file.write(data)
            os.fsync(file.fileno())

        return median_of(once, times)


def rewritten(tables: Sequence[tuple[str, str, Sequence[Any]]]) -> float:
    """Seconds to write the same rows once more, each table into a bare one in one transaction. A condition on the rows stands with each table."""
    return sum(_rewritten(*table) for table in tables)


def _rewritten(table: str, where: str, parameters: Sequence[Any]) -> float:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table} WHERE {where}", list(parameters))
        places = ", ".join(["%s"] * len(cursor.description))
        rows = cursor.fetchall()
        cursor.execute(f"CREATE TABLE floor_{table} AS SELECT * FROM {table} WHERE 1 = 0")
    begun = time.perf_counter()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.executemany(f"INSERT INTO floor_{table} VALUES ({places})", rows)
    spent = time.perf_counter() - begun
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE floor_{table}")
    return spent


def sheet_read(path: Path) -> float:
    """Seconds to read all cells of a workbook."""
    return timed(lambda: calamine.CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python())


def entry_bytes() -> int:
    """How much of the log one entry is, header and sealed content together, on average."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT AVG(LENGTH(sealed)) FROM journal_entrycontent")
        content = cursor.fetchone()[0] or 0
        cursor.execute(
            'SELECT AVG(LENGTH(kind) + LENGTH("by") + LENGTH(step) + LENGTH(digest) + LENGTH(prev) + LENGTH(content_digest) + 40)'
            " FROM journal_entry"
        )
        header = cursor.fetchone()[0] or 0
    return int(content) + int(header)
