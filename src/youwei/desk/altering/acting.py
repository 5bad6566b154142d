"""From a form of altering to its command. A correction is read and checked like a line of a ledger."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode

from youwei.cases import following, settling
from youwei.cases import queries as cases
from youwei.cases.following import Consequences
from youwei.cases.models import Case
from youwei.cases.queries import View
from youwei.decisions.altering import TO_BE_TAKEN_BACK, Doing, Review, last_alteration
from youwei.decisions.commands import Given
from youwei.decisions.models import Decision
from youwei.decisions.probation import awaits_restoration
from youwei.decisions.settling import impossible as not_to_be_settled
from youwei.desk.address import whole, words
from youwei.desk.altering import reassigning
from youwei.desk.altering.forms import (
    GROUNDS,
    STORED,
    AlterForm,
    ChangeForm,
    CorrectForm,
    ExtendForm,
    RestoreForm,
    ReviewForm,
    SettleForm,
)
from youwei.desk.altering.reassigning import ReassignForm
from youwei.intake.columns import SURE, Column
from youwei.intake.fields import BY_KEY, MONTHS_OF
from youwei.intake.parse import Row, RowReader
from youwei.intake.queries import STUB, day_of, rules_for
from youwei.organs.models import Organ
from youwei.organs.policy import Reader, visible
from youwei.organs.queries import region_of
from youwei.rulebook.law import load_law
from youwei.rulebook.packs import Step

GROUND_OF = {"restore": "恢复党员权利", "extend": "延长留党察看"}
#: The page on which a step of kind alteration is done: `pack_keys.ALTERATIONS` → kind of page.
PAGES = {"changed": "change", "withdrawn": "withdraw", "restored": "restore", "extended": "extend"}
MARKED = "写有密级标志：国家秘密不得录入本系统；请删去后再更正"
DISCIPLINE = (Organ.Kind.COMMISSION, Organ.Kind.WORK_COMMISSION, Organ.Kind.DISPATCHED, Organ.Kind.ORGANIZATION)


def new_token() -> str:
    return secrets.token_urlsafe(24)


def deciding_organs(decision: Decision) -> list[Organ]:
    """Who may have reviewed a decision: the organ that decided, and those beside and above it."""
    own = decision.deciding_organ
    keys = [int(part) for part in own.path.split("/") if part]
    beside = Organ.objects.filter(parent__in=keys, kind__in=DISCIPLINE, ends_on=None).exclude(pk=own.pk)
    return [own, *beside.order_by("path")]


@dataclass(frozen=True, slots=True)
class Corrected:
    """A correction as read: what changes, the measures where they change, and what is doubtful though it may stand."""

    changes: Mapping[str, Any]
    measures: list[Given] | None
    warnings: tuple[str, ...]


def read(form: CorrectForm, today: date) -> Corrected | None:
    """Read a correction with the checks of a ledger; what is wrong is shown at its field. None then."""
    decision, moved = form.decision, form.moved()
    row = _row(form, today)
    if row.kind == STUB:
        form.take("", MARKED)
    for fault in row.faults:
        if fault.field in form.fields or fault.field in ("party", "administrative", "handling"):
            form.take(
                fault.field if fault.field in form.fields else "measures", str(fault.message + "；" + fault.remedy)
            )
    if form.errors:
        return None
    values, law = row.values, load_law()
    told: dict[str, Any] = {
        "number": values.get("number") or "", "decided_on": day_of(values.get("decided_on")), "form": values.get("form") or None,
        "effective_on": day_of(values.get("effective_on")), "category": values.get("category") or "", "facts": values.get("facts") or "",
        "post": values.get("post") or "", "rank": values.get("rank") or "", "managed_by": values.get("managed_by") or "",
        "acts_until": day_of(values.get("acts_until")),
    }  # fmt: skip
    if moved & {"decided_on", "effective_on"}:
        moved |= {"decided_on", "effective_on"}
    changes = {STORED[name]: told[name] for name in moved if name in told}
    if "young" in moved:
        changes["young"] = form.cleaned_data["young"]
    if "unit" in moved:
        changes |= _unit(decision, form.cleaned_data["unit"])
    measures = [Given(law.measure(each["id"]), each["label"], each.get("months")) for each in values["measures"]]
    shown = {*form.fields, "party", "administrative", "handling"}
    warnings = tuple(dict.fromkeys(each.message for each in row.warnings if each.field in shown))
    return Corrected(changes, measures if moved & {"measures", *MONTHS_OF.values()} else None, warnings)


def _row(form: CorrectForm, today: date) -> Row:
    """The decision as a line of a ledger, with what the person's dossier says where the checks compare."""
    decision, person = form.decision, form.decision.person
    cells = {name: _cell(form.cleaned_data.get(name)) for name in form.fields if name in BY_KEY}
    if person is not None:
        born = person.born_on.isoformat()[:7] if person.born_on else ""
        cells |= {"name": person.name, "politics": person.politics, "kind": person.kind, "born": born}
        chosen = Organ.objects.filter(pk=form.cleaned_data["unit"]).first() if form.cleaned_data.get("unit") else None
        cells["unit"] = chosen.name if chosen is not None else ""
    else:
        cells["name"] = "某某"
    columns = [Column(place, BY_KEY[key].title, key, SURE, "") for place, key in enumerate(cells)]
    rules = rules_for(decision.deciding_organ, mode=decision.mode, on=today)
    row = RowReader(columns, rules).read(1, list(cells.values()))
    if not isinstance(row, Row):
        raise TypeError(row)
    return row


def _cell(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else str(value or "")


def _unit(decision: Decision, key: str) -> dict[str, Any]:
    """The unit, and where the decision is counted when that followed from it."""
    unit = Organ.objects.get(pk=int(key)) if key else None
    found: dict[str, Any] = {"unit": unit}
    follows = decision.unit is None or region_of(decision.unit).pk == decision.counted_at_id
    if unit is not None and follows:
        found["counted_at"] = region_of(unit)
    return found


@dataclass(frozen=True, slots=True)
class Origin:
    """The step of a case by which one came here: where to go back, and what its case says already."""

    title: str
    url: str
    filled: Mapping[str, Any]


def page_of_step(case: Case, step: Step) -> str:
    """The address at which a step of kind alteration is done."""
    asked = urlencode({"case": str(case.pk), "step": step.id})
    return f"{reverse(f'decision-{PAGES[step.alters]}', args=[case.decision_id])}?{asked}"


def origin(who: Reader, asked: Mapping[str, str], decision: Decision, kind: str) -> Origin | None:
    """The step named in the address, where it is one of this decision, waits for this act, and the case may be seen."""
    pk, name = whole(asked, "case"), words(asked, "step", 64)
    rows = visible(who, "case.view", Case.objects.filter(decision=decision.pk)).select_related("decision")
    case = rows.filter(pk=pk).first() if pk else None
    if case is None:
        return None
    found = cases.view(case, who.on)
    step = found.pack.steps.get(name)
    if step is None or PAGES.get(step.alters) != kind:
        return None
    url = f"{reverse('case', args=[case.pk])}?{urlencode({'step': name})}#step"
    return Origin(f"{case.title}：{step.title}", url, _filled(found, step))


def _filled(found: View, step: Step) -> dict[str, Any]:
    """From the records just before: the day and number they name, else their day; the ground as the step's title says it."""
    before = [record for each in step.after for record in found.standing.get(each, {}).values()]
    filled: dict[str, Any] = {"ground": next((word for word in GROUNDS if word in step.title), None)}
    if before:
        last = max(before, key=lambda record: record.on)
        filled |= {"starts_on": last.values.get("starts_on") or last.on, "number": last.values.get("number")}
    return {name: value for name, value in filled.items() if value}


def review_of(form: ReviewForm, kind: str) -> Review:
    given = form.cleaned_data
    return Review(
        starts_on=given["starts_on"],
        ground=given.get("ground") or GROUND_OF[kind],
        organ=form.organs[given["organ"]],
        number=given["number"],
    )


def do(form: AlterForm, kind: str, decision: Decision, doing: Doing, read: Corrected | None) -> Consequences | None:
    """The command of a form."""
    if kind == "correct" and read is not None:
        return following.correct(decision=decision.pk, changes=read.changes, measures=read.measures, doing=doing)
    if isinstance(form, ReassignForm):
        return reassigning.do(form, decision, doing)
    if isinstance(form, SettleForm):
        return settling.settle(decision=decision.pk, ends=form.ends(), basis=form.cleaned_data["basis"], doing=doing)
    if isinstance(form, ChangeForm):
        return following.change(decision=decision.pk, targets=form.targets(), review=review_of(form, kind), doing=doing)
    if isinstance(form, ExtendForm):
        return following.extend(decision=decision.pk, review=review_of(form, kind), doing=doing)
    if isinstance(form, RestoreForm):
        return following.restore(decision=decision.pk, review=review_of(form, kind), doing=doing)
    if isinstance(form, ReviewForm):
        return following.withdraw(decision=decision.pk, review=review_of(form, kind), doing=doing)
    return following.take_back(decision=decision.pk, doing=doing)


def impossible(decision: Decision, kind: str) -> str:
    """Why an act cannot be begun on a decision as it stands, in Chinese; "" when it can."""
    if kind in ("restore", "extend") and not any(awaits_restoration(each) for each in decision.measures.all()):
        return "只有还没有恢复党员权利的留党察看，才登记恢复权利、延长察看"
    if kind == "take-back":
        last = last_alteration(decision)
        return (
            ""
            if last is not None and last.kind in TO_BE_TAKEN_BACK
            else "最近一次改动不是变更、撤销、恢复权利、延长或核定终止日，没有可以撤回的"
        )
    if kind in ("change", "withdraw") and decision.state == Decision.State.WITHDRAWN:
        return "这份决定已经撤销，不再变更、撤销"
    return _not_to_be_settled(decision) if kind == "settle" else ""


def _not_to_be_settled(decision: Decision) -> str:
    """Why no last day of this decision can be settled."""
    if decision.secret:
        return "存根没有期间，不核定终止日"
    why = [not_to_be_settled(each) for each in decision.measures.order_by("pk")]
    if decision.state == Decision.State.WITHDRAWN:
        return "这份决定已经撤销，没有期间可以核定"
    return why[0] if why and all(why) else ""
