"""Organs renamed, placed elsewhere, merged, split off, abolished: from a day on, by a paper, with nothing recorded rewritten."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from youwei.journal.models import Entry
from youwei.journal.queries import records, verify
from youwei.organs import changes, commands, queries
from youwei.organs.commands import Refused
from youwei.organs.models import Grant, Organ, Role
from youwei.organs.policy import reader
from youwei.organs.roster import RosterRow
from youwei.organs.tests.places import DAY, GROUND, STAMP, account, holder, place

pytestmark = [pytest.mark.django_db, pytest.mark.req("I8")]


@pytest.fixture
def city() -> Organ:
    return place("云川市", "region")


def fresh(organ: Organ) -> Organ:
    return Organ.objects.get(pk=organ.pk)


def test_a_former_name_finds_the_organ_until_another_bears_it(city: Organ) -> None:
    bureau = place("农业局", parent=city)
    changes.rename(organ=bureau, name="农业农村局", ground=GROUND)
    assert list(queries.organs_named("农业局")) == [bureau]
    assert list(queries.organs_named("云川市/农业局")) == [bureau]
    other = place("农业局", parent=city)
    assert list(queries.organs_named("农业局")) == [other]
    assert queries.other_names() == {bureau.pk: {"农业局"}}


def test_a_placed_organ_takes_everything_below_it_along(city: Organ) -> None:
    area, other = place("青溪区", "region", city), place("望江区", "region", city)
    bureau = place("教育局", parent=area)
    school = place("第一中学", "school", bureau)
    changes.place(organ=bureau, parent=other, managed_by=city, ground=GROUND)
    assert fresh(bureau).path == f"/{city.pk}/{other.pk}/{bureau.pk}/"
    assert fresh(school).path == f"{fresh(bureau).path}{school.pk}/"
    assert (fresh(bureau).parent, fresh(bureau).managed_by) == (other, city)
    entry = records("organ", bureau.pk)[-1]
    assert (entry.kind, entry.on, entry.content["paper"]) == ("organ.placed", DAY, "云编〔2026〕3号")
    assert entry.content["parent"] == {"from": area.pk, "to": other.pk}


def test_a_merged_organ_ends_the_day_before_stays_where_it_stood_and_hands_on_what_is_below_and_its_roles(
    city: Organ,
) -> None:
    sports, culture = place("体育局", parent=city), place("文化局", parent=city)
    stadium, watched = place("体育馆", parent=sports), place("棋院", parent=city)
    Organ.objects.filter(pk=watched.pk).update(managed_by=sports)
    unit = holder(Role.UNIT, sports, "tiyu")
    changes.merge(organ=sports, into=culture, ground=replace(GROUND, on=date(2026, 9, 1)))
    gone = fresh(sports)
    assert (gone.ends_on, gone.merged_into, gone.parent, gone.path) == (date(2026, 8, 31), culture, city, sports.path)
    assert fresh(stadium).path == f"{culture.path}{stadium.pk}/"
    assert fresh(watched).managed_by == culture
    assert [(row.organ.name, row.role) for row in reader(unit, DAY).grants] == [("文化局", "unit")]
    assert [entry.kind for entry in records("organ", sports.pk)][-2:] == ["organ.merged", "grant.ended"]
    assert [entry.kind for entry in records("organ", culture.pk)][-2:] == ["organ.absorbed", "grant.given"]
    assert list(queries.organs_named("体育局")) == [culture]
    assert queries.in_force(gone, date(2026, 8, 31)) == gone
    assert queries.in_force(gone, date(2026, 9, 1)) == culture
    assert verify() == []


def test_the_successor_of_a_successor_is_found_in_one_step(city: Organ) -> None:
    one, two, three = (place(name, parent=city) for name in ("甲局", "乙局", "丙局"))
    changes.merge(organ=one, into=two, ground=GROUND)
    changes.merge(organ=two, into=three, ground=GROUND)
    assert fresh(one).merged_into == three
    assert set(queries.reach([three.path])) == {one, two, three}
    assert set(queries.below([three.path])) == {three}, "figures count where the record says"


def test_a_role_already_held_at_the_successor_is_not_given_twice_and_an_end_already_set_stays(city: Organ) -> None:
    one, two = place("甲局", parent=city), place("乙局", parent=city)
    both = holder(Role.UNIT, one, "both")
    commands.grant(account=both, role=Role.UNIT, organ=two, **STAMP)
    short = account("short")
    Grant.objects.create(account=short, role=Role.MENTOR, organ=one, starts_on=DAY, ends_on=date(2026, 12, 31))
    changes.merge(organ=one, into=two, ground=GROUND)
    assert [row.organ for row in reader(both, DAY).grants] == [two]
    assert [(row.organ, row.ends_on) for row in reader(short, DAY).grants] == [(two, date(2026, 12, 31))]


def test_a_split_organ_goes_on_and_the_new_one_begins_that_day_with_what_went_along(city: Organ) -> None:
    bureau = place("规划建设局", parent=city)
    station, office = place("测绘站", parent=bureau), place("质监站", parent=bureau)
    made = changes.split_off(
        organ=bureau, name="规划局", kind="department", parent=city, children=[station], ground=GROUND
    )
    assert made is not None
    assert (made.starts_on, made.parent, fresh(bureau).ends_on) == (DAY, city, None)
    assert fresh(station).parent == made
    assert fresh(station).path == f"{made.path}{station.pk}/"
    assert fresh(office).parent == bureau
    assert records("organ", bureau.pk)[-1].content["into"] == made.pk


def test_an_abolished_organ_leaves_its_name_to_a_new_one(city: Organ) -> None:
    bureau = place("扶贫办", parent=city)
    changes.abolish(organ=bureau, ground=GROUND)
    assert fresh(bureau).ends_on == date(2026, 9, 28)
    again = place("扶贫办", parent=city)
    assert list(queries.organs_named("扶贫办")) == [again]
    assert commands.load_organs(rows=[RosterRow(2, "扶贫办", "云川市", "department", "county")], **STAMP) == 0


def with_child(bureau: Organ) -> None:
    place("下属站", parent=bureau)


def with_role(bureau: Organ) -> None:
    holder(Role.UNIT, bureau)


def managing(bureau: Organ) -> None:
    Organ.objects.filter(name="农业局").update(managed_by=bureau)


@pytest.mark.parametrize(
    ("before", "words"),
    [(with_child, "还有下级单位下属站"), (with_role, "还有1个岗位授权"), (managing, "还管理着农业局的干部")],
)
def test_an_organ_something_still_hangs_on_is_not_abolished(
    city: Organ, before: Callable[[Organ], None], words: str
) -> None:
    place("农业局", parent=city)
    bureau = place("扶贫办", parent=city)
    before(bureau)
    with pytest.raises(Refused, match=words):
        changes.abolish(organ=bureau, ground=GROUND)
    assert fresh(bureau).ends_on is None


@pytest.mark.parametrize(
    ("ground", "words"),
    [
        ({"on": date(2026, 9, 30)}, "生效日期：不能晚于今天"),
        ({"paper": "  "}, "依据：没有填写"),
        ({"paper": "文" * 201}, "依据：不能超过200个字"),
        ({"on": date(2025, 12, 31)}, "自2026年1月1日起才有"),
        ({"seen": 99}, "请重新核对后再确认"),
    ],
)
def test_a_day_or_a_paper_that_cannot_be_is_refused_and_nothing_changes(
    city: Organ, ground: dict[str, Any], words: str
) -> None:
    young = commands.create_organ(
        name="数据局", kind="department", parent=city, level="county", starts_on=date(2026, 1, 1), **STAMP
    )
    before = Entry.objects.count()
    with pytest.raises(Refused, match=words):
        changes.rename(organ=young, name="数据管理局", ground=replace(GROUND, **ground))
    assert (fresh(young).name, Entry.objects.count()) == ("数据局", before)


def test_changes_of_one_organ_are_entered_in_the_order_of_their_days(city: Organ) -> None:
    bureau = place("甲局", parent=city)
    changes.rename(organ=bureau, name="乙局", ground=GROUND)
    with pytest.raises(Refused, match="早于这个单位上一次变更（2026年9月29日）"):
        changes.rename(organ=bureau, name="丙局", ground=replace(GROUND, on=date(2026, 9, 1)))


@pytest.mark.parametrize(
    ("name", "into", "words"),
    [
        ("甲局", "甲站", "不能并入自己或自己的下级"),
        ("甲局", "青溪区", "地区只能并入地区"),
        ("青溪区", "望江区", "下级单位财政局两边都有"),
        ("甲局", "旧局", "已经撤并"),
        ("甲局", "新局", "自2026年9月1日起才有"),
    ],
)
def test_a_merger_that_cannot_be_is_refused_with_its_remedy(city: Organ, name: str, into: str, words: str) -> None:
    place("甲站", parent=place("甲局", parent=city))
    for area in ("青溪区", "望江区"):
        place("财政局", parent=place(area, "region", city))
    changes.abolish(organ=place("旧局", parent=city), ground=GROUND)
    new = {"name": "新局", "kind": "department", "parent": city, "level": "county", "starts_on": date(2026, 9, 1)}
    commands.create_organ(**new, **STAMP)
    old = Organ.objects.get(name=name)
    with pytest.raises(Refused, match=words):
        changes.merge(organ=old, into=Organ.objects.get(name=into), ground=replace(GROUND, on=date(2026, 8, 1)))
    assert fresh(old).ends_on is None


@pytest.mark.parametrize(
    ("name", "parent", "words"),
    [
        ("甲局", "甲站", "不能放到自己或自己的下级之下"),
        ("青溪区", "甲局", "地区只能放在地区之下"),
        ("甲局", "云川市", "都没有改动"),
        ("甲局", "青溪区", "那里已有一个“甲局”"),
    ],
)
def test_a_place_that_cannot_be_is_refused_with_its_remedy(city: Organ, name: str, parent: str, words: str) -> None:
    place("甲局", parent=place("青溪区", "region", city))
    place("甲站", parent=place("甲局", parent=city))
    outside = Organ.objects.exclude(parent__name="青溪区")
    moved, there = outside.get(name=name), outside.get(name=parent)
    with pytest.raises(Refused, match=words):
        changes.place(organ=moved, parent=there, managed_by=None, ground=GROUND)
    assert fresh(moved).path == moved.path


def test_a_form_sent_twice_is_one_change(city: Organ) -> None:
    one, two = place("甲局", parent=city), place("乙局", parent=city)
    ground = replace(GROUND, token="t" * 20)
    assert changes.merge(organ=one, into=two, ground=ground)
    assert not changes.merge(organ=one, into=two, ground=ground)
    with pytest.raises(Refused, match="甲局已于2026年9月29日撤并"):
        changes.merge(organ=one, into=two, ground=GROUND)


def test_a_roster_names_who_manages_the_cadres(city: Organ) -> None:
    row = RosterRow(3, "税务局", "云川市", "department", "city", "省税务局")
    with pytest.raises(Refused, match="第3行 干部管理机关：没有“省税务局”"):
        commands.load_organs(rows=[row], **STAMP)
    above = RosterRow(2, "省税务局", "", "department", "province")
    assert commands.load_organs(rows=[above, row], **STAMP) == 2
    made = Organ.objects.get(name="税务局")
    assert (str(made.parent), str(made.managed_by)) == ("云川市", "省税务局")
