"""Static checks of a step's fields."""

from __future__ import annotations

from youwei.rulebook.asking import INTENTS
from youwei.rulebook.pack_checker import Checker
from youwei.rulebook.pack_types import Field, FieldType, Name, Step
from youwei.rulebook.pack_typing import name_type


def check_fields(checker: Checker, step: Step) -> None:
    for field in step.form.values():
        _field(checker, step, field, f"steps.{step.id}.form.{field.id}")


def _field(checker: Checker, step: Step, field: Field, path: str) -> None:
    checker.roles(field.sealed, f"{path}.sealed", step)
    checker.condition(field.when, f"{path}.when", step, own=True, sealed=bool(field.sealed))
    if field.shared and field.shared not in checker.pack.lists:
        checker.known([field.shared], checker.pack.lists, "共用选项", f"{path}.list", step)
    _shape(checker, step, field, path)
    _eligibility(checker, step, field, path)
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
    _differs(checker, step, field, path)
    _earliest(checker, step, field, path)
    for column in field.of.values():
        if column.type is FieldType.ROWS:
            checker.fault(f"{path}.of.{column.id}", "表格里不能再套表格。", "", step)
        elif column.counts:
            checker.fault(f"{path}.of.{column.id}", "表格的列不能写 counts。", "请写在环节自己的栏目上。", step)
        else:
            _field(checker, step, column, f"{path}.of.{column.id}")


def _differs(checker: Checker, step: Step, field: Field, path: str) -> None:
    why = step.form.get(field.differs)
    if field.differs and (why is None or why.type is not FieldType.TEXT or why.required or why.when is not None):
        checker.fault(f"{path}.differs", "differs 应写本环节的一个文字栏目，它自己不写 required、when。", "", step)
    if field.differs and not field.suggest:
        checker.fault(f"{path}.differs", "没有预选（suggest），不用 differs。", "", step)


def _earliest(checker: Checker, step: Step, field: Field, path: str) -> None:
    """A first day is counted from something known when the record is made: a fact, this record, an earlier step."""
    term, before = field.earliest, checker.pack.ancestors.get(step.id, frozenset())
    if term is None:
        return
    if field.type is not FieldType.DATE or ".of." in path:
        checker.fault(f"{path}.earliest", "earliest 只用于日期栏，不用于表格的列。", "请改类型或删去。", step)
    if term.bare:
        remedy = f"请写 after 和一个名称，如 {term.text} after {step.id}.on。"
        checker.fault(f"{path}.earliest", "没有写明从哪天算起。", remedy, step)
    checker.term(term, f"{path}.earliest", step)
    for name in term.names:
        if checker.pack.ancestors and name.head in checker.pack.steps and name.head not in {step.id, *before}:
            remedy = "只能从本环节、前面的环节或者事实算起。"
            checker.fault(f"{path}.earliest", f"“{name.head}”不在“{step.id}”之前。", remedy, step)


def _eligibility(checker: Checker, step: Step, field: Field, path: str) -> None:
    """Whose eligibility is asked, and for what."""
    if field.type is not FieldType.ELIGIBILITY:
        if field.whose or field.intent:
            checker.fault(path, "intent 和写明人员的 of 只用于资格查询。", "请改为 type: eligibility，或者删去。", step)
        return
    if ".of." in path:
        checker.fault(path, "资格查询不能作表格的一列。", "请另设逐条办理（each）的环节。", step)
    if field.subject != "subject" and not field.whose:
        checker.fault(f"{path}.of", "没有写明查谁的资格。", "请写 of: subject，或者写明人员的栏目。", step)
    if field.subject == "subject" and "letter" in checker.pack.about:
        checker.fault(f"{path}.of", "关于函件的事项没有本人。", "请写明人员的栏目，如 row.person。", step)
    for name in field.whose:
        _of_type(checker, step, name, FieldType.PERSON, f"{path}.of", "人员")
    if isinstance(field.intent, Name):
        _of_type(checker, step, field.intent, FieldType.CHOICE, f"{path}.intent", "选择")
    elif field.intent not in INTENTS:
        checker.fault(
            f"{path}.intent", "没有写明问哪一种使用。", f"可以写：{'、'.join(INTENTS)}，或者写明它的栏目。", step
        )


def _of_type(checker: Checker, step: Step, name: Name, kind: FieldType, path: str, word: str) -> None:
    """A name an eligibility goes by; of a step done for the same rows, the record of the same row."""
    source = checker.pack.steps.get(name.head)
    alike = source is not None and source.repeat is not None and step.repeat is not None
    within = source if alike and source is not None and source.repeat == step.repeat else step
    found = name_type(checker.pack, name, within)
    if isinstance(found, str):
        checker.fault(path, f"{found}。", "", step)
    elif found.type is not kind:
        checker.fault(path, f"“{name}”不是{word}栏目。", "", step)
    elif kind is FieldType.CHOICE and set(found.choices) - set(INTENTS):
        wrong = "、".join(each for each in found.choices if each not in INTENTS)
        checker.fault(path, f"“{name}”里的{wrong}查不了资格。", f"可查的有：{'、'.join(INTENTS)}。", step)


def _shape(checker: Checker, step: Step, field: Field, path: str) -> None:
    """Whether the keys of a field go together."""
    if field.type is FieldType.CHOICE and not field.choices and not field.shared:
        checker.fault(path, "选择栏没有选项。", "请写 choices 或 list。", step)
    if field.type is not FieldType.CHOICE and (field.choices or field.shared or field.many):
        checker.fault(path, "只有 type: choice 才能有选项。", "请改类型或删去选项。", step)
    if field.counts and (field.type not in (FieldType.YESNO, FieldType.CHOICE) or field.sealed):
        checker.fault(path, "counts 只用于不保密的是否栏、选择栏。", "请改类型或删去 counts。", step)
    if field.barred and field.type not in (FieldType.PERSON, FieldType.PEOPLE):
        checker.fault(f"{path}.not", "not 只用于人员栏。", "请改为 type: person，或者删去。", step)
    if field.type is FieldType.ROWS and not field.of:
        checker.fault(path, "表格没有写列（of）。", "请写明各列和类型。", step)
    if field.type is FieldType.ROWS and "id" in field.of:
        checker.fault(path, "列不能叫 id。", "每行的编号由系统给。", step)
    if field.min is not None and field.max is not None and field.min > field.max:
        checker.fault(path, "min 大于 max。", "", step)
