"""What is signed by hand: scans kept with a record made earlier, signatures and approvals on paper entered with theirs."""

import hashlib
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pytest_django.fixtures import Settings

from tests.support.cast import Cast
from youwei.cases.commands import Rejected
from youwei.cases.logs import pack_of
from youwei.cases.models import Case, OpenStep
from youwei.cases.queries import lines, view
from youwei.cases.tests.builders import act, case_of, moment, record
from youwei.documents.commands import add_scans
from youwei.documents.commands import record as record_with_papers
from youwei.documents.issuing import Refused
from youwei.documents.models import Attachment
from youwei.documents.proof import Prover
from youwei.documents.signing import Given, give_on_paper
from youwei.engine.types import EntryKind
from youwei.journal.actors import Actor
from youwei.journal.models import Entry
from youwei.journal.queries import records
from youwei.journal.sealing import seal

pytestmark = [pytest.mark.django_db, pytest.mark.req("J2", "J6")]
DAY, LATER = date(2026, 3, 18), date(2026, 3, 25)
JPG, PDF = ("手机拍的.jpg", b"\xff\xd8\xff\xe1 first page"), ("扫描.pdf", b"%PDF-1.7 second page")
CLERK = Actor("方知行")
TEST_PACKS = Path(__file__).resolve().parents[2] / "cases" / "tests" / "packs"


def add(case: Case, seq: int, *files: tuple[str, bytes]) -> list[Attachment]:
    return add_scans(case=case, entry_seq=seq, files=files, by=CLERK, at=moment(LATER))


@pytest.fixture
def joint(cast: Cast, settings: Settings) -> Case:
    """A text recorded by the clerk, waiting for the leader and the organization department."""
    settings.PACKS = TEST_PACKS
    case = case_of(cast, "joint")
    record(case, "advise", DAY, {"advice": "可以继续使用"})
    return case


def given(case: Case, **more: Any) -> Given:
    wanted: dict[str, Any] = {
        "kind": EntryKind.SIGN, "step": "advise", "part": "head", "values": {"opinion": "同意，抓紧办"}, "seen": 2,
    }  # fmt: skip
    return Given(case=case, by=CLERK, **(wanted | more))


def on_paper(cast: Cast, case: Case, what: Given | None = None, **more: Any) -> int:
    wanted: dict[str, Any] = {
        "signer": "岑伯安（区纪委副书记）", "paper": "呈批笺1页", "scans": [JPG], "account": cast.officer, "on": LATER,
        "at": moment(LATER), "today": LATER, "token": "once",
    }  # fmt: skip
    return give_on_paper(given=what or given(case), **(wanted | more))


def test_a_scan_is_kept_with_a_record_made_earlier_and_entered_by_its_digest(cast: Cast) -> None:
    case = case_of(cast)
    seq = record(case, "group", DAY, {"leader": "岑伯安", "people": ["方知行", "甘棠"], "shelf": "青-1"})
    first, second = add(case, seq, JPG, PDF)
    assert [(file.entry_seq, file.step, file.filename) for file in (first, second)] == [
        (seq, "group", "手机拍的.jpg"), (seq, "group", "扫描.pdf"),
    ]  # fmt: skip
    (kept,) = records("papers", case.pk)
    assert [(each["digest"], each["entry_seq"]) for each in kept.content["attachments"]] == [
        (hashlib.new("sm3", JPG[1]).hexdigest(), seq), (hashlib.new("sm3", PDF[1]).hexdigest(), seq),
    ]  # fmt: skip
    assert (kept.by, kept.on) == ("方知行", LATER)
    assert add(case, seq, JPG) == [first], "the same page once more adds nothing"
    assert len(records("papers", case.pk)) == 1


def test_the_same_page_goes_with_the_record_made_anew(cast: Cast) -> None:
    case = case_of(cast)
    values = {"leader": "岑伯安", "people": ["方知行", "甘棠"], "shelf": "青-1"}
    seq = record(case, "group", DAY, values)
    add(case, seq, JPG)
    act(case, "withdraw", DAY, target=seq, reason="录错了")
    with pytest.raises(Refused, match="已经撤回"):
        add(case, seq, PDF)
    again = record(case, "group", LATER, values)
    assert add(case, again, JPG)[0].entry_seq == again
    assert Attachment.objects.count() == 2


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ([], "没有选择文件"),
        ([("记录.docx", b"PK\x03\x04")], "不是照片或扫描件"),
        ([("照片.heic", b"ftypheic")], "不是照片或扫描件"),
        ([("假的.jpg", b"%PDF-1.7")], "内容与扩展名不符"),
        ([JPG, ("空.pdf", b"")], "文件是空的"),
        ([JPG] * 61, "最多附60个"),
    ],
)
def test_what_is_no_page_of_paper_is_refused_and_none_of_them_kept(
    cast: Cast, files: list[tuple[str, bytes]], said: str
) -> None:
    case = case_of(cast)
    seq = record(case, "group", DAY, {"leader": "岑伯安", "people": ["方知行", "甘棠"], "shelf": "青-1"})
    with pytest.raises(Refused, match=said):
        add(case, seq, *files)
    assert not Attachment.objects.exists()


def test_a_signature_on_paper_stands_with_its_scan_and_stays_visible_as_one(cast: Cast, joint: Case) -> None:
    seq = on_paper(cast, joint)
    assert on_paper(cast, joint) == seq, "a double click is one signature"
    shown = view(joint, LATER)
    sign = shown.standing["advise"][""].signs["head"]
    assert (sign.by, sign.behalf, sign.paper, sign.on) == ("方知行", "岑伯安（区纪委副书记）", "呈批笺1页", LATER)
    assert [(file.entry_seq, file.data()) for file in Attachment.objects.all()] == [(seq, JPG[1])]
    line = lines(joint, shown.records)[-1]
    assert (line.kind, line.behalf, line.paper) == ("sign", "岑伯安（区纪委副书记）", "呈批笺1页")
    assert list(OpenStep.objects.filter(case=joint, step="advise").values_list("part", flat=True)) == ["department"]


def test_without_a_scan_nothing_is_entered(cast: Cast, joint: Case) -> None:
    with pytest.raises(Refused, match="没有选择文件"):
        on_paper(cast, joint, scans=[])
    assert Entry.objects.filter(kind="sign").count() == 0


def test_a_text_sent_back_on_paper_goes_back(cast: Cast, joint: Case) -> None:
    on_paper(cast, joint, given(joint, kind=EntryKind.RETURN, to="advise", values={}, reason="依据没有写清楚"))
    assert not view(joint, LATER).standing.get("advise")
    assert Attachment.objects.count() == 1


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"paper": " "}, "没有写明签在哪份材料上"),
        ({"signer": "方知行"}, "签署人自己记录的"),
        ({"on": date(2026, 3, 17)}, "早于所签内容的日期"),
    ],
)
def test_what_cannot_be_a_signature_is_refused(cast: Cast, joint: Case, more: dict[str, Any], said: str) -> None:
    with pytest.raises(Rejected, match=said):
        on_paper(cast, joint, **more)
    assert not Attachment.objects.exists()


def test_one_name_does_not_sign_for_two_roles(cast: Cast, joint: Case) -> None:
    on_paper(cast, joint)
    with pytest.raises(Rejected, match="已经代表另一个角色"):
        on_paper(cast, joint, given(joint, part="department"), token="another")


def test_a_text_changed_since_the_page_was_opened_is_not_signed_on_paper(cast: Cast, joint: Case) -> None:
    act(joint, "correct", LATER, target=2, values={"advice": "暂缓使用"}, reason="写错了")
    with pytest.raises(Rejected, match="改动过"):
        on_paper(cast, joint)


def test_the_pack_may_forbid_it(cast: Cast, settings: Settings, tmp_path: Path) -> None:
    source = (TEST_PACKS / "joint" / "2026.01" / "pack.yaml").read_text("utf-8")
    folder = tmp_path / "joint" / "2026.01"
    folder.mkdir(parents=True)
    (folder / "pack.yaml").write_text(
        source.replace("    signs: [head, department]", "    signs: [head, department]\n    on_paper: false"), "utf-8"
    )
    settings.PACKS = tmp_path
    case = case_of(cast, "joint")
    record(case, "advise", DAY, {"advice": "可以继续使用"})
    with pytest.raises(Rejected, match="由本人在系统里签署，不能补录纸面签署"):
        on_paper(cast, case)


def test_an_approval_on_paper_is_an_approval_entered_for_whoever_gave_it(cast: Cast) -> None:
    case = case_of(cast, "announcement")
    record(case, "exemption", DAY, {"ground": "个人隐私", "explanation": "涉及本人病情"})
    approval = Given(
        case=case,
        by=CLERK,
        kind=EntryKind.RECORD,
        step="approve_exemption",
        values={"opinion": "同意不予公开宣布"},
        seen=2,
    )
    seq = on_paper(cast, case, approval)
    found = view(case, LATER)
    assert (found.entries[seq - 1].behalf, found.standing["approve_exemption"][""].behalf) == (
        "岑伯安（区纪委副书记）", "岑伯安（区纪委副书记）",
    )  # fmt: skip
    assert Attachment.objects.get().entry_seq == seq


def test_an_approval_entered_for_somebody_by_any_door_needs_its_scan(cast: Cast) -> None:
    case = case_of(cast, "announcement")
    record(case, "exemption", DAY, {"ground": "个人隐私", "explanation": "涉及本人病情"})
    entered: dict[str, Any] = {
        "case": case, "step": pack_of(case).steps["approve_exemption"], "key": "", "by": CLERK, "account": cast.officer, "on": LATER,
        "at": moment(LATER), "today": LATER, "values": {"opinion": "同意"}, "behalf": "岑伯安", "paper": "呈批笺1页",
    }  # fmt: skip
    with pytest.raises(Refused, match="没有选择文件"):
        record_with_papers(**entered)
    assert record_with_papers(**entered, files=[PDF]) == 3
    assert Attachment.objects.get().entry_seq == 3


def test_what_was_scanned_is_proved_by_its_digest(cast: Cast) -> None:
    case = case_of(cast)
    seq = record(case, "group", DAY, {"leader": "岑伯安", "people": ["方知行", "甘棠"], "shelf": "青-1"})
    (scan,) = add(case, seq, JPG)
    told = {"papers": {case.pk: records("papers", case.pk)}}
    assert [found for kind, logs in told.items() for found in Prover().take(kind, logs)] == []
    Attachment.objects.filter(pk=scan.pk).update(sealed=seal(b"another page", place="attachment"))
    assert [found for kind, logs in told.items() for found in Prover().take(kind, logs)] != []
