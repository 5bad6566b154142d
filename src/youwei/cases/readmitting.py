"""A sealed case of which nobody at its office knows any more is reached again by two acts of two people who both stay outside.

The security administrator, who gives and ends roles, asks for somebody of the office; a leader of the office or of the commission above it lets
that one in or refuses. Both learn that there is a sealed case of this number at this organ, and nothing else of it.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from youwei.cases import logs
from youwei.cases.admission_proof import ASK, IN, REFUSE
from youwei.cases.admitting import Candidate, enter, knowing, named
from youwei.cases.facts import place_facts
from youwei.cases.models import AdmissionRequest, Case
from youwei.journal.actors import Actor
from youwei.journal.models import Entry, Log
from youwei.journal.queries import record
from youwei.organs.models import Organ, Role
from youwei.organs.policy import ACTS, Reader
from youwei.organs.queries import holders, in_force

ASKING, DECIDING = "grant.manage", "admission.decide"
CASE_ORGAN = "case organ"


class Refused(ValueError):
    """Not entered: the field, the reason and the remedy in Chinese."""

    def __init__(self, reason: str, field: str = "") -> None:
        super().__init__(reason)
        self.field = field


GONE = "这件保密事项已经有人知情，或者已经有人办过；请刷新页面。"
NOT_LISTED = "这个人现在不在可以准入的名单里；请刷新页面，另选一人。"
SELF = "要准入的就是您本人，不能由您批准；请由上一级纪检监察机关的分管领导批准。"
ASKER = "提请的人不能自己批准；请由分管领导批准。"


def forgotten(on: date) -> QuerySet[Case]:
    """Sealed cases, open or ended, of which nobody of the office knows any more. One query."""
    rows = Case.objects.filter(sealed=True).exclude(Exists(knowing(on).filter(case=OuterRef("pk"))))
    return rows.select_related("organ__merged_into", "organ__parent").order_by("pk")


def candidates(case: Case, on: date) -> list[Candidate]:
    """Whom the administrator may ask for: whoever holds a role of the case at its own office. Names of offices beyond would tell what it is."""
    pack, office = logs.pack_of(case), in_force(case.organ, None)
    wanted = {role.held_by for role in map(pack.roles.__getitem__, pack.sealed_to) if role.at == CASE_ORGAN}
    return [
        Candidate(account, role, office)
        for role in sorted(wanted)
        for account in holders(office.pk, [Role(role)], on).order_by("name", "pk")
    ]


@dataclass(frozen=True, slots=True)
class Forgotten:
    """A case as the administrator sees it: its number, its office, whom one may ask for, and who was asked for last."""

    number: int
    office: Organ
    candidates: list[Candidate]
    asked: str


def listed(on: date) -> list[Forgotten]:
    """What waits for the administrator. Nothing, in one query, while every sealed case is known to somebody."""
    rows = list(forgotten(on))
    asked = {row.case_id: row for row in _requests(case__in=[row.pk for row in rows])} if rows else {}
    return [
        Forgotten(
            row.pk, in_force(row.organ, None), candidates(row, on), named(asked[row.pk]) if row.pk in asked else ""
        )
        for row in rows
    ]


@transaction.atomic
def ask(*, number: int, key: str, reason: str, by: Actor, on: date, at: datetime, token: str | None = None) -> None:
    """The administrator asks that somebody be let in. A later request takes the place of an earlier one."""
    case = _held(number, on)
    candidate = next((each for each in candidates(case, on) if each.key == key), None)
    if candidate is None:
        raise Refused(NOT_LISTED, "who")
    said = f"提请准入{named(candidate)}：{reason}"
    enter(case, ASK, candidate, said, by=by, on=on, at=at, today=on, token=token)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A request as a leader sees it: number and office of the case, whom, by whom, why."""

    number: int
    office: Organ
    whom: str
    own: bool
    by: str
    asked_on: date
    reason: str


def waiting(who: Reader) -> list[Waiting]:
    """The requests this leader decides on: of the own office, and of offices directly below the own commission."""
    offices = _deciding(who)
    if not offices:
        return []
    open_ones = forgotten(who.on).values("pk")
    found = [row for row in _requests(case__in=open_ones) if _decides(offices, in_force(row.case.organ, None))]
    return [_told(row, who) for row in found]


def _told(row: AdmissionRequest, who: Reader) -> Waiting:
    said = record(
        Entry.objects.select_related("content").get(log__kind="case", log__ref=row.case_id, seq=row.entry_seq)
    )
    reason = str(said.content["reason"]).partition("：")[2]
    office = in_force(row.case.organ, None)
    return Waiting(
        row.case_id, office, named(row), row.account_id == who.account.pk, said.by, said.on, reason
    )  # fmt: skip


def _requests(**wanted: Any) -> QuerySet[AdmissionRequest]:
    rows = AdmissionRequest.objects.filter(**wanted).order_by("case")
    return rows.select_related("account", "organ", "case__organ__merged_into", "case__organ__parent")


def _deciding(who: Reader) -> set[int]:
    """The organs at which the reader decides, in a role held and not lent."""
    return {row.organ_id for row in who.grants if row.role in ACTS[DECIDING] and row.covers is None}


def _decides(offices: set[int], office: Organ) -> bool:
    above = place_facts([office])[office.pk].get("organ.above", "")
    return office.pk in offices or (above.isdigit() and int(above) in offices)


@transaction.atomic
def decide(
    *, who: Reader, number: int, agree: bool, reason: str, by: Actor, at: datetime, token: str | None = None
) -> None:
    """A leader lets the one asked for in, or refuses. Nobody decides on themselves, nor on what they asked for."""
    case = _held(number, who.on)
    row = _requests(case=case).first()
    if row is None or not _decides(_deciding(who), in_force(case.organ, None)):
        raise Refused(GONE)
    if agree and row.account_id == who.account.pk:
        raise Refused(SELF)
    asked = Entry.objects.get(log__kind="case", log__ref=case.pk, seq=row.entry_seq)
    if asked.by_id == by.account_id:
        raise Refused(ASKER)
    if agree and not holders(row.organ_id, [Role(row.role)], who.on).filter(pk=row.account_id).exists():
        raise Refused(NOT_LISTED)
    said = f"{'批准准入' if agree else '不准入'}{named(row)}（{asked.by}提请）：{reason}"
    enter(case, IN if agree else REFUSE, row, said, by=by, on=who.on, at=at, today=who.on, token=token)


def _held(number: int, on: date) -> Case:
    """The case, which nobody knows of, and which nobody else acts on until this transaction ends."""
    log = Log.objects.select_for_update().filter(kind="case", ref=number).first()
    case = forgotten(on).filter(pk=number).first() if log is not None else None
    if case is None:
        raise Refused(GONE)
    return case
