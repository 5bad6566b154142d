"""Cases and roles that change hands: a case goes to another office once that has accepted it, a named person is replaced from a day on."""

from __future__ import annotations

from youwei.engine.types import Entry, Fault, Plan, Reason, Standing
from youwei.rulebook.days import chinese_date
from youwei.rulebook.pack_types import Pack, Step

OFFERED = "transfer open"


def offered(plan: Plan) -> Reason | None:
    """The handover that waits to be accepted: `text` is the organ it is offered to, `anchor` the day."""
    return next((note for note in plan.notes if note.rule == OFFERED), None)


def named_in(pack: Pack, step: str) -> dict[str, str]:
    """The roles that a step names somebody for, each with the field that holds the name."""
    return {role.id: name.tail for role in pack.roles.values() for name in role.named_in if name.head == step}


def transfer_faults(entry: Entry, plan: Plan) -> list[Fault]:
    if offered(plan) is not None:
        return [Fault("to", "已经移交，对方还没有接收。", "要改交别处的，请先收回。", "offered")]
    if not entry.to.isdigit() or entry.to == plan.facts.get("organ.case"):
        return [Fault("to", "没有写明移交给哪个机关，或者就是现在的承办机关。", "请填写另一个机关。", "to")]
    return []


def accept_faults(plan: Plan) -> list[Fault]:
    if offered(plan) is None:
        return [Fault("", "这件事项没有等待接收，或已经接收、收回。", "请刷新页面。", "not offered")]
    return []


def replacing_faults(pack: Pack, step: Step, record: Standing | None, entry: Entry) -> list[Fault]:
    """What is wrong with putting somebody else into a role: it must be named by a step that is recorded, be another, and not earlier."""
    fields = named_in(pack, step.id)
    if not fields:
        return [Fault("step", f"“{step.title}”没有指定由谁担任的角色。", "请刷新页面。", "not named")]
    if record is None:
        return [Fault("step", f"“{step.title}”还没有办，不用更换。", "请直接办理。", "not recorded")]
    faults = []
    if entry.on < record.on:
        message = f"日期{chinese_date(entry.on)}早于原来指定之日{chinese_date(record.on)}。"
        faults.append(Fault("on", message, "写错了人的，请用更正。", "too early"))
    if all(entry.values.get(field, record.values.get(field)) == record.values.get(field) for field in fields.values()):
        field = next(iter(fields.values()))
        faults.append(Fault(field, f"“{step.form[field].title}”就是现在的人。", "请填写接替的人。", "same"))
    return faults
