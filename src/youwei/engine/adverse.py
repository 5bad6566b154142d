"""Adverse facts in an appraisal: only what was concluded enters, and the person has been heard on it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from youwei.engine.types import Fault
from youwei.engine.values import is_empty
from youwei.rulebook.days import chinese_date
from youwei.rulebook.pack_kinds import ADVERSE
from youwei.rulebook.pack_types import FieldType, Step


def adverse_faults(step: Step, on: date, values: Mapping[str, Any]) -> list[Fault]:
    """Of every table of adverse facts of a step written on a day; what lacks or is misread in a cell is told elsewhere."""
    found = []
    for field in step.form.values():
        rows = values.get(field.id)
        if field.type is not FieldType.ROWS or field.subject != ADVERSE or not isinstance(rows, (list, tuple)):
            continue
        for number, row in enumerate(rows, 1):
            for column, message, remedy in _row(row, on) if isinstance(row, Mapping) else ():
                said = f"“{field.title}”第{number}行：{message}"
                found.append(Fault(f"{field.id}.{number}.{column}", said, remedy, "adverse"))
    return found


def _row(row: Mapping[str, Any], on: date) -> list[tuple[str, str, str]]:
    concluded, put = row.get("concluded_on"), row.get("put_on")
    found = []
    if isinstance(concluded, date) and concluded > on:
        message = f"结论日期{chinese_date(concluded)}在本次之后，尚未作出结论的情况不得写入。"
        found.append(("concluded_on", message, "请等结论作出后再写，或删去这一行。"))
    if isinstance(put, date) and put > on:
        found.append(("put_on", f"告知日期{chinese_date(put)}在本次之后。", "请先当面告知本人、听取说明，再写入。"))
    elif isinstance(put, date) and isinstance(concluded, date) and put < concluded:
        message = f"告知日期早于结论日期{chinese_date(concluded)}，本人还没有就这一结论说明过。"
        found.append(("put_on", message, "请把结论告知本人后再写入。"))
    answered, refused = not is_empty(str(row.get("answer") or "").strip()), row.get("refused") is True
    if not answered and not refused:
        found.append(("answer", "没有本人的说明。", "请写明本人的说明；本人不愿说明的，在“本人不作说明”选“是”。"))
    if answered and refused:
        found.append(("refused", "写了本人的说明，又选了“本人不作说明”。", "二者只留其一。"))
    return found
