"""The one place that reads the clock, for views, jobs and the command line; rules and commands are handed the day."""

from datetime import date, datetime

from django.utils import timezone


def now() -> datetime:
    return timezone.now()


def today() -> date:
    """The day in China, whatever the machine's zone."""
    return timezone.localdate()
