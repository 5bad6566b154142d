"""How cases follow their decision. Days are counted by hand; in 2026 清明 is off from 4 to 6 April."""

import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.support.cast import Cast
from youwei.cases import following
from youwei.cases.following import Consequences
from youwei.cases.models import Case, Done, OpenStep
from youwei.cases.queries import timeline, view
from youwei.cases.tests.builders import ANNOUNCED, CLERK, case_of, moment, open_steps, record
from youwei.cases.tests.tables import imported, line, outcomes, upload
from youwei.cases.undoing import Refused, undo
from youwei.decisions.altering import Doing, Review, Stale
from youwei.decisions.commands import Given
from youwei.decisions.models import Decision, Period
from youwei.journal.models import Entry
from youwei.journal.queries import records, verify
from youwei.rulebook.law import load_law

pytestmark = [pytest.mark.django_db, pytest.mark.req("A6", "K6")]

TODAY = date(2026, 4, 8)  # a Wednesday
RESTORE = """
  restore:
    title: 在原宣布范围内恢复名誉
    stage: 归档
    by: trial_office
    after: opened
    when: {decision.withdrawn: true}
    due: 1 month
"""


def doing(decision: Decision, on: date = TODAY, **more: Any) -> Doing:
    decision.refresh_from_db()
    asked: dict[str, Any] = {
        "by": CLERK, "on": on, "at": moment(on), "convention": "inclusive", "reason": "与决定书核对", "seen": decision.version
    }  # fmt: skip
    return Doing(**(asked | more))


def told(label: str) -> Given:
    kind = load_law().recognise(label)
    assert kind is not None
    return Given(kind, label)


def decision_of(case: Case) -> Decision:
    assert case.decision is not None
    return case.decision


def correct(case: Case, *labels: str, on: date = TODAY, **changes: Any) -> Consequences:
    row = decision_of(case)
    measures = [told(label) for label in labels] or None
    found = following.correct(decision=row.pk, changes=changes, measures=measures, doing=doing(row, on))
    assert found is not None
    return found


def change(cast: Cast, case: Case, label: str, on: date = TODAY) -> Consequences:
    row = decision_of(case)
    (measure,) = row.measures.all()
    found = following.change(
        decision=row.pk, targets={measure.pk: told(label)}, review=review(cast, on), doing=doing(row, on)
    )
    assert found is not None
    return found


def review(cast: Cast, on: date) -> Review:
    return Review(starts_on=on, ground="复审", organ=cast.commission, number="青纪复〔2026〕1号")


def withdraw(cast: Cast, case: Case, on: date = TODAY) -> Consequences:
    row = decision_of(case)
    found = following.withdraw(decision=row.pk, review=review(cast, on), doing=doing(row, on))
    assert found is not None
    return found


def of(found: Consequences, case: Case) -> tuple[str, list[tuple[str, date | None, date | None, bool]]]:
    (move,) = [each for each in found.cases if each.case.pk == case.pk]
    return move.what, [(step.title, step.before, step.after, step.late) for step in move.steps]


def test_a_corrected_slip_moves_the_dates_and_makes_late_what_was_late(cast: Cast) -> None:
    case = case_of(cast, "statutory-announcement")
    # One month after 12 March is Sunday 12 April, so Monday the 13th.
    assert open_steps(case)["announce", ""] == date(2026, 4, 13)
    found = correct(case, made_on=date(2026, 3, 2), effective_on=date(2026, 3, 2))
    # One month after 2 March is Thursday 2 April; on 8 April that is past.
    assert of(found, case) == ("moved", [("在规定范围内宣布处分决定", date(2026, 4, 13), date(2026, 4, 2), True)])
    step = OpenStep.objects.get(case=case, step="announce")
    assert (step.due_on, step.late_from) == (date(2026, 4, 2), date(2026, 4, 2))
    entry = records("case", case.pk)[-1]
    assert (entry.kind, entry.target, entry.on, entry.content["values"]["decision.made_on"]) == (
        "correct", 1, date(2026, 3, 16), "2026-03-02"
    )  # fmt: skip
    assert verify() == []


def test_a_corrected_slip_is_judged_in_ended_cases_too(cast: Cast) -> None:
    case = case_of(cast, "statutory-announcement")
    record(case, "announce", date(2026, 4, 7), ANNOUNCED)
    record(case, "file", date(2026, 4, 7), {"keeper": "青溪区委组织部"})
    case.refresh_from_db()
    assert (case.state, Done.objects.get(case=case, step="announce").late) == ("ended", False)
    correct(case, made_on=date(2026, 3, 2), effective_on=date(2026, 3, 2))
    case.refresh_from_db()
    assert (case.state, Done.objects.get(case=case, step="announce").late) == ("ended", True)


def test_a_change_on_review_moves_the_end_and_makes_nobody_late(cast: Cast) -> None:
    case = case_of(cast)
    # A severe warning of 12 March 2026 ends on 11 September 2027, a warning on 11 March 2027.
    found = change(cast, case, "党内警告")
    (period,) = [each for each in found.periods if each.own]
    assert [each.last_day for each in (*period.before, *period.after)] == [date(2027, 9, 11), date(2027, 3, 11)]
    entry = records("case", case.pk)[-1]
    assert entry.kind == "facts"
    assert {name: entry.content["values"][name] for name in ("period.ends_on", "decision.changed", "decision.measure")} == {
        "period.ends_on": "2027-03-11", "decision.changed": True, "decision.measure": ["党内警告"]
    }  # fmt: skip
    assert not any(step.late for move in found.cases for step in move.steps)
    assert case_state(case) == "open"


def kinds_of(case: Case) -> list[str]:
    return [entry.kind for entry in records("case", case.pk)]


def case_state(case: Case) -> str:
    case.refresh_from_db()
    return case.state


@pytest.mark.parametrize("procedure", ["jingzhou-visit", "statutory-announcement"])
def test_a_withdrawn_decision_ends_its_open_cases_and_taking_that_back_reopens_them(cast: Cast, procedure: str) -> None:
    case = case_of(cast, procedure)
    before = open_steps(case)
    assert of(withdraw(cast, case), case)[0] == "ended"
    assert (case_state(case), case.outcome_title, case.ended_on) == ("terminated", "", TODAY)
    assert view(case, TODAY).broken_off == "处分决定已撤销：与决定书核对"
    assert open_steps(case) == {}
    row = decision_of(case)
    back = following.take_back(decision=row.pk, doing=doing(row, date(2026, 4, 9)))
    assert back is not None
    assert of(back, case)[0] == "opened"
    assert (case_state(case), case.ended_on, open_steps(case)) == ("open", None, before)
    assert [entry.kind for entry in records("case", case.pk)] == ["opened", "terminated", "withdraw"]
    assert Period.objects.get(person=case.person, current=True).last_day == date(2027, 9, 11)


def test_a_change_taken_back_leaves_the_case_as_it_was(cast: Cast) -> None:
    case = case_of(cast)
    change(cast, case, "党内警告")
    row = decision_of(case)
    following.take_back(decision=row.pk, doing=doing(row, date(2026, 4, 9)))
    assert kinds_of(case) == ["opened", "facts", "withdraw"]
    found = correct(case, made_on=date(2026, 3, 2), effective_on=date(2026, 3, 2), on=date(2026, 4, 10))
    # The opening states the facts again: eighteen months from 2 March 2026.
    assert [each.after[0].last_day for each in found.periods] == [date(2027, 9, 1)]
    assert records("case", case.pk)[-1].content["values"]["period.ends_on"] == "2027-09-01"


def test_a_correction_after_a_change_corrects_what_the_change_stated(cast: Cast) -> None:
    case = case_of(cast)
    change(cast, case, "党内警告")
    correct(case, made_on=date(2026, 3, 2), effective_on=date(2026, 3, 2))
    corrections = [entry for entry in records("case", case.pk) if entry.kind == "correct"]
    assert [entry.target for entry in corrections] == [1, 2]
    # A warning from 2 March 2026 ends on 1 March 2027: the change had stated 11 March.
    assert corrections[1].content["values"] == {"period.ends_on": "2027-03-01"}


def test_what_is_no_longer_called_for_ends_and_what_now_is_opens(cast: Cast) -> None:
    case = case_of(cast, "statutory-announcement")
    correct(case, managed_by="市管干部")
    states = dict(Case.objects.filter(decision=case.decision).values_list("procedure", "state"))
    assert states == {"statutory-announcement": "terminated", "announcement": "open"}
    opened = Case.objects.get(procedure="announcement")
    # Seven working days after 12 March 2026: 13, 16–20, 23 March.
    assert open_steps(opened)["exemption", ""] == date(2026, 3, 16)
    assert records("case", opened.pk)[0].content["values"]["person.managed_by"] == "市管"


def test_a_decision_corrected_to_an_admonition_calls_for_no_visit(cast: Cast) -> None:
    case = case_of(cast)
    assert of(correct(case, "诫勉"), case)[0] == "ended"
    found = correct(case, "党内严重警告", on=date(2026, 4, 9))
    assert [move.what for move in found.cases if move.case.pk != case.pk] == ["opened"] * 3


def test_a_unit_written_wrongly_is_corrected_in_the_case_too(cast: Cast) -> None:
    case = case_of(cast)
    correct(case, unit=cast.elsewhere, counted_at=cast.elsewhere.parent)
    case.refresh_from_db()
    assert case.subject_organ == cast.elsewhere
    assert records("case", case.pk)[-1].content["values"] == {"organ.subject": str(cast.elsewhere.pk)}


def test_a_pack_that_reads_the_withdrawal_goes_on(cast: Cast, settings: Any, tmp_path: Path) -> None:
    shutil.copytree(settings.PACKS, tmp_path / "packs", ignore=shutil.ignore_patterns("scenarios"))
    file = tmp_path / "packs" / "statutory-announcement" / "2024.01" / "pack.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("\noutcomes:", f"{RESTORE}\noutcomes:"), encoding="utf-8")
    settings.PACKS = str(tmp_path / "packs")
    case = case_of(cast, "statutory-announcement")
    assert of(withdraw(cast, case), case)[0] == "moved"
    assert case_state(case) == "open"
    assert ("restore", "") in open_steps(case)


def test_a_preview_says_the_same_and_keeps_nothing(cast: Cast) -> None:
    case = case_of(cast)
    row = decision_of(case)
    entries = Entry.objects.count()
    seen = following.preview(
        lambda: following.withdraw(decision=row.pk, review=review(cast, TODAY), doing=doing(row, token="once"))
    )
    assert seen is not None
    assert of(seen, case)[0] == "ended"
    assert (Entry.objects.count(), case_state(case), Period.objects.count()) == (entries, "open", 1)


def test_a_form_sent_twice_is_one_act_and_another_form_is_told(cast: Cast) -> None:
    case = case_of(cast)
    row = decision_of(case)
    mine = doing(row, token="once")
    first = following.withdraw(decision=row.pk, review=review(cast, TODAY), doing=mine)
    assert first is not None
    assert following.withdraw(decision=row.pk, review=review(cast, TODAY), doing=mine) is None
    with pytest.raises(Stale):
        following.correct(
            decision=row.pk, changes={"form": 1}, measures=None, doing=doing(row, seen=1, token="another")
        )
    assert kinds_of(case) == ["opened", "terminated"]


@pytest.mark.req("J1", "J4")
@pytest.mark.parametrize("mode", ["current", "history"])
def test_a_ledger_knows_again_what_was_corrected_or_withdrawn_and_is_undone_no_more(cast: Cast, mode: str) -> None:
    rows = [line(), line(姓名="单望舒", 决定文号="青纪发〔2026〕2号"), line(是否涉密="是", 决定文号="青密〔2026〕1号")]
    batch = imported(cast, *rows, mode=mode)
    for row in Decision.objects.order_by("pk"):
        changes = {
            "number": f"青纪发〔2026〕7{row.pk}号",
            "made_on": date(2026, 3, 2),
            "effective_on": date(2026, 3, 2),
        }
        following.correct(decision=row.pk, changes=changes, measures=[told("党内警告")], doing=doing(row))
    first = Decision.objects.earliest("pk")
    following.withdraw(decision=first.pk, review=review(cast, TODAY), doing=doing(first))
    assert set(outcomes(upload(cast.commission, *rows, mode=mode))) == {"unchanged"}
    with pytest.raises(Refused, match="后来又更正、变更或撤销过"):
        undo(batch=batch, by=CLERK, at=moment(TODAY), today=TODAY)
    assert Decision.objects.filter(state="undone").count() == 0


def test_history_corrected_opens_only_what_hangs_on_a_running_period(cast: Cast) -> None:
    imported(cast, line(党纪处分="诫勉"), mode="history")
    assert not Case.objects.exists()
    row = Decision.objects.get()
    following.correct(decision=row.pk, changes={}, measures=[told("党内严重警告")], doing=doing(row))
    assert [case.procedure for case in Case.objects.all()] == ["jingzhou-visit"]


@pytest.mark.req("B1")
def test_the_record_of_a_case_tells_which_facts_were_corrected_and_which_changed(cast: Cast) -> None:
    case = case_of(cast)
    correct(case, made_on=date(2026, 3, 2), effective_on=date(2026, 3, 2))
    change(cast, case, "党内警告")
    changed, corrected, _ = timeline([case])
    assert ("作出决定之日", "2026年3月2日", "2026年3月12日") in corrected.fields
    assert (changed.title, corrected.title) == ("情况变更：受处分人员回访教育", "更正：受处分人员回访教育")
    assert ("决定已变更", "是", "") in changed.fields
    assert ("处分处理种类", "党内警告", "") in changed.fields
