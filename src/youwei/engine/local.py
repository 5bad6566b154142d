"""Local rules and opening by hand, as pure functions of packs: whose rules hold for a unit, and what an opener has to say.

A *family* is a pack with all packs laid over it by `extends`, at any depth and in any version; it bears the procedure of the topmost one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from youwei.engine.opening import distance, newest_in_force
from youwei.engine.types import Named, Reason
from youwei.engine.values import is_empty
from youwei.rulebook.pack_facts import FACTS, LETTER_FACTS, PLACE_FACTS, fact_title
from youwei.rulebook.pack_order import condition_names, read_names
from youwei.rulebook.pack_types import FieldType, Name, Pack, PackRef

Names = Sequence[Collection[str]]
"""A unit and the organs above it, the unit first, each with all names it may be written by."""


def lineage(packs: Mapping[PackRef, Pack], pack: Pack) -> tuple[Pack, ...]:
    """A pack and those it is laid over, the nearest first. Loaded packs have no ring and no missing parent."""
    found = [pack]
    while found[-1].extends is not None and found[-1].extends in packs:
        found.append(packs[found[-1].extends])
    return tuple(found)


def family_of(packs: Mapping[PackRef, Pack], pack: Pack) -> str:
    """The procedure of the topmost pack: what all local rules of one regulation have in common."""
    return lineage(packs, pack)[-1].ref.procedure


def members_of(packs: Mapping[PackRef, Pack], family: str) -> frozenset[str]:
    """The procedures of a family, its own among them; only its own when nothing is laid over it."""
    return frozenset({family, *(pack.ref.procedure for pack in packs.values() if family_of(packs, pack) == family)})


@dataclass(frozen=True, slots=True)
class Rules:
    """The pack that holds for a unit, and why this one of its family."""

    pack: Pack
    reason: Reason


def rules_for(packs: Mapping[PackRef, Pack], family: str, names: Names, on: date) -> Rules | None:
    """Of a family in force on a day: the rules of the unit itself, else of the nearest organ above it, else those for all.

    None when nothing of the family is in force for the unit. Of two equally near the one that came into force last is taken.
    """
    found: list[tuple[int, int, Pack, str]] = []
    for pack in newest_in_force(packs, on):
        if family_of(packs, pack) != family:
            continue
        near = distance(pack, names)
        if near is not None:
            found.append((-near[0], pack.in_force_from.toordinal(), pack, near[1]))
    if not found:
        return None
    _, _, pack, name = max(found, key=lambda each: (each[0], each[1], each[2].ref))
    if name:
        return Rules(pack, Reason("own rules", (Named("covers", "适用单位", name),), text=pack.title, basis=pack.basis))
    rule = "general rules" if len(members_of(packs, family)) > 1 else "opens"
    return Rules(pack, Reason(rule, text=pack.title, basis=pack.basis))


@dataclass(frozen=True, slots=True)
class Asked:
    """A fact that the store does not know and a pack reads: whoever opens a case by hand says it."""

    name: str
    title: str
    type: FieldType
    required: bool


def asked(pack: Pack, facts: Mapping[str, Any]) -> tuple[Asked, ...]:
    """What an opener must say: where roles are held that nothing else places, and what only the end of another case would tell."""
    places = dict.fromkeys(PLACE_FACTS[role.at] for role in pack.roles.values() if role.at)
    told = dict.fromkeys(str(name) for name in _read(pack) if str(name) in FACTS and FACTS[str(name)].tellable)
    wanted = [(name, True) for name in (*(LETTER_FACTS if "letter" in pack.about else ()), *places)] + [
        (name, False) for name in told
    ]
    return tuple(
        Asked(name, fact_title(name), FACTS[name].type, required)
        for name, required in wanted
        if is_empty(facts.get(name))
    )


def _read(pack: Pack) -> Iterable[Name]:
    for step in pack.steps.values():
        yield from read_names(step, pack)
        for never in step.never:
            yield from never.when.names
    for outcome in pack.outcomes.values():
        yield from condition_names(outcome.when)


def own_rules(packs: Mapping[PackRef, Pack], family: str, on: date) -> dict[str, Pack]:
    """The local rules of a family in force on a day, by the names of the organs they are for; of two for one organ the later."""
    found: dict[str, Pack] = {}
    local = (pack for pack in newest_in_force(packs, on) if pack.covers and family_of(packs, pack) == family)
    for pack in sorted(local, key=lambda each: (each.in_force_from, each.ref)):
        found |= dict.fromkeys(pack.covers, pack)
    return found
