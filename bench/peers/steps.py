"""The race: eight steps of one procedure, which every runner carries a case through. Needs nothing but Python."""

import json
import sqlite3
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

NOTE = "情况属实，手续齐全，按规定办理，并告知本人及所在单位。有关材料已归入卷宗，后续按期回访。"
"""What is written down at each step."""


def steps(number: int) -> list[tuple[str, dict[str, Any]]]:
    """The steps of a case and what each writes down: every second case takes the long way at the branch; the talk is held twice."""
    kind = "long" if number % 2 else "short"
    return [
        ("accept", {"note": NOTE}), ("review", {"note": NOTE, "kind": kind}), ("approve", {"note": NOTE}),
        ("full" if kind == "long" else "short", {"note": NOTE}), ("talk", {"note": NOTE, "again": True}),
        ("talk", {"note": NOTE, "again": False}), ("report", {"note": NOTE}), ("close", {"note": NOTE}),
    ]  # fmt: skip


def race(carry: Callable[[int], None], cases: int, **told: Any) -> None:
    """Carry so many cases from opening to end, one after another, and print what came of it as one line of JSON. One case goes before, uncounted."""
    carry(0)
    begun, busy = time.perf_counter(), time.process_time()
    for number in range(1, cases + 1):
        carry(number)
    seconds, spent = time.perf_counter() - begun, time.process_time() - busy
    print(json.dumps({"cases": cases, "seconds": seconds, "processor_ms": spent / cases * 1000, **told}))


def asked() -> tuple[Path, int]:
    """The folder the store lies in, and how many cases."""
    return Path(sys.argv[1]), int(sys.argv[2])


def modes(store: sqlite3.Connection) -> dict[str, str]:
    """How hard a SQLite store holds what is committed."""
    level = store.execute("PRAGMA synchronous").fetchone()[0]
    return {
        "journal": store.execute("PRAGMA journal_mode").fetchone()[0],
        "synchronous": ("OFF", "NORMAL", "FULL", "EXTRA")[level],
    }
