"""The page of the question: the answer of a day with its rules, who may ask, and what is left out once no rule counts it."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from youwei.cases.by_hand import open_by_hand
from youwei.cases.models import Case
from youwei.desk.tests.factories import CLERK, MORNING, TODAY, City, decide, holder, open_case, organ, person, signed_in
from youwei.intake.identity import check_digit
from youwei.organs.models import ReadTrace, Role
from youwei.people.models import Person

pytestmark = [pytest.mark.django_db, pytest.mark.req("D1")]
START = "99010119800505001"
NUMBER = START + check_digit(START)


@pytest.fixture
def client(place: City) -> Client:
    return signed_in(holder(Role.CASE_OFFICER, place.commission, "clerk"))


def ask(client: Client, who: Person, intent: str = "晋升职务", on: str = "2026-9-29", **more: str) -> str:
    answer = client.get(f"/eligibility/{who.pk}/", {"intent": intent, "on": on, **more})
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_answer_names_the_bar_the_days_and_the_article(client: Client, place: City) -> None:
    someone = person(place.unit)
    decide(someone, place.commission, "党内警告")  # 2026年3月12日起一年，最后一日2027年3月11日
    text = ask(client, someone, post="局长")
    assert "2026年9月29日 晋升职务（局长）：不得" in text
    assert "2027年3月12日起按日期不再受限" in text
    assert "第十条" in text
    assert "适合使用是两回事" in text
    assert "按日期没有限制" in ask(client, someone, on="2027-3-12")
    assert "按日期没有限制" in ask(client, someone, intent="重新使用")  # 警告不限制平级任用
    assert ReadTrace.objects.filter(act="eligibility.ask", ref=someone.pk).count() == 3


@pytest.mark.req("K1")
def test_what_is_over_is_not_told_and_nobody_is_called_clean(client: Client, place: City) -> None:
    someone, nobody = person(place.unit), person(place.unit, "沈望")
    decide(someone, place.commission, "党内警告", made_on=date(2023, 3, 12), number="青纪发〔2023〕7号")
    text = ask(client, someone)
    assert "党内警告" not in text
    assert "没有仍在计算的期间" in text
    assert "系统内未见记录" in ask(client, nobody)
    assert "清白" not in ask(client, nobody)


@pytest.mark.req("D1", "A6")
def test_open_matters_are_told_as_far_as_the_asker_may_know(client: Client, place: City) -> None:
    someone = person(place.unit)
    decision = decide(someone, place.commission, "党内警告", made_on=date(2025, 3, 12))
    case = open_case(decision)
    text = ask(client, someone)
    assert f"/cases/{case.pk}/" in text
    assert "按日期没有限制" in text  # an open visit bars nothing
    organization = signed_in(holder(Role.ORGANIZATION, organ("青溪区委组织部", "organization", place.district), "org"))
    told = ask(organization, someone)
    assert "2026年9月29日 晋升职务" in told


@pytest.mark.req("D1", "D4")
def test_kinds_of_error_stand_in_the_way_as_the_regulation_in_force_says(client: Client, place: City) -> None:
    someone, other = person(place.unit), person(place.unit, "沈望")
    decide(someone, place.commission, "党内警告", made_on=date(2023, 3, 12), problem="违反政治纪律")
    decide(other, place.commission, "党内警告", made_on=date(2023, 3, 12), problem="违反工作纪律", number="2号")
    text = ask(client, someone, intent="重新使用")
    assert "重新使用：待核" in text
    assert "受处分处理干部首次重新使用2026.01版" in text
    assert "按日期没有限制" in ask(client, other, intent="重新使用")
    assert "按日期没有限制" in ask(client, someone, intent="评先评优")


@pytest.mark.req("D2", "D4")
def test_the_first_step_of_re_use_is_refused_while_a_bar_stands_whatever_is_typed(client: Client, place: City) -> None:
    someone = person(place.unit)
    decide(someone, place.commission, "撤销党内职务", made_on=date(2025, 3, 12))  # 至2027年3月11日，平级也不得
    given = {"organ.organization": str(place.unit.pk)}
    case = open_by_hand(
        thing=someone, family="reuse", role="office", organ=place.commission, said=given, by=CLERK, on=TODAY, at=MORNING, today=TODAY
    )  # fmt: skip
    page = client.get(f"/cases/{case.pk}/").content.decode()
    assert "今天按规定查询" in page
    typed = {
        "on": "2026-9-29", "intent": "重新使用", "post": "科长", "proposer": "岑伯安", "need": "工作需要", "kind": "工作纪律", "ready": "可以",
        "behalf": "组织部", "token": "p", "seen": "9",
    }  # fmt: skip
    answer = client.post(f"/cases/{case.pk}/record/propose/", typed)
    assert answer.status_code == 422
    assert "不能提出" in answer.content.decode()
    assert not Case.objects.get(pk=case.pk).done.exists()


def test_a_person_is_found_by_name_or_number_and_the_number_stands_in_no_address(client: Client, place: City) -> None:
    someone = person(place.unit, identity=NUMBER)
    sent = {"intent": "晋升职级", "on": "2026-9-29"}
    listed = client.post("/eligibility/", {"whom": "许南舟", **sent}).content.decode()
    assert f"/eligibility/{someone.pk}/" in listed
    answer = client.post("/eligibility/", {"whom": NUMBER, **sent})
    assert answer.status_code == 302
    assert NUMBER not in answer.headers["Location"]
    assert "系统内未见记录" in client.post("/eligibility/", {"whom": "没有这人", **sent}).content.decode()
    assert client.post("/eligibility/", {"whom": NUMBER[:14], **sent}).status_code == 422
    bad = client.post("/eligibility/", {"whom": "许南舟", "intent": "升天", "on": "某日"})
    assert bad.status_code == 422
    assert "许南舟" in bad.content.decode()


@pytest.mark.req("I5")
def test_only_officers_and_the_organization_department_ask_and_only_of_their_own(place: City) -> None:
    mine, far, above = (
        person(place.unit),
        person(place.other_unit, "沈望"),
        person(place.unit, "郑秋", managed_by="市管干部"),
    )
    for role in (Role.UNIT, Role.MENTOR, Role.UPPER_VIEWER, Role.SYSTEM_ADMIN):
        other = signed_in(holder(role, place.commission))
        assert (other.get("/eligibility/").status_code, other.get(f"/eligibility/{mine.pk}/").status_code) == (404, 404)
    for role in (Role.CASE_OFFICER, Role.LEADER, Role.ORGANIZATION):
        asker = signed_in(holder(role, place.commission, f"asker-{role}"))
        codes = [asker.get(f"/eligibility/{each.pk}/").status_code for each in (mine, far, above)]
        assert codes == [200, 404, 404], role


def test_the_page_asks_as_often_whatever_is_stored(
    client: Client, place: City, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    few, many = person(place.unit), person(place.unit, "沈望")
    decide(few, place.commission, "党内警告")
    for number in range(5):
        decide(many, place.commission, "诫勉", number=f"青纪发〔2026〕{number}号", made_on=date(2026, 3, number + 1))
    for who in (few, many):
        with django_assert_num_queries(15):
            ask(client, who)


@pytest.mark.req("K1")
def test_the_file_of_a_person_tells_an_ended_matter_only_to_those_who_work_on_it(place: City) -> None:
    someone = person(place.unit)
    old = decide(someone, place.city_commission, "党内警告", made_on=date(2023, 3, 12), number="云纪发〔2023〕5号")
    decide(someone, place.city_commission, "诫勉", made_on=date(2026, 6, 1), number="云纪发〔2026〕6号")
    district = signed_in(holder(Role.CASE_OFFICER, place.commission, "district"))
    city = signed_in(holder(Role.CASE_OFFICER, place.city_commission, "city"))
    theirs, own = (each.get(f"/people/{someone.pk}/").content.decode() for each in (district, city))
    assert "云纪发〔2023〕5号" in own
    assert "云纪发〔2026〕6号" in own
    assert "云纪发〔2023〕5号" not in theirs
    assert "党内警告" not in theirs
    assert "云纪发〔2026〕6号" in theirs
    assert district.get(reverse("decision", args=[old.pk])).status_code == 404
    assert city.get(reverse("decision", args=[old.pk])).status_code == 200
    listed = district.get("/ledger/").content.decode()
    assert "云纪发〔2023〕5号" not in listed
    assert "云纪发〔2026〕6号" in listed


def test_who_may_answer_letters_finds_the_way_to_a_whole_list(client: Client, place: City) -> None:
    assert "/opening/of/eligibility-reply/" in client.get("/eligibility/").content.decode()
    other = signed_in(holder(Role.ORGANIZATION, organ("青溪区委组织部", "organization", place.district), "org"))
    assert "/opening/of/" not in other.get("/eligibility/").content.decode()


@pytest.mark.req("D2")
def test_the_personnel_department_itself_proposes_re_use(place: City) -> None:
    someone = person(place.unit)
    department = organ("青溪区委组织部", "organization", place.district)
    other = signed_in(holder(Role.ORGANIZATION, department, "org"))
    assert f"/opening/person/{someone.pk}/" in other.get(f"/eligibility/{someone.pk}/").content.decode()
    url = f"/opening/person/{someone.pk}/reuse/"
    page = other.get(url)
    assert page.status_code == 200
    assert other.post(url, {"on": "2026-9-29", "token": "re"}).status_code == 302
    case = Case.objects.get(procedure="reuse")
    assert (case.organ, case.open_steps.get().organ) == (place.commission, department)
    unit = signed_in(holder(Role.UNIT, place.unit, "unit"))
    assert unit.get(url).status_code == 404
