"""Whoever is to answer a letter reads it and opens its paper; and whoever has nothing to do in a case is told who has it and what may still come."""

from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from youwei.cases.by_hand import open_by_hand
from youwei.cases.logs import pack_of
from youwei.cases.models import Case
from youwei.cases.queries import view
from youwei.cases.tests.builders import record
from youwei.desk.cases.instead import idle
from youwei.desk.cases.reading import reading
from youwei.desk.tests.factories import CLERK, MORNING, TODAY, City, holder, organ, person, signed_in
from youwei.documents import commands as documents
from youwei.documents.models import Paper
from youwei.organs.models import Account, Organ, Role
from youwei.organs.policy import reader
from youwei.people.models import Person

pytestmark = pytest.mark.django_db
OPENED = date(2026, 9, 21)
STAMP: dict[str, Any] = {"by": CLERK, "on": OPENED, "at": MORNING, "today": TODAY}
GROUNDS = {"understanding": "写了检查", "change": "两次回访都好", "results": "年度优秀", "masses": "听取六人意见"}
ADVICE = "对三年来的验收逐项复查"


@pytest.fixture
def someone(place: City) -> Person:
    return person(place.unit)


@pytest.fixture
def clerk(place: City) -> Account:
    return holder(Role.CASE_OFFICER, place.commission, "clerk")


@pytest.fixture
def department(place: City) -> Organ:
    return organ("青溪区委组织部", "organization", place.district)


def opened(someone: Person, place: City, family: str, role: str, **said: str) -> Case:
    return open_by_hand(thing=someone, family=family, role=role, organ=place.commission, said=said, **STAMP)


def sent(case: Case, clerk: Account, values: dict[str, Any]) -> Paper:
    """The letter, recorded with its paper."""
    case.refresh_from_db()
    pack = pack_of(case)
    documents.record(
        case=case,
        step=pack.steps["send"],
        key="",
        by=CLERK,
        account=clerk,
        on=OPENED,
        at=MORNING,
        today=TODAY,
        values=values,
        seen=99,
    )
    return Paper.objects.get(case=case)


def page_of(account: Account, case: Case) -> str:
    return signed_in(account).get(reverse("case", args=[case.pk])).content.decode()


@pytest.mark.req("D3")
def test_the_organization_department_opens_the_letter_it_is_to_answer(
    place: City, someone: Person, clerk: Account, department: Organ
) -> None:
    case = opened(someone, place, "recommend-use", "office", **{"organ.organization": str(department.pk)})
    officer = holder(Role.ORGANIZATION, department, "department", "解文舟")
    record(case, "propose", OPENED, {"intent": "晋升职级", "ready": "未见记录", **GROUNDS})
    page = page_of(officer, case)
    assert "现在由青溪区纪委监委（纪检监察机关负责人）办理" in page
    assert "登记使用结果" in page, "what may still come to it"
    for hidden in ("审批推荐", *GROUNDS.values()):
        assert hidden not in page, "not what is done elsewhere, nor what was written there"
    record(case, "approve", OPENED, {"decision": "同意推荐", "still": "未见记录", "opinion": "同意"})
    paper = sent(case, clerk, {"number": "青纪函〔2026〕7号", "to": ["组织部门"]})
    page = page_of(officer, case)
    assert reverse("paper", args=[paper.pk]) in page
    assert signed_in(officer).get(reverse("paper", args=[paper.pk])).status_code == 200
    for role, where in (
        (Role.UNIT, place.unit),
        (Role.UNIT, place.other_unit),
        (Role.ORGANIZATION, place.other_district),
    ):
        stranger = signed_in(holder(role, where, f"stranger-{role}-{where.pk}", "温如许"))
        assert stranger.get(reverse("paper", args=[paper.pk])).status_code == 404, (role, where.name)


@pytest.mark.req("F4")
def test_the_unit_reads_the_recommendation_it_is_to_answer_once_it_is_sent(
    place: City, someone: Person, clerk: Account
) -> None:
    case = opened(someone, place, "recommendation", "handler")
    unit = holder(Role.UNIT, place.unit, "unit", "区住建局党组")
    record(case, "draft", OPENED, {"problem": "验收不到现场", "cause": "没有复核", "advice": ADVICE})
    record(case, "approve", OPENED, {"opinion": "同意发出"})
    assert ADVICE not in page_of(unit, case)
    paper = sent(
        case, clerk, {"number": "青监建〔2026〕2号", "to": place.unit.name, "advice": ADVICE, "received_on": OPENED}
    )
    page = page_of(unit, case)
    assert page.count(ADVICE) >= 2, "beside the form and in the record"
    assert reverse("paper", args=[paper.pk]) in page
    assert signed_in(unit).get(reverse("paper", args=[paper.pk])).status_code == 200
    for hidden in ("同意发出", "没有复核"):
        assert hidden not in page, "what was drafted and approved is the office's"


@pytest.mark.req("I2")
def test_who_has_no_step_of_the_case_is_told_so_and_the_office_why_each_step_waits(
    place: City, someone: Person, clerk: Account, department: Organ
) -> None:
    case = opened(someone, place, "recommend-use", "office", **{"organ.organization": str(department.pk)})
    unit = page_of(holder(Role.UNIT, place.unit, "unit", "区住建局党组"), case)
    assert "现在由青溪区纪委监委（纪检监察机关承办室）办理" in unit
    assert "您这一方后面没有要等的环节了" in unit
    assert "眼下没有要" not in page_of(clerk, case), "who has a step sees the step"
    shown = view(case, TODAY)
    told = idle(shown, None, reading(reader(clerk, TODAY), shown))
    assert told is not None
    assert ("审批推荐", "要先办“提出推荐”。") in told.later
