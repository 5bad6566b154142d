"""What a report that comes every so often counts: the cases of the procedures its step names, opened, ended and still open in the span it is about.

Counted where the handling office has its scope, as the figures count them; told one by one only for the cases the office handles itself. Of a
sealed procedure nothing is told.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet

from youwei.cases import logs
from youwei.cases.models import Case
from youwei.cases.queries import View
from youwei.engine.local import members_of
from youwei.engine.opening import newest_in_force
from youwei.organs.queries import scope
from youwei.rulebook.pack_types import Pack, PackRef, Step
from youwei.ui.words import cn_date

MOST = 200


@dataclass(frozen=True, slots=True)
class Line:
    """One procedure: how many cases were opened and ended in the span, how they ended, how many were open at its end."""

    family: str
    title: str
    opened: int
    ended: int
    open: int
    ends: tuple[tuple[str, int], ...]

    @property
    def told(self) -> str:
        return "、".join(f"{title}{count}件" for title, count in self.ends) or "无"


@dataclass(frozen=True, slots=True)
class Report:
    """The figures of a span, and the cases of the office itself that were opened or ended in it."""

    start: date
    end: date
    lines: tuple[Line, ...]
    cases: tuple[Case, ...]


def report(view: View, step: Step | None, key: str) -> Report | None:
    """What one report counts; None of a step that reports nothing, or whose span is not known. Three queries, whatever is stored."""
    item = next(
        (each for each in view.plan.items if step is not None and (each.step, each.key) == (step.id, key)), None
    )
    if step is None or not step.reports or item is None or item.span is None:
        return None
    return counted(view.case, step.reports, *item.span)


def counted(case: Case, families: Iterable[str], start: date, end: date) -> Report:
    """The cases of some procedures, with their local rules, in the scope of the office that handles `case`."""
    packs = logs.packs()
    procedures = {each: family for family in families for each in members_of(packs, family)}
    rows = Case.objects.filter(
        procedure__in=procedures, organ__path__startswith=scope(case.organ), sealed=False, opened_on__lte=end
    )
    begun, over = Q(opened_on__range=(start, end)), Q(ended_on__range=(start, end))
    open_then = Q(ended_on=None) | Q(ended_on__gt=end)
    counts = rows.values("procedure").order_by()
    told = {
        row["procedure"]: row
        for row in counts.annotate(opened=Count("pk", begun), ended=Count("pk", over), open=Count("pk", open_then))
    }
    ends = _ends(rows.filter(over), procedures)
    lines = tuple(_line(packs, procedures, family, told, ends[family]) for family in dict.fromkeys(procedures.values()))
    own = rows.filter(begun | over, organ=case.organ).select_related("person", "subject_organ")
    return Report(start, end, lines, tuple(own.order_by("opened_on", "pk")[:MOST]))


def _line(
    packs: Mapping[PackRef, Pack], procedures: Mapping[str, str], family: str, told: Mapping[str, Mapping[str, Any]], ends: Counter[str]
) -> Line:  # fmt: skip
    opened, ended, still = (_sum(told, procedures, family, each) for each in ("opened", "ended", "open"))
    return Line(family, _title(packs, family), opened, ended, still, tuple(ends.items()))


def _ends(rows: "QuerySet[Case]", procedures: Mapping[str, str]) -> dict[str, Counter[str]]:
    """How many ended in which way, by family; what was broken off is told as such."""
    found: dict[str, Counter[str]] = {family: Counter() for family in procedures.values()}
    grouped = rows.values("procedure", "state", "counted", "outcome_title").order_by("outcome_title")
    for row in grouped.annotate(count=Count("pk")):
        broken = row["state"] == Case.State.TERMINATED
        title = Case.State.TERMINATED.label if broken else row["counted"] or row["outcome_title"]
        found[procedures[row["procedure"]]][title] += row["count"]
    return found


def _sum(told: Mapping[str, Mapping[str, Any]], procedures: Mapping[str, str], family: str, what: str) -> int:
    return sum(told[each][what] for each, of in procedures.items() if of == family and each in told)


def _title(packs: Mapping[PackRef, Pack], family: str) -> str:
    """What the newest version of a procedure is called; of one not there, its id."""
    return next((packs[ref].title for ref in sorted(packs, reverse=True) if ref.procedure == family), family)


def told(found: Report | None) -> dict[str, Any]:
    """A report as a paper takes it, every cell as text."""
    if found is None:
        return {"period": "", "lines": [], "cases": []}
    return {
        "period": f"{cn_date(found.start)}至{cn_date(found.end)}",
        "lines": [
            {"title": line.title, "opened": str(line.opened), "ended": str(line.ended), "open": str(line.open), "ends": line.told}
            for line in found.lines
        ],
        "cases": [_case(each) for each in found.cases],
    }  # fmt: skip


def _case(case: Case) -> dict[str, str]:
    return {
        "title": case.title, "who": case.person.name if case.person else case.subject_organ.name, "unit": case.subject_organ.name,
        "opened_on": cn_date(case.opened_on), "ended_on": cn_date(case.ended_on) if case.ended_on else "",
        "state": case.outcome_title or case.get_state_display(),
    }  # fmt: skip


def unarranged(offices: Iterable[int], on: date) -> list[tuple[int, str]]:
    """Offices that have cases to report this year and have begun no report of them: office and procedure of the report. One query."""
    wanted = {pack.ref.procedure: _reported(pack) for pack in newest_in_force(logs.packs(), on) if _reported(pack)}
    families = [*wanted, *(each for found in wanted.values() for each in found)]
    rows = Case.objects.filter(organ__in=list(offices), procedure__in=families, sealed=False)
    now = Q(ended_on=None) | Q(ended_on__year=on.year)
    known = set(rows.filter(now).order_by("organ", "procedure").values_list("organ", "procedure").distinct())
    return [
        (office, procedure)
        for office in sorted({office for office, _ in known})
        for procedure, found in wanted.items()
        if (office, procedure) not in known and any((office, each) in known for each in found)
    ]


def _reported(pack: Pack) -> frozenset[str]:
    """The procedures, with their local rules, of which a pack about an organ makes reports."""
    if pack.about != ("organ",) or not pack.opens.by:
        return frozenset()
    packs = logs.packs()
    named = {family for step in pack.steps.values() for family in step.reports}
    return frozenset(each for family in named for each in members_of(packs, family))
