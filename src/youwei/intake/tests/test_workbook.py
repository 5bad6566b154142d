"""Bad files: every one is refused in Chinese, none raises anything else."""

import contextlib
import io
import random
import zipfile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from youwei.intake import workbook
from youwei.intake.faults import Refused
from youwei.intake.parse import parse
from youwei.intake.tests import ledgers
from youwei.intake.tests.rules import CURRENT, table

GOOD = ledgers.workbook(ledgers.lines(6))


def rewritten(change: dict[str, bytes] | None = None, replace: tuple[bytes, bytes] = (b"", b"")) -> bytes:
    """The good workbook with parts replaced, or text replaced in its sheet."""
    held = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(GOOD)) as old, zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            data = (change or {}).get(info.filename, old.read(info))
            if info.filename.startswith("xl/worksheets/") and replace[0]:
                data = data.replace(*replace)
            new.writestr(info.filename, data)
    return held.getvalue()


@pytest.mark.req("A1")
@pytest.mark.parametrize(
    ("data", "filename", "said"),
    [
        (b"", "台账.xlsx", "文件是空的"),
        (b"\0" * 900, "台账.xlsx", "文件是空的"),
        (b"hello", "台账.xlsx", "这不是表格文件"),
        (b"%PDF-1.7 whatever", "台账.pdf", "这不是表格文件"),
        (b"PK\x03\x04 broken", "台账.xlsx", "文件打不开"),
        (GOOD[:-300], "台账.xlsx", "文件打不开"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\1" * 600, "台账.xls", "文件打不开"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"),
            "台账.xlsx",
            "打开密码",
        ),
        (b"x" * (workbook.MAX_BYTES + 1), "台账.xlsx", "文件超过 20 MB"),
        ("说明\n没有表头".encode(), "台账.csv", "没有找到表头"),
    ],
)
def test_a_file_that_is_no_ledger_is_refused_with_what_to_do(data: bytes, filename: str, said: str) -> None:
    with pytest.raises(Refused) as refusal:
        parse(data, filename, CURRENT)
    assert said in refusal.value.message
    assert refusal.value.remedy


def test_another_kind_of_archive_is_refused() -> None:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    with pytest.raises(Refused, match="这不是表格文件"):
        table(held.getvalue())


def test_a_workbook_that_unpacks_without_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "MAX_INFLATED", 4 << 20)
    with pytest.raises(Refused, match="展开后过大"):
        table(rewritten({"xl/styles.xml": b" " * (5 << 20)}))


@pytest.mark.parametrize("cell", [b'r="XFD9"', b"r = 'XFD9'", b'r="DA9"', b'r="A1048576"', b'\n\tr="ZZZ9"'])
def test_a_lone_cell_far_away_is_refused_before_room_is_made_for_it(cell: bytes) -> None:
    with pytest.raises(Refused, match="表格超过"):
        table(rewritten(replace=(b'r="A9"', cell)))


def test_too_many_rows_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "MAX_ROWS", 8)
    with pytest.raises(Refused, match="表格超过"):
        table(ledgers.workbook(ledgers.lines(12)))


def test_an_empty_workbook_is_refused() -> None:
    with pytest.raises(Refused, match=r"没有内容|没有找到表头"):
        table(ledgers.workbook([], [], titles=0))


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_a_text_file_of_columns_is_read_like_a_workbook(encoding: str) -> None:
    rows = [
        ",".join(ledgers.HEADERS),
        *(",".join(str(row[each]) for each in ledgers.HEADERS) for row in ledgers.lines(5)),
    ]
    read = parse("\n".join(rows).encode(encoding), "台账.csv", CURRENT)
    assert [row.values for row in read.rows] == [row.values for row in table(ledgers.workbook(ledgers.lines(5))).rows]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 10_000), st.integers(1, 40))
def test_spoiled_bytes_raise_nothing_but_a_refusal(seed: int, hits: int) -> None:
    chance = random.Random(seed)
    data = bytearray(GOOD)
    for _ in range(hits):
        data[chance.randrange(len(data))] = chance.randrange(256)
    with contextlib.suppress(Refused):
        table(bytes(data))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.integers(0, 10_000),
    st.sampled_from(["xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/sharedStrings.xml", "xl/styles.xml"]),
)
def test_spoiled_parts_raise_nothing_but_a_refusal(seed: int, part: str) -> None:
    chance = random.Random(seed)
    with zipfile.ZipFile(io.BytesIO(GOOD)) as archive:
        data = bytearray(archive.read(part))
    for _ in range(chance.randrange(1, 20)):
        at = chance.randrange(len(data))
        data[at : at + chance.randrange(3)] = bytes(
            chance.choice(b"<>/\"'=rcv0129AZ ") for _ in range(chance.randrange(3))
        )
    with contextlib.suppress(Refused):
        table(rewritten({part: bytes(data)}))


@settings(max_examples=40, deadline=None)
@given(st.binary(max_size=400), st.sampled_from(["台账.csv", "台账.xlsx", "x.xls"]))
def test_any_bytes_raise_nothing_but_a_refusal(data: bytes, filename: str) -> None:
    with contextlib.suppress(Refused):
        parse(data, filename, CURRENT)
