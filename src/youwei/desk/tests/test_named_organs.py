"""A step that names a unit gives it its part of the case: its account sees and records that part, whoever's people the case is about."""

from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from youwei.cases.by_hand import open_by_hand
from youwei.cases.models import Case, CaseServant, Done
from youwei.desk.tests.factories import CLERK, MORNING, TODAY, City, holder, organ, person, signed_in
from youwei.organs.models import Organ, Role

pytestmark = [pytest.mark.django_db, pytest.mark.req("G4"), pytest.mark.req("I5")]
PACK = """
procedure: lending
title: 借用考察
version: '1'
in_force: {from: 2016-01-01}
issued_by: 县里
about: person
opens: {by: office}
roles:
  office: {title: 县办公室, at: case organ, held_by: case_officer}
  host: {title: 考察单位, named_in: place.host, held_by: unit}
stages: [办理]
steps:
  place: {title: 安排, stage: 办理, by: office, form: {host: {title: 考察单位, type: organ, required: true}}}
  judge: {title: 鉴定, stage: 办理, by: host, form: {result: {title: 结果, type: text, required: true}}}
outcomes: {done: {title: 已鉴定}}
"""


@pytest.fixture
def project(place: City) -> Organ:
    return organ("重点项目指挥部", "department", place.district)


@pytest.fixture
def case(place: City, project: Organ, settings: Settings, tmp_path: Path) -> Case:
    (tmp_path / "lending" / "1").mkdir(parents=True)
    (tmp_path / "lending" / "1" / "pack.yaml").write_text(PACK, "utf-8")
    settings.PACKS = tmp_path
    return open_by_hand(
        thing=person(place.unit), family="lending", role="office", organ=place.commission, said={}, by=CLERK, on=TODAY, at=MORNING, today=TODAY,
    )  # fmt: skip


def record(client: Client, case: Case, step: str, **values: str) -> tuple[int, int]:
    """The answer, and how often the step is done after it."""
    answer = client.post(reverse("case-record", args=[case.pk, step]), {"on": "2026-9-29", "seen": "9", **values})
    return answer.status_code, Done.objects.filter(case=case, step=step).count()


def test_the_named_unit_records_its_part_and_the_persons_own_unit_does_not(
    place: City, project: Organ, case: Case
) -> None:
    clerk, address = signed_in(holder(Role.CASE_OFFICER, place.commission)), reverse("case", args=[case.pk])
    own, named = signed_in(holder(Role.UNIT, place.unit)), signed_in(holder(Role.UNIT, project))
    assert named.get(address).status_code == 404
    status, done = record(clerk, case, "place", host="没有的单位")
    assert (status, done) == (422, 0)
    assert record(clerk, case, "place", host=project.name) == (302, 1)
    assert "重点项目指挥部" in clerk.get(address).content.decode()
    assert CaseServant.objects.filter(case=case, role="host").count() == 1
    assert record(own, case, "judge", result="合格") == (302, 0), "turned away with a word"
    assert named.get(address).status_code == 200
    assert record(named, case, "judge", result="合格") == (302, 1)
    case.refresh_from_db()
    assert case.outcome == "done"


def test_another_unit_named_instead_takes_over(place: City, project: Organ, case: Case) -> None:
    other = organ("另一个指挥部", "department", place.district)
    holder(Role.UNIT, project)
    named = signed_in(holder(Role.UNIT, other))
    clerk = signed_in(holder(Role.CASE_OFFICER, place.commission))
    record(clerk, case, "place", host=project.name)
    correct = reverse("case-act", args=[case.pk, "correct"])
    asked = {"step": "place", "target": "2"}
    page = clerk.get(correct, asked).content.decode()
    assert "重点项目指挥部" in page
    answer = clerk.post(correct, {**asked, "on": "2026-9-29", "host": other.name, "reason": "写错了", "seen": "2"})
    assert answer.status_code == 302, answer.context["form"].errors
    assert named.get(reverse("case", args=[case.pk])).status_code == 200
    assert set(CaseServant.objects.filter(case=case).values_list("account__grants__organ__name", flat=True)) == {
        other.name
    }
