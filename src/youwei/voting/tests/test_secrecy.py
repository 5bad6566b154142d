"""Somebody with the whole store, its file byte by byte, the keys and every slip of paper tries to find out who voted what, and cannot.

Each way of looking is shown to work first: where a link is planted, it is found.
"""

import json
import logging
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from tests.support.cast import Cast
from youwei.cases.models import Case
from youwei.journal.sealing import SealBroken, unseal
from youwei.voting import commands
from youwei.voting.codes import digest
from youwei.voting.models import Box, Vote
from youwei.voting.queries import BALLOTS, READ, USED
from youwei.voting.tests.test_votes import NAMES, STAMP, closed, opened
from youwei.voting.traces import wipe

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.req("B2", "I5")]

PLACES = (BALLOTS, USED, READ, "entry", "draft")
CAST_ORDER = (2, 0, 3, 1, 4)
MARKS = [("好", "好"), ("好", "较好"), ("较好", "一般"), ("一般", "差"), ("差", "差")]
BALLOT_TEXTS = sorted(json.dumps({"mending": m, "thinking": t}, ensure_ascii=False, sort_keys=True) for t, m in MARKS)
Truth = list[tuple[str, str]]
"""In the order in which they voted: the digest of the code on a slip, and the ballot."""


def ballots_for(codes: list[str]) -> Truth:
    """Who votes what, in which order: chosen so that neither the order of voting nor any sorted order gives the answer by chance."""
    slips = sorted(codes, key=lambda code: digest(code.replace("-", "")))
    whose = [(slips[place], BALLOT_TEXTS[(place + 1) % len(slips)]) for place in range(len(slips))]
    return [whose[place] for place in CAST_ORDER]


def vote_at_the_kiosk(code: str, ballot: str) -> None:
    marks = {f"i-{item}": mark for item, mark in json.loads(ballot).items()}
    answer = Client().post(reverse("kiosk-cast"), {"code": code, **marks})
    assert (answer.status_code, answer["Location"]) == (302, reverse("kiosk-done"))


@pytest.fixture
def vote(appraised: Case, cast: Cast) -> Vote:
    return opened(appraised, 5)


@pytest.fixture
def truth(vote: Vote) -> Truth:
    """The slips, handed out and not yet used."""
    return ballots_for(commands.make_slips(vote=vote, **STAMP))


def hold(truth: Truth, after: Callable[[str, str], None] | None = None) -> Truth:
    """Everybody votes. Returns the truth with digests instead of codes."""
    for code, ballot in truth:
        vote_at_the_kiosk(code, ballot)
        if after is not None:
            after(code, ballot)
    return [(digest(code.replace("-", "")), ballot) for code, ballot in truth]


# ---------------------------------------------------------------- looking at rows


def opened_value(value: Any) -> str:
    """A value as text: what is sealed is opened with the keys, wherever it belongs."""
    if not isinstance(value, bytes | memoryview):
        return str(value)
    for place in PLACES:
        try:
            plain = unseal(bytes(value), place=place)
        except SealBroken:
            continue
        return plain[16 if place == "entry" else 0 :].decode(errors="replace")
    return ""


def rows_of(table: str) -> list[tuple[tuple[Any, ...], str]]:
    """Every row, with what the store itself knows of its place and age, and all it says."""
    name = connection.ops.quote_name(table)
    age = "ctid::text, xmin::text" if connection.vendor == "postgresql" else "rowid, 0"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {age}, * FROM {name}")
        return [(tuple(row[:2]), " | ".join(map(opened_value, row[2:]))) for row in cursor.fetchall()]


def dump() -> dict[str, list[tuple[tuple[Any, ...], str]]]:
    return {table: rows_of(table) for table in connection.introspection.table_names() if not table.startswith("django_migr")}  # fmt: skip


def place_of(row: tuple[tuple[Any, ...], str]) -> tuple[int, ...]:
    """Where a row lies in its table: block and line on PostgreSQL, the hidden number of the row on SQLite."""
    return tuple(int(part) for part in str(row[0][0]).strip("()").split(","))


def orders(rows: list[tuple[tuple[Any, ...], str]]) -> Iterator[list[str]]:
    """The rows by their place in the file, by the transaction that wrote them, and as they are given."""
    for ordered in (rows, sorted(rows, key=place_of), sorted(rows, key=lambda row: int(row[0][1]))):
        yield [text for _, text in ordered]


def sequences(words: list[str]) -> Iterator[list[str]]:
    """Every order in which the store names all of these words: one a row down a table, or all in one row."""
    for rows in dump().values():
        for texts in orders(rows):
            named = [[word for word in words if word in text] for text in texts]
            down = [found[0] for found in named if len(found) == 1]
            if sorted(down) == sorted(words):
                yield down
        for _, text in rows:
            if all(word in text for word in words):
                yield sorted(words, key=text.index)


def linked_by_order(truth: Truth) -> bool:
    slips, ballots = [slip for slip, _ in truth], [ballot for _, ballot in truth]
    told = {frozenset(zip(one, other, strict=True)) for one in sequences(slips) for other in sequences(ballots)}
    return frozenset(truth) in told


def linked_by_a_row(truth: Truth) -> bool:
    """One row that says one slip and one ballot, or one elector and one ballot."""
    slips = [*(slip for slip, _ in truth), *NAMES[:5]]
    for rows in dump().values():
        for _, text in rows:
            if sum(word in text for word in slips) == 1 and sum(ballot in text for _, ballot in truth) == 1:
                return True
    return False


# ---------------------------------------------------------------- looking at the bytes of the file


def raw() -> bytes:
    """The file of the store and what SQLite keeps beside it; of PostgreSQL the files of the table of boxes and of what is too long for it."""
    if connection.vendor == "postgresql":
        return _files_of("voting_box")
    path = Path(connection.settings_dict["NAME"])
    beside = (path, path.with_name(f"{path.name}-wal"), path.with_name(f"{path.name}-journal"))
    return b"".join(each.read_bytes() for each in beside if each.exists())


def _files_of(table: str) -> bytes:
    """As the server's machine has them on its disk; only a superuser of the server reads them over the connection."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('is_superuser')")
        if cursor.fetchone() != ("on",):
            pytest.skip("files are read by a superuser only")
        cursor.execute("CHECKPOINT")
        of = "SELECT oid FROM pg_class WHERE relname = %s UNION SELECT reltoastrelid FROM pg_class WHERE relname = %s"
        cursor.execute(f"SELECT pg_read_binary_file(pg_relation_filepath(oid)) FROM ({of}) AS files", [table, table])
        return b"".join(bytes(row[0]) for row in cursor.fetchall() if row[0] is not None)


def versions(place: str, lengths: set[int]) -> list[Any]:
    """Every version of a sealed value of the box that lies anywhere in the file."""
    found, data = [], raw()
    at = data.find(b"\x01\x01")
    while at >= 0:
        for length in lengths:
            try:
                found.append(json.loads(unseal(data[at : at + length], place=place)))
            except SealBroken:
                continue
        at = data.find(b"\x01\x01", at + 1)
    return found


def linked_by_versions(truth: Truth, lengths: dict[str, set[int]]) -> int:
    """How many are found out from two neighbouring states of the box: one more code used, one more ballot in it."""
    used = {len(each): set(each) for each in versions(USED, lengths[USED])}
    boxes = {}
    for each in versions(BALLOTS, lengths[BALLOTS]):
        texts = [json.dumps(one, ensure_ascii=False, sort_keys=True) for one in each["ballots"]]
        boxes[len(texts)] = texts
    links = 0
    for count in range(1, len(truth) + 1):
        if {count, count - 1} <= used.keys() & boxes.keys():
            (slip,) = used[count] - used[count - 1]
            (ballot,) = [each for each in boxes[count] if boxes[count].count(each) > boxes[count - 1].count(each)]
            links += (slip, ballot) in truth
    return links


class Lengths(dict[str, set[int]]):
    """How long the sealed values of the box are, noted after each ballot: whoever looks for old versions is told even that."""

    def __init__(self) -> None:
        super().__init__({BALLOTS: set(), USED: set()})
        self.note()

    def note(self, *_: str) -> None:
        box = Box.objects.get()
        self[BALLOTS].add(len(box.ballots))
        self[USED].add(len(box.used))


# ---------------------------------------------------------------- the tests


def test_nobody_is_linked_to_a_ballot_while_the_vote_goes_on_or_after(vote: Vote, truth: Truth, cast: Cast) -> None:
    found = hold(truth)
    assert list(sequences([slip for slip, _ in found])), "the codes used are found"
    assert list(sequences([ballot for _, ballot in found])), "and so are the ballots"
    assert not linked_by_order(found)
    assert not linked_by_a_row(found)
    closed(vote, cast, date(2026, 3, 18))
    assert not list(sequences([slip for slip, _ in found])), "no code is left at all"
    assert list(sequences([ballot for _, ballot in found]))
    assert not linked_by_order(found)
    assert not linked_by_a_row(found)


def test_a_planted_link_is_found_by_the_same_ways_of_looking(vote: Vote, truth: Truth) -> None:
    """Two tables written one row a ballot, in the order of voting; and one that says both."""
    with connection.cursor() as cursor:
        for name, columns in (("planted_slip", "said text"), ("planted_ballot", "said text"), ("planted_both", "one text, other text")):  # fmt: skip
            cursor.execute(f"CREATE TABLE {name} ({columns})")

    def plant(code: str, ballot: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO planted_slip VALUES (%s)", [digest(code.replace("-", ""))])
            cursor.execute("INSERT INTO planted_ballot VALUES (%s)", [ballot])

    try:
        found = hold(truth, plant)
        assert linked_by_order(found)
        assert not linked_by_a_row(found)
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO planted_both VALUES (%s, %s)", found[0])
        assert linked_by_a_row(found)
    finally:
        with connection.cursor() as cursor:
            for name in ("planted_slip", "planted_ballot", "planted_both"):
                cursor.execute(f"DROP TABLE {name}")


def test_the_file_of_the_store_keeps_no_earlier_state_of_the_box(vote: Vote, truth: Truth, cast: Cast) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("the file of SQLite")
    lengths = Lengths()
    found = hold(truth, lengths.note)
    assert len(versions(BALLOTS, lengths[BALLOTS])) == 1, "the box as it is now"
    assert linked_by_versions(found, lengths) == 0
    closed(vote, cast, date(2026, 3, 18))
    lengths.note()
    assert versions(USED, lengths[USED]) in ([], [[]])
    assert linked_by_versions(found, lengths) == 0
    assert not any(slip.encode() in raw() for slip, _ in found), "nor a code that was destroyed"


def test_after_the_end_no_file_of_postgresql_keeps_an_earlier_state_of_the_box(
    vote: Vote, truth: Truth, cast: Cast
) -> None:
    """A row that is merely dropped as dead still lies in its page, byte by byte."""
    if connection.vendor != "postgresql":
        pytest.skip("the files of PostgreSQL")
    lengths = Lengths()
    hold(truth, lengths.note)
    assert versions(USED, lengths[USED]), "codes used are found in the files"
    closed(vote, cast, date(2026, 3, 18))
    lengths.note()
    assert len(versions(BALLOTS, lengths[BALLOTS])) == 1, "the box as it is now"
    assert versions(USED, lengths[USED]) in ([], [[]])


def test_whoever_votes_while_another_vote_ends_and_its_files_are_written_anew_gets_through(vote: Vote) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("the files of PostgreSQL")
    holds = threading.Event()

    def votes() -> int:
        try:
            with transaction.atomic():
                Vote.objects.select_for_update().get(pk=vote.pk)
                holds.set()
                time.sleep(0.5)
                return Box.objects.filter(vote=vote).update(used=b"used")
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        voting = pool.submit(votes)
        assert holds.wait(5)
        wipe(ended=True)
        assert voting.result() == 1
    assert bytes(Box.objects.get(vote=vote).used) == b"used"


def test_without_wiping_the_file_would_tell(vote: Vote, truth: Truth, monkeypatch: pytest.MonkeyPatch) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("the file of SQLite")
    monkeypatch.setattr(commands, "wipe", lambda **_: None)
    lengths = Lengths()
    found = hold(truth, lengths.note)
    assert linked_by_versions(found, lengths) == len(found)


def test_a_ballot_touches_no_row_but_the_box_and_no_log(
    vote: Vote, truth: Truth, caplog: pytest.LogCaptureFixture
) -> None:
    before = dump()
    with caplog.at_level(logging.DEBUG, logger="django.request"), caplog.at_level(logging.DEBUG, logger="axes"):
        vote_at_the_kiosk(*truth[0])
        vote_wrong = Client().post(reverse("kiosk"), {"code": "ZZZZ-ZZZZ"})
    after = dump()
    said = {table for table in after if [text for _, text in after[table]] != [text for _, text in before.get(table, [])]}  # fmt: skip
    assert said == {"voting_box"}
    assert vote_wrong.status_code == 422
    assert not any(truth[0][0] in record.getMessage() for record in caplog.records)
