"""Every test of the desk lives on 29 September 2026, half past nine in China."""

from collections.abc import Iterator

import pytest
import time_machine

from youwei.desk.tests.factories import MORNING, City, city


@pytest.fixture(autouse=True)
def on_the_day() -> Iterator[None]:
    with time_machine.travel(MORNING, tick=False):
        yield


@pytest.fixture
def place(db: None) -> City:
    return city()
