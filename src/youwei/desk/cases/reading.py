"""What of a case a reader reads: the office and those above it everything; who only has a part in it, that part.

A unit, a mentor and an organization department see the steps they hold and what was recorded in them, the letters they are to answer, that the
case was opened and how it ended; not what was said in talks and visits, nor what was judged of the unit there.
"""

from dataclasses import dataclass

from youwei.cases.queries import View, view
from youwei.documents.models import Attachment, Paper
from youwei.engine.types import EntryKind, Status
from youwei.organs.policy import Reader, may
from youwei.rulebook.packs import Kind, Pack

FOR_ALL = frozenset({EntryKind.OPENED, EntryKind.ENDED})
LETTERS = frozenset({Kind.LETTER, Kind.NOTICE})


@dataclass(frozen=True, slots=True)
class Reading:
    """What of one case one reader reads: the whole of it, or some steps, and the entries whose content is shown."""

    whole: bool
    steps: frozenset[str]
    entries: frozenset[int]

    def shows(self, step: str) -> bool:
        """Whether a step is shown: its form, its dates, why it is open."""
        return self.whole or step in self.steps


def reading(who: Reader, shown: View) -> Reading:
    if may(who, "case.read", shown.case):
        return Reading(True, frozenset(shown.pack.steps), frozenset(record.seq for record in shown.records))
    own, steps, found = _own_steps(who, shown.pack), dict[int, str](), set[int]()
    read = own | _letters_to(shown, own)
    for record in shown.records:
        steps[record.seq] = record.step or steps.get(record.target, "")
        mine = record.by_id is not None and record.by_id == who.account.pk
        if mine or steps[record.seq] in read or record.kind in FOR_ALL:
            found.add(record.seq)
    return Reading(False, own, frozenset(found))


def _own_steps(who: Reader, pack: Pack) -> frozenset[str]:
    """The steps that fall to a role of the pack held by a kind of account the reader has, or are signed for it."""
    roles = {role.id for role in pack.roles.values() if role.held_by in who.roles()}
    return frozenset(step.id for step in pack.steps.values() if step.by in roles or roles & set(step.signs))


def _letters_to(shown: View, own: frozenset[str]) -> frozenset[str]:
    """The letters and notices that stand beside steps of one's own: once sent they are read, with their papers, by whoever is to answer them."""
    asked = {item.step for item in shown.plan.items if item.step in own and item.status is not Status.SKIPPED}
    beside = {name.head for step in asked for name in shown.pack.steps[step].shows}
    sent = {item.step for item in shown.plan.items if item.status is Status.DONE}
    return frozenset(name for name in beside & sent if shown.pack.steps[name].kind in LETTERS)


def may_take(who: Reader, file: Paper | Attachment) -> bool:
    """Whether a paper or a file may be downloaded: with the record it belongs to."""
    return bool(may(who, "case.read", file.case)) or file.entry_seq in reading(who, view(file.case, who.on)).entries
