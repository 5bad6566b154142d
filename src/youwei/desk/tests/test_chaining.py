"""One case opens another, seen from the pages: what a step opens, what an end offers, who is asked, and the way from one to the other."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from youwei.cases import queries as cases
from youwei.cases.models import Case, ChainLink
from youwei.desk.tests.factories import TODAY, City, decide, holder, open_case, person, signed_in
from youwei.journal.models import Entry
from youwei.organs.models import Role

pytestmark = [pytest.mark.django_db, pytest.mark.req("B1")]
PACKS = Path(__file__).resolve().parents[2] / "cases" / "tests" / "packs"


@pytest.fixture(autouse=True)
def packs_of_the_tests(settings: Settings) -> None:
    settings.PACKS = PACKS


@pytest.fixture
def case(place: City) -> Case:
    return open_case(decide(person(place.unit), place.commission, "党内严重警告"), "review")


@pytest.fixture
def clerk(place: City) -> Client:
    return signed_in(holder(Role.CASE_OFFICER, place.commission))


def send(client: Client, case: Case, step: str, **data: Any) -> None:
    given = {"on": "2026-9-29", "seen": "99", **data}
    answer = client.post(reverse("case-record", args=[case.pk, step]), given)
    assert answer.status_code == 302, answer.context["form"].errors


def page(client: Client, case: Case, **asked: str) -> str:
    return client.get(reverse("case", args=[case.pk]), asked).content.decode()


def offered(client: Client, case: Case) -> str:
    """The address of what the end of a case offers."""
    send(client, case, "consider", help="no")
    send(client, case, "close", result="转谈话", matter="思想消极")
    link = ChainLink.objects.get()
    return reverse("case-next", args=[case.pk, link.target, link.procedure])


def asked(client: Client) -> list[tuple[str, str]]:
    groups = client.get(reverse("desk")).context["groups"]
    return [(line.what, line.verb) for group in groups if group.id == "offers" for line in group.lines]


def test_a_step_says_what_it_opens_and_each_case_leads_to_the_other(case: Case, clerk: Client) -> None:
    send(clerk, case, "consider", help="yes")
    before = page(clerk, case, step="aid")
    assert "随即为同一人启动“帮扶”" in before
    assert 'name="outcome"' not in before, "how it ends is not typed"
    send(clerk, case, "aid")
    child = Case.objects.get(procedure="helping")
    assert f'href="{reverse("case", args=[child.pk])}"' in page(clerk, case)
    assert "所启动的事项还没有办结" in page(clerk, case, step="aid")
    back = page(clerk, child)
    assert f'href="{reverse("case", args=[case.pk])}"' in back
    assert "本事项由它启动" in back
    send(clerk, child, "help", result="无效")
    text = page(clerk, case)
    assert "帮扶未果" in text
    assert "帮扶无效" in text, "the end in words, not its id"
    assert "failed" not in text


def test_what_an_end_offers_stands_on_the_desk_until_it_is_answered(case: Case, place: City, clerk: Client) -> None:
    address = offered(clerk, case)
    leader = signed_in(holder(Role.LEADER, place.commission, "leader", "岑伯安"))
    assert asked(clerk) == asked(leader) == [("是否启动“谈话提醒”", "确认")]
    assert "是否启动“谈话提醒”" in page(clerk, case)
    assert leader.get(address).status_code == 200
    assert leader.post(address, {"on": "2026-9-29", "verdict": "start", "reason": ""}).status_code == 302
    child = Case.objects.get(procedure="talking")
    assert cases.view(case, TODAY).entries[-1].by == "岑伯安"
    assert asked(clerk) == []
    assert reverse("case", args=[child.pk]) in page(clerk, case)
    assert leader.post(address, {"on": "2026-9-29", "verdict": "start"}).status_code == 302, "answered once"
    assert Case.objects.filter(procedure="talking").count() == 1


def test_declining_wants_a_reason_and_loses_nothing_typed(case: Case, clerk: Client) -> None:
    address = offered(clerk, case)
    before = Entry.objects.count()
    refused = clerk.post(address, {"on": "2026-9-29", "verdict": "not"})
    assert refused.status_code == 422
    assert "请写明理由" in refused.content.decode()
    refused = clerk.post(address, {"on": "2026年13月1日", "verdict": "not", "reason": "已由单位谈过"})
    assert refused.status_code == 422
    assert "已由单位谈过" in refused.content.decode()
    assert Entry.objects.count() == before
    assert clerk.post(address, {"on": "2026-9-29", "verdict": "not", "reason": "已由单位谈过"}).status_code == 302
    assert not Case.objects.filter(procedure="talking").exists()
    assert "已由单位谈过" in page(clerk, case)


@pytest.mark.parametrize(("role", "inside", "status"), [
    (Role.UNIT, True, 404), (Role.UPPER_VIEWER, True, 404), (Role.MENTOR, True, 404), (Role.CASE_OFFICER, False, 404),
    (Role.LEADER, False, 404), (Role.AUDITOR, True, 404),
])  # fmt: skip
def test_nobody_else_answers(case: Case, place: City, clerk: Client, role: Role, inside: bool, status: int) -> None:
    address = offered(clerk, case)
    other = signed_in(holder(role, place.commission if inside else place.other_commission, "other", "单望舒"))
    assert other.get(address).status_code == status
    assert other.post(address, {"on": "2026-9-29", "verdict": "start"}).status_code == status
    assert not Case.objects.filter(procedure="talking").exists()


def test_the_office_above_sees_the_offer_and_does_not_answer_it(case: Case, place: City, clerk: Client) -> None:
    address = offered(clerk, case)
    above = signed_in(holder(Role.CASE_OFFICER, place.city_commission, "above", "查云岫"))
    assert "等待承办机关确认" in page(above, case)
    assert address not in page(above, case)
    assert above.post(address, {"on": "2026-9-29", "verdict": "start"}).status_code == 302
    assert not Case.objects.filter(procedure="talking").exists()
    assert asked(above) == []


def test_whoever_may_see_one_end_alone_sees_no_chain(case: Case, place: City, clerk: Client) -> None:
    send(clerk, case, "consider", help="yes")
    send(clerk, case, "aid")
    child = Case.objects.get(procedure="helping")
    Case.objects.filter(pk=child.pk).update(organ=place.other_commission, subject_organ=place.other_unit)
    assert "前后事项" not in page(clerk, case)
    other = signed_in(holder(Role.CASE_OFFICER, place.other_commission, "other", "单望舒"))
    assert "前后事项" not in page(other, child)


@pytest.mark.parametrize("path", ["0/talking", "999999/talking", "99999999999999999999/talking", "3/nothing", "3/%00"])
def test_nonsense_in_the_address_is_no_failure(case: Case, clerk: Client, path: str) -> None:
    offered(clerk, case)
    address = f"/cases/{case.pk}/next/{path}/"
    assert clerk.get(address).status_code in (302, 404)
    assert clerk.post(address, {"verdict": "start"}).status_code in (302, 404)


@pytest.mark.req("H2")
def test_the_list_shows_and_filters_by_the_line_of_the_figures(case: Case, clerk: Client) -> None:
    send(clerk, case, "consider", help="no")
    send(clerk, case, "close", result="了结")
    listed = clerk.get(reverse("visits"), {"state": "ended", "counted": "帮扶了结"}).content.decode()
    assert "统计计入：帮扶了结" in listed
    assert "许南舟" in listed
    assert "许南舟" not in clerk.get(reverse("visits"), {"state": "ended", "counted": "会签办结"}).content.decode()


def test_the_page_makes_as_many_queries_with_a_chain_as_without(
    case: Case, clerk: Client, django_assert_max_num_queries: Any
) -> None:
    send(clerk, case, "consider", help="yes")
    with django_assert_max_num_queries(60) as few:
        page(clerk, case, step="aid")
    send(clerk, case, "aid")
    child = Case.objects.get(procedure="helping")
    send(clerk, child, "help", result="有效")
    send(clerk, case, "close", result="再帮扶", until="2026-12-1")
    with django_assert_max_num_queries(60) as many:
        page(clerk, case, step="close")
    assert len(many) <= len(few)
    with django_assert_max_num_queries(40) as few:
        clerk.get(reverse("desk"))
    with django_assert_max_num_queries(40) as many:
        clerk.get(reverse("desk"))
    assert len(many) == len(few)


def test_the_dossier_says_which_case_opened_which(case: Case, clerk: Client) -> None:
    send(clerk, case, "consider", help="yes")
    send(clerk, case, "aid")
    address = reverse("person", args=[case.person_id])
    assert "由“回访研判”启动" in clerk.get(address).content.decode()
    send(clerk, Case.objects.get(procedure="helping"), "help", result="无效")
    assert "由“回访研判”启动" in clerk.get(address).content.decode(), "also once both have ended"


def test_the_page_of_a_procedure_says_who_acts_who_signs_and_what_it_opens(clerk: Client) -> None:
    review = clerk.get(reverse("pack", args=["review", "2026.01"])).content.decode()
    for words in (
        "监督检查室（经办人账号）", "启动“帮扶”并等其办结", "随即启动“帮扶”", "由人确认后启动“谈话提醒”",
        "告知同一决定的其他事项：送达之日、属失职失责；统计计入：帮扶了结",
    ):  # fmt: skip
        assert words in review, words
    assert "会签：分管领导、组织部门" in clerk.get(reverse("pack", args=["joint", "2026.01"])).content.decode()
