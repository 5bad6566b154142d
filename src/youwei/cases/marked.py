"""What the marks of a record come to, as people read it: the weighted whole, and whether it passes. Pure."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from youwei.cases.telling import Open, readable
from youwei.engine.exports import passed, total
from youwei.engine.values import read_values
from youwei.rulebook.packs import Kind, Step

TITLE = "按权重合计"


def told_marks(step: Step, values: Mapping[str, Any], open_to: Open) -> dict[str, tuple[str, str, str]]:
    """A field of its own; none for whoever may not read every mark, nor while one is missing."""
    open_now = {name for name, _ in readable(step, open_to)}
    if step.kind is not Kind.SCORE or any(item.id not in open_now for item in step.items):
        return {}
    given = read_values(step.form, values)
    whole, passes = total(step, given), passed(step, given)
    if not isinstance(whole, Decimal):
        return {}
    verdict = ("，合格" if passes else "，不合格") if isinstance(passes, bool) else ""
    plain = f"{whole:f}".rstrip("0").rstrip(".")
    return {"score.total": (TITLE, f"{plain}分{verdict}", "")}
