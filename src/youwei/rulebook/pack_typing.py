"""What a name in a pack stands for: its type and its possible values."""

from __future__ import annotations

from typing import NamedTuple

from youwei.rulebook.asking import Answer
from youwei.rulebook.pack_facts import FACTS, ROOTS
from youwei.rulebook.pack_kinds import EXPORTS
from youwei.rulebook.pack_types import ROW, WITH, Clause, Field, FieldType, Kind, Name, Op, Pack, RepeatKind, Step


class NameType(NamedTuple):
    type: FieldType | None  # None: anything
    choices: tuple[str, ...] = ()
    sealed: bool = False


ANYTHING = NameType(None)
SPAN_DAYS = ("span_start", "span")
"""First and last day of the span an occurrence of an ``every`` is for; its own dates may be counted from them."""


def name_type(pack: Pack, name: Name, within: Step | None) -> NameType | str:
    """The type, or what is wrong with the name in words."""
    if name.head == WITH:
        return ANYTHING
    if name.head == ROW:
        return _row_type(pack, name, within)
    if name.head in pack.steps:
        return _step_type(pack.steps[name.head], name, within)
    if name.head in ROOTS:
        fact = FACTS.get(str(name))
        return NameType(fact.type, fact.choices) if fact else f"没有“{name}”这项事实"
    return f"没有“{name.head}”这个环节或事实"


def _step_type(step: Step, name: Name, within: Step | None) -> NameType | str:
    tail = name.tail
    own = within is not None and within.id == step.id
    if step.repeat is not None and not own:
        if tail == "count":
            return NameType(FieldType.NUMBER)
        which, _, tail = tail.partition(".")
        if which not in ("any", "last") or not tail:
            return f"“{step.title}”要办多次，只能写 {step.id}.count、{step.id}.any.栏目 或 {step.id}.last.栏目"
    if tail == "on" or (own and tail in SPAN_DAYS and _in_spans(step)):
        return NameType(FieldType.DATE)
    if step.kind is Kind.CASE and tail == "outcome" and not step.waits:
        return f"“{step.title}”不等所启动的事项办结，读不到它的结局（要读请写 waits: true）"
    if tail in step.form:
        field = step.form[tail]
        return NameType(field.type, possible(field), bool(field.sealed))
    head, _, column = tail.partition(".")
    if head in step.form and column in step.form[head].of:
        return NameType(FieldType.CHOICE if step.form[head].of[column].type is FieldType.CHOICE else FieldType.ROWS,
            possible(step.form[head].of[column]), bool(step.form[head].sealed or step.form[head].of[column].sealed))  # fmt: skip
    exported = EXPORTS.get(step.kind, {}).get(tail)
    if exported is not None:
        return NameType(exported)
    return f"“{step.title}”没有“{tail}”这一栏"


def possible(field: Field) -> tuple[str, ...]:
    """The words a field can hold, where they are few: its choices, the answers about eligibility."""
    if field.type is FieldType.ELIGIBILITY:
        return tuple(Answer)
    return tuple(choice.id for choice in field.choices)


def _in_spans(step: Step) -> bool:
    return step.repeat is not None and step.repeat.kind is RepeatKind.EVERY


def _row_type(pack: Pack, name: Name, within: Step | None) -> NameType | str:
    repeat = within.repeat if within is not None else None
    if repeat is None or repeat.kind is not RepeatKind.EACH or repeat.source is None:
        return "只有逐条办理（each）的环节才能用 row"
    source = pack.steps.get(repeat.source.head)
    if source is None:
        return f"没有“{repeat.source.head}”这个环节"
    if name.tail == "on":
        return NameType(FieldType.DATE)
    columns = source.form
    if repeat.source.tail:
        rows = source.form.get(repeat.source.tail)
        columns = rows.of if rows is not None else {}
    if name.tail not in columns:
        return f"逐条办理的内容里没有“{name.tail}”"
    field = columns[name.tail]
    return NameType(field.type, tuple(choice.id for choice in field.choices), bool(field.sealed))


def test_fault(pack: Pack, clause: Clause, found: NameType, within: Step | None) -> str:
    """What is wrong with a test, given the type of the name; "" when nothing is."""
    test = clause.test
    if test.op is Op.GIVEN or found.type is None:
        return ""
    if test.op in (Op.IS, Op.NOT):
        return _value_fault(clause.name, found, test.values)
    if test.op is Op.BEYOND:
        return _beyond_fault(pack, clause, found, within)
    if found.type not in (FieldType.NUMBER, FieldType.DATE):
        return f"“{clause.name}”不是数也不是日期，不能比较大小"
    if test.name is None:
        number = not hasattr(test.values[0], "year")
        if number is not (found.type is FieldType.NUMBER):
            return f"“{clause.name}”是{'数' if found.type is FieldType.NUMBER else '日期'}，比较的一边不是"
        return ""
    other = name_type(pack, test.name, within)
    if isinstance(other, str):
        return other
    if other.type not in (None, found.type):
        return f"“{clause.name}”与“{test.name}”不是同一类，不能比较"
    return ""


def _beyond_fault(pack: Pack, clause: Clause, found: NameType, within: Step | None) -> str:
    """``beyond`` compares choices with choices out of the same words."""
    other = name_type(pack, clause.test.name, within) if clause.test.name is not None else ""
    if isinstance(other, str):
        return other
    if not found.choices or set(found.choices) != set(other.choices):
        return f"“{clause.name}”与“{clause.test.name}”不是同一个名单里的选项，不能问有没有超出（beyond）"
    return ""


def _value_fault(name: Name, found: NameType, values: tuple[object, ...]) -> str:
    if found.type is FieldType.YESNO:
        wrong = [value for value in values if not isinstance(value, bool)]
        return f"“{name}”是是非题，应写 true 或 false" if wrong else ""
    if found.choices:
        wrong = [value for value in values if str(value) not in found.choices]
        return f"“{name}”没有“{wrong[0]}”这个选项；有：{'、'.join(found.choices)}" if wrong else ""
    if found.type in (FieldType.DATE, FieldType.NUMBER):
        return f"“{name}”是{'数' if found.type is FieldType.NUMBER else '日期'}，请用 '>= …' 这样的比较"
    if found.type in (FieldType.ROWS, FieldType.FILE, FieldType.PEOPLE):
        return f"“{name}”只能问有没有填（given）"
    return ""
