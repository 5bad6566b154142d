"""Which open cases are under a version, and what moving them to another would change, in words."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import QuerySet

from youwei.cases import moving
from youwei.cases.logs import versions
from youwei.cases.models import Case, Moving
from youwei.engine.comparing import renamed
from youwei.engine.types import STATUS_TITLES, Change, Status
from youwei.organs.policy import Reader, visible
from youwei.rulebook.packs import Pack, PackRef
from youwei.ui.paging import Page, page_of
from youwei.ui.words import cn_date

DATED = {"due": "办理期限", "limit": "法定最迟", "start": "最早", "late_from": "起算逾期"}


@dataclass(frozen=True, slots=True)
class Row:
    """A case and what moving it would change, or why it cannot be moved."""

    case: Case
    words: tuple[str, ...]
    refusals: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """A case that was gone through, and why it was not moved (or not taken back)."""

    case: Case
    why: str


def others(pack: Pack) -> list[Pack]:
    """The other versions of a procedure, the newest first."""
    return [each for each in versions(pack.ref.procedure) if each.ref != pack.ref]


def alive(who: Reader, ref: PackRef, only: int | None = None) -> QuerySet[Case]:
    """The open cases under a version that the reader may steer; `only` this one. A sealed one stays under its own."""
    rows = Case.objects.filter(procedure=ref.procedure, version=ref.version, state__in=moving.ALIVE, sealed=False)
    rows = rows if only is None else rows.filter(pk=only)
    return visible(who, "case.steer", rows.select_related("person", "subject_organ", "organ")).order_by("pk")


def waivable(old: Pack, new: Pack) -> list[tuple[str, str]]:
    """The steps that only the new version has and that may be left undone: a case may be let off them when it is moved."""
    names = renamed(old, new)
    known = {names.get(name, name) for name in old.steps}
    return [(step.id, step.title) for step in new.steps.values() if step.id not in known and not step.must]


def looked(
    who: Reader, old: Pack, new: Pack, waived: Sequence[str], number: str | None, only: int | None = None
) -> Page:  # fmt: skip
    """Fifty cases at a time with what would change. A fixed number of queries."""
    page = page_of(alive(who, old.ref, only), number)
    found = moving.look(page.rows, new.ref, today=who.on, waived=waived)
    rows = [
        Row(
            each.case,
            tuple(_words(each.preview.changes, each.preview.lost)),
            tuple(str(fault) for fault in each.preview.faults),
        )
        for each in found
    ]
    return replace(page, rows=rows, unit="件")


def _words(changes: Sequence[Change], lost: Sequence[str]) -> Iterator[str]:
    dued = {(each.step, each.key) for each in changes if each.what == "due"}
    for each in changes:
        if each.what == "late_from" and (each.step, each.key) in dued:
            continue
        if said := change_words(each):
            yield said
    for title in lost:
        yield f"“{title}”已有的记录保留，不再读取"


def change_words(change: Change) -> str:
    """One difference between two plans as a clerk reads it; "" for what only the program notices."""
    title = f"“{change.title}”"
    if change.what == "appeared":
        return f"增加{title}（{STATUS_TITLES[Status(change.after)]}）"
    if change.what == "gone":
        return f"不再有{title}"
    if change.what == "status":
        return f"{title}由{STATUS_TITLES[Status(change.before)]}变为{STATUS_TITLES[Status(change.after)]}"
    if change.what in DATED:
        return f"{title}{DATED[change.what]}：{_day(change.before)}→{_day(change.after)}"
    if change.what == "who":
        return f"{title}改由{change.after.title}办理"
    return f"{title}的会签有变动" if change.what == "missing" else ""


def _day(value: Any) -> str:
    return cn_date(value) if isinstance(value, date) else "没有"


def movings(who: Reader) -> QuerySet[Moving]:
    """The movings of the reader's organs, the newest first."""
    return visible(who, "case.steer", Moving.objects.select_related("organ", "account")).order_by("-pk")


def outcomes(who: Reader, row: Moving) -> tuple[list[Outcome], list[Outcome]]:
    """Those moved, and those not with the reason; only cases the reader may see."""
    wanted = [each["case"] for each in (*row.moved, *row.refused)]
    cases = visible(who, "case.view", Case.objects.select_related("person", "subject_organ")).in_bulk(wanted)
    moved = [Outcome(cases[each["case"]], "") for each in row.moved if each["case"] in cases]
    return moved, [Outcome(cases[each["case"]], each["why"]) for each in row.refused if each["case"] in cases]
