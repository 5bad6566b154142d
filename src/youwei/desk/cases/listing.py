"""A case whose steps stand side by side, shown as a checklist: who, by when, what came of it, what shows that."""

from dataclasses import dataclass

from django.urls import reverse

from youwei.cases.checklist import Line, beside, checklist
from youwei.cases.models import Case
from youwei.cases.queries import View
from youwei.desk.cases.reading import Reading
from youwei.engine.types import Status
from youwei.organs.policy import Reader, visible
from youwei.rulebook.pack_order import is_parallel

TONES = {
    Status.DONE: "done",
    Status.OPEN: "run",
    Status.EXEMPTED: "plain",
    Status.UNDONE: "soon",
    Status.SCHEDULED: "wait",
}


@dataclass(frozen=True, slots=True)
class Shown:
    """A line with the address of its step and the tone of its state."""

    line: Line
    url: str
    tone: str


@dataclass(frozen=True, slots=True)
class Listed:
    """The checklist of a case as one reader reads it; `beside` are the other cases of the decision the reader may see."""

    rows: tuple[Shown, ...]
    skipped: tuple[Line, ...]
    settled: int
    late: int
    beside: tuple[Case, ...]


def listed(who: Reader, view: View, read: Reading) -> Listed | None:
    """The checklist of a case, or None where its procedure is a way to be gone. Two queries."""
    if not is_parallel(view.pack):
        return None
    found = checklist(view, who.on)
    lines = [line for line in found.lines if read.shows(line.step)]
    return Listed(
        tuple(Shown(line, _url(view.case, line), _tone(line)) for line in lines),
        tuple(line for line in found.skipped if read.shows(line.step)),
        sum(line.settled for line in lines), sum(line.late for line in lines),
        tuple(visible(who, "case.view", beside(view.case))),
    )  # fmt: skip


def _url(case: Case, line: Line) -> str:
    return f"{reverse('case', args=[case.pk])}?step={line.step}&key={line.key}#step"


def _tone(line: Line) -> str:
    return "late" if line.late else TONES.get(line.status, "plain")
