"""The list of people, and the search over people and decisions."""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery

from youwei.cases.logs import packs
from youwei.cases.models import Case
from youwei.decisions.models import Decision, Measure, Period
from youwei.documents.models import Paper
from youwei.organs.models import Organ
from youwei.organs.policy import Reader, visible
from youwei.people import queries as people
from youwei.people.models import Person
from youwei.rulebook.bars import Span
from youwei.rulebook.measures import Family

STATES = (
    ("current", "影响期内或有在办事项"),
    ("ending", "三十日内期满"),
    ("unsettled", "期间待核"),
    ("all", "全部人员"),
)
SORTS = {"name": "name", "unit": "organ__name", "ends": "ends_on"}
OPEN = (Case.State.OPEN, Case.State.HELD)
ENDING_DAYS = 30
MOST_HITS = 8
MOST_PIECES = 6
WHOLE_NUMBER = "身份证号要写全（18位，或旧的15位）才能查找；没有查找，也没有留下这串数字。"
PIECES = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Row:
    """One person of the list. Of a period that has ended the list says nothing (K1)."""

    person: Person
    measures: tuple[str, ...]
    ends_on: date | None
    open_cases: int
    chip: str
    tone: str


def running(today: date) -> Q:
    """Periods that run on a day."""
    return Q(current=True, starts_on__lte=today) & (Q(last_day__gte=today) | Q(permanent=True))


def ending(today: date) -> Q:
    """Periods that end within thirty days, the thirtieth included. While rights are not restored after a probation, the bar that
    follows it has no end yet (its dates are what they would be): such a period is not among them."""
    open_end = Q(span=Span.AFTER_RESTORATION, measure__restored_on=None)
    return running(today) & Q(last_day__lte=today + timedelta(days=ENDING_DAYS)) & ~open_end


def find(text: str) -> QuerySet[Person]:
    """Persons by everything they are found by, document numbers too (J7)."""
    rows = people.find(text)
    numbered = by_number(text)
    if numbered is None:
        return rows
    persons = Decision.objects.filter(numbered, secret=False).exclude(state=Decision.State.UNDONE).values("person")
    return people.active().filter(Q(pk__in=rows.values("pk")) | Q(pk__in=persons))


def by_number(text: str) -> Q | None:
    """Decisions by a fragment of the document number, whichever brackets were typed; None when it cannot be one."""
    pieces = PIECES.findall(text)[:MOST_PIECES]
    if people.looks_like_identity(text) or not pieces or len("".join(pieces)) < 2:
        return None
    condition = Q()
    for piece in pieces:
        condition &= Q(number__icontains=piece)
    return condition


def listed(who: Reader, text: str, state: str, sort: str) -> QuerySet[Person]:
    """The people a reader may see, narrowed and ordered."""
    rows = visible(who, "person.view", find(text) if text else people.active())
    mine = Period.objects.filter(person=OuterRef("pk"))
    inside = mine.filter(running(who.on))
    if state == "current":
        rows = rows.filter(Exists(inside) | Exists(Case.objects.filter(person=OuterRef("pk"), state__in=OPEN)))
    elif state == "ending":
        rows = rows.filter(Exists(mine.filter(ending(who.on))))
    elif state == "unsettled":
        rows = rows.filter(Exists(mine.filter(current=True, starts_on=None)))
    rows = rows.annotate(ends_on=Subquery(inside.order_by(F("last_day").desc(nulls_last=True)).values("last_day")[:1]))
    field = SORTS.get(sort.removeprefix("-"), "ends_on")
    order = F(field).desc(nulls_last=True) if sort.startswith("-") or not sort else F(field).asc(nulls_last=True)
    return rows.select_related("organ").order_by(order, "pk")


def rows_of(persons: Sequence[Person], who: Reader) -> list[Row]:
    """What the list says of these persons; two questions for all of them."""
    keys = [person.pk for person in persons]
    periods: dict[int, list[Period]] = {}
    for period in (
        Period.objects.filter(running(who.on), person__in=keys).select_related("measure").order_by("last_day")
    ):
        periods.setdefault(period.person_id, []).append(period)
    cases = visible(who, "case.view", Case.objects.filter(person__in=keys, state__in=OPEN)).order_by()
    counted = dict(cases.values_list("person").annotate(n=Count("pk", distinct=True)))
    return [_row(person, periods.get(person.pk, []), counted.get(person.pk, 0), who.on) for person in persons]


def _row(person: Person, periods: Sequence[Period], cases: int, today: date) -> Row:
    lasts = [period.last_day for period in periods if period.last_day]
    ends = max(lasts) if lasts and not any(period.permanent for period in periods) else None
    chip, tone = period_chip([(period.measure, period) for period in periods], ends, today)
    labels = tuple(dict.fromkeys(period.measure.label for period in periods))
    return Row(
        person,
        labels,
        ends,
        cases,
        chip or ("有在办事项" if cases else ""),
        tone or ("wait" if cases and not chip else ""),
    )


def period_chip(running: Collection[tuple[Measure, Period]], ends: date | None, today: date) -> tuple[str, str]:
    """The words and the tone of the periods that run, each with its measure. A probation does not simply end: rights are restored or not."""
    if not running:
        return "", ""
    if any(period.span == Span.AFTER_RESTORATION and measure.restored_on is None for measure, period in running):
        return "察看期满，待恢复党员权利", "soon"
    if ends is not None and ends - today <= timedelta(days=ENDING_DAYS):
        left = (ends - today).days
        what = (
            "察看期满" if any(each.span == Span.PROBATION and each.last_day == ends for _, each in running) else "期满"
        )
        return (f"{left}天后{what}" if left else f"今天{what}"), "soon"
    return ("处分期内" if {each.family for each, _ in running} == {Family.ADMINISTRATIVE} else "影响期内"), "run"


@dataclass(frozen=True, slots=True)
class Hits:
    """What a search found: the first few of each kind."""

    people: Sequence[Person] = ()
    decisions: Sequence[Decision] = ()
    cases: Sequence[Case] = ()
    papers: Sequence[Paper] = ()

    @property
    def any(self) -> bool:
        return bool(self.people or self.decisions or self.cases or self.papers)


def search(who: Reader, text: str, most: int = MOST_HITS) -> Hits:
    """The first people, decisions, cases and papers; always the same few questions."""
    if not text:
        return Hits()
    persons = visible(who, "person.view", people.find(text)).select_related("organ").order_by("name", "pk")[:most]
    if people.looks_like_identity(text):
        return Hits(list(persons))
    numbered = by_number(text)
    decisions = list(_decisions(who, numbered, most)) if numbered is not None else []
    return Hits(list(persons), decisions, list(_cases(who, text, numbered, most)), list(_papers(who, numbered, most)))


def _cases(who: Reader, text: str, numbered: Q | None, most: int) -> Iterable[Case]:
    """Cases of a person, of a decision by its number, of an organ, or by the title or the number of the case; those still going on first."""
    condition = Q(person__in=people.find(text).values("pk"))
    if text.isascii() and text.isdigit():
        condition |= Q(pk=int(text))
    if numbered is not None:
        condition |= Q(decision__in=Decision.objects.filter(numbered).values("pk"))
    if len(text) > 1:
        organs = Organ.objects.filter(Q(name__contains=text) | Q(former_names__name__contains=text)).values("pk")
        titled = {ref.procedure for ref, pack in packs().items() if text in pack.title}
        condition |= Q(subject_organ__in=organs) | Q(organ__in=organs) | Q(procedure__in=titled)
    rows = visible(who, "case.view", Case.objects.filter(condition)).select_related("person", "subject_organ")
    return rows.order_by(F("ended_on").desc(nulls_first=True), "-opened_on", "-pk")[:most]


def _papers(who: Reader, numbered: Q | None, most: int) -> Iterable[Paper]:
    """Papers issued in the cases of a decision, by its number."""
    decisions = Decision.objects.filter(numbered).values("pk") if numbered is not None else []
    rows = visible(who, "paper.view", Paper.objects.filter(case__decision__in=decisions))
    return rows.select_related("case__person").defer("sealed").order_by("-issued_at", "-pk")[:most]


def _decisions(who: Reader, numbered: Q, most: int) -> Iterable[Decision]:
    rows = Decision.objects.filter(numbered).exclude(state=Decision.State.UNDONE)
    rows = visible(who, "decision.view", rows).select_related("person", "deciding_organ").defer("facts_sealed")
    return rows.order_by("-made_on", "-pk")[:most]
