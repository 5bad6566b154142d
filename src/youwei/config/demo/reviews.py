"""What became of some decisions later: one changed on appeal, one withdrawn, a slip corrected, rights restored after a probation."""

from datetime import date, timedelta
from typing import Any

from django.db.models import Count

from youwei.cases import following
from youwei.cases.by_hand import open_by_hand
from youwei.cases.commands import act
from youwei.config.demo.ledger import moment, officer
from youwei.config.demo.places import Places
from youwei.decisions.altering import Doing, Review
from youwei.decisions.commands import Given
from youwei.decisions.models import Decision, Period
from youwei.decisions.series import make
from youwei.engine.types import EntryKind
from youwei.journal.actors import Actor
from youwei.journal.models import Entry
from youwei.organs.queries import calendar, end_day_convention
from youwei.people.models import Person
from youwei.rulebook.law import load_law

AREA = "青溪区"
LONG_AGO = timedelta(days=40)
WITHDRAWN = "administrative.demerit"
LIKE_IT = (WITHDRAWN, "administrative.warning", "administrative.major_demerit")
PRESENT = [{"member": name, "present": True, "vote": "同意"} for name in ("岑伯安", "钟明远", "陆清和")]


def alter_some(places: Places, *, today: date) -> None:
    """Decisions of 青溪区, each altered a few days ago; on a day on which there is none to be altered so, none is."""
    day = _reviewed_on(today)
    for kind, alter in ALTERATIONS.items():
        row = _untouched(day, kind)
        if row is not None:
            alter(places, row, day)


def asked_about(*, today: date) -> list[Person]:
    """Whose decision will be withdrawn while it still bars: asked about in a letter before, so that the reply has to be put right."""
    row = _untouched(_reviewed_on(today), WITHDRAWN)
    return [row.person] if row is not None and row.person is not None else []


def _reviewed_on(today: date) -> date:
    return calendar().roll_back(today - timedelta(days=3))


def _appeal(places: Places, row: Decision, day: date) -> None:
    """An appeal that ends in a milder sanction: the step is done with the change, and what follows is opened."""
    days, by, leader = calendar(), officer(places, AREA), places.actor("cenboan")
    begun = days.add_working_days(day, -12).on
    case = open_by_hand(
        thing=row, family="party-appeal", role="trial_office", organ=row.deciding_organ, said={}, by=by, on=begun, at=moment(begun, 9), today=begun
    )  # fmt: skip
    steps: tuple[tuple[str, int, Actor, dict[str, Any]], ...] = (
        ("apply", 0, by, {"requests": "认为认定的一项事实与实际不符，请求复查"}),
        ("accept", 2, by, {"accepted": "复查"}),
        ("decide", 9, by, {"attendance": PRESENT, "place": "机关二楼会议室", "result": "变更", "reasons": "其中一项事实不成立"}),
        ("approve", 11, leader, {"opinion": "同意"}),
    )  # fmt: skip
    for step, after, who, values in steps:
        on = days.add_working_days(begun, after).on
        act(case=case, kind=EntryKind.RECORD, by=who, on=on, at=moment(on, 15), today=on, step=step, values=values)
    _change(places, row, day)


def link_some(places: Places, *, today: date) -> None:
    """The decisions of one unit of 青溪区, named together as a series."""
    rows = Decision.objects.filter(deciding_organ__name__startswith=AREA, secret=False, state=Decision.State.STANDING)
    units = rows.values("unit").annotate(count=Count("person", distinct=True)).order_by("-count", "unit")
    wanted = list(rows.filter(unit=units[0]["unit"]).order_by("-made_on", "pk")[:6]) if units else []
    if len(wanted) > 1:
        day = calendar().roll_back(today - timedelta(days=2))
        make(
            title="窗口收费系列案", organ=wanted[0].deciding_organ, decisions=[row.pk for row in wanted], by=officer(places, AREA), on=day,
            at=moment(day, 10),
        )  # fmt: skip


def _change(places: Places, row: Decision, day: date) -> None:
    milder = load_law().measure("party.warning")
    targets = {row.measures.get().pk: Given(milder, milder.title)}
    review = Review(starts_on=day, ground="申诉", organ=row.deciding_organ, number=f"青纪复〔{day.year}〕1号")
    doing = _doing(places, row, day, "复查后认定的违纪事实有一项不成立")
    following.change(decision=row.pk, targets=targets, review=review, doing=doing)


def _withdraw(places: Places, row: Decision, day: date) -> None:
    review = Review(starts_on=day, ground="复审", organ=row.deciding_organ, number=f"青监复〔{day.year}〕1号")
    doing = _doing(places, row, day, "复审决定撤销原政务处分决定")
    following.withdraw(decision=row.pk, review=review, doing=doing)


def _correct(places: Places, row: Decision, day: date) -> None:
    doing = _doing(places, row, day, "与决定书原件核对，问题类别录错")
    problem = "违反组织纪律" if row.problem == "违反工作纪律" else "违反工作纪律"
    following.correct(decision=row.pk, changes={"problem": problem}, measures=None, doing=doing)


def _restore(places: Places, row: Decision, day: date) -> None:
    spans = Period.objects.filter(measure__decision=row, current=True, span="after_restoration", starts_on__lte=day)
    for starts_on in spans.values_list("starts_on", flat=True):
        review = Review(starts_on=starts_on or day, ground="恢复党员权利", organ=row.deciding_organ)
        following.restore(
            decision=row.pk, review=review, doing=_doing(places, row, day, "察看期满，支部大会讨论，上级党委批准")
        )


ALTERATIONS = {
    "party.severe_warning": _appeal, WITHDRAWN: _withdraw, "party.warning": _correct, "party.probation_1": _restore,
}  # fmt: skip


def _doing(places: Places, row: Decision, day: date, reason: str) -> Doing:
    return Doing(
        by=officer(places, AREA), on=day, at=moment(day, 16), convention=end_day_convention(), reason=reason, seen=row.version
    )  # fmt: skip


def _untouched(day: date, kind: str) -> Decision | None:
    """The first decision of some weeks ago giving this measure alone in whose cases nothing was entered on or after the day; what will be
    withdrawn, this one or one like it, by preference while it still counts, of somebody of whom nothing else is on file."""
    kinds = LIKE_IT if kind == WITHDRAWN else (kind,)
    rows = Decision.objects.filter(
        measures__kind__in=kinds, version=1, secret=False, deciding_organ__name__startswith=AREA
    )
    found = sorted(rows.order_by("pk"), key=lambda row: kind == WITHDRAWN and not _still_counts(row, day))
    for row in found:
        entered = Entry.objects.filter(log__kind="case", log__ref__in=row.cases.values("pk"), at__date__gte=day)
        if row.measures.count() == 1 and (row.made_on or day) < day - LONG_AGO and not entered.exists():
            return row
    return None


def _still_counts(row: Decision, day: date) -> bool:
    counted = Period.objects.filter(measure__decision=row, current=True, last_day__gte=day)
    return row.person is not None and row.person.decisions.count() == 1 and counted.exists()
