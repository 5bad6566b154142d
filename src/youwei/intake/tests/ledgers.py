"""Makes ledgers with the traits of the ones offices keep: title lines, blank lines, seven ways of writing a date, unit and post in one cell."""

import io
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import xlsxwriter

from youwei.intake.identity import check_digit

HEADERS = [
    "序号",
    "姓名",
    "性别",
    "民族",
    "出生年月",
    "身份证号",
    "政治面貌",
    "入党时间",
    "单位及职务",
    "职级",
    "干部管理权限",
    "问题类别",
    "主要事实",
    "四种形态",
    "党纪处分",
    "政务处分",
    "组织处理",
    "决定文号",
    "决定机关",
    "决定日期",
    "生效日期",
    "是否涉密",
    "备注",
]
SPELLINGS: tuple[Callable[[date], Any], ...] = (
    lambda on: on,
    lambda on: f"{on.year}年{on.month}月{on.day}日",
    lambda on: f"{on.year}/{on.month:02d}/{on.day:02d}",
    lambda on: f"{on.year}.{on.month}.{on.day}",
    lambda on: f"{on.year}.{on.month:02d}.{on.day:02d}",
    lambda on: on.isoformat(),
    lambda on: f"{on:%Y%m%d}",
)
GIVEN = ("甲", "乙", "丙", "丁", "戊", "己", "庚", "辛", "壬", "癸")
REGIONS = ("青溪区",)
UNITS = ("住房和城乡建设局", "三岔镇人民政府", "第一中学", "临江街道办事处", "城投集团")
POSTS = ("教师", "副局长", "副镇长", "党委委员", "科员")
#: form, party, administrative, handling: combinations whose form fits.
GIVEN_MEASURES = (
    ("第一种形态", "", "", "诫勉"),
    ("第二种形态", "党内警告", "", ""),
    ("第二种形态", "党内严重警告", "政务记过", ""),
    ("第三种形态", "撤销党内职务", "政务撤职", ""),
    ("第四种形态", "开除党籍", "开除公职", ""),
    ("第一种形态", "", "", "批评教育"),
)
Line = dict[str, Any]


def identity(born: date, order: int, *, area: str = "990101") -> str:
    """A valid identity number of nobody: the area code does not exist. An odd `order` is a man's."""
    first = f"{area}{born:%Y%m%d}{order:03d}"
    return first + check_digit(first)


def line(at: int, **changes: Any) -> Line:
    """Row number `at` of a ledger, all cells filled, dates spelled in turn; `changes` by header."""
    born = date(1970, 1, 5) + timedelta(days=97 * at % 14_000)
    decided = date(2022, 3, 1) + timedelta(days=3 * at % 1_095)
    spell = SPELLINGS[at % len(SPELLINGS)]
    form, party, administrative, handling = GIVEN_MEASURES[at % len(GIVEN_MEASURES)]
    region = REGIONS[at % len(REGIONS)]
    post = POSTS[at // 2 % len(POSTS)]
    whole: Line = {
        "序号": at,
        "姓名": f"试{GIVEN[at % 10]}" if at % 3 else f"试\u3000{GIVEN[at % 10]}",
        "性别": "男",
        "民族": "汉族",
        "出生年月": f"{born:%Y.%m}",
        "身份证号": identity(born, 2 * at % 998 + 1),
        "政治面貌": "中共党员",
        "入党时间": SPELLINGS[(at + 3) % len(SPELLINGS)](date(2001, 7, 1)),
        "单位及职务": f"{region}{UNITS[at % len(UNITS)]}{post}",
        "职级": "股级",
        "干部管理权限": "县管干部",
        "问题类别": "违反工作纪律",
        "主要事实": f"第{at}件事，履行职责不到位。",
        "四种形态": form,
        "党纪处分": party,
        "政务处分": administrative,
        "组织处理": handling,
        "决定文号": f"试纪〔{decided.year}〕{at}号",
        "决定机关": f"{region}纪委监委",
        "决定日期": spell(decided),
        "生效日期": "" if at % 11 == 0 else SPELLINGS[(at + 2) % len(SPELLINGS)](decided),
        "是否涉密": "否",
        "备注": "",
    }
    return {**whole, **changes}


def lines(count: int) -> list[Line]:
    """Rows 1 to `count`."""
    return [line(at) for at in range(1, count + 1)]


def workbook(
    rows: Sequence[Mapping[str, Any]],
    headers: Sequence[str] = HEADERS,
    *,
    titles: int = 2,
    blank_every: int = 0,
    title: str = "试点市受处分处理人员台账",
    renamed: Mapping[str, str] | None = None,
) -> bytes:
    """An .xlsx of these rows; `renamed` gives other texts for headers."""
    names = renamed or {}
    held = io.BytesIO()
    book = xlsxwriter.Workbook(held, {"in_memory": True, "default_date_format": "yyyy-mm-dd"})
    page = book.add_worksheet("台账")
    for at in range(titles):
        page.write_string(at, 0, (title, "填报单位：试点市纪委监委案件审理室")[at % 2])
    page.write_row(titles, 0, [names.get(each, each) for each in headers])
    at = titles
    for count, row in enumerate(rows, 1):
        at += 2 if blank_every and count % blank_every == 0 else 1
        for column, header in enumerate(headers):
            if row.get(header, "") != "":
                page.write(at, column, row[header])
    book.close()
    return held.getvalue()


#: Serial of the faulty row → reason of refusal; 70 itself is sound, 71 and 72 repeat it.
FOURTEEN = {
    6: "name", 7: "name", 19: "date", 20: "date", 32: "identity", 33: "identity", 45: "measure", 46: "measure",
    58: "order", 59: "order", 71: "duplicate", 72: "duplicate", 84: "no_measure", 85: "no_measure",
}  # fmt: skip


def with_fourteen_faults() -> bytes:
    """Ninety rows, fourteen of them faulty in seven ways."""
    rows = lines(90)
    for at in (6, 7):
        rows[at - 1]["姓名"] = ""
    for at in (19, 20):
        rows[at - 1]["决定日期"] = "2023-02-30"
    for at in (32, 33):
        rows[at - 1]["身份证号"] = "990101198001011230"
    for at in (45, 46):
        rows[at - 1] |= {"党纪处分": "口头警告处分", "政务处分": "", "组织处理": ""}
    for at in (58, 59):
        rows[at - 1] |= {"决定日期": "2023-05-01", "生效日期": "2023-04-01"}
    for at in (71, 72):
        rows[at - 1] = {**rows[69], "序号": at}
    for at in (84, 85):
        rows[at - 1] |= {"党纪处分": "", "政务处分": "", "组织处理": ""}
    return workbook(rows)


#: What stands only in the secret row of `with_secret_rows` and must be found nowhere.
SECRET_TEXTS = (
    "密甲某",
    "990909197103033118",
    "绝不可存秘藏局",
    "密室主任",
    "这件事不得见于任何地方",
    "某秘密级别",
    "只此备注",
)


def with_secret_rows() -> bytes:
    """Twenty rows: the third is marked in its column, the ninth by a remark, the eleventh by a level of secrecy."""
    rows = lines(20)
    hidden = {
        "姓名": "密甲某",
        "身份证号": "990909197103033118",
        "单位及职务": "青溪区绝不可存秘藏局密室主任",
        "备注": "只此备注",
    }
    hidden |= {"主要事实": "这件事不得见于任何地方，绝不可存", "职级": "某秘密级别"}
    rows[2] |= {**hidden, "是否涉密": "是"}
    rows[8] |= {**hidden, "备注": "机密★20年"}
    rows[10] |= {**hidden, "是否涉密": "秘密"}
    return workbook(rows)
