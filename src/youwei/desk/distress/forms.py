"""What is asked when somebody is in distress: deeds and names, no room for a diagnosis."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms

from youwei.cases.distress import AT_ONCE
from youwei.organs.models import CareContact, Organ
from youwei.ui import fields as ui
from youwei.ui.widgets import Column

LONGEST_AFTER = 500
MOST_CONTACTS = 20


class ReportForm(forms.Form):
    """When it was noticed, what was done at once, who was called, and whether the case stands still."""

    def __init__(self, data: Any, *, today: date, listed: Sequence[CareContact], running: bool) -> None:
        super().__init__(data, initial={"on": today, "pause": True})
        self.fields["on"] = ui.FlexibleDateField(label="发现日期", today=today, latest=today)
        self.fields["did"] = ui.ChoicesField(label="当场做了什么", choices=[(each, each) for each in AT_ONCE])
        if listed:
            names = [(f"{each.name}（{each.phone}）", f"{each.name} {each.post} {each.phone}") for each in listed]
            self.fields["called"] = ui.ChoicesField(label="已经联系了谁", choices=names, required=False)
        if running:
            self.fields["pause"] = ui.YesNoField(
                label="本事项先停下来",
                help_text="选“是”，谈话、回访、宣布暂缓，期限顺延；案卷里只写“暂缓进行”，不写原因",
            )


class FollowUpForm(forms.Form):
    """How it was followed up, and whether the case goes on."""

    def __init__(self, data: Any, *, today: date, held: bool) -> None:
        super().__init__(data, initial={"on": today})
        self.fields["on"] = ui.FlexibleDateField(label="日期", today=today, latest=today)
        self.fields["after"] = ui.TextField(
            label="后来怎样关心帮助的",
            long=True,
            max_length=LONGEST_AFTER,
            help_text="写做了什么、谁来继续关心；不写病情、诊断",
        )
        if held:
            self.fields["resume"] = ui.YesNoField(
                label="本事项继续进行", help_text="选“否”，本事项仍然停着，以后由承办机关恢复"
            )


class ContactsForm(forms.Form):
    """Whom to call, as an organ lists it."""

    def __init__(self, data: Any, *, organs: Sequence[Organ], rows: Sequence[dict[str, str]], organ: Organ) -> None:
        super().__init__(data, initial={"rows": list(rows), "organ": str(organ.pk)})
        if len(organs) > 1:
            self.fields["organ"] = ui.ChoiceField(label="单位", choices=[(str(each.pk), each.name) for each in organs])
        columns = [
            Column("name", "姓名", ui.TextField(label="姓名", max_length=64)),
            Column("post", "职务、岗位", ui.TextField(label="职务、岗位", max_length=64, required=False)),
            Column("phone", "电话", ui.TextField(label="电话", max_length=32)),
        ]
        self.fields["rows"] = ui.RowsField(
            columns, label="联系人", required=False, help_text="按先后联系的顺序写，例如分管领导、值班电话、单位医务室"
        )

    def clean_rows(self) -> list[dict[str, str]]:
        rows: list[dict[str, str]] = self.cleaned_data["rows"]
        if len(rows) > MOST_CONTACTS:
            raise forms.ValidationError(f"最多{MOST_CONTACTS}人，现在是{len(rows)}人；请留下能当天联系上的。")
        return rows
