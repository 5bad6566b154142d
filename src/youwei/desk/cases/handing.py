"""A case or a role in it changes hands, on the page of the case: offered to another office, accepted or sent back, somebody replaced."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from django.urls import reverse

from youwei.cases import handing
from youwei.cases.commands import Rejected
from youwei.cases.logs import pack_of
from youwei.cases.models import Case
from youwei.cases.queries import View
from youwei.desk.cases import acting
from youwei.desk.cases.acting import ActForm, Wanted
from youwei.desk.cases.forms import ON, step_form
from youwei.desk.organs.forms import OrganField
from youwei.documents.commands import replace_named
from youwei.documents.issuing import Refused
from youwei.engine.handing import named_in
from youwei.engine.types import EntryKind, Fault
from youwei.journal.actors import Actor
from youwei.organs.models import Role
from youwei.organs.policy import Reader
from youwei.rulebook.packs import Step
from youwei.ui import fields as ui

ALIVE = (Case.State.OPEN, Case.State.HELD)
OFFICE = (Role.CASE_OFFICER, Role.LEADER)
HANDED = "handed_over"


class AcceptForm(ActForm):
    """Taking over what another office has offered."""

    def carry_out(self, *, case: Case, by: Actor, at: datetime, today: date, seen: int, token: str | None) -> None:
        given = self.cleaned_data
        handing.accept(case=case, reason=given["reason"], by=by, on=given[ON], at=at, today=today)


class DeclineForm(ActForm):
    """Not taking it over, or taking the offer back."""

    def carry_out(self, *, case: Case, by: Actor, at: datetime, today: date, seen: int, token: str | None) -> None:
        given = self.cleaned_data
        handing.send_back(case=case, reason=given["reason"], by=by, on=given[ON], at=at, today=today)


class OfferForm(ActForm):
    """Handing a case over to another office."""

    def entry(self) -> dict[str, Any]:
        given = self.cleaned_data
        return {"kind": EntryKind.TRANSFER, "to": str(given["office"].pk), "on": given[ON], "reason": given["reason"]}


class ReplaceForm(ActForm):
    """Somebody else in a role: why, and what is handed over, stand together in the reason of the entry."""

    def entry(self) -> dict[str, Any]:
        entry = super().entry()
        handed = entry["values"].pop(HANDED)
        return {**entry, "reason": f"{entry['reason']}；交接：{handed}"}

    def carry_out(self, *, case: Case, by: Actor, at: datetime, today: date, seen: int, token: str | None) -> None:
        entry = self.entry()
        step, _ = pack_of(case).steps[entry.pop("step")], entry.pop("kind")
        try:
            replace_named(case=case, step=step, by=by, at=at, today=today, seen=seen, token=token, **entry)
        except Refused as refused:
            raise Rejected([Fault("", f"{refused}。", "", "paper")]) from refused


def act_form(who: Reader, view: View, kind: str, asked: Mapping[str, Any], data: Any) -> ActForm | None:
    """The form of an act, or None when it is not allowed to this reader, or has nothing to act on."""
    return MAKERS[kind](who, view, Wanted.read(asked), data) if view.case.state in ALIVE else None


def _form(made: type[ActForm], who: Reader, asked: Wanted, data: Any, kind: EntryKind) -> ActForm:
    form = made(data=data, initial={ON: who.on})
    form.asked, form.fixed, form.kind = asked, {}, kind
    form.fields[ON] = ui.FlexibleDateField(label="日期", today=who.on, latest=who.on)
    return form


def _reason(form: ActForm, label: str, *, required: bool = True) -> None:
    form.fields["reason"] = ui.TextField(label=label, long=True, max_length=1000, required=required)


def _offer(who: Reader, view: View, asked: Wanted, data: Any) -> ActForm | None:
    if view.case.sealed or view.case.offered_to_id is not None or not acting.may_steer(who, view.case):
        return None
    form = _form(OfferForm, who, asked, data, EntryKind.TRANSFER)
    form.title, form.verb = "移交给别的机关", "移交"
    staying = "、".join(role.title for role in view.pack.roles.values() if role.at == "deciding organ")
    form.consequences = (
        "对方接收以前，仍由本机关办理；接收以后，由对方接着办，期限不变",
        "已有的记录、文书都不变，处分决定仍是原决定机关的",
        *([f"按规程，{staying}的环节仍由作出决定的机关办理"] if staying else []),
    )
    form.fields["office"] = OrganField(label="移交给哪个机关")
    _reason(form, "移交的理由")
    return form


def _accept(who: Reader, view: View, asked: Wanted, data: Any) -> ActForm | None:
    if not may_accept(who, view.case):
        return None
    form = _form(AcceptForm, who, asked, data, EntryKind.ACCEPT)
    form.title, form.verb = "接收移交来的事项", "接收"
    form.consequences = (f"从这一天起由{view.case.offered_to}办理，期限不变",)
    _reason(form, "说明", required=False)
    return form


def _decline(who: Reader, view: View, asked: Wanted, data: Any) -> ActForm | None:
    mine = may_accept(who, view.case)
    if view.case.offered_to_id is None or not (mine or acting.may_steer(who, view.case)):
        return None
    form = _form(DeclineForm, who, asked, data, EntryKind.WITHDRAW)
    form.title, form.verb = ("不接收", "退回对方") if mine else ("收回移交", "收回")
    form.consequences = (f"仍由{view.case.organ}办理",)
    _reason(form, "理由")
    return form


def _replace(who: Reader, view: View, asked: Wanted, data: Any) -> ActForm | None:
    step = view.pack.steps.get(asked.step)
    record = view.standing.get(asked.step, {}).get(asked.key)
    if step is None or record is None or not _may_replace(who, view, step, asked.key):
        return None
    fields = named_in(view.pack, step.id).values()
    form = _form(ReplaceForm, who, asked, data, EntryKind.REPLACED)
    title = "、".join(step.form[name].title for name in fields)
    form.title, form.verb, form.fixed = f"更换{title}", "更换", {"step": step.id, "key": asked.key}
    now = "、".join(str(record.values.get(name, "")) for name in fields)
    form.consequences = (
        f"现在是{now}，从这一天起由新的人接替，其账号随即看不到本事项",
        "原来由谁、什么时候办过什么，都不变；写错了人的，不要在这里换，请用“更正”",
    )
    source = step_form(step, today=who.on)
    source.fields.pop(ON)
    form.fields, form.conditions = {**form.fields, **source.fields}, source.conditions
    for name in fields:
        form.fields[name].label = f"新的{form.fields[name].label}"
    _reason(form, "为什么更换")
    form.fields[HANDED] = ui.TextField(
        label="交接情况", long=True, max_length=1000, help_text="谁交给谁、哪天交接、交了哪些材料、还有哪些没有办完的事"
    )
    return form


def _may_replace(who: Reader, view: View, step: Step, key: str) -> bool:
    """Whoever names somebody in the step names the next one too."""
    item = view.plan.item(step.id, key)
    return (
        bool(named_in(view.pack, step.id)) and item is not None and acting.may_record(who, view.case, view.pack, item)
    )


def may_accept(who: Reader, case: Case) -> bool:
    """Whether the reader is of the office a case is offered to."""
    return any(row.role in OFFICE and row.organ_id == case.offered_to_id for row in who.grants)


def links(who: Reader, view: View) -> list[tuple[str, str]]:
    """The acts of this kind that the reader may do now, with their words."""
    case = view.case
    if case.state not in ALIVE:
        return []
    mine, steers, offered = may_accept(who, case), acting.may_steer(who, case), case.offered_to_id is not None
    wanted = [
        ("accept", "接收", "", offered and mine),
        ("decline", "不接收", "", offered and mine),
        ("decline", "收回移交", "", offered and steers and not mine),
        ("transfer", "移交给别的机关", "", steers and not offered and not case.sealed),
    ]
    for step in view.pack.steps.values():
        for key in view.standing.get(step.id, {}):
            if _may_replace(who, view, step, key):
                title = "、".join(step.form[name].title for name in named_in(view.pack, step.id).values())
                wanted.append(("replaced", f"更换{title}", f"?step={step.id}&key={key}", True))
    return [(reverse("case-act", args=[case.pk, kind]) + asked, title) for kind, title, asked, fits in wanted if fits]


MAKERS: Mapping[str, Callable[[Reader, View, Wanted, Any], ActForm | None]] = {
    "transfer": _offer,
    "accept": _accept,
    "decline": _decline,
    "replaced": _replace,
}
