"""The library of guiding cases as the logs of the organs that keep them say it is: every act keeps what it made of the row."""

from collections.abc import Iterator, Mapping, Sequence

from youwei.cases.models import GuidingCase
from youwei.journal.proof import Table, Told, compare, readable
from youwei.journal.queries import Finding, Record

GUIDING = Table(
    GuidingCase, "指导性案例",
    {"organ_id": "机关", "title": "标题", "place": "地区", "happened": "时间", "situation": "情形", "items": "对照的方面和清单",
     "decided": "怎样认定、理由", "source": "来源", "tags": "标签", "words": "检索用语", "case": "所依据的事项", "state": "状态",
     "version": "第几稿", "writer": "拟稿人", "writer_id": "拟稿账号", "published_on": "发布日期", "published_by": "发布人",
     "withdrawn_on": "撤下日期", "withdrawn_because": "撤下理由"},
)  # fmt: skip


def take(logs: Mapping[int, Sequence[Record]]) -> Iterator[Finding]:
    """What of the guiding cases these organs keep is not as their logs say."""
    rows, broken = readable(GUIDING, GuidingCase.objects.filter(organ__in=list(logs)).order_by("pk"))
    yield from broken
    unread, told = {each.row for each in broken}, dict[int, Told]()
    for ref, records in logs.items():
        for record in records:
            if record.kind.startswith("guiding.") and record.content["guiding"] not in unread:
                _say(told, ref, record)
    yield from compare(GUIDING, [(row.pk, row) for row in rows], told.values())


def _say(told: dict[int, Told], organ: int, record: Record) -> None:
    pk, blank = record.content["guiding"], GuidingCase()
    if pk not in told:
        told[pk] = Told(("organ", organ), pk)
        told[pk].say(record, **{name: getattr(blank, name) for name in GUIDING.columns} | {"organ_id": organ})
    told[pk].say(record, **record.content["row"])
