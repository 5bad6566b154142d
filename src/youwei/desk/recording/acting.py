"""Registering one decision: the form becomes a ledger of one line, staged, checked, matched and written like any other."""

import io
from collections.abc import Mapping
from datetime import date, datetime

import xlsxwriter

from youwei.cases import taking
from youwei.intake import commands as intake
from youwei.intake.fields import BY_KEY
from youwei.intake.models import Import, StagedRow
from youwei.intake.queries import opened
from youwei.journal.actors import Actor
from youwei.organs.models import Organ

FILENAME = "登记处分决定.xlsx"


def one_line(cells: Mapping[str, str]) -> bytes:
    """A workbook of a header and one line."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet = book.add_worksheet("登记")
        for place, (key, text) in enumerate(cells.items()):
            sheet.write_string(0, place, BY_KEY[key].title)
            sheet.write_string(1, place, text)
    return out.getvalue()


def stage(*, organ: Organ, cells: Mapping[str, str], by: Actor, at: datetime, today: date) -> Import:
    """Check and match one decision; nothing is written yet."""
    _forget_before(organ, cells, by)
    mapping = {str(place): key for place, key in enumerate(cells)}
    return intake.stage(
        organ=organ, data=one_line(cells), filename=FILENAME, mode=Import.Mode.CURRENT, by=by, at=at, on=today, mapping=mapping,
        matcher=taking.matcher(organ),
    )  # fmt: skip


def _forget_before(organ: Organ, cells: Mapping[str, str], by: Actor) -> None:
    """The form sent twice leaves one question: what waits unanswered from the first time is thrown away."""
    waiting = Import.objects.filter(organ=organ, by=by.account_id, filename=FILENAME, state=Import.State.CHECKED)
    for batch in waiting:
        row = the_row(batch)
        if row is not None and opened(row).row.cells == tuple(cells.values()):
            intake.discard(batch=batch)


def the_row(batch: Import) -> StagedRow | None:
    return batch.rows.order_by("number").first()


def owes_precheck(row: StagedRow) -> bool:
    """Whether a line counts as holding to account and does not say what became of the check before it."""
    return any(each.code == "precheck" for each in opened(row).row.warnings)
