"""去向变动 of a person on the dossier: what it brings about is said beforehand, done whole, told afterwards, and taken back."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from youwei.cases.models import Case
from youwei.decisions.models import Period
from youwei.desk.safekeeping.proving import prove
from youwei.desk.tests.factories import TODAY, City, decide, holder, open_case, organ, person, signed_in
from youwei.journal.models import Entry
from youwei.organs.models import Role
from youwei.people.models import Person
from youwei.statistics.queries import figures

pytestmark = [pytest.mark.django_db, pytest.mark.req("J3")]


@pytest.fixture
def someone(place: City) -> Person:
    return person(place.unit)


@pytest.fixture
def case(place: City, someone: Person) -> Case:
    return open_case(decide(someone, place.commission, "党内严重警告"))


@pytest.fixture
def clerk(place: City) -> Client:
    return signed_in(holder(Role.CASE_OFFICER, place.commission))


def untrue() -> list[str]:
    """What is not as the logs say; the roles of these tests are put in by hand."""
    return [str(each) for each in prove(TODAY) if each.table != "organs_grant"]


def address(someone: Person, act: str) -> str:
    return reverse("person-career-act", args=[someone.pk, act])


def send(client: Client, someone: Person, act: str, **given: str) -> Any:
    return client.post(address(someone, act), {"on": "2026-9-28", "paper": "青组干〔2026〕7号", **given}, follow=True)


def dossier(client: Client, someone: Person) -> str:
    return client.get(reverse("person", args=[someone.pk])).content.decode()


@pytest.mark.req("J3", "A2")
def test_death_ends_the_open_cases_and_leaves_periods_and_figures(
    case: Case, someone: Person, clerk: Client, place: City
) -> None:
    page = clerk.get(address(someone, "die")).content.decode()
    assert "因此终止，写明“本人去世”" in page
    days = list(Period.objects.values_list("starts_on", "last_day"))
    counted = {key: found.value for key, found in figures(place.district, date(2026, 1, 1), TODAY).by_id.items()}
    answer = send(clerk, someone, "die", paper="死亡医学证明")
    assert "1件在办事项因此终止" in answer.content.decode()
    case.refresh_from_db()
    assert (case.state, case.outcome_title) == (Case.State.TERMINATED, "")
    why = "终止：本人去世（死亡医学证明，2026年9月28日）"
    assert why in clerk.get(reverse("case", args=[case.pk])).content.decode()
    told = dossier(clerk, someone)
    assert "去世" in told
    assert "死亡医学证明" in told
    assert case.title not in clerk.get(reverse("desk")).content.decode()
    assert list(Period.objects.values_list("starts_on", "last_day")) == days
    after = {key: found.value for key, found in figures(place.district, date(2026, 1, 1), TODAY).by_id.items()}
    assert after == counted
    past = clerk.get(reverse("person", args=[someone.pk]), {"on": "2026-9-1"}).content.decode()
    assert "死亡医学证明" not in past


def test_what_was_entered_wrongly_is_taken_back_with_a_reason(case: Case, someone: Person, clerk: Client) -> None:
    send(clerk, someone, "die", paper="死亡医学证明")
    answer = send(clerk, someone, "take-back", reason="同名同姓，登记错了人")
    assert "已撤回“去世”的登记，1件事项恢复原状" in answer.content.decode()
    case.refresh_from_db()
    someone.refresh_from_db()
    assert (case.state, someone.service, someone.service_on) == (Case.State.OPEN, "", None)
    assert untrue() == []


@pytest.mark.parametrize(("act", "words"), [("retire", "退休"), ("leave", "离开公职")])
def test_retired_or_gone_the_case_goes_on(case: Case, someone: Person, clerk: Client, act: str, words: str) -> None:
    assert "继续办理" in clerk.get(address(someone, act)).content.decode()
    assert "1件在办事项已记下，继续办理" in send(clerk, someone, act).content.decode()
    case.refresh_from_db()
    assert case.state == Case.State.OPEN
    assert words in dossier(clerk, someone)
    assert send(clerk, someone, act).redirect_chain[0][0] == reverse("person-career", args=[someone.pk]), "not twice"
    assert "/career/die/" in clerk.get(reverse("person-career", args=[someone.pk])).content.decode()


def test_to_another_unit_the_open_case_goes_along(case: Case, someone: Person, clerk: Client, place: City) -> None:
    water = organ("青溪区水务局", "department", place.district)
    page = clerk.get(address(someone, "transfer")).content.decode()
    assert "所在单位换成新单位" in page
    given = {"to": "青溪区水务局", "post": "副局长", "managed_by": "区管干部", "cases": "stay", "why": "同一个区"}
    assert "1件在办事项随之变更" in send(clerk, someone, "transfer", **given).content.decode()
    case.refresh_from_db()
    someone.refresh_from_db()
    assert (someone.organ, someone.post, case.subject_organ, case.organ) == (water, "副局长", water, place.commission)
    told = dossier(clerk, someone)
    assert "调动" in told
    assert "青组干〔2026〕7号" in told
    assert untrue() == []


def test_to_another_region_the_common_office_above_hands_the_case_over(
    case: Case, someone: Person, place: City
) -> None:
    above = signed_in(holder(Role.CASE_OFFICER, place.city_commission, "city", "沈知行"))
    given = {
        "to": "临湖县水务局",
        "post": "副局长",
        "managed_by": "县管干部",
        "cases": "go",
        "office": "临湖县纪委监委",
    }
    answer = send(above, someone, "transfer", **given, why="新单位归临湖县纪委监委管")
    assert "1件移交临湖县纪委监委，等待接收" in answer.content.decode()
    case.refresh_from_db()
    assert (case.subject_organ, case.organ, case.offered_to) == (
        place.other_unit,
        place.commission,
        place.other_commission,
    )


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"to": "临湖县水务局", "post": "副局长"}, "不在您的工作范围内；请由共同的上级机关办理"),
        ({"to": "青溪区住房和城乡建设局", "post": "建设管理科科长"}, "单位和职务都没有变"),
        ({"to": "没有的单位", "post": "副局长"}, "没有“没有的单位”"),
        ({"to": "青溪区住房和城乡建设局", "post": "副局长", "on": "2026-12-1"}, "不能晚于"),
        ({"to": "青溪区住房和城乡建设局", "post": "副局长", "paper": ""}, "请填写"),
        ({"to": "青溪区住房和城乡建设局", "post": "副局长", "cases": "go"}, "请填写移交给哪个机关"),
        (
            {"to": "青溪区住房和城乡建设局", "post": "副局长", "cases": "go", "office": "青溪区纪委监委"},
            "就是现在的承办机关",
        ),
    ],
)
def test_what_is_wrong_with_a_transfer_is_said_and_nothing_is_written(
    case: Case, someone: Person, clerk: Client, given: dict[str, str], words: str
) -> None:
    before = Entry.objects.count()
    answer = send(clerk, someone, "transfer", **{"cases": "stay", "why": "照旧", "managed_by": "", **given})
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert Entry.objects.count() == before


def test_a_second_post_is_held_and_ended(someone: Person, clerk: Client, place: City) -> None:
    assert (
        "已登记兼任" in send(clerk, someone, "second-post", organ="青溪区纪委监委", title="特约监察员").content.decode()
    )
    assert "兼任青溪区纪委监委特约监察员" in dossier(clerk, someone)
    held = someone.posts.get()
    assert "不晚于兼任开始之日" in send(clerk, someone, "end-post", post=str(held.pk)).content.decode()
    assert (
        "已登记免去特约监察员" in send(clerk, someone, "end-post", post=str(held.pk), on="2026-9-29").content.decode()
    )
    told = dossier(clerk, someone)
    assert "　兼任青溪区纪委监委特约监察员" not in told
    assert "免去兼任" in told


@pytest.mark.parametrize("role", [Role.LEADER, Role.UPPER_VIEWER, Role.UNIT, Role.SYSTEM_ADMIN])
def test_the_pages_are_the_officers_alone(place: City, someone: Person, role: Role) -> None:
    other = signed_in(holder(role, place.commission))
    assert other.get(reverse("person-career", args=[someone.pk])).status_code == 404
    assert other.get(address(someone, "die")).status_code == 404


def test_an_officer_of_another_region_finds_nothing(place: City, someone: Person) -> None:
    other = signed_in(holder(Role.CASE_OFFICER, place.other_commission))
    assert other.get(reverse("person-career", args=[someone.pk])).status_code == 404
    assert send(other, someone, "die").status_code == 404


def test_the_pages_ask_the_same_number_of_questions_however_many_cases(place: City, clerk: Client) -> None:
    asked = []
    for count in (1, 4):
        someone = person(place.unit, name=f"许{count}")
        for _ in range(count):
            open_case(decide(someone, place.commission, "党内警告"))
        clerk.get(address(someone, "transfer"))
        with CaptureQueriesContext(connection) as captured:
            assert clerk.get(address(someone, "transfer")).status_code == 200
        asked.append(len(captured))
    assert asked[0] == asked[1]
