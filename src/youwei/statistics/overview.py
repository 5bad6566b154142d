"""Every regulation on one page: how many cases were opened in a period, how they ended by what the ends count under, how many are in hand now.

Two queries, whatever is stored and however many regulations there are; each line agrees with the page of its regulation (``procedures.table``).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case as Choose
from django.db.models import CharField, Count, Q, Value, When

from youwei.cases import logs
from youwei.cases.models import Case
from youwei.engine.local import members_of
from youwei.organs.models import Organ
from youwei.rulebook.packs import Pack
from youwei.statistics.procedures import counted_at, lines_of, wholes

OTHER, ENDED, NOT_COUNTED = "其他", "办结", "其他结局，不计入"
STANDING = (Case.State.OPEN, Case.State.HELD)


@dataclass(frozen=True, slots=True)
class Told:
    """Cases that ended under one line, and the persons and organs they were about, each once (None where they are not told)."""

    title: str
    cases: int
    persons: int | None


@dataclass(frozen=True, slots=True)
class Work:
    """One regulation: opened in the period, ended in it by line, in hand now; None where a sealed one does not tell."""

    family: str
    title: str
    opened: int | None
    lines: tuple[Told, ...]
    open: int | None

    @property
    def ended(self) -> int:
        return sum(each.cases for each in self.lines)

    @property
    def filled(self) -> tuple[Told, ...]:
        """The lines that somebody stands in."""
        return tuple(each for each in self.lines if each.cases)

    @property
    def silent(self) -> bool:
        """Nothing was opened or ended in the period, and nothing is in hand."""
        return not any((self.opened, self.open, self.ended))


@dataclass(frozen=True, slots=True)
class Group:
    """The regulations under one line of the navigation that have something to tell."""

    title: str
    works: tuple[Work, ...]


@dataclass(frozen=True, slots=True)
class Overview:
    """The groups, and the titles of the regulations of which there is nothing to tell."""

    groups: tuple[Group, ...]
    silent: tuple[str, ...]


def overview(organ: Organ, start: date, end: date) -> Overview:
    """All regulations whose figures are told for an organ, in the order of the navigation; days included. Two queries."""
    packs = logs.packs()
    shown = {family: pack for family, pack in wholes().items() if counted_at(pack, organ)}
    reach = Case.objects.filter(organ__path__startswith=organ.path)
    whens = [When(procedure__in=members_of(packs, family), then=Value(family)) for family in shown]
    named = reach.annotate(family=Choose(*whens, default=Value(""), output_field=CharField())).order_by()
    begun = {
        row["family"]: row
        for row in named.values("family").annotate(
            opened=Count("pk", filter=Q(opened_on__range=(start, end))), open=Count("pk", filter=Q(state__in=STANDING))
        )
    }
    over = named.filter(state=Case.State.ENDED, ended_on__range=(start, end))
    ends = {
        (row["family"], row["counted"]): row
        for row in over.values("family", "counted").annotate(
            cases=Count("pk"),
            persons=Count("person", distinct=True),
            organs=Count("subject_organ", distinct=True, filter=Q(person=None)),
        )
    }
    groups: dict[str, list[Work]] = {each.title: [] for each in logs.areas()}
    silent = []
    for family, pack in shown.items():
        work = _work(family, pack, begun.get(family, {}), ends)
        if work.silent:
            silent.append(pack.title)
        else:
            groups.setdefault(pack.area or OTHER, []).append(work)
    return Overview(tuple(Group(title, tuple(works)) for title, works in groups.items() if works), tuple(silent))


def _work(family: str, pack: Pack, begun: Mapping[str, int], ends: Mapping[tuple[str, str], Mapping[str, Any]]) -> Work:
    lines = []
    for title in lines_of(family):
        row = ends.get((family, title), {})
        persons = row.get("persons", 0) + row.get("organs", 0)
        lines.append(Told(title, row.get("cases", 0), None if pack.sealed_to else persons))
    if pack.sealed_to:
        return Work(family, pack.title, None, tuple(lines), None)
    others = ends.get((family, ""), {}).get("cases", 0)
    if others or not lines:
        lines.append(Told(NOT_COUNTED if lines else ENDED, others, None))
    return Work(family, pack.title, begun.get("opened", 0), tuple(lines), begun.get("open", 0))
