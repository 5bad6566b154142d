"""A decision entered anew on another person or as another organ's, with its cases: those of the wrong record end, the right one opens its own.

What was recorded in them stays where it was recorded. A case somebody opened by hand about the decision would not open again by itself,
so the act waits until that one is over.
"""

from dataclasses import replace as copied

from django.db import transaction

from youwei.cases import following, logs
from youwei.cases.doubting import doubt_replies
from youwei.cases.following import ALIVE, Consequences, Look
from youwei.cases.models import Case
from youwei.cases.opening import open_cases
from youwei.decisions import altering, replacing
from youwei.decisions.altering import Doing, Refused, Stale
from youwei.decisions.models import Decision, Period
from youwei.engine.opening import DECISION_RECORDED
from youwei.organs.models import Organ
from youwei.people.models import Person


@transaction.atomic
def replace(*, decision: int, person: Person | None, organ: Organ | None, doing: Doing) -> Consequences | None:
    """Enter it anew. Raises altering.Refused or Stale; None when the token was used before."""
    if altering.entered_before(doing.token):
        return None
    before = _with(following.look(decision), person)
    _refuse_cases(before)
    try:
        fresh = replacing.replace(decision=decision, person=person, organ=organ, doing=doing)
    except Stale:
        if altering.entered_before(doing.token):
            return None
        raise
    reason = f"处分决定登记有误，改登记：{doing.reason.strip()}"
    for case in Case.objects.filter(decision=decision, state__in=ALIVE).order_by("pk"):
        following.end(case, doing, reason)
    history = fresh.mode == Decision.Mode.HISTORY
    open_cases([following.look(fresh.pk).recorded()], by=doing.by, at=doing.at, today=doing.on, history=history)
    new, old = following.look(fresh.pk), following.look(decision)
    for someone in {old.decision.person_id, new.decision.person_id}:
        doubt_replies(someone, doing)
    after = _with(copied(new, cases=old.cases | new.cases, steps=old.steps | new.steps), old.decision.person)
    return Consequences(
        new.decision,
        tuple(new.measures),
        following.period_moves(before, after),
        following.case_moves(before, after, doing.on),
    )


def _with(look: Look, person: Person | None) -> Look:
    """A look that sees the periods of another person too."""
    if person is None or person.pk == look.decision.person_id:
        return look
    rows = Period.objects.filter(person=person, current=True).select_related("measure__decision")
    return copied(look, periods=[*look.periods, *rows.order_by("starts_on", "pk")])


def _refuse_cases(look: Look) -> None:
    by_hand = [each for each in look.cases.values() if each.state in ALIVE and not _by_itself(each)]
    if by_hand:
        titles = "、".join(f"“{each.title}”" for each in by_hand)
        raise Refused("", f"{titles}是另外开办的，还在办，改登记后不会自己重开；请先办结或者终止，再改登记")


def _by_itself(case: Case) -> bool:
    """Whether recording the decision is what opened the case."""
    return logs.pack_of(case).opens.event == DECISION_RECORDED
