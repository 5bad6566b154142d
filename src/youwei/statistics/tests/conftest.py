"""A city for every test that asks for one."""

import pytest

from youwei.statistics.tests.builders import City


@pytest.fixture
def city(db: None) -> City:
    return City()
