"""Acts of intake: take an upload in, match its columns anew, mend a cell, answer a question, remember columns, mark progress."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from itertools import islice

from django.db import transaction

from youwei.intake.columns import Column, key_of
from youwei.intake.faults import Fault, Refused
from youwei.intake.fields import BY_KEY
from youwei.intake.kept import Keeper, Kept, reread
from youwei.intake.matching import Match, Matcher, NothingKnown
from youwei.intake.measures import Book
from youwei.intake.models import ColumnMemory, Import, StagedRow
from youwei.intake.parse import DATA, Row, RowReader, key_of_row, missing_fields, same_row_twice, start
from youwei.intake.queries import (
    KEPT_PLACE,
    ROW_PLACE,
    columns_of,
    count_outcomes,
    count_reasons,
    kept_of,
    opened,
    remembered,
    rules_for,
)
from youwei.intake.reading import Rules
from youwei.intake.secrets import is_marked
from youwei.journal.actors import Actor
from youwei.journal.sealing import blind_index, seal
from youwei.journal.stores import lay_down
from youwei.organs.models import Organ

BATCH = 500
_JSON = json.JSONEncoder(ensure_ascii=False, check_circular=False, separators=(",", ":"))


@transaction.atomic
def stage(
    *,
    organ: Organ,
    data: bytes,
    filename: str,
    mode: str,
    by: Actor,
    at: datetime,
    on: date,
    mapping: Mapping[str, str] | None = None,
    matcher: Matcher | None = None,
    sheet: str = "",
    book: Book | None = None,
) -> Import:
    """Read an upload and stage its rows, whole or not at all. `mapping`: column number as text → field, "" for none. Raises only `Refused`."""
    rules = rules_for(organ, mode=mode, on=on, book=book)
    reading = start(data, filename, rules, mapping=mapping, remembered=remembered(organ), sheet=sheet)
    batch = Import.objects.create(
        organ=organ,
        by_id=by.account_id,
        by_name=by.name,
        mode=mode,
        filename=_safe_name(filename),
        sheet=reading.sheet[:64],
        header_row=reading.header.row,
        header=list(reading.header.texts),
        mapping=[each.to_json() for each in reading.columns],
        missing=list(reading.missing),
        kept=b"",
        checked_on=on,
        created_at=at,
    )
    keeper = Keeper(reading.header, reading.sheet)
    _stage_rows(batch, _keeping(reading.rows(), keeper), matcher or NothingKnown())
    batch.kept = seal(keeper.close(), place=KEPT_PLACE)
    batch.skipped = [list(each) for each in reading.skipped[:1000]]
    batch.save(update_fields=["kept", "skipped"])
    return _count(batch)


@transaction.atomic
def remap(
    *, batch: Import, mapping: Mapping[str, str], on: date, matcher: Matcher | None = None, book: Book | None = None
) -> Import:
    """Match the columns again as chosen by hand and check every row anew. Stubs stay as they were reduced at upload."""
    batch = _still_open(batch)
    rules = rules_for(batch.organ, mode=batch.mode, on=on, book=book)
    again = reread(kept_of(batch), rules, mapping=mapping, remembered=remembered(batch.organ))
    batch.rows.all().delete()
    batch.mapping = [each.to_json() for each in again.columns]
    batch.missing = list(missing_fields(again.columns))
    batch.checked_on = on
    batch.save(update_fields=["mapping", "missing", "checked_on"])
    _stage_rows(batch, again.rows(), matcher or NothingKnown())
    return _count(batch)


@transaction.atomic
def mend_row(
    *, staged: StagedRow, cells: Mapping[int, str], on: date, matcher: Matcher | None = None, book: Book | None = None
) -> StagedRow:
    """Put other text into cells of one row (by column number) and check the row again. A cell now marked secret makes it a stub."""
    batch = _still_open(staged.batch)
    before = opened(staged).row
    if before.kind != DATA:
        raise Refused("涉密行没有留下内容，不能在这里修改", "若标错了，在原表改正“是否涉密”后重新上传这一行")
    columns = columns_of(batch)
    texts = list(before.cells)
    for index, text in cells.items():
        if not 0 <= index < len(texts):
            raise Refused("没有这一列", "请重新打开核对页")
        texts[index] = text
    row = _checked(before.number, texts, columns, rules_for(batch.organ, mode=batch.mode, on=on, book=book))
    row = _against_others(row, batch, columns)
    _put(staged, row, _match_one(row, matcher or NothingKnown()))
    staged.save()
    _keep_again(batch, row)
    _count(batch)
    return staged


@transaction.atomic
def answer_row(*, staged: StagedRow, answer: str) -> StagedRow:
    """Say who a row is about: "new", "skip", the id of one of the candidates, or "twin": whoever the earlier row is about."""
    _still_open(staged.batch)
    known = {str(each["person_id"]) for each in staged.candidates} | ({StagedRow.TWIN} if staged.twin else set())
    if staged.outcome != StagedRow.Outcome.ASK or answer not in {"new", "skip", "", *known}:
        raise Refused("这个答案不在可选之列", "请在列出的人里选，或选“新的人”“不导入”")
    staged.answer = answer
    staged.save(update_fields=["answer"])
    return staged


@transaction.atomic
def remember_columns(*, organ: Organ, columns: Iterable[Column]) -> int:
    """Remember what an organ's columns mean, so that the next ledger with the same headers is matched at once."""
    count = 0
    for column in columns:
        if key_of(column.header) and (column.field in BY_KEY or not column.field):
            ColumnMemory.objects.update_or_create(
                organ=organ, header=key_of(column.header)[:120], defaults={"field": column.field}
            )
            count += 1
    return count


@transaction.atomic
def discard(*, batch: Import) -> None:
    """Forget an upload nothing was written from."""
    _still_open(batch).delete()


def set_state(
    *,
    batch: Import,
    state: str,
    at: datetime | None = None,
    done_rows: int | None = None,
    message: str = "",
    ordered_by: int | None = None,
    entered: Iterable[int] = (),
) -> None:
    """Mark how far the writing of an upload has come, and which organs it entered on the way. Called by the room that writes."""
    batch.state, batch.message = state, message[:300]
    if ordered_by is not None:
        batch.ordered_by_id = ordered_by
    if done_rows is not None:
        batch.done_rows = done_rows
    if state == Import.State.DONE:
        batch.written_at = at
    if state == Import.State.UNDONE:
        batch.undone_at = at
    batch.entered = [*batch.entered, *entered]
    batch.save(update_fields=["state", "message", "done_rows", "written_at", "undone_at", "ordered_by", "entered"])


def _safe_name(filename: str) -> str:
    name = filename.replace("\\", "/").rpartition("/")[2][:200]
    return "（文件名含密级，未留存）" if is_marked(name) else name


def _still_open(batch: Import) -> Import:
    locked = Import.objects.select_for_update().select_related("organ").get(pk=batch.pk)
    if locked.state != Import.State.CHECKED:
        raise Refused(f"这批导入{locked.get_state_display()}，不能再改", "需要改动时，先撤回整批，再重新导入")
    return locked


def _keeping(rows: Iterable[Row], keeper: Keeper) -> Iterator[Row]:
    for row in rows:
        keeper.take(row)
        yield row


def _stage_rows(batch: Import, rows: Iterator[Row], matcher: Matcher) -> None:
    while some := list(islice(rows, BATCH)):
        sound = [row for row in some if not row.faults]
        matches = dict(zip((row.number for row in sound), matcher.match(sound), strict=True))
        lay_down([_put(StagedRow(batch=batch), row, matches.get(row.number, Match("refused"))) for row in some])


def _match_one(row: Row, matcher: Matcher) -> Match:
    return Match("refused") if row.faults else matcher.match([row])[0]


def _put(staged: StagedRow, row: Row, match: Match) -> StagedRow:
    if match.fault is not None:
        row = replace(row, faults=(*row.faults, match.fault))
    changes = [{"field": each.field, "before": each.before, "after": each.after} for each in match.changes]
    payload = _JSON.encode({"row": row.to_json(), "changes": changes})
    staged.number, staged.serial, staged.outcome = row.number, row.serial, match.outcome
    staged.payload = seal(payload.encode(), place=ROW_PLACE)
    codes = "|".join(dict.fromkeys(each.code for each in row.faults))
    staged.codes = f"|{codes}|" if codes else ""
    staged.warned = bool(row.warnings)
    staged.fingerprint = _fingerprint(row)
    staged.person_id, staged.decision_id = match.person_id, match.decision_id
    staged.candidates = [
        {"person_id": each.person_id, "why": each.why, "another": each.another} for each in match.candidates
    ]
    staged.why, staged.twin, staged.answer = match.why[:120], match.twin, ""
    return staged


def _fingerprint(row: Row) -> str:
    return blind_index("\x1f".join(key_of_row(row.values))) if row.kind == DATA and row.name else ""


def _checked(number: int, texts: Sequence[str], columns: Sequence[Column], rules: Rules) -> Row:
    row = RowReader(columns, rules).read(number, texts)
    if not isinstance(row, Row):
        raise Refused("这一行改完以后是空行或合计行", "保留原来的内容，或在原表里删去这一行")
    return row


def _against_others(row: Row, batch: Import, columns: Sequence[Column]) -> Row:
    """Find the same row elsewhere in the upload: the first of them stands, later ones are refused."""
    same = (
        StagedRow.objects.filter(batch=batch, number__lt=row.number, fingerprint=_fingerprint(row))
        .exclude(fingerprint="")
        .order_by("number")
    )
    first = same.first()
    if first is None:
        return row
    header = next((each.header for each in columns if each.field == "name"), "姓名")
    twice = Fault(header, "name", same_row_twice(first.number, first.serial), "删去重复的一行", "duplicate", row.name)
    return replace(row, faults=(*row.faults, twice))


def _keep_again(batch: Import, row: Row) -> None:
    """Write the kept upload anew with one row changed."""
    kept: Kept = kept_of(batch)
    keeper = Keeper(kept.header, kept.sheet)
    for number, line in kept.lines():
        if number == row.number:
            keeper.take(row)
        elif isinstance(line, Row):
            keeper.take(line)
        else:
            keeper.take(Row(number, "", DATA, {}, cells=tuple(line)))
    batch.kept = seal(keeper.close(), place=KEPT_PLACE)
    batch.save(update_fields=["kept"])


def _count(batch: Import) -> Import:
    counted: Counter[str] = Counter(count_outcomes(batch))
    batch.totals = {**counted, "rows": counted.total(), "reasons": count_reasons(batch)}
    batch.total_rows = counted.total()
    batch.save(update_fields=["totals", "total_rows"])
    return batch
