"""Ledgers that name organs as they were called, or that are no more: the same organ, the same person, the successor's cases."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from tests.support.cast import STAMP, Cast
from youwei.cases.models import Case
from youwei.cases.places import Places, home_for
from youwei.cases.tests.builders import CLERK, moment
from youwei.cases.tests.tables import TODAY, imported, line, outcomes, upload
from youwei.decisions.models import Decision
from youwei.organs import changes, commands
from youwei.organs.changes import Ground
from youwei.organs.models import Organ
from youwei.people.models import Person

pytestmark = [pytest.mark.django_db, pytest.mark.req("I8", "J3")]
GROUND = Ground(on=TODAY - timedelta(days=1), paper="云编〔2026〕3号", by=CLERK, today=TODAY, at=moment(TODAY))


@pytest.fixture
def heir(cast: Cast) -> Organ:
    return commands.create_organ(name="青溪区水务局", kind="department", parent=cast.district, level="county", **STAMP)


def test_a_former_name_in_a_ledger_is_the_organ_of_today(cast: Cast) -> None:
    changes.rename(organ=cast.bureau, name="青溪区水务局", ground=GROUND)
    places = Places(cast.commission, **STAMP)
    for name in ("青溪区水务局", "青溪区水利局", "水利局"):
        assert places.unit(name, "青溪区") == cast.bureau
    assert places.created == []
    changes.rename(organ=cast.commission, name="青溪区纪检监察机关", ground=GROUND)
    assert home_for("青溪区纪委监委", **STAMP) == cast.commission


def test_a_former_name_that_another_bears_now_is_the_others(cast: Cast) -> None:
    changes.rename(organ=cast.bureau, name="青溪区水务局", ground=GROUND)
    new = commands.create_organ(name="青溪区水利局", kind="department", parent=cast.district, level="county", **STAMP)
    assert Places(cast.commission, **STAMP).unit("青溪区水利局", "青溪区") == new


def test_the_same_ledger_after_a_new_name_or_a_merger_brings_nothing_new(cast: Cast, heir: Organ) -> None:
    rows = [line(身份证号="", 决定文号=""), line(是否涉密="是", 姓名="某某", 决定文号="青密〔2026〕1号")]
    imported(cast, *rows)
    changes.rename(organ=cast.bureau, name="青溪区水利水务局", ground=GROUND)
    assert set(outcomes(upload(cast.commission, *rows))) == {"unchanged"}
    changes.merge(organ=cast.bureau, into=heir, ground=GROUND)
    Person.objects.update(organ=heir)
    assert set(outcomes(upload(cast.commission, *rows))) == {"unchanged"}


def test_a_decision_is_recorded_where_it_was_made_and_its_case_is_the_successors(cast: Cast, heir: Organ) -> None:
    changes.merge(organ=cast.bureau, into=heir, ground=GROUND)
    imported(cast, line())
    decision, case = Decision.objects.get(), Case.objects.get(procedure="jingzhou-visit")
    assert decision.unit == cast.bureau, "decided before the merger"
    assert (Person.objects.get().organ, case.subject_organ) == (heir, heir)


def test_a_decision_after_the_merger_is_the_successors_whatever_the_ledger_calls_it(cast: Cast, heir: Organ) -> None:
    changes.merge(organ=cast.bureau, into=heir, ground=replace(GROUND, on=date(2025, 1, 1)))
    imported(cast, line())
    assert Decision.objects.get().unit == heir
