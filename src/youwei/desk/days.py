"""Distances of days as the desk shows them."""

from datetime import date, timedelta

from youwei.rulebook.calendar import WorkCalendar

FURTHEST = 120


def working_days_left(due: date | None, today: date, calendar: WorkCalendar) -> int | None:
    """Working days from tomorrow to the due day, both counted; None when it is not ahead, or too far ahead to be counted on fingers."""
    if due is None or not today < due <= today + timedelta(days=FURTHEST):
        return None
    return calendar.working_days_between(today + timedelta(days=1), due).working_days
