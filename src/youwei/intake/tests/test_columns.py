"""Columns in any order, renamed, split, merged, under two rows of headers."""

import io
from typing import Any

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from youwei.intake.columns import ASK, SKIP, SURE, key_of
from youwei.intake.parse import Table
from youwei.intake.tests import ledgers
from youwei.intake.tests.rules import table

ROWS = ledgers.lines(12)
PLAIN = [row.values for row in table(ledgers.workbook(ROWS)).rows]


def fields(read: Table) -> dict[str, str]:
    return {column.header: column.field for column in read.columns}


@pytest.mark.req("A1")
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.permutations(ledgers.HEADERS))
def test_the_order_of_the_columns_does_not_matter(headers: list[str]) -> None:
    assert [row.values for row in table(ledgers.workbook(ROWS, headers)).rows] == PLAIN


@pytest.mark.req("A1")
def test_renamed_columns_are_matched() -> None:
    renamed = {
        "姓名": "被处分人姓名",
        "出生年月": "出生日期\n（年月日）",
        "身份证号": "公民身份号码*",
        "单位及职务": "工作单位职务",
        "问题类别": "违纪类型",
        "主要事实": "主要违纪事实",
        "四种形态": "运用形态",
        "党纪处分": "党内处分种类",
        "政务处分": "政务（行政）处分",
        "组织处理": "组织措施",
        "决定文号": "处分决定书文号",
        "决定机关": "作出处分机关",
        "决定日期": "处分时间",
        "生效日期": "影响期起算日期",
        "是否涉密": "密 级",
    }
    read = table(ledgers.workbook(ROWS, renamed=renamed))
    assert [row.values for row in read.rows] == PLAIN
    assert {column.certainty for column in read.columns} == {SURE}


def test_a_header_merely_alike_is_matched_and_asked() -> None:
    read = table(ledgers.workbook(ROWS, renamed={"决定日期": "党纪处分决定的日期", "问题类别": "违纪问题的类型"}))
    asked = {column.header: column.field for column in read.columns if column.certainty == ASK}
    assert asked == {"党纪处分决定的日期": "decided_on", "违纪问题的类型": "category"}
    assert [row.values for row in read.rows] == PLAIN


def test_an_unheard_of_header_is_told_by_its_content_and_asked() -> None:
    read = table(ledgers.workbook(ROWS, renamed={"身份证号": "证号", "性别": "其一"}))
    asked = {column.header: column.field for column in read.columns if column.certainty == ASK}
    assert asked == {"证号": "id_number", "其一": "sex"}


def test_a_header_whose_content_is_something_else_is_asked() -> None:
    swapped = [{**row, "决定日期": row["主要事实"]} for row in ROWS]
    column = next(each for each in table(ledgers.workbook(swapped)).columns if each.header == "决定日期")
    assert column.certainty == ASK
    assert "内容多数不像" in column.why


@pytest.mark.req("A1")
def test_unit_and_post_in_two_columns_are_the_same_rows() -> None:
    split = []
    for row, values in zip(ROWS, PLAIN, strict=True):
        split.append({**row, "单位": values["unit"], "职务": values["post"]})
    headers = [*(each for each in ledgers.HEADERS if each != "单位及职务"), "单位", "职务"]
    assert [row.values for row in table(ledgers.workbook(split, headers)).rows] == PLAIN


@pytest.mark.parametrize("name", ["单位", "职务"])
def test_unit_and_post_under_the_name_of_one_of_them_are_split_and_asked(name: str) -> None:
    read = table(ledgers.workbook(ROWS, renamed={"单位及职务": name}))
    assert [row.values for row in read.rows] == PLAIN
    assert next(each for each in read.columns if each.header == name).certainty == ASK


@pytest.mark.req("A1")
@pytest.mark.parametrize("joint", ["、", "+", "，", "\n", "和"])
def test_all_measures_in_one_column_are_told_apart(joint: str) -> None:
    merged = [
        {**row, "处分种类": joint.join(row[each] for each in ("党纪处分", "政务处分", "组织处理") if row[each])}
        for row in ROWS
    ]
    headers = [*(each for each in ledgers.HEADERS if each not in {"党纪处分", "政务处分", "组织处理"}), "处分种类"]
    assert [row.values for row in table(ledgers.workbook(merged, headers)).rows] == PLAIN


def two_rows_of_headers() -> bytes:
    held = io.BytesIO()
    book = xlsxwriter.Workbook(held, {"in_memory": True, "default_date_format": "yyyy-mm-dd"})
    page = book.add_worksheet()
    groups = {
        "党纪处分": "处分处理情况",
        "政务处分": "处分处理情况",
        "组织处理": "处分处理情况",
        "决定文号": "决定",
        "决定机关": "决定",
        "决定日期": "决定",
    }
    below = {"党纪处分": "党纪", "政务处分": "政务", "决定文号": "文号", "决定机关": "机关", "决定日期": "日期"}
    for column, header in enumerate(ledgers.HEADERS):
        if header in groups:
            page.write_string(1, column, below.get(header, header))
        else:
            page.merge_range(0, column, 1, column, header)
    page.merge_range(0, 14, 0, 16, "处分处理情况")
    page.merge_range(0, 17, 0, 19, "决定")
    for at, row in enumerate(ROWS, 2):
        for column, header in enumerate(ledgers.HEADERS):
            if row[header] != "":
                page.write(at, column, row[header])
    book.close()
    return held.getvalue()


@pytest.mark.req("A1")
def test_two_rows_of_headers_with_merged_cells_are_read_as_one() -> None:
    read = table(two_rows_of_headers())
    assert [row.values for row in read.rows] == PLAIN
    assert [row.number for row in read.rows] == list(range(3, 15))


def test_a_choice_by_hand_goes_before_everything() -> None:
    at = str(ledgers.HEADERS.index("备注"))
    read = table(ledgers.workbook([{**row, "备注": "柜三"} for row in ROWS]), mapping={at: "shelf"})
    assert {row.values["shelf"] for row in read.rows} == {"柜三"}
    assert table(ledgers.workbook(ROWS), mapping={at: ""}).columns[int(at)].certainty == SKIP


def test_a_remembered_column_is_matched_by_its_header() -> None:
    read = table(ledgers.workbook(ROWS, renamed={"备注": "本局编码 "}), remembered={key_of("本局编码"): "shelf"})
    assert read.columns[-1].field == "shelf"
    assert read.columns[-1].why == "本机关上次的对应"


def test_periods_ages_and_family_are_left_out_with_a_reason() -> None:
    extra: list[dict[str, Any]] = [{**row, "影响期止": "2024.1.1", "年龄": 40, "配偶": "某"} for row in ROWS]
    read = table(ledgers.workbook(extra, [*ledgers.HEADERS, "影响期止", "年龄", "配偶"]))
    why = {column.header: column.why for column in read.columns if column.certainty == SKIP}
    assert why == {
        "影响期止": "影响期、处分期由系统按规定计算",
        "年龄": "年龄由出生年月算出",
        "配偶": "家庭、健康和联系方式不收",
    }


def test_missing_columns_are_named() -> None:
    read = table(ledgers.workbook(ROWS, ["姓名", "性别", "单位及职务"]))
    assert read.missing == ("决定日期", "处分（处理）种类")
