"""Who works on a sealed case: let in by those who are in, each with the reason, and out again. Both stand in the log of the case and nowhere else.

An account is let in as the holder of one of the roles the pack is sealed to, at the organ where this case places it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from youwei.cases import logs
from youwei.cases.admission_proof import IN, OUT, carry_out, told
from youwei.cases.commands import Rejected, act
from youwei.cases.models import Admission, AdmissionRequest, Case
from youwei.engine.types import EntryKind, Fault
from youwei.journal.actors import Actor
from youwei.journal.models import Log
from youwei.journal.queries import of_token
from youwei.organs.models import Account, Grant, Organ, Role
from youwei.organs.queries import held, holders
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


def knowing(on: date) -> QuerySet[Admission]:
    """Who of the office that handles a sealed case is let in to it and holds the role that lets them still."""
    office = Q(organ=OuterRef("case__organ")) | Q(organ=OuterRef("case__organ__merged_into"))
    return Admission.objects.filter(Exists(_own(on).filter(office)))


def holding(on: date) -> QuerySet[Admission]:
    """Who is let in and holds the role that lets them still, wherever that is."""
    return Admission.objects.filter(Exists(_own(on)))


def _own(on: date) -> QuerySet[Grant]:
    """Of an admission, the role it goes by, as its account holds it."""
    there = Q(organ=OuterRef("organ")) | Q(organ=OuterRef("organ__merged_into"))
    return held(on).filter(there, account=OuterRef("account"), role=OuterRef("role"))


def named(row: Admission | AdmissionRequest | Candidate) -> str:
    """An account with the role in which it is let in."""
    return f"{row.account.name}（{row.organ.name}{Role(row.role).label}）"


@transaction.atomic
def let_in(
    *, case: Case, candidate: Candidate, reason: str, by: Actor, on: date, at: datetime, today: date, token: str | None = None
) -> None:  # fmt: skip
    """Let an account in. Raises Rejected when nothing can be entered into the log of the case."""
    enter(case, IN, candidate, f"准入{named(candidate)}：{reason}", by, on, at, today, token)


@transaction.atomic
def let_out(*, case: Case, admission: Admission, reason: str, by: Actor, on: date, at: datetime, today: date) -> None:
    """Somebody works on it no more and sees it no more. Raises Rejected for the last of the organ that handles it."""
    Log.objects.select_for_update().get(kind="case", ref=case.pk)  # two who leave at once wait for each other
    inside = knowing(today).filter(case=case)
    if inside.filter(pk=admission.pk).exists() and not inside.exclude(pk=admission.pk).exists():
        raise Rejected([LAST])
    enter(case, OUT, admission, f"退出{named(admission)}：{reason}", by, on, at, today)


def enter(
    case: Case, does: str, whom: Admission | AdmissionRequest | Candidate, said: str, by: Actor, on: date, at: datetime, today: date,
    token: str | None = None,
) -> None:  # fmt: skip
    """Enter into the log of the case what becomes of an account, and do it. A token used before changes nothing more."""
    if token and of_token(token) is not None:
        return
    kept = told(does, whom.account.pk, str(whom.role), whom.organ.pk)
    seq = act(
        case=case, kind=EntryKind.NOTE, reason=said, by=by, on=on, at=at, today=today, token=token, beside=kept
    )  # fmt: skip
    carry_out(case.pk, kept, seq)
