"""What was said not to be done: counted by organ, procedure and ground, with the list and the reasons behind each number."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.support.cast import Cast
from youwei.cases.models import Case
from youwei.cases.tests.builders import ANNOUNCED, GROUP, act, case_of, cases_of, record
from youwei.organs.policy import reader
from youwei.statistics.lists import items, ordered
from youwei.statistics.queries import Figures, ask_for, figures, find, rows, table
from youwei.statistics.shapes import Source

pytestmark = [pytest.mark.django_db, pytest.mark.req("J12", "I4")]
FIRST, LAST, TODAY = date(2026, 1, 1), date(2026, 6, 30), date(2026, 7, 1)


def undone(case: Case, step: str, on: date, ground: str, reason: str = "略", **more: Any) -> int:
    return act(case, "not_done", on, step=step, values={"ground": ground}, reason=reason, **more)


@pytest.fixture
def told(cast: Cast) -> tuple[Case, Case]:
    """Three things said not to be done: one owed still, one done afterwards, one left."""
    announcing, visiting = case_of(cast, "statutory-announcement", name="单望舒"), case_of(cast)
    other = case_of(cast, "statutory-announcement", name="温如许")
    undone(announcing, "announce", date(2026, 3, 31), "本人原因", "本人住院")
    undone(other, "announce", date(2026, 4, 1), "本人原因", "本人外出")
    record(other, "announce", date(2026, 4, 20), ANNOUNCED)
    record(visiting, "group", date(2026, 3, 18), GROUP)
    undone(visiting, "mentor", date(2026, 5, 6), "单位原因", "单位正在改制")
    return announcing, visiting


def of(cast: Cast, first: date = FIRST, last: date = LAST) -> Figures:
    return figures(cast.district, first, last, today=TODAY)


def test_each_counts_once_by_what_became_of_it_by_ground_and_by_procedure(cast: Cast, told: tuple[Case, Case]) -> None:
    found = {key: figure.value for key, figure in of(cast).by_id.items() if key.startswith("undone")}
    assert found == {
        "undone": 3, "undone.left": 1, "undone.owed": 1, "undone.after": 1, "undone.ground.本人原因": 2, "undone.ground.单位原因": 1,
        "undone.procedure.statutory-announcement": 2, "undone.procedure.jingzhou-visit": 1,
    }  # fmt: skip
    assert of(cast)["undone.procedure.jingzhou-visit"].title == "受处分人员回访教育"


def test_it_counts_in_the_period_in_which_it_was_said(cast: Cast, told: tuple[Case, Case]) -> None:
    assert of(cast, last=date(2026, 3, 31)).value("undone") == 1
    assert of(cast, first=date(2026, 4, 1), last=date(2026, 4, 30)).value("undone") == 1
    assert of(cast, first=date(2026, 6, 1)).value("undone") == 0


def test_what_is_withdrawn_was_never_said(cast: Cast, told: tuple[Case, Case]) -> None:
    act(told[0], "withdraw", date(2026, 4, 2), target=2, reason="记错了事项")
    assert of(cast).value("undone") == 2


def test_the_table_tells_it_by_organ(cast: Cast, told: tuple[Case, Case]) -> None:
    found = table(ask_for(cast.city, FIRST, LAST, today=TODAY), ["undone", "undone.owed"])
    assert {row.title: (row.now["undone"].value, row.now["undone.owed"].value) for row in found.rows} == {
        "青溪区": (3, 1), "白石区": (0, 0)
    }  # fmt: skip


@pytest.mark.parametrize(
    "key",
    [
        "undone",
        "undone.left",
        "undone.owed",
        "undone.after",
        "undone.ground.本人原因",
        "undone.procedure.jingzhou-visit",
    ],
)
def test_the_list_behind_a_number_has_as_many_rows_with_the_reasons(
    cast: Cast, told: tuple[Case, Case], key: str
) -> None:
    ask, who = ask_for(cast.district, FIRST, LAST, today=TODAY), reader(cast.officer, TODAY)
    behind, count = rows(key, ask, who), find(key, ask)
    assert behind is not None
    assert count is not None
    assert behind.count() == of(cast).value(key)  # type: ignore[union-attr]
    lines = items(ordered(behind, Source.NOT_DONE), count, ask, who)  # type: ignore[arg-type]
    if key == "undone.owed":
        assert lines[0].name == "单望舒"
        assert lines[0].cells[-2:] == ("本人原因，本人住院", "仍须办理")


def test_nobody_lists_what_lies_outside_the_own_region(cast: Cast, told: tuple[Case, Case]) -> None:
    ask = ask_for(cast.district, FIRST, LAST, today=TODAY)
    assert not rows("undone", ask, reader(cast.outsider, TODAY))


def test_the_list_asks_as_much_for_many_as_for_few(cast: Cast) -> None:
    client, asked = Client(), []
    client.force_login(cast.officer)
    for count in (2, 12):
        for case in cases_of(cast, count, "statutory-announcement"):
            undone(case, "announce", date(2026, 3, 31), "不可抗力")
        address = {"m": "undone", "from": "2026-01-01", "to": "2026-06-30"}
        client.get(reverse("figures-list"), address)
        with CaptureQueriesContext(connection) as captured:
            answer = client.get(reverse("figures-list"), address)
        assert answer.status_code == 200, answer
        asked.append(len(captured))
    assert asked[0] == asked[1]
