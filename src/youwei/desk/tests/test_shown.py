"""Beside a form stands what was written before; an officer who chooses otherwise than suggested says why."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from youwei.cases import queries as cases
from youwei.cases.models import Case
from youwei.desk.cases.shown import shown
from youwei.desk.tests.factories import TODAY, City, decide, holder, open_case, organ, person, signed_in
from youwei.organs.models import Account, Role
from youwei.organs.policy import reader

pytestmark = [pytest.mark.django_db, pytest.mark.req("B4", "B5")]
GROUP = {"on": "2026-9-20", "leader": "岑伯安", "people-typed": "陈思远、韩叙", "shelf": "青-19"}
PROFILE = {
    "on": "2026-9-21", "contacted": "yes", "nature": "验收时没有到现场", "sanction": "党内严重警告", "conduct": "正常出勤",
    "thinking": "觉得委屈", "obstacles": ["情绪低落", "好面子"], "raised": "no", "visit_kind": "暖心访",
}  # fmt: skip
PLAN = {"on": "2026-9-22", "strategies": ["疏压力", "护尊严"], "steps": "先由分管领导谈一次"}
VISIT = {
    "on": "2026-9-25", "outcome": "已进行", "planned": "yes", "mode": "谈话", "place": "区政务中心", "people-typed": "陈思远、韩叙",
    "heard": "本人", "account": "谈了近况和打算", "contacted": "yes", "execution": "已执行到位", "management": "已落实",
    "next_on": "2026-12-20", "difficulties-0-matter": "孩子跨学区入学", "difficulties-1-matter": "职称申报",
}  # fmt: skip


@pytest.fixture
def officer(place: City) -> Account:
    organ("青溪区委组织部", "organization", place.district)
    return holder(Role.CASE_OFFICER, place.commission)


@pytest.fixture
def clerk(officer: Account) -> Client:
    return signed_in(officer)


@pytest.fixture
def case(place: City, officer: Account) -> Case:
    """A light sanction of somebody of 34: warm by the rule of 鄞州."""
    return open_case(decide(person(place.unit), place.commission, "党内严重警告"), "yinzhou-visit")


def send(client: Client, case: Case, step: str, key: str = "", **data: Any) -> Any:
    sent = {"token": f"{step}-{key}-{data.get('on')}", "seen": "99", "key": key, **data}
    return client.post(reverse("case-record", args=[case.pk, step]), sent)


def done(client: Client, case: Case, step: str, key: str = "", **data: Any) -> None:
    answer = send(client, case, step, key, **data)
    assert answer.status_code == 302, answer.context["form"].errors


def planned(client: Client, case: Case) -> None:
    done(client, case, "group", **GROUP)
    done(client, case, "profile", **PROFILE)
    done(client, case, "plan", **PLAN)
    sent = {
        "on": "2026-9-22",
        "part": "organization",
        "verdict": "agree",
        "opinion": "同意",
        "seen": "99",
        "token": "s",
    }
    head = signed_in(holder(Role.ORGANIZATION, case.organ.parent.children.get(kind="organization"), "org", "解文舟"))  # type: ignore[union-attr]
    assert head.post(reverse("case-sign", args=[case.pk, "plan"]), sent).status_code == 302


def test_the_form_is_preset_says_why_and_asks_for_the_reason_of_another_choice(case: Case, clerk: Client) -> None:
    done(clerk, case, "group", **GROUP)
    page = clerk.get(reverse("case", args=[case.pk]), {"step": "profile"}).content.decode()
    assert "为什么建议“暖心访”：因为“年龄”为34。可以改选。" in page
    answer = send(clerk, case, "profile", **{**PROFILE, "visit_kind": "深度访"})
    assert answer.status_code == 422
    assert "与预选的“暖心访”不同" in str(answer.context["form"].errors["why_kind"])
    assert "验收时没有到现场" in answer.content.decode(), "what was typed is kept"
    done(clerk, case, "profile", **{**PROFILE, "visit_kind": "深度访", "why_kind": "情节重，先谈透"})


def test_the_plan_stands_beside_the_profile_and_is_preset_from_it(case: Case, clerk: Client, officer: Account) -> None:
    done(clerk, case, "group", **GROUP)
    done(clerk, case, "profile", **PROFILE)
    page = clerk.get(reverse("case", args=[case.pk]), {"step": "plan"})
    assert [(each.title, dict(each.fields)["思想和工作动态"]) for each in page.context["shown"]] == [
        ("精准画像、确定回访方式", "觉得委屈")
    ]
    assert page.context["form"].initial["strategies"] == ["疏压力", "护尊严"]
    assert "以前写的" in page.content.decode()


@pytest.mark.req("B6")
def test_the_next_visit_shows_the_plan_and_what_became_of_each_difficulty(
    case: Case, clerk: Client, officer: Account
) -> None:
    planned(clerk, case)
    done(clerk, case, "visit", "1", **VISIT)
    helped = {"on": "2026-9-28", "done": "已协调在现住址附近入学", "settled": "已解决", "behalf": "区住建局党组"}
    done(clerk, case, "help_visit", "1/1", **helped)
    view = cases.view(case, TODAY)
    found = shown(reader(officer, TODAY), view, view.pack.steps["visit"])
    assert [(each.title, each.on and each.on.day, dict(each.fields).get("办理结果")) for each in found] == [
        ("量身定制回访方案", 22, None),
        ("回访", 25, None),
        ("回访中困难诉求的办理（孩子跨学区入学）", 28, "已解决"),
        ("回访中困难诉求的办理（职称申报）", None, None),
    ]
    assert found[-1].fields == (("情况", "还没有办"),)
    page = clerk.get(reverse("case", args=[case.pk]), {"step": "visit", "key": "2"}).content.decode()
    assert "已协调在现住址附近入学" in page


@pytest.mark.req("B6")
def test_beside_the_form_for_one_difficulty_stands_that_difficulty(case: Case, clerk: Client) -> None:
    planned(clerk, case)
    done(clerk, case, "visit", "1", **{**VISIT, "difficulties-1-wish": "今年申报"})
    page = clerk.get(reverse("case", args=[case.pk]), {"step": "help_visit", "key": "1/2"})
    assert [(each.title, each.on.day, each.fields) for each in page.context["shown"]] == [
        ("本人的困难和诉求", 25, (("困难", "职称申报"), ("诉求", "今年申报")))
    ]


@pytest.mark.req("B7")
def test_the_unit_reads_the_feedback_it_replies_to_and_nothing_of_the_profile(
    case: Case, clerk: Client, place: City
) -> None:
    view = cases.view(case, TODAY)
    unit = reader(holder(Role.UNIT, place.unit), TODAY)
    assert [str(name) for name in view.pack.steps["reply_unit"].shows] == ["feedback.content"]
    done(clerk, case, "group", **GROUP)
    done(clerk, case, "profile", **PROFILE)
    page = signed_in(unit.account).get(reverse("case", args=[case.pk]), {"step": "plan"})
    assert page.status_code == 200
    assert "觉得委屈" not in page.content.decode()
    assert page.context["shown"] == []


@pytest.mark.req("B7")
def test_the_organization_department_of_the_city_signs_the_consultation_and_reads_the_plan_alone(
    place: City, officer: Account, clerk: Client
) -> None:
    above = holder(Role.ORGANIZATION, organ("云川市委组织部", "organization", place.city, "city"), "above", "闻人策")
    city = signed_in(holder(Role.CASE_OFFICER, place.city_commission, "city", "查云岫"))
    case = open_case(decide(person(place.unit), place.commission, "党内严重警告"), "yinzhou-visit")
    done(clerk, case, "group", **GROUP)
    done(clerk, case, "profile", **{**PROFILE, "visit_kind": "深度访", "why_kind": "牵涉面大"})
    done(clerk, case, "plan", **PLAN)
    agreed = {"on": "2026-9-22", "verdict": "agree", "opinion": "同意", "seen": "99"}
    department = holder(Role.ORGANIZATION, case.organ.parent.children.get(kind="organization"), "org", "解文舟")  # type: ignore[union-attr]
    sent = {**agreed, "part": "organization", "token": "s"}
    assert signed_in(department).post(reverse("case-sign", args=[case.pk, "plan"]), sent).status_code == 302
    done(city, case, "consult", on="2026-9-23", opinion="同意方案，注意方式")
    page = signed_in(above).get(reverse("case", args=[case.pk]), {"step": "consult"}).content.decode()
    assert "同意方案，注意方式" in page
    assert "觉得委屈" not in page
    sent = {**agreed, "part": "city_organization", "on": "2026-9-24", "token": "c"}
    assert signed_in(above).post(reverse("case-sign", args=[case.pk, "consult"]), sent).status_code == 302
    assert cases.view(case, TODAY).plan.steps["consult"].status == "done"
