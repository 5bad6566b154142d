"""The last day of a period settled by a human: where the law cannot say it, or the paper of the decision says otherwise.

It rules over the computed one, which stays beside it. An act like the other alterations of a decision: with its reason, appended, taken back.
"""

from collections.abc import Mapping
from datetime import date

from django.db import transaction

from youwei.decisions.altering import SETTLED, Doing, Refused, begin, enter
from youwei.decisions.models import Decision, Measure, Period
from youwei.decisions.probation import awaits_restoration
from youwei.ui.words import cn_date

LONGEST_BASIS = 200


@transaction.atomic
def settle(*, decision: int, ends: Mapping[int, date | None], basis: str, doing: Doing) -> Decision:
    """Settle the last day of these measures, or leave it to the law again (None). Raises Refused or Stale."""
    work = begin(decision, doing)
    row = work.decision
    if row.state == Decision.State.WITHDRAWN:
        raise Refused("", "这份决定已经撤销，没有期间可以核定；撤销登记错的，请先撤回那次登记")
    held = {measure.pk: measure for measure in row.measures.order_by("pk")}
    moved = [
        held[pk]
        for pk, day in ends.items()
        if held[pk].last_day_by_hand != day or (day and held[pk].basis_by_hand != basis.strip())
    ]
    for measure in moved:
        day = ends[measure.pk]
        if day is not None:
            _refuse(measure, day, basis)
        measure.last_day_by_hand, measure.basis_by_hand = day, basis.strip() if day else ""
        measure.save(update_fields=["last_day_by_hand", "basis_by_hand"])
    return enter(work, SETTLED, on=doing.on, why="人工核定终止日" if any(ends.values()) else "撤销人工核定，按规定计算")


def impossible(measure: Measure) -> str:
    """Why the last day of a measure cannot be settled as it stands, in Chinese; "" when it can."""
    if awaits_restoration(measure):
        return "留党察看的影响期从恢复党员权利之日起算；请先登记恢复党员权利，再核定终止日"
    period = standing(measure)
    if period is None:
        return "没有期间，不能核定终止日"
    if period.permanent:
        return "没有期限，不能核定终止日"
    if period.starts_on is None:
        return f"期间待核：{'；'.join(period.unsettled)}；请先更正决定，再核定终止日"
    return ""


def standing(measure: Measure) -> Period | None:
    """The span that ends the measure's time."""
    return measure.periods.filter(current=True).order_by("-starts_on").first()


def _refuse(measure: Measure, day: date, basis: str) -> None:
    name, why = f"last_{measure.pk}", impossible(measure)
    if why:
        raise Refused(name, f"{measure.label}{why}")
    if not basis.strip():
        raise Refused("basis", "没有写明依据；请写明哪份决定书、哪一条这样规定")
    period = standing(measure)
    if period is None or period.starts_on is None:
        return
    if day < period.starts_on:
        raise Refused(name, f"早于期间开始之日（{cn_date(period.starts_on)}）；请核对日期")
    if not period.by_hand and day == period.last_day and not period.unsettled:
        raise Refused(name, "与按规定推算的最后一日相同，不需要人工核定；请留空")
