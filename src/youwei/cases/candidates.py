"""Whom a batch may take: cases already open, and decisions for which one would be opened, with the facts its criteria ask.

Only what the reader may act on is gone through, some hundred at a time from where it stands: a store of any size is no long request.
Whoever lies outside the scope of the pack is only counted, and found by name; whoever cannot be judged is kept.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Max, Q, QuerySet, prefetch_related_objects

from youwei.cases import chain, facts, logs
from youwei.cases.batches import procedures
from youwei.cases.cohort import Fixed
from youwei.cases.list_models import Gathering, Prospect
from youwei.cases.models import Case, Done, Member
from youwei.decisions.models import Decision
from youwei.engine.criteria import fact_names, frame, meets
from youwei.engine.plan import plan
from youwei.engine.types import Plan, Status
from youwei.engine.values import read_facts
from youwei.organs import queries as organs
from youwei.organs.models import Account
from youwei.organs.policy import Reader, reader, visible
from youwei.organs.queries import in_force
from youwei.people.models import Person
from youwei.rulebook.pack_types import Kind, Members, Pack, RepeatKind, Step

EXISTING = "existing"
CHUNK = 500
MOST_HITS = 20
HELD = "已进行"
NEW = "新开："
"""What a decision is called for which a case would be opened begins so."""


def begin(*, batch: Case, account: Account, at: datetime) -> Gathering:
    """Begin to go through what an account may act on, anew."""
    with transaction.atomic():
        clear(batch)
        row = Gathering(batch=batch, account=account, begun_at=at)
        who = reader(account, at.date())
        row.total = _cases(batch, who).count() + _decisions(batch, who).count()
        row.save()
    return row


def clear(batch: Case) -> None:
    """Once a list is fixed, what it was drawn up from goes."""
    Prospect.objects.filter(batch=batch).delete()
    Gathering.objects.filter(batch=batch).delete()


def go_on(*, gathering: Gathering, today: date) -> None:
    """Do what is left of it."""
    while _next(gathering, today):
        pass


@transaction.atomic
def _next(row: Gathering, today: date) -> bool:
    row.refresh_from_db(from_queryset=Gathering.objects.select_for_update())
    if row.state == Gathering.State.DONE:
        return False
    batch, who = row.batch, reader(row.account, today)
    cases = list(_below(_cases(batch, who), row.last_case))
    decisions = [] if cases else list(_below(_decisions(batch, who), row.last_decision))
    found = of_cases(batch, cases, today) if cases else of_decisions(batch, decisions, today)
    row.last_case = cases[-1].pk if cases else row.last_case
    row.last_decision = decisions[-1].pk if decisions else row.last_decision
    row.done += len(cases) + len(decisions)
    row.outside += _keep(batch, found)
    if not cases and not decisions:
        row.state = Gathering.State.DONE
    row.save()
    return row.state != Gathering.State.DONE


def _keep(batch: Case, found: Sequence[Prospect]) -> int:
    """Keep those the scope does not certainly leave out; of a person every one, since an older decision may fit where the newest does not. Returns
    how many it leaves out."""
    members = logs.pack_of(batch).members
    scope = frame(members) if members is not None else None
    inside = [each for each in found if scope is None or meets(scope, read_facts(each.facts)) is not False]
    Prospect.objects.bulk_create(inside, CHUNK)
    return len(found) - len(inside)


def by_person(batch: Case) -> bool:
    """Whether a person is in the list once, whatever was decided about the person."""
    pack = _member_pack(batch)
    return pack is not None and "decision" not in pack.about


def _member_pack(batch: Case) -> Pack | None:
    members = logs.pack_of(batch).members
    return chain.pack_for(members.procedure, batch.opened_on) if members is not None else None


def _below(rows: "QuerySet[Any]", last: int | None) -> "QuerySet[Any]":
    """The next of them, the newest first."""
    return (rows if last is None else rows.filter(pk__lt=last)).order_by("-pk")[:CHUNK]


def _cases(batch: Case, who: Reader) -> "QuerySet[Case]":
    """Open cases of the members' procedure, or of another that is about the same matter."""
    members = logs.pack_of(batch).members
    rows = Case.objects.filter(procedure__in=procedures(batch), state__in=chain.ALIVE)
    if members is None or EXISTING not in members.join:
        rows = rows.none()
    return visible(who, "case.record", rows).select_related(
        "person", "subject_organ", "decision__person__organ", "decision__unit", "organ"
    )


def _decisions(batch: Case, who: Reader) -> "QuerySet[Decision]":
    """Decisions for which no such case is open; of a procedure about people, on people for whom none is, or one the reader may act in.

    Beside a case that may be taken in, a decision says of the person what the case's own does not; it is the case that is taken.
    """
    members = logs.pack_of(batch).members
    rows = Decision.objects.filter(state__in=(Decision.State.STANDING, Decision.State.CHANGED), secret=False)
    rows = rows.exclude(person=None)
    if members is None or members.join == EXISTING:
        rows = rows.none()
    alive = Case.objects.filter(procedure__in=procedures(batch), state__in=chain.ALIVE)
    if by_person(batch):
        if members is not None and EXISTING in members.join:
            alive = alive.exclude(pk__in=_cases(batch, who).values("pk"))
        rows = rows.exclude(person__in=alive.exclude(person=None).values("person"))
    else:
        rows = rows.exclude(pk__in=alive.exclude(decision=None).values("decision"))
    return visible(who, "decision.record", rows).select_related("person__organ", "unit", "deciding_organ")


def of_cases(batch: Case, cases: Sequence[Case], today: date) -> list[Prospect]:
    """Prospects of open cases, not stored. A fixed number of queries."""
    members, entries = logs.pack_of(batch).members, logs.logs(cases)
    if members is None:
        return []
    elsewhere, lands = _elsewhere(batch, cases), _lands(batch)
    known = _known(
        [case.decision for case in cases if case.decision], [case.person for case in cases if case.person], today
    )
    packs, calendar, found = logs.packs(), organs.calendar(), []
    for case in cases:
        now = plan(packs, entries[case.pk], calendar, today)
        state = now.steps.get(members.ready)
        waits = bool(members.ready) and (state is None or not state.resolved)
        pack = logs.pack_of(case)
        hurdle = _waits_for(pack, members.ready, now) if waits else _through(pack, lands, now)
        asked = _asked(
            members, dict(now.facts) | known.get(("d", case.decision_id), {}) | known.get(("p", case.person_id), {})
        )
        found.append(
            Prospect(
                batch=batch, key=f"c{case.pk}", person=case.person, decision=case.decision, case=case, unit=case.subject_organ,
                office=case.organ, facts=asked, what=f"在办：{case.title}"[:200], hurdle=elsewhere.get(case.pk, hurdle)[:120],
            )
        )  # fmt: skip
    return found


def _waits_for(pack: Pack, ready: str, now: Plan) -> str:
    """What is still to be done before; the step itself may never come up, so what stands open now is said with it."""
    titles = {name: step.title for name, step in pack.steps.items()}  # not the item's, which may hold what was typed
    stand = [each.step for each in now.items if each.status is Status.OPEN and not each.optional and each.step != ready]
    told = f"（现在办：{'、'.join(titles[each] for each in dict.fromkeys(stand))}）" if stand else ""
    return f"还没有办完“{titles.get(ready, ready)}”{told}"


def _lands(batch: Case) -> list[str]:
    """The steps of the members in which the batch's own land, in their order."""
    return [step.lands.step for step in logs.pack_of(batch).steps.values() if step.lands is not None]


def _through(pack: Pack, lands: Iterable[str], now: Plan) -> str:
    """Whoever has been through all that the batch could record need not come again: which step says so, the last of them."""
    owed = [name for name in lands if name in pack.steps and not _any_time(pack.steps[name])]
    over = bool(owed) and all(name in now.steps and now.steps[name].resolved for name in owed)
    return f"已经办过“{pack.steps[owed[-1]].title}”" if over else ""


def _any_time(step: Step) -> bool:
    return step.repeat is not None and step.repeat.kind is RepeatKind.ANY_TIME


def _elsewhere(batch: Case, cases: Sequence[Case]) -> dict[int, str]:
    """Cases that another running batch of this one's has taken, and which."""
    rows = Member.objects.filter(
        batch__procedure=batch.procedure,
        batch__state__in=chain.ALIVE,
        left_on=None,
        case__in=[case.pk for case in cases],
    )
    return {case: f"已在“{title}”里" for case, title in rows.values_list("case", "batch__title")}


def of_decisions(batch: Case, decisions: Sequence[Decision], today: date) -> list[Prospect]:
    """Prospects of decisions, not stored. A fixed number of queries."""
    members = logs.pack_of(batch).members
    if members is None:
        return []
    known = _known(decisions, [each.person for each in decisions if each.person], today)
    found = []
    for each in decisions:
        if each.person is None:
            continue
        unit = in_force(each.unit or each.person.organ, today)
        labels = "、".join(measure.label for measure in each.measures.all())
        found.append(
            Prospect(
                batch=batch, key=f"d{each.pk}", person=each.person, decision=each, unit=unit, office=in_force(each.deciding_organ, today),
                facts=_asked(members, known["d", each.pk] | known["p", each.person_id]), what=f"{NEW}{labels} {each.number}".strip()[:200],
            )
        )  # fmt: skip
    return found


def _asked(members: Members, known: Mapping[str, Any]) -> dict[str, Any]:
    """Of what is known, what scope and criteria ask, as it may be stored."""
    wanted = fact_names(members)
    return {
        name: value.isoformat() if isinstance(value, date) else value for name, value in known.items() if name in wanted
    }


def _known(
    decisions: Iterable[Decision], people: Iterable[Person], today: date
) -> dict[tuple[str, int | None], dict[str, Any]]:
    """What is known of decisions and of people. Three queries."""
    decisions, people = list(decisions), list(people)
    prefetch_related_objects(decisions, "measures__periods")
    visits = Done.objects.filter(case__person__in=[each.pk for each in people], kind=Kind.VISIT, outcome=HELD)
    visited = dict(visits.values_list("case__person").annotate(Max("on")).order_by())
    found: dict[tuple[str, int | None], dict[str, Any]] = {}
    for each in decisions:
        measures = list(each.measures.all())
        periods = [period for measure in measures for period in measure.periods.all() if period.current]
        found["d", each.pk] = facts.decision_facts(each, measures, periods, today) | facts.known(
            {"decision.problem": each.problem}
        )
    for person in people:
        found["p", person.pk] = facts.listed_facts(person, visited.get(person.pk))
    return found


def named(batch: Case, who: Reader, text: str, but: Iterable[str], today: date) -> list[Prospect]:
    """People whose name or unit holds a text, of all the batch could take, but for some; the first few. Not stored. A fixed number of queries."""
    if not text:
        return []
    out = set(but)
    about = Q(person__name__contains=text) | Q(person__organ__name__contains=text)
    cases = list(_cases(batch, who).filter(about).order_by("-pk")[: MOST_HITS * 2])
    decisions = list(_decisions(batch, who).filter(about).order_by("-pk")[: MOST_HITS * 2])
    found = [*of_cases(batch, cases, today), *of_decisions(batch, decisions, today)]
    if by_person(batch):
        people = [each.person_id for each in found if each.person_id]
        stored = Prospect.objects.filter(batch=batch, person__in=people).select_related("person", "unit")
        rows = sorted(stored, key=lambda row: (row.case_id is None, -row.pk), reverse=True)
        known = {row.person_id: row for row in rows}
        listed = {row.person_id for row in rows if row.key in out}
        found = [each for each in reversed(found) if each.person_id not in listed]
        found = list({each.person_id: known.get(each.person_id, each) for each in found}.values())[::-1]
    return [each for each in found if each.key not in out][:MOST_HITS]


def keep(batch: Case, who: Reader, keys: Iterable[str], today: date) -> None:
    """Those added by hand from outside the scope are kept among the prospects; nobody on whom the reader may not act. A fixed number of queries."""
    lacking = set(keys) - set(Prospect.objects.filter(batch=batch, key__in=keys).values_list("key", flat=True))
    numbers = {
        letter: [int(key[1:]) for key in lacking if key[:1] == letter and key[1:].isdecimal()] for letter in "cd"
    }
    if not any(numbers.values()):
        return
    rows = of_cases(batch, list(_cases(batch, who).filter(pk__in=numbers["c"])), today)
    rows += of_decisions(batch, list(_decisions(batch, who).filter(pk__in=numbers["d"])), today)
    people = [row.person_id for row in rows if row.person_id] if by_person(batch) else []
    taken = set(Prospect.objects.filter(batch=batch, person__in=people).values_list("person", flat=True))
    Prospect.objects.bulk_create(row for row in rows if row.person_id not in taken)


def fixed(row: Prospect, handler: int | None = None) -> Fixed:
    """One of a list, by numbers."""
    return Fixed(row.unit_id, row.person_id, row.decision_id, row.case_id, handler if row.case_id is None else None)


def gone(batch: Case, keys: Iterable[str]) -> int:
    """How many of these decisions no longer stand. One query."""
    numbers = [int(key[1:]) for key in keys if key.startswith("d")]
    standing = Decision.objects.filter(state__in=(Decision.State.STANDING, Decision.State.CHANGED), secret=False)
    return len(numbers) - sum(
        standing.filter(pk__in=numbers[at : at + CHUNK]).count() for at in range(0, len(numbers), CHUNK)
    )
