"""The form of a pasted list, and the one form for every row of a step."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.datastructures import MultiValueDict

from youwei.cases.asking import NOBODY
from youwei.desk.cases.forms import ON, StepForm, form_field, plain, step_form
from youwei.desk.names.queries import PERSON, Line, list_field, plain_person
from youwei.desk.together.forms import ManyForm, RowForm, Whom
from youwei.people.models import Person
from youwei.rulebook.pack_types import FieldType, Step
from youwei.ui import fields as ui
from youwei.ui.fields import fit_cell

PASTED, FILE = "pasted", "list_file"
LONGEST_PASTE = 60_000
NONE_OF_THEM = "none"
NOT_IN_A_ROW = (FieldType.ROWS, FieldType.ELIGIBILITY)


def paste_form(step: Step, *, today: date, data: Any = None, files: Any = None, behalf: bool = False) -> StepForm:
    """The form of a step whose list of people is pasted or uploaded instead of typed row by row."""
    form = step_form(step, today=today, data=data, files=files, behalf=behalf)
    table = list_field(step)
    if table is not None:
        form.fields.pop(table.id)
    form.fields[PASTED] = ui.TextField(
        label="名单",
        long=True,
        max_length=LONGEST_PASTE,
        required=False,
        help_text="从 Excel、Word 里复制粘贴，一行一人：姓名、单位、身份证号（没有的可以不写）",
    )
    form.fields[PASTED].widget.attrs["rows"] = 12
    form.fields[FILE] = ui.UploadField(
        label="或者上传名单",
        suffixes=(".xlsx", ".xls", ".csv"),
        required=False,
        help_text="第一行写表头：姓名、单位、身份证号",
    )
    return form


class PersonField(ui.ChoiceField):
    """Who on the roll is meant: one of those of the same name, or none of them."""

    def __init__(self, candidates: Sequence[Person], **kwargs: Any) -> None:
        self.candidates = {str(each.pk): each for each in candidates}
        choices = [(pk, _told(each)) for pk, each in self.candidates.items()]
        none = "都不是，系统内未见记录" if choices else "系统内未见记录"
        super().__init__(choices=[*choices, (NONE_OF_THEM, none)], **kwargs)

    def clean(self, value: Any) -> Any:
        chosen = super().clean(value)
        if chosen == NONE_OF_THEM:
            return dict(NOBODY)
        return plain_person(self.candidates[chosen]) if chosen else None


def _told(person: Person) -> str:
    born = f"，{person.born_on.year}年{person.born_on.month}月生" if person.born_on else ""
    return f"{person.name}（{person.organ.name}{person.post}{born}）"


def rows_form(
    step: Step, lines: Sequence[Line], presets: Mapping[str, Mapping[str, Any]], *, today: date, data: Any = None, files: Any = None,
    behalf: bool = False,
) -> ManyForm:  # fmt: skip
    """What all rows share (the day), and the step's fields for every row."""
    shared = step_form(step, today=today, data=data, behalf=behalf)
    for name in step.form:
        shared.fields.pop(name, None)
    shared.conditions = {}
    return ManyForm(
        shared,
        [
            _row(step, number, line, presets.get(line.key, {}), today, data, files)
            for number, line in enumerate(lines, 1)
        ],
    )


def _row(step: Step, number: int, line: Line, preset: Mapping[str, Any], today: date, data: Any, files: Any) -> RowForm:
    row = RowForm(data, files, prefix=f"r{line.key}", auto_id="id_%s", initial=dict(preset))
    row.whom = Whom(number, line.name, "・".join(filter(None, (line.unit, line.matched, line.person))))
    for field in step.form.values():
        if field.type in NOT_IN_A_ROW:
            continue
        made: forms.Field
        if field.type is FieldType.PERSON and field.id == PERSON:
            made = PersonField(line.candidates, label=field.title, required=field.required)
            if not line.candidates:
                row.initial.setdefault(field.id, NONE_OF_THEM)
        else:
            made = form_field(field, today)
        fit_cell(made)
        made.help_text = ""
        made.widget.attrs["aria-label"] = f"{line.name} {made.label}"
        row.fields[field.id] = made
    return row


def values(form: ManyForm, lines: Sequence[Line]) -> dict[str, dict[str, Any]]:
    """What was filled in for each row, by its key."""
    return {line.key: _values(row) for line, row in zip(lines, form.rows, strict=True)}


def _values(row: RowForm) -> dict[str, Any]:
    found = {name: value if isinstance(value, Mapping) else plain(value) for name, value in row.cleaned_data.items()}
    return {name: value for name, value in found.items() if value not in (None, "", [], ())}


def files_of(form: ManyForm, lines: Sequence[Line]) -> "dict[str, MultiValueDict[str, UploadedFile]]":
    """The files sent for each row, by its key."""
    found: dict[str, MultiValueDict[str, UploadedFile]] = {}
    for line, row in zip(lines, form.rows, strict=True):
        sent = {
            name: row.files.getlist(row.add_prefix(name)) for name in row.fields if row.add_prefix(name) in row.files
        }
        if sent:
            found[line.key] = MultiValueDict(sent)
    return found


def day(form: ManyForm) -> date:
    given: date = form.shared.cleaned_data[ON]
    return given
