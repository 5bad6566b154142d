"""A linked series names decisions: taken in, taken out with a reason, whole in the log of the organ that keeps it."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import connection

from tests.support.cast import Cast
from youwei.decisions import series
from youwei.decisions.altering import Refused
from youwei.decisions.commands import Given, NewDecision, record_many
from youwei.decisions.models import Decision, Series, SeriesMember
from youwei.decisions.proof import Prover
from youwei.decisions.tests.builders import CLERK
from youwei.journal.models import Entry
from youwei.journal.queries import verify
from youwei.people.commands import build, register_many
from youwei.rulebook.law import load_law

pytestmark = [pytest.mark.django_db, pytest.mark.req("A7")]

TODAY, LATER = date(2026, 4, 8), date(2026, 5, 6)


def stamp(on: date = TODAY) -> dict[str, Any]:
    return {"by": CLERK, "on": on, "at": datetime(on.year, on.month, on.day, 1, 30, tzinfo=UTC)}


@pytest.fixture
def decisions(cast: Cast) -> list[Decision]:
    """Three people, one decision each; and a stub."""
    kind = load_law().recognise("党内警告")
    assert kind is not None
    people = register_many([build(organ=cast.bureau, name=name) for name in ("许南舟", "卓闻溪", "祝青梧")], **stamp())
    given: dict[str, Any] = {
        "deciding_organ": cast.commission, "counted_at": cast.district, "measures": (Given(kind, "党内警告"),), "made_on": TODAY,
        "effective_on": TODAY,
    }  # fmt: skip
    news = [NewDecision(person=person, unit=cast.bureau, **given) for person in people]
    made = record_many([*news, NewDecision(secret=True, **given)], convention="inclusive", **stamp())
    return [decision for decision, _, _ in made]


def test_a_series_is_made_arranged_and_proved(cast: Cast, decisions: list[Decision]) -> None:
    first, second, third, _ = (row.pk for row in decisions)
    made = series.make(
        title=" 河道整治系列案 ", organ=cast.commission, decisions=[first, second], token="t1", **stamp()
    )
    assert (made.title, set(series.decisions_of(made).values_list("pk", flat=True))) == (
        "河道整治系列案",
        {first, second},
    )
    again = series.make(title="河道整治系列案", organ=cast.commission, decisions=[first], token="t1", **stamp())
    assert (again.pk, Series.objects.count()) == (made.pk, 1), "a double click is one series"
    series.arrange(series=made.pk, joined=[third, first], left=[second], reason="与本案无关", **stamp(LATER))
    assert set(series.decisions_of(made).values_list("pk", flat=True)) == {first, third}
    entry = Entry.objects.filter(kind="series.arranged").get()
    assert (entry.log.kind, entry.log.ref, entry.key) == ("organ", cast.commission.pk, str(made.pk))
    series.arrange(series=made.pk, joined=[second], left=[], reason="", **stamp(LATER))
    back = SeriesMember.objects.get(series=made, decision=second)
    assert (back.joined_on, back.left_on) == (LATER, None)
    assert verify(provers=[Prover()]) == []


@pytest.mark.parametrize(
    ("title", "which", "field", "words"),
    [
        ("", [0], "title", "没有写名称"),
        ("系列", [], "numbers", "还没有列入"),
        ("系列", [0, 3], "numbers", "涉密存根不能列入"),
    ],
)
def test_what_cannot_be_a_series_is_refused_and_nothing_is_written(
    cast: Cast, decisions: list[Decision], title: str, which: list[int], field: str, words: str
) -> None:
    with pytest.raises(Refused, match=words) as refused:
        series.make(title=title, organ=cast.commission, decisions=[decisions[each].pk for each in which], **stamp())
    assert refused.value.field == field
    assert not Series.objects.exists()


def test_taking_out_needs_a_reason_and_something_must_change(cast: Cast, decisions: list[Decision]) -> None:
    first, second = decisions[0].pk, decisions[1].pk
    made = series.make(title="系列", organ=cast.commission, decisions=[first], **stamp())
    with pytest.raises(Refused, match="移出的理由"):
        series.arrange(series=made.pk, joined=[], left=[first], reason=" ", **stamp())
    with pytest.raises(Refused, match="没有改动"):
        series.arrange(series=made.pk, joined=[first], left=[second], reason="多列", **stamp())


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE decisions_series SET title = '别的'",
        "UPDATE decisions_seriesmember SET left_on = '2026-05-01'",
        "DELETE FROM decisions_seriesmember",
    ],
)
def test_a_row_altered_by_hand_is_found(cast: Cast, decisions: list[Decision], statement: str) -> None:
    series.make(title="系列", organ=cast.commission, decisions=[decisions[0].pk], **stamp())
    with connection.cursor() as cursor:
        cursor.execute(statement)
    assert len(verify(provers=[Prover()])) == 1


def test_the_number_of_another_form_makes_no_series(cast: Cast, decisions: list[Decision]) -> None:
    given: dict[str, Any] = {"organ": cast.commission, "decisions": [decisions[0].pk], **stamp()}
    made = series.make(title="河道整治系列案", token="t1", **given)
    series.arrange(series=made.pk, joined=[decisions[1].pk], left=[], reason="", token="t2", **stamp(LATER))
    with pytest.raises(Refused, match="请刷新页面重填"):
        series.make(title="另一个系列案", token="t2", **given)
    assert Series.objects.count() == 1
