"""Filling the bench's store: organs and accounts, a ledger of history through the command an office uses, cases up to the size asked for."""

import json
import os
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction

from bench.city import Row, rows_of, write_ledger
from bench.truth import Played, differences
from bench.web import Fault, program
from youwei.cases.commands import NewCase, open_many
from youwei.cases.facts import decision_facts
from youwei.cases.logs import packs
from youwei.cases.models import Case
from youwei.config.demo.places import CITY, Places, build_places
from youwei.config.shell_store import ensure_keys, migrate
from youwei.decisions.models import Decision, Measure, Period
from youwei.journal.actors import SHELL
from youwei.organs import clock
from youwei.organs.queries import calendar
from youwei.rulebook.pack_types import Pack

CLERK, CLERKS_AREA = "chensiyuan", "青溪区"
ANNOUNCED, VISITED = "statutory-announcement", "jingzhou-visit"
CHUNK = 500
AGO = timedelta(days=45)
"""How long ago announcements were opened: what is entered late is asked for that day and late from the next."""
FOUNDED = timedelta(days=10 * 365)
MEGABYTE = 1 << 20


@dataclass
class City:
    """The store as far as the measuring needs to know it."""

    rows: list[Row]
    places: Places
    cases: int
    word: str
    today: date
    now: datetime
    ledger: Path
    played: Played = field(default_factory=Played)
    free: list[Case] = field(default_factory=list)
    """Return visits nobody has touched yet; each is used up by one act."""

    def areas(self) -> list[str]:
        return sorted({row.area for row in self.rows})

    def take(self, count: int, area: str = "") -> list[Case]:
        """Untouched visits handled by an area's office, or by any other than the clerk's own."""
        own = self.places.office(CLERKS_AREA).pk
        fits = [case for case in self.free if (case.organ_id == own) == (area == CLERKS_AREA)][:count]
        taken = {case.pk for case in fits}
        self.free = [case for case in self.free if case.pk not in taken]
        return fits

    def check(self) -> int:
        """Compare all figures with what the city must show. Raises Fault naming the first few that are wrong."""
        compared, wrong = differences(self.rows, self.played, today=self.today)
        if wrong:
            raise Fault(f"库里的统计与造数时的真值不符（{len(wrong)}处），不作测量：" + "；".join(wrong[:5]))
        return compared


def found(cases: int, *, word: str) -> City:
    """The empty city: organs, accounts, and its ledger as a file. As many rows as cases."""
    migrate()
    ensure_keys()
    today, now = clock.today(), clock.now()
    places = build_places(on=today - FOUNDED, at=now - FOUNDED, word=word)
    rows = rows_of(cases, today=today, calendar=calendar())
    ledger = Path(settings.DATA) / "ledger.xlsx"
    write_ledger(rows, {area: places.office(area).name for area in {row.area for row in rows}}, ledger)
    return City(rows, places, cases, word, today, now, ledger)


@dataclass(frozen=True, slots=True)
class Imported:
    """Wall time, processor time, and the most memory held."""

    seconds: float
    busy: float
    megabytes: float


def import_history(city: City) -> Imported:
    """`import LEDGER --history`, in a process of its own: wall time with its start, and the most memory it held."""
    words = ["import", str(city.ledger), "--history", "--json", "--organ", f"{CITY}纪委监委"]
    said = Path(settings.DATA) / "import.json"
    begun = time.perf_counter()
    with said.open("wb") as out, program(*words, out=out) as running:
        _, status, used = os.wait4(running.pid, 0)
        running.returncode = os.waitstatus_to_exitcode(status)
    spent = time.perf_counter() - begun
    if running.returncode != 0:
        raise Fault("台账没有导入，原因见上")
    answer = json.loads(said.read_text(encoding="utf-8"))
    whole = answer["created"] + answer["updated"] + answer["unchanged"] + answer["stubs"]
    if whole != len(city.rows):
        raise Fault(f"台账{len(city.rows)}行，只收了{whole}行：{json.dumps(answer, ensure_ascii=False)[:400]}")
    city.free = list(Case.objects.filter(procedure=VISITED).select_related("organ", "person").order_by("pk"))
    wanted = sum(row.visited for row in city.rows)
    if len(city.free) != wanted:
        raise Fault(f"应开办回访{wanted}件，库里有{len(city.free)}件")
    unit = MEGABYTE if sys.platform == "darwin" else 1024  # macOS tells bytes, Linux kilobytes
    return Imported(spent, used.ru_utime + used.ru_stime, used.ru_maxrss / unit)


def unannounced() -> list[int]:
    """Decisions that have no announcement yet. Told apart here: asked for every 500 of 100,000, a store reads them all each time."""
    announced = set(Case.objects.filter(procedure=ANNOUNCED).values_list("decision", flat=True))
    keys = Decision.objects.filter(secret=False).order_by("pk").values_list("pk", flat=True)
    return [key for key in keys if key not in announced]


def announcements(city: City, keys: Sequence[int]) -> list[NewCase]:
    """Announcements of these decisions, not yet opened. Everyone of them is late: the decision is months old."""
    pack, decisions = _newest(ANNOUNCED), list[Decision]()
    for start in range(0, len(keys), CHUNK):
        rows = Decision.objects.filter(pk__in=keys[start : start + CHUNK])
        decisions += rows.select_related("person__organ", "unit", "deciding_organ", "counted_at").order_by("pk")
    return [
        NewCase(
            pack=pack, organ=decision.deciding_organ, subject_organ=decision.unit or decision.deciding_organ, person=decision.person,
            decision=decision, facts=decision_facts(decision, measures, periods, city.today),
        )
        for decision, measures, periods in _told(decisions)
    ]  # fmt: skip


def _newest(procedure: str) -> Pack:
    return max((pack for ref, pack in packs().items() if ref.procedure == procedure), key=lambda pack: pack.ref.version)


def _told(decisions: Sequence[Decision]) -> list[tuple[Decision, list[Measure], list[Period]]]:
    """The decisions with their measures and standing periods, a fixed number of statements for every 500."""
    told = []
    for start in range(0, len(decisions), CHUNK):
        chunk = decisions[start : start + CHUNK]
        keys = [decision.pk for decision in chunk]
        measures: dict[int, list[Measure]] = {key: [] for key in keys}
        periods: dict[int, list[Period]] = {key: [] for key in keys}
        for measure in Measure.objects.filter(decision__in=keys).order_by("pk"):
            measures[measure.decision_id].append(measure)
        for period in Period.objects.filter(measure__decision__in=keys, current=True).select_related("measure"):
            periods[period.measure.decision_id].append(period)
        told += [(decision, measures[decision.pk], periods[decision.pk]) for decision in chunk]
    return told


def open_whole(city: City, news: Sequence[NewCase]) -> list[Case]:
    """Open them in one transaction, and note it in the truth."""
    with transaction.atomic():
        cases = open_many(news, by=SHELL, on=city.today - AGO, at=city.now - AGO, today=city.today)
    city.played.announced.update(new.decision.counted_at.name for new in news if new.decision is not None)
    return cases


def fill(city: City) -> None:
    """Open announcements until the store holds as many cases as asked for (stubs have none)."""
    keys = unannounced()[: max(0, city.cases - Case.objects.count())]
    for start in range(0, len(keys), CHUNK):
        open_whole(city, announcements(city, keys[start : start + CHUNK]))
