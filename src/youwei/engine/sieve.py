"""The first pass: which entries of a log stand, and with what content."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from youwei.engine.going_back import between
from youwei.engine.types import (
    TERMINATED,
    Entry,
    EntryKind,
    Hold,
    LogFault,
    Reason,
    Sieved,
    Standing,
    Version,
    Voided,
)
from youwei.engine.values import read_facts, read_values
from youwei.rulebook.pack_types import Kind, Pack, PackRef, RepeatKind, Step

Packs = Mapping[PackRef, Pack]
QUIET = frozenset(
    {EntryKind.NOTE, EntryKind.ENDED, EntryKind.REOPENED, EntryKind.CONFIRMED, EntryKind.RECUSE, EntryKind.CHAINED}
)


def withdrawn_entries(log: Sequence[Entry]) -> dict[int, int]:
    """Seq of each withdrawn entry, and of the entry that withdrew it; a withdrawn withdrawal does nothing."""
    gone: dict[int, int] = {}
    for entry in reversed(log):
        if entry.kind is EntryKind.WITHDRAW and entry.seq not in gone:
            gone.setdefault(entry.target, entry.seq)
    return gone


def root_of(entry: Entry, by_seq: Mapping[int, Entry]) -> int:
    """The entry a correction is finally about."""
    target = by_seq.get(entry.target)
    while target is not None and target.kind is EntryKind.CORRECT:
        target = by_seq.get(target.target)
    return target.seq if target is not None else entry.target


def corrected(entry: Entry, corrections: Sequence[Entry]) -> Entry:
    """The entry as if it had been written rightly; a field set to nothing is taken out."""
    for each in corrections:
        values = {**entry.values, **each.values}
        kept = {key: value for key, value in values.items() if value is not None}
        entry = replace(entry, on=each.on, values=kept)
    return entry


def sieve(packs: Packs, log: Sequence[Entry]) -> Sieved:
    """Reads the whole log once, in order."""
    by_seq = {entry.seq: entry for entry in log}
    gone = withdrawn_entries(log)
    standing = [entry for entry in log if entry.seq not in gone]
    corrections: dict[int, list[Entry]] = {}
    for entry in standing:
        if entry.kind is EntryKind.CORRECT:
            corrections.setdefault(root_of(entry, by_seq), []).append(entry)
    if not standing or standing[0].kind is not EntryKind.OPENED:
        raise LogFault("事项的第一条记录应是立项。")
    work = _Work(packs, by_seq, corrections, _moves(packs, standing), _begin(packs, standing[0], corrections))
    for seq, by in gone.items():
        work.out.aside[seq] = Reason("withdrawn", text=by_seq[by].reason)
    for entry in standing[1:]:
        work.take(entry)
    work.out.upto = log[-1].seq
    return work.out


def _begin(packs: Packs, first: Entry, corrections: Mapping[int, list[Entry]]) -> Sieved:
    opened = corrected(first, corrections.get(first.seq, ()))
    return Sieved(opened, [Version(opened.seq, opened.at, read_facts(opened.values), _pack(packs, opened.to))])


def _pack(packs: Packs, text: str) -> Pack:
    pack = packs.get(PackRef.parse(text))
    if pack is None:
        raise LogFault(f"没有规程“{text}”，请先装入该规程。")
    return pack


def step_now(packs: Packs, log: Sequence[Entry], entry: Entry) -> str:
    """The id of an entry's step under the version the case has now."""
    gone = withdrawn_entries(log)
    return _called(_moves(packs, [each for each in log if each.seq not in gone]), entry.step, entry.seq)


def _called(moves: Sequence[tuple[int, Mapping[str, str]]], name: str, seq: int) -> str:
    for moved, names in moves:
        if moved > seq:
            name = names.get(name, name)
    return name


def _moves(packs: Packs, standing: Sequence[Entry]) -> list[tuple[int, Mapping[str, str]]]:
    """Each move of version with its renamed steps."""
    moves: list[tuple[int, Mapping[str, str]]] = []
    for entry in standing:
        if entry.kind is EntryKind.MOVED:
            steps = _pack(packs, entry.to).steps.values()
            renamed = {step.was: step.id for step in steps if step.was}
            renamed.update(entry.values.get("map") or {})
            moves.append((entry.seq, renamed))
    return moves


@dataclass(slots=True)
class _Work:
    packs: Packs
    by_seq: Mapping[int, Entry]
    corrections: Mapping[int, list[Entry]]
    moves: Sequence[tuple[int, Mapping[str, str]]]
    out: Sieved

    def take(self, entry: Entry) -> None:
        if entry.kind not in QUIET:
            self.out.last_act = entry.seq
        if entry.seq in self.corrections and entry.kind is not EntryKind.CORRECT:
            entry = corrected(entry, self.corrections[entry.seq])
        handler = HANDLERS.get(entry.kind)
        if handler is not None:
            handler(self, entry)

    def step(self, name: str, seq: int) -> str:
        """A step's id under the pack the case has now."""
        return _called(self.moves, name, seq)

    def final_pack(self) -> Pack:
        return _pack(self.packs, self.by_seq[self.moves[-1][0]].to) if self.moves else self.out.pack

    def record(self, entry: Entry) -> None:
        pack, name = self.final_pack(), self.step(entry.step, entry.seq)
        step = pack.steps.get(name)
        if step is None:
            self.out.aside[entry.seq] = Reason("step gone")
            return
        again = step.repeat is not None and step.repeat.kind is RepeatKind.ANY_TIME
        key = entry.key or (str(entry.seq) if again else "")
        records = self.out.records.setdefault(name, {})
        if key in records:
            self.drop(name, key, Reason("superseded"))
        self.void_approvals(name, Reason("text changed"))
        numbers = [entry.seq, *(each.seq for each in self.corrections.get(entry.seq, ()))]
        values = read_values(step.form, entry.values)
        records[key] = Standing(entry.seq, name, key, entry.on, entry.at, entry.by, values, numbers, {}, entry.behalf)

    def drop(self, step: str, key: str, why: Reason) -> None:
        record = self.out.records[step].pop(key)
        self.out.aside[record.seq] = why
        self.out.aside.update({sign.seq: why for sign in record.signs.values()})

    def void_approvals(self, step: str, why: Reason) -> list[tuple[str, date]]:
        """One approves a text: approvals of a changed text fall. The steps that lost one, and when it had been given."""
        fallen = []
        for name, records in self.out.records.items():
            if records and step in self.final_pack().steps[name].approves:
                fallen.append((name, max(record.on for record in records.values())))
                for key in list(records):
                    self.drop(name, key, why)
        return fallen

    def sign(self, entry: Entry) -> None:
        record = self.out.records.get(self.step(entry.step, entry.seq), {}).get(entry.key)
        if record is not None:
            record.signs[entry.part] = entry

    def correct(self, entry: Entry) -> None:
        root = self.by_seq.get(root_of(entry, self.by_seq))
        if root is None or root.kind is not EntryKind.RECORD:
            return
        name = self.step(root.step, root.seq)
        for record in self.out.records.get(name, {}).values():
            if record.seq == root.seq:
                why = Reason("text changed", text=entry.reason)
                self.out.aside.update({sign.seq: why for sign in record.signs.values()})
                record.signs.clear()
                for approval, given_on in self.void_approvals(name, why):
                    self.out.voided.setdefault(approval, []).append(Voided(given_on, entry.at))

    def send_back(self, entry: Entry) -> None:
        """Sets aside the target, the sender and the judgements between; what happened stands unless ticked.

        A signer sends back the record asked to be signed, and nothing else.
        """
        pack = self.final_pack()
        sender, target = self.step(entry.step, entry.seq), self.step(entry.to, entry.seq)
        if sender not in pack.steps or target not in pack.steps:
            return
        redo = {self.step(name, entry.seq) for name in entry.values.get("redo") or ()}
        keys = (entry.key,) if entry.part else entry.values.get("keys")
        undone = [
            step.id for step in between(pack, sender, target) if step.judged or step.id in redo or self.broke_off(step)
        ]
        why = Reason("sent back", text=entry.reason)
        for name in (target, sender, *undone):
            for key in list(self.out.records.get(name, {})):
                if name != target or keys is None or key in keys:
                    self.drop(name, key, why)
            for kept in (self.out.exempts, self.out.undone):
                for place in [each for each in kept if each[0] == name]:
                    self.out.aside[kept.pop(place).seq] = why
            for owed in [each for each in self.out.owed if each[0] == name]:
                self.out.aside[self.out.owed.pop(owed).seq] = why
            if name != sender:
                self.out.returned[name] = entry
        self.out.returned[sender] = entry

    def broke_off(self, step: Step) -> bool:
        """It waited for a case that was terminated and came to nothing; another may be opened."""
        records = self.out.records.get(step.id, {}).values() if step.kind is Kind.CASE else ()
        return any(record.values.get("outcome") == TERMINATED for record in records)

    def exempt(self, entry: Entry) -> None:
        self.out.exempts[self.step(entry.step, entry.seq), entry.key] = entry

    def not_done(self, entry: Entry) -> None:
        """Left undone, or, of what may not be left undone and of a signature, only said: that stays owed."""
        name = self.step(entry.step, entry.seq)
        step = self.final_pack().steps.get(name)
        self.out.left.append(replace(entry, step=name))
        if entry.part or (step is not None and step.must):
            self.out.owed[name, entry.key, entry.part] = entry
        else:
            self.out.undone[name, entry.key] = entry

    def prolong(self, entry: Entry) -> None:
        self.out.prolongs.setdefault((self.step(entry.step, entry.seq), entry.key), []).append(entry)

    def hold(self, entry: Entry) -> None:
        if self.out.running_hold is None:
            self.out.holds.append(Hold(entry.seq, entry.on, entry.at, str(entry.values.get("ground", ""))))

    def resume(self, entry: Entry) -> None:
        hold = self.out.running_hold
        if hold is not None:
            hold.resumed_on, hold.resumed_seq, hold.resumed_at = max(entry.on, hold.on), entry.seq, entry.at

    def change(self, entry: Entry, facts: Mapping[str, Any]) -> None:
        last = self.out.versions[-1]
        self.out.versions.append(Version(entry.seq, entry.at, {**last.facts, **read_facts(facts)}, last.pack))

    def facts(self, entry: Entry) -> None:
        self.change(entry, entry.values)

    def moved(self, entry: Entry) -> None:
        last = self.out.versions[-1]
        self.out.versions.append(Version(entry.seq, entry.at, last.facts, _pack(self.packs, entry.to)))
        self.out.waived = self.out.waived | frozenset(entry.values.get("waived") or ())

    def transfer(self, entry: Entry) -> None:
        self.out.transfer = entry

    def accept(self, entry: Entry) -> None:
        """The other office has the case, with the places that follow from where it stands."""
        if self.out.transfer is not None:
            self.change(entry, {**entry.values, "organ.case": self.out.transfer.to})
            self.out.transfer = None

    def replaced(self, entry: Entry) -> None:
        """Somebody else bears a role from a day on: what was done and when stays; a changed text loses its signatures and approvals."""
        name = self.step(entry.step, entry.seq)
        record = self.out.records.get(name, {}).get(entry.key)
        if record is None:
            return
        record.values = {**record.values, **read_values(self.final_pack().steps[name].form, entry.values)}
        record.entries.append(entry.seq)
        why = Reason("text changed", text=entry.reason)
        self.out.aside.update({sign.seq: why for sign in record.signs.values()})
        record.signs.clear()
        self.void_approvals(name, why)

    def ended(self, entry: Entry) -> None:
        self.out.ended, self.out.confirmed = entry, None

    def confirmed(self, entry: Entry) -> None:
        self.out.confirmed = entry

    def reopened(self, entry: Entry) -> None:
        self.out.reopened, self.out.ended, self.out.terminated = entry, None, None

    def terminated(self, entry: Entry) -> None:
        self.out.terminated = entry

    def chained(self, entry: Entry) -> None:
        """Another case was opened: a step that opens one bears its number."""
        self.out.answered.add((entry.target, entry.to))
        case = entry.values.get("case")
        for records in self.out.records.values() if case is not None else ():
            for record in records.values():
                if record.seq == entry.target:
                    record.values = {**record.values, "case": str(case)}


HANDLERS = {
    EntryKind.RECORD: _Work.record,
    EntryKind.SIGN: _Work.sign,
    EntryKind.CORRECT: _Work.correct,
    EntryKind.RETURN: _Work.send_back,
    EntryKind.EXEMPT: _Work.exempt,
    EntryKind.NOT_DONE: _Work.not_done,
    EntryKind.PROLONG: _Work.prolong,
    EntryKind.HOLD: _Work.hold,
    EntryKind.RESUME: _Work.resume,
    EntryKind.FACTS: _Work.facts,
    EntryKind.MOVED: _Work.moved,
    EntryKind.TRANSFER: _Work.transfer,
    EntryKind.ACCEPT: _Work.accept,
    EntryKind.ENDED: _Work.ended,
    EntryKind.CONFIRMED: _Work.confirmed,
    EntryKind.REOPENED: _Work.reopened,
    EntryKind.TERMINATED: _Work.terminated,
    EntryKind.CHAINED: _Work.chained,
    EntryKind.REPLACED: _Work.replaced,
}
