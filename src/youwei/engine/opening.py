"""Which packs a recorded event opens, and what a case opens and tells when it ends: pure functions of packs, facts and log."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from youwei.engine.answering import marked
from youwei.engine.conditions import ABSENT, UNKNOWN, Lookup, deciding, evaluate
from youwei.engine.sieve import Packs, sieve
from youwei.engine.types import TERMINATED, Entry, Plan, Reason, Sieved
from youwei.engine.values import is_empty, read_facts
from youwei.engine.view import view_of
from youwei.rulebook.pack_facts import fact_title
from youwei.rulebook.pack_types import REPLY_MARKED, Kind, Name, Pack, PackRef

DECISION_RECORDED, DECISION_ALTERED = "decision.recorded", "decision.altered"


def opens_for(
    packs: Mapping[PackRef, Pack],
    facts: Mapping[str, Any],
    today: date,
    event: str = DECISION_RECORDED,
    names: Sequence[Collection[str]] = (),
) -> list[tuple[PackRef, Reason]]:
    """The packs to open, each with its reason. Of several versions in force the latest is taken.

    `names`: the organ that handles it and those above it, itself first, each with all its names. Of packs about one matter, and of a regulation
    with its local rules, the one whose organ stands nearest is asked, and no other.
    """
    nearest: dict[str, tuple[tuple[int, int, PackRef], Pack]] = {}
    for pack in newest_in_force(packs, today):
        far = distance(pack, names)
        if pack.opens.event != event or far is None:
            continue
        group, rank = pack.matter or _top(packs, pack), (-far[0], pack.in_force_from.toordinal(), pack.ref)
        if group not in nearest or rank > nearest[group][0]:
            nearest[group] = (rank, pack)
    chosen = sorted((pack for _, pack in nearest.values()), key=lambda pack: pack.ref)
    asked = [(pack.ref, called(pack, facts)) for pack in chosen]
    return [(ref, reason) for ref, reason in asked if reason is not None]


def called(pack: Pack, facts: Mapping[str, Any]) -> Reason | None:
    """Why these facts open a pack; None when they do not, wherever it holds."""
    known = read_facts(facts)

    def look(name: Name) -> Any:
        value = known.get(str(name))
        return ABSENT if is_empty(value) else value

    if evaluate(pack.opens.when, look) is not True:
        return None
    named = deciding(pack.opens.when, look, True, _title) if pack.opens.when is not None else ()
    return Reason("opens", named, text=pack.title, basis=pack.basis)


def distance(pack: Pack, names: Sequence[Collection[str]]) -> tuple[int, str] | None:
    """How far above stands the organ a pack is for, and its name; beyond all organs for rules that are for all. None where it does not hold."""
    if not pack.covers:
        return (len(names), "") if pack.extends is None else None
    for far, written in enumerate(names):
        for name in pack.covers:
            if name in written:
                return far, name
    return None


def _top(packs: Mapping[PackRef, Pack], pack: Pack) -> str:
    """The procedure of the topmost pack it is laid over."""
    while pack.extends is not None and pack.extends in packs:
        pack = packs[pack.extends]
    return pack.ref.procedure


def _title(name: Name) -> str:
    return fact_title(str(name))


def newest_in_force(packs: Mapping[PackRef, Pack], on: date) -> list[Pack]:
    """Of every procedure the version in force on a day that came into force last."""
    newest: dict[str, Pack] = {}
    for pack in packs.values():
        other = newest.get(pack.ref.procedure)
        if pack.in_force(on) and (
            other is None or (pack.in_force_from, pack.ref.version) > (other.in_force_from, other.ref.version)
        ):
            newest[pack.ref.procedure] = pack
    return [newest[procedure] for procedure in sorted(newest)]


@dataclass(frozen=True, slots=True)
class Next:
    """A case that a log calls for and that nobody has opened or declined yet. `target`: the entry that calls for it.

    `facts`: it puts right what was said of one person in answer to a letter, and begins with these.
    """

    procedure: str
    target: int
    on: date
    offer: bool = False
    given: Mapping[str, Any] | None = None
    facts: Mapping[str, Any] | None = None


def next_cases(packs: Packs, log: Sequence[Entry], found: Plan) -> list[Next]:
    """What the end of a case, or a record of a step of kind case, calls for. The log may have grown since it was planned."""
    sieved = found.sieved if found.sieved.upto == log[-1].seq else sieve(packs, log)
    wanted = [
        Next(step.procedure, record.seq, record.on)
        for step in sieved.pack.steps.values()
        if step.kind is Kind.CASE
        for record in sieved.records.get(step.id, {}).values()
        if is_empty(record.values.get("case"))
    ]
    outcome = sieved.pack.outcomes.get(sieved.ended.to) if sieved.ended is not None else None
    if sieved.ended is not None and outcome is not None and found.outcome != TERMINATED:
        look = view_of(sieved, found).lookup()
        for each in outcome.opens:
            ended = sieved.ended
            wanted.append(Next(each.procedure, ended.seq, ended.on, each.offer, _values(each.gives, look)))
        wanted += _corrections(packs, log, sieved)
    return [each for each in wanted if (each.target, each.procedure) not in sieved.answered]


def _corrections(packs: Packs, log: Sequence[Entry], sieved: Sieved) -> Iterator[Next]:
    """For each reply that was sent and is marked since, the case that puts it right, where there is a procedure for that."""
    for mark, record, facts in marked(sieved, log):
        day = max(mark.on, sieved.ended.on) if sieved.ended is not None else mark.on
        for pack in newest_in_force(packs, day):
            if pack.opens.event == REPLY_MARKED and sieved.pack.ref.procedure in pack.opens.procedure:
                yield Next(pack.ref.procedure, record.seq, day, True, None, facts)


def told(packs: Packs, log: Sequence[Entry], found: Plan) -> dict[str, Any]:
    """The facts a case tells others when it ends."""
    sieved = found.sieved
    outcome = sieved.pack.outcomes.get(found.outcome or "")
    if outcome is None or not outcome.tells:
        return {}
    return _values(outcome.tells, view_of(sieved, found).lookup())


def _values(wanted: Mapping[str, Any], look: Lookup) -> dict[str, Any]:
    values = {key: _plain(look(each) if isinstance(each, Name) else each) for key, each in wanted.items()}
    return {key: value for key, value in values.items() if not is_empty(value)}


def _plain(value: Any) -> Any:
    """As it may lie in a log."""
    if value is ABSENT or value is UNKNOWN:
        return None
    if isinstance(value, (Decimal, date)):
        return str(value)
    if isinstance(value, Mapping):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(each) for each in value]
    return value
