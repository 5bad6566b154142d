"""Organs, their names and their rosters."""

import io
from datetime import date

import pytest
import xlsxwriter

from youwei.journal.queries import records, verify
from youwei.organs import changes, commands, queries
from youwei.organs.commands import Refused
from youwei.organs.models import Organ
from youwei.organs.roster import RosterFault, guess_kind, read_roster
from youwei.organs.tests.places import GROUND, STAMP, place

pytestmark = pytest.mark.req("I8")
ROSTER = [
    ["云川市机关名录", "", "", ""],
    ["", "", "", ""],
    ["名称", "上级", "类别", "级别"],
    ["云川市", "", "地区", "市级"],
    ["青溪区", "云川市", "", ""],
    ["青溪区 纪委监委", "青溪区", "", ""],
    ["", "", "", ""],
    ["柳湾镇", "青溪区", "", "乡级"],
]


def excel(rows: list[list[str]]) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return out.getvalue()


def text(rows: list[list[str]], encoding: str) -> bytes:
    return "\n".join(",".join(row) for row in rows).encode(encoding)


FILES = {
    "名录.xlsx": excel(ROSTER),
    "utf8.csv": text(ROSTER, "utf-8"),
    "mark.CSV": text(ROSTER, "utf-8-sig"),
    "gbk.csv": text(ROSTER, "gb18030"),
}


@pytest.mark.django_db
def test_an_organ_knows_its_chain_and_its_log_says_who_entered_it() -> None:
    city = place("云川市", "region")
    area = place("青溪区", "region", city)
    assert area.path == f"/{city.pk}/{area.pk}/"
    (entry,) = records("organ", area.pk)
    assert (entry.kind, entry.by, entry.content["name"]) == ("organ.created", "命令行", "青溪区")
    assert verify() == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("  ", "请填写全称"),
        ("财政局", "已在这一级"),
        ("财 政局", "已在这一级"),
        ("区" * 121, "不能超过"),
        ("甲/乙", "也不能有"),
    ],
)
def test_a_name_that_cannot_be_is_refused_with_its_remedy(name: str, words: str) -> None:
    city = place("云川市", "region")
    place("财政局", parent=city)
    with pytest.raises(Refused, match=words):
        place(name, parent=city)
    place("财政局", parent=place("青溪区", "region", city))  # elsewhere the name is free


@pytest.mark.django_db
def test_a_renamed_organ_keeps_its_former_name_with_the_day() -> None:
    city = place("云川市", "region")
    bureau, other = place("农业局", parent=city), place("林业局", parent=city)
    changes.rename(organ=bureau, name=" 农业农村局 ", ground=GROUND)
    bureau.refresh_from_db()
    assert bureau.name == "农业农村局"
    assert [(former.name, former.ends_on) for former in bureau.former_names.all()] == [("农业局", date(2026, 9, 28))]
    assert records("organ", bureau.pk)[-1].content == {"from": "农业局", "to": "农业农村局", "paper": "云编〔2026〕3号"}
    for wrong in ("", "林业局", "农业农村局"):
        with pytest.raises(Refused):
            changes.rename(organ=bureau, name=wrong, ground=GROUND)
    assert bureau.former_names.count() == 1
    assert other.former_names.count() == 0


@pytest.mark.parametrize("filename", FILES)
def test_a_roster_is_read_from_excel_and_from_csv_in_either_encoding(filename: str) -> None:
    rows = read_roster(FILES[filename], filename)
    assert [(row.row, row.name, row.parent, row.kind, row.level) for row in rows] == [
        (4, "云川市", "", "region", "city"),
        (5, "青溪区", "云川市", "region", "county"),
        (6, "青溪区纪委监委", "青溪区", "commission", "county"),
        (8, "柳湾镇", "青溪区", "town", "town"),
    ]


HEAD = ["名称", "上级", "类别", "级别"]


@pytest.mark.parametrize(
    ("data", "filename", "words"),
    [
        (b"", "a.csv", "没有认出“名称”"),
        (text([["机关", "上级"], ["财政局", ""]], "utf-8"), "a.csv", "没有认出“名称”"),
        (text([HEAD], "utf-8"), "a.csv", "没有一行数据"),
        (text([HEAD, ["", "云川市", "", ""]], "utf-8"), "a.csv", "第2行 名称：没有填写"),
        (text([HEAD, ["区" * 121, "", "", ""]], "utf-8"), "a.csv", "第2行 名称：超过120个字"),
        (text([HEAD, ["财政局", "", "衙门", ""]], "utf-8"), "a.csv", "第2行 类别：不认得“衙门”；可写：地区、纪委监委"),
        (text([HEAD, ["财政局", "", "", "处级"]], "utf-8"), "a.csv", "第2行 级别：不认得“处级”；可写：省级、市级"),
        (b"\xff\xfe\xff\x81", "a.csv", "编码认不出来"),
        (b"\xe5\x90\x8d,\x00\n" + b'"' + b"a" * 140_000, "a.csv", "不是规范的 CSV"),
        (excel([[], [], HEAD, ["财政局", "", "衙门", ""]]), "a.xlsx", "第4行 类别"),
        (b"not a workbook", "a.xlsx", "文件打不开"),
        (FILES["名录.xlsx"][:200], "a.xlsx", "文件打不开"),
        (b"", "a.xls", "文件打不开"),
    ],
)
def test_every_fault_of_a_roster_is_told_in_chinese_with_its_row(data: bytes, filename: str, words: str) -> None:
    with pytest.raises(RosterFault, match=words):
        read_roster(data, filename)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("青溪区", "region"), ("青溪区纪委监委", "commission"), ("高新区纪检监察工委", "work_commission"), ("派驻市教育局纪检监察组", "dispatched"),
        ("云川市委组织部", "organization"), ("青溪区农业农村局", "department"), ("青溪区乡村振兴局", "department"),
        ("市城镇集体工业联社", "department"),
        ("柳湾镇人民政府", "town"), ("学院路街道办事处", "street"), ("柳湾村", "village"), ("桃源社区居委会", "village"), ("云川学院", "university"),
        ("青溪区第一小学", "school"), ("云川水务集团", "enterprise"), ("柳湾镇党委", "committee"), ("云川经济技术开发区管理委员会", "department"),
    ],
)  # fmt: skip
def test_the_kind_of_an_organ_is_guessed_from_how_its_name_ends(name: str, kind: str) -> None:
    assert guess_kind(name) == kind


@pytest.mark.django_db
def test_loading_a_roster_twice_enters_nothing_the_second_time() -> None:
    rows = read_roster(FILES["名录.xlsx"], "名录.xlsx")
    assert commands.load_organs(rows=rows, **STAMP) == 4
    assert commands.load_organs(rows=rows, **STAMP) == 0
    town = Organ.objects.get(name="柳湾镇")
    assert town.parent is not None
    assert town.parent.name == "青溪区"
    assert town.path.startswith(town.parent.path)


@pytest.mark.django_db
def test_a_roster_with_an_unknown_parent_enters_nothing_at_all() -> None:
    rows = read_roster(text([HEAD, ["云川市", "", "", ""], ["财政局", "白鹭市", "", ""]], "utf-8"), "a.csv")
    with pytest.raises(Refused, match="第3行 上级：没有“白鹭市”"):
        commands.load_organs(rows=rows, **STAMP)
    assert not Organ.objects.exists()


@pytest.mark.django_db
def test_a_parent_borne_twice_is_asked_for_and_never_guessed() -> None:
    city = place("云川市", "region")
    for area in ("青溪区", "望江区"):
        place("教育局", parent=place(area, "region", city))
    row = read_roster(text([HEAD, ["第一中学", "教育局", "", ""]], "utf-8"), "a.csv")
    with pytest.raises(Refused, match="叫“教育局”的不止一个"):
        commands.load_organs(rows=row, **STAMP)
    row = read_roster(text([HEAD, ["第一中学", "望江区/教育局", "", ""]], "utf-8"), "a.csv")
    commands.load_organs(rows=row, **STAMP)
    assert [str(organ.parent.parent) for organ in Organ.objects.filter(name="第一中学") if organ.parent] == ["望江区"]


@pytest.mark.django_db
def test_an_officer_of_a_commission_covers_the_region_and_of_a_bureau_the_bureau() -> None:
    city = place("云川市", "region")
    area = place("青溪区", "region", city)
    commission, bureau = place("青溪区纪委监委", "commission", area), place("青溪区财政局", parent=area)
    assert queries.scope(commission) == area.path
    assert queries.scope(bureau) == bureau.path
    assert queries.scope(place("省纪委监委", "commission")) == Organ.objects.get(name="省纪委监委").path
    assert queries.region_of(bureau) == area
    assert queries.region_of(commission) == area
