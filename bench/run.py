"""One run: build the city, measure, compare with the truth, tell and keep. Django is ready when this is imported."""

import argparse
import json
import os
import platform
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils import timezone

from bench import inside
from bench.marks import ACTS, LARGE, SMALL, Reading, missed, rounded
from bench.pages import PAGES, Site
from bench.racing import race
from bench.report import lines
from bench.store import City, fill, found
from bench.web import Fault, program, served
from youwei.cases.models import Case
from youwei.decisions.models import Decision
from youwei.journal.models import Entry
from youwei.organs import clock
from youwei.people.models import Person

Tell = Callable[[str], None]
PURE: dict[str, Callable[[City | None], list[Reading]]] = {
    "plan": inside.measure_plan,
    "dearest": inside.measure_dearest,
    "bars": inside.measure_bars,
}
COUNTED: dict[str, Callable[[City], list[Reading]]] = {"year": inside.measure_year, "figures": inside.measure_figures}
LIBRARIES = ("django", "granian", "python-calamine", "psycopg", "cryptography")


def tell(line: str) -> None:
    """Progress, beside the answer."""
    print(line, file=sys.stderr, flush=True)


def run(args: argparse.Namespace) -> int:
    """Measure, keep and tell. Returns 0, or 1 when a mark is missed or the bench could not be held."""
    wanted = set(args.only or ACTS)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that the server is stopped too
    begun, load = time.monotonic(), os.getloadavg()[0]
    try:
        readings, sizes, compared = measure(args, wanted)
        peers = _peers() if args.peers else None
    except Fault as fault:
        tell(f"没有办成：{fault}")
        return 1
    acts = [reading.told(args.cases, args.store) for reading in readings if reading.name in wanted]
    result = {
        "bench": 1, "on": timezone.localtime(clock.now()).isoformat(timespec="seconds"), "minutes": round((time.monotonic() - begun) / 60, 2),
        "machine": machine(load), "store": store(args.store), "cases": args.cases, "sizes": sizes,
        "truth": {"compared": compared, "wrong": 0}, "acts": acts, "missed": missed(acts),
        "peers": peers,
    }  # fmt: skip
    if args.keep:
        Path(args.keep).write_text(json.dumps(result, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(result, ensure_ascii=False) if args.json else "\n".join(lines(result)), flush=True)
    return 1 if result["missed"] else 0


def _peers() -> list[dict[str, Any]]:
    tell("与别的流程引擎赛跑（先把它们装到一边）……")
    return race(Path(settings.DATA).parent)


def measure(args: argparse.Namespace, wanted: set[str]) -> tuple[list[Reading], dict[str, int], int]:
    """The readings asked for, the sizes they were taken at, and how many figures were compared with the truth."""
    readings = [reading for name, act in PURE.items() if name in wanted for reading in act(None)]
    if not any(ACTS[name].needs_city for name in wanted):
        return readings, {}, 0
    grows = args.cases >= LARGE and "growth" in wanted
    small = list_at_small(args) if grows else None
    city = found(args.cases, word=secrets.token_urlsafe(12))
    tell(f"正在造一座城市：台账{len(city.rows):,}行（人员、机关均属虚构）……")
    readings += build(city, wanted)
    compared = city.check()
    tell(f"  统计与造数时的真值一致：核对{compared:,}个数")
    readings += over_the_web(city, wanted | ({"list"} if grows else set()))
    for name, act in COUNTED.items():
        if name in wanted:
            tell(f"  {ACTS[name].title}……")
            readings += act(city)
    if small is not None:
        large = next(reading.value for reading in readings if reading.name == "list")
        readings.append(
            Reading("growth", small / large, None, {"at_small": rounded(small), "at_large": rounded(large)})
        )
    return readings, sizes(city), compared + city.check()


def list_at_small(args: argparse.Namespace) -> float:
    """The list at the smaller size: the bench itself once more, in another store of its own."""
    tell(f"先量{SMALL:,}件时的台账……")
    words = ["bench", "--cases", str(SMALL), "--store", args.store, "--only", "list", "--json"]
    with program(*words, "--data", str(Path(settings.DATA).parent), out=subprocess.PIPE) as running:
        told, _ = running.communicate()
    if not told:
        raise Fault(f"{SMALL:,}件时的台账没有量成，原因见上")
    return float(json.loads(told)["acts"][0]["value"])


def build(city: City, wanted: set[str]) -> list[Reading]:
    """Fill the store; some of the acts measured are part of it. What is neither wanted nor needed by what is, is left out."""
    readings: list[Reading] = []

    def go(name: str, act: Callable[[City], list[Reading]], *needed_by: str) -> None:
        if wanted & {name, *needed_by}:
            tell(f"  {ACTS[name].title}……")
            readings.extend(act(city))

    go("import", inside.measure_import, *ACTS)
    go("after", inside.measure_after)
    go("open", inside.measure_open)
    if wanted - {"import", "memory", "after", "open"}:
        fill(city)
        tell(f"  事项{Case.objects.count():,}件")
    go("step", inside.measure_step, "case", "dossier")
    go("bulk", inside.measure_bulk)
    go("freeze", inside.measure_freeze)
    go("campaign", inside.measure_campaign)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "ANALYZE"
            )  # as its autovacuum does within a minute or two; the bench opens in seconds what an office opens in years
    return readings


def over_the_web(city: City, wanted: set[str]) -> list[Reading]:
    """Start the server once for all pages."""
    readings: list[Reading] = []
    if not wanted & set(PAGES):
        return readings
    connection.close()
    with served() as (port, session):
        site = Site(port, session, city)
        for name, act in PAGES.items():
            if name in wanted:
                tell(f"  {ACTS[name].title}……")
                readings += act(site)
    return readings


def sizes(city: City) -> dict[str, int]:
    return {
        "rows": len(city.rows), "people": Person.objects.count(), "decisions": Decision.objects.count(), "cases": Case.objects.count(),
        "entries": Entry.objects.count(),
    }  # fmt: skip


def machine(load: float) -> dict[str, Any]:
    """Where it was measured. `load`: what else ran when it began, in processes."""
    info = Path("/proc/cpuinfo")
    models = [line for line in info.read_text().splitlines() if line.startswith("model name")] if info.exists() else []
    return {
        "processor": models[0].partition(":")[2].strip() if models else platform.processor(), "cores": os.cpu_count(),
        "system": platform.platform(), "load_before": rounded(load), "python": platform.python_version(),
        **{name: version(name) for name in LIBRARIES},
    }  # fmt: skip


def store(kind: str) -> dict[str, Any]:
    """The store and how hard it holds what is confirmed."""
    told: dict[str, Any] = {"kind": kind}
    asked = {
        "sqlite": {"version": "SELECT sqlite_version()", "journal": "PRAGMA journal_mode", "synchronous": "PRAGMA synchronous"},
        "postgresql": {"version": "SHOW server_version", "journal": "SHOW wal_level", "synchronous": "SHOW synchronous_commit",
                       "fsync": "SHOW fsync"},
    }[connection.vendor]  # fmt: skip
    with connection.cursor() as cursor:
        for name, statement in asked.items():
            cursor.execute(statement)
            told[name] = cursor.fetchone()[0]
    if kind == "sqlite":
        told["synchronous"] = ("OFF", "NORMAL", "FULL", "EXTRA")[told["synchronous"]]
    return told
