"""Doing a step in the browser: form, draft, record, correction, hold, files, papers; and nothing for the wrong eyes."""

import json
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from youwei.cases import queries as cases
from youwei.cases.models import Case, CaseServant, Done, Draft, OpenStep
from youwei.desk.tests.factories import TODAY, City, decide, holder, open_case, person, signed_in
from youwei.desk.work.queries import steps
from youwei.documents.models import Attachment, Paper
from youwei.journal.models import Entry
from youwei.organs.models import Role
from youwei.organs.policy import reader

pytestmark = pytest.mark.django_db
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 64

GROUP = {"on": "2026年9月29日", "leader": "岑伯安", "people-typed": "陈思远、韩叙", "shelf": "青-2026-019"}
MENTOR = {
    "on": "2026-9-29",
    "person": "顾怀谦",
    "post": "副局长",
    "clean": "yes",
    "apart": "yes",
    "behalf": "区住建局党组",
}
VISIT = {
    "on": "20260929", "outcome": "已进行", "planned": "yes", "mode": "谈话", "place": "区政务中心", "people-typed": "陈思远、韩叙",
    "heard": "本人", "account": "认识到位", "contacted": "yes", "execution": "已执行到位", "management": "已落实",
    "next_on": "2026年12月20日", "difficulties-0-matter": "孩子跨学区入学",
}  # fmt: skip


@pytest.fixture
def case(place: City) -> Case:
    return open_case(decide(person(place.unit), place.commission, "党内严重警告"))


@pytest.fixture
def clerk(place: City) -> Client:
    return signed_in(holder(Role.CASE_OFFICER, place.commission))


def send(client: Client, case: Case, step: str, **data: Any) -> Any:
    return client.post(reverse("case-record", args=[case.pk, step]), {"token": f"{step}-token", "seen": "99", **data})


def visited(client: Client, case: Case) -> None:
    assert send(client, case, "group", **GROUP).status_code == 302
    assert send(client, case, "mentor", **MENTOR).status_code == 302
    answer = send(client, case, "visit", key="1", **VISIT)
    assert answer.status_code == 302, answer.context["form"].errors


@pytest.mark.req("B1", "B6", "I3")
def test_group_mentor_and_visit_are_recorded_and_the_visit_record_is_issued(case: Case, clerk: Client) -> None:
    visited(clerk, case)
    assert list(Done.objects.order_by("entry_seq").values_list("step", "late", "afterwards")) == [
        ("group", True, False), ("mentor", True, False), ("visit", False, False)
    ]  # fmt: skip
    paper = Paper.objects.get()
    assert paper.title == "回访谈话记录"
    assert paper.data().startswith(b"PK")
    behalf = [record.behalf for record in cases.view(case, date(2026, 9, 29)).records if record.step == "mentor"]
    assert behalf == ["区住建局党组"], "who for whom is kept"


@pytest.mark.req("B6")
def test_a_visit_does_not_close_without_an_outcome_and_what_comes_next(case: Case, clerk: Client) -> None:
    visited_but = {key: value for key, value in VISIT.items() if key not in ("outcome", "next_on")}
    send(clerk, case, "group", **GROUP)
    send(clerk, case, "mentor", **MENTOR)
    answer = send(clerk, case, "visit", key="1", **visited_but)
    assert answer.status_code == 422
    assert "outcome" in answer.context["form"].errors
    answer = send(clerk, case, "visit", key="1", **visited_but, outcome="已进行")
    assert answer.status_code == 422
    assert {"next_on", "why_none"} & set(answer.context["form"].errors)
    assert not Done.objects.filter(step="visit").exists()


@pytest.mark.req("B6")
def test_one_visitor_is_refused_in_words(case: Case, clerk: Client) -> None:
    send(clerk, case, "group", **GROUP)
    send(clerk, case, "mentor", **MENTOR)
    answer = send(clerk, case, "visit", key="1", **{**VISIT, "people-typed": "陈思远"})
    assert answer.status_code == 422
    assert "2人" in str(answer.context["form"].errors["people"])


def test_what_was_typed_comes_back_after_a_refusal_and_in_a_new_session(case: Case, clerk: Client, place: City) -> None:
    answer = send(clerk, case, "group", **{**GROUP, "leader": ""})
    assert answer.status_code == 422
    assert "青-2026-019" in answer.content.decode()
    again = signed_in(Draft.objects.get().account)
    page = again.get(reverse("case", args=[case.pk]), {"step": "group"}).content.decode()
    assert "青-2026-019" in page
    assert "陈思远、韩叙" in page
    assert "草稿" in page


def test_a_draft_is_kept_sealed_seen_by_its_author_alone_and_dropped_by_the_record(
    case: Case, clerk: Client, place: City
) -> None:
    address = reverse("case-draft", args=[case.pk, "group"])
    assert clerk.post(address, {**GROUP, "key": ""}).status_code == 204
    draft = Draft.objects.get()
    assert "青-2026-019".encode() not in bytes(draft.sealed)
    assert "青-2026-019" not in json.dumps(str(bytes(draft.sealed)))
    colleague = signed_in(holder(Role.CASE_OFFICER, place.commission, "colleague", "韩叙"))
    assert "青-2026-019" not in colleague.get(reverse("case", args=[case.pk]), {"step": "group"}).content.decode()
    send(clerk, case, "group", **GROUP)
    assert not Draft.objects.exists()


def test_a_double_click_is_one_entry(case: Case, clerk: Client) -> None:
    before = Entry.objects.count()
    send(clerk, case, "group", **GROUP)
    assert send(clerk, case, "group", **GROUP).status_code == 302
    assert Entry.objects.count() == before + 1


def test_the_second_of_two_sees_both_versions_and_may_correct_with_a_reason(
    case: Case, clerk: Client, place: City
) -> None:
    other = signed_in(holder(Role.CASE_OFFICER, place.commission, "colleague", "韩叙"))
    seen = str(cases.view(case, date(2026, 9, 29)).head)
    assert send(clerk, case, "group", **{**GROUP, "seen": seen, "token": "a"}).status_code == 302
    answer = send(other, case, "group", **{**GROUP, "leader": "江若川", "seen": seen, "token": "b"})
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "岑伯安" in page
    assert "江若川" in page
    hidden = dict(answer.context["stale"].hidden)
    sent = other.post(reverse("case-act", args=[case.pk, "correct"]), hidden)
    assert sent.status_code == 422, "a correction wants its reason"
    sent = other.post(reverse("case-act", args=[case.pk, "correct"]), {**hidden, "reason": "组长写错"})
    assert sent.status_code == 302
    found = cases.view(case, date(2026, 9, 29))
    assert found.standing["group"][""].values["leader"] == "江若川"
    assert found.records[-1].content["values"] == {"leader": "江若川"}, "a correction says only what changes"


@pytest.mark.req("I5")
def test_a_correction_quotes_the_old_words_and_the_issued_paper_stays(case: Case, clerk: Client) -> None:
    visited(clerk, case)
    before = Paper.objects.get().data()
    target = Done.objects.get(step="visit").entry_seq
    sent = {**VISIT, "place": "区教育局", "reason": "地点误填", "target": str(target)}
    assert clerk.post(reverse("case-act", args=[case.pk, "correct"]), sent).status_code == 302
    page = clerk.get(reverse("case", args=[case.pk])).content.decode()
    assert '<s class="yw-struck">区政务中心</s>' in page
    assert "地点误填" in page
    assert Paper.objects.get().data() == before


@pytest.mark.req("J12")
def test_hold_resume_note_and_not_done_are_recorded_with_their_reasons(case: Case, clerk: Client) -> None:
    def act(kind: str, **data: str) -> int:
        sent = {"on": "2026-9-29", "token": kind, **data}
        return int(clerk.post(reverse("case-act", args=[case.pk, kind]), sent).status_code)

    assert act("hold", ground="病休", reason="住院三周") == 422, "by the pack the leader decides: who was it"
    assert act("hold", ground="病休", reason="住院三周", behalf="岑伯安，分管领导") == 302
    case.refresh_from_db()
    assert case.state == Case.State.HELD
    assert act("hold", ground="病休", reason="再来一次") == 302, "nothing to hold: back to the case"
    assert act("resume", reason="出院") == 422, "nor does the clerk let the clock run again alone"
    assert act("resume", reason="出院", behalf="岑伯安，分管领导") == 302
    assert act("note", reason="已与单位电话沟通") == 302
    case.refresh_from_db()
    assert case.state == Case.State.OPEN
    kinds = [record.kind for record in cases.view(case, date(2026, 9, 29)).records]
    assert kinds == ["opened", "hold", "resume", "note"]
    assert cases.view(case, date(2026, 9, 29)).records[1].behalf == "岑伯安，分管领导"


@pytest.mark.req("J12")
def test_whoever_the_pack_lets_decide_stops_the_clock_in_the_own_name(case: Case, place: City) -> None:
    leader = signed_in(holder(Role.LEADER, place.commission, "leader", "岑伯安"))
    address = reverse("case-act", args=[case.pk, "hold"])
    assert "谁决定的" not in leader.get(address).content.decode()
    assert leader.post(address, {"on": "2026-9-29", "ground": "病休", "reason": "住院三周"}).status_code == 302
    held = cases.view(case, date(2026, 9, 29)).records[1]
    assert (held.kind, held.by, held.behalf) == ("hold", "岑伯安", "")


def test_an_act_without_its_reason_changes_nothing(case: Case, clerk: Client) -> None:
    before = Entry.objects.count()
    answer = clerk.post(reverse("case-act", args=[case.pk, "note"]), {"on": "2026-9-29"})
    assert answer.status_code == 422
    assert Entry.objects.count() == before


def test_a_file_is_attached_and_a_disguised_one_refused_with_nothing_written(case: Case, clerk: Client) -> None:
    bad = SimpleUploadedFile("扫描件.pdf", b"MZ not a pdf")
    answer = send(clerk, case, "group", **GROUP, attachments=bad)
    assert answer.status_code == 422
    assert "内容与扩展名不符" in answer.content.decode()
    assert not Done.objects.exists()
    good = SimpleUploadedFile("扫描件.png", PNG)
    assert send(clerk, case, "group", **GROUP, attachments=good).status_code == 302
    file = Attachment.objects.get()
    answer = clerk.get(reverse("attachment", args=[file.pk]))
    assert answer.content == PNG
    assert answer["Content-Disposition"].startswith("attachment")
    assert file.sealed != PNG


@pytest.mark.parametrize("role", [Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR, Role.MENTOR, Role.UNIT])
@pytest.mark.req("I5")
def test_other_roles_get_nothing_not_even_existence(case: Case, clerk: Client, place: City, role: Role) -> None:
    visited(clerk, case)
    stranger = signed_in(holder(role, place.other_unit if role in (Role.MENTOR, Role.UNIT) else place.city))
    addresses = [
        reverse("case", args=[case.pk]), reverse("paper", args=[Paper.objects.get().pk]), reverse("case-act", args=[case.pk, "note"]),
    ]  # fmt: skip
    assert [stranger.get(address).status_code for address in addresses] == [404, 404, 404]
    assert send(stranger, case, "contact", on="2026-9-29").status_code == 404
    listed = stranger.get(reverse("visits"))
    assert listed.status_code == 404 or "许南舟" not in listed.content.decode()


def test_the_case_leads_to_the_dossier_for_whoever_may_open_it(case: Case, clerk: Client, place: City) -> None:
    address, link = reverse("case", args=[case.pk]), f'href="{reverse("person", args=[case.person_id])}"'
    assert link in clerk.get(address).content.decode()
    unit = signed_in(holder(Role.UNIT, place.unit))
    page = unit.get(address)
    assert page.status_code == 200
    assert link not in page.content.decode()


def test_another_district_gets_nothing(case: Case, place: City) -> None:
    other = signed_in(holder(Role.CASE_OFFICER, place.other_commission))
    assert other.get(reverse("case", args=[case.pk])).status_code == 404
    assert "许南舟" not in other.get(reverse("visits"), {"state": "all"}).content.decode()
    assert "许南舟" not in other.get(reverse("desk"), {"whose": "all"}).content.decode()


def test_a_mentor_sees_the_case_that_names_the_account_and_records_only_own_steps(
    case: Case, clerk: Client, place: City
) -> None:
    visited(clerk, case)
    account = holder(Role.MENTOR, place.unit, "mentor", "顾怀谦")
    CaseServant.objects.create(case=case, account=account, role="mentor")
    mentor = signed_in(account)
    assert mentor.get(reverse("case", args=[case.pk])).status_code == 200
    before = Entry.objects.count()
    assert send(mentor, case, "visit", key="2", **VISIT).status_code == 302
    assert Entry.objects.count() == before, "a visit is the group's to record"


@pytest.mark.req("I5")
@pytest.mark.parametrize("role", [Role.UNIT, Role.MENTOR, Role.ORGANIZATION])
def test_who_has_only_a_part_in_a_case_reads_that_part_and_no_visit(
    case: Case, clerk: Client, place: City, role: Role
) -> None:
    visited(clerk, case)
    account = holder(role, place.unit if role != Role.ORGANIZATION else place.district, "part", "顾怀谦")
    if role == Role.MENTOR:
        CaseServant.objects.create(case=case, account=account, role="mentor")
    client, address, own = signed_in(account), reverse("case", args=[case.pk]), "指定教育帮带人"
    said = str(VISIT["account"])
    assert said in clerk.get(address).content.decode()
    for asked in ({}, {"step": "visit"}, {"step": "visit", "key": "1"}, {"on": "2026-9-29"}):
        page = client.get(address, asked)
        assert page.status_code == 200
        for hidden in (said, "督促所在单位落实日常管理", "回访笔录"):
            assert hidden not in page.content.decode(), asked
        assert (own in page.content.decode()) == (role == Role.UNIT)
    assert client.get(reverse("paper", args=[Paper.objects.get().pk])).status_code == 404
    assert clerk.get(reverse("paper", args=[Paper.objects.get().pk])).status_code == 200
    seen = set(steps(reader(account, TODAY)).values_list("step", flat=True))
    assert seen == ({"help"} if role == Role.UNIT else {"contact"} if role == Role.MENTOR else set())


def test_the_unit_records_its_own_step(case: Case, place: City) -> None:
    unit = signed_in(holder(Role.UNIT, place.unit))
    page = unit.get(reverse("desk"))
    assert "指定教育帮带人" in page.content.decode()
    sent = {key: value for key, value in MENTOR.items() if key != "behalf"}
    assert send(unit, case, "mentor", **sent).status_code == 302
    assert Done.objects.get().step == "mentor"
    assert send(unit, case, "group", **GROUP).status_code == 302
    assert Done.objects.count() == 1, "the group is the commission's to set up"


@pytest.mark.parametrize(
    "asked",
    [
        {"step": "nowhere"},
        {"step": "visit", "key": "\x00"},
        {"step": "visit", "key": "9999"},
        {"page": "x", "state": "y", "q": "\x00'%"},
    ],
)
def test_nonsense_in_the_address_is_no_failure(case: Case, clerk: Client, asked: dict[str, str]) -> None:
    assert clerk.get(reverse("case", args=[case.pk]), asked).status_code == 200
    assert clerk.get(reverse("visits"), asked).status_code == 200
    assert clerk.get(reverse("case-act", args=[case.pk, "correct"]), {**asked, "target": "77"}).status_code == 302
    assert clerk.get(reverse("case-act", args=[case.pk, "nothing"]), asked).status_code == 302


def test_the_case_page_makes_as_many_queries_for_many_entries_as_for_few(
    case: Case, clerk: Client, django_assert_max_num_queries: Any, place: City
) -> None:
    visited(clerk, case)
    with django_assert_max_num_queries(60) as few:
        clerk.get(reverse("case", args=[case.pk]))
    for number in range(6):
        clerk.post(
            reverse("case-act", args=[case.pk, "note"]),
            {"on": "2026-9-29", "reason": f"备注{number}", "token": f"n{number}"},
        )
    with django_assert_max_num_queries(60) as many:
        clerk.get(reverse("case", args=[case.pk]))
    assert len(many) == len(few)


@pytest.mark.req("I2")
def test_the_desk_makes_as_many_queries_for_many_steps_as_for_few(
    clerk: Client, place: City, django_assert_max_num_queries: Any
) -> None:
    open_case(decide(person(place.unit), place.commission, "党内警告"))
    with django_assert_max_num_queries(40) as few:
        clerk.get(reverse("desk"))
    for number in range(8):
        open_case(decide(person(place.unit, name=f"甲{'乙丙丁戊己庚辛壬'[number]}"), place.commission, "党内警告"))
    with django_assert_max_num_queries(40) as many:
        clerk.get(reverse("desk"))
    assert len(many) == len(few)
    assert OpenStep.objects.count() == 18


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"step": "nowhere"}, "地址里要找的这一环节"),
        ({"step": "visit\0"}, "地址里要找的这一环节"),
        ({"step": "mentor", "key": "7"}, "地址里要找的这一次"),
        ({"step": "group"}, ""),
        ({"step": "group", "key": ""}, ""),
        ({}, ""),
    ],
)
def test_a_step_that_is_not_there_is_said_and_not_passed_over(
    case: Case, clerk: Client, asked: dict[str, str], said: str
) -> None:
    page = clerk.get(reverse("case", args=[case.pk]), asked).content.decode()
    assert said in page
    assert ("地址里要找的" in page) is bool(said)
