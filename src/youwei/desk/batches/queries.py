"""What the pages of batches show: which there are, who takes part, how far they are, by unit and by name."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import Count, Prefetch, Q, QuerySet
from django.urls import reverse

from youwei.cases import progress
from youwei.cases import queries as cases
from youwei.cases.cohort import is_batch, why_left
from youwei.cases.logs import packs
from youwei.cases.models import Bulk, Case, Member, OpenStep
from youwei.cases.progress import Progress
from youwei.cases.queries import View
from youwei.desk.cases import acting
from youwei.desk.cases.batch_links import step_address
from youwei.desk.opening.queries import Stand, stands
from youwei.documents import carrying
from youwei.engine.opening import newest_in_force
from youwei.engine.types import Act, Mark
from youwei.journal.queries import records
from youwei.organs.policy import Reader, visible
from youwei.rulebook.pack_types import RepeatKind
from youwei.rulebook.packs import Pack
from youwei.ui.paging import Page, page_of

MOST_HITS = 20


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
    late: bool = False


def todos(who: Reader, view: View) -> list[Todo]:
    """The open steps of a batch, each with the page for it; of one that comes every so often the next, not all there will be."""
    found: list[Todo] = []
    told = set[str]()
    for item in view.plan.open_items():
        step = view.pack.steps[item.step]
        mine = Act.RECORD in item.may and acting.may_record(who, view.case, view.pack, item)
        if step.repeat is not None and step.repeat.kind is RepeatKind.EVERY and not mine and step.id in told:
            continue
        told.add(step.id)
        url = (step_address(view.case, step, item) if mine else "") or (
            f"{reverse('case', args=[view.case.pk])}?step={item.step}&key={item.key}#step"
        )
        late = item.mark(who.on) is Mark.LATE and not item.optional
        found.append(Todo(item.title, url, item.window.due, item.optional, mine, item.who.title, late))
    return found


@dataclass(frozen=True, slots=True)
class Row:
    """A member as the list shows it."""

    member: Member
    case: Case
    steps: tuple[str, ...]
    where: str
    why_left: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """Which of the members are asked for: where they stand, of which organ."""

    where: str = ""
    organ: int | None = None
    by: str = ""


def members(who: Reader, batch: Case, asked: Asked, number: str | None, left: Mapping[int, str]) -> tuple[Page, int]:
    """A page of the members a reader may see, and how many more there are; `left` says why those who left did."""
    every = progress.filtered(batch, who.on, asked.where, asked.organ, asked.by).filter(case__isnull=False)
    rows = visible(who, "case.view", every)
    owed = Prefetch("case__open_steps", OpenStep.objects.filter(optional=False, scheduled=False), to_attr="owed")
    page = page_of(
        rows.select_related("case__person", "case__subject_organ", "case__organ", "organ")
        .prefetch_related(owed)
        .order_by("place"),
        number,
    )
    shown = [
        Row(
            each,
            each.case,
            tuple(step.title for step in each.case.owed),
            progress.where(each),
            left.get(each.place, ""),
        )
        for each in page.rows
        if each.case
    ]
    return replace(page, rows=shown, unit="人"), every.count() - page.total


def page(who: Reader, batch: Case, asked: Asked, number: str | None) -> dict[str, Any]:
    """Everything the page of a batch shows. A fixed number of queries."""
    view = cases.view(batch, who.on)
    shown, hidden = members(who, batch, asked, number, why_left(view.records))
    total = batch.members.aggregate(people=Count("pk"), joined=Count("case"), gone=Count("left_on"))
    found = progress.progress(batch, who.on, asked.by)
    drawn, owed = chart(found), todos(who, view)
    return {
        "mine": any(each.mine for each in owed),
        "case": batch, "view": view, "pack": view.pack, "todos": owed, "page": shown, "asked": asked, "progress": found,
        "lines": _lines(found),
        "hidden": hidden, "total": total, "joining": total["people"] - total["joined"], "may_steer": acting.may_steer(who, batch),
        "landings": list(Bulk.objects.filter(batch=batch).select_related("account").order_by("-pk")[:MOST_HITS]),
        "carry": carrying.due(batch) if acting.may_steer(who, batch) else {},
        "chart": drawn, "chart_words": in_words(drawn) if drawn else "", "asked_words": _asked_words(asked, found),
    }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Cell:
    """A number with its title and the people behind it."""

    title: str
    count: int
    url: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A line of the progress as the page shows it."""

    name: str
    people: int
    url: str
    cells: tuple[Cell, ...]
    frozen_rate: str
    present_rate: str


def _lines(found: Progress) -> list[Shown]:
    return [_line(line, found) for line in (*found.lines, found.whole)]


def _line(line: progress.Line, found: Progress) -> Shown:
    here = f"?by={found.by}" + (f"&organ={line.organ}" if line.organ is not None else "")
    cells = tuple(Cell(progress.TITLES[each], line.counts[each], f"{here}&where={each}") for each in found.columns)
    return Shown(line.name, line.people, here, cells, line.frozen_rate, line.present_rate)


def _asked_words(asked: Asked, found: Progress) -> str:
    name = next((line.name for line in found.lines if line.organ == asked.organ), "")
    return " · ".join(each for each in (name, progress.TITLES.get(asked.where, "")) if each)


def chart(found: Progress) -> dict[str, Any]:
    """The same figures as bars of one length for each organ; nothing for a single one."""
    if len(found.lines) < 2:
        return {}
    lines = list(reversed(found.lines))
    series = [
        {
            "name": progress.TITLES[each],
            "type": "bar",
            "stack": "people",
            "barMaxWidth": 16,
            "data": [line.counts[each] for line in lines],
        }
        for each in found.columns
    ]
    names = {"type": "category", "data": [line.name for line in lines]}
    return {"legend": {}, "tooltip": {}, "xAxis": {"type": "value", "minInterval": 1}, "yAxis": names, "series": series}


def in_words(options: dict[str, Any]) -> str:
    """What the chart shows, for those who hear the page."""
    places = [
        f"{place}：" + "，".join(f"{series['name']}{series['data'][at]}" for series in options["series"])
        for at, place in enumerate(options["yAxis"]["data"])
    ]
    return "；".join(reversed(places)) + "。"


EXPORTED = [
    ("序号", 6), ("姓名", 12), ("单位（定名单时）", 28), ("承办机关", 24), ("进度", 12), ("事项状态", 12), ("结果", 24), ("退出日期", 14),
    ("退出理由", 30),
]  # fmt: skip


def exported(who: Reader, batch: Case, asked: Asked) -> list[tuple[Any, ...]]:
    """Every member behind a number whom the reader may see, a line each. A fixed number of queries."""
    rows = visible(
        who,
        "case.view",
        progress.filtered(batch, who.on, asked.where, asked.organ, asked.by).filter(case__isnull=False),
    )
    rows = rows.select_related("case__person", "case__subject_organ", "case__organ", "organ").order_by("place")
    left = why_left(records("case", batch.pk))
    return [
        (
            each.place, each.case.person.name if each.case.person else each.case.subject_organ.name, each.organ.name, each.case.organ.name,
            progress.where(each), each.case.get_state_display(), each.case.outcome_title, each.left_on or "", left.get(each.place, ""),
        )
        for each in rows
        if each.case
    ]  # fmt: skip
