"""Behaviour of a pack, proved by running it: the real plan() driven through everything the grammar can tell apart."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, replace
from dataclasses import field as dataclass_field
from datetime import date, timedelta
from typing import Any

from youwei.engine.classes import BEGIN, Tests, Variants, opening_facts, tested_names, variants
from youwei.engine.plan import conclude, judged, plan
from youwei.engine.planner import Planner
from youwei.engine.residue import residue
from youwei.engine.types import Act, Entry, EntryKind, Item, Plan, Status
from youwei.rulebook.calendar import WorkCalendar
from youwei.rulebook.pack_order import condition_names
from youwei.rulebook.pack_types import Name, Pack, RepeatKind, Step

CAP = 20_000
MOST_TURNS = 300


@dataclass(slots=True)
class Behaviour:
    """What the runs of one pack showed."""

    runs: int = 0
    capped: bool = False
    opened: set[str] = dataclass_field(default_factory=set)
    reached: set[str] = dataclass_field(default_factory=set)
    stuck: dict[str, str] = dataclass_field(default_factory=dict)  # what was left -> values of one such run
    empty_end: set[str] = dataclass_field(default_factory=set)
    cut_off: dict[str, set[str]] = dataclass_field(default_factory=dict)  # outcome -> steps it cuts off


@dataclass(frozen=True, slots=True)
class Run:
    log: tuple[Entry, ...]
    today: date
    chosen: tuple[str, ...]
    touched: frozenset[tuple[str, str]] = frozenset()


def explore(pack: Pack, calendar: WorkCalendar, cap: int = CAP, *, join: bool = True) -> Behaviour:
    """Three passes: the first open step first, the last open step first, and everything undone that may be.

    A run that leaves nothing else behind than one walked already joins it there, and counts; without ``join`` each is walked to its end.
    """
    behaviour = Behaviour()
    for last_first, leave in ((False, False), (True, False), (False, True)):
        _Explorer(pack, calendar, behaviour, cap, last_first, leave, join).all()
    return behaviour


class _Explorer:
    def __init__(
        self, pack: Pack, calendar: WorkCalendar, behaviour: Behaviour, cap: int, last_first: bool, leave: bool, join: bool
    ) -> None:  # fmt: skip
        self.pack, self.calendar, self.behaviour = pack, calendar, behaviour
        self.cap = behaviour.runs + cap
        self.last_first, self.leave, self.join = last_first, leave, join
        self.walked: set[Hashable] = set()
        self.packs = {pack.ref: pack}
        self.found, self.own = tested_names(pack)
        self.variants: Mapping[str, Variants] = {
            name: variants(pack, step, self.found, self.own) for name, step in pack.steps.items()
        }
        self.wanted_once = self._wanted_once(self.found)
        # Of the others it makes no difference to any step whether they were done or excused: a list of twelve duties side by side would
        # else be run four thousand times over.
        self.asked_about = self.wanted_once | {name for step in pack.steps.values() for name in step.approves}

    def _wanted_once(self, found: Mapping[Name, Tests]) -> set[str]:
        """Any-time steps that something depends on: recorded once, so that what follows is tried."""
        read = {name.head for name in found}
        read |= {step.repeat.source.head for step in self.pack.steps.values() if step.repeat and step.repeat.source}
        return read

    def all(self) -> None:
        stack = []
        for facts in opening_facts(self.pack, self.found):
            entry = Entry(1, EntryKind.OPENED, BEGIN, BEGIN, "", to=str(self.pack.ref), values=facts)
            tested = [f"{name}={facts.get(str(name), '无')}" for name in self.found if name.head not in self.pack.steps]
            stack.append(Run((entry,), BEGIN, tuple(tested)))
        while stack:
            if self.behaviour.runs >= self.cap:
                self.behaviour.capped = True
                return
            stack += self.turn(stack.pop())

    def turn(self, run: Run) -> list[Run]:
        """One act further; several ways where the act can part them."""
        planner = judged(self.packs, run.log, self.calendar, run.today)
        now = conclude(planner)
        if now.outcome is not None or len(run.log) > MOST_TURNS:
            self.finish(run, now)
            return []
        self.behaviour.opened |= {item.step for item in now.items if item.status is Status.OPEN}
        if self.joins(planner, run):
            self.behaviour.runs += 1
            return []
        todo = [item for item in now.items if self.may_do(item, run)]
        if todo:
            return self.act(run, todo[-1] if self.last_first else todo[0])
        if now.next_change is not None and now.next_change > run.today:
            return [replace(run, today=now.next_change)]
        self.finish(run, now)
        return []

    def joins(self, planner: Planner, run: Run) -> bool:
        """Whether a run that goes on just like this one was walked from here: each is walked to all its ends before the next is looked at."""
        if not self.join:
            return False
        left = (len(run.log) == 1, residue(planner, run.touched, lambda step: self.no_more(step, run)))
        known = left in self.walked
        self.walked.add(left)
        return known

    def no_more(self, step: Step, run: Run) -> bool:
        """Whether a step that may be done at any time is not taken up again."""
        return step.id not in self.wanted_once or (step.id, "") in run.touched

    def may_do(self, item: Item, run: Run) -> bool:
        if item.status is not Status.OPEN or (item.step, item.key) in run.touched:
            return False
        return not item.optional or item.step in self.wanted_once

    def act(self, run: Run, item: Item) -> list[Run]:
        step = self.pack.steps[item.step]
        done = replace(run, touched=run.touched | {(item.step, item.key)})
        if self.leave and Act.NOT_DONE in item.may and not step.must:
            return [self.add(done, EntryKind.NOT_DONE, item, {}, "")]
        ways = [] if item.missing else self.record(done, item)
        if item.optional:
            ways.append(done)
        if step.exempt is not None and (self.leave or step.id in self.asked_about):
            ground = {"ground": step.exempt.grounds[0] if step.exempt.grounds else ""}
            excused = self.add(done, EntryKind.EXEMPT, item, ground, f"{step.title}=免办")
            if step.id not in self.asked_about:
                return [excused]
            ways.append(excused)
        return ways

    def record(self, run: Run, item: Item) -> list[Run]:
        step = self.pack.steps[item.step]
        chain = step.repeat is not None and step.repeat.kind is RepeatKind.NEXT
        table = self.variants[item.step]
        first = item.key in ("", "1") or not item.key.isdigit()
        ways = table.ways if first else table.ways[:1]
        runs = []
        for way, following in ((way, each) for way in ways for each in self.followed(step, first)):
            values = dict(way)
            if chain and step.repeat is not None:
                values[step.repeat.field] = run.today + timedelta(days=30) if following else None
            if step.waits and values.get("outcome") is None:
                values["outcome"] = "（其他）"  # the case it opened ends in some way
            said = "，".join(f"{step.title}·{key}={value}" for key, value in way.items())
            accepted = self.accepted(run, item, values, table, said)
            if accepted is not None:
                runs.append(accepted)
        if not runs:
            self.behaviour.runs += 1
        return runs

    def followed(self, step: Step, first: bool) -> tuple[bool, ...]:
        """Whether another follows in a chain: after the first one always; where an end asks for the last one, also none."""
        asked = {
            name.head
            for each in self.pack.outcomes.values()
            for name in condition_names(each.when)
            if name.tail.startswith("last.")
        }
        return (True, False) if first and step.id in asked else (first,)

    def accepted(self, run: Run, item: Item, values: dict[str, Any], table: Variants, said: str) -> Run | None:
        """The record with the first answers that no refusal catches."""
        step = self.pack.steps[item.step]
        for answers in table.answers:
            whole = {key: value for key, value in {**answers, **values}.items() if value is not None}
            tried = self.add(run, EntryKind.RECORD, item, whole, said)
            if not step.never or not self.refused(tried, item):
                return self.signed(tried, item)
        return None

    def refused(self, run: Run, item: Item) -> bool:
        now = plan(self.packs, run.log, self.calendar, run.today)
        found = now.item(item.step, item.key or (str(run.log[-1].seq) if item.optional else ""))
        return found is not None and any(reason.rule == "never" for reason in found.why)

    def signed(self, run: Run, item: Item) -> Run:
        for role in self.pack.steps[item.step].signs:
            entry = Entry(
                len(run.log) + 1, EntryKind.SIGN, run.today, run.today, "", step=item.step, key=item.key, part=role
            )
            run = replace(run, log=(*run.log, entry))
        return run

    def add(self, run: Run, kind: EntryKind, item: Item, values: Mapping[str, Any], said: str) -> Run:
        entry = Entry(len(run.log) + 1, kind, run.today, run.today, "", step=item.step, key=item.key, values=values)
        return replace(run, log=(*run.log, entry), chosen=(*run.chosen, said) if said else run.chosen)

    def finish(self, run: Run, now: Plan) -> None:
        self.behaviour.runs += 1
        if now.outcome is None:
            waiting = [
                item.title for item in now.items if item.status in (Status.WAITING, Status.OPEN) and not item.optional
            ]
            left = f"还在等的环节：{'、'.join(waiting)}" if waiting else "环节都已办完，却没有一个结局成立"
            self.behaviour.stuck.setdefault(left, "；".join(run.chosen) or "（没有可选的内容）")
            return
        self.behaviour.reached.add(now.outcome)
        if len(run.log) == 1:
            self.behaviour.empty_end.add(now.outcome)
        cut = {item.step for item in now.items if item.status is Status.CLOSED and not item.optional}
        self.behaviour.cut_off.setdefault(now.outcome, set()).update(
            step for step in cut if any(item.step == step and item.opened_on for item in now.items)
        )
