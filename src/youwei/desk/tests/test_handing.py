"""On the page of a case: handing it to another office, accepting it, replacing a mentor."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from youwei.cases.models import Case, CaseServant
from youwei.desk.tests.factories import City, decide, holder, open_case, organ, person, signed_in
from youwei.journal.models import Entry
from youwei.organs.models import Role

pytestmark = [pytest.mark.django_db, pytest.mark.req("J3")]
GROUP = {"on": "2026-3-23", "leader": "岑伯安", "people": ["方知行", "甘棠"], "shelf": "青-2026-0019"}
MENTOR = {"on": "2026-3-23", "person": "乐山川", "post": "工会主席", "clean": "yes", "apart": "yes"}


@pytest.fixture
def case(place: City) -> Case:
    return open_case(decide(person(place.unit), place.commission, "党内警告"))


@pytest.fixture
def clerk(place: City) -> Client:
    return signed_in(holder(Role.CASE_OFFICER, place.commission))


@pytest.fixture
def other(place: City) -> Client:
    return signed_in(holder(Role.CASE_OFFICER, place.other_commission, "other", "单望舒"))


def send(client: Client, case: Case, kind: str, **given: Any) -> Any:
    return client.post(
        reverse("case-act", args=[case.pk, kind]), {"on": "2026-9-29", "token": f"{kind}-{given}", **given}
    )


def shown(client: Client, case: Case) -> str:
    return client.get(reverse("case", args=[case.pk])).content.decode()


def test_a_case_is_handed_to_another_office_which_accepts_it(case: Case, clerk: Client, other: Client) -> None:
    assert other.get(reverse("case", args=[case.pk])).status_code == 404, "another region's case is not seen"
    answer = send(clerk, case, "transfer", office="临湖县纪委监委", reason="本人调往临湖县")
    assert answer.status_code == 302, answer.context["form"].errors
    assert "等待临湖县纪委监委接收" in shown(clerk, case)
    assert "收回移交" in shown(clerk, case)
    assert "待接收" in other.get(reverse("desk")).content.decode()
    assert "/act/accept/" in shown(other, case)
    assert send(other, case, "accept", reason="").status_code == 302
    case.refresh_from_db()
    assert case.organ.name == "临湖县纪委监委"
    assert "/act/transfer/" in shown(other, case)
    assert clerk.get(reverse("case", args=[case.pk])).status_code == 200, "it is about a unit of its region still"
    assert "/act/transfer/" not in shown(clerk, case)
    assert "待接收" not in other.get(reverse("desk")).content.decode()


def test_what_is_not_accepted_goes_back_and_is_seen_no_more(case: Case, clerk: Client, other: Client) -> None:
    send(clerk, case, "transfer", office="临湖县纪委监委", reason="本人调往临湖县")
    assert send(clerk, case, "accept", reason="").status_code == 302
    case.refresh_from_db()
    assert case.offered_to is not None, "nobody accepts for another"
    answer = send(other, case, "decline", reason="本人并未调来")
    assert answer.status_code == 302
    assert answer.url == reverse("desk")
    assert other.get(reverse("case", args=[case.pk])).status_code == 404
    case.refresh_from_db()
    assert (case.organ.name, case.offered_to) == ("青溪区纪委监委", None)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"office": "青溪区纪委监委", "reason": "移交"}, "就是现在的承办机关"),
        ({"office": "某某局", "reason": "移交"}, "没有“某某局”"),
        ({"office": "临湖县纪委监委", "reason": ""}, "请填写"),
    ],
)
def test_what_is_wrong_with_a_handover_is_said(case: Case, clerk: Client, given: dict[str, str], words: str) -> None:
    before = Entry.objects.count()
    answer = send(clerk, case, "transfer", **given)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert Entry.objects.count() == before


@pytest.mark.req("C1")
def test_a_mentor_is_replaced_by_whoever_named_the_first(place: City, case: Case, clerk: Client) -> None:
    old, new = holder(Role.MENTOR, place.unit, "old", "乐山川"), holder(Role.MENTOR, place.unit, "new", "顾行之")
    unit = signed_in(holder(Role.UNIT, place.unit, "unit", "住建局党组"))
    sent = reverse("case-record", args=[case.pk, "group"])
    assert clerk.post(sent, GROUP | {"token": "g", "seen": "9"}).status_code == 302
    assert (
        unit.post(reverse("case-record", args=[case.pk, "mentor"]), MENTOR | {"token": "m", "seen": "9"}).status_code
        == 302
    )
    assert signed_in(old).get(reverse("case", args=[case.pk])).status_code == 200
    assert "更换教育帮带人" in shown(unit, case)
    page = unit.get(reverse("case-act", args=[case.pk, "replaced"]), {"step": "mentor"}).content.decode()
    assert "现在是乐山川" in page
    given = {
        **MENTOR,
        "on": "2026-9-28",
        "person": "顾行之",
        "post": "副局长",
        "step": "mentor",
        "reason": "原帮带人调离，已交接",
        "handed_over": "谈话记录和帮带计划",
    }
    answer = send(unit, case, "replaced", **given)
    assert answer.status_code == 302, answer.context["form"].errors
    assert [row.account for row in CaseServant.objects.all()] == [new]
    assert signed_in(old).get(reverse("case", args=[case.pk])).status_code == 404
    told = shown(clerk, case)
    assert "换人：指定教育帮带人" in told
    assert "原帮带人调离，已交接；交接：谈话记录和帮带计划" in told


@pytest.mark.req("C1")
def test_the_desk_asks_for_another_mentor_when_the_person_or_the_mentor_has_gone(
    place: City, case: Case, clerk: Client
) -> None:
    mentor = holder(Role.MENTOR, place.unit, "old", "乐山川")
    sent = reverse("case-record", args=[case.pk, "mentor"])
    assert clerk.post(sent, MENTOR | {"token": "m", "seen": "9", "behalf": "住建局党组"}).status_code == 302
    assert "要换人的" not in clerk.get(reverse("desk")).content.decode()
    mentor.is_active = False
    mentor.save()
    desk = clerk.get(reverse("desk")).content.decode()
    assert "要换人的" in desk
    assert "乐山川账号已停用" in desk
    mentor.is_active = True
    mentor.save()
    given = {
        "to": "青溪区水务局",
        "post": "副局长",
        "on": "2026-9-28",
        "paper": "青组干〔2026〕7号",
        "cases": "stay",
        "why": "同一个区",
    }
    organ("青溪区水务局", "department", place.district)
    assert clerk.post(reverse("person-career-act", args=[case.person_id, "transfer"]), given).status_code == 302
    assert "乐山川已不在这个单位任职" in clerk.get(reverse("desk")).content.decode()


def test_nobody_else_replaces_a_mentor(place: City, case: Case) -> None:
    leader = signed_in(holder(Role.LEADER, place.commission, "leader", "岑伯安"))
    answer = leader.get(reverse("case-act", args=[case.pk, "replaced"]), {"step": "mentor"})
    assert answer.status_code == 302


@pytest.mark.req("J12")
def test_why_what_must_be_done_was_not_done_stands_on_the_desk(place: City, clerk: Client) -> None:
    made = decide(person(place.unit), place.commission, "党内警告")
    case = open_case(made, "statutory-announcement")
    page = clerk.get(reverse("case-act", args=[case.pk, "not_done"]), {"step": "announce"}).content.decode()
    assert "仍列在待办里" in page
    answer = send(clerk, case, "not_done", step="announce", ground="本人原因", reason="本人住院")
    assert answer.status_code == 302, answer.context["form"].errors
    desk = clerk.get(reverse("desk")).content.decode()
    assert "已说明没有办（本人原因），仍须办理" in desk
    assert "说明没有办：本人原因，本人住院。仍须办理。" in shown(clerk, case)
    assert date(2026, 9, 29) == Entry.objects.get(kind="not_done").on
