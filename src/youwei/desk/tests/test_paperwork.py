"""The way of a paper: printed from a step, signed by hand, found again by its code, scanned back to the same step, and shown for what it is."""

import io
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from docx import Document
from pytest_django.fixtures import Settings

from youwei.cases import queries as cases
from youwei.cases.codes import code_of
from youwei.cases.models import Case, OpenStep
from youwei.desk.tests.factories import TODAY, City, decide, holder, open_case, organ, person, signed_in
from youwei.documents.models import Attachment
from youwei.journal.models import Entry
from youwei.journal.queries import records
from youwei.organs.models import ReadTrace, Role

pytestmark = [pytest.mark.django_db, pytest.mark.req("J2", "J6")]
PACKS = Path(__file__).resolve().parents[2] / "cases" / "tests" / "packs"
JPG = b"\xff\xd8\xff\xe1" + b"0" * 64
GROUP = {"on": "2026年9月29日", "leader": "岑伯安", "people-typed": "陈思远、韩叙", "shelf": "青-2026-019"}
MENTOR = {
    "on": "2026-9-28",
    "person": "顾怀谦",
    "post": "副局长",
    "clean": "yes",
    "apart": "yes",
    "behalf": "区住建局党组",
}


@pytest.fixture
def case(place: City) -> Case:
    return open_case(decide(person(place.unit, shelf="3柜2层19号"), place.commission, "党内严重警告"))


@pytest.fixture
def clerk(place: City) -> Client:
    return signed_in(holder(Role.CASE_OFFICER, place.commission))


@pytest.fixture
def joint(place: City, settings: Settings) -> Case:
    settings.PACKS = PACKS
    organ("青溪区委组织部", "organization", place.district)
    return open_case(decide(person(place.unit), place.commission, "党内严重警告"), "joint")


def photo(name: str = "第1页.jpg", data: bytes = JPG) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def send(client: Client, case: Case, step: str, **data: Any) -> Any:
    return client.post(reverse("case-record", args=[case.pk, step]), {"token": f"{step}-token", "seen": "99", **data})


def sheet(client: Client, case: Case, step: str, name: str = "case-sheet", **asked: str) -> Any:
    return client.get(reverse(name, args=[case.pk, step]), asked)


def text(client: Client, case: Case, **asked: str) -> str:
    return client.get(reverse("case", args=[case.pk]), asked).content.decode()


def test_a_form_is_printed_from_the_step_with_room_for_everything_and_leaves_a_trace(case: Case, clerk: Client) -> None:
    page = text(clerk, case, step="group")
    code = code_of(case.pk, "group")
    assert reverse("case-sheet", args=[case.pk, "group"]) in page
    assert f"编码 {code}" in page
    shown = sheet(clerk, case, "group").content.decode()
    for words in ("许南舟", case.title, "组长", "小组成员", code, "3柜2层19号"):
        assert words in shown
    word = sheet(clerk, case, "group", "case-sheet-word")
    assert word["Content-Disposition"].startswith("attachment")
    head = Document(io.BytesIO(word.content)).sections[0].header.paragraphs[0].text
    assert code in head
    assert ReadTrace.objects.filter(act="print", kind="case", ref=case.pk, detail__contains=code).count() == 2


def test_the_code_leads_back_to_the_step_from_the_search_box(case: Case, clerk: Client) -> None:
    code = code_of(case.pk, "mentor")
    found = clerk.post(reverse("find"), {"q": f" {code.lower()} "})
    assert found.status_code == 302
    assert found["Location"] == f"{reverse('case', args=[case.pk])}?step=mentor&key=#step"
    hits = clerk.post(reverse("search"), {"q": code}).content.decode()
    assert "指定教育帮带人" in hits
    assert found["Location"].replace("&", "&amp;") in hits
    assert clerk.post(reverse("find"), {"q": code[:-1] + ("0" if code[-1] != "0" else "1")})["Location"].startswith(
        "/search/"
    )


def test_a_code_tells_nothing_to_whoever_may_not_see_the_case(case: Case, place: City) -> None:
    stranger = signed_in(holder(Role.CASE_OFFICER, place.other_commission))
    code = code_of(case.pk, "mentor")
    assert stranger.post(reverse("find"), {"q": code})["Location"].startswith("/search/")
    assert "指定教育帮带人" not in stranger.get(reverse("search"), {"q": code}).content.decode()
    assert sheet(stranger, case, "mentor").status_code == 404
    assert sheet(stranger, case, "mentor", "case-sheet-word").status_code == 404


def test_a_side_that_has_a_part_prints_its_own_steps_only(case: Case, place: City, clerk: Client) -> None:
    unit = signed_in(holder(Role.UNIT, place.unit))
    assert sheet(unit, case, "mentor").status_code == 200
    assert sheet(unit, case, "group").status_code == 404
    assert sheet(clerk, case, "nowhere").status_code == 404
    assert sheet(clerk, case, "mentor", key="7").status_code == 404


def test_what_was_recorded_for_somebody_says_for_whom_when_and_from_which_paper_everywhere(
    case: Case, clerk: Client
) -> None:
    assert send(clerk, case, "group", **GROUP).status_code == 302
    answer = send(clerk, case, "mentor", **MENTOR, from_paper="区住建局党组会议纪要2页", attachments=photo())
    assert answer.status_code == 302
    entry = cases.view(case, TODAY).entries[-1]
    assert (entry.by, entry.behalf, entry.paper, entry.on.isoformat()) == (
        "陈思远", "区住建局党组", "区住建局党组会议纪要2页", "2026-09-28",
    )  # fmt: skip
    assert case.person is not None
    for page in (text(clerk, case), clerk.get(reverse("person", args=[case.person.pk])).content.decode()):
        assert "区住建局党组会议纪要2页" in page
        assert "代" in page
        assert "第1页.jpg" in page
    assert "3柜2层19号" in text(clerk, case)


def test_pages_scanned_later_go_to_the_record_they_belong_to(case: Case, clerk: Client) -> None:
    send(clerk, case, "group", **GROUP)
    address = reverse("case-scans", args=[case.pk, 2])
    assert address in text(clerk, case)
    assert "成立回访教育小组" in clerk.get(address).content.decode()
    sent = clerk.post(address, {"scans": [photo(), photo("第2页.png", b"\x89PNG\r\n\x1a\n1")]})
    assert sent["Location"] == f"{reverse('case', args=[case.pk])}#e2"
    assert list(Attachment.objects.values_list("filename", "entry_seq")) == [("第1页.jpg", 2), ("第2页.png", 2)]
    (kept,) = records("papers", case.pk)
    assert len(kept.content["attachments"]) == 2
    page = text(clerk, case)
    assert page.index("第1页.jpg") < page.index("第2页.png")
    assert kept.content["attachments"][0]["digest"][:8] in page
    assert clerk.post(address, {"scans": [photo()]}).status_code == 302
    assert Attachment.objects.count() == 2, "the same page again is one page"


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ([], "请选择文件"),
        ([("谈话.docx", b"PK\x03\x04")], "不收“.docx”的文件"),
        ([("假.jpg", b"MZ\x90")], "内容与扩展名不符"),
        ([("空.jpg", b"")], "文件是空的"),
    ],
)
def test_what_is_no_scan_is_explained_and_nothing_is_kept(
    case: Case, clerk: Client, files: list[tuple[str, bytes]], said: str
) -> None:
    send(clerk, case, "group", **GROUP)
    refused = clerk.post(reverse("case-scans", args=[case.pk, 2]), {"scans": [photo(*file) for file in files]})
    assert refused.status_code == 422
    assert said in refused.content.decode()
    assert not Attachment.objects.exists()


def test_scans_go_only_to_records_that_stand_and_are_ones_own_to_complete(
    case: Case, place: City, clerk: Client
) -> None:
    send(clerk, case, "group", **GROUP)
    for target in (1, 99):
        assert (
            "没有附上"
            in clerk.post(
                reverse("case-scans", args=[case.pk, target]), {"scans": [photo()]}, follow=True
            ).content.decode()
        )
    unit = signed_in(holder(Role.UNIT, place.unit))
    assert unit.post(reverse("case-scans", args=[case.pk, 2]), {"scans": [photo()]}).status_code == 302
    upper = signed_in(holder(Role.UPPER_VIEWER, place.commission))
    assert upper.post(reverse("case-scans", args=[case.pk, 2]), {"scans": [photo()]}).status_code == 404
    assert not Attachment.objects.exists()


# ---- signed on paper


def on_paper(client: Client, case: Case, **data: Any) -> Any:
    given = {
        "role": "head", "key": "", "seen": "2", "token": "paper", "verdict": "agree", "opinion": "同意，抓紧办", "on": "2026-9-29",
        "signer": "岑伯安（区纪委副书记）", "paper": "呈批笺1页", "scans": [photo("呈批笺.jpg")], "same": "same",
    }  # fmt: skip
    return client.post(reverse("case-on-paper", args=[case.pk, "advise"]), given | data)


def test_a_signature_on_paper_is_entered_with_its_scan_and_shown_as_one(joint: Case, clerk: Client) -> None:
    send(clerk, joint, "advise", advice="可以继续使用", on="2026-9-29")
    address = reverse("case-on-paper", args=[joint.pk, "advise"])
    assert f"{address}?key=&amp;role=head" in text(clerk, joint, step="advise")
    asked = clerk.get(address, {"role": "head"})
    assert "可以继续使用" in asked.content.decode()
    assert "checked" not in asked.content.decode()
    answer = on_paper(clerk, joint)
    assert answer.status_code == 302, answer.context["form"].errors
    page = text(clerk, joint, step="advise")
    for words in ("纸面签署", "岑伯安（区纪委副书记）", "呈批笺1页", "呈批笺.jpg", "同意，抓紧办"):
        assert words in page
    assert list(OpenStep.objects.filter(step="advise").values_list("part", flat=True)) == ["department"]


def test_a_signature_on_paper_entered_wrongly_is_withdrawn_by_the_office_and_asked_for_again(
    joint: Case, place: City, clerk: Client
) -> None:
    send(clerk, joint, "advise", advice="可以继续使用", on="2026-9-29")
    on_paper(clerk, joint)
    address = reverse("case-act", args=[joint.pk, "withdraw"])
    assert f"{address}?target=3" in text(clerk, joint, step="advise")
    head = signed_in(holder(Role.LEADER, place.commission, "head", "岑伯安"))
    assert head.post(address, {"target": "3", "on": "2026-9-29", "reason": "不是我签的"}).status_code == 302
    assert OpenStep.objects.filter(step="advise").count() == 1, "only the office that has entered it"
    assert clerk.post(address, {"target": "3", "on": "2026-9-29", "reason": "认错了签名"}).status_code == 302
    assert set(OpenStep.objects.filter(step="advise").values_list("part", flat=True)) == {"head", "department"}
    assert f"{address}?target=3" not in text(clerk, joint, step="advise")
    assert "呈批笺.jpg" in text(clerk, joint, step="advise"), "the scan stays where it was"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"scans": []}, "请选择文件"),
        ({"scans": [("呈批笺.jpg", b"%PDF-1.7")]}, "内容与扩展名不符"),
        ({"signer": ""}, "签署人"),
        ({"paper": ""}, "签在哪份材料上"),
        ({"same": ""}, "核对"),
        ({"verdict": ""}, "请选择一项"),
        ({"verdict": "back", "opinion": ""}, "退回要写明理由"),
        ({"on": "2026-9-30"}, "签署日期"),
        ({"on": "2026-9-28"}, "早于所签内容"),
        ({"signer": "陈思远"}, "签署人自己记录的"),
        ({"seen": "1"}, "改动过"),
    ],
)
def test_a_signature_on_paper_that_cannot_stand_is_explained_and_nothing_is_written(
    joint: Case, clerk: Client, data: dict[str, Any], said: str
) -> None:
    send(clerk, joint, "advise", advice="可以继续使用", on="2026-9-29")
    before = Entry.objects.count()
    sent = {name: [photo(*each) for each in value] if name == "scans" else value for name, value in data.items()}
    refused = on_paper(clerk, joint, **sent)
    assert refused.status_code == 422
    assert said in refused.content.decode()
    assert (Entry.objects.count(), Attachment.objects.count()) == (before, 0)


def test_only_the_office_that_handles_the_case_enters_it_and_nobody_for_oneself(
    joint: Case, place: City, clerk: Client
) -> None:
    send(clerk, joint, "advise", advice="可以继续使用", on="2026-9-29")
    head = signed_in(holder(Role.LEADER, place.commission, "head", "岑伯安"))
    assert on_paper(head, joint).status_code == 302
    stranger = signed_in(holder(Role.CASE_OFFICER, place.other_commission))
    assert on_paper(stranger, joint).status_code == 404
    assert on_paper(clerk, joint, role="petition").status_code == 302
    assert on_paper(clerk, joint, role="\0").status_code == 302
    assert not Entry.objects.filter(kind="sign").exists()


def test_an_approval_on_paper_goes_on_with_the_case(place: City, clerk: Client) -> None:
    case = open_case(decide(person(place.unit), place.commission, "党内严重警告"), "announcement")
    send(clerk, case, "exemption", ground="个人隐私", explanation="涉及本人病情", on="2026-9-28")
    address = reverse("case-on-paper", args=[case.pk, "approve_exemption"])
    given = {
        "role": "discipline_head", "key": "", "seen": "2", "token": "paper", "verdict": "agree", "opinion": "同意", "on": "2026-9-29",
        "signer": "岑伯安", "paper": "呈批笺1页", "scans": [photo("呈批笺.jpg")], "same": "same",
    }  # fmt: skip
    assert "涉及本人病情" in clerk.get(address, {"role": "discipline_head"}).content.decode()
    assert clerk.post(address, given | {"scans": []}).status_code == 422
    assert clerk.post(address, given).status_code == 302
    view = cases.view(case, TODAY)
    assert view.standing["approve_exemption"][""].behalf == "岑伯安"
    assert "纸面签署" in text(clerk, case)
