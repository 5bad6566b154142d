"""A plan made once for a log is the one anybody would make of it again, and none is kept for another log, day, calendar or pack."""

from datetime import timedelta

import pytest

from tests.support.cast import Cast
from youwei.cases import commands, logs, plans, queries
from youwei.cases.models import Case
from youwei.cases.tests.builders import GROUP, OPENED, case_of, record
from youwei.engine.plan import plan
from youwei.journal.models import Log
from youwei.organs.queries import calendar
from youwei.rulebook.calendar import WorkCalendar

pytestmark = [pytest.mark.django_db, pytest.mark.req("I1")]


@pytest.fixture
def case(cast: Cast) -> Case:
    return case_of(cast)


def head(case: Case) -> str:
    return Log.objects.get(kind="case", ref=case.pk).head_digest


def test_the_plan_kept_after_an_act_is_the_plan_of_the_log_as_it_then_stands(case: Case) -> None:
    record(case, "group", OPENED, GROUP)
    kept = plans.kept(head(case), calendar(), OPENED)
    assert kept is not None
    assert kept == plan(logs.packs(), logs.log(case), calendar(), OPENED)


def test_whoever_opens_a_case_and_then_records_a_step_has_its_plan_made_once(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[int] = []
    shown = queries.view(case, OPENED)
    monkeypatch.setattr("youwei.engine.check.plan", lambda *given: seen.append(1) or plan(*given))
    record(case, "group", OPENED, GROUP)
    assert seen == []
    assert shown.plan.item("group") is not None


def test_another_day_another_log_another_calendar_and_other_packs_have_no_plan_kept(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    queries.view(case, OPENED)
    digest, known = head(case), calendar()
    assert plans.kept(digest, known, OPENED) is not None
    assert plans.kept(digest, known, OPENED + timedelta(days=1)) is None
    assert plans.kept("0" * 64, known, OPENED) is None
    assert plans.kept(digest, WorkCalendar([], []), OPENED) is None
    monkeypatch.setattr(logs, "packs", dict)
    assert plans.kept(digest, known, OPENED) is None


def test_only_the_newest_plans_are_kept(case: Case) -> None:
    made = queries.view(case, OPENED).plan
    for number in range(plans.MOST):
        plans.keep(f"{number:064}", calendar(), OPENED, made)
    assert plans.kept(head(case), calendar(), OPENED) is None
    assert plans.kept(f"{0:064}", calendar(), OPENED) is made


def test_what_is_taken_back_leaves_no_plan_that_anybody_asks_for(case: Case) -> None:
    before = head(case)
    with pytest.raises(commands.Rejected):
        record(case, "group", OPENED, {})
    assert head(case) == before
    assert queries.view(case, OPENED).plan == plan(logs.packs(), logs.log(case), calendar(), OPENED)
