"""Who waits for whom: the graph of steps, its order, its ancestors, and the duties that may not be left undone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType

from youwei.rulebook.pack_types import Condition, Kind, Name, Pack, Step, Term

MUST_KINDS = frozenset({Kind.APPROVAL, Kind.COMMITTEE, Kind.SCORE, Kind.FREEZE, Kind.CASE, Kind.ALTERATION})
FEWEST_AT_ONCE = 3


def condition_names(condition: Condition | None) -> tuple[Name, ...]:
    return condition.names if condition is not None else ()


def term_names(*terms: Term | None) -> list[Name]:
    return [name for term in terms if term is not None for name in term.names]


def read_names(step: Step, pack: Pack) -> list[Name]:
    """Every name whose value decides whether or when the step is done."""
    names = [*condition_names(step.when), *term_names(step.start, step.due, step.limit)]
    if step.stage in pack.stages:
        names += condition_names(pack.stages[step.stage].when)
    if step.repeat is not None:
        names += term_names(step.repeat.start, step.repeat.until)
        if step.repeat.source is not None:
            names.append(step.repeat.source)
    return names


def reads(pack: Pack, fact: str) -> bool:
    """Whether a procedure asks for a fact anywhere."""
    names = [name for step in pack.steps.values() for name in read_names(step, pack)]
    names += [name for outcome in pack.outcomes.values() for name in condition_names(outcome.when)]
    return fact in {str(name) for name in names}


def names_read(pack: Pack) -> list[Name]:
    """Every name that decides anything in a pack: of steps and their refusals, of outcomes."""
    names = [name for step in pack.steps.values() for name in read_names(step, pack)]
    names += [name for step in pack.steps.values() for never in step.never for name in never.when.names]
    return names + [name for outcome in pack.outcomes.values() for name in condition_names(outcome.when)]


def edges(step: Step, pack: Pack) -> tuple[str, ...]:
    """The steps that must be judged before this one: its ``after`` and every step it reads."""
    read = [name.head for name in read_names(step, pack) if name.head in pack.steps and name.head != step.id]
    return tuple(dict.fromkeys([*(each for each in step.after if each in pack.steps), *read]))


def find_ring(graph: Mapping[str, Iterable[str]]) -> tuple[str, ...]:
    """A ring in the graph, first node repeated at the end; empty when there is none."""
    state: dict[str, int] = {}
    trail: list[str] = []

    def visit(node: str) -> tuple[str, ...]:
        state[node] = 1
        trail.append(node)
        for other in graph[node]:
            if state.get(other) == 1:
                return (*trail[trail.index(other) :], other)
            if other not in state and (ring := visit(other)):
                return ring
        trail.pop()
        state[node] = 2
        return ()

    for node in graph:
        if node not in state and (ring := visit(node)):
            return ring
    return ()


def sort_steps(graph: Mapping[str, Iterable[str]]) -> tuple[str, ...]:
    """Dependency order, the file's order where there is a choice. The graph has no ring."""
    done: dict[str, None] = {}

    def visit(node: str) -> None:
        if node in done:
            return
        for other in graph[node]:
            visit(other)
        done[node] = None

    for node in graph:
        visit(node)
    return tuple(done)


def _ancestors(steps: Mapping[str, Step], order: tuple[str, ...]) -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for name in order:
        before = [each for each in steps[name].after if each in steps]
        found[name] = frozenset(before).union(*(found[each] for each in before))
    return found


def _read_by_others(pack: Pack) -> set[str]:
    """Steps that a condition, refusal, date or outcome of another reads."""
    heads: set[str] = set()
    for step in pack.steps.values():
        source = step.repeat.source if step.repeat is not None else None
        names = [name for name in read_names(step, pack) if name is not source]
        names += [name for never in step.never for name in never.when.names]
        heads |= {name.head for name in names if name.head != step.id}
    for outcome in pack.outcomes.values():
        heads |= {name.head for name in condition_names(outcome.when)}
    return heads


def is_parallel(pack: Pack) -> bool:
    """Whether most steps of a procedure begin at once: then it is a list to be worked off, and no way to be gone."""
    at_once = [step for step in pack.steps.values() if not step.after]
    return len(at_once) >= FEWEST_AT_ONCE and 2 * len(at_once) > len(pack.steps)


def arrange(pack: Pack) -> tuple[Pack, tuple[str, ...]]:
    """The pack with order, ancestors and implied duties; and a ring of its steps, if it has one."""
    graph = {name: edges(step, pack) for name, step in pack.steps.items()}
    ring = find_ring(graph)
    if ring:
        return pack, ring
    order = sort_steps(graph)
    read = _read_by_others(pack)
    steps = {
        name: replace(step, must=True) if step.kind in MUST_KINDS or name in read else step
        for name, step in pack.steps.items()
    }
    ancestors = _ancestors(steps, order)
    return replace(pack, steps=MappingProxyType(steps), order=order, ancestors=MappingProxyType(ancestors)), ()
