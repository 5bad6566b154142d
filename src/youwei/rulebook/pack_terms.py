"""The small phrases of a pack: lengths, dates, names and tests. Each reader returns None when the phrase is not one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from youwei.rulebook.pack_types import Clause, Condition, Name, Op, Span, Term, Test, Unit
from youwei.rulebook.pack_yaml import Node, scalar

UNITS: Mapping[str, Unit] = {
    "working day": Unit.WORKING_DAYS,
    "working days": Unit.WORKING_DAYS,
    "day": Unit.DAYS,
    "days": Unit.DAYS,
    "week": Unit.WEEKS,
    "weeks": Unit.WEEKS,
    "month": Unit.MONTHS,
    "months": Unit.MONTHS,
    "year": Unit.YEARS,
    "years": Unit.YEARS,
}
NAME = re.compile(r"([^\W\d]\w*)\.(\w+(?:\.\w+)?)")
SPAN = re.compile(r"(\d+) (working days?|days?|weeks?|months?|years?)")
ANCHORED = re.compile(rf"{SPAN.pattern} (after|before) (.+)")
COMPARED = re.compile(r"(<=|>=|<|>)\s*(.+)")
MOST_COUNT = 1200


def read_name(text: Any) -> Name | None:
    matched = NAME.fullmatch(text) if isinstance(text, str) else None
    return Name(matched[1], matched[2]) if matched else None


def read_span(text: Any) -> Span | None:
    matched = SPAN.fullmatch(text) if isinstance(text, str) else None
    if not matched or not 0 < int(matched[1]) <= MOST_COUNT:
        return None
    return Span(int(matched[1]), UNITS[matched[2]])


def read_term(node: Node) -> Term | None:
    """``N unit``, ``N unit after name``, ``N unit before name or name`` (the first given), a name, or a list of names."""
    if node.is_list():
        names = [read_name(each.value) for each in node.elements()]
        found = tuple(name for name in names if name is not None)
        if not found or len(found) != len(names):
            return None
        return Term("、".join(map(str, found)), names=found)
    if not node.is_text():
        return None
    text = node.value
    if (span := read_span(text)) is not None:
        return Term(text, span)
    if matched := ANCHORED.fullmatch(text):
        length = read_span(f"{matched[1]} {matched[2]}")
        anchors = [read_name(each) for each in matched[4].split(" or ")]
        known = tuple(name for name in anchors if name is not None)
        return Term(text, length, matched[3], known) if length and len(known) == len(anchors) else None
    name = read_name(text)
    return Term(text, names=(name,)) if name else None


def read_test(node: Node) -> Test | None:
    """A value, a list of values, a comparison in quotes, ``{not: …}``, ``{given: …}`` or ``{beyond: name}``."""
    if node.is_map():
        return _table_test(node)
    if node.is_list():
        values = tuple(each.value for each in node.elements())
        ok = values and not any(isinstance(value, (dict, list)) or value is None for value in values)
        return Test(Op.IS, values) if ok else None
    if node.value is None:
        return None
    compared = COMPARED.fullmatch(node.value) if node.is_text() else None
    return _comparison(Op(compared[1]), compared[2].strip()) if compared else Test(Op.IS, (node.value,))


def _table_test(node: Node) -> Test | None:
    if set(node.value) == {"given"} and isinstance(node.value["given"].value, bool):
        return Test(Op.GIVEN, (node.value["given"].value,))
    if set(node.value) == {"not"}:
        inner = read_test(node.value["not"])
        return Test(Op.NOT, inner.values) if inner is not None and inner.op is Op.IS else None
    if set(node.value) == {"beyond"} and (name := read_name(node.value["beyond"].value)) is not None:
        return Test(Op.BEYOND, name=name)
    return None


def _comparison(op: Op, right: str) -> Test | None:
    value = scalar(right)
    if isinstance(value, (int, Decimal)) and not isinstance(value, bool):
        return Test(op, (Decimal(value),))
    if isinstance(value, date):
        return Test(op, (value,))
    name = read_name(right)
    return Test(op, name=name) if name else None


def read_condition(node: Node) -> Condition | None:
    """A table of tests or a list of such tables; None when any part of it is not one."""
    tables = []
    for table in node.elements():
        if not table.is_map() or not table.value:
            return None
        clauses = []
        for key, value in table.items():
            name, test = read_name(key), read_test(value)
            if name is None or test is None:
                return None
            clauses.append(Clause(name, test))
        tables.append(tuple(clauses))
    return Condition(tuple(tables)) if tables else None


def bind(condition: Condition | None, old: str, new: str) -> Condition | None:
    """The condition with one head of its names replaced: standard fields speak of ``self``."""
    if condition is None:
        return None

    def name(each: Name) -> Name:
        return Name(new, each.tail) if each.head == old else each

    def clause(each: Clause) -> Clause:
        other = name(each.test.name) if each.test.name else None
        return Clause(name(each.name), Test(each.test.op, each.test.values, other))

    return Condition(tuple(tuple(clause(each) for each in table) for table in condition.any_of))
