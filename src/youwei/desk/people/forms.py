"""Forms about a person."""

from django import forms

from youwei.ui.fields import TextField

NAME_LENGTH = 64


class NameForm(forms.Form):
    """A misspelt name, corrected once."""

    name = TextField(label="正确的姓名", max_length=NAME_LENGTH, help_text="姓名中的空格会自动去掉")
    reason = TextField(label="更正理由", max_length=200, help_text="例如：录入笔误，以身份证为准")
    was = forms.CharField(widget=forms.HiddenInput(), required=False)


class ShelfForm(forms.Form):
    """Where the paper file stands."""

    shelf = TextField(label="纸质档案架号", max_length=64, required=False, help_text="留空表示没有纸质档案")
