"""Cases of the demonstration city that a person opened: the stories that lie beside the packs, moved to the months before today.

Nothing here names a procedure: whatever is opened by hand about a person, and has a story, is shown with a few cases in different states.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings

from youwei.cases.by_hand import open_by_hand
from youwei.cases.commands import act
from youwei.cases.logs import packs
from youwei.cases.models import Case
from youwei.config.demo.ledger import moment, officer
from youwei.config.demo.places import Places
from youwei.engine.stories import play, stories
from youwei.engine.types import Entry
from youwei.journal.actors import Actor
from youwei.organs.models import Organ
from youwei.people.models import Person
from youwei.rulebook.packs import Field, FieldType, Pack, PackRef

AREA, LEADER = "青溪区", "cenboan"
BEGUN = (35, 126, 84, 182, 14)
"""How many days ago the cases began; whole weeks, so that a working day of the story stays one."""
MOST = len(BEGUN)
SAMPLE, SAMPLE_NAME, SAYING = "略", "示例甲", "详见所附材料"


def open_some(people: Sequence[Person], places: Places, *, today: date) -> list[Case]:
    """One case for each of these people, as long as there are stories; each up to today."""
    waiting, opened = iter(people), list[Case]()
    for pack, told in _told():
        for days, story, person in zip(BEGUN, told, waiting, strict=False):
            opened.append(_tell(pack, story, person, places, today - timedelta(days=days), today))
    return opened


def _told() -> Iterator[tuple[Pack, list[Mapping[str, Any]]]]:
    """Every pack that is opened by hand about a person and laid over no other, with the first of its stories."""
    found: dict[str, list[Mapping[str, Any]]] = {}
    for _, story in stories(Path(settings.PACKS)):
        found.setdefault(str(story["procedure"]), []).append(story)
    for ref, pack in sorted(packs().items()):
        if pack.opens.by and "person" in pack.about and pack.extends is None and str(ref) in found:
            yield pack, found[str(ref)][:MOST]


def _tell(pack: Pack, story: Mapping[str, Any], person: Person, places: Places, wanted: date, today: date) -> Case:
    tale = play(packs(), story)
    weeks = (wanted - tale.log[0].on).days // 7
    later = timedelta(weeks=weeks)
    on = tale.log[0].on + later
    clerk, leader = officer(places, AREA), places.actor(LEADER)
    case = open_by_hand(
        thing=person, family=pack.ref.procedure, role=pack.opens.by[0], organ=places.office(AREA), said={}, by=clerk, on=on,
        at=moment(on), today=on,
    )  # fmt: skip
    for entry in tale.log[1:]:
        if entry.on + later > today or case.state not in (Case.State.OPEN, Case.State.HELD):
            break
        _enter(case, packs()[PackRef(case.procedure, case.version)], entry, later, clerk, leader)
        case.refresh_from_db()
    return case


def _enter(case: Case, pack: Pack, entry: Entry, later: timedelta, clerk: Actor, leader: Actor) -> None:
    step, on = pack.steps.get(entry.step), entry.on + later
    held_by = pack.roles[step.by].held_by if step is not None and step.by in pack.roles else ""
    form = step.form if step is not None else {}
    act(
        case=case, kind=entry.kind, by=leader if held_by == "leader" else clerk, on=on, at=moment(on, 15), today=on, step=entry.step,
        key=entry.key, part=entry.part, to=entry.to, target=entry.target, reason=entry.reason,
        behalf=case.subject_organ.name if held_by == "unit" else "",
        values={name: _value(form.get(name), value, case.subject_organ, later, clerk) for name, value in entry.values.items()},
    )  # fmt: skip


def _value(field: Field | None, value: Any, unit: Organ, later: timedelta, clerk: Actor) -> Any:
    """A value of the story as it may stand in the city: its days moved, its organs and persons those there are."""
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
    return {SAMPLE: SAYING, SAMPLE_NAME: clerk.name}.get(value, value) if isinstance(value, str) else value
