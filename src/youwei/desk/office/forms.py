"""The form for a year's holiday notice."""

from collections.abc import Mapping
from typing import Any

from django import forms

from youwei.desk.office.pasted import read
from youwei.rulebook.calendar import seed_notices
from youwei.ui.fields import ChoiceField, FlexibleDateField, RowsField, TextField, WholeNumberField
from youwei.ui.widgets import Column

EXAMPLE = "元旦：1月1日至3日放假调休，共3天。1月4日（周日）上班。"
FIRST_YEAR, LAST_YEAR = 2000, 2199


class NoticeForm(forms.Form):
    """A notice: pasted as it reads, or entered day by day, or both."""

    year = WholeNumberField(label="年份", min_value=FIRST_YEAR, max_value=LAST_YEAR)
    source = TextField(label="依据", max_length=120, help_text="通知的名称和文号")
    reason = TextField(
        label="替换的理由",
        max_length=60,
        required=False,
        help_text="这一年已有国务院办公厅通知的，写明为何替换；其他年份不填",
    )
    text = TextField(
        label="粘贴通知里的放假安排", long=True, required=False, help_text=f"一个节日一行，例如：{EXAMPLE}"
    )
    days = RowsField(
        (
            Column("on", "日期", FlexibleDateField(label="日期")),
            Column("kind", "类别", ChoiceField(label="类别", choices=(("holiday", "放假"), ("makeup", "补班")))),
            Column("name", "节日", TextField(label="节日", max_length=20, required=False)),
        ),
        label="或逐日填写",
        required=False,
        help_text="补班只写调整为上班的周六、周日",
    )

    def __init__(self, data: Mapping[str, Any] | None = None, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial=initial)
        self.fields["year"].error_messages["min_value"] = f"年份请填{FIRST_YEAR}—{LAST_YEAR}年。"
        self.fields["year"].error_messages["max_value"] = f"年份请填{FIRST_YEAR}—{LAST_YEAR}年。"

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        known = {notice.year: notice for notice in seed_notices()}.get(cleaned.get("year", 0))
        if known and not cleaned.get("reason"):
            self.add_error(
                "reason", f"{known.year}年已有{known.title}（{known.number}）；要替换它，请写明理由，不替换的请改年份。"
            )
        if known and cleaned.get("source") and cleaned.get("reason"):
            cleaned["source"] = f"{cleaned['source']}（替换国务院办公厅通知，理由：{cleaned['reason']}）"
        if "year" not in cleaned or "text" not in cleaned or "days" not in cleaned:
            return cleaned
        pasted = read(cleaned["text"], cleaned["year"])
        for fault in pasted.faults:
            self.add_error("text", fault)
        rows = [
            {"on": row["on"].isoformat(), "kind": row["kind"], "name": row["name"] or ""} for row in cleaned["days"]
        ]
        cleaned["all"] = sorted([*pasted.days, *rows], key=lambda day: day["on"])
        if not cleaned["all"] and not self.errors:
            self.add_error("text", "一天也没有；请粘贴通知或逐日填写至少一天。")
        return cleaned
