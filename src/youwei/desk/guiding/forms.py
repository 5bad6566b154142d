"""The form of a guiding case, of its withdrawal, and the field by which a record cites some."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from youwei.cases import guiding
from youwei.cases.models import GuidingCase
from youwei.desk.guiding.queries import Library, plain
from youwei.organs.models import Organ
from youwei.ui import fields as ui
from youwei.ui.widgets import Token

NAMELESS = "不写姓名、单位名称、文号和号码，写“某干部”“某单位”"


class GuidingForm(forms.Form):
    """What a guiding case says. `organs` are those at which the writer keeps some."""

    def __init__(
        self, data: Any, *, organs: Sequence[Organ], row: GuidingCase | None, token: str, case: int | None
    ) -> None:
        known = {name: getattr(row, name) for name in guiding.FIELDS} if row is not None else {"case": case}
        super().__init__(data, initial={"token": token, "seen": row.version if row else 0, **known})
        more: dict[str, Any] = {"required": False}
        if row is None and len(organs) > 1:
            self.fields["organ"] = ui.ChoiceField(
                label="由哪个机关保管", choices=[(str(each.pk), each.name) for each in organs]
            )
            self.fields["organ"].initial = str(organs[0].pk)
        self.fields |= {
            "title": ui.TextField(label="标题", max_length=80, help_text=NAMELESS),
            "place": ui.TextField(label="地区", max_length=40, help_text="写到市、县即可"),
            "happened": ui.TextField(label="时间", max_length=20, help_text="写到年或者月，例如2023年"),
            "situation": ui.TextField(label="情形", long=True, max_length=4000, help_text=NAMELESS),
            "items": ui.ChoicesField(label="对照的方面和清单", choices=list(guiding.choices().items()), **more),
            "decided": ui.TextField(label="怎样认定、理由", long=True, max_length=4000),
            "source": ui.TextField(label="来源", max_length=120, help_text="例如：上级印发、本机关办理、公开报道"),
            "tags": ui.TextField(label="标签", max_length=120, help_text="几个之间用顿号隔开，便于查找", **more),
            "case": ui.WholeNumberField(
                label="依据的事项编号",
                min_value=1,
                help_text="本机关办理的写上，发布前按它核对有没有写出姓名、单位、文号；不公开。从办结事项的“更多”里进来会自己填好，号码也在事项网页地址的末尾",
                **more,
            ),
            "seen": forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, max_value=30_000),
            "token": forms.CharField(widget=forms.HiddenInput, required=False, max_length=48),
        }

    def text(self) -> guiding.Text:
        given = self.cleaned_data
        return guiding.Text(**{name: given[name] for name in guiding.FIELDS} | {"items": tuple(given["items"])})

    def take(self, name: str, message: str) -> None:
        """Show a refusal at the field it is about."""
        self.add_error(name if name in self.fields else None, message)


class WithdrawForm(forms.Form):
    """Why a guiding case is taken out of the library."""

    reason = ui.TextField(label="撤下的理由", long=True, max_length=200, help_text="已经引用它的记录照旧保留名称")


class GuidingField(ui.TokensField):
    """The guiding cases a record cites."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(source=Library(), unit="个", **kwargs)

    def prepare_value(self, value: Any) -> Any:
        """Filled from what lies in a log."""
        if isinstance(value, list | tuple):
            return [Token(str(each["id"]), str(each["name"])) if isinstance(each, Mapping) else each for each in value]
        return value

    def clean(self, value: Any) -> Any:
        return plain(super().clean(value))
