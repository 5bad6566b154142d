"""Joint signatures: what the engine, which knows roles and not accounts, cannot judge of them."""

from collections.abc import Collection, Iterator, Sequence

from youwei.cases.texts import OWN, TWICE, judged_steps, own_faults
from youwei.engine.sieve import Packs, sieve
from youwei.engine.types import Entry, EntryKind, Fault, Standing
from youwei.journal.actors import Actor, own_name
from youwei.journal.models import Log
from youwei.rulebook.pack_types import Kind, Pack

CHANGED = Fault("", "您打开页面以后，这里的内容改动过。", "请看过现在的内容再签署。", "changed")


def sign_faults(
    packs: Packs, pack: Pack, log: Log, entries: Sequence[Entry], mine: Entry, by: Actor, seen: int | None
) -> list[Fault]:
    """One signs or approves the text one has seen; one signs not one's own, and once. `seen` is the last entry the form knew.

    Who signed on paper is known by name, everybody else by account.
    """
    step = pack.steps.get(mine.step)
    approves = step is not None and step.kind is Kind.APPROVAL and mine.kind in (EntryKind.RECORD, EntryKind.RETURN)
    if step is None or not (mine.kind is EntryKind.SIGN or mine.part or approves):
        return []
    sieved, about = sieve(packs, entries), judged_steps(step)
    found = [CHANGED] if seen is not None and any(_touching(entries, about, seen)) else []
    record = sieved.records.get(mine.step, {}).get(mine.key)
    if mine.kind is EntryKind.SIGN and mine.behalf:
        return found + (_by_name(entries, record, mine.behalf) if record is not None else [])
    judging = mine.kind is EntryKind.SIGN or (approves and mine.kind is EntryKind.RECORD)
    if not judging or mine.behalf or by.account_id is None:
        return found
    own = set(log.entries.filter(by_id=by.account_id, behalf="").values_list("seq", flat=True))
    return found + own_faults(step, mine.key, sieved.records, own)


def _by_name(entries: Sequence[Entry], record: Standing, signer: str) -> list[Fault]:
    """The same two rules for a signature on paper: nobody signs what was written by or for that same name, and nobody twice."""
    texts = [entries[seq - 1] for seq in record.entries]
    found = [OWN] if any(signer == (each.behalf or own_name(each.by)) for each in texts) else []
    return found + (
        [TWICE] if any(signer == (sign.behalf or own_name(sign.by)) for sign in record.signs.values()) else []
    )


def _touching(entries: Sequence[Entry], about: Collection[str], seen: int) -> Iterator[bool]:
    """Of each later entry, whether it may have changed what is to be signed or approved. Another's signature does not."""
    by_seq = {entry.seq: entry for entry in entries}
    for entry in entries[seen:]:
        source: Entry | None = entry
        while source is not None and not source.step:
            source = by_seq.get(source.target)
        yield entry.kind is not EntryKind.SIGN and source is not None and source.step in about
