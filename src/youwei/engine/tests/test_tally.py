"""Counting ballots: what the rules make void, that sums add up, and that the order of ballots is never read."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from youwei.engine.exports import share
from youwei.engine.pack_words import items_words, voters_words
from youwei.engine.tally import BLANK, DOUBLE, enough, rules, sheet, signed_values, tally, values
from youwei.engine.values import read_values
from youwei.rulebook.pack_parts import Voters
from youwei.rulebook.pack_types import PackRef, Step
from youwei.rulebook.packs import load_packs, read_pack_text

PACKS = Path(__file__).resolve().parents[2] / "voting" / "tests" / "packs"
STEP: Step = load_packs(PACKS)[PackRef("appraising", "2026.01")].steps["appraise"]
pytestmark = pytest.mark.req("B2")

marks = st.sampled_from([*STEP.options, BLANK, DOUBLE])
ballots = st.lists(st.fixed_dictionaries({"thinking": marks, "mending": marks}), max_size=30)
strictness = st.builds(
    lambda blank, double: replace(STEP, voters=Voters("班子成员", 3, blank, double)),
    st.sampled_from(["item", "ballot"]), st.sampled_from(["item", "ballot"]),
)  # fmt: skip


def ballot(thinking: str, mending: str) -> dict[str, str]:
    return {"thinking": thinking, "mending": mending}


@given(strictness, ballots, st.randoms())
def test_the_order_of_ballots_never_matters(step: Step, box: list[dict[str, str]], chance: Any) -> None:
    shaken = list(box)
    chance.shuffle(shaken)
    assert tally(step, shaken) == tally(step, box)


@given(strictness, ballots)
def test_every_ballot_is_counted_once_at_every_item(step: Step, box: list[dict[str, str]]) -> None:
    found = tally(step, box)
    assert found.cast == len(box)
    for line in found.lines:
        assert sum(number for _, number in line.counts) + line.abstained + line.spoiled + found.void == len(box)


@given(strictness, ballots, ballots)
def test_two_boxes_together_count_as_both(step: Step, one: list[dict[str, str]], other: list[dict[str, str]]) -> None:
    whole, first, second = (tally(step, box) for box in ([*one, *other], one, other))
    assert whole.void == first.void + second.void
    for line, left, right in zip(whole.lines, first.lines, second.lines, strict=True):
        assert dict(line.counts) == {option: number + dict(right.counts)[option] for option, number in left.counts}


def test_by_the_usual_rules_a_blank_abstains_a_double_mark_spoils_the_item_and_an_empty_ballot_is_void() -> None:
    box = [ballot("好", "较好"), ballot("好", BLANK), ballot(DOUBLE, "差"), ballot(BLANK, BLANK)]
    found = tally(STEP, box)
    assert (found.cast, found.void) == (4, 1)
    thinking, mending = found.lines
    assert (dict(thinking.counts), thinking.abstained, thinking.spoiled) == (
        {"好": 2, "较好": 0, "一般": 0, "差": 0},
        0,
        1,
    )
    assert (dict(mending.counts), mending.abstained, mending.spoiled) == (
        {"好": 0, "较好": 1, "一般": 0, "差": 1},
        1,
        0,
    )


def test_a_pack_may_make_the_whole_ballot_void() -> None:
    strict = replace(STEP, voters=Voters("班子成员", 3, "ballot", "ballot"))
    box = [ballot("好", "较好"), ballot("好", BLANK), ballot(DOUBLE, "差")]
    assert tally(strict, box).void == 2
    assert rules(strict.voters or Voters("", 0)) != rules(STEP.voters or Voters("", 0)), "and says so before"


def test_the_record_reads_back_as_the_table_and_gives_the_share_of_the_first_grade() -> None:
    box = [ballot("好", "好"), ballot("好", "较好"), ballot("差", BLANK)]
    said = values(tally(STEP, box), entitled=4, remarks=["乙", "甲"])
    assert sheet(STEP, said) == [
        ["项目", "好", "较好", "一般", "差", "弃权", "该项无效"],
        ["思想认识", "2", "0", "0", "1", "0", "0"],
        ["问题整改", "1", "1", "0", "0", "1", "0"],
    ]
    assert said["remarks"] == [{"text": "乙"}, {"text": "甲"}], "sorted, whatever the order in which they came"
    # Three of five marks are 好: 60 percent; the blank is no mark.
    assert share(STEP, read_values(STEP.form, said)) == 60


def test_signed_opinions_say_who_and_are_counted_too() -> None:
    said = signed_values(
        STEP,
        [{"member": "方知行", "thinking": "好", "view": "有改进"}, {"member": "甘棠", "mending": "一般"}],
        entitled=2,
    )
    assert (said["manner"], said["cast"]) == ("署名意见", 2)
    assert said["opinions"][0]["member"] == "方知行"
    assert sheet(STEP, said)[1] == ["思想认识", "1", "0", "0", "0", "1", "0"]


@pytest.mark.parametrize(
    ("ways", "counted"),
    [
        ((3, 0), True),
        ((0, 3), True),
        ((4, 5), True),
        ((2, 0), False),
        ((0, 0), False),
        ((5, 2), False),
        ((2, 5), False),
    ],
)
def test_each_way_of_voting_that_was_used_brings_the_least_number(ways: tuple[int, int], counted: bool) -> None:
    assert enough(Voters("班子成员", 3), *ways) is counted


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("at_least: 3", "at_least: 2", "保不住密"),
        ("thinking: 思想认识", "member: 思想认识", "项目不能编号为member"),
        ("at_least: 3", "at_least: 3, blank: all", "ballot"),
        ("kind: appraisal", "kind: record", "voters 只用于"),
    ],
)
def test_a_vote_that_could_not_be_secret_or_counted_is_a_fault_of_the_pack(old: str, new: str, words: str) -> None:
    text = (PACKS / "appraising" / "2026.01" / "pack.yaml").read_text(encoding="utf-8")
    assert old in text
    told = [
        str(fault) for fault in read_pack_text([("appraising/2026.01/pack.yaml", text.replace(old, new, 1))]).faults
    ]
    assert any(words in each for each in told), told


def test_a_comparison_of_packs_says_the_rules_of_a_vote_in_words() -> None:
    assert voters_words(STEP) == "班子成员，至少3人；没有选的：只算这一项；选了两档的：只算这一项；可以写文字意见"
    assert items_words(STEP) == "思想认识、问题整改"
