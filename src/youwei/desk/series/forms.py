"""The forms of a series: what it is called and which decisions belong to it, by their numbers."""

from collections.abc import Callable, Collection, Sequence
from typing import Any

from django import forms

from youwei.decisions.models import Decision
from youwei.organs.models import Organ
from youwei.ui import fields as ui

Find = Callable[[Collection[str]], Sequence[Decision]]
MOST_NUMBERS = 12_000


class SeriesForm(forms.Form):
    """`find` gives the decisions of some numbers that the reader may see; one number may stand for several people."""

    def __init__(self, data: Any, *, find: Find, token: str, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial={"token": token, **(initial or {})})
        self.find, self.found = find, set[int]()
        self.ask()
        self.fields["token"] = forms.CharField(widget=forms.HiddenInput, required=False, max_length=48)

    def ask(self) -> None:
        raise NotImplementedError

    def numbers(self, *, required: bool, label: str) -> ui.TextField:
        return ui.TextField(
            label=label,
            long=True,
            required=required,
            max_length=MOST_NUMBERS,
            help_text="一行一个决定文号；同一文号处分了几个人的，一并列入",
        )

    def clean_numbers(self) -> str:
        text = str(self.cleaned_data.get("numbers") or "")
        wanted = list(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))
        rows = self.find(wanted) if wanted else []
        self.found = {row.pk for row in rows}
        lacking = [number for number in wanted if number not in {row.number for row in rows}]
        if lacking:
            shown = "、".join(lacking[:10]) + (f"等{len(lacking)}个" if len(lacking) > 10 else "")
            raise forms.ValidationError(f"没有找到这些文号，或者不在您的工作范围内：{shown}。请核对后再提交。")
        return text

    def take(self, name: str, message: str) -> None:
        """Show a refusal at the field it is about."""
        self.add_error(name if name in self.fields else None, message)


class NewForm(SeriesForm):
    """A new series. `ready` are decisions chosen elsewhere: an import, one decision."""

    def __init__(self, data: Any, *, organs: Sequence[Organ], ready: int, **kwargs: Any) -> None:
        self.organs, self.ready = {str(organ.pk): organ for organ in organs}, ready
        super().__init__(data, **kwargs)

    def ask(self) -> None:
        self.fields["title"] = ui.TextField(
            label="名称", max_length=80, help_text="写明是哪一件事引出的，例如：某工程招投标系列案"
        )
        self.fields["organ"] = ui.ChoiceField(
            label="由哪个机关建立", choices=[(key, organ.name) for key, organ in self.organs.items()]
        )
        self.fields["organ"].initial = next(iter(self.organs), None)
        self.fields["numbers"] = self.numbers(
            required=not self.ready, label="还要列入的决定" if self.ready else "列入的决定"
        )


class MembersForm(SeriesForm):
    """Decisions to take in, and those to take out with a reason."""

    def ask(self) -> None:
        self.fields["numbers"] = self.numbers(required=False, label="列入的决定")
        self.fields["reason"] = ui.TextField(
            label="移出的理由", long=True, required=False, max_length=500, help_text="有移出的必须写明"
        )
