"""Whoever the log names as mentor sees that case, and no other; a name that two bear is nobody's."""

from datetime import date

import pytest

from tests.support.cast import STAMP, Cast
from youwei.cases.models import Case, CaseServant
from youwei.cases.tests.builders import GROUP, MENTOR, act, case_of, record
from youwei.organs.commands import create_account, grant
from youwei.organs.models import Account, Role
from youwei.organs.policy import reader, visible

pytestmark = [pytest.mark.django_db, pytest.mark.req("B1", "I1")]
DAY = date(2026, 3, 20)


def mentor(cast: Cast, username: str, name: str) -> Account:
    made = create_account(username=username, name=name)
    grant(account=made, role=Role.MENTOR, organ=cast.bureau, **STAMP)
    return made


def sees(account: Account) -> list[int]:
    return list(visible(reader(account, DAY), "case.view", Case.objects.all()).values_list("pk", flat=True))


def test_the_mentor_named_serves_the_case_and_sees_it_alone(cast: Cast) -> None:
    case, other = case_of(cast), case_of(cast, name="单望舒")
    known = cast.accounts[Role.MENTOR]
    assert sees(known) == []
    record(case, "mentor", DAY, MENTOR | {"person": known.name})
    assert sees(known) == [case.pk]
    assert other.pk not in sees(known)


def test_another_mentor_takes_the_place_of_the_first(cast: Cast) -> None:
    case, known, second = case_of(cast), cast.accounts[Role.MENTOR], mentor(cast, "second", "温如许")
    record(case, "mentor", DAY, MENTOR | {"person": known.name})
    act(case, "correct", DAY, target=2, values={"person": "温如许"}, reason="写错了人")
    assert (sees(known), sees(second)) == ([], [case.pk])
    act(case, "withdraw", DAY, target=3, reason="原来没有写错")
    assert (sees(known), sees(second)) == ([case.pk], [])


def test_of_two_accounts_of_one_name_none_is_guessed(cast: Cast) -> None:
    known = cast.accounts[Role.MENTOR]
    mentor(cast, "namesake", known.name)
    record(case_of(cast), "mentor", DAY, MENTOR | {"person": known.name})
    assert not CaseServant.objects.exists()


def test_other_steps_leave_the_servants_as_they_are(cast: Cast) -> None:
    case = case_of(cast)
    CaseServant.objects.create(case=case, account=cast.leader, role="mentor")
    record(case, "group", DAY, GROUP)
    assert CaseServant.objects.count() == 1
