"""What a record of a batch became in its members' cases, and whether it still says what landed there, or whether they have gone on since."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from youwei.cases import logs
from youwei.cases.many import Wanted
from youwei.cases.models import Case
from youwei.engine.sieve import corrected, sieve
from youwei.engine.types import Entry, EntryKind, Standing
from youwei.rulebook.pack_types import RepeatKind

GONE, REDONE = "这条记录已经撤回、退回或重新办理", "这条记录在他的事项里另行更正过"
NO_ENTRY, SAME = "当时没有落到这件事项", "已经和批次的记录一样"
SIGNED, OVER = "这条记录已经签署", "事项已经结束"


def written(entries: Sequence[Entry], record: Standing) -> Mapping[str, Any]:
    """What a record says now, as it lies in the log."""
    return corrected(
        entries[record.seq - 1], [entries[number - 1] for number in record.entries if number != record.seq]
    ).values


@dataclass(frozen=True, slots=True)
class Reached:
    """What is to become of one member: the correction or the withdrawal, or why there is none."""

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
    landed, record, refusal = _found(batch, seq, entries)
    if landed is None or record is None:
        return Reached(case.pk, None, refusal)
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


def retracted(batch: int, seq: int, cases: Sequence[Case], on: date, reason: str) -> dict[int, Reached]:
    """For each case the withdrawal of the record that came from this entry of the batch, or why it stays: it was altered by hand since, signed,
    or the case has gone on to a step behind it. A fixed number of queries.
    """
    entries = logs.logs(cases)
    return {case.pk: _retracted(batch, seq, case, entries[case.pk], on, reason) for case in cases}


def _retracted(batch: int, seq: int, case: Case, entries: Sequence[Entry], on: date, reason: str) -> Reached:
    landed, record, refusal = _found(batch, seq, entries)
    if landed is None or record is None:
        return Reached(case.pk, None, refusal)
    if case.state in (Case.State.ENDED, Case.State.TERMINATED):
        return Reached(case.pk, None, OVER)
    if record.signs:
        names = "、".join(dict.fromkeys(each.by for each in record.signs.values()))
        return Reached(case.pk, None, f"{SIGNED}（{names}）")
    if further := _gone_on(case, entries, record):
        return Reached(case.pk, None, f"在这以后已经办了“{further}”")
    wanted = Wanted(
        case=case, step=landed.step, key=landed.key, kind=EntryKind.WITHDRAW, target=landed.seq, on=on, reason=reason, seen=len(entries)
    )  # fmt: skip
    return Reached(case.pk, wanted)


def _gone_on(case: Case, entries: Sequence[Entry], record: Standing) -> str:
    """The title of the first step behind a record that was done after it and stands; empty where there is none. Where a record names the day of
    the next of its step, that one is behind it too.
    """
    pack = logs.pack_of(case)
    repeat = pack.steps[record.step].repeat if record.step in pack.steps else None
    behind = {name for name in pack.steps if record.step in pack.ancestors[name]}
    behind |= {record.step} if repeat is not None and repeat.kind is RepeatKind.NEXT else set()
    rest = sorted(
        (other.seq, pack.steps[name].title)
        for name, records in sieve(logs.packs(), entries).records.items()
        if name in behind
        for other in records.values()
        if other.seq > record.seq
    )
    return rest[0][1] if rest else ""


def _found(batch: int, seq: int, entries: Sequence[Entry]) -> tuple[Entry | None, Standing | None, str]:
    """The entry that landed and the record it stands for; or why it is not the batch's to alter any more."""
    landed = next(
        (each for each in entries if each.via is not None and (each.via.batch, each.via.seq) == (batch, seq)), None
    )
    if landed is None:
        return None, None, NO_ENTRY
    record = logs.begun(entries, landed.seq)
    if record is None:
        return None, None, GONE
    later = [entries[number - 1] for number in record.entries if number != landed.seq]
    by_hand = next((each for each in reversed(later) if each.via is None or each.via.batch != batch), None)
    if by_hand is not None:
        return None, None, f"{REDONE}（{by_hand.by}）"
    return landed, record, ""
