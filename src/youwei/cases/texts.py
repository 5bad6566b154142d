"""What is signed or approved: the recorded texts, as people read them, and for whom they are not to judge."""

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, datetime

from youwei.cases.queries import View
from youwei.cases.telling import TO_NOBODY, Open, readable, told
from youwei.engine.heeding import Heeded, heeded
from youwei.engine.types import Fault, Item, Standing
from youwei.rulebook.pack_types import Kind, Step

OWN = Fault(
    "", "这里的内容是签署人自己记录的。", "会签请由另一人办理；那个人没有账号的，请录入其纸面签署。", "own text"
)
OWN_APPROVED = Fault("", "要审批的内容是您自己记录的。", "请由另一人审批；代理别人的岗位时也一样。", "own text")
TWICE = Fault("", "签署人已经代表另一个角色签署过。", "会签请由不同的人办理。", "twice")


@dataclass(frozen=True, slots=True)
class Text:
    """One standing record: its step, day, who wrote it for whom from which paper, and every field that says something."""

    seq: int
    step: str
    title: str
    on: date
    at: datetime
    by: str
    behalf: str
    paper: str
    fields: tuple[tuple[str, str], ...]


def judged_steps(step: Step) -> tuple[str, ...]:
    """The steps whose text a signature or an approval in this step is about: itself, or what it approves."""
    return step.approves if step.kind is Kind.APPROVAL else (step.id,)


def judged(view: View, item: Item, open_to: Open = TO_NOBODY) -> tuple[Text, ...]:
    """The texts that are to be signed or approved with an item, as they stand, in the order of the pack."""
    step = view.pack.steps[item.step]
    if step.kind is Kind.APPROVAL:
        found = [record for name in judged_steps(step) for record in view.standing.get(name, {}).values()]
    else:
        found = [record for key, record in view.standing.get(step.id, {}).items() if key == item.key]
    return tuple(_text(view, record, open_to) for record in found)


def to_heed(view: View, steps: Iterable[str]) -> list[Heeded]:
    """The words to be looked at in the standing records of these steps."""
    return [
        each
        for name in steps
        for record in view.standing.get(name, {}).values()
        for each in heeded(view.pack, view.pack.steps[name], record.values)
    ]


def _text(view: View, record: Standing, open_to: Open) -> Text:
    step = view.pack.steps[record.step]
    first, last = view.records[record.seq - 1], view.records[max(record.entries) - 1]
    fields = ((field.title, told(field, record.values.get(name))) for name, field in readable(step, open_to))
    return Text(
        seq=record.seq, step=step.id, title=step.title, on=record.on, at=last.at, by=last.by, behalf=first.behalf,
        paper=str(first.content.get("paper", "")), fields=tuple((title, text) for title, text in fields if text),
    )  # fmt: skip


def own_faults(
    step: Step, key: str, standing: Mapping[str, Mapping[str, Standing]], own: AbstractSet[int]
) -> list[Fault]:
    """Why somebody may not sign or approve a text: part of it is among the entries `own` that this account has made, or a signature under it is."""
    if step.kind is Kind.APPROVAL:
        texts = (text for name in step.approves for text in standing.get(name, {}).values())
        return [OWN_APPROVED] if any(not own.isdisjoint(text.entries) for text in texts) else []
    record = standing.get(step.id, {}).get(key)
    if record is None:
        return []
    found = [] if own.isdisjoint(record.entries) else [OWN]
    return found + ([] if own.isdisjoint(sign.seq for sign in record.signs.values()) else [TWICE])
