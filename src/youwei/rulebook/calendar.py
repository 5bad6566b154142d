"""Working days: Monday to Friday, less the days off and plus the weekend days worked by the year's notice."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from .days import ONE_DAY, chinese_date
from .reading import Block, Reader

HOLIDAY_FOLDER = Path(__file__).resolve().parent.parent / "law" / "holidays"
FIXED_HOLIDAYS = HOLIDAY_FOLDER.parent / "fixed_holidays.yaml"
WEEKDAYS = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")
SATURDAY = 5
MOST_DAYS = 20_000
"""No duty counts further; a larger count is a slip of the keyboard, not a date."""


class DayKind(StrEnum):
    WORK = "work"
    REST = "rest"
    HOLIDAY = "holiday"
    """A day off by the notice, whichever day of the week."""
    MAKEUP = "makeup"
    """A weekend day worked by the notice."""


class CalendarFault(ValueError):
    """A count or a span that no calendar can answer; the message is for the user."""


@dataclass(frozen=True, slots=True, order=True)
class Holiday:
    """One day of a notice: off (HOLIDAY) or worked (MAKEUP)."""

    on: date
    kind: DayKind
    name: str = ""


@dataclass(frozen=True, slots=True)
class Notice:
    """The State Council's notice on the days off of one year."""

    year: int
    title: str
    number: str
    issued: date
    source: str
    checked_on: date
    note: str
    holidays: tuple[Holiday, ...]


class Skipped(NamedTuple):
    """A day that was passed over in counting, and why."""

    on: date
    why: str


@dataclass(frozen=True, slots=True)
class Counted:
    """The day a count of working days ends on."""

    on: date
    provisional: bool
    skipped: tuple[Skipped, ...]
    days: tuple[date, ...]


class Between(NamedTuple):
    working_days: int
    provisional: bool


class WorkCalendar:
    """A frozen calendar made of the notices that are known. Built from plain data, so an office can enter next year's.

    `years` are the years whose notice is known; in any other year weekdays are taken as worked, but for the holidays that the law
    itself sets on a date, and every answer that touches it is provisional. Entries for one day given twice: the later in the list rules.
    """

    __slots__ = ("_holidays", "years")

    def __init__(self, holidays: Iterable[Holiday], years: Iterable[int]) -> None:
        by_day = {each.on: each for each in holidays}
        for each in by_day.values():
            if each.kind not in (DayKind.HOLIDAY, DayKind.MAKEUP):
                raise CalendarFault(
                    f"{chinese_date(each.on)}只能写成放假或上班，不能是“{each.kind}”；请改为放假（holiday）或上班（makeup）。"
                )
        self._holidays = by_day
        self.years = frozenset(years)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, WorkCalendar):
            return NotImplemented
        return self.years == other.years and self._holidays == other._holidays

    def __hash__(self) -> int:
        return hash((self.years, frozenset(self._holidays.values())))

    @property
    def holidays(self) -> tuple[Holiday, ...]:
        return tuple(sorted(self._holidays.values()))

    def known(self, day: date) -> bool:
        """Whether the notice of the day's year is known."""
        return day.year in self.years

    def _listed(self, day: date) -> Holiday | None:
        listed = self._holidays.get(day)
        return fixed_holiday(day) if listed is None and day.year not in self.years else listed

    def kind(self, day: date) -> DayKind:
        listed = self._listed(day)
        if listed is not None:
            return listed.kind
        return DayKind.WORK if day.weekday() < SATURDAY else DayKind.REST

    def name(self, day: date) -> str:
        """Why the day is as it is: 国庆节放假, 春节调休上班, 周六, 周三."""
        listed = self._listed(day)
        if listed is None:
            return WEEKDAYS[day.weekday()]
        if listed.kind is DayKind.HOLIDAY:
            return f"{listed.name}放假"
        return f"{listed.name}调休上班"

    def is_working_day(self, day: date) -> bool:
        listed = self._listed(day)
        return day.weekday() < SATURDAY if listed is None else listed.kind is DayKind.MAKEUP

    def add_working_days(self, after: date, n: int) -> Counted:
        """The n-th working day after a day that is not itself counted; n = 0 gives the day itself, n < 0 counts back."""
        if abs(n) > MOST_DAYS:
            raise CalendarFault(f"工作日数 {n} 过大；请填写不超过 {MOST_DAYS} 的整数。")
        step = ONE_DAY if n >= 0 else -ONE_DAY
        day, provisional = after, False
        skipped: list[Skipped] = []
        days: list[date] = []
        while len(days) < abs(n):
            try:
                day += step
            except OverflowError as problem:
                raise CalendarFault("数到的日期超出了公历范围；请核对起始日期和天数。") from problem
            provisional = provisional or day.year not in self.years
            if self.is_working_day(day):
                days.append(day)
            else:
                skipped.append(Skipped(day, self.name(day)))
        return Counted(day, provisional, tuple(skipped), tuple(days))

    def working_days_between(self, first: date, last: date) -> Between:
        """How many working days lie from `first` to `last`, both counted; none when `last` comes first."""
        span = (last - first).days
        if span > MOST_DAYS * 2:
            raise CalendarFault(f"两个日期相隔 {span} 天，过长；请核对年份。")
        days = [first + timedelta(days=each) for each in range(span + 1)]
        return Between(sum(1 for each in days if self.is_working_day(each)), any(not self.known(each) for each in days))

    def roll_forward(self, day: date) -> date:
        """The day itself when worked, else the next working day."""
        while not self.is_working_day(day):
            day += ONE_DAY
        return day

    def roll_back(self, day: date) -> date:
        """The day itself when worked, else the working day before."""
        while not self.is_working_day(day):
            day -= ONE_DAY
        return day

    def with_notice(self, year: int, holidays: Iterable[Holiday]) -> "WorkCalendar":
        """This calendar with one year's notice entered or replaced; the days of other years stay as they are."""
        entered = tuple(holidays)
        kept = [each for each in self._holidays.values() if each.on.year != year]
        days = {each.on for each in entered}
        return WorkCalendar([*(each for each in kept if each.on not in days), *entered], self.years | {year})


@dataclass(frozen=True, slots=True)
class FixedHolidays:
    """The holidays that fall on the same date each year, and the year from which they do (both from the law's text)."""

    first_year: int
    names: Mapping[tuple[int, int], str]


def fixed_holiday(day: date) -> Holiday | None:
    """The holiday the law sets on this date of every year (全国年节及纪念日放假办法第二条), whatever a year's notice adds to it."""
    fixed = fixed_holidays()
    name = fixed.names.get((day.month, day.day)) if day.year >= fixed.first_year else None
    return Holiday(day, DayKind.HOLIDAY, name) if name else None


@lru_cache(maxsize=1)
def fixed_holidays() -> FixedHolidays:
    return load_fixed_holidays(FIXED_HOLIDAYS)


def load_fixed_holidays(path: Path) -> FixedHolidays:
    """Read the law's own dates; a value without article, day and source is refused."""
    reader = Reader(path.parent)
    block = reader.open(path)
    for name in ("title", "article", "source"):
        block.text(name)
    for name in ("date", "checked_on"):
        block.day(name)
    names: dict[tuple[int, int], str] = {}
    for each in block.items("holidays"):
        name, first, last = each.text("name"), each.whole("first", 1, 31), each.whole("last", 1, 31)
        names |= {(each.whole("month", 1, 12), day): name for day in range(first, last + 1)}
        each.done()
    found = FixedHolidays(block.whole("first_year", 1949, 2999), names)
    block.done()
    reader.refuse()
    return found


@lru_cache(maxsize=1)
def seed_calendar() -> WorkCalendar:
    """The calendar of the notices that come with the product."""
    notices = seed_notices()
    return WorkCalendar((day for each in notices for day in each.holidays), (each.year for each in notices))


@lru_cache(maxsize=1)
def seed_notices() -> tuple[Notice, ...]:
    return load_notices(HOLIDAY_FOLDER)


def load_notices(folder: Path) -> tuple[Notice, ...]:
    """Read a folder of notices, one file a year; all faults are raised together."""
    reader = Reader(folder)
    notices = tuple(_notice(reader.open(path), path.stem) for path in sorted(folder.glob("*.yaml")))
    reader.refuse()
    return notices


def _notice(block: Block, stem: str) -> Notice:
    year = block.whole("year", 1949, 2999)
    if not block.silent and str(year) != stem:
        block.wrong("year", f"文件名是 {stem}，写的年份是 {year}", "让两者一致")
    days: list[Holiday] = []
    for each in block.items("holidays"):
        name, first, last = each.text("name"), each.day("from"), each.day("until")
        if last < first or (last - first).days > 31:
            each.wrong("until", f"放假起止 {first} 至 {last} 不合理", "核对通知原文")
            last = first
        days += [Holiday(first + timedelta(days=n), DayKind.HOLIDAY, name) for n in range((last - first).days + 1)]
        for worked in each.days("worked"):
            if worked.weekday() < SATURDAY:
                each.wrong("worked", f"{worked} 是{WEEKDAYS[worked.weekday()]}，不是周末", "只写调整为上班的周末")
            days.append(Holiday(worked, DayKind.MAKEUP, name))
        each.done()
    if len({each.on for each in days}) != len(days):
        block.wrong("holidays", "同一天写了两次", "每一天只写一次")
    notice = Notice(
        year,
        block.text("title"),
        block.text("number"),
        block.day("issued"),
        block.text("source"),
        block.day("checked_on"),
        block.text("note", ""),
        tuple(sorted(days)),
    )
    block.done()
    return notice
