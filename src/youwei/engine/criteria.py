"""Drawing up a list by named criteria: whom they take, whom they leave out and why, and of whom it is not known.

What nobody knows is neither yes nor no (strong Kleene): whoever cannot be judged is told apart, never silently left out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

from youwei.engine.conditions import ABSENT, UNKNOWN, both, deciding, evaluate
from youwei.engine.values import is_empty, read_date, read_facts, read_number
from youwei.engine.wording import chinese_value
from youwei.rulebook.pack_facts import FACTS, fact_title
from youwei.rulebook.pack_parts import Use
from youwei.rulebook.pack_types import Clause, Condition, Criterion, FieldType, Members, Name, Op

SCOPE = "scope"
SCOPE_TITLE = "规程规定的范围"
COMPARES = frozenset({Op.LT, Op.LE, Op.GT, Op.GE})


@dataclass(frozen=True, slots=True)
class Choice:
    """How somebody uses a criterion, and the values put in the place of the pack's; none where they stay."""

    use: Use
    values: tuple[Any, ...] = ()


def frame(members: Members) -> Criterion | None:
    """The scope of the pack as a criterion that cannot be changed."""
    return Criterion(SCOPE, SCOPE_TITLE, members.scope) if members.scope is not None else None


def changeable(criterion: Criterion) -> Clause | None:
    """The one test of a criterion whose value may be changed; nothing where it has several, or compares two names."""
    clauses = criterion.when.clauses
    if len(clauses) != 1 or clauses[0].test.name is not None or clauses[0].test.op not in {Op.IS, *COMPARES}:
        return None
    fact = FACTS.get(str(clauses[0].name))
    return clauses[0] if fact is not None and fact.type is not FieldType.YESNO else None


def read_choice(criterion: Criterion, use: str, values: Sequence[str]) -> Choice:
    """What was ticked and typed; what cannot be read leaves the pack's own."""
    known, clause = (Use(use) if use in set(Use) else criterion.use), changeable(criterion)
    if clause is None:
        return Choice(known)
    fact = FACTS[str(clause.name)]
    if clause.test.op is Op.IS:
        kept = tuple(each.strip() for each in values if each.strip() and (not fact.choices or each in fact.choices))
        return Choice(known, kept)
    read = (read_date if fact.type is FieldType.DATE else read_number)(values[0].strip()) if values else None
    wanted = date if fact.type is FieldType.DATE else Decimal
    return Choice(known, (read,) if isinstance(read, wanted) else ())


def applied(criteria: Iterable[Criterion], choices: Mapping[str, Choice]) -> list[Criterion]:
    """The criteria as somebody uses them."""
    found = []
    for each in criteria:
        choice = choices.get(each.id)
        if choice is None:
            found.append(each)
            continue
        clause, when = changeable(each), each.when
        if clause is not None and choice.values:
            when = Condition(((replace(clause, test=replace(clause.test, values=choice.values)),),))
        found.append(replace(each, use=choice.use, when=when))
    return found


def meets(criterion: Criterion, facts: Mapping[str, Any]) -> bool | None:
    """Whether somebody of whom these facts are known meets a criterion; None where nobody knows. `facts` as `read_facts` gives them."""
    return evaluate(criterion.when, _lookup(criterion.when, facts))


def why(criterion: Criterion, facts: Mapping[str, Any]) -> str:
    """By what somebody meets a criterion, in words."""
    look = _lookup(criterion.when, facts)
    named = deciding(criterion.when, look, True, lambda name: fact_title(str(name)))
    return "，".join(f"{each.title}：{chinese_value(each.value)}" for each in named if each.value is not None)


def lacking(criterion: Criterion, facts: Mapping[str, Any]) -> list[str]:
    """The facts that nobody has said, for want of which a criterion cannot be judged."""
    look = _lookup(criterion.when, facts)
    return [fact_title(str(name)) for name in criterion.when.names if look(name) is UNKNOWN]


def _lookup(condition: Condition, facts: Mapping[str, Any]) -> Any:
    asked = {clause.name for clause in condition.clauses if clause.test.op is Op.GIVEN}

    def look(name: Name) -> Any:
        value = facts.get(str(name))
        if not is_empty(value):
            return value
        fact = FACTS.get(str(name))
        return ABSENT if name in asked or (fact is not None and fact.answers) else UNKNOWN

    return look


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether somebody is proposed; the criteria that leave somebody out, or, where it is not known, that cannot be judged."""

    stands: bool | None
    because: tuple[str, ...] = ()
    met: tuple[str, ...] = ()


def verdict(criteria: Sequence[Criterion], facts: Mapping[str, Any]) -> Verdict:
    """All of those that must be met, one at least of those of which one is enough, none of those that leave out."""
    told = {each.id: meets(each, facts) for each in criteria if each.use is not Use.OFF}
    stands: bool | None = True
    against: list[str] = []
    for each in criteria:
        if each.use in (Use.ALL, Use.NOT):
            answer = told[each.id]
            answer = (None if answer is None else not answer) if each.use is Use.NOT else answer
            stands = both(stands, answer)
            against += [each.id] if answer is not True else []
    enough = [each.id for each in criteria if each.use is Use.ANY]
    if enough:
        one = (
            True
            if any(told[each] for each in enough)
            else None
            if any(told[each] is None for each in enough)
            else False
        )
        stands = both(stands, one)
        if one is not True:
            against += [each for each in enough if told[each] is one]
    met = tuple(each.id for each in criteria if told.get(each.id) and each.use is not Use.NOT)
    if stands is None:  # what is known to be met, and known not to matter, is no reason for a doubt
        against = [each for each in against if told[each] is None]
    elif stands is False:
        against = [each for each in against if told[each] is not None]
    return Verdict(stands, tuple(against), met)


def together(criteria: Sequence[Criterion], known: Sequence[Mapping[str, Any]]) -> tuple[Verdict, int]:
    """Somebody of whom several matters are known, the newest first: taken by the first that fits by itself, else by the first that may fit.

    What leaves somebody out does so by whichever of them meets it. Returns the verdict, and which of them it was given by.
    """
    judged = [verdict(criteria, facts) for facts in known]
    ranks = [{True: 0, None: 1, False: 2}[each.stands] for each in judged]
    best = ranks.index(min(ranks))
    found = judged[best]
    if found.stands is False:
        return found, best
    against: dict[bool | None, list[str]] = {True: [], None: []}
    for each in criteria:
        if each.use is Use.NOT:
            answers = [meets(each, facts) for facts in known]
            answer = True if True in answers else None if None in answers else False
            against.get(answer, []).append(each.id)
    if against[True]:
        return replace(found, stands=False, because=tuple(against[True])), best
    if against[None]:
        return replace(found, stands=None, because=tuple(dict.fromkeys((*found.because, *against[None])))), best
    return found, best


@dataclass(slots=True)
class Tally:
    """How many the criteria take, leave out and cannot judge; of each criterion how many meet it, do not, and are not known.

    `left_out` and `doubts` give each person to the first criterion that decides, so that their sums are the numbers of people.
    """

    taken: int = 0
    out: int = 0
    unknown: int = 0
    of: dict[str, list[int]] = field(default_factory=dict)
    left_out: Counter[str] = field(default_factory=Counter)
    doubts: Counter[str] = field(default_factory=Counter)

    def add(self, criteria: Sequence[Criterion], facts: Mapping[str, Any], found: Verdict, count: int = 1) -> None:
        """Count so many people of whom the same is known."""
        for each in criteria:
            answer = meets(each, facts)
            self.of.setdefault(each.id, [0, 0, 0])[2 if answer is None else 0 if answer else 1] += count
        if found.stands:
            self.taken += count
        elif found.stands is None:
            self.unknown += count
            self.doubts[found.because[0]] += count
        else:
            self.out += count
            self.left_out[found.because[0]] += count


def tallied(criteria: Sequence[Criterion], groups: Iterable[tuple[Mapping[str, Any], int]]) -> Tally:
    """Over groups of people of whom the same is known, each with how many they are."""
    tally = Tally()
    for raw, count in groups:
        facts = read_facts(raw)
        tally.add(criteria, facts, verdict(criteria, facts), count)
    return tally


def fact_names(members: Members) -> frozenset[str]:
    """The facts that scope and criteria ask for: what is kept of everybody a list may take."""
    conditions = [members.scope, *(each.when for each in members.criteria.values())]
    return frozenset(str(name) for each in conditions if each is not None for name in each.names)
