"""What is pointed out in a record before it is approved, and what is not."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from youwei.engine.remarks import LIKE, Record, hollow, likeness, pieces, remarks
from youwei.rulebook.packs import read_pack_text

PACK = """procedure: trial
title: 试用
version: '1'
in_force: {from: 2024-01-01}
about: decision
opens: {event: decision.recorded, when: {period.running: true}}
roles: {office: {title: 办公室, at: case organ, held_by: case_officer}}
stages: [办理]
steps:
  visit: {title: 回访, stage: 办理, kind: visit, team: 2, by: office, due: period.ends_on, form: {secret: {title: 密, type: text, long: true}}}
  after: {title: 期满回头看, stage: 办理, kind: visit, team: 2, by: office, due: 3 months after visit.on}
  sum: {title: 小结, stage: 办理, by: office, form: {a: {title: 表现, type: text, long: true}, b: {title: 打算, type: text, long: true}}}
  agree: {title: 审批, stage: 办理, kind: approval, approves: sum, by: office}
outcomes: {done: {title: 完成}}
"""
(STEPS,) = [pack.steps for pack in read_pack_text([("trial/1/pack.yaml", PACK)]).packs.values()]
DAY = date(2024, 5, 6)
NOBODY: tuple[None, None] = (None, None)
SAID = "张远山同志于2024年3月5日接受回访，能够正视自己的错误，工作积极主动，带头完成河道清淤任务，班子成员对其评价较好，思想上已经放下包袱。"
PASTED = "李长河同志于2024年5月6日接受回访，能够正视本人的错误，工作积极主动，带头完成道路养护任务，班子成员对其评价较好，思想上已经放下包袱。"
OTHER = "本人说起当初签字时没有到现场看，现在每次验收都去。单位负责人说他今年管着两个工地，群众来电少了一半，希望年底能解决职称申报的事。"


def record(step: str = "visit", **more: Any) -> Record:
    base = Record(1, 5, step, DAY, people=("甲一", "乙二"), texts={"account": SAID}, region="/1/2/", name="某甲")
    return replace(base, **more)


def said(mine: Record, *, others: Any = (), met: Any = (), period: Any = NOBODY) -> list[str]:
    return [each.what for each in remarks(STEPS[mine.step], mine, others=others, met=met, period=period)]


@pytest.mark.req("B6", "B8")
def test_a_good_record_is_passed_over_in_silence() -> None:
    other = record(case=2, texts={"account": OTHER})
    assert said(record(), others=[other], met=[record(), replace(other, on=date(2024, 5, 7))]) == []


@pytest.mark.req("B8")
def test_pasted_text_with_another_name_date_and_task_is_found_and_a_text_of_its_own_is_not() -> None:
    near, far = record(case=2, texts={"account": PASTED}), record(case=3, texts={"account": OTHER})
    (found,) = remarks(STEPS["visit"], record(), others=[far, near], met=[], period=NOBODY)
    assert (found.other, found.what) == (near, "“回访记录”的文字")
    assert likeness(pieces(SAID), pieces(PASTED)) > LIKE > likeness(pieces(SAID), pieces(OTHER))


@pytest.mark.req("B8")
def test_the_record_itself_other_steps_and_short_texts_are_not_compared() -> None:
    assert said(record(), others=[record(), record("sum", case=2)]) == []
    short = record(texts={"account": "已谈，情绪平稳"})
    assert said(short, others=[replace(short, case=2)]) == []


@pytest.mark.req("B8")
@pytest.mark.parametrize("text", ["无", "无。", " 良 好 ", "同上；", "……", "123", "好好好"])
def test_throw_away_words_are_pointed_out(text: str) -> None:
    assert hollow(text)
    assert said(record(texts={"account": text})) == [f"“回访记录”只写了“{text.strip()}”，没有具体内容"]


@pytest.mark.req("B8")
def test_an_approval_in_a_word_is_no_work_gone_through_the_motions() -> None:
    assert said(record("agree", texts={"opinion": "同意"})) == []


@pytest.mark.req("B8")
def test_a_few_letters_and_a_form_left_empty_are_pointed_out() -> None:
    assert said(record(texts={"account": "谈得不错"})) == ["“回访记录”只有4个字"]
    assert said(record("sum", texts={})) == ["“表现”“打算”都没有填写"]
    assert said(record("sum", texts={"a": "在窗口岗位坚持了一年"})) == []


@pytest.mark.req("B8")
def test_the_same_words_under_two_headings_are_pointed_out_once() -> None:
    same = record("sum", texts={"a": SAID, "b": PASTED})
    assert said(same) == ["“表现”和“打算”写的几乎是同样的话"]
    assert said(record("sum", texts={"a": SAID, "b": OTHER})) == []


@pytest.mark.req("B6")
def test_one_visitor_written_twice_is_one() -> None:
    assert said(record(people=("甲一", "甲一（组长）"))) == ["去掉称呼后只有1人（甲一、甲一（组长）），应当至少2人"]
    assert said(record(people=("甲一", "甲一科长"))) == ["去掉称呼后只有1人（甲一、甲一科长），应当至少2人"]
    assert said(record(people=("甲一科长", "乙二科长"))) == []


@pytest.mark.req("B6")
def test_a_visitor_is_not_in_two_regions_on_one_day_nor_at_five_talks() -> None:
    there = record(case=2, region="/1/3/", texts={})
    (found,) = remarks(STEPS["visit"], record(), others=[], met=[there], period=NOBODY)
    assert (found.what, found.other) == ("甲一、乙二同一天还在另一地区谈话、回访", there)
    assert said(record(), met=[replace(there, people=("丙三",))]) == []
    assert said(record(), met=[replace(there, region="")]) == []
    near = [record(case=number, texts={}) for number in range(2, 6)]
    assert said(record(), met=near) == ["甲一同一天共有5次谈话、回访", "乙二同一天共有5次谈话、回访"]
    assert said(record(), met=near[:3]) == []


@pytest.mark.req("B6")
def test_a_visit_outside_the_period_is_pointed_out_where_the_pack_ties_it_to_the_period() -> None:
    period = (date(2024, 1, 1), date(2024, 5, 5))
    assert said(record(), period=period) == ["日期2024年5月6日晚于影响期届满之日2024年5月5日"]
    assert said(record(on=date(2023, 12, 31)), period=period) == ["日期2023年12月31日早于影响期开始之日2024年1月1日"]
    assert said(record("after"), period=period) == []


texts = st.text("甲乙丙丁戊己庚辛壬癸，。 1", max_size=80)


@given(texts, texts)
def test_likeness_is_the_same_both_ways_and_one_only_for_the_same_pieces(one: str, other: str) -> None:
    left, right = pieces(one), pieces(other)
    found = likeness(left, right)
    assert 0 <= found <= 1
    assert found == likeness(right, left)
    assert (found == 1) == (left == right and bool(left))


@given(texts, st.integers(0, 9999), st.sampled_from("，。；、 "))
def test_figures_and_signs_put_in_between_change_nothing(text: str, number: int, sign: str) -> None:
    changed = f"{number}{sign}".join(text)
    assert pieces(changed) == pieces(text)
    assert hollow(changed) == hollow(text)
