"""A session that teaches by decisions: only by those that were announced; what was not is answered like what is not there."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from youwei.cases.by_hand import open_by_hand
from youwei.cases.logs import packs
from youwei.cases.models import Case
from youwei.cases.queries import announced as found
from youwei.cases.queries import view
from youwei.cases.tests.builders import act
from youwei.decisions.models import Decision
from youwei.desk.cases.announced import offered
from youwei.desk.tests.factories import EARLIER, TODAY, City, decide, holder, open_case, person, signed_in
from youwei.journal.actors import Actor
from youwei.organs.models import Role
from youwei.organs.policy import reader
from youwei.rulebook.packs import PackRef

pytestmark = [pytest.mark.django_db, pytest.mark.req("H3")]
NUMBER = "青纪〔2026〕18号"


@pytest.fixture
def session(place: City) -> Case:
    """Opened by the unit about itself; the commission of its region handles it."""
    return open_by_hand(
        thing=place.unit, family="warning-session", role="unit", organ=place.unit, said={}, by=Actor("区住建局党组"), on=EARLIER.date(),
        at=EARLIER, today=TODAY,
    )  # fmt: skip


def prepare(place: City, case: Case, number: str, clerk: str = "clerk") -> Any:
    client: Client = signed_in(holder(Role.CASE_OFFICER, place.commission, f"{clerk}-{number}"))
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
    assert found(NUMBER) == []


def test_an_announced_decision_is_chosen_from_those_the_officer_may_see(place: City, session: Case) -> None:
    seen = decide(person(place.unit, "许南舟"), place.commission, "党内严重警告", number=NUMBER)
    elsewhere = decide(person(place.other_unit, "沈望"), place.other_commission, "党内警告", number="白纪〔2026〕3号")
    decide(person(place.unit, "郑秋"), place.commission, "党内警告", number="青纪〔2026〕19号")  # announced nowhere
    for each in (seen, elsewhere):
        announced(each)
    client = signed_in(holder(Role.CASE_OFFICER, place.commission, "chooser"))
    page = client.get(reverse("case", args=[session.pk]), {"step": "prepare"})
    assert page.context["decisions"] == [(f"{NUMBER} 许南舟", "2026-03-12 党内严重警告")]
    assert f'<option value="{NUMBER} 许南舟">' in page.content.decode()
    assert 'list="announced-decisions"' in page.content.decode()
    assert prepare(place, session, f"{NUMBER} 许南舟").status_code == 302
    assert view(session, TODAY).standing["prepare"][""].values["cases"][0]["decision"]["id"] == str(seen.pk)


def test_a_number_of_several_people_asks_for_the_name(place: City, session: Case) -> None:
    for name in ("许南舟", "沈望"):
        announced(decide(person(place.unit, name), place.commission, "党内警告", number=NUMBER))
    refused = prepare(place, session, NUMBER)
    assert refused.status_code == 422
    assert "在文号后面空一格写姓名" in str(refused.context["form"].errors["cases"])
    assert prepare(place, session, f"{NUMBER} 沈望").status_code == 302


def test_whom_it_was_chosen_for_stands_in_the_form_again_once_the_record_was_sent_back(
    place: City, session: Case
) -> None:
    first, chosen = (
        decide(person(place.unit, name), place.commission, "党内警告", number=NUMBER) for name in ("许南舟", "沈望")
    )
    for each in (first, chosen):
        announced(each)
    assert prepare(place, session, f"{NUMBER} 沈望").status_code == 302
    act(session, "return", TODAY, step="approve", to="prepare", reason="讲得太散")
    client = signed_in(holder(Role.CASE_OFFICER, place.commission, "again"))
    page = client.get(reverse("case", args=[session.pk]), {"step": "prepare"}).content.decode()
    assert f'value="{NUMBER} 沈望"' in page
    assert prepare(place, session, f"{NUMBER} 沈望", "second").status_code == 302
    now = view(session, TODAY).standing["prepare"][""].values["cases"][0]["decision"]
    assert now == {"id": str(chosen.pk), "name": NUMBER}


def test_the_choice_costs_the_same_for_one_decision_and_for_many(
    place: City, session: Case, django_assert_max_num_queries: Any
) -> None:
    who = holder(Role.CASE_OFFICER, place.commission, "counter")
    asks, step = reader(who, TODAY), packs()[PackRef("warning-session", "2018.07")].steps["prepare"]
    for number in range(3):
        announced(
            decide(person(place.unit, f"许{'甲乙丙'[number]}"), place.commission, "党内警告", number=f"{number}号")
        )
        with django_assert_max_num_queries(3):
            assert len(offered(asks, step)) == number + 1


def test_the_unit_that_holds_the_session_reads_what_it_is_to_teach_and_nothing_else_of_the_office(
    place: City, session: Case
) -> None:
    decision = decide(person(place.unit), place.commission, "党内严重警告", number=NUMBER)
    announced(decision)
    prepare(place, session, NUMBER)
    act(session, "record", TODAY, step="approve", values={"opinion": "同意，讲稿可用"})
    page = signed_in(holder(Role.UNIT, place.unit, "unit")).get(reverse("case", args=[session.pk]))
    assert page.context["item"].step == "session"
    told = page.content.decode()
    for words in ("财经纪律", NUMBER, "违反财经纪律", "管好公家的钱"):
        assert words in told, words
    assert "讲稿可用" not in told
