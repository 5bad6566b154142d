"""Which procedures a recorded decision opens."""

from datetime import date
from typing import Any

import pytest

from youwei.engine.opening import opens_for
from youwei.engine.wording import sentence
from youwei.rulebook.pack_ready import unready
from youwei.rulebook.packs import read_pack_text, released_packs

TODAY = date(2024, 5, 6)
CITY: dict[str, Any] = {
    "decision.made_on": "2024-05-06",
    "decision.class": ["党纪处分"],
    "decision.measure": ["党内严重警告"],
    "person.managed_by": "市管",
    "period.running": True,
}


def opened(today: date = TODAY, **changes: Any) -> list[str]:
    facts = {**CITY, **{key.replace("__", "."): value for key, value in changes.items()}}
    return [ref.procedure for ref, _ in opens_for(released_packs(), facts, today)]


@pytest.mark.req("A3")
def test_a_city_managed_cadre_gets_the_public_announcement_and_visits() -> None:
    assert opened() == ["announcement", "execution", "jingzhou-visit"]


@pytest.mark.req("A3")
def test_everybody_else_gets_the_statutory_announcement() -> None:
    assert opened(person__managed_by="县管") == ["execution", "jingzhou-visit", "statutory-announcement"]
    assert opened(person__managed_by=None) == ["execution", "jingzhou-visit", "statutory-announcement"]


def test_organisational_handling_is_announced_for_city_managed_cadres_only() -> None:
    assert opened(decision__class=["组织处理"], period__running=False) == ["announcement", "execution"]
    assert opened(decision__class=["组织处理"], period__running=False, person__managed_by="县管") == ["execution"]


def test_expulsion_and_ended_periods_open_no_visits() -> None:
    assert opened(decision__measure=["开除党籍"], period__running=True) == ["announcement", "execution"]
    assert opened(decision__measure=["开除公职", "撤销党内职务"]) == ["announcement", "execution"]
    assert opened(period__running=False) == ["announcement", "execution"]


def test_milder_means_open_nothing() -> None:
    assert opened(decision__class=["诫勉"], period__running=False) == []


def test_before_its_day_a_pack_opens_nothing() -> None:
    assert opened(date(2017, 1, 3)) == []


def test_the_reason_says_which_facts_decided() -> None:
    (_, why), *_ = opens_for(released_packs(), CITY, TODAY)
    assert sentence(why) == "因为“处分处理类别”为党纪处分，“干部管理权限”为市管，启动“处分决定公开宣布执行”。"


PLACES = """procedure: %s
title: %s
version: '1'
in_force: {from: 2024-01-01}
about: decision
matter: 回访
opens: {event: decision.recorded, when: {period.running: true}}
roles: {office: {title: 办公室, at: case organ, held_by: case_officer}}
stages: [办理]
steps: {visit: {title: 回访, stage: 办理, by: office, due: 10 days}}
local: [steps.visit]
outcomes: {done: {title: 完成}}
"""
OWN = """procedure: own
title: 细则
version: '1'
in_force: {from: 2024-01-01}
extends: elsewhere@1
covers: [某区]
steps: {visit: {due: 20 days}}
"""


@pytest.mark.req("B4")
@pytest.mark.parametrize(
    ("names", "wanted"),
    [
        ([], "everywhere"),
        ([{"县纪委"}, {"县"}, {"某市"}], "everywhere"),
        ([{"别区纪委"}, {"别区", "某市/别区"}, {"某市"}], "elsewhere"),
        ([{"某区纪委"}, {"某区"}, {"某市"}], "own"),
        ([{"别区某区纪委"}, {"某区"}, {"别区"}], "own"),
    ],
)
def test_of_packs_of_one_matter_the_nearest_opens_and_no_other(names: list[set[str]], wanted: str) -> None:
    there = PLACES % ("elsewhere", "别区回访") + "covers: [别区]\n"
    loaded = read_pack_text([("a", PLACES % ("everywhere", "回访")), ("b", there), ("c", OWN)])
    assert not loaded.faults
    assert not [fault for pack in loaded.packs.values() for fault in unready(pack)]
    found = opens_for(loaded.packs, {"period.running": True}, TODAY, names=names)
    assert [ref.procedure for ref, _ in found] == [wanted]
    assert opens_for(loaded.packs, {"period.running": False}, TODAY, names=names) == []
