"""What a ledger changes on persons and decisions that are there: written with its import, and put back when the import is taken back."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from youwei.cases import following, prechecking
from youwei.cases.matching import COMPARED, FILLED, PRECHECK, text_of, value_of
from youwei.decisions import prechecks
from youwei.decisions.altering import Doing
from youwei.decisions.models import Decision
from youwei.decisions.prechecks import Answer
from youwei.intake.models import StagedRow
from youwei.intake.queries import Change, Opened
from youwei.journal.actors import Actor
from youwei.organs import queries as organs
from youwei.people import commands as people
from youwei.people.models import Person

Known = tuple[Opened, Person | None, Decision | None]


def known(rows: Iterable[Opened]) -> list[Known]:
    """The rows that change something, each with its person and decision as they are now; two queries."""
    changing = [each for each in rows if each.staged.outcome == StagedRow.Outcome.UPDATE]
    persons = Person.objects.in_bulk([each.staged.person_id for each in changing])
    decisions = Decision.objects.in_bulk([each.staged.decision_id for each in changing])
    return [
        (each, persons.get(each.staged.person_id or 0), decisions.get(each.staged.decision_id or 0))
        for each in changing
    ]


def write(rows: Iterable[Opened], *, by: Actor, at: datetime, today: date) -> None:
    """Write what the rows change. A field of a decision that says something meanwhile is left as it is."""
    rows_known = known(rows)
    for each, person, decision in rows_known:
        if person is not None:
            _set_person(person, _of_person(each), [change.after for change in _of_person(each)], by, today, at)
        if decision is not None and decision.state == Decision.State.STANDING:
            empty = [change for change in _of_decision(each) if not text_of(decision, change.field)]
            why = f"导入台账第{each.row.number}行补上空着的项"
            _set_decision(decision, empty, [change.after for change in empty], why, by, today, at)
    _answer(rows_known, by, at, today)


def _answer(rows: Sequence[Known], by: Actor, at: datetime, today: date) -> None:
    """The answers that decisions still owe: of one that names a case on which none may rest, only what it named is kept. One query more."""
    owing = [
        (each, decision)
        for each, _, decision in rows
        if decision is not None and _answers(each) and decision.precheck == Decision.Precheck.OWED
    ]
    given = prechecking.checked((decision.person_id or 0, prechecking.said_by(each.row)) for each, decision in owing)
    for (_, decision), answer in zip(owing, given, strict=True):
        decision.refresh_from_db()
        if (
            answer is not None
            and decision.precheck == Decision.Precheck.OWED
            and decision.state == Decision.State.STANDING
        ):
            prechecks.set_to(decision, answer, by=by, on=today, at=at)


def as_written(row: Known) -> bool:
    """Person and decision still say what the import made them say."""
    each, person, decision = row
    return (
        all(person is not None and _person_says(person, change) == change.after for change in _of_person(each))
        and all(
            decision is not None and text_of(decision, change.field) == change.after for change in _of_decision(each)
        )
        and all(decision is not None and prechecking.told_of(decision) == change.after for change in _answers(each))
    )


def put_back(rows: Sequence[Opened], *, by: Actor, at: datetime, today: date) -> list[str]:
    """Set what the rows changed back to what it was, unless it was changed again since. Returns the names of those left."""
    left = []
    for row in known(rows):
        each, person, decision = row
        if not as_written(row):
            if not _as_before(row):
                left.append(each.row.name)
            continue
        if person is not None:
            _set_person(person, _of_person(each), [change.before for change in _of_person(each)], by, today, at)
        if decision is not None:
            emptied = _of_decision(each)
            _set_decision(decision, emptied, [change.before for change in emptied], "随导入撤回", by, today, at)
            if _answers(each):
                decision.refresh_from_db()
                prechecks.set_to(decision, Answer(Decision.Precheck.OWED), by=by, on=today, at=at)
    return left


def _as_before(row: Known) -> bool:
    each, person, decision = row
    return (
        all(person is not None and _person_says(person, change) == change.before for change in _of_person(each))
        and all(
            decision is not None and text_of(decision, change.field) == change.before for change in _of_decision(each)
        )
        and all(decision is not None and prechecking.told_of(decision) == change.before for change in _answers(each))
    )


def _of_person(each: Opened) -> list[Change]:
    return [change for change in each.changes if change.field in COMPARED]


def _of_decision(each: Opened) -> list[Change]:
    return [change for change in each.changes if change.field in FILLED]


def _answers(each: Opened) -> list[Change]:
    return [change for change in each.changes if change.field == PRECHECK]


def _person_says(person: Person, change: Change) -> str:
    return str(getattr(person, COMPARED[change.field]))


def _set_person(
    person: Person, changes: Sequence[Change], texts: Sequence[str], by: Actor, today: date, at: datetime
) -> None:
    values = {COMPARED[change.field]: text for change, text in zip(changes, texts, strict=True)}
    people.update_facts(person=person, changes=values, by=by, on=today, at=at)


def _set_decision(
    decision: Decision, changes: Sequence[Change], texts: Sequence[str], why: str, by: Actor, today: date, at: datetime
) -> None:
    """By the command that corrects a decision: its periods and its cases follow, and the log keeps before and after."""
    values = {FILLED[change.field]: value_of(change.field, text) for change, text in zip(changes, texts, strict=True)}
    if values:
        doing = Doing(
            by=by, on=today, at=at, convention=organs.end_day_convention(), reason=why, seen=decision.version
        )  # fmt: skip
        following.correct(decision=decision.pk, changes=values, measures=None, doing=doing)
