"""Acts on an import, each under the lock of its row: two people, or a double click, do it once."""

from datetime import date

from django.db import transaction
from django.http import Http404

from youwei.cases import taking, undoing
from youwei.desk.importing import jobs
from youwei.desk.importing.queries import plan_of
from youwei.intake import commands as intake
from youwei.intake.models import Import, StagedRow
from youwei.intake.queries import Refused

State = Import.State


def locked(pk: int) -> Import:
    """The import, held until the transaction ends; whoever comes second waits, and then sees what the first did."""
    batch = Import.objects.select_for_update(of=("self",)).select_related("organ").filter(pk=pk).first()
    if batch is None:
        raise Http404
    return batch


@transaction.atomic
def confirm(*, pk: int, seen: str, account_id: int) -> bool:
    """Put the writing of a checked import into the queue. False when it has begun already."""
    batch = locked(pk)
    if batch.state != State.CHECKED:
        return False
    plan = plan_of(batch)
    if plan.seen != seen:
        raise Refused("打开这一页以后，核对的内容有了改动，还没有写入", "请看一遍现在的数字，再确认")
    if not plan.rows:
        raise Refused("没有可以写入的行", "改好拒绝的行，或回答“是不是同一个人”，再写入")
    _enqueue(batch, account_id)
    return True


@transaction.atomic
def resume(*, pk: int, account_id: int) -> bool:
    """Go on from where it stands with a writing or a taking back that was interrupted. False when there is nothing to go on with."""
    batch = locked(pk)
    if batch.state == State.UNDOING:
        jobs.undo.enqueue(pk)
    elif batch.state in (State.FAILED, *jobs.WRITING):
        _enqueue(batch, account_id)
    else:
        return False
    return True


def _enqueue(batch: Import, account_id: int) -> None:
    intake.set_state(batch=batch, state=State.QUEUED, ordered_by=account_id)
    jobs.write.enqueue(batch.pk)


@transaction.atomic
def undo(*, pk: int, account_id: int) -> bool:
    """Put the taking back of a whole import into the queue; refused when something was built on it. False when it has begun already."""
    begun = undoing.begin(batch=locked(pk), ordered_by=account_id)
    if begun:
        jobs.undo.enqueue(pk)
    return begun


@transaction.atomic
def discard(*, pk: int) -> None:
    """Forget an upload nothing was written from."""
    batch = checked(pk)
    intake.discard(batch=batch)


def checked(pk: int) -> Import:
    """The import, held, as long as nothing of it was written."""
    batch = locked(pk)
    if batch.state != State.CHECKED:
        raise Refused(f"这批导入{batch.get_state_display()}，不能再改", "需要改动时，先撤回整批，再重新导入")
    return batch


@transaction.atomic
def mend(*, pk: int, number: int, cells: dict[int, str], today: date) -> StagedRow:
    """Put other text into cells of a row and check it again."""
    batch = checked(pk)
    return intake.mend_row(staged=_row(batch, number), cells=cells, on=today, matcher=taking.matcher(batch.organ))


@transaction.atomic
def answer(*, pk: int, given: dict[int, str]) -> int:
    """Say who rows are about; returns how many answers changed."""
    batch = checked(pk)
    rows = StagedRow.objects.filter(batch=batch, outcome=StagedRow.Outcome.ASK, number__in=given).order_by("number")
    changed = [row for row in rows if row.answer != given[row.number]]
    for row in changed:
        intake.answer_row(staged=row, answer=given[row.number])
    return len(changed)


def _row(batch: Import, number: int) -> StagedRow:
    row = StagedRow.objects.select_related("batch__organ").filter(batch=batch, number=number).first()
    if row is None:
        raise Http404
    return row
