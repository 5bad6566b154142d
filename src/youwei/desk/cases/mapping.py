"""A case on the map of its procedure."""

from django.urls import reverse

from youwei.cases.queries import View
from youwei.engine.types import Item, Status
from youwei.rulebook.packs import Step
from youwei.ui.drawings.procedure_map import Box, Edge, ProcedureMap, Stage
from youwei.ui.words import cn_date

STATES = {
    Status.DONE: "done",
    Status.OPEN: "now",
    Status.SCHEDULED: "next",
    Status.WAITING: "next",
    Status.SKIPPED: "skip",
    Status.EXEMPTED: "skip",
    Status.UNDONE: "skip",
    Status.CLOSED: "skip",
}
NOTES = {
    Status.EXEMPTED: "免办",
    Status.UNDONE: "未办",
    Status.SKIPPED: "不适用",
    Status.CLOSED: "不再办理",
    Status.WAITING: "未到",
}


def procedure_map(view: View, current: Item | None) -> ProcedureMap:
    """Stages as columns, steps as boxes, with done, open and what lies ahead."""
    items = {name: [item for item in view.plan.items if item.step == name] for name in view.pack.steps}
    boxes = [_box(view, step, items[name], current) for name, step in view.pack.steps.items()]
    return ProcedureMap(_stages(view, boxes), boxes, _edges(view), f"{view.pack.title}程序图")


def _box(view: View, step: Step, items: list[Item], current: Item | None) -> Box:
    state, note = _state(items), _note(step, items)
    if not items and view.plan.outcome is None and not all(_settled(view, before) for before in step.after):
        state, note = "next", NOTES[Status.WAITING]
    if state == "now" and all(item.optional for item in items if STATES[item.status] == "now"):  # nothing is owed
        state = "done" if any(item.entries for item in items) else "next"
    url = f"{reverse('case', args=[view.case.pk])}?step={step.id}#step"
    return Box(step.id, step.stage, step.title, note=note, state=state, url=url)


def _settled(view: View, step: str) -> bool:
    state = view.plan.steps.get(step)
    return state is not None and state.resolved


def _state(items: list[Item]) -> str:
    states = [STATES[item.status] for item in items]
    for wanted in ("now", "next", "done"):
        if wanted in states:
            return wanted
    return "skip"


def _note(step: Step, items: list[Item]) -> str:
    done = [item for item in items if item.status is Status.DONE and item.entries]
    live = next((item for item in items if item.status in (Status.OPEN, Status.SCHEDULED) and not item.optional), None)
    if live is not None and live.window.due is not None:
        return f"{cn_date(live.window.due)}前" + (f" · 已{len(done)}次" if step.repeat and done else "")
    if live is not None and live.window.start is not None:
        return f"{cn_date(live.window.start)}起"
    if done:
        days = [item.done_on for item in done if item.done_on]
        return f"已{len(done)}次" if step.repeat else (cn_date(days[-1]) if days else "已办")
    return next(
        (NOTES[item.status] for item in items if item.status in NOTES), "随时可记" if items and step.repeat else ""
    )


def _stages(view: View, boxes: list[Box]) -> list[Stage]:
    stages = []
    for stage in view.pack.stages.values():
        states = [box.state for box in boxes if box.stage == stage.id]
        counted = [state for state in states if state != "skip"]
        state = (
            "now"
            if "now" in states
            else "done"
            if counted and set(counted) == {"done"}
            else "next"
            if counted
            else "skip"
        )
        stages.append(
            Stage(stage.id, stage.title, state, f"{states.count('done')}/{len(counted)}" if counted else "不适用")
        )
    return stages


def _edges(view: View) -> list[Edge]:
    edges = [
        Edge(before, step.id) for step in view.pack.steps.values() for before in step.after if before in view.pack.steps
    ]
    return edges + [
        Edge(step.id, target, "退回", back=True) for step in view.pack.steps.values() for target in step.returns
    ]
