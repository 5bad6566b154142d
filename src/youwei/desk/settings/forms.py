"""The form that changes a setting."""

from typing import Any

from django import forms

from youwei.organs.commands import LONGEST_REASON
from youwei.organs.queries import Choice
from youwei.ui import fields as ui


class SettingForm(forms.Form):
    """Another value of a setting, and why."""

    def __init__(self, *args: Any, choice: Choice, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields |= {
            "value": ui.ChoiceField(label=choice.title, choices=list(choice.values.items())),
            "reason": ui.TextField(label="理由", max_length=LONGEST_REASON, help_text="例如：按市纪委监委统一口径"),
        }
