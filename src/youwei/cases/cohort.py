"""名单: whom a batch has fixed, as its log says. Everything about members lies in the batch's log; `Member` is its index.

The record of the freeze keeps [person, decision, unit, case] of each beside its values; an entry 纳入 says which case each has become, an
entry 退出 who left and why.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from youwei.cases.models import Case, Member
from youwei.engine.types import Entry, EntryKind, Fault
from youwei.journal.queries import Record
from youwei.rulebook.pack_types import Kind, Pack

COHORT, JOINED, LEFT, ROWS = "cohort", "joined", "left", "rows"
"""Beside the values: the frozen list, [place, case] of those who joined, the place of one who left, what lands on each."""
BATCH = "batch"
ON_ITS_PAGE = Fault("", "这一环节涉及批次的成员，不能这样记录。", "请在批次页面上办理。", "batch")


@dataclass(frozen=True, slots=True)
class Fixed:
    """One of a frozen list, by numbers: the case already there, or the decision for which one is opened.

    `handler` is the organ that is to handle a new case, where it is not the one that decided.
    """

    organ: int
    person: int | None = None
    decision: int | None = None
    case: int | None = None
    handler: int | None = None

    @property
    def key(self) -> str:
        """What tells one from another in a list."""
        return f"c{self.case}" if self.case else f"d{self.decision}"


def is_batch(pack: Pack) -> bool:
    """Whether cases of a pack are batches: about many, each with a case of their own."""
    return BATCH in pack.about


def record_faults(pack: Pack, entry: Entry, beside: Mapping[str, Any] | None) -> list[Fault]:
    """A list is not typed, and what lands on members is not recorded without them."""
    step = pack.steps.get(entry.step)
    if entry.kind is not EntryKind.RECORD or step is None or not is_batch(pack):
        return []
    if (step.kind is Kind.FREEZE and COHORT not in (beside or {})) or (step.lands and ROWS not in (beside or {})):
        return [ON_ITS_PAGE]
    return []


def beside(fixed: Sequence[Fixed]) -> dict[str, Any]:
    """What the record of a freeze keeps beside its values; the handler only where there is one."""
    return {
        COHORT: [
            [each.person, each.decision, each.organ, each.case, *([each.handler] if each.handler else [])]
            for each in fixed
        ]
    }


def told(record: Record) -> dict[str, tuple[str, str, str]]:
    """What an entry of a batch says of its members, in numbers: title, words, and what was said before. Names stand with the people."""
    content = record.content
    if COHORT in content:
        return {"list": ("名单", f"共{len(content[COHORT])}人", "")}
    if JOINED in content:
        return {JOINED: ("人数", f"{len(content[JOINED])}人", "")}
    if ROWS in content:
        out = [why for _, why in content[ROWS] if isinstance(why, str)]
        said = f"登记{len(content[ROWS]) - len(out)}人" + (f"，不记{len(out)}人" if out else "")
        return {ROWS: ("成员", said, "")}
    return {LEFT: ("名单序号", str(content[LEFT]), "")} if LEFT in content else {}


def members_of(batch: int, records: Iterable[Record]) -> list[Member]:
    """The members of a batch as its log says, not yet stored, by their places from 1."""
    found: list[Member] = []
    for each in records:
        content = each.content
        for person, decision, organ, *_ in content.get(COHORT, ()):
            found.append(
                Member(batch_id=batch, place=len(found) + 1, person_id=person, decision_id=decision, organ_id=organ)
            )
        for place, case in content.get(JOINED, ()):
            found[place - 1].case_id = case
        if LEFT in content:
            found[content[LEFT] - 1].left_on = each.on
    return found


def why_left(records: Iterable[Record]) -> dict[int, str]:
    """By place, why those who left a batch did, as its log says."""
    return {each.content[LEFT]: str(each.content.get("reason", "")) for each in records if LEFT in each.content}


def told_members(batch: Case) -> list[dict[str, str]]:
    """Who takes part in a batch, by place, as a paper lists them. One query."""
    rows = Member.objects.filter(batch=batch, left_on=None).select_related("person", "organ").order_by("place")
    return [
        {
            "place": str(row.place),
            "name": row.person.name if row.person else "",
            "unit": row.organ.name,
            "post": row.person.post if row.person else "",
        }
        for row in rows
    ]
