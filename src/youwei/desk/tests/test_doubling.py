"""Mentoring and a visit that brings its own mentor, both for one person: said where one is opened and where a mentor is named."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.html import strip_tags
from pytest_django import DjangoAssertNumQueries

from youwei.cases.models import Case
from youwei.decisions.models import Decision
from youwei.desk.tests.factories import City, decide, holder, open_case, person, signed_in
from youwei.organs.models import Role

pytestmark = [pytest.mark.django_db, pytest.mark.req("C1")]
SAID = "同一个人已有指定帮带责任人的事项在办"


@pytest.fixture
def decision(place: City) -> Decision:
    return decide(person(place.unit), place.commission, "党内严重警告")


@pytest.fixture
def clerk(place: City) -> Client:
    return signed_in(holder(Role.CASE_OFFICER, place.commission))


def start(client: Client, decision: Decision) -> str:
    answer = client.get(reverse("case-start", args=["decision", decision.pk, "mentoring"]))
    assert answer.status_code == 200
    return str(answer.content.decode())


def step(client: Client, case: Case, name: str) -> str:
    return str(client.get(reverse("case", args=[case.pk]), {"step": name}).content.decode())


def test_opening_mentoring_says_that_a_visit_names_a_mentor_too(decision: Decision, clerk: Client) -> None:
    page = start(clerk, decision)
    assert SAID not in page
    assert "回访规程里已经指定了教育帮带人的，不再开办本规程" in page
    visit = open_case(decision)
    page = start(clerk, decision)
    assert SAID in page
    assert reverse("case", args=[visit.pk]) in page
    assert clerk.post(
        reverse("case-start", args=["decision", decision.pk, "mentoring"]), {"on": "2026-9-28", "token": "a"}
    ).status_code == 302, "pointed out, not refused"  # fmt: skip


def test_a_unit_is_led_to_no_page_it_has_not_and_told_who_handles(
    decision: Decision, clerk: Client, place: City
) -> None:
    unit = signed_in(holder(Role.UNIT, place.unit))
    theirs, office = start(unit, decision), start(clerk, decision)
    links = {reverse("ledger"), reverse("decision", args=[decision.pk])}
    assert {link for link in links if f'href="{link}"' in office} == links
    assert not {link for link in links if f'href="{link}"' in theirs}, "they answer a unit as if they were not there"
    assert decision.number in theirs
    told = {client: " ".join(strip_tags(page).split()) for client, page in (("unit", theirs), ("office", office))}
    assert f"开办{place.unit.name}（所在单位党组织）承办{place.commission.name}" in told["unit"].replace(" ", "")
    assert f"承办{place.commission.name}（监督检查室）" in told["office"].replace(" ", "")


def test_the_form_that_names_the_mentor_says_it_in_both_cases(decision: Decision, place: City) -> None:
    unit = signed_in(holder(Role.UNIT, place.unit))
    visit = open_case(decision)
    assert SAID not in step(unit, visit, "mentor")
    mentoring = open_case(decision, "mentoring")
    assert reverse("case", args=[mentoring.pk]) in step(unit, visit, "mentor")
    assert reverse("case", args=[visit.pk]) in step(unit, mentoring, "designate")


def test_cases_that_have_ended_and_those_of_others_are_not_told(decision: Decision, clerk: Client, place: City) -> None:
    visit = open_case(decision)
    Case.objects.filter(pk=visit.pk).update(organ=place.city_commission, subject_organ=place.other_unit)
    assert SAID not in start(clerk, decision), "of a case one may not see nothing is said"
    Case.objects.filter(pk=visit.pk).update(organ=place.commission, subject_organ=place.unit, state="ended")
    assert SAID not in start(clerk, decision)


def test_it_costs_one_query(
    decision: Decision, clerk: Client, place: City, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    start(clerk, decision)
    with django_assert_num_queries(15) as asked:
        start(clerk, decision)
    open_case(decision)
    with django_assert_num_queries(len(asked)):
        start(clerk, decision)
