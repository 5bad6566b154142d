"""The ledgers of the trial offices (invented people) go in whole: nothing lost, nothing twice, every fault explained."""

import json
import os
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.support.cast import STAMP
from tests.support.tree import ROOT
from youwei.cases import taking
from youwei.cases.models import Case
from youwei.cases.places import home_for
from youwei.cases.tests.builders import CLERK, moment
from youwei.cases.tests.tables import TODAY as WRITTEN
from youwei.cases.tests.tables import outcomes, write
from youwei.decisions.models import Decision, Measure
from youwei.desk.safekeeping.proving import prove
from youwei.intake.commands import stage
from youwei.intake.models import Import
from youwei.intake.queries import count_outcomes, opened, staged_rows
from youwei.organs.models import Organ
from youwei.people.models import Person

DATA = Path(os.environ.get("YOUWEI_LEDGERS", ROOT.parent / "shared" / "data"))
TODAY = STAMP["on"]

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.slow,
    pytest.mark.req("A1", "A4", "J1", "K6"),
    pytest.mark.skipif(
        not (DATA / "ledgers.json").is_file(), reason=f"NOT IMPORTED: no ledgers in {DATA}; set YOUWEI_LEDGERS"
    ),
]


def told(name: str) -> dict[str, Any]:
    every = json.loads((DATA / "ledgers.json").read_text(encoding="utf-8"))
    return next(each for each in every if each["file"] == name)


def upload(name: str, mode: str) -> Import:
    home = home_for("云川市纪委监委", **STAMP)
    return stage(
        organ=home, data=(DATA / name).read_bytes(), filename=name, mode=mode, by=CLERK, at=moment(TODAY), on=TODAY,
        matcher=taking.matcher(home),
    )  # fmt: skip


def tally() -> Counter[str]:
    """What the ledgers' own tallies count, counted from the store."""
    found: Counter[str] = Counter(Measure.objects.values_list("label", flat=True))
    for form, made_on, secret in Decision.objects.values_list("form", "made_on", "secret"):
        found[f"form{form}"] += 1
        found[f"year{made_on.year}"] += 1
        found["secret"] += secret
    found["无党纪"] = Decision.objects.exclude(measures__family="party").count()
    found["无政务"] = Decision.objects.exclude(measures__family="administrative").count()
    return found


@pytest.mark.parametrize("name", ["ledger-county.xlsx", "ledger-city.xlsx"])
def test_every_row_arrives_and_the_tallies_are_the_ledgers_own(name: str) -> None:
    expected = told(name)
    batch = upload(name, "current")
    write(batch)
    counted = count_outcomes(batch)
    assert batch.total_rows == sum(counted.values()) == expected["rows"]
    assert (counted["ask"], counted["refused"]) == (0, 0)
    assert Decision.objects.count() == expected["rows"]
    found = tally()
    regions = set(Organ.objects.filter(kind="region").values_list("name", flat=True))
    comparable = {key for key in expected["tally_of_all_rows"] if key not in regions and key != "young35"}
    assert {key: found[key] for key in comparable} == {key: expected["tally_of_all_rows"][key] for key in comparable}
    assert Decision.objects.filter(secret=True, person=None, unit=None).count() == found["secret"]
    assert prove(WRITTEN) == []

    before = (Person.objects.count(), Decision.objects.count(), Case.objects.count(), Organ.objects.count())
    again = upload(name, "current")
    assert set(outcomes(again)) == {"unchanged"}
    write(again)
    assert (Person.objects.count(), Decision.objects.count(), Case.objects.count(), Organ.objects.count()) == before


def test_the_fourteen_faults_are_caught_and_nothing_else_is_lost() -> None:
    expected = told("ledger-with-errors.xlsx")
    batch = upload("ledger-with-errors.xlsx", "history")
    refused = [opened(row).row for row in staged_rows(batch, outcome="refused")]
    assert {int(row.serial) for row in refused} == {each["serial"] for each in expected["errors"]}
    assert all(fault.message and fault.remedy for row in refused for fault in row.faults)
    write(batch)
    assert Decision.objects.count() == expected["rows"] - len(expected["errors"])
