"""A decision that holds somebody to account is not recorded, by whatever act, without what became of the check before it (F2)."""

from datetime import date
from typing import Any

import pytest

from tests.support.cast import Cast
from youwei.decisions import altering, prechecks
from youwei.decisions.models import Decision
from youwei.decisions.prechecks import Answer
from youwei.decisions.tests.builders import AT, CLERK, ENTERED, new, person, record
from youwei.decisions.tests.test_altering import change, correct, doing
from youwei.journal.queries import verify
from youwei.rulebook.law import load_law

pytestmark = [pytest.mark.django_db, pytest.mark.req("F2")]
MADE = date(2026, 3, 12)
HELD: dict[str, Any] = {"problem": "履职不力", "effective": MADE}
UNFIT = Answer("unfit", "没有经过民主决策，后果严重")


def asked(decision: Decision) -> tuple[str, str]:
    decision.refresh_from_db()
    return decision.precheck, decision.precheck_why()


@pytest.mark.parametrize(
    ("label", "problem", "on", "counts"),
    [
        ("诫勉", "履行主体责任不力", MADE, True),
        ("党内警告", "失职失责", MADE, True),
        ("政务记过", "不作为、慢作为", MADE, True),
        ("通报批评", "监管不力", MADE, True),
        ("责令辞职", "", MADE, True),  # by its nature, whatever the problem is called
        ("诫勉", "违规收受礼品", MADE, False),
        ("谈话提醒", "履职不力", MADE, False),  # no way of holding to account
        ("诫勉", "履职不力", date(2015, 3, 12), False),  # before the regulation of 2016
        ("诫勉", "履职不力", date(2017, 3, 12), True),
    ],
)
def test_what_counts_is_told_by_the_measure_the_problem_and_the_day(
    label: str, problem: str, on: date, counts: bool
) -> None:
    kind = load_law().recognise(label)
    assert kind is not None
    found = load_law().holds_to_account([kind.id], problem, on)
    assert (found is not None) is counts
    assert found is None or "问责条例" in found.cite.text


def test_a_current_one_without_an_answer_owes_it_and_with_one_keeps_it(cast: Cast) -> None:
    someone = person(cast)
    silent, told, other = record(
        new(cast, someone, "诫勉", **HELD), new(cast, someone, "诫勉", precheck=UNFIT, **HELD),
        new(cast, someone, "诫勉", problem="违规收受礼品", effective=MADE),
    )  # fmt: skip
    assert asked(silent) == ("owed", "")
    assert asked(told) == ("unfit", "没有经过民主决策，后果严重")
    assert asked(other) == ("", "")
    assert "民主决策".encode() not in bytes(told.precheck_why_sealed or b"")
    assert verify() == []


@pytest.mark.parametrize(
    "given", [Answer("unfit", " "), Answer("not_held"), Answer("case"), Answer("owed", "查不清"), Answer("history")]
)
def test_half_an_answer_is_none(cast: Cast, given: Answer) -> None:
    (decision,) = record(new(cast, person(cast), "诫勉", precheck=given, **HELD))
    assert asked(decision)[0] == "owed"


def test_history_is_marked_as_such_and_a_stub_says_that_it_lies_outside(cast: Cast) -> None:
    old, stub = record(
        new(cast, person(cast), "诫勉", mode="history", **HELD), new(cast, None, "责令辞职", effective=MADE, secret=True, precheck=UNFIT)
    )  # fmt: skip
    assert asked(old) == ("history", "")
    assert asked(stub) == ("offline", ""), "nothing of what was considered is kept of a state secret"


def test_a_correction_by_which_it_comes_to_count_owes_the_answer_and_one_back_takes_the_mark_away(cast: Cast) -> None:
    (decision,) = record(new(cast, person(cast), "诫勉", problem="违规收受礼品", effective=MADE))
    correct(decision, problem="履职不力")
    assert asked(decision) == ("owed", "")
    correct(decision, problem="违规收受礼品")
    assert asked(decision) == ("", "")
    correct(decision, "责令辞职")
    assert asked(decision) == ("owed", "")
    assert verify() == []


def test_a_change_on_review_by_which_it_comes_to_count_owes_the_answer_and_taking_it_back_takes_the_mark_away(
    cast: Cast,
) -> None:
    (decision,) = record(new(cast, person(cast), "调整职务", problem="", effective=MADE))
    change(cast, decision, "责令辞职", MADE)
    assert asked(decision) == ("owed", "")
    altering.take_back(decision=decision.pk, doing=doing(decision))
    assert asked(decision) == ("", "")


def test_an_answer_somebody_gave_stays_through_corrections(cast: Cast) -> None:
    (decision,) = record(new(cast, person(cast), "诫勉", precheck=UNFIT, **HELD))
    correct(decision, problem="违规收受礼品")
    assert asked(decision)[0] == "unfit"


def answer(decision: Decision, given: Answer, seen: str, **more: Any) -> Decision:
    return prechecks.answer(decision=decision.pk, given=given, seen=seen, by=CLERK, on=ENTERED, at=AT, **more)


def test_it_is_answered_afterwards_and_nothing_else_of_the_decision_moves(cast: Cast) -> None:
    (decision,) = record(new(cast, person(cast), "诫勉", **HELD))
    answer(decision, UNFIT, "owed", token="one")
    answer(decision, UNFIT, "owed", token="one")
    assert asked(decision) == ("unfit", "没有经过民主决策，后果严重")
    assert (decision.version, decision.altered_at) == (1, None), "no paper and no reply is out of date by this"
    answer(decision, Answer("not_held", "是违反工作纪律，没有领导责任"), "unfit")
    assert asked(decision)[0] == "not_held"
    assert verify() == []


def test_an_answer_that_cannot_stand_is_refused_with_its_field(cast: Cast) -> None:
    decision, stub = record(
        new(cast, person(cast), "诫勉", **HELD), new(cast, None, "责令辞职", effective=MADE, secret=True)
    )
    for row, given, seen, field in (
        (decision, Answer("unfit", ""), "owed", "why"), (decision, Answer("case"), "owed", "case"), (decision, UNFIT, "", ""),
        (stub, UNFIT, "offline", ""),
    ):  # fmt: skip
        with pytest.raises(prechecks.Refused) as refused:
            answer(row, given, seen)
        assert refused.value.field == field
    assert asked(decision) == ("owed", "")
