"""Secret votes of the demonstration city: of the appraisals that wait in it, one is being voted on and one has been counted.

Nothing here names a procedure. Who voted how is nowhere, here neither: the ballots are the same few each time, dropped with whatever slips come.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from youwei.cases.logs import pack_of
from youwei.cases.models import OpenStep
from youwei.config.demo.by_hand import AREA
from youwei.config.demo.ledger import ACCOUNTS, moment
from youwei.config.demo.places import MENTORED, Places
from youwei.rulebook.packs import Kind
from youwei.voting import commands, queries
from youwei.voting.models import Vote

ELECTORS = ("施正言", "方知新", "邱若谷", "闻立群", "沙明远", "俞安和")
GRADES = ((0, 0, 1, 0, 0), (0, 1, 1, 0, 1), (1, 0, 0, 0, 1), (0, 0, 0, 1, 2))
"""Of each ballot, which of the grades of an item it marks, one item after the other; begun again where there are more."""
CLERK = ACCOUNTS[AREA]
REMARK = "工作比以前细，愿意到现场"
VOTED_YET = 3
"""So many have voted in the one that goes on."""


def hold_votes(places: Places, *, today: date) -> list[Vote]:
    """One that is counted; and one that goes on, where the unit has an account."""
    waiting = (
        OpenStep.objects.filter(kind=str(Kind.APPRAISAL), part="", scheduled=False, case__organ=places.office(AREA))
        .select_related("case__person", "case__subject_organ", "case__organ")
        .order_by("case__opened_on", "case")
    )
    found = [row for row in waiting if pack_of(row.case).steps[row.step].voters is not None]
    found.sort(key=lambda row: row.case.subject_organ.name == MENTORED)
    chosen = [(found[0], GRADES), (found[-1], GRADES[:VOTED_YET])] if len(found) > 1 else []
    return [_vote(row, places, today, ballots) for row, ballots in chosen]


def _vote(row: OpenStep, places: Places, today: date, ballots: Sequence[Sequence[int]]) -> Vote:
    """Opened by the clerk for the unit; closed once more than three have voted."""
    case, step = row.case, pack_of(row.case).steps[row.step]
    stamp: dict[str, Any] = {"by": places.actor(CLERK), "on": today, "at": moment(today, 16)}
    electors = [name for name in ELECTORS if case.person is None or name != case.person.name]
    vote = commands.open_vote(case=case, step=step, key=row.key, electors=electors, on_paper=0, **stamp)
    for number, (code, marks) in enumerate(zip(commands.make_slips(vote=vote, **stamp), ballots, strict=False)):
        found = queries.vote_of(code)
        marked = {
            item.id: step.options[marks[at % len(marks)] % len(step.options)] for at, item in enumerate(step.items)
        }
        if found is not None:
            commands.cast(vote=vote, code=found[1], marks=marked, remark="" if number else REMARK)
    if len(ballots) > VOTED_YET:
        unit = case.subject_organ.name
        commands.close(vote=vote, account=places.accounts[CLERK], today=today, behalf=unit, **stamp)
    return vote
