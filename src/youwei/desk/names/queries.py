"""Which steps of a case are lists, who on the roll may be meant by a name, and the rows a step is done for."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from youwei.cases import asking
from youwei.cases.logs import packs
from youwei.cases.models import Case
from youwei.cases.queries import View
from youwei.desk.names.reading import Named
from youwei.engine.answering import rows_of
from youwei.engine.sieve import sieve
from youwei.engine.types import Act, Item, Status
from youwei.journal.sealing import blind_index
from youwei.organs.policy import Reader, visible
from youwei.people import queries as people
from youwei.people.models import Person
from youwei.rulebook.asking import Answer, Verdict
from youwei.rulebook.pack_types import Field, FieldType, Name, RepeatKind, Step

ASK = "eligibility.ask"
NAME, UNIT, PERSON, MATCHED = "name", "unit", "person", "matched"
BY_IDENTITY, NOT_HERE, NO_IDENTITY = "身份证号一致", "身份证号系统内没有", "没有身份证号"
SEVERAL = "身份证号对应多人"
"""A fault of the data: two on the roll bear the number. Somebody has to say which of them is meant."""


def list_field(step: Step) -> Field | None:
    """The table of a step that is a list of people to be recognised: it has columns for a name and for the person."""
    for field in step.form.values():
        if (
            field.type is FieldType.ROWS
            and {NAME, PERSON} <= set(field.of)
            and field.of[PERSON].type is FieldType.PERSON
        ):
            return field
    return None


def by_rows(step: Step) -> bool:
    """Whether a step is done for each row of such a list, on one page."""
    repeat = step.repeat
    return (
        repeat is not None and repeat.kind is RepeatKind.EACH and repeat.source is not None and bool(repeat.source.tail)
    )


def recognised(who: Reader, found: Sequence[Named], field: Field) -> tuple[list[dict[str, Any]], list[str]]:
    """The rows of a list: whoever is known by identity number is put down, of the rest it is said that somebody must look. Two queries at most.
    Also the lines whose number belongs to nobody of that name."""
    indexes = {blind_index(each.identity): each.identity for each in found if each.identity}
    known = people.by_indexes(indexes)
    mine = set(
        visible(who, ASK, people.active())
        .filter(pk__in=[each.pk for rows in known.values() for each in rows])
        .values_list("pk", flat=True)
    )
    rows: list[dict[str, Any]] = []
    faults: list[str] = []
    for number, each in enumerate(found, 1):
        meant = [one for one in known.get(blind_index(each.identity), []) if one.pk in mine] if each.identity else []
        if meant and each.name not in [one.name for one in meant]:
            names = "、".join(dict.fromkeys(one.name for one in meant))
            faults.append(f"第{each.line}行：{each.name}的身份证号在系统内是{names}的；请核对姓名和身份证号。")
        row: dict[str, Any] = {
            "id": str(number),
            NAME: each.name,
            UNIT: each.unit,
            MATCHED: _matched(meant, each, field),
        }
        if len(meant) == 1:
            row[PERSON] = plain_person(meant[0])
        rows.append({name: value for name, value in row.items() if value and (name == "id" or name in field.of)})
    return rows, faults


def _matched(meant: Sequence[Person], each: Named, field: Field) -> str:
    """What came of the number; "" where the pack's list has no word for it."""
    found = (BY_IDENTITY if len(meant) == 1 else SEVERAL) if meant else NOT_HERE if each.identity else NO_IDENTITY
    return found if MATCHED in field.of and found in [choice.id for choice in field.of[MATCHED].choices] else ""


def plain_person(person: Person) -> dict[str, str]:
    return {"id": str(person.pk), "name": person.name}


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the page: whom it is about, who may be meant, and what the rulebook says of each field that asks it."""

    key: str
    name: str
    unit: str
    matched: str
    person: str
    candidates: tuple[Person, ...]
    verdicts: Mapping[str, Verdict]


def lines(who: Reader, view: View, step: Step) -> list[Line]:
    """The open occurrences of a step with all the page needs; a fixed number of queries."""
    sieved = sieve(packs(), view.entries)
    rows = rows_of(step, sieved)
    keys = [item.key for item in open_items(view, step) if item.key in rows]
    meant = _candidates(who, rows, keys) if any(each.type is FieldType.PERSON for each in step.form.values()) else {}
    asked = (
        asking.questions(view.case, step, sieved, view.plan, {key: {} for key in keys}, who.on)
        if asking.asks(step)
        else {}
    )
    files = asking.files(one.person for each in asked.values() for one in each.values() if one.person) if asked else {}
    seen = _told_of(who, files.values())
    put = {key: asking.person_of(rows[key], key, step, sieved) for key in keys}
    known = people.active().select_related("organ").in_bulk([pk for pk in put.values() if pk])
    found = []
    for key in keys:
        row, one = rows[key], known.get(put[key] or 0)
        verdicts = {
            name: asking.verdict(files.get(each.person or 0, asking.File()), each.intent, who.on, seen=seen)
            for name, each in asked.get(key, {}).items()
        }
        told = f"即{one.organ.name}{one.post}" if one is not None else ""
        found.append(
            Line(
                key,
                str(row.get(NAME, "")),
                str(row.get(UNIT, "")),
                str(row.get(MATCHED, "")),
                told,
                tuple(meant.get(key, ())),
                verdicts,
            )
        )
    return found


def counts(found: Sequence[Line]) -> list[tuple[str, int]]:
    """How many have which answer, in the order in which answers are told; empty for a step that asks none."""
    said = Counter(str(each.answer) for line in found for each in line.verdicts.values())
    return [(str(answer), said[answer]) for answer in Answer if said[answer]]


def open_items(view: View, step: Step) -> Iterable[Item]:
    return [
        each
        for each in view.plan.items
        if each.step == step.id and each.status is Status.OPEN and Act.RECORD in each.may
    ]


def _candidates(who: Reader, rows: Mapping[str, Mapping[str, Any]], keys: Sequence[str]) -> dict[str, list[Person]]:
    """Persons of exactly these names, or who bore them, that the reader may ask about; without those whose identity number is another."""
    names = {str(rows[key].get(NAME, "")) for key in keys}
    found: dict[str, list[Person]] = {}
    for person in visible(who, ASK, people.active()).filter(name__in=names).select_related("organ").order_by("pk"):
        found.setdefault(person.name, []).append(person)
    for person in (
        visible(who, ASK, people.active())
        .filter(former_names__name__in=names)
        .select_related("organ")
        .prefetch_related("former_names")
        .distinct()
    ):
        for former in person.former_names.all():
            if former.name in names and person not in found.setdefault(former.name, []):
                found[former.name].append(person)
    alike = _of_one_number(
        who,
        [
            each
            for key in keys
            if rows[key].get(MATCHED) == SEVERAL
            for each in found.get(str(rows[key].get(NAME, "")), [])
        ],
    )
    return {key: _meant(rows[key], found.get(str(rows[key].get(NAME, "")), []), alike) for key in keys}


def _meant(row: Mapping[str, Any], named: Sequence[Person], alike: Mapping[str, Sequence[Person]]) -> list[Person]:
    """Who of those of a name may be meant: the number came with the list, but is not kept, so it speaks through what came of it."""
    if row.get(MATCHED) == SEVERAL:
        return list(dict.fromkeys(one for each in named for one in alike.get(each.id_index, ())))
    return [each for each in named if row.get(MATCHED) != NOT_HERE or not each.id_index]


def _of_one_number(who: Reader, named: Sequence[Person]) -> dict[str, list[Person]]:
    """Numbers of these persons that several on the roll bear, with all who do; one query where there is such a fault."""
    indexes = {each.id_index for each in named if each.id_index}
    found: dict[str, list[Person]] = {}
    if indexes:
        for each in (
            visible(who, ASK, people.active()).filter(id_index__in=indexes).select_related("organ").order_by("pk")
        ):
            found.setdefault(each.id_index, []).append(each)
    return {index: several for index, several in found.items() if len(several) > 1}


def asked_by_rows(step: Step) -> bool:
    """Whether a step asks for every row who it is, or what the rulebook says of them."""
    return any(each.whose or (each.type is FieldType.PERSON and each.id == PERSON) for each in step.form.values())


def asked_of(who: Reader, view: View, step: Step) -> list[Verdict]:
    """What the rulebook says today of whom a step asks that is done once, and will write down; the reader is told which matters hold it."""
    fields = asking.asks(step)
    if not fields or step.repeat is not None:
        return []
    asked = asking.questions(view.case, step, sieve(packs(), view.entries), view.plan, {"": {}}, who.on)[""]
    own = [each.intent for each in fields if isinstance(each.intent, Name) and each.intent.head == step.id]
    chosen = [choice.id for name in own for choice in step.form[name.tail].choices]
    person = next((one.person for one in asked.values()), view.case.person_id)
    file = asking.files([person])[person] if person is not None else asking.File()
    intents = [*chosen, *(one.intent for one in asked.values())]
    seen = _told_of(who, [file])
    return [asking.verdict(file, intent, who.on, seen=seen) for intent in dict.fromkeys(intents)]


def _told_of(who: Reader, files: Iterable[asking.File]) -> set[int]:
    """The cases holding a reply that the reader may see; one query where any holds."""
    held = [case.pk for file in files for case in file.holds]
    return (
        set(visible(who, "case.view", Case.objects.filter(pk__in=held)).values_list("pk", flat=True)) if held else set()
    )
