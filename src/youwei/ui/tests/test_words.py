"""Distances, figures and masks in words."""

from datetime import date

import pytest

from youwei.ui import words

TODAY = date(2026, 9, 29)


@pytest.mark.parametrize(
    ("on", "text", "tone"),
    [
        (date(2026, 9, 23), "已逾期6天", "late"),
        (date(2026, 9, 28), "已逾期1天", "late"),
        (date(2026, 9, 29), "今天到期", "soon"),
        (date(2026, 9, 30), "明天", "soon"),
        (date(2026, 10, 9), "还有10天", ""),
    ],
)
def test_a_due_day_says_how_far_it_is(on: date, text: str, tone: str) -> None:
    found = words.due_words(on, TODAY)
    assert (found.text, found.tone) == (text, tone)


def test_working_days_are_named_when_the_rule_counts_them() -> None:
    assert words.due_words(date(2026, 10, 9), TODAY, working_days=3).text == "还有3个工作日"


def test_what_is_overdue_is_counted_in_calendar_days() -> None:
    assert words.due_words(date(2026, 9, 23), TODAY, working_days=-3).text == "已逾期6天"


def test_a_provisional_day_says_so() -> None:
    assert words.due_words(date(2027, 1, 8), TODAY, provisional=True).text == "还有101天（暂定）"


def test_what_is_done_is_never_late() -> None:
    assert words.due_words(date(2026, 9, 1), TODAY, state="done").tone == "done"


def test_the_year_is_left_out_only_inside_the_current_year() -> None:
    assert words.cn_date(date(2026, 11, 21), TODAY) == "11月21日"
    assert words.cn_date(date(2027, 11, 21), TODAY) == "2027年11月21日"
    assert words.cn_date(date(2026, 11, 21)) == "2026年11月21日"
    assert words.cn_date(None) == "—"


@pytest.mark.parametrize(
    ("start", "end", "text"),
    [
        (date(2026, 3, 12), date(2026, 9, 30), "6个月18天"),
        (date(2026, 3, 12), date(2027, 9, 12), "1年6个月"),
        (date(2026, 1, 31), date(2026, 2, 28), "1个月"),
        (date(2026, 1, 31), date(2026, 3, 1), "1个月1天"),
        (date(2026, 9, 1), date(2026, 9, 19), "18天"),
        (date(2026, 9, 1), date(2026, 9, 1), "0天"),
    ],
)
def test_a_stretch_of_time_in_words(start: date, end: date, text: str) -> None:
    assert words.span_words(start, end) == text


def test_an_identity_number_shows_only_the_year_of_birth() -> None:
    assert words.mask_identity("990000199108150000") == "●●●●●●1991●●●●●●●●"
    assert words.mask_identity("99000") == "●●●●●"


def test_figures_and_shares() -> None:
    assert words.number_words(1126) == "1,126"
    assert words.number_words(None) == "—"
    assert words.percent_words(0.9641) == "96.4%"
    assert words.percent_words(None) == "—"
