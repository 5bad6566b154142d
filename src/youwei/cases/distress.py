"""Somebody is in distress: told to those who must act and to nobody else, followed up by a person, forgotten soon after."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet

from youwei.cases import commands, logs
from youwei.cases.models import Case, Distress
from youwei.engine.pausing import PAUSED, meets_people
from youwei.engine.types import EntryKind
from youwei.journal.actors import Actor
from youwei.journal.sealing import seal, unseal
from youwei.organs import queries as organs
from youwei.organs.models import Account, CareContact, Organ, Role
from youwei.organs.policy import ACTS, OFFICE, Reader, visible

SEE, REPORT, CLOSE = "distress.view", "distress.report", "distress.close"
MOST = 50
PLACE = "distress"
AT_ONCE = ("有人陪同", "通知所在单位负责人", "通知家属", "联系医疗机构或者120", "联系心理援助热线", "请帮带责任人联系")
"""What may be done at once: deeds, never a state of health."""
HOTLINES = (("急救", "120"), ("全国统一心理援助热线", "12356"), ("报警求助", "110"))


class Refused(ValueError):
    """Not entered, with the reason and the remedy in Chinese."""


@dataclass(frozen=True, slots=True)
class Told:
    """What was done at once, who was called, and how it was followed up."""

    did: tuple[str, ...]
    called: tuple[str, ...]
    after: str = ""


def told(row: Distress) -> Told:
    found = json.loads(unseal(bytes(row.sealed), place=PLACE))
    return Told(tuple(found["did"]), tuple(found["called"]), found["after"])


def _seal(words: Told) -> bytes:
    text = json.dumps({"did": words.did, "called": words.called, "after": words.after}, ensure_ascii=False)
    return seal(text.encode(), place=PLACE)


def may_arise(case: Case) -> bool:
    """Whether somebody is met in this case, and it is going on."""
    alive = case.state in (Case.State.OPEN, Case.State.HELD)
    return alive and case.person_id is not None and meets_people(logs.pack_of(case))


def _answers_for(who: Reader, act: str) -> Q:
    """The cases for whose people a reader answers: of the own office, of the own unit, and those one mentors. Not those of offices below."""
    office = [row.organ_id for row in who.grants if row.role in OFFICE & ACTS[act]]
    mine = Q(organ__in=office)
    if Role.MENTOR in who.roles() & ACTS[act]:
        mine |= Q(pk__in=Case.objects.filter(servants__account__in=who.serves_as()).values("pk"))
    for row in who.grants:
        if row.role == Role.UNIT:
            mine |= Q(subject_organ__path__startswith=row.organ.path)
    return mine


def cases(who: Reader, act: str = REPORT) -> "QuerySet[Case]":
    """The cases in which a reader may say so."""
    rows = visible(who, act, Case.objects.select_related("person", "organ", "subject_organ"))
    return rows.filter(_answers_for(who, act))


def may_report(who: Reader, case: Case) -> bool:
    """The same of a case the reader has before him; no query."""
    if not may_arise(case):
        return False
    own = any(row.role in OFFICE and row.organ_id == case.organ_id for row in who.grants)
    unit = any(row.role == Role.UNIT and case.subject_organ.path.startswith(row.organ.path) for row in who.grants)
    return own or unit or who.roles() == {Role.MENTOR}  # a mentor, and nothing else, has before him what he serves


def seen(who: Reader, act: str = SEE) -> "QuerySet[Distress]":
    """What was said and a reader must know of."""
    rows = visible(who, act, Distress.objects.select_related("case__person", "case__organ", "case__subject_organ"))
    return rows.filter(case__in=Case.objects.filter(_answers_for(who, act)).values("pk")).order_by("noticed_on", "pk")


def waiting(who: Reader) -> list[Distress]:
    """What this reader must look after now, the oldest first. One query, none for whoever has no part in it."""
    return list(seen(who).filter(closed_on=None)[:MOST]) if who.roles() & ACTS[SEE] else []


def contacts(asked: Sequence[Organ]) -> list[CareContact]:
    """Whom to call, as these organs list it. One query."""
    rows = CareContact.objects.filter(organ__in=[each.pk for each in asked]).select_related("organ")
    return list(rows.order_by("organ", "place"))


@transaction.atomic
def report(
    *, case: Case, did: Sequence[str], called: Sequence[str], pause: bool, account: Account, by: Actor, on: date, at: datetime,
    today: date,
) -> Distress:  # fmt: skip
    """Say that somebody is in distress. With `pause` the case stands still, on a ground that tells nobody why."""
    if not may_arise(case):
        raise Refused("这件事项已经办结，或者不是当面办的；有紧急情况的，请直接拨打联系电话。")
    stops = pause and case.state == Case.State.OPEN
    if stops:
        values = {"ground": PAUSED}
        commands.act(case=case, kind=EntryKind.HOLD, by=by, on=on, at=at, today=today, values=values, reason=PAUSED)
    return Distress.objects.create(
        case=case,
        noticed_on=on,
        sealed=_seal(Told(tuple(did), tuple(called))),
        paused=stops,
        by=by.name,
        account=account,
        at=at,
    )


@transaction.atomic
def close(*, row: Distress, after: str, resume: bool, by: Actor, on: date, at: datetime, today: date) -> None:
    """A person says that it was followed up and, where the case stands still for it, whether it goes on. Closing twice is once."""
    row = Distress.objects.select_for_update().get(pk=row.pk)
    if row.closed_on is not None:
        return
    if not row.noticed_on <= on <= today:
        raise Refused("日期应在发现之日到今天之间，请核对。")
    case = Case.objects.get(pk=row.case_id)
    if resume and row.paused and case.state == Case.State.HELD:
        commands.act(case=case, kind=EntryKind.RESUME, by=by, on=on, at=at, today=today, reason="继续进行")
    before = told(row)
    row.sealed, row.closed_on, row.closed_by = _seal(Told(before.did, before.called, after)), on, by.name
    row.save(update_fields=["sealed", "closed_on", "closed_by"])


def keep_days() -> int:
    """For how many days it is kept after it was closed: a logged setting of the store, 90 without one."""
    return int(organs.chosen(organs.KEEP_DISTRESS))


def forget(*, today: date) -> int:
    """The nightly round: what was closed long enough ago is deleted. Returns how many."""
    return Distress.objects.filter(closed_on__lt=today - timedelta(days=keep_days())).delete()[0]


@transaction.atomic
def keep_contacts(*, organ: Organ, rows: Sequence[dict[str, str]]) -> None:
    """Put an organ's list in the place of the one it had."""
    CareContact.objects.filter(organ=organ).delete()
    CareContact.objects.bulk_create(
        CareContact(organ=organ, place=number, name=row["name"], post=row.get("post") or "", phone=row["phone"])
        for number, row in enumerate(rows, start=1)
    )
