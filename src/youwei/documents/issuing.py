"""Issuing papers: a record of a step poured into the Word template its pack names. A paper stays as issued."""

import hashlib
import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache, lru_cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from django.conf import settings
from django.db import transaction
from docx.opc.exceptions import OpcError
from docxtpl import DocxTemplate
from jinja2 import Template, TemplateError
from jinja2.sandbox import SandboxedEnvironment

from youwei.cases import cohort, logs
from youwei.cases.checklist import Line, beside, checklist
from youwei.cases.models import Case
from youwei.cases.progress import progress
from youwei.cases.progress import told as told_progress
from youwei.cases.queries import View, spans, view
from youwei.cases.reporting import report
from youwei.cases.reporting import told as told_report
from youwei.cases.rows import answers
from youwei.cases.telling import told, told_row
from youwei.documents.models import Paper
from youwei.documents.titles import TITLES
from youwei.engine.local import lineage
from youwei.engine.tally import sheet
from youwei.engine.types import Standing
from youwei.journal.actors import Actor
from youwei.journal.sealing import seal
from youwei.organs.models import Organ
from youwei.rulebook.pack_facts import FACTS, LETTER_FACTS, REPLY_FACTS
from youwei.rulebook.packs import Field, FieldType, Pack, Step
from youwei.ui.words import cn_date, visible

#: What a template that is not what it should be makes the libraries raise, when it is opened and when it is filled.
TEMPLATE_FAULTS = (
    TemplateError, OpcError, SyntaxError, zipfile.BadZipFile, OSError, LookupError, TypeError, ValueError, AttributeError, ArithmeticError,
)  # fmt: skip


class Sandbox(SandboxedEnvironment):
    """What fills a template. The same text is compiled once: of a hundred papers of one kind, for the first."""

    def from_string(self, source: Any, *given: Any, **named: Any) -> Template:
        return super().from_string(source, *given, **named) if given or named else _compiled(source)


def _printable(value: Any) -> Any:
    """A text that came in by a table or before forms left such characters out breaks no paper."""
    return visible(value).replace("\0", "") if isinstance(value, str) and not hasattr(value, "__html__") else value


WORDS = Sandbox(autoescape=True, finalize=_printable)


@lru_cache(maxsize=256)
def _compiled(source: str) -> Template:
    return SandboxedEnvironment.from_string(WORDS, source)


class Refused(ValueError):
    """A paper that cannot be issued, or a file that cannot be taken, with the reason and the remedy in Chinese."""


@dataclass(frozen=True, slots=True)
class PaperKind:
    """A paper a step produces."""

    id: str
    title: str
    template: Path


def kinds(pack: Pack, step: Step) -> list[PaperKind]:
    """The papers of a step, with their templates beside the pack, or beside the one it is laid over, or beside the newest other version of
    its procedure: a version written on a page brings no files.
    """
    versions = sorted((ref for ref in logs.packs() if ref.procedure == pack.ref.procedure), reverse=True)
    near = [*(each.ref for each in lineage(logs.packs(), pack)), *versions]
    folders = [Path(settings.PACKS) / ref.procedure / ref.version / "papers" for ref in near]
    return [
        PaperKind(name, pack.papers.get(name) or TITLES.get(name, step.title), _template(folders, f"{name}.docx"))
        for name in step.papers
    ]


def _template(folders: Sequence[Path], name: str) -> Path:
    return next((folder / name for folder in folders if (folder / name).is_file()), folders[0] / name)


def shown(field: Field, value: Any) -> Any:
    """A value as a template takes it: text, or for rows a list with a text for every column."""
    if field.type is FieldType.ROWS:
        return [SimpleNamespace(**told_row(field, row)) for row in value or ()]
    return told(field, value)


def context(case: Case, step: Step, standing: Standing) -> dict[str, Any]:
    """Everything a template may use: `case`, `on`, `by`, `f` with every field of the step (a sealed one empty).

    Worked out where it is called for: `items()` with every thing the case asks for, `tally()` with the rows of an appraisal's table, its
    head first, `beside()` with the other cases of the decision, `report()` with the figures of a periodic report, and of a
    letter `letter()` and `answers()`, a row for everybody on its list; `members()` with everybody who takes part in a batch; `before(step)` with
    what stands in an earlier step, like `f`, and `office()`, the organ that does this one, or `office(step)` another.
    """
    shown_case = cache(lambda: view(case, standing.at))
    listed = cache(lambda: checklist(shown_case(), standing.at))
    person, decision = case.person, case.decision
    return {
        "case": {
            "title": case.title,
            "organ": case.organ.name,
            "person": person.name if person else case.subject_organ.name,
            "sex": person.sex if person else "",
            "unit": person.organ.name if person else case.subject_organ.name,
            "post": person.post if person else "",
            "rank": person.rank if person else "",
            "number": decision.number if decision else "",
            "measures": "、".join(measure.label for measure in decision.measures.all()) if decision else "",
            "made_on": cn_date(decision.made_on) if decision and decision.made_on else "",
        },
        "on": cn_date(standing.on),
        "by": f"{standing.by}（代{standing.behalf}录入）" if standing.behalf else standing.by,
        "behalf": standing.behalf,
        "f": SimpleNamespace(**_fields(step, standing.values)),
        "items": lambda: [_item(line) for line in listed().lines if line.key or line.step != step.id],
        "tally": lambda: sheet(step, standing.values),
        "answers": lambda: answers(shown_case()),
        "letter": lambda: _letter(shown_case()),
        "progress": lambda: told_progress(progress(case, standing.at)),
        "report": lambda: told_report(report(shown_case(), step, standing.key)),
        "beside": lambda: [_beside(each) for each in beside(case)],
        "before": lambda name: _before(shown_case(), name),
        "members": lambda: cohort.told_members(case),
        "office": lambda name="": _office(shown_case(), name or step.id, "" if name else standing.key),
    }


def _before(shown_case: View, name: str) -> SimpleNamespace:
    """What stands in another step, of several records the newest; every field empty where nothing does."""
    step = shown_case.pack.steps[name]
    record = max(shown_case.standing.get(name, {}).values(), key=lambda each: each.seq, default=None)
    values = record.values if record is not None else {}
    return SimpleNamespace(on=cn_date(record.on) if record is not None else "", **_fields(step, values))


def _office(shown_case: View, step: str, key: str) -> str:
    """The organ in whose hands a step lies; of an act for persons or organs nobody holds, the office that handles the case."""
    item = shown_case.plan.item(step, key)
    held_by = item.who.organ if item is not None else None
    known = Organ.objects.filter(pk=held_by).first() if held_by and held_by.isdigit() else None
    return (known or shown_case.case.organ).name


def _fields(step: Step, values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        field.id: "" if field.sealed or step.seen_by else shown(field, values.get(field.id))
        for field in step.form.values()
    }


def _letter(shown_case: View) -> dict[str, str]:
    """The letter a case is about, what was answered before where that is put right, and every field of the step that registered its list."""
    facts = shown_case.plan.facts
    whole = (*LETTER_FACTS, *REPLY_FACTS)
    found = {name.partition(".")[2]: told(Field(name, "", FACTS[name].type), facts.get(name)) for name in whole}
    for records in shown_case.standing.values():
        for record in records.values() if len(records) == 1 else ():
            step = shown_case.pack.steps[record.step]
            if any(each.type is FieldType.ROWS for each in step.form.values()):
                found |= {
                    each.id: told(each, record.values.get(each.id))
                    for each in step.form.values()
                    if each.type is not FieldType.ROWS
                }
    return found


def _item(line: Line) -> dict[str, str]:
    """One line of the checklist, every cell as text; empty where there is nothing to say."""
    days = {"due": line.due, "limit": line.limit, "done_on": line.done_on}
    told_days = {name: cn_date(day) if day else "" for name, day in days.items()}
    return {
        "title": line.title, "stage": line.stage, "body": line.role, "organ": line.organ, "state": line.state,
        "result": line.result or line.why, "proof": line.proof, **told_days,
    }  # fmt: skip


def _beside(case: Case) -> dict[str, str]:
    """Another case of the decision and where it stands."""
    state = f"{case.get_state_display()}：{case.outcome_title}" if case.outcome_title else case.get_state_display()
    return {"title": case.title, "state": state, "ended_on": cn_date(case.ended_on) if case.ended_on else ""}


def render(kind: PaperKind, filled: Mapping[str, Any]) -> bytes:
    """The Word file. Raises Refused naming the paper."""
    if not kind.template.is_file():
        raise _unprintable(kind, f"规程的papers目录里没有模板{kind.template.name}")
    out = io.BytesIO()
    try:
        template = DocxTemplate(kind.template)
        template.render(dict(filled), WORDS, autoescape=True)
        template.save(out)
    except TEMPLATE_FAULTS as fault:
        raise _unprintable(kind, f"模板{kind.template.name}有错（{type(fault).__name__}）") from fault
    return out.getvalue()


def _unprintable(kind: PaperKind, why: str) -> Refused:
    return Refused(f"文书“{kind.title}”出不来：{why}；这次没有记录，请系统管理员改好规程的模板后再提交")


@transaction.atomic
def issue(*, case: Case, step: Step, pack: Pack, standing: Standing, by: Actor, at: datetime) -> list[Paper]:
    """Issue the papers of one record; papers issued before stay and are returned. Raises Refused; then none is issued.

    One of a step done every so often is called by the span it is for.
    """
    issued, span = [], ""
    if step.papers and step.repeat is not None and step.repeat.span is not None:
        span = spans(view(case, standing.at)).get((step.id, standing.key), "")
    for kind in kinds(pack, step):
        known = Paper.objects.filter(case=case, entry_seq=standing.seq, kind=kind.id).first()
        issued.append(
            known
            or _issue(
                case,
                replace(kind, title=_spanned(kind.title, span)),
                render(kind, context(case, step, standing)),
                standing,
                by,
                at,
            )
        )
    return issued


def _spanned(title: str, span: str) -> str:
    return f"{title}（{span}）" if span else title


def _issue(case: Case, kind: PaperKind, data: bytes, standing: Standing, by: Actor, at: datetime) -> Paper:
    return Paper.objects.create(
        case=case, entry_seq=standing.seq, kind=kind.id, title=kind.title, sealed=seal(data, place="paper"),
        digest=hashlib.new("sm3", data).hexdigest(), issued_at=at, by=by.name,
    )  # fmt: skip
