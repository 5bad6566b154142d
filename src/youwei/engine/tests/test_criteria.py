"""Drawing up a list by criteria: taken, left out and why, not known; the sums are the people."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from youwei.engine.criteria import Choice, applied, changeable, lacking, read_choice, tallied, together, verdict, why
from youwei.engine.values import read_facts
from youwei.rulebook.pack_parts import Use
from youwei.rulebook.pack_types import Clause, Condition, Criterion, Name, Op, Test

pytestmark = pytest.mark.req("B9")


def criterion(name: str, fact: str, op: Op, *values: Any, use: Use = Use.ALL) -> Criterion:
    head, _, tail = fact.partition(".")
    return Criterion(name, name, Condition(((Clause(Name(head, tail), Test(op, values)),),)), use)


SINCE = criterion("since", "decision.made_on", Op.GE, date(2021, 1, 1))
LIGHT = criterion("light", "decision.weight", Op.IS, "轻", use=Use.ANY)
YOUNG = criterion("young", "person.age", Op.LE, 35, use=Use.ANY)
GONE = criterion("gone", "person.retired_on", Op.GIVEN, True, use=Use.NOT)
ALL = [SINCE, LIGHT, YOUNG, GONE]


@pytest.mark.parametrize(
    ("facts", "stands", "because"),
    [
        ({"decision.made_on": "2022-05-01", "decision.weight": "轻", "person.age": 50}, True, ()),
        ({"decision.made_on": "2022-05-01", "decision.weight": "重", "person.age": 35}, True, ()),
        ({"decision.made_on": "2020-12-31", "decision.weight": "轻"}, False, ("since",)),
        ({"decision.made_on": "2022-05-01", "decision.weight": "重", "person.age": 36}, False, ("light", "young")),
        # nobody knows how old, and only age could still take the person in
        ({"decision.made_on": "2022-05-01", "decision.weight": "重"}, None, ("young",)),
        # the age does not matter for who is taken in by the light sanction
        ({"decision.made_on": "2022-05-01", "decision.weight": "轻"}, True, ()),
        # no day of decision: not known, and not left out
        ({"decision.weight": "轻"}, None, ("since",)),
        # one thing says no for certain: what is not known does not matter
        ({"decision.weight": "轻", "person.retired_on": "2023-01-01"}, False, ("gone",)),
    ],
)
def test_somebody_is_taken_left_out_or_not_known_with_the_criterion_that_says_so(
    facts: dict[str, Any], stands: bool | None, because: tuple[str, ...]
) -> None:
    found = verdict(ALL, read_facts(facts))
    assert (found.stands, found.because) == (stands, because)


FITS = {"decision.made_on": "2022-05-01", "decision.weight": "轻"}
HEAVY = {"decision.made_on": "2024-05-01", "decision.weight": "重", "person.age": 50}
UNSAID = {"decision.made_on": "2024-05-01", "decision.weight": "重"}


@pytest.mark.parametrize(
    ("known", "stands", "by"),
    [
        ([HEAVY, FITS], True, 1),  # the older decision fits
        ([FITS, FITS], True, 0),  # both do: the newer
        ([HEAVY, UNSAID], None, 1),  # the older may
        ([HEAVY, HEAVY], False, 0),
        # each meets a half of what one has to meet: light, but long ago; lately, but heavy
        ([HEAVY, FITS | {"decision.made_on": "2019-05-01"}], False, 0),
        ([FITS, HEAVY | {"person.retired_on": "2023-01-01"}], False, 0),  # what leaves out holds by whichever says it
    ],
)
def test_of_several_matters_of_one_person_one_that_fits_by_itself_is_enough(
    known: list[dict[str, Any]], stands: bool | None, by: int
) -> None:
    found, best = together(ALL, [read_facts(each) for each in known])
    assert (found.stands, best) == (stands, by)


def test_a_sanction_that_has_no_weight_is_not_light_and_that_is_known() -> None:
    assert verdict([criterion("light", "decision.weight", Op.IS, "轻")], {}).stands is False


def test_what_is_lacking_and_what_is_met_is_said_in_words() -> None:
    assert lacking(YOUNG, {}) == ["年龄"]
    assert why(SINCE, read_facts({"decision.made_on": "2022-05-01"})) == "作出决定之日：2022年5月1日"


def test_how_a_criterion_is_used_and_its_value_may_be_changed_and_nonsense_leaves_the_packs_own() -> None:
    later = read_choice(SINCE, "all", ["2023-01-01"])
    assert later == Choice(Use.ALL, (date(2023, 1, 1),))
    (changed,) = applied([SINCE], {"since": later})
    assert verdict([changed], read_facts({"decision.made_on": "2022-05-01"})).stands is False
    assert read_choice(SINCE, "nonsense", ["去年"]) == Choice(Use.ALL)
    assert read_choice(LIGHT, "off", ["轻", "很轻"]) == Choice(Use.OFF, ("轻",))
    assert applied([YOUNG], {"young": read_choice(YOUNG, "any", ["三十五"])})[0].when == YOUNG.when
    assert changeable(GONE) is None, "whether something is given has no value to change"


FACTS = st.fixed_dictionaries(
    {},
    optional={
        "decision.made_on": st.sampled_from(["2019-01-01", "2022-01-01"]),
        "decision.weight": st.sampled_from(["轻", "重"]),
        "person.age": st.sampled_from([30, 60]),
        "person.retired_on": st.just("2024-01-01"),
    },
)


@given(
    st.lists(st.tuples(FACTS, st.integers(1, 5)), max_size=12),
    st.lists(st.sampled_from(list(Use)), min_size=4, max_size=4),
)
def test_everybody_is_counted_once_and_each_reason_adds_up(
    groups: list[tuple[dict[str, Any], int]], uses: list[Use]
) -> None:
    criteria = applied(ALL, {each.id: Choice(use) for each, use in zip(ALL, uses, strict=True)})
    tally = tallied(criteria, groups)
    people = sum(count for _, count in groups)
    assert tally.taken + tally.out + tally.unknown == people
    assert sum(tally.left_out.values()) == tally.out
    assert sum(tally.doubts.values()) == tally.unknown
    assert all(sum(each) == people for each in tally.of.values())


@given(FACTS)
def test_learning_what_was_not_known_never_turns_yes_into_no(facts: dict[str, Any]) -> None:
    whole = {"decision.made_on": "2022-01-01", "decision.weight": "轻", "person.age": 30} | facts
    before, after = verdict(ALL, read_facts(facts)).stands, verdict(ALL, read_facts(whole)).stands
    known = {name for name in facts if name != "decision.weight"} | {
        "decision.weight"
    }  # a weight that is absent is an answer
    if before is not None and "decision.weight" in facts:
        assert before is after, known
