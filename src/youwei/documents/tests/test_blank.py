"""The form to fill in by hand: every field with room to write, the text to be signed in full, and a code that leads back."""

import io
from datetime import date
from pathlib import Path

import pytest
from docx import Document
from pytest_django.fixtures import Settings

from tests.support.cast import Cast
from youwei.cases.codes import code_of, read_code
from youwei.cases.models import Case
from youwei.cases.queries import view
from youwei.cases.tests.builders import begun, case_of, record
from youwei.documents.blank import DAY, Blank, Space, blank
from youwei.documents.blank_word import word

pytestmark = [pytest.mark.django_db, pytest.mark.req("J2")]
TODAY = date(2026, 6, 17)
TEST_PACKS = Path(__file__).resolve().parents[2] / "cases" / "tests" / "packs"


def form(case: Case, step: str, key: str = "") -> Blank:
    shown = view(case, TODAY)
    item = shown.plan.item(step, key)
    assert item is not None
    return blank(shown, item)


def spaces(found: Blank) -> dict[str, Space]:
    return {space.title: space for space in found.spaces}


def text_of(data: bytes) -> str:
    document = Document(io.BytesIO(data))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    head = [paragraph.text for section in document.sections for paragraph in section.header.paragraphs]
    return "\n".join([*head, *(paragraph.text for paragraph in document.paragraphs), *cells])


def test_every_field_of_a_step_has_room_and_says_when_it_is_filled_in(cast: Cast) -> None:
    case = case_of(cast)
    begun(case)
    found = form(case, "visit", "1")
    step = view(case, TODAY).pack.steps["visit"]
    assert [space.title for space in found.spaces] == ["回访日期", *(field.title for field in step.form.values())]
    room = spaces(found)
    assert room["回访日期"].given == DAY
    assert room["结果"].boxes == ("已进行", "本人推迟", "本人拒绝", "因故未进行")
    assert room["结果"].required
    assert room["是否按计划进行"].boxes == ("是", "否")
    assert "“结果”是“已进行”的填写" in room["地点"].note
    assert not room["地点"].required, "asked for only then"
    assert room["听取了谁的情况"].note.startswith("“结果”是“已进行”的填写；可选多项")
    assert room["回访记录"].lines == 5
    assert room["下次日期"].given == DAY
    assert "没有填写“下次日期”的填写" in room["不再安排的理由"].note
    assert found.hands == ("回访对象核对无误", "回访教育小组")


def test_the_form_names_person_case_and_step_and_bears_a_code_that_leads_back(cast: Cast) -> None:
    case = case_of(cast)
    begun(case)
    found = form(case, "visit", "1")
    facts = dict(found.facts)
    assert (facts["姓名"], facts["单位"], found.case) == ("许南舟", cast.bureau.name, case.title)
    assert found.code == code_of(case.pk, "visit", "1")
    read = read_code(found.code)
    assert read is not None
    assert read[0] == case.pk


def test_the_word_file_holds_every_field_its_boxes_and_the_code_on_every_page(cast: Cast) -> None:
    case = case_of(cast)
    begun(case)
    found = form(case, "visit", "1")
    text = text_of(word(found))
    for space in found.spaces:
        assert space.title in text
        assert all(f"□ {box}" in text for box in space.boxes)
    assert f"编码 {found.code}" in text.splitlines()[0]
    assert "许南舟" in text


def test_an_approval_is_printed_with_the_text_it_is_about(cast: Cast) -> None:
    case = case_of(cast, "announcement")
    record(case, "exemption", date(2026, 3, 18), {"ground": "个人隐私", "explanation": "涉及本人病情"})
    found = form(case, "approve_exemption")
    (text,) = found.texts
    assert text.fields == (("不予公开宣布的理由", "个人隐私"), ("具体说明", "涉及本人病情"))
    assert spaces(found)["审批意见"].lines == 5
    assert "涉及本人病情" in text_of(word(found))


def test_a_text_to_be_signed_is_printed_in_full_with_a_place_for_every_missing_role(
    cast: Cast, settings: Settings
) -> None:
    settings.PACKS = TEST_PACKS
    case = case_of(cast, "joint")
    record(case, "advise", date(2026, 3, 18), {"advice": "可以继续使用"})
    found = form(case, "advise")
    assert found.texts[0].fields == (("意见", "可以继续使用"),)
    assert [space.title for space in found.spaces] == [
        "分管领导意见",
        "分管领导签名、日期",
        "组织部门意见",
        "组织部门签名、日期",
    ]
    assert found.spaces[0].boxes == ("同意", "退回修改")
    assert "可以继续使用" in text_of(word(found))


def test_rows_are_a_table_with_empty_lines_and_names_have_lines(cast: Cast) -> None:
    room = spaces(form(case_of(cast, "statutory-announcement"), "announce"))
    table = room["参会人员"]
    assert (table.columns, table.rows) == (("姓名", "职务", "到会（是／否）"), 6)
    assert spaces(form(case_of(cast, name="邵文彬"), "group"))["小组成员"].lines == 2
