"""Which kinds of entries may come after the end of a case, need a reason, or are never corrected."""

from youwei.engine.types import EntryKind

ALWAYS = frozenset(
    {EntryKind.NOTE, EntryKind.FACTS, EntryKind.RECUSE, EntryKind.JOINED, EntryKind.LEFT, EntryKind.ACCEPT}
)
AFTER_END = ALWAYS | {
    EntryKind.CHAINED,
    EntryKind.CORRECT,
    EntryKind.REOPENED,
    EntryKind.CONFIRMED,
    EntryKind.ENDED,
    EntryKind.WITHDRAW,
}
NOT_CORRECTED = frozenset(
    {EntryKind.WITHDRAW, EntryKind.ENDED, EntryKind.RETURN, EntryKind.MOVED, EntryKind.CHAINED, EntryKind.REPLACED}
) | {EntryKind.TRANSFER, EntryKind.ACCEPT}
NEED_REASON = frozenset(
    {
        EntryKind.CORRECT,
        EntryKind.WITHDRAW,
        EntryKind.RETURN,
        EntryKind.NOT_DONE,
        EntryKind.REOPENED,
        EntryKind.TERMINATED,
        EntryKind.CONFIRMED,
        EntryKind.NOTE,
        EntryKind.TRANSFER,
        EntryKind.RECUSE,
        EntryKind.REPLACED,
    }
)

WITH_MEMBERS = "members"
"""Of a withdrawal in a batch: it is the act that withdraws the record from the members too. Without it what has landed is not withdrawn."""
