"""An adverse fact enters an appraisal only when it was concluded, was put to the person, and the answer stands beside it."""

from datetime import date
from types import MappingProxyType
from typing import Any

import pytest

from youwei.engine.adverse import adverse_faults
from youwei.rulebook.pack_kinds import ADVERSE, adverse_columns
from youwei.rulebook.pack_types import Field, FieldType, Step
from youwei.rulebook.packs import released_packs

pytestmark = pytest.mark.req("K2")
FIELD = Field("adverse", "不利事实", FieldType.ROWS, of=MappingProxyType(adverse_columns()), subject=ADVERSE)
STEP = Step("assess", "考核", "考核", form=MappingProxyType({"adverse": FIELD}))
DAY = date(2025, 3, 20)
SOUND = {
    "fact": "迟到两次", "source": "监督检查结论", "number": "例纪检〔2025〕9号", "concluded_on": date(2025, 2, 10),
    "put_on": date(2025, 2, 12), "answer": "路上修路，已改走别处",
}  # fmt: skip


def said(**changed: Any) -> dict[str, str]:
    row = {name: value for name, value in {**SOUND, **changed}.items() if value is not None}
    return {fault.field: fault.message for fault in adverse_faults(STEP, DAY, {"adverse": [row]})}


@pytest.mark.parametrize(
    ("procedure", "step"),
    [
        ("jingzhou-visit", "assess"), ("tianqiao-visit", "known"), ("yinzhou-visit", "appraise"), ("haishu-visit", "appraise"),
        ("zhenhai-visit", "appraise"), ("campaign-visit", "feedback"), ("mentoring", "close"), ("recall", "appraise"),
        ("rights-restoration", "discuss"),
    ],
)  # fmt: skip
def test_whatever_appraises_somebody_has_a_place_for_what_was_concluded_and_answered(procedure: str, step: str) -> None:
    pack = next(pack for ref, pack in released_packs().items() if ref.procedure == procedure)
    (field,) = [each for each in pack.steps[step].form.values() if each.subject == ADVERSE]
    assert not field.required, "mostly there is nothing"


def test_a_concluded_fact_with_the_answer_or_with_its_refusal_may_stand() -> None:
    assert said() == {}
    assert said(answer=None, refused=True) == {}
    assert said(put_on=SOUND["concluded_on"]) == {}, "told on the very day"


def test_the_columns_ask_for_conclusion_number_days_and_leave_no_place_for_an_open_report() -> None:
    columns = adverse_columns()
    assert [name for name, column in columns.items() if column.required] == [
        "fact", "source", "number", "concluded_on", "put_on",
    ]  # fmt: skip
    assert all(choice.title.endswith(("决定", "结论")) for choice in columns["source"].choices)


@pytest.mark.parametrize(
    ("changed", "column", "words"),
    [
        ({"concluded_on": date(2025, 3, 21), "put_on": None}, "concluded_on", "尚未作出结论"),
        ({"put_on": date(2025, 3, 21)}, "put_on", "在本次之后"),
        ({"put_on": date(2025, 2, 9)}, "put_on", "早于结论日期2025年2月10日"),
        ({"answer": None}, "answer", "没有本人的说明"),
        ({"answer": "  "}, "answer", "没有本人的说明"),
        ({"refused": True}, "refused", "又选了"),
    ],
)
def test_anything_else_is_refused_at_its_cell(changed: dict[str, Any], column: str, words: str) -> None:
    found = said(**changed)
    assert list(found) == [f"adverse.1.{column}"]
    assert words in found[f"adverse.1.{column}"]


def test_cells_of_the_wrong_type_are_left_to_the_form_and_break_nothing() -> None:
    assert said(concluded_on="去年", put_on="昨天") == {}
    assert adverse_faults(STEP, DAY, {"adverse": "无"}) == []
    assert adverse_faults(STEP, DAY, {"adverse": ["无"]}) == []
