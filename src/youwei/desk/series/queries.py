"""What the pages of series show: only what the reader may see of each, and how many there are beside."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, F, Min, Q, QuerySet

from youwei.cases.logs import packs
from youwei.cases.models import Case, OpenStep
from youwei.decisions.models import Decision, Series
from youwei.decisions.series import decisions_of, entries_of
from youwei.desk.together.queries import Pile, fits, open_rows
from youwei.journal.queries import record
from youwei.organs.models import Organ
from youwei.organs.policy import ACTS, Reader, visible
from youwei.rulebook.packs import PackRef
from youwei.ui.paging import Page, page_of

VIEW, EDIT = "decision.view", "decision.record"


@dataclass(frozen=True, slots=True)
class Affair:
    """A case of a decision, with its next due day and whether that is past."""

    case: Case
    due_on: date | None
    late: bool


@dataclass(frozen=True, slots=True)
class Member:
    """One decision of the series with what came of it."""

    decision: Decision
    measures: str
    affairs: tuple[Affair, ...]


def all_series(who: Reader, act: str = VIEW) -> QuerySet[Series]:
    return visible(who, act, Series.objects.select_related("organ"))


def series_page(who: Reader, number: str | None) -> Page:
    """Series the reader may see, with how many decisions and people they have."""
    inside = Q(members__left_on=None) & ~Q(members__decision__state=Decision.State.UNDONE)
    rows = all_series(who).annotate(
        decisions=Count("members__decision", filter=inside, distinct=True),
        people=Count("members__decision__person", filter=inside, distinct=True),
    )
    return page_of(rows.order_by("-made_at", "-pk"), number)


def seen(who: Reader, series: Series) -> QuerySet[Decision]:
    """The decisions of a series that the reader may see."""
    return visible(who, VIEW, decisions_of(series)).distinct()


def members(who: Reader, series: Series, number: str | None) -> tuple[Page, list[Member], int]:
    """A page of the decisions the reader may see, with their cases, and how many the reader may not. A fixed number of queries."""
    rows = seen(who, series).select_related("person__organ", "unit").prefetch_related("measures")
    page = page_of(rows.order_by("made_on", "pk"), number)
    shown: Sequence[Decision] = list(page.rows)
    cases = visible(who, "case.view", Case.objects.filter(decision__in=shown)).distinct()
    late = Count("open_steps", filter=Q(open_steps__late_from__lt=who.on, open_steps__optional=False))
    found: dict[int, list[Affair]] = {}
    for case in cases.annotate(due=Min("open_steps__due_on"), late=late).order_by("opened_on", "pk"):
        extra: Any = case
        found.setdefault(case.decision_id or 0, []).append(Affair(case, extra.due, bool(extra.late)))
    told = [
        Member(
            row, "、".join(each.words for each in row.measures.all() if not each.struck), tuple(found.get(row.pk, ()))
        )
        for row in shown
    ]
    return page, told, decisions_of(series).count() - page.total


@dataclass(frozen=True, slots=True)
class Together:
    """A step open in more than one case of the series, and the cases."""

    pile: Pile
    cases: tuple[int, ...]


def together(who: Reader, series: Series) -> list[Together]:
    """What the reader may record in several cases of the series at once, the most urgent first."""
    rows = open_rows(who).filter(case__decision__in=decisions_of(series)).order_by("case")
    found: dict[tuple[str, str, str], dict[int, date | None]] = {}
    told: QuerySet[OpenStep, tuple[str, str, str, int, date | None]] = rows.values_list(
        "case__procedure", "case__version", "step", "case", "due_on"
    )
    for procedure, version, step, case, due_on in told:
        found.setdefault((procedure, version, step), {}).setdefault(case, due_on)
    piles = []
    for (procedure, version, step), cases in found.items():
        pack = packs().get(PackRef(procedure, version))
        if pack is not None and step in pack.steps and len(cases) > 1 and fits(pack, pack.steps[step]):
            due = min((day for day in cases.values() if day is not None), default=None)
            piles.append(Together(Pile(pack, pack.steps[step], len(cases), due), tuple(cases)))
    return sorted(piles, key=lambda each: (each.pile.due_on or date.max, -each.pile.count, each.pile.step.title))


@dataclass(frozen=True, slots=True)
class Told:
    """An entry about the series, in words."""

    on: date
    by: str
    text: str
    reason: str


def history(series: Series) -> list[Told]:
    """What was entered about a series, the newest first."""
    found = []
    for entry in entries_of(series)[:50]:
        said = record(entry)
        parts = [f"列入{len(said.content['joined'])}份"] if said.content["joined"] else []
        parts += [f"移出{len(said.content['left'])}份"] if said.content["left"] else []
        found.append(Told(said.on, said.by, "，".join(parts), said.content["reason"]))
    return found


def by_numbers(who: Reader, numbers: Collection[str]) -> list[Decision]:
    """The decisions of these numbers that the reader may see; stubs too, which the command refuses with its reason."""
    rows = Decision.objects.filter(number__in=list(numbers)).exclude(state=Decision.State.UNDONE)
    return list(visible(who, VIEW, rows).distinct())


def ready(who: Reader, batch: int | None, decision: int | None) -> list[int]:
    """The decisions of an import, or one decision, that may stand in a series: seen by the reader, and no stubs."""
    wanted: dict[str, int] = (
        {"import_id": batch} if batch is not None else {"pk": decision} if decision is not None else {}
    )
    if not wanted:
        return []
    rows = Decision.objects.filter(secret=False, **wanted).exclude(state=Decision.State.UNDONE)
    return list(visible(who, VIEW, rows).distinct().values_list("pk", flat=True))


def offices(who: Reader) -> list[Organ]:
    """The organs at which the reader may keep a series."""
    return list({grant.organ_id: grant.organ for grant in who.grants if grant.role in ACTS[EDIT]}.values())


def named_in(who: Reader, decision: Decision) -> list[Series]:
    """The series a decision belongs to, of those the reader may see."""
    rows = all_series(who).filter(members__decision=decision, members__left_on=None)
    return list(rows.annotate(since=F("members__joined_on")).order_by("since", "pk"))
