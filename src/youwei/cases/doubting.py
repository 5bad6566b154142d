"""Replies already given, once a decision behind them is altered: marked in the case that gave them, never changed."""

from dataclasses import replace

from youwei.cases import asking
from youwei.cases.commands import enter
from youwei.cases.models import Reply
from youwei.decisions.altering import Doing
from youwei.engine.types import EntryKind
from youwei.rulebook.asking import Answer

FREE = frozenset({Answer.FREE, Answer.UNKNOWN})


def doubt_replies(person: int | None, doing: Doing) -> list[Reply]:
    """Mark the replies about a person that the rulebook would now answer otherwise for the same day. Returns them."""
    rows = list(Reply.objects.filter(person=person, doubted=None).select_related("case")) if person else []
    if not rows or person is None:
        return []
    file = replace(asking.files([person])[person], holds=(), open=())
    found = [row for row in rows if row.answer != Answer.UNSETTLED and _otherwise(file, row)]
    for row in found:
        enter(
            case=row.case, kind=EntryKind.NOTE, by=doing.by, on=doing.on, at=doing.at, today=doing.on, step=row.step, key=row.key,
            target=row.entry_seq,
            reason=f"处分决定有变动（{doing.reason.strip()}），原来按规定查询是“{row.answer}”；请重新核对，需要的补发更正",
        )  # fmt: skip
    return found


def _otherwise(file: asking.File, row: Reply) -> bool:
    now = asking.verdict(file, row.intent, row.on).answer
    return now != row.answer and not {now, Answer(row.answer)} <= FREE
