"""Registering one decision: the same checks as a ledger, the cases it opens, and nobody guessed to be somebody."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.support.cast import STAMP
from youwei.cases.models import Case
from youwei.decisions.models import Decision, Period
from youwei.desk.tests.factories import City, holder, person, signed_in
from youwei.intake.models import Import
from youwei.organs.commands import create_organ
from youwei.organs.models import Organ, Role
from youwei.people.models import Person

pytestmark = [pytest.mark.django_db, pytest.mark.req("A1")]

FILLED = {
    "name": "许南舟", "id_number": "", "sex": "男", "born": "1991.08", "politics": "中共党员", "unit": "青溪区住房和城乡建设局", "post": "科长",
    "rank": "乡科级正职", "managed_by": "区管干部", "number": "青纪发〔2026〕30号", "decided_on": "2026年9月1日", "form": "第二种形态",
    "party": "党内严重警告", "category": "违反工作纪律", "facts": "履行监管职责不到位", "acts_until": "2025-12-31",
}  # fmt: skip


INSTEAD = "党内严重警告(代撤销党内职务)"


@pytest.fixture
def clerk(place: City) -> Client:
    return signed_in(holder(Role.CASE_OFFICER, place.commission))


def send(client: Client, **changes: Any) -> Any:
    return client.post(reverse("decision-new"), {**FILLED, **changes})


def test_a_decision_is_written_with_its_period_and_opens_its_cases(clerk: Client, place: City) -> None:
    assert send(clerk).status_code == 302
    decision = Decision.objects.get()
    assert (decision.number, decision.unit, decision.deciding_organ) == (
        "青纪发〔2026〕30号",
        place.unit,
        place.commission,
    )
    assert "履行监管职责不到位".encode() not in bytes(decision.facts_sealed or b"")
    # 2026-09-01 + 18 months: corresponding day 2028-03-01, the day before it is the last.
    assert str(Period.objects.get().last_day) == "2028-02-29"
    assert set(Case.objects.values_list("procedure", flat=True)) == {
        "jingzhou-visit", "statutory-announcement", "execution"
    }  # fmt: skip


@pytest.mark.req("A3")
def test_a_city_managed_cadre_gets_the_public_announcement(clerk: Client) -> None:
    send(clerk, managed_by="市管干部")
    assert Case.objects.filter(procedure="announcement").exists()
    assert not Case.objects.filter(procedure="statutory-announcement").exists()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": ""}, "name"),
        ({"decided_on": "2026-02-30"}, "decided_on"),
        ({"decided_on": "2027-01-01"}, "decided_on"),
        ({"effective_on": "2026-08-01"}, "effective_on"),
        ({"id_number": "990101199108010011"}, "id_number"),
        ({"party": "口头警告"}, "party"),
        ({"unit": "没有的单位"}, "unit"),
    ],
)
def test_a_fault_is_told_at_its_field_and_nothing_is_written(
    clerk: Client, changes: dict[str, str], field: str
) -> None:
    answer = send(clerk, **changes)
    assert answer.status_code == 422
    assert answer.context["form"].errors[field]
    assert "履行监管职责不到位" in answer.content.decode(), "what was typed comes back"
    assert not Decision.objects.exists()
    assert not Import.objects.exists()


def test_no_measure_at_all_is_refused(clerk: Client) -> None:
    answer = send(clerk, party="")
    assert answer.status_code == 422
    assert "没有写任何处分或处理" in answer.content.decode()


def test_a_person_who_may_be_known_is_asked_about_and_never_guessed(clerk: Client, place: City) -> None:
    person(place.unit)
    answer = send(clerk)
    assert answer.status_code == 302
    assert answer.headers["Location"] == reverse("import-review", args=[Import.objects.get().pk])
    assert not Decision.objects.exists()
    assert Person.objects.count() == 1


def test_the_same_decision_twice_is_registered_once(clerk: Client) -> None:
    send(clerk)
    assert send(clerk).status_code == 302
    assert Decision.objects.count() == 1


@pytest.mark.parametrize(
    "role", [Role.LEADER, Role.UNIT, Role.MENTOR, Role.UPPER_VIEWER, Role.SYSTEM_ADMIN, Role.AUDITOR]
)
def test_only_case_officers_register(place: City, role: Role) -> None:
    assert signed_in(holder(role, place.commission)).get(reverse("decision-new")).status_code == 404


def test_every_measure_offered_is_one_that_can_be_given_and_none_can_be_chosen_back(clerk: Client) -> None:
    form = clerk.get(reverse("decision-new")).context["form"]
    offered = [value for value, _ in form.fields["party"].choices]
    assert offered == [
        "",
        "党内警告",
        "党内严重警告",
        INSTEAD,
        "撤销党内职务",
        "留党察看一年",
        "留党察看二年",
        "开除党籍",
    ]
    assert send(clerk, administrative="").status_code == 302


@pytest.mark.req("A2")
@pytest.mark.parametrize(
    ("changes", "kind", "months", "lasts"),
    [
        # Two years instead of eighteen months: from 1 September 2026 to 31 August 2028.
        ({"party": INSTEAD}, "party.severe_warning_instead", None, ["2028-08-31"]),
        # Thirty months: from 1 September 2026 to the day before 1 March 2029.
        ({"party": "", "administrative": "政务记大过", "administrative_months": "30"}, "administrative.major_demerit", 30, ["2029-02-28"]),
        # Two years of probation in all, and two years from the day after it.
        ({"party": "留党察看一年", "party_months": "24"}, "party.probation_1", 24, ["2028-08-31", "2030-08-31"]),
    ],
)  # fmt: skip
def test_what_the_law_leaves_to_the_organ_is_entered_with_the_decision(
    clerk: Client, changes: dict[str, str], kind: str, months: int | None, lasts: list[str]
) -> None:
    assert send(clerk, **changes).status_code == 302
    measure = Decision.objects.get().measures.get()
    assert (measure.kind, measure.months) == (kind, months)
    found = Period.objects.filter(current=True).order_by("starts_on").values_list("last_day", flat=True)
    assert [str(day) for day in found] == lasts


@pytest.mark.req("A2")
@pytest.mark.parametrize(
    ("changes", "field", "told"),
    [
        ({"party_months": "24"}, "party_months", "不由机关另定，不能填 24；请去掉月数"),
        ({"party": "留党察看一年", "party_months": "18"}, "party_months", "不能填 18；请更正月数"),
        ({"administrative": "政务记大过", "administrative_months": "49"}, "administrative_months", "不在 18 至 48 之间"),
        ({"administrative_months": "30"}, "administrative_months", "没有这一类的处分"),
        ({"party_months": "两年"}, "party_months", "填1至99之间的整数"),
        ({"party_months": "0"}, "party_months", "不能小于1"),
        ({"administrative_months": "5000"}, "administrative_months", "不能大于99"),
    ],
)  # fmt: skip
def test_months_the_law_does_not_allow_are_told_at_their_field(
    clerk: Client, changes: dict[str, str], field: str, told: str
) -> None:
    answer = send(clerk, **changes)
    assert answer.status_code == 422
    assert told in str(answer.context["form"].errors[field])
    assert not Decision.objects.exists()


@pytest.fixture
def village(place: City) -> Organ:
    return create_organ(name="竹影村", kind="village", parent=place.commission.parent, level="village", **STAMP)


@pytest.mark.req("A2")
def test_village_staff_cannot_be_demoted_and_the_article_is_named(clerk: Client, village: Organ) -> None:
    answer = send(clerk, unit=village.name, post="村委会主任", party="", administrative="政务降级")
    assert answer.status_code == 422
    assert "第二十二条只能给予政务警告、政务记过、政务记大过" in str(answer.context["form"].errors["administrative"])
    assert not Decision.objects.exists()
    allowed = send(clerk, unit=village.name, post="村委会主任", party="", administrative="政务记过")
    assert allowed.status_code == 302
    assert Person.objects.get().kind == "村（社区）干部"


@pytest.mark.req("A2")
def test_the_kind_that_was_chosen_decides(clerk: Client) -> None:
    answer = send(clerk, kind="村（社区）干部", party="", administrative="政务降级")
    assert answer.status_code == 422
    assert send(clerk, kind="公务员", party="", administrative="政务降级").status_code == 302
    assert Person.objects.get().kind == "公务员"


def test_a_unit_not_in_the_list_is_entered_once_it_is_confirmed_by_name(clerk: Client, place: City) -> None:
    answer = send(clerk, unit="", new_unit="青溪区档案馆")
    assert answer.status_code == 422
    assert "名单里没有“青溪区档案馆”" in str(answer.context["form"].errors["sure"])
    assert not Organ.objects.filter(name="青溪区档案馆").exists()
    assert send(clerk, unit="", new_unit="青溪区档案馆", sure="yes").status_code == 302
    assert Organ.objects.get(name="青溪区档案馆").parent == place.commission.parent
    assert Decision.objects.get().unit.name == "青溪区档案馆"


def test_one_unit_is_said_and_no_more(clerk: Client) -> None:
    assert "unit" in send(clerk, unit="").context["form"].errors
    assert "new_unit" in send(clerk, new_unit="青溪区档案馆").context["form"].errors
    other = send(clerk, unit="", new_unit="临湖县民政局", sure="yes")
    assert other.status_code == 422
    assert "不在青溪区的范围" in str(other.context["form"].errors["unit"])


@pytest.mark.req("A4")
def test_a_marked_text_is_refused_and_becomes_no_stub(clerk: Client) -> None:
    answer = send(clerk, facts="本案涉及国家秘密（机密级），此处从略")
    assert answer.status_code == 422
    assert "国家秘密不得录入本系统" in answer.content.decode()
    assert not Decision.objects.exists()
    assert not Import.objects.exists()


def test_the_form_sent_twice_leaves_one_question(clerk: Client, place: City) -> None:
    person(place.unit)
    send(clerk)
    send(clerk)
    assert Import.objects.count() == 1
