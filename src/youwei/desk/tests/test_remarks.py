"""Work that wants a second look is pointed out to the officer and to whoever approves, and to nobody else; nothing is stopped by it."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from youwei.cases import queries as cases
from youwei.cases.models import Case
from youwei.cases.remarks import Told, told
from youwei.desk.tests.factories import TODAY, City, decide, holder, open_case, organ, person, signed_in
from youwei.organs.models import Account, Role
from youwei.organs.policy import reader

pytestmark = [pytest.mark.django_db, pytest.mark.req("B6", "B8")]
PACKS = Path(__file__).resolve().parents[2] / "cases" / "tests" / "packs"
SAID = "许南舟同志接受回访时能够正视错误，工作积极主动，带头完成河道清淤任务，班子成员评价较好，思想上已经放下包袱。"
PASTED = "江若川同志接受回访时能够正视错误，工作积极主动，带头完成道路养护任务，班子成员评价较好，思想上已经放下包袱。"
OTHER = "本人说起当初签字时没有到现场看，现在每次验收都去；希望年底能解决职称申报的事，单位负责人答应去问。"
VISIT = {
    "on": "2026-9-29", "key": "1", "outcome": "已进行", "planned": "yes", "mode": "谈话", "place": "区政务中心",
    "people-typed": "陈思远、韩叙", "heard": "本人", "contacted": "yes", "execution": "已执行到位", "management": "已落实",
    "next_on": "2026-12-20",
}  # fmt: skip
GROUP = {"on": "2026-9-28", "leader": "岑伯安", "people-typed": "陈思远、韩叙", "shelf": "青-19"}
MENTOR = {
    "on": "2026-9-28",
    "person": "顾怀谦",
    "post": "副局长",
    "clean": "yes",
    "apart": "yes",
    "behalf": "区住建局党组",
}


@pytest.fixture
def officer(place: City) -> Account:
    return holder(Role.CASE_OFFICER, place.commission)


@pytest.fixture
def clerk(officer: Account) -> Client:
    return signed_in(officer)


def visited(client: Client, place: City, name: str, account: str, **more: str) -> Case:
    case = open_case(decide(person(place.unit, name), place.commission, "党内严重警告"))
    for step, data in (("group", GROUP), ("mentor", MENTOR), ("visit", {**VISIT, "account": account, **more})):
        sent = {"token": f"{step}-{case.pk}", "seen": "99", **data}
        answer = client.post(reverse("case-record", args=[case.pk, step]), sent)
        assert answer.status_code == 302, answer.context["form"].errors
    return case


def page(client: Client, case: Case) -> str:
    return client.get(reverse("case", args=[case.pk])).content.decode()


def test_a_pasted_record_is_shown_with_the_one_it_is_like_and_stands_all_the_same(clerk: Client, place: City) -> None:
    first, second = visited(clerk, place, "许南舟", SAID), visited(clerk, place, "江若川", PASTED)
    shown = page(clerk, second)
    assert "提请核对" in shown
    assert "“回访记录”的文字" in shown
    assert f'href="{reverse("case", args=[first.pk])}">许南舟2026年9月29日的记录' in shown
    assert cases.view(second, TODAY).standing["visit"]


def test_records_of_their_own_are_passed_over(clerk: Client, place: City) -> None:
    visited(clerk, place, "许南舟", SAID)
    assert "提请核对" not in page(clerk, visited(clerk, place, "江若川", OTHER))


def test_throw_away_words_and_two_regions_on_one_day_are_pointed_out(clerk: Client, place: City) -> None:
    visited(clerk, place, "许南舟", OTHER)
    away = person(place.other_unit, "江若川")
    case = open_case(decide(away, place.commission, "党内严重警告"))
    for step, data in (("group", GROUP), ("mentor", MENTOR), ("visit", {**VISIT, "account": "良好。"})):
        clerk.post(reverse("case-record", args=[case.pk, step]), {"token": f"{step}-x", "seen": "99", **data})
    shown = page(clerk, case)
    assert "“回访记录”只写了“良好。”，没有具体内容" in shown
    assert "陈思远、韩叙同一天还在另一地区谈话、回访" in shown


def test_who_does_not_work_on_the_case_sees_no_remark(clerk: Client, place: City) -> None:
    visited(clerk, place, "许南舟", SAID)
    case = visited(clerk, place, "江若川", PASTED)
    for account in (holder(Role.UNIT, place.unit), holder(Role.UPPER_VIEWER, place.city_commission)):
        assert "提请核对" not in page(signed_in(account), case)


def remarks(account: Account, case: Case) -> list[Told]:
    view = cases.view(case, TODAY)
    return told(reader(account, TODAY), [(view, view.pack.steps)]).get(case.pk, [])


def test_the_other_record_is_named_only_to_whoever_may_read_it(clerk: Client, officer: Account, place: City) -> None:
    first, second = visited(clerk, place, "许南舟", SAID), visited(clerk, place, "江若川", PASTED)
    (named,) = remarks(officer, second)
    assert (named.case, named.label) == (first.pk, "许南舟2026年9月29日的记录")
    (unnamed,) = remarks(holder(Role.CASE_OFFICER, place.other_commission, "other"), second)
    assert unnamed == Told("回访", "“回访记录”的文字：与本机关另一记录相近，请核对")


def test_sealed_cases_are_compared_with_nothing(clerk: Client, officer: Account, place: City) -> None:
    first, second = visited(clerk, place, "许南舟", SAID), visited(clerk, place, "江若川", PASTED)
    Case.objects.filter(pk=first.pk).update(sealed=True)
    assert remarks(officer, second) == []
    second.sealed = True
    assert remarks(officer, second) == []


def test_another_office_is_not_compared(clerk: Client, officer: Account, place: City) -> None:
    other = signed_in(holder(Role.CASE_OFFICER, place.other_commission, "other"))
    case = open_case(decide(person(place.other_unit, "许南舟"), place.other_commission, "党内严重警告"))
    for step, data in (("group", GROUP), ("mentor", MENTOR), ("visit", {**VISIT, "account": SAID})):
        other.post(reverse("case-record", args=[case.pk, step]), {"token": f"{step}-o", "seen": "99", **data})
    assert remarks(officer, visited(clerk, place, "江若川", PASTED)) == []


def test_as_many_queries_for_many_records_as_for_few(
    clerk: Client, officer: Account, place: City, django_assert_num_queries: Any
) -> None:
    visited(clerk, place, "许南舟", SAID)
    view = cases.view(visited(clerk, place, "江若川", PASTED), TODAY)
    who = reader(officer, TODAY)
    with django_assert_num_queries(5):
        told(who, [(view, view.pack.steps)])
    for number in range(4):
        visited(clerk, place, f"沈{number}", SAID)
    with django_assert_num_queries(5):
        assert told(who, [(view, view.pack.steps)])


@pytest.mark.req("J6")
def test_whoever_signs_many_sees_it_beside_the_text(clerk: Client, place: City, settings: Settings) -> None:
    settings.PACKS = PACKS
    organ("青溪区委组织部", "organization", place.district)
    for name, text in (("许南舟", SAID), ("江若川", PASTED)):
        case = open_case(decide(person(place.unit, name), place.commission, "党内严重警告"), "joint")
        sent = {"on": "2026-9-28", "advice": text, "seen": "1", "token": f"text-{case.pk}"}
        assert clerk.post(reverse("case-record", args=[case.pk, "advise"]), sent).status_code == 302
    head = signed_in(holder(Role.LEADER, place.commission, "head", "岑伯安"))
    shown = head.get("/signatures/").content.decode()
    assert shown.count("的文字：请与这条记录核对") == 2
    assert "许南舟2026年9月28日的记录" in shown
    assert "江若川2026年9月28日的记录" in shown
