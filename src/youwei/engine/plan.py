"""plan(): a case's log and its pack folded into what is open, for whom, in which window and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from types import MappingProxyType

from youwei.engine.conditions import evaluate
from youwei.engine.days import shift
from youwei.engine.planner import NO_WINDOW, RESOLVED, Found, Occurrence, Planner
from youwei.engine.repeats import repeat_items
from youwei.engine.sieve import Packs, sieve
from youwei.engine.types import (
    TERMINATED,
    Act,
    Entry,
    Item,
    Plan,
    Reason,
    Standing,
    Status,
    StepState,
)
from youwei.engine.view import View
from youwei.rulebook.calendar import WorkCalendar
from youwei.rulebook.days import ONE_DAY
from youwei.rulebook.pack_types import RepeatKind, Step

LIVE = (Status.OPEN, Status.SCHEDULED, Status.WAITING)


def plan(packs: Packs, log: Sequence[Entry], calendar: WorkCalendar, today: date) -> Plan:
    """Pure: the same log, packs, calendar and day always give the same plan."""
    return conclude(judged(packs, log, calendar, today))


def judged(packs: Packs, log: Sequence[Entry], calendar: WorkCalendar, today: date) -> Planner:
    """Every step judged; what is not yet said is whether the case has come to an end by it."""
    sieved = sieve(packs, log)
    planner = Planner(sieved, calendar, today, View(sieved, sieved.pack))
    for name in sieved.pack.order:
        _step(planner, sieved.pack.steps[name])
    return planner


def _step(planner: Planner, step: Step) -> None:
    ready, opened_on = planner.opening(step.after)
    per_row = step.repeat is not None and step.repeat.kind is RepeatKind.EACH
    reads_row = per_row and step.when is not None and any(name.head == "row" for name in step.when.names)
    wanted, why = planner.wanted(replace(step, when=None) if reads_row else step)
    records = planner.view.ordered(step.id)
    if wanted is False:
        kept = (Reason("kept"),) if records else ()
        entries = tuple(seq for record in records for seq in record.entries)
        found = Found(Status.SKIPPED, (*why, *kept), entries)
        may = planner.acts(step, found, NO_WINDOW, optional=False)
        who = planner.who(step)
        item = Item(step.id, "", step.title, Status.SKIPPED, NO_WINDOW, who, entries, why=found.why, may=may)
        planner.items[step.id] = [item]
        planner.settle(step, StepState(Status.SKIPPED, ready, None, why), opened_on)
        return
    if wanted is None:
        asked = Occurrence(waiting=(*planner.waiting_for(step.after), *why))
        planner.items[step.id] = [planner.judge(step, asked, records[-1] if records else None)]
        planner.settle(step, StepState(Status.WAITING, False, None, asked.waiting), opened_on)
        return
    if step.repeat is not None:
        items, state, last = repeat_items(planner, step, ready, opened_on)
        planner.items[step.id] = items
        planner.view.done[step.id] = _counting(planner, step, items)
        planner.settle(step, state, last)
        return
    asked = Occurrence("", step.title, opened_on if ready else None, planner.waiting_for(step.after))
    record = records[-1] if records else None
    item = planner.judge(step, asked, record)
    planner.items[step.id] = [item]
    if item.status is Status.DONE and record is not None:
        planner.view.done[step.id] = [record]
    state = StepState(item.status, item.status in RESOLVED, asked.opened_on, item.why)
    planner.settle(step, state, item.done_on or opened_on)


def _counting(planner: Planner, step: Step, items: Sequence[Item]) -> list[Standing]:
    done = {item.key for item in items if item.status is Status.DONE}
    return [record for record in planner.view.ordered(step.id) if record.key in done]


def _derive(planner: Planner) -> str | None:
    """The first outcome in file order whose steps are resolved and whose condition holds."""
    states = planner.view.states
    look = planner.view.lookup()
    for outcome in planner.pack.outcomes.values():
        needed = outcome.after or tuple(states)
        if all(states[name].resolved for name in needed if name in states) and evaluate(outcome.when, look) is True:
            return outcome.id
    return None


def conclude(planner: Planner) -> Plan:
    sieved = planner.sieved
    derived = _derive(planner)
    reopened = sieved.reopened is not None and sieved.last_act < sieved.reopened.seq
    outcome = None if reopened else derived
    conflict = False
    if sieved.ended is not None:
        outcome = sieved.ended.to
        conflict = derived != outcome and sieved.confirmed is None
    if sieved.terminated is not None:
        outcome, conflict = TERMINATED, False
    items = [item for name in planner.pack.steps for item in planner.items[name]]
    if outcome is not None:
        items = [_closed(item, outcome) for item in items]
    states = {
        name: replace(state, status=Status.CLOSED) if outcome and state.status in LIVE else state
        for name, state in planner.view.states.items()
    }
    moving = any(item.status in (Status.OPEN, Status.SCHEDULED) and not item.optional for item in items)
    return Plan(
        planner.pack.ref,
        tuple(items),
        MappingProxyType(states),
        outcome,
        derived,
        _ended_on(planner, outcome),
        conflict,
        stuck=outcome is None and not moving and not reopened,
        held=sieved.running_hold is not None and outcome is None,
        aside=MappingProxyType(sieved.aside),
        facts=sieved.facts,
        next_change=_next_change(planner, items) if outcome is None else None,
        notes=tuple(_notes(planner, conflict)),
        sieved=sieved,
    )


def _closed(item: Item, outcome: str) -> Item:
    if item.status in LIVE:
        return replace(item, status=Status.CLOSED, why=(Reason("case ended", text=outcome),), may=frozenset())
    return replace(item, may=frozenset({Act.CORRECT}) if item.entries else frozenset())


def _ended_on(planner: Planner, outcome: str | None) -> date | None:
    """The day the case came to its end: the day written down, else the day of the last act that brought it."""
    if outcome is None:
        return None
    entry = planner.sieved.terminated or planner.sieved.ended
    if entry is not None:
        return entry.on
    found = planner.pack.outcomes[outcome]
    days = [planner.passes_on[name] for name in found.after or planner.passes_on if name in planner.passes_on]
    return max(days, default=planner.sieved.opened.on)


def _hold_ends(planner: Planner) -> date | None:
    hold, rule = planner.sieved.running_hold, planner.pack.hold
    return shift(hold.on, rule.at_most, 1) if hold and rule and rule.at_most else None


def _next_change(planner: Planner, items: Sequence[Item]) -> date | None:
    days = [item.window.start for item in items if item.status is Status.SCHEDULED and item.window.start]
    ends = _hold_ends(planner)
    if ends is not None and ends >= planner.today:
        days.append(ends + ONE_DAY)
    return min(days, default=None)


def _notes(planner: Planner, conflict: bool) -> list[Reason]:
    notes = []
    hold, ends = planner.sieved.running_hold, _hold_ends(planner)
    if hold is not None:
        notes.append(Reason("on hold", text=hold.ground, anchor=hold.on, result=ends))
        if ends is not None and planner.today > ends:
            notes.append(Reason("hold too long", text=hold.ground, anchor=hold.on, result=ends))
    if planner.sieved.transfer is not None:
        notes.append(Reason("transfer open", text=planner.sieved.transfer.to, anchor=planner.sieved.transfer.on))
    if conflict:
        notes.append(Reason("conflict"))
    return notes
