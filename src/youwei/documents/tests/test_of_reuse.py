"""What goes out about somebody who may be used again: a disclosure that everybody may read, a letter that says what it recommends and why."""

import io
from datetime import UTC, date, datetime
from typing import Any

import pytest
import time_machine
from docx import Document

from tests.support.cast import Cast
from youwei.cases.by_hand import open_by_hand
from youwei.cases.logs import pack_of
from youwei.cases.models import Case
from youwei.documents import commands
from youwei.documents.models import Paper
from youwei.journal.actors import Actor
from youwei.people.commands import build, register_many

pytestmark = pytest.mark.django_db
DAY, CLERK = date(2026, 3, 25), Actor("方知行")
AT = datetime(2026, 3, 25, 1, 30, tzinfo=UTC)
DISCLOSED: dict[str, dict[str, Any]] = {
    "propose": {"intent": "重新使用", "post": "规划科科长", "proposer": "钟明远", "need": "缺人", "kind": "违反工作纪律"},
    "discipline_view": {"view": "同意", "reasons": "影响期已满"},
    "enquire": {"conduct": "好", "results": "好", "attitude": "深刻", "masses": "好", "heard": 12},
    "upper_view": {"number": "云组函〔2026〕31号", "to": "云川市委组织部", "view": "同意"},
    "decide": {
        "attendance": [{"id": "a", "member": "钟明远", "present": True, "view": "同意", "vote": "同意"}],
        "proposed_by": "钟明远", "decision": "任用", "reasons": "合适",
    },
    "publish": {
        "way": "单位公示栏", "text": "拟任用许南舟，现予公开。", "until": date(2026, 4, 1), "contact": "干部科 0990-2100201",
    },
}  # fmt: skip


def begun(cast: Cast, procedure: str, role: str) -> Case:
    one = register_many([build(organ=cast.bureau, name="许南舟", post="办公室主任")], by=CLERK, on=DAY, at=AT)[0]
    return open_by_hand(
        thing=one, family=procedure, role=role, organ=cast.commission, said={"organ.organization": str(cast.bureau.pk)}, by=CLERK, on=DAY,
        at=AT, today=DAY,
    )  # fmt: skip


def go_through(cast: Cast, case: Case, steps: dict[str, dict[str, Any]]) -> str:
    """Does the steps; the words of the last one's paper."""
    for name, values in steps.items():
        commands.record(
            case=case, step=pack_of(case).steps[name], key="", by=CLERK, account=cast.leader, on=DAY, at=AT, today=DAY, values=values
        )  # fmt: skip
        case.refresh_from_db()
    return words(Paper.objects.filter(case=case).latest("pk"))


def words(paper: Paper) -> str:
    document = Document(io.BytesIO(paper.data()))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(each.text for each in document.paragraphs), *cells])


@pytest.mark.req("D4")
def test_the_disclosure_tells_who_and_what_post_until_when_and_nothing_of_the_sanction(cast: Cast) -> None:
    with time_machine.travel(AT, tick=False):
        case = begun(cast, "reuse", "office")
        text = go_through(cast, case, DISCLOSED)
    for part in ("许南舟", "办公室主任", "规划科科长", "2026年3月25日至2026年4月1日", "0990-2100201", cast.bureau.name):
        assert part in text
    for part in ("违反工作纪律", "影响期", "签字", "录入", CLERK.name, cast.commission.name):
        assert part not in text


@pytest.mark.req("D3")
def test_the_letter_says_what_is_recommended_and_the_four_grounds_and_its_subject_signs_nothing(cast: Cast) -> None:
    with time_machine.travel(AT, tick=False):
        case = begun(cast, "recommend-use", "office")
        four = {"understanding": "写了检查", "change": "两次回访", "results": "年度优秀", "masses": "听取六人意见"}
        said: dict[str, dict[str, Any]] = {
            "propose": {"intent": "晋升职级", **four},
            "approve": {"opinion": "同意", "decision": "同意推荐"},
            "send": {"number": "青纪函〔2026〕7号", "to": ["组织部门"]},
        }
        text = go_through(cast, case, said)
    for part in (
        *four.values(),
        "晋升职级",
        "青纪函〔2026〕7号",
        "组织部门：",
        "未见记录",
        "推荐不是任用",
        cast.commission.name,
    ):
        assert part in text
    assert "本人签字" not in text
    assert "不利事实" not in text  # none was recorded
