"""The answer to one text: agree with it, or send it back with a reason. The same whether one signs, approves, or did so on paper."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms

from youwei.cases.queries import View
from youwei.desk.cases.forms import form_field, plain
from youwei.desk.cases.signing import AGREE, AGREED, BACK, LONGEST
from youwei.documents.signing import Given
from youwei.engine.types import EntryKind, Item
from youwei.journal.actors import Actor
from youwei.rulebook.pack_types import Field, FieldType, Step
from youwei.ui import fields as ui

LATER = "later"
OPINION = "opinion"
BACK_NEEDS_A_REASON = "退回要写明理由，办理人才知道改什么。"


class JudgingForm(forms.Form):
    """Nothing is chosen beforehand. Of an approval, the pack's other fields are asked for with it."""

    view: View
    item: Item
    step: Step
    part: str

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        verdict = given.get("verdict")
        if verdict == BACK and not given.get(OPINION):
            self.add_error(OPINION, BACK_NEEDS_A_REASON)
        if verdict == BACK and "to" in self.fields and not given.get("to"):
            self.add_error("to", "请选择退回到哪个环节。")
        for field in _asked_with(self.step) if verdict == AGREE and not self.part else ():
            if field.required and field.when is None and given.get(field.id) in (None, "", []):
                self.add_error(field.id, "请填写。")
        return given

    @property
    def chosen(self) -> bool:
        """Whether the text is answered now."""
        return self.cleaned_data.get("verdict") in (AGREE, BACK)

    def given(self, by: Actor, seen: int, opinion: str = AGREED) -> Given:
        """What is to be entered, by whom. `opinion` is said where one agrees and wrote none."""
        said = self.cleaned_data
        place: dict[str, Any] = {
            "case": self.view.case, "by": by, "step": self.item.step, "key": self.item.key, "part": self.part, "seen": seen,
        }  # fmt: skip
        if said["verdict"] == BACK:
            to = self.item.step if self.part else said.get("to") or self.step.returns[0]
            return Given(**place, kind=EntryKind.RETURN, to=to, reason=said[OPINION])
        if self.part:
            return Given(**place, kind=EntryKind.SIGN, values={OPINION: said[OPINION] or opinion})
        values = {field.id: plain(said.get(field.id)) for field in _asked_with(self.step)}
        if _writes_opinion(self.step):
            values[OPINION] = said[OPINION] or opinion
        kept = {name: value for name, value in values.items() if value not in (None, "", [])}
        return Given(**place, kind=EntryKind.RECORD, values=kept)

    def take_faults(self, faults: Iterable[tuple[str, str]]) -> None:
        """Show the engine's refusals at their fields; what has no field here, above them."""
        names = {"reason": OPINION, "behalf": "signer"}
        for name, message in faults:
            field = names.get(name, name)
            self.add_error(field if field in self.fields else None, message)


def judging_form(
    view: View, item: Item, part: str, *, today: date, data: Any = None, files: Any = None, prefix: str = "", many: bool = False
) -> JudgingForm:  # fmt: skip
    """The form for a text to be signed for the role `part`, or, without one, to be approved. One of `many` may be left for later."""
    form = JudgingForm(data=data, files=files, prefix=prefix or None)
    form.view, form.item, form.part, form.step = view, item, part, view.pack.steps[item.step]
    backs = [(name, view.pack.steps[name].title) for name in form.step.returns]
    choices = [
        (AGREE, "同意"),
        *([(BACK, "退回修改")] if part or backs else []),
        *([(LATER, "这次不办")] if many else []),
    ]
    form.fields["verdict"] = ui.ChoiceField(label="签署" if part else "审批", choices=choices, required=not many)
    form.fields[OPINION] = ui.TextField(label="意见", long=True, required=False, max_length=LONGEST)
    form.fields[OPINION].widget.attrs["rows"] = 2
    form.fields[OPINION].help_text = "退回的，写明理由" if part or backs else ""
    if not part and len(backs) > 1:
        form.fields["to"] = ui.ChoiceField(label="退回到", choices=backs, required=False)
    for field in () if part else _asked_with(form.step):
        form.fields[field.id] = form_field(field, today)
        form.fields[field.id].required = False
        form.fields[field.id].asked = field.required  # type: ignore[attr-defined]
    return form


def _asked_with(step: Step) -> tuple[Field, ...]:
    """What the pack asks of an approval besides the opinion."""
    return tuple(field for field in step.form.values() if field.id != OPINION or not _writes_opinion(step))


def _writes_opinion(step: Step) -> bool:
    return OPINION in step.form and step.form[OPINION].type is FieldType.TEXT
