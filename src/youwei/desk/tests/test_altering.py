"""Correcting, changing and withdrawing a decision on its pages: seen before it is done, done once, and never past somebody else."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from youwei.cases.models import Case
from youwei.decisions.models import Decision, Period
from youwei.desk.tests.factories import MORNING, City, decide, holder, open_case, person, signed_in
from youwei.documents.models import Paper
from youwei.journal.models import Entry
from youwei.organs.models import Role

pytestmark = [pytest.mark.django_db, pytest.mark.req("A1", "A6")]

REASON = "与决定书原件核对，日期录错"


@pytest.fixture
def clerk(place: City) -> Client:
    return signed_in(holder(Role.CASE_OFFICER, place.commission))


@pytest.fixture
def decision(place: City) -> Decision:
    """A severe warning of 12 March 2026, until 11 September 2027, with an open visit."""
    row = decide(person(place.unit), place.commission, "党内严重警告")
    open_case(row)
    return row


@pytest.fixture
def stub(place: City) -> Decision:
    return decide(None, place.commission, "党内警告")


def url(kind: str, row: Decision) -> str:
    return reverse(f"decision-{kind}", args=[row.pk])


def filled(client: Client, kind: str, row: Decision, **changes: Any) -> dict[str, Any]:
    """What the browser would send: the form as shown, with these changes."""
    form = client.get(url(kind, row)).context["form"]
    return {bound.html_name: sent(bound.value()) for bound in form} | {"reason": REASON, **changes}


def sent(value: Any) -> Any:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value.isoformat() if isinstance(value, date) else "" if value is None else value


def reviewed(client: Client, kind: str, row: Decision, place: City, **changes: Any) -> dict[str, Any]:
    told = {
        "starts_on": "2026-09-01",
        "ground": "申诉",
        "organ": str(place.commission.pk),
        "number": "青纪复〔2026〕2号",
    }
    return filled(client, kind, row, **told, **changes)


def test_a_correction_shows_what_it_moves_and_is_done_when_confirmed(clerk: Client, decision: Decision) -> None:
    data = filled(clerk, "correct", decision, decided_on="2026年3月2日", number="青纪发[2026]91号")
    seen = clerk.post(url("correct", decision), data)
    assert seen.status_code == 200
    assert [(each.label, each.old, each.new) for each in seen.context["pairs"]] == [
        ("决定文号", "青纪发〔2026〕19号", "青纪发〔2026〕91号"),
        ("决定日期", "2026年3月12日", "2026年3月2日"),
        ("生效日期", "2026年3月12日", "2026年3月2日"),
    ]
    # Eighteen months from 12 March 2026, and from 2 March.
    assert [(each.old, each.new, each.own) for each in seen.context["periods"]] == [
        ("2026年3月12日—2027年9月11日", "2026年3月2日—2027年9月1日", True)
    ]
    decision.refresh_from_db()
    assert (decision.version, Period.objects.count()) == (1, 1)
    done = clerk.post(url("correct", decision), {**data, "confirm": "1"}, follow=True)
    assert "已更正" in done.content.decode()
    decision.refresh_from_db()
    assert (decision.number, decision.made_on, decision.effective_on, decision.version) == (
        "青纪发〔2026〕91号", date(2026, 3, 2), date(2026, 3, 2), 2
    )  # fmt: skip
    again = clerk.post(url("correct", decision), {**data, "confirm": "1"})
    assert (again.status_code, Entry.objects.filter(kind="decision.corrected").count()) == (302, 1)
    told = clerk.get(reverse("decision", args=[decision.pk])).content.decode()
    assert "更正决定" in told
    assert REASON in told


def test_every_field_can_be_corrected_and_one_left_alone_stays(clerk: Client, decision: Decision, place: City) -> None:
    data = filled(
        clerk, "correct", decision, form="第三种形态", measures="撤销党内职务、政务撤职", category="违反廉洁纪律",
        facts="收受礼金。\r\n已退缴。", post="科员", rank="股级", managed_by="市管干部", acts_until="2025-10-01", effective_on="2026-03-13",
    )  # fmt: skip
    clerk.post(url("correct", decision), {**data, "confirm": "1"})
    decision.refresh_from_db()
    assert (decision.form, decision.problem, decision.post, decision.rank, decision.managed_by, decision.acts_until) == (
        3, "违反廉洁纪律", "科员", "股级", "市管干部", date(2025, 10, 1)
    )  # fmt: skip
    assert (decision.made_on, decision.effective_on, decision.unit, decision.weight) == (
        date(2026, 3, 12), date(2026, 3, 13), place.unit, "重"
    )  # fmt: skip
    assert decision.facts() == "收受礼金。\n已退缴。"
    assert [measure.label for measure in decision.measures.order_by("kind")] == ["政务撤职", "撤销党内职务"]
    # City-managed now: the public announcement is called for; the visit goes on.
    assert dict(Case.objects.values_list("procedure", "state")) == {"jingzhou-visit": "open", "announcement": "open"}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"decided_on": "2026-02-30"}, "decided_on"),
        ({"decided_on": "2027-01-01"}, "decided_on"),
        ({"decided_on": ""}, "decided_on"),
        ({"effective_on": "2026-03-01"}, "effective_on"),
        ({"measures": "口头警告处分"}, "measures"),
        ({"measures": "无"}, "measures"),
        ({"measures": ""}, "measures"),
        ({"reason": " "}, "reason"),
        ({"unit": "999999"}, "unit"),
        ({"acts_until": "2026-12-31"}, "acts_until"),
        ({"facts": "机密★二十年"}, "__all__"),
        ({}, "__all__"),
    ],
)
def test_a_fault_is_told_at_its_field_and_nothing_is_written(
    clerk: Client, decision: Decision, changes: dict[str, str], field: str
) -> None:
    before = Entry.objects.count()
    data = filled(clerk, "correct", decision, post="" if changes else decision.post, **changes)
    answer = clerk.post(url("correct", decision), {**data, "confirm": "1"})
    assert answer.status_code == 422
    assert answer.context["form"].errors[field]
    assert Entry.objects.count() == before


def test_what_the_ledger_would_only_doubt_is_said_and_may_stand(clerk: Client, decision: Decision) -> None:
    data = filled(clerk, "correct", decision, form="第四种形态")
    assert any("一般属于" in text for text in clerk.post(url("correct", decision), data).context["warnings"])


def test_a_form_comes_back_from_the_preview_with_everything_typed(clerk: Client, decision: Decision) -> None:
    data = filled(clerk, "correct", decision, facts="收受礼金。", decided_on="2026-03-02")
    answer = clerk.post(url("correct", decision), {**data, "back": "1"})
    assert answer.status_code == 200
    assert "收受礼金。" in answer.content.decode()
    assert "2026-03-02" in answer.content.decode()


def test_a_change_shows_both_periods_and_keeps_both_measures(clerk: Client, decision: Decision, place: City) -> None:
    (measure,) = decision.measures.all()
    assert clerk.get(reverse("ledger"), {"state": "altered"}).context["rows"] == []
    data = reviewed(clerk, "change", decision, place, **{f"to_{measure.pk}": "party.warning"})
    seen = clerk.post(url("change", decision), data)
    # Lighter: twelve months from 12 March 2026.
    assert [(each.old, each.new) for each in seen.context["periods"]] == [
        ("2026年3月12日—2027年9月11日", "2026年3月12日—2027年3月11日")
    ]
    clerk.post(url("change", decision), {**data, "confirm": "1"})
    page = clerk.get(reverse("person", args=[decision.person_id])).content.decode()
    assert "原党内严重警告" in page
    assert "已变更" in page
    assert "青纪复〔2026〕2号" in page
    past = clerk.get(reverse("person", args=[decision.person_id]), {"on": "2026-9-28"}).content.decode()
    assert "原党内严重警告" not in past
    assert "2027年9月11日" in past


def test_a_withdrawal_ends_the_case_marks_the_papers_and_can_be_taken_back(
    clerk: Client, decision: Decision, place: City
) -> None:
    case = Case.objects.get()
    Paper.objects.create(
        case=case, entry_seq=1, kind="visit-record", title="回访记录", sealed=b"", digest="", issued_at=MORNING.replace(hour=0), by="陈思远"
    )  # fmt: skip
    data = reviewed(clerk, "withdraw", decision, place)
    seen = clerk.post(url("withdraw", decision), data)
    assert [(each.title, each.what) for each in seen.context["affairs"]] == [
        (case.title, "提前终止"), ("处分变更、撤销后的恢复和更正", "开办")
    ]  # fmt: skip
    assert seen.context["papers"] == 1
    clerk.post(url("withdraw", decision), {**data, "confirm": "1"})
    decision.refresh_from_db()
    case.refresh_from_db()
    assert (decision.state, case.state) == ("withdrawn", "terminated")
    assert len(clerk.get(reverse("ledger"), {"state": "altered"}).context["rows"]) == 1
    page = clerk.get(reverse("person", args=[decision.person_id])).content.decode()
    assert "按改动前的内容出具" in page
    assert "日期上无影响" in page
    (old,) = clerk.get(reverse("decision", args=[decision.pk])).context["outdated"]
    assert (old.paper.title, old.again) == ("回访记录", False), "listed for whoever must correct it"
    taken = filled(clerk, "take-back", decision)
    assert [each.what for each in clerk.post(url("take-back", decision), taken).context["affairs"]] == [
        "开办",
        "提前终止",
    ]
    clerk.post(url("take-back", decision), {**taken, "confirm": "1"})
    decision.refresh_from_db()
    case.refresh_from_db()
    assert (decision.state, case.state) == ("standing", "open")


@pytest.mark.req("A2")
def test_restored_rights_are_entered_where_a_probation_waits_for_them(clerk: Client, place: City) -> None:
    row = decide(person(place.unit), place.commission, "留党察看一年", made_on=date(2025, 9, 1))
    page = reverse("person", args=[row.person_id])
    assert url("restore", row) in clerk.get(page).content.decode()
    wrong = {**reviewed(clerk, "restore", row, place), "starts_on": "2026-08-01"}
    answer = clerk.post(url("restore", row), wrong)
    assert (answer.status_code, "届满" in str(answer.context["form"].errors["starts_on"])) == (422, True)
    data = {**wrong, "starts_on": "2026-09-01"}
    seen = clerk.post(url("restore", row), data)
    # A year of probation from 1 September 2025, two years from the restoration.
    assert seen.context["periods"][0].new == "察看期 2025年9月1日—2026年8月31日；恢复权利后 2026年9月1日—2028年8月31日"
    assert seen.context["periods"][0].doubts == ()
    clerk.post(url("restore", row), {**data, "confirm": "1"})
    told = clerk.get(page).content.decode()
    assert "恢复党员权利：留党察看一年" in told
    assert url("restore", row) not in told
    assert url("take-back", row) in told


def test_no_other_decision_offers_to_restore_rights(clerk: Client, decision: Decision) -> None:
    assert url("restore", decision) not in clerk.get(reverse("person", args=[decision.person_id])).content.decode()
    data = {"starts_on": "2026-09-01", "organ": str(decision.deciding_organ_id), "reason": REASON, "seen": "1"}
    answer = clerk.post(url("restore", decision), data)
    assert (answer.status_code, "只有留党察看" in str(answer.context["form"].errors["__all__"])) == (422, True)


def test_the_law_is_quoted_where_a_review_makes_an_administrative_sanction_heavier(clerk: Client, place: City) -> None:
    row = decide(person(place.unit), place.commission, "政务警告")
    (measure,) = row.measures.all()
    data = reviewed(clerk, "change", row, place, **{f"to_{measure.pk}": "administrative.demerit"})
    assert "第五十六条" in clerk.post(url("change", row), data).context["warnings"][0]


REFUSED: list[tuple[str, dict[str, str], str]] = [
    ("change", {}, "__all__"),
    ("withdraw", {"starts_on": "2026-03-11"}, "starts_on"),
    ("withdraw", {"starts_on": "2026-09-30"}, "starts_on"),
    ("withdraw", {"ground": "别的"}, "ground"),
    ("withdraw", {"organ": "0"}, "organ"),
    ("withdraw", {"reason": ""}, "reason"),
]


@pytest.mark.parametrize(("kind", "changes", "field"), REFUSED)
def test_a_review_that_cannot_be_is_refused_at_its_field(
    clerk: Client, decision: Decision, place: City, kind: str, changes: dict[str, str], field: str
) -> None:
    data = {**reviewed(clerk, kind, decision, place), **changes}
    answer = clerk.post(url(kind, decision), {**data, "confirm": "1"})
    assert (answer.status_code, bool(answer.context["form"].errors[field])) == (422, True)
    decision.refresh_from_db()
    assert decision.version == 1


@pytest.mark.req("A4")
def test_a_stub_is_corrected_in_its_few_fields(clerk: Client, stub: Decision) -> None:
    form = clerk.get(url("correct", stub)).context["form"]
    assert [*form.fields] == [
        "number",
        "decided_on",
        "effective_on",
        "measures",
        "form",
        "young",
        "reason",
        "seen",
        "token",
    ]
    data = filled(clerk, "correct", stub, number="青密2号", measures="政务警告", young="yes", facts="某事", post="某职")
    seen = clerk.post(url("correct", stub), data)
    assert [each.label for each in seen.context["pairs"]] == ["决定文号", "处分处理种类", "作出决定时未满35周岁"]
    clerk.post(url("correct", stub), {**data, "confirm": "1"})
    stub.refresh_from_db()
    assert (stub.number, stub.person, stub.unit, stub.post, stub.facts_sealed) == ("青密2号", None, None, "", None)
    assert clerk.get(reverse("decision", args=[stub.pk])).status_code == 200


def test_of_two_officers_the_second_sees_both_and_loses_nothing(clerk: Client, decision: Decision, place: City) -> None:
    other = signed_in(holder(Role.CASE_OFFICER, place.commission, username="second", name="方知行"))
    mine = filled(clerk, "correct", decision, number="青纪发〔2026〕90号")
    theirs = filled(other, "correct", decision, number="青纪发〔2026〕91号")
    other.post(url("correct", decision), {**theirs, "confirm": "1"})
    answer = clerk.post(url("correct", decision), {**mine, "confirm": "1"})
    assert answer.status_code == 409
    stale = answer.context["stale"]
    assert stale.who == "方知行"
    assert [(row.theirs, row.mine) for row in stale.rows if row.label == "决定文号"] == [
        ("青纪发〔2026〕91号", "青纪发〔2026〕90号")
    ]
    decision.refresh_from_db()
    assert decision.number == "青纪发〔2026〕91号"
    on = clerk.post(url("correct", decision), dict(stale.hidden))
    form = on.context["form"]
    assert (on.status_code, form["number"].value(), form["seen"].value()) == (200, "青纪发〔2026〕90号", "2")


@pytest.mark.req("I5")
@pytest.mark.parametrize("kind", ["correct", "change", "withdraw", "restore", "take-back"])
@pytest.mark.parametrize(
    "role", [Role.LEADER, Role.UNIT, Role.MENTOR, Role.ORGANIZATION, Role.UPPER_VIEWER, Role.SYSTEM_ADMIN, Role.AUDITOR]
)
def test_only_case_officers_alter_decisions(decision: Decision, place: City, role: Role, kind: str) -> None:
    client = signed_in(holder(role, place.commission))
    assert client.get(url(kind, decision)).status_code == 404
    assert client.post(url(kind, decision), {"reason": "x", "confirm": "1"}).status_code == 404
    page = client.get(reverse("decision", args=[decision.pk]))
    assert page.status_code == 404 or url("correct", decision) not in page.content.decode()


@pytest.mark.req("I5")
def test_an_officer_elsewhere_finds_nothing(decision: Decision, place: City) -> None:
    client = signed_in(holder(Role.CASE_OFFICER, place.other_commission))
    assert client.get(url("correct", decision)).status_code == 404


def test_the_dossier_offers_the_acts_today_and_not_on_a_day_past(clerk: Client, decision: Decision) -> None:
    page = reverse("person", args=[decision.person_id])
    for kind in ("correct", "change", "withdraw"):
        assert url(kind, decision) in clerk.get(page).content.decode()
    assert url("take-back", decision) not in clerk.get(page).content.decode()
    assert url("correct", decision) not in clerk.get(page, {"on": "2026-9-1"}).content.decode()


def test_a_dossier_of_a_day_past_shows_what_was_recorded_then(clerk: Client, decision: Decision) -> None:
    data = filled(clerk, "correct", decision, number="青纪发〔2026〕91号", measures="政务撤职")
    clerk.post(url("correct", decision), {**data, "confirm": "1"})
    page = reverse("person", args=[decision.person_id])
    (then,) = clerk.get(page, {"on": "2026-9-28"}).context["file"].held
    (now,) = clerk.get(page).context["file"].held
    assert (then.decision.number, then.title) == ("青纪发〔2026〕19号", "党内严重警告")
    assert (now.decision.number, now.title) == ("青纪发〔2026〕91号", "政务撤职")
    # Eighteen months from 12 March 2026; twenty-four of the measure that was meant.
    assert [period.last_day for _, own in then.measures for period in own] == [date(2027, 9, 11)]
    assert [period.last_day for _, own in now.measures for period in own] == [date(2028, 3, 11)]


def counted(act: Callable[[], Any]) -> int:
    with CaptureQueriesContext(connection) as seen:
        act()
    return len(seen)


def test_a_preview_takes_no_more_queries_for_a_person_with_many_decisions(clerk: Client, place: City) -> None:
    someone = person(place.unit)
    rows = [decide(someone, place.commission, "党内警告", made_on=date(2022, 1, 10))]
    first = filled(clerk, "correct", rows[0], decided_on="2022-01-11")
    decide(someone, place.commission, "党内警告", made_on=date(2022, 6, 10), number="青纪发〔2022〕9号")
    few = counted(lambda: clerk.post(url("correct", rows[0]), first))
    for year in (2023, 2024, 2025):
        decide(someone, place.commission, "党内警告", made_on=date(year, 1, 10), number=f"青纪发〔{year}〕1号")
    many = counted(lambda: clerk.post(url("correct", rows[0]), first))
    assert many == few


@pytest.mark.req("A2")
def test_an_extended_probation_is_corrected_seen_first_and_kept(clerk: Client, place: City) -> None:
    row = decide(person(place.unit), place.commission, "留党察看一年")
    data = filled(clerk, "correct", row, party_months="24")
    seen = clerk.post(url("correct", row), data)
    assert [(each.old, each.new) for each in seen.context["pairs"]] == [("留党察看一年", "留党察看一年（24个月）")]
    assert row.measures.get().months is None
    assert clerk.post(url("correct", row), data | {"confirm": "1"}).status_code == 302
    assert row.measures.get().months == 24
    # Two years of probation from 12 March 2026, and two years from the day after it.
    lasts = Period.objects.filter(current=True).order_by("starts_on").values_list("last_day", flat=True)
    assert [str(day) for day in lasts] == ["2028-03-11", "2030-03-11"]
    again = filled(clerk, "correct", row)
    assert again["party_months"] == 24
    refused = clerk.post(url("correct", row), again | {"party_months": "18"})
    assert refused.status_code == 422
    assert "不能填 18" in str(refused.context["form"].errors["party_months"])


@pytest.mark.parametrize("kind", ["restore", "extend", "take-back"])
def test_a_page_that_has_nothing_to_do_says_so_and_does_not_open(clerk: Client, decision: Decision, kind: str) -> None:
    answer = clerk.get(url(kind, decision), follow=True)
    assert answer.redirect_chain
    assert "没有登记：" in answer.content.decode()
