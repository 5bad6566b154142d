"""The form of the question."""

from datetime import date
from typing import Any

from django import forms

from youwei.rulebook.asking import INTENTS
from youwei.ui import fields as ui


class QuestionForm(forms.Form):
    """For what, on which day, and to which post or honour."""

    def __init__(self, data: Any, *, today: date) -> None:
        super().__init__(data, initial={"on": today})
        self.fields["intent"] = ui.ChoiceField(label="使用意向", choices=[(each, each) for each in INTENTS])
        self.fields["on"] = ui.FlexibleDateField(label="哪一天", today=today, help_text="拟任用、拟表彰的日期")
        self.fields["post"] = ui.TextField(label="拟任职务、职级或者荣誉", max_length=60, required=False)


class WhomForm(QuestionForm):
    """The same, asked of somebody who has still to be found."""

    def __init__(self, data: Any, *, today: date) -> None:
        super().__init__(data, today=today)
        self.fields["whom"] = ui.TextField(
            label="姓名或者身份证号", max_length=30, help_text="身份证号要写全；不会写进网址"
        )
        self.order_fields(["whom", "intent", "on", "post"])
