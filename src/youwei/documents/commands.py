"""Recording a step with what belongs to it: the files sent along and the papers it produces. Issuing papers is in `issuing`."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from youwei.cases import commands as cases
from youwei.cases import many, rows
from youwei.cases.logs import pack_of
from youwei.cases.models import Case
from youwei.cases.queries import standing, view
from youwei.documents.issuing import Refused, issue
from youwei.documents.models import Attachment, Paper
from youwei.engine.types import EntryKind, Fault, Via
from youwei.journal.actors import Actor
from youwei.journal.commands import Act, append
from youwei.journal.queries import records
from youwei.journal.sealing import seal
from youwei.organs.models import Account
from youwei.rulebook.packs import Kind, Step

OF_A_PAPER = ("id", "entry_seq", "kind", "title", "digest")
OF_A_FILE = ("id", "step", "key", "entry_seq", "filename", "media_type", "size", "digest")
KEPT = {"papers": OF_A_PAPER, "attachments": OF_A_FILE}
LARGEST = 20 * 1024 * 1024
MOST_FILES = 60
SCANNED = ("pdf", "jpg", "jpeg", "png")
SIGNATURES: dict[str, tuple[bytes, ...]] = {
    "pdf": (b"%PDF-",),
    "png": (b"\x89PNG\r\n\x1a\n",),
    "jpg": (b"\xff\xd8\xff",),
    "jpeg": (b"\xff\xd8\xff",),
    "docx": (b"PK\x03\x04",),
    "xlsx": (b"PK\x03\x04",),
    "ofd": (b"PK\x03\x04",),
    "wps": (b"\xd0\xcf\x11\xe0", b"PK\x03\x04"),
    "doc": (b"\xd0\xcf\x11\xe0",),
}
MEDIA = {
    "pdf": "application/pdf", "png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}  # fmt: skip


def checked_type(filename: str, data: bytes) -> str:
    """The media type of a file whose ending and first bytes agree. Raises Refused."""
    ending = filename.rpartition(".")[2].lower()
    if ending not in SIGNATURES:
        raise Refused(f"附件“{filename}”：不收这种文件；可以用 {'、'.join(SIGNATURES)}")
    if not data:
        raise Refused(f"附件“{filename}”：文件是空的；请重新选择")
    if len(data) > LARGEST:
        raise Refused(f"附件“{filename}”：超过20MB；请压缩或分开上传")
    if not data.startswith(SIGNATURES[ending]):
        raise Refused(f"附件“{filename}”：内容与扩展名不符；请另存为正确格式再上传")
    return MEDIA.get(ending, "application/octet-stream")


def checked_scans(files: Sequence[tuple[str, bytes]]) -> None:
    """Pages of paper, photographed or scanned, whichever way up. Raises Refused where one is none, or there are too many or none."""
    if not files:
        raise Refused("没有选择文件；请把签好的纸质材料拍照或扫描后附上")
    if len(files) > MOST_FILES:
        raise Refused(f"一次最多附{MOST_FILES}个文件，现在是{len(files)}个；请合成PDF，或分几次附")
    for filename, data in files:
        if filename.rpartition(".")[2].lower() not in SCANNED:
            raise Refused(f"“{filename}”不是照片或扫描件；请用 {'、'.join(SCANNED)}")
        checked_type(filename, data)


@transaction.atomic
def attach(
    *, case: Case, step: str, key: str, filename: str, data: bytes, by: Actor, at: datetime, entry_seq: int
) -> Attachment:
    """Keep a file with a record, sealed, once; the log of the case's papers names it by its digest.

    A file's name lies outside the seal: in a sealed case it bears a number instead of the one it came with.
    """
    media_type = checked_type(filename, data)
    digest = hashlib.new("sm3", data).hexdigest()
    known = Attachment.objects.filter(case=case, entry_seq=entry_seq, digest=digest).first()
    if known is not None:
        return known
    if case.sealed:
        filename = f"附件{Attachment.objects.filter(case=case).count() + 1}.{filename.rpartition('.')[2].lower()}"
    return Attachment.objects.create(
        case=case, step=step, key=key, filename=filename[-160:], media_type=media_type, size=len(data), digest=digest,
        sealed=seal(data, place="attachment"), uploaded_at=at, by=by.name, entry_seq=entry_seq,
    )  # fmt: skip


@transaction.atomic
def add_scans(
    *, case: Case, entry_seq: int, files: Sequence[tuple[str, bytes]], by: Actor, at: datetime
) -> list[Attachment]:
    """Keep scans with a record made earlier, also after the case has ended. The same file again adds nothing.

    `entry_seq` is the entry the record began with. Raises Refused when it no longer stands, or a file is no scan; then none is kept.
    """
    found = standing(case, entry_seq)
    if found is None:
        raise Refused("这条记录已经撤回、退回或重新办理；请刷新页面，附到现在的记录上")
    checked_scans(files)
    return keep_with(case=case, step=found.step, key=found.key, entry_seq=entry_seq, files=files, by=by, at=at)


@transaction.atomic
def keep_with(
    *, case: Case, step: str, key: str, entry_seq: int, files: Iterable[tuple[str, bytes]], by: Actor, at: datetime
) -> list[Attachment]:
    """Keep files with an entry, in their order, and enter them by their digests."""
    kept = _keep(case=case, step=step, key=key, entry_seq=entry_seq, files=files, by=by, at=at)
    _enter(case, {"papers": [], "attachments": kept}, by, at)
    return kept


def _keep(
    *, case: Case, step: str, key: str, entry_seq: int, files: Iterable[tuple[str, bytes]], by: Actor, at: datetime
) -> list[Attachment]:
    return [
        attach(case=case, step=step, key=key, filename=filename, data=data, by=by, at=at, entry_seq=entry_seq)
        for filename, data in files
    ]


@transaction.atomic
def record(
    *, case: Case, step: Step, key: str, by: Actor, account: Account, on: date, at: datetime, today: date,
    files: Iterable[tuple[str, bytes]] = (), **entry: Any,
) -> int:  # fmt: skip
    """Record a step together with its files and papers; the draft it came from goes. All of it or nothing.

    `entry`: values, behalf, paper, seen and token of `cases.commands.act`. Raises what that raises, and Refused when a file cannot be taken or
    a paper not be issued. The same token again adds nothing. An approval entered for somebody else comes with its scan.
    """
    files = list(files)
    if step.kind is Kind.APPROVAL and entry.get("behalf"):
        checked_scans(files)
    seq = cases.act(
        case=case, kind=EntryKind.RECORD, by=by, on=on, at=at, today=today, step=step.id, key=key, **entry
    )  # fmt: skip
    attached = _keep(case=case, step=step.id, key=key, entry_seq=seq, files=files, by=by, at=at)
    found = standing(case, seq)
    issued = issue(case=case, step=step, pack=pack_of(case), standing=found, by=by, at=at) if found is not None else []
    _enter(case, {"papers": issued, "attachments": attached}, by, at)
    cases.drop_draft(account=account, case=case, step=step.id, key=key)
    return seq


@transaction.atomic
def replace_named(
    *, case: Case, step: Step, key: str, by: Actor, on: date, at: datetime, today: date, **entry: Any
) -> int:
    """Put somebody else where a step names who holds a role. Its papers are issued anew for the one who holds it now; those issued stay.

    `entry`: values, reason, seen and token of `cases.commands.act`. Raises what that raises, and Refused when a paper cannot be issued.
    """
    seq = cases.act(
        case=case, kind=EntryKind.REPLACED, by=by, on=on, at=at, today=today, step=step.id, key=key, **entry
    )  # fmt: skip
    now = view(case, today).standing.get(step.id, {}).get(key)
    if now is not None and step.papers:
        now = replace(now, seq=seq, on=on, at=today, by=by.name, behalf="")
        _enter(case, {"papers": issue(case=case, step=step, pack=pack_of(case), standing=now, by=by, at=at)}, by, at)
    return seq


@transaction.atomic
def record_rows(
    *, case: Case, step: Step, files: Mapping[str, Sequence[tuple[str, bytes]]], by: Actor, at: datetime, **entry: Any
) -> int:
    """Record a step for these rows with the files sent for each. All of it or nothing. Returns how many.

    `entry`: what `cases.rows.record_rows` takes. Raises what that raises, and Refused when a file cannot be taken.
    """
    count = rows.record_rows(case=case, step=step.id, by=by, at=at, **entry)
    if files:
        records = view(case, entry["today"]).standing.get(step.id, {})
        for key, sent in files.items():
            keep_with(case=case, step=step.id, key=key, entry_seq=records[key].seq, files=sent, by=by, at=at)
    return count


def record_many(
    *, wanted: Sequence[many.Wanted], token: str, by: Actor, at: datetime, today: date, via: Via | None = None
) -> list[many.Result]:  # fmt: skip
    """Record a step in many cases, each judged on its own and with its papers. A result for each case, in the order given.

    Sent again with the same token, what stands stays as it is and what was refused is tried again.
    """
    steps = {each.case.pk: pack_of(each.case).steps.get(each.step) for each in wanted}
    plain = [each for each in wanted if not getattr(steps[each.case.pk], "papers", ())]
    found = {
        result.case: result for result in many.enter_many(wanted=plain, token=token, by=by, at=at, today=today, via=via)
    }
    for each in wanted:
        step = steps[each.case.pk]
        if each.case.pk in found or step is None:
            continue
        try:
            found[each.case.pk] = _record_with_papers(each, step, token, by, at, today, via)
        except Refused as refused:
            found[each.case.pk] = many.Result(each.case.pk, faults=(Fault("", f"{refused}。", "", "paper"),))
    return [found[each.case.pk] for each in wanted]


@transaction.atomic
def _record_with_papers(
    each: many.Wanted, step: Step, token: str, by: Actor, at: datetime, today: date, via: Via | None
) -> many.Result:
    (result,) = many.enter_many(wanted=[each], token=token, by=by, at=at, today=today, via=via)
    if result.seq:
        issue_for(case=each.case, step=step, seq=result.seq, by=by, at=at)
    return result


@transaction.atomic
def issue_for(*, case: Case, step: Step, seq: int, by: Actor, at: datetime) -> None:
    """Issue the papers of a record that an act of its own has entered, in that act's transaction. Raises Refused."""
    found = standing(case, seq)
    if found is not None and step.papers:
        _enter(case, {"papers": issue(case=case, step=step, pack=pack_of(case), standing=found, by=by, at=at)}, by, at)


def _enter(case: Case, kept: Mapping[str, Sequence[Paper | Attachment]], by: Actor, at: datetime) -> None:
    """Each file by its digest, once, in the log of the case's papers: `verify` finds one that is altered or gone."""
    if not any(kept.values()):
        return
    told = {
        (name, each["id"])
        for entry in records("papers", case.pk)
        for name in kept
        for each in entry.content.get(name, ())
    }
    content = {
        name: [{column: getattr(row, column) for column in KEPT[name]} for row in rows if (name, row.pk) not in told]
        for name, rows in kept.items()
    }
    if any(content.values()):
        append(Act("papers", case.pk, "papers.kept", content, by, timezone.localdate(at), at))
