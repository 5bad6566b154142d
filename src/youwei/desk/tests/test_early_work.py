"""What an officer finds on opening a case: the own step first, a due day that passed before it was entered told as such, and nothing typed twice."""

import shutil
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.urls import reverse
from pytest_django.fixtures import Settings

from tests.support.cast import Cast
from youwei.cases import batches
from youwei.cases.by_hand import open_by_hand
from youwei.cases.cohort import Fixed
from youwei.cases.logs import packs
from youwei.cases.models import Case
from youwei.cases.tests.builders import CLERK, decided, moment, record
from youwei.desk.tests.factories import signed_in
from youwei.desk.tests.test_carrying import PACKS
from youwei.organs.models import Role
from youwei.rulebook.pack_types import PackRef

pytestmark = pytest.mark.django_db
OPENED, TODAY = date(2026, 3, 2), date(2026, 3, 18)  # a Monday and a Wednesday


@pytest.fixture(autouse=True)
def that_day() -> Iterator[None]:
    with time_machine.travel(datetime(2026, 3, 18, 1, 30, tzinfo=UTC), tick=False):
        yield


@pytest.fixture
def talk(cast: Cast) -> Case:
    """An early talk held on 5 March, all of it entered on the 18th: one matter reported, two to be mended by the 17th."""
    person = decided(cast, 1)[0].person
    assert person is not None
    stamp: dict[str, Any] = {"by": CLERK, "on": OPENED, "at": moment(TODAY), "today": TODAY}
    case = open_by_hand(thing=person, family="early-talk", role="office", organ=cast.commission, said={}, **stamp)
    record(case, "propose", OPENED, {"way": "工作约谈", "head": False, "topics": "台账"}, entered=TODAY)
    record(case, "approve", date(2026, 3, 3), {"opinion": "同意"}, entered=TODAY)
    held = {
        "outcome": "已进行", "mode": "当面", "place": "会议室", "people": ["甲一", "甲二"], "heard": ["本人"], "account": "略", "stated": "略",
        "reported": [{"matter": "收过茶叶"}],
    }  # fmt: skip
    matters = [
        {"matter": name, "measure": "每周更新", "due_on": date(2026, 3, 17)} for name in ("采购台账", "合同台账")
    ]
    record(case, "talk", date(2026, 3, 5), {**held, "matters": matters}, entered=TODAY)
    return case


@pytest.mark.req("H1")
def test_a_case_opens_at_the_own_step_before_one_entered_for_the_unit(cast: Cast, talk: Case) -> None:
    page = signed_in(cast.officer).get(reverse("case", args=[talk.pk]))
    assert page.context["item"].step == "handle", "due on the 26th, and the unit's on the 17th"
    assert not page.context["form"].fields.keys() & {"behalf"}


@pytest.mark.req("H1", "B2")
def test_a_day_that_had_passed_when_the_case_was_entered_is_not_called_late_on_its_page(cast: Cast, talk: Case) -> None:
    client = signed_in(cast.officer)
    page = client.get(reverse("case", args=[talk.pk]), {"step": "mend", "key": "1"}).content.decode()
    assert "录入时已过期，请尽快办" in page
    assert "已逾期1天" not in page
    with time_machine.travel(datetime(2026, 3, 19, 1, 30, tzinfo=UTC), tick=False):
        client = signed_in(cast.officer)
        later = client.get(reverse("case", args=[talk.pk]), {"step": "mend", "key": "1"}).content.decode()
    assert "已逾期2天" in later


@pytest.mark.req("H1")
def test_mending_that_is_not_enough_is_sent_back_and_only_what_is_sent_back_is_done_again(
    cast: Cast, talk: Case
) -> None:
    record(talk, "handle", TODAY, {"result": "由本人自行改正", "note": "略"}, key="1")
    for key in ("1", "2"):
        record(talk, "mend", TODAY, {"done": "略", "proof": "略"}, key=key, behalf="水利局党组")
    client, address = signed_in(cast.leader), reverse("case-act", args=[talk.pk, "return"])
    form = client.get(address, {"step": "confirm"})
    assert form.context["form"].fields["keys"].choices == [("1", "整改情况（采购台账）"), ("2", "整改情况（合同台账）")]
    sent = {"step": "confirm", "to": "mend", "keys": "2", "reason": "没有附台账", "on": "2026年3月18日", "token": "r"}
    answer = client.post(address, {**sent, "seen": form.context["seen"]})
    assert answer.status_code == 302, answer.context["form"].errors
    assert list(talk.open_steps.values_list("step", "key")) == [("mend", "2")]
    record(talk, "mend", TODAY, {"done": "台账附后", "proof": "台账"}, key="2", behalf="水利局党组")
    record(talk, "confirm", TODAY, {"opinion": "同意"})
    talk.refresh_from_db()
    assert talk.outcome == "mended"


@pytest.mark.req("B9", "G3")
def test_a_batch_entered_afterwards_is_not_late_on_its_page(cast: Cast) -> None:
    pack = packs()[PackRef("recall-class", "2016.01")]
    stamp: dict[str, Any] = {"by": CLERK, "on": OPENED, "at": moment(TODAY), "today": TODAY}
    batch = batches.open_batch(pack=pack, name="第一期", organ=cast.commission, **stamp)
    client = signed_in(cast.officer)
    page = client.get(reverse("batch", args=[batch.pk]))
    assert [(todo.title, todo.due) for todo in page.context["todos"]] == [("办班方案", date(2026, 3, 16))]
    assert "已逾期" not in page.content.decode()
    with time_machine.travel(datetime(2026, 3, 19, 1, 30, tzinfo=UTC), tick=False):
        later = signed_in(cast.officer).get(reverse("batch", args=[batch.pk]))
    assert "已逾期" in later.content.decode()


@pytest.mark.req("G3")
def test_what_the_timetable_says_is_not_typed_again_for_each_lesson(
    cast: Cast, settings: Settings, tmp_path: Path
) -> None:
    for name in ("course", "study"):
        shutil.copytree(PACKS / name, tmp_path / name)
    told = next((tmp_path / "course").rglob("pack.yaml"))
    told.write_text(told.read_text("utf-8").replace("name: {title: 课程,", "course: {title: 课程,"), "utf-8")
    settings.PACKS = tmp_path
    stamp: dict[str, Any] = {"by": CLERK, "on": TODAY, "at": moment(TODAY), "today": TODAY}
    batch = batches.open_batch(pack=packs()[PackRef("course", "2026.01")], name="", organ=cast.commission, **stamp)
    record(batch, "scheme", TODAY, {"sessions": [{"id": "1", "course": "党章"}, {"id": "2", "course": "条例"}]})
    (made,) = decided(cast, 1)
    fixed = [Fixed(made.unit_id or 0, made.person_id, made.pk)]
    batches.freeze(batch=batch, step="cohort", fixed=fixed, **stamp)
    while batches.join_next(batch=batch, by=CLERK, at=moment(TODAY), today=TODAY):
        pass
    address = reverse("batch-land", args=[batch.pk, "session"])
    page = signed_in(cast.officer).get(address, {"key": "2"})
    assert page.context["form"].shared["course"].value() == "条例"


@pytest.mark.req("G2")
def test_the_unit_of_a_recalled_cadre_reads_why_before_it_says_anything_or_tells_the_person(cast: Cast) -> None:
    person = decided(cast, 1)[0].person
    assert person is not None
    stamp: dict[str, Any] = {"by": CLERK, "on": OPENED, "at": moment(OPENED), "today": OPENED}
    case = open_by_hand(thing=person, family="recall", role="office", organ=cast.commission, said={}, **stamp)
    nominated = {
        "source": "督查通报",
        "paper": "督查通报第3期",
        "situation": ["慢作为"],
        "facts": "三项任务逾期未办",
        "head": False,
        "quota": False,
    }
    record(case, "nominate", OPENED, nominated)
    client, address = signed_in(cast.accounts[Role.UNIT]), reverse("case", args=[case.pk])
    for step in ("unit_view", "hear"):
        assert "三项任务逾期未办" in client.get(address, {"step": step}).content.decode(), step
    record(case, "unit_view", OPENED, {"view": "属实"})
    record(case, "hear", OPENED, {"outcome": "本人拒绝", "people": ["甲一"]})
    decision = {"attendance": [{"member": "岑伯安"}], "decision": "召回", "reasons": "事实清楚，应当召回"}
    record(case, "decide", OPENED, decision)
    page = client.get(address, {"step": "inform"}).content.decode()
    assert "事实清楚，应当召回" in page
    assert "督查通报第3期" not in page


@pytest.mark.req("F2")
def test_whoever_signs_a_decision_to_hold_to_account_reads_the_facts_and_what_the_check_said(cast: Cast) -> None:
    stamp: dict[str, Any] = {"by": CLERK, "on": OPENED, "at": moment(OPENED), "today": OPENED}
    said = {"organ.accountability": str(cast.commission.pk)}
    case = open_by_hand(
        thing=cast.bureau, family="accountability", role="handler", organ=cast.commission, said=said, **stamp
    )
    record(case, "receive", OPENED, {"source": "监督检查", "grounds": ["履职不力"], "facts": "专项资金闲置"})
    record(case, "consider", OPENED, {"fits": False, "reasons": "不符合四个方面"})
    record(case, "check", OPENED, {"opinion": "同意"})
    record(case, "propose", OPENED, {"measure": "通报", "reasons": "监管不力"})
    record(
        case,
        "decide",
        OPENED,
        {"attendance": [{"member": "岑伯安"}], "decision": "问责", "measure": "通报", "reasons": "事实清楚"},
    )
    page = signed_in(cast.accounts[Role.ORGANIZATION]).get(reverse("case", args=[case.pk]))
    assert page.context["item"].missing == ("organization",)
    for words in ("专项资金闲置", "不符合四个方面", "监管不力", "事实清楚"):
        assert words in page.content.decode(), words
