"""A session that teaches by decisions: only by those that were announced; what was not is answered like what is not there."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from youwei.cases.by_hand import open_by_hand
from youwei.cases.models import Case
from youwei.cases.queries import announced as found
from youwei.cases.queries import view
from youwei.decisions.models import Decision
from youwei.desk.tests.factories import EARLIER, TODAY, City, decide, holder, open_case, person, signed_in
from youwei.journal.actors import Actor
from youwei.organs.models import Role

pytestmark = [pytest.mark.django_db, pytest.mark.req("H3")]
NUMBER = "青纪〔2026〕18号"


@pytest.fixture
def session(place: City) -> Case:
    """Opened by the unit about itself; the commission of its region handles it."""
    return open_by_hand(
        thing=place.unit, family="warning-session", role="unit", organ=place.unit, said={}, by=Actor("区住建局党组"), on=EARLIER.date(),
        at=EARLIER, today=TODAY,
    )  # fmt: skip


def prepare(place: City, case: Case, number: str) -> Any:
    client: Client = signed_in(holder(Role.CASE_OFFICER, place.commission, f"clerk-{number}"))
    row = {"cases-0-decision": number, "cases-0-told": "违反财经纪律", "cases-0-teaches": "管好公家的钱"}
    given = {"on": "2026-9-29", "seen": "99", "topic": "财经纪律", "within": "yes", **row}
    return client.post(reverse("case-record", args=[case.pk, "prepare"]), given)


def announced(decision: Decision) -> None:
    case = open_case(decision, "announcement")
    Case.objects.filter(pk=case.pk).update(state="ended", told={"decision.announced_on": "2026-03-20"})


def test_the_unit_opens_it_and_the_commission_of_its_region_prepares_it(place: City, session: Case) -> None:
    assert (session.organ, session.subject_organ, session.person) == (place.commission, place.unit, None)
    assert session.open_steps.get(step="prepare").organ == place.commission


def test_a_decision_that_was_announced_is_named_and_stands_in_the_record(place: City, session: Case) -> None:
    decision = decide(person(place.unit), place.commission, "党内严重警告", number=NUMBER)
    announced(decision)
    assert prepare(place, session, NUMBER).status_code == 302
    record = view(session, TODAY).standing["prepare"][""]
    assert record.values["cases"][0]["decision"] == {"id": str(decision.pk), "name": NUMBER}


def test_one_that_was_not_announced_or_was_withdrawn_is_answered_like_none(place: City, session: Case) -> None:
    decision = decide(person(place.unit), place.commission, "党内严重警告", number=NUMBER)
    said = [
        str(prepare(place, session, number).context["form"].errors["cases"]) for number in (NUMBER, "青纪〔2026〕99号")
    ]
    assert said[0].replace(NUMBER, "") == said[1].replace("青纪〔2026〕99号", "")
    assert "没有公开宣布过的决定" in said[0]
    announced(decision)
    Decision.objects.filter(pk=decision.pk).update(state=Decision.State.WITHDRAWN)
    assert found(NUMBER) is None
