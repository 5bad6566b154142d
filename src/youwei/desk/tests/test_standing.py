"""Standing in and handing over, on the pages: shown on both desks, recorded in both names, and never both sides of one text."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from youwei.cases.models import Case, CaseServant
from youwei.desk.tests.factories import TODAY, City, decide, holder, open_case, person, signed_in
from youwei.journal.actors import Actor
from youwei.journal.models import Entry
from youwei.organs.commands import close_account
from youwei.organs.models import Account, Grant, Role
from youwei.organs.queries import grants

pytestmark = [pytest.mark.django_db, pytest.mark.req("J8")]
GROUP = {"on": "2026-9-28", "leader": "岑伯安", "people": ["方知行", "甘棠"], "shelf": "青-2026-0019"}
MENTOR = {"on": "2026-9-28", "person": "乐山川", "post": "工会主席", "clean": "yes", "apart": "yes"}
ASSESSED = {
    "on": "2026-9-29", "thinking": "认识到位", "work": "踏实", "discipline": "遵守", "unit_view": "表现好", "result": "好",
    "evaluation": "可以使用",
}  # fmt: skip


@pytest.fixture
def clerk(place: City) -> Account:
    return holder(Role.CASE_OFFICER, place.commission, "clerk", "陈思远")


@pytest.fixture
def leader(place: City) -> Account:
    return holder(Role.LEADER, place.commission, "leader", "岑伯安")


def cover(client: Client, whose: Account, by: Account, **given: str) -> Any:
    sent = {
        "act": "cover",
        "deputy": str(by.pk),
        "starts_on": "2026-9-29",
        "ends_on": "2026-12-3",
        "reason": "外出学习",
    }
    return client.post(reverse("standing-in-for", args=[whose.pk]), {**sent, **given}, follow=True)


def over(client: Client, whose: Account, to: Account, **given: str) -> Any:
    address = reverse("standing-in-for", args=[whose.pk])
    return client.post(address, {"act": "over", "to": str(to.pk), "reason": "调离", **given}, follow=True)


def roles(account: Account) -> list[str]:
    return [row.role for row in grants(account, TODAY)]


def send(client: Client, case: Case, step: str, **given: Any) -> Any:
    return client.post(
        reverse("case-record", args=[case.pk, step]), {"token": f"{step}{case.pk}{len(given)}", "seen": "99", **given}
    )


def test_a_cover_stands_on_both_desks_and_may_be_ended(clerk: Account, leader: Account) -> None:
    assert "已设定" in cover(signed_in(leader), leader, clerk).content.decode()
    assert "代理岑伯安" in signed_in(clerk).get(reverse("desk")).content.decode()
    assert "至2026年12月3日" in signed_in(clerk).get(reverse("desk")).content.decode()
    assert "陈思远代理您" in signed_in(leader).get(reverse("desk")).content.decode()
    assert roles(clerk) == [Role.CASE_OFFICER, Role.LEADER]
    row = Grant.objects.exclude(covers=None).get()
    stranger = signed_in(holder(Role.LEADER, row.organ, "third", "温如许"))
    assert stranger.post(reverse("standing-in-end", args=[row.pk])).status_code == 404
    assert signed_in(leader).post(reverse("standing-in-end", args=[row.pk])).status_code == 302
    assert roles(clerk) == [Role.CASE_OFFICER]
    assert "代理岑伯安" not in signed_in(clerk).get(reverse("desk")).content.decode()


def test_a_deputy_acts_in_both_names_and_approves_nothing_of_the_own(
    place: City, clerk: Account, leader: Account
) -> None:
    colleague = holder(Role.CASE_OFFICER, place.commission, "colleague", "韩叙")
    case = open_case(
        decide(person(place.unit), place.commission, "党内警告", made_on=TODAY.replace(year=2025, month=1))
    )
    client = signed_in(clerk)
    for step, given in (("group", GROUP), ("mentor", MENTOR | {"behalf": "住建局党组"}), ("assess", ASSESSED)):
        answer = send(client, case, step, **given)
        assert answer.status_code == 302, answer.context["form"].errors
    cover(signed_in(leader), leader, clerk)
    approve = {"on": "2026-9-29", "opinion": "同意"}
    page = client.get(reverse("case", args=[case.pk]), {"step": "approve_assess"})
    assert page.context["form"] is None, "what would be refused is not offered"
    assert "请由另一人审批" in page.content.decode()
    answer = send(client, case, "approve_assess", **approve)
    assert answer.status_code == 422
    assert "要审批的内容是您自己记录的" in answer.content.decode()
    cover(signed_in(leader), leader, colleague)
    assert send(signed_in(colleague), case, "approve_assess", **approve).status_code == 302
    assert Entry.objects.filter(log__kind="case", step="approve_assess").get().by == "韩叙（代理岑伯安）"


def test_a_deputy_decides_in_the_name_of_the_one_replaced(place: City, clerk: Account, leader: Account) -> None:
    case = open_case(decide(person(place.unit), place.commission, "党内警告"))
    client = signed_in(clerk)
    cover(signed_in(leader), leader, clerk)
    page = client.get(reverse("case-act", args=[case.pk, "hold"])).content.decode()
    assert "谁决定的" not in page, "the deputy decides"
    sent = {"on": "2026-9-29", "ground": "病休", "reason": "住院"}
    assert client.post(reverse("case-act", args=[case.pk, "hold"]), sent).status_code == 302
    assert Entry.objects.get(kind="hold").by == "陈思远（代理岑伯安）"
    noted = {"on": "2026-9-29", "reason": "已联系家属"}
    assert client.post(reverse("case-act", args=[case.pk, "note"]), noted).status_code == 302
    assert Entry.objects.get(kind="note").by == "陈思远", "what is one's own is done in one's own name"


def test_a_mentors_deputy_sees_the_mentors_cases_and_no_longer_afterwards(place: City, clerk: Account) -> None:
    case = open_case(decide(person(place.unit), place.commission, "党内警告"))
    mentor, deputy = (
        holder(Role.MENTOR, place.unit, "mentor", "乐山川"),
        holder(Role.UNIT, place.unit, "unit", "住建局党组"),
    )
    friend = holder(Role.MENTOR, place.unit, "friend", "顾行之")
    send(signed_in(clerk), case, "mentor", **MENTOR, behalf="住建局党组")
    page = reverse("case", args=[case.pk])
    assert signed_in(friend).get(page).status_code == 404
    cover(signed_in(mentor), mentor, friend, ends_on="2026-9-29")
    assert signed_in(friend).get(page).status_code == 200
    row = Grant.objects.exclude(covers=None).get()
    Grant.objects.filter(pk=row.pk).update(ends_on=TODAY.replace(day=28), starts_on=TODAY.replace(day=27))
    assert signed_in(friend).get(page).status_code == 404
    assert deputy.is_active


def test_everything_goes_over_with_the_cases_that_name_one(place: City, clerk: Account) -> None:
    case = open_case(decide(person(place.unit), place.commission, "党内警告"))
    mentor, friend = (
        holder(Role.MENTOR, place.unit, "mentor", "乐山川"),
        holder(Role.MENTOR, place.unit, "friend", "顾行之"),
    )
    send(signed_in(clerk), case, "mentor", **MENTOR, behalf="住建局党组")
    client, asked = signed_in(mentor), "q-jingzhou-visit-2018.03-mentor-"
    page = client.get(reverse("standing-in-for", args=[mentor.pk])).content.decode()
    assert "本人不在处分影响期内" in page, "what the procedure asks about a mentor is asked about the next one"
    said = {f"{asked}post": "副局长", f"{asked}apart": "yes"}
    answer = over(client, mentor, friend, **said, **{f"{asked}clean": "no"})
    assert answer.status_code == 422
    assert "教育帮带人不得是正在受处分影响的人" in answer.content.decode()
    assert roles(mentor) == [Role.MENTOR], "nothing is written by halves"
    answer = over(client, mentor, friend, **said, **{f"{asked}clean": "yes"})
    assert answer.status_code == 200
    assert (roles(mentor), roles(friend)) == ([], [Role.MENTOR])
    assert [row.account for row in CaseServant.objects.all()] == [friend]
    assert Entry.objects.get(kind="replaced").by == "乐山川"


def test_the_leader_arranges_for_an_account_that_is_gone_and_for_nobody_elses(
    place: City, clerk: Account, leader: Account
) -> None:
    heir = holder(Role.CASE_OFFICER, place.commission, "heir", "韩叙")
    close_account(
        account=clerk, reason="调离", organ=place.commission, by=Actor("x"), on=TODAY, at=Entry.objects.first().at
    )  # type: ignore[union-attr]
    client = signed_in(leader)
    assert "账号已停用" in client.get(reverse("standing-in")).content.decode()
    assert "已移交给韩叙" in over(client, clerk, heir).content.decode()
    assert (roles(clerk), roles(heir)) == ([], [Role.CASE_OFFICER])
    other = holder(Role.CASE_OFFICER, place.other_commission, "other", "单望舒")
    assert client.get(reverse("standing-in-for", args=[other.pk])).status_code == 404
    assert signed_in(heir).get(reverse("standing-in-for", args=[leader.pk])).status_code == 404


def test_the_security_administrator_arranges_for_anybody(place: City, clerk: Account, leader: Account) -> None:
    admin = signed_in(holder(Role.SECURITY_ADMIN, place.city_commission, "security", "安全"))
    address = reverse("account-standing-in", args=[clerk.pk])
    assert admin.get(address).status_code == 200
    sent = {"act": "over", "to": str(leader.pk), "reason": "原经办人去世"}
    assert admin.post(address, sent).status_code == 302
    assert (roles(clerk), roles(leader)) == ([], [Role.LEADER, Role.CASE_OFFICER])
    assert signed_in(leader).get(reverse("account-standing-in", args=[clerk.pk])).status_code == 404
    assert admin.get(reverse("standing-in")).status_code == 404


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"starts_on": "2026-9-1"}, "不能早于"),
        ({"ends_on": "2028-9-1"}, "代理最长一年"),
        ({"ends_on": ""}, "请填写日期"),
        ({"reason": ""}, "请填写"),
        ({"deputy": "999"}, "请"),
    ],
)
def test_what_is_wrong_is_said_at_the_field(clerk: Account, leader: Account, given: dict[str, str], words: str) -> None:
    answer = cover(signed_in(leader), leader, clerk, **given)
    assert answer.status_code == 422
    assert words in str(answer.context["cover"].errors)
    assert not Grant.objects.exclude(covers=None).exists()


def test_the_desk_asks_the_same_number_of_questions_however_many_are_covered(
    place: City, clerk: Account, leader: Account
) -> None:
    asked = []
    for other in (leader, holder(Role.LEADER, place.commission, "third", "温如许")):
        cover(signed_in(other), other, clerk)
        client = signed_in(clerk)
        client.get(reverse("desk"))
        with CaptureQueriesContext(connection) as captured:
            assert f"代理{other.name}" in client.get(reverse("desk")).content.decode()
        asked.append(len(captured))
    assert asked[0] == asked[1]


def test_the_page_of_a_mentor_asks_the_same_number_of_questions_however_many_cases_name_one(
    place: City, clerk: Account
) -> None:
    mentor, asked = holder(Role.MENTOR, place.unit, "mentor", "乐山川"), []
    holder(Role.MENTOR, place.unit, "friend", "顾行之")
    client, address = signed_in(mentor), reverse("standing-in-for", args=[mentor.pk])
    for number in (1, 2):
        case = open_case(decide(person(place.unit, name=f"许{number}"), place.commission, "党内警告"))
        assert send(signed_in(clerk), case, "mentor", **MENTOR, behalf="住建局党组").status_code == 302
        client.get(address)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200
        asked.append(len(captured))
    assert CaseServant.objects.count() == 2
    assert asked[0] == asked[1]
