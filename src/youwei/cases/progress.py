"""How far a batch is: where each of its people stands, by the organ that handles the case or by unit, in numbers. A fixed number of queries."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Case as Choose
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.fields import CharField

from youwei.cases.models import Case, Done, Member, NotDone, OpenStep
from youwei.rulebook.pack_kinds import HELD, NOT_HELD, POSTPONED, REFUSED
from youwei.rulebook.pack_types import Kind

VISITED, REFUSED_, POSTPONED_, NOT_DONE, LATE, PENDING, ENDED, JOINING, LEFT = (
    "visited", "refused", "postponed", "not_done", "late", "pending", "ended", "joining", "left",
)  # fmt: skip
TITLES = {
    VISITED: "已回访", REFUSED_: "本人拒绝", POSTPONED_: "本人推迟", NOT_DONE: "因故未访", LATE: "逾期", PENDING: "未到期", ENDED: "办结",
    JOINING: "正在纳入", LEFT: "退出",
}  # fmt: skip
OF_VISITS = (VISITED, REFUSED_, POSTPONED_, NOT_DONE, LATE, PENDING, LEFT)
OF_OTHERS = (ENDED, LATE, PENDING, LEFT)
MOST_LINES = 300


def placed(batch: Case, today: date, *, visits: bool) -> "QuerySet[Member]":
    """The members of a batch with `where` each stands, one word each; what was visited before the batch was opened does not count."""
    done = Done.objects.filter(case=OuterRef("case"), kind=Kind.VISIT, on__gte=batch.opened_on)
    last = Subquery(done.order_by("-on", "-entry_seq").values("outcome")[:1])
    open_ = OpenStep.objects.filter(case=OuterRef("case"), late_from__lt=today, optional=False, scheduled=False)
    late = Exists(open_.filter(kind=Kind.VISIT) if visits else open_)
    not_done = Exists(NotDone.objects.filter(case=OuterRef("case"), kind=Kind.VISIT).exclude(state=NotDone.State.AFTER))
    over = Q(case__state__in=(Case.State.ENDED, Case.State.TERMINATED))
    of_visits = [
        When(Exists(done.filter(outcome=HELD)), then=Value(VISITED)), When(last=REFUSED, then=Value(REFUSED_)), When(late, then=Value(LATE)),
        When(last=POSTPONED, then=Value(POSTPONED_)), When(Q(last=NOT_HELD) | Q(not_done), then=Value(NOT_DONE)),
        When(over, then=Value(NOT_DONE)),
    ]  # fmt: skip
    whens = of_visits if visits else [When(over, then=Value(ENDED)), When(late, then=Value(LATE))]
    first = [When(left_on__isnull=False, then=Value(LEFT)), When(case=None, then=Value(JOINING))]
    return Member.objects.filter(batch=batch).annotate(last=last).annotate(
        where=Choose(*first, *whens, default=Value(PENDING), output_field=CharField())
    )  # fmt: skip


@dataclass(slots=True)
class Line:
    """The people of one organ, by where they stand."""

    organ: int | None
    name: str
    counts: Counter[str] = field(default_factory=Counter)

    @property
    def people(self) -> int:
        return self.counts.total()

    @property
    def present(self) -> int:
        return self.people - self.counts[LEFT]

    def rate(self, of: int) -> str:
        """How many of a hundred are visited, or of a batch without visits ended, one decimal; nothing of nobody."""
        done = self.counts[VISITED] + self.counts[ENDED]
        return f"{done * 100 / of:.1f}%" if of else "—"

    @property
    def frozen_rate(self) -> str:
        """Over everybody on the frozen list."""
        return self.rate(self.people)

    @property
    def present_rate(self) -> str:
        """Over those who still take part."""
        return self.rate(self.present)


@dataclass(frozen=True, slots=True)
class Progress:
    """Each organ's people, and all of them."""

    lines: tuple[Line, ...]
    whole: Line
    columns: tuple[str, ...]
    by: str

    @property
    def heads(self) -> list[str]:
        return [TITLES[each] for each in self.columns]


def has_visits(batch: Case) -> bool:
    """Whether it is about visiting: some member's procedure has a visit, by its index or its plan. One query."""
    members = Member.objects.filter(batch=batch, case__isnull=False)
    visits = Q(case__open_steps__kind=Kind.VISIT) | Q(case__done__kind=Kind.VISIT)
    return members.filter(visits).exists()


def progress(batch: Case, today: date, by: str = "") -> Progress:
    """How far a batch is, by the organ that handles the case (`office`) or the unit as of the freeze (`unit`). Three queries."""
    visits = has_visits(batch)
    by = by or ("office" if visits else "unit")
    group = "case__organ" if by == "office" else "organ"
    rows = placed(batch, today, visits=visits).values(
        group, name=F(f"{group}__name"), path=F(f"{group}__path"), found=F("where")
    )
    counted = rows.annotate(count=Count("pk")).order_by("path", "name")
    lines: dict[int | None, Line] = {}
    whole = Line(None, "合计")
    for row in counted:
        line = lines.setdefault(row[group], Line(row[group], row["name"] or "正在纳入"))
        line.counts[row["found"]] += row["count"]
        whole.counts[row["found"]] += row["count"]
    columns = OF_VISITS if visits else OF_OTHERS
    shown = (*columns[:-1], *((JOINING,) if whole.counts[JOINING] else ()), columns[-1])
    return Progress(tuple(lines.values())[:MOST_LINES], whole, shown, by)


def filtered(batch: Case, today: date, where: str, organ: int | None, by: str) -> "QuerySet[Member]":
    """The members behind a number."""
    rows = placed(batch, today, visits=has_visits(batch))
    if organ is not None:
        rows = rows.filter(**({"case__organ": organ} if by == "office" else {"organ": organ}))
    return rows.filter(Q(("where", where))) if where in TITLES else rows


def where(member: Member) -> str:
    """Where one of `placed` stands, as it is called."""
    return TITLES[vars(member)["where"]]


def told(found: Progress) -> list[dict[str, Any]]:
    """The lines with the whole at the end, every cell as text, for a paper or a table."""
    lines: Iterable[Line] = (*found.lines, found.whole)
    return [
        {"name": line.name, "people": line.people, **{each: line.counts[each] for each in TITLES}, "frozen_rate": line.frozen_rate,
         "present_rate": line.present_rate}
        for line in lines
    ]  # fmt: skip
