"""One act for many cases: each judged on its own, listed exactly, once, and as one act of a single case would have left it."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.support.cast import Cast
from youwei.cases import many
from youwei.cases.logs import log
from youwei.cases.many import Result, Wanted, enter_many
from youwei.cases.models import Case, CaseServant, Done, OpenStep
from youwei.cases.tests.builders import (
    CLERK,
    GROUP,
    MENTOR,
    OTHER,
    VISIT,
    begun,
    case_of,
    cases_of,
    moment,
    open_steps,
    record,
)
from youwei.documents.commands import record_many
from youwei.documents.models import Paper
from youwei.engine.types import EntryKind, Via
from youwei.journal.models import Entry
from youwei.journal.queries import records, verify
from youwei.organs.models import Role

pytestmark = [pytest.mark.django_db, pytest.mark.req("A7")]
FOR_EACH = ("DELETE FROM cases_", "INSERT INTO journal_entrycontent", "UPDATE journal_log SET head_seq")
"""Statements sent once for each row, without a journey of their own."""
DAY = date(2026, 3, 18)  # a Wednesday, two days after the cases were opened


def enter(cases: list[Case], token: str = "together", **more: Any) -> list[Result]:
    given = {"step": "group", "on": DAY, "values": GROUP, **more}
    stamp: dict[str, Any] = {"by": CLERK, "at": moment(DAY), "today": DAY}
    return enter_many(wanted=[Wanted(case=case, **given) for case in cases], token=token, **stamp)


def test_every_case_gets_its_own_entry_and_its_index_is_as_after_a_single_act(cast: Cast) -> None:
    *cases, single = cases_of(cast, 4)
    record(single, "group", DAY, GROUP)
    assert enter(cases) == [Result(case.pk, 2) for case in cases]
    for case in cases:
        entry = records("case", case.pk)[1]
        assert (entry.step, entry.by, entry.on, entry.content["values"]["shelf"]) == (
            "group",
            "方知行",
            DAY,
            "青-2026-0019",
        )
        assert open_steps(case) == open_steps(single)
        assert Done.objects.get(case=case).step == "group"
    assert ("mentor", "") in open_steps(cases[0])
    assert verify() == []


def test_one_that_may_not_stand_is_refused_by_name_and_the_others_stand(cast: Cast) -> None:
    first, second, third = cases_of(cast, 3)
    record(second, "group", DAY, GROUP, by=OTHER)
    stood, refused, also = enter([first, second, third])
    assert (stood.seq, also.seq) == (2, 2)
    assert (refused.case, refused.seq) == (second.pk, 0)
    assert "现在是“已办”，不能这样记录" in refused.refusal
    assert len(records("case", second.pk)) == 2
    assert not Entry.objects.filter(token=many.token_of("together", second.pk)).exists()


def test_a_case_somebody_recorded_since_the_form_was_opened_says_who(cast: Cast) -> None:
    case = case_of(cast)
    record(case, "group", DAY, GROUP, by=OTHER)
    (refused,) = enter([case], seen=1)
    assert refused.refusal.startswith("甘棠已在您之前办理了这一环节")


def test_the_same_act_sent_again_doubles_nothing_and_tries_what_was_refused(cast: Cast) -> None:
    first, second = cases_of(cast, 2)
    met = date(2026, 6, 17)
    stamp: dict[str, Any] = {"by": CLERK, "at": moment(met), "today": met, "token": "once"}
    wanted = [
        Wanted(case=first, step="group", on=DAY, values=GROUP),
        Wanted(case=second, step="visit", key="1", on=met, values=VISIT),
    ]
    assert [result.seq for result in enter_many(wanted=wanted, **stamp)] == [2, 0], "no visit before there is a group"
    begun(second)
    assert [result.seq for result in enter_many(wanted=wanted, **stamp)] == [2, 4]
    assert [result.seq for result in enter_many(wanted=wanted, **stamp)] == [2, 4]
    assert [len(records("case", case.pk)) for case in (first, second)] == [2, 4]


def test_values_of_ones_own_stand_beside_shared_ones(cast: Cast) -> None:
    cases = cases_of(cast, 2)
    wanted = [
        Wanted(case=case, step="group", on=DAY, values={**GROUP, "shelf": shelf}, behalf="某科")
        for case, shelf in zip(cases, ("青-1", "青-2"), strict=True)
    ]
    enter_many(wanted=wanted, token="own", by=CLERK, at=moment(DAY), today=DAY)
    found = [records("case", case.pk)[1] for case in cases]
    assert [(entry.content["values"]["shelf"], entry.behalf) for entry in found] == [("青-1", "某科"), ("青-2", "某科")]


def test_an_entry_that_comes_from_a_batch_says_so(cast: Cast) -> None:
    case = case_of(cast)
    wanted = [Wanted(case=case, step="group", on=DAY, values=GROUP)]
    enter_many(wanted=wanted, token="via", by=CLERK, at=moment(DAY), today=DAY, via=Via(7, 3, ""))
    assert log(case)[1].via == Via(7, 3, "")
    assert log(case)[0].via is None


def test_ends_chains_and_whoever_serves_a_case_follow_as_after_a_single_act(cast: Cast) -> None:
    ended, going = cases_of(cast, 2)
    enter([ended, going])
    mentor = cast.accounts[Role.MENTOR]
    results = enter([ended, going], "mentor", step="mentor", values={**MENTOR, "person": mentor.name})
    assert [result.seq for result in results] == [3, 3]
    assert {row.account for row in CaseServant.objects.filter(case__in=[ended, going])} == {mentor}
    stop = [Wanted(case=ended, step="", on=DAY, kind=EntryKind.TERMINATED, reason="立错")]
    assert enter_many(wanted=stop, token="stop", by=CLERK, at=moment(DAY), today=DAY)[0].seq == 4
    ended.refresh_from_db()
    assert ended.state == Case.State.TERMINATED
    assert not OpenStep.objects.filter(case=ended).exists()
    assert verify() == []


def test_the_same_case_twice_in_one_act_is_a_fault_of_the_caller(cast: Cast) -> None:
    case = case_of(cast)
    with pytest.raises(ValueError, match="twice"):
        enter([case, case])
    with pytest.raises(ValueError, match="token"):
        enter([case], token="x" * 49)


def test_statements_do_not_grow_with_the_number_of_cases(cast: Cast) -> None:
    counts = []
    for number, size in enumerate((2, 12)):
        cases = cases_of(cast, size)
        with CaptureQueriesContext(connection) as queries:
            assert all(result.seq for result in enter(cases, f"t{number}"))
        counts.append(sum(not each["sql"].startswith(FOR_EACH) for each in queries))
    assert counts[0] == counts[1] < 20


def test_a_step_with_a_paper_brings_each_its_own_and_none_twice(cast: Cast) -> None:
    cases = cases_of(cast, 3)
    for case in cases[:2]:
        begun(case)
    met = date(2026, 6, 17)
    wanted = [Wanted(case=case, step="visit", key="1", on=met, values=VISIT) for case in cases]
    for _ in range(2):
        results = record_many(wanted=wanted, token="visits", by=CLERK, at=moment(met), today=met)
        assert [bool(result.seq) for result in results] == [True, True, False]
        assert list(Paper.objects.order_by("case").values_list("case", "entry_seq")) == [
            (result.case, result.seq) for result in results[:2]
        ]
    assert verify() == []
