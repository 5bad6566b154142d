"""An upload staged in the store: counted, paged, matched anew, mended, remembered; its refused rows given back."""

import io
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

import pytest
import python_calamine
from django.db import transaction

from youwei.intake import commands, queries
from youwei.intake.faults import Refused
from youwei.intake.matching import Candidate, Change, Match
from youwei.intake.models import ColumnMemory, Import, StagedRow
from youwei.intake.parse import Row
from youwei.intake.tests import ledgers
from youwei.journal.actors import SHELL
from youwei.organs.commands import create_organ
from youwei.organs.models import Organ

pytestmark = pytest.mark.django_db
ON = date(2025, 6, 30)
AT = datetime(2025, 6, 30, 2, 0, tzinfo=UTC)


@pytest.fixture
def organ(db: None) -> Organ:
    return create_organ(name="试点市", kind=Organ.Kind.REGION, parent=None, level="city", by=SHELL, on=ON, at=AT)


def staged(organ: Organ, data: bytes, **more: Any) -> Import:
    return commands.stage(
        organ=organ, data=data, filename="C:\\台账.xlsx", mode="current", by=SHELL, at=AT, on=ON, **more
    )


class Knows:
    """A matcher that knows some rows by serial."""

    def __init__(self, answers: dict[str, Match]) -> None:
        self.answers = answers
        self.asked: list[int] = []

    def match(self, rows: Sequence[Row]) -> list[Match]:
        self.asked.extend(row.number for row in rows)
        return [self.answers.get(row.serial, Match("stub" if row.kind == "stub" else "create")) for row in rows]


@pytest.mark.req("A1")
def test_an_upload_is_staged_with_its_totals_and_reasons(organ: Organ) -> None:
    batch = staged(organ, ledgers.with_fourteen_faults())
    assert (batch.filename, batch.sheet, batch.header_row, batch.state) == ("台账.xlsx", "台账", 3, "checked")
    assert batch.total_rows == 90
    assert batch.totals["create"] == 76
    assert batch.totals["refused"] == 14
    assert batch.totals["reasons"] == {
        "name": 2,
        "date": 2,
        "identity": 2,
        "measure": 2,
        "no_measure": 2,
        "order": 2,
        "duplicate": 2,
    }
    assert sum(batch.totals[each] for each in StagedRow.Outcome.values) == 90


def test_only_sound_rows_are_put_to_the_matcher(organ: Organ) -> None:
    knows = Knows({})
    staged(organ, ledgers.with_fourteen_faults(), matcher=knows)
    assert len(knows.asked) == 76


@pytest.mark.req("A1")
def test_what_the_matcher_knows_is_kept_and_shown(organ: Organ) -> None:
    knows = Knows(
        {
            "1": Match("unchanged", person_id=7, decision_id=70),
            "2": Match("update", person_id=8, decision_id=80, changes=(Change("post", "副局长", "局长"),)),
            "3": Match("ask", candidates=(Candidate(9, "同名、同出生年月、同单位"),)),
        }
    )
    batch = staged(organ, ledgers.workbook(ledgers.lines(6)), matcher=knows)
    assert {each: batch.totals[each] for each in ("create", "update", "unchanged", "ask")} == {
        "create": 3,
        "update": 1,
        "unchanged": 1,
        "ask": 1,
    }
    update = queries.row_page(batch, outcome="update").rows[0]
    assert (update.staged.person_id, update.changes) == (8, (Change("post", "副局长", "局长"),))
    asked = queries.row_page(batch, outcome="ask").rows[0].staged
    assert asked.candidates == [{"person_id": 9, "why": "同名、同出生年月、同单位", "another": False}]
    assert commands.answer_row(staged=asked, answer="9").answer == "9"
    with pytest.raises(Refused):
        commands.answer_row(staged=asked, answer="10")


def test_rows_are_paged_by_outcome_and_reason_and_read_in_chunks(organ: Organ) -> None:
    batch = staged(organ, ledgers.with_fourteen_faults())
    page = queries.row_page(batch, page=2, size=40)
    assert (page.total, page.pages, page.number, page.rows[0].row.number) == (90, 3, 2, 44)
    assert queries.row_page(batch, page=99, size=40).number == 3
    assert [each.row.serial for each in queries.row_page(batch, code="duplicate").rows] == ["71", "72"]
    sizes = [len(chunk) for chunk in queries.chunks(batch, ["create"], size=50)]
    assert sizes == [50, 26]
    assert [chunk[0].row.number for chunk in queries.chunks(batch, ["create"], after=90)] == [91]


@pytest.mark.req("A1")
def test_refused_rows_come_back_as_the_same_table_with_reasons(organ: Organ) -> None:
    batch = staged(organ, ledgers.with_fourteen_faults())
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(queries.refused_workbook(batch)))
    rows = book.get_sheet_by_index(0).to_python()
    assert rows[0] == [*ledgers.HEADERS, "拒绝原因", "怎么改"]
    assert [int(row[0]) for row in rows[1:]] == sorted(ledgers.FOURTEEN)
    impossible = rows[3]
    assert (impossible[19], impossible[-2], impossible[-1]) == (
        "2023-02-30",
        "决定日期：没有这一天：2023年2月只有28天",
        "改为真实的日期",
    )


@pytest.mark.req("A1")
def test_the_refused_table_mended_is_taken_as_it_is(organ: Organ) -> None:
    batch = staged(organ, ledgers.with_fourteen_faults())
    again = staged(organ, queries.refused_workbook(batch))
    assert again.totals["rows"] == 14
    assert again.missing == []


@pytest.mark.req("A1")
def test_columns_are_matched_again_by_hand_and_every_row_checked_anew(organ: Organ) -> None:
    batch = staged(organ, ledgers.workbook(ledgers.lines(8), renamed={"决定日期": "甲列", "生效日期": "乙列"}))
    assert batch.missing == ["决定日期"]
    assert batch.totals["refused"] == 8
    batch = commands.remap(batch=batch, mapping={"19": "decided_on", "20": "effective_on"}, on=ON)
    assert (batch.missing, batch.totals["create"]) == ([], 8)
    first = queries.row_page(batch).rows[0].row.values
    assert (first["decided_on"], first["effective_on"]) == ("2022-03-04", "2022-03-04")


@pytest.mark.req("A1")
def test_remembered_columns_are_matched_at_once_next_time_for_that_organ_alone(organ: Organ) -> None:
    data = ledgers.workbook(ledgers.lines(8), renamed={"决定日期": "甲 列"})
    batch = commands.remap(batch=staged(organ, data), mapping={"19": "decided_on"}, on=ON)
    assert commands.remember_columns(organ=organ, columns=queries.columns_of(batch)) == 23
    assert commands.remember_columns(organ=organ, columns=queries.columns_of(batch)) == 23
    assert ColumnMemory.objects.filter(organ=organ).count() == 23
    assert staged(organ, data).totals["create"] == 8
    other = create_organ(name="他市", kind=Organ.Kind.REGION, parent=None, level="city", by=SHELL, on=ON, at=AT)
    assert staged(other, data).totals["refused"] == 8


@pytest.mark.req("A1")
def test_a_cell_is_mended_on_the_page_and_its_row_checked_again(organ: Organ) -> None:
    batch = staged(organ, ledgers.with_fourteen_faults())
    row = batch.rows.get(serial="19")
    mended = commands.mend_row(staged=row, cells={19: "2023-02-28", 20: ""}, on=ON)
    assert mended.outcome == "create"
    batch.refresh_from_db()
    assert (batch.totals["refused"], batch.totals["reasons"]["date"]) == (13, 1)
    batch = commands.remap(batch=batch, mapping={}, on=ON)
    assert batch.totals["refused"] == 13, "what was mended is kept when the columns are matched again"


def test_a_row_mended_into_another_is_refused_as_the_same(organ: Organ) -> None:
    rows = ledgers.lines(3)
    twin = {**rows[0], "序号": 4, "决定文号": "试纪〔2022〕99号"}
    batch = staged(organ, ledgers.workbook([*rows, twin]))
    row = batch.rows.get(serial="4")
    assert row.outcome == "create"
    mended = commands.mend_row(staged=row, cells={17: "试纪〔2022〕1号"}, on=ON)
    assert (mended.outcome, mended.codes) == ("refused", "|duplicate|")


def test_what_is_written_can_no_longer_be_changed(organ: Organ) -> None:
    batch = staged(organ, ledgers.workbook(ledgers.lines(3)))
    commands.set_state(batch=batch, state="done", at=AT, done_rows=3)
    with pytest.raises(Refused, match="已写入"):
        commands.remap(batch=batch, mapping={}, on=ON)
    with pytest.raises(Refused, match="已写入"):
        commands.mend_row(staged=batch.rows.all()[0], cells={1: "试甲"}, on=ON)
    with pytest.raises(Refused, match="已写入"):
        commands.discard(batch=batch)


@pytest.mark.req("A1")
def test_a_refused_file_leaves_nothing_behind(organ: Organ) -> None:
    class Breaks:
        def match(self, rows: Sequence[Row]) -> list[Match]:
            raise RuntimeError("stopped in the middle")

    with pytest.raises(RuntimeError), transaction.atomic():
        staged(organ, ledgers.workbook(ledgers.lines(3)), matcher=Breaks())
    with pytest.raises(Refused), transaction.atomic():
        staged(organ, b"nothing of the kind")
    assert not Import.objects.exists()
    assert not StagedRow.objects.exists()


def test_an_upload_thrown_away_is_gone(organ: Organ) -> None:
    commands.discard(batch=staged(organ, ledgers.workbook(ledgers.lines(3))))
    assert not StagedRow.objects.exists()


def test_organs_known_to_the_office_help_to_split_unit_and_post(organ: Organ) -> None:
    create_organ(
        name="云台县试验站联络处", kind=Organ.Kind.DEPARTMENT, parent=organ, level="county", by=SHELL, on=ON, at=AT
    )
    batch = staged(organ, ledgers.workbook([ledgers.line(1, 单位及职务="云台县试验站联络处科员")]))
    values = queries.row_page(batch).rows[0].row.values
    assert (values["unit"], values["post"]) == ("云台县试验站联络处", "科员")
