"""Forty-nine recommended and promoted in a year can be counted just so, in post and in grade apart (D3)."""

from datetime import UTC, date, datetime

import pytest
import time_machine

from tests.support.cast import Cast
from youwei.cases.by_hand import open_by_hand
from youwei.cases.commands import act
from youwei.cases.models import Case
from youwei.engine.types import EntryKind
from youwei.journal.actors import Actor
from youwei.people.commands import build, register_many
from youwei.people.models import Person
from youwei.statistics.procedures import table

pytestmark = [pytest.mark.django_db, pytest.mark.req("D3")]
DAY, CLERK = date(2023, 9, 28), Actor("方知行")
AT = datetime(2023, 9, 28, 1, 30, tzinfo=UTC)
POST, GRADE, NOT_TAKEN = 30, 19, 2


def recommend(cast: Cast, someone: Person, result: str) -> Case:
    """One recommendation from the proposal to its result."""
    case = open_by_hand(
        thing=someone, family="recommend-use", role="office", organ=cast.commission, said={"organ.organization": str(cast.bureau.pk)},
        by=CLERK, on=DAY, at=AT, today=DAY,
    )  # fmt: skip
    four = {"understanding": "检查材料", "change": "两次回访", "results": "年度考核", "masses": "听取6人意见"}
    more = {"why": "暂无岗位"} if result == "暂未采纳" else {"number": "任〔2023〕1号"}
    steps = [
        ("propose", {"intent": "晋升职级", **four}),
        ("approve", {"opinion": "同意", "decision": "同意推荐"}),
        ("send", {"number": "函〔2023〕1号", "to": ["组织部门"]}),
        ("result", {"result": result, **more}),
    ]
    for step, values in steps:
        act(case=case, kind=EntryKind.RECORD, by=CLERK, on=DAY, at=AT, today=DAY, step=step, values=values)
    case.refresh_from_db()
    return case


def again(case: Case, people: list[Person]) -> None:
    """The same end for more people: what is counted is the row of a case."""
    for someone in people:
        case.pk, case.person = None, someone
        case.save(force_insert=True)


def test_promotion_in_post_and_in_grade_are_counted_apart(cast: Cast) -> None:
    with time_machine.travel(AT, tick=False):
        built = [build(organ=cast.bureau, name=f"周{number}") for number in range(POST + GRADE + NOT_TAKEN)]
        people = register_many(built, by=CLERK, on=DAY, at=AT)
        for result, some in (
            ("提拔职务", people[:POST]), ("晋升职级", people[POST : POST + GRADE]), ("暂未采纳", people[POST + GRADE :]),
        ):  # fmt: skip
            one = recommend(cast, some[0], result)
            assert (one.state, one.counted) == ("ended", result)
            again(one, some[1:])
    found = table("recommend-use", cast.district, date(2023, 1, 1), date(2023, 12, 31))
    told = {line.title: (line.cases, len(line.persons)) for line in found.counted}
    assert {title: told[title] for title in ("提拔职务", "晋升职级", "暂未采纳")} == {
        "提拔职务": (30, 30), "晋升职级": (19, 19), "暂未采纳": (2, 2)
    }  # fmt: skip
    assert told["提拔职务"][1] + told["晋升职级"][1] == 49
