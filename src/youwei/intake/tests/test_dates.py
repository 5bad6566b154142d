"""Dates as offices write them."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from youwei.intake.dates import read_date
from youwei.intake.tests.ledgers import SPELLINGS


@pytest.mark.req("A1")
@pytest.mark.parametrize(
    ("cell", "iso"),
    [
        ("2018年10月7日", "2018-10-07"),
        ("2017/08/01", "2017-08-01"),
        ("2016.7.25", "2016-07-25"),
        ("2018-11-19", "2018-11-19"),
        ("20180410", "2018-04-10"),
        (20180410.0, "2018-04-10"),
        (date(2018, 10, 7), "2018-10-07"),
        (datetime(2018, 10, 7, 8, 30), "2018-10-07"),  # noqa: DTZ001
        (43380.0, "2018-10-07"),
        ("43380", "2018-10-07"),
        ("2018-10-07 00:00:00", "2018-10-07"),
        ("２０１８．１０．０７", "2018-10-07"),
        ("二〇一八年十月二十一日", "2018-10-21"),
        (" 2018 年 3 月 5 日 ", "2018-03-05"),
    ],
)
def test_a_date_is_read_however_it_is_written(cell: object, iso: str) -> None:
    read = read_date(cell)
    assert (read.iso, read.on, read.problem) == (iso, date.fromisoformat(iso), "")


@pytest.mark.parametrize(
    ("cell", "iso"),
    [
        ("2018.10", "2018-10"),
        ("2013.2", "2013-02"),
        ("1971年7月", "1971-07"),
        (1995.08, "1995-08"),
        ("201802", "2018-02"),
        ("2018年", "2018"),
    ],
)
def test_a_month_stays_a_month(cell: object, iso: str) -> None:
    read = read_date(cell)
    assert (read.iso, read.on, read.problem) == (iso, None, "")


def test_a_number_that_lost_its_zero_is_doubted() -> None:
    assert "10月" in read_date(2018.1).doubt


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("2023-02-30", "没有这一天：2023年2月只有28天"),
        ("2024.2.30", "没有这一天：2024年2月只有29天"),
        ("2022年9月31日", "没有这一天：2022年9月只有30天"),
        ("2018.13.1", "没有这个月：13月"),
        ("18.3.4", "年份只写了两位"),
        ("3/4/2018", "年份写在了最后"),
        ("2018.1.1至2018.3.1", "不止一个日期"),
        ("去年冬天", "认不出是哪一天"),
        ("99999", "认不出是哪一天"),
    ],
)
def test_what_is_wrong_with_a_date_is_said(cell: str, said: str) -> None:
    read = read_date(cell)
    assert said in read.problem
    assert read.remedy


@pytest.mark.req("J1")
@pytest.mark.parametrize("cell", ["不详", "不明", "？"])
def test_an_unknown_date_is_unknown(cell: str) -> None:
    assert read_date(cell).unknown


@given(st.dates(date(1900, 1, 1), date(2099, 12, 31)), st.sampled_from(SPELLINGS))
def test_every_day_is_read_in_every_spelling(on: date, spell: object) -> None:
    assert callable(spell)
    assert read_date(spell(on)).on == on


@given(
    st.one_of(
        st.text(max_size=30),
        st.floats(),
        st.integers(),
        st.booleans(),
        st.none(),
        st.dates(),
        st.datetimes(),
        st.times(),
    )
)
def test_nothing_written_in_a_cell_raises(cell: object) -> None:
    read = read_date(cell)
    assert read.iso or read.problem or read.unknown or read.blank
