"""The last day of a period settled by a human, beside what the law computes. Days counted by hand."""

from datetime import date
from typing import Any

import pytest

from tests.support.cast import Cast
from youwei.decisions import altering, probation, settling
from youwei.decisions.altering import Doing, Refused, Review
from youwei.decisions.commands import Given
from youwei.decisions.models import Decision, Measure, Period
from youwei.decisions.proof import Prover
from youwei.decisions.tests.builders import STAMP, current, days, new, person, record
from youwei.journal.queries import records, verify
from youwei.rulebook.law import load_law

pytestmark = [pytest.mark.django_db, pytest.mark.req("A1", "A2")]

MARCH_15 = date(2024, 3, 15)
BASIS = "青纪发〔2024〕7号第三条"


def doing(decision: Decision) -> Doing:
    decision.refresh_from_db()
    return Doing(**STAMP, convention="inclusive", reason="决定书写明期限", seen=decision.version)


def settle(decision: Decision, day: date | None, basis: str = BASIS) -> Decision:
    measure = decision.measures.get()
    return settling.settle(decision=decision.pk, ends={measure.pk: day}, basis=basis, doing=doing(decision))


def sound() -> bool:
    return verify(provers=[Prover()]) == []


def given(label: str) -> Given:
    kind = load_law().recognise(label)
    assert kind is not None
    return Given(kind, label)


@pytest.fixture
def warning(cast: Cast) -> Decision:
    """Twelve months from 15 March 2024: to 14 March 2025."""
    return record(new(cast, person(cast), "党内警告", effective=MARCH_15, number="青纪发〔2024〕7号", form=2))[0]


def test_a_settled_day_rules_and_the_computed_one_stays_beside_it(warning: Decision) -> None:
    settle(warning, date(2025, 3, 20))
    (period,) = current(warning)
    assert (period.starts_on, period.last_day, period.first_eligible_on) == (
        MARCH_15,
        date(2025, 3, 20),
        date(2025, 3, 21),
    )
    assert (period.by_hand, period.computed, period.version) == (True, date(2025, 3, 14), 2)
    assert set(period.until.values()) == {"2025-03-21"}
    # From the 14th to the 20th there are six days.
    assert (
        period.reasons[0] == f"最后一日由人工核定为2025年3月20日（比按规定推算的2025年3月14日晚6天），依据：{BASIS}。"
    )
    assert any("对应日为2025年3月15日" in each for each in period.reasons)
    entry = records("person", warning.person_id or 0)[-1]
    assert (entry.kind, entry.content["reason"]) == ("decision.settled", "决定书写明期限")
    assert [entry.content[when]["measures"][0]["last_day_by_hand"] for when in ("before", "after")] == [
        None,
        "2025-03-20",
    ]
    assert sound()


def test_it_is_set_otherwise_and_left_to_the_law_again(warning: Decision) -> None:
    settle(warning, date(2025, 3, 20))
    settle(warning, date(2025, 2, 14))
    assert days(warning) == [("period", MARCH_15, date(2025, 2, 14))]
    settle(warning, date(2025, 2, 14), "市纪委2024年6月批复")
    assert "市纪委2024年6月批复" in current(warning)[0].reasons[0]
    settle(warning, None, "")
    assert days(warning) == [("period", MARCH_15, date(2025, 3, 14))]
    assert not current(warning)[0].by_hand
    assert [each.version for each in Period.objects.filter(measure__decision=warning).order_by("pk")] == [1, 2, 3, 4, 5]
    assert sound()


def test_one_entered_wrongly_is_taken_back_to_what_was_settled_before(warning: Decision) -> None:
    settle(warning, date(2025, 3, 20))
    settle(warning, date(2025, 4, 20))
    altering.take_back(decision=warning.pk, doing=doing(warning))
    assert days(warning) == [("period", MARCH_15, date(2025, 3, 20))]
    assert sound()


def test_of_a_sum_the_whole_sum_stands_beside_and_what_was_in_doubt_is_settled(cast: Cast) -> None:
    someone = person(cast)
    # Both under the regulations of 2018, acts of 2021: the second lies within the first, and whether they add up is in doubt.
    first, second = record(
        new(cast, someone, "党内警告", effective=date(2023, 3, 15)),
        new(cast, someone, "党内警告", effective=date(2023, 9, 15)),
    )
    # What was left of the first (to 15 March 2024) and twelve months: to 14 March 2025.
    assert days(second) == [("period", date(2023, 9, 15), date(2025, 3, 14))]
    doubts = list(current(second)[0].unsettled)
    assert doubts
    settle(second, date(2024, 9, 14))
    (period,) = current(second)
    assert (period.last_day, period.computed, period.unsettled) == (date(2024, 9, 14), date(2025, 3, 14), [])
    assert f"核定以前待核的：{doubts[0]}" in period.reasons
    assert days(first) == [("period", date(2023, 3, 15), date(2024, 3, 14))]
    assert sound()


def test_the_computed_day_itself_is_settled_where_it_was_in_doubt_and_only_there(cast: Cast, warning: Decision) -> None:
    with pytest.raises(Refused, match="不需要人工核定"):
        settle(warning, date(2025, 3, 14))
    someone = person(cast, "白石溪")
    rows = [new(cast, someone, "党内警告", effective=day) for day in (date(2023, 3, 15), date(2023, 9, 15))]
    second = record(*rows)[1]
    settle(second, date(2025, 3, 14))
    (period,) = current(second)
    assert (period.by_hand, period.unsettled) == (True, [])
    assert "与按规定推算的相同" in period.reasons[0]


def test_where_the_law_knows_no_period_the_day_bars_promotion(cast: Cast) -> None:
    (row,) = record(new(cast, person(cast), "谈话提醒", effective=MARCH_15))
    settle(row, date(2024, 9, 14))
    (period,) = current(row)
    assert (period.last_day, period.computed, period.until) == (date(2024, 9, 14), None, {"promotion": "2024-09-15"})
    assert "按规定没有期间" in period.reasons[0]


@pytest.mark.parametrize(
    ("label", "day", "basis", "said"),
    [
        ("党内警告", date(2024, 3, 14), BASIS, "早于期间开始之日"),
        ("党内警告", date(2025, 3, 20), " ", "没有写明依据"),
        ("党内警告", date(2500, 3, 20), BASIS, "过远"),
        ("开除公职", date(2026, 3, 20), BASIS, "没有期限"),
        ("留党察看一年", date(2027, 9, 20), BASIS, "请先登记恢复党员权利"),
    ],
)
def test_what_cannot_be_settled_is_refused_and_changes_nothing(
    cast: Cast, label: str, day: date, basis: str, said: str
) -> None:
    (row,) = record(new(cast, person(cast), label, effective=MARCH_15))
    before = days(row)
    with pytest.raises(Refused, match=said):
        settle(row, day, basis)
    assert days(row) == before
    assert Measure.objects.get(decision=row).last_day_by_hand is None


def test_a_day_nobody_knows_is_corrected_first(cast: Cast) -> None:
    (row,) = record(new(cast, person(cast), "党内警告", mode=Decision.Mode.HISTORY))
    with pytest.raises(Refused, match="请先更正决定"):
        settle(row, date(2025, 3, 20))


def test_a_review_to_another_kind_ends_what_was_settled_and_taking_it_back_finds_it(
    cast: Cast, warning: Decision
) -> None:
    settle(warning, date(2025, 3, 20))
    review = Review(starts_on=date(2024, 9, 15), ground="复审", organ=cast.commission)
    target: dict[int, Any] = {warning.measures.get().pk: given("党内严重警告")}
    altering.change(decision=warning.pk, targets=target, review=review, doing=doing(warning))
    assert not current(warning)[0].by_hand
    altering.take_back(decision=warning.pk, doing=doing(warning))
    assert days(warning) == [("period", MARCH_15, date(2025, 3, 20))]
    assert sound()


def test_withdrawn_there_is_nothing_to_settle_and_what_was_settled_bars_nothing(cast: Cast, warning: Decision) -> None:
    settle(warning, date(2025, 3, 20))
    review = Review(starts_on=date(2024, 9, 15), ground="申诉", organ=cast.commission)
    altering.withdraw(decision=warning.pk, review=review, doing=doing(warning))
    assert [each.until for each in current(warning)] == [{}]
    with pytest.raises(Refused, match="已经撤销"):
        settle(warning, date(2025, 3, 21))


def test_a_correction_keeps_what_was_settled_unless_its_day_or_kind_no_longer_bears_it(warning: Decision) -> None:
    settle(warning, date(2025, 3, 20))
    moved = date(2024, 3, 25)
    altering.correct(decision=warning.pk, changes={"effective_on": moved}, measures=None, doing=doing(warning))
    (period,) = current(warning)
    # Twelve months from the 25th: the day before 25 March 2025.
    assert (period.starts_on, period.last_day, period.computed) == (moved, date(2025, 3, 20), date(2025, 3, 24))
    late = doing(warning)
    with pytest.raises(Refused, match="请先改正或撤销核定"):
        altering.correct(decision=warning.pk, changes={"effective_on": date(2025, 6, 1)}, measures=None, doing=late)
    altering.correct(decision=warning.pk, changes={}, measures=[given("党内严重警告")], doing=doing(warning))
    assert not current(warning)[0].by_hand
    assert sound()


def test_one_altered_past_the_log_is_found(warning: Decision) -> None:
    settle(warning, date(2025, 3, 20))
    Measure.objects.filter(decision=warning).update(last_day_by_hand=date(2024, 12, 31))
    Period.objects.filter(measure__decision=warning, current=True).update(computed=None)
    told = " ".join(str(finding) for finding in verify(provers=[Prover()]))
    assert "人工核定的最后一日" in told
    assert "按规定推算的最后一日" in told


def test_after_restored_rights_the_end_of_probation_is_settled(cast: Cast) -> None:
    (row,) = record(new(cast, person(cast), "留党察看一年", effective=MARCH_15))
    restored = Review(starts_on=date(2025, 3, 15), ground="恢复党员权利", organ=cast.commission)
    probation.restore(decision=row.pk, review=restored, doing=doing(row))
    settle(row, date(2027, 6, 14))
    assert days(row) == [
        ("probation", MARCH_15, date(2025, 3, 14)), ("after_restoration", date(2025, 3, 15), date(2027, 6, 14)),
    ]  # fmt: skip
