"""What is to be looked at in the records of cases before they are approved, with the records of the same office they are compared with.

Another record is named to whoever may read its case; to others only that there is one. Sealed cases are compared with nothing.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from youwei.cases import logs
from youwei.cases.models import Case, Done
from youwei.cases.queries import View
from youwei.engine.remarks import MET, Record, Remark, looked_at, remarks, texts_of
from youwei.engine.types import Standing
from youwei.engine.values import read_date
from youwei.journal.models import Entry as Written
from youwei.journal.queries import open_content
from youwei.organs.models import Organ
from youwei.organs.policy import Reader, visible
from youwei.rulebook.days import chinese_date
from youwei.rulebook.pack_types import PackRef, Step

MOST_LOOKED_AT, MOST_COMPARED, MOST_MET = 8, 40, 60
Wanted = Sequence[tuple[View, Iterable[str]]]
"""Cases as they stand, each with the steps whose records are looked at."""


@dataclass(frozen=True, slots=True)
class Told:
    """A remark as this reader reads it; `case` is where the other record lies, 0 where it is not named."""

    step: str
    text: str
    case: int = 0
    label: str = ""


def told(who: Reader, wanted: Wanted) -> dict[int, list[Told]]:
    """The remarks on the newest records of these steps, by case. Five queries, whatever is stored."""
    mine = {view.case.pk: (view, _newest(view, steps)) for view, steps in wanted if not view.case.sealed}
    mine = {pk: each for pk, each in mine.items() if each[1]}
    if not mine:
        return {}
    cases = [view.case for view, _ in mine.values()]
    steps = {record.step for _, records in mine.values() for record in records}
    days = {record.on for _, records in mine.values() for record in records}
    beside = _beside(cases)
    same = {"case__procedure__in": {case.procedure for case in cases}, "step__in": steps}
    compared = [_Row(*row) for row in beside.filter(**same)[:MOST_COMPARED]]
    met = [_Row(*row) for row in beside.filter(kind__in=MET, on__in=days)[:MOST_MET]]
    regions = _regions([case.subject_organ.path for case in cases] + [row.path for row in met])
    others = _opened(compared)
    there = [row.record(region=_region(row.path, regions), people=tuple(map(str, row.people))) for row in met]
    found = {
        pk: [
            each
            for record in records
            for each in _on(view, record, others, there, _region(view.case.subject_organ.path, regions))
        ]
        for pk, (view, records) in mine.items()
    }
    seen = _readable(who, {each.other.case for own in found.values() for each in own if each.other is not None})
    return {pk: [_told(each, seen) for each in own] for pk, own in found.items()}


def _readable(who: Reader, cases: set[int]) -> set[int]:
    """Of these cases, those whose records the reader may read. One query, also for none, so that a page always makes as many."""
    return set(visible(who, "case.read", Case.objects.filter(pk__in={0, *cases})).values_list("pk", flat=True))


def _newest(view: View, steps: Iterable[str]) -> list[Standing]:
    wanted = [view.pack.steps[name] for name in steps if name in view.pack.steps]
    found = [
        record
        for step in wanted
        if step.kind in MET or looked_at(step)
        for record in view.standing.get(step.id, {}).values()
    ]
    return sorted(found, key=lambda each: each.seq, reverse=True)[:MOST_LOOKED_AT]


class _Row(NamedTuple):
    """A standing record of the same office, as the index has it."""

    case: int
    seq: int
    step: str
    on: date
    people: list[Any]
    procedure: str
    version: str
    person: str | None
    unit: str
    path: str

    def record(self, **more: Any) -> Record:
        return Record(self.case, self.seq, self.step, self.on, name=self.person or self.unit, **more)


COLUMNS = (
    "case_id", "entry_seq", "step", "on", "people", "case__procedure", "case__version", "case__person__name", "case__subject_organ__name",
    "case__subject_organ__path",
)  # fmt: skip


def _beside(cases: Sequence[Case]) -> Any:
    """Standing records of the same offices, the newest first."""
    rows = Done.objects.filter(case__organ__in={case.organ_id for case in cases}, case__sealed=False)
    return rows.order_by("-pk").values_list(*COLUMNS)


def _opened(rows: Sequence[_Row]) -> list[Record]:
    """The texts of these records as they were first written. One query."""
    by_entry = {(row.case, row.seq): row for row in rows}
    found, packs = [], logs.packs()
    entries = Written.objects.filter(
        log__kind="case", log__ref__in={row.case for row in rows}, seq__in={row.seq for row in rows}
    )
    for ref, seq, sealed in entries.values_list("log__ref", "seq", "content__sealed"):
        row = by_entry.get((ref, seq))
        pack = packs.get(PackRef(row.procedure, row.version)) if row is not None else None
        step = pack.steps.get(row.step) if pack is not None and row is not None else None
        if row is not None and step is not None and sealed is not None:
            found.append(row.record(texts=texts_of(step, json.loads(open_content(sealed)[1]).get("values", {}))))
    return found


def _on(view: View, standing: Standing, others: Sequence[Record], met: Sequence[Record], region: str) -> list[Remark]:
    step: Step = view.pack.steps[standing.step]
    people = tuple(_name(each) for each in standing.values.get("people") or ())
    texts = texts_of(step, standing.values)
    record = Record(view.case.pk, standing.seq, step.id, standing.on, region=region, people=people, texts=texts)
    facts = view.plan.facts
    begins, ends = (read_date(facts.get(f"period.{name}")) for name in ("starts_on", "ends_on"))
    period = (begins if isinstance(begins, date) else None, ends if isinstance(ends, date) else None)
    return remarks(step, record, others=others, met=met, period=period)


def _name(person: Any) -> str:
    return str(person.get("name", "")) if isinstance(person, Mapping) else str(person)


def _told(remark: Remark, seen: set[int]) -> Told:
    other = remark.other
    if other is None:
        return Told(remark.step, remark.what)
    if other.case not in seen:
        return Told(remark.step, f"{remark.what}：与本机关另一记录相近，请核对")
    return Told(
        remark.step, f"{remark.what}：请与这条记录核对", other.case, f"{other.name}{chinese_date(other.on)}的记录"
    )


def _regions(paths: Iterable[str]) -> list[str]:
    """Of the organs in these paths those that are regions, by their own paths. One query."""
    keys = {int(part) for path in paths for part in path.split("/") if part}
    return list(Organ.objects.filter(pk__in=keys, kind=Organ.Kind.REGION).values_list("path", flat=True))


def _region(path: str, regions: Iterable[str]) -> str:
    """The nearest region an organ stands in; the top of the tree is none, whoever works there goes everywhere."""
    return max((each for each in regions if path.startswith(each) and each.count("/") > len("//")), key=len, default="")
