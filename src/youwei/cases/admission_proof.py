"""Who is let in to sealed cases, and who is asked for, as the logs of the cases say: each entry keeps what it does to the two tables."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.db.models import Q

from youwei.cases.models import Admission, AdmissionRequest
from youwei.journal.proof import Table, Told, compare, readable
from youwei.journal.queries import Finding, Record

ADMITTED = Table(
    Admission, "知情范围", {"case_id": "事项", "account_id": "账号", "role": "岗位", "organ_id": "机关"},
)  # fmt: skip
ASKED = Table(
    AdmissionRequest, "提请准入",
    {"case_id": "事项", "account_id": "账号", "role": "岗位", "organ_id": "机关", "entry_seq": "记录"},
)  # fmt: skip
KEPT = "admission"
IN, OUT, ASK, REFUSE = "in", "out", "asked", "refused"


def told(does: str, account: int, role: str, organ: int) -> dict[str, Any]:
    """What an entry keeps of an admission beside its words."""
    return {KEPT: {"does": does, "account": account, "role": role, "organ": organ}}


def carry_out(case: int, kept: Mapping[str, Any], seq: int = 0) -> None:
    """Do to the two tables what an entry of this content says. Whoever is let in or refused is asked for no more."""
    does, who = _whom(case, kept)
    if does != OUT:
        AdmissionRequest.objects.filter(case=case).delete()
    if does == IN:
        Admission.objects.get_or_create(**who)
    elif does == OUT:
        Admission.objects.filter(**who).delete()
    elif does == ASK:
        AdmissionRequest.objects.create(**who, entry_seq=seq)


def _whom(case: int, kept: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    found = kept[KEPT]
    return found["does"], {
        "case_id": case, "account_id": found["account"], "role": found["role"], "organ_id": found["organ"]
    }  # fmt: skip


def take(logs: Mapping[int, Sequence[Record]]) -> Iterator[Finding]:
    """What of these cases is not as their logs say. A case begun before entries kept it is not compared."""
    keeping = {ref: records for ref, records in logs.items() if records and KEPT in records[0].content}
    admitted: dict[tuple[Any, ...], Told] = {}
    asked: dict[tuple[Any, ...], Told] = {}
    for ref, records in keeping.items():
        for record in records:
            if KEPT in record.content:
                _say(admitted, asked, ref, record)
    for table, key, found in ((ADMITTED, _key, admitted), (ASKED, _case, asked)):
        silent = Q(case__sealed=True) & ~Q(case__in=list(keeping))
        among = table.model._base_manager.filter(case__in=list(logs)).exclude(silent)
        rows, broken = readable(table, among.order_by("pk"))
        yield from broken
        yield from compare(table, [(key(row), row) for row in rows], found.values())


def _say(admitted: dict[tuple[Any, ...], Told], asked: dict[tuple[Any, ...], Told], ref: int, record: Record) -> None:
    does, who = _whom(ref, record.content)
    key = tuple(who.values())
    if does == OUT:
        admitted.pop(key, None)
        return
    asked.pop((ref,), None)
    if does == IN:
        admitted[key] = row = Told(("case", ref), key)
        row.say(record, **who)
    elif does == ASK:
        asked[ref,] = row = Told(("case", ref), (ref,))
        row.say(record, **who, entry_seq=record.seq)


def _key(row: Any) -> tuple[Any, ...]:
    return (row.case_id, row.account_id, str(row.role), row.organ_id)


def _case(row: Any) -> tuple[Any, ...]:
    return (row.case_id,)
