"""Names, identity numbers, places, measures and forms as written in cells."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from youwei.intake.cells import clean, closed
from youwei.intake.identity import read_identity
from youwei.intake.lawbook import current_book
from youwei.intake.measures import nearest, read_form, read_measures
from youwei.intake.places import Gazetteer, split_place
from youwei.intake.tests.ledgers import identity


@pytest.mark.req("A1")
@pytest.mark.parametrize(
    ("cell", "name"), [("试　红", "试红"), ("试\u200b红", "试红"), (" 试红\n", "试红"), ("欧阳 试 红", "欧阳试红")]
)
def test_spaces_inside_a_name_go(cell: str, name: str) -> None:
    assert closed(cell) == name


def test_full_width_digits_become_plain_and_chinese_punctuation_stays() -> None:
    assert clean("２０１８年，（试）") == "2018年，（试）"


def test_an_identity_number_with_its_check_digit_tells_birth_and_sex() -> None:
    read = read_identity(identity(date(1980, 1, 2), 123))
    assert (read.born, read.sex, read.problem) == ("1980-01-02", "男", "")


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("990101198001011230", "校验不符"),
        ("99010119800101123", "应为18位"),
        (9.90101198001011e17, "存成了数字"),
        ("9.90101E+17", "存成了数字"),
        ("试990101198001011234", "不该有的字符"),
    ],
)
def test_what_is_wrong_with_an_identity_number_is_said(cell: object, said: str) -> None:
    read = read_identity(cell)
    assert said in read.problem
    assert read.remedy
    assert not read.number


def test_an_old_identity_number_has_fifteen_digits() -> None:
    assert read_identity("990101800102123").born == "1980-01-02"


def test_a_masked_identity_number_is_none() -> None:
    read = read_identity("990101********1234")
    assert (read.number, read.problem) == ("", "")
    assert "遮盖" in read.doubt


@pytest.mark.req("A1")
@pytest.mark.parametrize(
    ("cell", "unit", "post", "region"),
    [
        ("云台县住房和城乡建设局教师", "云台县住房和城乡建设局", "教师", "云台县"),
        ("望江区三岔镇人民政府村党支部书记", "望江区三岔镇人民政府", "村党支部书记", "望江区"),
        ("白石镇白石村党支部书记", "白石镇白石村", "党支部书记", ""),
        ("高新区城投集团党组成员", "高新区城投集团", "党组成员", "高新区"),
        ("云川市青溪区财政局党组书记、局长", "云川市青溪区财政局", "党组书记、局长", "青溪区"),
        ("云台县税务局长", "云台县税务局", "局长", "云台县"),
        ("白鹭市市场监督管理局二级主任科员", "白鹭市市场监督管理局", "二级主任科员", "白鹭市"),
        ("云台县公安局交警大队大队长", "云台县公安局交警大队", "大队长", "云台县"),
        ("城市管理局副局长", "城市管理局", "副局长", ""),
    ],
)
def test_unit_and_post_in_one_cell_are_split(cell: str, unit: str, post: str, region: str) -> None:
    place = split_place(cell)
    assert (place.unit, place.post, place.region) == (unit, post, region)


def test_a_known_organ_goes_before_guessing() -> None:
    known = Gazetteer.of(["云台县试验站", "云台县试验站联络处"], ["云台县"])
    place = split_place("云台县试验站联络处科员", known)
    assert (place.unit, place.post, place.region) == ("云台县试验站联络处", "科员", "云台县")


@pytest.mark.parametrize(
    ("cell", "unit", "post"),
    [
        ("云台县教育局办公室副主任", "云台县教育局", "办公室副主任"),
        ("云台县教育局教研室副主任、党支部书记", "云台县教育局", "教研室副主任、党支部书记"),
        ("云台县纪委监委第一纪检监察室主任", "云台县纪委监委", "第一纪检监察室主任"),
        ("云台县人民政府办公室主任", "云台县人民政府办公室", "主任"),
        ("云台县教育局第二中学教师", "云台县教育局第二中学", "教师"),
    ],
)
def test_an_office_inside_a_known_unit_belongs_to_the_post(cell: str, unit: str, post: str) -> None:
    known = Gazetteer.of(["云台县教育局", "云台县纪委监委", "云台县人民政府"], ["云台县"])
    place = split_place(cell, known)
    assert (place.unit, place.post, place.doubt) == (unit, post, "")


def test_an_office_of_a_unit_that_is_not_on_the_roll_is_pointed_out() -> None:
    place = split_place("云台县水务局办公室副主任")
    assert place.unit == "云台县水务局办公室"
    assert "“云台县水务局”的内设机构" in place.doubt
    assert split_place("云台县民政局副局长").doubt == ""


@pytest.mark.req("A1")
@pytest.mark.parametrize(
    ("cell", "column", "ids"),
    [
        ("党内警告", "party", ["party.warning"]),
        ("警告", "party", ["party.warning"]),
        ("警告", "administrative", ["administrative.warning"]),
        ("行政记过", "administrative", ["administrative.demerit"]),
        ("党内严重警告、政务记过", "measures", ["party.severe_warning", "administrative.demerit"]),
        ("党内严重警告+政务记过", "measures", ["party.severe_warning", "administrative.demerit"]),
        ("给予党内警告处分", "measures", ["party.warning"]),
        ("双开", "measures", ["party.expulsion", "administrative.dismissal"]),
        ("开除党籍和开除公职", "measures", ["party.expulsion", "administrative.dismissal"]),
        ("留党察看一年", "party", ["party.probation_1"]),
        ("诫勉", "handling", ["admonition.admonition"]),
        ("无", "party", []),
        ("/", "party", []),
    ],
)
def test_measures_are_recognised_in_their_column(cell: str, column: str, ids: list[str]) -> None:
    read = read_measures(cell, column, current_book())
    assert [each["id"] for each in read.found] == ids
    assert read.unknown == ()


def test_old_wording_is_kept() -> None:
    assert read_measures("行政记大过", "administrative", current_book()).found[0]["label"] == "行政记大过"


def test_an_unknown_measure_is_named_with_its_neighbours() -> None:
    assert read_measures("口头警告处分", "party", current_book()).unknown == ("口头警告处分",)
    assert "党内警告" in nearest("口头警告处分", current_book())


@pytest.mark.req("H2")
@pytest.mark.parametrize(
    ("cell", "form"),
    [
        ("第一种形态", 1),
        ("第二种", 2),
        ("三", 3),
        ("4", 4),
        ("①", 1),
        ("Ⅱ", 2),
        ("IV", 4),
        ("形态三", 3),
        ("运用第一种形态", 1),
        ("", 0),
        ("/", 0),
        ("第五种形态", None),
        ("好", None),
    ],
)
def test_a_form_is_read_in_its_spellings(cell: str, form: int | None) -> None:
    assert read_form(cell) == form


@given(st.text(max_size=40))
def test_no_text_raises(text: str) -> None:
    read_identity(text)
    split_place(text)
    read_measures(text, "measures", current_book())
    read_form(text)
