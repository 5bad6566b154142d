"""Open cases follow the person: retired, gone from public service, or dead.

A case whose procedure reads the day of it (`person.died_on`, `person.retired_on`, `person.left_on`) is told and goes on as the procedure says. Of the
others, death ends them with its reason, by an entry in each log; whoever retires or leaves stays answerable, so they are told and go on.
"""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from youwei.cases import logs
from youwei.cases.commands import act
from youwei.cases.facts import SERVICE_FACTS
from youwei.cases.models import Case
from youwei.engine.types import EntryKind
from youwei.journal.actors import Actor
from youwei.journal.models import Entry as Written
from youwei.people.models import Person
from youwei.rulebook.pack_facts import DIED_ON
from youwei.rulebook.pack_order import reads
from youwei.rulebook.pack_types import Pack

ALIVE = (Case.State.OPEN, Case.State.HELD)


def ends(pack: Pack, service: str) -> bool:
    """Whether the cases of a procedure end when their person dies, retires or leaves: by death, unless the procedure reads the day of it."""
    return service == Person.Service.DIED and not reads(pack, DIED_ON)


def concerned(person: Person) -> Sequence[Case]:
    """The open cases about a person."""
    return list(Case.objects.filter(person=person, state__in=ALIVE).select_related("organ").order_by("pk"))


@transaction.atomic
def follow(*, person: Person, by: Actor, on: date, at: datetime, today: date, reason: str) -> tuple[int, int]:
    """Bring the open cases after what became of the person. Returns how many ended by it and how many were told.

    Called once the person is as it shall be; `on` is the day of it.
    """
    ended = told = 0
    for case in concerned(person):
        day = max(on, case.opened_on)
        if ends(logs.pack_of(case), person.service):
            act(case=case, kind=EntryKind.TERMINATED, by=by, on=day, at=at, today=today, reason=reason)
            ended += 1
        else:
            values = {SERVICE_FACTS[person.service]: on}
            act(case=case, kind=EntryKind.FACTS, by=by, on=day, at=at, today=today, values=values, reason=reason)
            told += 1
    return ended, told


@transaction.atomic
def take_back(*, person: Person, entered_at: datetime, by: Actor, on: date, at: datetime, reason: str) -> int:
    """It was entered wrongly: what was entered in the cases at that moment is withdrawn, and they go on. Returns how many cases."""
    cases = {case.pk: case for case in Case.objects.filter(person=person)}
    written = Written.objects.filter(log__kind="case", log__ref__in=list(cases), at=entered_at).select_related("log")
    kinds = (EntryKind.FACTS, EntryKind.TERMINATED)
    touched = set()
    for entry in written.filter(kind__in=kinds).order_by("-pk"):
        case = cases[entry.log.ref]
        act(case=case, kind=EntryKind.WITHDRAW, by=by, on=on, at=at, today=on, target=entry.seq, reason=reason)
        touched.add(case.pk)
    return len(touched)
