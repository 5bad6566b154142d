"""What the law leaves to the organ: months it chose, a probation extended, a severe warning in place of a removal. Days counted by hand."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from tests.support.cast import Cast
from youwei.decisions import altering, probation
from youwei.decisions.altering import Doing, Refused, Review
from youwei.decisions.commands import Given
from youwei.decisions.models import Decision, Measure
from youwei.decisions.proof import Prover
from youwei.decisions.tests.builders import STAMP, current, days, new, person, record
from youwei.journal.queries import Finding, records, verify
from youwei.rulebook.law import load_law

pytestmark = [pytest.mark.django_db, pytest.mark.req("A2")]

MARCH_15 = date(2024, 3, 15)


def proved() -> list[Finding]:
    """The logs, and the rows compared with them."""
    return verify(provers=[Prover()])


def given(label: str, months: int | None) -> Given:
    kind = load_law().recognise(label)
    assert kind is not None
    return Given(kind, label, months)


def decided(cast: Cast, label: str, months: int | None = None) -> Decision:
    told = replace(new(cast, person(cast), label, effective=MARCH_15), measures=(given(label, months),))
    return record(told)[0]


def doing(decision: Decision) -> Doing:
    decision.refresh_from_db()
    return Doing(**STAMP, convention="inclusive", reason="与决定书原件核对", seen=decision.version)


def correct(decision: Decision, label: str, months: int | None) -> Decision:
    return altering.correct(decision=decision.pk, changes={}, measures=[given(label, months)], doing=doing(decision))


@pytest.mark.parametrize(
    ("label", "months", "spans"),
    [
        # By the law eighteen months; the organ chose thirty: to the day before 15 September 2026.
        ("政务记大过", 30, [("period", MARCH_15, date(2026, 9, 14))]),
        # The most there is: four years.
        ("政务撤职", 48, [("period", MARCH_15, date(2028, 3, 14))]),
        # One year, extended by one; then two years from the day after it.
        ("留党察看一年", 24, [
            ("probation", MARCH_15, date(2026, 3, 14)), ("after_restoration", date(2026, 3, 15), date(2028, 3, 14)),
        ]),
        # In place of a removal: two years, not eighteen months.
        ("党内严重警告(代撤销党内职务)", None, [("period", MARCH_15, date(2026, 3, 14))]),
        ("党内严重警告", None, [("period", MARCH_15, date(2025, 9, 14))]),
    ],
)  # fmt: skip
def test_the_periods_go_by_what_the_organ_decided(cast: Cast, label: str, months: int | None, spans: list[Any]) -> None:
    decision = decided(cast, label, months)
    assert days(decision) == spans
    entry = records("person", decision.person_id or 0)[-1]
    assert entry.content["measures"][0]["months"] == months
    assert proved() == []


def test_the_reason_names_the_months_that_were_chosen(cast: Cast) -> None:
    (period,) = current(decided(cast, "政务记大过", 30))
    assert any("30" in reason for reason in period.reasons)


def test_months_are_corrected_appended_and_proved(cast: Cast) -> None:
    decision = decided(cast, "留党察看一年")
    correct(decision, "留党察看一年", 24)
    assert days(decision)[0] == ("probation", MARCH_15, date(2026, 3, 14))
    entry = records("person", decision.person_id or 0)[-1]
    assert entry.kind == "decision.corrected"
    assert [entry.content[when]["measures"][0]["months"] for when in ("before", "after")] == [None, 24]
    assert proved() == []
    correct(decision, "留党察看一年", None)
    assert days(decision)[0] == ("probation", MARCH_15, date(2025, 3, 14))
    assert proved() == []


def test_months_altered_by_hand_are_found(cast: Cast) -> None:
    decision = decided(cast, "政务记大过", 30)
    Measure.objects.filter(decision=decision).update(months=18)
    assert any("机关确定的月数" in str(finding) for finding in proved())


def test_a_review_leaves_the_months_first_chosen_and_taking_it_back_finds_them(cast: Cast) -> None:
    decision = decided(cast, "政务记大过", 30)
    measure = decision.measures.get()
    review = Review(starts_on=date(2024, 9, 15), ground="复审", organ=cast.commission)
    altering.change(
        decision=decision.pk, targets={measure.pk: given("政务记过", None)}, review=review, doing=doing(decision)
    )
    measure.refresh_from_db()
    assert (measure.kind, measure.months) == ("administrative.demerit", 30)
    # 记过 is twelve months from the first decision.
    assert days(decision) == [("period", MARCH_15, date(2025, 3, 14))]
    with pytest.raises(Refused, match="月数不能再更正"):
        correct(decision, "政务记过", 24)
    altering.take_back(decision=decision.pk, doing=doing(decision))
    assert days(decision) == [("period", MARCH_15, date(2026, 9, 14))]
    assert proved() == []


def test_an_extended_probation_is_not_restored_after_its_first_year(cast: Cast) -> None:
    decision = decided(cast, "留党察看一年", 24)
    early = Review(starts_on=date(2025, 3, 15), ground="恢复党员权利", organ=cast.commission)
    with pytest.raises(Refused, match="早于察看期届满"):
        probation.restore(decision=decision.pk, review=early, doing=doing(decision))
    probation.restore(decision=decision.pk, review=replace(early, starts_on=date(2026, 3, 15)), doing=doing(decision))
    assert days(decision)[1] == ("after_restoration", date(2026, 3, 15), date(2028, 3, 14))
