"""The ledger of decisions, and one decision with its periods and cases."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, NamedTuple

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery

from youwei.cases.models import Case
from youwei.decisions.altering import alterations
from youwei.decisions.models import Decision, Measure, Period
from youwei.decisions.queries import told_to
from youwei.desk.ledger.asked import Asked
from youwei.desk.ledger.doubts import Doubt, in_doubt
from youwei.desk.people.queries import by_number, ending, period_chip, running
from youwei.desk.people.records import Names, Told, organs_named, told
from youwei.documents.models import Paper
from youwei.journal.queries import record
from youwei.organs.models import Organ
from youwei.organs.policy import ACTS, Reader, listed, may, visible
from youwei.organs.queries import below
from youwei.people.models import Person
from youwei.people.queries import active, find
from youwei.ui.words import DASH, cn_date

ORDERS = {"name": "person__name", "number": "number", "made": "made_on"}
HEADS = (
    ("姓名", 10), ("单位", 28), ("职务", 18), ("职级", 12), ("管理权限", 12), ("处分处理", 28), ("决定文号", 24), ("决定机关", 24),
    ("决定日期", 16), ("生效日期", 16), ("形态", 12), ("问题类别", 18), ("期间止", 16), ("最早可提拔", 16), ("状态", 12), ("期间止的来由", 14),
)  # fmt: skip
MOST_EXPORTED = 20_000
AT_ONCE = 500
OF_MEASURE = ("decision", "label", "family", "restored_on")
OF_PERIOD = ("measure", "span", "starts_on", "last_day", "permanent", "by_hand", "until")


COLUMNS = ("pk", "person", "person__name", "unit__name", "post", "rank", "managed_by", "number", "deciding_organ__name", "made_on",
           "effective_on", "form", "problem", "state", "secret")  # fmt: skip


class Line(NamedTuple):
    """What the list reads of a decision: `COLUMNS`, in their order. A model for each of so many rows takes most of a page's time."""

    key: int
    person: int | None
    person_name: str | None
    unit_name: str | None
    post: str
    rank: str
    managed_by: str
    number: str
    organ: str
    made_on: date | None
    effective_on: date | None
    form: int | None
    problem: str
    state: str
    secret: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One decision of the list. A stub has neither person nor unit nor problem, whatever its row should hold."""

    line: Line
    labels: str
    ends_on: date | None
    free_on: date | None
    permanent: bool
    chip: str
    tone: str
    linked: bool = False
    by_hand: bool = False
    doubts: Sequence[Doubt] = ()

    @property
    def name(self) -> str:
        return self.line.person_name if self.line.person_name and not self.line.secret else "（存根）"

    @property
    def unit(self) -> str:
        return self.line.unit_name if self.line.unit_name and not self.line.secret else ""

    @property
    def form(self) -> str:
        return form_words(self.line.form).removesuffix("形态")

    @property
    def ends(self) -> str:
        return "无期满之日" if self.permanent else cn_date(self.ends_on)

    @property
    def made(self) -> str:
        return cn_date(self.line.made_on)

    @property
    def address(self) -> str:
        return f"{self.line.key}/"

    @property
    def whose(self) -> str:
        return f"{self.line.person}/" if self.linked else ""

    def cells(self) -> list[Any]:
        """The row as the sheet has it."""
        each = self.line
        own = ("", "", "", "") if each.secret else (self.unit, each.post, each.rank, each.managed_by)
        form = form_words(each.form) if each.form else ""
        problem = "" if each.secret else each.problem
        return [self.name, *own, self.labels, each.number, each.organ, each.made_on, each.effective_on, form, problem,
                self.ends_on, self.free_on, self.chip, "人工核定" if self.by_hand else ""]  # fmt: skip


def decisions(who: Reader, wanted: Asked) -> QuerySet[Decision]:
    """The decisions the reader may see, narrowed and ordered; those of an import taken back are not among them."""
    rows = told_to(who, listed(who, "decision.view", Decision.objects.exclude(state=Decision.State.UNDONE)), who.on)
    rows = _narrowed(rows, wanted)
    spans = Period.objects.filter(measure__decision=OuterRef("pk"), current=True)
    inside = spans.filter(running(who.on))
    if wanted.state == "running":
        rows = rows.filter(Exists(inside))
    elif wanted.state == "ending":
        rows = rows.filter(Exists(spans.filter(ending(who.on))))
    elif wanted.state == "unsettled":
        rows = rows.filter(Exists(spans.filter(in_doubt(who.on))))
    elif wanted.state == "altered":
        rows = rows.filter(state__in=(Decision.State.CHANGED, Decision.State.WITHDRAWN))
    elif wanted.state == "precheck":
        rows = rows.filter(precheck=Decision.Precheck.OWED)
    elif wanted.state == "stub":
        rows = rows.filter(secret=True)
    last = Subquery(spans.order_by(F("last_day").desc(nulls_last=True)).values("last_day")[:1])
    name = wanted.sort.removeprefix("-")
    field = last if name == "ends" else F(ORDERS[name])  # a column of its own would be asked for with every row
    order = field.desc(nulls_last=True) if wanted.sort.startswith("-") else field.asc(nulls_last=True)
    return rows.order_by(order, "-pk")


def whole(found: QuerySet[Decision]) -> list[Line]:
    """The lines of all of these, in their order."""
    return [Line(*each) for each in found.values_list(*COLUMNS)]


def lines(keys: Sequence[int]) -> list[Line]:
    """The lines of these decisions, in the order given. Read for a page alone: a list is ordered without what its lines say of persons and organs."""
    found = {each[0]: Line(*each) for each in Decision.objects.filter(pk__in=keys).values_list(*COLUMNS)}
    return [found[key] for key in keys if key in found]


def _narrowed(rows: QuerySet[Decision], wanted: Asked) -> QuerySet[Decision]:
    if wanted.q:
        condition = Q(person__in=find(wanted.q).values("pk"), secret=False)
        numbered = by_number(wanted.q)
        rows = rows.filter(condition | numbered if numbered is not None else condition)
    if wanted.kind:
        named = Q(family=wanted.family) if wanted.family else Q(kind=wanted.kind)
        rows = rows.filter(Exists(Measure.objects.filter(named, decision=OuterRef("pk"))))
    if wanted.start:
        rows = rows.filter(made_on__gte=wanted.start)
    if wanted.end:
        rows = rows.filter(made_on__lte=wanted.end)
    if wanted.form:
        rows = rows.filter(form=wanted.form)
    if wanted.batch:
        rows = rows.filter(import_id=wanted.batch)
    if wanted.organ:
        chosen = Organ.objects.filter(pk=wanted.organ).values_list("path", flat=True).first()
        rows = rows.filter(counted_at__in=below([chosen]).values("pk")) if chosen else rows.none()
    return rows


Measured = tuple[Measure, list[Period]]


def measured(keys: Sequence[int]) -> dict[int, list[Measured]]:
    """The measures of these decisions with their standing periods, by decision. Two questions for every 500."""
    found: dict[int, list[Measured]] = {key: [] for key in keys}
    for start in range(0, len(keys), AT_ONCE):
        some = keys[start : start + AT_ONCE]
        own: dict[int, list[Period]] = {}
        for measure in Measure.objects.filter(decision__in=some).only(*OF_MEASURE).order_by("pk"):
            found[measure.decision_id].append((measure, own.setdefault(measure.pk, [])))
        for period in Period.objects.filter(measure__in=list(own), current=True).only(*OF_PERIOD):
            own[period.measure_id].append(period)
    return found


def row(line: Line, told: Sequence[Measured], today: date, *, linked: bool = False) -> Row:
    """What the list says of a decision."""
    periods = [period for _, own in told for period in own]
    lasts = [period.last_day for period in periods if period.last_day]
    permanent = any(period.permanent for period in periods)
    inside = [
        (measure, period)
        for measure, own in told
        for period in own
        if period.starts_on
        and period.starts_on <= today
        and (period.permanent or (period.last_day or date.min) >= today)
    ]
    ends = max(lasts) if lasts and not permanent else None
    chip, tone = period_chip(inside, ends, today)
    if line.state == Decision.State.WITHDRAWN or (line.state == Decision.State.CHANGED and not chip):
        chip, tone = str(Decision.State(line.state).label), "plain"
    elif not chip and any(period.starts_on is None for period in periods):
        chip, tone = "期间待核", "soon"
    frees = [date.fromisoformat(period.until["promotion"]) for period in periods if "promotion" in period.until]
    free = max(frees) if frees and max(frees) != date.max else None
    by_hand = any(period.by_hand and period.last_day == ends for period in periods)
    return Row(
        line, "、".join(measure.label for measure, _ in told), ends, free, permanent, chip, tone, linked, by_hand
    )


def rows(
    found: Sequence[Line],
    today: date,
    mine: Collection[int] = (),
    doubts: Mapping[int, Sequence[Doubt]] | None = None,
) -> list[Row]:
    """The rows of these lines; a name leads to the dossier only of the persons in `mine`. `doubts`: what of each is unsettled."""
    told = measured([line.key for line in found])
    made = (row(line, told[line.key], today, linked=line.person in mine) for line in found)
    return [replace(each, doubts=doubts.get(each.line.key, ())) for each in made] if doubts else list(made)


def openable(found: Sequence[Line], who: Reader) -> set[int]:
    """Of the persons of these lines, those whose dossier the reader may open."""
    wanted = {line.person for line in found if line.person and not line.secret}
    return set(visible(who, "person.view", active().filter(pk__in=wanted)).values_list("pk", flat=True))


def regions(who: Reader) -> Sequence[Organ]:
    """The regions a reader may choose among."""
    inside = below(who.paths(ACTS["decision.view"]))
    return list(inside.filter(kind=Organ.Kind.REGION).order_by("path"))


@dataclass(frozen=True, slots=True)
class Span:
    """One measure of a decision with all versions of its period, the standing one first."""

    measure: Measure
    standing: Sequence[Period]
    earlier: Sequence[Period]


def spans(decision: Decision) -> list[Span]:
    """Every measure with its periods."""
    periods: dict[int, list[Period]] = {}
    for period in Period.objects.filter(measure__decision=decision).order_by("-version", "starts_on", "pk"):
        periods.setdefault(period.measure_id, []).append(period)
    found = []
    for measure in decision.measures.order_by("pk"):
        own = periods.get(measure.pk, [])
        found.append(Span(measure, [each for each in own if each.current], [each for each in own if not each.current]))
    return found


def cases(who: Reader, decision: Decision) -> list[Case]:
    """The cases opened from a decision that the reader may see."""
    return list(
        visible(who, "case.view", Case.objects.filter(decision=decision))
        .select_related("organ")
        .order_by("opened_on", "pk")
    )


def citing(who: Reader, decision: Decision) -> list[Case]:
    """The cases whose records use a decision, as warning sessions do, so far as the reader may see them; the newest first. One query."""
    rows = visible(who, "case.view", Case.objects.filter(citations__decision=decision))
    return list(rows.select_related("organ", "subject_organ").distinct().order_by("-opened_on", "-pk"))


def precheck_case(who: Reader, decision: Decision) -> Case | None:
    """The case of the check before holding to account, where the reader may see it. No query for a decision that names none."""
    if decision.precheck_case is None:
        return None
    return visible(who, "case.view", Case.objects.filter(pk=decision.precheck_case)).first()


@dataclass(frozen=True, slots=True)
class Outdated:
    """A paper issued before the decision was altered: whoever has it is to be told. `again`: issued anew since."""

    paper: Paper
    again: bool


def outdated(who: Reader, decision: Decision) -> list[Outdated]:
    """The papers of a decision's cases that were issued before it was altered last or entered anew, the newest first. One query, none for what
    stands as recorded."""
    since = decision.altered_at or (decision.recorded_at if decision.replaces_id else None)
    if since is None:
        return []
    both = [decision.pk, *([decision.replaces_id] if decision.replaces_id else [])]
    rows = Paper.objects.filter(case__decision__in=both).select_related("case__organ").defer("sealed")
    papers = list(visible(who, "paper.view", rows).order_by("-issued_at", "-pk"))
    later = {(each.case_id, each.kind) for each in papers if each.issued_at >= since}
    return [Outdated(each, (each.case_id, each.kind) in later) for each in papers if each.issued_at < since]


@dataclass(frozen=True, slots=True)
class Replaced:
    """The record this one stands for: as what it was entered; the person only to whoever may see them."""

    organ: str
    elsewhere: bool
    person: Person | None
    on: date
    reason: str


def replaced(who: Reader, decision: Decision) -> Replaced | None:
    """What the record was that this decision was entered anew for. No query for one that was entered rightly."""
    old = decision.replaces
    if old is None:
        return None
    told = next(record(entry) for entry in alterations(old))
    organ = old.deciding_organ.name if old.deciding_organ_id != decision.deciding_organ_id else ""
    person = old.person if old.person is not None and old.person_id != decision.person_id else None
    seen = person if person is not None and may(who, "person.view", person) else None
    return Replaced(organ, person is not None, seen, told.on, str(told.content["reason"]))


def altered(decision: Decision) -> list[Told]:
    """The corrections, changes and withdrawals of a decision, told to people, the newest first."""
    found = [record(entry) for entry in alterations(decision)] if decision.version > 1 else []
    organs = dict(Organ.objects.filter(pk__in=organs_named(found)).values_list("pk", "name")) if found else {}
    return told(found, (), Names(organs, frozenset({decision.pk})))


def form_words(form: int | None) -> str:
    return f"第{'一二三四'[form - 1]}种形态" if form and 1 <= form <= 4 else DASH
