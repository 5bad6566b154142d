"""What a time line shows, and where a day stands on it. Days are counted whole: a bar ends at the end of its last day."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from youwei.ui.words import add_months, cn_date, span_words

DAY = timedelta(days=1)
TICK_STEPS = (1, 3, 6, 12, 24, 60, 120)
MARGIN_SHARE = 0.03
MARGIN_DAYS = 20


@dataclass(frozen=True)
class Bar:
    """A period, both days counted. State: run, ended, next or unsettled; left empty it follows from today."""

    label: str
    start: date
    last_day: date
    note: str = ""
    state: str = ""

    def state_on(self, today: date) -> str:
        """The state given, or the one the dates give."""
        if self.state:
            return self.state
        if today > self.last_day:
            return "ended"
        return "next" if today < self.start else "run"

    def elapsed(self, today: date) -> str:
        """已过6个月18天, today counted."""
        return f"已过{span_words(self.start, min(today, self.last_day) + DAY)}"


@dataclass(frozen=True)
class Mark:
    """Something on one day. State: done, open or next."""

    on: date
    label: str
    state: str = "done"


@dataclass(frozen=True)
class Row:
    """A line of the drawing: bars, marks, or both; ``span`` draws a thin line from one day to another."""

    label: str
    bars: Sequence[Bar] = ()
    marks: Sequence[Mark] = ()
    span: tuple[date, date] | None = None


@dataclass(frozen=True)
class Flag:
    """The day that answers the question of the drawing, such as the first eligible day."""

    on: date
    label: str


@dataclass(frozen=True)
class Timeline:
    """A whole time line. ``id`` must be the only one of its kind on the page; ``now`` is what its red line is called."""

    rows: Sequence[Row]
    today: date
    title: str
    flag: Flag | None = None
    id: str = "timeline"
    now: str = "今天"

    def days(self) -> Iterator[date]:
        """Every day that must lie on the axis."""
        yield self.today
        if self.flag:
            yield self.flag.on
        for row in self.rows:
            for bar in row.bars:
                yield bar.start
                yield bar.last_day + DAY
            yield from (mark.on for mark in row.marks)
            yield from row.span or ()


@dataclass(frozen=True)
class Scale:
    """Days to places: ``left`` is the start of ``first``, ``right`` the end of ``last``."""

    first: date
    last: date
    left: float
    right: float

    def at(self, day: date) -> float:
        """Where the day begins."""
        share = (day - self.first).days / ((self.last - self.first).days + 1)
        return round(self.left + share * (self.right - self.left), 1)

    def ticks(self, room: float) -> list[tuple[date, str]]:
        """The months to name, at least ``room`` apart, with their words; the year stands at January and at the first."""
        step = next((step for step in TICK_STEPS if self._gap(step) >= room), TICK_STEPS[-1])
        month = (self.first.month - 1) // step * step + 1 if step < 12 else 1
        day = date(self.first.year, month, 1)
        if step >= 12:
            day = date(self.first.year - self.first.year % (step // 12), 1, 1)
        found: list[tuple[date, str]] = []
        while day <= self.last:
            if day >= self.first:
                found.append((day, self._tick_words(day, step, not found)))
            day = add_months(day, step)
        return found

    def _gap(self, months: int) -> float:
        return months * 30.4 * (self.right - self.left) / ((self.last - self.first).days + 1)

    @staticmethod
    def _tick_words(day: date, step: int, first: bool) -> str:
        if step >= 12:
            return f"{day.year}年"
        return f"{day.year}年{day.month}月" if first or day.month == 1 else f"{day.month}月"


def scale_of(timeline: Timeline, left: float, right: float) -> Scale:
    """An axis that holds every day of the time line, with a little air at both ends."""
    days = list(timeline.days())
    first, last = min(days), max(days)
    margin = timedelta(days=max(MARGIN_DAYS, int((last - first).days * MARGIN_SHARE)))
    return Scale(first - margin, last + margin, left, right)


def describe(timeline: Timeline) -> str:
    """The same in words, for those who do not see the drawing."""
    parts = []
    for row in timeline.rows:
        for bar in row.bars:
            note = f"（{bar.note}）" if bar.note else ""
            parts.append(f"{bar.label}，{cn_date(bar.start)}至{cn_date(bar.last_day)}{note}")
        parts.extend(f"{row.label}：{mark.label}，{cn_date(mark.on)}" for mark in row.marks)
    if timeline.flag:
        day = cn_date(timeline.flag.on)
        parts.append(timeline.flag.label if day in timeline.flag.label else f"{timeline.flag.label}，{day}")
    parts.append(f"{timeline.now}是{cn_date(timeline.today)}")
    return "；".join(parts) + "。"
