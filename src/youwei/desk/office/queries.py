"""What is known of holidays, and what a notice would move."""

from dataclasses import dataclass, replace
from datetime import date

from django.db.models import QuerySet

from youwei.cases.models import Case, Redating
from youwei.organs import queries as organs
from youwei.organs.policy import Reader, may, visible
from youwei.rulebook.calendar import DayKind, Holiday, seed_notices
from youwei.ui.paging import Page, page_of


@dataclass(frozen=True, slots=True)
class Year:
    """One year whose notice is known, and where it comes from."""

    year: int
    source: str
    entered_by: str
    off: int
    worked: int
    days: tuple[Holiday, ...]


def years() -> list[Year]:
    """The known years, the newest first; what the office entered goes before what came with the product."""
    calendar = organs.calendar()
    entered = {notice.year: notice for notice in organs.notices()}
    shipped = {notice.year: f"{notice.title}（{notice.number}）" for notice in seed_notices()}
    found = []
    for year in sorted(calendar.years, reverse=True):
        days = tuple(day for day in calendar.holidays if day.on.year == year)
        notice = entered.get(year)
        source = notice.source if notice else shipped.get(year, "")
        off = sum(1 for day in days if day.kind is DayKind.HOLIDAY)
        found.append(Year(year, source, notice.by if notice else "", off, len(days) - off, days))
    return found


def year(wanted: int) -> Year | None:
    """What is known of a year: a new notice takes its place as a whole."""
    return next((each for each in years() if each.year == wanted), None)


def next_unknown(today: date) -> int:
    """The first year from this one on whose notice is not known."""
    known = organs.calendar().years
    return next(year for year in range(today.year, today.year + len(known) + 2) if year not in known)


@dataclass(frozen=True, slots=True)
class Moved:
    """A date that a notice moves, of a case the reader may see."""

    case: Case
    step_title: str
    old: date | None
    new: date | None


@dataclass(frozen=True, slots=True)
class Moves:
    """The dates a notice moves: a page of those the reader may see, and how many there are in all."""

    page: Page
    total: int

    @property
    def others(self) -> int:
        return self.total - self.page.total


def redatings(who: Reader) -> QuerySet[Redating]:
    """What notices move, the newest first."""
    return visible(who, "holiday.enter", Redating.objects.select_related("organ")).order_by("-pk")


def moves(who: Reader, row: Redating, number: str | None) -> Moves:
    """The moved due dates of open cases (J11). Whoever reads no cases learns only how many they are."""
    readable: set[int] = set()
    if row.moved and may(who, "case.view"):
        wanted = {each["case"] for each in row.moved}
        readable = wanted & set(visible(who, "case.view", Case.objects.all()).values_list("pk", flat=True))
    page = page_of([each for each in row.moved if each["case"] in readable], number)
    cases = Case.objects.select_related("person", "subject_organ").in_bulk([each["case"] for each in page.rows])
    rows = [Moved(cases[each["case"]], each["title"], _day(each["old"]), _day(each["new"])) for each in page.rows]
    return Moves(replace(page, rows=rows), len(row.moved))


def days(row: Redating) -> list[Holiday]:
    """The days of a notice as they were read."""
    return [Holiday(date.fromisoformat(day["on"]), DayKind(day["kind"]), day["name"]) for day in row.days]


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
