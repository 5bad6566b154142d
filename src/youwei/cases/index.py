"""The index of cases: summary, open steps and standing records as the plan says. Rebuilt from the log at every change; never a second truth."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from youwei.cases.logs import packs, title_of
from youwei.cases.models import Case, ChainLink, Citation, Done, Exempted, NotDone, OpenStep, Reply
from youwei.cases.telling import told
from youwei.engine.answering import answers, marks
from youwei.engine.excuses import ground_of
from youwei.engine.handing import offered
from youwei.engine.opening import next_cases
from youwei.engine.types import TERMINATED, Act, Entry, EntryKind, Item, Plan, Standing, Status, Who, Window
from youwei.engine.values import ANSWER
from youwei.engine.view import view_of
from youwei.engine.wording import term_text
from youwei.journal.stores import for_each, lay_down, rewrite
from youwei.rulebook.packs import FieldType, Kind, Pack, RepeatKind, Step

Written = tuple[Case, Sequence[Entry], Plan]
SHOWN = frozenset({Status.OPEN, Status.SCHEDULED})
HELD = frozenset({Kind.VISIT, Kind.TALK})
PLANNED = "planned"
NO_WINDOW = Window()
LINKING = frozenset({EntryKind.ENDED, EntryKind.CHAINED, EntryKind.MOVED})
SUMMARY = ("title", "state", "outcome", "outcome_title", "ended_on", "next_change", "counted", "told", "offered_to_id")


def write_many(written: Iterable[Written]) -> None:
    """Write the index of these cases anew."""
    written = list(written)
    keys = [(case.pk,) for case, _, _ in written]
    for_each("DELETE FROM cases_openstep WHERE case_id = %s", keys)
    for_each("DELETE FROM cases_done WHERE case_id = %s", keys)
    said = [(case.pk,) for case, entries, _ in written if any(entry.kind is EntryKind.NOT_DONE for entry in entries)]
    if said:  # a log that never said so has no such rows
        for_each("DELETE FROM cases_notdone WHERE case_id = %s", said)
    excused = [(case.pk,) for case, entries, _ in written if any(entry.kind is EntryKind.EXEMPT for entry in entries)]
    if excused:
        for_each("DELETE FROM cases_exempted WHERE case_id = %s", excused)
    said_of = [(case.pk,) for case, _, found in written if answers(packs()[found.pack])]
    if said_of:
        for_each("DELETE FROM cases_reply WHERE case_id = %s", said_of)
    used = {ref for ref in {found.pack for _, _, found in written} if cites(packs()[ref])}
    if used:
        for_each(
            "DELETE FROM cases_citation WHERE case_id = %s",
            [(case.pk,) for case, _, found in written if found.pack in used],
        )
    for each in written:
        summarise(*each)
    rewrite([case for case, _, _ in written], SUMMARY)
    write_steps(written)
    write_links(written)


def write_steps(written: Iterable[Written]) -> None:
    """Write the open steps and standing records of cases that have none in the index."""
    steps: list[OpenStep] = []
    done: list[Done] = []
    said: list[NotDone] = []
    excused: list[Exempted] = []
    for each in written:
        steps += steps_of(*each)
        done += done_of(*each)
        said += not_done_of(*each)
        excused += exempted_of(*each)
    lay_down(steps)
    lay_down(done)
    lay_down(said)
    lay_down(excused)
    lay_down([row for each in written for row in replies_of(*each)])
    lay_down([row for each in written for row in citations_of(*each)])


def steps_of(case: Case, entries: Sequence[Entry], found: Plan) -> list[OpenStep]:
    """The open steps of a case as its plan says, not yet stored."""
    pack = packs()[found.pack]
    return [row for item in found.items if item.status in SHOWN for row in _open_steps(case, item, pack)]


def done_of(case: Case, entries: Sequence[Entry], found: Plan) -> list[Done]:
    """The standing records of a case, not yet stored."""
    return list(_done(case, entries, found, packs()[found.pack]))


def not_done_of(case: Case, entries: Sequence[Entry], found: Plan) -> list[NotDone]:
    """What was said of steps of a case that were not done, not yet stored."""
    if not any(entry.kind is EntryKind.NOT_DONE for entry in entries):
        return []
    sieved = found.sieved
    pack = sieved.pack
    items = {(item.step, item.key): item for item in found.items}
    said = [entry for entry in sieved.left if entry.seq not in sieved.aside and (entry.step, entry.key) in items]
    return [
        NotDone(
            case=case, step=entry.step, key=entry.key, part=entry.part, kind=str(pack.steps[entry.step].kind), entry_seq=entry.seq,
            title=_told_of(pack, items[entry.step, entry.key]), on=entry.on, ground=ground_of(entry)[:16],
            due_on=items[entry.step, entry.key].window.due, state=_became(items[entry.step, entry.key], entry),
        )
        for entry in said
    ]  # fmt: skip


def exempted_of(case: Case, entries: Sequence[Entry], found: Plan) -> list[Exempted]:
    """What of a case does not apply by somebody's decision, not yet stored."""
    if not any(entry.kind is EntryKind.EXEMPT for entry in entries):
        return []
    sieved = found.sieved
    items = [item for item in found.items if item.status is Status.EXEMPTED]
    return [
        Exempted(
            case=case, step=item.step, key=item.key, kind=str(sieved.pack.steps[item.step].kind), title=_told_of(sieved.pack, item),
            entry_seq=entry.seq, on=entry.on, ground=str(entry.values.get("ground", ""))[:120], due_on=item.window.due,
        )
        for item in items
        for entry in [sieved.exempts[item.step, item.key]]
    ]  # fmt: skip


def _told_of(pack: Pack, item: Item) -> str:
    """What an item is called outside the seal: of one asked for each row, nothing of what somebody wrote in the row."""
    step = pack.steps[item.step]
    rows = step.repeat is not None and step.repeat.source is not None and bool(step.repeat.source.tail)
    return (step.title if rows else item.title)[:120]


def replies_of(case: Case, entries: Sequence[Entry], found: Plan) -> list[Reply]:
    """What the standing records of a case say of people, not yet stored."""
    pack = packs()[found.pack]
    if not answers(pack):
        return []
    doubted = {entry.target: entry.on for entry in entries if marks(entry)}
    rows: list[Reply] = []
    for name, records in found.sieved.records.items():
        for standing in records.values() if name in pack.steps else ():
            rows += _replies(case, pack.steps[name], standing, doubted.get(standing.seq))
    return rows


def _replies(case: Case, step: Step, standing: Standing, doubted: date | None) -> Iterable[Reply]:
    chosen = [each for each in step.form.values() if each.type is FieldType.CHOICE and standing.values.get(each.id)]
    for field in step.form.values():
        said = standing.values.get(field.id)
        if field.whose and isinstance(said, Mapping) and said.get("person"):
            words = "；".join(told(each, standing.values[each.id]) for each in chosen)
            yield Reply(
                case=case, person_id=said["person"], step=step.id, key=standing.key, entry_seq=standing.seq, on=standing.on,
                intent=said["intent"], answer=said[ANSWER], words=words[:200], doubted=doubted,
            )  # fmt: skip


def cites(pack: Pack) -> bool:
    """Whether records of a procedure use decisions of others."""
    return any(_using(step) for step in pack.steps.values())


def citations_of(case: Case, entries: Sequence[Entry], found: Plan) -> list[Citation]:
    """The decisions that the standing records of a case use, each once a record, not yet stored."""
    steps = packs()[found.pack].steps
    return [
        Citation(case=case, decision_id=pk, step=name, key=standing.key, entry_seq=standing.seq, on=standing.on)
        for name, records in found.sieved.records.items()
        if name in steps and _using(steps[name])
        for standing in records.values()
        for pk in sorted(_used(steps[name], standing))
    ]


def _using(step: Step) -> bool:
    return any(each.type is FieldType.DECISION for field in step.form.values() for each in (field, *field.of.values()))


def _used(step: Step, standing: Standing) -> set[int]:
    """The numbers of the decisions a record names, in a field of its own or in a column."""
    given: list[object] = []
    for field in step.form.values():
        said = standing.values.get(field.id)
        columns = [name for name, each in field.of.items() if each.type is FieldType.DECISION]
        given += [said] if field.type is FieldType.DECISION else []
        given += [row.get(name) for name in columns for row in said or ()]
    return {int(each["id"]) for each in given if isinstance(each, Mapping) and str(each.get("id", "")).isdigit()}


def _became(item: Item, entry: Entry) -> NotDone.State:
    """What became of something that was said not to be done: a signature is given when it is missing no more."""
    if item.status in SHOWN and entry.part in (item.missing or ("",)):
        return NotDone.State.OWED
    return NotDone.State.AFTER if item.status is Status.DONE or item.status in SHOWN else NotDone.State.LEFT


def chains(pack: Pack) -> bool:
    """Whether cases of a procedure can open others."""
    return any(outcome.opens for outcome in pack.outcomes.values()) or any(
        step.kind is Kind.CASE for step in pack.steps.values()
    )


def write_links(written: Iterable[Written]) -> None:
    """Write anew what these cases have opened, and what they call for and nobody has opened yet."""
    chained = [each for each in written if may_have_links(*each)]
    if not chained:
        return
    for_each("DELETE FROM cases_chainlink WHERE parent_id = %s", [(case.pk,) for case, _, _ in chained])
    lay_down([link for each in chained for link in links_of(*each)])


def links_of(case: Case, entries: Sequence[Entry], found: Plan) -> list[ChainLink]:
    """What a case has opened, and what it calls for and nobody has opened yet, not yet stored."""
    if not may_have_links(case, entries, found):
        return []
    opened = [
        _link(case, entry.target, entry.to, int(entry.values["case"]))
        for entry in entries
        if entry.kind is EntryKind.CHAINED and "case" in entry.values
    ]
    return opened + [
        _link(case, each.target, each.procedure, None, each.facts) for each in next_cases(packs(), entries, found)
    ]


def may_have_links(_: Case, entries: Sequence[Entry], found: Plan) -> bool:
    """An end, a record of a step of kind case or a marked reply calls for another, also one taken back since; such a step may have gone with
    a move."""
    steps = packs()[found.pack].steps
    opening = {name for name, step in steps.items() if step.kind is Kind.CASE}
    return any(entry.kind in LINKING or entry.step in opening or marks(entry) for entry in entries)


def _link(
    case: Case, target: int, procedure: str, child: int | None, told: Mapping[str, Any] | None = None
) -> ChainLink:
    """Of one that puts a reply right, the title says of whom: a letter may have several."""
    of = f"（{told['letter.person']['name']}）" if told else ""
    title = f"{title_of(procedure)}{of}"[:120]
    return ChainLink(parent=case, child_id=child, target=target, procedure=procedure, title=title)


def summarise(case: Case, entries: Sequence[Entry], found: Plan) -> None:
    """Set on the case, not yet in the store, what its plan says of it as a whole."""
    pack = packs()[found.pack]
    outcomes = pack.outcomes
    if pack.year_of is not None:
        year = view_of(found.sieved, found).lookup()(pack.year_of)
        case.title = f"{pack.title}（{year.year}年）" if isinstance(year, date) else pack.title
    ended = next((entry for entry in reversed(entries) if entry.kind in (EntryKind.ENDED, EntryKind.TERMINATED)), None)
    case.next_change = found.next_change
    offer = offered(found)
    case.offered_to_id = int(offer.text) if offer is not None and found.outcome is None else None
    if found.outcome == TERMINATED:
        case.state, case.outcome, case.outcome_title = Case.State.TERMINATED, TERMINATED, ""
    elif found.outcome:
        case.state, case.outcome = Case.State.ENDED, found.outcome
        case.outcome_title = outcomes[found.outcome].title if found.outcome in outcomes else found.outcome
    else:
        case.state, case.outcome, case.outcome_title = (Case.State.HELD if found.held else Case.State.OPEN), "", ""
    over = case.state == Case.State.ENDED and case.outcome in outcomes
    case.counted = outcomes[case.outcome].counts[:120] if over else ""
    case.told = dict(ended.values.get("told", {})) if over and ended is not None else {}
    case.ended_on = ended.on if ended is not None and case.state in (Case.State.ENDED, Case.State.TERMINATED) else None


def _open_steps(case: Case, item: Item, pack: Pack) -> list[OpenStep]:
    """What an item asks for: the step itself, or, once it is written down, each signature still missing.

    A step that waits for the end of a case it opened asks for nothing: the steps of that case stand on the desk themselves.
    """
    if any(reason.rule == "child running" for reason in item.why):
        return []
    if Act.SIGN in item.may:
        return [_open_step(case, item, pack, place, place.role) for place in item.signers]
    return [_open_step(case, item, pack, item.who)]


def _open_step(case: Case, item: Item, pack: Pack, place: Who, part: str = "") -> OpenStep:
    step, role, window = pack.steps[item.step], pack.roles.get(place.role), item.window
    back = not step.returns and any(reason.rule == "was sent back" for reason in item.why)
    verb = "会签：" if part else "退回重办：" if back else ""
    return OpenStep(
        case=case, step=item.step, key=item.key, part=part, kind=OpenStep.SIGN if part else kind_of(step),
        title=f"{verb}{item.title if step.reports else step.title}"[:120], role=place.role, role_title=role.title if role else "",
        held_by=role.held_by if role else "", organ_id=_organ(place), optional=item.optional, scheduled=item.status is Status.SCHEDULED,
        starts_on=window.start, due_on=window.due, late_from=window.late_from, limit_on=window.limit, provisional=window.provisional,
        rule=term_text(step.due, step)[:200], excuse=item.excuses.get(part, ""),
    )  # fmt: skip


def _organ(place: Who) -> int | None:
    """The organ a role is held at, where the log names one that is known here."""
    return int(place.organ) if place.organ and place.organ.isdigit() else None


def kind_of(step: Step) -> str:
    """What a step counts as. A record of a batch that lands is no visit or talk of its own: each member's is."""
    return str(step.kind if step.lands is None else Kind.RECORD)


def is_optional(step: Step) -> bool:
    """A step that may be recorded any time and is never owed."""
    return step.repeat is not None and step.repeat.kind is RepeatKind.ANY_TIME


def _done(case: Case, entries: Sequence[Entry], found: Plan, pack: Pack) -> Iterable[Done]:
    windows = {(item.step, item.key): item.window for item in found.items}
    for name, records in found.sieved.records.items():
        step = pack.steps.get(name)
        if step is not None:
            for key, standing in records.items():
                yield _done_row(case, step, standing, windows.get((name, key), NO_WINDOW))


def _done_row(case: Case, step: Step, standing: Standing, window: Window) -> Done:
    values, late_from = standing.values, window.late_from
    return Done(
        case=case, step=step.id, key=standing.key, kind=kind_of(step), title=step.title, entry_seq=standing.seq, on=standing.on,
        at=standing.at, outcome=str(values.get("outcome", ""))[:64], due_on=window.due, late_from=late_from,
        late=late_from is not None and standing.on > late_from,
        unplanned=step.kind in HELD and (is_optional(step) or values.get(PLANNED) is False), afterwards=standing.at > standing.on,
        people=list(values.get("people", ())),
    )  # fmt: skip
