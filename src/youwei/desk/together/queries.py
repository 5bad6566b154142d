"""The steps a reader may record in many cases at once, and what came of it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Min, Q, QuerySet

from youwei.cases.logs import packs
from youwei.cases.models import Bulk, BulkLine, Case, OpenStep
from youwei.desk.cases.acting import ON_BEHALF
from youwei.desk.work.queries import mine, steps
from youwei.documents.bulk import refusal
from youwei.journal.models import Log
from youwei.organs.models import Role
from youwei.organs.policy import Reader, may, visible
from youwei.rulebook.packs import Kind, Pack, PackRef, Step
from youwei.ui.paging import Page, page_of

MOST = 500
NOT_TOGETHER = (OpenStep.SIGN, Kind.FREEZE, Kind.ALTERATION, Kind.APPRAISAL, Kind.CASE)
"""Kinds whose record needs more than a form."""


def open_rows(who: Reader) -> QuerySet[OpenStep]:
    """The open steps a reader may record: those of the own roles, and those the office enters for others without an account."""
    offices = [grant.organ_id for grant in who.grants if grant.role == Role.CASE_OFFICER]
    on_behalf = Q(held_by__in=ON_BEHALF, case__organ__in=offices)
    rows = (
        steps(who)
        .filter(mine(who) | on_behalf, part="", scheduled=False, case__sealed=False)
        .exclude(kind__in=NOT_TOGETHER)
    )
    return visible(who, "case.record", rows.exclude(case__members__isnull=False)).distinct()


@dataclass(frozen=True, slots=True)
class Pile:
    """Cases of one version of a procedure in which the same step is open."""

    pack: Pack
    step: Step
    count: int
    due_on: date | None


def piles(who: Reader) -> list[Pile]:
    """The steps open in more than one case, the most urgent first."""
    rows = open_rows(who).order_by().values("case__procedure", "case__version", "step")
    found = []
    for row in rows.annotate(count=Count("case", distinct=True), due=Min("due_on")):
        pack = packs().get(PackRef(row["case__procedure"], row["case__version"]))
        if pack is not None and row["step"] in pack.steps and row["count"] > 1 and fits(pack, pack.steps[row["step"]]):
            found.append(Pile(pack, pack.steps[row["step"]], row["count"], row["due"]))
    return sorted(found, key=lambda each: (each.due_on or date.max, -each.count, each.step.title))


def fits(pack: Pack, step: Step) -> bool:
    """Whether a step may be recorded in many cases at once: a batch is itself about many."""
    return "batch" not in pack.about and step.kind not in NOT_TOGETHER


def rows_of(who: Reader, pack: Pack, step: Step, only: Collection[int] = ()) -> list[OpenStep]:
    """The open steps of one pile, the first occurrence of each case, by due day; of the named cases only, where some are named."""
    rows = open_rows(who).filter(case__procedure=pack.ref.procedure, case__version=pack.ref.version, step=step.id)
    rows = rows.filter(case__in=list(only)) if only else rows
    found: dict[int, OpenStep] = {}
    for row in rows.order_by("due_on", "pk")[: MOST * 2]:
        found.setdefault(row.case_id, row)
    return list(found.values())[:MOST]


def heads(cases: Collection[int]) -> dict[int, int]:
    """The last entry of each log: what a form has seen."""
    return dict(Log.objects.filter(kind="case", ref__in=cases).values_list("ref", "head_seq"))


def jobs(who: Reader) -> QuerySet[Bulk]:
    """What a reader has had recorded in many cases, and what landed from batches the reader sees; the newest first."""
    batches = visible(who, "case.view", Case.objects.exclude(landings=None))
    rows = Bulk.objects.filter(Q(account=who.account.pk) | Q(batch__in=batches.values("pk")))
    return rows.select_related("account", "batch").order_by("-pk")


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of one case."""

    case: Case
    state: str
    words: str
    refusal: str


def answers(who: Reader, job: Bulk, number: str | None, only: str = "") -> tuple[Page, int]:
    """The refused first, then the others; a page of those the reader may see, and how many the reader may not."""
    lines = job.lines.filter(state=only) if only else job.lines.all()
    shown = visible(who, "case.view", lines.select_related("case__person__organ", "case__subject_organ"))
    page = page_of(shown.order_by("-state", "pk"), number)
    hidden = lines.count() - page.total if may(who, "case.view") else 0
    return page, hidden


def told(lines: Collection[BulkLine]) -> list[Answer]:
    """Lines as a page shows them."""
    return [Answer(line.case, line.state, line.get_state_display(), refusal(line)) for line in lines]
