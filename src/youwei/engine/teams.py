"""Teams for many: even loads under rules, the same proposal for the same lists. It proposes; people move and confirm.

A team has one leader, whose rank is no lower than the member's, and others. Whoever must keep away from a member (kin, who handled the matter,
who is the subject of a complaint about retaliation) is never in that team; nor, unless the pack lets it, anybody of the member's own unit.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from youwei.rulebook.pack_parts import Teams


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody who may be in a team; `avoids` are the names of those he keeps away from, `office` where he visits only, if anywhere."""

    name: str
    unit: str = ""
    rank: str = ""
    office: str = ""
    avoids: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Visited:
    """Somebody who gets a team, by the place in the list."""

    place: int
    name: str
    unit: str = ""
    rank: str = ""
    office: str = ""


Team = tuple[str, ...]
"""Names, the leader first."""


@dataclass(slots=True)
class Proposal:
    """For each place a team, or why there is none; and how many members each visitor has."""

    teams: dict[int, Team] = field(default_factory=dict)
    lacking: dict[int, str] = field(default_factory=dict)
    loads: Counter[str] = field(default_factory=Counter)


def barred(rules: Teams, visitor: Visitor, visited: Visited) -> str:
    """Why somebody may not be in the team of a member; empty when he may."""
    if visitor.name == visited.name:
        return "不能回访本人"
    if visited.name in visitor.avoids:
        return "应当回避"
    if not rules.own_unit and visitor.unit and visitor.unit == visited.unit:
        return "与本人同一单位"
    if visitor.office and visited.office and visitor.office != visited.office:
        return "不是承办机关的人"
    return ""


def may_lead(rules: Teams, visitor: Visitor, visited: Visited) -> bool:
    """Whether the rank is no lower than the member's; where a rank is not among the pack's, only the highest of the pack leads those."""
    if not rules.ranks:
        return True
    if visitor.rank not in rules.ranks:
        return False
    needed = (
        rules.ranks.index(visited.rank)
        if visited.rank in rules.ranks
        else 0
        if not visited.rank
        else len(rules.ranks) - 1
    )
    return rules.ranks.index(visitor.rank) >= needed


def faults(rules: Teams, team: Sequence[str], visitors: Mapping[str, Visitor], visited: Visited) -> list[str]:
    """What is wrong with a team, in words."""
    found = [f"{name}不在回访人员名单里" for name in team if name not in visitors]
    known = [visitors[name] for name in team if name in visitors]
    found += [f"{each.name}{why}" for each in known if (why := barred(rules, each, visited))]
    if len(set(team)) < max(rules.size, len(team)):
        found.append(f"不足{rules.size}人" if len(team) < rules.size else "同一人写了两次")
    if known and team and team[0] in visitors and not may_lead(rules, visitors[team[0]], visited):
        found.append(f"组长{team[0]}的职级低于{visited.rank or '要求'}")
    return found


def propose(rules: Teams, visitors: Sequence[Visitor], members: Sequence[Visited]) -> Proposal:
    """A team for everybody for whom the rules allow one, as evenly as they let: no move of one member from one to another would be more even."""
    found, order = Proposal(), {each.name: place for place, each in enumerate(visitors)}
    found.loads.update({each.name: 0 for each in visitors})
    allowed = {each.place: [one for one in visitors if not barred(rules, one, each)] for each in members}
    leaders = {each.place: [one for one in allowed[each.place] if may_lead(rules, one, each)] for each in members}
    for each in sorted(members, key=lambda one: (len(leaders[one.place]), len(allowed[one.place]), one.place)):
        why = _lack(rules, allowed[each.place], leaders[each.place])
        if why:
            found.lacking[each.place] = why
            continue
        lead = min(leaders[each.place], key=lambda one: (found.loads[one.name], order[one.name])).name
        rest = sorted(
            (one.name for one in allowed[each.place] if one.name != lead),
            key=lambda name: (found.loads[name], order[name]),
        )
        team = (lead, *rest[: rules.size - 1])
        found.teams[each.place] = team
        found.loads.update(team)
    _level(found, allowed, leaders, order)
    return found


def _lack(rules: Teams, allowed: Sequence[Visitor], leaders: Sequence[Visitor]) -> str:
    if len(allowed) < rules.size:
        return f"可以派的只有{len(allowed)}人，不足{rules.size}人"
    return "" if leaders else "没有职级合适的组长"


def _level(
    found: Proposal,
    allowed: Mapping[int, Sequence[Visitor]],
    leaders: Mapping[int, Sequence[Visitor]],
    order: Mapping[str, int],
) -> None:
    """While a chain of moves leads from somebody to another with at least two members fewer, make it."""
    seats = {
        place: [{one.name for one in leaders[place]}, {one.name for one in allowed[place]}] for place in found.teams
    }
    of: dict[str, set[int]] = {name: set() for name in order}
    for place, team in found.teams.items():
        for name in team:
            of[name].add(place)
    while chain := _uneven(found, seats, of, order):
        for place, old, new in chain:
            team = found.teams[place]
            found.teams[place] = tuple(new if name == old else name for name in team)
            of[old].discard(place)
            of[new].add(place)
        found.loads[chain[0][1]] -= 1
        found.loads[chain[-1][2]] += 1


def _uneven(
    found: Proposal, seats: Mapping[int, Sequence[set[str]]], of: Mapping[str, set[int]], order: Mapping[str, int]
) -> list[tuple[int, str, str]]:
    """A chain of moves that makes the loads more even, from whoever has most; none when there is none."""
    for name in sorted(order, key=lambda each: (-found.loads[each], order[each])):
        if way := _way(name, found, seats, of, order):
            return way
    return []


def _way(
    start: str,
    found: Proposal,
    seats: Mapping[int, Sequence[set[str]]],
    of: Mapping[str, set[int]],
    order: Mapping[str, int],
) -> list[tuple[int, str, str]]:
    """The shortest chain of moves, each of another member, to somebody with at least two members fewer; none where none leads there."""
    if found.loads[start] - min(found.loads.values(), default=0) < 2:
        return []
    came: dict[str, tuple[int, str]] = {start: (0, "")}
    queue = deque([start])
    while queue:
        name = queue.popleft()
        for other, place in _moves(name, found, seats, of, came, order):
            came[other] = (place, name)
            if found.loads[start] - found.loads[other] >= 2:
                chain = _back(other, came)
                if len({step[0] for step in chain}) == len(chain):
                    return chain
            queue.append(other)
    return []


def _moves(
    name: str, found: Proposal, seats: Mapping[int, Sequence[set[str]]], of: Mapping[str, set[int]], known: Iterable[str],
    order: Mapping[str, int],
) -> list[tuple[str, int]]:  # fmt: skip
    """To whom one of somebody's members could go, each with the first such member."""
    reached: dict[str, int] = {}
    for place in sorted(of[name]):
        team = found.teams[place]
        for other in seats[place][0 if team[0] == name else 1]:
            if other not in team and other not in known and other not in reached:
                reached[other] = place
    return sorted(reached.items(), key=lambda each: order[each[0]])


def _back(end: str, came: Mapping[str, tuple[int, str]]) -> list[tuple[int, str, str]]:
    chain: list[tuple[int, str, str]] = []
    while came[end][1]:
        place, before = came[end]
        chain.append((place, before, end))
        end = before
    return chain[::-1]
