"""What is answered one by one stands beside its answer, and is counted in the order in which it came."""

import pytest
import time_machine

from tests.support.cast import Cast
from youwei.cases.queries import view
from youwei.desk.cases.shown import shown
from youwei.documents import commands
from youwei.documents.tests.test_of_reuse import AT, CLERK, DAY, DISCLOSED, begun, go_through
from youwei.organs.policy import reader


@pytest.mark.django_db
@pytest.mark.req("D4")
def test_who_answers_an_objection_reads_that_one_beside_the_form(cast: Cast) -> None:
    with time_machine.travel(AT, tick=False):
        case = begun(cast, "reuse", "office")
        go_through(cast, case, DISCLOSED)
        for text in ("有一项工程没有验收", "任期内的账没有结清"):
            step = view(case, DAY).pack.steps["objection"]
            commands.record(
                case=case, step=step, key="", by=CLERK, account=cast.leader, on=DAY, at=AT, today=DAY, values={"content": text}
            )  # fmt: skip
            case.refresh_from_db()
        now = view(case, DAY)
        answers = [item for item in now.plan.items if item.step == "answer"]
        assert [item.title for item in answers] == ["意见的核实结论（第1次）", "意见的核实结论（第2次）"]
        beside = shown(reader(cast.leader, DAY), now, now.pack.steps["answer"], answers[1].key)
    assert [each.fields for each in beside] == [(("意见内容（不写反映人）", "任期内的账没有结清"),)]
