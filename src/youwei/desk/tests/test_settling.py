"""The end of a period settled by hand on the page of the decision, and marked as that wherever the end is read."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from youwei.cases import logs
from youwei.cases.models import Case
from youwei.decisions.models import Decision
from youwei.desk.tests.factories import City, decide, holder, open_case, person, signed_in
from youwei.desk.tests.test_ledger import sheet
from youwei.engine.sieve import sieve
from youwei.journal.models import Entry
from youwei.organs.models import Role

pytestmark = [pytest.mark.django_db, pytest.mark.req("A1", "A2")]

BASIS = "青纪发〔2026〕19号第三条"


@pytest.fixture
def clerk(place: City) -> Client:
    return signed_in(holder(Role.CASE_OFFICER, place.commission))


@pytest.fixture
def decision(place: City) -> Decision:
    """A severe warning of 12 March 2026, until 11 September 2027, with an open visit."""
    row = decide(person(place.unit), place.commission, "党内严重警告")
    open_case(row)
    return row


def url(row: Decision) -> str:
    return reverse("decision-settle", args=[row.pk])


def filled(client: Client, row: Decision, day: str, **changes: Any) -> dict[str, Any]:
    form = client.get(url(row)).context["form"]
    told = {bound.html_name: "" if bound.value() is None else str(bound.value()) for bound in form}
    name = f"last_{row.measures.get().pk}"
    return told | {name: day, "basis": BASIS, "reason": "决定书另有写明"} | changes


def settled(client: Client, row: Decision, day: str = "2027年9月20日") -> None:
    assert client.post(url(row), filled(client, row, day) | {"confirm": "1"}).status_code == 302


def page(client: Client, name: str, *args: Any) -> str:
    return client.get(reverse(name, args=args)).content.decode()


def test_it_is_seen_before_it_is_done_with_the_difference(clerk: Client, decision: Decision) -> None:
    form = clerk.get(url(decision)).context["form"]
    (label,) = [bound.field.help_text for bound in form if bound.name.startswith("last_")]
    assert label == "按规定推算为2027年9月11日；留空就按规定推算的算"
    seen = clerk.post(url(decision), filled(clerk, decision, "2027-9-20"))
    assert [(each.old, each.new) for each in seen.context["periods"]] == [
        ("2026年3月12日—2027年9月11日", "2026年3月12日—2027年9月20日（人工核定）")
    ]
    assert [(each.old, each.new) for each in seen.context["pairs"]] == [
        ("党内严重警告", "党内严重警告（人工核定至2027年9月20日）")
    ]
    assert ("依据", BASIS) in seen.context["typed"]
    assert not Entry.objects.filter(kind="decision.settled").exists()
    settled(clerk, decision)
    settled_once = Entry.objects.filter(kind="decision.settled")
    assert settled_once.count() == 1


def test_it_is_marked_wherever_the_end_is_read(clerk: Client, decision: Decision) -> None:
    settled(clerk, decision)
    one = page(clerk, "decision", decision.pk)
    assert "比按规定推算的2027年9月11日晚9天" in one
    assert "人工核定" in one
    assert "理由：决定书另有写明" in one
    dossier = page(clerk, "person", decision.person_id)
    assert "人工核定，推算为2027年9月11日" in dossier
    assert BASIS in dossier
    (row,) = clerk.get(reverse("ledger"), {"state": "all"}).context["rows"]
    assert (row.ends_on, row.by_hand) == (date(2027, 9, 20), True)
    assert "<small>人工核定</small>" in page(clerk, "ledger")
    assert sheet(clerk.get(reverse("ledger-export")).content)[3][-1] == "人工核定"
    asked = clerk.get(f"/eligibility/{decision.person_id}/", {"intent": "晋升职务", "on": "2027-9-15"}).content.decode()
    assert "2027年9月21日起按日期不再受限（终止日经人工核定）" in asked


def ends(case: Case) -> date | None:
    """The end of the period as the case knows it."""
    return sieve(logs.packs(), logs.log(case)).facts["period.ends_on"]


def test_the_cases_go_by_it_and_say_so(clerk: Client, decision: Decision) -> None:
    case = Case.objects.get()
    settled(clerk, decision)
    assert ends(case) == date(2027, 9, 20)
    assert "核定终止日：决定书另有写明" in page(clerk, "case", case.pk)
    back = clerk.get(reverse("decision-take-back", args=[decision.pk])).context["form"]
    sent = {bound.html_name: bound.value() for bound in back} | {"reason": "看错了", "confirm": "1"}
    assert clerk.post(reverse("decision-take-back", args=[decision.pk]), sent).status_code == 302
    assert ends(case) == date(2027, 9, 11)
    assert "人工核定" not in page(clerk, "ledger")


def test_emptied_it_is_left_to_the_law_again(clerk: Client, decision: Decision) -> None:
    settled(clerk, decision)
    form = clerk.get(url(decision)).context["form"]
    assert (form["basis"].value(), form[f"last_{decision.measures.get().pk}"].value()) == (BASIS, date(2027, 9, 20))
    settled(clerk, decision, "")
    assert decision.measures.get().periods.get(current=True).last_day == date(2027, 9, 11)


@pytest.mark.parametrize(
    ("day", "changes", "field"),
    [
        ("2026-3-11", {}, "last"),
        ("2027-9-11", {}, "last"),
        ("没有", {}, "last"),
        ("2027-9-20", {"basis": ""}, "basis"),
        ("2027-9-20", {"basis": "依" * 201}, "basis"),
        ("2027-9-20", {"reason": " "}, "reason"),
        ("", {}, "__all__"),
    ],
)
def test_a_fault_is_told_at_its_field(
    clerk: Client, decision: Decision, day: str, changes: dict[str, str], field: str
) -> None:
    name = f"last_{decision.measures.get().pk}" if field == "last" else field
    answer = clerk.post(url(decision), filled(clerk, decision, day, **changes) | {"confirm": "1"})
    assert answer.status_code == 422
    assert answer.context["form"].errors[name]
    assert decision.measures.get().last_day_by_hand is None


def test_what_has_no_end_to_settle_says_so_and_does_not_open(clerk: Client, place: City) -> None:
    stub, barred, waiting = (
        decide(None, place.commission, "党内警告"),
        decide(person(place.unit, "沈望"), place.commission, "开除公职", number="2号"),
        decide(person(place.unit, "白石溪"), place.commission, "留党察看一年", number="3号"),
    )
    for row, said in ((stub, "存根没有期间"), (barred, "没有期限"), (waiting, "请先登记恢复党员权利")):
        told = clerk.get(url(row), follow=True)
        assert told.redirect_chain
        assert said in told.content.decode()


@pytest.mark.req("I5")
@pytest.mark.parametrize("role", [Role.LEADER, Role.UNIT, Role.ORGANIZATION, Role.UPPER_VIEWER, Role.AUDITOR])
def test_nobody_else_settles_anything(decision: Decision, place: City, role: Role) -> None:
    client = signed_in(holder(role, place.commission))
    assert client.get(url(decision)).status_code == 404
    assert client.post(url(decision), {"reason": "x", "confirm": "1"}).status_code == 404


@pytest.mark.req("I5")
def test_an_officer_elsewhere_finds_nothing_to_settle(decision: Decision, place: City) -> None:
    assert signed_in(holder(Role.CASE_OFFICER, place.other_commission)).get(url(decision)).status_code == 404
