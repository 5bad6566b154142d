"""Properties of bars: what must hold whatever the dates and the combination."""

from calendar import monthrange
from dataclasses import fields, replace
from datetime import date, timedelta
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from youwei.rulebook.bars import Bar, Change, Sanction, Span
from youwei.rulebook.days import NEVER, EndDay, add_months, chinese_months, months_and_days
from youwei.rulebook.eligibility import Eligibility, eligibility
from youwei.rulebook.law import LawFault, load_law
from youwei.rulebook.measures import BarKind
from youwei.rulebook.periods import WITHDRAWN, compute_bars, open_investigation

KINDS = ("promotion", "further_use", "equal_post", "award")
MEASURES = sorted(name for name, each in load_law().measures.items() if not each.instead_of)
DAYS = st.dates(date(2012, 1, 1), date(2030, 12, 31))
CONVENTIONS = st.sampled_from(list(EndDay))


@st.composite
def sanctions(draw: st.DrawFn, measures: list[str] = MEASURES) -> Sanction:
    """Any measure on any day, with acts known or not."""
    effective = draw(DAYS)
    ago = draw(st.none() | st.integers(0, 4000))
    acts = None if ago is None else effective - timedelta(days=ago)
    return Sanction(draw(st.sampled_from(measures)), effective, acts)


def earliest(given: list[Sanction], convention: EndDay) -> list[date]:
    found: Eligibility = eligibility(compute_bars(given, load_law(), convention))
    return [getattr(found, kind).on or date.min for kind in KINDS]


@pytest.mark.req("A2")
@settings(max_examples=150, deadline=None)
@given(st.lists(sanctions(), max_size=4), sanctions(), CONVENTIONS)
def test_one_more_sanction_never_makes_anyone_eligible_earlier(
    before: list[Sanction], one_more: Sanction, convention: EndDay
) -> None:
    without, with_it = earliest(before, convention), earliest([*before, one_more], convention)
    assert all(mine <= theirs for mine, theirs in zip(without, with_it, strict=True))


@pytest.mark.req("A2")
@settings(max_examples=150, deadline=None)
@given(st.lists(sanctions(), min_size=1, max_size=5), st.randoms(use_true_random=False), CONVENTIONS)
def test_no_answer_depends_on_the_order_of_input(given_: list[Sanction], random: Random, convention: EndDay) -> None:
    shuffled = list(given_)
    random.shuffle(shuffled)
    bars, others = (compute_bars(each, load_law(), convention) for each in (given_, shuffled))
    assert bars == others
    found, other = eligibility(bars), eligibility(tuple(reversed(bars)))
    assert [each.on for each in found.all] == [each.on for each in other.all]
    assert [each.reason for each in found.all] == [each.reason for each in other.all]


def by_counting(start: date, months: int) -> date:
    """The corresponding day, found anew: step month by month on the calendar, then fit the day into the month."""
    year, month = start.year, start.month
    for _ in range(months):
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    return date(year, month, min(start.day, monthrange(year, month)[1]))


@pytest.mark.req("A2", "K6")
@settings(max_examples=150, deadline=None)
@given(sanctions(), CONVENTIONS)
def test_a_date_shown_equals_its_arithmetic(one: Sanction, convention: EndDay) -> None:
    for bar in compute_bars([one], load_law(), convention):
        if bar.last_day is None:
            assert bar.first_eligible_on is None
            continue
        corresponding = by_counting(bar.starts_on, bar.months or 0)
        expected = corresponding - timedelta(days=1) if convention is EndDay.INCLUSIVE else corresponding
        assert bar.last_day == expected
        assert bar.first_eligible_on == expected + timedelta(days=1)
        told = "".join(reason.text for reason in bar.reasons)
        for day in (bar.last_day, corresponding):
            assert f"{day.year}年{day.month}月{day.day}日" in told
        assert f"{bar.months}个月" in told
        assert bar.basis


@settings(max_examples=100, deadline=None)
@given(st.lists(sanctions(), min_size=1, max_size=4), CONVENTIONS)
def test_every_value_in_a_reason_is_what_the_bar_says(given_: list[Sanction], convention: EndDay) -> None:
    for bar in compute_bars(given_, load_law(), convention):
        arithmetic = [each for each in bar.reasons if "last_day" in each.values]
        if bar.last_day is None:
            assert not arithmetic
        elif arithmetic:
            assert arithmetic[-1].values["last_day"] == str(bar.last_day)


@pytest.mark.req("A2")
@settings(max_examples=100, deadline=None)
@given(DAYS, st.integers(0, 700), CONVENTIONS)
def test_a_sum_is_what_was_left_and_the_new_length(start: date, later: int, convention: EndDay) -> None:
    old = Sanction("party.severe_warning", start, start)
    new = Sanction("party.warning", start + timedelta(days=later + 1), start + timedelta(days=later + 1))
    bars = compute_bars([old, new], load_law(), convention)
    first, second = sorted(bars, key=lambda each: each.given_on)
    if first.last_day is not None and new.effective_on <= first.last_day:
        assert second.corresponding_day == by_counting(by_counting(start, first.months or 0), 12)
    else:
        assert second.corresponding_day == by_counting(new.effective_on, 12)


@pytest.mark.req("A2")
@settings(max_examples=100, deadline=None)
@given(st.lists(sanctions([name for name in MEASURES if name.startswith("administrative.")]), min_size=1, max_size=5))
def test_no_administrative_period_is_longer_than_48_months(given_: list[Sanction]) -> None:
    for bar in compute_bars(given_, load_law()):
        if bar.last_day is not None:
            assert bar.last_day < by_counting(bar.starts_on, 48)


@pytest.mark.req("K6")
def test_no_office_act_is_an_input_of_a_period() -> None:
    # announced, served, filed, carried out, decided: none of these days can move a bar, for none can be given
    assert {each.name for each in fields(Sanction)} == {
        "measure", "effective_on", "acts_until", "instead_of_removal", "months", "restored_on", "changed_to", "person_kind",
        "last_day_by_hand", "basis_by_hand", "key",
    }  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(sanctions(), CONVENTIONS)
def test_the_civil_convention_ends_one_day_after_the_default(one: Sanction, convention: EndDay) -> None:
    mine, theirs = (compute_bars([one], load_law(), each) for each in (EndDay.INCLUSIVE, EndDay.CIVIL))
    if mine[0].last_day is not None and theirs[0].last_day is not None:
        assert theirs[0].last_day - mine[0].last_day == timedelta(days=1)


@settings(max_examples=60, deadline=None)
@given(sanctions())
def test_a_withdrawn_sanction_bars_nothing(one: Sanction) -> None:
    bars = compute_bars([replace(one, changed_to=Change(WITHDRAWN, one.effective_on + timedelta(days=40)))], load_law())
    assert [each.barring for each in bars] == [False]
    assert all(each.on is None for each in eligibility(bars).all)
    assert not bars[0].running_on(one.effective_on)


def test_running_covers_exactly_the_first_and_the_last_day() -> None:
    bar = compute_bars([Sanction("administrative.warning", date(2024, 3, 15))], load_law())[0]
    assert not bar.running_on(date(2024, 3, 14))
    assert bar.running_on(date(2024, 3, 15))
    assert bar.running_on(date(2024, 9, 14))
    assert not bar.running_on(date(2024, 9, 15))


def test_an_open_investigation_bars_until_it_is_closed() -> None:
    bars = (open_investigation(date(2024, 3, 15), load_law()),)
    found = eligibility(bars, date(2024, 6, 1))
    assert found.promotion.never
    assert found.promotion.barred
    assert found.promotion.on == NEVER
    assert not eligibility(bars, date(2024, 3, 14)).promotion.barred


def test_eligibility_says_which_bar_decides() -> None:
    bars = compute_bars(
        [Sanction("party.warning", date(2024, 3, 15)), Sanction("administrative.removal", date(2024, 3, 20))],
        load_law(),
    )
    found = eligibility(bars, date(2025, 6, 1))
    assert [each.measure for each in found.promotion.bars] == ["administrative.removal"]
    assert found.promotion.barred
    assert not found.further_use.barred
    assert "2024年3月20日的政务撤职" in found.promotion.reason.text
    assert found.equal_post.on == date(2026, 3, 20)
    assert eligibility(()).award.on is None


def test_a_shorter_bar_within_a_measure_ends_earlier() -> None:
    bar = compute_bars([Sanction("handling.dismissal_from_post", date(2024, 1, 31))], load_law())[0]
    assert bar.until[BarKind.EQUAL_POST] == date(2025, 1, 31)
    assert bar.until[BarKind.PROMOTION] == date(2026, 1, 31)


def test_keys_come_back_on_the_bars() -> None:
    bars = compute_bars([Sanction("party.probation_1", date(2024, 3, 15), key="99017")], load_law())
    assert [(each.key, each.span) for each in bars] == [("99017", Span.PROBATION), ("99017", Span.AFTER_RESTORATION)]


def test_unknown_names_are_refused_in_words() -> None:
    with pytest.raises(LawFault, match=r"没有编号为“party\.joke”"):
        compute_bars([Sanction("party.joke", date(2024, 3, 15))], load_law())
    with pytest.raises(LawFault, match="人员类别"):
        compute_bars([Sanction("party.warning", date(2024, 3, 15), person_kind="king")], load_law())
    with pytest.raises(LawFault, match="终止日算法"):
        compute_bars([], load_law(), "lunar")


def test_a_bar_is_data_that_can_be_compared() -> None:
    one: Bar = compute_bars([Sanction("party.warning", date(2024, 3, 15))], load_law())[0]
    assert one == compute_bars([Sanction("party.warning", date(2024, 3, 15))], load_law())[0]


@given(DAYS, st.integers(0, 120))
def test_adding_months_agrees_with_stepping_through_the_calendar(day: date, months: int) -> None:
    assert add_months(day, months) == by_counting(day, months)


@given(DAYS, st.integers(0, 3000))
def test_a_span_in_months_and_days_adds_up_again(first: date, length: int) -> None:
    last = first + timedelta(days=length)
    months, days = months_and_days(first, last)
    assert add_months(first, months) + timedelta(days=days) == last + timedelta(days=1)
    assert 0 <= days < 31


def test_lengths_are_written_as_the_law_writes_them() -> None:
    assert [chinese_months(each) for each in (6, 12, 18, 24, 60, 47)] == [
        "六个月", "一年", "一年六个月", "二年", "五年", "三年十一个月",
    ]  # fmt: skip
