"""What differs between two plans: the preview of a correction, of a new version, of a changed calendar."""

from __future__ import annotations

from youwei.engine.types import Change, Item, Plan


def differences(a: Plan, b: Plan) -> list[Change]:
    """From plan ``a`` to plan ``b``, in the order of ``b``; what has gone comes last."""
    before = {(item.step, item.key): item for item in a.items}
    after = {(item.step, item.key): item for item in b.items}
    changes: list[Change] = []
    for place, item in after.items():
        old = before.get(place)
        if old is None:
            changes.append(Change(*place, item.title, "appeared", None, item.status))
        else:
            changes += _item(old, item)
    for place, item in before.items():
        if place not in after:
            changes.append(Change(*place, item.title, "gone", item.status, None))
    if a.outcome != b.outcome:
        changes.append(Change("", "", "", "outcome", a.outcome, b.outcome))
    if a.conflict != b.conflict:
        changes.append(Change("", "", "", "conflict", a.conflict, b.conflict))
    return changes


def _item(old: Item, new: Item) -> list[Change]:
    pairs = [
        ("status", old.status, new.status),
        ("start", old.window.start, new.window.start),
        ("due", old.window.due, new.window.due),
        ("limit", old.window.limit, new.window.limit),
        ("late_from", old.window.late_from, new.window.late_from),
        ("stopped", old.window.stopped, new.window.stopped),
        ("who", old.who, new.who),
        ("missing", old.missing, new.missing),
    ]
    return [
        Change(new.step, new.key, new.title, what, before, after) for what, before, after in pairs if before != after
    ]
