"""The version a case is under: it follows the moves in its log, and their being taken back."""

from collections.abc import Sequence
from typing import Any

from youwei.cases.logs import packs
from youwei.cases.models import Case, CaseServant
from youwei.engine.sieve import sieve
from youwei.engine.types import Entry, EntryKind


def turns(entries: Sequence[Entry], entry: Entry) -> bool:
    """Whether an entry can put its case under another version: a move, or the taking back of one."""
    about = next((each for each in entries if each.seq == entry.target), None)
    taken_back = (
        entry.kind is EntryKind.WITHDRAW and about is not None and about.kind in (EntryKind.MOVED, EntryKind.WITHDRAW)
    )
    return entry.kind is EntryKind.MOVED or taken_back


def follow(case: Case, entries: Sequence[Entry]) -> dict[str, Any]:
    """Put a case, in the store too, under the version its log now ends in. Returns what of the case the last entry keeps; {} when nothing turns."""
    pack = sieve(packs(), entries).pack
    if not turns(entries[:-1], entries[-1]) or pack.ref.version == case.version:
        return {}
    case.version, case.pack_digest, case.title = pack.ref.version, pack.digest, pack.title
    case.save(update_fields=["version", "pack_digest", "title"])
    named = [role.id for role in pack.roles.values() if role.named_in]
    CaseServant.objects.filter(case=case).exclude(role__in=named).delete()
    return {"case": {"version": case.version, "pack_digest": case.pack_digest, "title": case.title}}
