"""The pages on which it is said what became of the check before a decision held somebody to account, and every door by which one comes (F2)."""

import ast
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from tests.support.tree import product_sources
from youwei.decisions.models import Decision
from youwei.desk.tests.factories import City, decide, holder, person, signed_in
from youwei.desk.tests.test_recording import send
from youwei.organs.models import Role

pytestmark = [pytest.mark.django_db, pytest.mark.req("F2")]
HELD = {"party": "", "handling": "诫勉", "form": "第一种形态", "category": "履行监管职责不力"}
WHY = "没有经过集体研究，造成较大损失"


@pytest.fixture
def clerk(place: City) -> Client:
    return signed_in(holder(Role.CASE_OFFICER, place.commission))


def owed(place: City, **more: Any) -> Decision:
    return decide(person(place.unit), place.commission, "诫勉", problem="履职不力", **more)


def test_the_form_asks_where_the_decision_counts_and_keeps_what_was_typed(clerk: Client, place: City) -> None:
    answer = send(clerk, **HELD)
    assert answer.status_code == 422
    assert "属于问责" in str(answer.context["form"].errors["precheck"])
    assert "履行监管职责不力" in answer.content.decode()
    assert not Decision.objects.exists()


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ({"precheck": "unfit", "precheck_why": WHY}, ("unfit", WHY)),
        ({"precheck": "not_held", "precheck_why": "本人直接违纪"}, ("not_held", "本人直接违纪")),
        ({"precheck": "owed"}, ("owed", "")),
        (
            {"precheck": "case", "precheck_case": "999999"},
            ("owed", "所写事项999999不是本人已经办结、可以作出问责决定的容错审核事项"),
        ),
    ],
)
def test_what_the_form_says_is_kept(clerk: Client, place: City, given: dict[str, str], kept: tuple[str, str]) -> None:
    assert send(clerk, **HELD, **given).status_code == 302
    decision = Decision.objects.get()
    assert (decision.precheck, decision.precheck_why()) == kept


@pytest.mark.parametrize(
    ("given", "field"), [({"precheck": "unfit"}, "precheck_why"), ({"precheck": "case"}, "precheck_case")]
)
def test_half_an_answer_is_refused_at_its_field(clerk: Client, place: City, given: dict[str, str], field: str) -> None:
    answer = send(clerk, **HELD, **given)
    assert answer.status_code == 422
    assert answer.context["form"].errors[field]


def test_one_that_does_not_count_is_recorded_without(clerk: Client, place: City) -> None:
    assert send(clerk).status_code == 302
    assert Decision.objects.get().precheck == ""


def test_what_is_owed_is_found_in_the_ledger_and_written_on_its_page(
    clerk: Client, place: City, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    decision = owed(place)
    assert decision.number in clerk.get(reverse("ledger"), {"state": "precheck"}).content.decode()
    page = clerk.get(reverse("decision", args=[decision.pk])).content.decode()
    assert "待补" in page
    url = reverse("decision-precheck", args=[decision.pk])
    with django_assert_max_num_queries(9):
        assert clerk.get(url).status_code == 200
    refused = clerk.post(url, {"kind": "unfit", "why": " ", "seen": "owed"})
    assert refused.status_code == 422
    assert refused.context["form"].errors["why"]
    assert clerk.post(url, {"kind": "unfit", "why": WHY, "seen": "owed", "token": "t"}).status_code == 302
    decision.refresh_from_db()
    assert (decision.precheck, decision.precheck_why()) == ("unfit", WHY)
    assert WHY in clerk.get(reverse("decision", args=[decision.pk])).content.decode()
    assert clerk.post(url, {"kind": "not_held", "why": WHY, "seen": "owed"}).status_code == 422, (
        "somebody has written it since"
    )


def test_nobody_else_answers_and_a_stub_has_no_page(clerk: Client, place: City) -> None:
    decision, stub = owed(place), decide(None, place.commission, "责令辞职", number="青纪密〔2026〕1号")
    for account in (
        holder(Role.LEADER, place.commission), holder(Role.UNIT, place.unit), holder(Role.CASE_OFFICER, place.other_commission),
        holder(Role.AUDITOR, place.city),
    ):  # fmt: skip
        assert signed_in(account).get(reverse("decision-precheck", args=[decision.pk])).status_code == 404
    assert stub.precheck == "offline"
    assert clerk.get(reverse("decision-precheck", args=[stub.pk])).status_code == 404


def test_there_is_no_other_door() -> None:
    """Decisions are made in one place and altered in one, and both look at the check: form, ledger, shell and demonstration call them."""
    makers, savers = set(), set()
    for source in product_sources():
        for node in ast.walk(source.tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Decision":
                makers.add(source.name)
            text = ast.unparse(node.func) if isinstance(node, ast.Call) else ""
            if text in (
                "Decision.objects.create",
                "Decision.objects.bulk_create",
                "Decision.objects.update_or_create",
                "Decision.objects.get_or_create",
            ):
                savers.add(source.name)
    assert makers == {"src/youwei/decisions/commands.py"}
    assert savers == set()
    for path, looks in (("commands", "prechecks.settled("), ("altering", "prechecks.follow(")):
        text = next(
            each for each in product_sources() if each.name == f"src/youwei/decisions/{path}.py"
        ).path.read_text("utf-8")
        assert looks in text
