"""What the import pages ask: who may import for whom, the rows of a page, which organs would be entered, what an import brought."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, QuerySet

from youwei.cases.models import Case
from youwei.cases.places import Places
from youwei.decisions.models import Decision
from youwei.desk.importing.lines import Line, lines, persons_named
from youwei.intake import queries as staged
from youwei.intake.columns import ASK, SKIP
from youwei.intake.models import Import, StagedRow
from youwei.intake.queries import REASONS, STUB, Column, Opened
from youwei.journal.actors import SHELL
from youwei.organs.models import Organ
from youwei.organs.policy import ACTS, Reader, visible
from youwei.organs.queries import below
from youwei.people.models import Person
from youwei.ui.paging import PAGE_SIZE, Page

REPORTING = (Organ.Kind.COMMISSION, Organ.Kind.WORK_COMMISSION, Organ.Kind.DISPATCHED)
WRITTEN = (StagedRow.Outcome.CREATE, StagedRow.Outcome.UPDATE, StagedRow.Outcome.STUB, StagedRow.Outcome.ASK)
MOST_SHOWN = 6
TONES = {
    "checked": "soon",
    "queued": "run",
    "writing": "run",
    "done": "done",
    "undoing": "run",
    "undone": "wait",
    "failed": "late",
}
TABS = (("", "全部", ""), *((str(key), str(label), icon) for (key, label), icon in zip(
    StagedRow.Outcome.choices, ("circle-plus", "refresh", "", "lock", "help-circle", "ban"), strict=True
)))  # fmt: skip


def homes(who: Reader) -> list[Organ]:
    """The organs a ledger may be reported by: those of the reader's own roles first, then discipline organs within reach."""
    own = {grant.organ_id: grant.organ for grant in who.grants if grant.role in ACTS["import.run"]}
    others = below(who.paths(ACTS["import.run"])).filter(kind__in=REPORTING).exclude(pk__in=own).order_by("path")
    return [*own.values(), *others[:500]]


def imports(who: Reader) -> QuerySet[Import]:
    """Imports the reader may run, newest first, without their content."""
    rows = visible(who, "import.run", Import.objects.defer("kept", "header", "mapping", "skipped"))
    return rows.select_related("organ").order_by("-created_at", "-pk")


@dataclass(frozen=True, slots=True)
class Listed:
    """A line of the list of imports."""

    batch: Import
    tone: str
    words: str


def listed(batch: Import) -> Listed:
    """What an import is, in a few words."""
    total, ask, refused = (batch.totals.get(key, 0) for key in ("rows", "ask", "refused"))
    parts = [f"{total}行", f"请确认{ask}行" if ask else "", f"拒绝{refused}行" if refused else ""]
    return Listed(batch, TONES[batch.state], "，".join(part for part in parts if part))


@dataclass(frozen=True, slots=True)
class Matched:
    """How the columns were matched, in figures and the columns worth a look."""

    columns: tuple[Column, ...]
    sure: int
    ask: int
    skip: int
    look: tuple[Column, ...]


def matched(batch: Import) -> Matched:
    columns = staged.columns_of(batch)
    ask = [each for each in columns if each.certainty == ASK]
    skip = [each for each in columns if each.certainty == SKIP]
    sure = [each for each in columns if each.certainty not in (ASK, SKIP)]
    renamed = sorted(sure, key=lambda each: each.header == each.title)
    look = [*ask, *(each for each in skip if each.header), *renamed]
    shown = {each.index for each in look[: max(MOST_SHOWN, len(ask))]}
    return Matched(columns, len(sure), len(ask), len(skip), tuple(each for each in columns if each.index in shown))


@dataclass(frozen=True, slots=True)
class Plan:
    """What writing would do, in figures."""

    create: int
    update: int
    stub: int
    answered: int
    open_questions: int
    left_out: int

    @property
    def rows(self) -> int:
        return self.create + self.update + self.stub + self.answered

    @property
    def words(self) -> str:
        parts = (("新增", self.create), ("更新", self.update), ("存根", self.stub), ("经确认", self.answered))
        told = "、".join(f"{title}{count}" for title, count in parts if count)
        return f"写入{self.rows}行（{told}）"

    @property
    def seen(self) -> str:
        """What was shown when it was confirmed, to find that somebody changed it meanwhile."""
        return "-".join(map(str, (self.create, self.update, self.stub, self.answered, self.left_out)))


def plan_of(batch: Import) -> Plan:
    """Counts of the checked rows, and of the answers given."""
    counted = dict(
        StagedRow.objects.filter(batch=batch, outcome=StagedRow.Outcome.ASK)
        .values_list("answer")
        .annotate(n=Count("pk"))
    )
    answered = sum(count for answer, count in counted.items() if answer not in ("", "skip"))
    create, update, stub = (batch.totals.get(key, 0) for key in ("create", "update", "stub"))
    return Plan(create, update, stub, answered, counted.get("", 0), counted.get("skip", 0))


@dataclass(frozen=True, slots=True)
class Review:
    """One page of rows with its tabs and chips."""

    lines: list[Line]
    page: Page
    tabs: list[tuple[str, str, str, int]]
    chips: list[tuple[str, str, int]]
    warned: int
    updates: list[Line]


def review(who: Reader, batch: Import, outcome: str, code: str, warned: bool, number: int) -> Review:
    """The page of rows asked for: a fixed number of questions, however many rows."""
    found = staged.row_page(batch, outcome=outcome, code=code, warned=warned, page=number, size=PAGE_SIZE)
    updates = _updates(batch) if outcome == StagedRow.Outcome.REFUSED else ()
    people = persons_seen(who, persons_named((*found.rows, *updates)))
    page = Page(found.rows, found.number, found.total, False)
    tabs = [(key, title, icon, batch.totals.get(key or "rows", 0)) for key, title, icon in TABS]
    chips = [(key, REASONS.get(key, "其他"), count) for key, count in batch.totals.get("reasons", {}).items()]
    doubted = staged.staged_rows(batch, outcome=outcome, warned=True).count()
    return Review(lines(found.rows, people), page, tabs, chips, doubted, lines(updates, people))


def _updates(batch: Import) -> tuple[Opened, ...]:
    """The first rows that would change something known, shown beside the refused ones."""
    return staged.row_page(batch, outcome=StagedRow.Outcome.UPDATE, size=2).rows


def persons_seen(who: Reader, wanted: set[int]) -> Mapping[int, Person]:
    """Of the persons, those whose dossier the reader may open."""
    return visible(who, "person.view", Person.objects.select_related("organ")).in_bulk(wanted)


class Foreseen(Places):
    """The organs a ledger names, without entering any: those to come are listed in `created`."""

    def _create(self, name: str, kind: str, parent: Organ, level: str) -> Organ:
        for known in self._named.get(name, ()):
            if known.name == name and known.parent_id == parent.pk:
                return known
        self.created.append(name)
        number = len(self.created)
        organ = Organ(pk=-number, name=name, kind=kind, parent=parent, level=level, path=f"{parent.path}new{number}/")
        self._learn(organ)
        return organ


def organs_to_come(batch: Import, today_at: datetime) -> list[str]:
    """Names of organs that writing would enter into the roll."""
    places = Foreseen(batch.organ, by=SHELL, on=today_at.date(), at=today_at)
    for chunk in staged.chunks(batch, WRITTEN):
        for each in chunk:
            if each.staged.decision_id is not None or each.staged.answer == "skip":
                continue
            values = {key: str(each.row.values.get(key, "")) for key in ("unit", "region", "deciding_organ")}
            if each.row.kind != STUB:
                places.unit(values["unit"], values["region"])
            places.deciding(values["deciding_organ"])
            places.region(values["region"])
    return places.created


def progress(batch: Import) -> tuple[int, int, str]:
    """How much is written or taken back, of how much, counted in what."""
    if batch.state != Import.State.UNDOING:
        return batch.done_rows, batch.total_rows, "行"
    brought = Decision.objects.filter(import_id=batch.pk)
    return brought.filter(state=Decision.State.UNDONE).count(), brought.count(), "份决定"


@dataclass(frozen=True, slots=True)
class Brought:
    """What an import brought into the store."""

    decisions: int
    stubs: int
    persons: int
    cases: int


def brought(batch: Import) -> Brought:
    standing = Decision.objects.filter(import_id=batch.pk).exclude(state=Decision.State.UNDONE)
    return Brought(
        decisions=standing.count(),
        stubs=standing.filter(secret=True).count(),
        persons=Person.objects.filter(import_id=batch.pk, state=Person.State.ACTIVE).count(),
        cases=Case.objects.filter(import_id=batch.pk).count(),
    )
