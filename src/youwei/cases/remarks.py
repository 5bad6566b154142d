"""What is to be looked at in the records of cases before they are approved, with the records of the same office they are compared with.

Another record is named to whoever may read its case; to others only that there is one. Sealed cases are compared with nothing.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef

from youwei.cases import logs
from youwei.cases.models import Case, Done
from youwei.cases.queries import View
from youwei.engine.remarks import MET, Record, Remark, looked_at, remarks, texts_of
from youwei.engine.sieve import Standing
from youwei.engine.values import read_date
from youwei.journal.models import Entry as Written
from youwei.journal.queries import record as read
from youwei.organs.models import Organ
from youwei.organs.policy import Reader, visible
from youwei.rulebook.days import chinese_date
from youwei.rulebook.pack_types import PackRef, Step

MOST_LOOKED_AT, MOST_COMPARED, MOST_MET = 8, 40, 120
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
    """The remarks on the newest records of these steps, by case. At most five queries, whatever is stored."""
    mine = {view.case.pk: (view, _newest(view, steps)) for view, steps in wanted if not view.case.sealed}
    mine = {pk: each for pk, each in mine.items() if each[1]}
    if not mine:
        return {}
    cases = [view.case for view, _ in mine.values()]
    steps = {record.step for _, records in mine.values() for record in records}
    compared = list(
        _beside(who, cases).filter(case__procedure__in={case.procedure for case in cases}, step__in=steps)[
            :MOST_COMPARED
        ]
    )
    days = {record.on for _, records in mine.values() for record in records}
    met = list(_beside(who, cases).filter(kind__in=MET, on__in=days)[:MOST_MET])
    regions = _regions([case.subject_organ for case in cases] + [row.case.subject_organ for row in met])
    others, seen = _opened(compared), {row.case_id for row in (*compared, *met) if row.seen}
    met_there = [_met(row, regions) for row in met]
    return {
        pk: [
            _told(each, seen)
            for record in records
            for each in _on(view, record, others, met_there, _region(view.case.subject_organ, regions))
        ]
        for pk, (view, records) in mine.items()
    }


def _newest(view: View, steps: Iterable[str]) -> list[Standing]:
    wanted = [view.pack.steps[name] for name in steps if name in view.pack.steps]
    found = [
        record
        for step in wanted
        if step.kind in MET or looked_at(step)
        for record in view.standing.get(step.id, {}).values()
    ]
    return sorted(found, key=lambda each: each.seq, reverse=True)[:MOST_LOOKED_AT]


def _beside(who: Reader, cases: Sequence[Case]) -> Any:
    """Standing records of the same offices, the newest first, each with whether the reader may read its case."""
    readable = visible(who, "case.read", Case.objects.filter(pk=OuterRef("case_id")))
    rows = Done.objects.filter(case__organ__in={case.organ_id for case in cases}, case__sealed=False)
    return rows.select_related("case__person", "case__subject_organ").annotate(seen=Exists(readable)).order_by("-pk")


def _opened(rows: Sequence[Done]) -> list[Record]:
    """The texts of these records as they were first written. One query."""
    by_entry = {(row.case_id, row.entry_seq): row for row in rows}
    found, packs = [], logs.packs()
    entries = Written.objects.filter(
        log__kind="case", log__ref__in={row.case_id for row in rows}, seq__in={row.entry_seq for row in rows}
    )
    for entry in entries.select_related("content", "log"):
        row = by_entry.get((entry.log.ref, entry.seq))
        pack = packs.get(PackRef(row.case.procedure, row.case.version)) if row is not None else None
        step = pack.steps.get(row.step) if pack is not None and row is not None else None
        if row is not None and step is not None:
            texts = texts_of(step, read(entry).content.get("values", {}))
            found.append(_record(row.case, row.entry_seq, step.id, row.on, texts=texts))
    return found


def _record(case: Case, seq: int, step: str, on: date, **more: Any) -> Record:
    name = case.person.name if case.person is not None else case.subject_organ.name
    return Record(case.pk, seq, step, on, name=name, **more)


def _met(row: Done, regions: Mapping[int, str]) -> Record:
    people = tuple(map(str, row.people))
    return _record(
        row.case, row.entry_seq, row.step, row.on, region=_region(row.case.subject_organ, regions), people=people
    )


def _on(view: View, standing: Standing, others: Sequence[Record], met: Sequence[Record], region: str) -> list[Remark]:
    step: Step = view.pack.steps[standing.step]
    people = tuple(_name(each) for each in standing.values.get("people") or ())
    record = _record(
        view.case,
        standing.seq,
        step.id,
        standing.on,
        region=region,
        people=people,
        texts=texts_of(step, standing.values),
    )
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


def _regions(organs: Iterable[Organ]) -> dict[int, str]:
    """Of the organs in these paths those that are regions. One query."""
    keys = {int(part) for organ in organs for part in organ.path.split("/") if part}
    rows = Organ.objects.filter(pk__in=keys, kind=Organ.Kind.REGION).values_list("pk", "path")
    return dict(rows)


def _region(organ: Organ, regions: Mapping[int, str]) -> str:
    """The nearest region an organ stands in; the top of the tree is none, whoever works there goes everywhere."""
    inside = [path for path in regions.values() if organ.path.startswith(path) and path.count("/") > len("//")]
    return max(inside, key=len, default="")
