"""Acts on a case besides recording: which of them a reader may do, and the small form of each."""

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import quote

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.utils.datastructures import MultiValueDict

from youwei.cases import commands
from youwei.cases.models import Case
from youwei.cases.queries import View, as_asked
from youwei.desk.address import whole, words
from youwei.desk.cases import returning, sealing
from youwei.desk.cases.forms import BEHALF, ON, StepForm, plain, step_form
from youwei.desk.cases.holding import holds, stands_there
from youwei.documents.commands import checked_type
from youwei.engine.excuses import NOT_DONE_GROUNDS
from youwei.engine.types import Act, EntryKind, Item, Status, Who
from youwei.journal.actors import Actor, standing_in
from youwei.organs.models import Grant, Role
from youwei.organs.policy import Reader
from youwei.rulebook.pack_facts import PLACE_FACTS
from youwei.rulebook.pack_types import Grounds
from youwei.rulebook.packs import Pack, Step
from youwei.ui import fields as ui

EMPTY: tuple[Any, ...] = (None, "", [], ())
STILL_OWED = "如实记下原因并计入统计；这一环节必须办，仍列在待办里，事项也不会就此办结"
STEERING = frozenset({Role.CASE_OFFICER, Role.LEADER})
LIVE = {Status.OPEN: 0, Status.SCHEDULED: 1}
ON_BEHALF = frozenset({Role.UNIT, Role.MENTOR, Role.ORGANIZATION})


def new_token() -> str:
    """A mark that makes a double click one entry."""
    return secrets.token_urlsafe(24)


def item_of(view: View, step: str, key: str) -> Item | None:
    """What the plan asks for under a step and occurrence; where there is no such occurrence the one to be done now or next, else the first."""
    of_step = [item for item in view.plan.items if item.step == step]
    return view.plan.item(step, key) or min(of_step, key=lambda item: LIVE.get(item.status, 2), default=None)


def may_record(who: Reader, case: Case, pack: Pack, item: Item) -> bool:
    """The holder of the step's role, or the office that handles the case on behalf of those without an account (J2)."""
    role = pack.roles.get(item.who.role)
    if holds(who, case, role, item.who):
        return True
    return role is not None and role.held_by in ON_BEHALF and handles(who, case)


def actor(who: Reader, case: Case, pack: Pack, place: Who) -> Actor:
    """Who acts in a role: in the name of the one replaced where the reader holds it only as a deputy."""
    role = pack.roles.get(place.role)
    held = [row for row in who.grants if role is not None and row.role == role.held_by]
    fitting = [row for row in held if stands_there(who, row, case, place)]
    fitting = fitting or [row for row in who.grants if row.organ_id == case.organ_id and row.role in STEERING]
    return signed_as(who, fitting[0].covers if fitting else None)  # one's own roles come first


def signed_as(who: Reader, lent: Grant | None) -> Actor:
    """The reader under the own name, or standing in for the holder of a role that is lent."""
    own = Actor(who.account.name, who.account.pk)
    return own if lent is None else standing_in(own.name, who.account.pk, lent.account.name)


def handles(who: Reader, case: Case) -> bool:
    """Whether the reader is an officer of the organ that handles the case."""
    return any(grant.role == Role.CASE_OFFICER and grant.organ_id == case.organ_id for grant in who.grants)


def needs_behalf(who: Reader, case: Case, pack: Pack, item: Item) -> bool:
    return not holds(who, case, pack.roles.get(item.who.role), item.who)


def decides(who: Reader, view: View, rule: Grounds) -> Who | None:
    """The role the reader holds that the pack lets decide on holding, excusing or prolonging."""
    for name in rule.by:
        role = view.pack.roles.get(name)
        organ = view.plan.facts.get(PLACE_FACTS.get(role.at, "")) if role is not None else None
        place = Who(role.id, role.title, str(organ) if organ else None) if role is not None else None
        if place is not None and holds(who, view.case, role, place):
            return place
    return None


def may_return(who: Reader, view: View, step: Step, key: str) -> bool:
    """Sending back belongs to whoever would otherwise record the step: what waits for the leader is sent back by the leader."""
    return bool(step.returns) and _may_redo(who, view, step.id, key)


def may_steer(who: Reader, case: Case) -> bool:
    """Holding, exempting, correcting and the like: the office and its leaders."""
    return any(grant.role in STEERING and grant.organ_id == case.organ_id for grant in who.grants)


@dataclass(frozen=True, slots=True)
class Files:
    """Files sent along with a record, read and checked before anything is written."""

    items: tuple[tuple[str, bytes], ...] = ()

    @classmethod
    def read(cls, files: "MultiValueDict[str, UploadedFile]") -> "Files":
        found = []
        for name in files:
            for file in files.getlist(name):
                data = file.read()
                checked_type(file.name or "", data)
                found.append((file.name or "附件", data))
        return cls(tuple(found))


def download(data: bytes, filename: str, media_type: str) -> HttpResponse:
    """A file to be saved, never shown inside the page."""
    response = HttpResponse(data, content_type=media_type)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(filename)}"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "no-store"
    return response


class ActForm(forms.Form):
    """The form of one act: its words, its fields, and the entry it makes."""

    title = ""
    verb = "记录"
    step: Step
    conditions: dict[str, list[list[dict[str, Any]]]] | None = None
    draft = ""  # where what is typed is kept, apart from drafts of records and signatures; empty where nothing is kept
    kept_at: datetime | None = None
    seen: int | None = None  # the last entry that was known when the draft was typed
    consequences: tuple[str, ...] = ()
    fixed: dict[str, Any]
    kind: EntryKind
    asked: "Wanted"
    before: Mapping[str, Any] | None = None
    place: Who | None = None  # the role in which it is done, where it is done in one

    def entry(self) -> dict[str, Any]:
        """Arguments of `cases.commands.act`. A correction says only what changes; a field emptied is taken out."""
        cleaned = dict(self.cleaned_data)
        arguments: dict[str, Any] = {
            "kind": self.kind,
            **self.fixed,
            "on": cleaned.pop(ON),
            "reason": cleaned.pop("reason", ""),
        }
        for name in ("to", "part", BEHALF):
            if name in cleaned:
                arguments[name] = cleaned.pop(name)
        values = {name: plain(value) for name, value in cleaned.items()}
        if self.before is None:
            arguments["values"] = {name: value for name, value in values.items() if value not in EMPTY}
        else:
            arguments["values"] = changed(self.before, values)
        return arguments

    def carry_out(self, *, case: Case, by: Actor, at: datetime, today: date, seen: int, token: str | None) -> None:
        """Enter it. Raises what `cases.commands.act` raises."""
        commands.act(case=case, by=by, at=at, today=today, seen=seen, token=token, **self.entry())

    def known(self, sent: Mapping[str, str]) -> int | None:
        """The last entry the page knew, where that matters: its page does not show what is sent back."""
        return None if self.kind is EntryKind.RETURN else whole(sent, "seen") or 0

    def take_faults(self, faults: Iterable[tuple[str, str]]) -> None:
        for name, message in faults:
            self.add_error(name if name in self.fields else None, message)


def changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """The fields that say something else now; None for one that was emptied."""
    found: dict[str, Any] = {}
    for name, value in after.items():
        old, new = before.get(name), None if value in EMPTY else value
        if (list(old) if isinstance(old, tuple) else old) != new and not (old in EMPTY and new is None):
            found[name] = new
    return found


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an act's page was asked for: the step, its occurrence, and the entry meant."""

    step: str = ""
    key: str = ""
    target: int = 0

    @classmethod
    def read(cls, asked: Mapping[str, Any]) -> "Wanted":
        return cls(words(asked, "step", 64), words(asked, "key", 64), whole(asked, "target") or 0)


def act_form(who: Reader, view: View, kind: str, asked: Mapping[str, Any], data: Any) -> ActForm | None:
    """The form of an act, or None when it is unknown, not allowed to this reader, or has nothing to act on."""
    if kind not in MAKERS or not may_steer(who, view.case):
        return None
    wanted = Wanted.read(asked)
    form = ActForm(data=data, initial={ON: who.on})
    form.asked = wanted
    form.fields[ON] = ui.FlexibleDateField(label="日期", today=who.on, latest=who.on)
    form.fixed = {}
    form.kind = EntryKind(kind)
    return MAKERS[kind](form, view, wanted, who)


def _reason(form: ActForm, label: str = "理由") -> None:
    form.fields["reason"] = ui.TextField(label=label, long=True, max_length=1000)


def _choice(form: ActForm, name: str, label: str, choices: Iterable[str]) -> None:
    form.fields[name] = ui.ChoiceField(label=label, choices=[(each, each) for each in choices])


def _decided(form: ActForm, view: View, who: Reader, rule: Grounds) -> None:
    """The ground, why, and, when somebody else enters it, who decided."""
    _choice(form, "ground", "事由", rule.grounds)
    _reason(form, "说明")
    _decider(form, view, who, rule)


def _decider(form: ActForm, view: View, who: Reader, rule: Grounds) -> None:
    form.place = decides(who, view, rule)
    if form.place is None:
        titles = "、".join(view.pack.roles[name].title for name in rule.by if name in view.pack.roles)
        form.fields[BEHALF] = ui.TextField(
            label="谁决定的", max_length=60, help_text=f"按规程由{titles}决定；替其录入的，写明决定人的姓名、职务"
        )


def _target(form: ActForm, view: View, wanted: Wanted, who: Reader) -> Step | None:
    """The record an act is about, still standing, and one the reader might have written."""
    for step, records in view.standing.items():
        for record in records.values():
            if record.seq == wanted.target and step in view.pack.steps and _may_redo(who, view, step, record.key):
                form.fixed = {"target": record.seq, "step": step, "key": record.key}
                form.step, form.place = view.pack.steps[step], _holder(view, step, record.key)
                return form.step
    return None


def _given_on_paper(form: ActForm, view: View, wanted: Wanted, who: Reader) -> Step | None:
    """A signature or an approval that the office has entered for somebody, and may have entered wrongly."""
    for records in view.standing.values() if handles(who, view.case) else ():
        for record in records.values():
            entered = {sign.seq for sign in record.signs.values() if sign.behalf} | (
                {record.seq} if record.behalf else set()
            )
            if wanted.target in entered:
                form.fixed = {"target": wanted.target, "step": record.step, "key": record.key}
                form.step = view.pack.steps[record.step]
                return form.step
    return None


def _holder(view: View, step: str, key: str) -> Who | None:
    return found.who if (found := item_of(view, step, key)) else None


def _may_redo(who: Reader, view: View, step: str, key: str) -> bool:
    """A leader's approval is not the clerk's to correct, to withdraw or to send back."""
    item = item_of(view, step, key)
    return item is not None and may_record(who, view.case, view.pack, item)


def _correct(form: ActForm, view: View, wanted: Wanted, who: Reader) -> ActForm | None:
    step = _target(form, view, wanted, who)
    if step is None:
        return None
    standing = view.standing[step.id][form.fixed["key"]]
    form.title, form.verb, form.draft = f"更正：{step.title}", "更正这条记录", f"correct-{wanted.target}"
    form.consequences = (
        "原来的记录保留可查，更正另立一条", "已经签署、审批的，要重新签署、审批", "已经出具的文书保持原样",
    )  # fmt: skip
    form.consequences += ("已经落到成员事项的，下一页可以一并改到各人",) if step.lands is not None else ()
    source: StepForm = step_form(as_asked(view, step, form.fixed["key"]), today=who.on)
    hidden = sealing.hidden(who, view, step)
    form.fields = {name: field for name, field in source.fields.items() if name not in hidden}
    form.before, form.conditions = standing.values, source.conditions
    known = {name: value for name, value in standing.values.items() if name not in hidden}
    form.initial = {**source.initial, **known, ON: standing.on}
    _reason(form, "为什么更正")
    return form


def _withdraw(form: ActForm, view: View, wanted: Wanted, who: Reader) -> ActForm | None:
    step = _target(form, view, wanted, who) or _given_on_paper(form, view, wanted, who)
    if step is None:
        return None
    form.title, form.verb = f"撤回：{step.title}", "撤回这条记录"
    form.consequences = ("只用于录错了事项或重复录入", "记录本身保留可查，环节重新成为待办")
    _reason(form, "为什么撤回")
    return form


def _return(form: ActForm, view: View, wanted: Wanted, who: Reader) -> ActForm | None:
    step = view.pack.steps.get(wanted.step)
    if step is None or not may_return(who, view, step, wanted.key):
        return None
    form.title, form.verb, form.fixed = f"退回：{step.title}", "退回", {"step": step.id, "key": wanted.key}
    form.place = _holder(view, step.id, wanted.key)
    more = returning.asked(view, step)
    stands = "已经开过的会、谈过的话、发过的函仍然有效" + ("，除非选了重新办" if "redo" in more else "")
    form.consequences = ("退回的环节重新办理，期限从退回之日另算", stands)
    choices = [(name, view.pack.steps[name].title) for name in step.returns]
    sole = step.returns[0] if len(step.returns) == 1 else None  # where there is nothing to choose nobody is asked to
    form.fields["to"] = ui.ChoiceField(label="退回到", choices=choices, initial=sole)
    form.fields.update(more)
    _reason(form, "退回的理由")
    return form


def _hold(form: ActForm, view: View, wanted: Wanted, who: Reader) -> ActForm | None:
    if view.pack.hold is None or view.plan.held:
        return None
    form.title, form.verb = "中止计时", "中止"
    form.consequences = ("从决定之日起数的期限暂停；法定最迟期限和影响期不动",)
    _decided(form, view, who, view.pack.hold)
    return form


def _resume(form: ActForm, view: View, wanted: Wanted, who: Reader) -> ActForm | None:
    if not view.plan.held:
        return None
    form.title, form.verb, form.consequences = "恢复计时", "恢复", ("暂停期间实际耽误的天数加到期限上",)
    _reason(form, "说明")
    if view.pack.hold is not None:
        _decider(form, view, who, view.pack.hold)
    return form


def _exempt(form: ActForm, view: View, wanted: Wanted, who: Reader) -> ActForm | None:
    step = view.pack.steps.get(wanted.step)
    if step is None or step.exempt is None:
        return None
    form.title, form.verb, form.fixed = f"免办：{step.title}", "免办", {"step": step.id, "key": wanted.key}
    _decided(form, view, who, step.exempt)
    return form


def _not_done(form: ActForm, view: View, wanted: Wanted, who: Reader) -> ActForm | None:
    item = view.plan.item(wanted.step, wanted.key)
    if item is None or Act.NOT_DONE not in item.may:
        return None
    owed = bool(item.missing) or view.pack.steps[item.step].must
    form.title, form.verb, form.fixed = f"没有办：{item.title}", "说明没有办", {"step": item.step, "key": item.key}
    form.consequences = (STILL_OWED,) if owed else ("如实记为未办并计入统计，轮到下一环节",)
    if item.missing:
        form.fields["part"] = ui.ChoiceField(
            label="哪一方没有签署", choices=[(each.role, each.title) for each in item.signers]
        )
    _choice(form, "ground", "原因", NOT_DONE_GROUNDS)
    _reason(form, "为什么没有办")
    return form


def _prolong(form: ActForm, view: View, wanted: Wanted, who: Reader) -> ActForm | None:
    step = view.pack.steps.get(wanted.step)
    if step is None or step.prolong is None:
        return None
    form.title, form.verb, form.fixed = f"延长期限：{step.title}", "延长", {"step": step.id, "key": wanted.key}
    form.fields["due"] = ui.FlexibleDateField(label="延长到", today=who.on)
    _decided(form, view, who, step.prolong)
    return form


def _note(form: ActForm, view: View, wanted: Wanted, who: Reader) -> ActForm | None:
    form.title, form.verb = "备注", "记下备注"
    _reason(form, "备注")
    return form


MAKERS = {
    "correct": _correct,
    "withdraw": _withdraw,
    "return": _return,
    "hold": _hold,
    "resume": _resume,
    "exempt": _exempt,
    "not_done": _not_done,
    "prolong": _prolong,
    "note": _note,
}
