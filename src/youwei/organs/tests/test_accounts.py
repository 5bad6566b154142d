"""Accounts, grants, first passwords, settings and traces."""

from datetime import date, timedelta

import pytest
from django.test import Client

from youwei.journal.queries import records, verify
from youwei.organs import commands, queries
from youwei.organs.commands import Refused
from youwei.organs.models import ADMINISTRATORS, Account, Organ, Role, Setting, SetupCode
from youwei.organs.tests.places import DAY, MOMENT, STAMP, account, place

pytestmark = [pytest.mark.django_db, pytest.mark.req("I5")]
PASSWORD = "liushui-qingxi-2026"


@pytest.fixture
def office() -> Organ:
    return place("青溪区纪委监委", "commission", place("青溪区", "region"))


@pytest.mark.parametrize("first", sorted(ADMINISTRATORS))
@pytest.mark.parametrize("second", sorted(Role))
def test_an_administrator_holds_no_second_role(office: Organ, first: Role, second: Role) -> None:
    for pair in ((first, second), (second, first)):
        one = account(f"{pair[0]}-{pair[1]}-{Account.objects.count()}")
        commands.grant(account=one, role=pair[0], organ=office, **STAMP)
        if first == second:
            continue
        with pytest.raises(Refused, match="三人分别担任"):
            commands.grant(account=one, role=pair[1], organ=office, **STAMP)


def test_an_officer_whose_grant_has_ended_may_become_an_administrator_and_not_a_day_earlier(office: Organ) -> None:
    one = account()
    commands.grant(account=one, role=Role.CASE_OFFICER, organ=office, ends_on=DAY, **STAMP)
    with pytest.raises(Refused):
        commands.grant(account=one, role=Role.AUDITOR, organ=office, **STAMP)
    commands.grant(account=one, role=Role.AUDITOR, organ=office, **{**STAMP, "on": DAY + timedelta(days=1)})
    assert [grant.role for grant in queries.grants(one, DAY)] == ["case_officer"]
    assert [grant.role for grant in queries.grants(one, DAY + timedelta(days=1))] == ["auditor"]


def test_a_grant_is_logged_at_its_organ_and_given_once_a_day(office: Organ) -> None:
    one = account()
    commands.grant(account=one, role=Role.LEADER, organ=office, **STAMP)
    assert records("organ", office.pk)[-1].content["account"] == "chensiyuan"
    with pytest.raises(Refused, match="不必重复授予"):
        commands.grant(account=one, role=Role.LEADER, organ=office, **STAMP)
    with pytest.raises(Refused, match="早于开始日期"):
        commands.grant(account=one, role=Role.UNIT, organ=office, ends_on=date(2026, 9, 28), **STAMP)


@pytest.mark.parametrize(
    ("username", "name", "words"), [("", "陈思源", "都要填写"), ("a", " ", "都要填写"), ("old", "另一人", "已经有人用")]
)
def test_an_account_needs_a_name_and_a_username_of_its_own(username: str, name: str, words: str) -> None:
    account("old")
    with pytest.raises(Refused, match=words):
        account(username, name)


def test_a_setup_code_sets_one_password_once_and_is_kept_only_as_a_digest() -> None:
    one = account()
    assert not one.has_usable_password()
    code = commands.setup_code(account=one)
    assert code not in str(SetupCode.objects.values())
    commands.use_setup_code(username="chensiyuan", code=f" {code.lower()} ", password=PASSWORD, at=MOMENT)
    one.refresh_from_db()
    assert one.check_password(PASSWORD)
    with pytest.raises(Refused, match="或代码已经用过"):
        commands.use_setup_code(username="chensiyuan", code=code, password="another-one-2026", at=MOMENT)


def test_a_setup_code_is_for_its_account_alone_and_ends_with_the_next_one() -> None:
    one, _ = account(), account("another")
    first = commands.setup_code(account=one)
    with pytest.raises(Refused):
        commands.use_setup_code(username="another", code=first, password=PASSWORD, at=MOMENT)
    second = commands.setup_code(account=one)
    with pytest.raises(Refused):
        commands.use_setup_code(username="chensiyuan", code=first, password=PASSWORD, at=MOMENT)
    commands.use_setup_code(username="chensiyuan", code=second, password=PASSWORD, at=MOMENT)


def test_the_first_password_is_set_on_a_page_that_names_what_is_wrong() -> None:
    code = commands.setup_code(account=account())
    page = Client()
    form = {"username": "chensiyuan", "code": code, "password": PASSWORD, "again": PASSWORD}
    for change, words in (
        ({"again": "x"}, "两次填写的口令不一样"),
        ({"password": "short", "again": "short"}, "口令太短；至少10位"),
        ({"password": "1029384756102", "again": "1029384756102"}, "口令全是数字"),
        ({"password": "chensiyuan1", "again": "chensiyuan1"}, "口令与账号太像"),
        ({"password": "password123", "again": "password123"}, "口令太常见"),
        ({"code": "0000"}, "一次性代码不对"),
    ):
        answer = page.post("/login/first/", {**form, **change})
        assert answer.status_code == 422
        assert words in answer.content.decode()
    assert page.post("/login/first/", form).status_code == 302


def test_a_setting_is_logged_and_the_newest_holds(office: Organ) -> None:
    assert queries.end_day_convention() == "inclusive"
    commands.change_setting(
        name="end_day_convention", value="civil", reason="市纪委监委统一口径", organ=office, **STAMP
    )
    assert queries.end_day_convention() == "civil"
    with pytest.raises(Refused, match="还在重新计算"):
        commands.change_setting(name="end_day_convention", value="inclusive", reason="恢复", organ=office, **STAMP)
    Setting.objects.update(finished_at=MOMENT)
    commands.change_setting(name="end_day_convention", value="inclusive", reason="恢复", organ=office, **STAMP)
    assert queries.end_day_convention() == "inclusive"
    assert [row.value for row in Setting.objects.order_by("pk")] == ["civil", "inclusive"]
    assert [entry.content["value"] for entry in records("organ", office.pk) if entry.kind == "setting.changed"] == [
        "civil",
        "inclusive",
    ]
    assert verify() == []


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("end_day_convention", "civil", " "),
        ("end_day_convention", "随意", "试"),
        ("没有", 1, "试"),
        ("end_day_convention", [], "试"),
    ],
)
def test_a_setting_without_reason_or_with_an_unknown_value_is_refused(
    office: Organ, name: str, value: object, reason: str
) -> None:
    with pytest.raises(Refused):
        commands.change_setting(name=name, value=value, reason=reason, organ=office, **STAMP)


def test_who_looked_is_kept_newest_first() -> None:
    one = account()
    for act in ("person.view", "person.identity"):
        commands.trace(account=one, by=one.name, act=act, kind="person", ref=7, at=MOMENT + timedelta(seconds=len(act)))
    assert [trace.act for trace in queries.traces("person", 7)] == ["person.identity", "person.view"]
    assert queries.traces("person", 8) == []


def test_holders_of_a_role_are_those_of_the_day_and_still_active(office: Organ) -> None:
    for username, ends_on in (("a1", None), ("a2", DAY), ("a3", None)):
        commands.grant(account=account(username), role=Role.LEADER, organ=office, ends_on=ends_on, **STAMP)
    Account.objects.filter(username="a3").update(is_active=False)
    assert [one.username for one in queries.holders(office.pk, [Role.LEADER], DAY).order_by("pk")] == ["a1", "a2"]
    assert [one.username for one in queries.holders(office.pk, [Role.LEADER], DAY + timedelta(days=1))] == ["a1"]
    assert not queries.holders(office.pk, [Role.LEADER], DAY - timedelta(days=1))
    for day in (DAY - timedelta(days=1), DAY, DAY + timedelta(days=1)):  # three ways to ask, one answer
        same = list(queries.holders(office.pk, [Role.LEADER], day).order_by("pk").values_list("pk", flat=True))
        assert [key for key, _ in queries.holder_keys(office.pk, [Role.LEADER], day)] == same
        rows = queries.held(day).filter(organ=office, role=Role.LEADER)
        assert sorted(set(rows.values_list("account", flat=True))) == same


def test_a_name_longer_than_any_account_is_refused_like_a_wrong_password() -> None:
    account(password=PASSWORD)
    pages = [
        Client().post("/login/", {"username": name, "password": "wrong-one-2026"}).content.decode()
        for name in ("chensiyuan", "龘" * 100, "龘" * 5000)
    ]
    assert all("yw-note" in page for page in pages)
    assert len({page.count("yw-note") for page in pages}) == 1
