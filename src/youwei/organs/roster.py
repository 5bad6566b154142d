"""An office's list of organs (Excel or CSV) as rows: name, parent, kind, level. Reads only; `commands.load_organs` writes."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

from python_calamine import CalamineError, CalamineWorkbook

from youwei.organs.models import Organ

HEADS = {
    "名称": "name", "机关名称": "name", "上级": "parent", "上级机关": "parent", "类别": "kind", "级别": "level",
    "干部管理机关": "managed_by", "干部管理权限": "managed_by",
}  # fmt: skip
KINDS = {str(label): value for value, label in Organ.Kind.choices}
LEVELS = {str(label): value for value, label in Organ.Level.choices}
GUESSES = (
    ("纪工委", "work_commission"), ("监工委", "work_commission"), ("纪检监察工委", "work_commission"), ("派驻", "dispatched"),
    ("纪检监察组", "dispatched"), ("纪委", "commission"), ("监委", "commission"), ("纪律检查委员会", "commission"), ("组织部", "organization"),
    ("党委", "committee"), ("党组", "committee"),
)  # fmt: skip
SEATS = ("人民政府", "政府", "办事处", "村民委员会", "居民委员会", "村委会", "居委会")
ENDS = (
    ("街道", "street"), ("镇", "town"), ("乡", "town"), ("村", "village"), ("社区", "village"), ("大学", "university"), ("学院", "university"),
    ("中学", "school"), ("小学", "school"), ("学校", "school"), ("幼儿园", "school"), ("医院", "school"), ("卫生院", "school"),
    ("集团", "enterprise"), ("公司", "enterprise"),
)  # fmt: skip
LONGEST_NAME = 120
REGION_ENDS = ("省", "市", "区", "县", "州", "盟", "旗")


class RosterFault(ValueError):
    """A list that cannot be read, with the row and the remedy in Chinese."""


@dataclass(frozen=True, slots=True)
class RosterRow:
    row: int
    name: str
    parent: str
    kind: str
    level: str
    managed_by: str = ""


def guess_kind(name: str) -> str:
    """The kind a name suggests; a department when it suggests none. Places are told by how a name ends: 农业农村局 is no village."""
    for mark, kind in GUESSES:
        if mark in name:
            return kind
    place = next((name.removesuffix(seat) for seat in SEATS if name.endswith(seat)), name)
    for mark, kind in ENDS:
        if place.endswith(mark):
            return kind
    return "region" if name.endswith(REGION_ENDS) and len(name) <= 8 else "department"


def read_roster(data: bytes, filename: str) -> list[RosterRow]:
    """Rows of the list, in its order. Raises RosterFault."""
    table: Sequence[Sequence[object]] = _csv(data) if filename.lower().endswith(".csv") else _excel(data)
    heads: dict[str, int] = {}
    rows: list[RosterRow] = []
    for number, cells in enumerate(table, start=1):
        texts = ["".join(str(cell).split()) for cell in cells]
        if not heads:
            heads = {HEADS[text]: place for place, text in enumerate(texts) if text in HEADS}
            if "name" not in heads:
                heads = {}
            continue
        if any(texts):
            rows.append(_row(number, texts, heads))
    if not rows:
        raise RosterFault("名录里没有认出“名称”一列，或没有一行数据；表头请写：名称、上级、类别、级别")
    return rows


def _row(number: int, texts: list[str], heads: dict[str, int]) -> RosterRow:
    def cell(name: str) -> str:
        place = heads.get(name)
        return texts[place] if place is not None and place < len(texts) else ""

    name, kind, level = cell("name"), cell("kind"), cell("level")
    if not name:
        raise RosterFault(f"第{number}行 名称：没有填写；请填写机关全称")
    if len(name) > LONGEST_NAME:
        raise RosterFault(f"第{number}行 名称：超过{LONGEST_NAME}个字；请填写规范全称")
    if kind and kind not in KINDS:
        raise RosterFault(f"第{number}行 类别：不认得“{kind}”；可写：{'、'.join(KINDS)}")
    if level and level not in LEVELS:
        raise RosterFault(f"第{number}行 级别：不认得“{level}”；可写：{'、'.join(LEVELS)}")
    return RosterRow(
        number, name, cell("parent"), KINDS.get(kind, guess_kind(name)), LEVELS.get(level, "county"), cell("managed_by")
    )


def _csv(data: bytes) -> list[list[str]]:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return list(csv.reader(io.StringIO(data.decode(encoding))))
        except UnicodeDecodeError:
            continue
        except csv.Error as bad:
            raise RosterFault("文件不是规范的 CSV；请用表格软件打开后另存为 CSV 或 Excel") from bad
    raise RosterFault("文件的编码认不出来；请另存为 UTF-8 或 GBK 的 CSV")


def _excel(data: bytes) -> list[list[object]]:
    try:
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0)
        return [list(row) for row in sheet.to_python(skip_empty_area=False)]
    except (CalamineError, OSError, ValueError, IndexError) as bad:
        raise RosterFault("文件打不开；请确认是未加密的 Excel（.xlsx）或 CSV") from bad
