"""A decision entered on the wrong person, or as another organ's: the record is undone and entered anew, in one act, each naming the other.

Nothing of a log moves: the old record stays where it was written, says that it was wrong, and counts nowhere.
"""

from typing import Any

from django.db import transaction

from youwei.decisions import prechecks, series
from youwei.decisions.altering import REPLACED, Doing, Refused, begin, enter
from youwei.decisions.commands import Given, NewDecision, record_many
from youwei.decisions.models import Decision, Measure, SeriesMember
from youwei.decisions.prechecks import Answer
from youwei.organs.models import Organ
from youwei.organs.queries import region_of
from youwei.people.models import Person
from youwei.rulebook.law import load_law

ENTERED_BEFORE = "请先撤回那次登记，改登记以后再登记到新的上面"


@transaction.atomic
def replace(*, decision: int, person: Person | None, organ: Organ | None, doing: Doing) -> Decision:
    """Enter a decision anew on another person, as another organ's, or both; None leaves that as it is. Raises Refused or Stale."""
    held = Decision.objects.values_list("person", flat=True).get(pk=decision)
    both = [pk for pk in (held, person and person.pk) if pk]
    list(Person.objects.select_for_update(no_key=True).filter(pk__in=both).order_by("pk"))
    work = begin(decision, doing)
    row = work.decision
    moved = _moved(row, person, organ)
    measures = list(row.measures.order_by("pk"))
    _refuse(row, measures, moved)
    row.state = Decision.State.UNDONE
    said = {"moved": sorted(moved), **({"organ": organ.pk} if organ is not None and "organ" in moved else {})}
    enter(work, REPLACED, on=doing.on, why="登记有误，改登记", more=said)
    new = _anew(row, measures, person or row.person, organ or row.deciding_organ, same="person" not in moved)
    stamp: dict[str, Any] = {"by": doing.by, "on": doing.on, "at": doing.at}
    ((fresh, _, _),) = record_many([new], convention=doing.convention, **stamp)
    for member in SeriesMember.objects.filter(decision=row, left_on=None).select_related("series").order_by("pk"):
        series.arrange(series=member.series_id, joined=[fresh.pk], left=[], reason="", **stamp)
    return fresh


def _moved(row: Decision, person: Person | None, organ: Organ | None) -> set[str]:
    moved = {"person"} if person is not None and person.pk != row.person_id else set()
    return moved | ({"organ"} if organ is not None and organ.pk != row.deciding_organ_id else set())


def _refuse(row: Decision, measures: list[Measure], moved: set[str]) -> None:
    if not moved:
        raise Refused("", "人员和决定机关都没有变；请至少改一项")
    if row.secret and "person" in moved:
        raise Refused("name", "存根不存人员；只能改决定机关")
    if row.state != Decision.State.STANDING:
        raise Refused("", f"这份决定{row.get_state_display()}；{ENTERED_BEFORE}")
    if any(each.restored_on for each in measures):
        raise Refused("", f"已经登记恢复党员权利；{ENTERED_BEFORE}")
    if any(each.last_day_by_hand for each in measures):
        raise Refused("", f"有人工核定的终止日；{ENTERED_BEFORE}")


def _anew(row: Decision, measures: list[Measure], person: Person | None, organ: Organ, *, same: bool) -> NewDecision:
    """The record as it should have been entered. What was checked before holding somebody to account was checked of that person."""
    law, old = load_law(), row.deciding_organ
    counted_at = row.counted_at
    if row.unit is None and counted_at == region_of(old):
        counted_at = region_of(organ)
    answered = same and row.precheck and row.precheck not in prechecks.MARKS
    return NewDecision(
        deciding_organ=organ, counted_at=counted_at, person=person, unit=row.unit, number=row.number, post=row.post, rank=row.rank,
        managed_by=row.managed_by, made_on=row.made_on, effective_on=row.effective_on, form=row.form, problem=row.problem,
        facts=row.facts(), acts_until=row.acts_until, secret=row.secret, young=row.young, mode=row.mode, replaces=row,
        measures=tuple(Given(law.measure(each.kind), each.label, each.months) for each in measures),
        precheck=Answer(row.precheck, row.precheck_why(), row.precheck_case) if answered else None,
    )  # fmt: skip
