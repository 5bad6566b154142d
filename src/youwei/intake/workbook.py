"""From bytes to rows of cells: .xlsx, .xls or .csv, nothing written to disk, and every bad file refused in Chinese."""

import csv
import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import Literal

import python_calamine as calamine

from youwei.intake.cells import Cell
from youwei.intake.faults import Refused

MAX_BYTES = 20 * 1024 * 1024
MAX_ROWS = 200_000
MAX_COLUMNS = 104
MAX_INFLATED = 600 * 1024 * 1024
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_ANOTHER = "请用表格软件打开，另存为 .xlsx 后再上传"
#: A cell with content right of column DA, or below the row limit: the reader would lay out the whole rectangle up to it.
_FAR_COLUMN = re.compile(rb"""<(?:\w+:)?c\s[^>]*?\br\s*=\s*["'](?:[A-Za-z]{3,}|[D-Zd-z][A-Za-z])\d+["'][^>]*(?<!/)>""")
_FAR_ROW = re.compile(rb"""<(?:\w+:)?c\s[^>]*?\br\s*=\s*["'][A-Za-z]{0,3}(?:[2-9]\d{5}|\d{7,})["'][^>]*(?<!/)>""")
#: Quick look before the two above: the usual spelling of such a reference, or any unusual spelling of a reference.
_MAYBE_FAR = re.compile(rb' r="(?:[A-Za-z]{3,}|[D-Zd-z][A-Za-z]|[A-Za-z]{0,3}(?:[2-9][0-9]{5}|[0-9]{7,}))')
_ODD_SIGNS = (b"'", b"\t", b"\n", b"\r", b" =", b"= ")
_ODD = re.compile(rb"""r(?:\s+=|=[\s'])|[\t\r\n]r=""")
_CHUNK = 1 << 20
_FEED = 1 << 16
_OVERLAP = 512
Merged = tuple[tuple[tuple[int, int], tuple[int, int]], ...]


@dataclass(frozen=True)
class Sheet:
    """One sheet: its name, its height and width, merged ranges, and its rows, to be read once."""

    name: str
    merged: Merged
    rows: Iterator[Sequence[Cell]]
    others: tuple[str, ...] = ()
    height: int = field(default=0)


def open_sheet(data: bytes, filename: str = "", sheet: str = "") -> Sheet:
    """Open the sheet named, or the first visible one with content. Raises only `Refused`."""
    _check_size(data)
    with _Guard():
        if data[:2] == b"PK":
            _check_zip(data)
            return _open_workbook(data, sheet)
        if data[:8] == _OLE:
            if _ENCRYPTED in data:
                raise Refused("这个文件设了打开密码，读不了", "请取消密码后另存，再上传")
            return _open_workbook(data, sheet)
        return _open_csv(data, filename)


class _Guard:
    """Turns whatever the reader raises, its panics (which are not `Exception`) included, into a refusal."""

    def __enter__(self) -> None:
        return None

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> Literal[False]:
        if problem is None or isinstance(problem, Refused | KeyboardInterrupt | SystemExit | GeneratorExit):
            return False
        if isinstance(problem, calamine.PasswordError):
            raise Refused("这个文件设了打开密码，读不了", "请取消密码后另存，再上传") from None
        raise Refused("文件打不开：已经损坏，或者不是表格文件", _ANOTHER) from None


def _check_size(data: bytes) -> None:
    if not data.strip(b"\0 \r\n\t"):
        raise Refused("文件是空的", "请选有内容的台账文件")
    if len(data) > MAX_BYTES:
        raise Refused(f"文件超过 {MAX_BYTES // 1024 // 1024} MB", "请按年度或地区拆成几个文件，再分别导入")


def _check_zip(data: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
            if not any(name.startswith("xl/") for name in names):
                raise Refused("这不是表格文件", "请上传 .xlsx、.xls 或 .csv 的台账")
            if any(name.endswith("workbook.bin") for name in names):
                raise Refused("这是二进制格式的表格（.xlsb），读不了", _ANOTHER)
            _inflate(data, archive)
    except (
        zipfile.BadZipFile,
        zlib.error,
        NotImplementedError,
        EOFError,
        ValueError,
        RuntimeError,
        OSError,
    ) as problem:
        if isinstance(problem, Refused):
            raise
        raise Refused("文件打不开：已经损坏，或者不是表格文件", _ANOTHER) from None


def _inflate(data: bytes, archive: zipfile.ZipFile) -> None:
    """Unpack every part once without keeping it: counts what it really unpacks to, and looks for cells far outside."""
    total = 0
    for info in archive.infolist():
        is_sheet = info.filename.startswith("xl/worksheets/")
        tail = b""
        for chunk in _unpacked(data, info):
            total += len(chunk)
            if total > MAX_INFLATED:
                raise Refused("文件展开后过大，不像正常的台账", "请检查文件来源，或另存为新的 .xlsx 再上传")
            if is_sheet:
                tail = _look_for_far_cells(tail + chunk)


def _look_for_far_cells(text: bytes) -> bytes:
    odd = any(sign in text for sign in _ODD_SIGNS) and _ODD.search(text)
    if not odd and not _MAYBE_FAR.search(text):
        return text[-_OVERLAP:]
    if _FAR_COLUMN.search(text):
        raise Refused(f"表格超过 {MAX_COLUMNS} 列", "请删去右边多余的列（包括很远处的零星内容），再上传")
    if _FAR_ROW.search(text):
        raise Refused(f"表格超过 {MAX_ROWS} 行", "请按年度拆成几个文件；若下方只有零星内容，删去后再上传")
    return text[-_OVERLAP:]


def _unpacked(data: bytes, info: zipfile.ZipInfo) -> Iterator[bytes]:
    """The real content of one part, whatever its header claims as size."""
    start = info.header_offset + 30
    header = data[info.header_offset : start]
    if len(header) < 30 or info.flag_bits & 1:
        raise Refused("这个文件设了打开密码，或者已经损坏", "请取消密码后另存，再上传")
    start += int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little")
    if info.compress_type == zipfile.ZIP_STORED:
        yield data[start : start + max(info.file_size, info.compress_size)]
    elif info.compress_type == zipfile.ZIP_DEFLATED:
        unpacker = zlib.decompressobj(-15)
        for at in range(start, len(data), _FEED):
            rest = data[at : at + _FEED]
            while rest and not unpacker.eof:
                yield unpacker.decompress(rest, _CHUNK)
                rest = unpacker.unconsumed_tail
            if unpacker.eof:
                return
    else:
        raise Refused("文件的压缩方式不常见，读不了", _ANOTHER)


def _open_workbook(data: bytes, wanted: str) -> Sheet:
    book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
    visible = [
        meta.name
        for meta in book.sheets_metadata
        if meta.typ == calamine.SheetTypeEnum.WorkSheet and meta.visible == calamine.SheetVisibleEnum.Visible
    ]
    if wanted and wanted not in visible:
        raise Refused(f"没有名为“{wanted}”的工作表", f"可选的工作表：{'、'.join(visible[:10])}")
    for name in [wanted] if wanted else visible:
        sheet = book.get_sheet_by_name(name)
        if sheet.total_height:
            if sheet.total_height > MAX_ROWS:
                raise Refused(f"表格超过 {MAX_ROWS} 行", "请按年度拆成几个文件，再分别导入")
            if sheet.total_width > MAX_COLUMNS:
                raise Refused(f"表格超过 {MAX_COLUMNS} 列", "请删去右边多余的列，再上传")
            return Sheet(
                name, _merged(sheet), _rows(sheet), tuple(each for each in visible if each != name), sheet.total_height
            )
    raise Refused("工作簿里没有内容", "请选有内容的台账文件")


def _merged(sheet: calamine.CalamineSheet) -> Merged:
    """Merged ranges near the top; older formats do not tell."""
    ranges = sheet.merged_cell_ranges or []
    return tuple(((top, left), (bottom, right)) for (top, left), (bottom, right) in ranges if top < 40)


def _rows(sheet: calamine.CalamineSheet) -> Iterator[Sequence[Cell]]:
    """Rows from the sheet's first row on: the reader starts at the first filled one."""
    first, left = sheet.start or (0, 0)
    yield from ([] for _ in range(first))
    pad: list[Cell] = [""] * left
    with _Guard():
        for row in sheet.iter_rows():
            yield [*pad, *row] if left else row


def _open_csv(data: bytes, filename: str) -> Sheet:
    if not filename.lower().endswith((".csv", ".txt", ".tsv")) or b"\0" in data[:4096]:
        raise Refused("这不是表格文件", "请上传 .xlsx、.xls 或 .csv 的台账")
    text = _decoded(data)
    lines = text.splitlines()
    if len(lines) > MAX_ROWS:
        raise Refused(f"表格超过 {MAX_ROWS} 行", "请按年度拆成几个文件，再分别导入")
    head = "\n".join(lines[:30])
    comma = max(",\t;，", key=head.count)
    rows: list[list[Cell]] = [list(row) for row in csv.reader(io.StringIO(text), delimiter=comma)]
    width = max(map(len, rows), default=0)
    if width > MAX_COLUMNS:
        raise Refused(f"表格超过 {MAX_COLUMNS} 列", "请删去右边多余的列，再上传")
    for row in rows:
        row.extend([""] * (width - len(row)))
    return Sheet("", (), iter(rows), (), len(rows))


def _decoded(data: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Refused("文件里的文字认不出来", _ANOTHER)
