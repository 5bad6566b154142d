"""Writing a checked import and taking one back, in the background. A job knows one number, the import; on whose behalf, the import says.

What a stopped server left unfinished is put into the queue again by `take_up`.
"""

from types import TracebackType
from typing import Literal

from django_tasks import task

from youwei.cases import taking, undoing
from youwei.intake import commands as intake
from youwei.intake.models import Import
from youwei.journal.actors import Actor
from youwei.organs import clock
from youwei.organs.policy import may, reader

State = Import.State
WRITING = (State.QUEUED, State.WRITING)
RUNNING = (*WRITING, State.UNDOING)
INTERRUPTED = "写入时出了错，已经写入的行都在，其余的行没有写入"
UNDO_INTERRUPTED = "撤回时出了错，已经撤去的不再恢复，其余的还没有撤"
NOT_ALLOWED = "确认写入的人已经没有导入的权限；请由有权限的经办人继续"


class WritingStopped(RuntimeError):
    """The writing broke off. Says what kind of failure it was, and nothing of what was being written."""


@task()
def write(import_id: int) -> None:
    """Write the rows of an import; done rows are counted on the import with every chunk."""
    batch = _found(import_id)
    if batch is None or batch.state not in WRITING:
        return
    by = _allowed(batch)
    if by is None:
        intake.set_state(batch=batch, state=State.FAILED, message=NOT_ALLOWED)
        return
    with Marking(import_id, State.FAILED, INTERRUPTED):
        created = taking.take_in(batch=batch, by=by, at=clock.now(), today=clock.today())
        if created:
            intake.set_state(batch=batch, state=State.DONE, at=clock.now(), message=_told(created))


@task()
def undo(import_id: int) -> None:
    """Take an import back. It was decided when that was asked for: it goes through, or waits to be gone on with."""
    batch = _found(import_id)
    if batch is None or batch.state != State.UNDOING:
        return
    with Marking(import_id, State.UNDOING, UNDO_INTERRUPTED):
        by = Actor(batch.ordered_by.name, batch.ordered_by.pk) if batch.ordered_by else Actor(batch.by_name)
        undoing.undo(batch=batch, by=by, at=clock.now(), today=clock.today())


def take_up() -> int:
    """Put what is unfinished into the queue: a server was stopped or its machine fell. Returns how many imports."""
    unfinished = Import.objects.filter(state__in=RUNNING).order_by("pk").values_list("pk", "state")
    for pk, state in unfinished:
        (undo if state == State.UNDOING else write).enqueue(pk)
    return len(unfinished)


def _found(pk: int) -> Import | None:
    return Import.objects.select_related("organ", "ordered_by").defer("kept").filter(pk=pk).first()


def _allowed(batch: Import) -> Actor | None:
    """Whoever had the import written, while that is still theirs to do. Nobody did on a page: it was begun at the shell."""
    account = batch.ordered_by
    if account is None:
        return Actor(batch.by_name, batch.by_id)
    if not may(reader(account, clock.today()), "import.run", batch):
        return None
    return Actor(account.name, account.pk)


class Marking:
    """Marks an import as interrupted when its job breaks off, whatever the cause, and keeps the rows out of what the failure says."""

    def __init__(self, import_id: int, state: str, message: str) -> None:
        self.import_id, self.state, self.message = import_id, state, message

    def __enter__(self) -> None:
        return None

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> Literal[False]:
        if not isinstance(problem, Exception):
            return False
        batch = Import.objects.defer("kept").get(pk=self.import_id)
        intake.set_state(batch=batch, state=self.state, message=self.message)
        raise WritingStopped(type(problem).__name__) from None


def _told(created: list[str]) -> str:
    names = "、".join(created[:12])
    return f"新建机关{len(created)}个：{names}{'等' if len(created) > 12 else ''}"
