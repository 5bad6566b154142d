"""A change of an organ with all that hangs on it: roles, people and open cases, together or not at all."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.core import signing
from django.db import transaction

from youwei.cases import succession
from youwei.organs import changes, commands
from youwei.organs.changes import Ground
from youwei.organs.commands import Refused
from youwei.organs.models import Organ
from youwei.organs.roster import RosterRow
from youwei.people.commands import move_many
from youwei.people.models import Person
from youwei.people.queries import active
from youwei.ui.words import cn_date

Given = Mapping[str, Any]
ROSTER = "organs.roster"


@dataclass(frozen=True, slots=True)
class Outcome:
    """How many people moved and how many open cases were told."""

    people: int = 0
    cases: int = 0


class Act(NamedTuple):
    """One kind of change: what it does to organs (None when the form was sent before), and what follows for people and open cases."""

    title: str
    change: Callable[[Organ, Given, Ground], Organ | None]
    follow: Callable[[Organ, Organ, Given, Ground], Outcome]


def _rename(organ: Organ, given: Given, ground: Ground) -> Organ | None:
    return organ if changes.rename(organ=organ, name=given["name"], ground=ground) else None


def _place(organ: Organ, given: Given, ground: Ground) -> Organ | None:
    done = changes.place(organ=organ, parent=given["parent"], managed_by=given["managed_by"], ground=ground)
    return organ if done else None


def _merge(organ: Organ, given: Given, ground: Ground) -> Organ | None:
    return organ if changes.merge(organ=organ, into=given["into"], ground=ground) else None


def _split(organ: Organ, given: Given, ground: Ground) -> Organ | None:
    children = list(Organ.objects.filter(pk__in=given.get("children") or ()))
    return changes.split_off(
        organ=organ, name=given["name"], kind=given["kind"], parent=given["parent"], children=children, ground=ground
    )


def _abolish(organ: Organ, given: Given, ground: Ground) -> Organ | None:
    alive = succession.alive_at(organ).filter(sealed=False).count()
    if alive and not ground.sent_before():
        raise Refused(
            f"撤销：还有{alive}件在办事项由它办理或与它有关；请先办结或把人员转到别的单位，有承接单位的请用“并入”"
        )
    return organ if changes.abolish(organ=organ, ground=ground) else None


def _nothing(organ: Organ, after: Organ, given: Given, ground: Ground) -> Outcome:
    return Outcome()


def _placed(organ: Organ, after: Organ, given: Given, ground: Ground) -> Outcome:
    return Outcome(cases=_cases(after, "隶属调整", ground))


def _merged(organ: Organ, after: Organ, given: Given, ground: Ground) -> Outcome:
    into: Organ = given["into"]
    people = active().select_for_update().filter(organ=organ)
    moved = move_many(people=people, to=into, by=ground.by, on=ground.on, at=ground.at)
    return Outcome(moved, _cases(after, f"{organ.name}并入{into.name}", ground))


def _divided(organ: Organ, after: Organ, given: Given, ground: Ground) -> Outcome:
    return Outcome(cases=_cases(after, f"{organ.name}分设{after.name}", ground))


ACTS: Mapping[str, Act] = {
    "rename": Act("更名", _rename, _nothing),
    "place": Act("调整隶属", _place, _placed),
    "merge": Act("并入其他单位", _merge, _merged),
    "split": Act("分设新单位", _split, _divided),
    "abolish": Act("撤销", _abolish, _nothing),
}


@transaction.atomic
def carry_out(act: Act, organ: Organ, given: Given, ground: Ground) -> Outcome | None:
    """Do a change whole. None when the form was sent before; raises Refused with nothing changed."""
    changed = act.change(organ, given, ground)
    if changed is None:
        return None
    after = Organ.objects.select_related("merged_into", "parent").get(pk=changed.pk)
    return act.follow(organ, after, given, ground)


def try_out(act: Act, organ: Organ, given: Given, ground: Ground) -> None:
    """Change the organs and take it back at once: raises Refused with what would refuse it."""
    with transaction.atomic():
        act.change(organ, given, ground)
        transaction.set_rollback(True)


def _cases(organ: Organ, why: str, ground: Ground) -> int:
    reason = f"{why}（{ground.paper.strip()}，{cn_date(ground.on)}起）"
    return succession.follow(organ=organ, by=ground.by, on=ground.on, at=ground.at, today=ground.today, reason=reason)


@transaction.atomic
def transfer(*, people: Sequence[Person], to: Organ, ground: Ground) -> Outcome:
    """People go to another unit together; the open cases about them there go along."""
    if any(person.organ_id == to.pk for person in people):
        raise Refused("转到哪个单位：就是现在的单位；请填写另一个")
    if to.starts_on is not None and ground.on < to.starts_on:
        raise Refused(f"生效日期：{to.name}自{cn_date(to.starts_on)}起才有；请核对日期")
    reason = f"人员转到{to.name}（{ground.paper.strip()}，{cn_date(ground.on)}起）"
    told = succession.follow_people(
        people=people, to=to, by=ground.by, on=ground.on, at=ground.at, today=ground.today, reason=reason
    )
    return Outcome(move_many(people=people, to=to, by=ground.by, on=ground.on, at=ground.at), told)


@dataclass(frozen=True, slots=True)
class Roster:
    """A list of organs as it would be entered: the new ones, how many are known, and the whole list, signed, for the confirmation."""

    new: list[Organ]
    known: int
    packed: str


def try_roster(rows: Sequence[RosterRow], ground: Ground) -> Roster:
    """What entering a list would enter; raises Refused naming the row."""
    last = Organ.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    with transaction.atomic():
        commands.load_organs(rows=rows, by=ground.by, on=ground.on, at=ground.at)
        made = Organ.objects.filter(pk__gt=last).select_related("parent", "managed_by").order_by("pk")
        new = list(made)
        transaction.set_rollback(True)
    return Roster(new, len(rows) - len(new), pack(rows))


def pack(rows: Iterable[RosterRow]) -> str:
    """A list to be carried by the confirmation, signed so that it comes back as it was read."""
    return signing.dumps(
        [[r.row, r.name, r.parent, r.kind, r.level, r.managed_by] for r in rows], salt=ROSTER, compress=True
    )


def unpack(text: str) -> list[RosterRow]:
    """The list a confirmation carries; raises Refused when it is not what was read."""
    try:
        return [RosterRow(*row) for row in signing.loads(text, salt=ROSTER)]
    except signing.BadSignature as bad:
        raise Refused("名录：核对的内容没有完整送回；请重新上传") from bad
