"""The office enters a year's holiday notice itself (J11)."""

from datetime import date, timedelta

import pytest
from django.db import transaction

from youwei.journal.queries import records
from youwei.organs import commands, queries
from youwei.organs.commands import Refused
from youwei.organs.models import HolidayNotice, Organ
from youwei.organs.tests.places import MOMENT, STAMP, place

pytestmark = [pytest.mark.django_db, pytest.mark.req("J11")]
YEAR = 2031
SOURCE = "国务院办公厅关于2031年部分节假日安排的通知"
# 2031: 1 January is a Wednesday, 4 January a Saturday.
NEW_YEAR = [
    {"on": "2031-01-02", "kind": "holiday", "name": "元旦"},  # a Thursday; the first is free by law in any year
    {"on": "2031-01-04", "kind": "makeup", "name": "元旦"},
]


@pytest.fixture
def office() -> Organ:
    return place("青溪区纪委监委", "commission", place("青溪区", "region"))


def enter(office: Organ, days: list[dict[str, str]], **more: object) -> HolidayNotice:
    given = {"year": YEAR, "source": SOURCE, "days": days, "organ": office, **STAMP, **more}
    return commands.enter_notice(**given)  # type: ignore[arg-type]


def test_an_entered_notice_makes_its_year_known_and_moves_its_days(office: Organ) -> None:
    assert not queries.calendar().known(date(2031, 1, 2))
    assert queries.calendar().is_working_day(date(2031, 1, 2))
    enter(office, NEW_YEAR)
    calendar = queries.calendar()
    assert calendar.known(date(2031, 1, 2))
    assert not calendar.is_working_day(date(2031, 1, 2))
    assert calendar.is_working_day(date(2031, 1, 4))
    assert records("organ", office.pk)[-1].kind == "notice.entered"


def test_the_newest_notice_of_a_year_holds_and_the_shipped_years_stay(office: Organ) -> None:
    enter(office, NEW_YEAR)
    enter(office, NEW_YEAR[:1], at=MOMENT + timedelta(hours=1))
    assert not queries.calendar().is_working_day(date(2031, 1, 4))
    assert not queries.calendar().is_working_day(date(2024, 10, 1))
    assert [notice.pk for notice in queries.notices()] == [HolidayNotice.objects.latest("pk").pk]


def test_the_new_years_days_of_december_belong_to_the_next_years_notice(office: Organ) -> None:
    enter(office, [{"on": "2030-12-31", "kind": "holiday", "name": "元旦"}])
    assert not queries.calendar().is_working_day(date(2030, 12, 31))
    assert not queries.calendar().known(date(2030, 12, 31))


def test_a_notice_taken_back_with_its_transaction_leaves_no_trace_in_the_calendar(office: Organ) -> None:
    with transaction.atomic():
        enter(office, NEW_YEAR)
        assert not queries.calendar().is_working_day(date(2031, 1, 2))
        transaction.set_rollback(True)
    assert queries.calendar().is_working_day(date(2031, 1, 2))
    enter(office, NEW_YEAR[1:], at=MOMENT + timedelta(hours=1))  # on SQLite it gets the number that was taken back
    assert queries.calendar().is_working_day(date(2031, 1, 2))


@pytest.mark.parametrize(
    ("days", "words"),
    [
        ([], "一天也没有"),
        ([{"on": "2031-02-30", "kind": "holiday"}], r"没有这一天（2031-02-30）"),
        ([{"on": "", "kind": "holiday"}], "没有这一天"),
        ([{"on": None, "kind": "holiday"}], "没有这一天"),
        ([{"kind": "holiday"}], "没有这一天"),
        ([{"on": "2032-01-01", "kind": "holiday"}], "不在2031年"),
        ([{"on": "2030-11-30", "kind": "holiday"}], "不在2031年"),
        ([{"on": "2031-01-01", "kind": "休息"}], "只能是放假或补班"),
        ([{"on": "2031-01-01"}], "只能是放假或补班"),
        ([{"on": "2031-01-02", "kind": "makeup"}], "本来就是工作日"),
        ([*NEW_YEAR, {"on": "2031-01-04", "kind": "holiday"}], "2031年1月4日填写了两次"),
    ],
)
def test_a_bad_day_is_named_and_nothing_is_kept(office: Organ, days: list[dict[str, str]], words: str) -> None:
    with pytest.raises(Refused, match=words):
        enter(office, days)
    assert not HolidayNotice.objects.exists()


@pytest.mark.parametrize(("change", "words"), [({"year": 31}, "四位年份"), ({"source": " "}, "请写明通知的名称")])
def test_a_notice_needs_its_year_and_its_source(office: Organ, change: dict[str, object], words: str) -> None:
    with pytest.raises(Refused, match=words):
        enter(office, NEW_YEAR, **change)


def test_the_calendar_is_asked_for_with_one_query(office: Organ, django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    enter(office, NEW_YEAR)
    queries.calendar()
    with django_assert_num_queries(1):
        queries.calendar()
