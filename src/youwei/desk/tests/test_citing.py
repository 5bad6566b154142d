"""A decision tells of the warning sessions that used it, to whoever may see them."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from youwei.cases.by_hand import open_by_hand
from youwei.cases.commands import act
from youwei.cases.models import Case, Citation
from youwei.decisions.models import Decision
from youwei.desk.safekeeping.proving import prove
from youwei.desk.tests.factories import CLERK, MORNING, TODAY, City, decide, holder, organ, person, signed_in
from youwei.engine.types import EntryKind
from youwei.organs.models import Organ, Role

pytestmark = [pytest.mark.django_db, pytest.mark.req("H3")]
STAMP: dict[str, Any] = {"by": CLERK, "on": TODAY, "at": MORNING, "today": TODAY}


def session(about: Organ, by: Organ, *used: Decision) -> Case:
    """A warning session for a unit, with these decisions told in it."""
    made = open_by_hand(thing=about, family="warning-session", role="office", organ=by, said={}, **STAMP)
    rows = [
        {
            "id": str(each.pk),
            "decision": {"id": str(each.pk), "name": each.number},
            "told": "决定的内容",
            "teaches": "教训",
        }
        for each in used
    ]
    values = {"topic": "守住报销关", "cases": rows, "within": True}
    act(case=made, kind=EntryKind.RECORD, step="prepare", values=values, **STAMP)
    return made


def department(place: City, number: str) -> Organ:
    return organ(f"青溪区第{number}局", "department", place.district)


@pytest.fixture
def decision(place: City) -> Decision:
    return decide(person(place.unit), place.commission, "党内严重警告")


@pytest.fixture
def clerk(place: City) -> Client:
    return signed_in(holder(Role.CASE_OFFICER, place.commission))


def page(client: Client, decision: Decision) -> str:
    return str(client.get(reverse("decision", args=[decision.pk])).content.decode())


def test_the_decision_lists_the_sessions_that_used_it(place: City, decision: Decision, clerk: Client) -> None:
    assert "用到这份决定的事项" not in page(clerk, decision)
    other = decide(person(place.unit, "白鹭洲"), place.commission, "党内警告", number="青纪发〔2026〕20号")
    first, second = (
        session(place.unit, place.commission, decision, other),
        session(department(place, "一"), place.commission, other),
    )
    shown = page(clerk, decision)
    assert "用到这份决定的事项" in shown
    assert reverse("case", args=[first.pk]) in shown
    assert reverse("case", args=[second.pk]) not in shown
    assert reverse("case", args=[second.pk]) in page(clerk, other)


def test_what_somebody_may_not_see_is_not_told(place: City, decision: Decision, clerk: Client) -> None:
    held_above = session(place.other_unit, place.city_commission, decision)
    above = signed_in(holder(Role.CASE_OFFICER, place.city_commission, "above"))
    assert reverse("case", args=[held_above.pk]) in page(above, decision)
    shown = page(clerk, decision)
    assert "用到这份决定的事项" not in shown
    assert place.other_unit.name not in shown


def test_it_costs_as_many_queries_however_many_sessions(
    place: City, decision: Decision, clerk: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    session(place.unit, place.commission, decision)
    page(clerk, decision)
    with django_assert_num_queries(17) as asked:
        page(clerk, decision)
    for number in "一二三":
        session(department(place, number), place.commission, decision)
    with django_assert_num_queries(len(asked)):
        page(clerk, decision)


def test_what_is_taken_back_is_used_no_more_and_verify_knows_the_rows(place: City, decision: Decision) -> None:
    made = session(place.unit, place.commission, decision)
    used = Citation.objects.get()
    assert (used.case, used.decision, used.step, used.on) == (made, decision, "prepare", TODAY)
    assert prove(TODAY) == []
    wrong = decide(person(place.unit, "白鹭洲"), place.commission, "党内警告", number="青纪发〔2026〕20号")
    Citation.objects.update(decision=wrong)
    assert any("引用的决定" in str(each) for each in prove(TODAY))
    Citation.objects.all().delete()
    assert any("引用的决定" in str(each) for each in prove(TODAY))
    Citation.objects.create(case=made, decision=decision, step="prepare", entry_seq=used.entry_seq, on=TODAY)
    assert prove(TODAY) == []
    act(case=made, kind=EntryKind.WITHDRAW, target=used.entry_seq, reason="换一份案例", **STAMP)
    assert not Citation.objects.exists()
    assert prove(TODAY) == []
