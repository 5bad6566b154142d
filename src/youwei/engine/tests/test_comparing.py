"""What two packs differ in is said completely, and in words (I1)."""

from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from youwei.engine.comparing import OUTCOME, STAGE, STEP, WHOLE, Comparison, Turn, compare
from youwei.engine.tests.test_plan import SMALL
from youwei.rulebook.pack_types import Outcome, Pack, PackRef, Stage, Step
from youwei.rulebook.packs import load_packs, read_pack_text, released_packs

pytestmark = pytest.mark.req("I1")
HERE = Path(__file__).parent / "packs"
ALL: Mapping[PackRef, Pack] = load_packs(HERE)


def small(*changes: tuple[str, str]) -> Pack:
    text = SMALL.replace("version: '1'", "version: '2'")
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    loaded = read_pack_text([("small/2/pack.yaml", text)])
    assert not loaded.faults, loaded.faults
    return next(iter(loaded.packs.values()))


OLD = replace(small(), ref=PackRef("small", "1"))


def said(found: Comparison) -> list[tuple[str, str, str, str, str]]:
    differences = [*found.stages, *found.steps, *found.outcomes]
    return [(each.turn, each.id or each.was, *_flat(aspect)) for each in differences for aspect in each.aspects]


def _flat(aspect: object) -> tuple[str, str, str]:
    return aspect.what, aspect.before, aspect.after  # type: ignore[attr-defined]


@pytest.mark.parametrize("ref", sorted(ALL), ids=str)
def test_a_pack_does_not_differ_from_itself(ref: PackRef) -> None:
    assert not compare(ALL[ref], ALL[ref])


def test_no_released_pack_differs_from_itself() -> None:
    assert not [ref for ref, pack in released_packs().items() if compare(pack, pack)]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (("title: 第二步", "title: 第二件"), ("changed", "second", "名称", "第二步", "第二件")),
        (("10 days", "5 days"), ("changed", "second", "办理期限", "本环节可以办理之日起10日内", "本环节可以办理之日起5日内")),
    ],
)  # fmt: skip
def test_one_change_is_one_difference_in_words(change: tuple[str, str], told: tuple[str, ...]) -> None:
    assert said(compare(OLD, small(change))) == [told]


def test_a_new_step_and_one_that_is_gone_are_told_with_who_and_when() -> None:
    new = small(("  second:\n", "  extra: {title: 补一步, stage: 办, by: a, due: 3 working days}\n  second:\n"))
    (extra, second) = compare(OLD, new).steps
    assert (extra.turn, extra.id, extra.title, extra.was) == (Turn.ADDED, "extra", "补一步", "")
    assert ("办理期限", "", "本环节可以办理之日起3个工作日内") in [_flat(each) for each in extra.aspects]
    assert second.turn is Turn.CHANGED
    assert second.aspects[0].after == "“补一步”"
    back = compare(new, OLD).steps
    assert [(each.turn, each.was, each.id) for each in back] == [
        (Turn.CHANGED, "second", "second"), (Turn.GONE, "extra", ""),
    ]  # fmt: skip


def test_a_renamed_step_is_the_same_step_wherever_it_is_named() -> None:
    new = SMALL.replace("version: '1'", "version: '2'").replace("  first:\n", "  start:\n    was: first\n")
    for name in ("first.who", "approves: first", "returns: first", "first.ok"):
        new = new.replace(name, name.replace("first", "start"))
    loaded = read_pack_text([("small/2/pack.yaml", new)])
    assert not compare(OLD, loaded.packs[PackRef("small", "2")])


def test_local_rules_beside_the_rules_they_lie_over() -> None:
    """The police bureau raises the mark and names a situation of its own, as its pack says."""
    found = compare(ALL[PackRef("recall", "2016.01")], ALL[PackRef("recall-police", "2016.03")])
    assert [(each.turn, each.id) for each in found.steps] == [("changed", "nominate"), ("changed", "score")]
    assert (
        "合格条件",
        "“集中教育量化考核的总分”≥60",
        "“集中教育量化考核的总分”≥70，且“集中教育量化考核·遵守纪律”≥60",
    ) in [_flat(each) for each in found.steps[1].aspects]
    assert ("施行日期", "2016年1月1日", "2016年3月1日") in [_flat(each) for each in found.whole]


@pytest.mark.parametrize(
    ("kind", "table", "apart"),
    [
        (Step, STEP, {"id", "was", "form", "file", "line"}),
        (Outcome, OUTCOME, {"id", "line"}),
        (Stage, STAGE, {"id"}),
        (Pack, WHOLE, {"ref", "roles", "stages", "steps", "outcomes", "lists", "digest", "file", "order", "ancestors"}),
    ],
)
def test_no_key_of_a_pack_is_passed_over(kind: type, table: Mapping[str, object], apart: set[str]) -> None:
    """Fields of a form, steps, stages and outcomes are compared one by one; roles and lists where they are used."""
    assert {each.name for each in fields(kind)} == {*table, *apart}


@settings(max_examples=20)
@given(st.data())
def test_what_is_new_one_way_is_gone_the_other(data: st.DataObject) -> None:
    old, new = (ALL[data.draw(st.sampled_from(sorted(ALL)))] for _ in range(2))
    there, back = compare(old, new), compare(new, old)
    assert {each.id for each in there.steps if each.turn is Turn.ADDED} == {
        each.was for each in back.steps if each.turn is Turn.GONE
    }
    assert {each.id for each in there.steps if each.turn is Turn.CHANGED} == {
        each.id for each in back.steps if each.turn is Turn.CHANGED
    }
    assert [(each.what, each.before, each.after) for each in there.whole] == [
        (each.what, each.after, each.before) for each in back.whole
    ]


@settings(max_examples=20)
@given(st.dates(date(2000, 1, 1), date(2030, 1, 1)), st.sampled_from(sorted(OLD.steps)))
def test_a_step_taken_out_of_a_pack_is_gone_and_none_is_new(first: date, name: str) -> None:
    less = replace(OLD, steps={key: step for key, step in OLD.steps.items() if key != name}, in_force_from=first)
    found = compare(OLD, less)
    assert [each.was for each in found.steps if each.turn is Turn.GONE] == [name]
    assert not [each for each in found.steps if each.turn is Turn.ADDED]
    assert bool(found.whole) is (first != OLD.in_force_from)
