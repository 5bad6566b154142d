"""From measures to periods: asks the rulebook for all of a person's standing measures at once, and appends what is new or has changed."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import Q

from youwei.decisions.models import Decision, Measure, Period
from youwei.journal.digests import canonical, sm3
from youwei.journal.stores import store
from youwei.people.models import Person
from youwei.rulebook.law import Law, LawFault, load_law
from youwei.rulebook.measures import PersonKind
from youwei.rulebook.periods import WITHDRAWN, Bar, Change, Sanction, compute_bars

CHUNK = 500
LONGEST_WHY = 200
UNKNOWN_DAY = "生效日期不详，期间待核"
OF_ANOTHER = "因其他处分重新计算"
CHANGED_AGAIN = "变更过不止一次，没有明文：现按原处分和最后一次变更计算，待核"
COMPARED = (
    "starts_on", "last_day", "first_eligible_on", "months", "permanent", "until", "unsettled", "by_hand", "computed"
)  # fmt: skip


def append_periods(measures: Sequence[Measure], *, convention: str, at: datetime) -> list[Period]:
    """Periods of these new measures, and new versions for older measures of the same persons where the new ones change them."""
    people = {measure.decision.person_id for measure in measures if measure.decision.person_id}
    return _append(people, {measure.pk: measure for measure in measures}, convention, at, {})


def recompute(
    people: Iterable[int], *, convention: str, at: datetime, why: Mapping[int, str] | None = None
) -> list[Period]:
    """New versions for the measures of these persons, where they now come out otherwise; what no decision gives any more is current no longer.

    `why` says for a measure why it is computed anew; of the others it was another sanction.
    """
    return _append(set(people), {}, convention, at, why or {})


def _append(
    people: set[int], new: Mapping[int, Measure], convention: str, at: datetime, why: Mapping[int, str]
) -> list[Period]:
    ordered = sorted(people)
    _hold(ordered)
    before = _current(ordered)
    held: dict[int, list[Measure]] = {person: [] for person in ordered}
    for measure in (*new.values(), *_standing(ordered, new.values())):
        if measure.decision.person_id:
            held[measure.decision.person_id].append(measure)
    found: list[Period] = []
    given = {measure.pk for measures in held.values() for measure in measures}
    outdated = [period.pk for pk, old in before.items() if pk not in given for period in old]
    for person, measures in held.items():
        for pk, periods in _by_measure(_periods(person, measures, convention, at)).items():
            old = before.get(pk, [])
            if not _same(old, periods):
                found += _versioned(old, periods, why.get(pk, OF_ANOTHER))
                outdated += [period.pk for period in old]
    for start in range(0, len(outdated), CHUNK):
        Period.objects.filter(pk__in=outdated[start : start + CHUNK]).update(current=False)
    return list(store(found))


def _hold(people: Sequence[int]) -> None:
    """Two acts on one person's decisions append one after the other."""
    for start in range(0, len(people), CHUNK):
        rows = Person.objects.select_for_update(no_key=True).filter(pk__in=people[start : start + CHUNK])
        list(rows.order_by("pk").values_list("pk", flat=True))


def _by_measure(periods: Iterable[Period]) -> dict[int, list[Period]]:
    found: dict[int, list[Period]] = {}
    for period in periods:
        found.setdefault(period.measure_id, []).append(period)
    return found


def _standing(people: Sequence[int], new: Iterable[Measure]) -> Iterable[Measure]:
    """What else was decided on these people: the new measures need not be read again."""
    of_person: dict[int | None, list[int]] = {}
    for measure in new:
        of_person.setdefault(measure.decision.person_id, []).append(measure.pk)
    for start in range(0, len(people), CHUNK):
        some = people[start : start + CHUNK]
        known = [pk for person in some for pk in of_person.get(person, ())]
        yield from Measure.objects.filter(
            ~Q(decision__state=Decision.State.UNDONE), ~Q(pk__in=known), decision__person__in=some
        ).select_related("decision__person")


def _current(people: Sequence[int]) -> dict[int, list[Period]]:
    found: list[Period] = []
    for start in range(0, len(people), CHUNK):
        found += Period.objects.filter(person__in=people[start : start + CHUNK], current=True)
    return _by_measure(found)


def _versioned(before: list[Period], periods: list[Period], why: str) -> list[Period]:
    version = max((period.version for period in before), default=0) + 1
    for period in periods:
        period.version = version
        period.why = why[:LONGEST_WHY] if version > 1 else ""
    return periods


def _same(before: list[Period], after: list[Period]) -> bool:
    def key(periods: list[Period]) -> list[tuple[Any, ...]]:
        return sorted(
            (
                (period.span, *(getattr(period, name) for name in COMPARED), period.by_hand and period.reasons)
                for period in periods
            ),
            key=str,
        )

    return key(before) == key(after)


def _periods(person: int, measures: list[Measure], convention: str, at: datetime) -> list[Period]:
    """The periods of one person's standing measures; what the law cannot answer is marked 待核 with its reason."""
    law = load_law()
    dated = {str(measure.pk): measure for measure in measures if _starts(measure.decision)}
    bars, faults = _bars([_sanction(measure, law) for measure in dated.values()], law, convention)
    faults |= {str(measure.pk): UNKNOWN_DAY for measure in measures if str(measure.pk) not in dated}
    found = [_period(bar, dated[bar.key], person, at) for bar in bars]
    for period in found:
        if period.measure.decision.withdrawn_on is not None:
            continue
        period.unsettled += _unfit(period.measure, law)
        if period.measure.changes > 1 and not period.by_hand:
            period.unsettled.append(CHANGED_AGAIN)
    by_key = {str(measure.pk): measure for measure in measures}
    return found + [
        Period(measure=by_key[key], person_id=person, unsettled=[why], recorded_at=at) for key, why in faults.items()
    ]


def _bars(sanctions: Sequence[Sanction], law: Law, convention: str) -> tuple[tuple[Bar, ...], dict[str, str]]:
    """The bars of all sanctions together. One the law refuses is left out with its reason and spoils no other."""
    try:
        return compute_bars(sanctions, law, convention), {}
    except LawFault:
        faults: dict[str, str] = {}
        sound: list[Sanction] = []
        for each in sanctions:
            try:
                compute_bars([each], law, convention)
                sound.append(each)
            except LawFault as fault:
                faults[each.key] = str(fault)
        if not faults:
            raise
        return compute_bars(sound, law, convention), faults


def _starts(decision: Decision) -> date | None:
    return decision.effective_on or decision.made_on


def _person_kind(measure: Measure, law: Law) -> PersonKind | None:
    person = measure.decision.person
    return law.person_kind(person.kind) if person is not None and person.kind else None


def _given(measure: Measure) -> str:
    """The kind as it was decided, whatever a review made of it."""
    return measure.first_kind or measure.kind


def _fits(measure: Measure, kind: PersonKind, law: Law) -> bool:
    starts = _starts(measure.decision)
    return starts is None or kind.may_receive(law.measure(_given(measure)), starts)


def _unfit(measure: Measure, law: Law) -> list[str]:
    """What this kind of person cannot receive is counted all the same, and marked: the ledger says it was given."""
    kind = _person_kind(measure, law)
    if kind is None or _fits(measure, kind, law):
        return []
    return [f"{kind.title}依法不能受到{measure.first_label or measure.label}，请核对人员类别和处分种类，待核"]


def _sanction(measure: Measure, law: Law) -> Sanction:
    decision = measure.decision
    starts = _starts(decision)
    if starts is None:
        raise ValueError("a sanction without a day")
    kind = _person_kind(measure, law)
    return Sanction(
        measure=_given(measure), effective_on=starts, acts_until=decision.acts_until, key=str(measure.pk),
        person_kind=kind.id if kind is not None and _fits(measure, kind, law) else "", changed_to=_change(measure),
        months=measure.months, restored_on=measure.restored_on, last_day_by_hand=measure.last_day_by_hand,
        basis_by_hand=measure.basis_by_hand,
    )  # fmt: skip


def _change(measure: Measure) -> Change | None:
    """What a review made of a measure; one changed back to what it was is the measure as decided."""
    if measure.decision.withdrawn_on is not None:
        return Change(WITHDRAWN, measure.decision.withdrawn_on)
    if measure.changed_on is None or measure.kind == _given(measure):
        return None
    return Change(measure.kind, measure.changed_on)


def _period(bar: Bar, measure: Measure, person: int, at: datetime) -> Period:
    return Period(
        measure=measure, person_id=person, span=str(bar.span), starts_on=bar.starts_on, last_day=bar.last_day,
        first_eligible_on=bar.first_eligible_on, months=bar.months, permanent=bar.permanent, by_hand=bar.by_hand, computed=bar.computed,
        until={str(kind): day.isoformat() for kind, day in bar.until.items()},
        unsettled=[each.text for each in bar.unsettled], reasons=[each.text for each in bar.reasons],
        basis=[each.text for each in bar.basis], recorded_at=at,
    )  # fmt: skip


def plain(period: Period) -> dict[str, Any]:
    """A period as the log keeps it: its row, the row of its measure, and its days; of its reasons and citations a digest, for they are long."""
    return {
        "period": period.pk,
        "of": period.measure_id,
        "version": period.version,
        "span": period.span,
        "starts_on": period.starts_on,
        "last_day": period.last_day,
        "first_eligible_on": period.first_eligible_on,
        "months": period.months,
        "permanent": period.permanent,
        **({"by_hand": True, "computed": period.computed} if period.by_hand else {}),
        "until": period.until,
        "unsettled": period.unsettled,
        "reasons": digest_of(period.reasons),
        "basis": digest_of(period.basis),
        "why": period.why,
    }


def digest_of(texts: list[str]) -> str:
    """A digest of the reasons or the citations of a period."""
    return sm3(canonical({"texts": texts}))
