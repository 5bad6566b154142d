"""Recording decisions. The periods come from the law's answers for all of a person's standing measures together, and are appended."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from youwei.decisions import prechecks, schedule
from youwei.decisions.models import Decision, Measure, Period
from youwei.decisions.prechecks import Answer
from youwei.journal.actors import Actor
from youwei.journal.commands import Act, append_many
from youwei.journal.sealing import seal_text
from youwei.journal.stores import store
from youwei.organs.models import Organ
from youwei.people.models import Person
from youwei.rulebook.law import load_law
from youwei.rulebook.measures import MeasureKind

CHUNK = 500


@dataclass(frozen=True, slots=True)
class Given:
    """A measure as the law knows it and as the paper words it; `months` where the organ chose them within the law's range."""

    kind: MeasureKind
    label: str
    months: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDecision:
    """A decision to be recorded. A stub has neither person nor unit nor facts (A4)."""

    deciding_organ: Organ
    counted_at: Organ
    measures: tuple[Given, ...]
    person: Person | None = None
    unit: Organ | None = None
    number: str = ""
    post: str = ""
    rank: str = ""
    managed_by: str = ""
    made_on: date | None = None
    effective_on: date | None = None
    form: int | None = None
    problem: str = ""
    facts: str = ""
    acts_until: date | None = None
    secret: bool = False
    young: bool = False
    precheck: Answer | None = None
    mode: str = Decision.Mode.CURRENT
    import_id: int | None = None
    import_row: int | None = None
    replaces: Decision | None = None


@transaction.atomic
def record_many(
    news: Sequence[NewDecision], *, by: Actor, on: date, at: datetime, convention: str
) -> list[tuple[Decision, list[Measure], list[Period]]]:
    """Record decisions with their measures and periods; a fixed number of statements for every 500."""
    law = load_law()
    for new in news:
        if new.secret and (new.person or new.unit or new.facts or new.problem or new.post):
            raise ValueError("a stub keeps nothing of the person, the unit or the facts")
        if new.young and not new.secret:
            raise ValueError("only a stub says whether its person was young; of others the birth says it")
    decisions = store([_decision(new, law.weight(given.kind for given in new.measures), at) for new in news])
    measures = [
        Measure(
            decision=decision,
            kind=given.kind.id,
            label=given.label,
            family=given.kind.family,
            weight=given.kind.weight,
            months=given.months,
        )
        for decision, new in zip(decisions, news, strict=True)
        for given in new.measures
    ]
    store(measures)
    periods = schedule.append_periods(
        [measure for measure in measures if not measure.decision.secret], convention=convention, at=at
    )
    of_decision: dict[int, tuple[list[Measure], list[Period]]] = {decision.pk: ([], []) for decision in decisions}
    for measure in measures:
        of_decision[measure.decision_id][0].append(measure)
    for period in periods:
        if period.measure.decision_id in of_decision:
            of_decision[period.measure.decision_id][1].append(period)
    acts = [_act(decision, *of_decision[decision.pk], by, on, at) for decision in decisions]
    acts += rescheduled(periods, {decision.pk for decision in decisions}, by, on, at)
    append_many(acts)
    return [(decision, *of_decision[decision.pk]) for decision in decisions]


def _decision(new: NewDecision, weight: str, at: datetime) -> Decision:
    person = new.person
    row = Decision(
        person=person, number=new.number, deciding_organ=new.deciding_organ, counted_at=new.counted_at, unit=new.unit, post=new.post,
        rank=new.rank, managed_by=new.managed_by, born_year=person.born_on.year if person and person.born_on else None,
        made_on=new.made_on, effective_on=new.effective_on, form=new.form, problem=new.problem,
        facts_sealed=seal_text(new.facts, place="decision.facts"), weight=weight, acts_until=new.acts_until, secret=new.secret,
        young=new.young, mode=new.mode, import_id=new.import_id, import_row=new.import_row, recorded_at=at,
        replaces=new.replaces,
    )  # fmt: skip
    held = prechecks.holds((given.kind.id for given in new.measures), new.problem, new.made_on)
    prechecks.put(
        row, prechecks.settled(new.precheck, held=held, secret=new.secret, history=new.mode == Decision.Mode.HISTORY)
    )
    return row


def content(decision: Decision, measures: Iterable[Measure], periods: Iterable[Period]) -> dict[str, Any]:
    """What the log keeps of a decision."""
    return {
        "decision": decision.pk,
        "number": decision.number,
        "organ": decision.deciding_organ_id,
        "counted_at": decision.counted_at_id,
        "unit": decision.unit_id,
        "post": decision.post,
        "rank": decision.rank,
        "managed_by": decision.managed_by,
        "born_year": decision.born_year,
        "made_on": decision.made_on,
        "effective_on": decision.effective_on,
        "form": decision.form,
        "problem": decision.problem,
        "facts": decision.facts(),
        "weight": decision.weight,
        "acts_until": decision.acts_until,
        "secret": decision.secret,
        **({"young": decision.young} if decision.secret else {}),
        **(prechecks.kept(decision) if decision.precheck else {}),
        **({"replaces": decision.replaces_id} if decision.replaces_id else {}),
        "mode": str(decision.mode),
        "import": decision.import_id,
        "import_row": decision.import_row,
        "measures": [
            {
                "measure": each.pk, "kind": each.kind, "label": each.label, "family": each.family, "weight": each.weight,
                "months": each.months,
            }
            for each in measures
        ],
        "periods": [schedule.plain(period) for period in periods],
    }  # fmt: skip


def _act(decision: Decision, measures: list[Measure], periods: list[Period], by: Actor, on: date, at: datetime) -> Act:
    kind, ref = ("person", decision.person_id) if decision.person_id else ("organ", decision.deciding_organ_id)
    return Act(kind, ref, "decision.recorded", content(decision, measures, periods), by, decision.made_on or on, at)


def rescheduled(
    periods: Iterable[Period], new: set[int], by: Actor, on: date, at: datetime, why: str = ""
) -> list[Act]:
    """Entries for older measures whose schedule the new ones changed; `why` says so when it was something else."""
    moved: dict[int, list[Mapping[str, Any]]] = {}
    for period in periods:
        if period.measure.decision_id not in new:
            moved.setdefault(period.person_id, []).append({"measure": period.measure.label, **schedule.plain(period)})
    told = {"why": why} if why else {}
    return [
        Act("person", person, "period.set", {"periods": found, **told}, by, on, at) for person, found in moved.items()
    ]


@transaction.atomic
def recount(*, people: Iterable[int], why: str, convention: str, by: Actor, on: date, at: datetime) -> list[Period]:
    """Compute the periods of these persons anew, because the office counts otherwise; new versions where a day moves. Returns those."""
    persons = list(people)
    measures = Period.objects.filter(person__in=persons, current=True).values_list("measure", flat=True)
    found = schedule.recompute(persons, convention=convention, at=at, why=dict.fromkeys(measures, why))
    append_many(rescheduled(found, set(), by, on, at, why))
    return found


@transaction.atomic
def undo_many(*, decisions: Iterable[Decision], by: Actor, on: date, at: datetime, convention: str) -> None:
    """Take decisions back that came with an import: they stay in the log and count nowhere.

    Their periods are current no longer, and what they had changed in a person's other periods is computed anew.
    """
    rows = list(decisions)
    acts = []
    for decision in rows:
        kind, ref = ("person", decision.person_id) if decision.person_id else ("organ", decision.deciding_organ_id)
        acts.append(
            Act(kind, ref, "decision.undone", {"decision": decision.pk, "import": decision.import_id}, by, on, at)
        )
    keys = [decision.pk for decision in rows]
    for start in range(0, len(keys), CHUNK):
        Decision.objects.filter(pk__in=keys[start : start + CHUNK]).update(state=Decision.State.UNDONE)
        Period.objects.filter(measure__decision__in=keys[start : start + CHUNK]).update(current=False)
    people = {decision.person_id for decision in rows if decision.person_id}
    acts += rescheduled(schedule.recompute(people, convention=convention, at=at), set(), by, on, at)
    append_many(acts)
