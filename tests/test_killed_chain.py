"""Killed after every statement: a signature, an end that opens a case, an end that comes back to the case that waits. Logs of two cases, one act."""

from datetime import date
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from tests.support.cast import Cast
from tests.test_killed import all_or_nothing
from youwei.cases.commands import answer
from youwei.cases.models import Case, ChainLink
from youwei.cases.tests.builders import CLERK, act, case_of, moment, record
from youwei.journal.actors import Actor
from youwei.journal.queries import records

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow, pytest.mark.req("I5", "B1")]
DAY, LATER = date(2026, 3, 20), date(2026, 5, 8)


@pytest.fixture(autouse=True)
def packs_of_the_tests(settings: Settings) -> None:
    settings.PACKS = Path(__file__).resolve().parents[1] / "src" / "youwei" / "cases" / "tests" / "packs"


def test_a_signature_is_there_whole_or_not_at_all(cast: Cast) -> None:
    case = case_of(cast, "joint")
    record(case, "advise", DAY, {"advice": "可以继续使用"})
    head = Actor("岑伯安", cast.leader.pk)
    all_or_nothing(lambda: act(case, "sign", DAY, step="advise", part="head", by=head, seen=2))
    assert [entry.kind for entry in records("case", case.pk)] == ["opened", "record", "sign"]


def test_an_end_and_the_case_it_opens_are_there_together(cast: Cast) -> None:
    case = case_of(cast, "review")
    record(case, "consider", DAY, {"help": False})
    all_or_nothing(lambda: record(case, "close", DAY, {"result": "再帮扶", "until": date(2026, 7, 1)}))
    link = ChainLink.objects.select_related("parent", "child").get()
    assert link.child is not None
    assert (link.parent.state, link.child.procedure) == ("ended", "helping")


def test_an_end_and_its_coming_back_are_there_together(cast: Cast) -> None:
    case = case_of(cast, "review")
    record(case, "consider", DAY, {"help": True})
    record(case, "aid", DAY, {})
    child = Case.objects.get(procedure="helping")
    all_or_nothing(lambda: record(child, "help", LATER, {"result": "无效"}))
    assert set(Case.objects.values_list("outcome", flat=True)) == {"failed"}


def test_an_offer_and_its_answer_are_there_together(cast: Cast) -> None:
    case = case_of(cast, "review")
    record(case, "consider", DAY, {"help": False})
    record(case, "close", DAY, {"result": "转谈话", "matter": "思想消极"})
    target = ChainLink.objects.get().target
    all_or_nothing(
        lambda: answer(
            case=case, target=target, procedure="talking", start=True, by=CLERK, on=LATER, at=moment(LATER), today=LATER
        )
    )
    assert ChainLink.objects.get().child is not None
