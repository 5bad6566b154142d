"""What an alteration brings with it, told to people before it is done."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.forms import BoundField
from django.urls import reverse
from django.utils.timezone import localdate

from youwei.cases.following import CaseMove, Consequences, PeriodMove, StepMove
from youwei.decisions.altering import WORDS, Stale
from youwei.decisions.models import Decision, Measure, Period
from youwei.desk.altering.forms import STORED, TYPED, AlterForm, CorrectForm
from youwei.desk.altering.reassigning import ReassignForm, elsewhere, who_is
from youwei.documents.models import Paper
from youwei.intake.fields import MONTHS_OF
from youwei.rulebook.law import load_law
from youwei.rulebook.measures import Family
from youwei.ui.parts import Stale as Side
from youwei.ui.parts import VersionRow
from youwei.ui.words import DASH, cn_date

WHAT = {"moved": "日期随之变动", "ended": "提前终止", "opened": "开办", "kept": "照常办理"}
SPANS = {"probation": "察看期", "after_restoration": "恢复权利后"}
NOT_HEAVIER = "政务处分法第五十六条：公职人员不因提出复审、复核而被加重政务处分。这里由轻变重，请核对复审、复核决定书"
RESTORE = "政务处分法第六十条：政务处分决定被撤销的，应当恢复级别、薪酬待遇，安排相应职务，并在原政务处分决定公布范围内恢复名誉。随之开办的事项见下"
TITLES = (
    ("person", "人员"), ("deciding_organ", "决定机关"),
    ("number", "决定文号"), ("made_on", "决定日期"), ("effective_on", "生效日期"), ("form", "四种形态"), ("measures", "处分处理种类"),
    ("unit", "单位"), ("post", "职务"), ("rank", "职级"), ("managed_by", "干部管理权限"), ("problem", "问题类别"),
    ("acts_until", "违纪行为止于"), ("young", "作出决定时未满35周岁"),
    ("facts", "主要事实"), ("counted_at", "统计地区"), ("state", "状态"), ("withdrawn_on", "撤销之日"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Pair:
    """One line before and after."""

    label: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Periods:
    """The periods of one measure before and after, with what is in doubt now."""

    label: str
    own: bool
    old: str
    new: str
    doubts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Affair:
    """What becomes of a case; its dates before and after."""

    title: str
    what: str
    steps: tuple[Pair, ...]
    late: bool


def pairs(before: Decision, held: Sequence[Measure], found: Consequences) -> list[Pair]:
    """What of the decision is now otherwise."""
    old, new = _words(before, held), _words(found.decision, found.measures)
    return [Pair(title, old[name], new[name]) for name, title in TITLES if old[name] != new[name]]


def _words(decision: Decision, measures: Iterable[Measure]) -> dict[str, str]:
    form = f"第{'一二三四'[decision.form - 1]}种形态" if decision.form else DASH
    words = {
        name: str(getattr(decision, name) or "") or DASH
        for name, _ in TITLES
        if name not in ("person", "measures", "facts", "form")
    }
    for name in ("made_on", "effective_on", "acts_until", "withdrawn_on"):
        words[name] = cn_date(getattr(decision, name))
    words["young"] = ("是" if decision.young else "否") if decision.secret else DASH
    return words | {
        "form": form, "facts": decision.facts() or DASH, "measures": "、".join(measure.words for measure in measures),
        "state": decision.get_state_display(), "person": who_is(decision.person) if decision.person else DASH,
    }  # fmt: skip


def periods(
    moves: Iterable[PeriodMove], decision: Decision, names: Mapping[int | None, str] | None = None
) -> list[Periods]:
    """The periods that move; `names` says whose they are, where they are not all of one person."""
    whose = names or {}
    void = "已撤销，不再限制" if decision.state == Decision.State.WITHDRAWN else ""
    return [
        Periods(
            _of(move.measure.label, whose.get(move.measure.decision.person_id)), move.own,
            span_words(move.before), (void if move.own else "") or span_words(move.after),
            tuple(dict.fromkeys(text for period in move.after for text in period.unsettled)),
        )
        for move in moves
    ]  # fmt: skip


def _of(label: str, name: str | None) -> str:
    return f"{label}（{name}）" if name else label


def span_words(found: Iterable[Period]) -> str:
    """The spans of one measure in words."""
    return "；".join(_span(period) for period in found) or "没有期间"


def _span(period: Period) -> str:
    name = f"{SPANS[period.span]} " if period.span in SPANS else ""
    if period.starts_on is None:
        return "待核"
    if period.last_day:
        mark = "（人工核定）" if period.by_hand else ""
        return f"{name}{cn_date(period.starts_on)}—{cn_date(period.last_day)}{mark}"
    return f"{cn_date(period.starts_on)}起，没有期满之日" if period.permanent else "没有期间"


def affairs(moves: Iterable[CaseMove]) -> list[Affair]:
    return [
        Affair(
            move.case.title, WHAT[move.what], () if move.what == "ended" else tuple(_step(step) for step in move.steps),
            any(step.late for step in move.steps),
        )
        for move in moves
        if move.what != "kept" or move.case.state in ("open", "held")
    ]  # fmt: skip


def _step(step: StepMove) -> Pair:
    new = "不再办理" if step.gone else f"{cn_date(step.after)}{'（已经逾期）' if step.late else ''}"
    return Pair(step.title, cn_date(step.before), new)


def warnings(kind: str, before: Sequence[Measure], found: Consequences) -> list[str]:
    """What the law says of a change like this one."""
    law = load_law()
    then = {measure.pk: measure for measure in before if measure.family == Family.ADMINISTRATIVE}
    if kind == "withdraw" and then:
        return [RESTORE]
    heavier = any(
        law.measure(measure.kind).order > law.measure(then[measure.pk].kind).order
        for measure in found.measures
        if measure.pk in then
    )
    if kind == "reassign":
        return elsewhere(found.decision)
    return [NOT_HEAVIER] if kind == "change" and heavier else []


def _whose(before: Decision, after: Decision) -> dict[int | None, str]:
    """Two people, where a decision goes from one to another."""
    both = {each.person_id: each.person.name for each in (before, after) if each.person is not None}
    return both if len(both) > 1 else {}


def papers(decision: Decision) -> int:
    """Papers issued in the cases of a decision: they stay, and are marked."""
    return Paper.objects.filter(case__decision=decision.pk).count()


def page(kind: str, before: Decision, held: Sequence[Measure], found: Consequences, form: AlterForm) -> dict[str, Any]:
    """Everything the page before confirming shows."""
    return {
        "sight": form.sight if isinstance(form, ReassignForm) else [],
        "typed": typed(form),
        "pairs": pairs(before, held, found),
        "periods": periods(found.periods, found.decision, _whose(before, found.decision)), "affairs": affairs(found.cases),
        "papers": papers(before), "warnings": warnings(kind, held, found),
    }  # fmt: skip


def typed(form: AlterForm) -> list[tuple[str, str]]:
    """What was filled in that is no field of the decision: the review's day, ground, organ and number, and why."""
    shown = ("organ",) if isinstance(form, ReassignForm) else ("number",) if isinstance(form, CorrectForm) else ()
    return [
        (str(form[name].label), _shown(form.cleaned_data[name], form[name]))
        for name in TYPED
        if name in form.fields and form.cleaned_data.get(name) and name not in shown
    ]


def stale(found: Stale, form: AlterForm, action: str, hidden: Sequence[tuple[str, str]]) -> Side:
    """What the other has just entered and what one has written."""
    theirs, row = found.theirs, found.decision
    now = _words(row, row.measures.order_by("pk"))
    if theirs is None:
        return Side(who="别人", at="", rows=(), theirs_url=reverse("ledger"), action=action, hidden=hidden)
    stored = dict(STORED) | dict.fromkeys(("measures", *MONTHS_OF.values()), "measures")
    rows = [
        VersionRow(
            str(bound.label), now.get(stored.get(bound.name, ""), ""), _shown(form.cleaned_data.get(bound.name), bound)
        )
        for bound in form.visible_fields()
    ]
    did = VersionRow("做了什么", WORDS[theirs.kind], "")
    return Side(
        who=theirs.by, at=cn_date(localdate(theirs.at)), rows=[did, *rows], action=action, hidden=hidden,
        theirs_url=reverse("decision", args=[row.pk]),
    )  # fmt: skip


def _shown(value: Any, bound: BoundField) -> str:
    if isinstance(value, date):
        return cn_date(value)
    return dict(getattr(bound.field, "choices", ())).get(value, "") or str(value or "")
