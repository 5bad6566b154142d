"""The values a pack can tell apart: for every tested name, one value of each class."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from dataclasses import field as dataclass_field
from datetime import date, timedelta
from decimal import Decimal
from itertools import product
from typing import Any

from youwei.engine.conditions import ABSENT, UNKNOWN, evaluate
from youwei.rulebook.asking import Answer
from youwei.rulebook.pack_facts import FACTS
from youwei.rulebook.pack_types import (
    ROW,
    Clause,
    Condition,
    Field,
    FieldType,
    Kind,
    Name,
    Op,
    Pack,
    RepeatKind,
    Step,
    Test,
)

BEGIN = date(2024, 3, 1)
NORMAL_END = BEGIN + timedelta(days=365)
# Later than any other day, and no later than need be: what is reported month by month until then is run through month by month.
EARLIER, LATER = BEGIN - timedelta(days=400), BEGIN + timedelta(days=1200)
OTHER = "（其他）"
SAMPLES: dict[FieldType, Any] = {
    FieldType.TEXT: OTHER,
    FieldType.NUMBER: Decimal(1),
    FieldType.PERSON: OTHER,
    FieldType.PEOPLE: [OTHER],
    FieldType.ORGAN: "99",
    FieldType.DECISION: OTHER,
    FieldType.FILE: OTHER,
    FieldType.ELIGIBILITY: Answer.FREE.value,
    FieldType.GUIDING_CASES: [OTHER],
    FieldType.YESNO: True,
    FieldType.DATE: LATER,
}


@dataclass(slots=True)
class Tests:
    """All tests on one name, wherever they are written."""

    clauses: list[Test] = dataclass_field(default_factory=list)

    def mentioned(self) -> list[Any]:
        found = [value for test in self.clauses if test.op in (Op.IS, Op.NOT) for value in test.values]
        return list(dict.fromkeys(found))

    def told_apart(self) -> list[Any]:
        """Of the values mentioned, one of each set that every test treats alike."""
        tests = [test.values for test in self.clauses if test.op in (Op.IS, Op.NOT)]
        alike = {tuple(value in values for values in tests): value for value in reversed(self.mentioned())}
        return [value for value in self.mentioned() if value in alike.values()]

    def thresholds(self) -> list[Decimal]:
        found = [test.values[0] for test in self.clauses if test.values and isinstance(test.values[0], Decimal)]
        return list(dict.fromkeys(found))

    def asks_given(self) -> bool:
        return any(test.op is Op.GIVEN for test in self.clauses)


def _conditions(pack: Pack) -> Iterable[tuple[Condition | None, Step | None, bool]]:
    """Every condition that can change a plan, the step it is written in, and whether it is a refusal."""
    for stage in pack.stages.values():
        yield stage.when, None, False
    for step in pack.steps.values():
        yield step.when, step, False
        for never in step.never:
            yield never.when, step, True
    for outcome in pack.outcomes.values():
        yield outcome.when, None, False


def tested_names(pack: Pack) -> tuple[dict[Name, Tests], dict[Name, Tests]]:
    """Names that can part the ways; and names that only a step's own refusals read."""
    found: dict[Name, Tests] = {}
    own: dict[Name, Tests] = {}
    for condition, step, refusal in _conditions(pack):
        for clause in condition.clauses if condition is not None else ():
            for name, test in _sides(clause):
                source = _source_name(name, step)
                mine = refusal and step is not None and source.head == step.id
                (own if mine else found).setdefault(source, Tests()).clauses.append(test)
    for name in list(own):
        if name in found:
            found[name].clauses += own.pop(name).clauses
    return found, own


def _sides(clause: Clause) -> Iterable[tuple[Name, Test]]:
    yield clause.name, clause.test
    if clause.test.name is not None:
        yield clause.test.name, clause.test


def _source_name(name: Name, step: Step | None) -> Name:
    """``row.x`` is a field of the step the rows come from; ``x.any.f`` and ``x.last.f`` are its field f."""
    if name.head == ROW and step is not None and step.repeat is not None and step.repeat.source is not None:
        source = step.repeat.source
        return Name(source.head, f"{source.tail}.{name.tail}" if source.tail else name.tail)
    which, _, rest = name.tail.partition(".")
    return Name(name.head, rest) if which in ("any", "last") and rest else name


def values_of(field: Field, tests: Tests) -> list[Any]:
    """One value of each class of a field; None is the empty one."""
    if field.type is FieldType.YESNO:
        found: list[Any] = [True, False]
    elif field.type is FieldType.CHOICE:
        found = _choice_values(field, tests)
    elif field.type is FieldType.ELIGIBILITY:
        found = list(dict.fromkeys([*tests.told_apart(), *_others(tests)]))
    elif field.type is FieldType.NUMBER and tests.thresholds():
        found = [value for each in tests.thresholds() for value in (each - 1, each, each + 1)]
    elif field.type is FieldType.DATE:
        found = [EARLIER, LATER]
    elif field.type is FieldType.ROWS:
        found = [[{"id": "a", **{key: sample(column) for key, column in field.of.items()}}]]
    else:
        found = [*tests.mentioned(), sample(field)]
    if not field.required or field.when is not None:
        found.append(None)
    return found


def _others(tests: Tests) -> list[str]:
    """One answer about an eligibility that no test mentions."""
    return [str(each) for each in Answer if str(each) not in map(str, tests.mentioned())][:1]


def _choice_values(field: Field, tests: Tests) -> list[Any]:
    mentioned = [str(value) for value in tests.mentioned()]
    others = [choice.id for choice in field.choices if choice.id not in mentioned][:1]
    chosen = [choice.id for choice in field.choices if choice.id in mentioned] + others
    return [[each] for each in chosen] if field.many else list(chosen)


def sample(field: Field) -> Any:
    if field.choices:
        return [field.choices[0].id] if field.many else field.choices[0].id
    return SAMPLES.get(field.type)


def fact_values(name: str, tests: Tests) -> list[Any]:
    """One value of each class of a fact."""
    fact = FACTS.get(name)
    if fact is None:
        return [LATER, None]
    if fact.type is FieldType.YESNO:
        return [True, False]
    if fact.type is FieldType.DATE:
        return [EARLIER, LATER]
    if fact.type is FieldType.NUMBER:
        return [value for each in tests.thresholds() for value in (each - 1, each, each + 1)] or [Decimal(1)]
    mentioned = tests.mentioned()
    others = [choice for choice in fact.choices if choice not in mentioned][:1] if fact.choices else [OTHER]
    values = [*tests.told_apart(), *others]
    return [[each] for each in values] if fact.many else values


def _fact_classes(name: str, tests: Tests) -> list[Any]:
    """Its values, and none at all where somebody asks whether it is given."""
    values = fact_values(name, tests)
    return [*values, None] if tests.asks_given() and None not in values else values


def opening_facts(pack: Pack, found: dict[Name, Tests]) -> Iterable[dict[str, Any]]:
    """Every combination of the facts the pack tests, over a normal set of the rest."""
    base: dict[str, Any] = {name: BEGIN for name, fact in FACTS.items() if fact.type is FieldType.DATE}
    base |= {name: NORMAL_END for name in base if name.endswith("ends_on")}
    base |= {name: "99" for name, fact in FACTS.items() if fact.type is FieldType.ORGAN}
    base |= {"with.from": BEGIN, "with.until": NORMAL_END}
    names = [name for name in found if name.head not in pack.steps]
    for values in product(*(_fact_classes(str(name), found[name]) for name in names)):
        chosen = {str(name): value for name, value in zip(names, values, strict=True)}
        yield {key: value for key, value in {**base, **chosen}.items() if value is not None}


@dataclass(frozen=True, slots=True)
class Variants:
    """What may be written into one step: the ways that part, and the other answers its own refusals read."""

    ways: tuple[dict[str, Any], ...]
    answers: tuple[dict[str, Any], ...]


def variants(pack: Pack, step: Step, found: dict[Name, Tests], own: dict[Name, Tests]) -> Variants:
    ways = _combinations(step, found)
    if step.repeat is not None and step.repeat.kind is RepeatKind.EACH:
        ways = ways[:1] if not _read(step, found) else ways
    rows = {name: value for name, value in _sources(pack, step).items() if not any(name in way for way in ways)}
    if rows:
        ways = [{**way, **rows} for way in ways] + [{**way, **dict.fromkeys(rows)} for way in ways]
    return Variants(tuple(ways), tuple(_combinations(step, own)))


def _read(step: Step, found: dict[Name, Tests]) -> bool:
    return any(name.head == step.id for name in found)


def _sources(pack: Pack, step: Step) -> dict[str, Any]:
    """The rows of a step that others answer one by one."""
    rows: dict[str, Any] = {}
    for other in pack.steps.values():
        source = other.repeat.source if other.repeat is not None else None
        if source is not None and source.head == step.id and source.tail in step.form:
            field = replace(step.form[source.tail], required=True)
            rows[source.tail] = values_of(field, Tests())[0]
    return rows


def _combinations(step: Step, tests: dict[Name, Tests]) -> list[dict[str, Any]]:
    mine = {name.tail: each for name, each in tests.items() if name.head == step.id}
    keys: list[str] = []
    values: list[list[Any]] = []
    if step.kind is Kind.SCORE and mine:
        full = {item.id: item.out_of for item in step.items}
        keys.append("")
        values.append([full, dict.fromkeys(full, Decimal(0))])
    for tail, each in mine.items():
        head, _, column = tail.partition(".")
        field = step.form.get(head)
        if field is None or head in [item.id for item in step.items]:
            continue
        keys.append(head)
        values.append(_row_values(field, column, each) if column else values_of(field, each))
    made = []
    for chosen in product(*values):
        table: dict[str, Any] = {}
        for key, value in zip(keys, chosen, strict=True):
            table.update(value if key == "" else {key: value})
        if _could_be_written(step, table):
            made.append(table)
    return made


def _could_be_written(step: Step, table: dict[str, Any]) -> bool:
    """Not with an answer to what these very answers do not ask, nor without one that they require: the form refuses both."""

    def look(name: Name) -> Any:
        if name.head != step.id or name.tail not in table:
            return UNKNOWN
        return ABSENT if table[name.tail] is None else table[name.tail]

    for key, value in table.items():
        field = step.form.get(key)
        if field is None or field.when is None:
            continue
        wanted = evaluate(field.when, look)
        if (wanted is False and value is not None) or (wanted is True and field.required and value is None):
            return False
    return True


def _row_values(field: Field, column: str, tests: Tests) -> list[Any]:
    if column not in field.of:
        return values_of(field, tests)
    base = {key: sample(each) for key, each in field.of.items()}
    return [[{"id": "a", **base, column: value}] for value in values_of(field.of[column], tests)] + [None]
