"""Landing: a record of a batch becomes a record in a step of every member, as a job for many; and fixing its list, with the papers of that."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction

from youwei.cases import batches, candidates, cohort, logs, many
from youwei.cases.cohort import Fixed
from youwei.cases.commands import Rejected
from youwei.cases.many import Wanted
from youwei.cases.models import Bulk, Case, Done, Member, OpenStep
from youwei.documents import bulk
from youwei.documents import commands as documents
from youwei.engine.types import Fault
from youwei.journal import commands as journal
from youwei.journal.actors import Actor
from youwei.journal.models import Entry as Written
from youwei.organs.models import Account
from youwei.rulebook.pack_types import Step

Rows = Mapping[int, Mapping[str, Any] | str]
"""For the place of each member who takes part the values of its own, or the reason why it is left out."""


@transaction.atomic
def freeze(*, batch: Case, step: str, fixed: Sequence[Fixed], by: Actor, at: datetime, **more: Any) -> int:
    """`cases.batches.freeze` with the papers the step brings. Raises what that raises, and Refused."""
    seq = batches.freeze(batch=batch, step=step, fixed=fixed, by=by, at=at, **more)
    documents.issue_for(case=batch, step=logs.pack_of(batch).steps[step], seq=seq, by=by, at=at)
    candidates.clear(batch)
    return seq


def present(batch: Case) -> list[Member]:
    """The members who take part, by place."""
    rows = Member.objects.filter(batch=batch, left_on=None).select_related("case__person", "case__organ", "organ")
    return list(rows.order_by("place"))


def not_yet(members: Sequence[Member], into: Step) -> dict[int, str]:
    """By place, of which members the step is not asked now, and why: what the form is preset to. Two queries."""
    cases = [each.case_id for each in members]
    asking = set(OpenStep.objects.filter(case__in=cases, step=into.id, part="").values_list("case", flat=True))
    done = set(Done.objects.filter(case__in=cases, step=into.id).values_list("case", flat=True))
    over = (Case.State.ENDED, Case.State.TERMINATED)
    return {
        each.place: "事项已经结束"
        if each.case is not None and each.case.state in over
        else "这一环节已经办过"
        if each.case_id in done
        else "还没有办到这一环节"
        for each in members
        if each.case_id not in asking
    }


def target(batch: Case, step: str) -> Step:
    """The step of the members in which a step of a batch lands, in the newest version. Raises ValueError for one that does not land."""
    pack = logs.pack_of(batch)
    lands = pack.steps[step].lands
    if lands is None or pack.members is None:
        raise ValueError(f"{step} does not land")
    versions = sorted(logs.packs().items(), reverse=True)
    return next(
        each.steps[lands.step]
        for ref, each in versions
        if ref.procedure == pack.members.procedure and lands.step in each.steps
    )


@transaction.atomic
def land(
    *, batch: Case, step: str, on: date, values: Mapping[str, Any], rows: Rows, account: Account, at: datetime, today: date,
    token: str, key: str = "", behalf: str = "", paper: str = "", seen: int | None = None,
) -> Bulk:  # fmt: skip
    """Record a step of a batch and begin to land it. `bulk.go_on` does the rest. The same token gives the same job.

    Rejected where somebody is missing or left out without a reason, and with the engine's refusals of the batch's own record.
    """
    journal.locked("case", batch.pk)  # nobody joins or leaves meanwhile
    into, members, pack = target(batch, step), present(batch), logs.pack_of(batch)
    if faults := row_faults(members, rows):
        raise Rejected(faults)
    kept = [[each.place, rows[each.place]] for each in members]
    seq = documents.record(
        case=batch, step=pack.steps[step], key=key, by=Actor(account.name, account.pk), account=account, on=on, at=at, today=today,
        values=values, behalf=behalf, paper=paper, seen=seen, token=token, beside={cohort.ROWS: kept},
    )  # fmt: skip
    entered = Written.objects.get(log__kind="case", log__ref=batch.pk, seq=seq)
    return bulk.begin(
        account=account, organ=batch.organ, procedure=pack.members.procedure if pack.members else "", step=into, on=on, values=values,
        own=_own(members, into, rows), at=at, token=f"landed:{entered.digest[:32]}", behalf=behalf, paper=paper, batch=batch, batch_seq=seq,
    )  # fmt: skip


def foreseen(
    *, batch: Case, step: str, on: date, values: Mapping[str, Any], rows: Rows, by: Actor, at: datetime
) -> dict[int, str]:
    """Whom the record would not reach, by place, and why; nothing is written."""
    into, members = target(batch, step), present(batch)
    cases = {each.case_id: each for each in members}
    wanted = []
    for own in _own(members, into, rows):
        case = cases[own.case].case
        if case is not None:
            whole = bulk.fitting(case, into.id, values) | dict(own.values)
            wanted.append(Wanted(case=case, step=into.id, key=own.key, on=on, values=whole))
    return {
        cases[result.case].place: result.refusal
        for result in many.foreseen(wanted=wanted, by=by, at=at)
        if result.refusal
    }


def _own(members: Sequence[Member], into: Step, rows: Rows) -> list[bulk.Own]:
    keys = _keys([each.case_id for each in members if each.case_id], into.id)
    own = []
    for each in members:
        mine = rows.get(each.place, "")
        if each.case_id and not isinstance(mine, str):
            own.append(bulk.Own(each.case_id, mine, keys.get(each.case_id, "")))
    return own


def row_faults(members: Sequence[Member], rows: Rows) -> list[Fault]:
    """Everybody who takes part has a row, and nobody is left out without a reason."""
    faults = [] if members else [Fault("", "这个批次还没有成员。", "请先确定名单。", "nobody")]
    lacking = [each.place for each in members if each.place not in rows]
    unsaid = [each.place for each in members if isinstance(mine := rows.get(each.place), str) and not mine.strip()]
    joining = sum(each.case_id is None for each in members)
    if lacking:
        faults.append(Fault("", f"名单第{_places(lacking)}号没有填写。", "请填写，或写明不记的理由。", "lacking"))
    if unsaid:
        faults.append(Fault("", f"名单第{_places(unsaid)}号不记，没有写明理由。", "请写明理由。", "reason"))
    if joining:
        faults.append(Fault("", f"还有{joining}人正在纳入。", "请等名单全部纳入以后再记录。", "joining"))
    return faults


def _places(places: Sequence[int]) -> str:
    return "、".join(map(str, places[:10])) + ("等" if len(places) > 10 else "")


def _keys(cases: Sequence[int], step: str) -> dict[int, str]:
    """Which occurrence of a step each case asks for now: the first that is open."""
    rows = OpenStep.objects.filter(case__in=cases, step=step, part="", scheduled=False).order_by("-due_on", "-pk")
    return dict(rows.values_list("case", "key"))
