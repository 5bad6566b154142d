"""What is asked of the figures: which organ, which days, with or without stubs; and the rows of the store that answer it.

Every figure counts rows of one of the sources below and every list shows rows of the same source under the same condition, so that a number and the
list behind it cannot part. `row` narrows an ask to one line of the table (a region below, a group of units, a unit).
"""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Self

from django.db.models import Case as Switch
from django.db.models import CharField, Func, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import Concat, StrIndex, Substr

from youwei.cases import logs
from youwei.cases.models import Case, Done, Exempted, NotDone, OpenStep
from youwei.decisions.models import Decision
from youwei.organs.models import Organ
from youwei.organs.queries import WIDE, below
from youwei.rulebook.days import ONE_DAY
from youwei.rulebook.pack_types import Kind

ORGANS, TOWNS, FIRMS, REST, SELF = "organs", "towns", "firms", "rest", "self"
PARTS: dict[str, frozenset[str]] = {
    TOWNS: frozenset({Organ.Kind.STREET, Organ.Kind.TOWN, Organ.Kind.VILLAGE}),
    FIRMS: frozenset({Organ.Kind.ENTERPRISE, Organ.Kind.UNIVERSITY, Organ.Kind.SCHOOL}),
}
"""Units directly under a region by what they are; everything else with a unit is ORGANS, without a unit REST."""

COUNTED = (Decision.State.STANDING, Decision.State.CHANGED)
WHOLE = ""
"""The line that is the whole of an ask."""


class DayNumber(Func):
    """A date as the number 20260929: quick on both stores, where taking a date apart is slow on SQLite."""

    output_field = IntegerField()
    template = "CAST(REPLACE(%(expressions)s, '-', '') AS INTEGER)"

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(
            compiler, connection, template="CAST(TO_CHAR(%(expressions)s, 'YYYYMMDD') AS INTEGER)", **context
        )


def duty(counted_as: str) -> Q:
    """Rows of a step that some pack counts as this (a word of `pack_keys.COUNTED_AS`); none where no pack has one."""
    steps: dict[str, set[str]] = {}
    for ref, pack in logs.packs().items():
        found = {step.id for step in pack.steps.values() if step.counts_as == counted_as}
        if found:
            steps.setdefault(ref.procedure, set()).update(found)
    rows = Q(pk__in=())
    for procedure, ids in sorted(steps.items()):
        rows |= Q(case__procedure=procedure, step__in=sorted(ids))
    return rows


def home_of(organ: Organ) -> Organ:
    """Whose figures these are: a commission or organization department answers for its whole region, as in `organs.queries.scope`."""
    return organ.parent if organ.kind in WIDE and organ.parent is not None else organ


@dataclass(frozen=True, slots=True)
class Ask:
    """One question: the organ (already its home), the first and last day, and the morning on which lateness is judged.

    What was due before that morning and was not done by then is late. It is today, or the day after the last when that is earlier: so what is done
    after a period has ended changes nothing in its figures. `stubs` asks for the stubs alone.
    """

    organ: Organ
    start: date
    end: date
    as_of: date
    with_secret: bool = True
    part: str = ""
    row: str = ""
    stubs: bool = False

    def a_year_before(self) -> Self:
        return replace(
            self, start=year_before(self.start), end=year_before(self.end), as_of=year_before(self.end) + ONE_DAY
        )

    def at(self, row: str) -> Self:
        return replace(self, row=row)

    @property
    def is_region(self) -> bool:
        return self.organ.kind == Organ.Kind.REGION

    def decisions(self) -> QuerySet[Decision]:
        """Decisions that count, made in the period."""
        return self.dateless().filter(made_on__range=(self.start, self.end), state__in=COUNTED)

    def dateless(self) -> QuerySet[Decision]:
        """Decisions of the organ whatever their date and state; those undone with an import never were."""
        rows = Decision.objects.exclude(state=Decision.State.UNDONE)
        if self.stubs or not self.with_secret:
            rows = rows.filter(secret=self.stubs)
        return self._within(rows, "")

    def cases(self) -> QuerySet[Case]:
        """Cases of persons, following a decision which counts."""
        return self._within(Case.objects.filter(decision__state__in=COUNTED, person__isnull=False), "decision__")

    def cases_overdue(self) -> Q:
        """Cases in which a visit was overdue when the period ended, or is today."""
        return Q(pk__in=self.overdue_visits().values("case").union(self.visits_held_since().values("case"), all=True))

    def visits(self) -> QuerySet[Done]:
        """Visits recorded for a day of the period, refused and postponed ones too, in cases that follow a decision which counts."""
        return self._within(self.visits_anywhere().filter(case__decision__state__in=COUNTED), "case__decision__")

    def visits_anywhere(self) -> QuerySet[Done]:
        """The same at any organ: who was visited elsewhere is not missing here."""
        return Done.objects.filter(kind=Kind.VISIT, on__range=(self.start, self.end))

    def overdue_visits(self) -> QuerySet[OpenStep]:
        """Visits whose due day has passed and that are not recorded to this day."""
        rows = OpenStep.objects.filter(kind=Kind.VISIT, optional=False, case__state=Case.State.OPEN)
        return rows.filter(due_on__lt=self.as_of)

    def visits_held_since(self) -> QuerySet[Done]:
        """Visits whose due day had passed and that were held only after the period: within it they were missing."""
        return Done.objects.filter(kind=Kind.VISIT, due_on__lt=self.as_of, on__gt=self.end)

    def done(self, duties: Q) -> QuerySet[Done]:
        """What was done of a duty in the period, in time or not."""
        return Done.objects.filter(duties, on__range=(self.start, self.end))

    def done_in_time(self, duties: Q) -> QuerySet[Done]:
        """What was done in the period, and by its last day."""
        return self.done(duties).filter(late=False)

    def done_late(self, duties: Q) -> QuerySet[Done]:
        """What had its last day in the period, and was done after it, whenever that was."""
        return Done.objects.filter(duties, late=True, late_from__range=(self.start, self.end))

    def undone(self, duties: Q) -> QuerySet[OpenStep]:
        """What had its last day in the period, and that day has passed without a record."""
        rows = OpenStep.objects.filter(duties, optional=False, case__state=Case.State.OPEN)
        return rows.filter(late_from__range=(self.start, self.end), late_from__lt=self.as_of)

    def not_done(self) -> QuerySet[NotDone]:
        """What was said in the period not to be done, in cases that follow a decision which counts."""
        rows = NotDone.objects.filter(on__range=(self.start, self.end), case__decision__state__in=COUNTED)
        return self._within(rows, "case__decision__")

    def items(self) -> QuerySet[Done]:
        """Items done: in time in the period, or late when their last day lay in the period, whenever they were done."""
        settled = Q(late=False, on__range=(self.start, self.end)) | Q(
            late=True, late_from__range=(self.start, self.end)
        )
        rows = Done.objects.filter(settled, kind=Kind.ITEM, case__decision__state__in=COUNTED)
        return self._within(rows, "case__decision__")

    def missing_items(self) -> QuerySet[OpenStep]:
        """Items whose last day lay in the period and has passed, and that are not done to this day."""
        rows = self.undone(Q(kind=Kind.ITEM, case__decision__state__in=COUNTED))
        return self._within(rows, "case__decision__")

    def exempted(self) -> QuerySet[Exempted]:
        """Items that were said in the period not to apply."""
        rows = Exempted.objects.filter(
            kind=Kind.ITEM, on__range=(self.start, self.end), case__decision__state__in=COUNTED
        )
        return self._within(rows, "case__decision__")

    def counted(self, prefix: str) -> Q:
        """What follows a decision which counts, and counts for this organ."""
        return Q(**{f"{prefix}state__in": COUNTED}) & self._inside(prefix)

    def _within(self, rows: QuerySet[Any], prefix: str) -> QuerySet[Any]:
        rows = rows.filter(self._inside(prefix))
        return self.by_row(rows, prefix).filter(row=self.row) if self.row else rows

    def _inside(self, prefix: str) -> Q:
        inside = below([self.organ.path]).values("pk")
        condition = Q(**{f"{prefix}counted_at__in": inside})
        if not self.is_region:
            condition |= Q(**{f"{prefix}unit__in": inside})
        if self.part:
            condition &= Q(**{f"{prefix}counted_at": self.organ.pk}) & in_part(prefix, self.part)
        return condition

    def by_row(self, rows: QuerySet[Any], prefix: str = "") -> QuerySet[Any]:
        """Name for each row the line of the table it belongs to."""
        named: QuerySet[Any] = rows.annotate(row=self.row_of(prefix))
        return named

    def row_of(self, prefix: str) -> Switch:
        """The line of the table something belongs to."""
        organ, path = self.organ, f"{prefix}counted_at__path"
        unit = f"{prefix}unit__path"
        if self.part or not self.is_region:
            itself = When(Q(**{unit: organ.path}) | Q(**{unit: None, path: organ.path}), then=Value(SELF))
            under = When(**{f"{unit}__startswith": organ.path}, then=segment(unit, organ.path))
            return Switch(itself, under, default=Value(SELF), output_field=CharField())
        parts = [
            When(in_part(prefix, part) & Q(**{f"{prefix}counted_at": organ.pk}), then=Value(part))
            for part in (REST, TOWNS, FIRMS)
        ]
        rest = When(**{f"{prefix}counted_at": organ.pk}, then=Value(ORGANS))
        return Switch(*parts, rest, default=segment(path, organ.path), output_field=CharField())


def in_part(prefix: str, part: str) -> Q:
    """Rows whose unit belongs to a group of units."""
    kind = f"{prefix}unit__kind__in"
    if part == REST:
        return Q(**{f"{prefix}unit": None})
    if part == ORGANS:
        return Q(**{f"{prefix}unit__isnull": False}) & ~Q(**{kind: sorted(PARTS[TOWNS] | PARTS[FIRMS])})
    return Q(**{kind: sorted(PARTS[part])})


def segment(path: str, above: str) -> Substr:
    """The id that follows `above` in a path: "/1/5/9/" below "/1/" gives "5"; the organ itself gives an empty word."""
    rest = Concat(Substr(path, len(above) + 1), Value("/"))
    return Substr(rest, 1, StrIndex(rest, Value("/")) - 1, output_field=CharField())


def year_before(day: date) -> date:
    """The same day a year earlier; 29 February gives 28 February."""
    try:
        return day.replace(year=day.year - 1)
    except ValueError:
        return day.replace(year=day.year - 1, day=28)
