"""One act for many cases: each judged on its own, what can stand stands, and every case has its answer.

Some hundred cases are written in one transaction. An act is known by its token and the case: stopped half-way and begun again it
loses nothing and doubles nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from youwei.cases import asking, index, logs, servants
from youwei.cases.commands import Rejected, StaleForm, judge, settle
from youwei.cases.models import Case
from youwei.engine.plan import plan
from youwei.engine.types import Entry, EntryKind, Fault, Plan, Via
from youwei.journal import commands as journal
from youwei.journal.actors import Actor
from youwei.journal.commands import Act
from youwei.journal.models import Entry as Written
from youwei.journal.models import Log
from youwei.organs import queries as organs
from youwei.rulebook.calendar import WorkCalendar

CHUNK = 100
LONGEST_TOKEN = 48
"""What is left for a token beside the number of a case."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is to be entered into one case. `seen` is the last entry the form knew; without it no form is held to be stale."""

    case: Case
    step: str
    on: date
    key: str = ""
    part: str = ""
    kind: EntryKind = EntryKind.RECORD
    values: Mapping[str, Any] = field(default_factory=dict)
    target: int = 0
    reason: str = ""
    behalf: str = ""
    paper: str = ""
    seen: int | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one case: the number of its entry, or why there is none."""

    case: int
    seq: int = 0
    faults: tuple[Fault, ...] = ()

    @property
    def refusal(self) -> str:
        """Why not, in the words of the engine; empty when the entry stands."""
        return "；".join(str(fault) for fault in self.faults)


def enter_many(
    *, wanted: Sequence[Wanted], token: str, by: Actor, at: datetime, today: date, via: Via | None = None
) -> list[Result]:
    """Enter one act into many cases, each of them once. Returns a result for each, in the order given; nothing is raised for a refusal.

    `token` names the act as a whole, at most 48 characters: sent again, a case that has its entry keeps it, and one refused is judged anew.
    `via` is the entry of a batch the act comes from.
    """
    if len({each.case.pk for each in wanted}) < len(wanted):
        raise ValueError("a case stands twice in one act")
    if not 0 < len(token) <= LONGEST_TOKEN:
        raise ValueError("an act for many needs a token of at most 48 characters")
    found: dict[int, Result] = {}
    for start in range(0, len(wanted), CHUNK):
        found.update(_enter_chunk(wanted[start : start + CHUNK], token, by, at, today, via))
    return [found[each.case.pk] for each in wanted]


def foreseen(*, wanted: Sequence[Wanted], by: Actor, at: datetime) -> list[Result]:
    """What would become of each case if the act were entered now; nothing is written. `seq` is the entry it would be."""
    refs = [each.case.pk for each in wanted]
    known, calendar = logs.logs(each.case for each in wanted), organs.calendar()
    read = {log.ref: log for log in Log.objects.filter(kind="case", ref__in=refs)}
    return [_judged(each, read[each.case.pk], known[each.case.pk], calendar, by, at, None)[0] for each in wanted]


def _judged(
    each: Wanted, log: Log, entries: Sequence[Entry], calendar: WorkCalendar, by: Actor, at: datetime, via: Via | None
) -> tuple[Result, Entry]:
    entry = asking.answered(each.case, entries, _entry(each, entries, by, at, via), calendar)
    try:
        judge(each.case, log, entries, entry, calendar, by=by, seen=each.seen)
    except Rejected as rejected:
        return Result(each.case.pk, faults=rejected.faults), entry
    except StaleForm as stale:
        fault = Fault("", f"{stale.theirs.by}已在您之前办理了这一环节。", "请打开这件事项查看。", "stale")
        return Result(each.case.pk, faults=(fault,)), entry
    return Result(each.case.pk, entry.seq), entry


def token_of(token: str, case: int) -> str:
    """By what the entry of one case in an act for many is known."""
    return f"{token}:{case}"


@transaction.atomic
def _enter_chunk(
    wanted: Sequence[Wanted], token: str, by: Actor, at: datetime, today: date, via: Via | None
) -> dict[int, Result]:
    cases = {each.case.pk: each.case for each in wanted}
    locked = {
        log.ref: log for log in Log.objects.select_for_update().filter(kind="case", ref__in=cases).order_by("ref")
    }
    known, calendar = logs.logs(cases.values()), organs.calendar()
    found = entered(token, cases)
    standing: list[tuple[Wanted, Entry]] = []
    for each in wanted:
        if each.case.pk in found:
            continue
        result, entry = _judged(each, locked[each.case.pk], known[each.case.pk], calendar, by, at, via)
        found[each.case.pk] = result
        if result.seq:
            standing.append((each, entry))
    journal.append_many(_act(each, entry, token, by, at, via) for each, entry in standing)
    _settle([(each.case, known[each.case.pk], entry) for each, entry in standing], calendar, at, today)
    return found


def entered(token: str, cases: Mapping[int, Case]) -> dict[int, Result]:
    """The cases this act has reached before."""
    tokens = [token_of(token, pk) for pk in cases]
    rows = Written.objects.filter(token__in=tokens).exclude(token="").values_list("token", "log__ref", "seq")
    return {ref: Result(ref, seq) for used, ref, seq in rows if used == token_of(token, ref)}


def _entry(each: Wanted, entries: Sequence[Entry], by: Actor, at: datetime, via: Via | None) -> Entry:
    return Entry(
        seq=len(entries) + 1, kind=each.kind, on=each.on, at=timezone.localdate(at), by=by.name, behalf=each.behalf, step=each.step,
        key=each.key, part=each.part, target=each.target, values=dict(each.values), reason=each.reason, via=via, paper=each.paper,
    )  # fmt: skip


def _act(each: Wanted, entry: Entry, token: str, by: Actor, at: datetime, via: Via | None) -> Act:
    content: dict[str, Any] = {
        "values": dict(entry.values),
        "reason": entry.reason,
        **({"via": list(via)} if via else {}),
    }
    content |= {"paper": entry.paper} if entry.paper else {}
    return Act(
        "case", each.case.pk, str(entry.kind), content, by, entry.on, at, step=entry.step, key=entry.key, part=entry.part,
        target=entry.target, behalf=entry.behalf, token=token_of(token, each.case.pk),
    )  # fmt: skip


def _settle(
    written: Sequence[tuple[Case, list[Entry], Entry]], calendar: WorkCalendar, at: datetime, today: date
) -> None:
    """Write the index of all of them at once; one that ends, or may open another case, draws its consequences by itself."""
    packs = logs.packs()
    plain: list[index.Written] = []
    rest: list[tuple[Case, Entry]] = []
    for case, before, entry in written:
        found = plan(packs, [*before, entry], calendar, today)
        if found.outcome is None and not index.may_have_links(case, [*before, entry], found):
            plain.append((case, [*before, entry], found))
            _appoint(case, entry, before, found, today)
        else:
            rest.append((case, entry))
    index.write_many(plain)
    for case, entry in rest:
        entries = logs.log(case)  # another's end may have told it something meanwhile
        found = settle(case=case, entries=entries, at=at, today=today, calendar=calendar)
        _appoint(case, entry, entries, found, today)


def _appoint(case: Case, entry: Entry, entries: Sequence[Entry], found: Plan, today: date) -> None:
    pack = logs.pack_of(case)
    if servants.names_somebody(entry, entries, pack):
        servants.appoint(case, found, pack, today)
