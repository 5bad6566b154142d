"""Forms to be filled in by hand: every field of a step with room to write, what is to be signed as it stands, and a code that leads back.

Nothing is stored: the form is made from the case as it stands whenever it is asked for. `blank_word` makes the Word file of it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from youwei.cases.codes import code_of
from youwei.cases.queries import View
from youwei.cases.telling import on_title
from youwei.cases.texts import Text, judged
from youwei.engine.types import Act, Item
from youwei.rulebook.pack_types import Clause, Field, FieldType, Kind, Op, Step
from youwei.ui.words import cn_date

DAY = "　　　　年　　月　　日"
SHORT, LONG, NAMES = 1, 5, 2
BLANK_ROWS, MOST_ROWS = 6, 30
AGREE_OR_BACK = ("同意", "退回修改")
SPOKEN_WITH = {Kind.TALK: "谈话对象", Kind.VISIT: "回访对象"}


@dataclass(frozen=True, slots=True)
class Space:
    """Room for one answer: boxes to tick, lines to write on, or a table to fill in. `note` says when it is filled in, and how."""

    title: str
    required: bool = False
    note: str = ""
    boxes: tuple[str, ...] = ()
    lines: int = 0
    given: str = ""
    columns: tuple[str, ...] = ()
    rows: int = 0

    @property
    def blank_rows(self) -> range:
        return range(self.rows)

    @property
    def blank_lines(self) -> range:
        return range(self.lines)


@dataclass(frozen=True, slots=True)
class Blank:
    """A form for one step of one case."""

    title: str
    case: str
    code: str
    facts: tuple[tuple[str, str], ...]
    texts: tuple[Text, ...]
    spaces: tuple[Space, ...]
    hands: tuple[str, ...]
    help: str = ""


def blank(view: View, item: Item) -> Blank:
    """The form of a step, or of one occurrence of it. Where a signature or an approval is asked for, with the text in full."""
    step = view.pack.steps[item.step]
    signing = Act.SIGN in item.may
    judging = signing or step.kind is Kind.APPROVAL
    return Blank(
        title=step.title,
        case=view.case.title,
        code=code_of(view.case.pk, item.step, item.key),
        facts=tuple((title, text) for title, text in _facts(view, item) if text),
        texts=judged(view, item) if judging else (),
        spaces=tuple(_signers(item) if signing else _spaces(step)),
        hands=() if signing else _hands(step, item),
        help=step.help,
    )


def _facts(view: View, item: Item) -> Iterator[tuple[str, str]]:
    case, person, decision = view.case, view.case.person, view.case.decision
    yield "姓名", person.name if person else ""
    yield "单位", case.subject_organ.name
    yield "职务", person.post if person else ""
    yield "决定文号", decision.number if decision else ""
    yield "承办机关", case.organ.name
    yield "办理人", item.who.person or item.who.title
    yield "办理期限", cn_date(item.window.due) if item.window.due else ""
    yield "纸质档案架号", person.shelf if person else ""


def _signers(item: Item) -> Iterator[Space]:
    for place in item.signers:
        yield Space(f"{place.title}意见", True, "退回修改的，写明理由", AGREE_OR_BACK, lines=3)
        yield Space(f"{place.title}签名、日期", True, lines=SHORT)


def _hands(step: Step, item: Item) -> tuple[str, ...]:
    spoken_with = SPOKEN_WITH.get(step.kind, "")
    return (*([f"{spoken_with}核对无误"] if spoken_with else []), item.who.person or item.who.title)


def _spaces(step: Step) -> Iterator[Space]:
    yield Space(on_title(step), True, given=DAY)
    for field in step.form.values():
        if not (step.kind is Kind.CASE and field.standard):
            yield _space(step, field)


def _space(step: Step, field: Field) -> Space:
    notes = [note for note in (_when(step, field), _how(field), field.help) if note]
    room = Space(field.title, field.required and field.when is None, "；".join(notes))
    match field.type:
        case FieldType.CHOICE:
            return replace(room, boxes=tuple(choice.title for choice in field.choices))
        case FieldType.YESNO:
            return replace(room, boxes=("是", "否"))
        case FieldType.DATE:
            return replace(room, given=DAY)
        case FieldType.ROWS:
            rows = min(max(BLANK_ROWS, int(field.min or 0)), MOST_ROWS)
            return replace(room, columns=tuple(_column(column) for column in field.of.values()), rows=rows)
        case FieldType.FILE:
            return replace(room, boxes=("附在表后",))
        case FieldType.PEOPLE:
            return replace(room, lines=NAMES)
        case _:
            return replace(room, lines=LONG if field.long else SHORT)


def _how(field: Field) -> str:
    if field.type is FieldType.CHOICE:
        return "可选多项" if field.many else ""
    if field.type is not FieldType.NUMBER or (field.min is None and field.max is None):
        return ""
    least = f"不小于{field.min:f}" if field.min is not None else ""
    most = f"不大于{field.max:f}" if field.max is not None else ""
    return "、".join(filter(None, (least, most)))


def _column(column: Field) -> str:
    if column.type is FieldType.YESNO:
        return f"{column.title}（是／否）"
    if column.type is FieldType.CHOICE:
        return f"{column.title}（{'／'.join(choice.title for choice in column.choices)}）"
    return column.title


def _when(step: Step, field: Field) -> str:
    """When a field is filled in, where that hangs on other fields of the form; otherwise that there is a condition."""
    if field.when is None:
        return ""
    tables = []
    for table in field.when.any_of:
        clauses = [_clause(step, clause) for clause in table if clause.name.head == step.id]
        if len(clauses) != len(table) or not all(clauses):
            return "有此情形的填写"
        tables.append("并且".join(clauses))
    return f"{'，或者'.join(tables)}的填写"


def _clause(step: Step, clause: Clause) -> str:
    other, test = step.form.get(clause.name.tail), clause.test
    if other is None or test.op not in (Op.IS, Op.NOT, Op.GIVEN):
        return ""
    if test.op is Op.GIVEN:
        return f"{'填写了' if test.values[0] else '没有填写'}“{other.title}”"
    values = "、".join(_said(other, value) for value in test.values)
    return f"“{other.title}”{'不' if test.op is Op.NOT else ''}是{values}"


def _said(field: Field, value: object) -> str:
    if field.type is FieldType.YESNO:
        return "“是”" if value is True else "“否”"
    return f"“{field.choice_title(value)}”"
