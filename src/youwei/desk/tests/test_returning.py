"""A send-back across what happened: it stands, unless whoever sends back says that it is to be done again."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from youwei.cases.by_hand import open_by_hand
from youwei.cases.models import Case
from youwei.cases.tests.builders import record
from youwei.desk.tests.factories import CLERK, MORNING, TODAY, City, holder, person, signed_in
from youwei.organs.models import Role

pytestmark = pytest.mark.django_db
OPENED = date(2026, 9, 21)
ADVICE = "对三年来的验收逐项复查"
LETTER = {"number": "青监建〔2026〕2号", "to": "区住建局", "advice": ADVICE, "received_on": OPENED}
BACK = {"step": "weigh", "to": "draft", "reason": "第二项建议超出该单位职责", "on": "2026-9-28", "token": "r"}


@pytest.fixture
def case(place: City) -> Case:
    """A recommendation that was sent, and to which the unit objects."""
    stamp: dict[str, Any] = {"by": CLERK, "on": OPENED, "at": MORNING, "today": TODAY}
    someone = person(place.unit)
    found = open_by_hand(
        thing=someone, family="recommendation", role="handler", organ=place.commission, said={}, **stamp
    )
    record(found, "draft", OPENED, {"problem": "验收不到现场", "cause": "没有复核", "advice": ADVICE})
    record(found, "approve", OPENED, {"opinion": "同意发出"})
    record(found, "send", OPENED, LETTER)
    record(found, "object", date(2026, 9, 24), {"objects": True, "text": "第二项不是本局的职责"}, behalf="区住建局")
    return found


@pytest.fixture
def leader(place: City) -> Client:
    return signed_in(holder(Role.LEADER, place.commission, "leader", "岑伯安"))


def send_back(client: Client, case: Case, **said: Any) -> Any:
    address = reverse("case-act", args=[case.pk, "return"])
    seen = client.get(address, {"step": "weigh"}).context["seen"]
    return client.post(address, {**BACK, **said, "seen": seen})


def open_steps(case: Case) -> set[str]:
    return set(case.open_steps.filter(optional=False).values_list("step", flat=True))


@pytest.mark.req("F4", "I1")
def test_a_letter_whose_text_is_changed_goes_out_anew_when_the_sender_says_so(case: Case, leader: Client) -> None:
    form = leader.get(reverse("case-act", args=[case.pk, "return"]), {"step": "weigh"}).context["form"]
    assert form.fields["redo"].choices == [("send", "发出纪检监察建议书"), ("object", "被建议单位是否提出异议")]
    answer = send_back(leader, case, redo=["send", "object"])
    assert answer.status_code == 302, answer.context["form"].errors
    record(case, "draft", TODAY, {"problem": "验收不到现场", "cause": "没有复核", "advice": "逐项复查验收"})
    record(case, "approve", TODAY, {"opinion": "同意发出"})
    assert open_steps(case) == {"send"}
    record(case, "send", TODAY, {**LETTER, "number": "青监建〔2026〕3号", "received_on": TODAY})
    assert open_steps(case) == {"object"}
    page = leader.get(reverse("case", args=[case.pk])).content.decode()
    assert "青监建〔2026〕2号" in page, "what was sent first stays in the log"


@pytest.mark.req("I1")
def test_what_the_sender_does_not_choose_stands(case: Case, leader: Client) -> None:
    assert send_back(leader, case).status_code == 302
    record(case, "draft", TODAY, {"problem": "验收不到现场", "cause": "没有复核", "advice": ADVICE})
    record(case, "approve", TODAY, {"opinion": "同意发出"})
    assert open_steps(case) == {"weigh"}


@pytest.mark.req("I1", "I5")
def test_nothing_else_is_taken_back_by_a_send_back(case: Case, leader: Client, place: City) -> None:
    answer = send_back(leader, case, redo=["answer"])
    assert answer.status_code == 422
    assert "不在可选项里" in str(answer.context["form"].errors["redo"])
    other = signed_in(holder(Role.LEADER, place.other_commission, "other", "程远山"))
    address = reverse("case-act", args=[case.pk, "return"])
    assert other.get(address, {"step": "weigh"}).status_code == 404
    assert other.post(address, {**BACK, "redo": ["send"]}).status_code == 404
    unit = signed_in(holder(Role.UNIT, place.unit, "unit", "区住建局党组"))
    assert "不由您办理" in unit.post(address, {**BACK, "redo": ["send"]}, follow=True).content.decode()
    assert open_steps(case) == {"weigh"}
