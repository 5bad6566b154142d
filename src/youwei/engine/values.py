"""Values as they lie in a log (JSON) read by the type of their field; nothing is refused here, ``check`` does that."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from youwei.rulebook.pack_facts import FACTS
from youwei.rulebook.pack_types import Field, FieldType

Values = Mapping[str, Any]
ANSWER = "answer"  # of what is kept about an eligibility, the part that conditions read


def is_empty(value: Any) -> bool:
    return not value and (value is None or isinstance(value, (str, list, tuple, Mapping, frozenset)))


def read_date(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, str):
        try:
            return date.fromisoformat(value[:10] if "T" in value else value)
        except ValueError:
            return value
    return value


def read_number(value: Any) -> Any:
    if isinstance(value, (bool, Decimal)):
        return value
    if isinstance(value, (int, float, str)):
        try:
            number = Decimal(str(value).strip())
        except InvalidOperation:
            return value
        return number if number.is_finite() else value
    return value


def read_value(field: Field, value: Any) -> Any:
    if field.type is FieldType.DATE:
        return read_date(value)
    if field.type is FieldType.NUMBER:
        return read_number(value)
    if field.type is FieldType.ROWS and isinstance(value, (list, tuple)):
        return [read_row(field, each) if isinstance(each, Mapping) else each for each in value]
    return value


def read_row(field: Field, row: Values) -> dict[str, Any]:
    return {key: read_value(field.of[key], each) if key in field.of else each for key, each in row.items()}


def read_values(form: Mapping[str, Field], values: Values) -> dict[str, Any]:
    return {key: read_value(form[key], each) if key in form else each for key, each in values.items()}


def read_facts(values: Values) -> dict[str, Any]:
    """Facts by their catalogue type; what the opener gave (``with.…``) is read as a date where it looks like one."""
    read: dict[str, Any] = {}
    for name, value in values.items():
        fact = FACTS.get(name)
        if fact is None or fact.type is FieldType.DATE:
            read[name] = read_date(value)
        elif fact.type is FieldType.NUMBER:
            read[name] = read_number(value)
        else:
            read[name] = value
    return read


def row_key(row: Any, number: int) -> str:
    """The identity of a row: its ``id``, else its place."""
    if isinstance(row, Mapping) and not is_empty(row.get("id")):
        return str(row["id"])
    return str(number)
