"""Questions about votes. What lies in the box is told by `ballots` alone, and asked for only when a vote is closed."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest

from youwei.cases.logs import packs
from youwei.cases.models import Case
from youwei.engine.tally import BLANK, Ballot, Tally, tally
from youwei.journal.queries import records
from youwei.journal.sealing import unseal
from youwei.rulebook.packs import PackRef, Step
from youwei.voting.codes import digest, read_code
from youwei.voting.models import Box, Code, Reading, Vote

BALLOTS, USED, READ = "vote.ballots", "vote.used", "vote.read"
"""Places of seals."""
KEPT = ("voting_box", "voting_code", "voting_reading")
"""The tables that are written anew when a vote ends."""


def step_of(vote: Vote) -> Step:
    """The step with the items and rules the vote was opened with, whatever version the case has moved to since."""
    return packs()[PackRef(vote.case.procedure, vote.version)].steps[vote.step]


def latest(case: Case, step: str, key: str) -> Vote | None:
    """The last vote that was opened on a step."""
    return Vote.objects.filter(case=case, step=step, key=key).order_by("-pk").first()


def running(case: Case, step: str, key: str) -> Vote | None:
    """The vote that is going on on a step."""
    return Vote.objects.filter(case=case, step=step, key=key, state=Vote.State.OPEN).first()


def electors(vote: Vote) -> list[str]:
    """Who may vote, as fixed when it was opened."""
    return [str(name) for name in records("vote", vote.pk)[0].content["electors"]]


def vote_of(text: str) -> tuple[Vote, str] | None:
    """The vote that a code lets in to, and the code in its one spelling; nothing for any other text."""
    code = read_code(text)
    if code is None:
        return None
    rows = Code.objects.select_related("vote__case__person", "vote__case__subject_organ")
    found = rows.filter(digest=digest(code)).first()
    return (found.vote, code) if found is not None else None


def has_voted(vote: Vote, code: str) -> bool:
    return digest(code) in used(vote.box)


def used(box: Box) -> list[str]:
    found: list[str] = json.loads(unseal(bytes(box.used), place=USED))
    return found


def content(box: Box) -> tuple[list[Ballot], list[str]]:
    """The ballots and the remarks, each sorted by itself: no remark stands beside the marks it came with."""
    found = json.loads(unseal(bytes(box.ballots), place=BALLOTS))
    return found["ballots"], found["remarks"]


def turnout(vote: Vote) -> str:
    """How many have voted with a code, told in steps of the least number: nobody sees a single person come."""
    done, total = len(used(vote.box)), vote.by_code
    if done == total:
        return f"凭码投票的{total}人都已投完"
    voters = step_of(vote).voters
    least = voters.at_least if voters is not None else total
    told = done - done % least
    return (
        f"已投不少于{told}人（应投{total}人，每满{least}人更新一次）"
        if told
        else f"投票的还不到{least}人（应投{total}人）"
    )


def recount(vote: Vote) -> Tally:
    """Count the ballots of a closed vote once more."""
    return tally(step_of(vote), content(vote.box)[0])


@dataclass(frozen=True, slots=True)
class Read:
    """What one officer has read from the paper ballots."""

    account: int
    by: str
    ballots: list[Ballot]
    remarks: list[str]


@dataclass(frozen=True, slots=True)
class Difference:
    """One mark on which two readings differ: the number on the ballot, the item, what each has read."""

    number: int
    item: str
    title: str
    first: str
    second: str

    @property
    def name(self) -> str:
        return f"d{self.number}-{self.item}"


def readings(vote: Vote) -> list[Read]:
    """The readings of the paper ballots there are, the first one first."""
    found = []
    for row in Reading.objects.filter(vote=vote).order_by("pk"):
        said = json.loads(unseal(bytes(row.sealed), place=READ))
        found.append(Read(row.account_id, row.by, said["ballots"], said["remarks"]))
    return found


def differences(step: Step, read: Sequence[Read]) -> list[Difference]:
    """Where two readings of the same number of ballots differ."""
    if len(read) < 2:
        return []
    pairs = zip_longest(read[0].ballots, read[1].ballots, fillvalue=dict[str, str]())
    return [
        Difference(number, item.id, item.title, one.get(item.id, BLANK), other.get(item.id, BLANK))
        for number, (one, other) in enumerate(pairs, 1)
        for item in step.items
        if one.get(item.id, BLANK) != other.get(item.id, BLANK)
    ]


def paper_fault(vote: Vote, read: Sequence[Read]) -> str:
    """Why the paper ballots cannot be counted yet; empty when they can."""
    if not vote.on_paper:
        return ""
    if len(read) < 2:
        return f"纸质票要由两名工作人员各录一遍，现在录了{len(read)}遍。"
    if len(read[0].ballots) != len(read[1].ballots):
        return f"两遍录入的张数不同（{len(read[0].ballots)}张、{len(read[1].ballots)}张），请数清后重录。"
    if differences(step_of(vote), read):
        return "两遍录入的还有不同，请对照原票核定。"
    return ""
