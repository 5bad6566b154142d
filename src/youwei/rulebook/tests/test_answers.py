"""The JSON of `period` and `workdays`: keys that scripts rely on."""

import json
import re
from datetime import date
from typing import Any

import pytest

from youwei.rulebook.answers import period_answer, workdays_after, workdays_between
from youwei.rulebook.calendar import seed_calendar
from youwei.rulebook.law import LawFault, load_law


def period(**given: Any) -> Any:
    return json.loads(json.dumps(period_answer(law=load_law(), **given), ensure_ascii=False))


@pytest.mark.req("A2")
def test_the_keys_of_period() -> None:
    answer = period(measure="党内严重警告", effective=date(2024, 3, 15), acts_until=date(2024, 2, 1))
    assert set(answer) == {"bars", "eligible_on", "unsettled"}
    assert set(answer["bars"][0]) == {
        "measure",
        "starts_on",
        "last_day",
        "first_eligible_on",
        "months",
        "basis",
        "reasons",
    }
    assert answer["bars"][0] | {"basis": 0, "reasons": 0} == {
        "measure": "党内严重警告",
        "starts_on": "2024-03-15",
        "last_day": "2025-09-14",
        "first_eligible_on": "2025-09-15",
        "months": 18,
        "basis": 0,
        "reasons": 0,
    }
    assert answer["eligible_on"] == {
        "promotion": "2025-09-15",
        "further_use": "2025-09-15",
        "equal_post": None,
        "award": "2025-09-15",
    }
    assert answer["unsettled"] == []
    assert "第十条" in answer["bars"][0]["basis"][0]
    told = "".join(answer["bars"][0]["reasons"])
    assert "2024年3月15日加18个月，对应日为2025年9月15日" in told
    assert "最后一日为2025年9月14日" in told
    assert "最后一日为2025年9月15日" in told


@pytest.mark.req("A2")
def test_unknown_acts_are_told_as_unsettled() -> None:
    answer = period(measure="党内严重警告", effective=date(2024, 3, 15))
    assert len(answer["unsettled"]) == 1
    assert "待核" in answer["unsettled"][0]
    assert "2025年3月14日" in answer["unsettled"][0]


@pytest.mark.req("A2")
def test_a_doubt_about_the_edition_does_not_contradict_the_bar_that_was_moved() -> None:
    # 15 March 2024, warning (one year) made a severe warning on 15 June 2025: what was served counts, so the end is not 18 months from 2024
    heavier = period(measure="党内警告", effective=date(2024, 3, 15), changed_to=("党内严重警告", date(2025, 6, 15)))
    assert heavier["bars"][0]["last_day"] == "2025-12-14"
    doubt = next(line for line in heavier["unsettled"] if "行为终了日未填写" in line)
    assert doubt.endswith("（以上日期不计变更、从生效日起算。）")


@pytest.mark.req("A2")
def test_a_sum_is_told_as_one_length() -> None:
    # Warning from 15 March 2024, again a warning from 15 May 2024: 10 months left, 12 more, 22 together → last day 14 March 2026
    answer = period(measure="党内警告", effective=date(2024, 3, 15), then=[("党内警告", date(2024, 5, 15))])
    second = answer["bars"][1]
    assert second["last_day"] == "2026-03-14"
    assert any("尚未执行10个月，加党内警告12个月，合计22个月。" in line for line in second["reasons"])


@pytest.mark.req("A2")
def test_all_arguments_together() -> None:
    answer = period(
        measure="留党察看一年",
        effective=date(2024, 3, 15),
        acts_until=date(2024, 2, 1),
        restored_on=date(2025, 3, 15),
        then=[("党内警告", date(2026, 3, 15)), ("政务记过", date(2026, 3, 20))],
        person_kind="公务员",
        convention="civil",
    )
    # civil: 2025-03-15 + 24 = 2027-03-15; a warning in it: 2027-03-15 + 12 = 2028-03-15
    assert [each["last_day"] for each in answer["bars"]] == ["2025-03-15", "2027-03-15", "2028-03-15", "2027-03-20"]
    assert answer["eligible_on"]["promotion"] == "2028-03-16"


def test_changed_and_withdrawn() -> None:
    answer = period(
        measure="党内警告",
        effective=date(2024, 3, 15),
        acts_until=date(2024, 2, 1),
        changed_to=("党内严重警告", date(2024, 9, 15)),
    )
    assert [(each["starts_on"], each["last_day"], each["months"]) for each in answer["bars"]] == [
        ("2024-09-15", "2025-09-14", 12)
    ]
    gone = period(measure="党内警告", effective=date(2024, 3, 15), changed_to=("撤销处分决定", date(2024, 9, 15)))
    assert gone["eligible_on"] == dict.fromkeys(("promotion", "further_use", "equal_post", "award"))
    assert gone["unsettled"] == []


def test_no_day_can_be_named_for_a_dismissal() -> None:
    answer = period(measure="开除公职", effective=date(2024, 3, 15))
    assert answer["bars"][0]["last_day"] is None
    assert answer["eligible_on"]["promotion"] == "9999-12-31"


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"measure": "打手心"}, "--measure"),
    ({"measure": "警告"}, "分不清党纪和政务"),
    ({"measure": "政务降级", "person_kind": "村干部"}, "政务处分法》（2020年）第二十二条"),
    ({"measure": "政务降级", "person_kind": "宇航员"}, "--person-kind"),
    ({"measure": "党内警告", "months": 0}, "--months"),
    ({"measure": "党内警告", "months": -3}, "--months"),
    ({"measure": "政务记过", "months": 60}, "--months"),
    ({"measure": "党内警告", "then": [("政务记过", date(2023, 1, 1))]}, "--then"),
    ({"measure": "党内警告", "then": [("什么", date(2025, 1, 1))]}, "--then"),
    ({"measure": "党内警告", "changed_to": ("什么", date(2025, 1, 1))}, "--changed-to"),
    ({"measure": "党内警告", "acts_until": date(2025, 1, 1)}, "--acts-until"),
    ({"measure": "政务记过", "instead_of_removal": True}, "--instead-of-removal"),
    ({"measure": "政务记过", "restored_on": date(2025, 1, 1)}, "--restored-on"),
    ({"measure": "留党察看二年", "restored_on": date(2025, 1, 1)}, "--restored-on"),
    ({"measure": "党内警告", "convention": "lunar"}, "终止日算法"),
    ({"measure": "党内警告", "changed_to": ("政务警告", date(9999, 1, 1))}, "--changed-to"),
    ({"measure": "党内警告", "then": [("党内警告", date(9999, 1, 1))]}, "过远；请核对年份"),
]


@pytest.mark.req("A2", "I5")
@pytest.mark.parametrize(("given", "named"), REFUSED)
def test_wrong_use_is_refused_naming_the_argument(given: dict[str, Any], named: str) -> None:
    with pytest.raises(LawFault) as refused:
        period(effective=date(2024, 3, 15), **given)
    told = str(refused.value)
    assert named in refused.value.at_shell()
    assert "请" in told
    assert "--" not in told, "pages show this sentence"
    assert not re.search(r"\d{4}-\d\d-\d\d", told)


@pytest.mark.req("J11")
def test_the_keys_of_workdays() -> None:
    # 2024-09-30 Monday: 1 to 7 October off, then 8 and 9
    assert workdays_after(seed_calendar(), date(2024, 9, 30), 2) == {
        "due_on": "2024-10-09",
        "provisional": False,
        "skipped": [{"on": f"2024-10-0{day}", "why": "国庆节放假"} for day in range(1, 8)],
    }
    assert workdays_between(seed_calendar(), date(2024, 9, 30), date(2024, 10, 9)) == {
        "working_days": 3,
        "provisional": False,
    }
    assert workdays_after(seed_calendar(), date(2027, 3, 1), 1)["provisional"]


def test_wrong_use_of_workdays_is_refused() -> None:
    with pytest.raises(LawFault, match="负数") as refused:
        workdays_after(seed_calendar(), date(2024, 9, 30), -1)
    assert refused.value.at_shell().endswith("（--count）")
    with pytest.raises(LawFault, match="过大") as refused:
        workdays_after(seed_calendar(), date(2024, 9, 30), 10**7)
    assert refused.value.at_shell().endswith("（--after、--count）")
    with pytest.raises(LawFault, match="止日2024年9月1日早于起日2024年9月30日") as refused:
        workdays_between(seed_calendar(), date(2024, 9, 30), date(2024, 9, 1))
    assert refused.value.at_shell().endswith("（--from、--to）")
    with pytest.raises(LawFault, match="核对年份"):
        workdays_between(seed_calendar(), date(24, 9, 30), date(2024, 9, 1))
