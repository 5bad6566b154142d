"""留党察看 after it was decided: rights restored, or the probation extended. Each an alteration of its decision."""

from django.db import transaction

from youwei.decisions.altering import EXTENDED, RESTORED, Doing, Refused, Review, begin, enter, refuse_review, told
from youwei.decisions.models import Decision, Measure
from youwei.rulebook.bars import Span
from youwei.rulebook.building import PROBATION_TERMS
from youwei.rulebook.law import load_law
from youwei.ui.words import cn_date


@transaction.atomic
def restore(*, decision: int, review: Review, doing: Doing) -> Decision:
    """Enter that the rights lost by 留党察看 were restored from a day, as the decision on it states. Raises Refused or Stale."""
    work = begin(decision, doing)
    row = work.decision
    refuse_review(row, review, doing)
    measure = next((each for each in row.measures.order_by("pk") if awaits_restoration(each)), None)
    if measure is None:
        raise Refused("", "只有留党察看才登记恢复党员权利，并且只登记一次；登记错的请先撤回登记")
    measure.restored_on = review.starts_on
    measure.save(update_fields=["restored_on"])
    done = enter(work, RESTORED, on=review.starts_on, why=told("", review), review=review)
    for period in measure.periods.filter(current=True, starts_on=None):
        raise Refused("starts_on", "；".join(period.unsettled))
    return done


@transaction.atomic
def extend(*, decision: int, review: Review, doing: Doing) -> Decision:
    """Enter that a probation of one year was extended by one (条例 12). `review.starts_on` is the day of that decision, not before the
    year's last day. Raises Refused or Stale.
    """
    work = begin(decision, doing)
    row = work.decision
    refuse_review(row, review, doing)
    measure = next((each for each in row.measures.order_by("pk") if awaits_restoration(each)), None)
    period = measure.periods.filter(current=True, span=Span.PROBATION).first() if measure is not None else None
    if measure is None or period is None or period.months is None:
        raise Refused("", "只有还没有恢复党员权利的留党察看才能延长；登记错的请先撤回登记")
    if measure.first_kind or load_law().measure(measure.kind).term_missing:
        raise Refused("", "留党察看的年限不确定，或者是由其他处分变更来的；请先核对、更正处分种类，再登记延长")
    if period.months >= PROBATION_TERMS[-1]:
        raise Refused("", "留党察看最长不超过二年，已经是二年，不能再延长")
    if period.last_day is not None and review.starts_on < period.last_day:
        raise Refused("starts_on", f"察看期到{cn_date(period.last_day)}才满；期满仍不符合恢复条件的才延长，请核对日期")
    measure.months = PROBATION_TERMS[-1]
    measure.save(update_fields=["months"])
    return enter(work, EXTENDED, on=review.starts_on, why=told("", review), review=review)


def extended(measure: Measure) -> bool:
    """A probation whose months are more than its kind says."""
    given = [effect.probation for effect in load_law().measure(measure.kind).effects if effect.probation]
    return bool(given) and (measure.months or 0) > max(given)


def awaits_restoration(measure: Measure) -> bool:
    """A probation whose rights nobody has entered as restored."""
    return measure.restored_on is None and load_law().measure(measure.kind).is_probation
