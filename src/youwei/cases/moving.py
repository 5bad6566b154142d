"""Moving open cases to another version of their procedure, one or many, and taking it back. Each case is an entry of its own.

Many are moved as a job: a chunk of cases, what became of each and how far it came are written together, so whoever stops it, it goes on from there
and nothing is moved twice.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from youwei.cases import logs
from youwei.cases.commands import Rejected, act
from youwei.cases.models import Case, Moving
from youwei.engine.moving import Preview, move_values, preview
from youwei.engine.types import EntryKind
from youwei.journal.actors import Actor
from youwei.organs import queries as organs
from youwei.organs.models import Account, Organ
from youwei.rulebook.pack_types import PackRef

CHUNK = 20
ALIVE = (Case.State.OPEN, Case.State.HELD)
LONGEST_REASON = 200
State = Moving.State


class Refused(ValueError):
    """A move that is not begun, with the reason and the remedy in Chinese."""


@dataclass(frozen=True, slots=True)
class Looked:
    """One case and what a move would do to it."""

    case: Case
    preview: Preview


def look(cases: Iterable[Case], to: PackRef, *, today: date, waived: Sequence[str] = ()) -> list[Looked]:
    """What a move would do to these cases; nothing is entered. A fixed number of queries."""
    rows, packs, calendar = list(cases), logs.packs(), organs.calendar()
    entries = logs.logs(rows)
    return [Looked(case, preview(packs, entries[case.pk], to, calendar, today, waived)) for case in rows]


@transaction.atomic
def begin(
    *, ref: PackRef, to: PackRef, cases: Iterable[int], waived: Sequence[str], reason: str, organ: Organ, account: Account, at: datetime
) -> Moving:  # fmt: skip
    """Take in which cases are to be moved, in the order of their numbers. Refused without a case, a reason or such a version."""
    packs, chosen = logs.packs(), sorted(set(cases))
    if not chosen:
        raise Refused("一件事项也没有选；请先选要转入的事项。")
    if not reason.strip() or len(reason) > LONGEST_REASON:
        raise Refused(f"请写明转入的理由，不超过{LONGEST_REASON}个字。")
    if to not in packs or ref not in packs or to.procedure != ref.procedure or to == ref:
        raise Refused("没有这个版本；请从列出的版本里选一个。")
    return Moving.objects.create(
        procedure=ref.procedure, version=ref.version, to=to.version, waived=list(waived), reason=reason.strip(), organ=organ,
        account=account, cases=chosen, begun_at=at,
    )  # fmt: skip


@transaction.atomic
def take_back(*, pk: int) -> bool:
    """Have taken back what a moving has moved. False when it is not done, or nothing was moved."""
    row = Moving.objects.select_for_update().get(pk=pk)
    if row.state != State.DONE or not row.moved:
        return False
    row.state, row.reached, row.refused, row.ended_at = State.UNDOING, 0, [], None
    row.cases = [each["case"] for each in row.moved]
    row.save(update_fields=["state", "reached", "refused", "ended_at", "cases"])
    return True


def go_on(*, moving: Moving, today: date, at: datetime) -> None:
    """Move the cases, or take the moves back, from where it stands."""
    while moving.state in (State.MOVING, State.UNDOING):
        with transaction.atomic():
            moving.refresh_from_db(from_queryset=Moving.objects.select_for_update().select_related("account"))
            _chunk(moving, today, at)


def _chunk(moving: Moving, today: date, at: datetime) -> None:
    back = moving.state == State.UNDOING
    chosen = moving.cases[moving.reached : moving.reached + CHUNK]
    rows = Case.objects.select_related("organ", "subject_organ", "person").in_bulk(chosen)
    moves = {each["case"]: each["seq"] for each in moving.moved}
    for pk in chosen:
        try:
            if back:
                _back(moving, rows[pk], moves[pk], today, at)
                moving.moved = [each for each in moving.moved if each["case"] != pk]
            else:
                moving.moved = [*moving.moved, {"case": pk, "seq": _move(moving, rows[pk], today, at)}]
        except Rejected as refusal:
            moving.refused = [*moving.refused, {"case": pk, "why": str(refusal)}]
    moving.reached += len(chosen)
    if moving.reached >= len(moving.cases):
        moving.state, moving.ended_at = (State.UNDONE if back else State.DONE), at
    moving.save(update_fields=["reached", "moved", "refused", "state", "ended_at"])


def _move(moving: Moving, case: Case, today: date, at: datetime) -> int:
    """The entry that moves a case, from whichever version it is under by now."""
    now, to = logs.pack_of(case), logs.packs()[PackRef(moving.procedure, moving.to)]
    return act(
        case=case, kind=EntryKind.MOVED, by=_by(moving), on=today, at=at, today=today, to=str(to.ref), reason=moving.reason,
        values=move_values(now, to, moving.waived),
    )  # fmt: skip


def _back(moving: Moving, case: Case, seq: int, today: date, at: datetime) -> None:
    act(
        case=case, kind=EntryKind.WITHDRAW, by=_by(moving), on=today, at=at, today=today, target=seq,
        reason=f"撤回转入{moving.to}版",
    )  # fmt: skip


def _by(moving: Moving) -> Actor:
    return Actor(moving.account.name, moving.account.pk)
