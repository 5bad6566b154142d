"""One case opens another: a step that waits for its end, an end that opens by itself or offers, and what an end tells and counts."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pytest_django.fixtures import Settings

from tests.support.cast import Cast
from youwei.cases import queries
from youwei.cases.commands import NewCase, Rejected, answer, open_many, refresh
from youwei.cases.facts import decision_facts
from youwei.cases.logs import packs
from youwei.cases.models import Case, ChainLink, OpenStep
from youwei.cases.tests.builders import CLERK, act, case_of, cases_of, moment, open_steps, record
from youwei.decisions.models import Period
from youwei.engine.checking import check_packs
from youwei.engine.tests.test_checking import BASE
from youwei.journal.models import Entry
from youwei.journal.queries import records, verify
from youwei.rulebook.pack_faultlist import PackFaults
from youwei.rulebook.pack_types import PackRef

pytestmark = [pytest.mark.django_db, pytest.mark.req("B1")]
PACKS = Path(__file__).parent / "packs"
OPENED, DAY, LATER = date(2026, 3, 16), date(2026, 3, 20), date(2026, 5, 8)


@pytest.fixture(autouse=True)
def packs_of_the_tests(settings: Settings) -> None:
    settings.PACKS = PACKS


@pytest.fixture
def case(cast: Cast) -> Case:
    return case_of(cast, "review")


def kinds(case: Case) -> list[str]:
    return [entry.kind for entry in records("case", case.pk)]


def aid(case: Case) -> Case:
    """The case that a step of another opened."""
    record(case, "consider", DAY, {"help": True})
    record(case, "aid", DAY, {})
    return Case.objects.get(procedure="helping")


def close(case: Case, result: str, **more: Any) -> Case:
    """Straight to the end."""
    record(case, "consider", DAY, {"help": False})
    record(case, "close", DAY, {"result": result, **more})
    case.refresh_from_db()
    return case


def state(case: Case) -> tuple[str, str]:
    return Case.objects.values_list("state", "outcome").get(pk=case.pk)


def test_the_packs_of_these_tests_are_sound() -> None:
    found = check_packs(PACKS)
    assert found.sound, str(found)
    assert "not-there" in str(found)


def test_a_step_opens_a_case_of_the_same_person_and_decision_and_waits_for_it(case: Case) -> None:
    child = aid(case)
    assert (child.person_id, child.decision_id, child.organ_id, child.subject_organ_id) == (
        case.person_id, case.decision_id, case.organ_id, case.subject_organ_id,
    )  # fmt: skip
    assert child.opened_on == DAY
    assert kinds(case) == ["opened", "record", "record", "chained"]
    opened = records("case", child.pk)[0]
    assert opened.by == "规程"
    assert opened.content["from"] == {"case": case.pk, "seq": 3}
    item = queries.view(case, DAY).plan.item("aid")
    assert item is not None
    assert [reason.rule for reason in item.why] == ["child running"]
    assert not OpenStep.objects.filter(case=case).exists(), "what is to be done stands in the other case"
    assert open_steps(child) == {("help", ""): date(2027, 9, 11)}, "the period's end, for nothing was handed over"


@pytest.mark.parametrize(
    ("result", "outcome", "then"), [("有效", "helped", ("open", "")), ("无效", "failed", ("ended", "failed"))]
)
def test_its_end_comes_back_as_a_record_and_the_procedure_goes_on_by_it(
    case: Case, result: str, outcome: str, then: tuple[str, str]
) -> None:
    child = aid(case)
    record(child, "help", LATER, {"result": result})
    assert state(child) == ("ended", outcome)
    standing = queries.view(case, LATER).standing["aid"][""]
    assert (standing.by, standing.on, standing.values) == ("规程", LATER, {"case": str(child.pk), "outcome": outcome})
    assert state(case) == then
    assert verify() == []


def test_a_case_ended_early_comes_back_too(case: Case) -> None:
    child = aid(case)
    act(child, "terminated", LATER, reason="立项有误")
    assert queries.view(case, LATER).standing["aid"][""].values["outcome"] == "terminated"
    assert ("close", "") in open_steps(case)


def test_another_end_after_reopening_is_another_record_and_after_the_end_a_correction(case: Case) -> None:
    child = aid(case)
    record(child, "help", LATER, {"result": "有效"})
    seq = next(entry.seq for entry in records("case", child.pk) if entry.step == "help")
    act(child, "reopened", LATER, reason="结果写错")
    act(child, "correct", LATER, target=seq, values={"result": "无效"}, reason="写错")
    assert state(child) == ("ended", "failed")
    assert state(case) == ("ended", "failed")
    act(child, "reopened", LATER, reason="又核对")
    act(child, "correct", LATER, target=seq, values={"result": "有效"}, reason="原来没错")
    assert kinds(case)[-1] == "correct"
    assert queries.view(case, LATER).plan.conflict, (
        "an end that no longer fits is marked, and stands until somebody decides"
    )


def test_recording_the_step_again_takes_the_case_that_is_open_and_opens_no_second(case: Case) -> None:
    child = aid(case)
    act(case, "withdraw", DAY, target=3, reason="记早了")
    record(case, "aid", LATER, {})
    assert Case.objects.filter(procedure="helping").count() == 1
    assert records("case", case.pk)[-1].content["values"] == {"case": child.pk, "existing": True}
    record(child, "help", LATER, {"result": "有效"})
    assert ("close", "") in open_steps(case)


def test_which_case_and_how_it_ended_is_not_typed(case: Case) -> None:
    record(case, "consider", DAY, {"help": True})
    before = Entry.objects.count()
    with pytest.raises(Rejected, match="由系统写入"):
        record(case, "aid", DAY, {"outcome": "helped"})
    assert Entry.objects.count() == before
    record(case, "aid", DAY, {})
    with pytest.raises(Rejected, match="由系统写入"):
        act(case, "correct", DAY, target=3, values={"outcome": "helped"}, reason="想快点")


def test_a_step_whose_procedure_is_not_in_force_is_refused_in_words(case: Case, cast: Cast) -> None:
    early = case_of(cast, "review", opened=OPENED)
    record(early, "consider", DAY, {"help": True})
    with pytest.raises(Rejected, match="没有装入，或当日不在施行期内"):
        act(early, "record", date(2025, 12, 31), entered=DAY, step="aid", values={})
    assert not Case.objects.filter(procedure="helping").exists()


def test_an_end_opens_a_case_in_the_same_transaction_and_hands_over_what_the_pack_says(case: Case) -> None:
    assert close(case, "再帮扶", until=date(2026, 7, 1)).outcome == "again"
    child = Case.objects.get(procedure="helping")
    assert records("case", child.pk)[0].content["values"]["with.until"] == "2026-07-01"
    assert open_steps(child) == {("help", ""): date(2026, 7, 1)}
    assert kinds(case) == ["opened", "record", "record", "ended", "chained"]
    link = ChainLink.objects.get()
    assert (link.parent, link.child, link.title) == (case, child, "帮扶")
    assert verify() == []


def test_an_offer_waits_for_a_person_who_opens_it(case: Case) -> None:
    close(case, "转谈话", matter="思想消极")
    link = ChainLink.objects.get()
    assert (link.child, link.procedure, kinds(case)[-1]) == (None, "talking", "ended")
    answer(
        case=case,
        target=link.target,
        procedure="talking",
        start=True,
        by=CLERK,
        on=LATER,
        at=moment(LATER),
        today=LATER,
    )
    child = Case.objects.get(procedure="talking")
    opened = records("case", child.pk)[0]
    assert (opened.by, opened.on, opened.content["values"]["with.matter"]) == (CLERK.name, LATER, "思想消极")
    assert records("case", case.pk)[-1].by == CLERK.name
    assert ChainLink.objects.get().child == child
    with pytest.raises(Rejected, match="已经有人确认过"):
        answer(
            case=case, target=link.target, procedure="talking", start=True, by=CLERK, on=LATER, at=moment(LATER), today=LATER
        )  # fmt: skip


def test_an_offer_is_declined_with_a_reason_only(case: Case) -> None:
    close(case, "转谈话", matter="思想消极")
    given: dict[str, Any] = {
        "case": case, "target": ChainLink.objects.get().target, "procedure": "talking", "start": False, "by": CLERK, "on": LATER,
        "at": moment(LATER), "today": LATER,
    }  # fmt: skip
    with pytest.raises(Rejected, match="没有写明理由"):
        answer(**given)
    assert ChainLink.objects.exists()
    answer(**given, reason="已由单位谈过")
    assert not ChainLink.objects.exists()
    assert not Case.objects.filter(procedure="talking").exists()
    assert records("case", case.pk)[-1].content["reason"] == "已由单位谈过"


@pytest.mark.parametrize("on", [date(2026, 3, 19), date(2026, 5, 9)])
def test_an_offer_is_taken_up_after_the_end_and_not_in_the_future(case: Case, on: date) -> None:
    close(case, "转谈话", matter="思想消极")
    target = ChainLink.objects.get().target
    with pytest.raises(Rejected, match="启动日期"):
        answer(
            case=case, target=target, procedure="talking", start=True, by=CLERK, on=on, at=moment(LATER), today=LATER
        )
    assert not Case.objects.filter(procedure="talking").exists()


def test_an_end_whose_next_procedure_is_not_there_stands_and_asks_for_it(case: Case) -> None:
    assert close(case, "转办").state == Case.State.ENDED
    link = ChainLink.objects.get()
    assert (link.procedure, link.child) == ("not-there", None)
    with pytest.raises(Rejected, match="没有装入"):
        answer(
            case=case, target=link.target, procedure="not-there", start=True, by=CLERK, on=LATER, at=moment(LATER), today=LATER
        )  # fmt: skip


def test_the_links_rebuilt_are_the_links_kept(case: Case, cast: Cast) -> None:
    aid(case)
    close(case_of(cast, "review", "单望舒"), "转谈话", matter="略")
    kept = sorted(ChainLink.objects.values_list("parent", "child", "target", "procedure", "title"), key=str)
    ChainLink.objects.all().delete()
    refresh(Case.objects.all(), today=DAY)
    assert sorted(ChainLink.objects.values_list("parent", "child", "target", "procedure", "title"), key=str) == kept
    assert len(kept) == 2


@pytest.mark.req("H2")
def test_an_end_is_kept_with_the_line_of_the_figures_it_counts_under(case: Case) -> None:
    assert close(case, "了结").counted == "帮扶了结"
    act(case, "reopened", LATER, reason="查明未完")
    case.refresh_from_db()
    assert case.counted == "", "an end taken back counts nowhere"


def test_an_end_tells_the_other_cases_of_the_decision_and_no_others(cast: Cast) -> None:
    case, stranger = cases_of(cast, 2, "review")
    close(case, "转谈话", matter="略")
    target = ChainLink.objects.get(parent=case).target
    answer(case=case, target=target, procedure="talking", start=True, by=CLERK, on=DAY, at=moment(DAY), today=DAY)
    child = Case.objects.get(procedure="talking")
    assert open_steps(child) == {("talk", ""): None}, "nobody knows yet when the decision was served"
    act(case, "reopened", DAY, reason="另有处理")
    seq = next(entry.seq for entry in records("case", case.pk) if entry.step == "close")
    values = {"result": "了结", "served": date(2026, 3, 18), "matter": None}
    act(case, "correct", DAY, target=seq, values=values, reason="改为了结")
    # Five working days after Wednesday 18 March: 19, 20, 23, 24, 25 March.
    assert open_steps(child) == {("talk", ""): date(2026, 3, 25)}
    told = records("case", child.pk)[-1]
    assert (told.kind, told.by, told.content["reason"]) == ("facts", "规程", "“回访研判”办结告知")
    assert "facts" not in kinds(stranger)
    assert state(stranger) == ("open", "")


def test_a_case_opened_later_for_the_decision_knows_what_was_told(cast: Cast) -> None:
    first = close(case_of(cast, "review"), "了结", served=date(2026, 3, 18))
    assert first.told == {"decision.served_on": "2026-03-18", "decision.dereliction": True}
    decision = first.decision
    assert decision is not None
    known = decision_facts(decision, decision.measures.all(), Period.objects.all(), DAY)
    new = NewCase(
        pack=packs()[PackRef("review", "2026.01")], organ=first.organ, subject_organ=first.subject_organ, facts=known,
        person=first.person, decision=decision,
    )  # fmt: skip
    second = open_many([new], by=CLERK, on=DAY, at=moment(DAY), today=DAY)[0]
    close(second, "转谈话", matter="略")
    target = ChainLink.objects.get().target
    answer(case=second, target=target, procedure="talking", start=True, by=CLERK, on=DAY, at=moment(DAY), today=DAY)
    child = Case.objects.get(procedure="talking")
    assert open_steps(child) == {("talk", ""): date(2026, 3, 25)}
    act(first, "reopened", DAY, reason="送达日期有误")
    first.refresh_from_db()
    assert first.told == {}


def test_a_pack_whose_keys_would_do_nothing_is_not_let_in(settings: Settings, tmp_path: Path) -> None:
    cases = "form: {cited: {title: 案例, type: rows, of: {case: {title: 案例, type: guiding_cases}}}}"
    text = BASE.replace("title: 告知, stage: 反馈, by: office", f"title: 告知, stage: 反馈, by: office, {cases}")
    place = tmp_path / "trial" / "1.0"
    place.mkdir(parents=True)
    (place / "pack.yaml").write_text(text, "utf-8")
    settings.PACKS = tmp_path
    with pytest.raises(PackFaults, match="还不能执行：表格里的案例库栏目"):
        packs()


def test_a_case_already_open_hears_what_a_new_one_would_have_begun_with(cast: Cast) -> None:
    first = case_of(cast, "review")
    child = aid(first)
    act(first, "withdraw", DAY, target=2, reason="不用帮扶了")
    close(first, "再帮扶", until=date(2026, 7, 1))
    assert Case.objects.filter(procedure="helping").count() == 1
    told = records("case", child.pk)[-1]
    assert (told.kind, told.by, told.content["values"]) == ("facts", "规程", {"with.until": "2026-07-01"})
    assert open_steps(child) == {("help", ""): date(2026, 7, 1)}


def test_of_two_ends_that_open_the_same_at_once_the_second_takes_the_first_ones(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    child = aid(case)
    act(case, "withdraw", DAY, target=3, reason="记早了")
    monkeypatch.setattr("youwei.cases.chain._open_already", lambda *_: None)  # as if not yet to be seen
    record(case, "aid", LATER, {})
    assert Case.objects.filter(procedure="helping").count() == 1
    assert records("case", case.pk)[-1].content["values"] == {"case": child.pk, "existing": True}
    assert verify() == []
