"""How long sanctions bear on the annual assessment: domain rules 2.6, years typed by hand."""

from datetime import date

import pytest

from youwei.rulebook.assessing import assessed_until
from youwei.rulebook.law import load_law

pytestmark = pytest.mark.req("A5")


@pytest.mark.parametrize(
    ("measures", "until"),
    [
        (["party.warning"], date(2024, 12, 31)),
        (["administrative.demerit"], date(2024, 12, 31)),
        (["administrative.removal"], date(2025, 12, 31)),
        (["party.removal"], date(2024, 12, 31)),  # 次年在新任职务上照常确定等次
        (["party.probation_1"], date(2025, 12, 31)),
        (["party.probation_2", "administrative.demerit"], date(2026, 12, 31)),
        (["party.warning", "administrative.major_demerit"], date(2025, 12, 31)),
        (["first_form.reminder"], None),
        ([], None),
    ],
)
def test_the_last_year_whose_assessment_is_touched(measures: list[str], until: date | None) -> None:
    assert assessed_until(measures, date(2024, 3, 15), load_law()) == until
