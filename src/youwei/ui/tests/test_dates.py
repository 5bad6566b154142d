"""Dates as they are typed."""

from datetime import date

import pytest

from youwei.ui.dates import DateFault, format_date, parse_date

TODAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    "text",
    [
        "2026年9月29日",
        "2026年09月29日",
        "2026年9月29",
        "2026年9月29号",
        "2026-9-29",
        "2026-09-29",
        "2026/9/29",
        "2026.9.29",
        "2026.09.29",
        "2026、9、29",
        "20260929",
        "2026 年 9 月 29 日",
        " 2026-09-29 ",
        "２０２６年９月２９日",
        "二〇二六年九月二十九日",
        "二零二六年九月廿九日",
        "2026-09-29 00:00:00",
        "2026-09-29T00:00",
        "2026—9—29",
        "9月29日",
        "9.29",
        "9-29",
        "9/29",
    ],
)
def test_every_common_way_of_writing_a_date_is_read(text: str) -> None:
    assert parse_date(text, TODAY) == date(2026, 9, 29)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("今天", date(2026, 11, 21)),
        ("昨天", date(2026, 11, 20)),
        ("明天", date(2026, 11, 22)),
        ("二〇二六年十月十日", date(2026, 10, 10)),
        ("二〇二六年十二月三十一日", date(2026, 12, 31)),
        ("2024.2.29", date(2024, 2, 29)),
    ],
)
def test_days_in_words_are_read(text: str, day: date) -> None:
    assert parse_date(text, TODAY) == day


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("2023.2.30", "没有这一天：2023年2月只有28天。"),
        ("2022年9月31日", "没有这一天：2022年9月只有30天。"),
        ("2026-13-1", "没有这一天：一年没有13月。"),
        ("20260229", "没有这一天：2026年2月只有28天。"),
        ("2026-0-5", "没有这一天：一年没有0月。"),
        ("2026-5-0", "没有这一天：2026年5月没有0日。"),
        ("2.30", "没有这一天：2026年2月只有28天。"),
        ("26年9月29日", "年份“26”请写四位，例如2026年。"),
        ("1026-1-1", "年份1026超出1900—2199年，请检查。"),
        ("2026年9月", "“2026年9月”没有写到日，请补上几日。"),
        ("202609", "“202609”没有写到日，请补上几日。"),
        ("", "没有写日期。可写 2026年9月29日、2026-9-29、20260929、9.29。"),
        ("下周三", "“下周三”认不出是哪一天。可写 2026年9月29日、2026-9-29、20260929、9.29。"),
    ],
)
def test_what_is_no_date_is_refused_with_the_reason(text: str, reason: str) -> None:
    with pytest.raises(DateFault) as caught:
        parse_date(text, TODAY)
    assert str(caught.value) == reason


def test_without_a_known_today_the_year_must_be_written() -> None:
    with pytest.raises(DateFault, match="没有写年份"):
        parse_date("9.29")


def test_the_official_form_is_read_back() -> None:
    assert format_date(date(2026, 9, 29)) == "2026年9月29日"
    assert parse_date(format_date(date(2026, 9, 29))) == date(2026, 9, 29)
