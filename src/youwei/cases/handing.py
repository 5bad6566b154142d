"""Cases change hands: one office offers a case and another accepts it or sends it back; whoever is named in cases is replaced in all of them.

From the acceptance on the other office handles the case; what was recorded, and the office that decided, stay. No date moves by it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from youwei.cases import logs
from youwei.cases.commands import Rejected, act, judge, settle
from youwei.cases.facts import place_facts
from youwei.cases.models import Case, CaseServant
from youwei.engine.sieve import sieve
from youwei.engine.types import Entry, EntryKind, Fault
from youwei.journal import commands as journal
from youwei.journal.actors import Actor
from youwei.journal.commands import Act
from youwei.journal.models import Log
from youwei.organs import queries as organs
from youwei.organs.models import Account, Organ
from youwei.rulebook.pack_types import PackRef, Step

ALIVE = (Case.State.OPEN, Case.State.HELD)
Naming = tuple[PackRef, str]


def offer(
    *, case: Case, to: Organ, reason: str, by: Actor, on: date, at: datetime, today: date, token: str | None = None
) -> int:
    """Offer a case to another office. Raises Rejected when it is offered already or stands there."""
    return act(
        case=case, kind=EntryKind.TRANSFER, to=str(to.pk), reason=reason, by=by, on=on, at=at, today=today, token=token
    )  # fmt: skip


@transaction.atomic
def accept(*, case: Case, reason: str, by: Actor, on: date, at: datetime, today: date) -> None:
    """The office it is offered to takes the case over. Raises Rejected when it is offered no more."""
    log = Log.objects.select_for_update().get(kind="case", ref=case.pk)
    case.refresh_from_db(fields=["offered_to"])
    to, entries, calendar = case.offered_to, logs.log(case), organs.calendar()
    values = place_facts([to])[to.pk] if to is not None else {}
    entry = Entry(
        seq=len(entries) + 1, kind=EntryKind.ACCEPT, on=on, at=timezone.localdate(at), by=by.name, values=values, reason=reason
    )  # fmt: skip
    judge(case, log, entries, entry, calendar, by=by, seen=None)
    case.organ = to or case.organ
    case.save(update_fields=["organ"])
    stands = {"organ_id": case.organ_id, "subject_organ_id": case.subject_organ_id}
    content = {"values": values, "reason": reason, "case": stands}
    journal.extend(log, Act("case", case.pk, str(EntryKind.ACCEPT), content, by, on, at))
    settle(case=case, entries=[*entries, entry], at=at, today=today, calendar=calendar)


def send_back(*, case: Case, reason: str, by: Actor, on: date, at: datetime, today: date) -> None:
    """Not accepted, or taken back by whoever offered it: the offer is withdrawn, with the reason."""
    offered = [entry.seq for entry in logs.log(case) if entry.kind is EntryKind.TRANSFER]
    act(
        case=case, kind=EntryKind.WITHDRAW, target=offered[-1] if offered else 0, reason=reason, by=by, on=on, at=at, today=today
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Named:
    """A place in an open case where an account is named to bear a role: the step that names it, and the field that holds the name."""

    case: Case
    step: Step
    key: str
    field: str


def named(account: Account) -> list[Named]:
    """Where an account serves open cases because it is named in them. Two queries."""
    serving = CaseServant.objects.filter(account=account, case__state__in=ALIVE)
    rows = list(serving.select_related("case__person", "case__subject_organ").order_by("case", "pk"))
    entries = logs.logs([row.case for row in rows])
    found = []
    for row in rows:
        pack, records = logs.pack_of(row.case), sieve(logs.packs(), entries[row.case_id]).records
        for name in pack.roles[row.role].named_in:
            for key, record in records.get(name.head, {}).items():
                if record.values.get(name.tail) == account.name:
                    found.append(Named(row.case, pack.steps[name.head], key, name.tail))
    return found


@transaction.atomic
def replace_named(
    *, account: Account, to: Account, answers: Mapping[Naming, Mapping[str, Any]], reason: str, by: Actor, on: date, at: datetime,
) -> int:  # fmt: skip
    """Put another account into every place where one is named in an open case, all or none. `answers` are the other fields, by version and step.

    `to` holds the role already. Returns how many cases; raises Rejected naming the case.
    """
    places = named(account)
    for place in places:
        values = {**answers.get(naming(place), {}), place.field: to.name}
        try:
            act(
                case=place.case, kind=EntryKind.REPLACED, step=place.step.id, key=place.key, values=values, reason=reason, by=by,
                on=on, at=at, today=on,
            )  # fmt: skip
        except Rejected as rejected:
            whose = place.case.person.name if place.case.person else place.case.subject_organ.name
            raise Rejected(
                [Fault("", f"{whose}“{place.case.title}”：{fault}", "", fault.code) for fault in rejected.faults]
            ) from rejected
    return len(places)


def naming(place: Named) -> Naming:
    """The version of the procedure and the step: what else has to be answered about whoever is named there."""
    return PackRef(place.case.procedure, place.case.version), place.step.id
