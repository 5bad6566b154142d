"""A case read as a checklist: every step with who answers for it, by when, what came of it and what shows that. Papers and pages tell it alike."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from youwei.cases.models import Case
from youwei.cases.queries import View
from youwei.cases.telling import told
from youwei.engine.types import STATUS_TITLES, Item, Mark, Reason, Status
from youwei.engine.wording import sentence
from youwei.organs.models import Organ
from youwei.rulebook.packs import FieldType, Step

NUMBER, RESULT = "number", "result"
TITLES = {**STATUS_TITLES, Status.EXEMPTED: "不适用（免办）", Status.WAITING: "等其他事项办完"}
WHY = {Status.EXEMPTED: "exempted", Status.UNDONE: "not done"}


@dataclass(frozen=True, slots=True)
class Line:
    """One thing to be done. `late`: done after its day, or not done though the day has passed; `organ` is empty where nobody is known."""

    step: str
    key: str
    title: str
    stage: str
    role: str
    organ: str
    due: date | None
    limit: date | None
    done_on: date | None
    status: Status
    state: str
    late: bool
    result: str = ""
    proof: str = ""
    why: str = ""
    starts: date | None = None

    @property
    def settled(self) -> bool:
        return self.status in (Status.DONE, Status.EXEMPTED, Status.UNDONE)


@dataclass(frozen=True, slots=True)
class Checklist:
    """The lines asked for, those that do not apply, and how many of the former are settled and late."""

    lines: tuple[Line, ...]
    skipped: tuple[Line, ...]

    @property
    def settled(self) -> int:
        return sum(line.settled for line in self.lines)

    @property
    def late(self) -> int:
        return sum(line.late for line in self.lines)


def checklist(view: View, today: date) -> Checklist:
    """A case as a checklist on a day; what may be written any time is no duty and is left out. One query."""
    items = [item for item in view.plan.items if not item.optional]
    names = _organ_names(items)
    lines = [_line(view, item, names, today) for item in items]
    return Checklist(
        tuple(line for line in lines if line.status is not Status.SKIPPED),
        tuple(line for line in lines if line.status is Status.SKIPPED),
    )


def beside(case: Case) -> QuerySet[Case]:
    """The other cases of its decision, the oldest first: what is done there is not done here again."""
    if case.decision_id is None:
        return Case.objects.none()
    return Case.objects.filter(decision=case.decision_id).exclude(pk=case.pk).order_by("opened_on", "pk")


def _organ_names(items: Sequence[Item]) -> Mapping[str, str]:
    keys = {item.who.organ for item in items if item.who.organ and item.who.organ.isdigit()}
    return {str(pk): name for pk, name in Organ.objects.filter(pk__in=keys).values_list("pk", "name")}


def _line(view: View, item: Item, names: Mapping[str, str], today: date) -> Line:
    step = view.pack.steps[item.step]
    record = view.standing.get(item.step, {}).get(item.key)
    done = item.status is Status.DONE and record is not None
    result, proof = _written(step, record.values) if done and record is not None else ("", "")
    late = item.mark(today) is Mark.LATE
    state = "逾期办结" if late and done else "逾期未办" if late else "按期办结" if done and item.window.due else ""
    return Line(
        item.step, item.key, item.title, view.pack.stages[step.stage].title, item.who.title, names.get(item.who.organ or "", ""),
        item.window.due, item.window.limit, item.done_on, item.status, state or TITLES[item.status], late, result, proof,
        _why(item), item.window.start if item.status is Status.SCHEDULED else None,
    )  # fmt: skip


def _written(step: Step, values: Mapping[str, object]) -> tuple[str, str]:
    """What came of a step, and what shows it: the number of a document and the files."""
    result, proof = [], []
    for name, field in step.form.items():
        text = told(field, values.get(name))
        if not text:
            continue
        if field.type is FieldType.FILE or name == NUMBER:
            proof.append(text)
        else:
            result.append(text if name == RESULT else f"{field.title}：{text}")
    return "；".join(result), "；".join(proof)


def _why(item: Item) -> str:
    """Why it does not apply or was not done, in a sentence."""
    wanted = WHY.get(item.status, "not wanted")
    reasons: list[Reason] = [reason for reason in item.why if reason.rule == wanted]
    return "".join(sentence(reason) for reason in reasons)
