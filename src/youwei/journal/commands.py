"""Appending: the only way anything enters a log. Callers hold the transaction; an act and its entry are written together or not at all."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction

from youwei.journal.actors import Actor
from youwei.journal.digests import canonical, content_digest, header_digest, new_salt
from youwei.journal.models import Entry, Log
from youwei.journal.queries import Place, of_token
from youwei.journal.sealing import seal
from youwei.journal.stores import for_each, store

CHUNK = 500
BEGIN = "INSERT INTO journal_log (kind, ref, head_seq, head_digest) VALUES (%s, %s, 0, '') ON CONFLICT (kind, ref) DO NOTHING"
"""Two acts may begin one log at the same time; the second finds it."""


class StaleLog(Exception):
    """Somebody else has appended since the page was read."""

    def __init__(self, log: Log) -> None:
        super().__init__("这份记录已有新的内容")
        self.log = log


@dataclass(frozen=True, slots=True)
class Act:
    """One act to be appended. `on` is the day of the act, `at` the moment of entry."""

    log_kind: str
    ref: int
    kind: str
    content: Mapping[str, Any]
    by: Actor
    on: date
    at: datetime
    step: str = ""
    key: str = ""
    part: str = ""
    to: str = ""
    target: int = 0
    behalf: str = ""
    token: str | None = None


def locked(kind: str, ref: int) -> Log:
    """The log of one thing, which nobody else appends to until this transaction ends. Raises Log.DoesNotExist."""
    waits = " FOR UPDATE" if connection.features.has_select_for_update else ""
    statement = f"SELECT id, head_seq, head_digest FROM journal_log WHERE kind = %s AND ref = %s{waits}"  # noqa: S608 – spelt out here
    with connection.cursor() as cursor:
        cursor.execute(statement, [kind, ref])
        row = cursor.fetchone()
    if row is None:
        raise Log.DoesNotExist(f"{kind} {ref}")
    return Log.from_db(
        connection.alias, ("id", "kind", "ref", "head_seq", "head_digest"), (row[0], kind, ref, *row[1:])
    )


def append(act: Act, *, expect_seq: int | None = None) -> Entry:
    """Append one act. With `expect_seq`, raises StaleLog when the log has moved on.

    A token already used returns the entry it made: a double click is one entry.
    """
    with transaction.atomic():
        if act.token:
            used = of_token(act.token)
            if used is not None:
                return used
        Log.objects.get_or_create(kind=act.log_kind, ref=act.ref)
        log = locked(act.log_kind, act.ref)
        if expect_seq is not None and log.head_seq != expect_seq:
            raise StaleLog(log)
        return extend(log, act)


def extend(log: Log, act: Act) -> Entry:
    """Append one act to its log, which the caller has locked in this transaction. The token, if any, is new."""
    entry, sealed = _write(log, act)
    store([entry])
    _complete([(entry, sealed)], [log])
    return entry


def append_many(acts: Iterable[Act]) -> list[Entry]:
    """Append many acts to many logs with a fixed number of statements for every 500; order within a log is kept."""
    acts = list(acts)
    with transaction.atomic():
        logs = _logs({(act.log_kind, act.ref) for act in acts})
        pairs = [_write(logs[act.log_kind, act.ref], act) for act in acts]
        entries = list(store([entry for entry, _ in pairs]))
        _complete(zip(entries, (sealed for _, sealed in pairs), strict=True), logs.values())
        return entries


def _complete(written: Iterable[tuple[Entry, bytes]], logs: Iterable[Log]) -> None:
    """Put the contents beside the entries, and move the heads of their logs."""
    contents = ((entry.pk, sealed) for entry, sealed in written)
    for_each("INSERT INTO journal_entrycontent (entry_id, sealed) VALUES (%s, %s)", contents)
    heads = ((log.head_seq, log.head_digest, log.pk) for log in logs)
    for_each("UPDATE journal_log SET head_seq = %s, head_digest = %s WHERE id = %s", heads)


def _logs(wanted: set[Place]) -> dict[Place, Log]:
    """The logs of these things, locked; those not there yet are begun."""
    found = _locked(wanted)
    if missing := sorted(wanted - set(found)):
        for_each(BEGIN, missing)
        found |= _locked(missing)
    return found


def _locked(wanted: Collection[Place]) -> dict[Place, Log]:
    found: dict[Place, Log] = {}
    for kind in sorted({kind for kind, _ in wanted}):
        refs = sorted(ref for other, ref in wanted if other == kind)
        for start in range(0, len(refs), CHUNK):
            rows = Log.objects.select_for_update().filter(kind=kind, ref__in=refs[start : start + CHUNK])
            found.update({(log.kind, log.ref): log for log in rows})
    return found


def _write(log: Log, act: Act) -> tuple[Entry, bytes]:
    """Build the next entry of `log` in memory, its content sealed, and move the log's head."""
    salt, plain = new_salt(), canonical(act.content)
    header = {
        "seq": log.head_seq + 1, "kind": act.kind, "on": act.on, "at": act.at, "by": act.by.name, "by_id": act.by.account_id,
        "behalf": act.behalf, "step": act.step, "key": act.key, "part": act.part, "to": act.to, "target": act.target,
        "content_digest": content_digest(salt, plain), "prev": log.head_digest,
    }  # fmt: skip
    digest = header_digest(log.kind, log.ref, header)
    entry = Entry(log=log, token=act.token or "", digest=digest, **header)
    log.head_seq, log.head_digest = entry.seq, digest
    return entry, seal(salt + plain, place="entry")
