"""Names looked up in a case: steps that came to their end, facts of a version, the row and the record at hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from datetime import date
from typing import Any

from youwei.engine.conditions import ABSENT, UNKNOWN, Lookup
from youwei.engine.exports import export
from youwei.engine.types import Plan, Sieved, Standing, Status, StepState, Version
from youwei.engine.values import ANSWER, is_empty
from youwei.rulebook.pack_facts import fact_title
from youwei.rulebook.pack_types import ROW, WITH, Name, Pack, RepeatKind

OF_A_STEP = {
    "on": "之日", "count": "·次数", "total": "·总分", "passed": "·是否合格", "span": "的本期末日", "span_start": "的本期首日",
}  # fmt: skip


def column_title(pack: Pack, column: str) -> str:
    """What a column of the rows is called that a step of the pack is done for."""
    for step in pack.steps.values():
        source = step.repeat.source if step.repeat is not None else None
        if source is not None and source.head in pack.steps:
            form = pack.steps[source.head].form
            columns = form[source.tail].of if source.tail in form else form
            if column in columns:
                return columns[column].title
    return column


def handed_on(pack: Pack, what: str) -> Name | None:
    """What a case hands over to the next of the same procedure under a name."""
    opens = (each for outcome in pack.outcomes.values() for each in outcome.opens)
    return next(
        (each.gives[what] for each in opens if each.procedure == pack.ref.procedure and what in each.gives), None
    )


@dataclass(slots=True)
class View:
    """Grows while the steps are judged in order."""

    sieved: Sieved
    pack: Pack
    states: dict[str, StepState] = dataclass_field(default_factory=dict)
    done: dict[str, list[Standing]] = dataclass_field(default_factory=dict)

    def lookup(
        self,
        version: Version | None = None,
        *,
        own: str = "",
        record: Standing | None = None,
        row: Mapping[str, Any] | None = None,
        fixed: Mapping[Name, date] | None = None,
    ) -> Lookup:
        """A look-up with the facts of a version; ``own`` step's names are read from its record at hand."""
        facts = (version or self.sieved.versions[-1]).facts
        pinned: Mapping[Name, date] = fixed if fixed is not None else {}

        def look(name: Name) -> Any:
            if name in pinned:
                return pinned[name]
            if record is not None and name.head == own:
                return self.read(record, name.tail)
            if name.head in self.pack.steps:
                return self.of_step(name.head, name.tail)
            if name.head == ROW:
                value = (row or {}).get(name.tail)
            else:
                value = facts.get(f"{name.head}.{name.tail}")
            return ABSENT if is_empty(value) else value

        return look

    def read(self, record: Standing, tail: str) -> Any:
        if tail == "on":
            return record.on
        value = record.values.get(tail)
        if isinstance(value, Mapping) and ANSWER in value:
            return value[ANSWER]
        if not is_empty(value):
            return value
        return export(self.pack.steps[record.step], tail, record.values)

    def of_step(self, step: str, tail: str) -> Any:
        state = self.states.get(step)
        if state is None or not state.resolved:
            return UNKNOWN
        if state.status is not Status.DONE:
            return ABSENT
        records = self.done.get(step, [])
        if self.pack.steps[step].repeat is not None:
            return self._of_many(records, tail)
        return self.read(records[-1], tail) if records else ABSENT

    def _of_many(self, records: list[Standing], tail: str) -> Any:
        which, _, rest = tail.partition(".")
        if which == "count":
            return len(records)
        if not records:
            return ABSENT
        if which == "any":
            values = [self.read(record, rest) for record in records]
            found: list[Any] = []
            for value in values:
                found += value if isinstance(value, list) else [] if value is ABSENT else [value]
            return found or ABSENT
        return self.read(records[-1], rest if which == "last" else tail)

    def title(self, name: Name) -> str:
        step = self.pack.steps.get(name.head)
        if step is None and name.head == WITH:
            given = handed_on(self.pack, name.tail)
            return f"上一事项的“{self.title(given)}”" if given is not None else "上一事项定的日期"
        if step is None:
            return fact_title(str(name)) if name.head != ROW else column_title(self.pack, name.tail)
        tail = name.tail.rsplit(".", 1)[-1]
        if tail in step.form:
            return f"{step.title}·{step.form[tail].title}"
        return step.title + OF_A_STEP.get(tail, "")

    def ordered(self, step: str) -> list[Standing]:
        """The standing records of a step, by number where numbered, else by day and entry."""
        records = list(self.sieved.records.get(step, {}).values())
        repeat = self.pack.steps[step].repeat
        if repeat is not None and repeat.kind in (RepeatKind.EVERY, RepeatKind.NEXT):
            return sorted(records, key=lambda each: (int(each.key) if each.key.isdigit() else 0, each.seq))
        return sorted(records, key=lambda each: (each.on, each.seq))


def view_of(sieved: Sieved, found: Plan) -> View:
    """The view a plan was made from, once it is made."""
    view = View(sieved, sieved.pack, dict(found.steps))
    for each in found.items:
        record = sieved.records.get(each.step, {}).get(each.key)
        if each.status is Status.DONE and record is not None:
            view.done.setdefault(each.step, []).append(record)
    return view
