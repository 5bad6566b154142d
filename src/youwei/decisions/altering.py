"""A recorded decision corrected, changed on review, withdrawn, or its last change taken back.

Each act is one transaction with an entry that holds what was before and what is now. Periods are appended as new versions,
those of the person's other decisions too where they move. A correction says that what was written was wrong; a change and a
withdrawal say that the world is different from a day on.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from youwei.decisions import prechecks, schedule
from youwei.decisions.commands import Given, rescheduled
from youwei.decisions.models import Decision, Measure
from youwei.journal.actors import Actor
from youwei.journal.commands import Act, append, append_many
from youwei.journal.models import Entry
from youwei.journal.queries import of_token, record
from youwei.journal.sealing import seal_text
from youwei.organs.models import Organ
from youwei.people.models import Person
from youwei.rulebook.law import load_law
from youwei.ui.words import cn_date

CORRECTED, CHANGED, WITHDRAWN, RESTORED, EXTENDED, SETTLED, TAKEN_BACK, REPLACED = (
    "decision.corrected", "decision.changed", "decision.withdrawn", "decision.restored", "decision.extended", "decision.settled",
    "decision.taken_back", "decision.replaced",
)  # fmt: skip
TO_BE_TAKEN_BACK = (CHANGED, WITHDRAWN, RESTORED, EXTENDED, SETTLED)
ALTERATIONS = (CORRECTED, *TO_BE_TAKEN_BACK, TAKEN_BACK, REPLACED)
OF_A_DECISION = frozenset({"number", "made_on", "effective_on", "form"})
OF_A_STUB = OF_A_DECISION | {"young"}
CORRECTABLE = OF_A_DECISION | {"problem", "facts", "unit", "counted_at", "post", "rank", "managed_by", "acts_until"}
OF_A_MEASURE = (
    "kind", "label", "family", "weight", "first_kind", "first_label", "changed_on", "changes", "restored_on", "months",
    "last_day_by_hand", "basis_by_hand",
)  # fmt: skip
WORDS = {
    CORRECTED: "更正", CHANGED: "变更", WITHDRAWN: "撤销", RESTORED: "恢复权利", EXTENDED: "延长留党察看", SETTLED: "核定终止日",
    TAKEN_BACK: "撤回登记", REPLACED: "改登记",
}  # fmt: skip
LONGEST_REASON = 500


class Refused(ValueError):
    """An act on a decision that cannot be done: the field it is about ("" for the whole), the reason and the remedy."""

    def __init__(self, field_name: str, message: str) -> None:
        super().__init__(message)
        self.field = field_name


class Stale(Exception):
    """Somebody else has altered the decision since the form was opened; `theirs` is the entry of it, unless it was taken back with an import."""

    def __init__(self, decision: Decision, theirs: Entry | None) -> None:
        super().__init__("这份决定刚刚被别人改动过")
        self.decision, self.theirs = decision, theirs


@dataclass(frozen=True, slots=True, kw_only=True)
class Doing:
    """How an alteration is entered: by whom, why, with which version of the decision in sight, and under which token."""

    by: Actor
    on: date
    at: datetime
    convention: str
    reason: str
    seen: int
    token: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """What a review decided and on what paper: from which day, on which ground (复审、复核 …), by which organ, with which number."""

    starts_on: date
    ground: str
    organ: Organ
    number: str = ""


@dataclass(slots=True)
class Work:
    """One decision, locked, while it is being altered."""

    decision: Decision
    doing: Doing
    before: dict[str, Any] = field(default_factory=dict)
    struck: list[int] = field(default_factory=list)


def entered_before(token: str | None) -> bool:
    """Whether a form was sent before: a double click is one act."""
    return token is not None and of_token(token) is not None


@transaction.atomic
def correct(*, decision: int, changes: Mapping[str, Any], measures: Sequence[Given] | None, doing: Doing) -> Decision:
    """Correct what was written wrongly. `measures` are all the decision gives, or None to leave them. Raises Refused or Stale."""
    work = begin(decision, doing)
    row = work.decision
    known = OF_A_STUB if row.secret else CORRECTABLE
    if not set(changes) <= known:
        raise ValueError(f"not correctable here: {sorted(set(changes) - known)}")
    for name, value in changes.items():
        if name == "facts":
            row.facts_sealed = seal_text(value, place="decision.facts")
        else:
            setattr(row, name, value)
    if measures is not None:
        _give(work, measures)
    _refuse_days(row)
    return enter(work, CORRECTED, on=doing.on, why=f"更正：{doing.reason.strip()}")


@transaction.atomic
def change(*, decision: int, targets: Mapping[int, Given], review: Review, doing: Doing) -> Decision:
    """Change measures on review: to another measure of the same kind of sanction, from a day. Raises Refused or Stale."""
    work = begin(decision, doing)
    row = work.decision
    refuse_review(row, review, doing)
    held = {measure.pk: measure for measure in row.measures.all()}
    if not targets:
        raise Refused("", "没有选择变更后的种类；请至少变更一项处分处理")
    for pk, given in targets.items():
        measure = held.get(pk)
        if measure is None or measure.family != given.kind.family or measure.kind == given.kind.id:
            raise Refused(f"to_{pk}", "只能变更为同一类中的另一种处分处理；不再给予的，请撤销后另行登记新的决定")
        if measure.changed_on is not None and review.starts_on < measure.changed_on:
            raise Refused("starts_on", f"早于上一次变更（{cn_date(measure.changed_on)}）；请核对日期")
        measure.first_kind, measure.first_label = (
            measure.first_kind or measure.kind,
            measure.first_label or measure.label,
        )
        measure.changed_on, measure.changes = review.starts_on, measure.changes + 1
        _name(measure, replace(given, months=measure.months))
    row.state = Decision.State.CHANGED
    return enter(work, CHANGED, on=review.starts_on, why=told("变更", review), review=review)


@transaction.atomic
def withdraw(*, decision: int, review: Review, doing: Doing) -> Decision:
    """Withdraw a decision from a day: it bars nothing any more, and what it had lengthened is computed anew. Raises Refused or Stale."""
    work = begin(decision, doing)
    row = work.decision
    refuse_review(row, review, doing)
    latest = max((measure.changed_on for measure in row.measures.all() if measure.changed_on), default=None)
    if latest is not None and review.starts_on < latest:
        raise Refused("starts_on", f"早于上一次变更（{cn_date(latest)}）；请核对日期")
    row.state, row.withdrawn_on = Decision.State.WITHDRAWN, review.starts_on
    return enter(work, WITHDRAWN, on=review.starts_on, why=told("撤销", review), review=review)


@transaction.atomic
def take_back(*, decision: int, doing: Doing) -> Decision:
    """Take back the change, withdrawal, restoration, extension or settled end entered last, because it was wrong: all is as before it."""
    work = begin(decision, doing)
    row = work.decision
    last = last_alteration(row)
    if last is None or last.kind not in TO_BE_TAKEN_BACK:
        raise Refused("", "最近一次改动不是变更、撤销、恢复权利、延长或核定终止日，不能撤回登记；写错的请更正")
    before = record(last).content["before"]
    row.state, row.withdrawn_on = before["state"], None
    held = {measure.pk: measure for measure in row.measures.all()}
    for plain in before["measures"]:
        _restore(held[plain["measure"]], plain)
    return enter(work, TAKEN_BACK, on=doing.on, why=f"撤回登记的{WORDS[last.kind]}")


def alterations(decision: Decision) -> QuerySet[Entry]:
    """The entries that altered a decision, the newest first."""
    kind, ref = _log(decision)
    entries = Entry.objects.filter(log__kind=kind, log__ref=ref, key=str(decision.pk), kind__in=ALTERATIONS)
    return entries.select_related("content").order_by("-seq")


def last_alteration(decision: Decision) -> Entry | None:
    """The entry that altered a decision last."""
    return alterations(decision).first()


def _log(decision: Decision) -> tuple[str, int]:
    return ("person", decision.person_id) if decision.person_id else ("organ", decision.deciding_organ_id)


def begin(pk: int, doing: Doing) -> Work:
    """Lock the person, then the decision, and refuse a form that is out of date."""
    person = Decision.objects.values_list("person", flat=True).get(pk=pk)
    if person is not None:
        Person.objects.select_for_update(no_key=True).get(pk=person)
    row = Decision.objects.select_for_update().get(pk=pk)
    if row.version != doing.seen or row.state == Decision.State.UNDONE:
        raise Stale(row, last_alteration(row))
    if not doing.reason.strip():
        raise Refused("reason", "没有写明理由；请写明为什么，依据什么材料")
    return Work(row, doing, _picture(row, row.measures.order_by("pk")))


def _picture(row: Decision, measures: Iterable[Measure]) -> dict[str, Any]:
    """Everything of a decision that can be altered, as the log keeps it."""
    return {
        "number": row.number, "made_on": row.made_on, "effective_on": row.effective_on, "form": row.form, "problem": row.problem,
        "facts": row.facts(), "unit": row.unit_id, "counted_at": row.counted_at_id, "post": row.post, "rank": row.rank,
        "managed_by": row.managed_by, "young": row.young, "acts_until": row.acts_until, "state": str(row.state), "withdrawn_on": row.withdrawn_on,
        **prechecks.kept(row),
        "measures": [{"measure": each.pk} | {name: getattr(each, name) for name in OF_A_MEASURE} for each in measures],
    }  # fmt: skip


def _give(work: Work, given: Sequence[Given]) -> None:
    """Make these the measures of a decision: what stays keeps its row, what was meant takes the row of what was written, the rest is struck out."""
    row = work.decision
    held = list(row.measures.order_by("pk"))
    if not given:
        raise Refused("measures", "没有写任何处分或处理；请补上种类，整份登记错的请撤销")
    wanted = list(given)
    if [(each.kind, each.label, each.months) for each in held] == [
        (each.kind.id, each.label, each.months) for each in wanted
    ]:
        return
    if row.state != Decision.State.STANDING:
        state = row.get_state_display()
        raise Refused("measures", f"这份决定{state}，种类和月数不能再更正；变更或撤销登记错的，请先撤回那次登记")
    if any(each.restored_on for each in held):
        raise Refused("measures", "已经登记恢复党员权利，种类和月数不能再更正；请先撤回那次登记")
    for each in list(held):
        same = next((one for one in wanted if one.kind.id == each.kind), None)
        if same is not None:
            _name(each, same)
            held.remove(each)
            wanted.remove(same)
    for one in list(wanted):
        meant = next((each for each in held if each.family == one.kind.family), None)
        if meant is not None:
            _name(meant, one)
            held.remove(meant)
            wanted.remove(one)
    Measure.objects.bulk_create(_name(Measure(decision=row), one, save=False) for one in wanted)
    work.struck = [each.pk for each in held]
    Measure.objects.filter(pk__in=work.struck).update(struck=True)


def _name(measure: Measure, given: Given, *, save: bool = True) -> Measure:
    if measure.kind != given.kind.id:  # what a human settled was the end of the other kind
        measure.last_day_by_hand, measure.basis_by_hand = None, ""
    measure.kind, measure.label, measure.months = given.kind.id, given.label, given.months
    measure.family, measure.weight = given.kind.family, given.kind.weight
    if save:
        measure.save(update_fields=OF_A_MEASURE)
    return measure


def _restore(measure: Measure, plain: Mapping[str, Any]) -> None:
    """A measure as the log says it was."""
    changed_on, restored_on, by_hand = plain["changed_on"], plain.get("restored_on"), plain.get("last_day_by_hand")
    measure.first_kind, measure.first_label, measure.changes = (
        plain["first_kind"], plain["first_label"], plain["changes"]
    )  # fmt: skip
    measure.changed_on = date.fromisoformat(changed_on) if changed_on else None
    measure.restored_on = date.fromisoformat(restored_on) if restored_on else None
    _name(measure, Given(load_law().measure(plain["kind"]), plain["label"], plain.get("months")), save=False)
    measure.last_day_by_hand = date.fromisoformat(by_hand) if by_hand else None
    measure.basis_by_hand = plain.get("basis_by_hand", "")
    measure.save(update_fields=OF_A_MEASURE)


def _refuse_days(row: Decision) -> None:
    """The order of days that no correction may break."""
    starts = row.effective_on or row.made_on
    if row.made_on and row.effective_on and row.effective_on < row.made_on:
        raise Refused("effective_on", f"生效日期早于决定日期（{cn_date(row.made_on)}）；请核对决定书，改正其中一个")
    later = [each.changed_on for each in row.measures.all() if each.changed_on]
    if row.withdrawn_on:
        later.append(row.withdrawn_on)
    if later and (starts is None or starts > min(later)):
        raise Refused("effective_on", f"生效日期晚于后来变更或撤销的日期（{cn_date(min(later))}）；请核对")


def refuse_review(row: Decision, review: Review, doing: Doing) -> None:
    starts = row.effective_on or row.made_on
    if row.state == Decision.State.WITHDRAWN:
        raise Refused("", "这份决定已经撤销；撤销登记错的，请先撤回那次登记")
    if starts is None:
        raise Refused("starts_on", "这份决定的日期不详，无从计算；请先更正决定日期")
    if review.starts_on < starts:
        raise Refused("starts_on", f"早于原决定生效的日期（{cn_date(starts)}）；请核对日期")
    if review.starts_on > doing.on:
        raise Refused("starts_on", "晚于今天；请在生效以后登记")


def told(word: str, review: Review) -> str:
    number = f"，{review.number}" if review.number else ""
    return f"{review.ground}{word}（{review.organ.name}{number}，{cn_date(review.starts_on)}起）"


def enter(
    work: Work, kind: str, *, on: date, why: str, review: Review | None = None, more: Mapping[str, Any] | None = None
) -> Decision:  # fmt: skip
    """Store the decision, append its periods and the entries, with what `more` the act says; refuses what alters nothing."""
    row, doing = work.decision, work.doing
    measures = list(row.measures.order_by("pk"))
    prechecks.follow(row, measures)
    after = _picture(row, measures)
    altered = {name for name, value in after.items() if value != work.before[name]}
    if not altered:
        raise Refused("", "没有改动任何内容；不需要登记")
    _keep(work, measures)
    why_of = {measure.pk: why for measure in measures}
    people = {row.person_id} if row.person_id else set()
    periods = schedule.recompute(people, convention=doing.convention, at=doing.at, why=why_of)
    own = [period for period in periods if period.measure_id in why_of]
    for period in own:
        if period.starts_on is None and period.measure.last_day_by_hand:
            raise Refused("", f"{'；'.join(period.unsettled)}。这份决定有人工核定的终止日，请先改正或撤销核定")
    content: dict[str, Any] = {
        "decision": row.pk, "version": row.version, "weight": row.weight, "reason": doing.reason.strip(),
        "before": {name: work.before[name] for name in sorted(altered | {"state", "measures"})},
        "after": {name: after[name] for name in sorted(altered | {"state", "measures"})},
        "periods": [{"measure": period.measure.label, **schedule.plain(period)} for period in own],
        **(more or {}),
    }  # fmt: skip
    if review is not None:
        content |= {
            "ground": review.ground,
            "organ": review.organ.pk,
            "number": review.number,
            "from": review.starts_on,
        }
    log, ref = _log(row)
    append(Act(log, ref, kind, content, doing.by, on, doing.at, key=str(row.pk), token=doing.token))
    append_many(rescheduled(periods, {row.pk}, doing.by, doing.on, doing.at))
    return row


def _keep(work: Work, measures: Sequence[Measure]) -> None:
    """Store what was set on the decision; the first time also what a ledger told of it, so that the same ledger knows it again."""
    row, before = work.decision, work.before
    if row.told is None:
        row.told = {
            "number": before["number"], "made_on": str(before["made_on"] or ""), "form": before["form"],
            "kinds": sorted(each["kind"] for each in before["measures"]),
        }  # fmt: skip
    row.weight = load_law().weight(load_law().measure(measure.kind) for measure in measures)
    row.version, row.altered_at = row.version + 1, work.doing.at
    row.save()
