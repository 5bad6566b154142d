"""Moving a case to another version: told beforehand, refused with reasons, folded out of the log for ever, and taken back (I1)."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from youwei.engine.moving import Preview, preview
from youwei.engine.plan import plan
from youwei.engine.stories import Tale
from youwei.engine.tests.test_plan import FACTS, SMALL
from youwei.engine.types import Status
from youwei.rulebook.pack_types import PackRef
from youwei.rulebook.packs import read_pack_text

pytestmark = pytest.mark.req("I1")
TWO = SMALL.replace("version: '1'", "version: '2'").replace("10 days", "5 days")
EXTRA = ("  second:\n", "  extra: {title: 补一步, stage: 办, by: a, due: 3 days}\n  second:\n")
RENAMED = (
    ("  first:\n", "  start:\n    was: first\n"), ("first.who", "start.who"), ("approves: first", "approves: start"),
    ("returns: first", "returns: start"), ("first.ok", "start.ok"),
)  # fmt: skip


def tale(*changes: tuple[str, str], other: str = "") -> Tale:
    """A case under the first version whose first step was done on the 1st; the changes make the second."""
    text = TWO
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    sources = [("small/1/pack.yaml", SMALL), ("small/2/pack.yaml", text)]
    loaded = read_pack_text([*sources, ("other/1/pack.yaml", other)] if other else sources)
    assert not loaded.faults, loaded.faults
    made = Tale(loaded.packs, "small@1")
    made.open("2024-03-01", FACTS)
    made.record("first", "2024-03-01", {"ok": True})
    made.act("sign", "2024-03-01", step="first", part="b")
    return made


def looked(made: Tale, to: str = "small@2", today: str = "2024-03-08", waived: tuple[str, ...] = ()) -> Preview:
    return preview(made.packs, made.log, PackRef.parse(to), made.calendar, date.fromisoformat(today), waived)


def said(found: Preview) -> list[tuple[str, str, object, object]]:
    return [(each.step, each.what, each.before, each.after) for each in found.changes]


def test_new_dates_are_told_beforehand_and_a_move_makes_nothing_late() -> None:
    found = looked(tale())
    # 第一步3月1日办结，第二步原10日内即3月11日，新5日内即3月6日；转入之日3月8日前不算逾期
    assert said(found) == [
        ("second", "due", date(2024, 3, 11), date(2024, 3, 6)), ("second", "late_from", date(2024, 3, 11), date(2024, 3, 8)),
    ]  # fmt: skip
    assert found.lost == ()


def test_steps_added_and_gone_and_records_without_a_place_are_told() -> None:
    made = tale(EXTRA)
    assert ("extra", "appeared", None, Status.OPEN) in said(looked(made))
    made.act("moved", "2024-03-08", to="small@2")
    made.record("extra", "2024-03-08")
    back = looked(made, "small@1")
    assert back.lost == ("补一步",)
    assert ("extra", "gone", Status.DONE, None) in said(back)


def test_a_new_step_may_be_waived_and_then_the_case_goes_on() -> None:
    found = looked(tale(EXTRA), waived=("extra",))
    assert found.after is not None
    assert found.after.steps["extra"].status is Status.SKIPPED
    assert found.after.steps["second"].status is Status.OPEN
    assert [each for each in said(found) if each[0] == "extra"] == []


def test_a_renamed_step_is_told_as_one_there_and_back_and_corrected_under_its_new_name() -> None:
    made = tale(*RENAMED)
    assert {each[0] for each in said(looked(made))} == {"second"}
    made.act("moved", "2024-03-08", to="small@2")
    first = next(entry for entry in made.log if entry.step == "first" and entry.kind == "record")
    refused = made.refusals("correct", "2024-03-08", target=first.seq, values={"ok": "也许"}, reason="错了")
    assert refused  # 改名后的环节仍按栏目核对
    back = looked(made, "small@1")
    assert back.lost == ()
    assert back.after is not None
    assert back.after.steps["first"].status is Status.DONE


@pytest.mark.parametrize(
    ("to", "waived", "why"),
    [
        ("small@1", (), "已经按1版办理"),
        ("small@9", (), "没有规程“small@9”"),
        ("other@1", (), "不是这个规程的版本"),
        ("small@2", ("nothing",), "没有“nothing”这个环节"),
        ("small@2", ("second",), "原来的版本就有"),
        ("small@2", ("must",), "不得留空不办"),
    ],
)
def test_a_move_is_refused_with_its_reason(to: str, waived: tuple[str, ...], why: str) -> None:
    made = tale(
        ("  second:\n", "  must: {title: 必办, stage: 办, by: a, must: true}\n  second:\n"),
        other=SMALL.replace("small", "other"),
    )
    found = looked(made, to, waived=waived)
    assert why in "".join(map(str, found.faults))
    assert found.after is None
    values = {"waived": list(waived)} if waived else {}
    assert why in "".join(made.refusals("moved", "2024-03-08", to=to, values=values))


def test_a_move_that_would_end_the_case_or_hold_it_for_ever_is_refused() -> None:
    ends = tale(("end: {title: 完}", "end: {title: 完, after: start, when: {start.ok: true}}"), *RENAMED)
    assert "转入就会立即办结（完）" in str(looked(ends).faults[0])
    held = tale(("hold: {by: a, grounds: [病]}\n", ""))
    held.act("hold", "2024-03-05", values={"ground": "病"})
    assert "请先恢复计时" in str(looked(held).faults[0])


def test_a_move_is_taken_back_until_something_new_was_done() -> None:
    made = tale(EXTRA)
    before = made.plan("2024-03-09")
    move = made.act("moved", "2024-03-08", to="small@2")
    assert made.refusals("withdraw", "2024-03-09", target=move.seq, reason="不转了") == []
    made.record("extra", "2024-03-08")
    assert (
        "已经办了原来的版本没有的环节：补一步"
        in made.refusals("withdraw", "2024-03-09", target=move.seq, reason="不转了")[0]
    )
    made.act("withdraw", "2024-03-09", target=made.log[-1].seq, reason="没有办")
    made.act("withdraw", "2024-03-09", target=move.seq, reason="不转了")
    after = made.plan("2024-03-09")
    assert (after.pack, after.items) == (before.pack, before.items)


def test_only_the_last_of_two_moves_is_taken_back() -> None:
    made = tale()
    move = made.act("moved", "2024-03-08", to="small@2")
    made.act("moved", "2024-03-09", to="small@1")
    assert "请先撤回后一次" in made.refusals("withdraw", "2024-03-09", target=move.seq, reason="不转了")[0]


@settings(max_examples=30)
@given(st.integers(0, 3), st.lists(st.sampled_from(["small@1", "small@2"]), max_size=4))
def test_any_number_of_moves_leaves_what_was_done_done_and_the_past_as_it_was(done: int, moves: list[str]) -> None:
    """However often a case is moved, the plan as of an earlier entry is what it was, and back at the start everything stands."""
    made = tale(EXTRA)
    made.strict = False
    acts = ("second", "verdict", "last")[:done]
    for name in acts:
        made.record(name, "2024-03-02", {"opinion": "同意"})
    before = made.plan("2024-03-09")
    known = len(made.log)
    for to in [*moves, "small@1"]:
        made.act("moved", "2024-03-08", to=to)
    assert plan(made.packs, made.log[:known], made.calendar, date(2024, 3, 9)) == before
    after = made.plan("2024-03-09")
    assert [(item.step, item.status, item.entries) for item in after.items] == [
        (item.step, item.status, item.entries) for item in before.items
    ]
