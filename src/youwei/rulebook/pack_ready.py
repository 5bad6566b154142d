"""What the language has and the program does not carry out yet. A pack that uses it is sound, and is not let in: a key that does nothing deceives."""

from __future__ import annotations

from collections.abc import Iterator

from youwei.rulebook.pack_faultlist import Fault
from youwei.rulebook.pack_types import Field, FieldType, Pack, Step

REMEDY = "请改写，或等程序支持后再装入。"
TYPES = {FieldType.GUIDING_CASES: "案例库栏目"}


def unready(pack: Pack) -> list[Fault]:
    """Every place of a pack that the program would silently pass over."""
    found = []
    for step in pack.steps.values():
        found += [Fault(step.file, step.line, path, f"程序还不能执行：{what}。", REMEDY) for path, what in _step(step)]
    return found


def _step(step: Step) -> Iterator[tuple[str, str]]:
    path = f"steps.{step.id}"
    for field in step.form.values():
        yield from _field(field, f"{path}.form.{field.id}")


def _field(field: Field, path: str) -> Iterator[tuple[str, str]]:
    if field.type in TYPES:
        yield f"{path}.type", TYPES[field.type]
    for column in field.of.values():
        yield from _field(column, f"{path}.of.{column.id}")
