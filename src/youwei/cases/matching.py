"""Who a row of a ledger is about, and whether its decision is known: by identity number, by the decision's own number, else asked, never guessed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet

from youwei.cases import prechecking
from youwei.cases.places import Roll
from youwei.decisions.models import Decision
from youwei.intake.fields import BY_KEY
from youwei.intake.queries import STUB, Candidate, Change, Fault, Match, Row, day_of
from youwei.journal.sealing import blind_index
from youwei.organs.models import Organ
from youwei.organs.queries import other_names, reach, scope
from youwei.people import queries as people
from youwei.people.models import Person

COMPARED = {"post": "post", "rank": "rank", "managed_by": "managed_by", "note": "standing", "politics": "politics"}
DAYS = ("effective_on", "acts_until")
#: What a ledger may fill in on a decision that is there: only where the decision says nothing.
FILLED = {
    "number": "number",
    "form": "form",
    "category": "problem",
    "facts": "facts",
    "effective_on": "effective_on",
    "acts_until": "acts_until",
}
#: The answer a decision owes: filled in by an act of its own, which moves nothing else.
PRECHECK = "precheck"
SAME_PERSON = "同名、同出生年月、同单位"
MONTH_UNKNOWN = "同名、同单位，出生年月没有都写"
OTHER_NAME = "身份证号相同，姓名不同"
OTHER_MEASURES = "同一文号、同一日期已有决定，处分不同"
OTHERWISE = "同一份决定已在系统中，{fields}与系统里的不同"


@dataclass(slots=True)
class LedgerMatcher:
    """Matches rows against the persons and decisions within one organ's reach, some hundreds at a time."""

    home: Organ
    seen: dict[tuple[str, str, str], tuple[str, int]] = field(default_factory=dict)
    numbers: dict[str, str] = field(default_factory=dict)
    used: set[int] = field(default_factory=set)
    others: Mapping[int, set[str]] = field(default_factory=other_names)
    roll: Roll = field(init=False)

    def __post_init__(self) -> None:
        self.roll = Roll(self.home)

    def match(self, rows: Sequence[Row]) -> list[Match]:
        beyond = {row.number: fault for row in rows if (fault := self._beyond(row))}
        asked = [row for row in rows if row.number not in beyond]
        known = dict(zip((row.number for row in asked), self._match(asked), strict=True))
        return [known.get(row.number) or Match("refused", fault=beyond[row.number]) for row in rows]

    def _beyond(self, row: Row) -> Fault | None:
        """A row about people this ledger's organ has nothing to do with, or of an organ that it may not enter."""
        unit, region, deciding = (str(row.values.get(key) or "") for key in ("unit", "region", "deciding_organ"))
        home = self.roll.top.name
        if why := self.roll.outside(unit, region, deciding):
            remedy = f"由管辖那里的机关或者上级机关导入；确属{home}的，在单位名称前写明“{home}”"
            return Fault(BY_KEY["unit"].title, "unit", f"{why}，不在{home}的范围", remedy, "scope", unit or region)
        if self.roll.unknown(deciding):
            message = f"机关名录里没有“{deciding}”，它也不在{home}的范围，不能在这里新建"
            remedy = "核对机关名称；确有这个机关的，请系统管理员先录入机关名录"
            return Fault(BY_KEY["deciding_organ"].title, "deciding_organ", message, remedy, "scope", deciding)
        return None

    def _match(self, rows: Sequence[Row]) -> list[Match]:
        data = [row for row in rows if row.kind != STUB]
        by_index = people.by_indexes(index_of(row) for row in data)
        by_name = people.by_names(row.name for row in data)
        known = {person.pk: person for found in [*by_index.values(), *by_name.values()] for person in found}
        decisions = _decisions(known)
        stubs = _stubs([row for row in rows if row.kind == STUB], reach([scope(self.home)]))
        return [
            self._stub(row, stubs)
            if row.kind == STUB
            else self._one(row, by_index.get(index_of(row), []), by_name.get(row.name, []), decisions)
            for row in rows
        ]

    def _stub(self, row: Row, stubs: "Stubs") -> Match:
        same = next((pk for pk in stubs.known(row) if pk not in self.used), None)
        if same is None:
            return Match("stub")
        self.used.add(same)
        return Match("unchanged", decision_id=same)

    def _one(
        self, row: Row, same_index: list[Person], same_name: list[Person], decisions: Mapping[int, list[Decision]]
    ) -> Match:
        if same_index:
            others = [person for person in same_index if person.name != row.name]
            if others or len(same_index) > 1:
                return Match("ask", candidates=tuple(Candidate(person.pk, OTHER_NAME) for person in same_index))
            return _known(row, same_index[0], decisions.get(same_index[0].pk, ()), scope(self.home))
        for person in same_name:
            held = decisions.get(person.pk, ())
            if (
                _born_fits(row, person)
                and not _another_number(row, person)
                and any(self._repeats(row, person, each) for each in held)
            ):
                return _known(row, person, held, scope(self.home))
        within = scope(self.home)
        likely = [
            person
            for person in same_name
            if person.organ.path.startswith(within)
            and self._same_person(row, person)
            and not _another_number(row, person)
        ]
        if likely:
            return Match("ask", candidates=tuple(Candidate(person.pk, _likeness(row, person)) for person in likely))
        return self._within_the_ledger(row)

    def _within_the_ledger(self, row: Row) -> Match:
        """Two new rows that may be one person: the same number and name is one person; without one of the numbers it is asked."""
        index = index_of(row)
        if index and self.numbers.setdefault(index, row.name) != row.name:
            return Match("ask", why=f"表中另有一行{OTHER_NAME}")
        key = (row.name, str(row.values.get("born", ""))[:7], str(row.values.get("unit", "")))
        if key not in self.seen or (index and self.seen[key][0]):
            self.seen.setdefault(key, (index, row.number))
            return Match("create")
        return Match("ask", why=f"表中另有一行{SAME_PERSON}", twin=self.seen[key][1])

    def _repeats(self, row: Row, person: Person, decision: Decision) -> bool:
        """The row tells of this decision: the same day and number; where neither has a number, the same day and unit.

        Where only one of them has a number, the same day, unit and measures.
        """
        day, number = day_of(row.values.get("decided_on")), str(row.values.get("number") or "")
        same_unit = self._same_unit(row, decision.unit or person.organ)
        for telling in tellings(decision):
            if telling.made_on != day:
                continue
            if telling.number == number and (number or same_unit):
                return True
            if _without_number(telling, day, number, _kinds(row)) and same_unit:
                return True
        return False

    def _same_person(self, row: Row, person: Person) -> bool:
        """The same unit, and the same month of birth where both are known: where one is not, nobody can tell, so it is asked."""
        born = str(row.values.get("born", ""))
        other_month = bool(born and person.born_on and person.born_on.isoformat()[:7] != born[:7])
        return not other_month and self._same_unit(row, person.organ)

    def _same_unit(self, row: Row, organ: Organ) -> bool:
        """The row names the organ, by its name, a former one, or that of an organ merged into it."""
        written = str(row.values.get("unit", ""))
        return any(written.endswith(name) for name in (organ.name, *self.others.get(organ.pk, ())))


def _likeness(row: Row, person: Person) -> str:
    return SAME_PERSON if row.values.get("born") and person.born_on else MONTH_UNKNOWN


def index_of(row: Row) -> str:
    number = str(row.values.get("id_number", ""))
    return blind_index(number) if number else ""


def _decisions(known: Mapping[int, Person]) -> dict[int, list[Decision]]:
    found: dict[int, list[Decision]] = {}
    keys = sorted(known)
    for start in range(0, len(keys), 500):
        rows = Decision.objects.filter(person__in=keys[start : start + 500]).exclude(state=Decision.State.UNDONE)
        rows = rows.select_related("unit", "deciding_organ", "counted_at")
        for decision in rows.prefetch_related("measures"):
            found.setdefault(decision.person_id or 0, []).append(decision)
    return found


def _stubs(rows: Iterable[Row], within: QuerySet[Organ]) -> "Stubs":
    """Stubs that are already there within reach, by day or number."""
    told = [_stub_telling(row) for row in rows]
    days, numbers = {each.made_on for each in told}, {each.number for each in told} - {""}
    alike = Q(made_on__in=days - {None}) | Q(number__in=numbers) | (Q(made_on=None) if None in days else Q(pk__in=[]))
    stored = Decision.objects.filter(alike | Q(told__isnull=False), secret=True).exclude(state=Decision.State.UNDONE)
    stored = stored.filter(counted_at__in=within.values("pk")).prefetch_related("measures").order_by("pk")
    return Stubs([(decision.pk, telling) for decision in stored for telling in tellings(decision)])


def _stub_telling(row: Row) -> "Telling":
    values = row.values
    form = values.get("form")
    return Telling(
        str(values.get("number") or ""), day_of(values.get("decided_on")), int(form) if form else None, _kinds(row)
    )


@dataclass(frozen=True, slots=True)
class Stubs:
    """Stubs by what each is known by; two alike are two."""

    told: Sequence[tuple[int, "Telling"]]

    def known(self, row: Row) -> list[int]:
        """The stubs a row may be, the likeliest first: those told alike; those of its number where a column says nothing in one of the
        two ledgers; or the only one of its day and measures where one of them has no number."""
        said = _stub_telling(row)
        alike = [pk for pk, each in self.told if each == said]
        numbered = [
            pk for pk, each in self.told if said.number and each.number == said.number and _no_quarrel(said, each)
        ]
        bare = [pk for pk, each in self.told if _without_number(each, said.made_on, said.number, said.kinds)]
        found = [*alike, *numbered, *(bare if len(set(bare)) == 1 else [])]
        return list(dict.fromkeys(found))


def _no_quarrel(one: "Telling", other: "Telling") -> bool:
    """Whatever both say is the same."""
    return all(not mine or not theirs or mine == theirs for mine, theirs in zip(one[1:], other[1:], strict=True))


class Telling(NamedTuple):
    """What a ledger knows a decision by."""

    number: str
    made_on: date | None
    form: int | None
    kinds: tuple[str, ...]


def tellings(decision: Decision) -> list[Telling]:
    """A decision as it is recorded now, and as it was first told before it was corrected or changed: the same ledger knows it again."""
    kinds = tuple(sorted(measure.kind for measure in decision.measures.all()))
    found = [Telling(decision.number, decision.made_on, decision.form, kinds)]
    if decision.told is not None:
        told = decision.told
        found.append(Telling(told["number"], day_of(told["made_on"]), told["form"], tuple(told["kinds"])))
    return list(dict.fromkeys(found))


def _kinds(row: Row) -> tuple[str, ...]:
    return tuple(sorted(each["id"] for each in row.values["measures"]))


def _without_number(telling: Telling, day: date | None, number: str, kinds: tuple[str, ...]) -> bool:
    """Of the same day and measures, and only one of them says its number."""
    return day is not None and (telling.made_on, telling.kinds) == (day, kinds) and bool(number) != bool(telling.number)


def _known(row: Row, person: Person, held: Iterable[Decision], within: str) -> Match:
    """A row about a known person: a new decision, one that is there, or one told with other measures, which is asked about."""
    held, kinds = list(held), _kinds(row)
    day, number = day_of(row.values.get("decided_on")), str(row.values.get("number") or "")
    told = [(each, telling) for each in held for telling in tellings(each)]
    alike = [(each, telling) for each, telling in told if (telling.made_on, telling.number) == (day, number)]
    same = next((each for each, telling in alike if telling.kinds == kinds), None)
    if same is None and not alike:
        near = {each.pk: each for each, telling in told if _without_number(telling, day, number, kinds)}
        same = next(iter(near.values())) if len(near) == 1 else None
    if same is not None:
        return _compared(row, person, same, within, only=len(held) == 1)
    if number and alike:
        return Match("ask", candidates=(Candidate(person.pk, OTHER_MEASURES, another=True),))
    return Match("create", person_id=person.pk)


def _compared(row: Row, person: Person, decision: Decision, within: str, *, only: bool) -> Match:
    """A decision that is there: nothing new, what the ledger fills in, or facts of the person that it now tells differently.

    The decision keeps what the ledger told then. What only the person keeps is compared when no other decision has told it too. What the
    decision itself says otherwise is asked about and never written over. What lies beyond the reach of the ledger's organ is not touched.
    """
    changes, otherwise = _filled(row, decision) if _in_reach(decision, within) else ([], [])
    if otherwise:
        why = OTHERWISE.format(fields="、".join(BY_KEY[key].title for key in otherwise))
        return Match("ask", candidates=(Candidate(person.pk, why, another=True),))
    for key, name in COMPARED.items() if person.organ.path.startswith(within) else ():
        told, now = str(row.values.get(key) or ""), str(getattr(person, name))
        then = str(getattr(decision, name, now if only else told))
        if told and told not in (now, then):
            changes.append(Change(key, now, told))
    outcome = "update" if changes else "unchanged"
    return Match(outcome, person_id=person.pk, decision_id=decision.pk, changes=tuple(changes))


def _in_reach(decision: Decision, within: str) -> bool:
    organs = (decision.unit, decision.deciding_organ, decision.counted_at)
    return any(organ is not None and organ.path.startswith(within) for organ in organs)


def _filled(row: Row, decision: Decision) -> tuple[list[Change], list[str]]:
    """What the row says of a decision where it says nothing, and the fields of which it says something else.

    What a decision said before somebody corrected it, an older ledger goes on saying: that is neither asked about nor filled in again, and
    where the decision does not remember what it said before, nothing is asked.
    """
    changes: list[Change] = []
    otherwise: list[str] = []
    before = decision.told or {}
    for key in FILLED:
        told, now = told_of(row, key), text_of(decision, key)
        if not told or told == now or (key in before and str(before[key] or "") == told):
            continue
        if not now and decision.state == Decision.State.STANDING:
            changes.append(Change(key, "", told))
        elif now and (not before or key in before):
            otherwise.append(key)
    told, now = prechecking.told_by(row), prechecking.told_of(decision)
    if told and not now and decision.precheck == Decision.Precheck.OWED and decision.state == Decision.State.STANDING:
        changes.append(Change(PRECHECK, "", told))
    elif told and now and told != now:
        otherwise.append(PRECHECK)
    return changes, otherwise


def told_of(row: Row, key: str) -> str:
    """What a row says of a field of a decision, as text; nothing where it was only assumed."""
    if key == "effective_on" and row.values.get("effective_assumed"):
        return ""
    value = row.values.get(key)
    if key in DAYS:
        return str(value) if value and len(str(value)) == len("2000-01-01") else ""
    return str(value or "")


def text_of(decision: Decision, key: str) -> str:
    """What a decision says in a field, as text."""
    if key == "facts":
        return decision.facts()
    value = getattr(decision, FILLED[key])
    return value.isoformat() if isinstance(value, date) else str(value or "")


def value_of(key: str, text: str) -> Any:
    """A text as the decision keeps it."""
    if key in DAYS:
        return day_of(text)
    return (int(text) if text else None) if key == "form" else text


def _born_fits(row: Row, person: Person) -> bool:
    born = str(row.values.get("born", ""))
    return not born or person.born_on is None or person.born_on.isoformat()[:7] == born[:7]


def _another_number(row: Row, person: Person) -> bool:
    """Both have an identity number, and they are not the same: two people."""
    index = index_of(row)
    return bool(index and person.id_index and index != person.id_index)
