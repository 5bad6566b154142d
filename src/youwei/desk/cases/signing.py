"""Joint signatures on the page of a case: the text, who has signed it and who has not, and the small form of the next one."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django import forms

from youwei.cases.queries import View
from youwei.cases.telling import TO_NOBODY, Open, readable, told
from youwei.cases.texts import own_faults
from youwei.desk.cases.forms import ON
from youwei.desk.cases.holding import holds
from youwei.engine.types import Act, EntryKind, Item, Who
from youwei.organs.policy import Reader
from youwei.rulebook.packs import Kind
from youwei.ui import fields as ui

AGREE, BACK = "agree", "back"
AGREED = "同意"
LONGEST = 1000


@dataclass(frozen=True, slots=True)
class Signature:
    """One role's place under a text; without a name it has not signed yet."""

    role: str
    by: str = ""
    on: date | None = None
    opinion: str = ""
    entered: str = ""  # given on paper: who has entered it
    paper: str = ""


@dataclass(frozen=True, slots=True)
class Signing:
    """A text that is signed jointly, as it stands."""

    fields: tuple[tuple[str, str], ...]
    signatures: tuple[Signature, ...]
    waiting: bool


def signing(view: View, item: Item | None, open_to: Open = TO_NOBODY) -> Signing | None:
    """What is to be signed, or was; None where nothing is, or nothing has been written yet."""
    step = view.pack.steps[item.step] if item is not None else None
    if item is None or step is None or not step.signs:
        return None
    record = view.standing.get(step.id, {}).get(item.key)
    if record is None:
        return None
    fields = ((field.title, told(field, record.values.get(name))) for name, field in readable(step, open_to))
    return Signing(
        tuple((title, text) for title, text in fields if text),
        tuple(_signature(view.pack.roles[role].title, record.signs.get(role)) for role in step.signs),
        Act.SIGN in item.may,
    )


def _signature(role: str, entry: Any) -> Signature:
    if entry is None:
        return Signature(role)
    opinion = str(entry.values.get("opinion", "")) or AGREED
    if entry.behalf:
        return Signature(role, entry.behalf, entry.on, opinion, entered=entry.by, paper=entry.paper)
    return Signature(role, entry.by, entry.on, opinion)


def may_sign(who: Reader, view: View, item: Item | None, part: str = "") -> Who | None:
    """The role the reader may sign for now: the one asked for, or the first of those still missing that the reader holds."""
    if item is None or Act.SIGN not in item.may:
        return None
    held = [place for place in item.signers if holds(who, view.case, view.pack.roles.get(place.role), place)]
    return next((place for place in held if place.role == part), held[0] if held and not part else None)


def own_text(who: Reader, view: View, item: Item | None) -> str:
    """Why a reader who holds the role all the same does not sign or approve what waits for it: the text, or a signature under it, is their own."""
    step = view.pack.steps[item.step] if item is not None else None
    if item is None or step is None or (may_sign(who, view, item) is None and not approves(who, view, item)):
        return ""
    own = {each.seq for each in view.records if each.by_id == who.account.pk and not each.behalf}
    return "".join(map(str, own_faults(step, item.key, view.standing, own)))


def approves(who: Reader, view: View, item: Item) -> bool:
    """Whether a step that may be done now is an approval, of a role the reader holds."""
    asked = view.pack.steps[item.step].kind is Kind.APPROVAL and Act.RECORD in item.may
    return asked and holds(who, view.case, view.pack.roles.get(item.who.role), item.who)


def draft_key(part: str, key: str) -> str:
    """Where what a signer has typed is kept, apart from drafts of the record itself."""
    return f"{part}:{key}"[:64]


class SignForm(forms.Form):
    """Agree, or send back with a reason."""

    part: str
    kept_at: datetime | None = None

    @property
    def done(self) -> str:
        return "已签署" if self.cleaned_data["verdict"] == AGREE else "已退回"

    def entry(self, item: Item) -> dict[str, Any]:
        """Arguments of `cases.commands.act`."""
        given = self.cleaned_data
        common = {"step": item.step, "key": item.key, "part": self.part, "on": given[ON]}
        if given["verdict"] == AGREE:
            return {**common, "kind": EntryKind.SIGN, "values": {"opinion": given["opinion"] or AGREED}}
        return {**common, "kind": EntryKind.RETURN, "to": item.step, "reason": given["opinion"]}

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("verdict") == BACK and not given.get("opinion"):
            self.add_error("opinion", "退回要写明理由，办理人才知道改什么。")
        return given

    def take_faults(self, faults: Iterable[tuple[str, str]]) -> None:
        for name, message in faults:
            self.add_error(
                {"reason": "opinion"}.get(name, name) if name in (ON, "opinion", "reason") else None, message
            )


def sign_form(place: Who, *, today: date, data: Any = None) -> SignForm:
    form = SignForm(data=data, initial={ON: today}, auto_id="sign_%s")
    form.part = place.role
    form.fields["verdict"] = ui.ChoiceField(label="签署", choices=[(AGREE, "同意"), (BACK, "退回修改")])
    form.fields["opinion"] = ui.TextField(
        label="意见",
        long=True,
        required=False,
        max_length=LONGEST,
        help_text="同意而不写的，记为“同意”；退回的，写明理由",
    )
    form.fields[ON] = ui.FlexibleDateField(label="签署日期", today=today, latest=today)
    return form
