"""Whole ledgers: the traits of the real ones, their faults, and nothing lost."""

import warnings
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from youwei.intake.parse import Row
from youwei.intake.tests import ledgers
from youwei.intake.tests.rules import CURRENT, HISTORY, by_serial, table

SHARED = Path(__file__).resolve().parents[5] / "shared" / "data"


def shared(name: str) -> bytes:
    path = SHARED / name
    if not path.exists():
        warnings.warn(f"{name} is not here: the sample ledgers are not tested", UserWarning, stacklevel=2)
        pytest.skip(f"{name} is not here: the sample ledgers are not tested")
    return path.read_bytes()


def faults(rows: Mapping[int, Row]) -> dict[int, str]:
    return {serial: row.faults[0].code for serial, row in rows.items() if row.faults}


@pytest.mark.req("A1")
def test_a_sound_ledger_with_titles_blanks_and_seven_spellings_is_read_whole() -> None:
    read = table(ledgers.workbook(ledgers.lines(60), blank_every=7))
    assert read.header_row == 3
    assert len(read.rows) == 60
    assert not any(row.faults or row.warnings for row in read.rows)
    assert all(column.certainty == "确定" for column in read.columns)
    first = read.rows[0].values
    assert (first["name"], first["unit"], first["post"], first["region"]) == (
        "试乙",
        "青溪区三岔镇人民政府",
        "教师",
        "青溪区",
    )
    assert (first["decided_on"], first["effective_on"], first["born"]) == ("2022-03-04", "2022-03-04", "1970-04-12")
    assert [each["id"] for each in first["measures"]] == ["party.warning"]


@pytest.mark.req("A1")
def test_a_blank_effective_date_is_the_decision_date_and_said_so() -> None:
    row = by_serial(table(ledgers.workbook(ledgers.lines(12))))[11]
    assert row.values["effective_on"] == row.values["decided_on"] == "2022-04-03"
    assert any("没有写生效日期，按决定日期算" in note for note in row.notes)


@pytest.mark.req("A1")
@pytest.mark.parametrize("rules", [CURRENT, HISTORY])
def test_fourteen_faults_are_caught_explained_and_nothing_else_is_lost(rules: Any) -> None:
    rows = by_serial(table(ledgers.with_fourteen_faults(), rules))
    assert len(rows) == 90
    assert faults(rows) == ledgers.FOURTEEN
    assert all(len(row.faults) == 1 for row in rows.values() if row.faults)
    said = {serial: rows[serial].faults[0] for serial in ledgers.FOURTEEN}
    assert said[6].message == "没有姓名"
    assert said[19].message == "没有这一天：2023年2月只有28天"
    assert "校验不符" in said[32].message
    assert said[45].message == "不认识这种处分（处理）：口头警告处分"
    assert "党内警告" in said[45].remedy
    assert said[58].message == "生效日期（2023-04-01）早于决定日期（2023-05-01）"
    assert "与第73行（序号70）是同一条" in said[71].message
    assert "与第73行（序号70）是同一条" in said[72].message
    assert said[84].message == "没有写任何处分或处理"
    assert all(each.remedy for each in said.values())


@pytest.mark.req("A1")
def test_the_sample_with_faults_has_exactly_its_fourteen() -> None:
    rows = by_serial(table(shared("ledger-with-errors.xlsx")))
    assert len(rows) == 90
    assert faults(rows) == ledgers.FOURTEEN


@pytest.mark.req("A1", "H2")
def test_the_sample_of_a_city_is_read_whole_with_its_secret_rows_as_stubs() -> None:
    read = table(shared("ledger-city.xlsx"), HISTORY)
    assert Counter(row.kind for row in read.rows) == {"data": 3547, "stub": 35}
    assert not any(row.faults for row in read.rows)
    assert Counter(row.values["form"] for row in read.rows) == {1: 2263, 2: 1025, 3: 161, 4: 133}
    labels = Counter(each["label"] for row in read.rows for each in row.values["measures"])
    assert (labels["党内警告"], labels["行政记过"], labels["政务记过"], labels["留党察看二年"]) == (610, 115, 43, 52)
    regions = Counter(row.values["region"] for row in read.rows if row.kind == "data")
    assert regions == {
        "临湖县": 480,
        "云台县": 521,
        "望江区": 502,
        "白鹭市": 522,
        "石桥县": 518,
        "青溪区": 516,
        "高新区": 488,
    }
    years = Counter(row.values["decided_on"][:4] for row in read.rows if row.kind == "data")
    assert years == {"2016": 1140, "2017": 1216, "2018": 1191}


@pytest.mark.req("A1")
def test_the_sample_of_a_county_is_read_whole() -> None:
    read = table(shared("ledger-county.xlsx"))
    assert Counter(row.kind for row in read.rows) == {"data": 119, "stub": 1}
    assert not any(row.faults for row in read.rows)


@pytest.mark.req("A1")
def test_a_form_that_does_not_fit_its_measure_is_a_warning_not_a_refusal() -> None:
    row = table(
        ledgers.workbook([ledgers.line(1, 四种形态="第三种形态", 党纪处分="党内警告", 政务处分="", 组织处理="")])
    ).rows[0]
    assert not row.faults
    assert [each.message for each in row.warnings] == ["写的是第三种形态，而党内警告一般属于第二种形态"]


VILLAGE = {
    "单位及职务": "白石镇白石村党支部书记",
    "政务处分": "政务撤职",
    "党纪处分": "",
    "决定日期": "2024-03-12",
    "生效日期": "2024-03-12",
}


@pytest.mark.req("A2")
def test_village_staff_dismissed_is_refused_with_the_article() -> None:
    row = table(ledgers.workbook([ledgers.line(3, **VILLAGE)])).rows[0]
    (fault,) = row.faults
    assert (fault.code, fault.field, row.values["kind"]) == ("person_kind", "administrative", "村干部")
    assert "第二十二条" in fault.message
    assert "只能给予政务警告、政务记过、政务记大过" in fault.message
    assert "改为警告、记过或者记大过" in fault.remedy


@pytest.mark.req("A2")
def test_a_ledger_of_the_past_takes_it_as_it_is_and_marks_it() -> None:
    row = table(ledgers.workbook([ledgers.line(3, **VILLAGE)]), HISTORY).rows[0]
    assert not row.faults
    assert any("第二十二条" in each.message for each in row.warnings)


@pytest.mark.req("A2")
@pytest.mark.parametrize(
    ("changes", "refused"),
    [
        ({"单位及职务": "白石镇白石村驻村第一书记"}, False),
        ({"单位及职务": "白石镇人民政府副镇长"}, False),
        ({"决定日期": "2019-03-12", "生效日期": "2019-03-12"}, False),
        ({"政务处分": "政务记过"}, False),
        ({"单位及职务": "白石镇人民政府科员", "人员类别": "村干部"}, True),
        ({"人员类别": "公务员"}, False),
        ({"单位及职务": "白石镇人民政府科员", "人员类别": "退休人员", "政务处分": "政务警告"}, True),
    ],
)
def test_who_can_receive_what_goes_by_the_kind_of_person(changes: dict[str, str], refused: bool) -> None:
    headers = (*ledgers.HEADERS, "人员类别")
    row = table(ledgers.workbook([ledgers.line(3, **{**VILLAGE, **changes})], headers)).rows[0]
    assert [each.code for each in row.faults] == ["person_kind"] * refused


def test_birth_and_sex_that_contradict_the_identity_number_are_warned_of() -> None:
    row = table(ledgers.workbook([ledgers.line(1, 出生年月="1971.01", 性别="女")])).rows[0]
    assert not row.faults
    assert {each.field for each in row.warnings} == {"born", "sex"}


@pytest.mark.req("J1")
@pytest.mark.parametrize("cell", ["", "不详", "2015年"])
def test_an_unknown_decision_date_is_a_warning_in_history_and_a_fault_otherwise(cell: str) -> None:
    data = ledgers.workbook([ledgers.line(1, 决定日期=cell, 生效日期="")])
    now, then = table(data).rows[0], table(data, HISTORY).rows[0]
    assert [each.code for each in now.faults] == ["date"]
    assert not then.faults
    assert "decided_on" not in then.values
    assert any("按不详收入" in each.message for each in then.warnings)


@pytest.mark.parametrize(
    ("header", "cell"), [("决定日期", "2031-01-01"), ("决定日期", "1931-01-01"), ("出生年月", "1970-02-30")]
)
def test_dates_to_come_dates_before_1949_and_days_that_never_were_are_refused(header: str, cell: str) -> None:
    row = table(ledgers.workbook([ledgers.line(1, **{header: cell})])).rows[0]
    assert [each.code for each in row.faults] == ["date"]


@pytest.mark.parametrize("cell", ["试甲、试乙", "12345", "试"])
def test_what_is_no_name_is_refused(cell: str) -> None:
    assert [each.code for each in table(ledgers.workbook([ledgers.line(1, 姓名=cell)])).rows[0].faults] == ["name"]


def test_totals_remarks_and_repeated_headers_are_no_rows_and_are_listed() -> None:
    rows = ledgers.lines(4)
    rows.insert(2, {header: header for header in ledgers.HEADERS})
    rows.append({"序号": "合计", "主要事实": "4件"})
    rows.append({"序号": "注：本表由审理室填报"})
    rows.append({"序号": 5})
    read = table(ledgers.workbook(rows))
    assert len(read.rows) == 4
    assert [number for number, _ in read.skipped] == [6, 9, 10, 11]


def test_a_row_survives_being_written_as_json() -> None:
    for row in table(ledgers.with_fourteen_faults()).rows:
        assert Row.from_json(row.to_json()) == row
