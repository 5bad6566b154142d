"""The demonstration city has a monthly report: one month made, signed and on paper, the next due on the clerk's desk."""

from datetime import date, timedelta

import pytest

from youwei.cases.commands import refresh
from youwei.cases.models import Case, Done, OpenStep
from youwei.config.demo.ledger import moment
from youwei.config.demo.places import build_places
from youwei.config.demo.reports import open_reports
from youwei.desk.work.queries import mine, steps
from youwei.documents.models import Paper
from youwei.organs.models import Account
from youwei.organs.policy import reader

pytestmark = [pytest.mark.django_db, pytest.mark.req("F5")]


@pytest.mark.parametrize(
    ("today", "made", "due"),
    [
        (date(2026, 11, 20), "2026-10-02", date(2026, 11, 5)),  # 10月31日后五天，11月5日是周四
        (date(2026, 3, 1), "2026-02-02", date(2026, 3, 5)),  # 2月28日后五天，3月5日是周四；1月的月报2月2日报
    ],
)
def test_one_month_is_reported_and_signed_and_the_next_is_due(today: date, made: str, due: date) -> None:
    begun = today - timedelta(days=400)
    places = build_places(on=begun, at=moment(begun), word="云川")
    (case,) = open_reports(places, today=today)
    (done,) = Done.objects.filter(case=case, step="monthly")
    assert done.on == date.fromisoformat(made)
    assert Paper.objects.filter(case=case).count() == 1
    assert not OpenStep.objects.filter(case=case, late_from__lt=done.on).exists()
    refresh(Case.objects.all(), today=today)
    clerk = reader(Account.objects.get(username="chensiyuan"), today)
    waiting = [row for row in steps(clerk).filter(mine(clerk)) if row.case_id == case.pk and not row.scheduled]
    assert [(row.step, row.due_on) for row in waiting] == [("monthly", due)]
