"""A small calendar of counted days: working days numbered, days of rest named, make-up days marked, the last one solid."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from youwei.ui.words import WEEKDAYS, cn_date

WEEKS_AT_MOST = 9
WEEKS_KEPT = 4


@dataclass(frozen=True)
class Day:
    """One day. Kind: work, rest, holiday or makeup; ``number`` when it counts; ``name`` of the holiday; a small note."""

    on: date
    kind: str = "work"
    number: int | None = None
    name: str = ""
    note: str = ""
    url: str = ""


@dataclass(frozen=True)
class Cell:
    """A day as it is drawn: its style, the corner mark, the figure of the day, and what stands under it."""

    on: date
    style: str
    corner: str
    figure: str
    small: str
    url: str = ""


@dataclass(frozen=True)
class Week:
    """Seven places, Monday first; ``None`` is outside the calendar. ``gap_before``: weeks left out above it."""

    cells: tuple[Cell | None, ...]
    gap_before: int = 0


@dataclass(frozen=True)
class CountCalendar:
    """The whole calendar, with the same in one sentence."""

    weeks: tuple[Week, ...]
    description: str
    heads: tuple[str, ...] = tuple(WEEKDAYS)


def build(
    days: Sequence[Day], *, today: date | None, due: date | None = None, start: date | None = None
) -> CountCalendar:
    """Lay the days out by weeks. ``start`` is the day of the event (not counted), ``due`` the last day."""
    by_date = {day.on: day for day in days}
    cells = {on: _cell(day, today, due, start) for on, day in by_date.items()}
    if not cells:
        return CountCalendar((), "没有可数的日子")
    monday = min(cells) - timedelta(days=min(cells).weekday())
    weeks = []
    while monday <= max(cells):
        weeks.append(Week(tuple(cells.get(monday + timedelta(days=n)) for n in range(7))))
        monday += timedelta(days=7)
    return CountCalendar(tuple(_shorten(weeks)), _describe(days, start, due))


def _shorten(weeks: list[Week]) -> list[Week]:
    """A long count shows its first and its last weeks."""
    if len(weeks) <= WEEKS_AT_MOST:
        return weeks
    left_out = len(weeks) - 2 * WEEKS_KEPT
    tail = weeks[-WEEKS_KEPT:]
    return [*weeks[:WEEKS_KEPT], replace(tail[0], gap_before=left_out), *tail[1:]]


def _cell(day: Day, today: date | None, due: date | None, start: date | None) -> Cell:
    styles = []
    if day.kind in ("rest", "holiday"):
        styles.append("is-off")
    if day.number is not None:
        styles.append("is-in")
    if day.kind == "makeup":
        styles.append("is-work")
    if day.on == start:
        styles.append("is-start")
    if day.on == today:
        styles.append("is-today")
    if day.on == due:
        styles.append("is-end")
    small = day.note or (str(day.number) if day.number is not None else day.name)
    return Cell(day.on, " ".join(styles), _corner(day, today, start), str(day.on.day), small, day.url)


def _corner(day: Day, today: date | None, start: date | None) -> str:
    if day.on == today:
        return "今"
    if day.on == start:
        return "起"
    return {"holiday": "休", "makeup": "班"}.get(day.kind, "")


def _describe(days: Sequence[Day], start: date | None, due: date | None) -> str:
    """从9月13日起数15个工作日，到10月9日；休：中秋9月25日……"""
    counted = [day for day in days if day.number is not None]
    first = counted[0].on if counted else (start or days[0].on)
    last = due or (counted[-1].on if counted else days[-1].on)
    words = f"从{cn_date(first)}起数{len(counted)}天，到{cn_date(last)}"
    named = [f"{cn_date(day.on)}{day.name or '休'}" for day in days if day.kind == "holiday"]
    makeup = [f"{cn_date(day.on)}补班" for day in days if day.kind == "makeup"]
    return "；".join(filter(None, (words, "、".join(named), "、".join(makeup))))
