"""Retracting: a record of a batch is withdrawn together with what it became in each member's case, as a job of its own.

Where a case has gone on, or somebody has altered the record there since, it stays and is told with the reason: what was built on is not taken
away by a number of others. The batch's own record is withdrawn in the same transaction in which the job begins.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from youwei.cases import commands, logs, many
from youwei.cases.commands import Rejected
from youwei.cases.landed import retracted
from youwei.cases.models import Bulk, BulkLine, Case
from youwei.documents import bulk
from youwei.documents.landing import target
from youwei.engine.entries import WITH_MEMBERS
from youwei.engine.types import EntryKind, Fault, Standing
from youwei.journal.actors import Actor
from youwei.journal.models import Entry as Written
from youwei.organs.models import Account

RUNNING = Fault("", "这个批次还有没做完的集中记录。", "请等它做完以后再撤回。", "running")
NO_REASON = Fault("reason", "没有写明为什么撤回。", "请写明理由。", "reason")


@dataclass(frozen=True, slots=True)
class Retract:
    """A record of a batch that stands, and the job by which it landed."""

    batch: Case
    landing: Bulk
    record: Standing


def retractable(batch: Case, seq: int) -> Retract | None:
    """What would be withdrawn; nothing for a record that never landed, or no longer stands. Three queries."""
    landing = Bulk.objects.filter(batch=batch, batch_seq=seq).select_related("account").first()
    record = logs.begun(logs.log(batch), seq)
    if landing is None or record is None or logs.pack_of(batch).steps[record.step].lands is None:
        return None
    return Retract(batch, landing, record)


def shown(found: Retract, cases: Sequence[Case], by: Actor, on: date, at: datetime) -> dict[int, str]:
    """Of these cases those that would keep their record, and why; nothing is written. A fixed number of queries."""
    told = retracted(found.batch.pk, found.record.seq, cases, on, found.landing.title)
    judged = many.foreseen(wanted=[each.wanted for each in told.values() if each.wanted], by=by, at=at)
    refusals = {each.case: each.refusal for each in told.values() if each.refusal}
    return refusals | {each.case: each.refusal for each in judged if each.refusal}


@transaction.atomic
def retract(
    *, found: Retract, account: Account, reason: str, on: date, at: datetime, today: date, seen: int | None = None
) -> Bulk:
    """Withdraw the batch's record and begin to withdraw it from its members; `bulk.go_on` does the rest.

    Rejected without a reason, while something of the batch is still being recorded, and with the engine's refusals of the batch's own withdrawal.
    """
    if not reason.strip():
        raise Rejected([NO_REASON])
    batch, landing, record = found.batch, found.landing, found.record
    if Bulk.objects.filter(batch=batch, state=Bulk.State.RUNNING).exists():
        raise Rejected([RUNNING])
    seq = commands.act(
        case=batch, kind=EntryKind.WITHDRAW, step=record.step, key=record.key, target=record.seq, values={WITH_MEMBERS: True}, reason=reason.strip(),
        by=Actor(account.name, account.pk), on=on, at=at, today=today, seen=seen,
    )  # fmt: skip
    entered = Written.objects.get(log__kind="case", log__ref=batch.pk, seq=seq)
    lines = landing.lines.filter(state=BulkLine.State.DONE).order_by("pk").values_list("case", "key")
    return bulk.begin(
        account=account, organ=landing.organ, procedure=landing.procedure, step=target(batch, record.step), on=on, values={},
        own=[bulk.Own(case, key=key) for case, key in lines], at=at, token=f"retracted:{entered.digest[:32]}", batch=batch, batch_seq=seq,
        withdraws=record.seq, reason=reason.strip(),
    )  # fmt: skip
