"""One form for many cases: what all share, and a row for what each has of its own."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.http import QueryDict

from youwei.desk.cases.forms import form_field, plain, step_form
from youwei.rulebook.packs import Field, FieldType, Step
from youwei.ui.fields import TextField, fit_cell

OUT = "left_out"
EMPTY: tuple[Any, ...] = (None, "", [], ())


@dataclass(frozen=True, slots=True)
class Whom:
    """A row of the form: the number it is sent under, who it is about; why it is left out as things stand, and where its case is read."""

    number: int
    name: str
    unit: str
    out: str = ""
    case: int | None = None


class RowForm(forms.Form):
    """What one case has of its own; or, where somebody may be left out, why it has nothing."""

    whom: Whom
    refusal: str = ""

    @property
    def out(self) -> str:
        """Why this one is left out; empty when it is not."""
        return str(self.data.get(self.add_prefix(OUT), "")).strip() if self.is_bound and OUT in self.fields else ""

    def full_clean(self) -> None:
        """Who is left out needs nothing else."""
        if self.out:
            for name, field in self.fields.items():
                field.required = field.required and name == OUT
        super().full_clean()

    def values(self) -> dict[str, Any]:
        found = {name: plain(value) for name, value in self.cleaned_data.items() if name != OUT}
        return {name: value for name, value in found.items() if value not in EMPTY}

    def cells(self) -> list[tuple[str, Any, list[str]]]:
        """Heading, control and faults of each field."""
        return [(str(bound.label), bound, [str(each) for each in bound.errors]) for bound in self]


class ManyForm:
    """The shared form and the rows, bound or not together."""

    def __init__(self, shared: forms.Form, rows: Sequence[RowForm]) -> None:
        self.shared, self.rows = shared, rows
        self.columns = [str(field.label) for field in rows[0].fields.values()] if rows else []

    def is_valid(self) -> bool:
        return all([self.shared.is_valid(), *(row.is_valid() for row in self.rows)])

    def take_refusals(self, refusals: Mapping[int, str]) -> int:
        """Show at each row why it would be refused. Returns how many."""
        for row in self.rows:
            row.refusal = refusals.get(row.whom.number, "")
        return sum(bool(row.refusal) for row in self.rows)


def filled_down(data: QueryDict, own: Iterable[Field], whom: Sequence[Whom]) -> QueryDict:
    """What was typed, with every blank of the rows below filled in as in the first; who is left out stays so."""
    found = data.copy()
    for row in whom[1:]:
        for each in own:
            first, mine = f"r{whom[0].number}-{each.id}", f"r{row.number}-{each.id}"
            if not found.get(f"r{row.number}-{OUT}", "").strip() and not any(found.getlist(mine)):
                found.setlist(mine, found.getlist(first))
    return found


def own_choices(step: Step) -> list[Field]:
    """The fields of a step that may differ from case to case within a table."""
    return [
        field
        for field in step.form.values()
        if field.type not in (FieldType.ROWS, FieldType.FILE, FieldType.ELIGIBILITY)
    ]


def many_form(
    step: Step, own: Iterable[Field], whom: Iterable[Whom], *, today: date, data: Any = None, behalf: bool = False,
    leave_out: bool = False, shared: Collection[str] | None = None, known: Mapping[str, Any] | None = None,
) -> ManyForm:  # fmt: skip
    """The form of a step for these people. `own` are the fields of the rows; with `shared`, the shared part has these fields only, preset to what
    is `known`.
    """
    fields = list(own)
    form = step_form(step, today=today, data=data, behalf=behalf, initial=known)
    for field in fields:
        form.fields.pop(field.id, None)
    for field in step.form.values():
        if field.type is FieldType.FILE or (shared is not None and field.id not in shared):
            form.fields.pop(field.id, None)
    return ManyForm(form, [_row(each, fields, today, data, leave_out) for each in whom])


def _row(whom: Whom, fields: Iterable[Field], today: date, data: Any, leave_out: bool) -> RowForm:
    row = RowForm(
        data,
        prefix=f"r{whom.number}",
        auto_id="id_%s",
        initial={f.id: f.default for f in fields if f.default is not None} | {OUT: whom.out},
    )
    row.whom = whom
    for field in fields:
        made = form_field(field, today)
        fit_cell(made)
        made.help_text = ""
        row.fields[field.id] = made
    if leave_out:
        row.fields[OUT] = TextField(label="不记的理由", required=False, max_length=100)
    for made in row.fields.values():
        made.widget.attrs["aria-label"] = f"{whom.name} {made.label}"
    return row
