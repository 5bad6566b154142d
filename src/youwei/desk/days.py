"""Distances of days as the desk shows them."""

from datetime import date, timedelta

from youwei.rulebook.calendar import WorkCalendar

FURTHEST = 120
ENTERED_LATE = "录入时已过期，请尽快办"


def late_note(due: date | None, late_from: date | None, today: date) -> str:
    """What stands beside a due day that had passed when the case was entered: nobody is late by it yet. Empty for every other."""
    return ENTERED_LATE if due is not None and late_from is not None and due < today <= late_from else ""


def working_days_left(due: date | None, today: date, calendar: WorkCalendar) -> int | None:
    """Working days from tomorrow to the due day, both counted; None when it is not ahead, or too far ahead to be counted on fingers."""
    if due is None or not today < due <= today + timedelta(days=FURTHEST):
        return None
    return calendar.working_days_between(today + timedelta(days=1), due).working_days
