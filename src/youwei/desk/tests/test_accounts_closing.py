"""An account is closed and opened again: it is out at once, what it did stays named, its open duties are told."""

from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from youwei.cases.models import CaseServant
from youwei.desk.tests.factories import PASSWORD, City, decide, holder, open_case, person, signed_in
from youwei.journal.queries import records
from youwei.organs import commands
from youwei.organs.models import Account, Role

pytestmark = [pytest.mark.django_db, pytest.mark.req("I5")]
LEFT = {"reason": "调离本单位"}


@pytest.fixture
def system(place: City) -> Client:
    return signed_in(holder(Role.SYSTEM_ADMIN, place.city, "system"))


@pytest.fixture
def clerk(place: City) -> Account:
    return holder(Role.CASE_OFFICER, place.commission, "clerk", "韩叙")


def close(client: Client, account: Account, **sent: Any) -> Any:
    return client.post(reverse("account-close", args=[account.pk]), sent or LEFT)


def signs_in(username: str, password: str = PASSWORD) -> bool:
    client = Client()
    client.post(reverse("login"), {"username": username, "password": password})
    return "_auth_user_id" in client.session


def test_a_closed_account_is_out_at_once_and_cannot_sign_in(system: Client, clerk: Account, place: City) -> None:
    assert signs_in("clerk")
    working = signed_in(clerk)
    assert working.get(reverse("people")).status_code == 200
    assert close(system, clerk).status_code == 302
    assert working.get(reverse("people"))["Location"].startswith(reverse("login"))
    assert not [each for each in Session.objects.all() if each.get_decoded().get("_auth_user_id") == str(clerk.pk)]
    assert not signs_in("clerk")
    entry = records("organ", place.city.pk)[-1]
    assert (entry.kind, entry.content) == ("account.closed", {"account": "clerk", "reason": "调离本单位"})
    html = system.get(reverse("accounts")).content.decode()
    assert "已停用" in html
    assert "调离本单位" in html


def test_opened_again_it_needs_a_new_password_and_the_old_session_stays_dead(system: Client, clerk: Account) -> None:
    working = signed_in(clerk)
    close(system, clerk)
    answer = system.post(reverse("account-reopen", args=[clerk.pk]), {"reason": "借调期满返岗"})
    code = answer.context["code"]
    assert code in answer.content.decode()
    assert working.get(reverse("people")).status_code == 302
    assert not signs_in("clerk"), "the old password is no longer good"
    secret = "another-long-word-7"
    Client().post(reverse("first-password"), {"username": "clerk", "code": code, "password": secret, "again": secret})
    assert signs_in("clerk", secret)


def test_what_it_did_stays_named(system: Client, clerk: Account, place: City) -> None:
    someone = person(place.unit)
    worker = signed_in(clerk)
    worker.post(reverse("person-name", args=[someone.pk]), {"name": "许南洲", "reason": "录入笔误", "was": "许南舟"})
    close(system, clerk)
    reader = signed_in(holder(Role.LEADER, place.commission, "leader"))
    assert "韩叙" in reader.get(reverse("person", args=[someone.pk])).content.decode()


def test_the_duties_to_hand_over_are_told_in_numbers_only(system: Client, clerk: Account, place: City) -> None:
    case = open_case(decide(person(place.unit), place.commission, "党内严重警告"))
    html = system.get(reverse("account-close", args=[clerk.pk])).content.decode()
    steps = case.open_steps.filter(held_by="case_officer", optional=False, organ=place.commission).count()
    assert steps
    assert f"青溪区纪委监委 经办人：在办{steps}个环节" in html
    assert "同一岗位没有别人；请安全管理员先把岗位授予接手的人" in html
    assert "许南舟" not in html
    holder(Role.CASE_OFFICER, place.commission, "colleague", "陈思远")
    assert "同一岗位另有1人" in system.get(reverse("account-close", args=[clerk.pk])).content.decode()
    mentor = holder(Role.MENTOR, place.unit, "mentor", "顾怀谦")
    CaseServant.objects.create(case=case, account=mentor, role="mentor")
    assert "帮带责任人：在办1件事项" in system.get(reverse("account-close", args=[mentor.pk])).content.decode()
    close(system, mentor)
    officer = signed_in(Account.objects.get(username="colleague"))
    assert "账号已停用，请更换" in officer.get(reverse("person", args=[case.person_id])).content.decode()


@pytest.mark.parametrize(("sent", "words"), [({"reason": ""}, "理由"), ({"reason": "长" * 201}, "200")])
def test_without_a_good_reason_nothing_is_closed(
    system: Client, clerk: Account, sent: dict[str, str], words: str
) -> None:
    answer = close(system, clerk, **sent)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    clerk.refresh_from_db()
    assert clerk.is_active


def test_nobody_closes_the_own_account_or_the_last_administrator_of_a_kind(system: Client, place: City) -> None:
    mine = Account.objects.get(username="system")
    assert "自己正在使用" in close(system, mine).content.decode()
    security = holder(Role.SECURITY_ADMIN, place.city, "security")
    assert "唯一的安全管理员" in close(system, security).content.decode()
    holder(Role.SECURITY_ADMIN, place.city, "security2")
    assert close(system, security).status_code == 302


def test_a_closed_account_gets_neither_a_code_nor_a_role(system: Client, clerk: Account, place: City) -> None:
    code = commands.setup_code(account=clerk)
    close(system, clerk)
    secret = "another-long-word-7"
    sent = {"username": "clerk", "code": code, "password": secret, "again": secret}
    assert Client().post(reverse("first-password"), sent).status_code == 422
    assert system.post(reverse("account-code", args=[clerk.pk])).status_code == 404
    assert close(system, clerk).status_code == 404
    security = signed_in(holder(Role.SECURITY_ADMIN, place.city, "security"))
    given = {"account": clerk.pk, "role": "leader", "organ": "青溪区纪委监委", "starts_on": "2026-9-29"}
    assert security.post(reverse("grants"), given).status_code == 422


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.SYSTEM_ADMIN}))
def test_only_the_system_administrator_closes_and_opens(clerk: Account, place: City, role: Role) -> None:
    other = signed_in(holder(role, place.city_commission, "other"))
    for name in ("account-close", "account-reopen"):
        assert other.get(reverse(name, args=[clerk.pk])).status_code == 404
        assert other.post(reverse(name, args=[clerk.pk]), LEFT).status_code == 404
    clerk.refresh_from_db()
    assert clerk.is_active


def test_the_page_asks_a_fixed_number_of_questions(system: Client, clerk: Account, place: City) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as questions:
            assert system.get(reverse("account-close", args=[clerk.pk])).status_code == 200
        return len(questions)

    few = asked()
    for number in range(3):
        someone = person(place.unit, f"示例{number}")
        open_case(decide(someone, place.commission, "党内警告", number=f"青纪发〔2026〕{number}号"))
        holder(Role.CASE_OFFICER, place.commission, f"more{number}")
    assert asked() == few


def test_traces_are_told_in_words(system: Client, clerk: Account, place: City) -> None:
    system.post(reverse("account-code", args=[clerk.pk]))
    auditor = signed_in(holder(Role.AUDITOR, place.city, "audit"))
    html = auditor.get(reverse("traces")).content.decode()
    assert "发一次性代码" in html
    assert "account.code" not in html
