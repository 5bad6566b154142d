"""The navigation follows what packs say they are about."""

from dataclasses import replace
from pathlib import Path

import pytest

from youwei.rulebook.areas import ICON, areas
from youwei.rulebook.packs import PACKS, released_packs

ICONS = Path(__file__).parents[2] / "ui" / "icons.txt"


@pytest.mark.req("I1")
def test_areas_come_in_the_order_of_the_list_and_others_after(tmp_path: Path) -> None:
    (tmp_path / "areas.yaml").write_text("后来: flag\n先前: scale\n没有规程的: sun\n", "utf-8")
    pack = next(iter(released_packs().values()))
    one, two, three = (replace(pack, area=area, sealed_to=()) for area in ("先前", "后来", "自定"))
    found = areas([one, two, three, replace(pack, area="")], tmp_path)
    assert [(each.title, each.icon) for each in found] == [("后来", "flag"), ("先前", "scale"), ("自定", ICON)]
    assert all(each.procedures == {pack.ref.procedure} for each in found)


@pytest.mark.req("E4")
def test_a_sealed_pack_has_no_line(tmp_path: Path) -> None:
    pack = replace(next(iter(released_packs().values())), area="只此一家", sealed_to=("office",))
    assert areas([pack], tmp_path) == ()


def test_every_icon_of_the_list_is_installed() -> None:
    icons = set(ICONS.read_text("utf-8").split())
    assert {each.icon for each in areas(released_packs().values(), PACKS)} <= icons
