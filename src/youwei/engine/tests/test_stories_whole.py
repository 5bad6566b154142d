"""The stories beside a pack leave nothing of it untold: each end, each branch both ways, lateness, sending back, correction, hold.

What counts is what an author typed by hand, not what the program happened to do: an end, a branch not taken and a late step must stand under
``expect``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from youwei.engine.stories import stories
from youwei.rulebook.pack_types import Pack
from youwei.rulebook.packs import PACKS, load_packs

RELEASED = load_packs(PACKS)
TOLD = stories(PACKS)


def told_of(pack: Pack) -> list[Mapping[str, Any]]:
    """Its own stories, and those of the pack it is laid over: what local rules leave as it was need not be told again."""
    refs = {f"{each.procedure}@{each.version}" for each in (pack.ref, pack.extends) if each is not None}
    return [story for _, story in TOLD if story["procedure"] in refs]


def acts(told: list[Mapping[str, Any]], kind: str) -> list[Mapping[str, Any]]:
    """What was done, not what was refused."""
    return [line for story in told for line in story["story"] if kind in line and "refused" not in line]


def expected(told: list[Mapping[str, Any]], key: str) -> list[Any]:
    return [line["expect"][key] for story in told for line in story["story"] if key in line.get("expect", {})]


def windows(given: Any) -> Iterator[Mapping[str, Any]]:
    """The dates expected of open steps, where the author named any."""
    if isinstance(given, Mapping):
        yield from (each for each in given.values() if isinstance(each, Mapping))


def untold(pack: Pack) -> list[str]:
    """What no story of the pack tells, in words; empty when all is told."""
    told = told_of(pack)
    done = {line["record"] for line in acts(told, "record")}
    skipped = [*expected(told, "skipped"), *expected(told, "unasked")]
    left_out = {name.partition("/")[0] for given in skipped for name in given or ()}
    late = any(each.get("late") is True for given in expected(told, "open") for each in windows(given))
    judged = any(step.approves or step.returns for step in pack.steps.values())
    dated = any(step.due or step.limit for step in pack.steps.values())
    found = [f"结局 {each}" for each in sorted(set(pack.outcomes) - set(expected(told, "outcome")))]
    found += [f"步骤 {each} 从来没有办" for each in sorted(set(pack.steps) - done)]
    conditional = {each.id for each in pack.steps.values() if each.when is not None}
    found += [f"步骤 {each} 从来没有不需要办" for each in sorted(conditional - left_out)]
    found += ["没有逾期"] if dated and not late else []
    found += ["没有退回"] if judged and not acts(told, "return") else []
    found += ["没有更正"] if not acts(told, "correct") else []
    found += ["没有中止和恢复"] if pack.hold and not (acts(told, "hold") and acts(told, "resume")) else []
    return found


@pytest.mark.req("I1")
@pytest.mark.parametrize("ref", sorted(RELEASED), ids=lambda ref: f"{ref.procedure}@{ref.version}")
def test_the_stories_of_a_released_pack_leave_nothing_untold(ref: Any) -> None:
    assert untold(RELEASED[ref]) == []


def test_a_pack_with_nothing_told_is_found_out() -> None:
    pack = next(each for each in RELEASED.values() if each.hold and any(step.returns for step in each.steps.values()))
    bare = [line for line in TOLD if line[1]["procedure"].partition("@")[0] != pack.ref.procedure]
    kept, TOLD[:] = list(TOLD), bare
    try:
        assert len(untold(pack)) >= len(pack.outcomes) + len(pack.steps) + 3
    finally:
        TOLD[:] = kept
