"""The rules the tests read ledgers by."""

from datetime import date

from youwei.intake.lawbook import current_book
from youwei.intake.parse import Row, Table, parse
from youwei.intake.reading import Rules

TODAY = date(2025, 6, 30)
CURRENT = Rules(current_book(), TODAY)
HISTORY = Rules(current_book(), TODAY, history=True)


def table(
    data: bytes,
    rules: Rules = CURRENT,
    *,
    mapping: dict[str, str] | None = None,
    remembered: dict[str, str] | None = None,
) -> Table:
    return parse(data, "台账.xlsx", rules, mapping=mapping, remembered=remembered)


def by_serial(read: Table) -> dict[int, Row]:
    return {int(row.serial): row for row in read.rows if row.serial}
