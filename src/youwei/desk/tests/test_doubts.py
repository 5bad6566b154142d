"""Everything unsettled about periods in one list, each with the page on which it is settled."""

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from youwei.desk.ledger.doubts import CORRECT, RESTORE, SETTLE
from youwei.desk.tests.factories import City, decide, holder, person, signed_in
from youwei.organs.models import Role

pytestmark = [pytest.mark.django_db, pytest.mark.req("A1", "A2")]


@pytest.fixture
def clerk(place: City) -> Client:
    return signed_in(holder(Role.CASE_OFFICER, place.commission))


def test_each_doubt_stands_in_the_list_with_where_it_is_settled(clerk: Client, place: City) -> None:
    undated = decide(
        person(place.unit, "程雨桐"), place.commission, "党内警告", made_on=None, number="1号", mode="history"
    )
    waiting = decide(person(place.unit, "白石溪"), place.commission, "留党察看一年", number="2号")
    both = person(place.unit, "沈望")
    one = decide(both, place.commission, "党内警告", number="3号")
    decide(both, place.commission, "党内严重警告", number="4号")  # the same day: whether they add up is in doubt
    decide(person(place.unit), place.commission, "党内警告", number="5号")  # nothing in doubt
    rows = clerk.get(reverse("ledger"), {"state": "unsettled"}).context["rows"]
    found = {row.line.key: [each.ways for each in row.doubts] for row in rows}
    assert found[undated.pk] == [(CORRECT,)]
    assert found[waiting.pk] == [(RESTORE, CORRECT)]
    assert found[one.pk] == [(CORRECT, SETTLE)]
    assert len(found) == 3
    html = clerk.get(reverse("ledger"), {"state": "unsettled"}).content.decode()
    assert "恢复党员权利的日期未填写" in html
    for name, row in (("decision-correct", undated), ("decision-restore", waiting), ("decision-settle", one)):
        assert reverse(name, args=[row.pk]) in html


def test_settled_it_leaves_the_list(clerk: Client, place: City) -> None:
    both = person(place.unit, "沈望")
    one = decide(both, place.commission, "党内警告", number="3号")
    decide(both, place.commission, "党内严重警告", number="4号")
    page = reverse("decision-settle", args=[one.pk])
    sent = {bound.html_name: bound.value() or "" for bound in clerk.get(page).context["form"]}
    # By the law of its own: twelve months from 12 March 2026, to 11 March 2027; confirmed as it is.
    day = date(2027, 3, 11)
    sent |= {
        f"last_{one.measures.get().pk}": day.isoformat(),
        "basis": "集体研究",
        "reason": "合并处理",
        "confirm": "1",
    }
    assert clerk.post(page, sent).status_code == 302
    assert one.pk not in {row.line.key for row in clerk.get(reverse("ledger"), {"state": "unsettled"}).context["rows"]}


@pytest.mark.req("I5")
def test_who_may_only_read_is_shown_the_doubt_and_no_way(place: City) -> None:
    decide(person(place.unit, "白石溪"), place.commission, "留党察看一年", number="2号")
    leader = signed_in(holder(Role.LEADER, place.commission))
    (row,) = leader.get(reverse("ledger"), {"state": "unsettled"}).context["rows"]
    assert [each.ways for each in row.doubts] == [()]


def test_the_list_asks_the_same_number_of_questions_for_one_and_for_many(clerk: Client, place: City) -> None:
    counts = []
    for count in (1, 8):
        for number in range(count):
            decide(person(place.unit, "白石溪"), place.commission, "留党察看一年", number=f"{count}-{number}号")
        with CaptureQueriesContext(connection) as seen:
            clerk.get(reverse("ledger"), {"state": "unsettled"})
        counts.append(len(seen))
    assert counts[0] == counts[1]
