"""Signatures and approvals with what belongs to them: given on paper and entered with their scan, and many given at once."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from django.db import transaction

from youwei.cases import commands as cases
from youwei.cases.logs import pack_of
from youwei.cases.many import Result
from youwei.cases.models import Case
from youwei.documents import commands as documents
from youwei.documents.commands import checked_scans
from youwei.documents.issuing import Refused
from youwei.engine.types import EntryKind, Fault
from youwei.journal.actors import Actor
from youwei.organs.models import Account

__all__ = ["Given", "Refused", "Result", "give_many", "give_on_paper"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """One signature or approval, or a text sent back instead.

    `by` is who gives it, or who enters it where it was given on paper. `kind` is SIGN with the `part` of the role, RECORD for an
    approval, or RETURN `to` a step. `seen` is the last entry of the log that was shown with the text.
    """

    case: Case
    by: Actor
    kind: EntryKind
    step: str
    key: str = ""
    part: str = ""
    to: str = ""
    values: dict[str, Any] = field(default_factory=dict)
    reason: str = ""
    seen: int = 0


@transaction.atomic
def give_on_paper(
    *, given: Given, signer: str, paper: str, scans: Sequence[tuple[str, bytes]], account: Account, on: date, at: datetime,
    today: date, token: str | None = None,
) -> int:  # fmt: skip
    """Enter what `signer` has signed, approved or sent back by hand on `paper`, on the day `on`, with its scans. Returns the entry's number.

    Raises Refused without a scan, and Rejected as `cases.commands.act` does: where the pack forbids it, where the text has changed.
    """
    checked_scans(scans)
    said: dict[str, Any] = {"behalf": signer, "paper": paper, "files": scans}
    return _give(given, account=account, on=on, at=at, today=today, token=token, **said)


def give_many(
    *, given: Sequence[Given], token: str, account: Account, on: date, at: datetime, today: date
) -> list[Result]:
    """Sign, approve or send back many texts, each an act of its own. Returns a result for each, in the order given.

    What can stand stands; what cannot is refused with its reason and leaves the others alone. `token` names the act as a whole: sent
    again, what stands is not done twice and what was refused is tried again.
    """
    return [_result(each, _token_of(token, each), account=account, on=on, at=at, today=today) for each in given]


def _token_of(token: str, each: Given) -> str:
    return sha256(repr((token, each.case.pk, each.step, each.key, each.part)).encode()).hexdigest()


def _result(each: Given, token: str, **common: Any) -> Result:
    try:
        with transaction.atomic():
            return Result(each.case.pk, _give(each, token=token, **common))
    except cases.Rejected as rejected:
        return Result(each.case.pk, faults=rejected.faults)
    except cases.StaleForm as stale:
        fault = Fault("", f"{stale.theirs.by}已在您之前办理了这一环节。", "请打开这件事项查看。", "stale")
        return Result(each.case.pk, faults=(fault,))
    except Refused as refused:
        return Result(each.case.pk, faults=(Fault("", f"{refused}。", "", "paper"),))


def _give(
    given: Given, *, account: Account, on: date, at: datetime, today: date, token: str | None,
    behalf: str = "", paper: str = "", files: Sequence[tuple[str, bytes]] = (),
) -> int:  # fmt: skip
    common: dict[str, Any] = {
        "case": given.case, "by": given.by, "on": on, "at": at, "today": today, "seen": given.seen, "token": token, "values": given.values,
        "behalf": behalf, "paper": paper,
    }  # fmt: skip
    if given.kind is EntryKind.RECORD:
        step = pack_of(given.case).steps[given.step]
        return documents.record(step=step, key=given.key, account=account, files=files, **common)
    place: dict[str, Any] = {"step": given.step, "key": given.key}
    seq = cases.act(kind=given.kind, part=given.part, to=given.to, reason=given.reason, **place, **common)
    documents.keep_with(case=given.case, entry_seq=seq, files=files, by=given.by, at=at, **place)
    return seq
