"""Every test of votes has the small pack of appraisals beside it, and a case under it."""

from datetime import date
from pathlib import Path

import pytest
from django.core.cache import cache
from pytest_django.fixtures import Settings

from tests.support.cast import Cast
from youwei.cases.models import Case
from youwei.cases.tests.builders import case_of

PACKS = Path(__file__).resolve().parent / "packs"


@pytest.fixture
def appraised(cast: Cast, settings: Settings) -> Case:
    """A case whose appraisal is open since 16 March 2026."""
    settings.PACKS = PACKS
    return case_of(cast, "appraising", opened=date(2026, 3, 16))


@pytest.fixture(autouse=True)
def nobody_has_mistyped_yet() -> None:
    """The kiosk counts mistyped codes in memory; other tests mistype many."""
    cache.clear()
