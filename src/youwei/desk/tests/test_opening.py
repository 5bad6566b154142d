"""Opening a case by hand from the pages: from the dossier, from a unit, from a decision and from the regulation; and who may not."""

from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries
from pytest_django.fixtures import Settings

from youwei.cases.models import Case
from youwei.desk.tests.factories import City, decide, holder, open_case, organ, person, signed_in
from youwei.organs.models import Role
from youwei.people.models import Person

pytestmark = [pytest.mark.django_db, pytest.mark.req("G1"), pytest.mark.req("I1")]
PACKS = Path(__file__).resolve().parents[2] / "cases" / "tests" / "packs"
FACT = "organ-leading"


@pytest.fixture(autouse=True)
def packs_of_the_tests(settings: Settings) -> None:
    settings.PACKS = PACKS


@pytest.fixture
def clerk(place: City) -> Client:
    return signed_in(holder(Role.CASE_OFFICER, place.commission))


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_from_the_dossier_to_the_case_under_the_units_own_rules(place: City, clerk: Client) -> None:
    someone = person(place.unit)
    offers = reverse("case-offers", args=["person", someone.pk])
    assert offers in text(clerk, reverse("person", args=[someone.pk]))
    start = reverse("case-start", args=["person", someone.pk, "caring"])
    page = text(clerk, offers)
    assert start in page
    assert "“青溪区/青溪区住房和城乡建设局”有自己的规程，按“局机关谈心关怀细则”办。" in page
    assert "青溪区纪委监委（承办室）" in text(clerk, start)
    answer = clerk.post(start, {"on": "2026-9-28", FACT: "青溪区纪委监委", "token": "a"})
    case = Case.objects.get()
    assert answer.headers["Location"] == reverse("case", args=[case.pk])
    assert (case.procedure, case.person, str(case.opened_on)) == ("caring-bureau", someone, "2026-09-28")
    clerk.post(start, {"on": "2026-9-28", FACT: "青溪区纪委监委", "token": "a"})
    assert Case.objects.count() == 1
    again = text(clerk, offers)
    assert start not in again
    assert reverse("case", args=[case.pk]) in again


def test_from_a_unit_a_decision_and_the_regulation(place: City, clerk: Client) -> None:
    someone = person(place.unit)
    decision = decide(someone, place.commission, "党内严重警告")
    for kind, pk, name in (("organ", place.unit.pk, "organ"), ("decision", decision.pk, "decision")):
        assert reverse("case-offers", args=[kind, pk]) in text(clerk, reverse(name, args=[pk]))
        address = reverse("case-start", args=[kind, pk, "caring"])
        assert clerk.post(address, {"on": "2026-9-29", FACT: "青溪区纪委监委"}).status_code == 302
    assert set(Case.objects.values_list("decision", "person")) == {(None, None), (decision.pk, someone.pk)}
    choose = reverse("case-choose", args=["caring"])
    assert choose in text(clerk, reverse("pack", args=["caring-bureau", "2026.03"]))
    assert reverse("case-start", args=["person", someone.pk, "caring"]) in text(clerk, f"{choose}?q=南舟")
    assert reverse("case-start", args=["organ", place.unit.pk, "caring"]) in text(clerk, f"{choose}?kind=organ&q=住房")
    for words in ("南舟", decision.number):
        found = text(clerk, f"{choose}?kind=decision&q={words}")
        assert reverse("case-start", args=["decision", decision.pk, "caring"]) in found
    assert "没有找到" in text(clerk, f"{choose}?q=无此人")


def test_what_is_missing_or_wrong_is_said_at_its_field(place: City, clerk: Client) -> None:
    start = reverse("case-start", args=["person", person(place.unit).pk, "caring"])
    answer = clerk.post(start, {"on": "2026-9-29", FACT: "没有的机关"})
    assert answer.status_code == 422
    assert "没有“没有的机关”" in answer.content.decode()
    answer = clerk.post(start, {"on": "2025-9-29", FACT: "青溪区纪委监委"})
    assert answer.status_code == 422
    assert "2026年1月1日起才施行" in answer.content.decode()
    assert Case.objects.count() == 0


@pytest.mark.req("I5")
def test_the_wrong_role_and_the_wrong_district_find_nothing(place: City) -> None:
    someone, other = person(place.unit), person(place.other_unit, "白鹭洲")
    addresses = [
        reverse("case-offers", args=["person", someone.pk]),
        reverse("case-start", args=["person", someone.pk, "caring"]),
    ]
    for role in (Role.UNIT, Role.ORGANIZATION, Role.UPPER_VIEWER, Role.AUDITOR):
        client = signed_in(holder(role, place.commission))
        assert {client.get(address).status_code for address in addresses} == {404}
        assert client.post(addresses[1], {"on": "2026-9-29"}).status_code == 404
    outsider = signed_in(holder(Role.CASE_OFFICER, place.other_commission))
    assert {outsider.get(address).status_code for address in addresses} == {404}
    mine = text(outsider, f"{reverse('case-choose', args=['caring'])}?q=许南")
    assert "没有找到" in mine
    assert outsider.get(reverse("case-offers", args=["person", other.pk])).status_code == 200
    unknown = [reverse("case-start", args=["person", other.pk, "none"]), reverse("case-choose", args=["joint"])]
    assert {outsider.get(address).status_code for address in unknown} == {404}
    assert Case.objects.count() == 0


def test_the_pages_ask_the_same_number_of_questions_whatever_is_there(
    place: City, clerk: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    someone = person(place.unit)
    address = reverse("case-offers", args=["person", someone.pk])
    clerk.get(address)
    with CaptureQueriesContext(connection) as asked:
        clerk.get(address)
    assert len(asked) < 10
    for number in range(3):
        open_case(decide(someone, place.commission, "党内警告"), "joint")
        organ(f"某某局{number}", "department", place.district)
    with django_assert_num_queries(len(asked)):
        clerk.get(address)


def test_a_preset_choice_is_shown_with_its_condition_and_may_be_changed(place: City, clerk: Client) -> None:
    someone = person(place.unit)  # 1991年8月生，35岁
    clerk.post(
        reverse("case-start", args=["person", someone.pk, "caring"]), {"on": "2026-9-29", FACT: "青溪区纪委监委"}
    )
    case = Case.objects.get()
    page = clerk.get(reverse("case", args=[case.pk]))
    assert page.context["form"].initial["way"] == "加强"
    assert "为什么建议“加强”：因为“年龄”为35。可以改选。" in page.content.decode()
    given = {
        "on": "2026-9-29", "way": "常规", "outcome": "已进行", "mode": "当面", "place": "会议室", "people": "陈思远", "heard": "本人",
        "account": "谈了近况", "seen": "1",
    }  # fmt: skip
    answer = clerk.post(reverse("case-record", args=[case.pk, "talk"]), given)
    assert answer.status_code == 302, answer.context["form"].errors
    assert "常规" in text(clerk, reverse("case", args=[case.pk]))


@pytest.mark.req("G2")
def test_somebody_not_on_file_is_entered_first(place: City, clerk: Client) -> None:
    address = f"{reverse('person-new')}?family=caring"
    assert address in text(clerk, reverse("case-choose", args=["caring"]))
    given = {"name": "白鹭洲", "unit": place.unit.name, "managed_by": "区管干部", "post": "科员", "identity": ""}
    answer = clerk.post(address, given)
    someone = Person.objects.get()
    assert answer.headers["Location"] == reverse("case-start", args=["person", someone.pk, "caring"])
    assert (someone.name, someone.organ, someone.post) == ("白鹭洲", place.unit, "科员")
    again = clerk.post(address, given)
    assert again.status_code == 422
    assert "已有同名的白鹭洲" in again.content.decode()
    assert clerk.post(address, given | {"sure": "yes"}).status_code == 302
    assert Person.objects.count() == 2
    faults = [
        ({"identity": "99"}, "身份证号应为18位"),
        ({"unit": place.other_unit.name}, "不在您的工作范围内"),
        ({"managed_by": "市管干部"}, "由上级管理"),
        ({"unit": "没有的单位"}, "没有“没有的单位”"),
    ]
    for wrong, said in faults:
        answer = clerk.post(address, given | {"name": "另一人"} | wrong)
        assert (answer.status_code, Person.objects.count()) == (422, 2)
        assert said in answer.content.decode()
    assert signed_in(holder(Role.LEADER, place.commission)).get(address).status_code == 404
