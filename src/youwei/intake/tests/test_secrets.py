"""Rows of state secrets: what may survive, and that nothing else does — in the store, the kept upload, the staged rows, the refused workbook."""

import io
import json
import zipfile
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import python_calamine
from django.conf import settings
from django.db import connection

from youwei.intake import commands, queries
from youwei.intake.faults import Refused
from youwei.intake.kept import read_kept
from youwei.intake.models import Import
from youwei.intake.secrets import SURVIVES, is_marked, says_secret
from youwei.intake.tests import ledgers
from youwei.intake.tests.rules import table
from youwei.intake.tests.test_ledger import shared
from youwei.journal.actors import SHELL
from youwei.journal.sealing import unseal
from youwei.organs.commands import create_organ
from youwei.organs.models import Organ

AT = datetime(2025, 6, 30, 2, 0, tzinfo=UTC)
ON = date(2025, 6, 30)


@pytest.mark.req("A4")
@pytest.mark.parametrize(
    "cell", ["是", "机密", "秘密", "绝密", "★", "√", "Y", "1", "涉密", "是（秘密）", "机密★10年", "待定"]
)
def test_anything_but_a_clear_no_marks_the_row(cell: str) -> None:
    assert says_secret(cell)


@pytest.mark.parametrize("cell", ["", "否", "不涉密", "非涉密", "无", "公开", "工作秘密", "N", "0", "/"])
def test_a_clear_no_does_not(cell: str) -> None:
    assert not says_secret(cell)


@pytest.mark.parametrize(
    ("cell", "marked"),
    [
        ("机密★20年", True),
        ("秘密★长期", True),
        ("绝密", True),
        ("（机密）某事", True),
        ("密级：秘密", True),
        ("泄露国家秘密", False),
        ("保守工作秘密不力", False),
        ("商业秘密", False),
        ("本案涉及国家秘密（机密级），不得外传", True),
        ("收受礼金（秘密★10年）", True),
        ("该文件定为机密级", True),
        ("经审查，不涉及国家秘密", False),
        ("未涉及国家秘密", False),
        ("填写前请核对是否涉及国家秘密", False),
        ("（秘密工作者）", False),
    ],
)
def test_a_mark_of_classification_is_seen_in_any_cell_and_talk_of_secrets_is_none(cell: str, marked: bool) -> None:
    assert is_marked(cell) is marked


@pytest.mark.req("A4")
def test_a_marked_row_becomes_a_stub_that_keeps_what_must_be_counted() -> None:
    rows = {row.number: row for row in table(ledgers.with_secret_rows()).rows}
    stubs = [rows[6], rows[12], rows[14]]
    assert [row.kind for row in rows.values()].count("stub") == 3
    for row in stubs:
        assert row.kind == "stub"
        assert set(row.values) <= set(SURVIVES)
        assert (row.serial, row.cells, row.faults, row.warnings) == ("", (), (), ())
    assert stubs[0].values["number"] == "试纪〔2022〕3号"
    assert stubs[0].values["deciding_organ"] == "青溪区纪委监委"
    assert (stubs[0].values["decided_on"], stubs[0].values["form"]) == ("2022-03-10", 3)
    assert [each["id"] for each in stubs[0].values["measures"]] == ["party.removal", "administrative.removal"]


@pytest.mark.req("A4", "B4")
@pytest.mark.parametrize(
    ("born", "number", "young"),
    [
        ("1987.04", "", True),  # taken as 1 April: 34 full years on 31 March 2022
        ("1987.03", "", False),  # taken as 1 March: 35 full years
        ("1987.03", ledgers.identity(date(1987, 3, 31), 7), False),  # the 35th birthday itself
        ("", ledgers.identity(date(1987, 4, 1), 7), True),
        ("1986.03", ledgers.identity(date(1987, 4, 1), 7), False),  # they contradict each other: the column stands
        ("1987", "", False),  # taken as 1 January
        ("", "", False),
        ("不详", "某某", False),
    ],
)
def test_a_stub_keeps_whether_its_person_was_young_and_no_birth(born: str, number: str, young: bool) -> None:
    secret = ledgers.line(1, 是否涉密="是", 出生年月=born, 身份证号=number, 决定日期="2022-03-31")
    row = table(ledgers.workbook([secret])).rows[0]
    assert row.values.get("young", False) is young
    assert "198" not in json.dumps(row.to_json())


@pytest.mark.req("A4")
def test_a_stub_without_a_day_of_decision_is_not_said_to_be_young() -> None:
    secret = ledgers.line(1, 是否涉密="是", 出生年月="2001.05", 决定日期="", 生效日期="")
    assert "young" not in table(ledgers.workbook([secret])).rows[0].values


@pytest.mark.req("A4")
def test_a_marked_row_with_faults_is_a_stub_too_and_its_odd_cells_are_dropped() -> None:
    odd = {
        "决定文号": "此处误写了案情",
        "决定机关": "此处误写了人",
        "党纪处分": "此处误写了事",
        "决定日期": "此处误写",
        "姓名": "",
    }
    row = table(ledgers.workbook([ledgers.line(1, 是否涉密="是", **odd)])).rows[0]
    assert row.kind == "stub"
    assert "此处" not in json.dumps(row.to_json(), ensure_ascii=False)


@pytest.mark.req("A4")
def test_the_column_that_asks_cannot_be_switched_off_by_hand() -> None:
    at = str(ledgers.HEADERS.index("是否涉密"))
    for chosen in ("", "note", "post"):
        kinds = [row.kind for row in table(ledgers.with_secret_rows(), mapping={at: chosen}).rows]
        assert kinds.count("stub") == 3


@pytest.mark.req("A4")
def test_a_ledger_classified_in_its_title_or_header_is_refused_whole() -> None:
    with pytest.raises(Refused, match="标有密级"):
        table(ledgers.workbook(ledgers.lines(3), title="机密★10年"))
    with pytest.raises(Refused, match="标有密级"):
        table(ledgers.workbook(ledgers.lines(3), renamed={"备注": "秘密★长期"}))
    assert len(table(ledgers.workbook(ledgers.lines(3), renamed={"是否涉密": "涉密"})).rows) == 3


def spellings(text: str) -> tuple[bytes, ...]:
    """The forms a text may hide in: UTF-8, UTF-16 both ways, JSON escapes, XML escapes."""
    escaped = json.dumps(text).strip('"')
    xml = "".join(f"&#{ord(each)};" for each in text)
    return tuple(
        dict.fromkeys(
            (text.encode(), text.encode("utf-16-le"), text.encode("utf-16-be"), escaped.encode(), xml.encode())
        )
    )


def as_bytes(value: Any) -> bytes:
    if isinstance(value, bytes | memoryview):
        return bytes(value)
    return (value if isinstance(value, str) else json.dumps(value, default=str, ensure_ascii=False)).encode()


def everything_stored() -> Iterator[tuple[str, bytes]]:
    """Every value of every table, and every byte of the store's files where it has files."""
    with connection.cursor() as cursor:
        for name in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(name)}")
            for row in cursor.fetchall():
                yield f"table {name}", b"\n".join(as_bytes(value) for value in row if value is not None)
    place = settings.DATABASES["default"].get("TEST", {}).get("NAME")
    if connection.vendor == "sqlite":
        for suffix in ("", "-wal", "-journal", "-shm"):
            path = Path(f"{place}{suffix}")
            if path.exists():
                yield f"file {path.name}", path.read_bytes()


def unsealed(batch: Import) -> Iterator[tuple[str, bytes]]:
    kept = unseal(bytes(batch.kept), place=queries.KEPT_PLACE)
    yield "kept", kept
    read = read_kept(kept)
    yield (
        "kept, unpacked",
        json.dumps([read.header.texts, [str(line) for line in read.lines()]], ensure_ascii=False).encode(),
    )
    for staged in batch.rows.all():
        yield f"row {staged.number}", unseal(bytes(staged.payload), place=queries.ROW_PLACE)
    book = queries.refused_workbook(batch)
    yield "refused workbook", book
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        for name in archive.namelist():
            yield f"refused workbook, {name}", archive.read(name)


@pytest.mark.req("A4")
@pytest.mark.django_db(transaction=True)
def test_the_text_of_a_secret_row_is_found_nowhere(
    capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    organ = create_organ(name="试点市", kind=Organ.Kind.REGION, parent=None, level="city", by=SHELL, on=ON, at=AT)
    data = ledgers.with_secret_rows()
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        strings = archive.read("xl/sharedStrings.xml") + archive.read("xl/worksheets/sheet1.xml")
    assert all(text.encode() in strings for text in ledgers.SECRET_TEXTS), "the search must be able to find them"

    batch = commands.stage(organ=organ, data=data, filename="台账.xlsx", mode="current", by=SHELL, at=AT, on=ON)
    assert (batch.totals["stub"], batch.totals["create"], batch.totals["rows"]) == (3, 17, 20)
    batch = commands.remap(batch=batch, mapping={}, on=ON)
    assert (batch.totals["stub"], batch.totals["create"], batch.totals["rows"]) == (3, 17, 20)
    refused = queries.staged_rows(batch, outcome="create")[0]
    commands.mend_row(staged=refused, cells={1: ""}, on=ON)
    batch.refresh_from_db()

    places = [
        *everything_stored(),
        *unsealed(batch),
        ("output", capfd.readouterr().out.encode()),
        ("logs", caplog.text.encode()),
    ]
    assert any("试丙".encode() in held for _, held in places), "the search sees what is kept of the other rows"
    found = [
        (place, text)
        for place, held in places
        for text in ledgers.SECRET_TEXTS
        if any(form in held for form in spellings(text))
    ]
    assert found == []


def only_in_secret_rows(data: bytes) -> set[str]:
    """Texts of the sample ledger that stand in its secret rows alone and may not survive: names, identity numbers, units, facts."""
    rows = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()
    head = rows[2]
    kept_out = [head.index(each) for each in ("姓名", "身份证号", "单位及职务", "主要事实")]
    texts = {
        secret: {str(row[at]) for row in rows[3:] if (row[head.index("是否涉密")] == "是") is secret for at in kept_out}
        for secret in (True, False)
    }
    return {text for text in texts[True] if text and not any(text in other for other in texts[False])}


@pytest.mark.req("A4")
@pytest.mark.django_db
def test_the_secret_rows_of_the_sample_city_are_found_nowhere() -> None:
    data = shared("ledger-city.xlsx")
    hidden = only_in_secret_rows(data)
    assert len(hidden) > 50
    organ = create_organ(name="试点市", kind=Organ.Kind.REGION, parent=None, level="city", by=SHELL, on=ON, at=AT)
    batch = commands.stage(organ=organ, data=data, filename="台账.xlsx", mode="history", by=SHELL, at=AT, on=ON)
    assert (batch.totals["stub"], batch.totals["create"]) == (35, 3547)
    rows = b"\n".join(unseal(bytes(each.payload), place=queries.ROW_PLACE) for each in batch.rows.all()).decode()
    kept = "\n".join(str(line) for line in queries.kept_of(batch).lines())
    assert [text for text in hidden if text in rows or text in kept] == []


@pytest.mark.req("A4")
@pytest.mark.django_db
def test_a_row_mended_to_be_secret_loses_its_text_at_once() -> None:
    organ = create_organ(name="试点市", kind=Organ.Kind.REGION, parent=None, level="city", by=SHELL, on=ON, at=AT)
    row = ledgers.line(1, 姓名="试改密", 主要事实="改前的事")
    batch = commands.stage(
        organ=organ,
        data=ledgers.workbook([row, *ledgers.lines(4)[1:]]),
        filename="x.xlsx",
        mode="current",
        by=SHELL,
        at=AT,
        on=ON,
    )
    staged = batch.rows.get(number=4)
    commands.mend_row(staged=staged, cells={ledgers.HEADERS.index("是否涉密"): "是"}, on=ON)
    batch.refresh_from_db()
    assert batch.totals["stub"] == 1
    held = b"".join(held for _, held in unsealed(batch))
    assert "试改密".encode() not in held
    assert "改前的事".encode() not in held
    with pytest.raises(Refused, match="涉密行没有留下内容"):
        commands.mend_row(staged=batch.rows.get(number=4), cells={1: "试甲"}, on=ON)
