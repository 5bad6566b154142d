"""A procedure as a map: columns for stages, boxes in rows, edges forward and back. No coordinates; ``ui`` draws."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from youwei.engine.types import STATUS_TITLES, Item, Mark, Plan, Status
from youwei.rulebook.pack_types import Pack, RepeatKind


@dataclass(frozen=True, slots=True)
class Box:
    """One step. ``done`` of ``total`` occurrences, for repeating steps."""

    step: str
    title: str
    kind: str
    column: int
    row: int
    status: Status | None  # None: the procedure is drawn without a case
    label: str
    mark: Mark
    here: bool  # the case stands here
    done: int = 0
    total: int = 0
    repeating: bool = False
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Edge:
    source: str
    target: str
    back: bool = False
    taken: bool = False  # the case went along it


@dataclass(frozen=True, slots=True)
class Column:
    stage: str
    title: str
    status: str  # "done", "current", "coming", "skipped" or ""


@dataclass(frozen=True, slots=True)
class MapLayout:
    columns: tuple[Column, ...]
    rows: int
    boxes: tuple[Box, ...]
    edges: tuple[Edge, ...]
    outcomes: tuple[tuple[str, str, bool], ...]  # id, title, whether it is the one reached


def layout(pack: Pack, plan: Plan | None = None, today: date | None = None) -> MapLayout:
    """The map of a pack, with a case's place on it when a plan is given."""
    places = _places(pack)
    boxes = tuple(_box(pack, name, places[name], plan, today) for name in pack.steps)
    edges = [
        Edge(before, name, taken=_taken(plan, before, name))
        for name, step in pack.steps.items()
        for before in _near(pack, step.after)
    ]
    edges += [Edge(name, back, back=True) for name, step in pack.steps.items() for back in step.returns]
    columns = tuple(
        Column(stage.id, stage.title, _stage_status(pack, stage.id, plan)) for stage in pack.stages.values()
    )
    reached = plan.outcome if plan is not None else None
    outcomes = tuple((each.id, each.title, each.id == reached) for each in pack.outcomes.values())
    return MapLayout(columns, max((box.row for box in boxes), default=-1) + 1, boxes, tuple(edges), outcomes)


def _near(pack: Pack, after: tuple[str, ...]) -> list[str]:
    """The steps directly before: those that are not also before another of them."""
    return [name for name in after if not any(name in pack.ancestors.get(other, ()) for other in after)]


def _places(pack: Pack) -> dict[str, tuple[int, int]]:
    """Column by stage; within a column a step stands below everything of that column that comes before it."""
    columns = {stage: number for number, stage in enumerate(pack.stages)}
    filled: dict[int, int] = {}
    places: dict[str, tuple[int, int]] = {}
    for name in pack.order or tuple(pack.steps):
        column = columns.get(pack.steps[name].stage, 0)
        places[name] = (column, filled.get(column, 0))
        filled[column] = filled.get(column, 0) + 1
    return places


def _box(pack: Pack, name: str, place: tuple[int, int], plan: Plan | None, today: date | None) -> Box:
    step = pack.steps[name]
    repeating = step.repeat is not None
    optional = step.repeat is not None and step.repeat.kind is RepeatKind.ANY_TIME
    if plan is None:
        return Box(name, step.title, step.kind, *place, None, "", Mark.NONE, False, 0, 0, repeating, optional)
    state = plan.steps[name]
    items = [item for item in plan.items if item.step == name and not item.optional]
    done = sum(1 for item in items if item.status is Status.DONE)
    here = any(item.status is Status.OPEN for item in items)
    label = f"{done}次" if optional else f"{done}/{len(items)}" if repeating and items else _label(items, state.status)
    mark = _mark(items, today) if today is not None else Mark.NONE
    return Box(
        name, step.title, step.kind, *place, state.status, label, mark, here, done, len(items), repeating, optional
    )


def _label(items: list[Item], status: Status) -> str:
    days = [item.done_on for item in items if item.done_on is not None]
    if status is Status.DONE and days:
        return f"{max(days).month}月{max(days).day}日"
    due = [item.window.due for item in items if item.window.due is not None and item.status is Status.OPEN]
    return f"{min(due).month}月{min(due).day}日前" if due else STATUS_TITLES[status]


def _mark(items: list[Item], today: date) -> Mark:
    marks = [item.mark(today) for item in items if item.status in (Status.OPEN, Status.SCHEDULED)]
    return Mark.LATE if Mark.LATE in marks else Mark.SOON if Mark.SOON in marks else Mark.NONE


def _taken(plan: Plan | None, before: str, name: str) -> bool:
    if plan is None:
        return False
    went = (Status.DONE, Status.EXEMPTED, Status.UNDONE)
    return plan.steps[before].status in went and plan.steps[name].status in (*went, Status.OPEN, Status.SCHEDULED)


def _stage_status(pack: Pack, stage: str, plan: Plan | None) -> str:
    if plan is None:
        return ""
    states = [plan.steps[name] for name, step in pack.steps.items() if step.stage == stage]
    if states and all(state.status is Status.SKIPPED for state in states):
        return "skipped"
    if any(state.status in (Status.OPEN, Status.SCHEDULED) and not state.resolved for state in states):
        return "current"
    if all(state.resolved for state in states):
        return "done"
    return "coming"
