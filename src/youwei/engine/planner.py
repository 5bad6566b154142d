"""The second pass: the steps judged once each, in dependency order, over the entries that stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from datetime import date
from types import MappingProxyType
from typing import Any, NamedTuple

from youwei.engine.conditions import both, deciding, evaluate
from youwei.engine.excuses import excuse, ground_of
from youwei.engine.types import Act, Entry, Item, Reason, Sieved, Standing, Status, StepState, Version, Who, Window
from youwei.engine.view import View
from youwei.engine.windows import Setting, window
from youwei.rulebook.calendar import WorkCalendar
from youwei.rulebook.pack_facts import PLACE_FACTS
from youwei.rulebook.pack_types import Condition, Name, Pack, Role, Step, Term

RESOLVED = frozenset({Status.DONE, Status.EXEMPTED, Status.UNDONE, Status.SKIPPED})
NO_WINDOW = Window()


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One thing a step asks for, before it is judged."""

    key: str = ""
    title: str = ""
    opened_on: date | None = None
    waiting: tuple[Reason, ...] = ()
    row: Mapping[str, Any] | None = None
    start: Term | None = None
    due: Term | None = None
    fixed: Mapping[int, Mapping[Name, date]] | None = None  # by version: names with a day of this occurrence


class Found(NamedTuple):
    """What the entries say about one occurrence."""

    status: Status
    why: tuple[Reason, ...] = ()
    entries: tuple[int, ...] = ()
    missing: tuple[str, ...] = ()
    done_on: date | None = None
    excuses: Mapping[str, str] = MappingProxyType({})


OPEN = Found(Status.OPEN)


@dataclass(slots=True)
class Planner:
    sieved: Sieved
    calendar: WorkCalendar
    today: date
    view: View
    items: dict[str, list[Item]] = dataclass_field(default_factory=dict)
    passes_on: dict[str, date] = dataclass_field(default_factory=dict)
    known_who: dict[str, Who] = dataclass_field(default_factory=dict)

    @property
    def pack(self) -> Pack:
        return self.view.pack

    # What opens a step

    def opening(self, after: Sequence[str]) -> tuple[bool, date]:
        """Whether all these steps are resolved, and the day on which the last of them lets the next one open."""
        day, ready = self.sieved.opened.on, True
        for name in after:
            state = self.view.states.get(name)
            if state is not None:
                ready = ready and state.resolved
                day = max(day, self.passes_on.get(name, day))
        return ready, day

    def wanted(
        self, step: Step, version: Version | None = None, row: Mapping[str, Any] | None = None
    ) -> tuple[bool | None, tuple[Reason, ...]]:
        """Whether the step is asked for, and why not."""
        if step.id in self.sieved.waived:
            return False, (Reason("waived"),)
        look = self.view.lookup(version, row=row)
        stage = self.pack.stages.get(step.stage)
        first = evaluate(stage.when, look) if stage is not None else True
        second = evaluate(step.when, look)
        result = both(first, second)
        if result is True or version is not None:
            return result, ()
        rule = "not wanted" if result is False else "not yet known"
        conditions: list[Condition | None] = [stage.when if stage is not None else None, step.when]
        named = [
            each
            for condition, held in zip(conditions, (first, second), strict=True)
            if condition is not None and held is result
            for each in deciding(condition, look, result, self.view.title)
        ]
        return result, (Reason(rule, tuple({each.name: each for each in named}.values())),)

    def waiting_for(self, after: Sequence[str]) -> tuple[Reason, ...]:
        names = [name for name in after if name in self.view.states and not self.view.states[name].resolved]
        titles = "、".join(self.pack.steps[name].title for name in names)
        return (Reason("waiting", text=titles),) if names else ()

    # One occurrence

    def judge(self, step: Step, asked: Occurrence, record: Standing | None, *, optional: bool = False) -> Item:
        span = self.window(step, asked, record)
        found = self.owing(step, asked, record, self.standing(step, asked, record, span))
        return Item(
            step.id,
            asked.key,
            asked.title or step.title,
            found.status,
            span,
            self.who(step),
            found.entries,
            found.missing,
            found.why,
            self.acts(step, found, span, optional=optional),
            asked.opened_on,
            found.done_on,
            optional,
            tuple(self.holder(role) for role in found.missing),
            found.excuses,
        )

    def standing(self, step: Step, asked: Occurrence, record: Standing | None, span: Window) -> Found:
        """The status of one occurrence, by the first rule that applies."""
        entries = tuple(record.entries) if record is not None else ()
        if asked.waiting:
            return Found(Status.WAITING, asked.waiting, entries)
        place = (step.id, asked.key)
        for status, kept in ((Status.EXEMPTED, self.sieved.exempts), (Status.UNDONE, self.sieved.undone)):
            entry = kept.get(place)
            if entry is not None and (record is None or entry.seq > record.seq):
                return self._excused(status, entry, entries)
        if record is not None:
            return self._recorded(step, asked, record, entries)
        if span.start is not None and self.today < span.start:
            return Found(Status.SCHEDULED, (Reason("before start", result=span.start),))
        back = self.sieved.sent_back(step.id, asked.key)
        if back is not None:
            return Found(Status.OPEN, (Reason("was sent back", text=back.reason, anchor=back.on),))
        return OPEN

    def owing(self, step: Step, asked: Occurrence, record: Standing | None, found: Found) -> Found:
        """What is still asked for, with why it was not done so far where somebody has said so."""
        if found.status not in (Status.OPEN, Status.SCHEDULED) or not self.sieved.owed:
            return found
        since = record.seq if record is not None else 0
        told = [self.sieved.owed.get((step.id, asked.key, part)) for part in found.missing or ("",)]
        said = [each for each in told if each is not None and each.seq > since]
        why = tuple(Reason("still owed", text=excuse(each), anchor=each.on) for each in said)
        return found._replace(why=(*found.why, *why), excuses={each.part: ground_of(each) for each in said})

    def _excused(self, status: Status, entry: Entry, entries: tuple[int, ...]) -> Found:
        text = excuse(entry)
        rule = "exempted" if status is Status.EXEMPTED else "not done"
        return Found(status, (Reason(rule, text=text),), (*entries, entry.seq), (), entry.on)

    def _recorded(self, step: Step, asked: Occurrence, record: Standing, entries: tuple[int, ...]) -> Found:
        missing: tuple[str, ...] = ()
        if step.signs:
            missing = tuple(role for role in step.signs if role not in record.signs)
            entries = (*entries, *(sign.seq for sign in record.signs.values()))
        broken = self.broken(step, record, asked.row) if step.never else ()
        running = step.waits and "outcome" not in record.values
        if not missing and not broken and not running:
            return Found(Status.DONE, (), entries, (), record.on)
        why = broken or ((Reason("child running"),) if running else self._unsigned(missing))
        return Found(Status.OPEN, why, entries, missing)

    def _unsigned(self, missing: Sequence[str]) -> tuple[Reason, ...]:
        titles = "、".join(self.pack.roles[role].title for role in missing if role in self.pack.roles)
        return (Reason("signatures missing", text=titles),)

    def broken(self, step: Step, record: Standing, row: Mapping[str, Any] | None = None) -> tuple[Reason, ...]:
        """The refusals a record falls under."""
        look = self.view.lookup(own=step.id, record=record, row=row)
        return tuple(
            Reason("never", deciding(never.when, look, True, self.view.title), text=never.say)
            for never in step.never
            if evaluate(never.when, look) is True
        )

    def window(self, step: Step, asked: Occurrence, record: Standing | None) -> Window:
        due = asked.due or step.due
        start = asked.start or step.start
        if due is None and start is None and step.limit is None:
            return NO_WINDOW
        versions = self.sieved.versions
        if record is not None and len(versions) > 1:
            versions = [each for each in versions if each.seq < record.seq] or versions[:1]
        fixed = asked.fixed or {}
        last = fixed.get(self.sieved.versions[-1].seq)
        setting = Setting(
            step,
            start,
            versions,
            self.sieved.holds,
            self.sieved.prolongs.get((step.id, asked.key), ()),
            asked.opened_on,
            self.sieved.sent_back(step.id, asked.key),
            self.sieved.voided.get(step.id, ()),
            self.calendar,
            lambda version: self.view.lookup(version, row=asked.row, fixed=fixed.get(version.seq, last)),
            lambda version: self.asked_in(step, version, asked),
            record.seq if record is not None else None,
            lambda version: self._due_in(step, version, asked),
            self.view.title,
        )
        return window(setting)

    def asked_in(self, step: Step, version: Version, asked: Occurrence) -> bool:
        if asked.fixed is not None and version.seq not in asked.fixed:
            return False
        if len(self.sieved.versions) == 1 or version is self.sieved.versions[-1]:
            return True
        return self.wanted(step, version, asked.row)[0] is not False

    def _due_in(self, step: Step, version: Version, asked: Occurrence) -> Term | None:
        if asked.due is not None:
            return asked.due
        there = step if version.pack is self.pack else version.pack.steps.get(step.id)
        if there is None and step.was:
            there = version.pack.steps.get(step.was)
        return there.due if there is not None else None

    # Who

    def who(self, step: Step) -> Who:
        return self.holder(step.by)

    def holder(self, name: str) -> Who:
        """Where a role of the pack is held, or who bears it."""
        known = self.known_who.get(name)
        if known is None:
            role = self.pack.roles.get(name)
            known = self._holder(role) if role is not None else Who(name, name)
            if role is None or role.at:
                self.known_who[name] = known
        return known

    def _holder(self, role: Role) -> Who:
        if role.at:
            organ = self.sieved.facts.get(PLACE_FACTS[role.at])
            person = self.sieved.facts.get("subject.person") if role.at == "subject" else None
            return Who(role.id, role.title, _id(organ), _id(person), role.at)
        look = self.view.lookup()
        for name in role.named_in:
            value = look(name)
            if isinstance(value, (str, int, Mapping)) and not isinstance(value, bool):
                organ, person = (_id(value), None) if self._is_organ(name) else (None, _id(value))
                return Who(role.id, role.title, organ, person)
        return Who(role.id, role.title)

    def _is_organ(self, name: Name) -> bool:
        field = self.pack.steps[name.head].form.get(name.tail) if name.head in self.pack.steps else None
        return field is not None and field.type == "organ"

    # Settling a step

    def settle(self, step: Step, state: StepState, passes_on: date) -> None:
        self.view.states[step.id] = state
        self.passes_on[step.id] = max(passes_on, self.sieved.opened.on)

    def acts(self, step: Step, found: Found, span: Window, *, optional: bool) -> frozenset[Act]:
        """What may be done with an item while the case is open."""
        status, rules = found.status, {each.rule for each in found.why}
        may: set[Act] = set()
        if found.entries and status in (Status.DONE, Status.OPEN, Status.WAITING, Status.SKIPPED):
            may |= {Act.CORRECT, Act.WITHDRAW}
        if status in (Status.EXEMPTED, Status.UNDONE):
            may |= {Act.WITHDRAW, Act.RECORD}
        if status is Status.OPEN and (not found.missing or "never" in rules) and "child running" not in rules:
            may.add(Act.RECORD)
        if status is Status.OPEN and found.missing and "never" not in rules:
            may.add(Act.SIGN)
        if status in (Status.OPEN, Status.DONE) and step.returns and not optional:
            may.add(Act.RETURN)
        if status in (Status.OPEN, Status.SCHEDULED) and not optional:
            if step.exempt is not None:
                may.add(Act.EXEMPT)
            may.add(Act.NOT_DONE)
            if step.prolong is not None and span.due is not None:
                may.add(Act.PROLONG)
        return frozenset(may)


def _id(value: Any) -> str | None:
    """Organs and persons lie in the log as ids or as tables with an id."""
    if isinstance(value, Mapping):
        value = value.get("id") or value.get("name")
    return str(value) if value not in (None, "") else None
