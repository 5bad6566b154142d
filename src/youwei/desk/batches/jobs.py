"""Having the people of a batch join, in the background. A job knows one number: which batch; on whose behalf, its log says."""

from django_tasks import task

from youwei.cases import batches, candidates
from youwei.cases.models import Case, Gathering, Member
from youwei.journal.actors import Actor
from youwei.journal.models import Entry
from youwei.organs import clock
from youwei.organs.models import Account

AT_ONCE, AT_ONCE_THROUGH = 50, 200
"""So many join, and so many are gone through, while the reader waits; more in the background."""


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


@task()
def gather(pk: int) -> None:
    """Go through whom a batch may take, from where it stands."""
    row = Gathering.objects.select_related("batch", "account").filter(pk=pk, state=Gathering.State.RUNNING).first()
    if row is not None:
        candidates.go_on(gathering=row, today=clock.today())


def gathered(batch: Case, account: Account, *, again: bool = False) -> Gathering:
    """Whom a batch may take. A short reach is gone through anew each time; of a long one what was found stands until it is asked for again."""
    row = Gathering.objects.filter(batch=batch).first()
    if row is not None and row.account_id == account.pk and not again and row.total > AT_ONCE_THROUGH:
        return row
    row = candidates.begin(batch=batch, account=account, at=clock.now())
    if row.total <= AT_ONCE_THROUGH:
        candidates.go_on(gathering=row, today=clock.today())
    else:
        gather.enqueue(row.pk)
    return row


def take_up() -> int:
    """Put what is unfinished into the queue: a server was stopped or its machine fell. Returns how many batches."""
    unfinished = sorted(set(Member.objects.filter(case=None, left_on=None).values_list("batch", flat=True)))
    for pk in unfinished:
        join.enqueue(pk)
    through = list(Gathering.objects.filter(state=Gathering.State.RUNNING).values_list("pk", flat=True))
    for pk in through:
        gather.enqueue(pk)
    return len(unfinished) + len(through)
