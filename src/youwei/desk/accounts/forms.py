"""Forms of accounts and roles."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms

from youwei.organs.models import Account, Role
from youwei.ui import fields as ui


class AccountForm(forms.Form):
    """A new account: nobody can sign in to it until its one-time code is used."""

    username = ui.TextField(label="账号", max_length=64, help_text="登录时填写，建议用姓名全拼")
    name = ui.TextField(label="姓名", max_length=64)
    title = ui.TextField(
        label="职务", max_length=64, required=False, help_text="显示在页面右上角，例如 案件审理室 经办"
    )


class ReasonForm(forms.Form):
    """Why an account is closed or opened again."""

    reason = ui.TextField(label="理由", max_length=200, help_text="例如：调离本单位；休假结束返岗")


class GrantForm(forms.Form):
    """A role at an organ, from a day, perhaps until a day."""

    def __init__(self, *args: Any, accounts: Iterable[Account], today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(str(account.pk), f"{account.name}（{account.username}）") for account in accounts]
        self.fields |= {
            "account": ui.ChoiceField(label="账号", choices=choices),
            "role": ui.ChoiceField(label="岗位", choices=[(str(value), str(label)) for value, label in Role.choices]),
            "organ": ui.TextField(
                label="机关", max_length=120, help_text="写全称；有重名的写“上级/名称”，例如 望江区/教育局"
            ),
            "starts_on": ui.FlexibleDateField(label="开始日期", today=today, initial=today),
            "ends_on": ui.FlexibleDateField(
                label="截止日期", today=today, required=False, help_text="临时授权填写；长期不填"
            ),
        }
