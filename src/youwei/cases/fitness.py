"""Whom a step may not name: what a pack says with `not`, held against what the store knows. Names are all it goes by."""

from collections.abc import Iterable, Sequence
from datetime import date

from youwei.cases.models import Case
from youwei.decisions.models import Period
from youwei.engine.forms import person_key
from youwei.engine.types import Entry, EntryKind, Fault
from youwei.organs.models import Organ, Role
from youwei.organs.queries import holders
from youwei.rulebook.pack_types import Field, Pack, Step

HANDLERS = (Role.CASE_OFFICER, Role.LEADER)
REMEDY = "请另选一人；只是同名的，请在姓名后写明职务，如“某某（办公室）”。"


def record_faults(case: Case, pack: Pack, entry: Entry, entries: Sequence[Entry]) -> list[Fault]:
    """Of every person whom an entry names where the pack bars somebody. No query where it bars nobody."""
    step = _step(pack, entry, entries)
    barring = [field for field in step.form.values() if field.barred and entry.values.get(field.id)] if step else []
    return [fault for field in barring for fault in _faults(case, field, _names(entry.values[field.id]), entry.on)]


def _step(pack: Pack, entry: Entry, entries: Sequence[Entry]) -> Step | None:
    by_seq = {each.seq: each for each in entries}
    about: Entry | None = entry
    while about is not None and about.kind is EntryKind.CORRECT:
        about = by_seq.get(about.target)
    named = about is not None and about.kind in (EntryKind.RECORD, EntryKind.REPLACED)
    return pack.steps.get(about.step) if about is not None and named else None


def _names(value: object) -> frozenset[str]:
    rows = value if isinstance(value, list | tuple) else [value]
    return frozenset(person_key(each) for each in rows)


def _faults(case: Case, field: Field, names: frozenset[str], on: date) -> Iterable[Fault]:
    barred: dict[str, str] = {}
    if "sanctioned" in field.barred:
        barred |= dict.fromkeys(_sanctioned(case.subject_organ, names, on), "登记在处分处理影响期内")
    if "handlers" in field.barred:
        barred |= dict.fromkeys(_handlers(case, on), "是承办机关或者决定机关的办案人员")
    if "subject" in field.barred and case.person is not None:
        barred[case.person.name] = "就是本人"
    for name in sorted(names & barred.keys()):
        yield Fault(field.id, f"“{field.title}”不能是{name}：{barred[name]}。", REMEDY, "barred")


def _handlers(case: Case, on: date) -> set[str]:
    offices = {case.organ_id, *([case.decision.deciding_organ_id] if case.decision is not None else [])}
    return {account.name for office in sorted(offices) for account in holders(office, HANDLERS, on)}


def _sanctioned(unit: Organ, names: frozenset[str], on: date) -> set[str]:
    running = Period.objects.filter(current=True, starts_on__lte=on, last_day__gte=on, person__organ=unit)
    return set(running.filter(person__name__in=names).values_list("person__name", flat=True))
