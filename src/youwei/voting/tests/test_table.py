"""The table of a vote comes out as Word where the pack lists its template: that of Tianqiao does."""

import io
from datetime import date
from typing import Any

import pytest
from docx import Document

from tests.support.cast import Cast
from youwei.cases.models import Case
from youwei.cases.queries import view
from youwei.cases.tests.builders import CLERK, case_of, moment
from youwei.cases.tests.tianqiao import planned
from youwei.documents.models import Paper
from youwei.journal.sealing import unseal
from youwei.voting import commands, queries

pytestmark = [pytest.mark.django_db, pytest.mark.req("B2", "I3")]
DAY = date(2026, 3, 18)
NAMES = ["岑伯安", "乐山川", "查云岫", "解文舟", "甘棠"]
WELL = {"thinking": "好", "mending": "较好", "spirit": "好", "conduct": "好", "results": "一般"}
POOR = {"thinking": "差", "mending": "差", "spirit": "一般", "conduct": "一般"}


def printed(case: Case) -> list[list[list[str]]]:
    """The tables of the paper, cell by cell."""
    paper = Paper.objects.get(case=case, kind="appraisal-table")
    assert paper.title == "民主评议汇总表"
    document = Document(io.BytesIO(unseal(bytes(paper.sealed), place="paper")))
    return [[[cell.text for cell in row.cells] for row in table.rows] for table in document.tables]


@pytest.fixture
def case(cast: Cast) -> Case:
    made = case_of(cast, "tianqiao-visit", opened=DAY)
    planned(made, DAY)
    return made


def test_the_table_of_a_vote_is_printed_with_every_grade_of_every_item(case: Case, cast: Cast) -> None:
    step = view(case, DAY).pack.steps["appraisal"]
    stamp: dict[str, Any] = {"by": CLERK, "on": DAY, "at": moment(DAY)}
    vote = commands.open_vote(case=case, step=step, key="", electors=NAMES, on_paper=0, **stamp)
    ballots = [(WELL, "多到现场"), (WELL, ""), (POOR, ""), ({}, "")]
    for text, (marks, remark) in zip(commands.make_slips(vote=vote, **stamp), ballots, strict=False):
        found = queries.vote_of(text)
        assert found is not None
        commands.cast(vote=found[0], code=found[1], marks=marks, remark=remark)
    commands.close(vote=vote, account=cast.officer, today=DAY, **stamp)
    head, counted, remarks = printed(case)
    said = dict(head)
    assert [said[label] for label in ("方式", "应参加人数", "实际参加人数", "无效票")] == ["无记名投票", "5", "4", "1"]
    # Four ballots, one of them empty and so void; two well, one poor that leaves the results blank.
    assert counted == [
        ["项目", "好", "较好", "一般", "差", "弃权", "该项无效"],
        ["思想认识", "2", "0", "0", "1", "0", "0"],
        ["问题整改", "0", "2", "0", "1", "0", "0"],
        ["精神状态", "2", "0", "1", "0", "0", "0"],
        ["现实表现", "2", "0", "1", "0", "0", "0"],
        ["工作实绩", "0", "0", "2", "0", "1", "0"],
    ]
    assert remarks == [["意见"], ["多到现场"]]


def test_signed_opinions_of_the_few_are_printed_with_their_names(case: Case, cast: Cast) -> None:
    step = view(case, DAY).pack.steps["appraisal"]
    opinions = [{"member": "岑伯安", "thinking": "好", "view": "改得实在"}, {"member": "甘棠", "thinking": "较好"}]
    commands.sign_opinions(
        case=case,
        step=step,
        key="",
        opinions=opinions,
        account=cast.officer,
        by=CLERK,
        on=DAY,
        at=moment(DAY),
        today=DAY,
    )
    _, counted, signed = printed(case)
    assert counted[1] == ["思想认识", "1", "1", "0", "0", "0", "0"]
    assert [(row[0], row[1], row[-1]) for row in signed[1:]] == [("岑伯安", "好", "改得实在"), ("甘棠", "较好", "")]
