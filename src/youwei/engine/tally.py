"""Counting secret ballots: which count, which are void, and what the record of the step says. Pure; the order of ballots is never read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from youwei.engine.types import Fault
from youwei.rulebook.pack_kinds import SECRET, SIGNED
from youwei.rulebook.pack_parts import Voters
from youwei.rulebook.pack_types import Step

Ballot = Mapping[str, str]
"""What a ballot says of each item: one of the options, BLANK or DOUBLE. An item that is not named is blank."""
BLANK, DOUBLE = "", "×"


@dataclass(frozen=True, slots=True)
class Line:
    """One item: how many marked each option, left it blank, marked it twice."""

    item: str
    title: str
    counts: tuple[tuple[str, int], ...]
    abstained: int
    spoiled: int


@dataclass(frozen=True, slots=True)
class Tally:
    cast: int
    void: int
    lines: tuple[Line, ...]


def is_void(step: Step, ballot: Ballot) -> bool:
    """Whether a whole ballot does not count, by the pack's rules: an empty one never does."""
    marks = [ballot.get(item.id, BLANK) for item in step.items]
    rules = step.voters or Voters("", 0)
    empty = all(mark == BLANK for mark in marks)
    return empty or (rules.blank == "ballot" and BLANK in marks) or (rules.double == "ballot" and DOUBLE in marks)


def tally(step: Step, ballots: Iterable[Ballot]) -> Tally:
    """Count them."""
    cast, void, marks = 0, 0, {item.id: Counter[str]() for item in step.items}
    for ballot in ballots:
        cast += 1
        if is_void(step, ballot):
            void += 1
            continue
        for item in step.items:
            marks[item.id][ballot.get(item.id, BLANK)] += 1
    lines = [
        Line(
            item.id, item.title, tuple((option, marks[item.id][option]) for option in step.options),
            marks[item.id][BLANK], marks[item.id][DOUBLE],
        )
        for item in step.items
    ]  # fmt: skip
    return Tally(cast, void, tuple(lines))


def values(found: Tally, *, entitled: int, remarks: Sequence[str] = ()) -> dict[str, Any]:
    """What the record of a secret vote says."""
    return {"manner": SECRET, "entitled": entitled, **_counted(found), **_texts("remarks", remarks)}


def signed_values(step: Step, opinions: Sequence[Mapping[str, str]], *, entitled: int) -> dict[str, Any]:
    """What the record says where signed opinions took the place of a vote: who said what, and how many marked what."""
    said = _counted(tally(step, opinions))
    del said["void"]  # words without a grade are an opinion too
    return {"manner": SIGNED, "entitled": entitled, **said, "opinions": [dict(each) for each in opinions]}


def _counted(found: Tally) -> dict[str, Any]:
    return {
        "cast": found.cast,
        "void": found.void,
        "counts": [
            {"item": line.title, "option": option, "number": number}
            for line in found.lines
            for option, number in line.counts
        ],
        "blanks": [{"item": line.title, "abstained": line.abstained, "spoiled": line.spoiled} for line in found.lines],
    }


def _texts(name: str, texts: Sequence[str]) -> dict[str, Any]:
    return {name: [{"text": each} for each in sorted(texts)]} if texts else {}


def sheet(step: Step, said: Mapping[str, Any]) -> list[list[str]]:
    """The record as a table: a head, then a row for each item with what each option got, what was left blank and what was marked twice."""
    counts = {(row["item"], row["option"]): int(row["number"]) for row in said.get("counts") or ()}
    blanks = {row["item"]: row for row in said.get("blanks") or ()}
    rows = [["项目", *step.options, "弃权", "该项无效"]]
    for item in step.items:
        left = blanks.get(item.title, {})
        numbers = [*(counts.get((item.title, option), 0) for option in step.options)]
        numbers += [int(left.get("abstained") or 0), int(left.get("spoiled") or 0)]
        rows.append([item.title, *map(str, numbers)])
    return rows


def rules(voters: Voters) -> list[str]:
    """What makes a ballot void, said before anybody votes."""
    blank = {"item": "有的项没有选的，这些项算弃权，其他项照算。", "ballot": "有一项没有选的，整张票无效。"}
    double = {"item": "一项选了两档的，这一项无效，其他项照算。", "ballot": "有一项选了两档的，整张票无效。"}
    return [blank[voters.blank], double[voters.double], "一项也没有选的，整张票无效。"]


def enough(voters: Voters, *ways: int) -> bool:
    """Whether ballots may be counted: each way of voting that was used (screen, paper) brought at least the least number.

    Whoever typed the paper ballots knows them; the rest must be as many again, or taking the one from the other would show single votes.
    """
    return any(ways) and all(way == 0 or way >= voters.at_least for way in ways)


def counted_faults(step: Step | None) -> list[Fault]:
    """What was voted is not corrected; at most the vote is held again."""
    if step is None or step.voters is None:
        return []
    return [
        Fault("target", "评议的票数和意见不能更正。", "评议办得不对的，请撤回这条记录、写明理由，重新评议。", "counted")
    ]
