"""Forms of batches: opening one, fixing its people, leaving it."""

from datetime import date
from typing import Any

from django import forms

from youwei.cases.batches import LONGEST_NAME
from youwei.desk.cases.forms import ON, StepForm, step_form
from youwei.rulebook.packs import Step
from youwei.ui import fields as ui

OF_THE_LIST = ("list", "organs")


class NewBatchForm(forms.Form):
    """The day, and the name that tells one class or campaign from the others."""

    def __init__(self, data: Any, *, today: date) -> None:
        super().__init__(data, initial={ON: today})
        self.fields["name"] = ui.TextField(label="名称", max_length=LONGEST_NAME, help_text="如：2026年第一期")
        self.fields[ON] = ui.FlexibleDateField(label="立项日期", today=today, latest=today)


class LeaveForm(forms.Form):
    """When and why somebody no longer takes part."""

    def __init__(self, data: Any, *, today: date) -> None:
        super().__init__(data, initial={ON: today})
        self.fields[ON] = ui.FlexibleDateField(label="退出日期", today=today, latest=today)
        self.fields["reason"] = ui.TextField(label="为什么退出", long=True, max_length=200)


def freeze_form(step: Step, *, today: date, data: Any = None, behalf: bool = False) -> StepForm:
    """The fields of the step besides the list, which the page itself fills in."""
    form = step_form(step, today=today, data=data, behalf=behalf)
    for name in OF_THE_LIST:
        form.fields.pop(name, None)
    return form
