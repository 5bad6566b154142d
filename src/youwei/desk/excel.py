"""A list as an Excel file: what is shown, nothing more, and nothing that Excel would take for a formula."""

import io
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from urllib.parse import quote

import xlsxwriter
from django.http import HttpResponse

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
OPTIONS = {
    "in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
}  # fmt: skip


def workbook(title: str, note: str, heads: Sequence[tuple[str, int]], rows: Iterable[Sequence[Any]]) -> bytes:
    """One sheet: title, a line about whose and which, heads with their widths, rows."""
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, OPTIONS)
    sheet = book.add_worksheet(title[:31])
    bold = book.add_format({"bold": True, "font_size": 14})
    head = book.add_format({"bold": True, "bg_color": "#f1efe9", "border": 1})
    day = book.add_format({"num_format": 'yyyy"年"m"月"d"日"', "align": "left"})
    sheet.write_string(0, 0, title, bold)
    sheet.write_string(1, 0, note)
    for place, (name, width) in enumerate(heads):
        sheet.write_string(2, place, name, head)
        sheet.set_column(place, place, width)
    for line, row in enumerate(rows, start=3):
        for place, value in enumerate(row):
            if isinstance(value, date):
                sheet.write_datetime(line, place, value, day)
            elif isinstance(value, int):
                sheet.write_number(line, place, value)
            else:
                sheet.write_string(line, place, str(value or ""))
    sheet.freeze_panes(3, 1)
    book.close()
    return file.getvalue()


def download(data: bytes, filename: str, media_type: str = MEDIA_TYPE) -> HttpResponse:
    """A file to be saved, with its Chinese name."""
    response = HttpResponse(data, content_type=media_type)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(filename)}"
    response["Cache-Control"] = "no-store, private"
    return response
