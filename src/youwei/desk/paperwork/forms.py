"""Forms for what comes back on paper: pages to be kept, and a signature given by hand."""

from datetime import date
from typing import Any

from django import forms

from youwei.cases.queries import View
from youwei.desk.cases.forms import ON
from youwei.desk.signatures.forms import JudgingForm, judging_form
from youwei.engine.types import Item, Who
from youwei.ui import fields as ui

SCANS, SIGNER, PAPER, SAME = "scans", "signer", "paper", "same"
HELP = "可以一次选多个：手机照片（jpg、png）或PDF，每个不超过20MB，横着竖着都可以；不得上传涉及国家秘密的材料"


def pages(form: forms.Form) -> list[tuple[str, bytes]]:
    """The files that were sent, in their order."""
    return [(file.name or "扫描件", file.read()) for file in form.cleaned_data[SCANS]]


class ScanForm(forms.Form):
    """Pages for a record made earlier."""

    scans = ui.UploadsField(label="扫描件、照片", help_text=HELP)


def on_paper_form(view: View, item: Item, place: Who, part: str, *, today: date, data: Any = None, files: Any = None) -> JudgingForm:  # fmt: skip
    """What somebody has signed, approved or sent back by hand: who, when, on what, what it says, and the scan."""
    form = judging_form(view, item, part, today=today, data=data, files=files)
    form.initial[ON] = today
    own = form.fields
    form.fields = {
        SIGNER: ui.TextField(
            label="签署人", max_length=60, help_text=f"以“{place.title}”签署的人：姓名、职务，照纸上所签写"
        ),
        ON: ui.FlexibleDateField(label="签署日期", today=today, latest=today, help_text="纸上写的日期"),
        **own,
        PAPER: ui.TextField(label="签在哪份材料上", max_length=100, help_text="如：手填表1份2页、呈批笺"),
        SCANS: ui.UploadsField(label="签署原件的扫描件、照片", help_text=HELP),
        SAME: ui.ChoicesField(label="核对", choices=[(SAME, "已经核对：纸上签署的内容与上面显示的一致")]),
    }
    form.fields["opinion"].label = "纸上写的意见"
    return form
