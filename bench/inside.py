"""Measured in the process itself: the pure functions, opening, recording, counting."""

import json
import secrets
import time
from collections.abc import Sequence
from datetime import date, timedelta
from functools import partial
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils import timezone

from bench import floors
from bench.marks import Reading
from bench.store import ANNOUNCED, CHUNK, CLERKS_AREA, City, announcements, import_history, open_whole, unannounced
from bench.truth import BEGINNING
from bench.web import Fault
from youwei.cases import batches, commands
from youwei.cases.cohort import Fixed
from youwei.cases.logs import packs
from youwei.cases.many import Result, Wanted, enter_many
from youwei.cases.models import Case
from youwei.config.demo.places import CITY
from youwei.decisions.models import Decision
from youwei.engine import saved
from youwei.engine.plan import plan
from youwei.engine.types import Entry, EntryKind
from youwei.journal.actors import Actor
from youwei.organs.models import Organ
from youwei.rulebook.bars import Sanction
from youwei.rulebook.calendar import seed_calendar
from youwei.rulebook.eligibility import eligibility
from youwei.rulebook.law import load_law
from youwei.rulebook.packs import released_packs
from youwei.rulebook.periods import compute_bars
from youwei.statistics.answers import figures_json

AT_ONCE = 1893
"""People of one round of return visits, as a city had it."""
MOST_STEPS = 300
FROZEN = 10_000
FREEZES = "bench-freeze"
CAMPAIGN, PEOPLE = "bench-campaign", 1893
"""The pack of a batch that the bench brings along (`bench/packs`)."""
SOON = timedelta(days=30)
"""The next visit; the shortest period, half a year, runs a month yet for a decision of five months ago (`city.RUNNING`)."""
COUNTED = "SELECT form, weight, COUNT(*), COUNT(DISTINCT person_id) FROM decisions_decision WHERE made_on BETWEEN %s AND %s GROUP BY form, weight"
ENTRIES = "log_id IN (SELECT id FROM journal_log WHERE kind = 'case' AND ref BETWEEN %s AND %s)"
CONTENTS = f"entry_id IN (SELECT id FROM journal_entry WHERE {ENTRIES})"
GROUP = {"leader": "方知行", "people": ["方知行", "甘棠"], "shelf": "回-1"}
MENTOR = {"person": "乐山川", "post": "工会主席", "clean": True, "apart": True}
VISIT = {
    "contacted": True, "outcome": "已进行", "planned": True, "mode": "谈话", "place": "会议室", "people": ["方知行", "甘棠"], "heard": ["本人"],
    "account": "谈了近况，工作已理顺。", "execution": "已执行到位", "management": "已落实", "summary": "继续关心。",
}  # fmt: skip


def measure_plan(_: City | None) -> list[Reading]:
    """The plan of a return visit with two dozen entries."""
    known, log, calendar, today = released_packs(), _two_dozen(), seed_calendar(), date(2024, 10, 1)
    plan(known, log, calendar, today)
    spent = floors.thought(lambda: plan(known, log, calendar, today), 50)
    text = json.dumps(
        [{"step": entry.step, "key": entry.key, "values": dict(entry.values)} for entry in log], default=str
    )
    floor = floors.thought(lambda: json.loads(text), 50)
    return [Reading("plan", spent * 1000, floor * 1000, {"entries": len(log)})]


def measure_dearest(_: City | None) -> list[Reading]:
    """The plans of every released pack's saved log, a whole case each: told is the one that takes longest."""
    known, calendar = released_packs(), seed_calendar()
    texts = {
        str(path.parent.relative_to(settings.PACKS)): path.read_text("utf-8")
        for path in settings.PACKS.rglob(saved.FILE)
    }
    logs = {name: saved.saved_log(text) for name, text in texts.items()}
    spent = {name: floors.thought(partial(plan, known, log, calendar, log[-1].at), 20) for name, log in logs.items()}
    dearest = max(spent, key=lambda name: spent[name])
    text = json.dumps(json.loads(texts[dearest])["log"])
    floor = floors.thought(lambda: json.loads(text), 50)
    details = {"pack": dearest, "entries": len(logs[dearest]), "packs": len(logs)}
    return [Reading("dearest", spent[dearest] * 1000, floor * 1000, details)]


def _two_dozen() -> list[Entry]:
    facts = {
        "decision.made_on": date(2024, 3, 15), "decision.class": ["政务处分"], "decision.effective_on": date(2024, 3, 15),
        "period.ends_on": date(2025, 3, 14), "organ.deciding": "1", "organ.subject": "2", "organ.case": "1",
    }  # fmt: skip
    newest = max((ref for ref in released_packs() if ref.procedure == "jingzhou-visit"), key=lambda ref: ref.version)
    acts: list[tuple[str, str, date, dict[str, Any]]] = [
        ("group", "", date(2024, 3, 18), GROUP),
        ("mentor", "", date(2024, 3, 18), MENTOR),
    ]
    for number in range(1, 11):
        day = date(2024, 4, 1) + timedelta(days=15 * number)
        trouble = {"next_on": day + timedelta(days=15), "difficulties": [{"id": "a", "matter": "业务不熟"}]}
        acts.append(("visit", str(number), day, {**VISIT, **trouble}))
        acts.append(("help", f"{number}/a", day, {"done": "已安排培训"}))
    acts.append(("contact", "", date(2024, 9, 20), {"account": "谈了近况。"}))
    first = Entry(1, EntryKind.OPENED, date(2024, 3, 15), date(2024, 3, 15), "方知行", to=str(newest), values=facts)
    rest = [
        Entry(seq, EntryKind.RECORD, day, day, "方知行", step=step, key=key, values=values)
        for seq, (step, key, day, values) in enumerate(acts, 2)
    ]
    return [first, *rest]


def measure_bars(_: City | None) -> list[Reading]:
    """The periods of one row of a ledger with three measures, and what they bar."""
    law = load_law()
    day = date(2017, 3, 1)
    row = [Sanction(kind, day) for kind in ("party.severe_warning", "administrative.demerit", "admonition.admonition")]
    text = json.dumps([str(each) for each in compute_bars(row, law)])
    spent = floors.thought(lambda: eligibility(compute_bars(row, law)), 500)
    floor = floors.thought(lambda: json.loads(text), 500)
    return [Reading("bars", spent * 1000, floor * 1000, {"measures": len(row)})]


def measure_import(city: City) -> list[Reading]:
    """The whole command, its start included. The floor reads the sheet and writes the rows bare."""
    done, rows = import_history(city), len(city.rows)
    reading = floors.sheet_read(city.ledger)
    tables = ("people_person", "people_term", "decisions_decision", "decisions_measure", "decisions_period", "cases_case", "cases_openstep",
              "journal_log", "journal_entry", "journal_entrycontent")  # fmt: skip
    writing = floors.rewritten([(table, "1 = 1", ()) for table in tables])
    details = {
        "rows": rows,
        "seconds": round(done.seconds, 3),
        "processor_seconds": round(done.busy, 3),
        "floor_reading": round(reading, 3),
        "floor_writing": round(writing, 3),
    }
    return [
        Reading("import", rows / done.seconds, rows / (reading + writing), details),
        Reading("memory", done.megabytes, None, {"rows": rows}),
    ]


def measure_open(city: City) -> list[Reading]:
    """As many cases in one go as one round of visits had, told for every 500."""
    news = announcements(city, unannounced()[: min(AT_ONCE, max(1, city.cases // 3))])
    cases: list[Case] = []
    spent = floors.timed(lambda: cases.extend(open_whole(city, news)))
    first, last = min(case.pk for case in cases), max(case.pk for case in cases)
    span = (first, last)
    floor = floors.rewritten(
        [
            ("cases_case", "id BETWEEN %s AND %s", span),
            ("cases_openstep", "case_id BETWEEN %s AND %s", span),
            ("journal_log", "kind = 'case' AND ref BETWEEN %s AND %s", span),
            ("journal_entry", ENTRIES, span),
            ("journal_entrycontent", CONTENTS, span),
        ]
    )
    share = CHUNK / len(cases)
    return [Reading("open", spent * share, floor * share, {"cases": len(cases), "seconds": round(spent, 3)})]


def measure_step(city: City) -> list[Reading]:
    """Three steps each of some visits, one after another: permission apart, everything a record does."""
    cases = city.take(min(MOST_STEPS, max(1, len(city.free) // 4)))
    shown = min(MOST_STEPS // 5, max(1, len(city.free) // 40))  # whose pages are measured later
    cases += city.take(shown, CLERKS_AREA)
    by = city.places.actor("shenzhixing")
    begun = time.process_time()
    spent = [floors.timed(commands.act, **act) for case in cases for act in _acts(city, case, by)]
    busy = time.process_time() - begun
    size = floors.entry_bytes()
    floor = floors.written_and_synced(city.ledger.parent, size)
    for case in cases:
        area = case.organ.parent.name if case.organ.parent else ""
        city.played.grouped[area] += 1
        city.played.visited[area] += 1
    median = sorted(spent)[len(spent) // 2]
    details = {"steps": len(spent), "median_ms": round(median * 1000, 3), "processor_ms": round(busy / len(spent) * 1000, 3),
               "entry_bytes": size}  # fmt: skip
    return [Reading("step", len(spent) / sum(spent), 1 / floor, details)]


def measure_bulk(city: City) -> list[Reading]:
    """One record for many cases, each judged by itself and told by itself, as the desk enters it. The floor writes the same rows bare."""
    cases = city.take(min(CHUNK, max(1, len(city.free) // 4)))
    by, at = city.places.actor("shenzhixing"), timezone.now()
    wanted = [Wanted(case=case, step="group", on=city.today, values=GROUP) for case in cases]
    results: list[Result] = []
    busy = time.process_time()
    spent = floors.timed(
        lambda: results.extend(
            enter_many(wanted=wanted, token=secrets.token_urlsafe(24), by=by, at=at, today=city.today)
        )
    )
    busy = time.process_time() - busy
    stands = {result.case for result in results if result.seq}
    if len(results) != len(cases) or stands != {case.pk for case in cases}:
        raise Fault(
            f"成批办理{len(cases)}件，只有{len(stands)}件办成：{next((r.refusal for r in results if not r.seq), '')}"
        )
    city.played.grouped.update(case.organ.parent.name if case.organ.parent else "" for case in cases)
    floor = _bare([case.pk for case in cases])
    share = CHUNK / len(cases)
    details = {"cases": len(cases), "seconds": round(spent, 3), "processor_ms": round(busy / len(cases) * 1000, 3)}
    return [Reading("bulk", spent * share, floor * share, details)]


def measure_freeze(city: City) -> list[Reading]:
    """So many people fixed as a campaign's list, and their cases taken into it. The floor writes the members and the entries bare."""
    pack = next(pack for pack in packs().values() if batches.freeze_step(pack) and pack.ref.procedure == FREEZES)
    cases = Case.objects.filter(procedure=ANNOUNCED, person__isnull=False).order_by("pk")[:FROZEN]
    fixed = [
        Fixed(organ, person, decision, case)
        for case, organ, person, decision in cases.values_list("pk", "subject_organ", "person", "decision")
    ]
    by, at = city.places.actor("shenzhixing"), timezone.now()
    stamp: dict[str, Any] = {"by": by, "at": at, "today": city.today}
    batch = batches.open_batch(pack=pack, name="", organ=city.places.office(CITY), on=city.today, **stamp)
    step = batches.freeze_step(pack)
    busy = time.process_time()
    first = floors.timed(batches.freeze, batch=batch, step=step, fixed=fixed, on=city.today, **stamp)

    def join() -> None:
        while batches.join_next(batch=batch, **stamp):
            pass

    rest = floors.timed(join)
    busy = time.process_time() - busy
    if batches.joining(batch) or batch.members.count() != len(fixed):
        raise Fault(f"名单{len(fixed)}人，{batches.joining(batch)}人没有纳入")
    joined = "SELECT l.id FROM journal_log l JOIN cases_member m ON m.case_id = l.ref WHERE l.kind = 'case' AND m.batch_id = %s"
    newest = f"log_id IN ({joined}) AND kind = 'joined'"
    floor = floors.rewritten(
        [
            ("cases_member", "batch_id = %s", (batch.pk,)),
            ("journal_entry", newest, (batch.pk,)),
            ("journal_entrycontent", f"entry_id IN (SELECT id FROM journal_entry WHERE {newest})", (batch.pk,)),
        ]
    )
    share = FROZEN / len(fixed)
    details = {"people": len(fixed), "freeze_seconds": round(first, 3), "join_seconds": round(rest, 3),
               "processor_ms": round(busy / len(fixed) * 1000, 3)}  # fmt: skip
    return [Reading("freeze", (first + rest) * share, floor * share, details)]


def measure_campaign(city: City) -> list[Reading]:
    """As many people as one city visited in a year: the list fixed and a case opened for each of them, told for that many."""
    pack = next(pack for pack in packs().values() if pack.ref.procedure == CAMPAIGN)
    rows = Decision.objects.filter(secret=False, person__isnull=False, unit__isnull=False).order_by("person", "-pk")
    newest = {person: (unit, decision) for unit, person, decision in rows.values_list("unit", "person", "pk")}
    fixed = [Fixed(unit, person, decision) for person, (unit, decision) in list(newest.items())[:PEOPLE]]
    stamp: dict[str, Any] = {"by": city.places.actor("shenzhixing"), "at": timezone.now(), "today": city.today}
    batch = batches.open_batch(pack=pack, name="", organ=city.places.office(CITY), on=city.today, **stamp)

    def whole() -> None:
        batches.freeze(batch=batch, step=batches.freeze_step(pack), fixed=fixed, on=city.today, **stamp)
        while batches.join_next(batch=batch, **stamp):
            pass

    spent = floors.timed(whole)
    if batches.joining(batch) or Case.objects.filter(memberships__batch=batch).count() != len(fixed):
        raise Fault(f"名单{len(fixed)}人，{batches.joining(batch)}人没有纳入")
    cases = list(Case.objects.filter(memberships__batch=batch).values_list("pk", flat=True))
    span = (min(cases), max(cases))
    floor = floors.rewritten(
        [
            ("cases_case", "id BETWEEN %s AND %s", span),
            ("cases_openstep", "case_id BETWEEN %s AND %s", span),
            ("cases_member", "batch_id = %s", (batch.pk,)),
            ("journal_log", "kind = 'case' AND ref BETWEEN %s AND %s", span),
            ("journal_entry", ENTRIES, span),
            ("journal_entrycontent", CONTENTS, span),
        ]
    )
    share = PEOPLE / len(fixed)
    return [Reading("campaign", spent * share, floor * share, {"people": len(fixed), "seconds": round(spent, 3)})]


def _bare(cases: Sequence[int]) -> float:
    """Seconds to write the newest entry of each of these cases and its index once more, bare."""
    keys = ", ".join(map(str, cases))
    heads = "journal_log l JOIN journal_entry e ON e.log_id = l.id AND e.seq = l.head_seq"
    newest = f"SELECT e.id FROM {heads} WHERE l.kind = 'case' AND l.ref IN ({keys})"
    tables = (("journal_entry", f"id IN ({newest})"), ("journal_entrycontent", f"entry_id IN ({newest})"),
              ("cases_openstep", f"case_id IN ({keys})"), ("cases_done", f"case_id IN ({keys})"))  # fmt: skip
    return floors.rewritten([(table, where, ()) for table, where in tables])


def _acts(city: City, case: Case, by: Actor) -> list[dict[str, Any]]:
    common = {
        "case": case,
        "kind": EntryKind.RECORD,
        "by": by,
        "on": city.today,
        "at": timezone.now(),
        "today": city.today,
    }
    visit = {**VISIT, "next_on": city.today + SOON}
    steps: Sequence[tuple[str, str, dict[str, Any]]] = (
        ("group", "", GROUP),
        ("mentor", "", MENTOR),
        ("visit", "1", visit),
    )
    return [{**common, "step": step, "key": key, "values": values} for step, key, values in steps]


def measure_after(city: City) -> list[Reading]:
    """The first look at the figures after an import, before the store has had a minute to look over its new rows."""
    return [_figures("after", city, BEGINNING, times=1)]


def measure_year(city: City) -> list[Reading]:
    """The figures of the past twelve months, as the command `figures` gives them."""
    return [_figures("year", city, city.today - timedelta(days=365))]


def measure_figures(city: City) -> list[Reading]:
    """The figures over everything there is."""
    return [_figures("figures", city, BEGINNING)]


def _figures(name: str, city: City, start: date, times: int = 3) -> Reading:
    place = Organ.objects.get(name=CITY, kind="region")
    spent = floors.median_of(lambda: figures_json(place, start, city.today, today=city.today), times)
    floor = floors.median_of(lambda: floors.raw((COUNTED, (start, city.today))), 5)
    return Reading(
        name, spent, floor, {"store": connection.vendor, "cases": Case.objects.count(), "packs": len(packs())}
    )
