"""Recording a step in many cases as a job that goes on, each case with its own answer.

A job is begun whole and then goes by hundreds from where it stands. What came of a case is known by the token in its log, so that a chunk
done twice is done once; what was refused may be tried again once it is mended.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Count

from youwei.cases import logs, many
from youwei.cases.landed import reached, retracted
from youwei.cases.many import LONGEST_TOKEN, Wanted
from youwei.cases.models import Bulk, BulkLine, Case
from youwei.documents import commands as documents
from youwei.engine.types import Fault, Via
from youwei.journal.actors import Actor
from youwei.journal.digests import canonical
from youwei.journal.sealing import seal, unseal
from youwei.organs.models import Account, Organ
from youwei.organs.policy import reader, visible
from youwei.rulebook.pack_types import Step

CHUNK = 100
PLACE = "bulk"
CORRECTION, WITHDRAWAL = "更正：", "撤回："
NOT_YOURS = "您现在无权办理这件事项。"
State = BulkLine.State


@dataclass(frozen=True, slots=True)
class Own:
    """What one case of an act for many has of its own. `seen` is the last entry of its log that the form knew."""

    case: int
    values: Mapping[str, Any] = field(default_factory=dict)
    key: str = ""
    seen: int | None = None


@transaction.atomic
def begin(
    *, account: Account, organ: Organ, procedure: str, step: Step, on: date, values: Mapping[str, Any], own: Iterable[Own],
    token: str, at: datetime, behalf: str = "", paper: str = "", batch: Case | None = None, batch_seq: int = 0, corrects: int = 0,
    withdraws: int = 0, reason: str = "",
) -> Bulk:  # fmt: skip
    """Have a step recorded in many cases: `values` in all of them, those of its own in each. The same token of an account gives the same job.

    With `corrects` what that entry of the batch became in each is corrected, with `withdraws` it is withdrawn, because of `reason`.
    """
    token = (token if batch is not None else f"{account.pk}:{token}")[:LONGEST_TOKEN]
    known = Bulk.objects.filter(token=token).first()
    if known is not None:
        return known
    more = {"corrects": corrects, "withdraws": withdraws, "reason": reason} if corrects or withdraws else {}
    row = Bulk.objects.create(
        account=account, organ=organ, procedure=procedure, step=step.id, on=on, behalf=behalf,
        title=f"{CORRECTION if corrects else WITHDRAWAL if withdraws else ''}{step.title}",
        sealed=_sealed({"values": dict(values), "paper": paper, **more}),
        token=token, begun_at=at, batch=batch, batch_seq=batch_seq,
    )  # fmt: skip
    lines = [
        BulkLine(bulk=row, case_id=each.case, key=each.key, seen=each.seen, sealed=_sealed(each.values)) for each in own
    ]
    BulkLine.objects.bulk_create(lines, 500)
    return row


def go_on(*, bulk: Bulk, at: datetime, today: date) -> None:
    """Do what is left of an act for many, a hundred cases at a time."""
    while _next(bulk, at, today):
        pass


@transaction.atomic
def _next(bulk: Bulk, at: datetime, today: date) -> bool:
    bulk.refresh_from_db(from_queryset=Bulk.objects.select_for_update())
    lines = list(bulk.lines.filter(state=State.WAITING).select_related("case").order_by("pk")[:CHUNK])
    if not lines:
        bulk.state, bulk.ended_at = Bulk.State.DONE, bulk.ended_at or at
        bulk.save(update_fields=["state", "ended_at"])
        return False
    _do(bulk, lines, at, today)
    BulkLine.objects.bulk_update(lines, ["state", "entry_seq", "refusal"], CHUNK)
    return True


def _do(bulk: Bulk, lines: Sequence[BulkLine], at: datetime, today: date) -> None:
    given, account = opened(bulk.sealed), bulk.account
    rows = Case.objects.filter(pk__in=[line.case_id for line in lines]).select_related(
        "person", "decision", "organ", "subject_organ"
    )
    cases = {case.pk: case for case in visible(reader(account, today), "case.record", rows)}
    via = Via(bulk.batch_id, bulk.batch_seq, "") if bulk.batch_id else None
    stamp: dict[str, Any] = {
        "token": bulk.token,
        "by": Actor(account.name, account.pk),
        "at": at,
        "today": today,
        "via": via,
    }
    if given.get("corrects") or given.get("withdraws"):
        results = _alter(bulk, cases, given, stamp)
    else:
        results = _record(bulk, lines, cases, given, stamp)
    for line in lines:
        result = results.get(line.case_id)
        line.entry_seq = result.seq if result else 0
        refusal = result.refusal if result else NOT_YOURS
        line.state = State.REFUSED if refusal else State.DONE
        line.refusal = seal(refusal.encode(), place=PLACE) if refusal else b""


def _record(
    bulk: Bulk, lines: Sequence[BulkLine], cases: Mapping[int, Case], given: Mapping[str, Any], stamp: Mapping[str, Any]
) -> dict[int, many.Result]:
    wanted = [
        Wanted(
            case=cases[line.case_id], step=bulk.step, on=bulk.on, key=line.key, behalf=bulk.behalf, seen=line.seen, paper=given["paper"],
            values=fitting(cases[line.case_id], bulk.step, given["values"]) | opened(line.sealed),
        )
        for line in lines
        if line.case_id in cases
    ]  # fmt: skip
    return {result.case: result for result in documents.record_many(wanted=wanted, **stamp)}


def _alter(
    bulk: Bulk, cases: Mapping[int, Case], given: Mapping[str, Any], stamp: Mapping[str, Any]
) -> dict[int, many.Result]:
    """What an entry of the batch became in each of these is corrected, or withdrawn, where it still says what landed and, to be withdrawn, nothing
    behind it was done; papers stay as they were issued.
    """
    known, batch = many.entered(bulk.token, cases), bulk.batch_id or 0
    left = [case for pk, case in cases.items() if pk not in known]
    if given.get("withdraws"):
        told = retracted(batch, given["withdraws"], left, bulk.on, given["reason"])
    else:
        told = reached(batch, given["corrects"], left, given["values"], bulk.on, given["reason"])
    found = dict(known) | {
        each.case: many.Result(each.case, faults=(Fault("", f"{each.refusal}。", "", "carried"),))
        for each in told.values()
        if each.refusal
    }
    wanted = [each.wanted for each in told.values() if each.wanted is not None]
    return found | {result.case: result for result in many.enter_many(wanted=wanted, **stamp)}


def fitting(case: Case, step: str, shared: Mapping[str, Any]) -> dict[str, Any]:
    """Of what all share, the fields that this case's version of the step has."""
    found = logs.pack_of(case).steps.get(step)
    return {name: value for name, value in shared.items() if found is None or name in found.form}


@transaction.atomic
def retry(*, bulk: Bulk) -> int:
    """Have what was refused tried again. Returns how many; none where the record of the batch it comes from was withdrawn since."""
    bulk.refresh_from_db(from_queryset=Bulk.objects.select_for_update())
    if is_over(bulk):
        return 0
    count = bulk.lines.filter(state=State.REFUSED).update(state=State.WAITING, seen=None, refusal=b"")
    if count:
        bulk.state, bulk.ended_at = Bulk.State.RUNNING, None
        bulk.save(update_fields=["state", "ended_at"])
    return count


def is_over(bulk: Bulk) -> bool:
    """Whether the record of the batch that a job lands, or corrects, was withdrawn since: nothing of it reaches anybody any more."""
    if bulk.batch is None:
        return False
    given = opened(bulk.sealed)
    seq = given.get("corrects") or bulk.batch_seq
    return not given.get("withdraws") and logs.begun(logs.log(bulk.batch), seq) is None


def counts(bulk: Bulk) -> dict[str, int]:
    """How many lines of a job are in which state; all of them under `total`."""
    found = dict(bulk.lines.values_list("state").annotate(Count("pk")).order_by())
    return {**{state.value: found.get(state.value, 0) for state in State}, "total": sum(found.values())}


def refusal(line: BulkLine) -> str:
    """Why a case has no entry."""
    return unseal(bytes(line.refusal), place=PLACE).decode() if line.refusal else ""


def _sealed(values: Mapping[str, Any]) -> bytes:
    return seal(canonical(values), place=PLACE)


def opened(sealed: bytes | memoryview) -> dict[str, Any]:
    """Values as they were sealed."""
    found: dict[str, Any] = json.loads(unseal(bytes(sealed), place=PLACE))
    return found
