"""Forms of standing in and of handing over."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms

from youwei.organs.models import Account
from youwei.ui import fields as ui


def _who(accounts: Iterable[Account]) -> list[tuple[str, str]]:
    return [(str(each.pk), f"{each.name}（{each.title or each.username}）") for each in accounts]


class CoverForm(forms.Form):
    """Who stands in, from a day until a day, and why."""

    def __init__(self, *args: Any, colleagues: Iterable[Account], today: date, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "cover_%s", **kwargs})
        self.fields |= {
            "deputy": ui.ChoiceField(label="代理人", choices=_who(colleagues)),
            "starts_on": ui.FlexibleDateField(label="开始日期", today=today, earliest=today, initial=today),
            "ends_on": ui.FlexibleDateField(
                label="截止日期", today=today, earliest=today, help_text="含当日，到期自动结束"
            ),
            "reason": ui.TextField(label="理由", max_length=200, help_text="例如：外出学习；休假"),
        }


class HandOverForm(forms.Form):
    """To whom everything goes. What the procedures ask about whoever is named in open cases is asked here once for all of them."""

    def __init__(
        self, *args: Any, colleagues: Iterable[Account], questions: dict[str, forms.Field], **kwargs: Any
    ) -> None:
        super().__init__(*args, **{"auto_id": "hand_%s", **kwargs})
        self.questions = questions
        self.fields |= {
            "to": ui.ChoiceField(label="移交给谁", choices=_who(colleagues)),
            **questions,
            "reason": ui.TextField(label="理由", max_length=200, help_text="例如：调离本单位；分工调整"),
        }
