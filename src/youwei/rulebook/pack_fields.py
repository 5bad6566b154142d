"""Static checks of a step's fields."""

from __future__ import annotations

from youwei.rulebook.pack_checker import Checker
from youwei.rulebook.pack_types import Field, FieldType, Step


def check_fields(checker: Checker, step: Step) -> None:
    for field in step.form.values():
        _field(checker, step, field, f"steps.{step.id}.form.{field.id}")


def _field(checker: Checker, step: Step, field: Field, path: str) -> None:
    checker.roles(field.sealed, f"{path}.sealed", step)
    checker.condition(field.when, f"{path}.when", step, own=True, sealed=bool(field.sealed))
    if field.shared and field.shared not in checker.pack.lists:
        checker.known([field.shared], checker.pack.lists, "共用选项", f"{path}.list", step)
    _shape(checker, step, field, path)
    ids = {choice.id for choice in field.choices}
    values = [("suggest", each.value) for each in field.suggest]
    if field.default is not None:
        values += [
            ("default", each) for each in (field.default if isinstance(field.default, list) else [field.default])
        ]
    for key, value in values:
        if field.choices and str(value) not in ids:
            checker.fault(f"{path}.{key}", f"没有“{value}”这个选项。", f"有：{'、'.join(ids)}。", step)
    for each in field.suggest:
        checker.condition(each.when, f"{path}.suggest", step, own=True)
    for column in field.of.values():
        if column.type is FieldType.ROWS:
            checker.fault(f"{path}.of.{column.id}", "表格里不能再套表格。", "", step)
        elif column.counts:
            checker.fault(f"{path}.of.{column.id}", "表格的列不能写 counts。", "请写在环节自己的栏目上。", step)
        else:
            _field(checker, step, column, f"{path}.of.{column.id}")


def _shape(checker: Checker, step: Step, field: Field, path: str) -> None:
    """Whether the keys of a field go together."""
    if field.type is FieldType.CHOICE and not field.choices and not field.shared:
        checker.fault(path, "选择栏没有选项。", "请写 choices 或 list。", step)
    if field.type is not FieldType.CHOICE and (field.choices or field.shared or field.many):
        checker.fault(path, "只有 type: choice 才能有选项。", "请改类型或删去选项。", step)
    if field.counts and (field.type not in (FieldType.YESNO, FieldType.CHOICE) or field.sealed):
        checker.fault(path, "counts 只用于不保密的是否栏、选择栏。", "请改类型或删去 counts。", step)
    if field.type is FieldType.ROWS and not field.of:
        checker.fault(path, "表格没有写列（of）。", "请写明各列和类型。", step)
    if field.type is FieldType.ROWS and "id" in field.of:
        checker.fault(path, "列不能叫 id。", "每行的编号由系统给。", step)
    if field.min is not None and field.max is not None and field.min > field.max:
        checker.fault(path, "min 大于 max。", "", step)
