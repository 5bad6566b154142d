"""A run that leaves nothing else behind than one walked already is not walked again, and nothing is proved the less for it."""

import json
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from youwei.engine.checking import behaviour_faults
from youwei.engine.soundness import Behaviour, explore
from youwei.rulebook.calendar import seed_calendar
from youwei.rulebook.packs import Pack, read_pack_text, released_packs

CALENDAR = seed_calendar()
CHOICES = ["甲", "乙", "丙"]
FACT = "person.managed_by"
LEVELS = ["市管", "县管"]


class Writer:
    """Draws a pack: up to six steps that wait for, ask about, refuse by, approve and repeat what came before."""

    def __init__(self, data: st.DataObject) -> None:
        self.data = data
        self.steps: dict[str, dict[str, Any]] = {}

    def draw(self, what: st.SearchStrategy[Any]) -> Any:
        return self.data.draw(what)

    def often(self, of_ten: int) -> bool:
        return bool(self.draw(st.integers(1, 10)) <= of_ten)

    def some(self, names: list[str]) -> list[str]:
        return list(self.draw(st.lists(st.sampled_from(names), unique=True, max_size=2))) if names else []

    def single(self) -> list[str]:
        return [name for name, step in self.steps.items() if "repeat" not in step and "choice" in step.get("form", {})]

    def table(self, names: list[str]) -> dict[str, Any]:
        """One table of tests on earlier answers, a fact, or how often something was done."""
        made: dict[str, Any] = {}
        for name in self.some(names):
            value = self.draw(
                st.sampled_from([*CHOICES, CHOICES[:2], {"not": "甲"}, {"given": True}, {"given": False}])
            )
            made[f"{name}.choice"] = value
        counted = [name for name, step in self.steps.items() if step.get("repeat") == "any time"]
        if counted and self.often(3):
            made[f"{self.draw(st.sampled_from(counted))}.count"] = self.draw(st.sampled_from([">= 1", "< 1"]))
        if self.often(2) or not made:
            made[FACT] = self.draw(st.sampled_from(LEVELS))
        return made

    def when(self) -> Any:
        tables = [self.table(self.single()) for _ in range(self.draw(st.integers(1, 2)))]
        return tables if len(tables) > 1 else tables[0]

    def step(self, number: int) -> None:
        before, name = list(self.steps), f"s{number}"
        choice = {"title": "选", "type": "choice", "choices": CHOICES, "required": self.often(7)}
        made: dict[str, Any] = {"title": f"第{number}步", "stage": "一", "by": "office", "form": {"choice": choice}}
        if after := self.some(before):
            made["after"] = after
        if before and self.often(4):
            made["when"] = self.when()
        if self.often(2):
            made["from"] = self.draw(st.sampled_from(["1 month", "10 days"]))
        if self.often(2):
            made["exempt"] = {"by": "office", "grounds": ["不适用"]}
        if self.often(2):
            made["must"] = True
        rows = [each for each, step in self.steps.items() if "rows" in step.get("form", {})]
        shape = self.draw(st.integers(1, 10))
        if shape == 1:
            made["repeat"] = "any time"
            made.pop("exempt", None)
        elif shape == 2 and rows:
            made["repeat"] = {"each": f"{self.draw(st.sampled_from(rows))}.rows"}
        elif shape == 3 and after and "repeat" not in self.steps[after[0]]:
            made |= {"kind": "approval", "approves": after[0]}
        elif shape == 4:
            made["form"]["rows"] = {
                "title": "各项",
                "type": "rows",
                "required": True,
                "of": {"what": {"title": "事", "type": "text"}},
            }
        elif shape == 5:
            made["form"]["next_on"] = {"title": "下次", "type": "date"}
            made["repeat"] = {"next": "next_on"}
        elif self.often(4):
            own = {f"{name}.choice": self.draw(st.sampled_from(CHOICES))}
            made["never"] = [{"when": {**self.table(self.single()), **own}, "say": "不行"}]
        self.steps[name] = made

    def pack(self) -> str:
        for number in range(1, self.draw(st.integers(3, 6)) + 1):
            self.step(number)
        outcomes: dict[str, Any] = {}
        for number in range(self.draw(st.integers(0, 2))):
            outcomes[f"o{number}"] = {"title": f"结局{number}", "when": self.when()}
            if after := self.some(list(self.steps)):
                outcomes[f"o{number}"]["after"] = after
        last: dict[str, Any] = {"title": "其他", **({"when": self.when()} if self.often(3) else {})}
        text = json.dumps(
            {
                "procedure": "trial", "title": "试用规程", "version": "1.0", "in_force": {"from": "2024-01-01"}, "about": "person",
                "opens": {"event": "decision.recorded"},
                "roles": {"office": {"title": "办公室", "at": "case organ", "held_by": "case_officer"}},
                "stages": {"一": {}}, "steps": self.steps, "outcomes": {**outcomes, "rest": last},
            }, ensure_ascii=False,
        )  # fmt: skip
        return text.replace('"2024-01-01"', "2024-01-01")  # a day is no text


def said(behaviour: Behaviour) -> tuple[Any, ...]:
    """Everything but how many runs it took: the way to a dead end that is told among it."""
    kept = behaviour
    return (kept.capped, kept.opened, kept.reached, kept.stuck, kept.empty_end, kept.cut_off)


def faults_of(pack: Pack, behaviour: Behaviour) -> list[str]:
    return [str(fault) for fault in behaviour_faults(pack, behaviour)]


@pytest.mark.req("I1")
@settings(
    max_examples=60, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate]
)  # a pack is small; to make it smaller takes minutes
@given(st.data())
def test_joined_runs_say_of_any_pack_what_all_runs_say(data: st.DataObject) -> None:
    text = Writer(data).pack()
    loaded = read_pack_text([("trial/1.0/pack.yaml", text)])
    assert not loaded.faults, loaded.faults
    for pack in loaded.packs.values():
        joined, plain = explore(pack, CALENDAR, 600), explore(pack, CALENDAR, 600, join=False)
        if not plain.capped:
            assert said(joined) == said(plain), text
            assert faults_of(pack, joined) == faults_of(pack, plain), text
            assert joined.runs <= plain.runs, text


@pytest.mark.req("I1")
@pytest.mark.parametrize("procedure", ["jingzhou-visit", "malicious", "mentoring", "recall"])
def test_joined_runs_say_of_a_released_pack_what_all_runs_say(procedure: str) -> None:
    pack = next(pack for ref, pack in released_packs().items() if ref.procedure == procedure)
    plain, joined = explore(pack, CALENDAR, join=False), explore(pack, CALENDAR)
    assert said(joined) == said(plain)
    assert joined.runs < plain.runs


@pytest.mark.req("I1")
def test_answers_no_later_step_asks_about_are_not_walked_on_apart() -> None:
    """Of what is agreed to, where and how far the rumour went (8,040 ways), only 优先 outlasts the approval."""
    pack = next(pack for ref, pack in released_packs().items() if ref.procedure == "clearing")
    assert explore(pack, CALENDAR).runs < 2_000


FOUR = """procedure: trial
title: 试用规程
version: '1.0'
in_force: {from: 2024-01-01}
about: person
opens: {event: decision.recorded}
roles: {office: {title: 办公室, at: case organ, held_by: case_officer}}
stages: {一: {}}
steps:
  ask: {title: 问, stage: 一, by: office, form: {yes: {title: 甲乙丙, type: choice, choices: [甲, 乙, 丙], required: true}}}
  next: {title: 中间一步, stage: 一, by: office, after: ask}
  other: {title: 又一步, stage: 一, by: office, after: next, when: {ask.yes: [甲, 乙]}}
outcomes:
  first: {title: 一, when: {ask.yes: 甲}}
  second: {title: 二, when: {ask.yes: 乙}}
  third: {title: 三, when: {ask.yes: 丙}}
"""


@pytest.mark.parametrize(("text", "runs"), [(FOUR, 9), (FOUR.replace("ask.yes: 乙}", "ask.yes: [甲, 乙]}"), 9)])
def test_what_an_end_still_asks_about_keeps_runs_apart(text: str, runs: int) -> None:
    """Three answers, three passes; the middle step asks nothing, and still each answer is walked to its own end."""
    (pack,) = read_pack_text([("trial/1.0/pack.yaml", text)]).packs.values()
    found = explore(pack, CALENDAR)
    assert (found.runs, found.reached) == (runs, {"first", "second", "third"})
