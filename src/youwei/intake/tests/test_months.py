"""Months an organ chose itself, as a column of a ledger, and the severe warning given in place of a removal, by its wording."""

from typing import Any

import pytest

from youwei.intake.columns import Column
from youwei.intake.fields import BY_KEY
from youwei.intake.parse import Row, RowReader
from youwei.intake.reading import Rules
from youwei.intake.tests.rules import CURRENT, HISTORY

pytestmark = pytest.mark.req("A1", "A2")

CELLS = {
    "name": "试乙", "number": "青纪发〔2024〕7号", "decided_on": "2024-03-15", "form": "第二种形态", "acts_until": "2023-05-01",
}  # fmt: skip


def read(rules: Rules = CURRENT, **more: str) -> Row:
    cells: dict[str, Any] = CELLS | more
    columns = [Column(place, BY_KEY[key].title, key, "确定", "") for place, key in enumerate(cells)]
    row = RowReader(columns, rules).read(1, list(cells.values()))
    assert isinstance(row, Row)
    return row


@pytest.mark.parametrize("cell", ["30", "30个月", "30.0", " 30 月"])
def test_the_months_go_with_the_measure_of_their_family(cell: str) -> None:
    row = read(party="党内警告", administrative="政务记大过", administrative_months=cell)
    assert not row.faults
    assert {each["id"]: each.get("months") for each in row.values["measures"]} == {
        "party.warning": None, "administrative.major_demerit": 30,
    }  # fmt: skip


@pytest.mark.parametrize("cell", ["", "无", "—"])
def test_no_months_are_the_laws_own(cell: str) -> None:
    row = read(party="留党察看一年", party_months=cell)
    assert not row.faults
    assert "months" not in row.values["measures"][0]


@pytest.mark.parametrize("rules", [CURRENT, HISTORY])
@pytest.mark.parametrize(
    ("cells", "field", "told"),
    [
        ({"party": "留党察看一年", "party_months": "36"}, "party_months", "不能填 36"),
        ({"party": "党内警告", "party_months": "24"}, "party_months", "不由机关另定"),
        ({"administrative": "政务记过", "administrative_months": "6"}, "administrative_months", "不在 12 至 48 之间"),
        ({"administrative": "政务记过", "administrative_months": "两年半"}, "administrative_months", "不是月数"),
        ({"party": "党内警告", "administrative_months": "24"}, "administrative_months", "却没有这一类的处分"),
    ],
)  # fmt: skip
def test_months_the_law_does_not_allow_are_refused_with_a_remedy(
    rules: Rules, cells: dict[str, str], field: str, told: str
) -> None:
    (fault,) = read(rules, **cells).faults
    assert (fault.field, bool(fault.remedy)) == (field, True)
    assert told in fault.message


def test_months_of_one_row_are_not_those_of_the_next() -> None:
    """Equal cells are read once; what one row adds must not reach another."""
    keys = [*CELLS, "administrative", "administrative_months"]
    reader = RowReader([Column(place, BY_KEY[key].title, key, "确定", "") for place, key in enumerate(keys)], CURRENT)
    first = reader.read(1, [*CELLS.values(), "政务记大过", "30"])
    second = reader.read(2, [*CELLS.values(), "政务记大过", ""])
    assert isinstance(first, Row)
    assert isinstance(second, Row)
    assert [row.values["measures"][0].get("months") for row in (first, second)] == [30, None]


@pytest.mark.parametrize("cell", ["党内严重警告（代撤销党内职务）", "党内严重警告(因无党内职务)"])
def test_a_severe_warning_in_place_of_a_removal_is_known_by_its_wording(cell: str) -> None:
    row = read(party=cell)
    assert [each["id"] for each in row.values["measures"]] == ["party.severe_warning_instead"]
    assert not row.faults


def test_a_stub_keeps_no_months() -> None:
    row = read(party="留党察看一年", party_months="24", secret="是")
    assert row.kind == "stub"
    assert "24" not in str([*row.values.values()]).replace("2024", "")
