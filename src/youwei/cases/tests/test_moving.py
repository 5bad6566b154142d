"""Open cases are moved to another version of their procedure: one or many, logged, provable, taken back, and nothing twice (I1)."""

from datetime import date
from typing import Any

import pytest

from tests.support.cast import Cast
from tests.support.versions import NEW, OLD
from youwei.cases import moving, queries
from youwei.cases.commands import Rejected
from youwei.cases.logs import log
from youwei.cases.models import Case, Done, Moving, OpenStep
from youwei.cases.moving import Refused
from youwei.cases.proof import Prover
from youwei.cases.tests.builders import GROUP, act, begun, case_of, cases_of, moment, open_steps, record
from youwei.engine.types import Status
from youwei.journal.queries import verify

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("two_versions"), pytest.mark.req("I1")]
DAY = date(2026, 6, 1)


def begin(cast: Cast, cases: list[Case], **more: Any) -> Moving:
    given: dict[str, Any] = {"waived": (), "reason": "新办法施行", **more}
    return moving.begin(
        ref=OLD,
        to=NEW,
        cases=[case.pk for case in cases],
        organ=cast.commission,
        account=cast.officer,
        at=moment(DAY),
        **given,
    )


def go_on(row: Moving) -> Moving:
    moving.go_on(moving=row, today=DAY, at=moment(DAY))
    return Moving.objects.get(pk=row.pk)


def clean() -> None:
    assert verify(provers=[Prover(DAY)]) == []


def test_a_moved_case_goes_on_under_the_new_version_and_its_log_says_so(cast: Cast) -> None:
    case = case_of(cast)
    begun(case)
    row = go_on(begin(cast, [case]))
    case.refresh_from_db()
    assert (row.state, case.version, row.refused) == ("done", "2026.06", [])
    assert ("pledge", "") in open_steps(case)
    last = log(case)[-1]
    assert (last.kind, last.to, last.reason, last.by) == ("moved", "jingzhou-visit@2026.06", "新办法施行", "方知行")
    assert OpenStep.objects.get(case=case, step="pledge").late_from >= DAY  # type: ignore[operator]
    record(case, "pledge", DAY, {})
    assert Done.objects.filter(case=case, step="pledge").exists()
    clean()


def test_the_past_is_read_by_the_version_of_that_day(cast: Cast) -> None:
    case = case_of(cast)
    go_on(begin(cast, [case]))
    then = queries.view(Case.objects.get(pk=case.pk), DAY, until=date(2026, 4, 1))
    assert (then.pack.ref, then.case.version) == (OLD, "2018.03")
    assert "pledge" not in then.plan.steps
    assert queries.view(Case.objects.get(pk=case.pk), DAY).pack.ref == NEW
    told = queries.lines(Case.objects.get(pk=case.pk), queries.view(case, DAY).records)
    assert told[-1].title == "转入新版本：2026.06版"


def test_what_a_move_would_do_is_told_and_nothing_is_entered(cast: Cast) -> None:
    case = case_of(cast)
    before = len(log(case))
    (looked,) = moving.look([case], NEW, today=DAY)
    assert [(each.step, each.what) for each in looked.preview.changes] == [("pledge", "appeared")]
    (waived,) = moving.look([case], NEW, today=DAY, waived=["pledge"])
    assert waived.preview.after is not None
    assert waived.preview.after.steps["pledge"].status is Status.SKIPPED
    assert len(log(case)) == before


def test_a_new_step_is_waived_for_those_moved(cast: Cast) -> None:
    case = case_of(cast)
    go_on(begin(cast, [case], waived=["pledge"]))
    assert ("pledge", "") not in open_steps(case)
    assert log(case)[-1].values == {"waived": ["pledge"]}
    clean()


def test_those_that_cannot_be_moved_are_listed_with_the_reason_and_the_others_go(cast: Cast) -> None:
    first, second, third = cases_of(cast, 3)
    act(first, "terminated", date(2026, 5, 6), reason="误立")
    act(second, "moved", DAY, to=str(NEW))
    row = go_on(begin(cast, [first, second, third]))
    assert [each["case"] for each in row.moved] == [third.pk]
    assert {each["case"]: each["why"] for each in row.refused} == {
        first.pk: "事项已经结束。需要继续办理的，请先重新办理并写明理由。", second.pk: "事项已经按2026.06版办理。请选择其他版本。",
    }  # fmt: skip


def test_a_moving_cut_off_goes_on_and_moves_nothing_twice(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    cases = cases_of(cast, 5)
    row = begin(cast, cases)
    monkeypatch.setattr(moving, "CHUNK", 2)
    real, calls = moving._move, []

    def falls(*said: object) -> int:
        calls.append(said)
        if len(calls) == 4:  # in the middle of the second chunk
            raise KeyboardInterrupt
        return real(*said)  # type: ignore[arg-type]

    monkeypatch.setattr(moving, "_move", falls)
    with pytest.raises(KeyboardInterrupt):
        go_on(row)
    cut = Moving.objects.get(pk=row.pk)
    assert (cut.state, cut.reached, len(cut.moved)) == ("moving", 2, 2)
    assert Case.objects.filter(version="2026.06").count() == 2
    monkeypatch.setattr(moving, "_move", real)
    row = go_on(cut)
    assert (row.state, row.reached, len(row.moved)) == ("done", 5, 5)
    assert {len([entry for entry in log(case) if entry.kind == "moved"]) for case in cases} == {1}
    clean()


def test_a_moving_is_taken_back_but_for_those_worked_on(cast: Cast) -> None:
    first, second = cases_of(cast, 2)
    before = open_steps(first)
    row = go_on(begin(cast, [first, second]))
    second.refresh_from_db()
    record(second, "pledge", DAY, {})
    assert moving.take_back(pk=row.pk)
    row = go_on(Moving.objects.get(pk=row.pk))
    first.refresh_from_db()
    second.refresh_from_db()
    assert (row.state, first.version, second.version) == ("undone", "2018.03", "2026.06")
    assert open_steps(first) == before
    assert [each["case"] for each in row.moved] == [second.pk]
    assert "签订帮带责任书" in row.refused[0]["why"]
    assert not moving.take_back(pk=row.pk)
    clean()


def test_one_move_is_taken_back_on_the_case_itself(cast: Cast) -> None:
    case = case_of(cast)
    record(case, "group", date(2026, 3, 18), GROUP)
    seq = act(case, "moved", DAY, to=str(NEW))
    act(case, "withdraw", DAY, target=seq, reason="不转了")
    case.refresh_from_db()
    assert (case.version, ("pledge", "") in open_steps(case)) == ("2018.03", False)
    clean()
    with pytest.raises(Rejected, match="没有规程"):
        act(case, "moved", DAY, to="jingzhou-visit@2030.01")


@pytest.mark.parametrize(
    ("more", "why"), [({"reason": " "}, "请写明转入的理由"), ({"reason": "长" * 201}, "不超过200个字")]
)
def test_a_moving_is_not_begun_without_what_it_needs(cast: Cast, more: dict[str, str], why: str) -> None:
    with pytest.raises(Refused, match=why):
        begin(cast, [case_of(cast)], **more)
    with pytest.raises(Refused, match="一件事项也没有选"):
        begin(cast, [])
    assert not Moving.objects.exists()
