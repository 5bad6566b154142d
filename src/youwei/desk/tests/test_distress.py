"""Somebody is in distress: whom to call, who is told and who is not, what stands still, and how soon it is forgotten."""

from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from tests.support.cast import Cast, account, organ
from youwei.cases import distress
from youwei.cases.models import Case, Distress
from youwei.cases.queries import timeline
from youwei.cases.tests.builders import begun, case_of, moment
from youwei.desk.people.dossier import dossier
from youwei.organs.models import Account, CareContact, Role, Setting
from youwei.organs.policy import reader

pytestmark = [pytest.mark.django_db, pytest.mark.req("K3")]
DAY = date(2026, 3, 23)
SAID = {"on": "2026-03-23", "did": ["有人陪同", "通知所在单位负责人"], "pause": "yes"}


@pytest.fixture(autouse=True)
def today() -> Any:
    with time_machine.travel(moment(DAY), tick=False):
        yield


@pytest.fixture
def case(cast: Cast) -> Case:
    made = case_of(cast)
    begun(made)
    made.refresh_from_db()
    return made


def client_of(someone: Account) -> Client:
    client = Client()
    client.force_login(someone)
    return client


def say(someone: Account, case: Case, **changed: Any) -> Any:
    return client_of(someone).post(reverse("distress-report", args=[case.pk]), {**SAID, **changed})


def test_who_records_the_mentor_and_the_unit_may_say_so_and_the_case_stands_still_without_a_word_of_why(
    cast: Cast, case: Case
) -> None:
    for role in (Role.CASE_OFFICER, Role.LEADER, Role.UNIT, Role.MENTOR):
        page = client_of(cast.accounts[role]).get(reverse("case", args=[case.pk])).content.decode()
        assert reverse("distress-report", args=[case.pk]) in page
    assert say(cast.accounts[Role.MENTOR], case).status_code == 302
    case.refresh_from_db()
    row = Distress.objects.get()
    assert (case.state, row.paused, row.by) == (Case.State.HELD, True, "乐山川")
    line = timeline([case])[0]
    assert (line.kind, line.reason) == ("hold", "暂缓进行")
    whole = str([(each.title, each.reason, each.text, each.fields) for each in timeline([case])])
    assert "身心" not in whole and "陪同" not in whole  # noqa: PT018  nothing of it in the log
    assert "有人陪同".encode() not in bytes(row.sealed)


def test_it_stands_on_the_desks_of_those_who_must_act_the_same_day_and_on_no_other(cast: Cast, case: Case) -> None:
    above = account(
        "above", "高处寒", Role.CASE_OFFICER, Case.objects.get().organ.parent.parent.children.get(name="云川市纪委监委")
    )  # type: ignore[union-attr]
    stranger = account("stranger", "别家人", Role.UNIT, organ("青溪区教育局", "department", cast.district))
    say(cast.officer, case)
    row = Distress.objects.get()
    told = (cast.officer, cast.leader, cast.accounts[Role.UNIT], cast.accounts[Role.MENTOR])
    for someone in told:
        client = client_of(someone)
        assert "身心异常，请当天跟进" in client.get(reverse("desk")).content.decode()
        assert client.get(reverse("distress", args=[row.pk])).status_code == 200
    others = (
        above,
        stranger,
        cast.outsider,
        *(cast.accounts[role] for role in Role if cast.accounts[role] not in told),
    )
    for someone in others:
        client = client_of(someone)
        assert "身心异常" not in client.get(reverse("desk"), follow=True).content.decode()
        assert client.get(reverse("distress", args=[row.pk])).status_code == 404
        assert client.get(reverse("distress-report", args=[case.pk])).status_code == 404


def test_no_list_dossier_or_search_of_anybody_shows_it(cast: Cast, case: Case) -> None:
    say(cast.officer, case)
    client = client_of(cast.officer)
    assert case.person is not None
    file = dossier(reader(cast.officer, DAY), case.person, DAY)
    assert "陪同" not in str(file)
    for address in (
        reverse("visits"),
        reverse("people"),
        reverse("person", args=[case.person.pk]),
        reverse("case", args=[case.pk]),
    ):
        page = client.get(address).content.decode()
        assert "有人陪同" not in page
        assert "待跟进" not in page


def test_a_person_closes_it_the_case_goes_on_and_it_is_forgotten(cast: Cast, case: Case) -> None:
    say(cast.officer, case)
    row = Distress.objects.get()
    address = reverse("distress", args=[row.pk])
    given = {"on": "2026-03-23", "after": "家属陪同休息三天，由工会主席每天联系。", "resume": "yes"}
    assert client_of(cast.accounts[Role.MENTOR]).post(address, given).status_code == 200  # may see, not close
    assert Distress.objects.get().closed_on is None
    assert client_of(cast.officer).post(address, {**given, "after": ""}).status_code == 422
    assert client_of(cast.accounts[Role.UNIT]).post(address, given).status_code == 302
    row.refresh_from_db()
    case.refresh_from_db()
    assert (row.closed_on, row.closed_by, case.state) == (DAY, "水利局党组", Case.State.OPEN)
    assert distress.told(row).after.startswith("家属陪同")
    assert distress.waiting(reader(cast.officer, DAY)) == []
    assert distress.forget(today=DAY + timedelta(days=90)) == 0
    assert distress.forget(today=DAY + timedelta(days=91)) == 1
    assert not Distress.objects.exists()


def test_how_long_it_is_kept_is_a_setting(cast: Cast, case: Case) -> None:
    Setting.objects.create(name="distress_keep_days", value=30, reason="办公室要求", by="岑伯安", at=moment(DAY))
    say(cast.officer, case)
    Distress.objects.update(closed_on=DAY)
    assert distress.forget(today=DAY + timedelta(days=31)) == 1


def test_bad_answers_are_named_and_nothing_is_half_done(cast: Cast, case: Case) -> None:
    for wrong in ({"did": []}, {"on": "2026-03-24"}, {"did": ["抑郁症"]}, {"pause": ""}):
        answer = say(cast.officer, case, **wrong)
        assert answer.status_code == 422
    case.refresh_from_db()
    assert (Distress.objects.count(), case.state) == (0, Case.State.OPEN)
    assert say(cast.officer, case, pause="no").status_code == 302
    case.refresh_from_db()
    assert (Distress.objects.get().paused, case.state) == (False, Case.State.OPEN)


def test_each_organ_keeps_its_own_contacts_and_sees_the_units_when_it_must_call(cast: Cast, case: Case) -> None:
    address = reverse("care-contacts")
    for role, name, phone in ((Role.LEADER, "岑伯安", "0990-1111"), (Role.UNIT, "丰谷雨", "0990-2222")):
        row = {"rows-0-name": name, "rows-0-post": "值班", "rows-0-phone": phone}
        assert client_of(cast.accounts[role]).post(address, row).status_code == 302
    assert list(CareContact.objects.order_by("organ").values_list("organ__name", "phone")) == [
        ("青溪区纪委监委", "0990-1111"), ("青溪区水利局", "0990-2222"),
    ]  # fmt: skip
    page = client_of(cast.officer).get(reverse("distress-report", args=[case.pk])).content.decode()
    assert "0990-1111" in page
    assert "0990-2222" in page
    for role in (Role.MENTOR, Role.ORGANIZATION, Role.UPPER_VIEWER, Role.AUDITOR):
        assert client_of(cast.accounts[role]).get(address).status_code == 404


def test_the_desk_asks_once_however_many_there_are(cast: Cast, case: Case, django_assert_num_queries: Any) -> None:
    for _ in range(3):
        say(cast.officer, case, pause="no")
    who = reader(cast.officer, DAY)
    with django_assert_num_queries(1):
        assert len(distress.waiting(who)) == 3
