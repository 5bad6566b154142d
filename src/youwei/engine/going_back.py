"""Between a step that sends back and the one it is sent back to: what lies there, and what of it may be done again if the sender says so."""

from __future__ import annotations

from youwei.engine.types import Entry, Fault
from youwei.rulebook.pack_types import Kind, Pack, Step

HAPPENED = frozenset(
    {Kind.TALK, Kind.VISIT, Kind.MEETING, Kind.STUDY, Kind.APPRAISAL, Kind.LETTER, Kind.NOTICE, Kind.STATEMENT, Kind.ITEM}
)  # fmt: skip


def between(pack: Pack, sender: str, target: str) -> list[Step]:
    """The steps after the one gone back to and before the sender; parallel branches are untouched."""
    return [
        step for name, step in pack.steps.items() if target in pack.ancestors[name] and name in pack.ancestors[sender]
    ]


def may_be_redone(pack: Pack, sender: str, target: str) -> list[Step]:
    """What happened once and stands, unless the sender wants it done again: a letter whose text is changed goes out anew.

    A repeated step takes a further record anyway; a secret ballot and what has landed on the members of a batch are not undone from here.
    """
    return [
        step
        for step in between(pack, sender, target)
        if step.kind in HAPPENED and step.repeat is None and step.voters is None and step.lands is None
    ]


def redo_faults(pack: Pack, entry: Entry) -> list[Fault]:
    """Why what a send-back wants done again cannot be."""
    titles = {step.id: step.title for step in may_be_redone(pack, entry.step, entry.to)}
    if set(entry.values.get("redo") or ()) <= titles.keys():
        return []
    can = f"可以选的有：{'、'.join(titles.values())}" if titles else "没有可以选的，请都不选"
    return [Fault("redo", "选了不在这两个环节之间的。", f"退回到“{pack.steps[entry.to].title}”，{can}。", "return")]
