"""Cases of the demonstration city that a person opened: the stories that lie beside the packs, moved to the months before today.

Nothing here names a procedure: whatever is opened by hand about a person, and has a story, is shown with a few cases in different states.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from youwei.cases.admitting import candidates, let_in
from youwei.cases.by_hand import OFFICE, NotAdmitted, open_by_hand, subject_of, to_say
from youwei.cases.commands import Rejected, act
from youwei.cases.logs import packs
from youwei.cases.models import Case
from youwei.cases.queries import view
from youwei.config.demo.ledger import moment, officer
from youwei.config.demo.places import Places
from youwei.decisions.models import Decision
from youwei.engine.stories import play, stories
from youwei.engine.types import Entry, EntryKind
from youwei.journal.actors import Actor
from youwei.organs.models import Organ
from youwei.people.models import Person
from youwei.rulebook.packs import Field, FieldType, Kind, Pack, PackRef, Step

Thing = Person | Organ | Decision
AREA, LEADER = "青溪区", "cenboan"
SIGNERS = ("mengtingyu", "shenzhixing", "luyuanzhou")
"""Who signs beside the clerk in the stories."""
BEGUN = (35, 126, 84)
"""How many days ago the cases began; whole weeks, so that a working day of the story stays one."""
MOST = len(BEGUN)
ABOUT = {"person", "decision", "organ"}
SAMPLE, SAMPLE_NAME, SAYING = "略", "示例甲", "详见所附材料"
MONTH = re.compile(r"(\d{4})年(\d{1,2})月")


def open_some(people: Sequence[Person], places: Places, *, today: date) -> list[Case]:
    """Of every regulation one case, then a second and a third as long as there are people for them; each up to today.

    About a decision or a unit one case is enough; it is about the first that the regulation admits.
    """
    units = Organ.objects.filter(path__startswith=places.organs[AREA].path, kind=Organ.Kind.DEPARTMENT).order_by("pk")
    decisions = Decision.objects.filter(
        person__in=people, state=Decision.State.STANDING, made_on__lt=today - timedelta(days=BEGUN[0])
    ).order_by("-made_on", "-pk")
    waiting, opened = iter(people), list[Case]()
    for number, days in enumerate(BEGUN):
        for pack, told in _told():
            things: Iterable[Thing] = () if number else decisions if "decision" in pack.about else units
            if "person" in pack.about:
                things = islice(waiting, number < len(told))
            case = _first(pack, told[: number + 1], things, places, today - timedelta(days=days), today)
            opened += [case] if case is not None else []
    return opened


def _first(
    pack: Pack, told: Sequence[Mapping[str, Any]], things: Iterable[Thing], places: Places, wanted: date, today: date
) -> Case | None:
    for thing in things:
        try:
            with transaction.atomic():
                return _tell(pack, told[-1], thing, places, wanted, today)
        except NotAdmitted:  # of this person, unit or decision the regulation opens nothing
            continue
    return None


def open_sealed(places: Places, *, today: date) -> list[Case]:
    """One case of every sealed procedure, up to where another organ has to act; the clerk and the leader are let in."""
    opened, told_of = list[Case](), dict[str, Mapping[str, Any]]()
    for _, story in stories(Path(settings.PACKS)):
        told_of.setdefault(str(story["procedure"]), story)
    for ref, pack in sorted(packs().items()):
        told = told_of.get(str(ref)) if pack.sealed_to else None
        if told is not None:
            case = _tell(pack, told, places.office(AREA), places, today - timedelta(days=BEGUN[0]), today)
            leader = places.actor(LEADER)
            wanted = (
                each
                for each in candidates(case, view(case, today).plan.facts, today)
                if each.account.pk == leader.account_id
            )
            for each in wanted:
                let_in(
                    case=case,
                    candidate=each,
                    reason="分管",
                    by=officer(places, AREA),
                    on=today,
                    at=moment(today),
                    today=today,
                )
            opened.append(case)
    return opened


def _told() -> Iterator[tuple[Pack, list[Mapping[str, Any]]]]:
    """Every pack that is opened by hand about a person, a decision or a unit and laid over no other, with the first of its stories. Reports
    of months and what is about offices have builders of their own.
    """
    found: dict[str, list[Mapping[str, Any]]] = {}
    for _, story in stories(Path(settings.PACKS)):
        found.setdefault(str(story["procedure"]), []).append(story)
    for ref, pack in sorted(packs().items()):
        reports = any(step.reports for step in pack.steps.values())
        shown = ABOUT & {*pack.about} and not pack.sealed_to and not reports
        if pack.opens.by and shown and pack.extends is None and str(ref) in found:
            yield pack, found[str(ref)][:MOST]


def _tell(pack: Pack, story: Mapping[str, Any], thing: Thing, places: Places, wanted: date, today: date) -> Case:
    tale = play(packs(), story)
    weeks = (wanted - tale.log[0].on).days // 7
    later = timedelta(weeks=weeks)
    on = tale.log[0].on + later
    clerk = officer(places, AREA)
    office, role, kind = places.office(AREA), pack.opens.by[0], OFFICE if pack.sealed_to else ""
    case = open_by_hand(
        thing=thing, family=pack.ref.procedure, role=role, organ=office, by=clerk, on=on, at=moment(on), today=on, kind=kind,
        said={
            each.name: str(office.pk) if each.type is FieldType.ORGAN else story.get("facts", {}).get(each.name)
            for each in to_say(subject_of(thing, on, kind), pack, role, office, on)
        },
    )  # fmt: skip
    go_on(case, pack, tale.log[1:], later, places, today)
    return case


def go_on(case: Case, pack: Pack, entries: Sequence[Entry], later: timedelta, places: Places, today: date) -> None:
    """Enter what a story tells, so much later, up to today or as far as the city lets it."""
    clerk, leader = officer(places, AREA), places.actor(LEADER)
    for entry in entries:
        step = pack.steps.get(entry.step)
        if entry.on + later > today or case.state not in (Case.State.OPEN, Case.State.HELD) or _by_itself(pack, step):
            break
        try:
            _enter(
                case,
                packs()[PackRef(case.procedure, case.version)],
                entry,
                later,
                _who(entry, pack, clerk, leader, places),
            )
        except Rejected:  # this person's periods, or who is in office here, are otherwise than in the story: the case stands where it is
            break
        case.refresh_from_db()


def _by_itself(pack: Pack, step: Step | None) -> bool:
    """What comes of it is written by the program (the end of another case, a vote, an alteration), or by another organ let in to a sealed
    case. The story waits there.
    """
    if step is None:
        return False
    elsewhere = bool(pack.sealed_to) and pack.roles[step.by].at != "case organ"
    by_program = (Kind.CASE, Kind.ALTERATION, Kind.FREEZE)
    return elsewhere or step.kind in by_program or step.voters is not None or step.lands is not None


def _who(entry: Entry, pack: Pack, clerk: Actor, leader: Actor, places: Places) -> Actor:
    """The leader acts as leader; whoever signs beside others is somebody else each time."""
    step = pack.steps.get(entry.step)
    if entry.kind is EntryKind.SIGN and step is not None and entry.part in step.signs:
        return places.actor(SIGNERS[step.signs.index(entry.part) % len(SIGNERS)])
    return leader if _held_by(pack, step) == "leader" else clerk


def _held_by(pack: Pack, step: Step | None) -> str:
    return pack.roles[step.by].held_by if step is not None and step.by in pack.roles else ""


def _enter(case: Case, pack: Pack, entry: Entry, later: timedelta, by: Actor) -> None:
    step, on = pack.steps.get(entry.step), entry.on + later
    held_by = _held_by(pack, step)
    form = step.form if step is not None else {}
    act(
        case=case, kind=entry.kind, by=by, on=on, at=moment(on, 15), today=on, step=entry.step,
        key=entry.key, part=entry.part, to=entry.to, target=entry.target, reason=entry.reason,
        behalf=case.subject_organ.name if held_by == "unit" else "",
        values={name: _value(form.get(name), value, case.subject_organ, later, by) for name, value in entry.values.items()},
    )  # fmt: skip


def _value(field: Field | None, value: Any, unit: Organ, later: timedelta, clerk: Actor) -> Any:
    """A value of the story as it may stand in the city: its days moved, its organs and persons those there are."""
    if isinstance(value, Decimal):
        return float(value)
    if field is None:
        return value
    if field.type is FieldType.ROWS:
        return [
            {name: _value(field.of.get(name), each, unit, later, clerk) for name, each in row.items()} for row in value
        ]
    if field.type is FieldType.ORGAN:
        return {"id": str(unit.pk), "name": unit.name}
    if field.type is FieldType.DATE:
        return (date.fromisoformat(str(value)) + later).isoformat()
    if isinstance(value, list):
        return [clerk.name if each == SAMPLE_NAME else each for each in value]
    if not isinstance(value, str):
        return value
    return {SAMPLE: SAYING, SAMPLE_NAME: clerk.name}.get(value) or MONTH.sub(lambda told: _month(told, later), value)


def _month(told: re.Match[str], later: timedelta) -> str:
    """A month that a text of the story names, moved by its middle."""
    moved = date(int(told[1]), int(told[2]), 15) + later
    return f"{moved.year}年{moved.month}月"
