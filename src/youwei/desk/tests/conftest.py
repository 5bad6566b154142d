"""Every test of the desk lives on 29 September 2026, half past nine in China."""

from collections.abc import Iterator

import pytest
import time_machine

from tests.support.kept import Kept, Stage
from youwei.desk.tests.factories import MORNING, City, city


@pytest.fixture(autouse=True)
def on_the_day() -> Iterator[None]:
    with time_machine.travel(MORNING, tick=False):
        yield


def city_on_the_day() -> City:
    with time_machine.travel(MORNING, tick=False):
        return city()


@pytest.fixture(scope="module")
def kept_place(stage: Stage) -> Kept[City]:
    return stage.lay(city_on_the_day)


@pytest.fixture
def place(kept_place: Kept[City], db: None) -> City:
    return kept_place.copy()
