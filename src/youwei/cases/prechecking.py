"""The cases on which a decision that holds somebody to account may rest: ended in a way that its pack says admits it."""

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from youwei.cases import logs
from youwei.cases.models import Case
from youwei.decisions.models import Decision
from youwei.decisions.prechecks import Answer


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
