"""What follows a case: the cases that its end or a step of it opens, and their end coming back to the step that waits for it.

Everything lies in the log of the case that opens: an entry 接续 for each case opened or declined; `ChainLink` is the index of these.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from youwei.cases import facts, logs
from youwei.cases.models import Case
from youwei.cases.opening import NewCase, open_many
from youwei.decisions.models import Period
from youwei.engine.local import members_of, rules_for
from youwei.engine.opening import Next, newest_in_force
from youwei.engine.sieve import sieve
from youwei.engine.types import Entry, EntryKind, Fault, Standing
from youwei.engine.values import is_empty
from youwei.journal import commands as journal
from youwei.journal.actors import Actor
from youwei.journal.commands import Act
from youwei.journal.models import Log
from youwei.organs.models import Organ
from youwei.organs.queries import names_above
from youwei.rulebook.pack_facts import LETTER_NUMBER
from youwei.rulebook.pack_types import WITH, Kind, Pack

ALIVE = (Case.State.OPEN, Case.State.HELD)
CASE, OUTCOME = "case", "outcome"
LONGEST_TITLE = 120


def pack_for(procedure: str, on: date) -> Pack | None:
    """The version of a procedure in force on a day."""
    return next((pack for pack in newest_in_force(logs.packs(), on) if pack.ref.procedure == procedure), None)


def rules_of(procedure: str, unit: Organ, on: date) -> Pack | None:
    """The pack of a procedure that holds for a unit on a day: its own rules where it has some. Two queries where any unit has."""
    packs = logs.packs()
    if len(members_of(packs, procedure)) == 1:
        return pack_for(procedure, on)
    rules = rules_for(packs, procedure, names_above(unit), on)
    return rules.pack if rules is not None else None


def record_faults(case: Case, entry: Entry, entries: Sequence[Entry]) -> list[Fault]:
    """A step that opens a case can be recorded only when its procedure is there; which case it was and how it ended is not typed."""
    by_seq = {each.seq: each for each in entries}
    about: Entry | None = entry
    while about is not None and about.kind is EntryKind.CORRECT:
        about = by_seq.get(about.target)
    step = logs.pack_of(case).steps.get(about.step) if about is not None and about.kind is EntryKind.RECORD else None
    if step is None or step.kind is not Kind.CASE:
        return []
    faults = [
        Fault(name, f"“{step.form[name].title}”由系统写入，不用填写。", "请清空这一栏。", "not wanted")
        for name in (CASE, OUTCOME)
        if name in entry.values
    ]
    if entry.kind is EntryKind.RECORD and pack_for(step.procedure, entry.on) is None:
        message = f"要启动的规程“{step.procedure}”没有装入，或当日不在施行期内。"
        faults.append(Fault("", message, "请联系系统管理员装入规程后再记录。", "no pack"))
    return faults


def open_next(case: Case, each: Next, *, seq: int, by: Actor, on: date, at: datetime, today: date) -> Entry | None:
    """Open a case that another calls for, and enter it as entry `seq` of the other's log; None while its procedure is not there.

    Where a case of that procedure, or of a unit's own rules under it, is already open for the same decision or person, that one is taken.
    """
    pack = rules_of(each.procedure, case.subject_organ, on)
    if pack is None:
        return None
    child, existing = _open_already(case, each.procedure) if each.facts is None else None, True
    if child is None:
        known = _facts(case, today) | dict(each.facts or {})
        new = NewCase(
            pack=pack, organ=case.organ, subject_organ=case.subject_organ, person=case.person, decision=case.decision,
            facts=known, given=each.given or {}, parent=(case.pk, each.target),
            title=_title(pack, known) if each.facts else "",
        )  # fmt: skip
        child, existing = _open_first(new, each.procedure, by=by, on=on, at=at, today=today)
    values = {CASE: child.pk, **({"existing": True} if existing else {})}
    journal.append(
        Act(
            "case",
            case.pk,
            "chained",
            {"values": values, "reason": ""},
            by,
            on,
            at,
            to=each.procedure,
            target=each.target,
        )
    )
    return Entry(
        seq=seq, kind=EntryKind.CHAINED, on=on, at=timezone.localdate(at), by=by.name, to=each.procedure, target=each.target,
        values=values,
    )  # fmt: skip


def _open_first(new: NewCase, procedure: str, *, by: Actor, on: date, at: datetime, today: date) -> tuple[Case, bool]:
    """Open it, or take the one that somebody else has opened in this very moment."""
    try:
        with transaction.atomic():
            return open_many([new], by=by, on=on, at=at, today=today)[0], False
    except IntegrityError:
        found = Case.objects.filter(decision=new.decision, procedure=procedure, state__in=ALIVE).first()
        if found is None:
            raise
        return found, True


def _open_already(case: Case, procedure: str) -> Case | None:
    """Locked, so that it cannot end before the link is written."""
    same: dict[str, Any] = {"person": case.person, "subject_organ": case.subject_organ}
    if case.decision is not None:
        same = {"decision": case.decision}
    family = members_of(logs.packs(), procedure)
    for found in Case.objects.filter(**same, procedure__in=family, state__in=ALIVE).exclude(pk=case.pk).order_by("pk"):
        Log.objects.select_for_update().get(kind="case", ref=found.pk)
        found.refresh_from_db(fields=["state"])
        if found.state in ALIVE:
            return found
    return None


def _title(pack: Pack, known: Mapping[str, Any]) -> str:
    """Of a case that puts a reply right: which letter was answered, and of whom."""
    return f"{pack.title}：{known.get(LETTER_NUMBER, '')}（{known['letter.person']['name']}）"[:LONGEST_TITLE]


def _facts(case: Case, today: date) -> dict[str, Any]:
    """What is known of the subject today: the decision's facts anew, and what the case was told of the rest."""
    kept = {
        name: value
        for name, value in sieve(logs.packs(), logs.log(case)).facts.items()
        if name.partition(".")[0] not in (WITH, "decision", "period")
    }
    if case.decision is None:
        person = facts.person_facts(case.person, today) if case.person is not None else {}
        return {
            **{name: value for name, value in kept.items() if not name.startswith("person.")},
            **person,
            **_places(kept),
        }
    measures = list(case.decision.measures.all())
    periods = Period.objects.filter(measure__in=measures, current=True)
    known = facts.decision_facts(case.decision, measures, periods, today)
    return {**kept, **known, **facts.told_of(case.decision)}


def _places(kept: Mapping[str, Any]) -> dict[str, Any]:
    """Where the case stood: the next one stands there too, whatever unit the person has moved to."""
    return {name: value for name, value in kept.items() if name.startswith("organ.")}


def waiting(case: Case, entries: Sequence[Entry], child: Case) -> tuple[Standing, Mapping[str, Any]] | None:
    """The record of a step of `case` that opened `child` and waits, with its values as they lie in the log."""
    sieved = sieve(logs.packs(), entries)
    for name, records in sieved.records.items():
        step = sieved.pack.steps.get(name)
        for record in records.values() if step is not None and step.kind is Kind.CASE and step.waits else ():
            if str(record.values.get(CASE, "")) == str(child.pk):
                raw: dict[str, Any] = {}
                for entry in entries:
                    if entry.seq in record.entries:
                        raw |= entry.values
                return record, {key: value for key, value in raw.items() if not is_empty(value)}
    return None
