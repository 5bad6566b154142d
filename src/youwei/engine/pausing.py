"""Standing still for somebody's sake: what meets a person face to face may be paused, on a ground that says nothing of why."""

from __future__ import annotations

from youwei.engine.types import Entry
from youwei.rulebook.pack_types import Kind, Pack, Step

PAUSED = "暂缓进行"
FACE_TO_FACE = frozenset({Kind.TALK, Kind.VISIT, Kind.MEETING, Kind.APPRAISAL})


def meets(step: Step) -> bool:
    """Whether somebody is met in a step, and may turn out to be in distress."""
    return step.kind in FACE_TO_FACE and step.distress


def meets_people(pack: Pack) -> bool:
    return any(meets(step) for step in pack.steps.values())


def pauses(pack: Pack, entry: Entry) -> bool:
    """Whether an entry stops the clock on the ground that every such pack has and none writes."""
    return entry.values.get("ground") == PAUSED and meets_people(pack)
