"""Having the people of a batch join, in the background. A job knows one number: which batch; on whose behalf, its log says."""

from django_tasks import task

from youwei.cases import batches
from youwei.cases.models import Case, Member
from youwei.journal.actors import Actor
from youwei.journal.models import Entry
from youwei.organs import clock

AT_ONCE = 50
"""So many join while the reader waits; more in the background."""


@task()
def join(pk: int) -> None:
    """Have those join who have not, from where it stands."""
    batch = Case.objects.select_related("organ").filter(pk=pk).first()
    if batch is None:
        return
    step = batches.freeze_step(batches.pack_of(batch))
    frozen = Entry.objects.filter(log__kind="case", log__ref=pk, kind="record", step=step).order_by("seq").last()
    if frozen is None:
        return
    by = Actor(frozen.by, frozen.by_id)
    while batches.join_next(batch=batch, by=by, at=clock.now(), today=clock.today()):
        pass


def set_off(batch: Case) -> None:
    """A short list joins now, a long one goes into the queue."""
    if batches.joining(batch) <= AT_ONCE:
        join.call(batch.pk)
    else:
        join.enqueue(batch.pk)


def take_up() -> int:
    """Put what is unfinished into the queue: a server was stopped or its machine fell. Returns how many batches."""
    unfinished = sorted(set(Member.objects.filter(case=None, left_on=None).values_list("batch", flat=True)))
    for pk in unfinished:
        join.enqueue(pk)
    return len(unfinished)
