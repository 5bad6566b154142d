"""What the pages of guiding cases show: published ones to everybody who works with cases, others to the office that keeps them."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from youwei.cases import guiding
from youwei.cases.models import Case, GuidingCase
from youwei.organs.models import Organ
from youwei.organs.policy import ACTS, Reader, may, visible
from youwei.rulebook.pack_types import Pack
from youwei.ui.paging import Page, page_of
from youwei.ui.widgets import Token

VIEW, KEEP, PUBLISH = "guiding.view", "guiding.keep", "guiding.publish"
State = GuidingCase.State
MOST_HITS = 8


def kept(who: Reader, act: str = KEEP) -> "QuerySet[GuidingCase]":
    """Those of the organs at which the reader keeps (or publishes) guiding cases."""
    return visible(who, act, GuidingCase.objects.select_related("organ"))


def readable(who: Reader) -> "QuerySet[GuidingCase]":
    """Every published one, and those the reader keeps."""
    rows = guiding.published().select_related("organ")
    return (rows | kept(who)).order_by("-published_on", "-pk") if may(who, KEEP) else rows


def listed(who: Reader, state: str, text: str, item: str, number: str | None) -> Page:
    """A page of them, of one state, found by words and by what they are set beside."""
    rows = readable(who).filter(state=state)
    rows = guiding.found(rows, text)
    if item:
        rows = rows.filter(words__contains=guiding.choices().get(item, item))
    return page_of(rows, number)


def offices(who: Reader) -> list[Organ]:
    """The organs at which the reader may keep guiding cases."""
    return list({grant.organ_id: grant.organ for grant in who.grants if grant.role in ACTS[KEEP]}.values())


def source_of(who: Reader, pk: int) -> Case | None:
    """The open-sided case a text is taken from, where the reader may read it."""
    return visible(who, "case.read", Case.objects.filter(pk=pk, sealed=False)).first()


def from_case(who: Reader, case: Case, pack: Pack) -> list[tuple[str, str]]:
    """Of an ended case whose procedure goes by guiding cases: the way to write one from it, for whoever keeps some. No query."""
    ended = case.state == Case.State.ENDED and not case.sealed
    if not ended or not guiding.citing(pack) or not may(who, KEEP):
        return []
    return [(f"{reverse('guiding-new')}?case={case.pk}", "编写指导性案例")]


class Library:
    """Where a record finds the guiding cases it cites. One once cited stays known after it was withdrawn; only published ones are found anew."""

    ask = "输入标题或者其他词语"

    def __init__(self) -> None:
        self.url = reverse("guiding-find")

    def get(self, values: Sequence[str]) -> list[Token]:
        keys = [int(each) for each in values if each.isascii() and each.isdigit() and len(each) < 16]
        rows = GuidingCase.objects.filter(pk__in=keys).exclude(state=State.DRAFT) if keys else ()
        return [token(row) for row in rows]

    def find(self, text: str) -> list[Token]:
        return [token(row) for row in guiding.published().filter(title=text)[:MOST_HITS]]


def hits(text: str) -> list[Token]:
    return [token(row) for row in guiding.found(guiding.published(), text)[:MOST_HITS]] if text else []


def token(row: GuidingCase) -> Token:
    return Token(str(row.pk), row.cited_as, row.source)


def plain(tokens: Sequence[Token]) -> list[dict[str, Any]]:
    """What a record keeps of the guiding cases it cites: number, and the name as cited."""
    return [{"id": each.value, "name": each.label} for each in tokens]
