"""``beyond``: what was chosen goes beyond what another step holds; and a column of a table read as a whole."""

from typing import Any

import pytest

from youwei.engine import classes
from youwei.engine.conditions import ABSENT, UNKNOWN, judge
from youwei.engine.pack_words import condition_words
from youwei.rulebook.pack_types import Name, Op, Test
from youwei.rulebook.packs import read_pack_text, released_packs

AGREED = Name("wish", "ways")
BEYOND = Test(Op.BEYOND, name=AGREED)
PACK = """procedure: trial
title: 试用规程
version: '1.0'
in_force: {from: 2024-01-01}
about: person
opens: {event: decision.recorded}
roles: {office: {title: 办公室, at: case organ, held_by: case_officer}}
lists: {ways: {书面: 书面说明, 会议: 会议澄清}}
stages: {一: {}}
steps:
  wish:
    title: 意愿
    stage: 一
    by: office
    form:
      ways: {title: 同意的方式, type: choice, many: true, list: ways, required: true}
      other: {title: 别的, type: choice, choices: [书面, 别的]}
      said: {title: 说的话, type: text}
  clear:
    title: 澄清
    stage: 一
    by: office
    after: wish
    never: [{when: {clear.done.way: {beyond: wish.ways}}, say: 不在其中。}]
    form: {done: {title: 情况, type: rows, required: true, of: {way: {title: 方式, type: choice, list: ways, required: true}}}}
outcomes: {done: {title: 办结}}
"""


@pytest.mark.req("E2")
@pytest.mark.parametrize(
    ("chosen", "agreed", "result"),
    [
        (["书面"], ["书面", "会议"], False),
        (["书面", "家庭"], ["书面", "会议"], True),
        ("家庭", ["书面"], True),
        ("书面", "书面", False),
        (["家庭"], ABSENT, False),  # nobody was asked: another refusal has to say so
        (["家庭"], UNKNOWN, None),
        (ABSENT, ["书面"], False),
    ],
)
def test_what_goes_beyond_what_was_agreed(chosen: Any, agreed: Any, result: bool | None) -> None:
    assert judge(BEYOND, chosen, lambda _name: agreed) is result


@pytest.mark.parametrize("other", ["other", "said"])
def test_only_choices_out_of_one_list_can_be_held_against_each_other(other: str) -> None:
    assert not read_pack_text([("trial/1.0/pack.yaml", PACK)]).faults
    faults = read_pack_text(
        [("trial/1.0/pack.yaml", PACK.replace("beyond: wish.ways", f"beyond: wish.{other}"))]
    ).faults
    assert any("不是同一个名单里的选项" in str(fault) for fault in faults), faults


@pytest.mark.parametrize("wrong", ["{beyond: 5}", "{beyond: wish}", "{beyond: wish.nothing}"])
def test_a_beyond_without_a_field_is_a_fault(wrong: str) -> None:
    assert read_pack_text([("trial/1.0/pack.yaml", PACK.replace("{beyond: wish.ways}", wrong))]).faults


def test_the_page_of_a_procedure_says_it_in_words() -> None:
    (pack,) = read_pack_text([("trial/1.0/pack.yaml", PACK)]).packs.values()
    assert condition_words(pack, pack.steps["clear"].never[0].when) == "“澄清·方式”超出了意愿·同意的方式"


@pytest.mark.req("I1")
def test_no_way_is_tried_that_the_form_refuses() -> None:
    """To a wish not to be cleared belongs no range; to a wish to be cleared belongs one: 4 ranges and 1, with or without an error to mend."""
    pack = next(pack for ref, pack in released_packs().items() if ref.procedure == "clearing")
    ways = classes.variants(pack, pack.steps["wish"], *classes.tested_names(pack)).ways
    assert all((way["wants"] == "愿意") == (way["scope"] is not None) == (way["ways"] is not None) for way in ways)
    assert len(ways) == (4 + 1) * 2
