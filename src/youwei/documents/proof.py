"""Papers and attachments as the log of a case's papers says they are, down to the bytes."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from youwei.documents.commands import KEPT
from youwei.documents.models import Attachment, Paper
from youwei.journal.proof import Table, Told, compare, readable, strays
from youwei.journal.queries import Finding, Record


def digest(row: Any) -> str:
    """The digest of the bytes themselves, read one file at a time and not kept."""
    sealed = type(row).objects.values_list("sealed", flat=True).get(pk=row.pk)
    return hashlib.new("sm3", type(row)(sealed=sealed).data()).hexdigest()


PAPERS = Table(
    Paper, "文书",
    {"case_id": "事项", "entry_seq": "记录", "kind": "种类", "title": "名称", "sealed": "内容", "digest": "摘要", "issued_at": "出具时间",
     "by": "出具人"},
    {"sealed": digest},
)  # fmt: skip
FILES = Table(
    Attachment, "附件",
    {"case_id": "事项", "step": "环节", "key": "序号", "entry_seq": "记录", "filename": "文件名", "media_type": "文件类型", "size": "大小",
     "digest": "摘要", "sealed": "内容", "uploaded_at": "上传时间", "by": "上传人"},
    {"sealed": digest},
)  # fmt: skip
TABLES = (PAPERS, FILES)
STAMP = {PAPERS: "issued_at", FILES: "uploaded_at"}


class Prover:
    def take(self, kind: str, logs: Mapping[int, Sequence[Record]]) -> Iterator[Finding]:
        if kind != "papers":
            return
        for table, name in ((PAPERS, "papers"), (FILES, "attachments")):
            columns = KEPT[name]
            told: dict[int, Told] = {}
            for ref, records in logs.items():
                for record in records:
                    told |= {
                        said["id"]: _told(table, columns, ref, record, said) for said in record.content.get(name, ())
                    }
            rows, broken = readable(table, table.model._base_manager.filter(case__in=list(logs)).defer("sealed"))
            yield from broken
            yield from compare(table, [(row.pk, row) for row in rows], told.values())

    def close(self) -> Iterable[Finding]:
        yield from strays(PAPERS, "case_id", "papers")
        yield from strays(FILES, "case_id", "papers")


def _told(table: Table, columns: Sequence[str], ref: int, record: Record, said: Mapping[str, Any]) -> Told:
    told = Told(("papers", ref), said["id"])
    kept = {column: said[column] for column in columns if column != "id"}
    told.say(record, case_id=ref, sealed=said["digest"], by=record.by, **{STAMP[table]: record.at}, **kept)
    return told
