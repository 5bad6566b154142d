"""The rows behind a number, made ready to be shown and exported."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet

from youwei.cases.models import Case, Done, Exempted, NotDone, OpenStep
from youwei.cases.queries import reasons
from youwei.decisions.models import Decision
from youwei.organs.policy import Reader, visible
from youwei.people.models import Person
from youwei.rulebook.pack_types import Kind
from youwei.statistics.asks import Ask
from youwei.statistics.measures import FORM_TITLES
from youwei.statistics.shapes import Count, Source
from youwei.ui.words import DASH, cn_date

STUB = "涉密存根"


@dataclass(frozen=True, slots=True)
class Item:
    """One row: whom it is about, the address of the dossier when the reader may open it, and the other columns as text."""

    name: str
    person: int | None
    cells: Sequence[str]


HEADS = {
    Source.DECISIONS: ("姓名", "单位、职务", "处分、处理", "四种形态", "决定文号", "决定日期", "决定机关"),
    Source.CASES: ("姓名", "单位、职务", "处分、处理", "应访期限", "上次回访", "承办机关", "未访原因"),
    Source.VISITS: ("姓名", "单位、职务", "处分、处理", "回访日期", "环节", "结果", "说明"),
    Source.NOT_DONE: ("姓名", "单位、职务", "事项", "没有办的环节", "说明日期", "原因", "后来"),
}
HEADS |= dict.fromkeys(
    (Source.ITEMS, Source.EXEMPTED), ("姓名", "单位、职务", "事项", "要办的事项", "期限", "承办机关", "情况")
)
HEADS[Source.MISSING] = ("姓名", "单位、职务", "事项", "要办的事项", "期限", "责任机关", "情况")
HEADS[Source.DATELESS] = HEADS[Source.DECISIONS]


def ordered(found: QuerySet[Any], source: Source) -> QuerySet[Any]:
    """The newest first."""
    if source == Source.CASES:
        return (
            found.select_related("person", "organ", "decision__unit", "decision__counted_at")
            .prefetch_related("decision__measures")
            .order_by("-pk")
        )
    if source == Source.VISITS:
        found = found.select_related("case__person", "case__decision__unit", "case__decision__counted_at")
        return found.prefetch_related("case__decision__measures").order_by("-on", "-pk")
    if source in (Source.ITEMS, Source.MISSING, Source.EXEMPTED):
        more = ("organ",) if source == Source.MISSING else ()
        found = found.select_related(
            "case__person", "case__organ", "case__decision__unit", "case__decision__counted_at", *more
        )
        return found.order_by("-due_on", "-pk")
    if source == Source.NOT_DONE:
        return found.select_related("case__person", "case__decision__unit", "case__decision__counted_at").order_by(
            "-on", "-pk"
        )
    found = found.select_related("person", "unit", "counted_at", "deciding_organ").prefetch_related("measures")
    return found.order_by("-made_on", "-pk")


def items(found: Iterable[Any], count: Count, ask: Ask, reader: Reader) -> list[Item]:
    """Rows made ready; three statements for however many there are."""
    rows = list(found)
    if count.source == Source.CASES:
        return _cases(rows, ask, _openable([row.person_id for row in rows], reader))
    if count.source == Source.VISITS:
        return _visits(rows, _openable([row.case.person_id for row in rows], reader))
    if count.source in (Source.ITEMS, Source.MISSING, Source.EXEMPTED):
        return _duties(rows, _openable([row.case.person_id for row in rows], reader))
    if count.source == Source.NOT_DONE:
        return _not_done(rows, _openable([row.case.person_id for row in rows], reader))
    return _decisions(rows, _openable([row.person_id for row in rows], reader))


def _openable(keys: Iterable[int | None], reader: Reader) -> frozenset[int]:
    """Of the persons in a list, those whose dossier the reader may open."""
    wanted = sorted({key for key in keys if key is not None})
    found: set[int] = set()
    for start in range(0, len(wanted), 500):
        rows = visible(
            reader, "person.view", Person.objects.filter(pk__in=wanted[start : start + 500], state=Person.State.ACTIVE)
        )
        found |= set(rows.values_list("pk", flat=True))
    return frozenset(found)


def _decisions(rows: Sequence[Decision], openable: frozenset[int]) -> list[Item]:
    shown = []
    for row in rows:
        given, form = _measures(row), FORM_TITLES.get(row.form or 0, DASH)
        cells = (
            _place(row),
            given,
            form,
            row.number or DASH,
            cn_date(row.made_on) if row.made_on else "日期不详",
            row.deciding_organ.name,
        )
        shown.append(Item(_name(row.person), _link(row.person, openable), cells))
    return shown


def _cases(rows: Sequence[Case], ask: Ask, openable: frozenset[int]) -> list[Item]:
    keys = [row.pk for row in rows]
    due: dict[int, date] = {}
    last: dict[int, Done] = {}
    for start in range(0, len(keys), 500):
        chunk = keys[start : start + 500]
        steps = OpenStep.objects.filter(case__in=chunk, kind=Kind.VISIT, due_on__isnull=False).order_by("-due_on")
        since = ask.visits_held_since().filter(case__in=chunk).order_by("-due_on")
        for case, due_on in (*steps.values_list("case", "due_on"), *since.values_list("case", "due_on")):
            due[case] = due_on or ask.end
        for done in Done.objects.filter(case__in=chunk, kind=Kind.VISIT, on__lte=ask.end).order_by("on", "pk"):
            last[done.case_id] = done
    shown = []
    for row in rows:
        done_last, due_on = last.get(row.pk), due.get(row.pk)
        why = done_last.outcome if done_last is not None and done_last.outcome.startswith("本人") else DASH
        when = cn_date(done_last.on) if done_last is not None else DASH
        cells = (_place(row.decision), _measures(row.decision), cn_date(due_on), when, row.organ.name, why)
        shown.append(Item(_name(row.person), _link(row.person, openable), cells))
    return shown


def _visits(rows: Sequence[Done], openable: frozenset[int]) -> list[Item]:
    shown = []
    for row in rows:
        notes = [
            word for said, word in ((row.unplanned, "计划外"), (row.afterwards, "补录"), (row.late, "逾期")) if said
        ]
        decision = row.case.decision
        cells = (
            _place(decision),
            _measures(decision),
            cn_date(row.on),
            row.title,
            row.outcome or DASH,
            "、".join(notes) or DASH,
        )
        shown.append(Item(_name(row.case.person), _link(row.case.person, openable), cells))
    return shown


def _duties(rows: Sequence[Done | OpenStep | Exempted], openable: frozenset[int]) -> list[Item]:
    """Duties worked off, missing or not applicable, one a row."""
    shown = []
    for row in rows:
        organ = row.organ if isinstance(row, OpenStep) and row.organ is not None else row.case.organ
        due = cn_date(row.due_on) if row.due_on else DASH
        cells = (_place(row.case.decision), row.case.title, row.title, due, organ.name, _became(row))
        shown.append(Item(_name(row.case.person), _link(row.case.person, openable), cells))
    return shown


def _became(row: Done | OpenStep | Exempted) -> str:
    if isinstance(row, OpenStep):
        return f"没有办结（{row.role_title}）"
    return f"不适用：{row.ground}" if isinstance(row, Exempted) else f"{cn_date(row.on)}办结"


def _not_done(rows: Sequence[NotDone], openable: frozenset[int]) -> list[Item]:
    said = reasons([(row.case_id, row.entry_seq) for row in rows])
    shown = []
    for row in rows:
        why = "，".join(filter(None, (row.ground, said.get((row.case_id, row.entry_seq), ""))))
        step = f"{row.title}（会签）" if row.part else row.title
        cells = (_place(row.case.decision), row.case.title, step, cn_date(row.on), why, row.get_state_display())
        shown.append(Item(_name(row.case.person), _link(row.case.person, openable), cells))
    return shown


def _name(person: Person | None) -> str:
    return person.name if person is not None else STUB


def _link(person: Person | None, openable: frozenset[int]) -> int | None:
    return person.pk if person is not None and person.pk in openable else None


def _measures(decision: Decision | None) -> str:
    if decision is None:
        return DASH
    return "、".join(measure.label for measure in decision.measures.all()) or DASH


def _place(decision: Decision | None) -> str:
    """Where the person worked; of a stub only the region it is counted at."""
    if decision is None:
        return DASH
    if decision.unit is None:
        return decision.counted_at.name
    return f"{decision.unit.name} {decision.post}".strip()
