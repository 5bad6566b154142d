"""A case told to people: as it stands, as it stood, with corrections beside the words they replaced."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.support.cast import Cast
from youwei.cases import queries
from youwei.cases.logs import packs
from youwei.cases.telling import told
from youwei.cases.tests.builders import GROUP, MENTOR, VISIT, act, begun, case_of, cases_of, record
from youwei.engine.types import Status

pytestmark = [pytest.mark.django_db, pytest.mark.req("J4", "B1")]


def test_a_case_as_of_a_day_shows_what_had_been_entered_by_then(cast: Cast) -> None:
    case = case_of(cast)
    begun(case)
    record(case, "visit", date(2026, 6, 17), VISIT, key="1", entered=date(2026, 6, 20))
    then, now = queries.view(case, date(2026, 7, 1), until=date(2026, 6, 19)), queries.view(case, date(2026, 7, 1))
    assert (then.head, now.head) == (3, 4)
    assert "visit" not in then.standing
    assert now.standing["visit"]["1"].on == date(2026, 6, 17)
    visit = then.plan.item("visit", "1")
    assert visit is not None
    assert visit.status is Status.OPEN


def test_a_time_line_has_everything_newest_first_and_marks_what_was_written_down_later(cast: Cast) -> None:
    case = case_of(cast)
    record(case, "group", date(2026, 3, 18), GROUP)
    record(case, "mentor", date(2026, 3, 18), MENTOR, entered=date(2026, 3, 25))
    told = queries.timeline([case])
    assert [(line.kind, line.seq, line.afterwards) for line in told] == [
        ("record", 3, True),
        ("record", 2, False),
        ("opened", 1, False),
    ]
    assert [line.seq for line in queries.timeline([case], until=date(2026, 3, 20))] == [2, 1]


def test_a_correction_is_told_with_its_reason_and_what_it_replaced(cast: Cast) -> None:
    case = case_of(cast)
    begun(case)
    day, entered = date(2026, 3, 18), date(2026, 3, 23)
    act(case, "correct", day, entered=entered, target=2, values={"leader": "查云岫"}, reason="写错了组长")
    newest = queries.timeline([case])[0]
    assert (newest.corrects, newest.reason) == (2, "写错了组长")
    assert any("岑伯安" in str(field) and "查云岫" in str(field) for field in newest.fields)


@pytest.mark.req("K6")
def test_a_page_of_a_case_takes_the_same_queries_however_long_its_log(cast: Cast) -> None:
    short, long = cases_of(cast, 2)
    for number in range(12):
        act(long, "note", date(2026, 3, 18), reason=f"来电{number}")
    counted = []
    for case in (short, long):
        with CaptureQueriesContext(connection) as seen:
            queries.view(case, date(2026, 3, 20))
            queries.timeline([case])
        counted.append(len(seen))
    assert counted[0] == counted[1]
    assert counted[0] <= 6


def test_choices_whose_words_hold_commas_are_kept_apart() -> None:
    pack = next(pack for ref, pack in packs().items() if ref.procedure == "tianqiao-visit")
    field = pack.steps["plan"].form["strategies"]
    assert told(field, ["疏压力", "常联系"]) == "疏解精神压力，化解不安，鼓励放下包袱；经常谈话、工作接触，掌握动态"
    assert told(pack.steps["known"].form["looked"], ["信访举报", "问题线索"]) == "信访举报、问题线索"
