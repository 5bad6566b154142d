"""The check before holding to account from end to end: the proposal waits for it, replies are held meanwhile, and the decision names it (F2)."""

from datetime import date
from typing import Any

import pytest

from tests.support.cast import Cast
from youwei.cases.by_hand import open_by_hand
from youwei.cases.models import Case
from youwei.cases.prechecking import admitting
from youwei.cases.queries import holding_replies
from youwei.cases.tests.builders import CLERK, act, moment, open_steps, record
from youwei.cases.tests.tables import TODAY, identity, imported, line, outcomes, upload, write
from youwei.cases.undoing import undo
from youwei.decisions.models import Decision
from youwei.desk.safekeeping.proving import prove
from youwei.intake.queries import opened, staged_rows
from youwei.journal.queries import records, verify
from youwei.people.models import Person

pytestmark = [pytest.mark.django_db, pytest.mark.req("F2")]
DAY = date(2026, 3, 2)
MEMBERS = [{"member": "甘棠"}]
SIDES = {"facts": "略", "intent": True, "procedure": True, "result": True, "discipline": True}


@pytest.fixture
def case(cast: Cast) -> Case:
    """Somebody known from the ledger, about whom holding to account is considered."""
    imported(cast, line(姓名="许南舟", 身份证号=identity(1), 问题类别="违反工作纪律"))
    said = {"organ.accountability": str(cast.commission.pk)}
    return open_by_hand(
        thing=Person.objects.get(name="许南舟"), family="accountability", role="handler", organ=cast.commission, said=said, by=CLERK,
        on=DAY, at=moment(DAY), today=DAY,
    )  # fmt: skip


def considered(case: Case, *, fits: bool) -> None:
    record(case, "receive", DAY, {"source": "监督检查", "grounds": ["履职不力"], "facts": "略"})
    record(case, "consider", DAY, {"fits": fits, "reasons": "对照四个方面"})
    record(case, "check", DAY, {"opinion": "同意"})


def waited_for(case: Case) -> Case:
    """The case that is opened for the check and waited for."""
    considered(case, fits=True)
    record(case, "tolerance", DAY, {})
    return Case.objects.exclude(pk=case.pk).get(procedure="tolerance")


def found(child: Case, decision: str, **more: Any) -> None:
    record(child, "propose", DAY, {"phase": "容中", "start": "组织主动启动", "matter": "略", "request": "略"})
    record(child, "accept", DAY, {"accepted": True})
    record(child, "register", DAY, {"assigned": ["方知行", "甘棠"]})
    record(child, "inquire", DAY, SIDES | more)
    record(
        child,
        "hear",
        DAY,
        {
            "outcome": "已进行",
            "mode": "当面",
            "place": "会议室",
            "people": ["方知行", "甘棠"],
            "heard": ["本人"],
            "account": "略",
        },
    )
    record(child, "study", DAY, {"attendance": MEMBERS, "advice": "容错", "grave": False, "reasons": "略"})
    act(child, "sign", DAY, step="study", part="organization")
    record(child, "determine", DAY, {"attendance": MEMBERS, "decision": decision, "reasons": "略"})


def closed(child: Case) -> None:
    """Told, not objected to, filed."""
    record(child, "notify", DAY, {"conclusion": "略", "told": ["本人"], "told_on": DAY})
    act(child, "exempt", DAY, step="answer", values={"ground": "期内没有提出异议"})
    record(child, "file", DAY, {"filed_to": "云川市纪委监委", "month": "2026年3月"})


def state(case: Case) -> tuple[str, str]:
    return Case.objects.values_list("state", "outcome").get(pk=case.pk)


def test_the_proposal_waits_until_the_check_has_ended_and_replies_are_held_till_it_is_settled(case: Case) -> None:
    person = case.person_id or 0
    assert holding_replies([person]) == {person: [case]}
    child = waited_for(case)
    assert (child.person_id, child.organ_id) == (case.person_id, case.organ_id)
    assert set(holding_replies([person])[person]) == {case, child}
    assert open_steps(case) == {}, "nothing may be proposed meanwhile"
    found(child, "不予容错")
    assert holding_replies([person])[person] == [case]
    closed(child)
    assert state(child) == ("ended", "denied")
    assert set(open_steps(case)) == {("propose", "")}
    assert verify() == []


def test_what_is_tolerated_is_not_proposed(case: Case) -> None:
    child = waited_for(case)
    found(child, "免责")
    closed(child)
    record(child, "correct", DAY, {"measures": "略", "gap": False})
    record(child, "confirm", DAY, {"opinion": "同意"})
    assert state(child) == ("ended", "tolerated")
    assert set(open_steps(case)) == {("drop", "")}
    record(case, "drop", DAY, {"told": "所在单位党组织"})
    assert state(case) == ("ended", "tolerated")
    assert list(admitting([case.person_id or 0])) == [], "no decision may rest on either"
    assert holding_replies([case.person_id or 0]) == {}


@pytest.mark.req("F4")
def test_a_gap_found_opens_a_recommendation_and_its_end_comes_back(case: Case) -> None:
    child = waited_for(case)
    found(child, "免责")
    closed(child)
    record(child, "correct", DAY, {"measures": "略", "gap": True})
    record(child, "confirm", DAY, {"opinion": "同意"})
    record(child, "recommend", DAY, {})
    asked = Case.objects.get(procedure="recommendation")
    assert asked.subject_organ_id == case.subject_organ_id
    record(asked, "draft", DAY, {"problem": "略", "cause": "略", "advice": "略"})
    record(asked, "approve", DAY, {"opinion": "同意"})
    record(asked, "send", DAY, {"number": "青监建〔2026〕3号", "advice": "略", "received_on": DAY})
    act(asked, "exempt", DAY, step="object", values={"ground": "期内没有提出异议"})
    record(asked, "answer", DAY, {"adopted": "采纳", "measures": "修订制度"})
    record(asked, "judge", DAY, {"result": "落实到位", "account": "略"})
    assert state(child)[0] == "open"
    record(asked, "file", DAY, {"shelf": "2026-3"})
    assert state(child) == ("ended", "tolerated")


def row(**more: str) -> dict[str, str]:
    given = {
        "身份证号": identity(1),
        "党纪处分": "",
        "组织处理": "诫勉",
        "四种形态": "第一种形态",
        "问题类别": "履职不力",
        "决定文号": "青纪函〔2026〕7号",
        "决定日期": "2026-03-13",
        "生效日期": "2026-03-13",
    }
    return line(**(given | more))


@pytest.mark.parametrize("phase", ["不予容错", "从轻减轻"])
def test_an_imported_decision_names_the_ended_check_of_its_person(cast: Cast, case: Case, phase: str) -> None:
    child = waited_for(case)
    found(child, phase)
    closed(child)
    if phase == "从轻减轻":
        record(child, "correct", DAY, {"measures": "略", "gap": False})
        record(child, "confirm", DAY, {"opinion": "同意"})
    assert list(admitting([case.person_id or 0])) == [child]
    imported(cast, row(容错审核=f"事项{child.pk}"))
    decision = Decision.objects.get(number="青纪函〔2026〕7号")
    assert (decision.precheck, decision.precheck_case) == ("case", child.pk)


def test_a_case_of_another_person_one_still_open_and_one_that_tolerated_are_not_taken(cast: Cast, case: Case) -> None:
    child = waited_for(case)
    imported(cast, row(容错审核=f"事项{child.pk}"))
    decision = Decision.objects.get(number="青纪函〔2026〕7号")
    assert (decision.precheck, decision.precheck_case) == ("owed", None)
    assert f"事项{child.pk}不是本人已经办结" in decision.precheck_why()
    found(child, "不予容错")
    closed(child)
    imported(cast, row(姓名="甘棠", 身份证号=identity(2), 决定文号="青纪函〔2026〕8号", 容错审核=f"事项{child.pk}"))
    assert Decision.objects.get(number="青纪函〔2026〕8号").precheck == "owed"


def test_the_log_of_the_waiting_case_tells_what_was_considered(case: Case) -> None:
    considered(case, fits=False)
    said = next(each for each in records("case", case.pk) if each.step == "consider")
    assert said.content["values"]["reasons"] == "对照四个方面"
    assert set(open_steps(case)) == {("propose", "")}


def test_an_import_takes_the_answer_marks_history_and_owes_the_rest_in_clear_words(cast: Cast) -> None:
    why = "没有经过集体研究"
    batch = upload(
        cast.commission,
        row(姓名="许南舟", 身份证号=identity(1), 决定文号="一号", 容错审核=""),
        row(姓名="单望舒", 身份证号=identity(2), 决定文号="二号", 容错审核=f"不适用容错：{why}"),
        row(姓名="甘棠", 身份证号=identity(3), 决定文号="三号", 容错审核="历史"),
        row(姓名="乐山川", 身份证号=identity(4), 决定文号="四号", 容错审核="研究过"),
    )
    said = {
        each.row.values["number"]: "".join(fault.message for fault in each.row.warnings)
        for each in map(opened, staged_rows(batch))
    }
    assert "没有写容错审核，按待补收入" in said["一号"]
    assert "现行的决定不能写“历史”" in said["三号"]
    assert "看不出容错审核的结果" in said["四号"]
    write(batch)
    kept = {each.number: (each.precheck, each.precheck_why()) for each in Decision.objects.all()}
    assert kept == {"一号": ("owed", ""), "二号": ("unfit", why), "三号": ("owed", ""), "四号": ("owed", "研究过")}
    imported(cast, row(姓名="岑伯安", 身份证号=identity(5), 决定文号="五号"), mode="history")
    assert Decision.objects.get(number="五号").precheck == "history"
    assert verify() == []


def test_a_ledger_that_comes_again_with_the_answer_answers_the_decision_that_owes_it(cast: Cast) -> None:
    imported(cast, row())
    batch = upload(cast.commission, row(容错审核="不适用容错：没有经过集体研究"))
    (found,) = map(opened, staged_rows(batch))
    assert [(each.field, each.after) for each in found.changes] == [("precheck", "不适用容错：没有经过集体研究")]
    write(batch)
    decision = Decision.objects.get()
    assert (decision.precheck, decision.precheck_why(), decision.version) == ("unfit", "没有经过集体研究", 1)
    told = [each for each in records("person", decision.person_id or 0) if each.kind == "decision.prechecked"]
    assert [each.content["after"]["precheck"] for each in told] == ["unfit"]
    assert outcomes(imported(cast, row(容错审核="不适用容错：没有经过集体研究"))) == ["unchanged"]
    assert outcomes(upload(cast.commission, row(容错审核=""))) == ["unchanged"], "silence takes nothing back"
    assert outcomes(upload(cast.commission, row(容错审核="不适用容错：另有理由"))) == ["ask"], "never written over"
    undo(batch=batch, by=CLERK, at=moment(TODAY), today=TODAY)
    assert Decision.objects.get().precheck == "owed"
    assert verify() == []
    assert prove(TODAY) == []


def test_an_answer_that_comes_later_and_names_no_ended_check_stays_owed_and_says_what_it_named(
    cast: Cast, case: Case
) -> None:
    child = waited_for(case)
    imported(cast, row())
    imported(cast, row(容错审核=f"事项{child.pk}"))
    decision = Decision.objects.get(number="青纪函〔2026〕7号")
    assert decision.precheck == "owed"
    assert f"事项{child.pk}不是本人已经办结" in decision.precheck_why()
    found(child, "不予容错")
    closed(child)
    imported(cast, row(容错审核=f"事项{child.pk}"))
    decision.refresh_from_db()
    assert (decision.precheck, decision.precheck_case) == ("case", child.pk)


def test_a_decision_that_calls_for_no_answer_is_given_none(cast: Cast) -> None:
    imported(cast, line(身份证号=identity(1)))
    assert outcomes(imported(cast, line(身份证号=identity(1), 容错审核="不属于问责：贪腐"))) == ["unchanged"]
    assert Decision.objects.get().precheck == ""


def test_a_check_that_broke_off_is_begun_anew_once_the_case_is_sent_back(case: Case) -> None:
    first = waited_for(case)
    act(first, "terminated", DAY, reason="立项有误")
    assert ("again", "") in open_steps(case)
    act(case, "return", DAY, step="again", to="consider", reason="仍可能符合条件")
    record(case, "consider", DAY, {"fits": True, "reasons": "对照四个方面"})
    record(case, "check", DAY, {"opinion": "同意"})
    assert list(open_steps(case)) == [("tolerance", "")]
    record(case, "tolerance", DAY, {})
    second = Case.objects.filter(procedure="tolerance").latest("pk")
    assert second.pk != first.pk
    found(second, "不予容错")
    closed(second)
    assert list(open_steps(case)) == [("propose", "")]
    assert verify() == []
    assert prove(DAY) == []
