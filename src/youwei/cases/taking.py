"""Taking a checked ledger in: persons, decisions and their cases, some hundreds of rows at a time, each chunk whole or not at all.

A killed run goes on where it stopped: the import says, in one transaction with each chunk, how many of its rows are written.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction

from youwei.cases import updating
from youwei.cases.matching import LedgerMatcher, index_of
from youwei.cases.opening import open_cases
from youwei.cases.places import Places
from youwei.cases.prechecking import checked, said_by
from youwei.cases.undoing import Refused, lock
from youwei.decisions import commands as decisions
from youwei.decisions.commands import Given, NewDecision
from youwei.decisions.models import Decision
from youwei.decisions.prechecks import Answer
from youwei.intake import commands as intake
from youwei.intake import queries as staged
from youwei.intake.models import Import, StagedRow
from youwei.intake.queries import STUB, Opened, Row, day_of
from youwei.journal.actors import Actor
from youwei.journal.stores import look_over
from youwei.organs import queries as organs
from youwei.organs.queries import in_force
from youwei.people import commands as people
from youwei.people.models import Person
from youwei.people.queries import by_indexes
from youwei.rulebook.law import load_law

#: `Refused` is raised by both ways, in and back.
__all__ = ["Refused", "matcher", "take_in"]

WRITTEN = (StagedRow.Outcome.CREATE, StagedRow.Outcome.UPDATE, StagedRow.Outcome.STUB, StagedRow.Outcome.ASK)


def matcher(batch_organ: Any) -> LedgerMatcher:
    return LedgerMatcher(batch_organ)


def take_in(*, batch: Import, by: Actor, at: datetime, today: date) -> list[str]:
    """Write a checked import from where it stands. Progress is kept on the import with every chunk. Returns the organs that were entered."""
    if batch.state in (Import.State.UNDOING, Import.State.UNDONE):
        raise Refused("这次导入已经撤回；请重新上传")
    places = Places(batch.organ, by=by, on=today, at=at)
    while _take_next(batch, places, by, at, today):
        pass
    look_over()
    return places.created


@transaction.atomic
def _take_next(batch: Import, places: Places, by: Actor, at: datetime, today: date) -> bool:
    """Write the next chunk under the lock of the import, so that two runs of one import write every row once. False when there is no more."""
    lock(batch)
    if batch.state in (Import.State.DONE, Import.State.UNDOING, Import.State.UNDONE):
        return False
    chunk = next(staged.chunks(batch, WRITTEN, after=staged.line_reached(batch, WRITTEN)), None)
    if chunk is None:
        intake.set_state(batch=batch, state=Import.State.DONE, at=at, done_rows=batch.total_rows)
        return False
    before = len(places.made)
    _take_chunk(batch, chunk, places, by, at, today)
    done, entered = batch.done_rows + len(chunk), places.made[before:]
    intake.set_state(batch=batch, state=Import.State.WRITING, at=at, done_rows=done, entered=entered)
    return True


def _take_chunk(batch: Import, chunk: Sequence[Opened], places: Places, by: Actor, at: datetime, today: date) -> None:
    known_since = _recorded_since(batch, chunk)
    rest = [each for each in chunk if each.row.number not in known_since and _wanted(each)]
    known = Person.objects.select_related("organ").in_bulk([pk for each in rest if (pk := _person_id(each))])
    persons = _persons(batch, rest, known, places, by, at, today)
    updating.write(rest, by=by, at=at, today=today)
    new = [each for each in rest if each.staged.decision_id is None]
    answers = checked((getattr(persons.get(each.row.number), "pk", 0), said_by(each.row)) for each in new)
    news = [
        _decision(batch, each.row, persons.get(each.row.number), places, answer)
        for each, answer in zip(new, answers, strict=True)
    ]
    recorded = decisions.record_many(news, by=by, on=today, at=at, convention=organs.end_day_convention())
    open_cases(recorded, by=by, at=at, today=today, history=batch.mode == Import.Mode.HISTORY, import_id=batch.pk)


def _recorded_since(batch: Import, chunk: Sequence[Opened]) -> set[int]:
    """Lines whose decision somebody else has recorded since the rows were checked: the same ledger, uploaded twice and then written twice."""
    others = Decision.objects.filter(recorded_at__gt=batch.created_at).exclude(import_id=batch.pk)
    if not others.exists():
        return set()
    known = StagedRow.objects.filter(batch=batch).values_list("decision_id", flat=True)
    new = [each.row for each in chunk if each.staged.decision_id is None]
    matches = LedgerMatcher(batch.organ, used={pk for pk in known if pk}).match(new)
    found = {row.number: match.decision_id for row, match in zip(new, matches, strict=True)}
    theirs = set(others.filter(pk__in=[pk for pk in found.values() if pk]).values_list("pk", flat=True))
    return {number for number, pk in found.items() if pk in theirs}


def _wanted(each: Opened) -> bool:
    """A row that was asked about is written once it is answered, and not when the answer was to leave it out."""
    return each.staged.outcome != StagedRow.Outcome.ASK or each.staged.answer not in ("", "skip")


def _person_id(each: Opened) -> int | None:
    answer = each.staged.answer
    return int(answer) if answer.isdigit() else each.staged.person_id


def _persons(
    batch: Import,
    rest: Sequence[Opened],
    known: Mapping[int, Person],
    places: Places,
    by: Actor,
    at: datetime,
    today: date,
) -> dict[int, Person]:
    """The person of each row: known ones, and new ones; rows of one identity number and name are one person."""
    found: dict[int, Person] = {}
    new: list[Person] = []
    made = _made_before(rest)
    earlier = _earlier_rows(batch, rest)
    for each in rest:
        pk = _person_id(each)
        if each.row.kind == STUB:
            continue
        if pk is not None:
            found[each.row.number] = known[pk]
            continue
        if each.staged.answer == StagedRow.TWIN and (
            twin := found.get(each.staged.twin or 0) or earlier.get(each.staged.twin)
        ):
            found[each.row.number] = twin
            continue
        key = (index_of(each.row), each.row.name)
        person = made.get(key) if key[0] and not each.staged.answer else None
        if person is None:
            person = made[key] = _person(batch, each.row.values, places)
            new.append(person)
        found[each.row.number] = person
    people.register_many(new, by=by, on=today, at=at)
    return found


def _earlier_rows(batch: Import, rest: Sequence[Opened]) -> dict[int | None, Person]:
    """Whom the earlier rows are about that these rows say they share a person with, written by an earlier chunk of this import.

    Where the earlier row was left out or refused there is nobody, and the row's person is new.
    """
    wanted = [each.staged.twin for each in rest if each.staged.answer == StagedRow.TWIN]
    written = Decision.objects.filter(import_id=batch.pk, import_row__in=wanted).select_related("person__organ")
    return {decision.import_row: decision.person for decision in written if decision.person is not None}


def _made_before(rest: Sequence[Opened]) -> dict[tuple[str, str], Person]:
    """Persons entered since the rows were checked, by an earlier chunk or by another import."""
    indexes = [index_of(each.row) for each in rest if each.row.kind != STUB and _person_id(each) is None]
    return {(index, person.name): person for index, found in by_indexes(indexes).items() for person in found}


def _person(batch: Import, values: Mapping[str, Any], places: Places) -> Person:
    born = str(values.get("born", ""))
    return people.build(
        organ=in_force(places.unit(str(values.get("unit", "")), str(values.get("region", ""))), places.on),
        identity=str(values.get("id_number", "")),
        import_id=batch.pk, name=values["name"], sex=values.get("sex") or "", ethnicity=values.get("ethnicity") or "",
        born_on=day_of(born), born_day_known=len(born) == len("2000-01-01"), politics=values.get("politics") or "",
        joined_on=day_of(values.get("joined_on")), kind=values.get("kind") or "", rank=values.get("rank") or "",
        managed_by=values.get("managed_by") or "", post=values.get("post") or "", standing=values.get("note") or "",
        shelf=values.get("shelf") or "",
    )  # fmt: skip


def _decision(
    batch: Import, row: Row, person: Person | None, places: Places, precheck: Answer | None
) -> NewDecision:  # fmt: skip
    values, law = row.values, load_law()
    measures = tuple(Given(law.measure(each["id"]), each["label"], each.get("months")) for each in values["measures"])
    made_on = day_of(values.get("decided_on"))
    common: dict[str, Any] = {
        "deciding_organ": in_force(places.deciding(str(values.get("deciding_organ", ""))), made_on),
        "counted_at": in_force(places.region(str(values.get("region", ""))), made_on),
        "measures": measures,
        "number": values.get("number") or "",
        "made_on": made_on,
        "effective_on": day_of(values.get("effective_on")),
        "form": values.get("form") or None,
        "mode": batch.mode,
        "import_id": batch.pk,
        "import_row": row.number,
    }
    if row.kind == STUB:
        return NewDecision(secret=True, young=bool(values.get("young")), **common)
    return NewDecision(
        person=person, unit=in_force(places.unit(str(values.get("unit", "")), str(values.get("region", ""))), made_on),
        post=values.get("post") or "",
        rank=values.get("rank") or "", managed_by=values.get("managed_by") or "", problem=values.get("category") or "",
        precheck=precheck, facts=values.get("facts") or "", acts_until=day_of(values.get("acts_until")), **common,
    )  # fmt: skip
