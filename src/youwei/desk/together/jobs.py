"""Recording in many cases in the background. A job knows one number: which act for many."""

from django_tasks import task

from youwei.cases.models import Bulk
from youwei.documents import bulk
from youwei.organs import clock

AT_ONCE = 20
"""So many are recorded while the reader waits; more go in the background."""


@task()
def go_on(pk: int) -> None:
    """Do what is left of it, from where it stands."""
    row = Bulk.objects.select_related("account").filter(pk=pk, state=Bulk.State.RUNNING).first()
    if row is not None:
        bulk.go_on(bulk=row, at=clock.now(), today=clock.today())


def set_off(row: Bulk) -> None:
    """Do a short one now, and put a long one into the queue."""
    if row.lines.count() <= AT_ONCE:
        bulk.go_on(bulk=row, at=clock.now(), today=clock.today())
    else:
        go_on.enqueue(row.pk)


def take_up() -> int:
    """Put what is unfinished into the queue: a server was stopped or its machine fell. Returns how many."""
    unfinished = list(Bulk.objects.filter(state=Bulk.State.RUNNING).order_by("pk").values_list("pk", flat=True))
    for pk in unfinished:
        go_on.enqueue(pk)
    return len(unfinished)
