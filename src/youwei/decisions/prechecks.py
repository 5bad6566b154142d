"""Whether a decision holds somebody to account, and what became of the check before it (容错审核): asked of every decision, by any door.

What counts is data of the law (`holding_to_account.yaml`). A current decision without an answer owes one; history is marked as history.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from youwei.decisions.models import Decision, Measure
from youwei.journal.actors import Actor
from youwei.journal.commands import Act, append
from youwei.journal.queries import of_token
from youwei.journal.sealing import seal_text
from youwei.rulebook.law import load_law

Precheck = Decision.Precheck
ANSWERED = "decision.prechecked"
MARKS = frozenset({Precheck.HISTORY, Precheck.OWED, Precheck.OFFLINE})
"""What the program says by itself; the others somebody has answered."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What somebody says of the check: the case it was made in, or why none was called for."""

    kind: str
    why: str = ""
    case: int | None = None

    @property
    def whole(self) -> bool:
        if self.kind == Precheck.CASE:
            return self.case is not None
        return self.kind in (Precheck.UNFIT, Precheck.NOT_HELD) and bool(self.why.strip())


def holds(kinds: Iterable[str], problem: str, on: date | None) -> bool:
    """Whether a decision of these measures counts as one that holds somebody to account."""
    return load_law().holds_to_account(list(kinds), problem, on) is not None


def settled(given: Answer | None, *, held: bool, secret: bool, history: bool) -> Answer:
    """What is kept: a whole answer as it was given; where one is called for and there is none, the mark that says so."""
    if secret:
        return Answer(Precheck.OFFLINE if held else "")
    if given is not None and given.whole:
        return given
    if not held:
        return Answer("")
    if history:
        return Answer(Precheck.HISTORY)
    return Answer(Precheck.OWED, given.why if given is not None else "")


def put(row: Decision, answer: Answer) -> None:
    """Set it on a decision, not yet stored."""
    row.precheck, row.precheck_case = answer.kind, answer.case
    row.precheck_why_sealed = seal_text(answer.why.strip(), place="decision.precheck")


def follow(row: Decision, measures: Iterable[Measure]) -> None:
    """Set anew what hangs on the measures, the problem and the day, when one of these was altered: an answer somebody gave stays."""
    if row.precheck and row.precheck not in MARKS:
        return
    held = holds((each.kind for each in measures), row.problem, row.made_on)
    if held and row.precheck:
        return
    put(row, settled(None, held=held, secret=row.secret, history=row.mode == Decision.Mode.HISTORY))


class Refused(ValueError):
    """An answer that cannot stand: the field it is about, the reason and the remedy."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


@transaction.atomic
def answer(
    *, decision: int, given: Answer, seen: str, by: Actor, on: date, at: datetime, token: str | None = None
) -> Decision:  # fmt: skip
    """Say afterwards what became of the check. `seen` is the answer the form knew. Raises Refused; nothing else of the decision is touched."""
    row = Decision.objects.select_for_update(of=("self",)).get(pk=decision)
    if token and of_token(token) is not None:
        return row
    if row.secret:
        raise Refused("", "涉密存根不写容错审核；请在线下材料里载明")
    if row.precheck != seen:
        raise Refused("", "刚刚已有人写过容错审核；请返回看过再改")
    if not given.whole:
        raise Refused(
            *(
                ("case", "没有写容错审核事项；请选择")
                if given.kind == Precheck.CASE
                else ("why", "没有写明理由；请写明为什么")
            )
        )
    return set_to(row, given, by=by, on=on, at=at, token=token)


def set_to(row: Decision, given: Answer, *, by: Actor, on: date, at: datetime, token: str | None = None) -> Decision:
    """Set the answer of a decision, with its entry; called under the lock of the act that changes it."""
    before = kept(row)
    put(row, given)
    row.save(update_fields=["precheck", "precheck_case", "precheck_why_sealed"])
    log, ref = ("person", row.person_id) if row.person_id else ("organ", row.deciding_organ_id)
    append(
        Act(
            log,
            ref,
            ANSWERED,
            {"decision": row.pk, "before": before, "after": kept(row)},
            by,
            on,
            at,
            key=str(row.pk),
            token=token,
        )
    )
    return row


def kept(row: Decision) -> dict[str, Any]:
    """What the log keeps of the check."""
    return {"precheck": str(row.precheck), "precheck_case": row.precheck_case, "precheck_why": row.precheck_why()}
