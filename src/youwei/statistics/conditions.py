"""The conditions under which a row counts, made from the ask, so that a count and the list behind it share them."""

from collections.abc import Callable

from django.db.models import F, Q, Value
from django.db.models.lookups import LessThan

from youwei.cases.models import Done
from youwei.decisions.models import Decision, Measure
from youwei.rulebook.ages import YOUNG_YEARS
from youwei.rulebook.pack_kinds import HELD
from youwei.statistics.asks import COUNTED, Ask, DayNumber, duty

Where = Callable[[Ask], Q]


def everything(_: Ask) -> Q:
    return Q()


def having(**conditions: object) -> Where:
    return lambda _: Q(**conditions)


def with_measure(**conditions: object) -> Where:
    return lambda _: Q(pk__in=Measure.objects.filter(**conditions).values("decision"))


def without_family(family: str) -> Where:
    return lambda _: ~Q(pk__in=Measure.objects.filter(family=family).values("decision"))


def heaviest_form(form: int) -> Where:
    """Decisions in this form of persons who have none in a heavier one within the ask."""

    def where(ask: Ask) -> Q:
        heavier = ask.decisions().filter(form__gt=form, person__isnull=False).values("person")
        return Q(form=form, person__isnull=False) & ~Q(person__in=heavier)

    return where


def light_only(ask: Ask) -> Q:
    heavy = ask.decisions().filter(weight="重", person__isnull=False).values("person")
    return Q(weight="轻", person__isnull=False) & ~Q(person__in=heavy)


def young(_: Ask) -> Q:
    """Under 35 full years on the day of the decision. A stub keeps no birth; whether this was so is kept instead."""
    age_span = DayNumber(F("made_on")) - DayNumber(F("person__born_on"))
    return Q(LessThan(age_span, Value(YOUNG_YEARS * 10_000)), person__born_on__isnull=False) | Q(young=True)


def with_file(_: Ask) -> Q:
    grouped = Done.objects.filter(duty("file"), case__decision__isnull=False, case__person__isnull=False)
    return Q(person__in=grouped.values("case__person")) | Q(person__shelf__gt="")


def without_file(ask: Ask) -> Q:
    return Q(person__isnull=False) & ~with_file(ask)


def held(**conditions: object) -> Where:
    """Visits that took place, not those the person refused or postponed."""
    return having(outcome=HELD, **conditions)


def visited(ask: Ask) -> Q:
    return Q(pk__in=ask.visits_anywhere().filter(outcome=HELD).values("case"))


def visit_missing(ask: Ask) -> Q:
    everywhere = ask.visits_anywhere()
    overdue = ask.cases_overdue() | Q(pk__in=everywhere.exclude(outcome=HELD).values("case"))
    met = everywhere.filter(outcome=HELD, case__person__isnull=False)
    return overdue & ~Q(person__in=met.values("case__person"))


def visit_due(ask: Ask) -> Q:
    return visited(ask) | visit_missing(ask)


def heavy(_: Ask) -> Q:
    return Q(weight="重", person__isnull=False)


def duty_due(kind: str) -> Where:
    """Of a word of `pack_keys.COUNTED_AS`: it was done in time or came late in the period: each counts once, on the day that settled which."""
    return lambda ask: _in_time(ask, kind) | _late(ask, kind)


def duty_on_time(kind: str) -> Where:
    return lambda ask: _in_time(ask, kind) & ~_late(ask, kind)


def duty_late(kind: str) -> Where:
    return lambda ask: _late(ask, kind)


def duty_done(kind: str) -> Where:
    return lambda ask: Q(pk__in=ask.done(duty(kind)).values("case__decision"), state__in=COUNTED)


def _in_time(ask: Ask, kind: str) -> Q:
    return Q(pk__in=ask.done_in_time(duty(kind)).values("case__decision"), state__in=COUNTED)


def _late(ask: Ask, kind: str) -> Q:
    duties = duty(kind)
    made, not_made = ask.done_late(duties).values("case__decision"), ask.undone(duties).values("case__decision")
    return (Q(pk__in=made) | Q(pk__in=not_made)) & Q(state__in=COUNTED)


def done_on_time(ask: Ask) -> Q:
    return Q(late=False, on__range=(ask.start, ask.end))


def undated(_: Ask) -> Q:
    return Q(made_on=None, state__in=COUNTED)


def withdrawn(ask: Ask) -> Q:
    return Q(state=Decision.State.WITHDRAWN, made_on__range=(ask.start, ask.end))
