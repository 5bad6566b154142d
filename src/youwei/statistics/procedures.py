"""The figures of one regulation with all local rules laid over it: how its cases ended, by what its packs declare.

A line is what an outcome `counts` under; ends that count under nothing stand below the sum. A column is a field that `counts`: the persons of whom
it says yes, or each of its choices. Cases are counted at the organ that handles them, by the day they ended; nothing here names a procedure.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet

from youwei.cases import logs
from youwei.cases.facts import WITH_POWER
from youwei.cases.models import Case, Done, NotDone, OpenStep
from youwei.engine.local import family_of, members_of
from youwei.engine.sieve import sieve
from youwei.engine.types import Sieved
from youwei.organs.models import Organ
from youwei.organs.policy import Reader, visible
from youwei.rulebook.packs import FieldType, Pack

MOST_READ = 5000
"""Cases whose records are read for the columns; beyond it the lines are counted and the columns are left out."""
TENTH = Decimal("0.1")


@dataclass(slots=True)
class Line:
    """One line: cases, persons, and of the persons those under each column."""

    title: str
    cases: int = 0
    persons: set[int] = field(default_factory=set)
    marked: dict[str, set[int]] = field(default_factory=dict)

    def cells(self, columns: Iterable[str]) -> list[tuple[int, str]]:
        """For each column the persons, and their share of the line in per cent with one decimal."""
        return [
            (len(found), share(len(found), len(self.persons)))
            for found in (self.marked.get(each, set()) for each in columns)
        ]


@dataclass(frozen=True, slots=True)
class Table:
    """The lines of a regulation: those that count with their sum, the ends that do not, and what is still open (None where that is not told)."""

    columns: tuple[str, ...]
    counted: tuple[Line, ...]
    total: Line
    aside: tuple[Line, ...]
    open: int | None
    read: bool


@dataclass(frozen=True, slots=True)
class Act:
    """One step of a regulation in a period: how often it was done, how many of these had a day to keep and kept it, what is overdue now, and how
    often it was said why it was not done and was not done afterwards, by ground."""

    title: str
    done: int
    dated: int
    in_time: int
    owed: int
    said: tuple[tuple[str, int], ...] = ()

    @property
    def undone(self) -> int:
        return sum(count for _, count in self.said)

    @property
    def rate(self) -> str:
        return share(self.in_time, self.dated)


def share(part: int, whole: int) -> str:
    return f"{(Decimal(100 * part) / whole).quantize(TENTH, ROUND_HALF_UP)}%" if whole else "—"


def wholes() -> Mapping[str, Pack]:
    """Of every family the newest version of its topmost pack."""
    return {pack.ref.procedure: pack for _, pack in sorted(logs.packs().items()) if pack.extends is None}


def regulation(family: str) -> Pack | None:
    """The newest version of the topmost pack of a family; None where there is none of that name."""
    return wholes().get(family)


def counted_at(pack: Pack, organ: Organ) -> bool:
    """Whether the figures of a regulation are told for an organ: of a sealed one, where there is the power to determine."""
    return not pack.sealed_to or organ.level in WITH_POWER


def cases_of(family: str, organ: Organ) -> QuerySet[Case]:
    """The cases of a family that an organ and those below it handle."""
    return Case.objects.filter(procedure__in=members_of(logs.packs(), family), organ__path__startswith=organ.path)


def ended(family: str, organ: Organ, start: date, end: date) -> QuerySet[Case]:
    """Those that came to an end of their own between two days, both included."""
    return cases_of(family, organ).filter(state=Case.State.ENDED, ended_on__range=(start, end))


def table(family: str, organ: Organ, start: date, end: date) -> Table:
    """The figures of a period. Three queries, whatever is stored. Of a sealed regulation only what counts is told."""
    sealed = any(pack.sealed_to for pack in _packs(family))
    rows = list(ended(family, organ, start, end).order_by("pk"))
    still = cases_of(family, organ).filter(state__in=(Case.State.OPEN, Case.State.HELD)).count()
    titles = _columns(family)
    marks = _marks(rows) if titles and len(rows) <= MOST_READ else {}
    lines: dict[tuple[bool, str], Line] = {}
    total = Line("合计")
    for title in lines_of(family):
        lines[True, title] = Line(title)
    for case in rows:
        key = (bool(case.counted), case.counted or case.outcome_title)
        for line in (lines.setdefault(key, Line(key[1])), *([total] if case.counted else [])):
            _add(line, case, marks.get(case.pk, ()))
    counted = tuple(line for (counts, _), line in lines.items() if counts)
    aside = tuple(line for (counts, _), line in lines.items() if not counts and not sealed)
    return Table(titles, counted, total, aside, None if sealed else still, len(rows) <= MOST_READ)


def acts(family: str, organ: Organ, start: date, end: date, today: date) -> tuple[Act, ...]:
    """What was done in a period in the cases of a regulation, by step in the order of its newest pack, and what is overdue today. Three queries.

    An act counts on the day it was done, in time or late by its own day. Of a sealed regulation nothing is told.
    """
    if any(pack.sealed_to for pack in _packs(family)):
        return ()
    cases = cases_of(family, organ)
    dated = Q(late_from__isnull=False)
    rows = Done.objects.filter(case__in=cases, on__range=(start, end)).values("step").order_by()
    counts = rows.annotate(done=Count("pk"), dated=Count("pk", dated), in_time=Count("pk", dated & Q(late=False)))
    done = {row["step"]: row for row in counts}
    late = OpenStep.objects.filter(
        case__in=cases.filter(state=Case.State.OPEN), optional=False, part="", late_from__lt=today
    )
    owed = {row["step"]: row["owed"] for row in late.values("step").order_by().annotate(owed=Count("pk"))}
    said = NotDone.objects.filter(case__in=cases, on__range=(start, end)).exclude(state=NotDone.State.AFTER)
    grounds: dict[str, list[tuple[str, int]]] = {}
    for name, ground, count in said.values_list("step", "ground").order_by("ground").annotate(Count("pk")):
        grounds.setdefault(name, []).append((ground, count))
    titles = {name: step.title for pack in _packs(family) for name, step in pack.steps.items()}
    return tuple(
        _act(title, done.get(name, {}), owed.get(name, 0), tuple(grounds.get(name, ())))
        for name, title in titles.items()
        if name in done or name in owed or name in grounds
    )


def _act(title: str, done: Mapping[str, Any], owed: int, said: tuple[tuple[str, int], ...]) -> Act:
    return Act(title, done.get("done", 0), done.get("dated", 0), done.get("in_time", 0), owed, said)


def _add(line: Line, case: Case, marks: Iterable[str]) -> None:
    line.cases += 1
    someone = case.person_id or -case.subject_organ_id
    line.persons.add(someone)
    for each in marks:
        line.marked.setdefault(each, set()).add(someone)


def _packs(family: str) -> Iterator[Pack]:
    packs = logs.packs()
    return (pack for _, pack in sorted(packs.items()) if family_of(packs, pack) == family)


def lines_of(family: str) -> tuple[str, ...]:
    """What the ends of a family count under, in the order of its packs."""
    return tuple(dict.fromkeys(end.counts for pack in _packs(family) for end in pack.outcomes.values() if end.counts))


def _columns(family: str) -> tuple[str, ...]:
    """The columns its fields declare; of a choice one for each of its choices."""
    found: dict[str, None] = {}
    for pack in _packs(family):
        for step in pack.steps.values():
            for each in step.form.values():
                if each.counts and each.type is FieldType.YESNO:
                    found[each.counts] = None
                elif each.counts:
                    found |= {f"{each.counts}：{choice.title}": None for choice in each.choices}
    return tuple(found)


def _marks(cases: Sequence[Case]) -> Mapping[int, list[str]]:
    """Under which columns each case falls, by its standing records. One query."""
    packs = logs.packs()
    return {pk: list(_marked(sieve(packs, log))) for pk, log in logs.logs(cases).items()}


def _marked(sieved: Sieved) -> Iterator[str]:
    for name, records in sieved.records.items():
        step = sieved.pack.steps.get(name)
        for each in step.form.values() if step is not None else ():
            if each.counts:
                for record in records.values():
                    value = record.values.get(each.id)
                    if each.type is FieldType.YESNO:
                        yield from [each.counts] if value is True else []
                    else:
                        chosen = value if isinstance(value, (list, tuple)) else [value] if value else []
                        yield from (f"{each.counts}：{each.choice_title(one)}" for one in chosen)


def listed(who: Reader, family: str, organ: Organ, start: date, end: date, line: str) -> QuerySet[Case]:
    """The ended cases behind the table that a reader may see, of one line or of all."""
    rows = visible(who, "case.view", ended(family, organ, start, end)).select_related(
        "person", "subject_organ", "organ"
    )
    if line:
        rows = rows.filter(counted=line) | rows.filter(counted="", outcome_title=line)
    return rows.order_by("-ended_on", "-pk")


def opens(pack: Pack, hidden: int) -> bool:
    """Whether the list behind the table opens: of a sealed regulation only for whoever may see every case of it."""
    return not pack.sealed_to or not hidden
