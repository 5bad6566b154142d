"""Opening by hand: whose rules hold and why, what is asked for, and what is refused with its reason."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pytest_django.fixtures import Settings

from tests.support.cast import Cast
from tests.support.cast import organ as new_organ
from youwei.cases.by_hand import NotAdmitted, offers, open_by_hand, subject_of, to_say
from youwei.cases.logs import packs
from youwei.cases.models import Case, OpenStep
from youwei.cases.queries import lines
from youwei.cases.tests.builders import CLERK, act, case_of, moment
from youwei.journal.queries import records
from youwei.organs.models import Organ
from youwei.people.commands import build, register_many
from youwei.people.models import Person
from youwei.rulebook.packs import PackRef, load_packs

pytestmark = [pytest.mark.django_db, pytest.mark.req("G1"), pytest.mark.req("I1")]
PACKS = Path(__file__).resolve().parent / "packs"
MONDAY = date(2026, 3, 16)


@pytest.fixture(autouse=True)
def packs_of_the_tests(settings: Settings) -> None:
    settings.PACKS = PACKS


def somebody(where: Organ, name: str = "许南舟", **more: Any) -> Person:
    return register_many([build(organ=where, name=name, **more)], by=CLERK, on=MONDAY, at=moment(MONDAY))[0]


def opened(cast: Cast, thing: Any, on: date = MONDAY, **more: Any) -> Case:
    asked: dict[str, Any] = {
        "family": "caring", "role": "officer", "organ": cast.commission, "said": {"organ.leading": str(cast.commission.pk)},
        "by": CLERK, "on": on, "at": moment(MONDAY), "today": MONDAY, **more,
    }  # fmt: skip
    return open_by_hand(thing=thing, **asked)


def refusal(cast: Cast, thing: Any, **more: Any) -> str:
    before = Case.objects.count()
    with pytest.raises(NotAdmitted) as refused:
        opened(cast, thing, **more)
    assert Case.objects.count() == before
    return str(refused.value)


def test_a_units_own_rules_are_taken_for_its_people_and_the_reason_stands_in_the_log(cast: Cast) -> None:
    case = opened(cast, somebody(cast.bureau))
    assert (case.procedure, case.version, case.person_id) == ("caring-bureau", "2026.03", Person.objects.get().pk)
    assert (case.organ, case.subject_organ) == (cast.commission, cast.bureau)
    assert OpenStep.objects.get(case=case).due_on == date(2026, 3, 23)  # 17、18、19、20日，23日
    line = lines(case, records("case", case.pk))[0]
    assert line.reason == "“青溪区水利局”有自己的规程，按“局机关谈心关怀细则”办。"


def test_people_of_other_units_and_of_units_below_fall_under_the_nearest_rules(cast: Cast) -> None:
    other, office = (
        new_organ("青溪区教育局", "department", cast.district),
        new_organ("水利局防汛办", "department", cast.bureau),
    )
    whole, below = opened(cast, somebody(other)), opened(cast, somebody(office))
    assert (whole.procedure, below.procedure) == ("caring", "caring-bureau")
    assert OpenStep.objects.get(case=whole).due_on == date(2026, 3, 30)  # 十个工作日：17—20日，23—27日，30日
    assert lines(whole, records("case", whole.pk))[0].reason == "所在单位没有施行中的实施细则，按“谈心关怀”办。"


def test_rules_not_yet_in_force_on_the_day_are_not_taken(cast: Cast) -> None:
    assert opened(cast, somebody(cast.bureau), on=date(2026, 2, 27)).procedure == "caring"
    assert "2026年1月1日起才施行" in refusal(cast, somebody(cast.bureau), on=date(2025, 12, 31))
    assert "不能晚于今天" in refusal(cast, somebody(cast.bureau), on=date(2026, 3, 17))


def test_rules_that_are_only_for_some_units_refuse_the_others(cast: Cast, settings: Settings, tmp_path: Path) -> None:
    text = (PACKS / "caring/2026.01/pack.yaml").read_text("utf-8")
    folder = tmp_path / "caring" / "2026.01"
    folder.mkdir(parents=True)
    (folder / "pack.yaml").write_text(text.replace("about:", "covers: [青溪区水利局]\nabout:"), "utf-8")
    settings.PACKS = tmp_path
    assert load_packs(tmp_path)
    assert "只用于青溪区水利局的人员" in refusal(cast, somebody(cast.commission))
    assert opened(cast, somebody(cast.bureau)).procedure == "caring"


def test_a_second_case_of_the_same_family_is_refused_while_one_is_open(cast: Cast) -> None:
    person = somebody(cast.bureau)
    first = opened(cast, person)
    assert "已有在办的“局机关谈心关怀细则”，2026年3月16日立项" in refusal(cast, person)
    offer = offers(subject_of(person, MONDAY), MONDAY)[0]
    assert offer.going == first
    act(first, "terminated", MONDAY, reason="误立")
    assert opened(cast, person).pk != first.pk


def test_a_double_click_is_one_case(cast: Cast) -> None:
    person = somebody(cast.bureau)
    assert opened(cast, person, token="once").pk == opened(cast, person, token="once").pk
    assert Case.objects.count() == 1


def test_what_nothing_else_places_is_asked_for_and_must_be_said(cast: Cast) -> None:
    person, pack = somebody(cast.bureau), packs()[PackRef("caring", "2026.01")]
    asked = to_say(subject_of(person, MONDAY), pack, "officer", cast.commission, MONDAY)
    assert [(each.title, each.required) for each in asked] == [("领导小组办公室", True), ("属失职失责", False)]
    assert "请写明“领导小组办公室”" in refusal(cast, person, said={})
    case = opened(cast, person, said={"organ.leading": str(cast.elsewhere.pk), "decision.dereliction": True})
    facts = records("case", case.pk)[0].content["values"]
    assert (facts["organ.leading"], facts["decision.dereliction"], facts["organ.case"]) == (
        str(cast.elsewhere.pk),
        True,
        str(cast.commission.pk),
    )


def test_a_role_that_does_not_open_is_refused(cast: Cast) -> None:
    assert "不由这个岗位开办" in refusal(cast, somebody(cast.bureau), role="group")


def test_a_unit_and_a_decision_may_be_the_subject(cast: Cast) -> None:
    unit = opened(cast, cast.bureau)
    assert (unit.person, unit.subject_organ, unit.decision) == (None, cast.bureau, None)
    decision = case_of(cast, "review").decision
    assert decision is not None
    about = opened(cast, decision)
    assert (about.decision, about.person) == (decision, decision.person)
    assert records("case", about.pk)[0].content["values"]["decision.made_on"] == "2026-03-12"
    assert "已有在办" in refusal(cast, decision)


def test_a_case_that_another_opens_follows_the_units_own_rules_too(cast: Cast) -> None:
    other = new_organ("青溪区教育局", "department", cast.district)
    found = {}
    for unit in (cast.bureau, other):
        first = opened(cast, somebody(unit), family="noticing", said={})
        act(first, "record", MONDAY, step="see", values={})
        found[unit.name] = [link.child.procedure for link in first.next_links.all() if link.child is not None]
    assert found == {"青溪区水利局": ["caring-bureau"], "青溪区教育局": ["caring"]}


def test_a_case_open_under_the_units_own_rules_is_taken_and_none_opened_beside_it(cast: Cast) -> None:
    person = somebody(cast.bureau)
    going = opened(cast, person)
    first = opened(cast, person, family="noticing", said={})
    act(first, "record", MONDAY, step="see", values={})
    assert [link.child for link in first.next_links.all()] == [going]
    assert Case.objects.count() == 2
