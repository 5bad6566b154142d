"""Votes as their logs say they are, and every counted vote counted again: the box against the record of the step."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from youwei.cases.voted import VOTE
from youwei.engine.tally import sheet, tally, values
from youwei.journal.proof import Table, Told, compare, readable, strays
from youwei.journal.queries import Finding, Record
from youwei.journal.sealing import SealBroken
from youwei.voting.models import Box, Vote
from youwei.voting.queries import content, step_of

VOTES = Table(
    Vote,
    "民主评议",
    {"case_id": "事项", "step": "环节", "key": "序号", "version": "规程版本",
     "state": "状态", "entitled": "应参加人数", "on_paper": "纸质票", "opened_on": "开始日期",
     "ended_on": "结束日期", "entry_seq": "记录"},
)  # fmt: skip
TABLES = (VOTES,)
ENDS = {f"vote.{state}": state for state in (Vote.State.CLOSED, Vote.State.SHORT, Vote.State.WITHDRAWN)}
DIFFERENT = "民主评议{pk}：用票箱里的票重新计算，与记录的票数不符"
NO_BOX = "民主评议{pk}：票箱不在了或打不开，不能复算"


class Prover:
    def take(self, kind: str, logs: Mapping[int, Sequence[Record]]) -> Iterator[Finding]:
        if kind == "case":
            yield from recounted(logs)
        if kind != "vote":
            return
        rows, broken = readable(VOTES, Vote.objects.filter(pk__in=list(logs)))
        yield from broken
        told = [_told(ref, records) for ref, records in logs.items()]
        yield from compare(VOTES, [(row.pk, row) for row in rows], told)

    def close(self) -> Iterable[Finding]:
        yield from strays(VOTES, "pk", "vote")


def _told(ref: int, records: Sequence[Record]) -> Told:
    told = Told(("vote", ref), ref)
    for record in records:
        said = record.content
        if record.kind == "vote.opened":
            kept = {name: said[name] for name in ("step", "key", "version", "entitled", "on_paper")}
            told.say(
                record,
                case_id=said["case"],
                opened_on=record.on,
                ended_on=None,
                state=Vote.State.OPEN,
                entry_seq=None,
                **kept,
            )
        elif record.kind in ENDS:
            told.say(record, state=ENDS[record.kind], ended_on=record.on, entry_seq=said.get("entry_seq"))
    return told


def recounted(logs: Mapping[int, Sequence[Record]]) -> Iterator[Finding]:
    """Every record of these cases that a vote has written, against the ballots it was counted from."""
    written = {
        record.content[VOTE]: (ref, record)
        for ref, records in logs.items()
        for record in records
        if record.content.get(VOTE)
    }
    rows = Vote.objects.filter(pk__in=list(written)).select_related("case", "box") if written else ()
    votes = {row.pk: row for row in rows}
    for pk, (ref, record) in written.items():
        what = _fault(votes.get(pk), record)
        if what:
            yield Finding(
                "case", ref, record.seq, what.format(pk=pk), "voting_box", pk, "ballots", record.by, record.at
            )


def _fault(vote: Vote | None, record: Record) -> str:
    """What is wrong with a counted vote; empty when counting again gives what was recorded."""
    same = agrees(vote, record.content["values"]) if vote is not None else None
    return "" if same else NO_BOX if same is None else DIFFERENT


def agrees(vote: Vote, said: Mapping[str, Any]) -> bool | None:
    """Whether counting the ballots of a closed vote again gives what its record says; None when the box does not open."""
    try:
        (ballots, remarks), step = content(vote.box), step_of(vote)
    except (Box.DoesNotExist, SealBroken, KeyError):  # a row that was altered may name a step there is not
        return None
    again = values(tally(step, ballots), entitled=vote.entitled, remarks=remarks)
    texts = [row["text"] for row in said.get("remarks") or ()]
    numbers = all(int(again[name]) == int(said.get(name) or 0) for name in ("cast", "void", "entitled"))
    return numbers and sorted(texts) == remarks and sheet(step, again) == sheet(step, said)
