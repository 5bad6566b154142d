"""All that waits for the reader's signature or approval, each with the text it is about."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import F, Q, QuerySet
from django.urls import reverse

from youwei.cases import queries as cases
from youwei.cases import remarks
from youwei.cases.codes import code_of
from youwei.cases.models import Case, OpenStep
from youwei.cases.queries import View
from youwei.cases.remarks import Told
from youwei.cases.texts import Text, judged, to_heed
from youwei.desk.cases import sealing, signing
from youwei.desk.cases.pages import step_url
from youwei.desk.signatures.forms import JudgingForm
from youwei.desk.work import queries as work
from youwei.documents.models import Attachment, Paper
from youwei.engine.heeding import Heeded
from youwei.engine.types import Item, Status, Who
from youwei.organs.policy import Reader, visible
from youwei.rulebook.pack_types import Kind

MOST = 20
LONGEST_SHOWN = 400
Files = tuple[tuple[str, str], ...]


@dataclass(slots=True)
class Waiting:
    """One signature or approval: the case, the step, the role it is given for, and every text in full."""

    view: View
    item: Item
    part: str
    place: Who
    texts: tuple[Text, ...]
    form: JudgingForm | None = None
    files: Files = ()
    papers: Files = ()
    remarks: Sequence[Told] = ()
    own_text: str = ""  # why the reader, who holds the role, does not answer it: it is the reader's own

    @property
    def prefix(self) -> str:
        return "-".join(filter(None, (code_of(self.view.case.pk, self.item.step, self.item.key), self.part)))

    @property
    def shown(self) -> str:
        """What is sent back with the form: which text, and the last entry of the log it was shown with."""
        return json.dumps(Shown.of(self).parts(), ensure_ascii=False)

    @property
    def heeded(self) -> list[Heeded]:
        """Words in these texts that are to be looked at."""
        return to_heed(self.view, dict.fromkeys(text.step for text in self.texts))

    @property
    def who(self) -> str:
        case = self.view.case
        return case.person.name if case.person else case.subject_organ.name

    @property
    def unit(self) -> str:
        return self.view.case.subject_organ.name if self.view.case.person else ""

    @property
    def url(self) -> str:
        return f"{step_url(self.view.case, self.item).removesuffix('#step')}{f'&part={self.part}' if self.part else ''}#step"

    @property
    def due(self) -> date | None:
        return self.item.window.due


@dataclass(frozen=True, slots=True)
class Shown:
    """A text as a page has shown it."""

    case: int
    step: str
    key: str
    part: str
    seen: int

    @classmethod
    def of(cls, each: Waiting) -> "Shown":
        return cls(each.view.case.pk, each.item.step, each.item.key, each.part, each.view.head)

    def parts(self) -> list[int | str]:
        return [self.case, self.step, self.key, self.part, self.seen]

    @property
    def prefix(self) -> str:
        return "-".join(filter(None, (code_of(self.case, self.step, self.key), self.part)))


def read_shown(sent: Iterable[str]) -> list[Shown]:
    """What a form says it has shown, each once; whatever is no such thing is left out."""
    found: dict[Shown, None] = {}
    for text in list(sent)[: 2 * MOST]:
        try:
            parts = json.loads(text) if len(text) <= LONGEST_SHOWN else None
        except ValueError:
            continue
        if isinstance(parts, list) and [type(part) for part in parts] == [int, str, str, str, int]:
            each = Shown(*parts)
            if 0 < each.case < 2**63 and each.seen >= 0:
                found[each] = None
    return list(found)


def asked(who: Reader) -> QuerySet[OpenStep]:
    """The signatures and approvals that fall to the reader and may be given now."""
    rows = work.steps(who).filter(work.mine(who), Q(kind=OpenStep.SIGN) | Q(kind=Kind.APPROVAL), optional=False)
    return rows.filter(Q(starts_on=None) | Q(starts_on__lte=who.on)).distinct()


def count(who: Reader) -> int:
    return asked(who).count()


def waiting(who: Reader) -> list[Waiting]:
    """The first of them, the most urgent first. A fixed number of queries."""
    rows = list(asked(who).order_by(F("due_on").asc(nulls_last=True), "pk")[:MOST])
    found = _views(who, {row.case_id for row in rows})
    waits = [each for row in rows if (each := _one(who, found.get(row.case_id), row.step, row.key, row.part))]
    return _with_remarks(who, _with_files(who, waits))


def still_waiting(
    who: Reader, shown: Sequence[Shown]
) -> tuple[dict[Shown, Waiting], dict[Shown, tuple[str, str, str]]]:
    """Of the texts a page has shown, those that still wait for the reader; and of the rest whose they were, what, and where to look."""
    found = _views(who, {each.case for each in shown})
    kept = {each: _one(who, found.get(each.case), each.step, each.key, each.part) for each in shown}
    still = {shown: each for shown, each in kept.items() if each is not None}
    _with_remarks(who, _with_files(who, list(still.values())))
    return still, {each: _named(each, found.get(each.case)) for each in shown if each not in still}


def _named(shown: Shown, view: View | None) -> tuple[str, str, str]:
    """A text that waits no longer. Of a case the reader does not see any more, nothing is said."""
    if view is None:
        return "", "", ""
    case, step = view.case, view.pack.steps.get(shown.step)
    name = case.person.name if case.person else case.subject_organ.name
    return name, step.title if step is not None else "", reverse("case", args=[case.pk])


def _views(who: Reader, keys: Iterable[int]) -> Mapping[int, View]:
    rows = Case.objects.filter(pk__in=keys).select_related("person__organ", "subject_organ", "organ", "decision")
    return cases.views(list(visible(who, "case.record", rows)), who.on)


def _one(who: Reader, view: View | None, step: str, key: str, part: str) -> Waiting | None:
    item = view.plan.item(step, key) if view is not None else None
    if view is None or item is None:
        return None
    place = signing.may_sign(who, view, item, part) if part else _approver(who, view, item)
    if place is None:
        return None
    texts = judged(view, item, sealing.open_to(who, view))
    return Waiting(view, item, part, place, texts, own_text=signing.own_text(who, view, item))


def _approver(who: Reader, view: View, item: Item) -> Who | None:
    return item.who if item.status is Status.OPEN and signing.approves(who, view, item) else None


def _with_files(who: Reader, found: list[Waiting]) -> list[Waiting]:
    """The files that hang on the texts and the papers issued from them, which go out over the signature; with two queries."""
    wanted = {(each.view.case.pk, text.seq): each for each in found for text in each.texts}
    of = {case for case, _ in wanted}
    for file in Attachment.objects.filter(case__in=of).defer("sealed").order_by("pk"):
        each = wanted.get((file.case_id, file.entry_seq))
        if each is not None:
            each.files = (*each.files, (file.filename, reverse("attachment", args=[file.pk])))
    for paper in visible(who, "paper.view", Paper.objects.filter(case__in=of)).defer("sealed").order_by("pk"):
        each = wanted.get((paper.case_id, paper.entry_seq))
        if each is not None:
            each.papers = (*each.papers, (f"{paper.title}.docx", reverse("paper", args=[paper.pk])))
    return found


def _with_remarks(who: Reader, found: list[Waiting]) -> list[Waiting]:
    """What is to be looked at in the texts, with as many queries for all as for one."""
    steps: dict[int, tuple[View, dict[str, None]]] = {}
    for each in found:
        steps.setdefault(each.view.case.pk, (each.view, {}))[1].update(dict.fromkeys(text.step for text in each.texts))
    said = remarks.told(who, list(steps.values()))
    for each in found:
        titles = {text.title for text in each.texts}
        each.remarks = [one for one in said.get(each.view.case.pk, ()) if one.step in titles]
    return found
