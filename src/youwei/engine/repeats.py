"""Steps that are done more than once: at any time, every so often, each naming the next, or one for each row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from youwei.engine.conditions import evaluate
from youwei.engine.days import first_given, shift
from youwei.engine.planner import RESOLVED, Occurrence, Planner
from youwei.engine.types import Item, Reason, Standing, Status, StepState, Version
from youwei.engine.values import row_key
from youwei.rulebook.days import ONE_DAY
from youwei.rulebook.pack_types import Name, Repeat, RepeatKind, Span, Step, Term, Unit

MOST_SPANS = 400
KEPT = Reason("kept")


def repeat_items(planner: Planner, step: Step, ready: bool, opened_on: date) -> tuple[list[Item], StepState, date]:
    """The items of a repeating step that is wanted, its state as a whole, and the day it passes on."""
    repeat = step.repeat
    if repeat is None or repeat.kind is RepeatKind.ANY_TIME:
        return _any_time(planner, step, ready, opened_on)
    if repeat.kind is RepeatKind.EVERY:
        items, more = _every(planner, step, repeat, ready, opened_on)
    elif repeat.kind is RepeatKind.NEXT:
        items, more = _next(planner, step, repeat, ready, opened_on)
    else:
        items, more = _each(planner, step, repeat, opened_on)
    return _whole(items, more, ready, opened_on, planner.waiting_for(step.after))


def _whole(
    items: list[Item], more: tuple[Reason, ...], ready: bool, opened_on: date, waiting: tuple[Reason, ...]
) -> tuple[list[Item], StepState, date]:
    """``more``: why further occurrences may still come; () when the items are all there will be."""
    resolved = ready and not more and all(item.status in RESOLVED for item in items)
    last = max([opened_on, *(item.done_on for item in items if item.done_on)])
    if not ready:
        return items, StepState(Status.WAITING, False, None, waiting), opened_on
    if resolved:
        done = any(item.status is Status.DONE for item in items)
        status = Status.DONE if done else items[0].status if items else Status.SKIPPED
        return items, StepState(status, True, opened_on, () if items else (Reason("nothing to do"),)), last
    for status in (Status.OPEN, Status.SCHEDULED, Status.WAITING):
        if any(item.status is status for item in items):
            return items, StepState(status, False, opened_on), last
    return items, StepState(Status.WAITING, False, opened_on, more), last


def _any_time(planner: Planner, step: Step, ready: bool, opened_on: date) -> tuple[list[Item], StepState, date]:
    waiting = planner.waiting_for(step.after)
    items = []
    for number, record in enumerate(planner.view.ordered(step.id), 1):
        asked = Occurrence(record.key, f"{step.title}（第{number}次）", opened_on if ready else None, waiting)
        items.append(planner.judge(step, asked, record))
    template = Occurrence("", step.title, opened_on if ready else None, waiting)
    items.append(planner.judge(step, template, None, optional=True))
    if not ready:
        return items, StepState(Status.WAITING, False, None, waiting), opened_on
    counted = any(item.status is Status.DONE for item in items)
    return items, StepState(Status.DONE if counted else Status.OPEN, True, opened_on), opened_on


# every: consecutive spans


def span_end(start: date, span: Span, number: int) -> date:
    """The last day of span n, the start day counting: n lengths on, less a day; no drift."""
    return shift(start, Span(span.count * number, span.unit), 1) - ONE_DAY


def _bounds(planner: Planner, repeat: Repeat, version: Version) -> tuple[date, date] | None:
    look = planner.view.lookup(version)
    start = first_given(repeat.start.names, look) if repeat.start else None
    until = first_given(repeat.until.names, look) if repeat.until else None
    return (start[1], until[1]) if start and until else None


def _spans(repeat: Repeat, bounds: tuple[date, date]) -> list[tuple[date, date]]:
    """First and last day of every span that exists between the bounds."""
    start, until = bounds
    spans: list[tuple[date, date]] = []
    first = start
    while repeat.span is not None and len(spans) < MOST_SPANS and first <= until:
        end = span_end(start, repeat.span, len(spans) + 1)
        if end > until:
            if repeat.keep_last:
                spans.append((first, until))
            break
        spans.append((first, end))
        first = end + ONE_DAY
    return spans


def _every(
    planner: Planner, step: Step, repeat: Repeat, ready: bool, opened_on: date
) -> tuple[list[Item], tuple[Reason, ...]]:
    by_version = {
        version.seq: (version.at, _spans(repeat, bounds))
        for version in planner.sieved.versions
        if (bounds := _bounds(planner, repeat, version)) is not None
    }
    now = planner.sieved.versions[-1]
    if now.seq not in by_version:
        names = [*(repeat.start.names if repeat.start else ()), *(repeat.until.names if repeat.until else ())]
        unknown = any(name.head in planner.pack.steps and not planner.view.states[name.head].resolved for name in names)
        if unknown:
            return [], (Reason("date not yet known"),)
        return [], ()
    spans = by_version[now.seq][1]
    records = planner.sieved.records.get(step.id, {})
    numbers = [n for n in range(1, len(spans) + 1) if str(n) in records or _doable(step, n, by_version)]
    numbers = [n for n in numbers if str(n) in records or not _wholly_held(planner, step, spans[n - 1])]
    items = [_span_item(planner, step, n, by_version, ready, opened_on) for n in numbers]
    beyond = [records[key] for key in records if not key.isdigit() or not 0 < int(key) <= len(spans)]
    return [*items, *(_kept(planner, step, record) for record in beyond)], ()


def _doable(step: Step, number: int, by_version: Mapping[int, tuple[date, list[tuple[date, date]]]]) -> bool:
    """Asked for only if in some version it was still doable when that version was recorded."""
    return any(len(spans) >= number and _last_day(step, spans[number - 1]) >= at for at, spans in by_version.values())


def _last_day(step: Step, span: tuple[date, date]) -> date:
    """Until when a span is done in time: its last day, or as long after it as the step's own due says."""
    due = step.due
    if due is None or due.span is None or due.side != "after" or Name(step.id, "span") not in due.names:
        return span[1]
    return shift(span[1], due.span, 1) if due.span.unit is not Unit.WORKING_DAYS else span[1]


def _wholly_held(planner: Planner, step: Step, span: tuple[date, date]) -> bool:
    if not step.hold:
        return False
    return any(
        hold.on <= span[0] and hold.resumed_on is not None and hold.resumed_on > span[1]
        for hold in planner.sieved.holds
    )


def _span_item(
    planner: Planner,
    step: Step,
    number: int,
    by_version: Mapping[int, tuple[date, list[tuple[date, date]]]],
    ready: bool,
    opened_on: date,
) -> Item:
    first, last = Name(step.id, "span_start"), Name(step.id, "span")
    fixed = {
        seq: {first: spans[number - 1][0], last: spans[number - 1][1]}
        for seq, (_, spans) in by_version.items()
        if len(spans) >= number
    }
    key = str(number)
    asked = Occurrence(
        key,
        f"{step.title}（{_called(number, fixed, first, last)}）",
        opened_on if ready else None,
        planner.waiting_for(step.after),
        start=step.start or Term(str(first), names=(first,)),
        due=step.due or Term(str(last), names=(last,)),
        fixed=fixed,
    )
    item = planner.judge(step, asked, planner.sieved.records.get(step.id, {}).get(key))
    return replace(item, span=(fixed[max(fixed)][first], fixed[max(fixed)][last])) if fixed else item


def _called(number: int, fixed: Mapping[int, Mapping[Name, date]], first: Name, last: Name) -> str:
    """A span that is a calendar year or month is called by it."""
    start, end = (fixed[max(fixed)].get(name) if fixed else None for name in (first, last))
    if (
        start
        and end
        and start.day == 1
        and (end + ONE_DAY).day == 1
        and (start.year, start.month) == (end.year, end.month)
    ):
        return f"{start.year}年{start.month}月"
    if start and end and (start.month, start.day, end.month, end.day) == (1, 1, 12, 31) and start.year == end.year:
        return f"{start.year}年度"
    return f"第{number}期"


def _kept(planner: Planner, step: Step, record: Standing) -> Item:
    """A record whose occurrence has fallen away: it stays and counts, marked."""
    item = planner.judge(step, Occurrence(record.key, f"{step.title}（第{record.key}次）", record.on), record)
    return replace(item, why=(*item.why, KEPT))


# next: each record names the next day


def _next(
    planner: Planner, step: Step, repeat: Repeat, ready: bool, opened_on: date
) -> tuple[list[Item], tuple[Reason, ...]]:
    records = dict(planner.sieved.records.get(step.id, {}))
    look = planner.view.lookup()
    until = first_given(repeat.until.names, look) if repeat.until else None
    waiting = planner.waiting_for(step.after)
    items: list[Item] = []
    named: date | None = None
    later: Step | None = None
    name = Name(step.id, repeat.field)
    term = Term(str(name), names=(name,))
    for number in range(1, MOST_SPANS):
        key = str(number)
        record = records.pop(key, None)
        title, opened = f"{step.title}（第{number}次）", opened_on if ready else None
        if named is None:
            item = planner.judge(step, Occurrence(key, title, opened, waiting), record)
        else:
            fixed = {version.seq: {name: named} for version in planner.sieved.versions}
            later = later or replace(step, start=None, limit=None)
            item = planner.judge(later, Occurrence(key, title, opened, waiting, None, None, term, fixed), record)
        items.append(item)
        if item.status is not Status.DONE or record is None:
            break
        following = record.values.get(repeat.field)
        if not isinstance(following, date) or (until is not None and following > until[1]):
            break
        named = following
    items += [_kept(planner, step, record) for record in records.values()]
    return items, ()


# each: one occurrence for each row, or for each record, of another step


def _sources(planner: Planner, source: Name) -> list[tuple[str, Standing, Mapping[str, Any]]]:
    """Key, record and row of every occurrence that is asked for."""
    from_step = planner.pack.steps[source.head]
    found: list[tuple[str, Standing, Mapping[str, Any]]] = []
    for record in planner.view.done.get(source.head, []):
        prefix = f"{record.key}/" if from_step.repeat is not None else ""
        if not source.tail:
            found.append((record.key or "1", record, {**record.values, "on": record.on}))
            continue
        rows = record.values.get(source.tail)
        for number, row in enumerate(rows if isinstance(rows, (list, tuple)) else [], 1):
            table = row if isinstance(row, Mapping) else {"value": row}
            found.append((prefix + row_key(row, number), record, table))
    return found


def _each(planner: Planner, step: Step, repeat: Repeat, opened_on: date) -> tuple[list[Item], tuple[Reason, ...]]:
    if repeat.source is None:
        return [], ()
    records = dict(planner.sieved.records.get(step.id, {}))
    others = [name for name in step.after if name != repeat.source.head]
    ready, _ = planner.opening(others)
    waiting = () if ready else planner.waiting_for(others)
    items = []
    columns = list(planner.pack.steps[repeat.source.head].form[repeat.source.tail].of) if repeat.source.tail else []
    for number, (key, source, row) in enumerate(_sources(planner, repeat.source), 1):
        if step.when is not None and evaluate(step.when, planner.view.lookup(row=row)) is False:
            continue
        label = _label(row, columns) if repeat.source.tail else _nth(planner.pack.steps[source.step], key, number)
        title = f"{step.title}（{label[:20] or number}）"
        asked = Occurrence(key, title, max(source.on, planner.sieved.opened.on) if ready else None, waiting, row)
        items.append(planner.judge(step, asked, records.pop(key, None)))
    items += [_kept(planner, step, record) for record in records.values()]
    state = planner.view.states.get(repeat.source.head)
    pending = state is not None and not state.resolved
    return items, ((Reason("waiting", text=planner.pack.steps[repeat.source.head].title),) if pending else ())


def _nth(answered: Step, key: str, number: int) -> str:
    """Which of the records of a repeating step is answered: by its own number, or in the order in which they were made."""
    if answered.repeat is not None and answered.repeat.kind is RepeatKind.ANY_TIME:
        return f"第{number}次"
    return f"第{key}次" if key.isdigit() and int(key) < MOST_SPANS else ""


def _label(row: Mapping[str, Any], columns: Sequence[str]) -> str:
    """The first text of a row in the order of its table, to tell occurrences apart; a log has its own order."""
    return next((value for name in columns or row if name != "id" and isinstance(value := row.get(name), str)), "")
