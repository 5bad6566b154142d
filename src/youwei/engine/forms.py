"""Whether what was written into a step's form can stand: required, type, choices, how many."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from youwei.engine.conditions import Lookup, evaluate
from youwei.engine.types import Fault
from youwei.engine.values import is_empty, row_key
from youwei.rulebook.pack_types import Field, FieldType, Step

TYPE_FAULTS: Mapping[FieldType, str] = {
    FieldType.TEXT: "应是文字。",
    FieldType.DATE: "不是日期，请按 2024-03-15 填写。",
    FieldType.NUMBER: "不是数字，请只填数字。",
    FieldType.YESNO: "请选“是”或“否”。",
    FieldType.CHOICE: "请从选项中选择。",
    FieldType.ROWS: "应是一张表，请逐行填写。",
    FieldType.PERSON: "请填写一个人的姓名。",
    FieldType.PEOPLE: "请逐一填写姓名。",
    FieldType.ORGAN: "请选择一个单位。",
    FieldType.DECISION: "请填写决定文号。",
    FieldType.FILE: "请上传文件。",
    FieldType.ELIGIBILITY: "请先查询资格。",
    FieldType.GUIDING_CASES: "请从案例库选择。",
}
LONGEST = 100_000


def form_faults(step: Step, values: Mapping[str, Any], look: Lookup) -> list[Fault]:
    """Every fault of the fields, in form order; ``values`` have been read by type."""
    faults = [
        Fault(name, f"“{step.title}”没有“{name}”这一栏。", "请刷新页面后重填。", "unknown field")
        for name in values
        if name not in step.form
    ]
    for field in step.form.values():
        wanted = evaluate(field.when, look)
        value = values.get(field.id)
        if is_empty(value) or (isinstance(value, str) and not value.strip()):
            if field.required and wanted is True:
                faults.append(Fault(field.id, f"“{field.title}”没有填写。", "请填写后再提交。", "required"))
        elif wanted is False:
            faults.append(Fault(field.id, f"“{field.title}”在这种情形下不用填写。", "请清空这一栏。", "not wanted"))
        else:
            faults += field_faults(field, value, field.id)
    return faults


def field_faults(field: Field, value: Any, path: str) -> list[Fault]:
    if not _has_type(field, value):
        return [Fault(path, f"“{field.title}”{TYPE_FAULTS[field.type]}", "", "type")]
    if field.choices:
        return _choice_faults(field, value, path)
    if field.type is FieldType.ROWS:
        return [*_amount(field, len(value), path, "行"), *_row_faults(field, value, path)]
    if field.type is FieldType.PEOPLE:
        return _people_faults(field, value, path)
    if field.type is FieldType.NUMBER:
        return _number_faults(field, value, path)
    if field.type is FieldType.TEXT:
        if len(value) > LONGEST:
            return [Fault(path, f"“{field.title}”太长。", f"请不超过{LONGEST}字，其余作附件。", "too long")]
        return _amount(field, len(value.strip()), path, "字")
    return []


def _has_type(field: Field, value: Any) -> bool:
    match field.type:
        case FieldType.DATE:
            return isinstance(value, date)
        case FieldType.NUMBER:
            return isinstance(value, Decimal)
        case FieldType.YESNO:
            return isinstance(value, bool)
        case FieldType.CHOICE:
            many = isinstance(value, (list, tuple)) and all(isinstance(each, str) for each in value)
            return many if field.many else isinstance(value, str)
        case FieldType.ROWS:
            return isinstance(value, (list, tuple)) and all(isinstance(row, Mapping) for row in value)
        case FieldType.PEOPLE:
            return isinstance(value, (list, tuple)) and all(isinstance(each, (str, Mapping)) for each in value)
        case FieldType.TEXT:
            return isinstance(value, str)
        case FieldType.PERSON | FieldType.ORGAN | FieldType.DECISION:
            return isinstance(value, (str, int, Mapping)) and not isinstance(value, bool)
        case _:
            return isinstance(value, (str, int, Mapping, list, tuple)) and not isinstance(value, bool)


def _choice_faults(field: Field, value: Any, path: str) -> list[Fault]:
    known = {choice.id for choice in field.choices}
    chosen: Sequence[Any] = value if isinstance(value, (list, tuple)) else [value]
    wrong = [each for each in chosen if each not in known]
    if wrong:
        titles = "、".join(choice.title for choice in field.choices)
        return [Fault(path, f"“{field.title}”没有“{wrong[0]}”这一项。", f"可选：{titles}。", "choice")]
    return _amount(field, len(chosen), path, "项") if field.many else []


def _amount(field: Field, count: int, path: str, word: str) -> list[Fault]:
    if field.min is not None and count < field.min:
        return [Fault(path, f"“{field.title}”至少{int(field.min)}{word}，现有{count}{word}。", "请补充。", "too few")]
    if field.max is not None and count > field.max:
        return [Fault(path, f"“{field.title}”至多{int(field.max)}{word}，现有{count}{word}。", "请删减。", "too many")]
    return []


def _number_faults(field: Field, value: Decimal, path: str) -> list[Fault]:
    if field.min is not None and value < field.min:
        return [Fault(path, f"“{field.title}”不得小于{field.min}。", "请改正。", "too small")]
    if field.max is not None and value > field.max:
        return [Fault(path, f"“{field.title}”不得大于{field.max}。", "请改正。", "too large")]
    return []


def person_key(value: Any) -> str:
    """What tells two people apart: an id if there is one, else the name."""
    if isinstance(value, Mapping):
        return str(value.get("id") or value.get("name") or "").strip()
    return str(value).strip()


def _people_faults(field: Field, value: Sequence[Any], path: str) -> list[Fault]:
    keys = [person_key(each) for each in value]
    if not all(keys):
        return [Fault(path, f"“{field.title}”有一行没有姓名。", "请补上姓名或删去这一行。", "blank")]
    if len(set(keys)) != len(keys):
        return [Fault(path, f"“{field.title}”同一人写了两次。", "请删去重复的。", "twice")]
    return _amount(field, len(keys), path, "人")


def _row_faults(field: Field, rows: Sequence[Mapping[str, Any]], path: str) -> list[Fault]:
    faults: list[Fault] = []
    ids = [row_key(row, number) for number, row in enumerate(rows, 1)]
    if len(set(ids)) != len(ids):
        faults.append(Fault(path, f"“{field.title}”有两行编号相同。", "请刷新页面后重填。", "twice"))
    for number, row in enumerate(rows, 1):
        for name, column in field.of.items():
            value, where = row.get(name), f"{path}.{number}.{name}"
            if is_empty(value) or (isinstance(value, str) and not value.strip()):
                if column.required:
                    message = f"“{field.title}”第{number}行没有填写“{column.title}”。"
                    faults.append(Fault(where, message, "请填写，或删去这一行。", "required"))
                continue
            faults += [
                Fault(where, f"“{field.title}”第{number}行：{fault.message}", fault.remedy, fault.code)
                for fault in field_faults(column, value, where)
            ]
        faults += [
            Fault(path, f"“{field.title}”没有“{name}”这一列。", "请刷新页面后重填。", "unknown field")
            for name in row
            if name not in field.of and name != "id"
        ]
    return faults
