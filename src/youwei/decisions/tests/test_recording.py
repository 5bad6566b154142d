"""Decisions and their periods. The days were counted by hand: a period ends on the day before the corresponding day."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from tests.support.cast import Cast
from youwei.decisions.commands import NewDecision, undo_many
from youwei.decisions.models import Decision, Measure, Period
from youwei.decisions.tests.builders import AT, ENTERED, STAMP, current, days, new, person, record
from youwei.journal.models import Log
from youwei.journal.queries import records, verify
from youwei.people.models import Person

pytestmark = [pytest.mark.django_db, pytest.mark.req("A1")]

MARCH_15 = date(2024, 3, 15)


@pytest.mark.req("A2")
def test_a_warning_runs_for_one_year(cast: Cast) -> None:
    (decision,) = record(new(cast, person(cast), "党内警告", effective=MARCH_15))
    (period,) = current(decision)
    assert (period.starts_on, period.last_day) == (MARCH_15, date(2025, 3, 14))
    assert (period.first_eligible_on, period.months, period.version) == (date(2025, 3, 15), 12, 1)
    assert period.until["promotion"] == "2025-03-15"
    assert period.basis
    assert period.reasons
    assert period.unsettled == []


@pytest.mark.req("A2")
def test_each_measure_of_a_decision_has_its_own_period(cast: Cast) -> None:
    (decision,) = record(new(cast, person(cast), "党内严重警告", "政务记大过", "调离岗位", effective=MARCH_15))
    found = {period.measure.label: (period.last_day, period.months) for period in current(decision)}
    # Both run for one and a half years.
    assert found["党内严重警告"] == (date(2025, 9, 14), 18)
    assert found["政务记大过"] == (date(2025, 9, 14), 18)
    assert decision.weight == "轻"


@pytest.mark.req("A2")
def test_probation_is_two_spans(cast: Cast) -> None:
    (decision,) = record(new(cast, person(cast), "留党察看一年", effective=MARCH_15))
    # One year of probation, then two years after the restoration of rights.
    assert days(decision) == [
        ("probation", MARCH_15, date(2025, 3, 14)),
        ("after_restoration", date(2025, 3, 15), date(2027, 3, 14)),
    ]
    assert decision.weight == "重"


@pytest.mark.req("A2")
def test_expulsion_from_office_never_ends(cast: Cast) -> None:
    (decision,) = record(new(cast, person(cast), "开除公职", effective=MARCH_15))
    (period,) = current(decision)
    assert (period.permanent, period.last_day, period.first_eligible_on) == (True, None, None)


@pytest.mark.req("A2")
def test_an_unknown_day_is_marked_and_not_guessed(cast: Cast) -> None:
    (decision,) = record(new(cast, person(cast), "党内警告", acts_until=None))
    (period,) = current(decision)
    assert (period.starts_on, period.last_day) == (None, None)
    assert period.unsettled == ["生效日期不详，期间待核"]


@pytest.mark.req("A2")
def test_a_decision_without_an_effective_day_counts_from_the_day_it_was_made(cast: Cast) -> None:
    (decision,) = record(new(cast, person(cast), "党内警告", made_on=MARCH_15, effective_on=None))
    assert days(decision) == [("period", MARCH_15, date(2025, 3, 14))]


@pytest.mark.req("A2")
def test_a_second_party_sanction_adds_what_is_left_of_the_first(cast: Cast) -> None:
    someone = person(cast)
    (first,) = record(new(cast, someone, "党内警告", effective=MARCH_15))
    (second,) = record(new(cast, someone, "党内严重警告", effective=date(2024, 9, 15)))
    # Six months are left of the first; with eighteen new ones 24 from 15 September 2024.
    assert days(first) == [("period", MARCH_15, date(2025, 3, 14))]
    assert days(second) == [("period", date(2024, 9, 15), date(2026, 9, 14))]


@pytest.mark.req("A2", "J4")
def test_an_earlier_decision_recorded_later_gives_the_later_one_a_new_version(cast: Cast) -> None:
    someone = person(cast)
    (second,) = record(new(cast, someone, "党内严重警告", effective=date(2024, 9, 15)))
    assert days(second) == [("period", date(2024, 9, 15), date(2026, 3, 14))]
    (first,) = record(new(cast, someone, "党内警告", effective=MARCH_15))
    assert days(second) == [("period", date(2024, 9, 15), date(2026, 9, 14))]
    kept = Period.objects.filter(measure__decision=second).order_by("version")
    assert [(period.version, period.current, period.last_day) for period in kept] == [
        (1, False, date(2026, 3, 14)),
        (2, True, date(2026, 9, 14)),
    ]
    kinds = [entry.kind for entry in records("person", someone.pk)]
    assert kinds == ["person.registered", "decision.recorded", "decision.recorded", "period.set"]

    undo_many(decisions=[first], convention="inclusive", **STAMP)
    assert days(first) == []
    assert days(second) == [("period", date(2024, 9, 15), date(2026, 3, 14))]
    assert Period.objects.filter(measure__decision=second).count() == 3
    first.refresh_from_db()
    assert first.state == Decision.State.UNDONE
    assert [entry.kind for entry in records("person", someone.pk)][-2:] == ["decision.undone", "period.set"]
    assert verify() == []


@pytest.mark.req("A2")
def test_a_second_decision_that_changes_nothing_leaves_the_first_as_it_is(cast: Cast) -> None:
    someone = person(cast)
    (first,) = record(new(cast, someone, "党内警告", effective=MARCH_15))
    record(new(cast, someone, "政务警告", effective=date(2026, 1, 9)))
    assert Period.objects.filter(measure__decision=first).count() == 1


@pytest.mark.req("A2")
def test_one_measure_the_law_refuses_spoils_no_other(cast: Cast) -> None:
    """Acts that end after the decision are a slip of the keyboard."""
    someone = person(cast)
    good, bad = record(
        new(cast, someone, "党内警告", effective=MARCH_15),
        new(cast, someone, "政务警告", effective=MARCH_15, acts_until=date(2024, 5, 1)),
    )
    assert days(good) == [("period", MARCH_15, date(2025, 3, 14))]
    (period,) = current(bad)
    assert period.starts_on is None
    assert "晚于生效日" in period.unsettled[0]


@pytest.mark.req("A2")
def test_a_measure_this_kind_of_person_cannot_receive_is_counted_and_marked(cast: Cast) -> None:
    (decision,) = record(new(cast, person(cast, kind="村干部"), "政务降级", effective=MARCH_15))
    (period,) = current(decision)
    assert period.starts_on == MARCH_15
    assert any("不能受到政务降级" in text for text in period.unsettled)


@pytest.mark.parametrize(
    ("labels", "weight"),
    [
        (["党内警告"], "轻"),
        (["党内严重警告", "政务记过"], "轻"),
        (["党内警告", "政务撤职"], "重"),
        (["开除党籍"], "重"),
        (["诫勉"], ""),
    ],
)
def test_the_weight_is_that_of_the_heaviest(cast: Cast, labels: list[str], weight: str) -> None:
    (decision,) = record(new(cast, person(cast), *labels, effective=MARCH_15))
    assert decision.weight == weight


@pytest.mark.req("A4")
def test_a_stub_keeps_nothing_but_what_must_be_counted(cast: Cast) -> None:
    (stub,) = record(
        new(cast, None, "党内警告", effective=MARCH_15, secret=True, acts_until=None, number="青密〔2024〕1号")
    )
    assert (stub.person, stub.unit, stub.post, stub.facts_sealed, stub.born_year) == (None, None, "", None, None)
    assert not stub.young
    assert not Period.objects.exists()
    assert [measure.label for measure in stub.measures.all()] == ["党内警告"]
    entry = records("organ", cast.commission.pk)[-1]
    assert (entry.kind, entry.content["secret"], entry.content["unit"], entry.content["facts"]) == (
        "decision.recorded", True, None, ""
    )  # fmt: skip


@pytest.mark.req("A4", "B4")
def test_a_stub_says_yes_or_no_to_young_and_nobody_else_does(cast: Cast) -> None:
    (stub,) = record(new(cast, None, "党内警告", effective=MARCH_15, secret=True, acts_until=None, young=True))
    assert stub.young
    assert records("organ", cast.commission.pk)[-1].content["young"] is True
    (open_one,) = record(new(cast, person(cast), "党内警告", effective=MARCH_15))
    assert "young" not in records("person", open_one.person_id)[-1].content
    with pytest.raises(ValueError, match="only a stub"):
        record(new(cast, person(cast), "党内警告", effective=MARCH_15, young=True))
    with pytest.raises(IntegrityError), transaction.atomic():
        Decision.objects.filter(pk=open_one.pk).update(young=True)


@pytest.mark.req("A4")
@pytest.mark.parametrize("told", [{"facts": "某事"}, {"problem": "某类"}, {"post": "某职"}])
def test_a_stub_that_tells_more_is_refused_whole(cast: Cast, told: dict[str, str]) -> None:
    ordinary = new(cast, person(cast), "党内警告", effective=MARCH_15)
    with pytest.raises(ValueError, match="stub"):
        record(ordinary, new(cast, None, "党内警告", effective=MARCH_15, secret=True, **told))
    assert not Decision.objects.exists()
    assert not Measure.objects.exists()


@pytest.mark.req("J4")
def test_the_log_keeps_the_decision_as_it_was_recorded(cast: Cast) -> None:
    someone = person(cast)
    facts = "收受礼金。"
    (decision,) = record(
        new(cast, someone, "行政记过", effective=MARCH_15, number="青监〔2024〕7号", form=2, facts=facts)
    )
    entry = records("person", someone.pk)[-1]
    assert (entry.kind, entry.on, entry.at, entry.by) == ("decision.recorded", MARCH_15, AT, "方知行")
    kept = entry.content
    assert (kept["decision"], kept["number"], kept["form"], kept["facts"]) == (decision.pk, "青监〔2024〕7号", 2, facts)
    assert [(each["kind"], each["label"]) for each in kept["measures"]] == [("administrative.demerit", "行政记过")]
    assert [(period["starts_on"], period["last_day"]) for period in kept["periods"]] == [("2024-03-15", "2025-03-14")]
    stored = bytes(Decision.objects.values_list("facts_sealed", flat=True).get(pk=decision.pk) or b"")
    assert facts.encode() not in stored
    assert decision.facts() == facts


@pytest.mark.req("K6")
def test_two_hundred_decisions_take_no_more_queries_than_ten(cast: Cast) -> None:
    def several(count: int, name: str) -> Callable[[], Any]:
        someone = [person(cast, f"{name}{number}") for number in range(count)]
        return lambda: record(*(many(one) for one in someone))

    def many(someone: Person) -> NewDecision:
        return new(cast, someone, "党内警告", effective=MARCH_15)

    counted = []
    for count, name in ((10, "甲"), (10, "乙"), (40, "丙")):
        act = several(count, name)
        with CaptureQueriesContext(
            connection,
        ) as seen:
            act()
        counted.append(len(seen))
    # SQLite takes at most 999 values a statement, so a few statements more; never one a row.
    assert counted[1] <= counted[0]
    assert counted[2] <= counted[1] + 12


def test_the_log_is_made_with_the_first_decision_on_an_organ(cast: Cast) -> None:
    before = Log.objects.get(kind="organ", ref=cast.commission.pk).head_seq
    record(new(cast, None, "党内警告", effective=ENTERED, secret=True, acts_until=None))
    assert Log.objects.get(kind="organ", ref=cast.commission.pk).head_seq == before + 1
