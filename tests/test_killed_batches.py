"""The process is killed in the middle of many: a list that joins, and a record that lands, go on where they stopped and double nothing."""

from datetime import date
from functools import partial
from typing import Any

import pytest
from pytest_django.fixtures import Settings

from tests.support.cast import Cast
from tests.support.tree import ROOT
from tests.test_killed import MOST, killed_after
from youwei.cases import batches
from youwei.cases.batches import Fixed
from youwei.cases.logs import packs
from youwei.cases.models import Bulk, Case, Done, Member
from youwei.cases.proof import Prover
from youwei.cases.tests.builders import CLERK, decided, moment, record
from youwei.documents import bulk, landing
from youwei.journal.models import Entry
from youwei.journal.queries import verify

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow, pytest.mark.req("B9", "J4")]
DAY = date(2026, 3, 18)
STAMP: dict[str, Any] = {"by": CLERK, "on": DAY, "at": moment(DAY), "today": DAY}
PEOPLE = 4
EVERY = 5
"""A kill after every fifth statement: each chunk is one transaction, and its middle is met many times."""


@pytest.fixture
def batch(cast: Cast, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Case:
    """A class whose list is fixed and has not joined, two at a time."""
    settings.PACKS = ROOT / "src" / "youwei" / "cases" / "tests" / "packs"
    monkeypatch.setattr(batches, "CHUNK", 2)
    monkeypatch.setattr(bulk, "CHUNK", 2)
    pack = next(pack for ref, pack in packs().items() if ref.procedure == "course")
    made = batches.open_batch(pack=pack, name="第一期", organ=cast.commission, **STAMP)
    record(made, "scheme", DAY, {"sessions": [{"id": "1", "name": "党章"}]})
    rows = [Fixed(cast.bureau.pk, each.person_id, each.pk) for each in decided(cast, PEOPLE)]
    batches.freeze(batch=made, step="cohort", fixed=rows, **STAMP)
    return made


def join(pk: int) -> None:
    while batches.join_next(batch=Case.objects.get(pk=pk), by=CLERK, at=moment(DAY), today=DAY):
        pass


def go_on(pk: int) -> None:
    bulk.go_on(bulk=Bulk.objects.get(pk=pk), at=moment(DAY), today=DAY)


def whole() -> None:
    assert [str(each) for each in verify(provers=[Prover(DAY)])] == []


def test_joining_killed_anywhere_loses_nobody_and_opens_nothing_twice(batch: Case) -> None:
    joined = []
    for statements in range(1, MOST, EVERY):
        through = not killed_after(statements, partial(join, batch.pk))
        whole()
        joined.append(Member.objects.exclude(case=None).count())
        assert Case.objects.filter(procedure="study").count() == joined[-1]
        if through:
            break
    assert through
    assert joined == sorted(joined)
    assert {0, 2, 4} == set(joined)
    assert Entry.objects.filter(kind="joined").count() == PEOPLE + 2


def test_a_landing_killed_anywhere_reaches_everybody_once(batch: Case, cast: Cast) -> None:
    join(batch.pk)
    rows = {place: {"present": "到"} for place in range(1, PEOPLE + 1)}
    job = landing.land(
        batch=batch, step="session", key="1", on=DAY, values={"course": "党章"}, rows=rows, account=cast.officer, at=moment(DAY),
        today=DAY, token="once",
    )  # fmt: skip
    reached = []
    for statements in range(1, MOST, EVERY):
        through = not killed_after(statements, partial(go_on, job.pk))
        whole()
        reached.append(Done.objects.filter(step="attend").count())
        assert bulk.counts(job)["done"] == reached[-1]
        if through:
            break
    assert through
    assert reached == sorted(reached)
    assert {0, 2, 4} == set(reached)
