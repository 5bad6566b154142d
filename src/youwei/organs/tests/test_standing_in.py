"""Covering an absence and handing over: never more than the one replaced could do, ended by itself, and kept in the logs."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from tests.support.cast import STAMP, Cast
from youwei.desk.safekeeping.proving import prove
from youwei.journal.actors import Actor
from youwei.journal.models import Entry
from youwei.organs import commands, standing_in
from youwei.organs.models import Account, Grant, Role
from youwei.organs.policy import may, reader
from youwei.organs.queries import grants, holders

pytestmark = [pytest.mark.django_db, pytest.mark.req("J8")]
MONDAY = date(2026, 11, 23)
FIRST, LAST = date(2026, 11, 25), date(2026, 12, 3)
BY = Actor("方知行")


def now(day: date = MONDAY) -> dict[str, Any]:
    return {"by": BY, "today": day, "at": datetime(day.year, day.month, day.day, 1, tzinfo=UTC)}


def stamp(day: date) -> dict[str, Any]:
    return {"by": BY, "on": day, "at": datetime(day.year, day.month, day.day, 1, tzinfo=UTC)}


def covered(cast: Cast, **more: Any) -> list[Grant]:
    given = {"account": cast.leader, "deputy": cast.officer, "starts_on": FIRST, "ends_on": LAST, "reason": "外出学习"}
    return standing_in.cover(**{**given, **now(), **more})


def roles(account: Account, on: date) -> set[str]:
    return {row.role for row in grants(account, on)}


def test_a_cover_holds_from_its_first_day_to_its_last_and_ends_by_itself(cast: Cast) -> None:
    covered(cast)
    assert roles(cast.officer, date(2026, 11, 24)) == {Role.CASE_OFFICER}
    assert roles(cast.officer, FIRST) == roles(cast.officer, LAST) == {Role.CASE_OFFICER, Role.LEADER}
    assert roles(cast.officer, date(2026, 12, 4)) == {Role.CASE_OFFICER}
    assert roles(cast.leader, FIRST) == {Role.LEADER}, "the one replaced keeps the role"
    assert grants(cast.officer, FIRST)[0].covers is None, "one's own roles come first"
    entry = Entry.objects.get(kind="cover.given")
    assert (entry.on, entry.by) == (FIRST, "方知行")
    assert [str(each) for each in prove(MONDAY)] == []


def test_a_cover_can_do_what_the_one_replaced_can_and_no_more(cast: Cast) -> None:
    covered(cast)
    assert may(reader(cast.officer, FIRST), "setting.change", None) == may(
        reader(cast.leader, FIRST), "setting.change", None
    )
    own = cast.leader.grants.get()
    commands.end_grant(grant=own, **stamp(date(2026, 11, 27)))
    assert roles(cast.officer, date(2026, 11, 26)) == {Role.CASE_OFFICER, Role.LEADER}
    assert roles(cast.officer, date(2026, 11, 27)) == {Role.CASE_OFFICER}, "the role it stands on has ended"


def test_a_cover_ends_no_later_than_the_role_it_stands_on(cast: Cast) -> None:
    third = commands.create_account(username="third", name="温如许")
    commands.grant(account=third, role=Role.LEADER, organ=cast.commission, ends_on=date(2026, 11, 30), **STAMP)
    row = covered(cast, account=third)[0]
    assert (row.starts_on, row.ends_on) == (FIRST, date(2026, 11, 30))


def test_what_is_lent_is_not_lent_on_and_counts_for_nobody_else(cast: Cast) -> None:
    covered(cast)
    third = commands.create_account(username="third", name="温如许")
    commands.grant(account=third, role=Role.CASE_OFFICER, organ=cast.commission, **STAMP)
    lent = covered(cast, account=cast.officer, deputy=third)
    assert [row.role for row in lent] == [Role.CASE_OFFICER]
    assert list(holders(cast.commission.pk, [Role.LEADER], FIRST)) == [cast.leader]


def test_a_cover_may_be_ended_early(cast: Cast) -> None:
    row = covered(cast)[0]
    commands.end_grant(grant=row, **stamp(date(2026, 11, 27)))
    assert roles(cast.officer, date(2026, 11, 27)) == {Role.CASE_OFFICER}
    assert roles(cast.leader, date(2026, 11, 27)) == {Role.LEADER}
    assert [str(each) for each in prove(MONDAY)] == []


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"starts_on": date(2026, 11, 20)}, "开始日期：2026年11月20日已经过去"),
        ({"ends_on": date(2026, 11, 24)}, "截止日期：2026年11月24日早于"),
        ({"ends_on": date(2028, 1, 1)}, "代理最长一年"),
        ({"reason": " "}, "理由：没有填写"),
        ({"reason": "长" * 201}, "理由：不能超过200个字"),
        ({"organs": []}, "没有可以代理、移交的业务岗位"),
    ],
)
def test_what_cannot_be_is_refused_with_the_remedy(cast: Cast, given: dict[str, Any], words: str) -> None:
    with pytest.raises(commands.Refused, match=words):
        covered(cast, **given)
    assert not Grant.objects.exclude(covers=None).exists()


def test_administrators_neither_lend_nor_are_lent_a_role(cast: Cast) -> None:
    auditor = cast.accounts[Role.AUDITOR]
    with pytest.raises(commands.Refused, match="不得兼任业务岗位"):
        covered(cast, deputy=auditor)
    with pytest.raises(commands.Refused, match="没有可以代理"):
        covered(cast, account=auditor)
    with pytest.raises(commands.Refused, match="就是本人"):
        covered(cast, deputy=cast.leader)
    covered(cast)
    with pytest.raises(commands.Refused, match="已经代理"):
        covered(cast, starts_on=LAST, ends_on=date(2026, 12, 10))


def test_colleagues_are_those_of_the_same_organ_and_no_administrator(cast: Cast) -> None:
    found = standing_in.colleagues([cast.commission.pk], cast.officer, MONDAY)
    assert list(found) == [cast.leader]


def test_everything_goes_to_a_colleague_in_one_act(cast: Cast) -> None:
    second = commands.create_account(username="second", name="温如许")
    commands.grant(account=second, role=Role.CASE_OFFICER, organ=cast.commission, **STAMP)
    commands.grant(account=cast.officer, role=Role.LEADER, organ=cast.elsewhere, **STAMP)
    given = standing_in.hand_over(account=cast.officer, to=second, reason="调离", **stamp(MONDAY))
    assert len(given) == 2
    assert roles(cast.officer, MONDAY) == set()
    assert [(row.role, row.organ) for row in grants(second, MONDAY)] == [
        (Role.CASE_OFFICER, cast.commission), (Role.LEADER, cast.elsewhere)
    ]  # fmt: skip
    assert Entry.objects.filter(kind="role.handed_over").count() == 2
    with pytest.raises(commands.Refused, match="没有可以代理、移交"):
        standing_in.hand_over(account=cast.officer, to=second, reason="再交", **stamp(MONDAY))
    assert [str(each) for each in prove(MONDAY)] == []
