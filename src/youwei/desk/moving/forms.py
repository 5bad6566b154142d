"""The form for moving cases to another version."""

from collections.abc import Sequence

from django import forms

from youwei.cases.moving import LONGEST_REASON
from youwei.ui.fields import ChoicesField, TextField


class MovingForm(forms.Form):
    """Why the chosen cases are moved."""

    reason = TextField(
        label="转入的理由", max_length=LONGEST_REASON, help_text="例如：新办法自某日起施行，在办事项一并适用"
    )


class WaivingForm(forms.Form):
    """Which of the new steps the chosen cases are let off; asked with the version, before anything is moved."""

    def __init__(self, waivable: Sequence[tuple[str, str]], waived: Sequence[str]) -> None:
        super().__init__(initial={"waived": list(waived)})
        self.fields["waived"] = ChoicesField(
            label="转入的事项免办这些新增环节", choices=waivable, required=False, help_text="不勾的，转入后都要办"
        )
