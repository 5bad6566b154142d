"""Whom a decision is still told to (K1): once no rule counts it, only those who work on it or watch over those who do."""

from collections.abc import Iterable
from datetime import date

from django.db.models import OuterRef, Q, QuerySet

from youwei.decisions.models import Decision, Period
from youwei.organs.models import Organ
from youwei.organs.policy import READERS, Reader
from youwei.organs.queries import reach, there_is
from youwei.rulebook.asking import counts_on
from youwei.rulebook.measures import BarKind


def still_counts(periods: Iterable[Period], day: date) -> bool:
    """Whether any rule still counts one of these periods on a day."""
    return any(
        counts_on(
            day, starts_on=each.starts_on, last_day=each.last_day, permanent=each.permanent, until=map(date.fromisoformat, each.until.values())
        )
        for each in periods
    )  # fmt: skip


def works_on(who: Reader, organ: Organ) -> bool:
    """Whether a decision of this organ is the reader's own matter, or of an organ the reader watches over."""
    return any(organ.path.startswith(path) for path in who.paths(READERS))


def told_to(who: Reader, rows: QuerySet[Decision], day: date) -> QuerySet[Decision]:
    """Of decisions a reader may see, those a page tells of by itself: `still_counts` or `works_on`, asked of the store."""
    counting = Q(permanent=True) | Q(starts_on=None) | Q(last_day__gte=day)
    for kind in BarKind:
        counting |= Q(**{f"until__{kind}__gt": day.isoformat()})
    counted = Period.objects.filter(counting, measure__decision=OuterRef("pk"), current=True)
    return rows.filter(Q(deciding_organ__in=reach(who.paths(READERS)).values("pk")) | there_is(counted))
