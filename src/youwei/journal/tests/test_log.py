"""Logs only grow, prove themselves, and tell what was done to them behind the program's back."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from django.db import DatabaseError, connection, transaction

from youwei.journal import queries, triggers
from youwei.journal.actors import SHELL
from youwei.journal.commands import Act, StaleLog, append, append_many
from youwei.journal.models import Entry, EntryContent, Log
from youwei.journal.sealing import seal

pytestmark = [pytest.mark.django_db, pytest.mark.req("I5")]
DAY = date(2026, 9, 29)
MOMENT = datetime(2026, 9, 29, 1, 30, 0, 123456, tzinfo=UTC)


def act(ref: int = 1, text: str = "谈话", **more: object) -> Act:
    return Act("case", ref, "record", {"text": text, "on": DAY}, SHELL, DAY, MOMENT, **more)  # type: ignore[arg-type]


def tamper(statement: str) -> None:
    """What somebody with the database in hand could do: take the triggers down first."""
    triggers.remove(connection)
    with connection.cursor() as cursor:
        cursor.execute(statement)
    triggers.install(connection)


def test_entries_of_a_log_are_numbered_and_chained() -> None:
    first, second = append(act()), append(act(text="回访"))
    assert (first.seq, second.seq) == (1, 2)
    assert (first.prev, second.prev) == ("", first.digest)
    assert [record.content["text"] for record in queries.records("case", 1)] == ["谈话", "回访"]
    assert queries.verify() == []


def test_contents_do_not_lie_open_in_the_store() -> None:
    entry = append(act(text="对错误的认识"))
    sealed = bytes(EntryContent.objects.get(entry=entry).sealed)
    assert "对错误的认识".encode() not in sealed


def test_equal_contents_have_unequal_digests_so_that_a_text_cannot_be_guessed() -> None:
    assert append(act(1)).content_digest != append(act(2)).content_digest


def test_a_token_used_twice_makes_one_entry() -> None:
    first = append(act(token="one-click"))
    again = append(act(text="又点了一次", token="one-click"))
    assert again.pk == first.pk
    assert Entry.objects.count() == 1


def test_an_act_on_a_page_that_is_out_of_date_is_refused() -> None:
    append(act())
    append(act(), expect_seq=1)
    with pytest.raises(StaleLog):
        append(act(), expect_seq=1)


def test_many_acts_are_the_same_as_one_after_another() -> None:
    append(act(1, "先有一条"))
    append_many([act(1, "二"), act(2, "一"), act(1, "三"), act(2, "二")])
    assert [record.content["text"] for record in queries.records("case", 1)] == ["先有一条", "二", "三"]
    assert [record.seq for record in queries.records("case", 2)] == [1, 2]
    assert queries.verify() == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE journal_entry SET \"by\" = '别人'",
        "DELETE FROM journal_entry",
        "UPDATE journal_entrycontent SET entry_id = entry_id",
        "DELETE FROM journal_entrycontent",
    ],
)
def test_the_store_refuses_to_change_or_delete(statement: str) -> None:
    append(act())
    with pytest.raises(DatabaseError, match="记录只增不改"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_the_side_doors_are_closed() -> None:
    append(act(token="t"))
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        statements = ["TRUNCATE journal_entry CASCADE", "TRUNCATE journal_entrycontent"]
    else:
        columns = ", ".join(f'"{field.column}"' for field in Entry._meta.concrete_fields if field.column != "id")
        statements = [
            "INSERT OR REPLACE INTO journal_entry SELECT * FROM journal_entry",
            f"REPLACE INTO journal_entry ({columns}) SELECT {columns} FROM journal_entry",
            "INSERT OR REPLACE INTO journal_entrycontent SELECT entry_id, x'00' FROM journal_entrycontent",
        ]
    for statement in statements:
        with pytest.raises(DatabaseError, match="记录只增不改"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


class EntryContentDamage:
    """Damage that takes more than one statement."""

    @staticmethod
    def replace() -> None:
        """Somebody with the keys seals other words in place of the old."""
        content = EntryContent.objects.get(entry__seq=2)
        triggers.remove(connection)
        EntryContent.objects.filter(pk=content.pk).update(sealed=seal(b"0" * 16 + b"{}", place="entry"))
        triggers.install(connection)

    @staticmethod
    def cut_tail() -> None:
        tail = Entry.objects.get(seq=3)
        triggers.remove(connection)
        EntryContent.objects.filter(entry=tail).delete()
        Entry.objects.filter(pk=tail.pk).delete()
        triggers.install(connection)


@pytest.mark.parametrize(
    ("damage", "word"),
    [
        (lambda: tamper("UPDATE journal_entry SET \"by\" = '别人' WHERE seq = 2"), "被改动"),
        (lambda: tamper("UPDATE journal_entry SET kind = 'note' WHERE seq = 2"), "被改动"),
        (EntryContentDamage.replace, "内容被改动"),
        (
            lambda: tamper(
                "DELETE FROM journal_entrycontent WHERE entry_id IN (SELECT id FROM journal_entry WHERE seq = 1)"
            ),
            "内容不见了",
        ),
        (EntryContentDamage.cut_tail, "末尾的记录不见了"),
    ],
)
def test_verify_finds_what_was_done_by_hand(damage: Callable[[], None], word: str) -> None:
    append_many([act(text=text) for text in ("一", "二", "三")])
    assert queries.verify() == []
    damage()
    assert any(word in finding.what for finding in queries.verify())


def test_a_checkpoint_finds_a_tail_cut_with_its_head_and_a_whole_log_deleted() -> None:
    append_many([act(1, "一"), act(1, "二"), act(2, "另一件")])
    point = queries.checkpoint()
    append(act(1, "之后的"))
    assert queries.verify(point) == []
    EntryContentDamage.cut_tail()
    tail = Entry.objects.get(log__ref=1, seq=2)
    triggers.remove(connection)
    EntryContent.objects.filter(entry=tail).delete()
    Entry.objects.filter(pk=tail.pk).delete()
    first = Entry.objects.get(log__ref=1, seq=1)
    Log.objects.filter(ref=1).update(head_seq=1, head_digest=first.digest)
    EntryContent.objects.filter(entry__log__ref=2).delete()
    Entry.objects.filter(log__ref=2).delete()
    Log.objects.filter(ref=2).delete()
    triggers.install(connection)
    assert queries.verify() == [], "inside one store a cut tail with a mended head looks whole"
    found = {(finding.ref, finding.what) for finding in queries.verify(point)}
    assert (1, "存证点之后的末尾被截去") in found
    assert (2, "存证点中有，库里没有：整份记录被删除") in found


def test_an_altered_checkpoint_is_told_from_a_true_one() -> None:
    append(act())
    point = queries.checkpoint()
    point["heads"][0]["seq"] = 7
    assert any("存证点文件本身" in finding.what for finding in queries.verify(point))


def test_the_log_as_of_a_day_ends_with_that_day() -> None:
    append(act(text="当天"))
    append(Act("case", 1, "record", {"text": "次日"}, SHELL, DAY, datetime(2026, 9, 30, 1, tzinfo=UTC)))
    assert [record.content["text"] for record in queries.records("case", 1, until=DAY)] == ["当天"]
