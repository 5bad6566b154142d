"""What a record says beyond its fields, by the kind of its step."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from youwei.engine.conditions import ABSENT, evaluate
from youwei.engine.values import is_empty
from youwei.rulebook.pack_types import Kind, Name, Step

CENT = Decimal("0.01")


def export(step: Step, tail: str, values: Mapping[str, Any]) -> Any:
    """The exported value of that name, a column of a table with all that stands in it, or ABSENT."""
    if step.kind is Kind.SCORE:
        if tail == "total":
            return total(step, values)
        if tail == "passed":
            return passed(step, values)
    if step.kind in (Kind.MEETING, Kind.STUDY) and tail == "present":
        return sum(1 for row in _rows(values, "attendance") if row.get("present") is not False)
    if step.kind is Kind.COMMITTEE and tail == "votes":
        return sum(1 for row in _rows(values, "attendance") if row.get("vote") == "同意")
    if step.kind is Kind.FREEZE and tail == "count":
        return len(values.get("list") or ())
    if step.kind is Kind.APPRAISAL and tail == "share":
        return share(step, values)
    head, _, column = tail.partition(".")
    if column and head in step.form:
        return [row[column] for row in _rows(values, head) if not is_empty(row.get(column))] or ABSENT
    return ABSENT


def total(step: Step, values: Mapping[str, Any]) -> Any:
    """The weighted mark of a hundred, half up to two places; absent while a mark is missing."""
    weights = sum((item.weight for item in step.items), Decimal(0))
    marks = [values.get(item.id) for item in step.items]
    if not weights or any(not isinstance(mark, Decimal) for mark in marks):
        return ABSENT
    parts = [
        mark * 100 * item.weight / item.out_of
        for mark, item in zip(marks, step.items, strict=True)
        if isinstance(mark, Decimal) and item.out_of
    ]
    return (sum(parts, Decimal(0)) / weights).quantize(CENT, ROUND_HALF_UP)


def passed(step: Step, values: Mapping[str, Any]) -> Any:
    whole = total(step, values)
    if whole is ABSENT or step.passes is None:
        return ABSENT

    def lookup(name: Name) -> Any:
        return whole if name.tail == "total" else values.get(name.tail, ABSENT)

    return evaluate(step.passes, lookup) is True


def share(step: Step, values: Mapping[str, Any]) -> Any:
    """The part of all votes given to the first option, in percent."""
    rows = _rows(values, "counts")
    votes = sum((row["number"] for row in rows if isinstance(row.get("number"), Decimal)), Decimal(0))
    if not votes or not step.options:
        return ABSENT
    best = sum((row["number"] for row in rows if row.get("option") == step.options[0]), Decimal(0))
    return (best * 100 / votes).quantize(CENT, ROUND_HALF_UP)


def _rows(values: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    return [row for row in values.get(name) or () if isinstance(row, Mapping)]
