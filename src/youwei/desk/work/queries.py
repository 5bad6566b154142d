"""What must I do: the open steps of a reader, by when they are due."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from urllib.parse import urlencode

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse

from youwei.cases import reporting
from youwei.cases.logs import title_of
from youwei.cases.models import Case, CaseServant, ChainLink, OpenStep
from youwei.decisions.models import Period
from youwei.desk.cases import chaining
from youwei.desk.days import late_note, working_days_left
from youwei.desk.people.queries import ending
from youwei.organs.models import Grant, Role
from youwei.organs.policy import ACTS, Reader, visible
from youwei.rulebook.calendar import WorkCalendar

MOST = 100
AHEAD = 14


@dataclass(frozen=True, slots=True)
class Line:
    """One thing to do: who, what, why, by when."""

    url: str
    verb: str
    who: str
    unit: str
    what: str
    procedure: str
    rule: str
    due_on: date | None
    working_days: int | None
    provisional: bool
    note: str = ""
    waiting_for: str = ""
    excuse: str = ""
    case: int = 0
    also: tuple[str, ...] = ()

    @property
    def also_words(self) -> str:
        """The names of the rest, each once: 核对是不是本人（9项）、汇总."""
        return "、".join(
            title if times == 1 else f"{title}（{times}项）" for title, times in Counter(self.also).items()
        )


@dataclass(slots=True)
class Group:
    """Lines that are due together."""

    id: str
    title: str
    lines: list[Line] = field(default_factory=list)

    @property
    def count(self) -> int:
        """How many steps it tells of."""
        return sum(1 + len(line.also) for line in self.lines)

    @property
    def more(self) -> bool:
        """Whether only the first are listed."""
        return self.count >= MOST

    def fold(self) -> None:
        """One line for what the same people are to do in one case: the first due, and the names of the rest."""
        found: dict[object, Line] = {}
        for each in self.lines:
            key = (each.case, each.verb, each.waiting_for) if each.case else id(each)
            first = found.setdefault(key, each)
            if first is not each:
                found[key] = replace(first, also=(*first.also, each.what))
        self.lines = list(found.values())


def steps(who: Reader) -> QuerySet[OpenStep]:
    """All open steps the reader may see, with what a line shows."""
    return _open(who).select_related("case__person__organ", "case__subject_organ", "organ")


def _open(who: Reader) -> QuerySet[OpenStep]:
    """Of a case that is not read whole, only the steps of one's own side: what the others are to do may tell what was found."""
    rows = visible(who, "case.view", OpenStep.objects.filter(case__state=Case.State.OPEN))
    served = Case.objects.filter(servants__account__in=who.serves_as()).values("pk")
    rows = rows.filter(Q(optional=False) | Q(held_by=Role.MENTOR, case__in=served))
    if who.roles() <= ACTS["case.read"]:
        return rows
    read = visible(who, "case.read", Case.objects.all()).values("pk")
    return rows.filter(Q(case__in=read) | Q(held_by__in=who.roles()))


def mine(who: Reader) -> Q:
    """Steps that fall to a role the reader holds, at an organ where it is held."""
    condition = Q(pk__in=[])
    for grant in who.grants:
        place = Q(organ__path__startswith=grant.organ.path) if grant.role == Role.UNIT else Q(organ=grant.organ_id)
        if grant.role == Role.MENTOR:
            place = Q(case__servants__account=grant.covers.account_id if grant.covers else who.account.pk)
        condition |= place & Q(held_by=grant.role)
    return condition


def own_cases(who: Reader) -> Q:
    """Steps of cases that one's own organ handles."""
    return Q(case__organ__in=[grant.organ_id for grant in who.grants])


def groups(who: Reader, calendar: WorkCalendar, today: date, whose: str) -> list[Group]:
    """Late, today, this week, later, waiting for others; empty groups are left out."""
    rows = steps(who)
    if whose == "all":
        acting, waiting = Q(), Q(pk__in=[])
    elif whose == "organ":
        acting, waiting = own_cases(who), Q(pk__in=[])
    else:
        acting, waiting = mine(who), own_cases(who) & ~mine(who)
    reached = Q(starts_on=None) | Q(starts_on__lte=today)
    soon = today + timedelta(days=AHEAD)
    found = [
        Group("late", "逾期"),
        Group("today", "今天"),
        Group("week", "本周"),
        Group("next", "以后"),
        Group("undated", "未定日期"),
        Group("anytime", "随时可记"),
    ]
    ordered = rows.filter(acting & reached).order_by("due_on", "pk").distinct()
    for step in ordered[:MOST]:
        _place(found, step, today).lines.append(line(step, calendar, today))
    starting = rows.filter(acting, starts_on__gt=today, starts_on__lte=soon).order_by("starts_on", "pk").distinct()
    found[3].lines += [line(step, calendar, today) for step in starting[:MOST]]
    if whose == "mine":
        found.append(Group("offers", "待确认是否启动", [_offer(link) for link in _offers(who)]))
        found.append(Group("unopened", "要立项的", [_to_open(*each, who) for each in _unarranged(who)]))
        found.append(Group("handed", "待接收", [_handed(case) for case in _handed_over(who)]))
        found.append(Group("gone", "要换人的", [_gone(row) for row in _gone_servants(who)]))
    others = Group("waiting", "等待他人")
    others.lines = [
        line(step, calendar, today, wait=True)
        for step in rows.filter(waiting & reached).order_by("due_on", "pk").distinct()[:MOST]
    ]
    for group in (*found, others):
        group.fold()
    return [group for group in [*found, others] if group.lines]


def _place(found: list[Group], step: OpenStep, today: date) -> Group:
    due = step.late_from or step.due_on
    if due is None:
        return found[5 if step.optional else 4]
    if due < today:
        return found[0]
    if due == today:
        return found[1]
    return found[2] if due <= today + timedelta(days=6 - today.weekday()) else found[3]


def line(step: OpenStep, calendar: WorkCalendar, today: date, wait: bool = False) -> Line:
    case, person = step.case, step.case.person
    return Line(
        url=_url(step),
        verb="查看" if wait else "签署" if step.part else "办理",
        who=person.name if person else case.subject_organ.name,
        unit=person.organ.name if person else "",
        what=step.title,
        procedure=case.title,
        rule=step.rule,
        due_on=step.due_on,
        working_days=working_days_left(step.due_on, today, calendar),
        provisional=step.provisional,
        note=late_note(step.due_on, step.late_from, today),
        excuse=f"已说明没有办（{step.excuse}），仍须办理" if step.excuse else "",
        case=case.pk,
        waiting_for=f"{step.organ.name if step.organ else ''} {step.role_title}".strip() if wait else "",
    )


def _offers(who: Reader) -> list[ChainLink]:
    rows = chaining.offers(who).select_related("parent__person__organ", "parent__subject_organ")
    return list(rows.order_by("parent__ended_on", "pk")[:MOST])


def _offer(link: ChainLink) -> Line:
    case, person = link.parent, link.parent.person
    return Line(
        url=reverse("case-next", args=[case.pk, link.target, link.procedure]),
        verb="确认",
        who=person.name if person else case.subject_organ.name,
        unit=person.organ.name if person else "",
        what=f"是否启动“{link.title}”",
        procedure=f"{case.title}：{case.outcome_title}",
        rule="",
        due_on=None,
        working_days=None,
        provisional=False,
    )


def _unarranged(who: Reader) -> list[tuple[int, str]]:
    """Reports that an office of the reader owes for its cases and has not begun."""
    offices = [row.organ_id for row in who.grants if row.role == Role.CASE_OFFICER]
    return reporting.unarranged(offices, who.on) if offices else []


def _to_open(office: int, procedure: str, who: Reader) -> Line:
    title = title_of(procedure)
    return Line(
        url=reverse("case-start", args=["organ", office, procedure]),
        verb="立项",
        who=next(row.organ.name for row in who.grants if row.organ_id == office),
        unit="",
        what=f"{title}今年还没有立项",
        procedure=title,
        rule="",
        due_on=None,
        working_days=None,
        provisional=False,
    )


def _gone_servants(who: Reader) -> list[CaseServant]:
    """Whoever is named in an open case of one's own organ or unit, and holds a role at the unit of the person no more."""
    running = (Q(starts_on=None) | Q(starts_on__lte=who.on)) & (Q(ends_on=None) | Q(ends_on__gte=who.on))
    there = Grant.objects.filter(
        running, account=OuterRef("account"), organ=OuterRef("case__subject_organ"), covers=None
    )
    office = Q(case__organ__in=[row.organ_id for row in who.grants if row.role == Role.CASE_OFFICER])
    unit = Q(case__subject_organ__in=[row.organ_id for row in who.grants if row.role == Role.UNIT])
    rows = CaseServant.objects.filter(office | unit, case__state=Case.State.OPEN)
    rows = rows.filter(Q(account__is_active=False) | ~Exists(there))
    return list(
        rows.select_related("account", "case__person__organ", "case__subject_organ").order_by("case", "pk")[:MOST]
    )


def _gone(row: CaseServant) -> Line:
    case, closed = row.case, not row.account.is_active
    why = "账号已停用" if closed else "已不在这个单位任职"
    return Line(
        url=reverse("case", args=[case.pk]),
        verb="查看",
        who=case.person.name if case.person else case.subject_organ.name,
        unit=case.person.organ.name if case.person else "",
        what=f"{row.account.name}{why}，请在“更多”里更换",
        procedure=case.title,
        rule="",
        due_on=None,
        working_days=None,
        provisional=False,
    )


def _handed_over(who: Reader) -> list[Case]:
    """Cases that another office offers to one's own."""
    office = [row.organ_id for row in who.grants if row.role in (Role.CASE_OFFICER, Role.LEADER)]
    rows = Case.objects.filter(offered_to__in=office, state=Case.State.OPEN)
    return list(rows.select_related("person__organ", "subject_organ", "organ").order_by("pk")[:MOST])


def _handed(case: Case) -> Line:
    return Line(
        url=reverse("case-act", args=[case.pk, "accept"]),
        verb="接收",
        who=case.person.name if case.person else case.subject_organ.name,
        unit=case.person.organ.name if case.person else "",
        what=f"{case.organ.name}移交来的事项",
        procedure=case.title,
        rule="",
        due_on=None,
        working_days=None,
        provisional=False,
    )


def _url(step: OpenStep) -> str:
    asked = {"step": step.step, "key": step.key, **({"part": step.part} if step.part else {})}
    return f"{reverse('case', args=[step.case_id])}?{urlencode(asked)}"


def counts(who: Reader) -> dict[str, int]:
    """How many steps are mine, my organ's, and all I may see."""
    rows = _open(who)
    return {
        "mine": rows.filter(mine(who)).distinct().count() + chaining.offers(who).count(),
        "organ": rows.filter(own_cases(who)).distinct().count(),
        "all": rows.count(),
    }


@dataclass(frozen=True, slots=True)
class Day:
    """One day of the calendar of visits."""

    on: date
    visits: int
    working: bool
    makeup: bool
    today: bool


def visit_days(who: Reader, calendar: WorkCalendar, today: date) -> list[list[Day]]:
    """Two weeks from this Monday, with the number of visits and talks due on each day."""
    monday = today - timedelta(days=today.weekday())
    days = [monday + timedelta(days=place) for place in range(AHEAD)]
    due = (
        steps(who)
        .filter(kind__in=("visit", "talk"), due_on__range=(days[0], days[-1]))
        .values_list("due_on", flat=True)
    )
    found = list(due)
    week = [
        Day(
            day,
            found.count(day),
            calendar.is_working_day(day),
            calendar.is_working_day(day) and day.weekday() > 4,
            day == today,
        )
        for day in days
    ]
    return [week[:7], week[7:]]


@dataclass(frozen=True, slots=True)
class Count:
    """A figure the role cares about, with the list behind it."""

    title: str
    value: int
    unit: str
    url: str


def side_counts(who: Reader, today: date) -> Iterable[Count]:
    """People within a running period, and those whose period ends within thirty days."""
    periods = visible(who, "decision.view", Period.objects.all())
    running = periods.filter(current=True, last_day__gte=today, starts_on__lte=today)
    ledger = reverse("ledger")
    return [
        Count("影响期内", running.values("person").distinct().count(), "人", f"{ledger}?state=running"),
        Count(
            "三十日内期满",
            periods.filter(ending(today)).values("person").distinct().count(),
            "人",
            f"{ledger}?state=ending",
        ),
        Count(
            "在办事项",
            visible(who, "case.view", Case.objects.filter(state=Case.State.OPEN)).count(),
            "件",
            reverse("visits"),
        ),
    ]
