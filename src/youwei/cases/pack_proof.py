"""Versions of procedures as their logs say they are: every act keeps what it changed of the row."""

from collections.abc import Iterator, Mapping, Sequence

from youwei.cases.models import PackVersion
from youwei.journal.proof import Table, Told, compare, readable
from youwei.journal.queries import Finding, Record

VERSIONS = Table(
    PackVersion, "规程版本",
    {"procedure": "规程", "version": "版本", "title": "名称", "text": "全文", "digest": "摘要", "state": "状态", "organ_id": "编写单位",
     "writer": "最后编写人", "writer_id": "最后编写账号", "ended_on": "最后施行的一天"},
)  # fmt: skip


def take(logs: Mapping[int, Sequence[Record]]) -> Iterator[Finding]:
    """What of these versions is not as their logs say."""
    rows, broken = readable(VERSIONS, PackVersion.objects.filter(pk__in=list(logs)).order_by("pk"))
    yield from broken
    unread = {each.row for each in broken}
    told = [_told(ref, records) for ref, records in logs.items() if ref not in unread]
    yield from compare(VERSIONS, [(row.pk, row) for row in rows], told)


def _told(ref: int, records: Sequence[Record]) -> Told:
    found = Told(("pack", ref), ref)
    blank = PackVersion()
    empty = {name: getattr(blank, name) for name in VERSIONS.columns}
    for number, record in enumerate(records):
        found.say(record, **(empty if number == 0 else {}) | record.content.get("row", {}))
    return found
