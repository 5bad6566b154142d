"""Whom a batch may take: cases already open, and decisions for which one would be opened, each with whether and why it fits.

Only what the reader may act on is named. The scope is the pack's; the conditions read the same facts a case would begin with.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet

from youwei.cases import chain, facts, logs
from youwei.cases.batches import procedures
from youwei.cases.cohort import Fixed
from youwei.cases.models import Case, Member
from youwei.decisions.models import Decision
from youwei.engine.conditions import ABSENT, deciding, evaluate
from youwei.engine.plan import plan
from youwei.engine.values import is_empty, read_facts
from youwei.engine.wording import chinese_value
from youwei.organs import queries as organs
from youwei.organs.policy import Reader, visible
from youwei.organs.queries import in_force
from youwei.people.models import Person
from youwei.rulebook.pack_facts import fact_title
from youwei.rulebook.pack_types import Members, Name, Pack

EXISTING, OPENED = "existing", "open"
CHUNK = 500


@dataclass(frozen=True, slots=True)
class Candidate:
    """One whom the batch may take. `fits`: the scope of the pack says so, because `why`; `hurdle` says why not even by hand."""

    fixed: Fixed
    name: str
    unit: str
    what: str
    fits: bool
    why: str = ""
    hurdle: str = ""


def pool(batch: Case, who: Reader, today: date) -> list[Candidate]:
    """Everybody the batch may take, by unit and name. The number of queries grows by one for every 500."""
    members = logs.pack_of(batch).members
    pack = chain.pack_for(members.procedure, today) if members is not None else None
    found: list[Candidate] = []
    if members is None:
        return found
    if EXISTING in members.join:
        found += _existing(batch, members, who, today)
    if members.join != EXISTING and pack is not None:
        taken = {each.fixed.person for each in found} if "decision" not in pack.about else set()
        found += _to_open(batch, members, pack, who, today, taken)
    return sorted(found, key=lambda each: (each.unit, each.name, each.fixed.key))


def _existing(batch: Case, members: Members, who: Reader, today: date) -> Iterator[Candidate]:
    """Open cases of the members' procedure that are in no other running batch of this one's."""
    elsewhere = Member.objects.filter(
        batch__procedure=batch.procedure, batch__state__in=chain.ALIVE, left_on=None, case__isnull=False
    )
    rows = Case.objects.filter(procedure__in=procedures(batch), state__in=chain.ALIVE).exclude(
        pk__in=elsewhere.values("case")
    )
    calendar, packs = organs.calendar(), logs.packs()
    for chunk in _chunks(visible(who, "case.record", rows).select_related("person", "subject_organ")):
        entries = logs.logs(chunk)
        for case in chunk:
            now = plan(packs, entries[case.pk], calendar, today)
            fits, why = _fits(members, now.facts)
            state = now.steps.get(members.ready)
            waits = bool(members.ready) and (state is None or not state.resolved)
            step = logs.pack_of(case).steps.get(members.ready)
            hurdle = f"还没有办完“{step.title if step else members.ready}”" if waits else ""
            name = case.person.name if case.person else case.subject_organ.name
            yield Candidate(
                Fixed(case.subject_organ_id, case.person_id, case.decision_id, case.pk), name, case.subject_organ.name,
                f"在办：{case.title}", fits and not waits, why, hurdle,
            )  # fmt: skip


def _to_open(
    batch: Case, members: Members, pack: Pack, who: Reader, today: date, taken: set[int | None]
) -> Iterator[Candidate]:
    """Decisions for which the members' procedure is not open; of a procedure about people, one for each person."""
    alive = Case.objects.filter(procedure__in=procedures(batch), state__in=chain.ALIVE)
    rows = Decision.objects.filter(state__in=(Decision.State.STANDING, Decision.State.CHANGED), secret=False)
    rows = rows.exclude(person=None).exclude(pk__in=alive.exclude(decision=None).values("decision"))
    by_person = "decision" not in pack.about
    if by_person:
        rows = rows.exclude(person__in=alive.exclude(person=None).values("person"))
    wanted = visible(who, "decision.record", rows).select_related("person__organ", "unit", "deciding_organ")
    best: dict[Any, Candidate] = {}
    for chunk in _chunks(wanted.prefetch_related("measures__periods")):
        for decision in chunk:
            key = decision.person_id if by_person else decision.pk
            if decision.person is None:
                continue
            found = _decision(members, decision, decision.person, today)
            if decision.person_id not in taken and (
                key not in best or (found.fits, decision.pk) > (best[key].fits, best[key].fixed.decision or 0)
            ):
                best[key] = found
    yield from best.values()


def _decision(members: Members, decision: Decision, person: Person, today: date) -> Candidate:
    measures = list(decision.measures.all())
    periods = [period for measure in measures for period in measure.periods.all() if period.current]
    fits, why = _fits(members, facts.decision_facts(decision, measures, periods, today))
    unit = in_force(decision.unit or person.organ, today)
    what = f"新开：{'、'.join(measure.label for measure in measures)} {decision.number}".strip()
    return Candidate(Fixed(unit.pk, person.pk, decision.pk), person.name, unit.name, what, fits, why)


def _fits(members: Members, known: Any) -> tuple[bool, str]:
    """Whether the scope takes somebody of whom this is known, and by which of its conditions."""
    if members.scope is None:
        return True, ""
    read = read_facts(known)

    def look(name: Name) -> Any:
        value = read.get(str(name))
        return ABSENT if is_empty(value) else value

    if evaluate(members.scope, look) is not True:
        return False, ""
    named = deciding(members.scope, look, True, lambda name: fact_title(str(name)))
    return True, "，".join(f"{each.title}：{chinese_value(each.value)}" for each in named)


def _chunks(rows: QuerySet[Any]) -> Iterator[list[Any]]:
    last = 0
    while chunk := list(rows.filter(pk__gt=last).order_by("pk")[:CHUNK]):
        last = chunk[-1].pk
        yield chunk
