"""What was written before and stands beside the form of a step, as its pack asks: the profile, the plan, what became of each difficulty.

Whoever does the step reads it here, even where otherwise only the office does; sealed fields stay with those they are sealed to.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from youwei.cases.queries import View
from youwei.cases.telling import Open, readable, told, told_row
from youwei.desk.cases import sealing
from youwei.engine.types import Item, Status
from youwei.engine.values import row_key
from youwei.organs.policy import Reader
from youwei.rulebook.packs import RepeatKind, Step

MOST = 12
"""So many records of one step are shown, the newest first; the others stand in the log below."""


@dataclass(frozen=True, slots=True)
class Shown:
    """One record of an earlier step, or one thing of it that is still to be done (`on` is None)."""

    title: str
    on: date | None
    fields: tuple[tuple[str, str], ...]


def shown(who: Reader, view: View, step: Step | None, key: str = "") -> list[Shown]:
    """The row that is to be answered, then in the order the pack names them, and what is to be approved. No query."""
    if step is None:
        return []
    open_to = sealing.open_to(who, view)
    wanted: dict[str, set[str]] = {}
    for name in step.shows:
        wanted.setdefault(name.head, set()).add(name.tail)
    for approved in step.approves:  # nobody approves what is not before them
        wanted.setdefault(approved, {""})
    return _answered(view, step, key, open_to) + [
        each
        for head, tails in wanted.items()
        for each in list(_of_step(view, view.pack.steps[head], frozenset() if "" in tails else tails, open_to))[:MOST]
        if each.fields
    ]


def _answered(view: View, step: Step, key: str, open_to: Open) -> list[Shown]:
    """Of a step done for each row of a table, the row that this one is done for: what was demanded, which difficulty, with every column; of
    one done for each record of another step, that record."""
    source = step.repeat.source if step.repeat is not None else None
    if source is None:
        return []
    before = view.pack.steps[source.head]
    if not source.tail:
        answered = view.standing.get(before.id, {}).get(key)
        return [Shown(before.title, answered.on, _fields(before, answered.values, set(), open_to))] if answered else []
    field = dict(readable(before, open_to)).get(source.tail)
    for record in view.standing.get(before.id, {}).values() if field is not None else ():
        prefix = f"{record.key}/" if before.repeat is not None else ""
        for number, row in enumerate(record.values.get(source.tail) or (), 1):
            if field is not None and isinstance(row, Mapping) and prefix + row_key(row, number) == key:
                cells = ((field.of[name].title, text) for name, text in told_row(field, row).items() if text)
                return [Shown(field.title, record.on, tuple(cells))]
    return []


def _of_step(view: View, step: Step, only: frozenset[str] | set[str], open_to: Open) -> Iterator[Shown]:
    records = view.standing.get(step.id, {})
    if step.repeat is not None and step.repeat.kind is RepeatKind.EACH:
        for item in view.plan.items:
            if item.step == step.id and (item.key in records or item.status in (Status.OPEN, Status.UNDONE)):
                yield _of_item(step, item, records, only, open_to)
        return
    for record in sorted(records.values(), key=lambda each: (each.on, each.seq), reverse=True):
        yield Shown(step.title, record.on, _fields(step, record.values, only, open_to))


def _of_item(
    step: Step, item: Item, records: Mapping[str, Any], only: frozenset[str] | set[str], open_to: Open
) -> Shown:
    """One row that is answered, with what became of it so far."""
    record = records.get(item.key)
    if record is not None:
        return Shown(item.title, record.on, _fields(step, record.values, only, open_to))
    return Shown(item.title, None, (("情况", "还没有办" if item.status is Status.OPEN else "没有办"),))


def _fields(
    step: Step, values: Mapping[str, Any], only: frozenset[str] | set[str], open_to: Open
) -> tuple[tuple[str, str], ...]:
    told_all = ((name, field.title, told(field, values.get(name))) for name, field in readable(step, open_to))
    return tuple((title, text) for name, title, text in told_all if text and (not only or name in only))
