"""An office is set up: one administrator makes accounts, another gives roles, and the person sets the password."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from youwei.desk.tests.factories import City, holder, person, signed_in
from youwei.journal.queries import records
from youwei.organs.models import Account, Grant, ReadTrace, Role

pytestmark = [pytest.mark.django_db, pytest.mark.req("I5")]


@pytest.fixture
def system(place: City) -> Client:
    return signed_in(holder(Role.SYSTEM_ADMIN, place.city, "system"))


@pytest.fixture
def security(place: City) -> Client:
    return signed_in(holder(Role.SECURITY_ADMIN, place.city, "security"))


def give(client: Client, account: Account, **changes: Any) -> Any:
    sent = {"account": account.pk, "role": "case_officer", "organ": "青溪区纪委监委", "starts_on": "2026-9-29"}
    return client.post(reverse("grants"), {**sent, **changes})


def test_from_a_new_account_to_the_first_page(system: Client, security: Client, place: City) -> None:
    answer = system.post(reverse("accounts"), {"username": "hanxu", "name": "韩叙", "title": "案件审理室 经办"})
    code = answer.context["code"]
    assert code in answer.content.decode()
    assert code not in system.get(reverse("accounts")).content.decode(), "shown once"
    account = Account.objects.get(username="hanxu")
    assert give(security, account).status_code == 302
    mine = Client()
    secret = "a-long-enough-word-7"
    sent = {"username": "hanxu", "code": code, "password": secret, "again": secret}
    assert mine.post(reverse("first-password"), sent).status_code == 302
    assert mine.get(reverse("desk")).status_code == 200
    assert mine.get(reverse("people")).status_code == 200
    assert ReadTrace.objects.filter(act="account.created", detail="hanxu").exists()
    assert [entry.kind for entry in records("organ", place.commission.pk)][-1] == "grant.given"


def test_a_role_taken_back_opens_nothing_any_more_and_stays_on_record(security: Client, place: City) -> None:
    account = holder(Role.CASE_OFFICER, place.commission, "clerk")
    clerk = signed_in(account)
    assert clerk.get(reverse("people")).status_code == 200
    grant = Grant.objects.get(account=account)
    assert security.post(reverse("grant-end", args=[grant.pk])).status_code == 302
    assert clerk.get(reverse("people")).status_code == 404
    grant.refresh_from_db()
    assert grant.ends_on == date(2026, 9, 28)
    assert records("organ", place.commission.pk)[-1].kind == "grant.ended"


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"organ": "没有的机关"}, "organ", "没有这个机关"),
        ({"role": "auditor"}, "role", "三人分别担任"),
        ({"role": "nonsense"}, "role", "不在可选项里"),
        ({"starts_on": "2026-02-30"}, "starts_on", "2月"),
        ({"ends_on": "2020-01-01"}, "role", "早于开始日期"),
    ],
)
def test_a_wrong_grant_is_told_at_its_field(
    security: Client, place: City, changes: dict[str, str], field: str, words: str
) -> None:
    account = holder(Role.CASE_OFFICER, place.other_commission, "clerk")
    before = Grant.objects.count()
    answer = give(security, account, **changes)
    assert answer.status_code == 422
    assert words in str(answer.context["form"].errors[field])
    assert Grant.objects.count() == before


def test_a_username_in_use_is_told(system: Client) -> None:
    answer = system.post(reverse("accounts"), {"username": "system", "name": "某人"})
    assert answer.status_code == 422
    assert "已经有人用" in answer.content.decode()


def test_each_administrator_has_only_the_own_page(system: Client, security: Client, place: City) -> None:
    assert system.get(reverse("grants")).status_code == 404
    assert security.get(reverse("accounts")).status_code == 404
    account = holder(Role.CASE_OFFICER, place.commission, "clerk")
    assert security.post(reverse("account-code", args=[account.pk])).status_code == 404
    clerk = signed_in(account)
    assert [clerk.get(reverse(name)).status_code for name in ("accounts", "grants")] == [404, 404]


def test_the_lists_make_a_fixed_number_of_queries(
    system: Client, place: City, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(20) as few:
        system.get(reverse("accounts"))
    for number in range(10):
        holder(Role.CASE_OFFICER, place.commission, f"clerk{number}")
    with django_assert_max_num_queries(20) as many:
        system.get(reverse("accounts"))
    assert len(many) == len(few)


def test_the_auditor_sees_who_looked_and_nothing_of_what(place: City) -> None:
    someone = person(place.unit)
    clerk = signed_in(holder(Role.CASE_OFFICER, place.commission, "clerk", "韩叙"))
    clerk.get(reverse("person", args=[someone.pk]))
    auditor = signed_in(holder(Role.AUDITOR, place.city, "audit"))
    page = auditor.get(reverse("traces"), {"q": "韩"}).content.decode()
    assert "韩叙" in page
    assert "许南舟" not in page
    assert "韩叙" not in auditor.get(reverse("traces"), {"q": "没有这个人"}).content.decode()
    assert clerk.get(reverse("traces")).status_code == 404
