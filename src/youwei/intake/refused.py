"""The refused rows as a workbook of the same columns, with what is wrong and how to mend it. Never a row of state secrets."""

import io
from collections.abc import Iterable, Sequence

import xlsxwriter

from youwei.intake.parse import DATA, Row

REASON, REMEDY = "拒绝原因", "怎么改"
_WIDE = 48


def refused_xlsx(headers: Sequence[str], rows: Iterable[Row], *, sheet: str = "拒绝的行") -> bytes:
    """A workbook of refused rows: the cells as they were written, then “拒绝原因” and “怎么改”."""
    held = io.BytesIO()
    book = xlsxwriter.Workbook(
        held, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    )
    page = book.add_worksheet(sheet[:31])
    head = book.add_format({"bold": True, "bg_color": "#F3F1EC", "border": 1, "text_wrap": True})
    wrong = book.add_format({"bg_color": "#FBEAEF"})
    wrap = book.add_format({"text_wrap": True})
    page.write_row(0, 0, [*headers, REASON, REMEDY], head)
    page.freeze_panes(1, 0)
    page.set_column(len(headers), len(headers) + 1, _WIDE)
    for line, row in enumerate((row for row in rows if row.kind == DATA and row.faults), 1):
        blamed = {each.column for each in row.faults}
        for column, text in enumerate(row.cells[: len(headers)]):
            page.write_string(line, column, text, wrong if headers[column] in blamed else None)
        page.write_string(line, len(headers), "\n".join(_said(row)), wrap)
        page.write_string(line, len(headers) + 1, "\n".join(dict.fromkeys(each.remedy for each in row.faults)), wrap)
    book.close()
    return held.getvalue()


def _said(row: Row) -> list[str]:
    return [f"{each.column}：{each.message}" for each in row.faults]
