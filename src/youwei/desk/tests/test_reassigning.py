"""A decision entered on the wrong person or as the wrong organ's is entered anew: seen first, once, each record naming the other."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from youwei.cases.models import Case
from youwei.decisions import series
from youwei.decisions.models import Decision, Period
from youwei.decisions.prechecks import Answer
from youwei.decisions.proof import Prover
from youwei.desk.tests.factories import CLERK, MORNING, TODAY, City, decide, holder, open_case, person, signed_in
from youwei.journal.models import Entry
from youwei.journal.queries import verify
from youwei.organs.models import Role
from youwei.people.models import Person

pytestmark = [pytest.mark.django_db, pytest.mark.req("A1")]

REASON = "同名同姓，导入时认错了人"


@pytest.fixture
def clerk(place: City) -> Client:
    return signed_in(holder(Role.CASE_OFFICER, place.commission))


@pytest.fixture
def wrong(place: City) -> Person:
    return person(place.unit)


@pytest.fixture
def right(place: City) -> Person:
    return person(place.unit, "沈望")


@pytest.fixture
def decision(place: City, wrong: Person) -> Decision:
    """A severe warning of 12 March 2026, until 11 September 2027, with an open visit."""
    row = decide(wrong, place.commission, "党内严重警告")
    open_case(row)
    return row


def url(row: Decision) -> str:
    return reverse("decision-reassign", args=[row.pk])


def filled(client: Client, row: Decision, **changes: Any) -> dict[str, Any]:
    form = client.get(url(row)).context["form"]
    return {bound.html_name: "" if bound.value() is None else str(bound.value()) for bound in form} | {
        "reason": REASON, **changes
    }  # fmt: skip


def anew(client: Client, row: Decision, **changes: Any) -> Decision:
    assert client.post(url(row), filled(client, row, **changes) | {"confirm": "1"}).status_code == 302
    return Decision.objects.get(replaces=row)


def page(client: Client, name: str, *args: Any) -> str:
    return client.get(reverse(name, args=args)).content.decode()


def test_it_is_seen_first_what_moves_and_who_sees_it(
    clerk: Client, decision: Decision, wrong: Person, right: Person
) -> None:
    seen = clerk.post(url(decision), filled(clerk, decision, name="沈望"))
    assert [(each.label, each.old[:3], each.new[:2]) for each in seen.context["pairs"]] == [("人员", "许南舟", "沈望")]
    assert [(each.label, each.new) for each in seen.context["periods"]] == [
        ("党内严重警告（许南舟）", "没有期间"),
        ("党内严重警告（沈望）", "2026年3月12日—2027年9月11日"),
    ]
    assert {(each.title, each.what) for each in seen.context["affairs"]} >= {
        ("受处分人员回访教育", "提前终止"),
        ("受处分人员回访教育", "开办"),
    }
    assert any("沈望" in text and "从此有这份决定" in text for text in seen.context["sight"])
    assert not Entry.objects.filter(kind="decision.replaced").exists()


def test_on_the_right_person_it_is_as_if_it_had_been_entered_there(
    clerk: Client, decision: Decision, wrong: Person, right: Person
) -> None:
    fresh = anew(clerk, decision, name="沈望")
    assert (fresh.person, fresh.deciding_organ, fresh.number, fresh.made_on) == (
        right, decision.deciding_organ, decision.number, decision.made_on
    )  # fmt: skip
    decision.refresh_from_db()
    assert decision.state == "undone"
    assert [(each.person, str(each.last_day)) for each in Period.objects.filter(current=True)] == [
        (right, "2027-09-11")
    ]
    assert dict(Case.objects.filter(procedure="jingzhou-visit").values_list("person__name", "state")) == {
        "许南舟": "terminated", "沈望": "open",
    }  # fmt: skip
    assert verify(provers=[Prover()]) == []


def test_both_files_say_what_happened_and_the_wrong_one_names_nobody(
    clerk: Client, decision: Decision, wrong: Person, right: Person
) -> None:
    fresh = anew(clerk, decision, name="沈望")
    told = page(clerk, "decision", fresh.pk)
    assert "原登记在" in told
    assert reverse("person", args=[wrong.pk]) in told
    assert REASON in told
    theirs = page(clerk, "person", wrong.pk)
    assert "不是本人的决定，这条登记已撤回" in theirs
    assert "没有登记处分处理" in theirs
    assert "沈望" not in theirs
    assert reverse("case", args=[Case.objects.get(person=wrong).pk]) not in theirs
    assert "党内严重警告" in page(clerk, "person", right.pk)
    assert clerk.get(reverse("decision", args=[decision.pk])).headers["Location"] == reverse(
        "decision", args=[fresh.pk]
    )
    (row,) = clerk.get(reverse("ledger"), {"state": "all"}).context["rows"]
    assert row.name == "沈望"
    (then,) = clerk.get(reverse("person", args=[wrong.pk]), {"on": "2026-9-28"}).context["file"].held
    assert then.title == "党内严重警告"


def test_as_another_organs_its_readers_change_with_it(decision: Decision, place: City) -> None:
    city = signed_in(holder(Role.CASE_OFFICER, place.city_commission))
    own = signed_in(holder(Role.CASE_OFFICER, place.commission))
    other = signed_in(holder(Role.CASE_OFFICER, place.other_commission, "other"))
    assert other.get(reverse("decision", args=[decision.pk])).status_code == 404
    seen = city.post(url(decision), filled(city, decision, organ=str(place.other_commission.pk)))
    assert any("还能查看" in text for text in seen.context["sight"]), "its unit lies there"
    fresh = anew(city, decision, organ=str(place.other_commission.pk))
    assert (fresh.person, fresh.deciding_organ) == (decision.person, place.other_commission)
    assert other.get(reverse("decision", args=[fresh.pk])).status_code == 200
    assert reverse("decision-correct", args=[fresh.pk]) in page(other, "decision", fresh.pk)
    assert "原登记为青溪区纪委监委的决定" in page(own, "decision", fresh.pk)
    ended, opened = Case.objects.filter(procedure="jingzhou-visit").order_by("pk")
    assert (ended.state, ended.organ, opened.state, opened.organ) == (
        "terminated", place.commission, "open", place.other_commission
    )  # fmt: skip


def test_a_stub_changes_its_organ_and_never_gets_a_person(place: City) -> None:
    stub = decide(None, place.commission, "党内警告")
    city = signed_in(holder(Role.CASE_OFFICER, place.city_commission))
    assert "name" not in city.get(url(stub)).context["form"].fields
    fresh = anew(city, stub, organ=str(place.other_commission.pk))
    assert (fresh.secret, fresh.deciding_organ, fresh.counted_at, fresh.person) == (
        True, place.other_commission, place.other_district, None
    )  # fmt: skip
    assert verify(provers=[Prover()]) == []


def test_the_record_stands_in_its_series_and_is_checked_anew(
    clerk: Client, place: City, wrong: Person, right: Person
) -> None:
    checked = Answer(Decision.Precheck.UNFIT, "故意为之，不适用容错")
    row = decide(wrong, place.commission, "诫勉", problem="落实全面从严治党主体责任不力", form=1, precheck=checked)
    made = series.make(title="某工程系列案", organ=place.commission, decisions=[row.pk], by=CLERK, on=TODAY, at=MORNING)
    assert row.precheck == "unfit"
    fresh = anew(clerk, row, name="沈望")
    assert list(series.decisions_of(made)) == [fresh]
    assert fresh.precheck == "owed", "it was checked of somebody else"


def test_several_of_one_name_are_told_apart_and_chosen(clerk: Client, decision: Decision, place: City) -> None:
    one = person(place.unit, "沈望")
    other = person(place.commission, "沈望", post="四级主任科员")
    asked = clerk.post(url(decision), filled(clerk, decision, name="沈望"))
    assert asked.status_code == 422
    assert {key for key, _ in asked.context["form"].fields["person"].choices} >= {str(one.pk), str(other.pk)}
    assert "四级主任科员" in asked.content.decode()
    assert anew(clerk, decision, name="沈望", person=str(other.pk)).person == other


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({}, "__all__"),
        ({"name": "没有这人"}, "name"),
        ({"name": "没有\x00这人"}, "name"),
        ({"name": "许南舟"}, "__all__"),
        ({"name": "沈望", "reason": ""}, "reason"),
        ({"name": "沈望", "organ": "999999"}, "organ"),
    ],
)
def test_a_fault_is_told_and_changes_nothing(
    clerk: Client, decision: Decision, right: Person, changes: dict[str, str], field: str
) -> None:
    answer = clerk.post(url(decision), filled(clerk, decision, **changes) | {"confirm": "1"})
    assert answer.status_code == 422
    assert answer.context["form"].errors[field]
    assert not Decision.objects.filter(replaces=decision).exists()


def test_somebody_out_of_reach_is_not_found_nor_an_organ_elsewhere_offered(
    clerk: Client, decision: Decision, place: City
) -> None:
    person(place.other_unit, "沈望")
    answer = clerk.post(url(decision), filled(clerk, decision, name="沈望") | {"confirm": "1"})
    assert "在册人员里没有您能办理的这个人" in str(answer.context["form"].errors["name"])
    assert str(place.other_commission.pk) not in dict(answer.context["form"].fields["organ"].choices)


def test_what_was_altered_since_is_taken_back_first(clerk: Client, decision: Decision, right: Person) -> None:
    settle = reverse("decision-settle", args=[decision.pk])
    form = {bound.html_name: bound.value() or "" for bound in clerk.get(settle).context["form"]}
    form |= {f"last_{decision.measures.get().pk}": "2027-9-20", "basis": "第三条", "reason": "写明", "confirm": "1"}
    assert clerk.post(settle, form).status_code == 302
    answer = clerk.post(url(decision), filled(clerk, decision, name="沈望") | {"confirm": "1"})
    assert "有人工核定的终止日" in str(answer.context["form"].errors)


def test_a_review_that_goes_on_is_ended_first(clerk: Client, decision: Decision, right: Person) -> None:
    open_case(decision, "party-appeal")
    answer = clerk.post(url(decision), filled(clerk, decision, name="沈望") | {"confirm": "1"})
    assert "请先办结或者终止" in str(answer.context["form"].errors)
    assert not Entry.objects.filter(kind="decision.replaced").exists()


@pytest.mark.req("J4")
def test_two_people_taken_for_one_are_parted_and_what_their_sanctions_had_added_up_is_undone(
    clerk: Client, decision: Decision, place: City, wrong: Person, right: Person
) -> None:
    theirs = decide(wrong, place.commission, "党内警告", made_on=date(2026, 1, 12), number="青纪发〔2026〕2号")
    (lengthened,) = decision.measures.get().periods.filter(current=True)
    # What was left of twelve months from 12 January (to 12 January 2027), and eighteen: to 11 July 2028.
    assert lengthened.last_day == date(2028, 7, 11)
    fresh = anew(clerk, theirs, name="沈望")
    assert [str(each.last_day) for each in Period.objects.filter(person=wrong, current=True)] == ["2027-09-11"]
    assert [str(each.last_day) for each in Period.objects.filter(person=right, current=True)] == ["2027-01-11"]
    assert list(right.decisions.all()) == [fresh]
    assert verify(provers=[Prover()]) == []


def test_what_the_decision_says_of_the_wrong_persons_post_is_pointed_out(
    clerk: Client, decision: Decision, place: City
) -> None:
    person(place.commission, "沈望", post="四级主任科员")
    seen = clerk.post(url(decision), filled(clerk, decision, name="沈望"))
    assert any("青溪区住房和城乡建设局建设管理科科长" in text for text in seen.context["warnings"])


def test_a_double_click_is_one_act(clerk: Client, decision: Decision, right: Person) -> None:
    data = filled(clerk, decision, name="沈望") | {"confirm": "1"}
    clerk.post(url(decision), data)
    clerk.post(url(decision), data)
    assert Decision.objects.filter(replaces__isnull=False).count() == 1


@pytest.mark.req("I5")
@pytest.mark.parametrize("role", [Role.LEADER, Role.UNIT, Role.ORGANIZATION, Role.UPPER_VIEWER, Role.AUDITOR])
def test_nobody_else_enters_anything_anew(decision: Decision, place: City, role: Role) -> None:
    client = signed_in(holder(role, place.commission))
    assert client.get(url(decision)).status_code == 404
    assert client.post(url(decision), {"reason": "x", "confirm": "1"}).status_code == 404
