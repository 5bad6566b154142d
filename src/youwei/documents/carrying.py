"""Carrying on: what was corrected in a batch's record is corrected in the record it became in each member's case, as a job of its own.

Only what still says what landed is corrected. What somebody has corrected in the case since, what was withdrawn, sent back or set aside stays as
it is and is told with the reason; fields filled in for each member alone are theirs, and never overwritten.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from youwei.cases import logs, many
from youwei.cases.commands import Rejected
from youwei.cases.landed import reached, written
from youwei.cases.models import Bulk, BulkLine, Case
from youwei.documents import bulk
from youwei.documents.landing import target
from youwei.engine.sieve import sieve
from youwei.engine.types import Fault, Standing
from youwei.journal.actors import Actor
from youwei.journal.models import Entry as Written
from youwei.organs.models import Account
from youwei.rulebook.pack_types import Field

NOTHING = Fault("", "批次的记录和落到成员的一样，没有可以改的。", "请先更正批次的记录。", "same")


@dataclass(frozen=True, slots=True)
class Change:
    """One field that all share: what landed, and what the batch says now. The day of the record has no field."""

    name: str
    field: Field | None
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Carry:
    """A corrected record of a batch: the job by which it landed, what it says now, and what is otherwise."""

    batch: Case
    landing: Bulk
    record: Standing
    changes: tuple[Change, ...]
    values: Mapping[str, Any]
    """All fields it shares with its members, as they are now; nothing for one that is empty."""

    @property
    def correction(self) -> int:
        """The entry that corrected it last."""
        return max(self.record.entries)


def carried(batch: Case, seq: int) -> Carry | None:
    """What a record of a batch that landed says otherwise now; nothing for one that never landed, or no longer stands."""
    landing = Bulk.objects.filter(batch=batch, batch_seq=seq).select_related("account").first()
    entries = logs.log(batch)
    record = logs.begun(entries, seq)
    if landing is None or record is None:
        return None
    pack = logs.pack_of(batch)
    lands = pack.steps[record.step].lands
    if lands is None:
        return None
    into, landed = target(batch, record.step), bulk.opened(landing.sealed)["values"]
    shared = [name for name in into.form if name in pack.steps[record.step].form and name not in lands.each]
    now = written(entries, record)
    touched = {name for number in record.entries if number != seq for name in entries[number - 1].values}
    changes = [
        Change(name, into.form[name], landed.get(name), now.get(name))
        for name in shared
        if name in touched or landed.get(name) != now.get(name)
    ]
    if record.on != landing.on:
        changes.insert(0, Change("", None, landing.on, record.on))
    return Carry(batch, landing, record, tuple(changes), {name: now.get(name) for name in shared})


def due(batch: Case) -> dict[int, int]:
    """The landed records of a batch corrected since and not carried on: the entry of each, and of its last correction. Two queries."""
    rows = list(Bulk.objects.filter(batch=batch).values_list("batch_seq", flat=True))
    found = {}
    for records in sieve(logs.packs(), logs.log(batch)).records.values() if rows else ():
        for record in records.values():
            if record.seq in rows and len(record.entries) > 1 and max(record.entries) not in rows:
                found[record.seq] = max(record.entries)
    return found


def last_reason(found: Carry) -> str:
    """Why the batch's own record was corrected last."""
    return logs.log(found.batch)[found.correction - 1].reason


def shown(found: Carry, cases: Sequence[Case], by: Actor, at: datetime) -> dict[int, str]:
    """Of these cases those that would not be corrected, and why; nothing is written. A fixed number of queries."""
    told = reached(found.batch.pk, found.record.seq, cases, found.values, found.record.on, found.landing.title)
    judged = many.foreseen(wanted=[each.wanted for each in told.values() if each.wanted], by=by, at=at)
    refusals = {each.case: each.refusal for each in told.values() if each.refusal}
    return refusals | {each.case: each.refusal for each in judged if each.refusal}


@transaction.atomic
def carry(*, found: Carry, account: Account, reason: str, at: datetime) -> Bulk:
    """Begin to correct the members' records; `bulk.go_on` does the rest. The same correction gives the same job.

    Rejected where nothing is otherwise, or without a reason.
    """
    if not reason.strip():
        raise Rejected([Fault("reason", "没有写明为什么更正。", "请写明理由。", "reason")])
    if not found.changes:
        raise Rejected([NOTHING])
    landing, corrected = found.landing, found.correction
    entered = Written.objects.get(log__kind="case", log__ref=found.batch.pk, seq=corrected)
    lines = landing.lines.filter(state=BulkLine.State.DONE).order_by("pk").values_list("case", "key")
    return bulk.begin(
        account=account, organ=landing.organ, procedure=landing.procedure, step=target(found.batch, found.record.step),
        on=found.record.on, values=found.values, own=[bulk.Own(case, key=key) for case, key in lines], at=at,
        token=f"carried:{entered.digest[:32]}", batch=found.batch, batch_seq=corrected, corrects=found.record.seq, reason=reason.strip(),
    )  # fmt: skip
