"""Looking at what a holiday notice moves, and moving it, in the background. A job knows one number: which redating."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from django.db import transaction
from django_tasks import task

from youwei.cases import redating
from youwei.cases.models import Redating
from youwei.journal.actors import Actor
from youwei.organs import clock
from youwei.organs.models import Organ

State = Redating.State
RUNNING = (State.LOOKING, State.MOVING)


@task()
def go_on(redating_id: int) -> None:
    """Do what is to be done in the background, from where it stands."""
    row = Redating.objects.filter(pk=redating_id).first()
    if row is not None and row.state == State.LOOKING:
        redating.look(redating=row, today=clock.today(), at=clock.now())
    elif row is not None and row.state == State.MOVING:
        redating.move(redating=row, today=clock.today(), at=clock.now())


def take_up() -> int:
    """Put what is unfinished into the queue: a server was stopped or its machine fell. Returns how many."""
    unfinished = list(Redating.objects.filter(state__in=RUNNING).order_by("pk").values_list("pk", flat=True))
    for pk in unfinished:
        go_on.enqueue(pk)
    return len(unfinished)


@transaction.atomic
def begin(*, year: int, source: str, days: Iterable[Mapping[str, str]], organ: Organ, by: Actor, at: datetime) -> int:
    """Have looked at what a notice moves. Returns the number of the redating."""
    row = redating.begin(year=year, source=source, days=days, organ=organ, by=by, at=at)
    go_on.enqueue(row.pk)
    return row.pk


@transaction.atomic
def confirm(*, pk: int, by: Actor, on: date, at: datetime) -> bool:
    """Enter the notice and have moved what it moves, or go on with either. False when there is nothing to go on with."""
    if redating.confirm(pk=pk, by=by, on=on, at=at) or Redating.objects.filter(pk=pk, state__in=RUNNING).exists():
        go_on.enqueue(pk)
        return True
    return False
