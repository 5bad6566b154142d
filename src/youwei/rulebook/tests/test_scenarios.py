"""The scenarios beside the law: dates typed by hand, never produced by the program."""

import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from youwei.rulebook.answers import WITHDRAWN_WORDS
from youwei.rulebook.days import NEVER
from youwei.rulebook.eligibility import eligibility
from youwei.rulebook.law import LAW_FOLDER, LawFault, load_law
from youwei.rulebook.pack_faultlist import FaultList
from youwei.rulebook.pack_yaml import read_nodes
from youwei.rulebook.periods import WITHDRAWN, Change, Sanction, compute_bars

NOT_FOR_PEOPLE = re.compile(r"\d{4}-\d\d|--")
"""Dates and words as a program writes them: pages show these sentences."""
FOLDER = LAW_FOLDER / "scenarios"
ALLOWED = {
    "name",
    "given",
    "convention",
    "bars",
    "eligible",
    "unsettled",
    "says",
    "basis",
    "reasons",
    "refused",
}


def read(path: Path) -> list[Any]:
    faults = FaultList()
    found = read_nodes(path.read_text(encoding="utf-8"), path.name, faults)[0].plain()["scenarios"]
    assert not faults.found
    return [pytest.param(each, id=f"{path.stem}: {each['name']}") for each in found]


SCENARIOS = [each for path in sorted(FOLDER.glob("*.yaml")) for each in read(path)]


def sanction(given: dict[str, Any], key: str) -> Sanction:
    law = load_law()
    changed_to = None
    if "changed_to" in given:
        text = given["changed_to"]["measure"]
        kind = WITHDRAWN if text in WITHDRAWN_WORDS else law.recognise(text).id
        changed_to = Change(kind, given["changed_to"]["on"])
    person = law.person_kind(given["person"]).id if "person" in given else ""
    return Sanction(
        law.recognise(given["measure"]).id,
        given["effective"],
        given.get("acts_until"),
        given.get("instead_of_removal", False),
        given.get("months"),
        given.get("restored_on"),
        changed_to,
        person,
        given.get("by_hand", {}).get("last"),
        given.get("by_hand", {}).get("basis", ""),
        key,
    )


@pytest.mark.req("A2", "K6")
@pytest.mark.parametrize("scenario", SCENARIOS)
def test_scenario(scenario: dict[str, Any]) -> None:
    assert set(scenario) <= ALLOWED
    given = [sanction(each, str(place)) for place, each in enumerate(scenario["given"])]
    if "refused" in scenario:
        with pytest.raises(LawFault) as refused:
            compute_bars(given, load_law(), scenario.get("convention", "inclusive"))
        assert scenario["refused"] in refused.value.at_shell()
        assert not NOT_FOR_PEOPLE.search(str(refused.value))
        return
    bars = compute_bars(given, load_law(), scenario.get("convention", "inclusive"))
    got = [
        {"measure": each.title, "starts": each.starts_on, "last": each.last_day, "months": each.months} for each in bars
    ]
    assert got == scenario["bars"]
    for each in bars:
        assert each.first_eligible_on == (each.last_day and each.last_day + timedelta(days=1))
    free = eligibility(bars)
    for kind, day in scenario.get("eligible", {}).items():
        assert getattr(free, kind).on == (NEVER if day == "never" else day), kind
    assert sorted({doubt.code for each in bars for doubt in each.unsettled}) == sorted(scenario.get("unsettled", []))
    doubts = "".join(doubt.text for each in bars for doubt in each.unsettled)
    for words in scenario.get("says", []):
        assert str(words) in doubts
    for words in scenario.get("basis", []):
        assert words in "".join(cite.text for each in bars for cite in each.basis)
    for words in scenario.get("reasons", []):
        assert words in "".join(reason.text for each in bars for reason in each.reasons)
    spoken = [reason.text for each in bars for reason in each.reasons]
    spoken += [doubts, *(cite.text for each in bars for cite in each.basis)]
    assert not [text for text in spoken if NOT_FOR_PEOPLE.search(text)]


def test_there_are_scenarios_for_every_kind_of_case() -> None:
    assert len(SCENARIOS) >= 60
    named = {each["measure"] for scenario in SCENARIOS for each in scenario.values[0]["given"]}
    assert {"党内警告", "留党察看二年", "开除党籍", "政务警告", "开除公职", "诫勉", "免职", "谈话提醒"} <= named
    assert all(isinstance(each["effective"], date) for scenario in SCENARIOS for each in scenario.values[0]["given"])
