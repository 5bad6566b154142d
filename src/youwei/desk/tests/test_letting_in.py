"""A sealed case of which nobody at its office knows any more: two people let a third one in, and neither learns what it is (E4)."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.support.kept import Kept, Stage
from youwei.cases import readmitting
from youwei.cases.models import Admission, AdmissionRequest, Case
from youwei.desk.safekeeping.proving import prove
from youwei.desk.tests.factories import MORNING, TODAY, signed_in
from youwei.desk.tests.test_sealed import ACCUSED, SUSPECT, WORDS, Stand, build, let_in, opened, outsiders, seen
from youwei.journal.actors import Actor
from youwei.journal.queries import Finding
from youwei.organs.commands import close_account
from youwei.organs.models import Account, Grant, Role

pytestmark = [pytest.mark.django_db, pytest.mark.req("E4")]
ASK, DECIDE = "/accounts/sealed/", "/admissions/"


@pytest.fixture(scope="module")
def kept_stand(stage: Stage) -> Kept[Stand]:
    return stage.lay(build)


@pytest.fixture
def stand(kept_stand: Kept[Stand], db: None) -> Stand:
    return kept_stand.copy()


def holding(stand: Stand, role: Role) -> Account:
    return next(each for each in stand.others if each.grants.filter(role=role).exists())


def gone(stand: Stand) -> Case:
    """The only one who knew of it has left the office."""
    case = opened(stand)
    close_account(
        account=stand.clerk, reason="调离", organ=stand.place.commission, by=Actor("系统管理员"), on=TODAY, at=MORNING
    )
    return case


def asked(stand: Stand, case: Case, whom: Account, role: Role = Role.CASE_OFFICER, reason: str = "接替方知行") -> Any:
    key = f"{whom.pk}-{role}-{stand.place.commission.pk}"
    return signed_in(holding(stand, Role.SECURITY_ADMIN)).post(
        ASK, {"number": case.pk, f"n{case.pk}-who": key, f"n{case.pk}-reason": reason}
    )


def decided(who: Account, case: Case, verdict: str = "agree", reason: str = "同意") -> Any:
    return signed_in(who).post(DECIDE, {"number": case.pk, f"n{case.pk}-reason": reason, verdict: "1"})


def text(answer: Any) -> str:
    return str(answer.content.decode())


def test_while_somebody_knows_of_it_neither_page_says_that_there_is_one(stand: Stand) -> None:
    case, admin = opened(stand), signed_in(holding(stand, Role.SECURITY_ADMIN))
    assert "没有要接续的" in text(admin.get(ASK))
    assert "没有等您批准的" in text(signed_in(stand.leader).get(DECIDE))
    assert asked(stand, case, stand.second).status_code == 200, "an unknown number changes nothing"
    with pytest.raises(readmitting.Refused, match="已经有人知情"):
        readmitting.ask(
            number=case.pk, key=f"{stand.second.pk}-case_officer-{stand.place.commission.pk}", reason="接替",
            by=Actor("安守全", 1), on=TODAY, at=MORNING,
        )  # fmt: skip
    assert not AdmissionRequest.objects.exists()
    assert case.admissions.count() == 1


def test_two_people_let_a_third_one_in_and_learn_only_its_number_and_office(stand: Stand) -> None:
    case, admin = gone(stand), signed_in(holding(stand, Role.SECURITY_ADMIN))
    page = text(admin.get(ASK))
    assert f"第{case.pk}号" in page
    assert "青溪区纪委监委" in page
    assert "乔木" in page
    assert "荀子墨" not in page, "names of the city would tell that it is one the city determines"
    assert "保密事项接续（1件）" in text(admin.get("/accounts/grants/"))
    assert asked(stand, case, stand.second).status_code == 302
    assert "已提请准入乔木" in text(admin.get(ASK))
    desk = text(signed_in(stand.leader).get("/"))
    assert "1件保密事项的知情人都已离岗" in desk
    waiting = text(signed_in(stand.leader).get(DECIDE))
    for words in (f"第{case.pk}号", "青溪区纪委监委", "乔木", "接替方知行"):
        assert words in waiting
    for shown in (page, waiting):
        for secret in (SUSPECT, ACCUSED, WORDS, "诬告", "malicious"):
            assert secret not in shown
    assert decided(stand.leader, case).status_code == 302
    assert signed_in(stand.second).get(f"/cases/{case.pk}/").status_code == 200
    assert signed_in(stand.leader).get(f"/cases/{case.pk}/").status_code == 404
    assert admin.get(f"/cases/{case.pk}/").status_code == 404
    log = text(signed_in(stand.second).get(f"/cases/{case.pk}/"))
    assert "提请准入乔木（青溪区纪委监委经办人）：接替方知行" in log
    assert "批准准入乔木（青溪区纪委监委经办人）" in log
    assert not AdmissionRequest.objects.exists()
    assert "没有要接续的" in text(admin.get(ASK))
    assert tampered() == []


def test_the_commission_above_decides_too_and_others_do_not(stand: Stand) -> None:
    case = gone(stand)
    asked(stand, case, stand.leader, Role.LEADER)
    own = signed_in(stand.leader).get(DECIDE)
    assert "要准入的就是您本人" in text(own)
    assert "批准准入</button>" not in text(own)
    refused = decided(stand.leader, case)
    assert refused.status_code == 422
    assert "要准入的就是您本人，不能由您批准" in text(refused)
    assert not Admission.objects.filter(account=stand.leader).exists()
    for who in (stand.second, stand.city_clerk, *stand.others):
        assert signed_in(who).get(DECIDE).status_code == 404, who.name
        assert decided(who, case).status_code == 404, who.name
    assert decided(stand.city_leader, case, reason="同意，接手").status_code == 302
    assert signed_in(stand.leader).get(f"/cases/{case.pk}/").status_code == 200
    assert signed_in(stand.city_leader).get(f"/cases/{case.pk}/").status_code == 404


def test_a_leader_of_another_office_is_asked_nothing(stand: Stand) -> None:
    case = gone(stand)
    other = Account.objects.get(name="单望舒")
    Grant.objects.filter(account=other).update(role=Role.LEADER)
    asked(stand, case, stand.second)
    assert "没有等您批准的" in text(signed_in(other).get(DECIDE))
    decided(other, case)
    assert not Admission.objects.filter(account=stand.second).exists()


def test_it_may_be_refused_and_asked_for_again_and_what_was_typed_stays(stand: Stand) -> None:
    case = gone(stand)
    asked(stand, case, stand.second)
    empty = decided(stand.leader, case, "refuse", "")
    assert empty.status_code == 422
    assert decided(stand.leader, case, "refuse", "即将离岗，请另选").status_code == 302
    assert not AdmissionRequest.objects.exists()
    assert signed_in(stand.second).get(f"/cases/{case.pk}/").status_code == 404
    half = asked(stand, case, stand.second, reason="")
    assert half.status_code == 422
    wrong = asked(stand, case, stand.city_leader, Role.LEADER, "由市里接手")
    assert wrong.status_code == 422
    assert "由市里接手" in text(wrong)
    assert asked(stand, case, stand.second).status_code == 302
    assert asked(stand, case, stand.leader, Role.LEADER, "改由分管领导接手").status_code == 302
    assert AdmissionRequest.objects.get().account == stand.leader


@pytest.mark.once
def test_nobody_else_is_shown_anything_else_when_it_is_forgotten(stand: Stand) -> None:
    """The administrator and whoever decides apart: every page, list, search and export of all others stays byte for byte."""
    told = (holding(stand, Role.SECURITY_ADMIN), stand.leader, stand.city_leader)
    whose = [who for who in outsiders(stand) if who not in told and who.username != "view"]
    assert len(whose) > 5
    Account.objects.filter(pk=stand.clerk.pk).update(is_active=False)
    before = {who: seen(stand, who) for who in whose}
    Account.objects.filter(pk=stand.clerk.pk).update(is_active=True)
    case = opened(stand)
    Account.objects.filter(pk=stand.clerk.pk).update(is_active=False)
    assert asked(stand, case, stand.leader, Role.LEADER).status_code == 302
    for who, shown in before.items():
        after = seen(stand, who)
        assert [path for path in shown if shown[path] != after[path]] == [], who.name


def test_a_role_that_ends_is_as_good_as_a_closed_account_and_a_deputy_knows_nothing(stand: Stand) -> None:
    case = opened(stand)
    let_in(case, stand.city_leader, stand.clerk)
    assert not readmitting.forgotten(TODAY).exists()
    own = Grant.objects.get(account=stand.clerk)
    Grant.objects.create(account=stand.second, role=own.role, organ=own.organ, covers=own, starts_on=TODAY)
    Grant.objects.filter(pk=own.pk).update(ends_on=TODAY.replace(day=28))
    assert list(readmitting.forgotten(TODAY)) == [case], "whoever is let in elsewhere cannot let in here"
    Case.objects.filter(pk=case.pk).update(state=Case.State.ENDED)
    assert list(readmitting.forgotten(TODAY)) == [case], "after the end too"


def test_the_last_who_knows_cannot_leave_though_somebody_gone_is_still_on_the_list(stand: Stand) -> None:
    case = opened(stand)
    let_in(case, stand.second, stand.clerk)
    Grant.objects.filter(account=stand.second).update(ends_on=TODAY.replace(day=28))
    row = case.admissions.get(account=stand.clerk)
    last = signed_in(stand.clerk).post(
        f"/cases/{case.pk}/admissions/", {"let-out": "1", "out-row": str(row.pk), "out-reason": "调走"}
    )
    assert "至少一人知情" in text(last)


def test_a_double_click_asks_and_lets_in_once(stand: Stand) -> None:
    case = gone(stand)
    key = f"{stand.second.pk}-case_officer-{stand.place.commission.pk}"
    said = {"number": case.pk, f"n{case.pk}-who": key, f"n{case.pk}-reason": "接替", "token": "once"}
    admin = signed_in(holding(stand, Role.SECURITY_ADMIN))
    assert [admin.post(ASK, said).status_code for _ in range(2)] == [302, 302]
    assert AdmissionRequest.objects.get().entry_seq == 3


def test_the_pages_cost_few_queries(stand: Stand) -> None:
    client = signed_in(stand.leader)
    client.get(DECIDE)
    with CaptureQueriesContext(connection) as few:
        client.get(DECIDE)
    assert len(few) <= 8
    admin = signed_in(holding(stand, Role.SECURITY_ADMIN))
    admin.get(ASK)
    with CaptureQueriesContext(connection) as more:
        admin.get(ASK)
    assert len(more) <= 8


def test_whoever_tampers_with_who_is_let_in_is_found(stand: Stand) -> None:
    case = gone(stand)
    asked(stand, case, stand.second)
    assert tampered() == []
    AdmissionRequest.objects.update(account=stand.leader)
    assert [each.column for each in tampered()] == ["account_id"]
    AdmissionRequest.objects.update(account=stand.second)
    made = Admission.objects.create(
        case=case, account=stand.second, role=Role.CASE_OFFICER, organ=stand.place.commission
    )
    assert [(each.table, each.row) for each in tampered()] == [("cases_admission", made.pk)]
    made.delete()
    row = case.admissions.get()
    Admission.objects.filter(pk=row.pk).update(account=stand.second)
    assert "cases_admission" in {each.table for each in tampered()}
    Admission.objects.filter(pk=row.pk).delete()
    assert "知情范围少了一行" in tampered()[0].what
    Admission.objects.create(
        case=stand.open_case, account=stand.second, role=Role.CASE_OFFICER, organ=stand.place.commission
    )
    assert len(tampered()) == 2, "nor is anybody let in to an open case"


def tampered() -> list[Finding]:
    """What is found wrong with cases; the accounts of this store were made without entries."""
    return [each for each in prove(TODAY) if each.table.startswith("cases_")]
