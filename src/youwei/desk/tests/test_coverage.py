"""Which units have their own rules: 81 of 81, and 80 of 81 with the missing one named; a child beside its parent, step by step."""

from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries
from pytest_django.fixtures import Settings

from youwei.desk.tests.factories import City, holder, organ, signed_in
from youwei.organs.models import Organ, Role

pytestmark = [pytest.mark.django_db, pytest.mark.req("G1"), pytest.mark.req("G7"), pytest.mark.req("I1")]
PARENT = """
procedure: tidy
title: 县里的办法
version: '1'
in_force: {from: 2016-01-01}
issued_by: 县里
about: person
opens: {by: office}
roles: {office: {title: 县办公室, at: case organ, held_by: case_officer}}
lists: {situations: {迟到: 上班迟到}}
local: [lists.situations]
stages: [办理]
steps:
  see: {title: 了解情况, stage: 办理, by: office, due: 10 working days, form: {which: {title: 情形, type: choice, list: situations, required: true}}}
  close: {title: 办结, stage: 办理, by: office}
outcomes: {done: {title: 已办结}}
"""
CHILD = """
procedure: tidy-{number}
title: {unit}实施细则
version: '1'
in_force: {{from: {since}}}
issued_by: {unit}
extends: tidy@1
covers: [某县/{unit}]
lists: {{situations: {{玩手机: 上班玩手机}}}}
steps:
  see: {{due: 5 working days}}
  ask: {{title: 再问一次, stage: 办理, by: office, after: see, before: close}}
"""


def write(folder: Path, name: str, text: str) -> None:
    place = folder / name / "1"
    place.mkdir(parents=True)
    (place / "pack.yaml").write_text(text, "utf-8")


@pytest.fixture
def county(place: City) -> Organ:
    """A county with 14 townships and 67 departments, its commission among them; and what is no unit of it."""
    region = organ("某县", "region", place.city)
    units = [(f"第{number}乡", "town", "town") for number in range(14)]
    units += [(f"第{number}局", "department", "county") for number in range(66)]
    for name, kind, level in units:
        organ(name, kind, region, level)
    organ("某县纪委监委", "commission", region)
    organ("下面的村", "village", region, "village")
    organ("第0乡的站所", "department", Organ.objects.get(name="第0乡"), "town")
    return region


@pytest.fixture
def packs(county: Organ, tmp_path: Path, settings: Settings) -> Path:
    """The county's rules and 80 children; the commission's comes with the test that wants it."""
    write(tmp_path, "tidy", PARENT)
    names = sorted(Organ.objects.filter(parent=county, kind__in=("town", "department")).values_list("name", flat=True))
    for number, unit in enumerate(names):
        write(tmp_path, f"tidy-{number}", CHILD.format(number=number, unit=unit, since="2016-02-01"))
    settings.PACKS = tmp_path
    return tmp_path


@pytest.fixture
def clerk(county: Organ, packs: Path) -> Client:
    return signed_in(holder(Role.CASE_OFFICER, Organ.objects.get(name="某县纪委监委")))


ADDRESS = "/packs/tidy/1/units/"


def test_80_of_81_names_the_missing_one_and_81_of_81_names_nobody(
    clerk: Client, packs: Path, settings: Settings
) -> None:
    page = clerk.get(ADDRESS).content.decode()
    assert "81个单位，80个有施行中的实施细则（80/81）" in page
    assert "还没有的：某县纪委监委。" in page
    whole = packs.parent / "whole"
    packs.rename(whole)
    write(whole, "tidy-80", CHILD.format(number=80, unit="某县纪委监委", since="2016-02-01"))
    settings.PACKS = whole
    page = clerk.get(ADDRESS).content.decode()
    assert "81个单位，81个有施行中的实施细则（81/81）" in page
    assert "还没有的" not in page


def test_rules_count_from_the_day_they_are_in_force(clerk: Client) -> None:
    assert "（0/81）" in clerk.get(ADDRESS, {"on": "2016-1-31"}).content.decode()
    assert "（80/81）" in clerk.get(ADDRESS, {"on": "2016-2-1"}).content.decode()


def test_a_child_is_shown_beside_its_parent(clerk: Client) -> None:
    page = clerk.get("/packs/tidy-0/1/").content.decode()
    assert ADDRESS.replace("tidy/", "tidy-0/") in page
    compared = reverse("pack-compare", args=["tidy", "1", "tidy-0", "1"])
    assert compared in page
    assert compared in clerk.get(ADDRESS).content.decode()
    steps = {each.id: each for each in clerk.get(compared).context["found"].steps}
    assert steps["ask"].turn == "added"
    told = [(aspect.what, aspect.before, aspect.after) for aspect in steps["see"].aspects]
    assert ("办理期限", "本环节可以办理之日起10个工作日内", "本环节可以办理之日起5个工作日内") in told
    assert any("上班玩手机" in after and "上班玩手机" not in before for _, before, after in told)
    assert steps["close"].aspects[0].after == "“了解情况”、“再问一次”"


def test_a_reader_sees_the_regions_in_reach_and_a_unit_finds_nothing(clerk: Client, place: City, county: Organ) -> None:
    assert clerk.get(ADDRESS).context["regions"] == [county]
    elsewhere = signed_in(holder(Role.CASE_OFFICER, place.other_commission))
    assert county not in elsewhere.get(ADDRESS, {"region": county.pk}).context["regions"]
    assert signed_in(holder(Role.UNIT, place.unit)).get(ADDRESS).status_code == 404


def test_the_page_asks_the_same_number_of_questions_whatever_is_there(
    clerk: Client, county: Organ, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    clerk.get(ADDRESS)
    with CaptureQueriesContext(connection) as asked:
        clerk.get(ADDRESS)
    for number in range(3):
        organ(f"新设第{number}局", "department", county)
    with django_assert_num_queries(len(asked)):
        assert "（80/84）" in clerk.get(ADDRESS).content.decode()
    assert len(asked) < 10


def test_a_unit_that_was_renamed_keeps_its_rules(clerk: Client) -> None:
    bureau = Organ.objects.get(name="第3局")
    bureau.former_names.create(name="第3局", ends_on="2020-01-01")
    Organ.objects.filter(pk=bureau.pk).update(name="改了名的局")
    found = next(unit for unit in clerk.get(ADDRESS).context["found"].units if unit.organ == bureau)
    assert found.rules is not None
    assert found.rules.title == "第3局实施细则"
