"""Linked series (系列案): made, and arranged again; each act one transaction with its entry in the log of the organ that keeps the series."""

from collections.abc import Collection
from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet

from youwei.decisions.altering import Refused
from youwei.decisions.models import Decision, Series, SeriesMember
from youwei.journal.actors import Actor
from youwei.journal.commands import Act, append, locked
from youwei.journal.models import Entry
from youwei.journal.queries import of_token
from youwei.organs.models import Organ

MADE, ARRANGED = "series.made", "series.arranged"
MOST = 1000
NO_STUBS = "涉密存根不能列入系列案；请去掉"


@transaction.atomic
def make(
    *, title: str, organ: Organ, decisions: Collection[int], by: Actor, on: date, at: datetime, token: str | None = None
) -> Series:  # fmt: skip
    """Make a series of these decisions. Raises Refused without a title or a decision, or for a stub. The same token again makes no second."""
    locked("organ", organ.pk)  # the same form sent twice at once: the second waits, and finds what the first has made
    used = of_token(token) if token else None
    if used is not None and used.kind != MADE:
        raise Refused("", "这张表的编号已经用在别处；请刷新页面重填")
    if used is not None:
        return Series.objects.get(pk=int(used.key))
    if not title.strip():
        raise Refused("title", "没有写名称；请写明是哪一件事引出的，例如：某工程招投标系列案")
    if not decisions:
        raise Refused("numbers", "还没有列入任何决定；请至少列入一份")
    _refuse_stubs(decisions)
    series = Series.objects.create(title=title.strip(), organ=organ, made_at=at)
    _join(series, decisions, on)
    content = {
        "series": series.pk, "title": series.title, "joined": sorted(decisions), "left": [], "reason": ""
    }  # fmt: skip
    append(Act("organ", organ.pk, MADE, content, by, on, at, key=str(series.pk), token=token))
    return series


@transaction.atomic
def arrange(
    *, series: int, joined: Collection[int], left: Collection[int], reason: str, by: Actor, on: date, at: datetime, token: str | None = None
) -> Series:  # fmt: skip
    """Take decisions into a series and others out of it. Raises Refused when nothing changes, without a reason for taking out, or for a stub."""
    row = Series.objects.select_for_update().get(pk=series)
    if token and of_token(token) is not None:
        return row
    inside = set(decisions_of(row).values_list("pk", flat=True))
    coming, going = sorted(set(joined) - inside), sorted(set(left) & inside)
    if not coming and not going:
        raise Refused("", "没有改动：要列入的都已在系列里，也没有勾选要移出的")
    if going and not reason.strip():
        raise Refused("reason", "没有写明移出的理由；请写明为什么不属于这一系列")
    if len(inside) + len(coming) > MOST:
        raise Refused("numbers", f"一个系列至多{MOST}份决定；请分成几个系列")
    _refuse_stubs(coming)
    _join(row, coming, on)
    SeriesMember.objects.filter(series=row, decision__in=going).update(left_on=on)
    content = {"series": row.pk, "joined": coming, "left": going, "reason": reason.strip()}
    append(Act("organ", row.organ_id, ARRANGED, content, by, on, at, key=str(row.pk), token=token))
    return row


def decisions_of(series: Series) -> QuerySet[Decision]:
    """The decisions that belong to a series now; not those whose import was taken back."""
    rows = Decision.objects.filter(series__series=series, series__left_on=None)
    return rows.exclude(state=Decision.State.UNDONE)


def entries_of(series: Series) -> QuerySet[Entry]:
    """What was entered about a series, the newest first."""
    rows = Entry.objects.filter(
        log__kind="organ", log__ref=series.organ_id, key=str(series.pk), kind__in=(MADE, ARRANGED)
    )
    return rows.select_related("content").order_by("-seq")


def _join(series: Series, decisions: Collection[int], on: date) -> None:
    SeriesMember.objects.filter(series=series, decision__in=decisions).update(joined_on=on, left_on=None)
    known = set(SeriesMember.objects.filter(series=series, decision__in=decisions).values_list("decision", flat=True))
    SeriesMember.objects.bulk_create(
        [SeriesMember(series=series, decision_id=pk, joined_on=on) for pk in sorted(set(decisions) - known)], 500
    )


def _refuse_stubs(decisions: Collection[int]) -> None:
    if Decision.objects.filter(pk__in=list(decisions), secret=True).exists():
        raise Refused("numbers", NO_STUBS)
