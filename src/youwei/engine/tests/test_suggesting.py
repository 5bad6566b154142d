"""What is suggested, why, and what must be said by whoever chooses otherwise."""

from datetime import date
from typing import Any

import pytest

from youwei.engine.check import check
from youwei.engine.plan import plan
from youwei.engine.suggesting import suggested
from youwei.engine.types import Entry, EntryKind
from youwei.engine.wording import sentence
from youwei.rulebook.calendar import seed_calendar
from youwei.rulebook.packs import read_pack_text

PACK = """procedure: trial
title: 试用
version: '1'
in_force: {from: 2024-01-01}
about: person
opens: {by: office}
roles: {office: {title: 办公室, at: case organ, held_by: case_officer}}
stages: [办理]
steps:
  sort:
    title: 分类
    stage: 办理
    by: office
    form:
      kind: {title: 方式, type: choice, choices: [标准访, 深度访, 暖心访], required: true, differs: why, suggest: [
        {value: 暖心访, when: {person.age: '<= 35'}}, {value: 深度访, when: {decision.weight: 重}}, {value: 标准访}]}
      why: {title: 改选的理由, type: text}
  plan:
    title: 方案
    stage: 办理
    by: office
    form:
      ways: {title: 办法, type: choice, many: true, choices: [谈话, 帮带, 家访], differs: other, suggest: [
        {value: 帮带, when: {sort.kind: 暖心访}}, {value: 谈话, when: {person.age: '<= 35'}}]}
      other: {title: 调整的理由, type: text}
outcomes: {done: {title: 完成}}
"""
LOADED = read_pack_text([("trial/1/pack.yaml", PACK)])
DAY = date(2024, 5, 6)
CALENDAR = seed_calendar()


def opened(**facts: Any) -> list[Entry]:
    values = {key.replace("__", "."): value for key, value in facts.items()}
    return [Entry(seq=1, kind=EntryKind.OPENED, on=DAY, at=DAY, by="甲", to="trial@1", values=values)]


def recorded(log: list[Entry], step: str, **values: Any) -> Entry:
    return Entry(seq=len(log) + 1, kind=EntryKind.RECORD, on=DAY, at=DAY, by="甲", step=step, values=values)


def proposed(log: list[Entry], step: str = "sort") -> dict[str, Any]:
    (pack,) = LOADED.packs.values()
    return suggested(LOADED.packs, log, plan(LOADED.packs, log, CALENDAR, DAY), pack.steps[step])


@pytest.mark.req("B4")
@pytest.mark.parametrize(
    ("age", "weight", "kind"),
    [(35, "重", "暖心访"), (36, "重", "深度访"), (36, "轻", "标准访"), (None, None, "标准访"), (None, "重", "深度访")],
)
def test_the_first_that_holds_is_suggested(age: int | None, weight: str | None, kind: str) -> None:
    facts = {"person__age": age, "decision__weight": weight}
    assert LOADED.faults == ()
    assert proposed(opened(**{key: value for key, value in facts.items() if value is not None}))["kind"][0] == kind


@pytest.mark.req("B4")
def test_it_says_why() -> None:
    assert sentence(proposed(opened(person__age=34))["kind"][1]) == "为什么建议“暖心访”：因为“年龄”为34。可以改选。"


@pytest.mark.req("B4")
def test_another_choice_needs_a_reason_and_stands_with_one() -> None:
    log = opened(person__age=34, decision__weight="重")
    (fault,) = check(LOADED.packs, log, recorded(log, "sort", kind="深度访"), CALENDAR)
    assert (fault.field, str(fault)) == (
        "why",
        "“方式”与预选的“暖心访”不同，“改选的理由”没有填写。请写明为什么改选，或者改回预选。",
    )
    assert check(LOADED.packs, log, recorded(log, "sort", kind="深度访", why="处分重，先谈透"), CALENDAR) == []
    assert check(LOADED.packs, log, recorded(log, "sort", kind="暖心访"), CALENDAR) == []
    assert [
        each.field for each in check(LOADED.packs, log, recorded(log, "sort", kind="深度访", why="  "), CALENDAR)
    ] == ["why"]


@pytest.mark.req("B4")
def test_a_correction_to_another_choice_needs_one_too() -> None:
    log = opened(person__age=34)
    log.append(recorded(log, "sort", kind="暖心访"))
    change = Entry(
        seq=3, kind=EntryKind.CORRECT, on=DAY, at=DAY, by="甲", target=2, reason="录错", values={"kind": "标准访"}
    )
    assert [each.field for each in check(LOADED.packs, log, change, CALENDAR)] == ["why"]


@pytest.mark.req("B5")
def test_of_several_choices_all_that_hold_are_suggested_and_their_order_is_no_departure() -> None:
    log = opened(person__age=34)
    log.append(recorded(log, "sort", kind="暖心访"))
    assert proposed(log, "plan")["ways"][0] == ["帮带", "谈话"]
    assert check(LOADED.packs, log, recorded(log, "plan", ways=["谈话", "帮带"]), CALENDAR) == []
    assert [each.field for each in check(LOADED.packs, log, recorded(log, "plan", ways=["谈话"]), CALENDAR)] == [
        "other"
    ]
    assert check(LOADED.packs, log, recorded(log, "plan"), CALENDAR) == []  # left empty is not another choice
