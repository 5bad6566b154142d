"""One person and the decisions on them, for the tests of this room."""

from datetime import UTC, date, datetime
from typing import Any

from tests.support.cast import Cast
from youwei.decisions.commands import Given, NewDecision, record_many
from youwei.decisions.models import Decision, Period
from youwei.journal.actors import Actor
from youwei.people.commands import build, register_many
from youwei.people.models import Person
from youwei.rulebook.law import load_law

CLERK = Actor("方知行")
ENTERED = date(2026, 3, 16)
AT = datetime(2026, 3, 16, 1, 30, tzinfo=UTC)
STAMP: dict[str, Any] = {"by": CLERK, "on": ENTERED, "at": AT}


def person(cast: Cast, name: str = "许南舟", **facts: Any) -> Person:
    return register_many([build(organ=cast.bureau, name=name, **facts)], **STAMP)[0]


def new(cast: Cast, someone: Person | None, *labels: str, effective: date | None = None, **more: Any) -> NewDecision:
    """A decision giving these measures; the acts lie in 2021, under the law of 2018 and 2020, so that nothing is in doubt."""
    law = load_law()
    kinds = [law.recognise(label) for label in labels]
    given = tuple(Given(kind, label) for kind, label in zip(kinds, labels, strict=True) if kind is not None)
    assert len(given) == len(labels), labels
    fields: dict[str, Any] = {"made_on": effective, "effective_on": effective, "acts_until": date(2021, 6, 30), **more}
    return NewDecision(
        deciding_organ=cast.commission, counted_at=cast.district, measures=given, person=someone, unit=someone and someone.organ, **fields
    )  # fmt: skip


def record(*news: NewDecision, convention: str = "inclusive") -> list[Decision]:
    return [decision for decision, _, _ in record_many(news, convention=convention, **STAMP)]


def current(decision: Decision) -> list[Period]:
    """The periods that hold now, the earliest first."""
    return list(Period.objects.filter(measure__decision=decision, current=True).order_by("starts_on", "measure_id"))


def days(decision: Decision) -> list[tuple[str, date | None, date | None]]:
    return [(period.span, period.starts_on, period.last_day) for period in current(decision)]
