"""The form of a step, made from its pack. What is typed is read here; whether it may stand is the engine's judgement alone."""

import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.datastructures import MultiValueDict

from youwei.cases.telling import on_title
from youwei.decisions.models import Decision
from youwei.desk.cases.announced import AnnouncedField
from youwei.desk.guiding.forms import GuidingField
from youwei.desk.organs.forms import OrganField
from youwei.engine.types import Reason
from youwei.engine.wording import sentence
from youwei.organs.models import Organ
from youwei.rulebook.pack_types import Condition, Field, FieldType, Kind, Op, Step
from youwei.ui import fields as ui
from youwei.ui.widgets import Column, Token

ON, BEHALF, PAPER = "on", "behalf", "from_paper"


class StepForm(forms.Form):
    """Fields of one step; `conditions` tells the page which of them show for which answers."""

    conditions: dict[str, list[list[dict[str, Any]]]]
    hints: dict[str, str]
    kept_at: datetime | None = None

    def values(self) -> dict[str, Any]:
        """What was filled in, as the engine takes it: empty ones left out."""
        found = {name: plain(value) for name, value in self.cleaned_data.items() if name not in (ON, BEHALF, PAPER)}
        return {name: value for name, value in found.items() if value not in (None, "", [], ())}

    def take_faults(self, faults: Iterable[tuple[str, str]]) -> None:
        """Show the engine's refusals at their fields."""
        for name, message in faults:
            self.add_error(name if name in self.fields else None, message)


class NamedOrganField(OrganField):
    """An organ of the roll by its name; filled from what lies in a log, number and name."""

    def prepare_value(self, value: Any) -> Any:
        return value.get("name", "") if isinstance(value, Mapping) else super().prepare_value(value)


def plain(value: Any) -> Any:
    """Tokens become names, files their names, organs and decisions number and name; rows cell by cell."""
    if isinstance(value, Token):
        return value.label
    if isinstance(value, UploadedFile):
        return value.name
    if isinstance(value, Organ):
        return {"id": str(value.pk), "name": value.name}
    if isinstance(value, Decision):
        return {"id": str(value.pk), "name": value.number}
    if isinstance(value, list):
        return [plain(item) for item in value]
    if isinstance(value, Mapping):
        return {name: plain(item) for name, item in value.items() if plain(item) not in (None, "", [])}
    return value


def step_form(
    step: Step,
    *,
    today: date,
    data: Any = None,
    files: Any = None,
    initial: Mapping[str, Any] | None = None,
    behalf: bool = False,
    preset: Mapping[str, tuple[Any, Reason]] | None = None,
) -> StepForm:
    """The form of a step, empty, filled from a draft, or bound to what was sent. `preset` are the values suggested, with their reasons."""
    known = {**defaults(step), **{name: value for name, (value, _) in (preset or {}).items()}, **(initial or {})}
    form = StepForm(data=data, files=files, initial={ON: today, **known}, auto_id="id_%s")
    form.conditions, form.hints = {}, {}
    form.fields[ON] = ui.FlexibleDateField(label=on_title(step), today=today, latest=today)
    for field in step.form.values():
        if step.kind is Kind.CASE and field.standard:
            continue  # which case it opened and how that ended is written by the program
        if field.type is FieldType.ELIGIBILITY:
            continue  # what the rulebook says is written by the program
        form.fields[field.id] = form_field(field, today)
        form.fields[field.id].asked = field.required  # type: ignore[attr-defined]
        if field.when is not None:
            shown = own_clauses(field.when, step.id)
            if shown:
                form.conditions[field.id] = shown
    for name, (value, why) in (preset or {}).items():
        form.fields[name].help_text = f"{sentence(why)}{form.fields[name].help_text}"
        _ask_why(form, step.form[name], value)
    for pair in either_or(step):
        for name in pair & form.fields.keys():
            form.fields[name].mark = "二者填一"  # type: ignore[attr-defined]
    if behalf:
        form.fields[BEHALF] = ui.TextField(
            label="代谁录入",
            max_length=60,
            help_text="这一环节不由您办理，是替人录入：写明单位，或者其姓名、职务",
        )
        form.fields[BEHALF].error_messages["required"] = "请写明替谁录入：单位名称，或者姓名、职务。"
        form.fields[PAPER] = ui.TextField(
            label="依据哪份材料",
            max_length=100,
            required=False,
            help_text="如：本人手写材料2页；没有材料、口头说的，写明谁什么时候说的",
        )
    return form


def _ask_why(form: StepForm, field: Field, suggested: Any) -> None:
    """The reason for another choice is asked for once another choice is made; of several choices it stands there from the beginning."""
    if field.differs not in form.fields:
        return
    form.fields[field.differs].mark = "改选须填"  # type: ignore[attr-defined]
    if not field.many:
        form.conditions[field.differs] = [[{"name": field.id, "op": str(Op.NOT), "values": [_sent(suggested)]}]]


def defaults(step: Step) -> dict[str, Any]:
    return {field.id: field.default for field in step.form.values() if field.default is not None}


def form_field(field: Field, today: date) -> forms.Field:
    """One pack field as a form field. Required only when no condition hangs on it; the engine knows the rest."""
    common: dict[str, Any] = {"label": field.title, "required": field.required and field.when is None}
    if field.help:
        common["help_text"] = field.help
    match field.type:
        case FieldType.DATE:
            return ui.FlexibleDateField(today=today, **common)
        case FieldType.NUMBER:
            return ui.WholeNumberField(min_value=field.min, max_value=field.max, **common)
        case FieldType.YESNO:
            return ui.YesNoField(**common)
        case FieldType.CHOICE:
            choices = [(choice.id, choice.title) for choice in field.choices]
            return (
                ui.ChoicesField(choices=choices, **common) if field.many else ui.ChoiceField(choices=choices, **common)
            )
        case FieldType.PEOPLE:
            return ui.TokensField(at_least=int(field.min or 0), free=True, **common)
        case FieldType.ROWS:
            columns = [
                Column(column.id, column.title, form_field(column, today), column.default)
                for column in field.of.values()
            ]
            return ui.RowsField(columns, **common)
        case FieldType.ORGAN:
            return NamedOrganField(**common)
        case FieldType.DECISION:
            return AnnouncedField(**common)
        case FieldType.GUIDING_CASES:
            return GuidingField(**common)
        case FieldType.FILE:
            return ui.UploadField(**{**common, "required": False})
        case _:
            return ui.TextField(long=field.long, **common)


def own_clauses(condition: Condition, step: str) -> list[list[dict[str, Any]]]:
    """The part of a condition that hangs on fields of the same form, for the page to show and hide by."""
    tables = []
    for table in condition.any_of:
        clauses = [
            clause for clause in table if clause.name.head == step and clause.test.op in (Op.IS, Op.NOT, Op.GIVEN)
        ]
        if len(clauses) != len(table):
            return []
        tables.append(
            [
                {
                    "name": clause.name.tail,
                    "op": str(clause.test.op),
                    "values": [_sent(value) for value in clause.test.values],
                }
                for clause in clauses
            ]
        )
    return tables


def either_or(step: Step) -> list[set[str]]:
    """Fields of which one is filled in when the other is not."""
    return [
        {field.id, clause.name.tail}
        for field in step.form.values()
        if field.required and field.when is not None
        for table in field.when.any_of
        for clause in table
        if len(table) == 1
        and (clause.name.head, clause.test.op, tuple(clause.test.values)) == (step.id, Op.GIVEN, (False,))
    ]


def _sent(value: Any) -> Any:
    """A value as a form sends it."""
    return {True: "yes", False: "no"}.get(value, value) if isinstance(value, bool) else str(value)


def draft_of(data: MultiValueDict[str, str]) -> str:
    """Everything typed, as it was typed, for keeping; the token of the form is not kept."""
    kept = {name: data.getlist(name) for name in data if name != "csrfmiddlewaretoken"}
    return json.dumps(kept, ensure_ascii=False)


def draft_data(text: str) -> MultiValueDict[str, str]:
    return MultiValueDict(json.loads(text))
