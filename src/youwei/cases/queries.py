"""Questions about cases: their logs as told to people, what stands, what would move."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from youwei.cases import cohort, index, logs, plans
from youwei.cases.marked import told_marks
from youwei.cases.models import Case, Done, Draft
from youwei.cases.telling import TO_NOBODY, Open, readable, told, told_facts
from youwei.cases.voted import by_vote, told_counts
from youwei.decisions.models import Decision
from youwei.engine import sieve as sieving
from youwei.engine import suggesting
from youwei.engine.answering import rows_of
from youwei.engine.conditions import narrowed
from youwei.engine.plan import plan
from youwei.engine.types import ENTRY_TITLES, TERMINATED, Entry, EntryKind, Plan, Reason, Standing
from youwei.engine.values import read_values, row_key
from youwei.engine.view import view_of
from youwei.journal.models import Entry as Written
from youwei.journal.queries import Record, records, records_of
from youwei.journal.queries import record as read
from youwei.journal.sealing import unseal
from youwei.organs import queries as organs
from youwei.organs.models import Account
from youwei.people.models import Person
from youwei.rulebook.calendar import WorkCalendar
from youwei.rulebook.packs import FieldType, Kind, Pack, PackRef, Step

__all__ = ["Standing", "View", "standing", "timeline", "view"]
MOST_LABEL = 20
TOLD, TEACHABLE = "decision.announced_on", (Decision.State.STANDING, Decision.State.CHANGED)
NAMING = (FieldType.PERSON, FieldType.PEOPLE, FieldType.ORGAN)


@dataclass(frozen=True, slots=True)
class View:
    """A case with everything its page shows: pack, log, plan, and what stands."""

    case: Case
    pack: Pack
    records: Sequence[Record]
    entries: Sequence[Entry]
    plan: Plan
    standing: dict[str, dict[str, Standing]]

    @property
    def head(self) -> int:
        """The number of the last entry: what a form sends back as `seen`."""
        return self.entries[-1].seq

    @property
    def broken_off(self) -> str:
        """Why the case was broken off, as its log says; empty of any other."""
        ended = (each.reason for each in reversed(self.entries) if each.kind is EntryKind.TERMINATED)
        return next(ended, "") if self.plan.outcome == TERMINATED else ""


def view(case: Case, today: date, until: date | None = None) -> View:
    """One case as it stands today, or (`until`) as it stood at the end of that day: then the summary on `case`, too, is of
    that day, and nothing of it may be saved. A fixed number of queries."""
    shown = _view(case, records("case", case.pk, until=until), organs.calendar(), until or today)
    if until is not None:
        case.version, case.title = shown.plan.pack.version, shown.pack.title
        index.summarise(case, shown.entries, shown.plan)
    return shown


def views(cases: Sequence[Case], today: date) -> dict[int, View]:
    """Several cases as they stand today, by number; as many queries as for one."""
    found, calendar = records_of("case", [case.pk for case in cases]), organs.calendar()
    return {case.pk: _view(case, found[case.pk], calendar, today) for case in cases}


def _view(case: Case, found: Sequence[Record], calendar: WorkCalendar, day: date) -> View:
    entries, packs = [logs.entry(record) for record in found], logs.packs()
    planned = plans.kept(found[-1].digest, calendar, day) or plan(packs, entries, calendar, day)
    plans.keep(found[-1].digest, calendar, day, planned)
    return View(case, packs[planned.pack], found, entries, planned, sieving.sieve(packs, entries).records)


def suggested(shown: View, step: Step) -> dict[str, tuple[Any, Reason]]:
    """What the form of a step is preset to, with the reasons."""
    return suggesting.suggested(logs.packs(), shown.entries, shown.plan, step)


def as_asked(shown: View, step: Step, key: str) -> Step:
    """The step with the form it has in this case: without the fields that the answers of other steps or the facts have ruled out."""
    if all(field.when is None for field in step.form.values()):
        return step
    look = view_of(shown.plan.sieved, shown.plan).lookup(row=rows_of(step, shown.plan.sieved).get(key))
    fields = [replace(field, when=narrowed(field.when, step.id, look)) for field in step.form.values()]
    return replace(step, form={field.id: field for field in fields if field.when is None or field.when.any_of})


def from_row(shown: View, step: Step, key: str) -> dict[str, Any]:
    """Of a step done for a row, what the row says already in columns named like fields of the step: nobody types it twice. Not what is for the
    few, and not who is meant, which somebody is to say.
    """
    row = rows_of(step, shown.plan.sieved).get(key, {})
    source = step.repeat.source if step.repeat is not None else None
    table = shown.pack.steps[source.head].form.get(source.tail) if row and source is not None else None
    if table is None or source is None or table.sealed or shown.pack.steps[source.head].seen_by:
        return {}
    return {
        name: row[name]
        for name, field in step.form.items()
        if name in table.of
        and field.type == table.of[name].type
        and field.type not in NAMING
        and row.get(name) is not None
    }


def sent_back(shown: View, step: str, key: str) -> dict[str, Any]:
    """What was recorded for a step and sent back to be done again, in its corrected form; empty when nothing was."""
    by_seq = {entry.seq: entry for entry in shown.entries}
    texts = [
        entry
        for entry in shown.entries
        if (entry.kind, entry.step, entry.key) == (EntryKind.RECORD, step, key)
        and (why := shown.plan.aside.get(entry.seq)) is not None
        and why.rule == "sent back"
    ]
    if not texts or step not in shown.pack.steps:
        return {}
    about = [
        each
        for each in shown.entries
        if each.kind is EntryKind.CORRECT
        and each.seq not in shown.plan.aside
        and sieving.root_of(each, by_seq) == texts[-1].seq
    ]
    return read_values(shown.pack.steps[step].form, sieving.corrected(texts[-1], about).values)


def standing(case: Case, seq: int) -> Standing | None:
    """The standing record that began with an entry, in its corrected form."""
    return logs.begun(logs.log(case), seq)


@dataclass(frozen=True, slots=True)
class Line:
    """One entry of a time line, told to people."""

    seq: int
    kind: str
    title: str
    text: str
    on: date
    at: datetime
    by: str
    behalf: str
    reason: str
    paper: str = ""
    case: Case | None = None
    group: str = ""
    step: str = ""
    key: str = ""
    corrects: int = 0
    aside: bool = False
    afterwards: bool = False
    files: tuple[tuple[str, str], ...] = ()  # what hangs on it, name and address, where the page shows it
    fields: tuple[tuple[str, str, str], ...] = ()

    on_paper: bool = False  # a signature or approval given on paper and entered by somebody else

    @property
    def same_day(self) -> bool:
        """Entered on the day it happened."""
        return timezone.localdate(self.at) == self.on


GROUPS = {"visit": "回访", "talk": "回访"}


def spans(shown: View) -> dict[tuple[str, str], str]:
    """What the spans of steps done every so often are called, by step and key: 2026年9月, 第2期."""
    return {
        (item.step, item.key): item.title.removeprefix(shown.pack.steps[item.step].title).strip("（）")
        for item in shown.plan.items
        if item.span is not None
    }


def lines(
    case: Case, found: Iterable[Record], open_to: Open = TO_NOBODY, named: Mapping[tuple[str, str], str] = MappingProxyType({})
) -> list[Line]:  # fmt: skip
    """The log of a case as lines, oldest first; a correction quotes the old words. Each is told by the version it was written under.

    Of sealed fields only those are told that are open to the reader. `named` says which span a record is for (`spans`).
    """
    packs, pack = logs.packs(), logs.pack_of(case)
    by_seq: dict[int, Record] = {}
    under: dict[int, Pack] = {}
    rows = dict(named)
    told = []
    for record in found:
        version = (
            PackRef.parse(record.to).version
            if record.kind == "opened"
            else record.content.get("case", {}).get("version", "")
        )
        pack = packs.get(PackRef(case.procedure, version), pack)
        by_seq[record.seq], under[record.seq] = record, pack
        line = _line(case, under.get(record.target, pack), record, by_seq, open_to)
        _name_rows(pack, record, open_to, rows)
        which, step = rows.get((line.step, line.key), ""), pack.steps.get(line.step)
        if which and step is not None:
            line = replace(line, title=line.title.replace(step.title, f"{step.title}（{which}）", 1))
        told.append(line)
    return told


def _name_rows(pack: Pack, record: Record, open_to: Open, rows: dict[tuple[str, str], str]) -> None:
    """What a record says of the rows that later steps are done for, one by one: the first words of each, to tell sixty records apart."""
    step, values = pack.steps.get(record.step), record.content.get("values", {})
    fields = dict(readable(step, open_to)) if step is not None and values else {}
    for later in pack.steps.values() if fields else ():
        source = later.repeat.source if later.repeat is not None else None
        table = fields.get(source.tail) if source is not None and source.head == record.step else None
        prefix = f"{record.key}/" if step is not None and step.repeat is not None else ""
        for number, row in enumerate((values.get(table.id) or ()) if table is not None else (), 1):
            if table is not None and isinstance(row, Mapping):
                texts = (row.get(name) for name, column in table.of.items() if not column.sealed)
                words = next((text for text in texts if isinstance(text, str) and text), "")
                rows[later.id, prefix + row_key(row, number)] = words[:MOST_LABEL] or str(number)


def _line(case: Case, pack: Pack, record: Record, by_seq: dict[int, Record], open_to: Open) -> Line:
    kind = EntryKind(record.kind)
    target = by_seq.get(record.target) if record.target else None
    step = pack.steps.get(record.step or (target.step if target else ""))
    title = step.title if step else case.title
    if record.part in pack.roles:
        title = f"{title}（{pack.roles[record.part].title}）"
    word = ENTRY_TITLES[kind]
    if kind is EntryKind.ENDED:
        title, word = pack.outcomes[record.to].title if record.to in pack.outcomes else title, "办结"
    values = dict(record.content.get("values", {}))
    old = dict(target.content.get("values", {})) if kind is EntryKind.CORRECT and target else {}
    if kind is EntryKind.REPLACED:
        old = _before(record, by_seq)
    fields = {
        name: (field.title, told(field, values.get(name)), told(field, old.get(name)))
        for name, field in (readable(step, open_to) if step else ())
        if values.get(name) not in (None, "", []) or (name in values and old.get(name))
    }
    if step is not None and by_vote(step) and "counts" in fields:
        fields.pop("blanks", None)  # told with the counts
        fields["counts"] = (step.form["counts"].title, told_counts(step, values), "")
    fields |= _marks(record, step, by_seq, open_to)
    if step is not None and step.kind is Kind.CASE:
        words = {
            "case": logs.title_of(step.procedure),
            "outcome": logs.outcome_title(step.procedure, str(values.get("outcome", ""))),
        }
        fields |= {name: (step.form[name].title, words[name], "") for name in words if name in fields}
    if kind is EntryKind.SIGN and values.get("opinion"):
        fields = {"opinion": ("签署意见", str(values["opinion"]), "")}
    if kind is EntryKind.FACTS or (kind is EntryKind.CORRECT and step is None):
        fields = told_facts(values, old)
    if kind is EntryKind.MOVED:
        title = f"{PackRef.parse(record.to).version}版"
    if cohort.is_batch(pack):
        fields |= cohort.told(record)
    if kind in (EntryKind.JOINED, EntryKind.LEFT):
        title = case.title if cohort.is_batch(pack) else logs.title_of(pack.ref.procedure)
    if kind is EntryKind.CHAINED:
        title = logs.title_of(record.to)
        word = "不启动" if values.get("declined") else "接续原已在办的" if values.get("existing") else "启动"
    return Line(
        seq=record.seq, kind=record.kind, title=title if kind is EntryKind.RECORD else f"{word}：{title}", text="", on=record.on, at=record.at,
        by=record.by, behalf=record.behalf, reason=str(record.content.get("reason", "")), paper=str(record.content.get("paper", "")), case=case,
        group=GROUPS.get(str(step.kind), "办理") if step and kind is EntryKind.RECORD else ("更正" if kind is EntryKind.CORRECT else "办理"),
        step=record.step, key=record.key, corrects=record.target if kind is EntryKind.CORRECT else 0,
        on_paper=bool(record.behalf and (record.part or (step is not None and step.kind is Kind.APPROVAL))),
        afterwards=kind is EntryKind.RECORD and timezone.localdate(record.at) > record.on, fields=tuple(fields.values()),
    )  # fmt: skip


def _marks(
    record: Record, step: Step | None, by_seq: Mapping[int, Record], open_to: Open
) -> dict[str, tuple[str, str, str]]:
    """What the marks come to with every correction up to this line."""
    if step is None or step.kind is not Kind.SCORE or record.kind not in ("record", "correct"):
        return {}
    first, so_far = record.target or record.seq, dict[str, Any]()
    for each in by_seq.values():
        if each.seq == first or (each.target == first and each.kind == "correct"):
            so_far |= each.content.get("values", {})
    return told_marks(step, so_far, open_to)


def _before(record: Record, by_seq: Mapping[int, Record]) -> dict[str, Any]:
    """What a step said until somebody was replaced."""
    found: dict[str, Any] = {}
    for each in by_seq.values():
        if (
            (each.step, each.key) == (record.step, record.key)
            and each.kind in ("record", "replaced")
            and each.seq < record.seq
        ):
            found |= each.content.get("values", {})
    return found


def reasons(entries: Iterable[tuple[int, int]]) -> dict[tuple[int, int], str]:
    """The words of the reasons that stand in entries of cases, each by case and number. One query for 500."""
    wanted, found = set(entries), dict[tuple[int, int], str]()
    cases = sorted({case for case, _ in wanted})
    for start in range(0, len(cases), 500):
        rows = Written.objects.filter(
            log__kind="case", log__ref__in=cases[start : start + 500], kind=EntryKind.NOT_DONE
        )
        for row in rows.select_related("content", "log"):
            if (row.log.ref, row.seq) in wanted:
                found[row.log.ref, row.seq] = str(read(row).content.get("reason", ""))
    return found


def timeline(cases: Sequence[Case], until: date | None = None) -> list[Line]:
    """Everything recorded in these cases, newest first, with one query."""
    found = records_of("case", [case.pk for case in cases])
    told: list[Line] = []
    for case in cases:
        kept = [record for record in found[case.pk] if until is None or timezone.localdate(record.at) <= until]
        told += lines(case, kept)
    return sorted(told, key=lambda line: (line.at, line.seq), reverse=True)


def cases_of(person: Person) -> QuerySet[Case]:
    return (
        Case.objects.filter(person=person)
        .select_related("organ", "subject_organ", "decision")
        .order_by("-opened_on", "-pk")
    )


def holding_replies(people: Iterable[int]) -> dict[int, list[Case]]:
    """The open cases, by person, that hold a reply about somebody: of packs that say so, with none of their named steps recorded yet.

    Whoever may see which is asked of `visible` by the caller; that a reply is held is true for everybody. One query.
    """
    holding = Q(pk=None)
    for ref, pack in logs.packs().items():
        if pack.holds_replies:
            settled = Done.objects.filter(case=OuterRef("pk"), step__in=pack.holds_replies)
            holding |= Q(~Exists(settled), procedure=ref.procedure, version=ref.version)
    rows = Case.objects.filter(holding, person__in=set(people), state__in=(Case.State.OPEN, Case.State.HELD))
    found: dict[int, list[Case]] = {}
    for case in rows.select_related("organ").order_by("opened_on", "pk"):
        found.setdefault(case.person_id or 0, []).append(case)
    return found


def announced(number: str, name: str = "") -> list[Decision]:
    """The standing decisions of a number (and on somebody of this name) whose announcement a case has told, the newest first; none for one
    that was not announced, as for none.
    """
    told = Case.objects.filter(decision=OuterRef("pk"), sealed=False, told__has_key=TOLD)
    rows = Decision.objects.filter(Exists(told), number=number, secret=False, state__in=TEACHABLE)
    return list((rows.filter(person__name=name) if name else rows).select_related("person").order_by("-pk"))


def cases_on(decisions: Iterable[Decision]) -> QuerySet[Case]:
    return Case.objects.filter(decision__in=list(decisions))


def draft(account: Account, case: Case, step: str, key: str) -> tuple[str, datetime] | None:
    """What this account had typed for a step and not recorded."""
    row = Draft.objects.filter(account=account, case=case, step=step, key=key).first()
    return (unseal(bytes(row.sealed), place="draft").decode(), row.saved_at) if row else None
