"""Teams for the people of a batch: whom the step's table offers, what is proposed, what was moved by hand, and what lands."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from youwei.cases.models import Case, Member, OpenStep
from youwei.cases.queries import View
from youwei.documents import landing
from youwei.engine.teams import Proposal, Team, Visited, Visitor, faults, propose
from youwei.organs.policy import Reader, visible
from youwei.rulebook.law import load_law
from youwei.rulebook.pack_parts import Teams
from youwei.rulebook.packs import Step

HAS_ONE, NOT_SEEN = "这一环节现在不待办（已有小组或已办结）", "记录人不能查看"
MOST_LACKING = 50


@dataclass(frozen=True, slots=True)
class Row:
    """One who gets a team: who it is, the team, and what is wrong with one that was moved."""

    member: Visited
    team: Team
    moved: bool
    why: str = ""
    rank: str = ""
    """As it was registered, where it is written otherwise than the pack writes it, or nobody knows what it means."""

    @property
    def seats(self) -> list[str]:
        """The others beside the leader."""
        return list(self.team[1:])

    @property
    def leader(self) -> str:
        return self.team[0] if self.team else ""


@dataclass(frozen=True, slots=True)
class Teaming:
    """The whole proposal with what was moved."""

    rules: Teams
    visitors: dict[str, Visitor]
    rows: tuple[Row, ...]
    without: dict[int, str]
    loads: list[tuple[Visitor, int]]
    hidden: int

    @property
    def lacking(self) -> list[Row]:
        """Those for whom the rules allow no team, or whose team no longer keeps them."""
        return [row for row in self.rows if row.why]

    @property
    def unranked(self) -> list[Row]:
        """Those of whom no rank is registered: whether the leader's is high enough is not tested."""
        return [row for row in self.rows if not row.member.rank]

    @property
    def unread(self) -> list[Row]:
        """Those whose rank is none of the pack's, however it is written: the highest leads."""
        return [row for row in self.rows if row.member.rank and row.member.rank not in self.rules.ranks]

    @property
    def ready(self) -> int:
        return len(self.rows) - len(self.lacking)

    def landed(self) -> dict[int, Any]:
        """For each place what lands, or why nothing does."""
        found: dict[int, Any] = dict(self.without)
        for row in self.rows:
            values = {self.rules.leader: row.leader, self.rules.people: list(row.team)}
            found[row.member.place] = row.why or values
        return found


def read_moves(kept: tuple[str, datetime] | None) -> dict[int, list[str]]:
    """What somebody has moved by hand, by place; kept as that person's draft."""
    found = json.loads(kept[0]) if kept else {}
    return {int(place): list(team) for place, team in found.items()}


def visitors_of(view: View, rules: Teams) -> dict[str, Visitor]:
    """Who may be sent, as the table of the earlier step says, in its order."""
    found: dict[str, Visitor] = {}
    for record in view.standing.get(rules.step, {}).values():
        for row in record.values.get(rules.rows) or ():
            told = {name: str(value or "").strip() for name, value in row.items()}
            avoids = frozenset(
                each.strip() for each in told.get("avoids", "").replace("，", "、").split("、") if each.strip()
            )
            name = told.get("name", "")
            if name and name not in found:
                found[name] = Visitor(
                    name, told.get("unit", ""), level(rules, told.get("rank", "")), told.get("office", ""), avoids
                )
    return found


def teaming(who: Reader, view: View, step: Step, rules: Teams, moves: Mapping[int, list[str]]) -> Teaming:
    """The proposal for everybody whose case asks for it, with what was moved. A fixed number of queries."""
    batch, lands = view.case, step.lands
    members = landing.present(batch)
    seen = set(visible(who, "case.view", Case.objects.filter(memberships__batch=batch)).values_list("pk", flat=True))
    asking = OpenStep.objects.filter(case__memberships__batch=batch, step=lands.step if lands else "", part="")
    open_ = set(asking.values_list("case", flat=True))
    without = {
        each.place: NOT_SEEN if each.case_id not in seen else HAS_ONE
        for each in members
        if each.case_id not in seen & open_
    }
    wanted = [_visited(each, rules) for each in members if each.place not in without]
    written = {each.place: _written_rank(each) for each in members}
    visitors = visitors_of(view, rules)
    proposal = propose(rules, list(visitors.values()), wanted)
    rows = tuple(replace(_row(rules, visitors, each, proposal, moves), rank=written[each.place]) for each in wanted)
    loads = Counter(name for row in rows for name in row.team if not row.why)
    hidden = sum(why == NOT_SEEN for why in without.values())
    return Teaming(rules, visitors, rows, without, [(each, loads[each.name]) for each in visitors.values()], hidden)


def _written_rank(member: Member) -> str:
    return member.case.person.rank if member.case is not None and member.case.person is not None else ""


def level(rules: Teams, written: str) -> str:
    """A rank in the word of the pack, where the law's list of ways to write them knows it; else as it was written."""
    found = load_law().level(written)
    return written if written in rules.ranks or found not in rules.ranks else found


def _visited(member: Member, rules: Teams) -> Visited:
    case = member.case
    person = case.person if case is not None else None
    name = person.name if person is not None else member.organ.name
    return Visited(
        member.place,
        name,
        member.organ.name,
        level(rules, _written_rank(member)),
        case.organ.name if case else "",
    )


def _row(
    rules: Teams, visitors: Mapping[str, Visitor], each: Visited, found: Proposal, moves: Mapping[int, list[str]]
) -> Row:
    if each.place in moves:
        team = tuple(moves[each.place])
        return Row(each, team, True, "；".join(faults(rules, team, visitors, each)))
    return Row(each, found.teams.get(each.place, ()), False, found.lacking.get(each.place, ""))


def wrong(rules: Teams, team: Sequence[str], found: Teaming, place: int) -> list[str]:
    """What is wrong with a team somebody wants for a place; everything where nobody there may get one."""
    row = next((row for row in found.rows if row.member.place == place), None)
    return faults(rules, team, found.visitors, row.member) if row is not None else ["名单上没有这个人，或者不需要分组"]
