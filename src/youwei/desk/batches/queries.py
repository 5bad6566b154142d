"""What the pages of batches show: which there are, who takes part, how far they are, by unit and by name."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import Count, F, Prefetch, Q, QuerySet
from django.urls import reverse

from youwei.cases import queries as cases
from youwei.cases.cohort import is_batch
from youwei.cases.logs import packs
from youwei.cases.models import Bulk, Case, Member, OpenStep
from youwei.cases.queries import View
from youwei.desk.cases import acting
from youwei.desk.cases.batch_links import step_address
from youwei.desk.opening.queries import Stand, stands
from youwei.engine.opening import newest_in_force
from youwei.engine.types import Act
from youwei.organs.policy import Reader, visible
from youwei.rulebook.packs import Pack
from youwei.ui.paging import Page, page_of

MOST_UNITS, MOST_HITS = 200, 20


def batches(who: Reader) -> QuerySet[Case]:
    """The batches a reader sees whole, the newest first."""
    procedures = {ref.procedure for ref, pack in packs().items() if is_batch(pack)}
    rows = visible(who, "case.read", Case.objects.filter(procedure__in=procedures))
    return rows.select_related("organ", "subject_organ", "person", "decision").order_by("-opened_on", "-pk")


def counted(who: Reader) -> QuerySet[Case]:
    """With how many people each has, and how many of them are done."""
    ended = Q(members__case__state__in=(Case.State.ENDED, Case.State.TERMINATED))
    return batches(who).annotate(people=Count("members"), ended=Count("members", filter=ended))


def openable(who: Reader) -> list[tuple[Pack, Stand]]:
    """The packs of which the reader may open a batch, each with where the reader stands."""
    found = [(pack, stands(who, pack)) for pack in newest_in_force(packs(), who.on) if is_batch(pack)]
    return [(pack, places[0]) for pack, places in found if places]


@dataclass(frozen=True, slots=True)
class Todo:
    """A step of the batch that is open, and where it is done."""

    title: str
    url: str
    due: date | None
    optional: bool
    mine: bool
    who: str


def todos(who: Reader, view: View) -> list[Todo]:
    """The open steps of a batch, each with the page for it."""
    found = []
    for item in view.plan.open_items():
        step = view.pack.steps[item.step]
        mine = Act.RECORD in item.may and acting.may_record(who, view.case, view.pack, item)
        url = (step_address(view.case, step, item) if mine else "") or (
            f"{reverse('case', args=[view.case.pk])}?step={item.step}&key={item.key}#step"
        )
        found.append(Todo(item.title, url, item.window.due, item.optional, mine, item.who.title))
    return found


@dataclass(frozen=True, slots=True)
class Unit:
    """How far the people of one unit are."""

    name: str
    people: int
    running: int
    ended: int
    left: int
    late: int


def units(batch: Case, today: date) -> list[Unit]:
    """Progress by unit as of the freeze, numbers only; one query."""
    rows = batch.members.values("organ", name=F("organ__name")).annotate(
        people=Count("pk", distinct=True),
        running=Count("pk", filter=Q(left_on=None, case__state__in=(Case.State.OPEN, Case.State.HELD)), distinct=True),
        ended=Count("pk", filter=Q(case__state__in=(Case.State.ENDED, Case.State.TERMINATED)), distinct=True),
        gone=Count("pk", filter=Q(left_on__isnull=False), distinct=True),
        late=Count("pk", filter=Q(left_on=None, case__open_steps__late_from__lt=today), distinct=True),
    )
    return [
        Unit(row["name"], row["people"], row["running"], row["ended"], row["gone"], row["late"])
        for row in rows.order_by("organ__path")[:MOST_UNITS]
    ]


@dataclass(frozen=True, slots=True)
class Row:
    """A member as the list shows it."""

    member: Member
    case: Case
    steps: tuple[str, ...]


def members(who: Reader, batch: Case, number: str | None) -> tuple[Page, int]:
    """A page of the members a reader may see, and how many more there are."""
    rows = visible(who, "case.view", batch.members.filter(case__isnull=False))
    owed = Prefetch("case__open_steps", OpenStep.objects.filter(optional=False, scheduled=False), to_attr="owed")
    page = page_of(
        rows.select_related("case__person", "case__subject_organ", "organ").prefetch_related(owed).order_by("place"),
        number,
    )
    shown = [Row(each, each.case, tuple(step.title for step in each.case.owed)) for each in page.rows if each.case]
    return replace(page, rows=shown, unit="人"), batch.members.filter(case__isnull=False).count() - page.total


def page(who: Reader, batch: Case, number: str | None) -> dict[str, Any]:
    """Everything the page of a batch shows. A fixed number of queries."""
    view = cases.view(batch, who.on)
    shown, hidden = members(who, batch, number)
    total = batch.members.aggregate(people=Count("pk"), joined=Count("case"), gone=Count("left_on"))
    return {
        "case": batch, "view": view, "pack": view.pack, "todos": todos(who, view), "units": units(batch, who.on), "page": shown,
        "hidden": hidden, "total": total, "joining": total["people"] - total["joined"], "may_steer": acting.may_steer(who, batch),
        "landings": list(Bulk.objects.filter(batch=batch).select_related("account").order_by("-pk")[:MOST_HITS]),
    }  # fmt: skip
