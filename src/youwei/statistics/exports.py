"""Tables and lists as Excel, made in memory: nothing of them touches a disk on the server."""

from collections.abc import Iterable, Sequence
from io import BytesIO
from typing import Any

import xlsxwriter

from youwei.statistics.lists import Item
from youwei.statistics.overview import Overview
from youwei.statistics.shapes import PERCENT
from youwei.statistics.sheets import Head, Sheet

TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WORKS_HEADS = ("工作", "规程", "立项（件）", "办结情况", "件", "人（单位）", "现在在办（件）")
FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))


def table_file(sheet: Sheet, title: str, scope: str, notes: Iterable[str]) -> bytes:
    """The table as it is on the page, numbers as numbers, definitions below."""
    out = BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        page, styles = _page(book, title, scope, [24, *[13] * len(sheet.heads)])
        heads = ["机关", *(_head(head) for head in sheet.heads)]
        page.write_row(3, 0, heads, styles["head"])
        page.freeze_panes(4, 1)
        at = 4
        for line in [*sheet.lines, sheet.total]:
            page.write_string(at, 0, f"{'　' if line.inside else ''}{line.title}", styles["text"])
            for place, (cell, kind) in enumerate(zip(line.cells, _kinds(sheet), strict=True), start=1):
                if cell.value is None:
                    page.write_string(at, place, cell.text, styles["right"])
                else:
                    page.write_number(at, place, cell.value, styles[kind])
            at += 1
        for note in notes:
            at += 1
            page.write_string(at, 0, note)
    return out.getvalue()


def list_file(heads: Sequence[str], items: Iterable[Item], title: str, scope: str) -> bytes:
    """The rows behind a number."""
    out = BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        page, styles = _page(book, title, scope, [8, 12, 30, *[18] * (len(heads) - 2)])
        page.write_row(3, 0, ["序号", *heads], styles["head"])
        page.freeze_panes(4, 2)
        for number, item in enumerate(items, start=1):
            page.write_number(3 + number, 0, number, styles["count"])
            for place, text in enumerate((item.name, *item.cells), start=1):
                page.write_string(3 + number, place, text, styles["text"])
    return out.getvalue()


def works_file(made: Overview, title: str, scope: str) -> bytes:
    """Every regulation with its ends, one line each; what a sealed one does not tell is left empty."""
    out = BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        page, styles = _page(book, title, scope, [16, 36, 10, 36, 10, 14, 10])
        page.write_row(3, 0, WORKS_HEADS, styles["head"])
        page.freeze_panes(4, 2)
        lines = [(group.title, work, line) for group in made.groups for work in group.works for line in work.lines]
        for at, (area, work, line) in enumerate(lines, start=4):
            first = line is work.lines[0]
            cells = (work.opened if first else None, line.title, line.cases, line.persons, work.open if first else None)
            for place, cell in enumerate((area, work.title, *cells)):
                if isinstance(cell, int):
                    page.write_number(at, place, cell, styles["count"])
                else:
                    page.write_string(at, place, cell or "", styles["text"])
        page.write_string(5 + len(lines), 0, f"期间没有的：{'、'.join(made.silent)}" if made.silent else "")
    return out.getvalue()


def _head(head: Head) -> str:
    return head.title if not head.unit or head.title.endswith("）") else f"{head.title}（{head.unit}）"


def _kinds(sheet: Sheet) -> list[str]:
    """The number format of each column; the compared ones follow the leading one."""
    kinds = ["rate" if head.unit == PERCENT else "count" for head in sheet.heads if head.id]
    lead = sheet.whole.now[sheet.spec.lead].unit
    return [*kinds, *(["rate" if lead == PERCENT else "count"] * 2 if sheet.compare else [])]


def _page(book: Any, title: str, scope: str, widths: Sequence[int]) -> tuple[Any, dict[str, Any]]:
    page = book.add_worksheet(title.translate(FORBIDDEN)[:31] or "统计")
    grid = {"border": 1, "border_color": "#BBBBBB", "valign": "top"}
    styles = {
        "head": book.add_format({**grid, "bold": True, "text_wrap": True, "align": "center"}),
        "text": book.add_format({**grid, "text_wrap": True}),
        "right": book.add_format({**grid, "align": "right"}),
        "count": book.add_format({**grid, "num_format": "#,##0"}),
        "rate": book.add_format({**grid, "num_format": "0.0"}),
    }
    page.write_string(0, 0, title, book.add_format({"bold": True, "font_size": 16}))
    page.write_string(1, 0, scope)
    for place, width in enumerate(widths):
        page.set_column(place, place, width)
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    page.repeat_rows(3)
    return page, styles
