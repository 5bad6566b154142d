"""What an administrator says to ask for somebody, and a leader to decide."""

from typing import Any

from django import forms

from youwei.cases.admitting import Candidate
from youwei.ui import fields as ui

LONGEST = 300


class AskForm(forms.Form):
    """Whom, and why that one."""

    def __init__(self, data: Any, candidates: list[Candidate], prefix: str) -> None:
        super().__init__(data, prefix=prefix)
        choices = [(each.key, each.title) for each in candidates]
        self.fields["who"] = ui.ChoiceField(label="提请准入谁", choices=choices)
        self.fields["reason"] = ui.TextField(
            label="理由", long=True, max_length=LONGEST, help_text="写明接替谁、为什么由这一位接手；会记入这件事项"
        )


class DecideForm(forms.Form):
    """The opinion of whoever decides."""

    def __init__(self, data: Any, prefix: str) -> None:
        super().__init__(data, prefix=prefix)
        self.fields["reason"] = ui.TextField(label="意见", long=True, max_length=LONGEST)
