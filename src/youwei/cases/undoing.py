"""Taking an import back whole (J4): not once anything was built on what it brought; and once begun it goes through, whatever stops it meanwhile.

Some hundreds of decisions at a time, each chunk whole: its decisions with their periods, its cases, and the persons that came with it.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from itertools import islice
from typing import TypeVar

from django.db import transaction
from django.db.models import Model, Q, QuerySet

from youwei.cases import updating
from youwei.cases.commands import refresh
from youwei.cases.models import Case, Draft
from youwei.decisions import commands as decisions
from youwei.decisions.models import Decision
from youwei.intake import commands as intake
from youwei.intake import queries as staged
from youwei.intake.models import Import, StagedRow
from youwei.intake.queries import Opened
from youwei.journal import commands as journal
from youwei.journal.actors import Actor
from youwei.journal.commands import Act
from youwei.journal.models import Entry, Log
from youwei.organs import commands as organs
from youwei.organs.models import Organ
from youwei.organs.queries import end_day_convention
from youwei.people import commands as people
from youwei.people.models import Person

CHUNK = 200
OF_THE_IMPORT = ("person.registered", "decision.recorded", "period.set")
ONE_BY_ONE = "这次导入不能整批撤回；请在处分台账打开写错的那份决定，逐份更正"
STAYED = "撤回的同时有人在办，留下没有撤："
LONGEST = 300
#: Records that were taken back themselves: they hold no organ in use.
GONE: Sequence[tuple[type[Model], Q]] = (
    (Decision, Q(state=Decision.State.UNDONE)),
    (Person, Q(state=Person.State.UNDONE)),
    (Case, Q(decision__state=Decision.State.UNDONE)),
    (Organ, Q(withdrawn=True)),
)
T = TypeVar("T")


class Refused(ValueError):
    """A whole import that cannot be written or undone, with the reason and the remedy."""


def lock(batch: Import) -> None:
    """Hold an import for this transaction, and read how it stands now."""
    batch.refresh_from_db(
        fields=["state", "done_rows", "message", "entered"],
        from_queryset=Import.objects.select_for_update(of=("self",)),
    )


@transaction.atomic
def begin(*, batch: Import, ordered_by: int | None = None) -> bool:
    """Decide that an import is taken back. Raises Refused naming what was built on it. False when that was decided before."""
    lock(batch)
    if batch.state in (Import.State.UNDOING, Import.State.UNDONE):
        return False
    if batch.state != Import.State.DONE:
        raise Refused("只有已经写入的导入才能撤回")
    for rows in _chunks(list(_standing(batch))):
        for what in built_on(batch, rows).values():
            raise Refused(f"{what}，{ONE_BY_ONE}")
    for chunk in staged.chunks(batch, [StagedRow.Outcome.UPDATE]):
        for row in updating.known(chunk):
            if not updating.as_written(row):
                raise Refused(f"“{row[0].row.name}”的情况在这次导入之后又变更过，{ONE_BY_ONE}")
    intake.set_state(batch=batch, state=Import.State.UNDOING, ordered_by=ordered_by)
    return True


def undo(*, batch: Import, by: Actor, at: datetime, today: date) -> None:
    """Take a whole import back, or go on with it from where it stands. Raises Refused as `begin` does.

    What somebody built on between `begin` and its own chunk stays, and the import says so: nobody's work is lost.
    """
    begin(batch=batch)
    if batch.state == Import.State.UNDONE:
        raise Refused("只有已经写入的导入才能撤回，这批已经撤回")
    stayed: list[str] = []
    last: int | None = 0
    while last is not None:
        last = _undo_next(batch, last, stayed, by, at, today)
    for chunk in staged.chunks(batch, [StagedRow.Outcome.UPDATE], size=CHUNK):
        _put_back(chunk, stayed, by, at, today)
    told = f"{STAYED}{'；'.join(dict.fromkeys(stayed))}"[:LONGEST] if stayed else ""
    with transaction.atomic():
        lock(batch)
        organs.withdraw_organs(organs=_unused(batch), by=by, on=today, at=at)
        intake.set_state(batch=batch, state=Import.State.UNDONE, at=at, message=told)


def _unused(batch: Import) -> list[Organ]:
    """The organs this import entered, or one undone before it, that nothing uses any more: no record but undone ones, no organ below."""
    undone = Import.objects.filter(state=Import.State.UNDONE).values_list("entered", flat=True)
    keys = {*batch.entered, *(key for entered in undone for key in entered)}
    asked = Organ.objects.filter(pk__in=keys).order_by("path")
    used = _used(set(asked.values_list("pk", flat=True)))
    free: list[Organ] = []
    for organ in reversed(asked):  # what is below comes before what it is below of
        if organ.pk not in used:
            free.append(organ)
        else:
            used.add(organ.parent_id or 0)
    return free


def _used(keys: set[int]) -> set[int]:
    """Which organs something that was not taken back refers to, in whatever table, or changed since they were entered."""
    changed = Entry.objects.filter(log__kind="organ", log__ref__in=keys).exclude(kind="organ.created")
    found = set(changed.values_list("log__ref", flat=True))
    for relation in Organ._meta.related_objects:
        name = relation.field.attname
        model = relation.field.model
        rows = model._base_manager.filter(**{f"{name}__in": keys})
        for undone, gone in GONE:
            rows = rows.exclude(gone) if model is undone else rows
        if model is Organ and relation.field.name == "parent":
            rows = rows.exclude(pk__in=keys)
        found |= set(rows.values_list(name, flat=True))
    return found


@transaction.atomic
def _undo_next(batch: Import, after: int, stayed: list[str], by: Actor, at: datetime, today: date) -> int | None:
    """Take the next decisions back with all that hangs on them. Returns the last one looked at; None when there is none."""
    lock(batch)
    rows = list(_standing(batch).filter(pk__gt=after)[:CHUNK])
    if batch.state != Import.State.UNDOING or not rows:
        return None
    built = built_on(batch, rows)
    stayed += built.values()
    going = [row for row in rows if row.pk not in built]
    cases = list(Case.objects.filter(import_id=batch.pk, decision__in=going).order_by("pk"))
    why = {"values": {}, "reason": "随导入撤回"}
    journal.append_many(Act("case", case.pk, "terminated", why, by, today, at) for case in cases)
    refresh(cases, today=today)
    decisions.undo_many(decisions=going, by=by, on=today, at=at, convention=end_day_convention())
    held = Decision.objects.exclude(state=Decision.State.UNDONE).filter(person__isnull=False).values("person")
    persons = Person.objects.filter(import_id=batch.pk, decisions__in=going).exclude(pk__in=held).distinct()
    people.undo_registered(people=persons, by=by, on=today, at=at)
    return rows[-1].pk


@transaction.atomic
def _put_back(chunk: Sequence[Opened], stayed: list[str], by: Actor, at: datetime, today: date) -> None:
    """Set what an import changed on known persons and decisions back to what it was, unless it was changed again since."""
    stayed += [f"“{name}”的情况又变更过" for name in updating.put_back(chunk, by=by, at=at, today=today)]


def built_on(batch: Import, rows: Sequence[Decision]) -> dict[int, str]:
    """Which of these decisions something was built on, and what, in Chinese."""
    found = _worked(batch, rows)
    found |= {row.pk: f"“{row.person or row}”的决定后来又更正、变更或撤销过" for row in rows if row.version > 1}
    people_of: dict[int | None, int] = {row.person_id: row.pk for row in rows if row.person_id}
    later = Decision.objects.filter(person__in=people_of).exclude(import_id=batch.pk)
    for other in later.exclude(state=Decision.State.UNDONE).select_related("person").order_by("pk"):
        if other.pk > people_of[other.person_id]:
            found[people_of[other.person_id]] = f"“{other.person}”之后又登记了别的决定"
    registered = Person.objects.filter(pk__in=people_of, import_id=batch.pk)
    changed = Entry.objects.filter(log__kind="person", log__ref__in=registered.values("pk")).exclude(
        kind__in=OF_THE_IMPORT
    )
    names = dict(registered.values_list("pk", "name"))
    for ref in changed.values_list("log__ref", flat=True).distinct():
        found.setdefault(people_of[ref], f"“{names[ref]}”的档案在这次导入之后又改动过")
    return found


def _worked(batch: Import, rows: Sequence[Decision]) -> dict[int, str]:
    """Decisions whose cases somebody has worked on, or is filling in. Their logs are held, so that none is worked on meanwhile."""
    cases = {
        case.pk: case for case in Case.objects.filter(import_id=batch.pk, decision__in=rows).select_related("person")
    }
    logs = Log.objects.select_for_update().filter(kind="case", ref__in=cases).order_by("ref")
    found: dict[int, str] = {}
    for draft in Draft.objects.filter(case__in=cases).select_related("case__person"):
        found[draft.case.decision_id or 0] = f"“{draft.case.person or draft.case}”的“{draft.case}”有人正在填写"
    for log in logs:
        case = cases[log.ref]
        if log.head_seq > 1:
            found[case.decision_id or 0] = f"“{case.person or case}”的“{case}”已经办理过"
    return found


def _standing(batch: Import) -> QuerySet[Decision]:
    """The decisions an import brought that are not taken back, in their order; one entered anew elsewhere was built on."""
    rows = Decision.objects.filter(~Q(state=Decision.State.UNDONE) | Q(replaced_by__isnull=False), import_id=batch.pk)
    return rows.select_related("person").order_by("pk")


def _chunks(items: Sequence[T]) -> Iterator[list[T]]:
    rest = iter(items)
    while some := list(islice(rest, CHUNK)):
        yield some
