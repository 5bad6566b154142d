"""What of a run can still be read: two runs that leave the same behind go on alike, and only one of them need be walked.

A step is *settled* when nothing that may still be recorded can make it read otherwise. Of a settled step there remain the day on which it let the
next ones open, and what of its values conditions, dates and rows of steps that are not settled still ask for. Conditions are worked out as far as the
settled steps and the facts of the opening decide them (`remaining`): what they no longer ask about tells no two runs apart. Of all other steps
everything is kept as it stands. Where it is not certain that a step is settled it is not: that costs runs, never a fault.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Set
from typing import Any

from youwei.engine.conditions import UNKNOWN, Lookup, both, evaluate, judge
from youwei.engine.planner import RESOLVED, Planner
from youwei.engine.types import Standing, Status
from youwei.rulebook.pack_order import read_names, term_names
from youwei.rulebook.pack_types import ROW, Condition, Name, Never, RepeatKind, Step

Over = Callable[[Step], bool]  # whether a step that may be done at any time is recorded no more


def residue(planner: Planner, touched: Set[tuple[str, str]], over: Over) -> Hashable:
    """All that the rest of a run depends on; ``touched``: what the run has done or passed over and comes back to no more."""
    pack = planner.pack
    settled: set[str] = set()
    look = _settled_only(planner, settled)
    for name in pack.order:
        if _is_settled(planner, pack.steps[name], settled, look, over):
            settled.add(name)
    kept: list[Hashable] = [planner.today]
    for name in pack.order:
        step = pack.steps[name]
        kept.append(planner.passes_on[name] if name in settled else _unsettled(planner, step, look, touched))
    kept += [remaining(outcome.when, look) for outcome in pack.outcomes.values()]
    return tuple(kept)


def remaining(condition: Condition | None, look: Lookup) -> Hashable:
    """A condition as far as it is still open: True, False, or the tests nobody has answered, with the side of each that is known."""
    if condition is None:
        return True
    tables = set()
    for table in condition.any_of:
        left: set[Hashable] = set()
        for clause in table:
            value = look(clause.name)
            result = judge(clause.test, value, look)
            if result is False:
                break
            if result is None:
                other = look(clause.test.name) if clause.test.name is not None else None
                left.add((clause, frozen(value), frozen(other)))
        else:
            if not left:
                return True
            tables.add(frozenset(left))
    return frozenset(tables) or False


def frozen(value: Any) -> Hashable:
    if isinstance(value, Mapping):
        return tuple((key, frozen(value[key])) for key in sorted(value))
    if isinstance(value, (list, tuple)):
        return tuple(frozen(each) for each in value)
    return value if isinstance(value, Hashable) else repr(value)


def _settled_only(planner: Planner, settled: Set[str]) -> Lookup:
    """Facts and settled steps as the plan reads them; everything else may still be anything."""
    whole = planner.view.lookup()

    def look(name: Name) -> Any:
        if name.head == ROW or (name.head in planner.pack.steps and name.head not in settled):
            return UNKNOWN
        return whole(name)

    return look


def _is_settled(planner: Planner, step: Step, settled: Set[str], look: Lookup, over: Over) -> bool:
    """``settled``: those among the steps before it in the order of the pack."""
    if not planner.view.states[step.id].resolved or not settled >= set(step.after):
        return False
    if not settled >= set(step.approves):
        return False  # an approval falls with the text that it approves
    for item in planner.items[step.id]:
        if item.status not in RESOLVED and not (item.optional and item.status is Status.OPEN):
            return False
    stage = planner.pack.stages.get(step.stage)
    if step.repeat is not None:
        names = [*read_names(step, planner.pack), *(name for never in step.never for name in never.when.names)]
        heads = {name.head for name in names if name.head in planner.pack.steps and name.head != step.id}
        return settled >= heads and (step.repeat.kind is not RepeatKind.ANY_TIME or over(step))
    wanted = both(evaluate(stage.when if stage is not None else None, look), evaluate(step.when, look))
    if wanted is None:
        return False
    done = planner.view.done.get(step.id, []) if wanted else []
    return not any(_may_catch(planner, never, record, look) for never in step.never for record in done)


def _may_catch(planner: Planner, never: Never, record: Standing, look: Lookup) -> bool:
    """Whether a refusal could still turn against a record that stands."""

    def with_record(name: Name) -> Any:
        return planner.view.read(record, name.tail) if name.head == record.step else look(name)

    return evaluate(never.when, with_record) is not False


def _unsettled(planner: Planner, step: Step, look: Lookup, touched: Set[tuple[str, str]]) -> Hashable:
    sieved, pack, state = planner.sieved, planner.pack, planner.view.states[step.id]
    stage, repeat = pack.stages.get(step.stage), step.repeat
    terms = [step.start, step.due, step.limit, *((repeat.start, repeat.until) if repeat is not None else ())]
    source = repeat.source if repeat is not None else None
    return (
        (state.status, state.resolved, state.opened_on, planner.passes_on[step.id]),
        tuple(_item(item) for item in planner.items[step.id]),
        frozenset(key for name, key in touched if name == step.id),
        tuple(_record(record) for record in sieved.records.get(step.id, {}).values()),
        tuple((place, entry.on) for kept in (sieved.exempts, sieved.undone) for place, entry in kept.items() if place[0] == step.id),
        remaining(stage.when if stage is not None else None, look),
        remaining(step.when, look),
        tuple(remaining(never.when, look) for never in step.never),
        tuple(frozen(planner.view.lookup()(name)) for name in term_names(*terms) if name.head != ROW),
        tuple(_record(record) for record in planner.view.done.get(source.head, [])) if source is not None else (),
    )  # fmt: skip


def _item(item: Any) -> Hashable:
    return (
        item.key, item.status, item.optional, item.opened_on, item.done_on, item.window.start, item.missing, item.may,
        item.status is Status.OPEN and any(reason.rule == "never" for reason in item.why),
    )  # fmt: skip


def _record(record: Standing) -> Hashable:
    return (record.key, record.on, frozen(record.values), tuple(sorted(record.signs)))
