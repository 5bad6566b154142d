"""Rules of the plan that no single story shows."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from youwei.engine.differences import differences
from youwei.engine.map import layout
from youwei.engine.plan import plan
from youwei.engine.stories import Tale
from youwei.engine.types import TERMINATED, Act, LogFault, Mark, Status
from youwei.engine.wording import rule_text, sentence, window_sentences
from youwei.rulebook.calendar import seed_calendar
from youwei.rulebook.packs import Pack, PackRef, load_packs, read_pack_text, released_packs

PROOF = load_packs(Path(__file__).parent / "packs")
FACTS: dict[str, Any] = {
    "decision.made_on": "2024-03-15",
    "decision.class": ["政务处分"],
    "decision.effective_on": "2024-03-15",
    "period.ends_on": "2025-03-14",
    "organ.deciding": "9901",
    "organ.subject": "9902",
    "organ.case": "9901",
}


def visits(facts: dict[str, Any] | None = None) -> Tale:
    tale = Tale(released_packs(), "jingzhou-visit@2018.03")
    tale.open("2024-03-15", {**FACTS, **(facts or {})})
    return tale


def statutory() -> Tale:
    tale = Tale(released_packs(), "statutory-announcement@2024.01")
    tale.open("2024-03-15", FACTS)
    return tale


def status(tale: Tale, step: str, today: str, key: str = "") -> Status:
    item = tale.plan(today).item(step, key)
    assert item is not None
    return item.status


SMALL = """procedure: small
title: 小规程
version: '1'
in_force: {from: 2020-01-01}
about: person
opens: {by: a}
roles:
  a: {title: 甲室, at: case organ, held_by: case_officer}
  b: {title: 乙室, at: deciding organ, held_by: case_officer}
  c: {title: 丙, named_in: first.who, held_by: case_officer}
hold: {by: a, grounds: [病]}
stages: [办]
steps:
  first:
    title: 第一步
    stage: 办
    by: a
    signs: b
    form: {ok: {title: 行, type: yesno, required: true}, who: {title: 谁, type: person}}
  second:
    title: 第二步
    stage: 办
    by: c
    due: 10 days
    limit: 20 days
    prolong: {by: a, grounds: [忙]}
  verdict:
    title: 审批
    stage: 办
    kind: approval
    approves: first
    by: b
    returns: first
  last:
    title: 收尾
    stage: 办
    by: a
    never: [{when: {first.ok: false}, say: 第一步不行}]
outcomes:
  end: {title: 完}
"""


def small(text: str = SMALL) -> Tale:
    loaded = read_pack_text([("small/1/pack.yaml", text)])
    assert not loaded.faults, loaded.faults
    tale = Tale(loaded.packs, "small@1")
    tale.open("2024-03-01", FACTS)
    return tale


def test_a_step_is_done_when_every_signature_stands() -> None:
    tale = small()
    tale.record("first", "2024-03-02", {"ok": True})
    item = tale.plan("2024-03-02").item("first")
    assert item is not None
    assert (item.status, item.missing) == (Status.OPEN, ("b",))
    assert item.may == {Act.SIGN, Act.CORRECT, Act.WITHDRAW, Act.NOT_DONE}
    assert [sentence(why) for why in item.why] == ["还缺乙室签署。"]
    tale.act("sign", "2024-03-03", step="first", part="b")
    assert status(tale, "first", "2024-03-03") is Status.DONE
    assert tale.refusals("sign", "2024-03-03", step="first", part="b")


def test_a_corrected_text_loses_its_signatures_and_approvals() -> None:
    tale = small()
    first = tale.record("first", "2024-03-02", {"ok": True})
    tale.act("sign", "2024-03-03", step="first", part="b")
    tale.record("second", "2024-03-04")
    tale.record("verdict", "2024-03-05")
    assert status(tale, "verdict", "2024-03-05") is Status.DONE
    tale.act("correct", "2024-03-02", at="2024-03-06", target=first.seq, values={"who": "示例丁"}, reason="补人")
    assert status(tale, "first", "2024-03-06") is Status.OPEN
    tale.act("sign", "2024-03-06", step="first", part="b")
    assert status(tale, "first", "2024-03-06") is Status.DONE
    assert status(tale, "verdict", "2024-03-06") is Status.OPEN


def test_a_refusal_is_tested_again_when_what_it_reads_is_corrected() -> None:
    tale = small(SMALL.replace("    signs: b\n", "").replace("    approves: first\n", "    approves: second\n"))
    first = tale.record("first", "2024-03-02", {"ok": True})
    tale.record("second", "2024-03-04")
    tale.record("verdict", "2024-03-05")
    tale.record("last", "2024-03-06")
    assert tale.plan("2024-03-06").outcome == "end"
    tale.act("ended", "2024-03-06", to="end")
    tale.act("correct", "2024-03-02", at="2024-03-07", target=first.seq, values={"ok": False}, reason="写错")
    now = tale.plan("2024-03-07")
    assert (now.outcome, now.derived, now.conflict) == ("end", None, True)
    tale.act("reopened", "2024-03-08", reason="结论不符")
    now = tale.plan("2024-03-08")
    assert (now.outcome, now.conflict) == (None, False)
    last = now.item("last")
    assert last is not None
    assert last.status is Status.OPEN
    assert [sentence(why) for why in last.why] == ["记录不再成立：第一步不行"]


def test_a_conflict_may_be_confirmed_in_writing() -> None:
    tale = statutory()
    entry = tale.record("announce", "2024-03-20", {"leading": False, "scope": ["本人"]})
    tale.record("file", "2024-03-21")
    tale.act("ended", "2024-03-21", to="announced")
    tale.act("withdraw", "2024-03-22", target=entry.seq, reason="记错事项")
    assert tale.plan("2024-03-22").conflict
    tale.act("confirmed", "2024-03-23", reason="另有记录可证")
    assert not tale.plan("2024-03-23").conflict


def test_withdrawing_a_withdrawal_brings_the_record_back() -> None:
    tale = statutory()
    entry = tale.record("announce", "2024-03-20", {"leading": False, "scope": ["本人"]})
    gone = tale.act("withdraw", "2024-03-21", target=entry.seq, reason="误记")
    assert status(tale, "announce", "2024-03-21") is Status.OPEN
    assert tale.plan("2024-03-21").aside[entry.seq].rule == "withdrawn"
    tale.act("withdraw", "2024-03-22", target=gone.seq, reason="没有误记")
    assert status(tale, "announce", "2024-03-22") is Status.DONE


def test_a_return_may_be_withdrawn_and_what_it_annulled_stands_again() -> None:
    tale = small()
    tale.record("first", "2024-03-02", {"ok": True})
    tale.act("sign", "2024-03-03", step="first", part="b")
    tale.record("second", "2024-03-04")
    back = tale.act("return", "2024-03-05", step="verdict", to="first", reason="不清")
    assert status(tale, "second", "2024-03-05") is Status.WAITING
    tale.act("withdraw", "2024-03-06", target=back.seq, reason="退错")
    assert status(tale, "second", "2024-03-06") is Status.DONE


def test_a_due_is_prolonged_by_decision_but_never_past_the_limit() -> None:
    tale = small()
    tale.record("first", "2024-03-01", {"ok": True, "who": "示例丙"})
    tale.act("sign", "2024-03-01", step="first", part="b")
    second = tale.plan("2024-03-02").item("second")
    assert second is not None
    assert second.window.due == date(2024, 3, 11)  # 3月1日后10日，周一
    assert second.window.limit == date(2024, 3, 21)  # 20日，周四
    assert second.who.person == "示例丙"
    far = {"ground": "忙", "due": "2024-04-01"}
    assert any("法定最迟" in said for said in tale.refusals("prolong", "2024-03-05", step="second", values=far))
    tale.act("prolong", "2024-03-05", step="second", values={"ground": "忙", "due": "2024-03-20"})
    second = tale.plan("2024-03-12").item("second")
    assert second is not None
    assert (second.window.due, second.mark(date(2024, 3, 12))) == (date(2024, 3, 20), Mark.NONE)


def test_a_terminated_case_asks_for_nothing_more() -> None:
    tale = visits()
    tale.act("terminated", "2024-04-01", reason="本人死亡")
    now = tale.plan("2024-04-02")
    assert (now.outcome, now.next_change, now.open_items()) == (TERMINATED, None, ())
    assert tale.refusals("record", "2024-04-02", step="group") == [
        "事项已经结束。需要继续办理的，请先重新办理并写明理由。"
    ]


def test_a_transfer_takes_hold_when_it_is_accepted() -> None:
    tale = small()
    tale.act("transfer", "2024-03-05", to="9907", reason="管辖变更")
    assert tale.plan("2024-03-05").items[0].who.organ == "9901"
    assert [note.rule for note in tale.plan("2024-03-05").notes] == ["transfer open"]
    tale.act("accept", "2024-03-06")
    assert tale.plan("2024-03-06").items[0].who.organ == "9907"


def test_a_person_moving_to_another_organ_takes_open_steps_along() -> None:
    tale = visits()
    tale.act("facts", "2024-03-18", values={"organ.subject": "9908"})
    mentor = tale.plan("2024-03-18").item("mentor")
    assert mentor is not None
    assert mentor.who.organ == "9908"


def test_moving_to_a_new_version_reads_old_records_under_the_new_name() -> None:
    new = SMALL.replace("version: '1'", "version: '2'").replace("  first:\n", "  start:\n    was: first\n")
    new = new.replace("first.who", "start.who").replace("approves: first", "approves: start")
    new = new.replace("returns: first", "returns: start").replace("first.ok", "start.ok").replace("10 days", "5 days")
    loaded = read_pack_text([("small/1/pack.yaml", SMALL), ("small/2/pack.yaml", new)])
    assert not loaded.faults, loaded.faults
    tale = Tale(loaded.packs, "small@1")
    tale.open("2024-03-01", FACTS)
    tale.record("first", "2024-03-01", {"ok": True})
    tale.act("sign", "2024-03-01", step="first", part="b")
    before = tale.plan("2024-03-08")
    move = tale.act("moved", "2024-03-08", to="small@2")
    now = tale.plan("2024-03-08")
    assert now.pack == PackRef("small", "2")
    second = now.item("second")
    assert second is not None
    assert second.status is Status.OPEN
    assert second.window.due == date(2024, 3, 6)  # 5日
    assert second.window.late_from == date(2024, 3, 8)  # 转入之日才开始，不因转入而逾期
    assert any(change.what == "due" for change in differences(before, now))
    tale.act("withdraw", "2024-03-09", target=move.seq, reason="不转了")
    assert tale.plan("2024-03-09").pack == PackRef("small", "1")


def test_a_waived_step_lets_the_case_pass() -> None:
    new = SMALL.replace("version: '1'", "version: '2'").replace(
        "  second:\n", "  extra: {title: 新增, stage: 办, by: a}\n  second:\n"
    )
    loaded = read_pack_text([("small/1/pack.yaml", SMALL), ("small/2/pack.yaml", new)])
    tale = Tale(loaded.packs, "small@1")
    tale.open("2024-03-01", FACTS)
    tale.record("first", "2024-03-01", {"ok": True})
    tale.act("sign", "2024-03-01", step="first", part="b")
    tale.record("second", "2024-03-02")
    tale.act("moved", "2024-03-08", to="small@2", values={"waived": ["extra"]})
    assert status(tale, "extra", "2024-03-08") is Status.SKIPPED
    assert status(tale, "second", "2024-03-08") is Status.DONE


def test_a_row_corrected_away_keeps_its_record_marked() -> None:
    tale = visits()
    tale.record("group", "2024-03-20")
    tale.record("mentor", "2024-03-20")
    values = {
        "people": ["甲", "乙"],
        "why_none": "略",
        "management": "已落实",
        "difficulties": [{"id": "a", "matter": "房"}],
    }
    visit = tale.record("visit", "2024-04-01", values, key="1")
    tale.record("help", "2024-04-02", key="1/a")
    tale.act("correct", "2024-04-01", at="2024-04-03", target=visit.seq, values={"difficulties": []}, reason="没有困难")
    item = tale.plan("2024-04-03").item("help", "1/a")
    assert item is not None
    assert item.status is Status.DONE
    assert sentence(item.why[-1]) == "已记录，现不需要。"


@pytest.mark.req("B6")
def test_the_entry_refused_for_the_future_or_the_past_says_so() -> None:
    tale = visits()
    tale.record("group", "2024-03-20")
    tale.record("mentor", "2024-03-22")
    early = tale.refusals("record", "2024-03-19", step="visit", key="1", at="2024-03-25")
    assert any("早于前面环节的办理日期2024年3月22日" in said for said in early)
    late = tale.refusals("record", "2024-04-19", step="visit", key="1", at="2024-04-01")
    assert any("在今天（2024年4月1日）之后" in said for said in late)
    assert any(
        "最早2025年3月15日" in said or "未到时间" in said
        for said in tale.refusals("record", "2024-04-01", step="assess")
    )


def test_bad_entries_are_refused_in_words_and_never_crash() -> None:
    tale = visits()
    for kind, parts in (
        ("record", {"step": "nowhere"}),
        ("record", {"step": "group", "values": {"people": 5, "leader": [], "shelf": {"a": 1}, "foo": 1}}),
        ("record", {"step": "visit", "key": "9"}),
        ("sign", {"step": "group", "part": "x"}),
        ("correct", {"target": 99, "reason": "略"}),
        ("withdraw", {"target": 1, "reason": "略"}),
        ("return", {"step": "approve_assess", "to": "group", "reason": "略"}),
        ("exempt", {"step": "group", "values": {"ground": "忙"}}),
        ("prolong", {"step": "group", "values": {"due": "abc"}}),
        ("hold", {"values": {}}),
        ("resume", {}),
        ("ended", {"to": "assessed"}),
        ("moved", {"to": "nothing@1"}),
        ("facts", {}),
        ("facts", {"values": {"period.ends": "2024-03-01"}}),
        ("facts", {"values": {"period.ends_on": "二月三十日"}}),
        ("not_done", {"step": "group"}),
    ):
        said = tale.refusals(kind, "2024-03-20", **parts)
        assert said, kind
        assert all(any("\u4e00" <= letter <= "\u9fff" for letter in each) for each in said)


def test_a_log_that_is_no_case_is_refused() -> None:
    with pytest.raises(LogFault):
        plan(released_packs(), [], seed_calendar(), date(2024, 1, 1))


@pytest.mark.req("A3")
def test_a_window_says_why_it_is_this_day() -> None:
    tale = Tale(released_packs(), "announcement@2018.07")
    tale.open("2024-09-26", {**FACTS, "decision.made_on": "2024-09-26"})
    item = tale.plan("2024-09-26").item("announce")
    assert item is not None
    said = window_sentences(item.window)
    assert said[0] == (
        "应办：作出决定之日（2024年9月26日）起7个工作日，当日不计，为2024年10月11日；"
        "跳过8天：周六（9月28日）、国庆节放假（10月1日—10月7日）。"
    )
    days = item.window.because[0].days
    assert days[0] == date(2024, 9, 27)
    assert len(days) == 7
    assert rule_text(released_packs()[PackRef("announcement", "2018.07")].steps["announce"]) == (
        "作出决定之日起7个工作日内；法定最迟作出决定之日起1个月内"
    )
    report = released_packs()[PackRef("mentoring", "2024.06")].steps["report"]
    assert rule_text(report) == "每6个月一次；本期末日起10个工作日内", "a span has a name of its own"


def test_a_year_without_a_notice_gives_a_provisional_date() -> None:
    tale = statutory()
    tale.log[0] = tale.entry(
        "opened", "2030-01-10", to="statutory-announcement@2024.01", values={"decision.made_on": "2030-01-10"}
    )
    item = tale.plan("2030-01-10").item("announce")
    assert item is not None
    assert item.window.provisional
    assert "暂定" in window_sentences(item.window)[-1]


@pytest.mark.req("I2")
def test_the_map_shows_where_the_case_stands() -> None:
    pack: Pack = released_packs()[PackRef("announcement", "2018.07")]
    tale = Tale(released_packs(), "announcement@2018.07")
    tale.open("2024-03-15", FACTS)
    tale.record("exemption", "2024-03-18", {"ground": "无"})
    drawn = layout(pack, tale.plan("2024-03-18"), date(2024, 3, 18))
    assert [(column.title, column.status) for column in drawn.columns] == [
        ("准备", "done"),
        ("宣布", "current"),
        ("法定范围内宣布", "skipped"),
        ("归档", "coming"),
    ]
    boxes = {box.step: box for box in drawn.boxes}
    assert [name for name, box in boxes.items() if box.here] == ["read_alone"]
    assert (boxes["announce"].column, boxes["announce"].row) == (1, 1)
    assert any(edge.back and (edge.source, edge.target) == ("approve_exemption", "exemption") for edge in drawn.edges)
    bare = layout(pack)
    assert bare.rows == drawn.rows
    assert all(box.status is None for box in bare.boxes)


def test_a_class_asks_for_each_session_of_its_timetable() -> None:
    tale = Tale(PROOF, "recall-class@2016.01")
    tale.open("2016-03-21", {"organ.case": "9901"})
    sessions = [{"id": "m", "day": "2016-03-22", "course": "党章", "teacher": "示例甲"}, {"id": "n", "course": "纪律"}]
    tale.record("scheme", "2016-03-21", {"starts_on": "2016-03-21", "sessions": sessions})
    tale.record("cohort", "2016-03-21", {"list": ["示例甲", "示例乙"]})
    tale.record("session", "2016-03-22", key="m")
    now = tale.plan("2016-03-22")
    assert [(item.key, item.status) for item in now.items if item.step == "session"] == [
        ("m", Status.DONE),
        ("n", Status.OPEN),
    ]
    assert now.steps["marks"].status is Status.WAITING


def test_who_is_asked_to_sign_is_named_with_the_place_where_the_role_is_held() -> None:
    tale = small()
    tale.record("first", "2024-03-02", {"ok": True})
    item = tale.plan("2024-03-02").item("first")
    assert item is not None
    assert [(each.role, each.title, each.organ) for each in item.signers] == [("b", "乙室", FACTS["organ.deciding"])]


def test_a_signer_may_send_the_text_back_and_it_is_written_and_signed_anew() -> None:
    tale = small()
    tale.record("first", "2024-03-02", {"ok": True})
    back = {"step": "first", "to": "first", "part": "b", "reason": "写得不清楚"}
    assert tale.refusals("return", "2024-03-03", **{**back, "part": "a"}), "only a role that is asked to sign"
    assert tale.refusals("return", "2024-03-03", **{**back, "reason": ""})
    tale.act("return", "2024-03-03", **back)
    item = tale.plan("2024-03-03").item("first")
    assert item is not None
    assert (item.status, item.missing) == (Status.OPEN, ())
    assert Act.RECORD in item.may
    assert [sentence(why) for why in item.why] == ["2024年3月3日退回：写得不清楚"]
    tale.record("first", "2024-03-04", {"ok": True})
    tale.act("sign", "2024-03-04", step="first", part="b", values={"opinion": "同意"})
    assert status(tale, "first", "2024-03-04") is Status.DONE


def test_a_signature_is_not_older_than_its_text_and_has_an_opinion_of_words() -> None:
    tale = small()
    tale.record("first", "2024-03-05", {"ok": True})
    assert "早于所签内容" in tale.refusals("sign", "2024-03-04", step="first", part="b")[0]
    assert tale.refusals("sign", "2024-03-05", step="first", part="b", values={"opinion": ["同意"]})
    assert not tale.refusals("sign", "2024-03-05", step="first", part="b", values={"opinion": "同意"})


def test_sending_one_of_several_occurrences_back_leaves_the_others_signed() -> None:
    text = SMALL.replace("    signs: b\n", "    signs: b\n    repeat: any time\n").replace(
        "    when: {first.ok", "    #"
    )
    text = text.replace("    never: [{when: {first.ok: false}, say: 第一步不行}]\n", "").replace(
        "named_in: first.who", "at: subject"
    )
    tale = small(
        text.replace("    approves: first\n", "    approves: second\n").replace("returns: first", "returns: second")
    )
    one = tale.record("first", "2024-03-02", {"ok": True})
    two = tale.record("first", "2024-03-03", {"ok": True})
    tale.act("sign", "2024-03-03", step="first", key=str(one.seq), part="b")
    tale.act("return", "2024-03-04", step="first", key=str(two.seq), to="first", part="b", reason="不清楚")
    keys = {item.key: item.status for item in tale.plan("2024-03-04").items if item.step == "first"}
    assert keys == {str(one.seq): Status.DONE, "": Status.OPEN}
