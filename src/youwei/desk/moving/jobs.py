"""Moving cases to another version and taking it back, in the background. A job knows one number: which moving; on whose behalf, the moving says."""

from typing import Any

from django.db import transaction
from django_tasks import task

from youwei.cases import moving
from youwei.cases.models import Moving
from youwei.organs import clock

State = Moving.State
RUNNING = (State.MOVING, State.UNDOING)


@task()
def go_on(moving_id: int) -> None:
    """Move the cases, or take the moves back, from where it stands."""
    row = Moving.objects.select_related("account").filter(pk=moving_id).first()
    if row is not None:
        moving.go_on(moving=row, today=clock.today(), at=clock.now())


def take_up() -> int:
    """Put what is unfinished into the queue: a server was stopped or its machine fell. Returns how many."""
    unfinished = list(Moving.objects.filter(state__in=RUNNING).order_by("pk").values_list("pk", flat=True))
    for pk in unfinished:
        go_on.enqueue(pk)
    return len(unfinished)


@transaction.atomic
def begin(**given: Any) -> int:
    """Have cases moved, as `cases.moving.begin` takes them in. Returns the number of the moving."""
    row = moving.begin(**given)
    go_on.enqueue(row.pk)
    return row.pk


@transaction.atomic
def back(row: Moving) -> bool:
    """Have the moves taken back, or go on with what was interrupted. False when there is nothing to take back."""
    if row.state in RUNNING or moving.take_back(pk=row.pk):
        go_on.enqueue(row.pk)
        return True
    return False
