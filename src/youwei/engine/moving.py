"""Moving a case to another version of its procedure: what would become of it, and why it may not be moved. Pure; nothing is entered here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from youwei.engine.comparing import renamed
from youwei.engine.differences import differences
from youwei.engine.plan import plan
from youwei.engine.sieve import Packs, sieve
from youwei.engine.types import Change, Entry, EntryKind, Fault, Plan, Sieved, Status
from youwei.rulebook.calendar import WorkCalendar
from youwei.rulebook.pack_types import Kind, Pack, PackRef

ENDED = Fault("", "事项已经结束。", "办结的事项沿用办结时的版本。", "ended")


@dataclass(frozen=True, slots=True)
class Preview:
    """What a move would do. ``faults``: why it may not be; then nothing else is said."""

    faults: tuple[Fault, ...]
    before: Plan
    after: Plan | None = None
    changes: tuple[Change, ...] = ()
    lost: tuple[str, ...] = ()  # records that stand and would be read no longer: the titles of their steps


def preview(
    packs: Packs, log: Sequence[Entry], to: PackRef, calendar: WorkCalendar, today: date, waived: Sequence[str] = ()
) -> Preview:
    """The case before and after a move entered today. ``waived``: steps new in that version which this case is let off."""
    before = plan(packs, log, calendar, today)
    values = move_values(packs[before.pack], packs[to], waived) if to in packs else {}
    entry = Entry(len(log) + 1, EntryKind.MOVED, today, today, "", to=str(to), values=values)
    faults = [ENDED] if before.outcome is not None else move_faults(packs, log, entry, before, calendar)
    if faults:
        return Preview(tuple(faults), before)
    moved = [*log, entry]
    after = plan(packs, moved, calendar, today)
    lost = _lost(sieve(packs, log), before, after, packs[before.pack])
    return Preview((), before, after, tuple(_changes(packs, before, after)), lost)


def move_values(old: Pack, new: Pack, waived: Sequence[str] = ()) -> dict[str, Any]:
    """What the entry of a move holds beside the version: the steps let off, and the old names that the new pack does not give itself."""
    given = {step.was: step.id for step in new.steps.values() if step.was}
    names = {was: now for was, now in renamed(old, new).items() if given.get(was) != now}
    return {**({"waived": list(waived)} if waived else {}), **({"map": names} if names else {})}


def move_faults(
    packs: Packs, log: Sequence[Entry], entry: Entry, before: Plan, calendar: WorkCalendar
) -> list[Fault]:  # fmt: skip
    """Why a case that has not ended may not be moved as the entry says."""
    ref = PackRef.parse(entry.to)
    new, old = packs.get(ref), packs[before.pack]
    if new is None:
        return [Fault("to", f"没有规程“{entry.to}”。", "请选择现有的版本。", "pack")]
    if ref.procedure != before.pack.procedure:
        return [Fault("to", f"“{new.title}”不是这个规程的版本。", "只能转入同一规程的其他版本。", "procedure")]
    if ref == before.pack:
        return [Fault("to", f"事项已经按{ref.version}版办理。", "请选择其他版本。", "same")]
    faults = _waived_faults(entry, old, new)
    if before.held and new.hold is None:
        faults.append(Fault("", "计时正在中止，这个版本没有中止计时的规定。", "请先恢复计时。", "held"))
    waiting = _child_running(before, new, renamed(old, new))
    if waiting:
        message = f"“{waiting}”所启动的事项还没有办结，这个版本里没有这一环节。"
        faults.append(Fault("", message, "请等它办结。", "child running"))
    if faults:
        return faults
    after = plan(packs, [*log, entry], calendar, entry.at)
    if after.outcome is not None:
        title = new.outcomes[after.outcome].title
        return [Fault("", f"转入就会立即办结（{title}）。", "请在原来的版本办结，或者另选版本。", "would end")]
    if after.stuck and not before.stuck:
        return [Fault("", "转入以后没有一个环节能办，也到不了结局。", "请另选版本。", "stuck")]
    return []


def undo_faults(packs: Packs, log: Sequence[Entry], target: Entry, now: Plan) -> list[Fault]:
    """Why a move may not be taken back any more."""
    if now.outcome is not None:
        return [ENDED]
    gone = {entry.target for entry in log if entry.kind is EntryKind.WITHDRAW}
    later = [entry for entry in log if entry.seq > target.seq and entry.seq not in gone]
    if any(entry.kind is EntryKind.MOVED for entry in later):
        return [Fault("target", "这次转入之后又转入过别的版本。", "请先撤回后一次。", "moved again")]
    was = [entry for entry in log if entry.seq < target.seq]
    old, new = sieve(packs, was).pack, packs[PackRef.parse(target.to)]
    back = {now: then for then, now in renamed(old, new).items()}
    names = dict.fromkeys(entry.step for entry in later if entry.step)
    titles = [new.steps[name].title for name in names if name in new.steps and back.get(name, name) not in old.steps]
    if titles:
        message = f"转入以后已经办了原来的版本没有的环节：{'、'.join(titles)}。"
        return [Fault("target", message, "不能撤回了；要回到原来的版本，请再转入一次。", "worked on")]
    if any(name in back for name in names):
        return [Fault("target", "转入以后已经按新的环节名称办理过。", "要回到原来的版本，请再转入一次。", "worked on")]
    return []


def _waived_faults(entry: Entry, old: Pack, new: Pack) -> list[Fault]:
    """Only a step that is new, and that may be left undone, can be waived."""
    names = renamed(old, new)
    known = {names.get(name, name) for name in old.steps}
    faults = []
    for name in entry.values.get("waived") or ():
        step = new.steps.get(name)
        if step is None:
            faults.append(Fault("waived", f"这个版本里没有“{name}”这个环节。", "请刷新页面。", "waived"))
        elif name in known:
            message = f"“{step.title}”原来的版本就有，不能在转入时免除。"
            faults.append(Fault("waived", message, "不办的，在环节里写明原因。", "waived"))
        elif step.must:
            faults.append(Fault("waived", f"“{step.title}”不得留空不办，不能免除。", "后面要以它为准。", "waived"))
    return faults


def _child_running(before: Plan, new: Pack, names: dict[str, str]) -> str:
    for item in before.items:
        step = new.steps.get(names.get(item.step, item.step))
        if any(reason.rule == "child running" for reason in item.why) and (step is None or step.kind is not Kind.CASE):
            return item.title
    return ""


def _lost(then: Sieved, before: Plan, after: Plan, old: Pack) -> tuple[str, ...]:
    """The steps with a record that the plan reads now and would not read any more."""
    now_read, still_read = ({seq for item in each.items for seq in item.entries} for each in (before, after))
    titles = (
        old.steps[name].title
        for name, records in then.records.items()
        for record in records.values()
        if record.seq in now_read - still_read
    )
    return tuple(dict.fromkeys(titles))


def _changes(packs: Packs, before: Plan, after: Plan) -> list[Change]:
    """The differences, a step called otherwise being the same; what is not asked for on either side is left out."""
    names = renamed(packs[before.pack], packs[after.pack])
    items = tuple(replace(item, step=names.get(item.step, item.step)) for item in before.items)
    skipped = ((None, Status.SKIPPED), (Status.SKIPPED, None))
    return [
        each for each in differences(replace(before, items=items), after) if (each.before, each.after) not in skipped
    ]
