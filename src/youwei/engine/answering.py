"""What a case answers of people: the rows it answers for, and the answers that are to be looked at again. Pure functions of a log."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from youwei.engine.types import Entry, EntryKind, Sieved, Standing
from youwei.engine.values import ANSWER, row_key
from youwei.rulebook.pack_types import FieldType, Pack, Step

PERSON = "person"


def marks(entry: Entry) -> bool:
    """Whether an entry says that a reply is to be looked at again: what it rested on has changed."""
    return entry.kind is EntryKind.NOTE and bool(entry.target)


def answers(pack: Pack) -> bool:
    """Whether a procedure says of people on a list, or of one a letter names, what the rulebook answers."""
    return any(field.whose for step in pack.steps.values() for field in step.form.values())


def rows_of(step: Step, sieved: Sieved) -> dict[str, Mapping[str, Any]]:
    """The rows a step is done for, by key; empty for a step that is not done row by row."""
    source = step.repeat.source if step.repeat is not None else None
    if source is None or not source.tail:
        return {}
    found: dict[str, Mapping[str, Any]] = {}
    for record in sieved.records.get(source.head, {}).values():
        for number, row in enumerate(record.values.get(source.tail) or (), 1):
            if isinstance(row, Mapping):
                found[row_key(row, number)] = row
    return found


def marked(sieved: Sieved, log: Sequence[Entry]) -> Iterator[tuple[Entry, Standing, dict[str, Any]]]:
    """The standing answers that are marked, each with what a case that puts it right begins with."""
    signs = {entry.target: entry for entry in log if marks(entry)}
    for records in sieved.records.values() if signs else ():
        for record in records.values():
            if record.seq in signs and (facts := _begins(sieved, record, signs[record.seq])):
                yield signs[record.seq], record, facts


def _begins(sieved: Sieved, record: Standing, mark: Entry) -> dict[str, Any]:
    """Of whom it was, for what, in which words, and why it is marked; nothing for a record that answers of nobody on the roll."""
    step = sieved.pack.steps[record.step]
    said = next((record.values.get(field.id) for field in step.form.values() if field.whose), None)
    if not isinstance(said, Mapping) or not said.get(PERSON):
        return {}
    words = (
        field.choice_title(record.values[field.id])
        for field in step.form.values()
        if field.type is FieldType.CHOICE and record.values.get(field.id)
    )
    return {
        "letter.person": {"id": str(said[PERSON]), "name": name_of(sieved, record, step, str(said[PERSON]))},
        "letter.intent": said["intent"],
        "letter.replied_on": record.on.isoformat(),
        "letter.words": "；".join(words) or said[ANSWER],
        "letter.doubt": mark.reason,
    }


def name_of(sieved: Sieved, record: Standing, step: Step, person: str) -> str:
    """What somebody is called on the list, by whoever recognised them, or in the facts of the case."""
    row = rows_of(step, sieved).get(record.key, {})
    others = [records[record.key].values for records in sieved.records.values() if record.key in records]
    told = [row.get(PERSON), *(values.get(PERSON) for values in others), sieved.facts.get("letter.person")]
    named = (str(each.get("name", "")) for each in told if isinstance(each, Mapping) and str(each.get("id")) == person)
    return next(named, "")
