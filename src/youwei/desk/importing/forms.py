"""The form a ledger is sent with, and the choice of fields for its columns."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms

from youwei.desk.address import CONTROL
from youwei.intake.fields import FIELDS
from youwei.intake.models import Import
from youwei.intake.queries import Column
from youwei.ui.fields import ChoiceField, TextField, UploadField

SUFFIXES = (".xlsx", ".xls", ".csv")
MODES = (
    (Import.Mode.CURRENT, "现行"),
    (Import.Mode.HISTORY, "历史"),
)
MODE_NOTES = {
    Import.Mode.CURRENT.value: "刚作出的决定：按规程开启宣布、回访等事项，期限从决定之日算起，该催的会催",
    Import.Mode.HISTORY.value: "以前的旧账：只为影响期（处分期）还没满的人开启事项；已经过去的宣布、回访不补催，表里没有的日期记“不详”，不算逾期",
}
NOT_TAKEN = "不导入"


class UploadForm(forms.Form):
    """Whose ledger, which file, and whether it tells of now or of the past."""

    file = UploadField(
        label="台账文件",
        suffixes=SUFFIXES,
        max_bytes=20 * 1024 * 1024,
        help_text="Excel（.xlsx、.xls）或 .csv，20 MB 以内",
    )
    mode = ChoiceField(label="这份台账是", choices=MODES, notes=MODE_NOTES)
    organ = ChoiceField(label="填报机关", help_text="表里没有写决定机关的，记为这个机关")
    sheet = TextField(label="工作表", required=False, max_length=64, help_text="不填就读第一张有内容的工作表")

    def __init__(self, *args: Any, organs: Iterable[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        choices = [(str(pk), name) for pk, name in organs]
        own = ChoiceField(label=self.fields["organ"].label, help_text=self.fields["organ"].help_text, choices=choices)
        self.fields["organ"] = own
        if choices:
            self.initial.setdefault("organ", choices[0][0])


def field_choices() -> list[tuple[str, str]]:
    """What a column can be read as, “not taken” first."""
    return [("", NOT_TAKEN), *((field.key, field.title) for field in FIELDS)]


def chosen(data: Mapping[str, str], columns: Iterable[Column]) -> dict[str, str]:
    """The fields chosen by hand, by column number as text. A column not asked about stays as it is; an unknown word is “not taken”."""
    known = {key for key, _ in field_choices()}
    found = {}
    for column in columns:
        value = data.get(f"column-{column.index}", column.field)
        found[str(column.index)] = value if value in known else ""
    return found


def mended(data: Mapping[str, str], count: int) -> dict[int, str]:
    """The cells typed anew, by column number, without control characters and not longer than a cell may be."""
    return {at: CONTROL.sub(" ", data[f"cell-{at}"]).strip()[:5000] for at in range(count) if f"cell-{at}" in data}
