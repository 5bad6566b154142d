"""A record, its files and its papers are one act: what cannot be printed or kept is refused, and nothing of it is written."""

import hashlib
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from docx import Document

from tests.support.cast import Cast
from youwei.cases.logs import pack_of
from youwei.cases.models import Case, Draft
from youwei.cases.tests.builders import MENTOR, VISIT, case_of, moment, record
from youwei.documents import issuing
from youwei.documents.commands import record as record_with_papers
from youwei.documents.issuing import PaperKind, Refused
from youwei.documents.models import Attachment, Paper
from youwei.journal.actors import Actor
from youwei.journal.models import Entry
from youwei.journal.queries import records

pytestmark = pytest.mark.req("I3", "J4")
DAY = date(2026, 6, 17)
PDF = ("谈话照片.pdf", b"%PDF-1.7 scan")


@pytest.fixture
def waiting(cast: Cast) -> Case:
    """A case whose first visit is due."""
    case = case_of(cast)
    record(case, "group", date(2026, 3, 18), {"leader": "岑伯安", "people": ["方知行", "甘棠"], "shelf": "青-1"})
    record(case, "mentor", date(2026, 3, 20), MENTOR)
    return case


def visit(cast: Cast, case: Case, **more: Any) -> int:
    return record_with_papers(
        case=case, step=pack_of(case).steps["visit"], key="1", by=Actor("方知行"), account=cast.officer, on=DAY, at=moment(DAY),
        today=DAY, values=VISIT, token="once", **more,
    )  # fmt: skip


@pytest.mark.django_db
def test_the_record_its_file_and_its_paper_come_together_and_once(cast: Cast, waiting: Case) -> None:
    first = visit(cast, waiting, files=[PDF])
    assert visit(cast, waiting, files=[PDF]) == first
    assert [paper.entry_seq for paper in Paper.objects.all()] == [first]
    assert [(file.entry_seq, file.data()) for file in Attachment.objects.all()] == [(first, PDF[1])]
    (kept,) = records("papers", waiting.pk)
    (paper,), (file,) = kept.content["papers"], kept.content["attachments"]
    assert (kept.kind, kept.by, paper["entry_seq"], file["filename"]) == ("papers.kept", "方知行", first, PDF[0])
    assert file["digest"] == hashlib.new("sm3", PDF[1]).hexdigest()


@pytest.mark.django_db
@pytest.mark.parametrize("fault", ["missing", "no word file", "unknown name", "bad mark"])
def test_a_template_at_fault_is_refused_by_its_paper_s_name_and_nothing_is_written(
    cast: Cast, waiting: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    broken = template(tmp_path, fault)
    kind = PaperKind("visit-record", "回访谈话记录", broken)
    monkeypatch.setattr("youwei.documents.issuing.kinds", lambda *_: [kind])
    before = Entry.objects.count()
    with pytest.raises(Refused, match=r"文书“回访谈话记录”出不来.*没有记录.*系统管理员"):
        visit(cast, waiting, files=[PDF])
    assert (Entry.objects.count(), Paper.objects.count(), Attachment.objects.count()) == (before, 0, 0)


def template(folder: Path, fault: str) -> Path:
    path = folder / "visit-record.docx"
    if fault == "no word file":
        path.write_bytes(b"this is no Word file")
    elif fault != "missing":
        document = Document()
        document.add_paragraph("{{ f.nobody.knows.this }}" if fault == "unknown name" else "{% if %}")
        document.save(str(path))
    return path


@pytest.mark.django_db
def test_over_http_the_refusal_is_shown_and_what_was_typed_is_kept(
    cast: Cast, waiting: Case, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    kind = PaperKind("visit-record", "回访谈话记录", tmp_path / "none.docx")
    monkeypatch.setattr("youwei.documents.issuing.kinds", lambda *_: [kind])
    client = Client()
    client.force_login(cast.officer, backend="django.contrib.auth.backends.ModelBackend")
    sent = {
        "key": "1", "token": "t", "on": "20260617", "outcome": "已进行", "planned": "yes", "mode": "谈话", "place": "区政务中心",
        "people-typed": "方知行、甘棠", "heard": "本人", "account": "这句话不能丢", "contacted": "yes", "execution": "已执行到位",
        "management": "已落实", "next_on": "2026年9月17日",
    }  # fmt: skip
    answer = client.post(reverse("case-record", args=[waiting.pk, "visit"]), sent)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "回访谈话记录" in page
    assert "系统管理员" in page
    assert "这句话不能丢" in page
    assert Draft.objects.get().step == "visit"
    assert not Paper.objects.exists()
    assert not Entry.objects.filter(step="visit").exists()


@pytest.mark.django_db
def test_a_paper_that_fails_after_another_leaves_neither(
    cast: Cast, waiting: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = issuing.kinds

    def two(pack: Any, step: Any) -> list[PaperKind]:
        (good,) = real(pack, step)
        return [good, PaperKind("second", "另一份", Path("/nowhere/second.docx"))]

    monkeypatch.setattr(issuing, "kinds", two)
    with pytest.raises(Refused, match="另一份"):
        visit(cast, waiting)
    assert not Paper.objects.exists()
