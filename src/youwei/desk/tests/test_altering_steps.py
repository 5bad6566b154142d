"""From a step of a case to the page of the decision and back: filled in from the case, seen before it is done, done in both at once."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from youwei.cases.models import Case, OpenStep
from youwei.cases.tests.builders import record
from youwei.decisions.models import Measure
from youwei.desk.tests.factories import City, decide, holder, open_case, person, signed_in
from youwei.organs.models import Role

PRESENT = [{"member": "方知行", "present": True, "vote": "同意"}]
pytestmark = [pytest.mark.django_db, pytest.mark.req("A6")]


def sent(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else "" if value is None else str(value)


@pytest.fixture
def clerk(place: City) -> Client:
    return signed_in(holder(Role.CASE_OFFICER, place.commission))


@pytest.fixture
def review(place: City) -> Case:
    """A review of a demerit of 12 March 2026 that has decided for a milder measure; approved on 1 September."""
    case = open_case(decide(person(place.unit), place.commission, "政务记过"), "supervision-review")
    record(case, "apply", date(2026, 8, 24), {"served_on": "2026-08-20", "requests": "请求减轻"})
    record(case, "accept", date(2026, 8, 25), {"in_time": True, "accepted": "受理"})
    record(case, "decide", date(2026, 8, 31), {"attendance": PRESENT, "result": "变更", "reasons": "一项不成立"})
    record(case, "approve", date(2026, 9, 1), {"opinion": "同意"})
    return case


def page_of(client: Client, case: Case, step: str) -> str:
    return client.get(reverse("case", args=[case.pk]), {"step": step}).content.decode()


def test_the_step_leads_to_the_decision_and_is_done_there(clerk: Client, review: Case) -> None:
    decision = review.decision
    assert decision is not None
    address = f"{reverse('decision-change', args=[decision.pk])}?case={review.pk}&step=change"
    page = page_of(clerk, review, "change")
    assert address.replace("&", "&amp;") in page
    assert "记录：登记复审变更" not in page, "no form of its own"
    form = clerk.get(address).context["form"]
    data = {bound.html_name: sent(bound.value()) for bound in form}
    assert (data["ground"], data["starts_on"]) == ("复审", "2026-09-01")
    (measure,) = decision.measures.all()
    data |= {
        f"to_{measure.pk}": "administrative.warning",
        "organ": str(decision.deciding_organ_id),
        "reason": "复审决定书",
    }
    seen = clerk.post(address, data)
    assert ("政务处分复审、复核", "日期随之变动") in [(each.title, each.what) for each in seen.context["affairs"]]
    assert OpenStep.objects.filter(case=review, step="change").exists(), "seen, not yet done"
    done = clerk.post(address, {**data, "confirm": "1"})
    assert done["Location"] == f"{reverse('case', args=[review.pk])}?step=change#step"
    assert Measure.objects.get(decision=decision).kind == "administrative.warning"
    assert not OpenStep.objects.filter(case=review, step="change").exists()
    assert "自哪天起" in page_of(clerk, review, "change"), "the record of the step"


def test_the_page_of_a_case_shows_what_it_goes_by(clerk: Client, place: City) -> None:
    decision = decide(person(place.unit), place.commission, "留党察看一年", made_on=date(2025, 9, 1))
    case = open_case(decision, "rights-restoration")
    known = dict(clerk.get(reverse("case", args=[case.pk])).context["known"])
    assert known == {"处分处理种类": "留党察看一年", "留党察看期满之日": "2026年8月31日"}


def test_a_record_sent_to_such_a_step_by_hand_is_refused(clerk: Client, review: Case) -> None:
    address = reverse("case-record", args=[review.pk, "change"])
    answer = clerk.post(address, {"on": "2026-09-02", "starts_on": "2026-09-01", "number": "", "token": "t" * 20})
    assert answer.status_code == 422
    assert "不在这里记录" in answer.content.decode()
    assert OpenStep.objects.filter(case=review, step="change").exists()


@pytest.mark.parametrize(
    "asked", ["?case=999999&step=change", "?case={pk}&step=withdraw", "?case=x&step=%00", "?case={pk}"]
)
def test_an_address_that_fits_no_step_is_the_page_as_it_always_is(clerk: Client, review: Case, asked: str) -> None:
    decision = review.decision
    assert decision is not None
    answer = clerk.get(reverse("decision-change", args=[decision.pk]) + asked.format(pk=review.pk))
    assert answer.status_code == 200
    assert answer.context["origin"] is None
    assert answer.context["back"] == reverse("decision", args=[decision.pk])


def test_whoever_may_not_change_decisions_is_not_led_there(place: City, review: Case) -> None:
    leader = signed_in(holder(Role.LEADER, place.commission))
    assert "decision-change" not in page_of(leader, review, "change")
    assert f"/change/?case={review.pk}" not in page_of(leader, review, "change")


def test_a_probation_is_extended_on_its_page_and_the_dossier_says_so(clerk: Client, place: City) -> None:
    row = decide(person(place.unit), place.commission, "留党察看一年", made_on=date(2025, 9, 1))
    address = reverse("decision-extend", args=[row.pk])
    assert address in clerk.get(reverse("decision", args=[row.pk])).content.decode()
    data = {bound.html_name: sent(bound.value()) for bound in clerk.get(address).context["form"]}
    data |= {"starts_on": "2026-08-30", "organ": str(place.commission.pk), "reason": "期满仍不符合恢复条件"}
    early = clerk.post(address, data)
    assert (early.status_code, "2026年8月31日才满" in str(early.context["form"].errors["starts_on"])) == (422, True)
    data["starts_on"] = "2026-09-01"
    seen = clerk.post(address, data)
    # Two years of probation from 1 September 2025, then two years.
    assert seen.context["periods"][0].new == "察看期 2025年9月1日—2027年8月31日；恢复权利后 2027年9月1日—2029年8月31日"
    clerk.post(address, {**data, "confirm": "1"})
    assert "延长留党察看：留党察看一年" in clerk.get(reverse("person", args=[row.person_id])).content.decode()
    again = clerk.post(address, {**data, "seen": "2", "token": "other" * 5})
    assert (again.status_code, "最长不超过二年" in again.content.decode()) == (422, True)
