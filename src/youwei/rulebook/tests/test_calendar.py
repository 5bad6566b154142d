"""The working-day calendar: expected days are read off the notices by hand."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from youwei.rulebook.calendar import (
    CalendarFault,
    DayKind,
    Holiday,
    WorkCalendar,
    load_notices,
    seed_calendar,
    seed_notices,
)
from youwei.rulebook.reading import ReadingRefused

KNOWN_DAYS = st.dates(date(2016, 1, 1), date(2026, 12, 31))
ANY_DAYS = st.dates(date(2010, 1, 1), date(2035, 12, 31))


@pytest.mark.req("A3", "J11")
def test_seven_working_days_over_the_national_day_of_2024_end_on_12_october() -> None:
    # 2024-09-27 Friday is not counted; 09-28 Sat rest; 29 (worked), 30, then 10-08, 09, 10, 11, 12 (worked) = 7
    counted = seed_calendar().add_working_days(date(2024, 9, 27), 7)
    assert counted.on == date(2024, 10, 12)
    assert not counted.provisional
    assert [each.on.day for each in counted.skipped] == [28, 1, 2, 3, 4, 5, 6, 7]
    assert counted.skipped[0].why == "周六"
    assert counted.skipped[1].why == "国庆节放假"
    assert len(counted.days) == 7


@pytest.mark.req("A3")
def test_seven_working_days_over_the_spring_festival_of_2018() -> None:
    # 2018-02-09 Friday; 11 (Sunday, worked), 12, 13, 14; festival 15 to 21; 22, 23, 24 (Saturday, worked) = 7
    assert seed_calendar().add_working_days(date(2018, 2, 9), 7).on == date(2018, 2, 24)


def test_the_notice_of_2019_moves_days_at_the_end_of_2018() -> None:
    calendar = seed_calendar()
    assert calendar.kind(date(2018, 12, 29)) is DayKind.MAKEUP
    assert calendar.kind(date(2018, 12, 31)) is DayKind.HOLIDAY
    assert calendar.name(date(2018, 12, 31)) == "元旦放假"
    assert calendar.name(date(2018, 12, 29)) == "元旦调休上班"


def test_both_ends_are_counted_between_two_days() -> None:
    # 2026-02-13 Fri, 14 Sat (worked), 15 to 23 off, 24 Tue, 25 Wed = 4
    assert seed_calendar().working_days_between(date(2026, 2, 13), date(2026, 2, 25)) == (4, False)
    assert seed_calendar().working_days_between(date(2026, 2, 13), date(2026, 2, 13)) == (1, False)
    assert seed_calendar().working_days_between(date(2026, 2, 25), date(2026, 2, 13)) == (0, False)


def test_the_working_days_of_2024_are_251() -> None:
    # 366 days, 104 weekend days, 262 weekdays; weekdays off 1+6+2+3+1+2+5 = 19 → 243; worked weekends 8 → 251
    assert seed_calendar().working_days_between(date(2024, 1, 1), date(2024, 12, 31)) == (251, False)


@pytest.mark.req("J11")
def test_a_year_without_a_notice_gives_a_provisional_day() -> None:
    # 2026-12-30 Wed; 31 Thu (1); 2027-01-01 Fri is New Year's Day by law, whatever the notice will add; Sat, Sun; Mon 4 (2)
    counted = seed_calendar().add_working_days(date(2026, 12, 30), 2)
    assert counted.on == date(2027, 1, 4)
    assert counted.provisional
    assert not seed_calendar().known(date(2027, 1, 1))
    assert seed_calendar().working_days_between(date(2026, 12, 30), date(2027, 1, 4)).provisional


@pytest.mark.req("J11")
def test_an_entered_notice_settles_the_year_and_moves_the_day() -> None:
    new_year = [Holiday(date(2027, 1, day), DayKind.HOLIDAY, "元旦") for day in (1, 2, 3, 4)]
    calendar = seed_calendar().with_notice(2027, new_year)
    counted = calendar.add_working_days(date(2026, 12, 30), 2)
    assert counted.on == date(2027, 1, 5)
    assert not counted.provisional
    assert seed_calendar().add_working_days(date(2026, 12, 30), 2).on == date(2027, 1, 4)


def test_without_a_notice_the_days_the_law_names_are_free_all_the_same() -> None:
    # 2027: 1 May Sat, 3 May Mon is worked until a notice says otherwise; 1 Oct Fri free, 4 Oct Mon worked
    calendar = seed_calendar()
    assert calendar.name(date(2027, 1, 1)) == "元旦放假"
    assert [calendar.is_working_day(date(2027, 10, day)) for day in (1, 2, 3, 4)] == [False, False, False, True]
    assert calendar.is_working_day(date(2027, 5, 3))
    # 2030: 1 and 2 May are Wed and Thu, both free since the revision of 2024
    assert calendar.working_days_between(date(2030, 4, 29), date(2030, 5, 3)) == (3, True)


def test_a_notice_rules_over_the_law_s_dates_as_it_was_entered() -> None:
    assert seed_calendar().with_notice(2027, []).is_working_day(date(2027, 1, 1))


def test_a_calendar_is_made_of_plain_data() -> None:
    calendar = WorkCalendar([Holiday(date(2030, 1, 1), DayKind.HOLIDAY, "元旦")], [2030])
    assert calendar.add_working_days(date(2029, 12, 31), 1).on == date(2030, 1, 2)
    assert calendar == WorkCalendar(calendar.holidays, calendar.years)
    with pytest.raises(CalendarFault, match="只能写成放假或上班"):
        WorkCalendar([Holiday(date(2030, 1, 1), DayKind.REST, "")], [2030])


def test_counting_back_and_counting_none() -> None:
    calendar = seed_calendar()
    assert calendar.add_working_days(date(2024, 10, 8), -2).on == date(2024, 9, 29)
    assert calendar.add_working_days(date(2024, 10, 1), 0).on == date(2024, 10, 1)


def test_absurd_counts_are_refused_in_words() -> None:
    with pytest.raises(CalendarFault, match="工作日数"):
        seed_calendar().add_working_days(date(2024, 1, 1), 10**9)
    with pytest.raises(CalendarFault, match="公历范围"):
        seed_calendar().add_working_days(date(9999, 12, 30), 5)
    with pytest.raises(CalendarFault, match="核对年份"):
        seed_calendar().working_days_between(date(24, 1, 1), date(2024, 1, 1))


def test_every_notice_names_its_number_and_source() -> None:
    notices = seed_notices()
    assert [each.year for each in notices] == list(range(2016, 2027))
    assert all(each.number.startswith("国办发明电〔") and each.source for each in notices)
    assert all(each.issued.year == each.year - 1 for each in notices)


@given(ANY_DAYS, st.integers(1, 60))
def test_counting_between_gives_back_what_was_added(after: date, n: int) -> None:
    calendar = seed_calendar()
    counted = calendar.add_working_days(after, n)
    assert calendar.is_working_day(counted.on)
    assert calendar.working_days_between(after + timedelta(days=1), counted.on).working_days == n
    assert len(counted.days) == n
    assert len(counted.days) + len(counted.skipped) == (counted.on - after).days


@given(ANY_DAYS)
def test_rolling_stops_at_the_nearest_working_day(day: date) -> None:
    calendar = seed_calendar()
    forward, back = calendar.roll_forward(day), calendar.roll_back(day)
    assert back <= day <= forward
    assert calendar.is_working_day(forward)
    assert calendar.is_working_day(back)
    assert calendar.roll_forward(forward) == forward
    if calendar.is_working_day(day):
        assert back == day == forward


@given(KNOWN_DAYS)
def test_no_known_day_is_provisional(day: date) -> None:
    assert not seed_calendar().working_days_between(day, day).provisional


FAULTY_NOTICE = """year: 2031
title: 通知
number: 号
issued: 2030-11-01
source: 来源
checked_on: 2030-11-02
holidays:
  - {name: 元旦, from: 2031-01-01, until: 2031-01-03, worked: [2031-01-06]}
  - {name: 春节, from: 2031-01-20, until: 2030-01-21}
colour: red
"""


def test_a_faulty_notice_is_refused_with_all_its_faults(tmp_path: Path) -> None:
    (tmp_path / "2030.yaml").write_text(FAULTY_NOTICE, encoding="utf-8")
    with pytest.raises(ReadingRefused) as refused:
        load_notices(tmp_path)
    text = str(refused.value)
    assert "2030.yaml:1: 文件名是 2030" in text
    assert "2030.yaml:8: 2031-01-06 是周一" in text
    assert "2030.yaml:9: 放假起止" in text
    assert "2030.yaml:10: 不认识的键“colour”" in text
    assert len(refused.value.faults) == 4
