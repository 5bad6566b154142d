"""Figures count a decision as it stands: corrected, changed on review or withdrawn."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from youwei.cases import following
from youwei.decisions.altering import Doing, Review
from youwei.decisions.commands import Given
from youwei.decisions.models import Decision
from youwei.journal.actors import Actor
from youwei.rulebook.law import load_law
from youwei.statistics.queries import Figures, figures
from youwei.statistics.tests.builders import City

pytestmark = [pytest.mark.django_db, pytest.mark.req("A6", "I4")]
DAY = date(2026, 9, 29)


def of(city: City) -> Figures:
    return figures(city.city, date(2026, 1, 1), date(2026, 12, 31), today=DAY)


def told(label: str) -> Given:
    kind = load_law().recognise(label)
    assert kind is not None
    return Given(kind, label)


def doing(row: Decision) -> Doing:
    row.refresh_from_db()
    at = datetime(2026, 9, 29, 1, 30, tzinfo=UTC)
    return Doing(by=Actor("方知行"), on=DAY, at=at, convention="inclusive", reason="与决定书核对", seen=row.version)


@pytest.fixture
def decisions(city: City) -> list[Decision]:
    """Two expulsions, heavy."""
    for month in (2, 3):
        city.decision(city.person(city.bureau), date(2026, month, 1), "开除党籍", form=3, weight="重")
    return list(Decision.objects.order_by("pk"))


def values(found: Figures) -> dict[str, Any]:
    names = (
        "decisions",
        "people",
        "decisions.light",
        "decisions.heavy",
        "decisions.form2",
        "decisions.form3",
        "decisions.withdrawn",
    )
    return {name: found.value(name) for name in names}


def test_a_withdrawn_decision_is_told_apart_and_counts_nowhere_else(city: City, decisions: list[Decision]) -> None:
    review = Review(starts_on=DAY, ground="申诉", organ=decisions[0].deciding_organ)
    following.withdraw(decision=decisions[0].pk, review=review, doing=doing(decisions[0]))
    assert values(of(city)) == {
        "decisions": 1, "people": 1, "decisions.light": 0, "decisions.heavy": 1, "decisions.form2": 0, "decisions.form3": 1,
        "decisions.withdrawn": 1,
    }  # fmt: skip
    following.take_back(decision=decisions[0].pk, doing=doing(decisions[0]))
    assert values(of(city))["decisions"] == 2


def test_a_changed_decision_counts_as_what_it_was_changed_to(city: City, decisions: list[Decision]) -> None:
    row = decisions[0]
    review = Review(starts_on=DAY, ground="申诉", organ=row.deciding_organ)
    following.change(
        decision=row.pk, targets={row.measures.get().pk: told("党内警告")}, review=review, doing=doing(row)
    )
    found = of(city)
    assert (found.value("decisions"), found.value("decisions.light"), found.value("decisions.heavy")) == (2, 1, 1)
    assert (found.value("measure.party.warning"), found.value("measure.party.expulsion")) == (1, 1)


def test_a_corrected_decision_counts_as_if_it_had_always_been_so(city: City, decisions: list[Decision]) -> None:
    row = decisions[0]
    changes = {"made_on": date(2025, 12, 30), "effective_on": date(2025, 12, 30)}
    following.correct(decision=row.pk, changes=changes, measures=None, doing=doing(row))
    assert values(of(city))["decisions"] == 1
    other = decisions[1]
    following.correct(decision=other.pk, changes={"form": 2}, measures=[told("政务警告")], doing=doing(other))
    found = of(city)
    assert (found.value("decisions.form2"), found.value("decisions.form3"), found.value("decisions.light")) == (1, 0, 1)
    assert (found.value("measure.administrative.warning"), found.value("measure.party.expulsion")) == (1, 0)
