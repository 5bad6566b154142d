"""A list recognised where the roll is at fault, and a reply that is held: who may be meant, and which case holds, as far as the reader may see it."""

from typing import Any

import pytest
from django.test import Client

from youwei.cases.commands import NewCase, open_many
from youwei.cases.facts import person_facts
from youwei.cases.logs import packs
from youwei.cases.models import Case
from youwei.cases.queries import timeline
from youwei.desk.tests.factories import CLERK, MORNING, TODAY, City, holder, person, signed_in
from youwei.desk.tests.test_names import identity, letter, register, rows
from youwei.organs.models import Account, Role
from youwei.people.models import Person

__all__ = ["letter"]
pytestmark = [pytest.mark.django_db, pytest.mark.req("D1")]


@pytest.fixture
def clerk(place: City) -> Account:
    return holder(Role.CASE_OFFICER, place.commission, "clerk")


@pytest.fixture
def client(clerk: Account) -> Client:
    return signed_in(clerk)


def choices(client: Client, case: Case, key: str = "1") -> list[str]:
    page = client.get(f"/cases/{case.pk}/rows/identify/")
    (row,) = [each for each in page.context["form"].rows if each.prefix == f"r{key}"]
    return [value for value, _ in row.fields["person"].choices if value]


def test_of_two_who_bear_one_number_somebody_says_which_is_meant(
    client: Client, letter: Case, place: City, django_assert_max_num_queries: Any
) -> None:
    """The roll is at fault: nobody is put down by the number, it is not said that nobody bears it, and both are offered, and only they."""
    one = person(place.unit, "许南舟", identity=identity(1))
    two = person(place.unit, "许南州", identity=identity(1))
    person(place.unit, "许南舟", identity=identity(2))  # a namesake of another number is not meant
    assert register(client, letter, f"许南舟\t区住建局\t{identity(1)}") == 302
    (row,) = rows(letter)
    assert (row["matched"], "person" in row) == ("身份证号对应多人", False)
    with django_assert_max_num_queries(60):
        assert choices(client, letter) == [str(one.pk), str(two.pk), "none"]
    sent = {"on": "2026-9-29", "r1-person": str(two.pk), "token": "rows"}
    assert client.post(f"/cases/{letter.pk}/rows/identify/", sent).status_code == 302


def test_a_number_of_two_of_other_names_stops_the_list(client: Client, letter: Case, place: City) -> None:
    for name in ("许南州", "许南洲"):
        person(place.unit, name, identity=identity(1))
    sent = {"on": "2026-9-29", "received_on": "2026-9-29", "intent": "晋升职务", "token": "n"}
    names = f"许南舟\t区住建局\t{identity(1)}"
    answer = client.post(f"/cases/{letter.pk}/names/register/", {**sent, "pasted": names})
    assert answer.status_code == 422
    assert "第1行：许南舟的身份证号在系统内是许南州、许南洲的；请核对姓名和身份证号。" in answer.content.decode()


def held_by(place: City, someone: Person) -> Case:
    """An open case of a procedure that holds replies."""
    pack = next(pack for _, pack in sorted(packs().items()) if pack.holds_replies and "person" in pack.about)
    facts = person_facts(someone, TODAY)
    new = NewCase(pack=pack, organ=place.commission, subject_organ=place.unit, person=someone, facts=facts)
    return open_many([new], by=CLERK, on=TODAY, at=MORNING, today=TODAY)[0]


@pytest.mark.parametrize("mine", [True, False])
def test_what_holds_a_reply_is_named_to_whoever_may_see_it_and_to_nobody_else(
    client: Client, letter: Case, place: City, mine: bool
) -> None:
    someone = person(place.unit, "许南舟", identity=identity(1))
    case = held_by(place, someone)
    if not mine:
        Case.objects.filter(pk=case.pk).update(sealed=True)
    assert register(client, letter, f"许南舟\t区住建局\t{identity(1)}") == 302
    page = client.get(f"/cases/{letter.pk}/rows/check/").content.decode()
    assert "待核" in page
    assert (f"“{case.title}”在办" in page, f'href="/cases/{case.pk}/"' in page) == (mine, mine)
    assert ("另有按规程暂缓答复的在办事项" in page) is not mine


def test_each_record_of_a_list_says_whom_it_is_about(client: Client, letter: Case, place: City) -> None:
    assert register(client, letter, "许南舟\t区住建局\n沈望\t区水利局") == 302
    assert check_identity(client, letter) == 302
    titles = [line.title for line in timeline([letter])]
    assert {"核对是不是本人（许南舟）", "核对是不是本人（沈望）"} <= set(titles)


def check_identity(client: Client, case: Case) -> int:
    sent = {"on": "2026-9-29", "r1-person": "none", "r2-person": "none", "token": "rows"}
    return client.post(f"/cases/{case.pk}/rows/identify/", sent).status_code
