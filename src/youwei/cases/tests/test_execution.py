"""The checklist of carrying a decision out: which items a decision opens, what became of each, and how it follows a change (A5)."""

from datetime import date
from typing import Any

import pytest

from tests.support.cast import Cast
from youwei.cases import following
from youwei.cases.checklist import Checklist, checklist
from youwei.cases.models import Case, Exempted, OpenStep
from youwei.cases.queries import view
from youwei.cases.tests.builders import CLERK, act, case_of, moment, record
from youwei.cases.tests.tables import TODAY, imported, line
from youwei.decisions.altering import Doing, Review
from youwei.decisions.commands import Given
from youwei.decisions.models import Decision
from youwei.desk.safekeeping.proving import prove
from youwei.rulebook.law import load_law

pytestmark = [pytest.mark.django_db, pytest.mark.req("A5")]
SERVED: dict[str, Any] = {"result": "已当面送达", "number": "青纪送〔2026〕7号", "receivers": ["本人", "所在单位"]}


def execution() -> Case:
    return Case.objects.get(procedure="execution", state="open")


def listed(case: Case, on: date) -> Checklist:
    case.refresh_from_db()
    return checklist(view(case, on), on)


def asked(case: Case, on: date = TODAY) -> set[str]:
    return {each.step for each in listed(case, on).lines}


def test_a_recorded_removal_opens_what_the_law_wants_of_it_each_with_its_body(cast: Cast) -> None:
    removal = {"党纪处分种类": "撤销党内职务", "政务处分种类": "政务撤职", "干部管理权限": "县管干部"}
    imported(cast, line(**removal), on=TODAY)
    found = {(each.step, each.key): each for each in listed(execution(), TODAY).lines}
    assert {step for step, _ in found} == {
        "serve", "inform", "file_managed", "post_managed", "pay", "pay_rise", "outside", "recover", "advice", "grade", "report", "close",
    }  # fmt: skip
    post = found["post_managed", ""]
    assert (post.role, post.organ) == ("组织部门", "青溪区委组织部")
    # A month after Thursday 12 March is Sunday 12 April, so Monday; six months end on Saturday 12 September, so on Monday.
    assert (post.due, post.limit) == (date(2026, 4, 13), date(2026, 9, 14))
    assert [found["grade", key].due for key in ("1", "2")] == [date(2027, 3, 31), date(2028, 3, 31)]
    assert found["pay", ""].organ == "青溪区水利局"


@pytest.mark.req("J1")
def test_history_opens_no_checklist(cast: Cast) -> None:
    imported(cast, line(), mode="history")
    assert not Case.objects.filter(procedure="execution").exists()


def test_what_was_done_what_does_not_apply_and_what_is_late_is_told_with_its_proof(cast: Cast) -> None:
    case = case_of(cast, "execution")
    assert (case.opened_on, case.decision and case.decision.made_on) == (date(2026, 3, 16), date(2026, 3, 12))
    record(case, "serve", date(2026, 3, 18), SERVED)
    record(case, "inform", date(2026, 4, 20), {"result": "已函告", "file": "告知函.pdf", "bodies": ["组织部门"]})
    seq = act(
        case,
        "exempt",
        date(2026, 4, 20),
        step="advice",
        values={"ground": "没有需要制发建议书的问题"},
        reason="审查后认为不需要",
    )
    act(case, "not_done", date(2026, 4, 20), step="recover", values={"ground": "其他原因"}, reason="等待法院执行")
    found = listed(case, date(2026, 4, 21))
    lines = {each.step: each for each in found.lines}
    assert (lines["serve"].state, lines["serve"].proof) == ("按期办结", "青纪送〔2026〕7号")
    assert lines["serve"].result == "已当面送达；送达了谁：本人、所在单位"
    assert (lines["inform"].state, lines["inform"].proof, lines["inform"].late) == ("逾期办结", "告知函.pdf", True)
    assert (lines["file_managed"].state, lines["file_managed"].late) == ("逾期未办", True)
    assert lines["advice"].state == "不适用（免办）"
    assert lines["advice"].why == "免办：没有需要制发建议书的问题，审查后认为不需要。"
    assert (lines["recover"].state, lines["recover"].why) == ("未办", "未办：其他原因，等待法院执行。")
    assert (found.settled, found.late) == (4, 2)
    assert "post_managed" in {each.step for each in found.skipped}
    row = Exempted.objects.get()
    assert (row.step, row.ground, row.due_on) == ("advice", "没有需要制发建议书的问题", date(2026, 9, 14))
    assert prove(date(2026, 4, 21)) == []
    act(case, "withdraw", date(2026, 4, 22), target=seq, reason="记错了事项")
    assert not Exempted.objects.exists()


def test_an_item_needs_a_number_or_a_file(cast: Cast) -> None:
    case = case_of(cast, "execution")
    with pytest.raises(Exception, match="凭据") as refused:
        record(case, "serve", date(2026, 3, 18), {"result": "已送达", "receivers": ["本人"]})
    assert {fault.field for fault in refused.value.faults} == {"number", "file"}  # type: ignore[attr-defined]


def test_a_prolonged_item_never_passes_six_months(cast: Cast) -> None:
    imported(cast, line(党纪处分种类="撤销党内职务"), on=TODAY)
    case = execution()
    said = {"step": "post_managed", "reason": "班子换届"}
    with pytest.raises(Exception, match="2026年9月14日"):
        act(case, "prolong", TODAY, values={"ground": "特殊情况", "due": date(2026, 9, 15)}, **said)
    act(case, "prolong", TODAY, values={"ground": "特殊情况", "due": date(2026, 8, 31)}, **said)
    assert OpenStep.objects.get(case=case, step="post_managed").due_on == date(2026, 8, 31)


@pytest.mark.req("A6")
def test_a_decision_made_lighter_asks_for_less_and_a_withdrawn_one_for_nothing(cast: Cast) -> None:
    imported(cast, line(党纪处分种类="撤销党内职务"), on=TODAY)
    case, decision = execution(), Decision.objects.get()
    assert {"post_managed", "pay", "outside"} <= asked(case)
    measure, kind = decision.measures.get(kind="party.removal"), load_law().recognise("党内警告")
    assert kind is not None
    review = Review(starts_on=date(2026, 4, 1), ground="复审", organ=cast.commission, number="青纪复〔2026〕1号")

    def doing() -> Doing:
        decision.refresh_from_db()
        return Doing(
            by=CLERK, on=date(2026, 4, 1), at=moment(date(2026, 4, 1)), convention="inclusive", reason="复审", seen=decision.version
        )  # fmt: skip

    following.change(decision=decision.pk, targets={measure.pk: Given(kind, "党内警告")}, review=review, doing=doing())
    assert not {"post_managed", "pay", "outside"} & asked(case, date(2026, 4, 1))
    following.withdraw(decision=decision.pk, review=review, doing=doing())
    case.refresh_from_db()
    assert (case.state, case.outcome_title) == ("terminated", "")
    assert view(case, date(2026, 4, 1)).broken_off == "处分决定已撤销：复审"


def test_what_does_not_apply_is_rebuilt_from_the_log(cast: Cast) -> None:
    case = case_of(cast, "execution")
    act(
        case, "exempt", date(2026, 3, 20), step="advice", values={"ground": "没有需要制发建议书的问题"}, reason="不需要"
    )
    Exempted.objects.all().delete()
    assert [finding.table for finding in prove(date(2026, 3, 20))] == ["cases_exempted"]
    act(case, "note", date(2026, 3, 20), reason="核对")
    assert prove(date(2026, 3, 20)) == []
