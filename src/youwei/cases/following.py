"""How cases follow their decision when it is corrected, changed on review or withdrawn: new facts, ends, openings, in one transaction with it.

A correction corrects what the case was opened with, as if it had always been so, and may make late what was late. A change is a new
fact from a day on and makes nobody late by itself. A withdrawn decision ends its open cases, but for those whose pack reads
`decision.withdrawn` and so says itself how to go on.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction

from youwei.cases import alterations, facts, logs
from youwei.cases.commands import act, enter
from youwei.cases.doubting import doubt_replies
from youwei.cases.models import Case, OpenStep
from youwei.cases.opening import Recorded, called_for, open_cases
from youwei.decisions import altering, probation
from youwei.decisions.altering import Doing, Review, Stale
from youwei.decisions.commands import Given
from youwei.decisions.models import Decision, Measure, Period
from youwei.engine.opening import DECISION_ALTERED, DECISION_RECORDED, called
from youwei.engine.sieve import sieve, withdrawn_entries
from youwei.engine.types import Entry, EntryKind
from youwei.engine.values import read_facts
from youwei.journal.models import Entry as Written
from youwei.organs.queries import in_force, names_above
from youwei.rulebook.pack_order import reads

ALIVE = (Case.State.OPEN, Case.State.HELD)
WITHDRAWN_FACT = "decision.withdrawn"


@dataclass(frozen=True, slots=True)
class StepMove:
    """An open step that appears, goes, or is due on another day; `late` when it becomes late by this."""

    title: str
    before: date | None
    after: date | None
    gone: bool = False
    late: bool = False


@dataclass(frozen=True, slots=True)
class CaseMove:
    """What becomes of a case: `moved`, `ended` early, `opened` or open again, or `kept` as it is."""

    case: Case
    what: str
    steps: tuple[StepMove, ...] = ()


@dataclass(frozen=True, slots=True)
class PeriodMove:
    """The periods of one measure before and after; `own` when the altered decision gives or gave it."""

    measure: Measure
    own: bool
    before: tuple[Period, ...]
    after: tuple[Period, ...]


@dataclass(frozen=True, slots=True)
class Consequences:
    """The decision as it now is, and what moved with it."""

    decision: Decision
    measures: tuple[Measure, ...]
    periods: tuple[PeriodMove, ...]
    cases: tuple[CaseMove, ...]


@dataclass(frozen=True, slots=True)
class Look:
    """A decision with all that hangs on it at one moment."""

    decision: Decision
    measures: list[Measure]
    periods: list[Period]
    cases: dict[int, Case]
    steps: dict[int, dict[tuple[str, str], OpenStep]]

    def facts(self, on: date) -> dict[str, Any]:
        known = facts.decision_facts(*self.recorded(), on)
        unit = self.decision.unit_id
        return known | ({"organ.subject": str(unit)} if unit else {})

    def recorded(self) -> Recorded:
        own = {measure.pk for measure in self.measures}
        return self.decision, self.measures, [period for period in self.periods if period.measure_id in own]


def look(pk: int) -> Look:
    decision = Decision.objects.select_related("person__organ", "unit", "deciding_organ").get(pk=pk)
    periods = Period.objects.filter(person=decision.person_id, current=True).select_related("measure__decision")
    cases = {case.pk: case for case in Case.objects.filter(decision=pk).order_by("pk")}
    steps: dict[int, dict[tuple[str, str], OpenStep]] = {}
    for step in OpenStep.objects.filter(case__in=cases, optional=False):
        steps.setdefault(step.case_id, {})[step.step, step.key] = step
    return Look(
        decision, list(decision.measures.order_by("pk")), list(periods.order_by("starts_on", "pk")), cases, steps
    )


def correct(
    *, decision: int, changes: Mapping[str, Any], measures: Sequence[Given] | None, doing: Doing
) -> Consequences | None:
    """Correct a slip in a recorded decision. Raises altering.Refused or altering.Stale; None when the token was used before."""
    return followed(
        decision, doing, lambda: altering.correct(decision=decision, changes=changes, measures=measures, doing=doing), _corrected
    )  # fmt: skip


def change(*, decision: int, targets: Mapping[int, Given], review: Review, doing: Doing) -> Consequences | None:
    """Change measures on review, likewise."""
    return followed(
        decision, doing, lambda: altering.change(decision=decision, targets=targets, review=review, doing=doing),
        told("处分决定变更", "changed", review),
    )  # fmt: skip


def withdraw(*, decision: int, review: Review, doing: Doing) -> Consequences | None:
    """Withdraw a decision, likewise."""
    return followed(
        decision, doing, lambda: altering.withdraw(decision=decision, review=review, doing=doing), _withdrawn(review)
    )


def restore(*, decision: int, review: Review, doing: Doing) -> Consequences | None:
    """Enter restored rights after 留党察看, likewise."""
    return followed(
        decision, doing, lambda: probation.restore(decision=decision, review=review, doing=doing),
        told("恢复党员权利", "restored", review),
    )  # fmt: skip


def extend(*, decision: int, review: Review, doing: Doing) -> Consequences | None:
    """Enter that a probation was extended, likewise."""
    return followed(
        decision, doing, lambda: probation.extend(decision=decision, review=review, doing=doing),
        told("延长留党察看", "extended", review),
    )  # fmt: skip


def take_back(*, decision: int, doing: Doing) -> Consequences | None:
    """Take back the change or withdrawal entered last; its entries in the cases are withdrawn and cases it opened are ended."""
    return followed(decision, doing, lambda: altering.take_back(decision=decision, doing=doing), _taken_back)


def preview(do: Callable[[], Consequences | None]) -> Consequences | None:
    """The consequences of an act that is done and rolled back at once."""
    with transaction.atomic():
        found = do()
        transaction.set_rollback(True)
    return found


Follow = Callable[[Look, Look, Doing], None]


@transaction.atomic
def followed(pk: int, doing: Doing, alter: Callable[[], Decision], follow: Follow) -> Consequences | None:
    if altering.entered_before(doing.token):
        return None
    before = look(pk)
    try:
        alter()
    except Stale:
        if altering.entered_before(doing.token):
            return None
        raise
    follow(before, look(pk), doing)
    after = look(pk)
    doubt_replies(after.decision.person_id, doing)
    return Consequences(
        after.decision, tuple(after.measures), period_moves(before, after), case_moves(before, after, doing.on)
    )


def _corrected(before: Look, after: Look, doing: Doing) -> None:
    """What cases were opened with is corrected, ended ones too: figures judge them by it."""
    reason = f"处分决定更正：{doing.reason.strip()}"
    _move_unit(before, after)
    for case in after.cases.values():
        if case.state == Case.State.TERMINATED:
            continue
        if case.state in ALIVE and _no_longer_called(case, before, after):
            end(case, doing, reason)
            continue
        entries = logs.log(case)
        for entry, values in _by_entry(entries, _difference(case, entries, before, after)):
            act(
                case=case, kind=EntryKind.CORRECT, by=doing.by, on=entry.on, at=doing.at, today=doing.on, target=entry.seq,
                values=values, reason=reason,
            )  # fmt: skip
    _open(before, after, doing)


def told(word: str, alters: str = "", review: Review | None = None) -> Follow:
    """The cases hear what the decision now is; the steps that wait for just this are done with it."""

    def follow(before: Look, after: Look, doing: Doing) -> None:
        reason = f"{word}：{doing.reason.strip()}"
        waiting = alterations.waiting(after.cases.values(), alters)
        for case in after.cases.values():
            if case.state not in ALIVE:
                continue
            if case.pk not in waiting and _no_longer_called(case, before, after):
                end(case, doing, reason)
                continue
            if alters != "extended" or case.pk not in waiting:  # that one is about the year that is over
                _tell(case, before, after, doing, reason)
            if review is not None:
                _record(case, waiting, review, doing)
        _open(before, after, doing)
        if alters == "changed":
            _open_altered(after, doing)

    return follow


def _withdrawn(review: Review) -> Follow:
    def follow(before: Look, after: Look, doing: Doing) -> None:
        reason = f"处分决定已撤销：{doing.reason.strip()}"
        waiting = alterations.waiting(after.cases.values(), "withdrawn")
        for case in after.cases.values():
            if case.state not in ALIVE:
                continue
            if case.pk in waiting or reads(logs.pack_of(case), WITHDRAWN_FACT):
                _tell(case, before, after, doing, reason)
                _record(case, waiting, review, doing)
            else:
                end(case, doing, reason)
        _open_altered(after, doing)

    return follow


def _record(case: Case, waiting: Mapping[int, Sequence[OpenStep]], review: Review, doing: Doing) -> None:
    """The steps of a case that waited for this alteration are done on the day it is registered."""
    values = {"starts_on": review.starts_on.isoformat(), **({"number": review.number} if review.number else {})}
    for step in waiting.get(case.pk, ()):
        enter(
            case=case, kind=EntryKind.RECORD, by=doing.by, on=doing.on, at=doing.at, today=doing.on, step=step.step, key=step.key,
            values=values,
        )  # fmt: skip


def _taken_back(before: Look, after: Look, doing: Doing) -> None:
    at, reason = before.decision.altered_at or doing.at, f"登记错误，撤回：{doing.reason.strip()}"
    made = Written.objects.filter(log__kind="case", log__ref__in=list(after.cases), at=at).select_related("log")
    given: dict[str, Any] = {"by": doing.by, "on": doing.on, "at": doing.at, "today": doing.on, "reason": reason}
    kinds = (EntryKind.OPENED, EntryKind.FACTS, EntryKind.TERMINATED, EntryKind.RECORD)
    for written in made.filter(kind__in=kinds).order_by("pk"):
        case = after.cases[written.log.ref]
        if written.kind == EntryKind.OPENED:
            if case.state in ALIVE:
                end(case, doing, reason)
        elif written.kind == EntryKind.RECORD:
            case.refresh_from_db(fields=["state"])
            if case.state == Case.State.ENDED:
                enter(case=case, kind=EntryKind.REOPENED, **given)
            enter(case=case, kind=EntryKind.WITHDRAW, target=written.seq, **given)
        else:
            act(case=case, kind=EntryKind.WITHDRAW, target=written.seq, **given)


def _tell(case: Case, before: Look, after: Look, doing: Doing, reason: str) -> None:
    values = _difference(case, logs.log(case), before, after)
    if values:
        act(
            case=case, kind=EntryKind.FACTS, by=doing.by, on=doing.on, at=doing.at, today=doing.on, values=values, reason=reason
        )  # fmt: skip


def end(case: Case, doing: Doing, reason: str) -> None:
    act(case=case, kind=EntryKind.TERMINATED, by=doing.by, on=doing.on, at=doing.at, today=doing.on, reason=reason)


def _move_unit(before: Look, after: Look) -> None:
    """The cases of a decision are about the unit it names."""
    old, new = before.decision.unit_id, after.decision.unit_id
    if old != new and new is not None:
        Case.objects.filter(decision=after.decision.pk, subject_organ=old).update(subject_organ=new)


def _open(before: Look, after: Look, doing: Doing) -> None:
    """Cases that the decision calls for only as it now is."""
    decision = after.decision
    if decision.secret or decision.person is None or decision.state == Decision.State.WITHDRAWN:
        return
    history = decision.mode == Decision.Mode.HISTORY
    names = names_above(in_force(decision.deciding_organ, doing.on))
    then, now = (
        {
            pack.ref.procedure: pack
            for pack in called_for(look.facts(doing.on), history=history, today=doing.on, names=names)
        }
        for look in (before, after)
    )
    wanted = set(now) - set(then) - _alive(decision)
    open_cases([after.recorded()], by=doing.by, at=doing.at, today=doing.on, history=history, only=wanted)


def _open_altered(after: Look, doing: Doing) -> None:
    """Cases that a change or a withdrawal calls for, of an old decision too: what it asks for is to be done now."""
    decision = after.decision
    if decision.secret or decision.person is None:
        return
    told = facts.told_of(decision)
    names = names_above(in_force(decision.deciding_organ, doing.on))
    now = called_for(after.facts(doing.on) | told, history=False, today=doing.on, event=DECISION_ALTERED, names=names)
    open_cases(
        [after.recorded()], by=doing.by, at=doing.at, today=doing.on, history=False, event=DECISION_ALTERED, told=told,
        only={pack.ref.procedure for pack in now} - _alive(decision),
    )  # fmt: skip


def _alive(decision: Decision) -> set[str]:
    return set(Case.objects.filter(decision=decision.pk, state__in=ALIVE).values_list("procedure", flat=True))


def _no_longer_called(case: Case, before: Look, after: Look) -> bool:
    """Whether the case would have been opened by what was known of the decision, and not by what is known now."""
    pack = logs.pack_of(case)
    then, now = (called(pack, look.facts(case.opened_on)) is not None for look in (before, after))
    return pack.opens.event == DECISION_RECORDED and pack.in_force(case.opened_on) and then and not now


def _difference(case: Case, entries: Sequence[Entry], before: Look, after: Look) -> dict[str, Any]:
    """The facts that are otherwise now; not those that somebody has meanwhile set for this case alone."""
    then, now = before.facts(case.opened_on), after.facts(case.opened_on)
    held = sieve(logs.packs(), entries).facts
    moved = [name for name in (then | now) if then.get(name) != now.get(name)]
    return {name: now.get(name) for name in moved if held.get(name) == read_facts({name: then.get(name)})[name]}


def _by_entry(entries: Sequence[Entry], values: Mapping[str, Any]) -> Iterable[tuple[Entry, dict[str, Any]]]:
    """Facts with the entry that stated them last."""
    gone = withdrawn_entries(entries)
    stating = [
        entry for entry in entries if entry.kind in (EntryKind.OPENED, EntryKind.FACTS) and entry.seq not in gone
    ]
    found: dict[int, dict[str, Any]] = {}
    for name, value in values.items():
        entry = next((each for each in reversed(stating) if name in each.values), stating[0])
        found.setdefault(entry.seq, {})[name] = value
    return [(entry, found[entry.seq]) for entry in stating if entry.seq in found]


def period_moves(before: Look, after: Look) -> tuple[PeriodMove, ...]:
    own = {measure.pk for measure in (*before.measures, *after.measures)}
    then, now = _of_measures(before.periods), _of_measures(after.periods)
    measures = {period.measure_id: period.measure for period in (*before.periods, *after.periods)}
    found = [
        PeriodMove(measure, pk in own, tuple(then.get(pk, ())), tuple(now.get(pk, ())))
        for pk, measure in measures.items()
        if [each.pk for each in then.get(pk, ())] != [each.pk for each in now.get(pk, ())]
    ]
    return tuple(sorted(found, key=lambda each: (not each.own, each.measure.pk)))


def _of_measures(periods: Iterable[Period]) -> dict[int, list[Period]]:
    found: dict[int, list[Period]] = {}
    for period in periods:
        found.setdefault(period.measure_id, []).append(period)
    return found


def case_moves(before: Look, after: Look, today: date) -> tuple[CaseMove, ...]:
    return tuple(
        CaseMove(case, _what(before.cases.get(pk), case, steps), steps)
        for pk, case in after.cases.items()
        for steps in [tuple(_step_moves(before.steps.get(pk, {}), after.steps.get(pk, {}), today))]
    )


def _what(then: Case | None, now: Case, steps: Sequence[StepMove]) -> str:
    was_alive, is_alive = then is not None and then.state in ALIVE, now.state in ALIVE
    if was_alive == is_alive:
        return "moved" if steps else "kept"
    return "opened" if is_alive else "ended"


def _step_moves(
    then: Mapping[tuple[str, str], OpenStep], now: Mapping[tuple[str, str], OpenStep], today: date
) -> Iterable[StepMove]:
    for key in dict.fromkeys((*then, *now)):
        old, new = then.get(key), now.get(key)
        title = (new or old or then[key]).title
        if new is None:
            yield StepMove(title, old.due_on if old else None, None, gone=True)
        elif old is None or (old.due_on, old.late_from) != (new.due_on, new.late_from):
            was_late = old is not None and old.late_from is not None and today > old.late_from
            late = new.late_from is not None and today > new.late_from
            yield StepMove(title, old.due_on if old else None, new.due_on, late=late and not was_late)
