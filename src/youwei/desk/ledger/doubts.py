"""What of a decision's periods is unsettled (待核), in the words of the rulebook, and where an officer settles each."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from youwei.decisions.models import Decision, Period
from youwei.decisions.probation import awaits_restoration
from youwei.organs.policy import Reader, visible
from youwei.rulebook.asking import EDITIONS_APART
from youwei.rulebook.bars import Span

CORRECT, RESTORE, SETTLE = (
    ("更正", "decision-correct"),
    ("登记恢复权利", "decision-restore"),
    ("核定终止日", "decision-settle"),
)
Way = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Doubt:
    """One thing unsettled, and the pages on which it is settled: a word and the name of an address."""

    text: str
    ways: tuple[Way, ...]


def in_doubt(today: date) -> Q:
    """Periods nobody could compute, and those with a doubt that may still change an answer."""
    lately = Q(last_day=None) | Q(last_day__gte=today - EDITIONS_APART)
    return Q(starts_on=None) | (~Q(unsettled=[]) & lately)


def doubts(keys: Iterable[int], who: Reader) -> dict[int, list[Doubt]]:
    """By decision, what is unsettled. Two questions, however many decisions."""
    wanted = list(keys)
    mine = set(visible(who, "decision.change", Decision.objects.filter(pk__in=wanted)).values_list("pk", flat=True))
    rows = Period.objects.filter(in_doubt(who.on), measure__decision__in=wanted, current=True).select_related("measure")
    found: dict[int, list[Doubt]] = {key: [] for key in wanted}
    for period in rows.order_by("starts_on", "pk"):
        key = period.measure.decision_id
        ways = _ways(period) if key in mine else ()
        known = {each.text for each in found[key]}
        found[key] += [Doubt(text, ways) for text in dict.fromkeys(period.unsettled) if text not in known]
    return found


def _ways(period: Period) -> tuple[Way, ...]:
    """A record that contradicts the law is corrected; rights are restored; what the law leaves open is settled by hand, or its record completed."""
    if period.starts_on is None:
        return (CORRECT,)
    if awaits_restoration(period.measure):
        return (RESTORE, CORRECT) if period.span == Span.AFTER_RESTORATION else (CORRECT,)
    return (CORRECT, SETTLE)
