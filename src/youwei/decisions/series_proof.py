"""Series and their members as the logs of the organs that keep them say they are."""

from collections.abc import Iterator, Mapping, Sequence

from youwei.decisions.models import Series, SeriesMember
from youwei.journal.proof import Table, Told, compare, readable
from youwei.journal.queries import Finding, Record

SERIES = Table(Series, "系列案", {"title": "名称", "organ_id": "机关", "made_at": "建立时间"})
MEMBERS = Table(
    SeriesMember,
    "系列案的决定",
    {"series_id": "系列案", "decision_id": "决定", "joined_on": "列入日期", "left_on": "移出日期"},
)
TABLES = (SERIES, MEMBERS)


def check(logs: Mapping[int, Sequence[Record]]) -> Iterator[Finding]:
    """What the rows of the series these organs keep say otherwise than their logs."""
    series: dict[int, Told] = {}
    members: dict[tuple[int, int], Told] = {}
    for ref, records in logs.items():
        for record in records:
            if record.kind.startswith("series."):
                _read(ref, record, series, members)
    rows, broken = readable(SERIES, Series.objects.filter(organ__in=list(logs)))
    yield from broken
    yield from compare(SERIES, [(row.pk, row) for row in rows], series.values())
    found, broken = readable(MEMBERS, SeriesMember.objects.filter(series__organ__in=list(logs)))
    yield from broken
    yield from compare(MEMBERS, [((row.series_id, row.decision_id), row) for row in found], members.values())


def _read(ref: int, record: Record, series: dict[int, Told], members: dict[tuple[int, int], Told]) -> None:
    said, pk = record.content, record.content["series"]
    place = ("organ", ref)
    if record.kind == "series.made":
        series[pk] = Told(place, pk)
        series[pk].say(record, title=said["title"], organ_id=ref, made_at=record.at)
    for decision in said["joined"]:
        told = members.setdefault((pk, decision), Told(place, (pk, decision)))
        told.say(record, series_id=pk, decision_id=decision, joined_on=record.on, left_on=None)
    for decision in said["left"]:
        members[pk, decision].say(record, left_on=record.on)
