"""One step done for many rows of one case in one act: each row judged on its own and an entry of its own, all of them or none."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from youwei.cases import asking, logs
from youwei.cases.commands import Rejected, judge, settle
from youwei.cases.models import Case
from youwei.cases.queries import View
from youwei.cases.telling import told, told_row
from youwei.engine.answering import rows_of
from youwei.engine.plan import plan
from youwei.engine.sieve import sieve
from youwei.engine.types import Entry, EntryKind, Fault, Standing
from youwei.journal import commands as journal
from youwei.journal.actors import Actor
from youwei.journal.commands import Act
from youwei.journal.queries import of_token
from youwei.organs import queries as organs
from youwei.rulebook.pack_types import FieldType, Step


class RowsRejected(Exception):
    """None was entered; `faults` of each row that has some."""

    def __init__(self, faults: Mapping[str, tuple[Fault, ...]]) -> None:
        super().__init__("；".join(str(fault) for each in faults.values() for fault in each))
        self.faults = faults


@transaction.atomic
def record_rows(
    *, case: Case, step: str, rows: Mapping[str, Mapping[str, Any]], by: Actor, on: date, at: datetime, today: date,
    behalf: str = "", paper: str = "", token: str | None = None,
) -> int:  # fmt: skip
    """Record a step for these rows, by the key of each. Returns how many. RowsRejected when one may not stand; then none does.

    Rows do not depend on each other, so each is judged by the log as it was. A token used before enters nothing again.
    """
    log, calendar = journal.locked("case", case.pk), organs.calendar()
    if token and of_token(f"{token}:0") is not None:
        return len(rows)
    entries, pack = logs.log(case), logs.pack_of(case)
    found = plan(logs.packs(), entries, calendar, timezone.localdate(at))
    values = asking.filled(case, entries, pack.steps.get(step), found, sieve(logs.packs(), entries), rows, on)
    made: list[Entry] = []
    faults: dict[str, tuple[Fault, ...]] = {}
    for key in rows:
        entry = Entry(
            seq=len(entries) + 1, kind=EntryKind.RECORD, on=on, at=timezone.localdate(at), by=by.name, behalf=behalf, step=step, key=key,
            values=values[key], paper=paper,
        )  # fmt: skip
        try:
            judge(case, log, entries, entry, calendar, by=by, seen=None, known=found)
        except Rejected as rejected:
            faults[key] = rejected.faults
        made.append(entry)
    if faults:
        raise RowsRejected(faults)
    journal.append_many(
        Act(
            "case", case.pk, str(entry.kind), {"values": dict(entry.values), "reason": "", **({"paper": paper} if paper else {})}, by, on, at,
            step=step, key=entry.key, behalf=behalf, token=f"{token}:{number}" if token else None,
        )
        for number, entry in enumerate(made)
    )  # fmt: skip
    settle(case=case, entries=logs.log(case), at=at, today=today, calendar=calendar)
    return len(made)


def answers(shown: View) -> list[dict[str, str]]:
    """What a case answers of each on its list, in the order of the list, every cell as text; of a bar only what may be said outside."""
    step = next(
        (each for each in shown.pack.steps.values() if any(field.whose for field in asking.asks(each))),
        None,
    )
    if step is None:
        return []
    if step.repeat is None:
        return _alone(shown, step)
    source = step.repeat.source
    table = shown.pack.steps[source.head].form.get(source.tail) if source is not None else None
    rows = rows_of(step, sieve(logs.packs(), shown.entries))
    found = []
    for number, (key, row) in enumerate(rows.items(), 1):
        cells = told_row(table, row) if table is not None else {}
        found.append({**cells, "number": str(number), **_said(step, shown.standing.get(step.id, {}).get(key))})
    return found


def _alone(shown: View, step: Step) -> list[dict[str, str]]:
    """What is answered of the one person a case puts right."""
    record = shown.standing.get(step.id, {}).get("")
    person = shown.plan.facts.get("letter.person")
    name = str(person.get("name", "")) if isinstance(person, Mapping) else ""
    return [{"number": "1", "name": name, "unit": "", **_said(step, record)}] if record is not None else []


def _said(step: Step, record: Standing | None) -> dict[str, str]:
    """The words chosen for an answer, and what of the rulebook's may be said outside."""
    values = record.values if record is not None else {}
    asked = [values[each.id]["says"] for each in asking.asks(step) if isinstance(values.get(each.id), Mapping)]
    chosen = [told(each, values.get(each.id)) for each in step.form.values() if each.type is not FieldType.ELIGIBILITY]
    return {"words": "；".join(filter(None, chosen)), "says": "；".join(filter(None, asked))}
