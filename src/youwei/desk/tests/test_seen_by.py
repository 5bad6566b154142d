"""Marks are for the few: whoever gives and signs them and the roles the pack names read them, nobody else, on no page and no paper."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import time_machine
from django.urls import reverse
from pytest_django.fixtures import Settings

from tests.support.cast import Cast
from youwei.cases.commands import NewCase, open_many
from youwei.cases.facts import person_facts
from youwei.cases.logs import packs
from youwei.cases.models import Case
from youwei.cases.tests.builders import CLERK, act, decided, moment, record
from youwei.desk.tests.factories import signed_in
from youwei.organs.models import Account, Role
from youwei.rulebook.pack_types import PackRef
from youwei.rulebook.packs import load_packs

pytestmark = [pytest.mark.django_db, pytest.mark.req("G7", "G3")]
DAY = date(2026, 3, 18)
MARKS = {"exam": 61.5, "essay": 77.25}
PACK = """
procedure: marks
title: 结业考核
version: '2026.01'
in_force: {from: 2026-01-01}
issued_by: 青溪区纪委监委
about: person
opens: {by: office}
roles:
  office: {title: 培训组, at: case organ, held_by: case_officer}
  head: {title: 分管领导, at: case organ, held_by: leader}
stages: [考核]
steps:
  score:
    title: 量化考核
    stage: 考核
    kind: score
    by: office
    seen_by: [head]
    items:
      exam: {title: 考试, out_of: 100, weight: 50}
      essay: {title: 心得, out_of: 100, weight: 50}
    pass: {total: '>= 60'}
  talk: {title: 谈话记录, stage: 考核, by: office, when: {score.passed: true}, form: {text: {title: 内容, type: text, required: true}}}
outcomes:
  closed: {title: 已考核}
"""


@pytest.fixture(autouse=True)
def that_day(settings: Settings, tmp_path: Path) -> Iterator[None]:
    folder = tmp_path / "marks" / "2026.01"
    folder.mkdir(parents=True)
    (folder / "pack.yaml").write_text(PACK, "utf-8")
    settings.PACKS = tmp_path
    with time_machine.travel(datetime(2026, 3, 18, 1, 30, tzinfo=UTC), tick=False):
        yield


@pytest.fixture
def case(cast: Cast) -> Case:
    """Somebody who was given 61.5 and 77.25, and so has passed."""
    (made,) = decided(cast, 1)
    assert made.person is not None
    facts = person_facts(made.person, DAY) | {"organ.case": str(cast.commission.pk)}
    pack = packs()[PackRef("marks", "2026.01")]
    new = NewCase(pack=pack, organ=cast.commission, subject_organ=cast.bureau, person=made.person, facts=facts)
    (found,) = open_many([new], by=CLERK, on=DAY, at=moment(DAY), today=DAY)
    record(found, "score", DAY, dict(MARKS))
    return found


def pages(account: Account, case: Case) -> list[str]:
    """Everything on which a record of the case stands, as this account reads it."""
    client, person = signed_in(account), case.person_id
    addresses = [
        reverse("case", args=[case.pk]), reverse("case", args=[case.pk]) + "?step=score",
        reverse("case", args=[case.pk]) + f"?on={DAY.isoformat()}", reverse("person", args=[person]),
    ]  # fmt: skip
    return [client.get(address).content.decode() for address in addresses]


def test_marks_are_read_by_whoever_gives_them_and_the_roles_the_pack_names(cast: Cast, case: Case) -> None:
    for role in (Role.CASE_OFFICER, Role.LEADER):
        page = pages(cast.accounts[role], case)[0]
        assert "61.5" in page, role
        assert "77.25" in page, role
        assert "69.38分，合格" in page, "what they come to: (61.5 + 77.25) / 2 = 69.375"


def test_nobody_else_reads_a_mark_but_that_it_was_done_and_passed(cast: Cast, case: Case) -> None:
    found = pages(cast.accounts[Role.UPPER_VIEWER], case)
    assert "量化考核" in found[0]
    assert "谈话记录" in found[0], "who has passed goes on"
    for page in found:
        assert "61.5" not in page
        assert "77.25" not in page
        assert "69.3" not in page, "nor what they come to: (61.5 + 77.25) / 2"


def test_a_corrected_mark_is_no_more_open_than_the_first(cast: Cast, case: Case) -> None:
    act(case, "correct", DAY, target=2, values={"exam": 88.125}, reason="加错了分")
    assert "88.125" in pages(cast.officer, case)[0]
    assert "82.69分，合格" in pages(cast.officer, case)[0], "(88.125 + 77.25) / 2 = 82.6875"
    act(case, "correct", DAY, target=2, values={"essay": 10}, reason="抄来的")
    assert "49.06分，不合格" in pages(cast.officer, case)[0], "(88.125 + 10) / 2 = 49.0625"
    for page in pages(cast.accounts[Role.UPPER_VIEWER], case):
        assert "88.125" not in page


def test_the_recall_class_keeps_its_marks_for_the_office_and_the_joint_meeting() -> None:
    found = load_packs(Path(__file__).parents[2] / "packs")
    family = [pack for ref, pack in found.items() if ref.procedure.startswith("recall") and "score" in pack.steps]
    assert len(family) == 3
    assert {pack.steps["score"].seen_by for pack in family} == {("joint",)}
