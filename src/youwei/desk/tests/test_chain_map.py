"""Which case led to which: the whole chain on the case and in the dossier, and nothing beyond what the reader may see."""

from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from youwei.cases.models import Case, ChainLink
from youwei.desk.cases.chain_map import chain_map, connected, depths
from youwei.desk.cases.chaining import neighbours
from youwei.desk.tests.factories import TODAY, City, decide, holder, open_case, person, signed_in
from youwei.organs.models import Organ, Role
from youwei.organs.policy import reader
from youwei.people.models import Person

pytestmark = pytest.mark.req("B1")


def test_a_chain_is_everything_joined_in_either_direction_and_each_stands_behind_all_that_led_to_it() -> None:
    pairs = [(1, 2), (2, 3), (1, 3), (5, 6)]
    assert connected(pairs, 3) == {1, 2, 3}
    assert connected(pairs, 9) == {9}
    assert depths(pairs) == {1: 0, 2: 1, 3: 2, 5: 0, 6: 1}
    assert set(depths([(1, 2), (2, 1)])) == {1, 2}, "a ring is no endless loop"


def test_the_map_has_a_column_for_each_link_and_an_offer_is_still_to_come() -> None:
    cases = {key: Case(pk=key, title=f"事项{key}", opened_on=TODAY, state="open") for key in (1, 2, 3)}
    cases[1].state, cases[1].ended_on, cases[1].outcome_title = "ended", date(2026, 9, 1), "期满"
    offer = ChainLink(pk=7, parent_id=2, child=None, target=4, procedure="p", title="约谈")
    made = chain_map(cases, [(1, 2)], [offer], day=TODAY, here=2)
    assert made is not None
    assert [(stage.title, [(box.title, box.state) for box in boxes]) for stage, boxes in made.rows()] == [
        ("最先", [("事项1", "done")]), ("其后", [("事项2", "now")]), ("再后", [("约谈", "next")]),
    ]  # fmt: skip
    assert [(edge.source, edge.target) for edge in made.edges] == [("1", "2"), ("2", "offer-7")]
    assert chain_map(cases, [(1, 2)], day=TODAY, here=3) is None, "what stands in no chain has no map"
    alone = chain_map(cases, [], [offer], day=TODAY, here=2)
    assert alone is not None
    assert [box.title for box in alone.boxes] == ["事项2", "约谈"]


def put(about: Person, office: Organ, title: str, parent: Case | None = None) -> Case:
    """A return visit of that name, opened by another."""
    made = open_case(decide(about, office, "党内严重警告"), "jingzhou-visit")
    Case.objects.filter(pk=made.pk).update(title=title)
    made.title = title
    if parent is not None:
        ChainLink.objects.create(parent=parent, child=made, target=1, procedure="p", title=title)
    return made


def drawn(role: Role, office: Organ, case: Case) -> list[str]:
    who = reader(holder(role, office, f"{role}-{office.pk}-{case.pk}"), TODAY)
    found = neighbours(who, case).map
    return [box.title for box in found.boxes] if found else []


@pytest.mark.django_db
def test_who_may_not_see_one_end_sees_nothing_of_it_nor_of_what_lies_beyond(place: City) -> None:
    someone = person(place.unit)
    Person.objects.filter(pk=someone.pk).update(managed_by="市管干部")
    someone.refresh_from_db()
    first = put(someone, place.commission, "甲事")
    hidden = put(someone, place.city_commission, "乙事", first)
    beyond = put(someone, place.commission, "丙事", hidden)
    assert drawn(Role.CASE_OFFICER, place.city_commission, hidden) == ["甲事", "乙事", "丙事"]
    assert drawn(Role.CASE_OFFICER, place.commission, first) == []
    assert drawn(Role.CASE_OFFICER, place.commission, beyond) == []
    client = signed_in(holder(Role.CASE_OFFICER, place.commission, "below"))
    for address in (reverse("case", args=[first.pk]), reverse("person", args=[someone.pk])):
        page = client.get(address)
        assert "乙事" not in page.content.decode()
        assert "前因后果" not in page.content.decode()


@pytest.mark.django_db
def test_a_long_chain_costs_as_many_queries_as_a_short_one(place: City, django_assert_num_queries: Any) -> None:
    who = reader(holder(Role.CASE_OFFICER, place.commission), TODAY)
    someone, other = person(place.unit), person(place.unit, "白鹭洲")
    long = put(someone, place.commission, "起")
    for number in range(6):
        long = put(someone, place.commission, f"第{number}件", long)
    short = put(other, place.commission, "止", put(other, place.commission, "起"))
    for case, boxes in ((long, 7), (short, 2)):
        with django_assert_num_queries(2):
            found = neighbours(who, case).map
        assert found is not None
        assert len(found.boxes) == boxes
    alone = put(person(place.unit, "舒云"), place.commission, "独")
    with django_assert_num_queries(1):
        assert not neighbours(who, alone)


@pytest.mark.django_db
def test_the_dossier_draws_the_chains_of_the_person(place: City) -> None:
    someone = person(place.unit)
    put(someone, place.commission, "约谈", put(someone, place.commission, "回访"))
    page = (
        signed_in(holder(Role.CASE_OFFICER, place.commission))
        .get(reverse("person", args=[someone.pk]))
        .content.decode()
    )
    assert "事项的前因后果" in page
    assert "前后事项图" in page
