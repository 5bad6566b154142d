"""一人一档: everything one page says about a person, today or as of a day, with a fixed number of questions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Q
from django.utils import timezone

from youwei.cases import logs
from youwei.cases.models import Case, CaseServant, ChainLink, Done, OpenStep
from youwei.cases.queries import timeline as case_timeline
from youwei.decisions.models import Decision, Measure, Period
from youwei.decisions.probation import awaits_restoration, extended
from youwei.decisions.queries import still_counts, works_on
from youwei.desk.cases.chain_map import chain_map
from youwei.desk.eligibility.queries import Told, replies
from youwei.desk.people import bars, records
from youwei.desk.people.queries import OPEN, period_chip
from youwei.documents.models import Attachment, Paper
from youwei.engine.plan import plan
from youwei.engine.types import Status
from youwei.journal.queries import Record
from youwei.journal.queries import records as journal_records
from youwei.organs import queries as organs
from youwei.organs.models import ReadTrace
from youwei.organs.policy import Reader, may, visible
from youwei.people.models import Person
from youwei.rulebook.pack_types import PackRef
from youwei.ui.drawings.procedure_map import ProcedureMap
from youwei.ui.drawings.timeline import Mark, Timeline
from youwei.ui.words import cn_date

FACTS = (
    "name",
    "sex",
    "ethnicity",
    "born_on",
    "politics",
    "joined_on",
    "kind",
    "rank",
    "managed_by",
    "post",
    "standing",
    "shelf",
    "service",
    "service_on",
)
MARKED = (("visit", "回访"), ("talk", "谈话"))
MOST_RECORDS = 30
MOST_STEPS = 3


@dataclass(frozen=True, slots=True)
class Held:
    """A decision with its measures and their periods."""

    decision: Decision
    measures: tuple[tuple[Measure, tuple[Period, ...]], ...]
    readable: bool
    alterable: bool = False

    @property
    def restorable(self) -> bool:
        """A probation whose rights are not yet entered as restored."""
        standing = self.decision.state != Decision.State.WITHDRAWN
        return standing and any(awaits_restoration(measure) for measure, _ in self.measures)

    @property
    def restored(self) -> bool:
        """Restored rights, an extension or an end settled by hand that can be taken back."""
        return any(each.restored_on or each.last_day_by_hand or extended(each) for each, _ in self.measures)

    @property
    def first(self) -> str:
        """The measures as they were decided, where a review has changed them."""
        return "、".join(measure.first_label for measure, _ in self.measures if measure.first_label)

    @property
    def title(self) -> str:
        return "、".join(measure.label for measure, _ in self.measures)


@dataclass(frozen=True, slots=True)
class Going:
    """A case with its place on the procedure and what is to be done next."""

    case: Case
    stages: tuple[tuple[str, str], ...]
    steps: tuple[OpenStep, ...]
    after: str = ""  # the case that opened it


@dataclass(frozen=True, slots=True)
class Dossier:
    """What the page shows."""

    person: Person
    facts: dict[str, Any]
    organ: str
    age: int | None
    on: date
    past: bool
    known: bool
    counts: bool
    chip: str
    tone: str
    answer: bars.Answer
    timeline: Timeline | None
    whys: list[bars.Why]
    held: list[Held]
    going: list[Going]
    closed: list[Going]
    servants: list[CaseServant]
    lines: list[records.Told]
    papers: list[Paper]
    scans: list[Attachment]
    looked: list[ReadTrace]
    former: list[str] = field(default_factory=list)
    posts: list[str] = field(default_factory=list)
    replies: list[Told] = field(default_factory=list)
    chain: ProcedureMap | None = None

    @property
    def service(self) -> str:
        """What became of whoever is in service no more."""
        return str(Person.Service(self.facts["service"]).label) if self.facts["service"] else ""


def dossier(who: Reader, person: Person, day: date) -> Dossier:
    """The dossier of a person the reader may see, as it stood at the end of a day."""
    past = day < who.on
    entries = journal_records("person", person.pk)
    known = records.known_by(entries, day)
    facts = records.facts_on({name: getattr(person, name) for name in FACTS} | {"organ": person.organ_id}, entries, day)
    names = organs.names_on(records.organs_named(entries) | {facts["organ"]}, day if past else None)
    held, untold = _held(who, person, day, entries)
    known = [record for record in known if record.content.get("decision") not in untold]
    over = Q(decision__in=untold, state__in=(Case.State.ENDED, Case.State.TERMINATED))
    if not past:  # what followed a decision that was somebody else's
        over |= Q(decision__replaced_by__isnull=False) & ~Q(decision__replaced_by__person=person)
    readable = frozenset(each.decision.pk for each in held if each.readable)
    measures = [measure for each in held for measure, _ in each.measures]
    periods = [period for each in held for _, own in each.measures for period in own]
    labels = {measure.pk: measure.label for measure in measures}
    by_key = {measure.pk: measure for measure in measures}
    cases = list(
        visible(who, "case.view", Case.objects.filter(~over, person=person, opened_on__lte=day))
        .select_related("organ")
        .order_by("-opened_on", "-pk")
    )
    links = list(ChainLink.objects.filter(child__in=cases, parent__in=cases).order_by("pk"))
    going, closed = _cases(cases, links, day, past)
    found = bars.answer(periods, labels, day)
    inside = bars.inside(periods, day)
    lasts = [period.last_day for period in inside if period.last_day and not period.permanent]
    chip, tone = period_chip(
        [(by_key[period.measure_id], period) for period in inside],
        max(lasts) if len(lasts) == len(inside) and lasts else None,
        day,
    )
    marks = _marks(cases, going, day)
    return Dossier(
        person=person, facts=_dates(facts), organ=names.get(facts["organ"], ""), age=_age(person, facts, day), on=day, past=past, known=bool(known),
        counts=still_counts(periods, day) or bool(going) or not periods, chip=chip, tone=tone, answer=found,
        timeline=bars.timeline(periods, measures, marks, found, day, "截至日" if past else "今天"), whys=bars.whys(periods, labels),
        held=held, going=going, closed=closed, servants=_servants(cases),
        lines=records.told(known, case_timeline(cases, day), records.Names(names, readable, day if past else None)),
        papers=_papers(who, person, day, cases),
        scans=_scans(who, person, day, cases),
        replies=replies(who, person),
        looked=organs.traces("person", person.pk, 5), former=list(person.former_names.order_by("-pk").values_list("name", flat=True)),
        posts=records.second_posts(known, names), chain=_chain(cases, links, day, past),
    )  # fmt: skip


def _dates(facts: dict[str, Any]) -> dict[str, Any]:
    """Days that came out of the log as text, as days."""
    return {
        name: date.fromisoformat(value)
        if name in ("born_on", "joined_on", "service_on") and isinstance(value, str)
        else value
        for name, value in facts.items()
    }


def _age(person: Person, facts: dict[str, Any], day: date) -> int | None:
    born = _dates(facts)["born_on"]
    return None if born is None else Person(born_on=born).age_on(day)


def _held(who: Reader, person: Person, day: date, entries: Sequence[Record]) -> tuple[list[Held], set[int]]:
    """The person's decisions as they were recorded by the end of that day, the newest first, with the periods that held then; and those
    left out, because no rule counts them any more and the reader does not work on them (K1)."""
    undone = records.undone(records.known_by(entries, day))
    rows = (
        Decision.objects.filter(person=person, secret=False)
        .select_related("deciding_organ", "unit")
        .defer("facts_sealed")
    )
    decisions = [
        row
        for row in rows
        if row.pk not in undone
        and timezone.localdate(row.recorded_at) <= day
        and (row.state != Decision.State.UNDONE or day < who.on)
    ]
    mine = Decision.objects.filter(person=person, secret=False)
    readable = set(visible(who, "decision.view", mine).values_list("pk", flat=True))
    measures: dict[int, list[Measure]] = {}
    for measure in Measure.objects.filter(decision__person=person).order_by("pk"):
        measures.setdefault(measure.decision_id, []).append(measure)
    measures = {row.pk: records.decision_on(row, measures.get(row.pk, ()), entries, day) for row in decisions}
    mine_to_alter = day == who.on and bool(may(who, "decision.correct"))
    alterable = set(visible(who, "decision.correct", mine).values_list("pk", flat=True)) if mine_to_alter else set()
    periods: dict[int, list[Period]] = {}
    for period in bars.as_of(Period.objects.filter(person=person), day):
        periods.setdefault(period.measure_id, []).append(period)
    untold = {
        row.pk
        for row in decisions
        if not works_on(who, row.deciding_organ) and not _counts(measures[row.pk], periods, day)
    }
    decisions = [row for row in decisions if row.pk not in untold]
    decisions.sort(key=lambda each: (each.made_on or date.min, each.pk), reverse=True)
    found = [
        Held(
            row,
            tuple((each, tuple(periods.get(each.pk, ()))) for each in measures[row.pk]),
            row.pk in readable,
            row.pk in alterable,
        )
        for row in decisions
    ]
    return found, untold


def _counts(measures: Sequence[Measure], periods: Mapping[int, Sequence[Period]], day: date) -> bool:
    return any(still_counts(periods.get(each.pk, ()), day) for each in measures)


def _cases(cases: Sequence[Case], links: Sequence[ChainLink], day: date, past: bool) -> tuple[list[Going], list[Going]]:
    """Those being dealt with on that day, and those concluded."""
    if past:
        going = [case for case in cases if case.ended_on is None or case.ended_on > day]
    else:
        going = [case for case in cases if case.state in OPEN]
    before = _before(cases, links)
    steps: dict[int, list[OpenStep]] = {}
    for step in OpenStep.objects.filter(case__in=cases, optional=False).order_by("due_on", "pk"):
        steps.setdefault(step.case_id, []).append(step)
    done: dict[int, set[str]] = {}
    for each in Done.objects.filter(case__in=cases):
        if each.at <= day:
            done.setdefault(each.case_id, set()).add(each.step)
    if past:
        now = _open_then(going, day)
    else:
        now = {key: {step.step for step in own if not step.scheduled} for key, own in steps.items()}
    found = [
        Going(
            case,
            _stages(case, done.get(case.pk, set()), now.get(case.pk, set())),
            () if past else tuple(steps.get(case.pk, []))[:MOST_STEPS],
            before.get(case.pk, ""),
        )
        for case in going
    ]
    kept = {case.pk for case in going}
    return found, [Going(case, (), (), before.get(case.pk, "")) for case in cases if case.pk not in kept]


def _before(cases: Sequence[Case], links: Sequence[ChainLink]) -> dict[int, str]:
    """Of each case, the one that opened it, where the reader may see both."""
    titles = {case.pk: case.title for case in cases}
    return {link.child_id: titles[link.parent_id] for link in links if link.child_id is not None}


def _chain(cases: Sequence[Case], links: Sequence[ChainLink], day: date, past: bool) -> ProcedureMap | None:
    """Which of these cases led to which."""
    pairs = [(link.parent_id, link.child_id) for link in links if link.child_id is not None]
    return chain_map({case.pk: case for case in cases}, pairs, day=day, past=past)


def _stages(case: Case, done: set[str], now: set[str]) -> tuple[tuple[str, str], ...]:
    """The stages of the procedure: done, now, or not yet."""
    pack = logs.packs().get(PackRef(case.procedure, case.version))
    if pack is None:
        return ()
    behind = {pack.steps[step].stage for step in done if step in pack.steps}
    here = {pack.steps[step].stage for step in now if step in pack.steps}
    return tuple(
        (stage.title, "now" if name in here else "done" if name in behind else "")
        for name, stage in pack.stages.items()
    )


def _open_then(cases: Sequence[Case], day: date) -> dict[int, set[str]]:
    """The steps that were open at the end of an earlier day, planned from what had been entered by then."""
    calendar, packs = organs.calendar(), logs.packs()
    found = {}
    for case_id, entries in logs.logs(cases).items():
        known = [entry for entry in entries if entry.at <= day]
        if known:
            items = plan(packs, known, calendar, day).items
            found[case_id] = {item.step for item in items if item.status is Status.OPEN}
    return found


def _marks(cases: Sequence[Case], going: Sequence[Going], day: date) -> list[tuple[str, list[Mark]]]:
    """Visits and talks done, and those to come, for the drawing."""
    found: dict[str, list[Mark]] = {kind: [] for kind, _ in MARKED}
    for each in Done.objects.filter(case__in=cases, kind__in=found).order_by("on", "pk"):
        if each.at <= day:
            found[each.kind].append(Mark(each.on, f"{each.title}{cn_date(each.on, day)}"))
    for case in going:
        for step in case.steps:
            if step.kind in found and step.due_on:
                state = "next" if step.scheduled else "open"
                found[step.kind].append(Mark(step.due_on, f"{step.title}{cn_date(step.due_on, day)}前", state))
    return [(title, found[kind]) for kind, title in MARKED]


def _servants(cases: Sequence[Case]) -> list[CaseServant]:
    """Who serves the person's open cases: mentors, visitors."""
    open_ones = [case.pk for case in cases if case.state in OPEN]
    return list(CaseServant.objects.filter(case__in=open_ones).select_related("account", "case").order_by("pk"))


def _papers(who: Reader, person: Person, day: date, cases: Sequence[Case]) -> list[Paper]:
    rows = (
        visible(who, "paper.view", Paper.objects.filter(case__person=person))
        .select_related("case__decision")
        .defer("sealed", "case__decision__facts_sealed")
        .order_by("-issued_at", "-pk")
    )
    told = {case.pk for case in cases}
    return [paper for paper in rows if paper.case_id in told and timezone.localdate(paper.issued_at) <= day]


def _scans(who: Reader, person: Person, day: date, cases: Sequence[Case]) -> list[Attachment]:
    rows = visible(who, "paper.view", Attachment.objects.filter(case__person=person)).select_related("case")
    ordered = rows.defer("sealed").order_by("-uploaded_at", "-pk")
    told = {case.pk for case in cases}
    return [scan for scan in ordered if scan.case_id in told and timezone.localdate(scan.uploaded_at) <= day]
