"""The figures of the two invented ledgers against the tallies made when they were written."""

import json
import os
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from youwei.cases import taking
from youwei.cases.places import home_for
from youwei.intake import commands as intake
from youwei.intake.models import Import
from youwei.journal.actors import Actor
from youwei.organs.models import Organ
from youwei.statistics.queries import Figures, figures

DATA = Path(os.environ.get("YOUWEI_LEDGERS", Path(__file__).parents[5] / "shared" / "data"))
BY, AT, TODAY = Actor("命令行", None), datetime(2026, 9, 29, 1, 0, tzinfo=UTC), date(2026, 9, 29)

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(
        not (DATA / "ledgers.json").is_file(), reason=f"NOT COMPARED: no ledgers.json in {DATA}; set YOUWEI_LEDGERS"
    ),
]


def tallies(name: str) -> dict[str, dict[str, int]]:
    found = {one["file"]: one for one in json.loads((DATA / "ledgers.json").read_text(encoding="utf-8"))}
    return {
        "all": found[name]["tally_of_all_rows"],
        "open": found[name]["tally_without_secret_rows"],
        "rows": {"rows": found[name]["rows"]},
    }


def imported(name: str) -> Organ:
    home = home_for("云川市纪委监委", by=BY, on=TODAY, at=AT)
    batch = intake.stage(
        organ=home,
        data=(DATA / name).read_bytes(),
        filename=name,
        mode=Import.Mode.HISTORY,
        by=BY,
        at=AT,
        on=TODAY,
        matcher=taking.matcher(home),
    )
    taking.take_in(batch=batch, by=BY, at=AT, today=TODAY)
    return home


def shown(found: Figures, expected: Mapping[str, int]) -> dict[str, float]:
    """The figures under the names the tallies have."""
    known = {
        "secret": "decisions.secret",
        "young35": "decisions.young",
        "无党纪": "none.party",
        "无政务": "none.administrative",
    }
    known |= {f"form{form}": f"decisions.form{form}" for form in (1, 2, 3, 4)}
    known |= {name: f"year.{name.removeprefix('year')}" for name in expected if name.startswith("year")}
    known |= {key.partition("/")[2]: key for key in found.by_id if key.startswith("measure.") and "/" in key}
    return {name: found.value(known.get(name, f"region.{name}")) for name in expected}


@pytest.mark.req("A1", "A4", "H2", "I4")
@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("ledger-county.xlsx", date(2022, 1, 1), date(2023, 12, 31)),
        pytest.param("ledger-city.xlsx", date(2016, 1, 1), date(2018, 12, 31), marks=pytest.mark.slow),
    ],
)
def test_the_figures_of_a_ledger_equal_its_tallies(name: str, first: date, last: date) -> None:
    organ, expected = imported(name), tallies(name)
    whole, bare = figures(organ, first, last, today=TODAY), figures(organ, first, last, with_secret=False, today=TODAY)
    assert whole.value("decisions") == expected["rows"]["rows"]
    assert bare.value("decisions") == expected["rows"]["rows"] - expected["all"]["secret"]
    assert shown(bare, expected["open"]) == expected["open"]
    assert shown(whole, expected["all"]) == expected["all"]
