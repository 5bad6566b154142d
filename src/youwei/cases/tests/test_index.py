"""The index of cases is no second truth: whatever is done to a case, what was kept is what the log gives anew."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.cast import Cast
from youwei.cases.commands import Rejected, refresh
from youwei.cases.models import Case, Done, NotDone, OpenStep
from youwei.cases.tests.builders import (
    ASSESSMENT,
    GROUP,
    MENTOR,
    OPENED,
    UNPLANNED,
    VISIT,
    act,
    begun,
    case_of,
    record,
)
from youwei.journal.queries import records, verify

pytestmark = [pytest.mark.django_db, pytest.mark.req("B1", "J4", "K6")]

CONTACT = {
    "outcome": "已进行",
    "mode": "电话",
    "place": "电话",
    "people": ["乐山川"],
    "heard": ["本人"],
    "account": "问候。",
    "planned": False,
}
HELP = {"done": "已联系医院", "settled": "已解决"}
HARD = {
    "management": "不愿管",
    "management_next": "约谈负责人",
    "difficulties": [{"matter": "老人住院", "wish": "调班"}],
}
RECORDS: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("group", "", GROUP),
    ("mentor", "", MENTOR),
    ("visit", "1", VISIT),
    ("visit", "1", VISIT | HARD),
    ("visit", "2", VISIT | {"next_on": None, "why_none": "临近期满"}),
    ("visit", "2", VISIT | {"outcome": "本人拒绝", "missed": "改日再约", "next_on": date(2027, 2, 1)}),
    ("help", "", HELP),
    ("urge", "", {"request": "落实管理", "result": "已落实"}),
    ("unplanned", "", UNPLANNED),
    ("contact", "", CONTACT),
    ("assess", "", ASSESSMENT),
    ("assess", "", ASSESSMENT | {"result": "消极"}),
    ("approve_assess", "", {"opinion": "同意"}),
    ("slack", "", {"measures": ["批评教育"], "done": "已谈话"}),
    ("feedback", "", {"copies": ["组织部门"]}),
    ("file", "", {"materials": "全卷"}),
)
RECORDING = st.sampled_from(RECORDS).map(lambda each: ("record", {"step": each[0], "key": each[1], "values": each[2]}))
CORRECTING = st.integers(2, 9).map(
    lambda target: ("correct", {"target": target, "values": {"shelf": "另-1"}, "reason": "写错了"})
)
WITHDRAWING = st.integers(2, 9).map(lambda target: ("withdraw", {"target": target, "reason": "记错了人"}))
LEAVING = st.sampled_from(["mentor", "group", "slack"]).map(lambda step: ("not_done", {"step": step, "reason": "无人"}))
STEERING = st.sampled_from(
    [
        ("return", {"step": "approve_assess", "to": "assess", "reason": "太笼统"}),
        ("hold", {"values": {"ground": "病休"}, "reason": "住院"}),
        ("resume", {"reason": "出院"}),
        ("note", {"reason": "来电"}),
        ("terminated", {"reason": "决定撤销"}),
        ("reopened", {"reason": "查明未完"}),
    ]
)
WALKS = st.lists(
    st.tuples(
        st.one_of(RECORDING, RECORDING, RECORDING, CORRECTING, WITHDRAWING, LEAVING, STEERING), st.integers(0, 90)
    ),
    max_size=14,
)


def kept(case: Case) -> tuple[Any, ...]:
    """What the index holds of a case, but for the numbers of its rows."""
    summary = Case.objects.values("state", "outcome", "outcome_title", "ended_on", "next_change").get(pk=case.pk)
    steps = OpenStep.objects.filter(case=case).order_by("step", "key").values()
    done = Done.objects.filter(case=case).order_by("entry_seq").values()
    return summary, [row | {"id": 0} for row in steps], [row | {"id": 0} for row in done]


def walk(case: Case, moves: list[tuple[tuple[str, dict[str, Any]], int]]) -> date:
    """Try the moves, some days apart; what is rejected must leave everything as it was. Returns the day of the last one that stood."""
    day = settled = OPENED
    for (kind, more), days in moves:
        day += timedelta(days=days)
        before = (kept(case), len(records("case", case.pk)))
        try:
            act(case, kind, day, **more)
            settled = day
        except Rejected:
            assert (kept(case), len(records("case", case.pk))) == before
    return settled


@given(moves=WALKS)
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
def test_the_index_rebuilt_is_the_index_kept(cast: Cast, moves: list[tuple[tuple[str, dict[str, Any]], int]]) -> None:
    case = case_of(cast)
    day = walk(case, moves)
    before = kept(case)
    refresh([Case.objects.get(pk=case.pk)], today=day)
    assert kept(case) == before
    ended = [entry.kind for entry in records("case", case.pk) if entry.kind == "ended"]
    assert (before[0]["state"] == "ended") <= bool(ended)


def test_difficulties_and_a_unit_that_will_not_manage_are_asked_for_beside_the_next_visit(cast: Cast) -> None:
    case = case_of(cast)
    act(case, "record", date(2026, 3, 18), step="group", values=GROUP)
    act(case, "record", date(2026, 3, 20), step="mentor", values=MENTOR)
    act(case, "record", date(2026, 6, 17), step="visit", key="1", values=VISIT | HARD)
    asked = set(OpenStep.objects.filter(case=case, optional=False).values_list("step", flat=True))
    assert asked == {"visit", "help", "urge", "assess"}
    refresh([case], today=date(2026, 6, 17))
    assert set(OpenStep.objects.filter(case=case, optional=False).values_list("step", flat=True)) == asked


@pytest.mark.req("I5", "J12")
def test_what_a_row_says_stays_sealed_when_it_is_said_why_nothing_was_done_about_it(cast: Cast) -> None:
    case = case_of(cast)
    begun(case)
    record(case, "visit", date(2026, 6, 17), VISIT | HARD, key="1")
    asked = OpenStep.objects.get(case=case, step="help")
    act(case, "not_done", date(2026, 6, 18), step="help", key=asked.key, reason="本人不再提出")
    act(case, "not_done", date(2026, 9, 18), step="visit", key="2", reason="本人外出")
    titles = dict(NotDone.objects.filter(case=case).values_list("step", "title"))
    assert titles["help"] == asked.title, "the row said 老人住院"
    assert "老人住院" not in "".join(titles.values())
    assert titles["visit"].endswith("（第2次）"), "which of several it was stays told"


def test_what_was_walked_proves_itself(cast: Cast) -> None:
    walk(
        case_of(cast), [(("record", {"step": step, "key": key, "values": values}), 30) for step, key, values in RECORDS]
    )
    assert verify() == []


def test_a_step_recorded_takes_as_many_statements_however_long_the_log(cast: Cast) -> None:
    case = case_of(cast)
    begun(case)
    spent = []
    for number, day in enumerate((date(2026, 6, 1), date(2026, 9, 1), date(2026, 12, 1), date(2027, 3, 1)), 1):
        values = VISIT | {"next_on": day + timedelta(days=90)}
        with CaptureQueriesContext(connection) as asked:
            record(case, "visit", day, values, key=str(number))
        spent.append(sum(not query["sql"].startswith(("SAVEPOINT", "RELEASE")) for query in asked))
    assert spent == [12] * 4, (
        "log, entries, notices; key, entry, content, head; steps and records cleared, summary, steps, records"
    )
