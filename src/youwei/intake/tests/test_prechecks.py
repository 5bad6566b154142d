"""What a ledger says of the check before holding to account, and what is said of a row that says nothing (F2)."""

from typing import Any

import pytest

from youwei.intake.prechecks import cell, read_precheck

pytestmark = pytest.mark.req("F2")


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("", None),
        ("/", None),
        ("事项12", {"kind": "case", "case": 12}),
        ("容错审核事项编号：12", {"kind": "case", "case": 12}),
        ("12", {"kind": "case", "case": 12}),
        ("不适用容错：没有经过民主决策", {"kind": "unfit", "why": "没有经过民主决策"}),
        ("不予容错，造成重大损失", {"kind": "unfit", "why": "造成重大损失"}),
        ("不属于问责：本人直接违反工作纪律", {"kind": "not_held", "why": "本人直接违反工作纪律"}),
        ("历史", {"kind": "history"}),
        ("待补", {"kind": "owed"}),
        ("已审核", {"kind": "owed", "why": "已审核", "unread": True}),
        ("不适用容错：", {"kind": "owed", "why": "不适用容错：", "unread": True}),
    ],
)
def test_a_cell_is_read(text: str, read: dict[str, Any] | None) -> None:
    assert read_precheck(text) == read


@pytest.mark.parametrize(
    ("kind", "why", "case"),
    [("unfit", "后果严重", None), ("not_held", "无领导责任", None), ("case", "", 7), ("owed", "", None)],
)
def test_what_a_form_writes_is_read_as_it_was_meant(kind: str, why: str, case: int | None) -> None:
    said = read_precheck(cell(kind, why, case))
    assert said == {"kind": kind} | ({"why": why} if why else {}) | ({"case": case} if case else {})
