"""Conditions in strong Kleene logic: true, false, or not yet known (None)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any, Final

from youwei.engine.types import Named
from youwei.engine.values import is_empty, read_number
from youwei.rulebook.pack_types import Clause, Condition, Name, Op, Test


class _Mark:
    __slots__ = ("word",)

    def __init__(self, word: str) -> None:
        self.word = word

    def __repr__(self) -> str:
        return self.word


UNKNOWN: Final = _Mark("unknown")  # the step that would say has not come to its end
ABSENT: Final = _Mark("absent")  # it has, and says nothing
Lookup = Callable[[Name], Any]


def same(left: Any, right: Any) -> bool:
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    return bool(left == right) or str(left) == str(right)


def _matches(value: Any, wanted: tuple[Any, ...]) -> bool:
    values = value if isinstance(value, (list, tuple)) else (value,)
    return any(same(each, want) for each in values for want in wanted)


def _compare(op: Op, left: Any, right: Any) -> bool:
    if isinstance(right, Decimal):
        left = read_number(left)
    if isinstance(left, date) is not isinstance(right, date) or isinstance(left, (bool, str, list)):
        return False
    if op is Op.LT:
        return bool(left < right)
    if op is Op.LE:
        return bool(left <= right)
    if op is Op.GT:
        return bool(left > right)
    return bool(left >= right)


def _goes_beyond(left: Any, right: Any) -> bool:
    """Whether one of the choices is not among the others."""
    within = tuple(right) if isinstance(right, (list, tuple)) else (right,)
    return not all(_matches(each, within) for each in (left if isinstance(left, (list, tuple)) else (left,)))


def judge(test: Test, value: Any, lookup: Lookup) -> bool | None:
    if value is UNKNOWN:
        return None
    absent = value is ABSENT or is_empty(value)
    if test.op is Op.GIVEN:
        return absent is not test.values[0]
    if absent:
        return test.op is Op.NOT
    if test.op is Op.IS:
        return _matches(value, test.values)
    if test.op is Op.NOT:
        return not _matches(value, test.values)
    right = test.values[0] if test.name is None else lookup(test.name)
    if right is UNKNOWN:
        return None
    if right is ABSENT or is_empty(right):
        return False
    return _goes_beyond(value, right) if test.op is Op.BEYOND else _compare(test.op, value, right)


def evaluate(condition: Condition | None, lookup: Lookup) -> bool | None:
    if condition is None:
        return True
    unknown = False
    for table in condition.any_of:
        result = _table(table, lookup)
        if result:
            return True
        unknown = unknown or result is None
    return None if unknown else False


def _table(table: tuple[Clause, ...], lookup: Lookup) -> bool | None:
    unknown = False
    for clause in table:
        result = judge(clause.test, lookup(clause.name), lookup)
        if result is False:
            return False
        unknown = unknown or result is None
    return None if unknown else True


def both(left: bool | None, right: bool | None) -> bool | None:
    if left is False or right is False:
        return False
    return None if left is None or right is None else True


def deciding(
    condition: Condition, lookup: Lookup, result: bool | None, title: Callable[[Name], str]
) -> tuple[Named, ...]:
    """The names, with their values, that made a condition what it is."""
    found: dict[Name, Named] = {}
    for clause in condition.clauses:
        value = lookup(clause.name)
        if judge(clause.test, value, lookup) is not result:
            continue
        for name in (clause.name, clause.test.name):
            if name is not None:
                known = lookup(name)
                shown = None if known is UNKNOWN or known is ABSENT else known
                found[name] = Named(str(name), title(name), shown)
    return tuple(found.values())


def narrowed(condition: Condition | None, own: str, lookup: Lookup) -> Condition | None:
    """What of a condition still hangs on the answers of one step, once the rest is looked up: None where it holds whatever is answered, no table
    where it holds no longer. As long as something of it is not known it stays as it is.
    """
    tables = []
    for table in condition.any_of if condition is not None else ():
        rest = _table(tuple(clause for clause in table if clause.name.head != own), lookup)
        if rest is None:
            return condition
        if rest:
            tables.append(tuple(clause for clause in table if clause.name.head == own))
    return None if condition is None or () in tables else Condition(tuple(tables))
