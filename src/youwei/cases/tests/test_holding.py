"""While a case of a procedure that says so is not settled, a reply about the person is held (F2, D1)."""

from datetime import date
from pathlib import Path

import pytest
from pytest_django import DjangoAssertNumQueries
from pytest_django.fixtures import Settings

from tests.support.cast import Cast
from youwei.cases.models import Case
from youwei.cases.queries import holding_replies
from youwei.cases.tests.builders import act, case_of, cases_of, record
from youwei.journal.queries import records

pytestmark = [pytest.mark.django_db, pytest.mark.req("F2", "D1")]
DAY, LATER = date(2026, 3, 20), date(2026, 5, 8)


@pytest.fixture(autouse=True)
def packs_of_the_tests(settings: Settings) -> None:
    settings.PACKS = Path(__file__).parent / "packs"


def held(case: Case) -> list[Case]:
    assert case.person_id is not None
    return holding_replies([case.person_id]).get(case.person_id, [])


def test_a_case_holds_until_its_named_step_is_recorded_and_again_when_that_is_taken_back(cast: Cast) -> None:
    case = case_of(cast, "review")
    assert held(case) == [case]
    record(case, "consider", DAY, {"help": False})
    assert held(case) == []
    act(case, "withdraw", LATER, target=records("case", case.pk)[-1].seq, reason="结论要重新研究")
    assert held(case) == [case]


def test_a_case_that_has_ended_holds_nothing_and_a_procedure_that_does_not_say_so_never_does(cast: Cast) -> None:
    case, silent = case_of(cast, "review"), case_of(cast, "course")
    act(case, "terminated", DAY, reason="立项有误")
    assert held(case) == []
    assert held(silent) == []


def test_many_people_are_asked_for_at_once(cast: Cast, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    cases = cases_of(cast, 5, "review")
    people = [case.person_id for case in cases if case.person_id is not None]
    with django_assert_num_queries(1):
        assert holding_replies(people) == {case.person_id: [case] for case in cases}
