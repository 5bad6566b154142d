"""The pages of the library of guiding cases: who reads, who writes, who publishes; and a record that cites one (F6)."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from youwei.cases import guiding
from youwei.cases.by_hand import open_by_hand
from youwei.cases.models import Case, GuidingCase
from youwei.cases.telling import told
from youwei.cases.tests.builders import record
from youwei.cases.tests.test_guiding import TEXT
from youwei.desk.cases.forms import step_form
from youwei.desk.tests.factories import MORNING, TODAY, City, decide, holder, open_case, person, signed_in
from youwei.journal.actors import Actor
from youwei.organs.models import Account, Organ, Role
from youwei.rulebook.packs import released_packs

pytestmark = [pytest.mark.django_db, pytest.mark.req("F6")]
FILLED: dict[str, Any] = {
    "title": "工序合并出现返工", "place": "某市", "happened": "2024年", "situation": "某单位赶工期", "items": ["先行先试", "程序"],
    "decided": "认定免责", "source": "本机关办理", "tags": "工程建设",
}  # fmt: skip


@pytest.fixture
def clerk(place: City) -> Client:
    return signed_in(holder(Role.CASE_OFFICER, place.commission, "clerk"))


@pytest.fixture
def leader(place: City) -> Account:
    return holder(Role.LEADER, place.commission, "leader", "岑伯安")


def written(where: Organ, by: Actor | None = None, publish: bool = True, **more: Any) -> GuidingCase:
    stamp: dict[str, Any] = {"on": TODAY, "at": MORNING}
    row = guiding.write(organ=where, text=TEXT, by=by or Actor("方知行"), **stamp, **more)
    return guiding.publish(row=row.pk, seen=1, by=Actor("甘棠"), **stamp) if publish else row


def test_written_by_one_published_by_another_and_found_by_everybody_who_works(
    clerk: Client, leader: Account, place: City
) -> None:
    sent = clerk.post(reverse("guiding-new"), {**FILLED, "token": "one"})
    row = GuidingCase.objects.get()
    assert (sent.status_code, sent["Location"]) == (302, reverse("guiding-one", args=[row.pk]))
    assert "修改拟稿" in clerk.get(reverse("guiding-one", args=[row.pk])).content.decode()
    mentor = signed_in(holder(Role.MENTOR, place.other_unit))
    assert mentor.get(reverse("guiding-one", args=[row.pk])).status_code == 404, "a draft is the organ's own"
    assert clerk.post(reverse("guiding-publish", args=[row.pk]), {"seen": 1}).status_code == 404, (
        "an officer does not publish"
    )
    assert signed_in(leader).post(reverse("guiding-publish", args=[row.pk]), {"seen": 1}).status_code == 302
    page = mentor.get(reverse("guiding"), {"q": "返工 工程建设"}).content.decode()
    assert "工序合并出现返工" in page
    assert "工序合并出现返工" not in mentor.get(reverse("guiding"), {"item": "弄虚作假"}).content.decode()
    assert "工序合并出现返工" in mentor.get(reverse("guiding"), {"item": "先行先试"}).content.decode()
    assert "工序合并出现返工" in mentor.get(reverse("guiding-find"), {"q": "返工"}).content.decode()
    shown = mentor.get(reverse("guiding-one", args=[row.pk])).content.decode()
    assert "荆州2017年3月" in shown
    assert "陈思远拟稿" not in shown, "who wrote it is told to the office that keeps it"


def test_a_leader_who_wrote_it_does_not_publish_it(leader: Account, place: City) -> None:
    client = signed_in(leader)
    client.post(reverse("guiding-new"), FILLED)
    row = GuidingCase.objects.get()
    assert "审看无误，发布" not in client.get(reverse("guiding-one", args=[row.pk])).content.decode()
    refused = client.post(reverse("guiding-publish", args=[row.pk]), {"seen": 1})
    assert refused.status_code == 422
    assert "拟稿人不能自己发布" in refused.content.decode()


def test_what_could_make_somebody_known_is_told_at_its_field_and_the_words_stay(clerk: Client, place: City) -> None:
    case = open_case(decide(person(place.unit), place.commission, "党内警告"))
    sent = clerk.post(reverse("guiding-new"), {**FILLED, "case": case.pk, "decided": "许南舟已经整改"})
    assert sent.status_code == 422
    assert "“许南舟”" in str(sent.context["form"].errors["decided"])
    assert "许南舟已经整改" in sent.content.decode()
    elsewhere = open_case(decide(person(place.other_unit, "查云岫"), place.other_commission, "党内警告"))
    refused = clerk.post(reverse("guiding-new"), {**FILLED, "case": elsewhere.pk})
    assert "没有这个编号的事项" in str(refused.context["form"].errors["case"])
    assert not GuidingCase.objects.exists()


def test_withdrawn_with_a_reason_by_a_leader_of_the_organ_that_keeps_it(leader: Account, place: City) -> None:
    row = written(place.commission)
    other = signed_in(holder(Role.LEADER, place.other_commission))
    assert other.get(reverse("guiding-withdraw", args=[row.pk])).status_code == 404
    client = signed_in(leader)
    assert client.post(reverse("guiding-withdraw", args=[row.pk]), {"reason": ""}).status_code == 422
    assert client.post(reverse("guiding-withdraw", args=[row.pk]), {"reason": "政策改变"}).status_code == 302
    assert other.get(reverse("guiding-one", args=[row.pk])).status_code == 404
    assert "政策改变" in client.get(reverse("guiding-one", args=[row.pk])).content.decode()


def test_administrators_have_no_library(place: City) -> None:
    written(place.commission)
    for role in (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR):
        client = signed_in(holder(role, place.city))
        assert {client.get(reverse(name)).status_code for name in ("guiding", "guiding-new", "guiding-find")} == {404}


def test_the_list_costs_the_same_however_many_there_are(
    clerk: Client, place: City, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(30):
        written(place.commission)
    clerk.get(reverse("guiding"))
    with django_assert_max_num_queries(8):
        assert clerk.get(reverse("guiding"), {"q": "返工"}).status_code == 200


def test_a_record_keeps_what_it_cites_by_number_and_name(place: City) -> None:
    row, draft = written(place.commission), written(place.commission, publish=False)
    pack = next(pack for pack in released_packs().values() if guiding.citing(pack))
    found = next(
        step for step in pack.steps.values() if any(each.type == "guiding_cases" for each in step.form.values())
    )
    field = next(each for each in found.form.values() if each.type == "guiding_cases")

    def cited(number: int) -> Any:
        form = step_form(found, today=date(2026, 9, 29), data={field.id: [str(number)], "on": "2026-9-29"})
        form.is_valid()
        return form.errors.get(field.id) or form.values()[field.id]

    kept = [{"id": str(row.pk), "name": "项目工序合并先行先试出现返工（某市，2024年）"}]
    assert cited(row.pk) == kept
    assert "不在名单里" in str(cited(draft.pk)), "a draft is cited by nobody"
    assert told(field, kept) == "项目工序合并先行先试出现返工（某市，2024年）"
    guiding.withdraw(row=row.pk, reason="政策改变", by=Actor("甘棠"), on=TODAY, at=MORNING)
    assert cited(row.pk) == kept, "a correction of the record keeps what was cited"
    assert not guiding.published().exists()


def test_an_ended_case_whose_procedure_goes_by_guiding_cases_offers_to_write_one(
    clerk: Client, leader: Account, place: City
) -> None:
    someone = person(place.unit)
    stamp: dict[str, Any] = {"by": Actor("陈思远"), "on": TODAY, "at": MORNING, "today": TODAY}
    case = open_by_hand(
        thing=someone, family="tolerance", role="handler", organ=place.commission,
        said=dict.fromkeys(("organ.accountability", "organ.organization"), str(place.commission.pk)),
        **stamp,
    )  # fmt: skip
    where, asked = reverse("case", args=[case.pk]), f"{reverse('guiding-new')}?case={case.pk}"
    assert asked not in clerk.get(where).content.decode(), "nothing is decided yet"
    said = {"phase": "容中", "start": "本人申请", "matter": "略", "request": "略"}
    record(case, "propose", TODAY, said)
    record(case, "accept", TODAY, {"accepted": False, "why": "不属于受理范围"})
    assert asked in clerk.get(where).content.decode()
    assert asked in signed_in(leader).get(where).content.decode()
    unit = signed_in(holder(Role.UNIT, place.unit))
    assert (unit.get(where).status_code, asked in unit.get(where).content.decode()) == (200, False)
    form = clerk.get(asked).context["form"]
    assert form["case"].value() == case.pk
    other = open_case(decide(someone, place.commission, "党内警告"))
    Case.objects.filter(pk=other.pk).update(state=Case.State.ENDED)
    assert reverse("guiding-new") not in clerk.get(reverse("case", args=[other.pk])).content.decode(), "it goes by none"
