"""What the language has and the program does not carry out yet. A pack that uses it is sound, and is not let in: a key that does nothing deceives."""

from __future__ import annotations

from collections.abc import Iterator

from youwei.rulebook.pack_faultlist import Fault
from youwei.rulebook.pack_types import FieldType, Pack, Step

REMEDY = "请改写，或等程序支持后再装入。"


def unready(pack: Pack) -> list[Fault]:
    """Every place of a pack that the program would silently pass over."""
    found = []
    for step in pack.steps.values():
        found += [Fault(step.file, step.line, path, f"程序还不能执行：{what}。", REMEDY) for path, what in _step(step)]
    return found


def _step(step: Step) -> Iterator[tuple[str, str]]:
    for field in step.form.values():
        for column in field.of.values():
            if column.type is FieldType.GUIDING_CASES:
                yield f"steps.{step.id}.form.{field.id}.of.{column.id}.type", "表格里的案例库栏目"
