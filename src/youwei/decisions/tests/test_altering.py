"""Decisions corrected, changed on review, withdrawn. The days were counted by hand: a period ends on the day before the corresponding day."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.cast import Cast
from youwei.decisions import altering, probation
from youwei.decisions.altering import Doing, Refused, Review, Stale
from youwei.decisions.commands import Given, undo_many
from youwei.decisions.models import Decision, Measure, Period
from youwei.decisions.tests.builders import CLERK, STAMP, current, days, new, person, record
from youwei.journal.queries import records, verify
from youwei.rulebook.law import load_law

pytestmark = [pytest.mark.django_db, pytest.mark.req("A1", "A6")]

MARCH_15 = date(2024, 3, 15)
SEPTEMBER_15 = date(2024, 9, 15)
TODAY = date(2026, 3, 17)
LATER = datetime(2026, 3, 17, 2, 0, tzinfo=UTC)


def doing(decision: Decision, **more: Any) -> Doing:
    decision.refresh_from_db()
    asked: dict[str, Any] = {
        "by": CLERK,
        "on": TODAY,
        "at": LATER,
        "convention": "inclusive",
        "reason": "与决定书原件核对",
        "seen": decision.version,
    }
    return Doing(**(asked | more))


def told(*labels: str) -> list[Given]:
    law = load_law()
    kinds = [law.recognise(label) for label in labels]
    return [Given(kind, label) for kind, label in zip(kinds, labels, strict=True) if kind is not None]


def correct(decision: Decision, *labels: str, measured: bool = False, **changes: Any) -> Decision:
    given_now = told(*labels) if labels or measured else None
    return altering.correct(decision=decision.pk, changes=changes, measures=given_now, doing=doing(decision))


def review(cast: Cast, on: date, ground: str = "复审") -> Review:
    return Review(starts_on=on, ground=ground, organ=cast.commission, number="青纪复〔2024〕3号")


def change(cast: Cast, decision: Decision, label: str, on: date, **more: Any) -> Decision:
    (measure,) = decision.measures.all()
    (target,) = told(label)
    return altering.change(
        decision=decision.pk, targets={measure.pk: target}, review=review(cast, on), doing=doing(decision, **more)
    )


def withdraw(cast: Cast, decision: Decision, on: date) -> Decision:
    return altering.withdraw(decision=decision.pk, review=review(cast, on, "申诉"), doing=doing(decision))


@pytest.fixture
def warning(cast: Cast) -> Decision:
    return record(new(cast, person(cast), "党内警告", effective=MARCH_15, number="青纪发〔2024〕7号", form=2))[0]


def test_a_wrong_day_is_corrected_and_the_period_is_appended_anew(warning: Decision) -> None:
    correct(warning, made_on=date(2024, 3, 25), effective_on=date(2024, 3, 25))
    # Twelve months from the 25th: corresponding day 2025-03-25.
    assert days(warning) == [("period", date(2024, 3, 25), date(2025, 3, 24))]
    kept = Period.objects.filter(measure__decision=warning).order_by("version")
    assert [(each.version, each.current, each.last_day) for each in kept] == [
        (1, False, date(2025, 3, 14)),
        (2, True, date(2025, 3, 24)),
    ]
    assert kept[1].why == "更正：与决定书原件核对"
    entry = records("person", warning.person_id or 0)[-1]
    assert (entry.kind, entry.key, entry.on, entry.content["reason"]) == (
        "decision.corrected",
        str(warning.pk),
        TODAY,
        "与决定书原件核对",
    )
    assert (entry.content["before"]["made_on"], entry.content["after"]["made_on"]) == ("2024-03-15", "2024-03-25")
    assert "number" not in entry.content["before"]
    assert verify() == []


def test_words_are_corrected_without_touching_a_period(cast: Cast, warning: Decision) -> None:
    correct(
        warning,
        number="青纪发〔2024〕17号",
        post="副科长",
        problem="违反廉洁纪律",
        facts="收受礼金。",
        unit=cast.commission,
    )
    warning.refresh_from_db()
    assert (warning.number, warning.post, warning.problem, warning.facts(), warning.unit) == (
        "青纪发〔2024〕17号", "副科长", "违反廉洁纪律", "收受礼金。", cast.commission
    )  # fmt: skip
    assert Period.objects.count() == 1
    assert (warning.version, warning.state, warning.altered_at) == (2, "standing", LATER)
    assert warning.told == {
        "number": "青纪发〔2024〕7号",
        "made_on": "2024-03-15",
        "form": 2,
        "kinds": ["party.warning"],
    }


def test_a_measure_written_wrongly_keeps_its_row_and_its_old_period(warning: Decision) -> None:
    correct(warning, "党内严重警告", "政务记过")
    found = {each.measure.label: (each.last_day, each.version) for each in current(warning)}
    # 18 months and 12 months from 15 March 2024.
    assert found == {"党内严重警告": (date(2025, 9, 14), 2), "政务记过": (date(2025, 3, 14), 1)}
    correct(warning, "政务撤职")
    # 24 months; the Party sanction is given by no decision any more, its periods stay in the store.
    assert [(each.measure.label, each.last_day) for each in current(warning)] == [("政务撤职", date(2026, 3, 14))]
    assert [each.label for each in warning.measures.all()] == ["政务撤职"]
    assert Period.objects.filter(measure__label="党内严重警告").count() == 2
    warning.refresh_from_db()
    assert warning.weight == "重"


def test_what_a_correction_moves_in_other_decisions_is_appended_and_told(cast: Cast, warning: Decision) -> None:
    (second,) = record(new(cast, warning.person, "党内严重警告", effective=SEPTEMBER_15))
    # Six months left of the warning and eighteen new: 24 from 15 September 2024.
    assert days(second) == [("period", SEPTEMBER_15, date(2026, 9, 14))]
    correct(warning, "诫勉")
    # An admonition is not added to: eighteen months alone.
    assert days(second) == [("period", SEPTEMBER_15, date(2026, 3, 14))]
    assert [each.kind for each in records("person", warning.person_id or 0)][-2:] == [
        "decision.corrected",
        "period.set",
    ]
    assert current(second)[0].why == "因其他处分重新计算"


def test_a_lighter_measure_on_review_counts_from_the_first_decision(cast: Cast) -> None:
    (decision,) = record(new(cast, person(cast), "党内严重警告", effective=MARCH_15))
    change(cast, decision, "党内警告", date(2024, 10, 8))
    # The warning's twelve months from 15 March 2024, not from the review.
    assert days(decision) == [("period", MARCH_15, date(2025, 3, 14))]
    (measure,) = decision.measures.all()
    assert (measure.kind, measure.first_kind, measure.first_label, measure.changed_on) == (
        "party.warning", "party.severe_warning", "党内严重警告", date(2024, 10, 8)
    )  # fmt: skip
    decision.refresh_from_db()
    assert decision.state == Decision.State.CHANGED
    entry = records("person", decision.person_id or 0)[-1]
    assert (entry.kind, entry.on, entry.content["ground"], entry.content["number"], entry.content["organ"]) == (
        "decision.changed", date(2024, 10, 8), "复审", "青纪复〔2024〕3号", cast.commission.pk
    )  # fmt: skip


def test_a_heavier_measure_on_review_counts_from_the_review_less_what_was_served(cast: Cast, warning: Decision) -> None:
    change(cast, warning, "党内严重警告", SEPTEMBER_15)
    # Eighteen months less the six served: twelve from 15 September 2024.
    assert days(warning) == [("period", SEPTEMBER_15, date(2025, 9, 14))]


def test_a_withdrawn_decision_bars_nothing_and_lengthens_nothing(cast: Cast, warning: Decision) -> None:
    (second,) = record(new(cast, warning.person, "党内严重警告", effective=SEPTEMBER_15))
    withdraw(cast, warning, date(2024, 10, 8))
    (void,) = current(warning)
    assert (void.last_day, void.until, void.permanent) == (None, {}, False)
    assert "被撤销" in void.reasons[0]
    assert days(second) == [("period", SEPTEMBER_15, date(2026, 3, 14))]
    warning.refresh_from_db()
    assert (warning.state, warning.withdrawn_on) == (Decision.State.WITHDRAWN, date(2024, 10, 8))


def test_changed_twice_is_marked_and_changed_back_is_the_first(cast: Cast) -> None:
    (decision,) = record(new(cast, person(cast), "党内严重警告", effective=MARCH_15))
    change(cast, decision, "党内警告", date(2024, 10, 8))
    change(cast, decision, "党内严重警告", date(2024, 12, 2))
    (period,) = current(decision)
    # Eighteen months from 15 March 2024, as decided.
    assert (period.last_day, "不止一次" in period.unsettled[-1]) == (date(2025, 9, 14), True)


@pytest.mark.parametrize("act", ["change", "withdraw"])
def test_a_change_entered_wrongly_is_taken_back(cast: Cast, warning: Decision, act: str) -> None:
    if act == "change":
        change(cast, warning, "党内严重警告", SEPTEMBER_15)
    else:
        withdraw(cast, warning, SEPTEMBER_15)
    altering.take_back(decision=warning.pk, doing=doing(warning))
    warning.refresh_from_db()
    assert days(warning) == [("period", MARCH_15, date(2025, 3, 14))]
    assert (warning.state, warning.withdrawn_on, warning.version) == ("standing", None, 3)
    (measure,) = warning.measures.all()
    assert (measure.kind, measure.first_kind, measure.changed_on, measure.changes) == ("party.warning", "", None, 0)
    with pytest.raises(Refused, match="不是变更、撤销、恢复权利、延长或核定终止日"):
        altering.take_back(decision=warning.pk, doing=doing(warning))
    assert verify() == []


def test_a_stub_is_corrected_in_its_few_fields_and_stays_unknown(cast: Cast) -> None:
    (stub,) = record(new(cast, None, "党内警告", effective=MARCH_15, secret=True, acts_until=None, number="青密1号"))
    correct(stub, "政务警告", number="青密2号", made_on=date(2024, 3, 14), effective_on=date(2024, 3, 14), form=1)
    stub.refresh_from_db()
    assert (stub.number, stub.form, stub.person, stub.unit, stub.facts_sealed) == ("青密2号", 1, None, None, None)
    assert [each.label for each in stub.measures.all()] == ["政务警告"]
    assert not Period.objects.exists()
    entry = records("organ", cast.commission.pk)[-1]
    assert (entry.kind, entry.content["after"]["number"]) == ("decision.corrected", "青密2号")
    with pytest.raises(ValueError, match="not correctable"):
        correct(stub, facts="某事")


def restore(cast: Cast, decision: Decision, on: date) -> Decision:
    return probation.restore(decision=decision.pk, review=review(cast, on, "恢复党员权利"), doing=doing(decision))


@pytest.mark.req("A2")
def test_restored_rights_settle_the_period_after_a_probation(cast: Cast) -> None:
    (decision,) = record(new(cast, person(cast), "留党察看一年", effective=MARCH_15))
    assert any("恢复党员权利的日期未填写" in text for period in current(decision) for text in period.unsettled)
    restore(cast, decision, date(2025, 3, 15))
    # One year of probation from 15 March 2024; two years from the restoration on the day after it.
    assert days(decision) == [
        ("probation", MARCH_15, date(2025, 3, 14)),
        ("after_restoration", date(2025, 3, 15), date(2027, 3, 14)),
    ]
    assert not any("未填写" in text for period in current(decision) for text in period.unsettled)
    entry = records("person", decision.person_id or 0)[-1]
    assert (entry.kind, entry.on, entry.content["number"]) == (
        "decision.restored",
        date(2025, 3, 15),
        "青纪复〔2024〕3号",
    )
    with pytest.raises(Refused, match="只登记一次"):
        restore(cast, decision, date(2025, 3, 16))
    altering.take_back(decision=decision.pk, doing=doing(decision))
    assert any("未填写" in text for period in current(decision) for text in period.unsettled)


@pytest.mark.req("A2", "K6")
def test_rights_are_not_restored_before_the_probation_is_over_nor_without_one(cast: Cast, warning: Decision) -> None:
    (decision,) = record(new(cast, person(cast), "留党察看一年", effective=MARCH_15))
    with pytest.raises(Refused, match="早于察看期届满") as refused:
        restore(cast, decision, date(2025, 3, 1))
    assert refused.value.field == "starts_on"
    decision.refresh_from_db()
    assert (decision.version, decision.measures.get().restored_on) == (1, None)
    with pytest.raises(Refused, match="只有留党察看"):
        restore(cast, warning, date(2025, 3, 15))


def test_a_restored_probation_is_not_corrected_underneath(cast: Cast) -> None:
    (decision,) = record(new(cast, person(cast), "留党察看一年", effective=MARCH_15))
    restore(cast, decision, date(2025, 3, 15))
    with pytest.raises(Refused, match="恢复党员权利"):
        correct(decision, "党内警告")


@pytest.mark.req("A4")
def test_whether_the_person_of_a_stub_was_young_can_be_corrected(cast: Cast, warning: Decision) -> None:
    (stub,) = record(new(cast, None, "党内警告", effective=MARCH_15, secret=True, acts_until=None, number="青密1号"))
    correct(stub, young=True)
    stub.refresh_from_db()
    assert stub.young is True
    with pytest.raises(ValueError, match="not correctable"):
        correct(warning, young=True)


REFUSED: dict[str, tuple[Callable[[Cast, Decision], Any], str]] = {
    "nothing altered": (lambda _, row: correct(row, number=row.number), ""),
    "no reason": (
        lambda _, row: altering.correct(
            decision=row.pk, changes={"form": 1}, measures=None, doing=doing(row, reason=" ")
        ),
        "reason",
    ),
    "no measure": (lambda _, row: correct(row, measured=True), "measures"),
    "effective before made": (lambda _, row: correct(row, made_on=date(2024, 3, 16)), "effective_on"),
    "another family": (lambda cast, row: change(cast, row, "政务警告", SEPTEMBER_15), "to_"),
    "the same measure": (lambda cast, row: change(cast, row, "党内警告", SEPTEMBER_15), "to_"),
    "before the decision": (lambda cast, row: change(cast, row, "党内严重警告", date(2024, 3, 14)), "starts_on"),
    "in the future": (lambda cast, row: withdraw(cast, row, date(2026, 3, 18)), "starts_on"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_is_refused_at_its_field_and_changes_nothing(cast: Cast, warning: Decision, name: str) -> None:
    act, where = REFUSED[name]
    with pytest.raises(Refused) as refused:
        act(cast, warning)
    assert refused.value.field.startswith(where)
    warning.refresh_from_db()
    assert (warning.version, warning.told, days(warning)) == (1, None, [("period", MARCH_15, date(2025, 3, 14))])
    assert [each.kind for each in records("person", warning.person_id or 0)][-1] == "decision.recorded"


def test_of_two_at_once_one_wins_and_the_other_sees_what_was_done(warning: Decision) -> None:
    seen = doing(warning)
    correct(warning, number="青纪发〔2024〕8号")
    with pytest.raises(Stale) as stale:
        altering.correct(decision=warning.pk, changes={"number": "青纪发〔2024〕9号"}, measures=None, doing=seen)
    assert stale.value.theirs is not None
    assert (stale.value.theirs.kind, stale.value.decision.number) == ("decision.corrected", "青纪发〔2024〕8号")


def test_nothing_is_altered_after_an_import_was_taken_back(cast: Cast, warning: Decision) -> None:
    seen = doing(warning)
    undo_many(decisions=[warning], convention="inclusive", **STAMP)
    with pytest.raises(Stale):
        altering.withdraw(decision=warning.pk, review=review(cast, SEPTEMBER_15), doing=seen)


def test_a_measure_once_changed_is_not_corrected_underneath(cast: Cast, warning: Decision) -> None:
    change(cast, warning, "党内严重警告", SEPTEMBER_15)
    with pytest.raises(Refused, match="撤回那次登记"):
        correct(warning, "党内警告")
    with pytest.raises(Refused, match="晚于后来变更"):
        correct(warning, made_on=date(2024, 10, 1), effective_on=date(2024, 10, 1))
    correct(warning, number="青纪发〔2024〕8号")


LABELS = ("党内警告", "党内严重警告", "撤销党内职务", "政务警告", "政务记大过", "诫勉")
MEASURED = st.lists(st.sampled_from(LABELS), min_size=1, max_size=3, unique=True)
DAYS = st.dates(date(2022, 1, 1), date(2025, 12, 31))


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=MEASURED, second=MEASURED, wrong=DAYS, right=DAYS)
def test_a_corrected_decision_counts_as_one_recorded_rightly(
    cast: Cast, first: list[str], second: list[str], wrong: date, right: date
) -> None:
    """Whatever was written at first: the periods are those of a decision recorded rightly, of the person's other decisions too."""
    slip, other = person(cast), person(cast)
    (mended,) = record(new(cast, slip, *first, effective=wrong))
    record(new(cast, slip, "党内警告", effective=date(2025, 2, 3)))
    record(new(cast, other, *second, effective=right))
    record(new(cast, other, "党内警告", effective=date(2025, 2, 3)))
    if (sorted(first), wrong) != (sorted(second), right):
        correct(mended, *second, made_on=right, effective_on=right)

    def periods(of: Any) -> list[Any]:
        rows = Period.objects.filter(person=of, current=True)
        return sorted(rows.values_list("measure__label", "starts_on", "last_day", "months"), key=str)

    assert periods(slip) == periods(other)
    assert Measure.objects.filter(decision=mended).count() == len(second)
