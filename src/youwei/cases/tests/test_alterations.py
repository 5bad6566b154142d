"""Procedures that end in another state of the decision: the step is done by altering the decision, and neither is there without the other."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest

from tests.support.cast import Cast
from youwei.cases import following
from youwei.cases.by_hand import NotAdmitted, open_by_hand
from youwei.cases.commands import NewCase, Rejected, open_many
from youwei.cases.facts import decision_facts
from youwei.cases.following import Consequences
from youwei.cases.logs import packs
from youwei.cases.models import Case
from youwei.cases.tests.builders import ANNOUNCED, CLERK, act, moment, open_steps, record
from youwei.decisions.altering import Doing, Refused, Review
from youwei.decisions.commands import Given, NewDecision, record_many
from youwei.decisions.models import Decision, Measure, Period
from youwei.journal.queries import records, verify
from youwei.people.commands import build, register_many
from youwei.rulebook.law import load_law

pytestmark = [pytest.mark.django_db, pytest.mark.req("A6")]

MADE, OPENED = date(2026, 3, 2), date(2026, 3, 16)
PRESENT = [{"member": "方知行", "present": True, "vote": "同意"}]


def given(label: str) -> Given:
    kind = load_law().recognise(label)
    assert kind is not None
    return Given(kind, label)


def decided(cast: Cast, label: str, made: date = MADE) -> Decision:
    stamp: dict[str, Any] = {"by": CLERK, "on": made, "at": moment(made)}
    (person,) = register_many([build(organ=cast.bureau, name="许南舟", managed_by="区管干部")], **stamp)
    new = NewDecision(
        deciding_organ=cast.commission, counted_at=cast.district, measures=(given(label),), person=person, unit=cast.bureau,
        made_on=made, effective_on=made, acts_until=date(2024, 6, 30), managed_by="区管干部",
    )  # fmt: skip
    ((decision, _, _),) = record_many([new], convention="inclusive", **stamp)
    return decision


def opened(decision: Decision, procedure: str, on: date = OPENED) -> Case:
    pack = next(pack for ref, pack in packs().items() if ref.procedure == procedure)
    measures = list(decision.measures.all())
    periods = Period.objects.filter(measure__in=measures, current=True)
    assert decision.person is not None
    assert decision.unit is not None
    new = NewCase(
        pack=pack, organ=decision.deciding_organ, subject_organ=decision.unit, person=decision.person, decision=decision,
        facts=decision_facts(decision, measures, periods, on),
    )  # fmt: skip
    return open_many([new], by=CLERK, on=on, at=moment(on), today=on)[0]


def doing(decision: Decision, on: date) -> Doing:
    decision.refresh_from_db()
    return Doing(by=CLERK, on=on, at=moment(on), convention="inclusive", reason="见决定书", seen=decision.version)


def review(decision: Decision, on: date, ground: str = "复审") -> Review:
    return Review(starts_on=on, ground=ground, organ=decision.deciding_organ, number="青监复〔2026〕1号")


def change(decision: Decision, label: str, on: date) -> Consequences:
    (measure,) = decision.measures.all()
    found = following.change(
        decision=decision.pk, targets={measure.pk: given(label)}, review=review(decision, on), doing=doing(decision, on)
    )
    assert found is not None
    return found


def withdraw(decision: Decision, on: date) -> Consequences:
    found = following.withdraw(decision=decision.pk, review=review(decision, on), doing=doing(decision, on))
    assert found is not None
    return found


def reviewed(case: Case, result: str) -> None:
    """Up to the decision of the review and its approval on Monday 23 March."""
    record(case, "apply", date(2026, 3, 16), {"served_on": "2026-03-03", "requests": "请求撤销"})
    record(case, "accept", date(2026, 3, 17), {"in_time": True, "accepted": "受理"})
    record(case, "decide", date(2026, 3, 20), {"attendance": PRESENT, "result": result, "reasons": "一项事实不成立"})
    record(case, "approve", date(2026, 3, 23), {"opinion": "同意"})


def state(case: Case) -> tuple[str, str]:
    case.refresh_from_db()
    return case.state, case.outcome


def kinds(case: Case) -> list[str]:
    return [entry.kind for entry in records("case", case.pk)]


def alive(decision: Decision) -> Sequence[str]:
    rows = Case.objects.filter(decision=decision, state="open").order_by("procedure")
    return list(rows.values_list("procedure", flat=True))


def test_nobody_types_the_record_of_a_step_that_alters_the_decision(cast: Cast) -> None:
    case = opened(decided(cast, "政务记过"), "supervision-review")
    reviewed(case, "变更")
    before = kinds(case)
    with pytest.raises(Rejected, match="不在这里记录") as refused:
        record(case, "change", date(2026, 3, 24), {"starts_on": "2026-03-23"})
    assert "请到决定的页面登记" in str(refused.value)
    assert kinds(case) == before


def test_a_change_on_review_does_the_step_and_opens_the_redress_in_one_act(cast: Cast) -> None:
    decision = decided(cast, "政务记过")
    case = opened(decision, "supervision-review")
    reviewed(case, "变更")
    change(decision, "政务警告", date(2026, 3, 24))
    entry = records("case", case.pk)[-1]
    assert (entry.kind, entry.step, entry.on, entry.by) == ("record", "change", date(2026, 3, 24), CLERK.name)
    assert entry.content["values"] == {"starts_on": "2026-03-24", "number": "青监复〔2026〕1号"}
    assert ("change", "") not in open_steps(case)
    assert state(case) == ("open", "")
    redress = Case.objects.get(procedure="redress")
    # 25, 26, 27, 30 and 31 March are five working days.
    assert open_steps(redress) == {("inform", ""): date(2026, 3, 31)}
    first = records("case", redress.pk)[0].content["values"]
    assert (first["decision.changed"], first["decision.lightened"]) == (True, True)
    record(case, "notify", date(2026, 3, 25), {"result": "变更", "reasons": "同上", "received_on": "2026-03-25"})
    record(case, "again", date(2026, 4, 24), {"asks": "没有申请"})
    record(case, "file", date(2026, 4, 24), {"shelf": "9-1"})
    assert state(case) == ("ended", "changed")
    assert verify() == []


def test_a_change_taken_back_withdraws_the_record_and_ends_what_it_opened(cast: Cast) -> None:
    decision = decided(cast, "政务记过")
    case = opened(decision, "supervision-review")
    reviewed(case, "变更")
    change(decision, "政务警告", date(2026, 3, 24))
    later = date(2026, 3, 25)
    following.take_back(decision=decision.pk, doing=doing(decision, later))
    assert open_steps(case)["change", ""] == date(2026, 3, 30)  # 24 to 27 March, and the 30th
    assert state(Case.objects.get(procedure="redress")) == ("terminated", "terminated")
    assert verify() == []
    change(decision, "政务警告", later)
    assert ("change", "") not in open_steps(case)
    assert alive(decision) == ["redress", "supervision-review"]


def test_an_end_that_hung_on_the_alteration_is_open_again_when_it_is_taken_back(cast: Cast) -> None:
    """The withdrawal is the last step but one left over when the office files before it registers."""
    decision = decided(cast, "政务记过")
    case = opened(decision, "supervision-review")
    reviewed(case, "撤销")
    record(case, "notify", date(2026, 3, 24), {"result": "撤销", "reasons": "不成立", "received_on": "2026-03-24"})
    withdraw(decision, date(2026, 3, 24))
    record(case, "file", date(2026, 3, 25), {"shelf": "9-2"})
    assert state(case) == ("ended", "withdrawn")
    following.take_back(decision=decision.pk, doing=doing(decision, date(2026, 3, 26)))
    assert state(case) == ("open", "")
    assert ("withdraw", "") in open_steps(case)
    assert verify() == []


def test_a_withdrawal_goes_on_in_the_case_that_asked_for_it_and_ends_the_others(cast: Cast) -> None:
    decision = decided(cast, "政务记过")
    asked, other = opened(decision, "supervision-review"), opened(decision, "jingzhou-visit")
    reviewed(asked, "撤销")
    withdraw(decision, date(2026, 3, 24))
    assert (state(asked)[0], state(other)[0]) == ("open", "terminated")
    assert ("withdraw", "") not in open_steps(asked)
    assert alive(decision) == ["redress", "supervision-review"]


def test_a_review_of_a_decision_withdrawn_otherwise_ends(cast: Cast) -> None:
    """It asked for a change; what it was about is gone."""
    decision = decided(cast, "政务记过")
    case = opened(decision, "supervision-review")
    reviewed(case, "变更")
    withdraw(decision, date(2026, 3, 24))
    assert state(case)[0] == "terminated"


def test_the_name_is_restored_where_and_before_whom_the_sanction_was_announced(cast: Cast) -> None:
    decision = decided(cast, "党内警告")
    told = opened(decision, "statutory-announcement")
    record(told, "announce", date(2026, 3, 18), ANNOUNCED | {"place": "二楼会议室"})
    record(told, "file", date(2026, 3, 19), {"keeper": "青溪区委组织部"})
    withdraw(decision, date(2026, 3, 24))
    redress = Case.objects.get(procedure="redress")
    facts = records("case", redress.pk)[0].content["values"]
    assert {name: facts[name] for name in facts if name.startswith("decision.announced")} == {
        "decision.announced_on": "2026-03-18",
        "decision.announced_at": ["二楼会议室"],
        "decision.announced_to": ["党的基层组织全体党员", "本人"],
    }
    record(redress, "inform", date(2026, 3, 25), {"outcome": "撤销"})
    assert {step for step, _ in open_steps(redress)} == {"post", "pay", "property", "name", "letters"}


def test_the_office_finds_itself_that_a_decision_was_wrong_and_the_redress_opens_too(cast: Cast) -> None:
    decision = decided(cast, "党内严重警告")
    change(decision, "党内警告", date(2026, 3, 24))
    assert alive(decision) == ["redress"]


def probation(cast: Cast) -> tuple[Decision, Case]:
    """A probation of one year from 2 March 2025: the last day is 1 March 2026."""
    decision = decided(cast, "留党察看一年", date(2025, 3, 2))
    return decision, opened(decision, "rights-restoration", date(2025, 3, 10))


def discussed(case: Case, advice: str, **more: Any) -> None:
    """From the end of the probation to the approval on 11 May 2026."""
    record(case, "notify", date(2026, 3, 2), {})
    record(case, "apply", date(2026, 3, 3), {"applied": "没有申请"})
    record(case, "discuss", date(2026, 4, 20), {"attendance": PRESENT, "advice": advice, "conduct": "按时汇报"})
    record(case, "report", date(2026, 4, 21), {"advice": advice, "conduct": "按时汇报"})
    record(case, "approve", date(2026, 5, 11), {"organ": "青溪区委", "result": advice, **more})


def test_rights_are_restored_from_the_day_after_the_probation_however_late_the_approval(cast: Cast) -> None:
    decision, case = probation(cast)
    assert open_steps(case) == {("notify", ""): date(2026, 3, 13)}  # ten working days after 1 March: 2 to 6 and 9 to 13
    discussed(case, "恢复", starts_on="2026-03-02")
    on = date(2026, 5, 12)
    restored = following.restore(
        decision=decision.pk, review=review(decision, date(2026, 3, 2), "恢复党员权利"), doing=doing(decision, on)
    )
    assert restored is not None
    bar = Period.objects.get(measure__decision=decision, current=True, span="after_restoration")
    assert (bar.starts_on, bar.last_day, bar.unsettled) == (date(2026, 3, 2), date(2028, 3, 1), [])
    assert ("tell", "") in open_steps(case)
    record(case, "tell", on, {"result": "恢复"})
    record(case, "file", on, {"shelf": "9-3"})
    assert state(case) == ("ended", "restored")
    assert verify() == []


def test_an_extension_makes_two_years_once_and_the_procedure_begins_anew_for_its_end(cast: Cast) -> None:
    decision, case = probation(cast)
    discussed(case, "延长")
    on = date(2026, 5, 12)
    following.extend(
        decision=decision.pk, review=review(decision, date(2026, 5, 11), "延长留党察看"), doing=doing(decision, on)
    )
    measure = Measure.objects.get(decision=decision)
    assert (measure.kind, measure.months, measure.changes) == ("party.probation_1", 24, 0)
    spans = {row.span: row.last_day for row in Period.objects.filter(measure=measure, current=True)}
    assert spans == {"probation": date(2027, 3, 1), "after_restoration": date(2029, 3, 1)}
    record(case, "tell", on, {"result": "延长"})
    record(case, "file", on, {"shelf": "9-4"})
    assert state(case) == ("ended", "extended")
    again = Case.objects.get(procedure="rights-restoration", state="open")
    # Ten working days after Monday 1 March 2027.
    assert open_steps(again) == {("notify", ""): date(2027, 3, 15)}
    assert records("case", again.pk)[0].content["values"]["probation.extended"] is True
    with pytest.raises(Refused, match="最长不超过二年"):
        following.extend(
            decision=decision.pk, review=review(decision, date(2027, 3, 1)), doing=doing(decision, date(2027, 3, 2))
        )
    assert verify() == []


def test_an_extension_is_refused_before_the_year_is_over_and_can_be_taken_back(cast: Cast) -> None:
    decision, case = probation(cast)
    early = date(2026, 2, 27)
    with pytest.raises(Refused, match="2026年3月1日才满"):
        following.extend(decision=decision.pk, review=review(decision, early), doing=doing(decision, early))
    on = date(2026, 5, 12)
    following.extend(decision=decision.pk, review=review(decision, on), doing=doing(decision, on))
    following.take_back(decision=decision.pk, doing=doing(decision, on))
    measure = Measure.objects.get(decision=decision)
    assert measure.months is None
    assert Period.objects.get(measure=measure, current=True, span="probation").last_day == date(2026, 3, 1)
    act(case, "note", on, reason="核对过")
    assert verify() == []


def test_only_a_probation_is_extended(cast: Cast) -> None:
    decision = decided(cast, "党内警告")
    with pytest.raises(Refused, match="只有还没有恢复党员权利的留党察看"):
        following.extend(decision=decision.pk, review=review(decision, OPENED), doing=doing(decision, OPENED))


@pytest.mark.parametrize(
    ("label", "family", "fits"),
    [
        ("党内警告", "party-appeal", True), ("党内警告", "supervision-review", False), ("政务记过", "supervision-review", True),
        ("政务记过", "party-appeal", False), ("政务记过", "civil-servant-appeal", True),
    ],
)  # fmt: skip
def test_a_review_is_opened_by_hand_for_the_sanction_it_is_about(
    cast: Cast, label: str, family: str, fits: bool
) -> None:
    decision = decided(cast, label)
    given: dict[str, Any] = {
        "thing": decision, "family": family, "role": "trial_office", "organ": cast.commission, "said": {}, "by": CLERK, "on": OPENED,
        "at": moment(OPENED), "today": OPENED,
    }  # fmt: skip
    if not fits:
        with pytest.raises(NotAdmitted, match="不符合"):
            open_by_hand(**given)
        return
    case = open_by_hand(**given)
    assert set(open_steps(case)) == {("apply", "")}
    with pytest.raises(NotAdmitted, match="已有在办的"):
        open_by_hand(**given)
