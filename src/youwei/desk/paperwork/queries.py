"""Where the code of a printed form leads, and which forms are shown."""

from dataclasses import dataclass

from youwei.cases import queries as cases
from youwei.cases.codes import code_of, read_code
from youwei.cases.models import Case
from youwei.cases.queries import View
from youwei.cases.voted import by_vote
from youwei.desk.cases.pages import step_url
from youwei.desk.cases.reading import reading
from youwei.engine.types import Item
from youwei.organs.policy import Reader, visible


@dataclass(frozen=True, slots=True)
class Coded:
    """A step that the code of a printed form leads to."""

    code: str
    title: str
    case: Case
    url: str


def coded(who: Reader, text: str) -> Coded | None:
    """The step a code means, where the reader may see it; nothing for anything else that was typed."""
    read = read_code(text)
    rows = Case.objects.select_related("person", "subject_organ")
    row = visible(who, "case.view", rows.filter(pk=read[0])).first() if read is not None else None
    if row is None or read is None:
        return None
    view = cases.view(row, who.on)
    seen = reading(who, view)
    for item in view.plan.items:
        code = code_of(row.pk, item.step, item.key)
        if code.endswith(f"-{read[1]}") and seen.shows(item.step):
            return Coded(code, item.title, row, step_url(row, item))
    return None


def item_shown(who: Reader, view: View, step: str, key: str) -> Item | None:
    """The step a form is asked for, where it is shown to the reader."""
    item = view.plan.item(step, key)
    if item is None or by_vote(view.pack.steps.get(step)):  # a count is filled in by nobody
        return None
    return item if reading(who, view).shows(step) else None
