"""Drafts of procedures for their pages: what is wrong with one, what it would ask for, what was said of it, who may do what."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet

from youwei.cases import drafting
from youwei.cases.drafting import OPEN, Checked
from youwei.cases.logs import packs
from youwei.cases.models import PackVersion
from youwei.documents.issuing import kinds
from youwei.engine.comparing import Comparison, compare
from youwei.engine.trial import first_plan
from youwei.engine.types import STATUS_TITLES, Status
from youwei.journal.queries import records
from youwei.organs import queries as organs
from youwei.organs.policy import ACTS, Reader, may, visible
from youwei.rulebook.pack_faultlist import Fault
from youwei.rulebook.packs import Pack

State = PackVersion.State
MOST_RUNS = 3000
WORDS = {
    "pack.drafted": "起草", "pack.rewritten": "修改", "pack.asked": "征求意见", "pack.commented": "意见", "pack.dropped": "作废",
    "pack.released": "批准施行", "pack.ended": "停止施行",
}  # fmt: skip


def drafts(who: Reader) -> QuerySet[PackVersion]:
    """The drafts a reader may read: those of the own organs, and all that stand for comment."""
    rows = PackVersion.objects.filter(state__in=OPEN)
    mine = visible(who, "pack.draft", rows).values("pk")
    return rows.filter(Q(pk__in=mine) | Q(state=State.ASKED)).select_related("organ").order_by("title", "pk")


def writable(who: Reader) -> QuerySet[PackVersion]:
    """The drafts a reader may write."""
    rows = PackVersion.objects.filter(state__in=OPEN)
    return visible(who, "pack.draft", rows).select_related("organ") if may(who, "pack.draft") else rows.none()


def may_release(who: Reader, pack: Pack) -> bool:
    """Procedures for all are put in force and ended at the top; local rules by a leader in whose reach all units lie that they are for."""
    if may(who, "pack.release"):
        return True
    if not pack.covers or not may(who, "pack.release_own"):
        return False
    reached = organs.reach(who.paths(ACTS["pack.release_own"])).filter(name__in=pack.covers)
    return set(pack.covers) <= set(reached.values_list("name", flat=True))


@dataclass(frozen=True, slots=True)
class Line:
    """A fault with the line it is on."""

    fault: Fault
    text: str


@dataclass(frozen=True, slots=True)
class Asked:
    """One step of an invented case."""

    title: str
    who: str
    status: str
    due: date | None
    limit: date | None


@dataclass(frozen=True, slots=True)
class Told:
    """One act on a version."""

    what: str
    by: str
    at: datetime
    text: str


def lines(row: PackVersion, found: Checked) -> list[Line]:
    """Every fault at once, in the order of the lines."""
    text = row.text.splitlines()
    return [
        Line(each, text[each.line - 1].strip()[:120] if 0 < each.line <= len(text) else "")
        for each in sorted(found.faults, key=lambda fault: fault.line)
    ]


def without_template(pack: Pack) -> list[str]:
    """The papers whose Word template is nowhere: a step could not be recorded."""
    wanted = (kind for step in pack.steps.values() for kind in kinds(pack, step))
    return list(dict.fromkeys(f"{kind.title}（{kind.id}.docx）" for kind in wanted if not kind.template.is_file()))


def tried(pack: Pack, opened: date) -> list[Asked]:
    """What an invented case would be asked on the day it is opened."""
    found = first_plan(packs(), pack, organs.calendar(), opened)
    return [
        Asked(item.title, item.who.title, STATUS_TITLES[Status(item.status)], item.window.due, item.window.limit)
        for item in found.items
    ]


def beside(pack: Pack) -> tuple[Pack, Comparison] | None:
    """The newest version of the same procedure, or what the draft is laid over, with what is otherwise in the draft."""
    known = packs()
    others = [each for ref, each in known.items() if ref.procedure == pack.ref.procedure and ref != pack.ref]
    other = max(others, key=lambda each: (each.in_force_from, each.ref.version), default=None)
    other = other or (known.get(pack.extends) if pack.extends is not None else None)
    return (other, compare(other, pack)) if other is not None else None


def history(row: PackVersion) -> Iterator[Told]:
    """What was done with a version, the newest first."""
    for each in reversed(records("pack", row.pk)):
        said = each.content.get("comment") or each.content.get("reason") or ""
        yield Told(WORDS.get(each.kind, each.kind), each.by, each.at, str(said))


def checked(row: PackVersion, *, walk: bool) -> Checked:
    """A draft under the checker; with `walk` also how it behaves, in so many runs as a page may take."""
    return drafting.check(row.text, MOST_RUNS if walk else 0)
