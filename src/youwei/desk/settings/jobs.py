"""Drawing the consequences of a changed setting in the background. A job knows one number, the setting; how far it has come, the setting says."""

from django_tasks import task

from youwei.cases import recounting
from youwei.organs import clock
from youwei.organs.queries import unfinished


@task()
def recount(setting_id: int) -> None:
    """Go on until all is done; each share stands by itself."""
    while recounting.go_on(setting=setting_id, today=clock.today(), at=clock.now()).finished_at is None:
        pass


def take_up() -> int:
    """Put what is unfinished into the queue: a server was stopped or its machine fell. Returns how many."""
    row = unfinished()
    if row is not None:
        recount.enqueue(row.pk)
    return int(row is not None)
