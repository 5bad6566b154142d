"""Steps that are done by altering the decision (kind alteration): the record is made with the alteration, in its transaction, and only so.

A case cannot say that a decision was changed while the decision does not, nor the other way round.
"""

from collections.abc import Iterable, Sequence

from youwei.cases import logs
from youwei.cases.models import Case, OpenStep
from youwei.engine.types import Entry, EntryKind, Fault
from youwei.rulebook.pack_types import Kind, Step

MADE_ELSEWHERE = "“{title}”不在这里记录：登记处分决定的变动后，由系统写入。"
REMEDY = "请到决定的页面登记；登记错的，请在那里撤回登记。"
TOUCHING = (EntryKind.RECORD, EntryKind.CORRECT, EntryKind.WITHDRAW)


def record_faults(case: Case, entry: Entry, entries: Sequence[Entry]) -> list[Fault]:
    """Nobody types, corrects or withdraws the record of such a step."""
    if entry.kind not in TOUCHING:
        return []
    step = _step_meant(case, entry, entries)
    if step is None or step.kind is not Kind.ALTERATION:
        return []
    return [Fault("", MADE_ELSEWHERE.format(title=step.title), REMEDY, "altered elsewhere")]


def _step_meant(case: Case, entry: Entry, entries: Sequence[Entry]) -> Step | None:
    by_seq = {each.seq: each for each in entries}
    about: Entry | None = entry
    while about is not None and about.target:
        about = by_seq.get(about.target)
    return logs.pack_of(case).steps.get(about.step) if about is not None else None


def waiting(cases: Iterable[Case], alters: str) -> dict[int, list[OpenStep]]:
    """By case, its open steps that wait for this alteration (a word of `pack_keys.ALTERATIONS`). One query."""
    found: dict[int, list[OpenStep]] = {}
    rows = OpenStep.objects.filter(case__in=list(cases), kind=Kind.ALTERATION, part="", scheduled=False)
    for row in rows.select_related("case").order_by("pk"):
        if logs.pack_of(row.case).steps[row.step].alters == alters:
            found.setdefault(row.case_id, []).append(row)
    return found
