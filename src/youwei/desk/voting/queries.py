"""What the pages of a vote show."""

from dataclasses import dataclass
from typing import Any

import segno
from django.urls import reverse

from youwei.cases.models import Case
from youwei.cases.queries import View
from youwei.cases.voted import by_vote
from youwei.desk.cases import acting
from youwei.engine.tally import rules, sheet
from youwei.engine.types import Act, Item
from youwei.organs.policy import Reader
from youwei.rulebook.pack_kinds import SIGNED
from youwei.rulebook.packs import Step
from youwei.voting import queries as votes
from youwei.voting.models import Code, Vote
from youwei.voting.proof import agrees


@dataclass(frozen=True, slots=True)
class Here:
    """A step that is done by a vote, where the reader may hold it now."""

    view: View
    step: Step
    item: Item
    vote: Vote | None

    @property
    def running(self) -> bool:
        return self.vote is not None and self.vote.state == Vote.State.OPEN


@dataclass(frozen=True, slots=True)
class Slip:
    """One code on paper: as letters, and as a picture that a phone or a scanner reads."""

    code: str
    picture: str


def here(who: Reader, view: View, step: str, key: str) -> Here | None:
    """The step asked for, where the reader may record it and its vote is still to be held or going on."""
    found, item = view.pack.steps.get(step), acting.item_of(view, step, key)
    if found is None or item is None or not by_vote(found) or not acting.may_record(who, view.case, view.pack, item):
        return None
    vote = votes.latest(view.case, step, item.key)
    going_on = vote is not None and vote.state == Vote.State.OPEN
    return Here(view, found, item, vote) if going_on or Act.RECORD in item.may else None


def whom(case: Case) -> str:
    return case.person.name if case.person is not None else case.subject_organ.name


def page(found: Here) -> dict[str, Any]:
    """A vote to be opened, or going on. A fixed number of queries."""
    case, vote, step = found.view.case, found.vote, found.step
    shown: dict[str, Any] = {
        "case": case, "step": step, "item": found.item, "vote": vote, "voters": step.voters, "whom": whom(case),
        "rules": rules(step.voters) if step.voters else [], "back": reverse("case", args=[case.pk]),
        "short": vote is not None and vote.state == Vote.State.SHORT,
        "withdrawn": vote is not None and vote.state == Vote.State.WITHDRAWN,
    }  # fmt: skip
    if vote is None or not found.running:
        return shown
    read = votes.readings(vote)
    return shown | {
        "electors": votes.electors(vote),
        "turnout": votes.turnout(vote) if vote.by_code else "",
        "slips": Code.objects.filter(vote=vote).exists(),
        "read": read,
        "differences": votes.differences(step, read),
        "paper_fault": votes.paper_fault(vote, read),
    }


def slips(codes: list[str], address: str) -> list[Slip]:
    """The codes with their pictures. The code stands behind a #, which no browser sends: no log of a server or of a machine between has it."""
    return [Slip(code, segno.make(f"{address}#{code}", error="m", micro=False).svg_data_uri(scale=3)) for code in codes]


def tally_page(view: View, step: Step, item: Item) -> dict[str, Any] | None:
    """The table of a finished appraisal, and whether counting the ballots again gives the same; nothing where none is recorded."""
    record = view.standing.get(step.id, {}).get(item.key)
    if record is None:
        return None
    said = record.values
    head, *rows = sheet(step, said)
    signed = said.get("manner") == SIGNED
    vote = votes.latest(view.case, step.id, item.key)
    counted = None if signed or vote is None or vote.entry_seq != record.seq else agrees(vote, said)
    opinions = [
        (row.get("member", ""), [row.get(each.id, "") for each in step.items], row.get("view", ""))
        for row in said.get("opinions") or ()
    ]
    return {
        "case": view.case, "step": step, "item": item, "whom": whom(view.case), "record": record, "said": said, "signed": signed,
        "head": head, "rows": rows, "remarks": [row["text"] for row in said.get("remarks") or ()], "opinions": opinions,
        "counted": counted, "rules": rules(step.voters) if step.voters else [],
    }  # fmt: skip
