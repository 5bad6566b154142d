"""The form by which a case is opened: the day, where the opener stands, and the facts its pack asks for."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django import forms

from youwei.desk.opening.queries import Stand
from youwei.desk.organs.forms import OrganField
from youwei.engine.local import Asked
from youwei.organs.models import Organ
from youwei.rulebook.packs import FieldType
from youwei.ui import fields as ui

ON, STAND = "on", "stand"


class OpenForm(forms.Form):
    """Facts are fields named like them, a point written as a dash."""

    def __init__(self, data: Any, *, today: date, stands: Sequence[Stand], asked: Iterable[Asked]) -> None:
        super().__init__(data, initial={ON: today})
        self.stands, self.asked = stands, tuple(asked)
        self.fields[ON] = ui.FlexibleDateField(label="立项日期", today=today, latest=today)
        if len(stands) > 1:
            places = [(str(number), f"{each.organ.name}（{each.title}）") for number, each in enumerate(stands)]
            self.fields[STAND] = ui.ChoiceField(label="由哪个机关承办", choices=places)
        for each in self.asked:
            self.fields[_field(each.name)] = _field_for(each, today)

    def stand(self) -> Stand:
        return self.stands[int(self.cleaned_data.get(STAND) or 0)]

    def said(self) -> dict[str, Any]:
        given = {each.name: self.cleaned_data.get(_field(each.name)) for each in self.asked}
        return {name: str(value.pk) if isinstance(value, Organ) else value for name, value in given.items()}

    def take_faults(self, faults: Iterable[tuple[str, str]]) -> None:
        for name, message in faults:
            field = _field(name)
            self.add_error(field if field in self.fields else None, message)


def _field(name: str) -> str:
    return name.replace(".", "-")


def _field_for(each: Asked, today: date) -> forms.Field:
    if each.type is FieldType.ORGAN:
        return OrganField(label=each.title, required=each.required)
    if each.type is FieldType.TEXT:
        return ui.TextField(label=each.title, max_length=60, required=each.required)
    if each.type is FieldType.DATE:
        return ui.FlexibleDateField(label=each.title, today=today, latest=today, required=each.required)
    return ui.YesNoField(label=each.title, required=each.required)
