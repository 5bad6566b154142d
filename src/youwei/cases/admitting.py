"""Who works on a sealed case: let in by those who are in, each with the reason, and out again. Both stand in the log of the case and nowhere else.

An account is let in as the holder of one of the roles the pack is sealed to, at the organ where this case places it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from youwei.cases import logs
from youwei.cases.commands import Rejected, act
from youwei.cases.models import Admission, Case
from youwei.engine.types import EntryKind, Fault
from youwei.journal.actors import Actor
from youwei.organs.models import Account, Organ, Role
from youwei.organs.queries import holders
from youwei.rulebook.pack_facts import PLACE_FACTS

LAST = Fault("", "承办机关要留有至少一人知情，这一位不能退出。", "请先准入接手的人。", "last")
GONE = Fault("who", "这个人不在可以准入的名单里，或者已经准入。", "请刷新页面，另选一人。", "who")


@dataclass(frozen=True, slots=True)
class Candidate:
    """An account that may be let in, and as what."""

    account: Account
    role: str
    organ: Organ

    @property
    def key(self) -> str:
        return f"{self.account.pk}-{self.role}-{self.organ.pk}"

    @property
    def title(self) -> str:
        return f"{self.account.name}（{self.organ.name}{Role(self.role).label}）"


def candidates(case: Case, facts: Mapping[str, Any], on: date) -> list[Candidate]:
    """Who holds one of the roles of this case and is not in yet. A few queries, as many as it has places."""
    pack = logs.pack_of(case)
    places = {
        (int(organ), role.held_by)
        for role in (pack.roles[name] for name in pack.sealed_to)
        if (organ := str(facts.get(PLACE_FACTS[role.at], ""))).isdigit()
    }
    organs = Organ.objects.in_bulk([organ for organ, _ in places])
    within = set(case.admissions.values_list("account", "role", "organ"))
    return [
        Candidate(account, role, organs[organ])
        for organ, role in sorted(places)
        if organ in organs
        for account in holders(organ, [Role(role)], on).order_by("name", "pk")
        if (account.pk, role, organ) not in within
    ]


def admitted(case: Case) -> list[Admission]:
    return list(case.admissions.select_related("account", "organ").order_by("pk"))


def _who(row: Admission | Candidate) -> str:
    return f"{row.account.name}（{row.organ.name}{Role(row.role).label}）"


@transaction.atomic
def let_in(
    *, case: Case, candidate: Candidate, reason: str, by: Actor, on: date, at: datetime, today: date, token: str | None = None
) -> None:  # fmt: skip
    """Let an account in. Raises Rejected when nothing can be entered into the log of the case."""
    _note(case, f"准入{_who(candidate)}：{reason}", by, on, at, today, token)
    Admission.objects.get_or_create(
        case=case, account=candidate.account, role=candidate.role, organ=candidate.organ
    )  # fmt: skip


@transaction.atomic
def let_out(*, case: Case, admission: Admission, reason: str, by: Actor, on: date, at: datetime, today: date) -> None:
    """Somebody works on it no more and sees it no more. Raises Rejected for the last of the organ that handles it."""
    others = case.admissions.select_for_update().filter(organ=case.organ).exclude(pk=admission.pk)
    if admission.organ_id == case.organ_id and not others.exists():
        raise Rejected([LAST])
    _note(case, f"退出{_who(admission)}：{reason}", by, on, at, today, None)
    admission.delete()


def _note(case: Case, said: str, by: Actor, on: date, at: datetime, today: date, token: str | None) -> None:
    act(case=case, kind=EntryKind.NOTE, reason=said, by=by, on=on, at=at, today=today, token=token)
