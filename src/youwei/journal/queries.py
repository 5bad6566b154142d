"""Reading logs, and proving them: verify, checkpoints, the digest of a whole store."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime
from typing import Any, Protocol

from django.db import connection
from django.db.models import Q
from django.utils import timezone

from youwei.journal.digests import HEADER, SALT_BYTES, content_digest, header_digest, sm3
from youwei.journal.models import Entry, EntryContent, Log
from youwei.journal.sealing import SealBroken, unseal

BATCH = 500
Place = tuple[str, int]
"""Whose log it is: the kind and the number of the thing."""


@dataclass(frozen=True, slots=True)
class Record:
    """An entry with its content opened."""

    log_id: int
    seq: int
    kind: str
    on: date
    at: datetime
    by: str
    by_id: int | None
    behalf: str
    step: str
    key: str
    part: str
    to: str
    target: int
    content: Mapping[str, Any]
    id: int = 0
    digest: str = ""


HEADERS = tuple(field.name for field in fields(Record) if field.name not in ("log_id", "at", "content"))
OPENED = (
    "SELECT l.ref, c.sealed, e.log_id, e.at, "  # noqa: S608 – names of columns only
    + ", ".join(f'e."{name}"' for name in HEADERS)
    + " FROM journal_log l JOIN journal_entry e ON e.log_id = l.id JOIN journal_entrycontent c ON c.entry_id = e.id"
    " WHERE l.kind = %s AND l.ref IN ({}) ORDER BY e.log_id, e.seq"
)


@dataclass(frozen=True, slots=True)
class Finding:
    """Something `verify` found wrong: where, and in plain words what.

    In the log of `ref`, at entry `seq`; of a row that no log knows these are empty. `table`, `row` and `column` name the row of today's state
    that is not as recorded, `by` and `at` say by whom and when it was recorded last.
    """

    kind: str
    ref: int
    seq: int
    what: str
    table: str = ""
    row: int | None = None
    column: str = ""
    by: str = ""
    at: datetime | None = None

    def __str__(self) -> str:
        if not self.kind:
            return self.what
        place = dict(Log.Kind.choices).get(self.kind, self.kind)
        return f"{place}{self.ref} 第{self.seq}条：{self.what}"


class Prover(Protocol):
    """What a room proves: that its rows are as the logs say."""

    def take(self, kind: str, logs: Mapping[int, Sequence[Record]]) -> Iterable[Finding]:
        """Compare the rows of these things, all of one kind, or keep their records for the end."""

    def close(self) -> Iterable[Finding]:
        """Compare what can be compared only once every log was read, and find the rows that none of them knows."""


Tell = Callable[[int, int], None]
"""Told how many logs are read, of how many."""


def open_content(sealed: bytes | memoryview) -> tuple[bytes, bytes]:
    """Salt and canonical plain content."""
    plain = unseal(bytes(sealed), place="entry")
    return plain[:SALT_BYTES], plain[SALT_BYTES:]


def record(entry: Entry) -> Record:
    _, plain = open_content(entry.content.sealed)
    return _record(entry, plain)


def _record(entry: Entry, plain: bytes) -> Record:
    header = {name: getattr(entry, name) for name in HEADERS}
    return Record(log_id=entry.log_id, at=entry.at, content=json.loads(plain), **header)


def records(kind: str, ref: int, *, until: date | None = None) -> list[Record]:
    """The log of one thing, oldest first; with `until`, what had been entered by the end of that day."""
    found = [each for _, each in _opened(kind, [ref])]
    return found if until is None else [each for each in found if timezone.localdate(each.at) <= until]


def _opened(kind: str, refs: Sequence[int]) -> Iterator[tuple[int, Record]]:
    """The records of these things beside the number of each one's thing, a thing's own oldest first.

    Every act reads a log: spelling this one statement out by way of the models takes as long as opening a score of entries.
    """
    if not refs:
        return
    with connection.cursor() as cursor:
        cursor.execute(OPENED.format(", ".join(["%s"] * len(refs))), [kind, *refs])
        rows = cursor.fetchall()
    for ref, sealed, log, at, *header in rows:
        moment = at if at.tzinfo else at.replace(tzinfo=UTC)  # SQLite keeps no zone
        open_header = dict(zip(HEADERS, header, strict=True))
        yield ref, Record(log_id=log, at=moment, content=json.loads(open_content(sealed)[1]), **open_header)


def of_token(token: str) -> Entry | None:
    """The entry a token has made. Said and ordered as the index of tokens has it, or the whole journal is read."""
    return Entry.objects.filter(token=token).exclude(token="").order_by("token").first()


def records_of(kind: str, refs: Iterable[int]) -> dict[int, list[Record]]:
    """The logs of many things with one query."""
    found: dict[int, list[Record]] = {ref: [] for ref in refs}
    for ref, each in _opened(kind, list(found)):
        found[ref].append(each)
    return found


def verify(
    against: Mapping[str, Any] | None = None, *, provers: Sequence[Prover] = (), tell: Tell | None = None
) -> list[Finding]:
    """Walk every log: each digest, each link, each head; with a checkpoint also what it saw and is no longer there.

    The provers compare the rows of today's state with the logs that are whole; a log that is not is told by itself.
    """
    findings: list[Finding] = []
    heads: dict[Place, dict[int, str]] = {}
    wanted = {(head["kind"], head["ref"]): head for head in (against or {}).get("heads", [])}
    done, total = 0, Log.objects.count()
    for batch in _chains():
        whole: dict[str, dict[int, list[Record]]] = {}
        for log, chain in batch:
            broken, records = _check_chain(log, chain)
            findings += broken
            if not broken:
                whole.setdefault(log.kind, {})[log.ref] = records
            if (log.kind, log.ref) in wanted:
                heads[log.kind, log.ref] = {entry.seq: entry.digest for entry, _ in chain}
        for prover in provers:
            for kind, logs in whole.items():
                findings += prover.take(kind, logs)
        done += len(batch)
        if tell:
            tell(done, total)
    for prover in provers:
        findings += prover.close()
    stray = Entry.objects.exclude(log_id__in=Log.objects.values("pk")).count()
    if stray:
        findings.append(Finding("", 0, 0, f"有{stray}条记录不属于任何一份存证：它们的存证被删除"))
    return findings + _missing(against, wanted, heads)


def _missing(
    against: Mapping[str, Any] | None,
    wanted: Mapping[Place, Mapping[str, Any]],
    heads: Mapping[Place, Mapping[int, str]],
) -> list[Finding]:
    """What a checkpoint saw and is no longer there."""
    findings: list[Finding] = []
    for (kind, ref), head in wanted.items():
        seen = heads.get((kind, ref))
        if seen is None:
            findings.append(Finding(kind, ref, 0, "存证点中有，库里没有：整份记录被删除"))
        elif seen.get(head["seq"]) != head["digest"]:
            what = "存证点之后的末尾被截去" if head["seq"] not in seen else "与存证点不符：记录被整段重写"
            findings.append(Finding(kind, ref, head["seq"], what))
    if against is not None and sm3(_heads_text(against.get("heads", []))) != against.get("digest"):
        findings.append(Finding("organ", 0, 0, "存证点文件本身被改动"))
    return findings


Chain = list[tuple[Entry, bytes | None]]


def _chains() -> Iterator[list[tuple[Log, Chain]]]:
    last = 0
    while logs := list(Log.objects.filter(pk__gt=last).order_by("pk")[:BATCH]):
        last = logs[-1].pk
        entries: dict[int, Chain] = {log.pk: [] for log in logs}
        rows = Entry.objects.filter(log_id__gte=logs[0].pk, log_id__lte=last).order_by("log_id", "seq")
        contents = dict(
            EntryContent.objects.filter(entry__log_id__gte=logs[0].pk, entry__log_id__lte=last).values_list(
                "entry_id", "sealed"
            )
        )
        for entry in rows:
            sealed = contents.get(entry.pk)
            if entry.log_id in entries:
                entries[entry.log_id].append((entry, bytes(sealed) if sealed is not None else None))
        yield [(log, entries[log.pk]) for log in logs]


def _check_chain(log: Log, chain: Chain) -> tuple[list[Finding], list[Record]]:
    """What is wrong with a log, and its records as far as they can be read."""
    findings, records, prev = [], [], ""
    for place, (entry, sealed) in enumerate(chain, start=1):
        what, plain = _check_entry(log, entry, sealed, place, prev)
        if what:
            findings.append(Finding(log.kind, log.ref, entry.seq, what))
        else:
            records.append(_record(entry, plain))
        prev = entry.digest
    if (log.head_seq, log.head_digest) != (len(chain), prev):
        findings.append(Finding(log.kind, log.ref, log.head_seq, "末尾的记录不见了，或登记的末条与实际不符"))
    return findings, records


def _check_entry(log: Log, entry: Entry, sealed: bytes | None, place: int, prev: str) -> tuple[str, bytes]:
    if entry.seq != place:
        return "中间缺了记录", b""
    if entry.prev != prev:
        return "与前一条接不上", b""
    if header_digest(log.kind, log.ref, {name: getattr(entry, name) for name in HEADER}) != entry.digest:
        return "记录的时间、人员或环节被改动", b""
    if sealed is None:
        return "内容不见了", b""
    try:
        salt, plain = open_content(sealed)
    except SealBroken:
        return "内容被改动，封印打不开", b""
    return "" if content_digest(salt, plain) == entry.content_digest else "内容被改动", plain


def checkpoint() -> dict[str, Any]:
    """The heads of all logs and one digest over them; to be printed, signed and kept elsewhere."""
    rows = Log.objects.filter(~Q(head_seq=0)).order_by("kind", "ref")
    heads = [
        {"kind": log.kind, "ref": log.ref, "seq": log.head_seq, "digest": log.head_digest} for log in rows.iterator()
    ]
    return {"format": 1, "heads": heads, "digest": sm3(_heads_text(heads))}


def digest() -> str:
    """One digest of the whole store's logs: the same on the machine a backup was restored to."""
    return str(checkpoint()["digest"])


def _heads_text(heads: Iterable[Mapping[str, Any]]) -> bytes:
    return "\n".join(f"{head['kind']}:{head['ref']}:{head['seq']}:{head['digest']}" for head in heads).encode()
