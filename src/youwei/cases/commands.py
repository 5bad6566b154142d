"""Acts on cases: the only way a case's log grows. One command is one transaction: entry, open steps, summary, together or not at all."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from youwei.cases import (
    alterations,
    asking,
    chain,
    cohort,
    facts,
    fitness,
    index,
    logs,
    plans,
    servants,
    signing,
    versions,
    voted,
)
from youwei.cases.models import Case, ChainLink, Draft
from youwei.cases.opening import NewCase, open_many
from youwei.engine import opening
from youwei.engine.check import check
from youwei.engine.plan import plan
from youwei.engine.sieve import sieve
from youwei.engine.types import TERMINATED, Entry, EntryKind, Fault, Plan, Standing
from youwei.engine.values import read_facts
from youwei.journal import commands as journal
from youwei.journal.actors import Actor
from youwei.journal.commands import Act
from youwei.journal.digests import canonical
from youwei.journal.models import Log
from youwei.journal.queries import of_token
from youwei.journal.sealing import seal
from youwei.organs import queries as organs
from youwei.organs.models import Account
from youwei.rulebook.calendar import WorkCalendar
from youwei.rulebook.pack_types import WITH

__all__ = ["NewCase", "Rejected", "StaleForm", "act", "answer", "open_many", "refresh", "refresh_due", "settle"]
ENGINE = Actor("规程")
NOT_ASKED = Fault("", "这里没有等待确认的接续事项，或已经有人确认过。", "请刷新页面。", "chained")
NO_BEHALF = Fault("behalf", "保密事项由知情的人自己办理，不能代录。", "请先在“知情范围”里准入办理的人。", "sealed")
USED = Fault("", "这一页已经记录过一次，后来改动的还没有记录。", "填写的都还在；要另记一条的，请再提交一次。", "used")


class Rejected(Exception):
    """The engine does not let an entry stand; `faults` name the fields and the remedies."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("；".join(str(fault) for fault in faults))
        self.faults = tuple(faults)


class StaleForm(Exception):
    """The record was written or corrected since the form was opened; `again` when by this very form, before its words were changed.

    `theirs` is the record as it stands now, `head` the last entry of the log.
    """

    def __init__(self, theirs: Entry, head: int, *, again: bool = False) -> None:
        super().__init__(f"{theirs.by}已在您之前办理了这一环节")
        self.theirs, self.head, self.again = theirs, head, again


@transaction.atomic
def act(
    *, case: Case, kind: EntryKind, by: Actor, on: date, at: datetime, today: date, step: str = "", key: str = "", part: str = "",
    to: str = "", target: int = 0, values: Mapping[str, Any] | None = None, reason: str = "", behalf: str = "",
    paper: str = "", seen: int | None = None, token: str | None = None, beside: Mapping[str, Any] | None = None,
) -> int:  # fmt: skip
    """Enter one act into a case's log and bring its index up to date. Returns the number of the entry.

    `beside` is what a batch keeps of its members beside the values: a step that concerns them is not recorded without.
    `paper` says from which paper it is entered for somebody else, or on which it was signed by hand.
    `seen` is the last entry the form knew; StaleForm when somebody has since recorded the same step or corrected the same record.
    Rejected with the engine's refusals. A token used before returns the entry it made, or refuses when that says something else.
    """
    log = journal.locked("case", case.pk)
    entries, calendar = logs.log(case), organs.calendar()
    entry = Entry(
        seq=len(entries) + 1, kind=kind, on=on, at=timezone.localdate(at), by=by.name, behalf=behalf, step=step, key=key, part=part,
        to=to, target=target, values=dict(values or {}), reason=reason, paper=paper,
    )  # fmt: skip
    used = of_token(token) if token else None
    if used is not None:
        return _again(entries, entry, used.seq if used.log_id == log.pk else 0)
    entry = asking.answered(case, entries, entry, calendar)
    known = plans.kept(log.head_digest, calendar, entry.at)
    judge(case, log, entries, entry, calendar, by=by, seen=seen, beside=beside, known=known)
    turned = versions.follow(case, [*entries, entry]) if versions.turns(entries, entry) else {}
    content = {
        "values": dict(entry.values),
        "reason": reason,
        **({"paper": paper} if paper else {}),
        **turned,
        **(beside or {}),
    }
    journal.extend(
        log,
        Act(
            "case", case.pk, str(kind), content, by, on, at,
            step=step, key=key, part=part, to=to, target=target, behalf=behalf, token=token,
        ),
    )  # fmt: skip
    found = settle(case=case, entries=[*entries, entry], at=at, today=today, calendar=calendar)
    plans.keep(
        log.head_digest, calendar, today, found
    )  # of no use where something was appended after it: nobody asks for this digest then
    pack = logs.pack_of(case)
    if turned or servants.names_somebody(entry, entries, pack):
        servants.appoint(case, found, pack, today)
    return entry.seq


def judge(
    case: Case, log: Log, entries: Sequence[Entry], entry: Entry, calendar: WorkCalendar, *, by: Actor, seen: int | None,
    beside: Mapping[str, Any] | None = None, known: Plan | None = None,
) -> None:  # fmt: skip
    """Whether an entry may be appended to a log, which the caller has locked and may have planned. Raises Rejected or StaleForm."""
    _refuse_stale(entries, entry, seen)
    faults = check(logs.packs(), entries, entry, calendar, known)
    faults += chain.record_faults(case, entry, entries)
    faults += asking.record_faults(case, entry, entries, calendar)
    faults += alterations.record_faults(case, entry, entries)
    faults += fitness.record_faults(case, logs.pack_of(case), entry, entries)
    faults += [NO_BEHALF] if case.sealed and entry.behalf else []
    faults += cohort.record_faults(logs.pack_of(case), entry, beside)
    faults += voted.record_faults(logs.pack_of(case), entry, beside)
    faults += signing.sign_faults(logs.packs(), logs.pack_of(case), log, entries, entry, by, seen)
    if faults:
        raise Rejected(faults)


def _again(entries: Sequence[Entry], mine: Entry, used: int) -> int:
    """A double click is the entry it has made. A form sent once more with other words, by the browser's back button, is none."""
    first = entries[used - 1] if used else None
    if first is not None and _words(first) == _words(mine):
        return first.seq
    record = _record_meant(entries, mine) or (_record_of(entries, first.seq) if first is not None else None)
    if record is None or mine.kind not in (EntryKind.RECORD, EntryKind.CORRECT):
        raise Rejected([USED])
    raise StaleForm(_version(entries, record), len(entries), again=True)


def _words(entry: Entry) -> tuple[Any, ...]:
    place = (entry.kind, entry.step, entry.key, entry.part, entry.to, entry.target)
    return (
        *place,
        entry.on,
        entry.behalf,
        entry.paper,
        entry.reason,
        canonical({"values": asking.typed(entry.values)}),
    )


def _refuse_stale(entries: Sequence[Entry], mine: Entry, seen: int | None) -> None:
    record = None if seen is None else _record_meant(entries, mine)
    if record is not None and seen is not None and max(record.entries) > max(seen, mine.target):
        raise StaleForm(_version(entries, record), len(entries))


def _record_meant(entries: Sequence[Entry], mine: Entry) -> Standing | None:
    """The standing record that an entry would write anew or correct."""
    if mine.kind is EntryKind.CORRECT:
        return _record_of(entries, mine.target)
    if mine.kind is not EntryKind.RECORD:
        return None
    return sieve(logs.packs(), entries).records.get(mine.step, {}).get(mine.key)


def _record_of(entries: Sequence[Entry], seq: int) -> Standing | None:
    """The standing record that an entry wrote or corrected."""
    found = sieve(logs.packs(), entries).records.values()
    return next((record for records in found for record in records.values() if seq in record.entries), None)


def _version(entries: Sequence[Entry], record: Standing) -> Entry:
    """A record in its present words, by whoever wrote them last."""
    last = entries[max(record.entries) - 1]
    return replace(entries[record.seq - 1], on=record.on, values=record.values, by=last.by, at=last.at)


@transaction.atomic
def enter(
    *, case: Case, kind: EntryKind, by: Actor, on: date, at: datetime, today: date, step: str = "", key: str = "", target: int = 0,
    values: Mapping[str, Any] | None = None, reason: str = "",
) -> int:  # fmt: skip
    """Enter what an act elsewhere has made of a case: nobody typed it, so nothing is judged. Returns the number of the entry."""
    log = Log.objects.select_for_update().get(kind="case", ref=case.pk)
    entries = logs.log(case)
    entry = Entry(
        seq=len(entries) + 1, kind=kind, on=on, at=timezone.localdate(at), by=by.name, step=step, key=key, target=target,
        values=dict(values or {}), reason=reason,
    )  # fmt: skip
    content = {"values": dict(values or {}), "reason": reason}
    journal.extend(log, Act("case", case.pk, str(kind), content, by, on, at, step=step, key=key, target=target))
    settle(case=case, entries=[*entries, entry], at=at, today=today)
    return entry.seq


def settle(
    *, case: Case, entries: list[Entry], at: datetime, today: date, calendar: WorkCalendar | None = None
) -> Plan:
    """Draw the consequences of a log: the end is recorded once the plan says so, the index is written, and what follows is opened and told."""
    packs, calendar = logs.packs(), calendar or organs.calendar()
    found = plan(packs, entries, calendar, today)
    ending = found.outcome not in (None, TERMINATED) and not _end_recorded(entries)
    if ending:
        told = opening.told(packs, entries, found)
        ended = _entry(
            entries, EntryKind.ENDED, max(entry.on for entry in entries), at, to=str(found.outcome), values={"told": told} if told else {}
        )  # fmt: skip
        _append(case, ended, at)
        entries = [*entries, ended]
        found = plan(packs, entries, calendar, today)
    index.write_many([(case, entries, found)])
    _open_next(case, entries, found, at, today)
    if ending:
        _tell(case, at, today)
    if found.outcome is not None:
        for link in ChainLink.objects.filter(child=case).select_related("parent").order_by("pk"):
            _come_back(link.parent, case, at, today)
    return found


def _entry(entries: Sequence[Entry], kind: EntryKind, on: date, at: datetime, **more: Any) -> Entry:
    """What the program itself enters next."""
    return Entry(seq=len(entries) + 1, kind=kind, on=on, at=timezone.localdate(at), by=ENGINE.name, **more)


def _append(case: Case, entry: Entry, at: datetime) -> None:
    content = {"values": dict(entry.values), "reason": entry.reason}
    journal.append(
        Act(
            "case", case.pk, str(entry.kind), content, ENGINE, entry.on, at,
            step=entry.step, key=entry.key, to=entry.to, target=entry.target,
        )
    )  # fmt: skip


def _open_next(case: Case, entries: Sequence[Entry], found: Plan, at: datetime, today: date) -> None:
    """What opens by itself is opened with the act that calls for it; an offer waits for a person."""
    if not index.chains(logs.pack_of(case)):
        return
    log = list(entries)
    for each in opening.next_cases(logs.packs(), log, found):
        if not each.offer:
            made = chain.open_next(case, each, seq=len(log) + 1, by=ENGINE, on=each.on, at=at, today=today)
            if made is not None:
                log.append(made)
                _hand_over(case, each, made, at, today)
    if len(log) > len(entries):
        index.write_links([(case, log, found)])


def _hand_over(case: Case, each: opening.Next, made: Entry, at: datetime, today: date) -> None:
    """A case that was open already hears what a new one would have begun with."""
    values = {f"{WITH}.{name}": value for name, value in (each.given or {}).items()}
    if made.values.get("existing") and values:
        child = Case.objects.get(pk=made.values[chain.CASE])
        act(
            case=child, kind=EntryKind.FACTS, by=ENGINE, on=made.on, at=at, today=today, values=values, reason=f"“{case.title}”接续",
        )  # fmt: skip


def _tell(case: Case, at: datetime, today: date) -> None:
    """The other open cases of the decision hear what this one has told."""
    if not case.told or case.decision_id is None or case.ended_on is None:
        return
    others = Case.objects.filter(decision=case.decision_id, state__in=chain.ALIVE).exclude(pk=case.pk)
    for other in others.order_by("pk"):
        held = sieve(logs.packs(), logs.log(other)).facts
        said = facts.added(held, case.told)
        news = {name: value for name, value in said.items() if held.get(name) != read_facts({name: value})[name]}
        if news:
            act(
                case=other, kind=EntryKind.FACTS, by=ENGINE, on=case.ended_on, at=at, today=today, values=news,
                reason=f"“{case.title}”办结告知",
            )  # fmt: skip


def _come_back(parent: Case, child: Case, at: datetime, today: date) -> None:
    """The end of a case is a record of the step that waited for it; another end than the one recorded corrects it."""
    Log.objects.select_for_update().get(kind="case", ref=parent.pk)
    entries = logs.log(parent)
    waits = chain.waiting(parent, entries, child)
    if waits is None or parent.state == Case.State.TERMINATED:
        return
    record, values = waits
    if record.values.get(chain.OUTCOME) == child.outcome:
        return
    again, on = parent.state == Case.State.ENDED, max(child.ended_on or today, record.on)
    entry = _entry(
        entries, EntryKind.CORRECT if again else EntryKind.RECORD, on, at, step=record.step, key=record.key,
        target=record.seq if again else 0, reason=f"“{child.title}”的结局" if again else "",
        values={**values, chain.CASE: str(child.pk), chain.OUTCOME: child.outcome},
    )  # fmt: skip
    _append(parent, entry, at)
    settle(case=parent, entries=[*entries, entry], at=at, today=today)


@transaction.atomic
def answer(
    *, case: Case, target: int, procedure: str, start: bool, by: Actor, on: date, at: datetime, today: date, reason: str = ""
) -> None:  # fmt: skip
    """A named person opens the case that the end of another offers, or says why not. Rejected when it is no longer asked."""
    if not start:
        act(
            case=case, kind=EntryKind.CHAINED, by=by, on=on, at=at, today=today, to=procedure, target=target,
            values={"declined": True}, reason=reason,
        )  # fmt: skip
        return
    Log.objects.select_for_update().get(kind="case", ref=case.pk)
    entries = logs.log(case)
    found = plan(logs.packs(), entries, organs.calendar(), today)
    wanted = {(each.target, each.procedure): each for each in opening.next_cases(logs.packs(), entries, found)}
    each = wanted.get((target, procedure))
    if each is None:
        raise Rejected([NOT_ASKED])
    if not each.on <= on <= today:
        raise Rejected([Fault("on", "启动日期应在办结之后、今天之前（含当日）。", "请核对日期。", "day")])
    made = chain.open_next(case, each, seq=len(entries) + 1, by=by, on=on, at=at, today=today)
    if made is None:
        raise Rejected(
            [Fault("", f"规程“{procedure}”没有装入，或当日不在施行期内。", "请联系系统管理员装入。", "no pack")]
        )
    _hand_over(case, each, made, at, today)
    index.write_links([(case, [*entries, made], found)])


def _end_recorded(entries: Sequence[Entry]) -> bool:
    """The end stands in the log, and the case was not reopened since."""
    last = (entry.kind for entry in reversed(entries) if entry.kind in (EntryKind.ENDED, EntryKind.REOPENED))
    return next(last, None) is EntryKind.ENDED


@transaction.atomic
def refresh(cases: Iterable[Case], *, today: date) -> int:
    """Bring the index of these cases up to date with their logs, the calendar and the day. Nobody acts on them meanwhile."""
    rows = list(cases)
    list(Log.objects.select_for_update().filter(kind="case", ref__in=[case.pk for case in rows]).order_by("ref"))
    calendar, packs = organs.calendar(), logs.packs()
    found = logs.logs(rows)
    index.write_many([(case, found[case.pk], plan(packs, found[case.pk], calendar, today)) for case in rows])
    return len(rows)


def refresh_due(*, today: date) -> int:
    """The nightly round: only cases whose plan changes by the calendar alone by today."""
    done = 0
    while rows := list(Case.objects.filter(next_change__lte=today).order_by("pk")[:200]):
        refreshed = refresh(rows, today=today)
        done += refreshed
        if Case.objects.filter(pk__in=[row.pk for row in rows], next_change__lte=today).exists():
            break
    return done


@transaction.atomic
def save_draft(*, account: Account, case: Case, step: str, key: str, text: str, at: datetime) -> None:
    """Keep what has been typed and not recorded."""
    Draft.objects.update_or_create(
        account=account,
        case=case,
        step=step,
        key=key,
        defaults={"sealed": seal(text.encode(), place="draft"), "saved_at": at},
    )


@transaction.atomic
def drop_draft(*, account: Account, case: Case, step: str, key: str) -> None:
    Draft.objects.filter(account=account, case=case, step=step, key=key).delete()
