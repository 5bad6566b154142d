"""Organs a ledger names are found where the row says, or entered there; another district's unit of the same name is never taken."""

import pytest

from tests.support.cast import STAMP, Cast
from youwei.cases.places import Places, home_for
from youwei.organs import commands
from youwei.organs.models import Organ

pytestmark = [pytest.mark.django_db, pytest.mark.req("J1", "A3")]


def organ(name: str, kind: str, parent: Organ) -> Organ:
    return commands.create_organ(name=name, kind=kind, parent=parent, level="county", **STAMP)


@pytest.fixture
def towns(cast: Cast) -> dict[str, Organ]:
    """Both districts have a 城关镇."""
    other = cast.elsewhere.parent
    assert other is not None
    return {"青溪区": organ("城关镇", "town", cast.district), "白石区": organ("城关镇", "town", other)}


def of_city(cast: Cast) -> Places:
    return Places(cast.city, **STAMP)


def test_a_unit_is_found_by_its_name_with_or_without_the_regions(cast: Cast) -> None:
    places = of_city(cast)
    assert places.unit("青溪区水利局", "青溪区") == cast.bureau
    assert places.unit("水利局", "青溪区") == cast.bureau
    assert places.unit("青溪区 水利局", "青溪区") == cast.bureau
    assert places.created == []


def test_two_towns_of_one_name_are_told_apart_by_the_region(cast: Cast, towns: dict[str, Organ]) -> None:
    places = of_city(cast)
    assert places.unit("城关镇", "青溪区") == towns["青溪区"]
    assert places.unit("白石区城关镇", "白石区") == towns["白石区"]
    assert places.created == []


def test_between_two_towns_of_one_name_none_is_guessed(cast: Cast, towns: dict[str, Organ]) -> None:
    found = of_city(cast).unit("城关镇", "")
    assert found not in towns.values()
    assert found.parent == cast.city


def test_an_unknown_unit_is_entered_below_its_region(cast: Cast) -> None:
    places = of_city(cast)
    found = places.unit("青溪区云水镇人民政府", "青溪区")
    assert (found.parent, found.kind, found.path) == (cast.district, "town", f"{cast.district.path}{found.pk}/")
    assert places.unit("云水镇人民政府", "青溪区") == found
    assert places.created == ["青溪区云水镇人民政府"]


def test_an_unknown_region_is_entered_below_the_ledgers_own(cast: Cast) -> None:
    found = of_city(cast).region("望江区")
    assert (found.kind, found.parent) == ("region", cast.city)


def test_without_a_region_and_a_unit_it_is_the_ledgers_own(cast: Cast) -> None:
    assert Places(cast.commission, **STAMP).unit("", "") == cast.district


@pytest.mark.parametrize("name", ["青溪区纪委监委", "青溪区纪委", "青溪区监委", ""])
def test_the_two_names_of_one_commission_are_one_office(cast: Cast, name: str) -> None:
    assert Places(cast.commission, **STAMP).deciding(name) == cast.commission


def test_a_district_finds_the_citys_offices_and_enters_nothing_above_itself(cast: Cast) -> None:
    places = Places(cast.commission, **STAMP)
    city_commission = Organ.objects.get(name="云川市纪委监委")
    assert places.deciding("云川市纪委监委") == city_commission
    assert places.region("云川市") == cast.district
    assert places.unit("云川市财政局", "云川市").parent == cast.district
    assert Organ.objects.filter(name="云川市").count() == 1


def test_another_districts_bureau_is_no_bureau_of_ones_own(cast: Cast, towns: dict[str, Organ]) -> None:
    found = Places(cast.elsewhere, **STAMP).unit("水利局", "白石区")
    assert found != cast.bureau
    assert found.path.startswith(towns["白石区"].path.rsplit("/", 2)[0])


def test_regions_and_organs_beside_ones_own_are_found_and_never_doubled(cast: Cast) -> None:
    places = Places(cast.elsewhere, **STAMP)
    assert places.region("青溪区") == cast.district
    assert places.unit("青溪区水利局", "青溪区") == cast.bureau
    assert places.deciding("青溪区纪委监委") == cast.commission
    assert places.deciding("青溪区委组织部").parent == cast.district
    assert (places.created, places.made) == ([], [])


@pytest.mark.parametrize(
    ("unit", "region", "deciding", "why"),
    [
        ("青溪区水利局", "青溪区", "", "青溪区水利局属于青溪区"),
        ("望江区水利局", "望江区", "", "望江区水利局属于望江区"),
        ("", "青溪区", "青溪区纪委监委", "这一行属于青溪区"),
        ("云川市审计局", "云川市", "", "云川市审计局是云川市的单位"),
        ("民政局", "", "青溪区纪委监委", "单位没有写地区，决定机关是青溪区纪委监委"),
        ("民政局", "", "云川市纪委监委", ""),
        ("民政局", "", "", ""),
        ("白石区民政局", "白石区", "青溪区纪委监委", ""),
        ("云川市公安局白石分局", "云川市", "云川市纪委监委", ""),
    ],
)
def test_what_a_district_may_not_tell_is_said(cast: Cast, unit: str, region: str, deciding: str, why: str) -> None:
    assert Places(cast.elsewhere, **STAMP).outside(unit, region, deciding) == why
    assert of_city(cast).outside(unit, region, deciding) == ""


@pytest.mark.parametrize(
    ("deciding", "unknown"),
    [
        ("望江区纪委监委", True),
        ("云川市委宣传部", True),
        ("青溪区纪委监委", False),
        ("青溪区纪委", False),
        ("云川市纪委监委", False),
        ("白石区民政局党组", False),
        ("", False),
    ],
)
def test_a_district_enters_no_organ_that_is_not_its_own(cast: Cast, deciding: str, unknown: bool) -> None:
    assert Places(cast.elsewhere, **STAMP).unknown(deciding) is unknown
    assert not of_city(cast).unknown(deciding)


def test_nothing_is_entered_in_another_district(cast: Cast) -> None:
    with pytest.raises(commands.Refused, match="青溪区档案局不在白石区的范围"):
        Places(cast.elsewhere, **STAMP).unit("青溪区档案局", "青溪区")


def test_a_ledger_of_an_empty_store_opens_its_regions_whatever_its_level(transactional_db: None) -> None:
    home = home_for("青溪区纪委监委", **STAMP)
    assert Places(home, **STAMP).outside("石桥县水利局", "石桥县", "石桥县纪委监委") == ""


@pytest.mark.parametrize("name", ["水利局/河长办", "某" * 200 + "局", " 水 文 站 "])
def test_whatever_a_cell_holds_becomes_a_name_the_tree_can_hold(cast: Cast, name: str) -> None:
    found = of_city(cast).unit(name, "青溪区")
    assert "/" not in found.name
    assert len(found.name) <= 120
    assert of_city(cast).unit(name, "青溪区") == found


def test_a_reporting_organ_nobody_knows_begins_a_tree(db: None) -> None:
    home = home_for("云川市纪委监委", **STAMP)
    assert (home.kind, home.parent and home.parent.name, home.parent and home.parent.kind) == (
        "commission",
        "云川市",
        "region",
    )
    assert home_for("云川市纪委监委", **STAMP) == home
    assert home_for("云川市", **STAMP) == home.parent
