"""What a send-back asks besides where to and why: which rows, and what happened in between that is to be done again."""

from django import forms

from youwei.cases.queries import View
from youwei.engine.going_back import may_be_redone
from youwei.engine.types import Status
from youwei.rulebook.packs import Step
from youwei.ui import fields as ui

SETTLED = frozenset({Status.DONE, Status.EXEMPTED, Status.UNDONE})


def asked(view: View, step: Step) -> dict[str, forms.Field]:
    """The fields, by the name under which the entry keeps them; none where there is nothing to choose."""
    found = {"keys": _which(view, step), "redo": _again(view, step)}
    return {name: field for name, field in found.items() if field is not None}


def _which(view: View, step: Step) -> forms.Field | None:
    """Of a step that was done for several rows, which of them are to be done again."""
    done = view.standing.get(step.returns[0], {}) if len(step.returns) == 1 else {}
    found = [(key, item.title) for key in done if (item := view.plan.item(step.returns[0], key)) is not None]
    if len(found) < 2:
        return None
    return ui.ChoicesField(
        label="退回哪几项", choices=found, required=False, help_text="没有选的保留；都不选就全部退回"
    )


def _again(view: View, step: Step) -> forms.Field | None:
    """What was said, met and sent stands; a letter whose text will be another goes out anew, if the sender says so."""
    found = {
        each.id: each.title
        for target in step.returns
        for each in may_be_redone(view.pack, step.id, target)
        if view.plan.steps[each.id].status in SETTLED
    }
    if not found:
        return None
    return ui.ChoicesField(
        label="哪些也要重新办", choices=list(found.items()), required=False,
        help_text="没有选的照旧有效。内容要改、须重新谈或者重新发的，在这里选",
    )  # fmt: skip
