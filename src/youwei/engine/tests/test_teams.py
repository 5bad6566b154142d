"""Teams for many: everybody for whom the rules allow it has one, no team breaks a rule, and loads are as even as they can be."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from youwei.engine.teams import Visited, Visitor, barred, faults, may_lead, propose
from youwei.rulebook.pack_parts import Teams

pytestmark = [pytest.mark.req("B9"), pytest.mark.req("B6")]
RANKS = ("科员", "科级", "处级")
RULES = Teams("visitors", "people", "leader", "people", 2, RANKS)
UNITS = ["水利局", "教育局", "民政局"]

visitors_ = st.lists(
    st.builds(
        Visitor, name=st.integers(1, 9).map(lambda n: f"访{n}"), unit=st.sampled_from(["", *UNITS]), rank=st.sampled_from(["", *RANKS]),
        avoids=st.frozensets(st.integers(1, 14).map(lambda n: f"员{n}"), max_size=3),
    ),
    max_size=9, unique_by=lambda each: each.name,
)  # fmt: skip
members_ = st.lists(
    st.builds(Visited, place=st.integers(1, 14), name=st.just(""), unit=st.sampled_from(UNITS), rank=st.sampled_from(["", *RANKS])),
    max_size=14, unique_by=lambda each: each.place,
).map(lambda rows: [Visited(each.place, f"员{each.place}", each.unit, each.rank) for each in rows])  # fmt: skip


@given(visitors_, members_)
def test_everybody_has_a_team_that_breaks_no_rule_or_is_told_why_there_is_none(
    visitors: list[Visitor], members: list[Visited]
) -> None:
    found, known = propose(RULES, visitors, members), {each.name: each for each in visitors}
    assert {*found.teams, *found.lacking} == {each.place for each in members}
    for each in members:
        allowed = [one for one in visitors if not barred(RULES, one, each)]
        possible = len(allowed) >= 2 and any(may_lead(RULES, one, each) for one in allowed)
        assert (each.place in found.teams) is possible
        if possible:
            assert faults(RULES, found.teams[each.place], known, each) == []
    assert found == propose(RULES, visitors, members), "the same lists give the same teams"


@given(visitors_, members_)
def test_no_member_could_be_moved_to_make_the_loads_more_even(visitors: list[Visitor], members: list[Visited]) -> None:
    found, known = propose(RULES, visitors, members), {each.name: each for each in visitors}
    by_place = {each.place: each for each in members}
    for place, team in found.teams.items():
        for name in team:
            for other in known:
                moved = tuple(other if each == name else each for each in team)
                if other not in team and not faults(RULES, moved, known, by_place[place]):
                    assert found.loads[name] - found.loads[other] < 2, (place, name, other)


@given(st.integers(2, 9), st.integers(0, 40))
def test_where_no_rule_stands_in_the_way_loads_differ_by_one_at_most(people: int, count: int) -> None:
    visitors = [Visitor(f"访{each}", "纪委", "处级") for each in range(people)]
    found = propose(RULES, visitors, [Visited(each, f"员{each}", "水利局", "科级") for each in range(1, count + 1)])
    assert len(found.teams) == count
    assert max(found.loads.values()) - min(found.loads.values()) <= 1
    assert sum(found.loads.values()) == 2 * count


def test_why_somebody_may_not_go_and_what_is_wrong_with_a_team_is_said() -> None:
    member = Visited(1, "许南舟", "水利局", "科级", "青溪区纪委监委")
    people = {
        each.name: each
        for each in (
            Visitor("甘棠", "水利局", "处级"), Visitor("方知行", "纪委", "科员"), Visitor("岑伯安", "纪委", "处级", avoids=frozenset({"许南舟"})),
            Visitor("乐山川", "纪委", "科级", "望江区纪委监委"), Visitor("顾怀谦", "纪委", "科级", "青溪区纪委监委"),
        )
    }  # fmt: skip
    said = {name: barred(RULES, each, member) for name, each in people.items()}
    assert said == {
        "甘棠": "与本人同一单位",
        "方知行": "",
        "岑伯安": "应当回避",
        "乐山川": "不是承办机关的人",
        "顾怀谦": "",
    }
    assert faults(RULES, ("顾怀谦", "方知行"), people, member) == []
    assert faults(RULES, ("方知行", "顾怀谦"), people, member) == ["组长方知行的职级低于科级"]
    assert faults(RULES, ("顾怀谦",), people, member) == ["不足2人"]
    assert faults(RULES, ("顾怀谦", "顾怀谦"), people, member) == ["同一人写了两次"] or faults(
        RULES, ("顾怀谦", "顾怀谦"), people, member
    )
    assert faults(RULES, ("顾怀谦", "白鹭洲"), people, member) == ["白鹭洲不在回访人员名单里"]


def test_of_whom_the_rank_is_not_among_those_of_the_pack_the_highest_lead() -> None:
    high, low = Visitor("岑伯安", "纪委", "处级"), Visitor("方知行", "纪委", "科级")
    assert [may_lead(RULES, each, Visited(1, "许南舟", rank="副厅级")) for each in (high, low)] == [True, False]
    assert [may_lead(RULES, each, Visited(1, "许南舟")) for each in (high, low)] == [True, True], "a rank nobody knows"


def test_a_great_visit_is_shared_out_in_a_moment() -> None:
    visitors = [Visitor(f"访{each}", "纪委", RANKS[each % 3]) for each in range(40)]
    members = [Visited(each, f"员{each}", UNITS[each % 3], RANKS[each % 2]) for each in range(1, 1894)]
    found = propose(RULES, visitors, members)
    assert len(found.teams) == 1893
    # 1893名成员各2席共3786席，40人：每人94或95
    assert {*found.loads.values()} <= {94, 95}
