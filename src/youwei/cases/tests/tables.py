"""Small ledgers of 青溪区, invented, and the way they are taken in."""

import io
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import xlsxwriter

from tests.support.cast import Cast
from youwei.cases import taking
from youwei.cases.tests.builders import CLERK, moment
from youwei.intake.commands import stage
from youwei.intake.identity import check_digit
from youwei.intake.models import Import
from youwei.intake.queries import staged_rows
from youwei.organs.models import Organ

TODAY = date(2026, 3, 16)
NAMES = ("许南舟", "单望舒", "乐山川", "解文舟", "查云岫", "甘棠", "岑伯安", "方知行")
FIRST = {
    "姓名": "许南舟",
    "出生年月": "1985.08",
    "身份证号": "",
    "单位及职务": "青溪区水利局副局长",
    "职级": "乡科级副职",
    "干部管理权限": "区管干部",
    "四种形态": "第二种形态",
    "党纪处分": "党内严重警告",
    "决定文号": "青纪发〔2026〕19号",
    "决定机关": "青溪区纪委监委",
    "决定日期": "2026-03-12",
    "生效日期": "2026-03-12",
    "是否涉密": "否",
    "备注": "",
}


def identity(number: int, born: str = "19850801") -> str:
    """A valid identity number of nobody: no area begins with 99."""
    first = f"990101{born}{number:03d}"
    return first + check_digit(first)


def line(**changes: str) -> dict[str, str]:
    return {**FIRST, **changes}


def several(count: int) -> list[dict[str, str]]:
    """Rows of different people, each with a number of its own."""
    return [
        line(姓名=NAMES[at % len(NAMES)], 身份证号=identity(at + 1), 决定文号=f"青纪发〔2026〕{at + 100}号")
        for at in range(count)
    ]


def workbook(rows: Sequence[Mapping[str, str]]) -> bytes:
    held = io.BytesIO()
    with xlsxwriter.Workbook(held, {"in_memory": True}) as book:
        sheet = book.add_worksheet("台账")
        sheet.write_row(0, 0, rows[0].keys())
        for at, row in enumerate(rows, start=1):
            sheet.write_row(at, 0, row.values())
    return held.getvalue()


def upload(home: Organ, *rows: Mapping[str, str], mode: str = "current", on: date = TODAY) -> Import:
    return stage(
        organ=home, data=workbook(rows), filename="台账.xlsx", mode=mode, by=CLERK, at=moment(on), on=on, matcher=taking.matcher(home)
    )  # fmt: skip


def write(batch: Import, on: date = TODAY) -> list[str]:
    return taking.take_in(batch=batch, by=CLERK, at=moment(on), today=on)


def imported(cast: Cast, *rows: Mapping[str, str], **more: Any) -> Import:
    """Uploaded and written."""
    batch = upload(cast.commission, *rows, **more)
    write(batch)
    return batch


def outcomes(batch: Import) -> list[str]:
    return [str(row.outcome) for row in staged_rows(batch)]
