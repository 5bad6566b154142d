"""Two versions of one record, forms sent twice, the wrong role, and nonsense: nothing typed is lost, nothing of others is undone unseen."""

from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.urls import reverse

from youwei.cases import queries as cases
from youwei.cases.models import Case, Done, Draft
from youwei.desk.tests.factories import TODAY, City, decide, holder, open_case, person, signed_in
from youwei.desk.tests.test_cases import GROUP, MENTOR, VISIT, send, visited
from youwei.journal.models import Entry
from youwei.organs.models import Role
from youwei.ui.fields import YesNoField

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(place: City) -> Case:
    return open_case(decide(person(place.unit), place.commission, "党内严重警告"))


@pytest.fixture
def clerk(place: City) -> Client:
    return signed_in(holder(Role.CASE_OFFICER, place.commission))


@pytest.fixture
def colleague(place: City) -> Client:
    return signed_in(holder(Role.CASE_OFFICER, place.commission, "colleague", "韩叙"))


def correct(client: Client, case: Case, target: int, **data: Any) -> Any:
    return client.post(
        reverse("case-act", args=[case.pk, "correct"]), {"target": str(target), "reason": "核对原件", **data}
    )


def head(case: Case) -> str:
    return str(cases.view(case, TODAY).head)


def group_of(case: Case) -> Any:
    return cases.view(case, TODAY).standing["group"][""].values


def test_a_form_sent_again_by_the_back_button_shows_both_and_loses_nothing(case: Case, clerk: Client) -> None:
    send(clerk, case, "group", **GROUP)
    answer = send(clerk, case, "group", **{**GROUP, "shelf": "青-2026-020", "on": "2026-9-28"})
    assert answer.status_code == 409
    rows = {row.label: (row.theirs, row.mine) for row in answer.context["stale"].rows}
    assert rows["档号"] == ("青-2026-019", "青-2026-020")
    assert rows["办理日期"] == ("2026年9月29日", "2026年9月28日"), "the day is told beside the fields"
    hidden = dict(answer.context["stale"].hidden)
    assert correct(clerk, case, hidden.pop("target"), **hidden).status_code == 302
    assert group_of(case)["shelf"] == "青-2026-020"
    page = clerk.get(reverse("case", args=[case.pk]), {"step": "group"}).content.decode()
    assert "草稿" not in page, "what has become a correction is no draft any more"


def test_a_yes_or_no_that_differs_is_seen(case: Case, clerk: Client) -> None:
    send(clerk, case, "mentor", **MENTOR)
    answer = send(clerk, case, "mentor", **{**MENTOR, "apart": "no"})
    rows = {row.label: (row.theirs, row.mine) for row in answer.context["stale"].rows}
    assert rows["不是本案承办人或反映人"] == ("是", "否")


@pytest.mark.req("I5")
def test_the_second_of_two_corrections_sees_the_first_and_undoes_nothing(
    case: Case, clerk: Client, colleague: Client
) -> None:
    send(clerk, case, "group", **GROUP)
    seen, target = head(case), Done.objects.get().entry_seq
    assert correct(clerk, case, target, **{**GROUP, "shelf": "青-2026-020", "seen": seen}).status_code == 302
    mine = {**GROUP, "leader": "江若川", "seen": seen}
    answer = correct(colleague, case, target, **mine)
    assert answer.status_code == 409
    assert (group_of(case)["shelf"], group_of(case)["leader"]) == ("青-2026-020", "岑伯安")
    rows = {row.label: (row.theirs, row.mine) for row in answer.context["stale"].rows}
    assert rows["档号"] == ("青-2026-020", "青-2026-019")
    hidden = dict(answer.context["stale"].hidden)
    assert correct(colleague, case, hidden.pop("target"), **{**hidden, "shelf": "青-2026-020"}).status_code == 302
    assert (group_of(case)["shelf"], group_of(case)["leader"]) == ("青-2026-020", "江若川")


def test_a_refused_correction_does_not_count_what_came_meanwhile_as_seen(
    case: Case, clerk: Client, colleague: Client
) -> None:
    send(clerk, case, "group", **GROUP)
    seen, target = head(case), Done.objects.get().entry_seq
    correct(clerk, case, target, **{**GROUP, "shelf": "青-2026-020", "seen": seen})
    answer = correct(colleague, case, target, **{**GROUP, "seen": seen, "reason": ""})
    assert answer.status_code == 422
    assert answer.context["seen"] == int(seen)


def test_the_form_of_a_correction_comes_filled_and_says_which_fields_hang_on_which(case: Case, clerk: Client) -> None:
    visited(clerk, case)
    target = Done.objects.get(step="visit").entry_seq
    answer = clerk.get(reverse("case-act", args=[case.pk, "correct"]), {"target": str(target)})
    page = answer.content.decode()
    assert 'name="people-typed" value="陈思远、韩叙"' in page
    assert "孩子跨学区入学" in page
    assert 'id="conditions"' in page
    assert answer.context["form"].conditions["missed"]


def test_a_correction_that_changes_one_field_keeps_the_people(case: Case, clerk: Client) -> None:
    visited(clerk, case)
    target = Done.objects.get(step="visit").entry_seq
    correct(clerk, case, target, **{**VISIT, "place": "区教育局"})
    assert cases.view(case, TODAY).records[-1].content["values"] == {"place": "区教育局"}


@pytest.mark.parametrize("odd", ["²", "9" * 5000, "-1", "1.5", "\x00"])
def test_no_number_in_a_form_or_an_address_is_a_failure(case: Case, clerk: Client, odd: str) -> None:
    address = reverse("case-act", args=[case.pk, "correct"])
    assert clerk.get(address, {"target": odd}).status_code == 302
    assert clerk.post(address, {"target": odd, "seen": odd}).status_code == 302
    assert send(clerk, case, "group", **{**GROUP, "seen": odd, "token": odd, "key": ""}).status_code == 302
    assert send(clerk, case, "mentor", **{**MENTOR, "seen": "99", "key": odd}).status_code in (302, 422)


@pytest.mark.req("I5")
def test_a_leaders_approval_is_sent_back_corrected_and_withdrawn_by_the_leader_alone(place: City) -> None:
    made = decide(person(place.unit, managed_by="市管干部"), place.city_commission, "党内严重警告")
    case = open_case(made, "announcement")
    clerk = signed_in(holder(Role.CASE_OFFICER, place.city_commission, "city", "沈知行"))
    leader = signed_in(holder(Role.LEADER, place.city_commission, "leader", "岑伯安"))
    step = next(name for name, step in cases.view(case, TODAY).pack.steps.items() if step.returns)
    address = reverse("case-act", args=[case.pk, "return"])
    answer = clerk.get(address, {"step": step}, follow=True)
    assert answer.redirect_chain, "no form for the clerk"
    assert "不由您办理" in answer.content.decode()
    assert leader.get(address, {"step": step}).status_code == 200


def test_entry_on_behalf_says_for_whom(case: Case, clerk: Client) -> None:
    answer = send(clerk, case, "mentor", **{**MENTOR, "behalf": ""})
    assert answer.status_code == 422
    assert "替谁录入" in str(answer.context["form"].errors["behalf"])
    assert not Done.objects.exists()


@pytest.mark.parametrize("path", ["record/group/", "record/nowhere/", "sign/group/"])
def test_the_address_of_a_form_leads_to_the_form(case: Case, clerk: Client, path: str) -> None:
    answer = clerk.get(f"/cases/{case.pk}/{path}")
    assert answer.status_code == 302
    assert clerk.get(answer.headers["Location"]).status_code == 200


@pytest.mark.parametrize("address", ["/cases/", "/cases/{}/", "/cases/{}/act/note/"])
def test_the_head_of_a_page_may_be_asked_for(case: Case, clerk: Client, address: str) -> None:
    assert clerk.head(address.format(case.pk)).status_code == 200


@pytest.mark.parametrize(
    ("step", "kind", "why"),
    [("nowhere", "", "没有这一环节"), ("visit", "", "您的岗位不能办"), ("", "nothing", "不由您办理")],
)
def test_what_is_not_done_is_said(case: Case, place: City, step: str, kind: str, why: str) -> None:
    unit = signed_in(holder(Role.UNIT, place.unit))
    before = Entry.objects.count()
    address = reverse("case-act", args=[case.pk, kind]) if kind else reverse("case-record", args=[case.pk, step])
    answer = unit.post(address, {"on": "2026-9-29"}, follow=True)
    assert "没有" in answer.content.decode()
    assert why in answer.content.decode()
    assert Entry.objects.count() == before


def test_what_was_sent_back_comes_back_to_be_mended_and_the_desk_says_so(place: City, clerk: Client) -> None:
    case = open_case(decide(person(place.unit), place.commission, "党内警告", made_on=date(2025, 1, 10)))
    leader = signed_in(holder(Role.LEADER, place.commission, "leader", "岑伯安"))
    assessed = {
        "on": "2026-9-29", "thinking": "认识到位", "work": "踏实", "discipline": "遵守", "unit_view": "表现好", "result": "好",
        "evaluation": "可以使用",
    }  # fmt: skip
    send(clerk, case, "group", **GROUP)
    send(clerk, case, "mentor", **MENTOR)
    answer = send(clerk, case, "assess", **assessed)
    assert answer.status_code == 302, answer.context["form"].errors
    sent = {"step": "approve_assess", "to": "assess", "on": "2026-9-29", "reason": "评价太简略"}
    assert leader.post(reverse("case-act", args=[case.pk, "return"]), sent).status_code == 302
    page = clerk.get(reverse("case", args=[case.pk]), {"step": "assess"})
    assert page.context["form"]["thinking"].value() == "认识到位"
    assert page.context["form"]["result"].value() == "好"
    assert "评价太简略" in page.content.decode()
    assert "退回重办：期满全面考核" in clerk.get(reverse("desk")).content.decode()


def test_who_was_not_at_the_meeting_is_not_there_after_a_correction() -> None:
    """A yes or no in a table cell comes back as it was recorded."""
    field = YesNoField()
    assert (field.prepare_value(False), field.prepare_value(True), field.prepare_value("no")) == ("no", "yes", "no")


def test_a_step_that_is_not_yet_open_says_since_when_and_not_that_others_do_it(case: Case, clerk: Client) -> None:
    visited(clerk, case)
    page = clerk.get(reverse("case", args=[case.pk]), {"step": "assess"}).content.decode()
    # The period of eighteen months from 12 March 2026 ends on 11 September 2027.
    assert "2027年9月12日起由案件审理室办理" in page
    assert "不能记录" not in page


def test_of_two_fields_one_is_to_be_filled_in(case: Case, clerk: Client) -> None:
    send(clerk, case, "group", **GROUP)
    send(clerk, case, "mentor", **MENTOR)
    page = clerk.get(reverse("case", args=[case.pk]), {"step": "visit"}).content.decode()
    assert page.count("二者填一") == 2


def test_words_that_are_no_utf_8_are_refused_and_not_kept(case: Case, clerk: Client) -> None:
    answer = clerk.post(
        reverse("case-record", args=[case.pk, "group"]),
        b"leader=%E5%B2%91%FF&on=2026-9-29&people-typed=a,b&shelf=1&token=t&seen=9&key=",
        content_type="application/x-www-form-urlencoded",
    )
    assert answer.status_code == 422
    assert "乱码" in str(answer.context["form"].errors["leader"])
    assert not Done.objects.exists()


def test_a_correction_keeps_a_draft_and_what_came_meanwhile_is_not_overwritten_by_it(
    case: Case, clerk: Client, colleague: Client
) -> None:
    send(clerk, case, "group", **GROUP)
    seen, target = head(case), Done.objects.get().entry_seq
    keep = reverse("case-draft", args=[case.pk, "group"]) + f"?part=correct-{target}"
    assert clerk.post(keep, {**GROUP, "leader": "江若川", "seen": seen, "key": ""}).status_code == 204
    correct(colleague, case, target, **{**GROUP, "shelf": "青-2026-020", "seen": seen})
    page = clerk.get(reverse("case-act", args=[case.pk, "correct"]), {"target": str(target)})
    assert page.context["form"]["leader"].value() == "江若川"
    assert page.context["seen"] == int(seen)
    assert correct(clerk, case, target, **{**GROUP, "leader": "江若川", "seen": seen}).status_code == 409
    assert correct(clerk, case, target, **{**GROUP, "leader": "江若川", "shelf": "青-2026-020"}).status_code == 409
    assert correct(clerk, case, target, **{**GROUP, "leader": "江若川", "seen": head(case)}).status_code == 302
    assert not Draft.objects.exists(), "what was corrected is no draft any more"


def test_after_signing_in_one_comes_back_to_the_form_that_was_sent(case: Case) -> None:
    page = f"http://testserver/cases/{case.pk}/act/correct/?target=2"
    for address, referer, back in [
        (f"/cases/{case.pk}/record/group/", page, f"/cases/{case.pk}/act/correct/?target=2"),
        (f"/cases/{case.pk}/record/group/", "http://elsewhere.example/", f"/cases/{case.pk}/record/group/"),
        (f"/cases/{case.pk}/record/group/", "", f"/cases/{case.pk}/record/group/"),
    ]:
        answer = Client().post(address, GROUP, headers={"referer": referer})
        assert parse_qs(urlsplit(answer.headers["Location"]).query)["next"] == [back]


@pytest.mark.req("A3", "I4")
def test_an_announcement_held_before_the_case_was_opened_is_in_time_by_its_own_day_and_marked_as_entered_later(
    place: City,
) -> None:
    """The decision of Monday 14 September was taken in on the 28th; its month ends on 14 October."""
    made = decide(person(place.unit), place.commission, "党内严重警告", made_on=date(2026, 9, 14))
    later = datetime(2026, 9, 28, 1, 30, tzinfo=UTC)
    case = open_case(made, "statutory-announcement", at=later)
    clerk = signed_in(holder(Role.CASE_OFFICER, place.commission, "clerk"))
    announced = {
        "on": "2026-9-18", "place": "会议室", "leading": "no", "scope": ["本人", "党的基层组织全体党员"], "read_out": "陈思远",
        "attendance-0-member": "许南舟", "attendance-0-present": "yes",
    }  # fmt: skip
    before = send(clerk, case, "announce", **{**announced, "on": "2026-9-11", "token": "early"})
    assert "作出决定的日期2026年9月14日" in str(before.context["form"].errors["on"])
    answer = send(clerk, case, "announce", **announced)
    assert answer.status_code == 302, answer.context["form"].errors
    done = Done.objects.get(case=case, step="announce")
    assert (done.on, done.late, done.afterwards) == (date(2026, 9, 18), False, True)
    assert "补录" in clerk.get(reverse("case", args=[case.pk])).content.decode()
