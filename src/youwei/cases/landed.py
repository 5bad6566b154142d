"""What a record of a batch became in its members' cases, and whether it still says what landed there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from youwei.cases import logs
from youwei.cases.many import Wanted
from youwei.cases.models import Case
from youwei.engine.sieve import corrected
from youwei.engine.types import Entry, EntryKind, Standing

GONE, REDONE = "这条记录已经撤回、退回或重新办理", "这条记录在他的事项里另行更正过"
NO_ENTRY, SAME = "当时没有落到这件事项", "已经和批次的记录一样"


def written(entries: Sequence[Entry], record: Standing) -> Mapping[str, Any]:
    """What a record says now, as it lies in the log."""
    return corrected(
        entries[record.seq - 1], [entries[number - 1] for number in record.entries if number != record.seq]
    ).values


@dataclass(frozen=True, slots=True)
class Reached:
    """What is to become of one member: the correction, or why there is none."""

    case: int
    wanted: Wanted | None
    refusal: str = ""


def reached(
    batch: int, seq: int, cases: Sequence[Case], values: Mapping[str, Any], on: date, reason: str
) -> dict[int, Reached]:
    """For each case what would be corrected in the record that came from this entry of the batch. A fixed number of queries.

    `values` are those the batch shares with its members, as they are now; what a record says already is not said again.
    """
    entries = logs.logs(cases)
    return {case.pk: _reached(batch, seq, case, entries[case.pk], values, on, reason) for case in cases}


def _reached(
    batch: int, seq: int, case: Case, entries: Sequence[Entry], values: Mapping[str, Any], on: date, reason: str
) -> Reached:
    landed = next(
        (each for each in entries if each.via is not None and (each.via.batch, each.via.seq) == (batch, seq)), None
    )
    if landed is None:
        return Reached(case.pk, None, NO_ENTRY)
    record = logs.begun(entries, landed.seq)
    if record is None:
        return Reached(case.pk, None, GONE)
    later = [entries[number - 1] for number in record.entries if number != landed.seq]
    by_hand = next((each for each in reversed(later) if each.via is None or each.via.batch != batch), None)
    if by_hand is not None:
        return Reached(case.pk, None, f"{REDONE}（{by_hand.by}）")
    step, said = logs.pack_of(case).steps.get(landed.step), written(entries, record)
    news = {
        name: each for name, each in values.items() if (step is None or name in step.form) and said.get(name) != each
    }
    if record.on == on and not news:
        return Reached(case.pk, None, SAME)
    wanted = Wanted(
        case=case, step=landed.step, key=landed.key, kind=EntryKind.CORRECT, target=landed.seq, on=on, values=news, reason=reason,
        seen=len(entries),
    )  # fmt: skip
    return Reached(case.pk, wanted)
