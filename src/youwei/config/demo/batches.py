"""Batches of the demonstration city: each that takes in decisions, with its list fixed and its members' cases begun, by the stories beside the packs.

Nothing here names a procedure.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings

from youwei.cases import batches
from youwei.cases.cohort import Fixed
from youwei.cases.logs import packs
from youwei.cases.models import Case, Member
from youwei.config.demo.by_hand import AREA, go_on
from youwei.config.demo.ledger import moment, officer
from youwei.config.demo.places import Places
from youwei.decisions.models import Decision
from youwei.engine.stories import play, stories
from youwei.rulebook.packs import Kind, Pack

BEGUN = timedelta(weeks=6)
MEMBERS, FEWEST, UNTEAMED = 6, 3, 2
"""So many people are on a list, and so many entries of its story the first of them has, each next one more; so many have no team yet."""


def open_batches(places: Places, *, today: date) -> list[Case]:
    """One batch of each kind, as far as its story goes without its members."""
    told = _told()
    return [
        batch
        for ref, pack in sorted(packs().items())
        if "batch" in pack.about and pack.opens.by and pack.members is not None and "open" in pack.members.join
        for batch in _batch(pack, told.get(str(ref), []), told, places, today)
    ]


def _told() -> dict[str, list[Mapping[str, Any]]]:
    found: dict[str, list[Mapping[str, Any]]] = {}
    for _, story in stories(Path(settings.PACKS)):
        found.setdefault(str(story["procedure"]), []).append(story)
    return found


def _batch(
    pack: Pack,
    mine: Sequence[Mapping[str, Any]],
    told: Mapping[str, Sequence[Mapping[str, Any]]],
    places: Places,
    today: date,
) -> Iterator[Case]:
    if not mine:
        return
    log = play(packs(), mine[0]).log
    later = timedelta(weeks=(today - BEGUN - log[0].on).days // 7)
    clerk, on = officer(places, AREA), log[0].on + later
    batch = batches.open_batch(
        pack=pack, name=f"{on.year}年", organ=places.office(AREA), by=clerk, on=on, at=moment(on), today=on, role=pack.opens.by[0]
    )  # fmt: skip
    go_on(batch, pack, log[1:], later, places, today)
    lists = [entry for entry in log if entry.step in pack.steps and pack.steps[entry.step].kind is Kind.FREEZE]
    fixed_on = lists[0].on + later if lists else today + timedelta(1)
    step = batch.open_steps.filter(step__in=[entry.step for entry in lists]).first()
    if step is not None and fixed_on <= today:
        _members(batch, pack, step.step, told, places, fixed_on, today)
        go_on(batch, pack, log[log.index(lists[0]) + 1 :], later, places, today)
    yield batch


def _members(
    batch: Case,
    mine: Pack,
    step: str,
    told: Mapping[str, Sequence[Mapping[str, Any]]],
    places: Places,
    on: date,
    today: date,
) -> None:
    """Fix the list and begin the members' cases; where teams are to be formed, the first few still wait for theirs."""
    formed = {each.lands.step for each in mine.steps.values() if each.teams is not None and each.lands is not None}
    clerk = officer(places, AREA)
    rows = Decision.objects.filter(
        deciding_organ=batch.organ, state=Decision.State.STANDING, secret=False, made_on__lte=on
    )
    listed: dict[int, Fixed] = {}
    for row in rows.exclude(person=None).exclude(unit=None).filter(person__service="").order_by("-made_on", "-pk"):
        listed.setdefault(row.person_id or 0, Fixed(row.unit_id or 0, row.person_id, row.pk, None))
    fitting = list(listed.values())[:MEMBERS]
    if not fitting:
        return
    stamp: dict[str, Any] = {"batch": batch, "by": clerk, "at": moment(on, 15), "today": on}
    batches.freeze(step=step, fixed=fitting, on=on, **stamp)
    while batches.join_next(**stamp):
        pass
    members = Member.objects.filter(batch=batch).select_related("case__person", "case__subject_organ", "case__organ")
    for more, member in enumerate(members.order_by("place")):
        case = member.case
        story = next(iter(told.get(f"{case.procedure}@{case.version}", [])), None) if case is not None else None
        if case is not None and story is not None:
            log = play(packs(), story).log
            later = timedelta(weeks=-((log[0].on - case.opened_on).days // 7))
            pack = packs()[next(ref for ref in packs() if str(ref) == str(story["procedure"]))]
            entries = [entry for entry in log[1 : FEWEST + more] if more >= UNTEAMED or entry.step not in formed]
            go_on(case, pack, entries, later, places, today)
