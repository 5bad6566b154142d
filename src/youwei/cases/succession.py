"""Open cases follow the organs they hang on: merged into another, or placed elsewhere in the tree.

Each case is told by a change of its facts from the day on (情况变更), so its log says why another organ acts now and nothing recorded moves. No date
moves by it. Ended cases stay as they ended; whoever answers for the successor reaches them through it (`organs.queries.reach`).
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from youwei.cases import logs
from youwei.cases.commands import refresh, settle
from youwei.cases.facts import place_facts
from youwei.cases.models import Case
from youwei.engine.sieve import sieve
from youwei.engine.types import Entry, EntryKind
from youwei.journal.actors import Actor
from youwei.journal.commands import Act, append_many
from youwei.journal.models import Log
from youwei.organs.models import Organ
from youwei.organs.queries import WIDE, in_force, region_of
from youwei.people.models import Person
from youwei.rulebook.pack_facts import FACTS
from youwei.rulebook.pack_types import FieldType

ALIVE = (Case.State.OPEN, Case.State.HELD)
ORGAN_FACTS = tuple(name for name, fact in FACTS.items() if fact.type is FieldType.ORGAN)
CHUNK = 200


def alive_at(organ: Organ) -> QuerySet[Case]:
    """Open cases that an organ handles, that are about it or one of its people, or in which a role falls to it now."""
    hanging = Q(organ=organ) | Q(subject_organ=organ) | Q(decision__deciding_organ=organ) | Q(open_steps__organ=organ)
    return Case.objects.filter(hanging, state__in=ALIVE).distinct()


def concerned(organ: Organ) -> QuerySet[Case]:
    """Open cases that a change of an organ may touch: those at it, and, where it serves a region or is one, all that are handled there."""
    keys = Q(pk__in=alive_at(organ).values("pk")) | Q(organ__path__startswith=organ.path)
    if organ.kind in WIDE or organ.kind == Organ.Kind.REGION:
        keys |= Q(organ__path__startswith=region_of(organ).path)
    return Case.objects.filter(keys, state__in=ALIVE)


@transaction.atomic
def follow(*, organ: Organ, by: Actor, on: date, at: datetime, today: date, reason: str) -> int:
    """Bring the open cases after a change of an organ: its successor acts and answers in its stead. Returns how many were told.

    Called once the organ is as it shall be; `on` is the day of the change.
    """
    heir = in_force(organ, None)
    regions = {organ.pk: organ, heir.pk: heir}.values()
    keys = {pk for each in regions for pk in concerned(each).values_list("pk", flat=True)}
    told = 0
    for start in range(0, len(keys), CHUNK):
        chunk = Case.objects.select_related("organ", "subject_organ").filter(pk__in=sorted(keys)[start : start + CHUNK])
        told += _follow(list(chunk), organ, heir, by, on, at, today, reason)
    return told


def _follow(
    cases: Sequence[Case], organ: Organ, heir: Organ, by: Actor, on: date, at: datetime, today: date, reason: str
) -> int:
    _hold(cases)
    entries = logs.logs(cases)
    before = {case.pk: (case.organ_id, case.subject_organ_id) for case in cases}
    for case in cases:
        case.organ, case.subject_organ = (
            heir if each.pk == organ.pk else each for each in (case.organ, case.subject_organ)
        )
    Case.objects.bulk_update(cases, ["organ", "subject_organ"], CHUNK)
    places = place_facts({case.organ_id: case.organ for case in cases}.values())
    wanted = {case.pk: _difference(entries[case.pk], organ, heir, places[case.organ_id]) for case in cases}
    moved = [case for case in cases if wanted[case.pk] or before[case.pk] != (case.organ_id, case.subject_organ_id)]
    _tell(moved, wanted, by, on, at, today, reason)
    return sum(not case.sealed for case in moved)  # of sealed ones nobody is told that there are any


def _tell(
    cases: Sequence[Case],
    values: Mapping[int, Mapping[str, Any]],
    by: Actor,
    on: date,
    at: datetime,
    today: date,
    reason: str,
) -> None:
    """Enter the changed facts of each case and bring its index up to date, some hundreds at a time."""
    append_many(
        Act(
            "case", case.pk, str(EntryKind.FACTS),
            {
                "values": values[case.pk], "reason": reason,
                "case": {"organ_id": case.organ_id, "subject_organ_id": case.subject_organ_id},
            },
            by, on, at,
        )
        for case in cases
    )  # fmt: skip
    refresh(cases, today=today)
    for case in cases:
        if case.state not in ALIVE:  # a procedure that reads where one belongs may end by it
            settle(case=case, entries=logs.log(case), at=at, today=today)


def _hold(cases: Sequence[Case]) -> None:
    """Nobody acts on these cases until the transaction ends."""
    keys = [case.pk for case in cases]
    list(Log.objects.select_for_update().filter(kind="case", ref__in=keys).order_by("ref"))


def _difference(entries: Sequence[Entry], organ: Organ, heir: Organ, places: Mapping[str, str]) -> dict[str, Any]:
    """The facts about organs that are otherwise now."""
    held = sieve(logs.packs(), entries).facts
    found = {name: str(heir.pk) for name in ORGAN_FACTS if held.get(name) == str(organ.pk)} if heir != organ else {}
    return found | {name: key for name, key in places.items() if held.get(name) != key}


@transaction.atomic
def follow_people(
    *, people: Sequence[Person], to: Organ, by: Actor, on: date, at: datetime, today: date, reason: str
) -> int:
    """The open cases about people who go to another organ are about that organ's people from the day on. Returns how many were told.

    Called before the people themselves are moved.
    """
    unit = {person.pk: person.organ_id for person in people}
    found = Case.objects.filter(person__in=list(unit), state__in=ALIVE).select_related("organ", "subject_organ")
    cases = [case for case in found.order_by("pk") if case.subject_organ_id == unit[case.person_id or 0]]
    _hold(cases)
    for case in cases:
        case.subject_organ = to
    Case.objects.bulk_update(cases, ["subject_organ"], CHUNK)
    _tell(cases, {case.pk: {"organ.subject": str(to.pk)} for case in cases}, by, on, at, today, reason)
    return len(cases)
