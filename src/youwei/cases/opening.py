"""Opening cases: the first entry of each log, and the index beside it."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from youwei.cases import facts, index, logs
from youwei.cases.models import Case
from youwei.decisions.models import Decision, Measure, Period
from youwei.engine.opening import DECISION_RECORDED, opens_for
from youwei.engine.plan import plan
from youwei.engine.types import Entry, EntryKind
from youwei.journal import commands as journal
from youwei.journal.actors import Actor
from youwei.journal.commands import Act
from youwei.journal.stores import store
from youwei.organs import queries as organs
from youwei.organs.models import Organ
from youwei.organs.queries import in_force
from youwei.people.models import Person
from youwei.rulebook.pack_facts import DIED_ON
from youwei.rulebook.pack_order import reads
from youwei.rulebook.packs import Pack

WHOSE = ("person_id", "decision_id", "organ_id", "subject_organ_id", "title", "pack_digest", "import_id")
"""What the log keeps of a case beside its facts: whose it is."""
Recorded = tuple[Decision, list[Measure], list[Period]]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCase:
    """A case to be opened. `facts` are those of `cases.facts`, `given` what the case that opens it hands over; `parent` is that case and entry.

    `reason` says why this pack, `token` makes a double click one case: both of a case opened by hand.
    `title` names one of several like it, a class or a campaign; without it the pack's is taken. `admits` is who is let in to a sealed one
    (`cases.admission_proof.told`).
    """

    pack: Pack
    organ: Organ
    subject_organ: Organ
    facts: Mapping[str, Any]
    person: Person | None = None
    decision: Decision | None = None
    import_id: int | None = None
    given: Mapping[str, Any] = field(default_factory=dict)
    parent: tuple[int, int] | None = None
    reason: str = ""
    token: str | None = None
    title: str = ""
    admits: Mapping[str, Any] | None = None


@transaction.atomic
def open_many(news: Sequence[NewCase], *, by: Actor, on: date, at: datetime, today: date) -> list[Case]:
    """Open cases, with a fixed number of statements for every 500. `on` is the day of opening."""
    calendar, packs = organs.calendar(), logs.packs()
    places = facts.place_facts({new.organ.pk: new.organ for new in news}.values())
    written: list[index.Written] = []
    for new in news:
        values = {**places[new.organ.pk], **new.facts, **{f"with.{name}": value for name, value in new.given.items()}}
        first = Entry(
            seq=1, kind=EntryKind.OPENED, on=on, at=timezone.localdate(at), by=by.name, to=str(new.pack.ref), values=values
        )  # fmt: skip
        case, found = _case(new, on), plan(packs, [first], calendar, today)
        index.summarise(case, [first], found)
        written.append((case, [first], found))
    cases = list(store([case for case, _, _ in written]))
    journal.append_many(
        Act("case", case.pk, "opened", _content(case, first, new), by, on, at, to=first.to, token=new.token)
        for new, (case, (first,), _) in zip(news, written, strict=True)
    )
    index.write_steps(written)
    return cases


def _content(case: Case, first: Entry, new: NewCase) -> dict[str, Any]:
    parent = {"from": {"case": new.parent[0], "seq": new.parent[1]}} if new.parent else {}
    return {
        "values": first.values,
        "case": {name: getattr(case, name) for name in WHOSE},
        **parent,
        **({"reason": new.reason} if new.reason else {}),
        **(new.admits or {}),
    }


def _case(new: NewCase, on: date) -> Case:
    return Case(
        procedure=new.pack.ref.procedure, version=new.pack.ref.version, pack_digest=new.pack.digest,
        title=new.title or new.pack.title, person=new.person, subject_organ=new.subject_organ,
        decision=new.decision, organ=new.organ, opened_on=on, import_id=new.import_id,
        sealed=bool(new.pack.sealed_to),
    )  # fmt: skip


def open_cases(
    recorded: Iterable[Recorded], *, by: Actor, at: datetime, today: date, history: bool, import_id: int | None = None,
    only: Collection[str] | None = None, event: str = DECISION_RECORDED, told: Mapping[str, Any] | None = None,
) -> list[Case]:  # fmt: skip
    """Open the cases decisions call for by the packs in force, or of those procedures `only`. History opens only what hangs on a
    period that still runs (J1). `told` is what cases of the decision have told.
    """
    news: list[NewCase] = []
    telling = [each for each in recorded if not each[0].secret and each[0].person is not None]
    offices = {each[0].deciding_organ_id: in_force(each[0].deciding_organ, today) for each in telling}
    names = organs.names_of(offices.values()) if telling else {}
    for decision, measures, periods in telling:
        person, office = decision.person, offices[decision.deciding_organ_id]
        if person is None:
            continue
        known = facts.decision_facts(decision, measures, periods, today) | dict(told or {})
        news += [
            NewCase(
                pack=pack, organ=office, subject_organ=in_force(decision.unit or person.organ, today), facts=known,
                person=person, decision=decision, import_id=import_id,
            )
            for pack in called_for(known, history=history, today=today, event=event, names=names[office.pk])
            if only is None or pack.ref.procedure in only
        ]  # fmt: skip
    return open_many(news, by=by, on=today, at=at, today=today) if news else []


def called_for(
    known: Mapping[str, Any], *, history: bool, today: date, event: str = DECISION_RECORDED,
    names: Sequence[Collection[str]] = (),
) -> list[Pack]:  # fmt: skip
    """The packs in force that a decision with these facts calls for at an organ of these names (`organs.queries.names_above`)."""
    if history and not known.get("period.running"):
        return []
    packs = logs.packs()
    found = [packs[ref] for ref, _ in opens_for(packs, known, today, event, names)]
    alive = DIED_ON not in known
    return [pack for pack in found if (not history or hangs_on_period(pack)) and (alive or reads(pack, DIED_ON))]


def hangs_on_period(pack: Pack) -> bool:
    """Whether a pack opens because a period runs, and not because of a decision just made."""
    return pack.opens.when is not None and any(name.head == "period" for name in pack.opens.when.names)
