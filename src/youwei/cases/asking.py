"""The question of eligibility asked of what is stored: for a person or many, everything the rulebook judges by, with a fixed number of queries.

Also what a pack's field of type `eligibility` holds: written by the program when its step is recorded, with its reasons, and not changed after.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from youwei.cases import logs
from youwei.cases.models import Case
from youwei.cases.queries import holding_replies
from youwei.decisions.models import Decision, Period
from youwei.engine.answering import name_of, rows_of
from youwei.engine.conditions import Lookup
from youwei.engine.opening import newest_in_force
from youwei.engine.plan import plan
from youwei.engine.sieve import sieve
from youwei.engine.types import Entry, EntryKind, Fault, Plan, Sieved, Standing
from youwei.engine.values import ANSWER, read_values
from youwei.engine.view import view_of
from youwei.rulebook.asking import INTENTS, Answer, Counted, Matter, Verdict, Weight, judge
from youwei.rulebook.bars import Span
from youwei.rulebook.calendar import WorkCalendar
from youwei.rulebook.days import chinese_date
from youwei.rulebook.measures import BarKind
from youwei.rulebook.pack_order import is_parallel
from youwei.rulebook.pack_types import Field, FieldType, Kind, Name, Pack, PackRef, Step

ALIVE = (Case.State.OPEN, Case.State.HELD)
REVIEWED = ("changed", "withdrawn")
PERSON = "person"
MOST_OUTDATED = 20
NOBODY: Mapping[str, str] = {"id": "", "name": "系统内未见记录"}
"""As a person: somebody has looked and found nobody on the roll who is meant."""


@dataclass(frozen=True, slots=True)
class File:
    """What is recorded about one person, as the question needs it."""

    counted: tuple[Counted, ...] = ()
    problems: tuple[str, ...] = ()
    holds: tuple[Case, ...] = ()
    open: tuple[Case, ...] = ()
    known: bool = False


@dataclass(slots=True)
class _Gathered:
    counted: list[Counted] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    open: list[Case] = field(default_factory=list)
    known: bool = False


def files(people: Iterable[int]) -> dict[int, File]:
    """What is recorded about these persons. Four queries."""
    wanted = set(people)
    found = {pk: _Gathered() for pk in wanted}
    gone = (Decision.State.UNDONE, Decision.State.WITHDRAWN)
    rows = Decision.objects.filter(person__in=wanted).exclude(state__in=gone)
    for person, problem in rows.order_by("made_on", "pk").values_list("person", "problem"):
        found[person].known = True
        found[person].problems.append(problem)
    periods = Period.objects.filter(person__in=wanted, current=True).exclude(measure__decision__state__in=gone)
    for period in periods.select_related("measure").order_by("starts_on", "pk"):
        found[period.person_id].counted.append(counted(period))
    for case in (
        Case.objects.filter(person__in=wanted, state__in=ALIVE).select_related("organ").order_by("opened_on", "pk")
    ):
        found[case.person_id or 0].open.append(case)
    held = holding_replies(wanted)
    return {
        pk: File(tuple(each.counted), tuple(each.problems), tuple(held.get(pk, ())), tuple(each.open), each.known)
        for pk, each in found.items()
    }


def counted(period: Period) -> Counted:
    """A stored period as the rulebook judges by it."""
    waits = period.span == Span.AFTER_RESTORATION and period.measure.restored_on is None
    return Counted(
        title=period.measure.label, starts_on=period.starts_on, last_day=period.last_day, permanent=period.permanent,
        until={BarKind(kind): date.fromisoformat(day) for kind, day in period.until.items()}, reasons=tuple(period.reasons),
        basis=tuple(period.basis), unsettled=tuple(period.unsettled), restoring=waits, by_hand=period.by_hand,
    )  # fmt: skip


def verdict(file: File, intent: str, on: date, *, seen: Iterable[int] | None = None) -> Verdict:
    """The answer for one act on one day. `seen`: the cases the asker may know of; without it a reply that is held says so and no more."""
    known = frozenset(seen or ())
    matters = [*_held(file, known), *_beside(file, known)]
    barred, doubtful = _restrictions(file, intent, on)
    matters += [Matter(text, Weight.HOLDS) for text in (*barred, *doubtful)]
    found = judge(intent, on, file.counted, matters, known=file.known)
    if barred and found.answer is not Answer.BARRED:
        return Verdict(intent, on, Answer.BARRED, (), None, found.doubts, found.matters)
    return found


def _held(file: File, known: frozenset[int]) -> Iterable[Matter]:
    for case in file.holds:
        if case.pk in known:
            text = (
                f"“{case.title}”在办（{case.organ.name}，{chinese_date(case.opened_on)}立项），按规程办结以前不作答复"
            )
            yield Matter(text, Weight.HOLDS, case.pk)
        else:
            yield Matter("另有按规程暂缓答复的在办事项，请与承办机关联系", Weight.HOLDS)


def _beside(file: File, known: frozenset[int]) -> Iterable[Matter]:
    """What is open and bars nothing by itself, of the cases the asker may know of."""
    held = {case.pk for case in file.holds}
    for case in file.open:
        if case.pk in known - held:
            yield Matter(f"“{case.title}”在办（{case.organ.name}）{_what(case)}", Weight.BESIDE, case.pk)


def _what(case: Case) -> str:
    pack = logs.packs().get(PackRef(case.procedure, case.version))
    if pack is None:
        return ""
    if any(step.kind is Kind.ALTERATION and step.alters in REVIEWED for step in pack.steps.values()):
        return "：复查期间不停止原决定的执行；改变了原决定的，本答复要重新核对"
    if is_parallel(pack) and any(step.kind is Kind.ITEM for step in pack.steps.values()):
        return "：执行事项由承办单位负责，没有办完不延长本人的期限"
    return ""


def restrictions(on: date) -> list[tuple[Pack, Any]]:
    """What the packs in force that day say of kinds of error, each with its pack."""
    return [(pack, each) for pack in newest_in_force(logs.packs(), on) for each in pack.restrictions]


def _restrictions(file: File, intent: str, on: date) -> tuple[list[str], list[str]]:
    barred: list[str] = []
    doubtful: list[str] = []
    for pack, each in restrictions(on):
        met = sorted({problem for problem in file.problems for word in each.problems if word in problem})
        if met and intent in each.intents:
            text = f"错误类别：{'、'.join(met)}。{each.say}（{pack.title}{pack.ref.version}版）"
            (barred if each.answer == Answer.BARRED else doubtful).append(text)
    return barred, doubtful


# What a field of type eligibility holds


def asks(step: Step) -> list[Field]:
    """The fields of a step that the rulebook fills in."""
    return [each for each in step.form.values() if each.type is FieldType.ELIGIBILITY]


@dataclass(frozen=True, slots=True)
class Asked:
    """One question a field asks: of whom (None: nobody on the roll, "" : not said yet), and for what."""

    person: int | None
    intent: str


def asked(
    each: Field, step: Step, key: str, *, case: Case, look: Lookup, rows: Mapping[str, Any], same: Mapping[str, Any]
) -> Asked | None:
    """What a field asks of a record at hand; None while it is not said of whom. `rows` is the row the record is for, `same` what other
    steps have recorded for that row."""
    intent = look(each.intent) if isinstance(each.intent, Name) else each.intent
    if intent not in INTENTS:
        return None
    if each.subject == "subject":
        return Asked(case.person_id, str(intent)) if case.person_id else None
    for name in each.whose:
        value = rows.get(name.tail) if name.head == "row" else same.get(str(name), look(name))
        if isinstance(value, Mapping) and "id" in value:
            ref = str(value["id"])
            return Asked(int(ref) if ref.isdigit() else None, str(intent))
    return None


def questions(
    case: Case, step: Step, sieved: Sieved, found: Plan, wanted: Mapping[str, Mapping[str, Any]], on: date
) -> dict[str, dict[str, Asked]]:  # fmt: skip
    """For each occurrence (key) with the values typed for it, what its fields ask. No query."""
    view = view_of(sieved, found)
    rows = rows_of(step, sieved)
    answers: dict[str, dict[str, Asked]] = {}
    for key, values in wanted.items():
        look = view.lookup(own=step.id, record=Standing(0, step.id, key, on, on, "", dict(values), []))
        same = {
            f"{name}.{tail}": value
            for name, records in sieved.records.items()
            if key in records and sieved.pack.steps[name].repeat == step.repeat and step.repeat is not None
            for tail, value in records[key].values.items()
        }
        made = {
            each.id: asked(each, step, key, case=case, look=look, rows=rows.get(key, {}), same=same)
            for each in asks(step)
        }
        answers[key] = {name: one for name, one in made.items() if one is not None}
    return answers


def person_of(row: Mapping[str, Any], key: str, step: Step, sieved: Sieved) -> int | None:
    """Who a row is about, by the row itself or by what another step has recorded for it; None while nobody on the roll is."""
    said = [row.get(PERSON)]
    for name, records in sieved.records.items():
        if key in records and name != step.id and sieved.pack.steps[name].repeat == step.repeat:
            said.append(records[key].values.get(PERSON))
    ref = next((str(each.get("id", "")) for each in said if isinstance(each, Mapping)), "")
    return int(ref) if ref.isdigit() else None


def kept(found: Verdict, person: int | None) -> dict[str, Any]:
    """A verdict as the log keeps it: the answer, of whom, for what, on which day, under which editions, and why."""
    editions = sorted({text for each in found.barring for text in each.basis})
    return {
        ANSWER: str(found.answer),
        PERSON: person,
        "intent": found.intent,
        "on": found.on.isoformat(),
        "until": found.free_on.isoformat() if found.free_on else None,
        "says": found.says,
        "reasons": list(found.reasons),
        "basis": editions,
    }


def typed(values: Mapping[str, Any]) -> dict[str, Any]:
    """Of the values of an entry, those that somebody has typed."""
    return {name: value for name, value in values.items() if not (isinstance(value, Mapping) and ANSWER in value)}


def filled(
    case: Case, entries: Sequence[Entry], step: Step | None, found: Plan, sieved: Sieved, wanted: Mapping[str, Mapping[str, Any]], on: date
) -> dict[str, dict[str, Any]]:  # fmt: skip
    """The values typed for each occurrence, with what the rulebook says today in the fields that ask it; nobody types those."""
    if step is None or not asks(step):
        return {key: dict(values) for key, values in wanted.items()}
    made = {key: typed(values) for key, values in wanted.items()}
    asked_for = questions(case, step, sieved, found, made, on)
    people = files(one.person for each in asked_for.values() for one in each.values() if one.person)
    for key, each in asked_for.items():
        made[key] |= {
            name: kept(verdict(people.get(one.person or 0, File()), one.intent, on), one.person)
            for name, one in each.items()
        }
    return made


def answered(case: Case, entries: Sequence[Entry], entry: Entry, calendar: WorkCalendar) -> Entry:
    """An entry about to be judged, its eligibility fields filled in: of a record what was typed, of a correction what the record then says."""
    packs = logs.packs()
    if entry.kind is EntryKind.CORRECT:
        sieved = sieve(packs, entries)
        target = next(
            (each for records in sieved.records.values() for each in records.values() if entry.target in each.entries),
            None,
        )
        name, key, before = (target.step, target.key, target.values) if target else ("", "", {})
    elif entry.kind is EntryKind.RECORD:
        sieved, name, key, before = None, entry.step, entry.key, {}
    else:
        return entry
    step = logs.pack_of(case).steps.get(name)
    if step is None or not asks(step):
        return entry
    found = plan(packs, entries, calendar, entry.at)
    whole = read_values(step.form, {**before, **entry.values})
    made = filled(case, entries, step, found, sieved or sieve(packs, entries), {key: whole}, entry.on)[key]
    own = {each.id for each in asks(step)}
    return replace(entry, values=typed(entry.values) | {name: made[name] for name in own if name in made})


def record_faults(case: Case, entry: Entry, entries: Sequence[Entry], calendar: WorkCalendar) -> list[Fault]:
    """A correction or a withdrawal does not put another person under an answer that stands: that is taken back first. A list of answers is
    approved and sent only while each is what the rulebook answers that day.
    """
    pack = logs.pack_of(case)
    steps = [step for step in pack.steps.values() if asks(step)]
    if entry.kind is EntryKind.RECORD and steps:
        return _outdated(pack, entry, entries)
    if entry.kind not in (EntryKind.CORRECT, EntryKind.WITHDRAW) or not steps:
        return []
    packs, after = logs.packs(), [*entries, entry]
    found, sieved = plan(packs, after, calendar, entry.at), sieve(packs, after)
    for step in steps:
        standing = sieved.records.get(step.id, {})
        now = questions(case, step, sieved, found, {key: each.values for key, each in standing.items()}, entry.on)
        for key, record in standing.items():
            for name in (each.id for each in asks(step)):
                before, mine = record.values.get(name), now[key].get(name)
                if isinstance(before, Mapping) and (mine is None or mine.person != before.get(PERSON)):
                    message = f"“{step.title}”已经按原来的人作出答复意见。"
                    return [Fault("", message, f"请先撤回那条“{step.title}”，再改这里。", "answered")]
    return []


def _outdated(pack: Pack, entry: Entry, entries: Sequence[Entry]) -> list[Fault]:
    """Answers given of people that are approved or sent on another day, asked again for that day: a sanction, a matter that holds replies or
    an alteration may have come between.
    """
    step = pack.steps.get(entry.step)
    if step is None or step.kind not in (Kind.APPROVAL, Kind.LETTER):
        return []
    before = [
        (each, field)
        for each in pack.steps.values()
        for field in asks(each)
        if field.whose and each.id in pack.ancestors[step.id]
    ]
    if not before:
        return []
    sieved = sieve(logs.packs(), entries)
    given = [
        (each, record, record.values[field.id])
        for each, field in before
        for record in sieved.records.get(each.id, {}).values()
        if isinstance(record.values.get(field.id), Mapping)
    ]
    people = files(said[PERSON] for _, _, said in given if said.get(PERSON))
    faults = []
    for each, record, said in given:
        now = verdict(people.get(said.get(PERSON) or 0, File()), said["intent"], entry.on)
        if now.answer != said[ANSWER]:
            who = name_of(sieved, record, each, str(said[PERSON])) if said.get(PERSON) else ""
            why = f"（{now.reasons[0]}）" if now.reasons else ""
            told = f"{who}：{chinese_date(record.on)}查询是“{said[ANSWER]}”，{chinese_date(entry.on)}是“{now.answer}”{why}。"
            faults.append(Fault("", told, f"请先更正“{each.title}”里这一人的意见，再审批、发出。", "outdated"))
    return faults[:MOST_OUTDATED]
