"""What is done for each row of a table says for which: the first text of the row as its table is ordered, and its dates by their titles."""

from datetime import date
from pathlib import Path

import pytest

from youwei.engine.plan import plan
from youwei.engine.stories import play, stories
from youwei.engine.types import Item
from youwei.engine.wording import window_sentences
from youwei.rulebook.packs import PACKS, load_packs

pytestmark = pytest.mark.req("B2")


@pytest.fixture(scope="module")
def demand() -> Item:
    """The second demand of the year's report, still to be met."""
    told = next(story for _, story in stories(Path(PACKS)) if str(story["procedure"]).startswith("tianqiao-year@"))
    tale = play(load_packs(PACKS), told)
    log = [each for each in tale.log if each.on <= date(2018, 12, 18)]
    found = plan(tale.packs, log, tale.calendar, date(2018, 12, 18))
    return next(item for item in found.items if item.step == "demand" and item.key == "b")


def test_the_demand_is_named_and_not_who_is_to_meet_it(demand: Item) -> None:
    assert demand.title == "落实区委书记的要求（不能走过场）"


def test_its_day_is_told_by_the_title_of_the_column(demand: Item) -> None:
    assert "应办：完成期限：2019年3月29日。" in window_sentences(demand.window)
