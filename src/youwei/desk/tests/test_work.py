"""The desk answers: what must I do, by when, what is late."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from youwei.cases.by_hand import open_by_hand
from youwei.cases.models import OpenStep
from youwei.desk.tests.factories import MORNING, TODAY, City, decide, holder, open_case, person, signed_in
from youwei.journal.actors import Actor
from youwei.organs.models import Role

pytestmark = [pytest.mark.django_db, pytest.mark.req("I2")]


@pytest.fixture
def clerk(place: City) -> Client:
    return signed_in(holder(Role.CASE_OFFICER, place.commission))


def groups(client: Client, whose: str = "mine") -> dict[str, list[str]]:
    found = client.get(reverse("desk"), {"whose": whose}).context["groups"]
    return {group.id: [line.what for line in group.lines] for group in found}


def test_late_steps_come_first_and_say_by_how_much(place: City, clerk: Client) -> None:
    # Opened on 20 March 2026, the group is due 10 working days on; by 29 September it is long late.
    open_case(decide(person(place.unit), place.commission, "党内严重警告"))
    assert groups(clerk)["late"] == ["成立回访教育小组、建立档案"]
    page = clerk.get(reverse("desk")).content.decode()
    assert "已逾期" in page
    assert "许南舟" in page


def test_what_one_case_asks_at_the_same_time_is_one_line_that_names_the_rest(place: City, clerk: Client) -> None:
    for name in ("许南舟", "江若川"):
        case = open_case(decide(person(place.unit, name), place.commission, "党内严重警告"), "execution")
        OpenStep.objects.filter(case=case).update(due_on="2026-09-01", late_from="2026-09-01")
    mine = OpenStep.objects.filter(held_by=Role.CASE_OFFICER, case=case)
    assert mine.count() > 1
    (late,) = [group for group in clerk.get(reverse("desk")).context["groups"] if group.id == "late"]
    assert [line.who for line in late.lines] == ["许南舟", "江若川"]
    assert late.count == 2 * mine.count()
    for line in late.lines:
        assert {line.what, *line.also} == set(mine.values_list("title", flat=True))


def test_what_a_case_asks_of_each_row_is_named_once_with_how_often(place: City, clerk: Client) -> None:
    case = open_case(decide(person(place.unit), place.commission, "党内严重警告"), "execution")
    OpenStep.objects.filter(case=case).update(due_on="2026-09-01", late_from="2026-09-01")
    mine = OpenStep.objects.filter(held_by=Role.CASE_OFFICER, case=case)
    mine.update(title="核对是不是本人")
    rest = mine.count() - 1
    assert rest > 1
    page = clerk.get(reverse("desk")).content.decode()
    assert f"同一事项另有{rest}项：核对是不是本人（{rest}项）<" in page


def test_what_others_must_do_stands_under_waiting(place: City, clerk: Client) -> None:
    open_case(decide(person(place.unit), place.commission, "党内严重警告"))
    assert groups(clerk)["waiting"] == ["指定教育帮带人"]
    unit = signed_in(holder(Role.UNIT, place.unit))
    assert groups(unit)["late"] == ["指定教育帮带人"]


def test_days_are_told_apart(place: City, clerk: Client) -> None:
    open_case(decide(person(place.unit), place.commission, "党内严重警告"))
    step = OpenStep.objects.get(step="group")
    for due, group in (
        ("2026-09-28", "late"),
        ("2026-09-29", "today"),
        ("2026-09-30", "week"),
        ("2026-10-09", "next"),
        (None, "undated"),
    ):
        OpenStep.objects.filter(pk=step.pk).update(due_on=due, late_from=due)
        assert groups(clerk)[group] == ["成立回访教育小组、建立档案"], group


@pytest.mark.req("K6")
def test_what_was_overdue_when_it_was_entered_is_asked_for_today_and_not_called_late(
    place: City, clerk: Client
) -> None:
    open_case(decide(person(place.unit), place.commission, "党内严重警告"))
    OpenStep.objects.update(due_on="2026-09-01", late_from="2026-09-29")
    assert groups(clerk)["today"] == ["成立回访教育小组、建立档案"]
    page = clerk.get(reverse("desk")).content.decode()
    assert "录入时已过期" in page
    late = page.split("等待他人")[0]
    assert "已逾期" not in late


def test_an_empty_desk_says_how_to_begin(place: City, clerk: Client) -> None:
    page = clerk.get(reverse("desk")).content.decode()
    assert "眼下没有要办的" in page
    assert "导入台账" in page


@pytest.mark.parametrize("whose", ["mine", "organ", "all", "nonsense", ""])
def test_any_tab_opens(place: City, clerk: Client, whose: str) -> None:
    assert clerk.get(reverse("desk"), {"whose": whose}).status_code == 200


def test_administrators_have_no_desk(place: City) -> None:
    admin = signed_in(holder(Role.SYSTEM_ADMIN, place.city))
    page = admin.get(reverse("desk"))
    assert page.status_code == 200
    assert "这里没有要办的事" in page.content.decode()
    assert "groups" not in page.context


def ending(client: Client) -> dict[str, int]:
    """The figure beside the desk, and how many the two lists behind it hold."""
    figures = {each.title: each.value for each in client.get(reverse("desk")).context["figures"]}
    lists = {
        name: client.get(reverse(name), {"state": "ending"}).context["page"].total for name in ("ledger", "people")
    }
    return {"desk": figures["三十日内期满"], **lists}


def test_a_probation_whose_rights_are_not_restored_is_not_said_to_expire(place: City, clerk: Client) -> None:
    # Probation of one year from 10 October 2023; the two years after it would end on 9 October 2026, ten days on, had rights been restored.
    held = decide(
        person(place.unit), place.commission, "留党察看一年", made_on=date(2023, 10, 10), acts_until=date(2023, 6, 1)
    )
    assert held.measures.get().periods.filter(current=True, span="after_restoration", last_day="2026-10-09").exists()
    assert ending(clerk) == {"desk": 0, "ledger": 0, "people": 0}
    # A warning of one year from 10 October 2025 does end on 9 October 2026.
    decide(person(place.unit, "邵文彬"), place.commission, "党内警告", made_on=date(2025, 10, 10))
    assert ending(clerk) == {"desk": 1, "ledger": 1, "people": 1}


@pytest.mark.req("F5")
def test_an_office_with_cases_to_report_is_told_until_it_has_begun_the_report(place: City, clerk: Client) -> None:
    assert "unopened" not in groups(clerk), "nothing to report"
    stamp: dict[str, Any] = {
        "role": "handler",
        "organ": place.commission,
        "by": Actor("方知行"),
        "on": TODAY,
        "at": MORNING,
        "today": TODAY,
    }
    said = dict.fromkeys(("organ.accountability", "organ.organization"), str(place.commission.pk))
    open_by_hand(thing=person(place.unit), family="tolerance", said=said, **stamp)
    assert groups(clerk)["unopened"] == ["容错案例月报今年还没有立项"]
    assert "unopened" not in groups(signed_in(holder(Role.LEADER, place.commission, "leader"))), "the officer begins it"
    assert "unopened" not in groups(signed_in(holder(Role.CASE_OFFICER, place.other_commission, "other")))
    page = clerk.get(reverse("desk")).content.decode()
    there = reverse("case-start", args=["organ", place.commission.pk, "tolerance-report"])
    assert there in page
    assert clerk.get(there).status_code == 200
    open_by_hand(thing=place.commission, family="tolerance-report", said={}, **stamp)
    assert "unopened" not in groups(clerk)
