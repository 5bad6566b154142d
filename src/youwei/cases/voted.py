"""Steps that are done by a secret vote (kind appraisal with voters): the record is made by closing the vote, or by signed opinions, and only so."""

from collections.abc import Mapping
from typing import Any

from youwei.engine.tally import sheet
from youwei.engine.types import Entry, EntryKind, Fault
from youwei.rulebook.pack_types import Pack, Step

VOTE = "vote"
"""Beside the values: the number of the vote the record comes from; 0 where signed opinions took its place."""
ON_ITS_PAGE = Fault("", "民主评议的票数不能手工填写。", "请在评议的页面上办理：投票结束后，由系统计票、写入。", "vote")


def by_vote(step: Step | None) -> bool:
    return step is not None and step.voters is not None


def told_counts(step: Step, values: Mapping[str, Any]) -> str:
    """What each item got, in one line an item: 思想认识 好3、差1; 弃权 and 该项无效 too. Of a step that is voted on."""
    head, *rows = sheet(step, values)
    marked = [
        (row[0], [f"{name}{number}" for name, number in zip(head[1:], row[1:], strict=True) if number != "0"])
        for row in rows
    ]
    return "；".join(f"{item} {'、'.join(found) or '没有有效票'}" for item, found in marked)


def record_faults(pack: Pack, entry: Entry, beside: Mapping[str, Any] | None) -> list[Fault]:
    """Nobody types a count."""
    if entry.kind is EntryKind.RECORD and by_vote(pack.steps.get(entry.step)) and VOTE not in (beside or {}):
        return [ON_ITS_PAGE]
    return []
