"""The cases on which a decision that holds somebody to account may rest: ended in a way that its pack says admits it."""

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from youwei.cases import logs
from youwei.cases.models import Case
from youwei.decisions.models import Decision
from youwei.decisions.prechecks import MARKS, Answer
from youwei.intake.prechecks import cell
from youwei.intake.queries import Row


def admitting(people: Iterable[int]) -> "QuerySet[Case]":
    """Those of some persons, the last ended first."""
    ends = Q(pk=None)
    for ref, pack in logs.packs().items():
        admits = [name for name, end in pack.outcomes.items() if end.admits]
        if admits:
            ends |= Q(procedure=ref.procedure, version=ref.version, outcome__in=admits)
    rows = Case.objects.filter(ends, person__in=list(people), state=Case.State.ENDED, sealed=False)
    return rows.order_by("-ended_on", "-pk")


def checked(given: Iterable[tuple[int, Answer | None]]) -> list[Answer | None]:
    """Answers, each with the person it is about: one that names a case which does not admit is owed, and says what it named. One query."""
    answers = list(given)
    named = {person for person, answer in answers if answer is not None and answer.case is not None}
    known = set(admitting(named).values_list("person", "pk")) if named else set()
    return [
        Answer(Decision.Precheck.OWED, f"所写事项{answer.case}不是本人已经办结、可以作出问责决定的容错审核事项")
        if answer is not None and answer.case is not None and (person, answer.case) not in known
        else answer
        for person, answer in answers
    ]


def said_by(row: Row) -> Answer | None:
    """What a row of a ledger says of the check before holding to account."""
    said = row.values.get("precheck")
    return Answer(said["kind"], said.get("why", ""), said.get("case")) if said else None


def told_by(row: Row) -> str:
    """The whole answer a row gives, as its cell; nothing where it owes one itself."""
    said = said_by(row)
    return cell(said.kind, said.why.strip(), said.case) if said is not None and said.whole else ""


def told_of(decision: Decision) -> str:
    """The answer somebody has given of a decision, as the cell of a ledger; nothing where there is none but a mark."""
    if not decision.precheck or decision.precheck in MARKS:
        return ""
    return cell(decision.precheck, decision.precheck_why(), decision.precheck_case)
