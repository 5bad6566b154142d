"""The monthly report of tolerance cases: due every month until it is made and signed, with the figures of that month in its paper (F5)."""

import io
from datetime import date
from typing import Any

import pytest
from docx import Document

from tests.support.cast import Cast
from youwei.cases.by_hand import open_by_hand
from youwei.cases.models import Case, OpenStep
from youwei.cases.queries import lines as timed
from youwei.cases.queries import spans, view
from youwei.cases.reporting import counted, report
from youwei.cases.tests.builders import CLERK, act, moment, record
from youwei.cases.tests.test_prechecking import DAY, case, closed, found, waited_for
from youwei.desk.safekeeping.proving import prove
from youwei.documents import commands as papers
from youwei.documents.issuing import context, kinds, render
from youwei.documents.models import Paper
from youwei.journal.queries import verify

__all__ = ["case"]
pytestmark = [pytest.mark.django_db, pytest.mark.req("F5")]
APRIL = date(2026, 4, 1)


@pytest.fixture
def monthly(cast: Cast) -> Case:
    """The report of a year, from March on."""
    made = open_by_hand(
        thing=cast.commission, family="tolerance-report", role="handler", organ=cast.commission, said={}, by=CLERK, on=DAY, at=moment(DAY),
        today=DAY,
    )  # fmt: skip
    until = date(2026, 12, 31)
    record(made, "arrange", DAY, {"from": date(2026, 3, 1), "until": until, "to": "云川市纪委监委"})
    return made


def lines(case: Case, start: date, end: date) -> dict[str, tuple[Any, ...]]:
    told = counted(case, ("tolerance", "accountability"), start, end).lines
    return {line.family: (line.opened, line.ended, line.open, line.ends) for line in told}


def test_a_month_is_due_until_it_is_reported_and_signed(monthly: Case) -> None:
    due = OpenStep.objects.filter(case=monthly, step="monthly").order_by("starts_on")
    first = due[0]
    assert (first.key, first.starts_on, first.due_on) == (
        "1",
        date(2026, 3, 31),
        date(2026, 4, 7),
    )  # 4月5日清明，6日补休
    assert first.title == "容错案例月报（2026年3月）"
    record(monthly, "monthly", APRIL, {"situation": "当月没有"}, key="1")
    assert list(OpenStep.objects.filter(case=monthly, step="monthly", key="1").values_list("part", flat=True)) == [
        "head"
    ]
    act(monthly, "sign", APRIL, step="monthly", key="1", part="head")
    assert not OpenStep.objects.filter(case=monthly, step="monthly", key="1").exists()
    assert OpenStep.objects.filter(case=monthly, step="monthly", key="2").exists(), "the next month is due in its turn"
    shown = view(monthly, APRIL)
    told = [line.title for line in timed(monthly, shown.records, named=spans(shown)) if line.step == "monthly"]
    assert told == ["容错案例月报（2026年3月）", "签署：容错案例月报（2026年3月）（承办机关分管领导）"]
    assert verify() == []
    assert prove(APRIL) == []


def test_the_report_of_a_year_is_called_by_it_and_by_another_once_that_is_corrected(monthly: Case) -> None:
    monthly.refresh_from_db()
    assert monthly.title == "容错案例月报（2026年）"
    seq = view(monthly, DAY).standing["arrange"][""].seq
    put_right = {"from": "2027-01-01", "until": "2027-12-31"}
    act(monthly, "correct", DAY, step="arrange", target=seq, values=put_right, reason="年份写错")
    monthly.refresh_from_db()
    assert monthly.title == "容错案例月报（2027年）"
    assert prove(DAY) == []


def test_the_paper_of_a_month_is_called_by_it(cast: Cast, monthly: Case) -> None:
    step = view(monthly, APRIL).pack.steps["monthly"]
    papers.record(
        case=monthly, step=step, key="1", by=CLERK, account=cast.officer, on=APRIL, at=moment(APRIL), today=APRIL,
        values={"situation": "当月没有"},
    )  # fmt: skip
    assert Paper.objects.get(case=monthly).title == "容错案例月报（2026年3月）"


def test_the_figures_are_those_of_the_month_and_its_end(monthly: Case, case: Case) -> None:
    child = waited_for(case)
    march, april = (date(2026, 3, 1), date(2026, 3, 31)), (date(2026, 4, 1), date(2026, 4, 30))
    assert lines(monthly, *march) == {"tolerance": (1, 0, 1, ()), "accountability": (1, 0, 1, ())}
    found(child, "不予容错")
    closed(child)
    assert lines(monthly, *march) == {"tolerance": (1, 1, 0, (("不予容错", 1),)), "accountability": (1, 0, 1, ())}
    assert lines(monthly, *april) == {"tolerance": (0, 0, 0, ()), "accountability": (0, 0, 1, ())}
    assert lines(monthly, date(2026, 2, 1), date(2026, 2, 28)) == {
        "tolerance": (0, 0, 0, ()),
        "accountability": (0, 0, 0, ()),
    }


def test_the_paper_keeps_the_figures_and_the_cases_of_the_month(monthly: Case, case: Case) -> None:
    child = waited_for(case)
    found(child, "不予容错")
    closed(child)
    record(monthly, "monthly", APRIL, {"situation": "认定一件"}, key="1")
    shown = view(monthly, APRIL)
    step = shown.pack.steps["monthly"]
    (kind,) = kinds(shown.pack, step)
    paper = Document(io.BytesIO(render(kind, context(monthly, step, shown.standing["monthly"]["1"]))))
    told = [[cell.text for cell in row.cells] for table in paper.tables for row in table.rows]
    assert "报告期：2026年3月1日至2026年3月31日" in [each.text for each in paper.paragraphs]
    assert ["容错纠错", "1", "1", "0", "不予容错1件"] in told
    assert ["容错纠错", "许南舟", "青溪区水利局", "2026年3月2日", "2026年3月2日", "不予容错"] in told


def test_the_figures_cost_the_same_however_many_cases(
    monthly: Case, case: Case, django_assert_num_queries: Any
) -> None:
    shown = view(Case.objects.select_related("organ__parent").get(pk=monthly.pk), APRIL)
    with django_assert_num_queries(3):
        first = report(shown, shown.pack.steps["monthly"], "1")
    waited_for(case)
    with django_assert_num_queries(3):
        second = report(shown, shown.pack.steps["monthly"], "1")
    assert first is not None
    assert second is not None
    assert [line.opened for line in first.lines] == [0, 1, 0]
    assert [line.opened for line in second.lines] == [1, 1, 0]
    assert report(shown, shown.pack.steps["arrange"], "") is None
