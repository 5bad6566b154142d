"""What may be entered into a case, and what follows from it."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.support.cast import Cast
from youwei.cases import queries
from youwei.cases.commands import Rejected, StaleForm, drop_draft, refresh, refresh_due, save_draft
from youwei.cases.models import Case, Done, Draft, NotDone, OpenStep
from youwei.cases.tests.builders import (
    ANNOUNCED,
    ASSESSMENT,
    GROUP,
    MENTOR,
    OPENED,
    OTHER,
    UNPLANNED,
    VISIT,
    act,
    begun,
    case_of,
    cases_of,
    done,
    moment,
    open_steps,
    record,
)
from youwei.engine.types import Mark
from youwei.engine.wording import sentence
from youwei.journal.models import Entry
from youwei.journal.queries import records, verify

pytestmark = [pytest.mark.django_db, pytest.mark.req("B1", "B6")]


@pytest.fixture
def case(cast: Cast) -> Case:
    return case_of(cast)


def kinds(case: Case) -> list[str]:
    return [entry.kind for entry in records("case", case.pk)]


def test_opening_writes_the_log_and_the_steps_that_are_open(cast: Cast, case: Case) -> None:
    assert kinds(case) == ["opened"]
    # Ten working days after Monday 16 March: the week, the next week, and Monday the 30th.
    assert open_steps(case) == {("group", ""): date(2026, 3, 30), ("mentor", ""): date(2026, 3, 30)}
    group, mentor = OpenStep.objects.filter(case=case).order_by("step")
    assert (group.organ, group.held_by, group.role_title) == (cast.commission, "case_officer", "案件审理室")
    assert (mentor.organ, mentor.held_by, mentor.role_title) == (cast.bureau, "unit", "所在单位党组织")


@pytest.mark.req("K6")
def test_opening_many_cases_takes_a_few_queries_for_all(cast: Cast) -> None:
    few, many = [], []
    for count, seen in ((5, few), (40, many)):
        with CaptureQueriesContext(connection) as captured:
            assert len(cases_of(cast, count)) == count
        seen.append(len(captured))
    assert many[0] <= few[0] + 20


def test_a_record_closes_its_step_and_opens_the_next(case: Case) -> None:
    begun(case)
    # Three months from 20 March end on Saturday 20 June in the Dragon Boat days; Monday the 22nd is the next working day.
    assert open_steps(case)["visit", "1"] == date(2026, 6, 22)
    assert ("group", "") not in open_steps(case)
    assert done(case) == [("group", "", date(2026, 3, 18)), ("mentor", "", date(2026, 3, 20))]


@pytest.mark.req("B6")
def test_a_visit_says_what_comes_next_and_the_next_one_is_due_then(case: Case) -> None:
    begun(case)
    record(case, "visit", date(2026, 6, 17), VISIT, key="1")
    assert open_steps(case)["visit", "2"] == date(2026, 9, 17)
    row = Done.objects.get(case=case, step="visit")
    assert (row.outcome, row.people, row.late, row.unplanned, row.afterwards) == (
        "已进行", ["方知行", "甘棠"], False, False, False,
    )  # fmt: skip


@pytest.mark.req("B6")
@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"outcome": None}, "outcome"),
        ({"people": ["方知行"]}, "people"),
        ({"next_on": None}, "why_none"),
        ({"next_on": date(2026, 6, 1)}, "next_on"),
        ({"outcome": "本人拒绝"}, "missed"),
    ],
)
def test_a_rejected_entry_names_the_field_and_leaves_nothing(case: Case, change: dict[str, Any], field: str) -> None:
    begun(case)
    before = (kinds(case), open_steps(case), done(case))
    with pytest.raises(Rejected) as refused:
        record(case, "visit", date(2026, 6, 17), VISIT | change, key="1")
    assert field in [fault.field for fault in refused.value.faults]
    assert (kinds(case), open_steps(case), done(case)) == before


def test_a_day_to_come_and_a_day_before_the_case_are_rejected(case: Case) -> None:
    for on in (date(2026, 3, 19), date(2026, 3, 1)):
        with pytest.raises(Rejected):
            record(case, "group", on, GROUP, entered=date(2026, 3, 18))
    assert kinds(case) == ["opened"]


@pytest.mark.req("J4")
def test_a_correction_replaces_what_was_written_and_keeps_it_readable(case: Case) -> None:
    begun(case)
    act(
        case,
        "correct",
        date(2026, 3, 18),
        entered=date(2026, 3, 23),
        target=2,
        values={"leader": "查云岫"},
        reason="写错了组长",
    )
    standing = queries.standing(case, 2)
    assert standing is not None
    assert standing.values["leader"] == "查云岫"
    assert records("case", case.pk)[1].content["values"]["leader"] == "岑伯安"
    line = queries.lines(case, records("case", case.pk))[-1]
    assert line.corrects == 2
    assert verify() == []


def test_a_correction_without_a_reason_is_rejected(case: Case) -> None:
    begun(case)
    with pytest.raises(Rejected) as refused:
        act(case, "correct", date(2026, 3, 18), target=2, values={"leader": "查云岫"})
    assert [fault.field for fault in refused.value.faults] == ["reason"]


def test_a_corrected_day_moves_the_dates_that_hang_on_it(case: Case) -> None:
    begun(case)
    act(case, "correct", date(2026, 3, 27), entered=date(2026, 3, 30), target=3, values={}, reason="日期写错")
    # Three months from 27 March end on Saturday 27 June.
    assert open_steps(case)["visit", "1"] == date(2026, 6, 29)


def test_a_withdrawn_record_opens_its_step_again(case: Case) -> None:
    begun(case)
    act(case, "withdraw", date(2026, 3, 23), target=3, reason="记到别人名下了")
    assert ("mentor", "") in open_steps(case)
    assert done(case) == [("group", "", date(2026, 3, 18))]


def test_a_sent_back_assessment_is_done_again(case: Case) -> None:
    begun(case)
    record(case, "assess", date(2027, 9, 20), ASSESSMENT)
    act(case, "return", date(2027, 9, 22), step="approve_assess", to="assess", reason="评价过于笼统")
    assert ("assess", "") in open_steps(case)
    assert "assess" not in {step for step, _, _ in done(case)}
    assert ("approve_assess", "") not in open_steps(case)


def test_what_may_be_left_undone_is_left_with_a_reason_and_the_case_goes_on(case: Case) -> None:
    record(case, "group", date(2026, 3, 18), GROUP)
    act(case, "not_done", date(2026, 3, 31), step="mentor", reason="单位正在改制，暂无合适人选")
    assert ("visit", "1") in open_steps(case)


@pytest.mark.req("J12")
def test_why_what_must_be_done_was_not_done_is_kept_and_it_stays_owed(cast: Cast) -> None:
    announcing = case_of(cast, "statutory-announcement")
    said = {"step": "announce", "values": {"ground": "本人原因"}, "reason": "本人住院，无法到会"}
    seq = act(announcing, "not_done", date(2026, 3, 31), **said)
    announcing.refresh_from_db()
    assert announcing.state == Case.State.OPEN, "the case does not end as if it were done"
    assert open_steps(announcing) == {("announce", ""): date(2026, 4, 13)}  # a month after 12 March is Sunday 12 April
    assert OpenStep.objects.get(case=announcing).excuse == "本人原因"
    assert said_of(announcing) == [("announce", "", "本人原因", "owed")]
    item = queries.view(announcing, date(2026, 4, 14)).plan.item("announce")
    assert item is not None
    assert item.mark(date(2026, 4, 14)) == Mark.LATE
    assert sentence(item.why[-1]) == "2026年3月31日说明没有办：本人原因，本人住院，无法到会。仍须办理。"
    record(announcing, "announce", date(2026, 4, 20), ANNOUNCED)
    assert said_of(announcing) == [("announce", "", "本人原因", "after")], (
        "made up for later, it was still not done then"
    )
    act(announcing, "withdraw", date(2026, 4, 21), target=seq, reason="记错了事项")
    assert said_of(announcing) == []


@pytest.mark.req("J12")
def test_what_was_left_undone_is_kept_with_its_ground(case: Case) -> None:
    record(case, "group", date(2026, 3, 18), GROUP)
    act(case, "not_done", date(2026, 3, 31), step="mentor", values={"ground": "单位原因"}, reason="单位正在改制")
    assert said_of(case) == [("mentor", "", "单位原因", "left")]
    with pytest.raises(Rejected, match="原因类别"):
        act(case, "not_done", date(2026, 3, 31), step="visit", key="1", values={"ground": "忙"}, reason="忙")
    act(case, "not_done", date(2026, 6, 30), step="visit", key="1", reason="本人外出")
    assert said_of(case)[1] == ("visit", "1", "其他原因", "left"), "without a ground it is the last"


def said_of(case: Case) -> list[tuple[str, str, str, str]]:
    rows = NotDone.objects.filter(case=case).order_by("entry_seq")
    return [(row.step, row.key, row.ground, row.state) for row in rows]


@pytest.mark.parametrize(
    ("kind", "values"),
    [("exempt", {"ground": "本人病重"}), ("prolong", {"ground": "案情复杂", "due": date(2026, 4, 30)})],
)
def test_a_pack_that_knows_no_exemption_grants_none(case: Case, kind: str, values: dict[str, Any]) -> None:
    with pytest.raises(Rejected, match="规程没有规定"):
        act(case, kind, date(2026, 3, 18), step="group", values=values, reason="本人病重")
    assert kinds(case) == ["opened"]


def test_a_hold_stops_the_clock_and_a_resume_gives_the_lost_days_back(case: Case) -> None:
    act(case, "hold", date(2026, 3, 18), values={"ground": "病休"}, reason="住院")
    case.refresh_from_db()
    assert case.state == Case.State.HELD
    assert open_steps(case) == {("group", ""): None, ("mentor", ""): None}
    act(case, "resume", date(2026, 3, 25), reason="出院")
    case.refresh_from_db()
    assert case.state == Case.State.OPEN
    # Held from Wednesday to Wednesday: five working days more than Monday 30 March, and Monday 6 April is Qingming.
    assert open_steps(case)["group", ""] == date(2026, 4, 7)


def test_a_hold_needs_a_ground_of_the_list(case: Case) -> None:
    with pytest.raises(Rejected) as refused:
        act(case, "hold", date(2026, 3, 18), values={"ground": "工作忙"}, reason="忙")
    assert [fault.field for fault in refused.value.faults] == ["ground"]


def test_a_note_changes_nothing_but_the_log(case: Case) -> None:
    before = open_steps(case)
    act(case, "note", date(2026, 3, 18), reason="本人来电询问进度")
    assert (kinds(case), open_steps(case)) == (["opened", "note"], before)


def test_a_terminated_case_asks_for_nothing_more(case: Case) -> None:
    act(case, "terminated", date(2026, 3, 18), reason="决定已撤销")
    case.refresh_from_db()
    assert (case.state, case.outcome_title, case.ended_on) == ("terminated", "", date(2026, 3, 18))
    assert queries.view(case, date(2026, 3, 18)).broken_off == "决定已撤销"
    assert (kinds(case), open_steps(case)) == (["opened", "terminated"], {})
    with pytest.raises(Rejected, match="已经结束"):
        record(case, "group", date(2026, 3, 18), GROUP)


def test_the_end_is_recorded_with_the_act_that_brings_it(cast: Cast) -> None:
    announcing = case_of(cast, "statutory-announcement")
    record(announcing, "announce", date(2026, 3, 20), ANNOUNCED)
    record(announcing, "file", date(2026, 3, 24), {"keeper": "青溪区委组织部"})
    assert kinds(announcing) == ["opened", "record", "record", "ended"]
    announcing.refresh_from_db()
    assert (announcing.state, announcing.outcome, announcing.ended_on) == ("ended", "announced", date(2026, 3, 24))
    assert announcing.outcome_title == "已依规宣布"
    assert open_steps(announcing) == {}


@pytest.mark.req("B8")
def test_unplanned_visits_and_contacts_may_come_at_any_time(case: Case) -> None:
    begun(case)
    record(case, "unplanned", date(2026, 4, 2), UNPLANNED)
    record(case, "unplanned", date(2026, 4, 9), UNPLANNED, entered=date(2026, 4, 20))
    first, second = Done.objects.filter(case=case, step="unplanned").order_by("on")
    assert (first.unplanned, first.afterwards, first.late) == (True, False, False)
    assert (second.unplanned, second.afterwards, second.late) == (True, True, False)
    assert OpenStep.objects.get(case=case, step="contact").optional


def test_a_step_done_after_its_day_is_late_whenever_it_is_written_down(case: Case) -> None:
    record(case, "group", date(2026, 3, 31), GROUP)
    record(case, "mentor", date(2026, 3, 30), MENTOR, entered=date(2026, 4, 15))
    late = dict(Done.objects.filter(case=case).values_list("step", "late"))
    assert late == {"group": True, "mentor": False}


@pytest.mark.req("B6", "I4")
def test_a_record_keeps_the_day_it_was_due_and_the_last_day_in_time_whatever_comes_later(case: Case) -> None:
    begun(case)
    assert (OpenStep.objects.get(case=case, step="visit").due_on) == date(2026, 6, 22)
    visit = record(case, "visit", date(2026, 6, 30), VISIT | {"next_on": date(2026, 9, 17)}, key="1")
    record(case, "visit", date(2026, 9, 10), VISIT | {"next_on": date(2026, 12, 17)}, key="2")
    first, second = Done.objects.filter(case=case, step="visit").order_by("on")
    assert (first.due_on, first.late_from, first.late) == (date(2026, 6, 22), date(2026, 6, 22), True)
    assert (second.due_on, second.late_from, second.late) == (date(2026, 9, 17), date(2026, 9, 17), False)
    act(case, "correct", date(2026, 6, 20), entered=date(2026, 9, 11), target=visit, reason="日期抄错")
    first = Done.objects.get(case=case, step="visit", key="1")
    assert (first.on, first.due_on, first.late) == (date(2026, 6, 20), date(2026, 6, 22), False)


def test_the_second_of_two_records_of_a_step_sees_the_first(case: Case) -> None:
    record(case, "group", date(2026, 3, 18), GROUP, by=OTHER)
    with pytest.raises(StaleForm) as stale:
        record(case, "group", date(2026, 3, 18), GROUP | {"shelf": "青-2026-0099"}, seen=1)
    assert (stale.value.theirs.by, stale.value.theirs.values["shelf"]) == ("甘棠", "青-2026-0019")
    assert kinds(case) == ["opened", "record"]


def test_another_step_recorded_meanwhile_does_not_make_a_form_stale(case: Case) -> None:
    record(case, "mentor", date(2026, 3, 18), MENTOR, by=OTHER)
    assert record(case, "group", date(2026, 3, 18), GROUP, seen=1) == 3


def test_one_token_is_one_entry(case: Case) -> None:
    first = record(case, "group", date(2026, 3, 18), GROUP, token="a" * 32)
    assert record(case, "group", date(2026, 3, 18), GROUP, token="a" * 32) == first
    assert kinds(case) == ["opened", "record"]


def test_a_token_used_for_other_words_shows_what_it_has_made(case: Case) -> None:
    """The browser's back button brings the recorded form again, with the same token."""
    first = record(case, "group", date(2026, 3, 18), GROUP, token="a" * 32)
    with pytest.raises(StaleForm) as stale:
        record(case, "group", date(2026, 3, 18), GROUP | {"shelf": "青-2026-0099"}, token="a" * 32)
    assert (stale.value.again, stale.value.theirs.seq, stale.value.head) == (True, first, 2)
    assert stale.value.theirs.values["shelf"] == "青-2026-0019"
    with pytest.raises(StaleForm):
        record(case, "group", date(2026, 3, 17), GROUP, token="a" * 32)
    assert kinds(case) == ["opened", "record"]


def test_a_token_used_for_another_note_or_elsewhere_is_refused(case: Case, cast: Cast) -> None:
    note = {"token": "n" * 32, "reason": "电话约定时间"}
    first = act(case, "note", date(2026, 3, 18), **note)
    assert act(case, "note", date(2026, 3, 18), **note) == first
    for where, reason in ((case, "改了主意"), (case_of(cast, name="单望舒"), "电话约定时间")):
        with pytest.raises(Rejected, match="已经记录过一次"):
            act(where, "note", date(2026, 3, 18), token="n" * 32, reason=reason)
    assert kinds(case) == ["opened", "note"]


def test_the_second_of_two_corrections_of_a_record_sees_the_first(case: Case) -> None:
    group = record(case, "group", date(2026, 3, 18), GROUP)
    corrected = {"target": group, "reason": "写错", "seen": 2}
    act(case, "correct", date(2026, 3, 18), values={"shelf": "青-2026-0020"}, by=OTHER, **corrected)
    with pytest.raises(StaleForm) as stale:
        act(case, "correct", date(2026, 3, 18), values={"leader": "江若川"}, **corrected)
    assert (stale.value.theirs.by, stale.value.theirs.seq, stale.value.head) == ("甘棠", group, 3)
    assert stale.value.theirs.values["shelf"] == "青-2026-0020", "as it stands, not as first written"
    again = corrected | {"seen": stale.value.head}
    act(case, "correct", date(2026, 3, 18), values={"leader": "江若川"}, **again)
    found = queries.view(case, date(2026, 3, 18)).standing["group"][""]
    assert (found.values["shelf"], found.values["leader"]) == ("青-2026-0020", "江若川")


def test_a_next_visit_beyond_the_end_of_the_period_is_refused_and_its_last_day_is_not(case: Case) -> None:
    """The period of the case ends on 11 September 2027; nobody would ask for a visit after it, and no reason was given."""
    begun(case)
    for beyond in (date(2027, 9, 12), date(2199, 1, 1)):
        with pytest.raises(Rejected, match="2027年9月11日") as refused:
            record(case, "visit", date(2026, 6, 17), VISIT | {"next_on": beyond}, key="1")
        assert [fault.field for fault in refused.value.faults] == ["next_on"]
    record(case, "visit", date(2026, 6, 17), VISIT | {"next_on": date(2027, 9, 11)}, key="1")


def test_what_was_withdrawn_meanwhile_makes_no_form_stale(case: Case) -> None:
    group = record(case, "group", date(2026, 3, 18), GROUP, by=OTHER)
    act(case, "withdraw", date(2026, 3, 18), target=group, reason="录到了另一件")
    assert record(case, "group", date(2026, 3, 18), GROUP, seen=1) == 4


def test_two_informal_contacts_are_two_records_and_no_conflict(case: Case) -> None:
    begun(case)
    contact = {
        "outcome": "已进行", "mode": "电话", "place": "办公室", "people": ["顾怀谦", "甘棠"], "heard": ["本人"], "account": "近况平稳",
    }  # fmt: skip
    seen = queries.view(case, date(2026, 4, 15)).head
    record(case, "contact", date(2026, 4, 15), contact, by=OTHER, seen=seen)
    assert record(case, "contact", date(2026, 4, 15), contact | {"account": "谈了工作"}, seen=seen) == seen + 2


def test_the_nightly_round_touches_only_cases_whose_day_has_come(case: Case, cast: Cast) -> None:
    begun(case)
    other = case_of(cast, name="单望舒")
    refresh([case, other], today=date(2026, 3, 23))
    case.refresh_from_db()
    assert case.next_change is not None
    assert case.next_change > date(2026, 3, 23)
    assert refresh_due(today=date(2026, 3, 23)) == 0
    # The period ends on 11 September 2027; on the 13th, a Monday, the assessment may begin.
    assert OpenStep.objects.get(case=case, step="assess").scheduled
    assert refresh_due(today=date(2027, 9, 13)) >= 1
    assert not OpenStep.objects.get(case=case, step="assess").scheduled
    assert refresh_due(today=date(2027, 9, 13)) == 0


def test_a_draft_is_sealed_and_belongs_to_one_account(case: Case, cast: Cast) -> None:
    text = "谈到家里老人住院。"
    save_draft(account=cast.officer, case=case, step="group", key="", text="先写一半", at=moment(OPENED))
    save_draft(account=cast.officer, case=case, step="group", key="", text=text, at=moment(OPENED))
    assert queries.draft(cast.officer, case, "group", "") == (text, moment(OPENED))
    assert queries.draft(cast.leader, case, "group", "") is None
    assert text.encode() not in bytes(Draft.objects.get().sealed)
    drop_draft(account=cast.officer, case=case, step="group", key="")
    assert queries.draft(cast.officer, case, "group", "") is None


def test_the_mentors_step_belongs_to_the_case_and_to_no_organ(case: Case) -> None:
    """The mentor is named in the log; the account that serves the case finds the step by that."""
    begun(case)
    step = OpenStep.objects.get(case=case, step="contact")
    assert (step.held_by, step.organ) == ("mentor", None)


def test_an_act_on_a_case_is_an_entry_whoever_makes_it(case: Case) -> None:
    record(case, "group", date(2026, 3, 18), GROUP, behalf="青溪区水利局党组")
    entry = Entry.objects.get(log__kind="case", log__ref=case.pk, seq=2)
    assert (entry.by, entry.behalf, entry.on) == ("方知行", "青溪区水利局党组", date(2026, 3, 18))
