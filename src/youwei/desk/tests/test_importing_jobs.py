"""Writing in the background: what the job is handed, how it goes on after a fall, that it writes once; and that secret rows are nowhere."""

import io
import logging
import threading
import zipfile
import zlib
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, connections
from django.test import Client
from django.urls import reverse
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

from youwei.cases import taking, undoing
from youwei.cases.commands import act
from youwei.cases.models import Case
from youwei.decisions.models import Decision
from youwei.desk.importing import acting, jobs
from youwei.desk.tests.factories import MORNING, TODAY, City, city, holder, signed_in
from youwei.desk.tests.test_importing import confirmed, sent, shown, url
from youwei.engine.types import EntryKind
from youwei.intake import queries as staged
from youwei.intake.models import Import
from youwei.intake.tests import ledgers
from youwei.journal.actors import SHELL
from youwei.journal.models import Entry, Log
from youwei.journal.queries import records, verify
from youwei.journal.sealing import unseal
from youwei.organs.models import Account, Role
from youwei.people.models import Person

ON_THE_STORE = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}


@pytest.fixture
def officer(place: City) -> Client:
    return signed_in(holder(Role.CASE_OFFICER, place.commission))


def work() -> None:
    """What the worker of the product does with the one task that waits."""
    given = {"queue_names": ["default"], "excluded_queue_names": [], "backend_name": "default", "worker_id": "test"}
    worker = Worker(interval=0, batch=True, startup_delay=False, max_tasks=1, **given)
    task = DBTaskResult.objects.ready().get()
    task.claim("test")
    worker.run_task(task)


def test_the_job_is_handed_one_number_and_nothing_else(officer: Client, settings: Any) -> None:
    settings.TASKS = ON_THE_STORE
    batch = sent(officer, ledgers.workbook(ledgers.lines(5)))
    confirmed(officer, batch)
    task = DBTaskResult.objects.get()
    assert task.args_kwargs == {"args": [batch.pk], "kwargs": {}}
    batch.refresh_from_db()
    assert batch.ordered_by == Account.objects.get(username__startswith="case_officer")
    assert batch.state == "queued"
    page = shown(officer, url(batch, ""))
    assert "等候写入" in page
    assert 'hx-trigger="every 2s"' in page
    assert Decision.objects.count() == 0


def test_the_worker_writes_and_the_page_then_says_what_was_written(officer: Client, settings: Any) -> None:
    settings.TASKS = ON_THE_STORE
    batch = sent(officer, ledgers.workbook(ledgers.lines(5)))
    confirmed(officer, batch)
    work()
    assert Decision.objects.count() == 5
    over = officer.get(url(batch, "progress"), headers={"HX-Request": "true"})
    assert over["HX-Redirect"] == url(batch, "")
    assert "已写入" in shown(officer, url(batch, ""))


def test_progress_is_shown_and_a_way_on_is_offered_when_it_stands_still(officer: Client) -> None:
    batch = sent(officer, ledgers.workbook(ledgers.lines(5)))
    Import.objects.filter(pk=batch.pk).update(state="writing", done_rows=3)
    moving = shown(officer, url(batch, "progress"), at="2", still="14")
    assert "3/5行" in moving
    assert "进度停住了" not in moving
    assert "at=3&amp;still=0" in moving
    assert "进度停住了" in shown(officer, url(batch, "progress"), at="3", still="14")
    assert "继续写入" in shown(officer, url(batch, ""), stalled="1")


@pytest.mark.req("A1")
def test_a_writing_that_fell_goes_on_where_it_stopped(officer: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(staged.chunks, "__kwdefaults__", {"after": 0, "size": 10})
    taken, real = [], taking._take_chunk

    def falls(*args: Any) -> None:
        if len(taken) == 2:
            raise OSError("试甲 的内容不该出现在任何记录里")
        taken.append(1)
        real(*args)

    monkeypatch.setattr(taking, "_take_chunk", falls)
    batch = sent(officer, ledgers.workbook(ledgers.lines(35)))
    confirmed(officer, batch)
    batch.refresh_from_db()
    assert (batch.state, batch.done_rows) == ("failed", 20)
    assert Decision.objects.count() == 20
    page = shown(officer, url(batch, ""))
    assert "已经写入的行都在" in page
    assert "继续写入" in page
    monkeypatch.setattr(taking, "_take_chunk", real)
    officer.post(url(batch, "write"), {"resume": "yes"})
    batch.refresh_from_db()
    assert (batch.state, batch.done_rows) == ("done", 35)
    assert (Decision.objects.count(), Person.objects.count()) == (35, 35)
    assert verify() == []


def test_what_a_fall_leaves_behind_says_what_kind_it_was_and_nothing_of_the_rows(
    officer: Client, monkeypatch: pytest.MonkeyPatch, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    settings.TASKS = ON_THE_STORE

    def falls(**given: Any) -> None:
        raise OSError("试甲 的内容")

    monkeypatch.setattr(taking, "take_in", falls)
    batch = sent(officer, ledgers.workbook(ledgers.lines(5)))
    confirmed(officer, batch)
    with caplog.at_level(logging.DEBUG):
        work()
    task = DBTaskResult.objects.get()
    assert "WritingStopped: OSError" in task.traceback
    assert "试甲" not in task.traceback + caplog.text


def test_whoever_lost_the_right_to_import_writes_nothing_more(officer: Client) -> None:
    batch = sent(officer, ledgers.workbook(ledgers.lines(5)))
    account = Account.objects.get(username__startswith="case_officer")
    account.grants.all().delete()
    Import.objects.filter(pk=batch.pk).update(state="queued", ordered_by=account)
    jobs.write.call(batch.pk)
    batch.refresh_from_db()
    assert (batch.state, Decision.objects.count()) == ("failed", 0)
    assert "没有导入的权限" in batch.message


def test_a_second_run_that_comes_late_leaves_an_import_taken_back_as_it_is(officer: Client) -> None:
    batch = sent(officer, ledgers.workbook(ledgers.lines(5)))
    late = Import.objects.get(pk=batch.pk)
    late.state = Import.State.WRITING
    confirmed(officer, batch)
    officer.post(url(batch, "undo"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(taking.intake, "set_state", dict)
        taking.take_in(batch=late, by=SHELL, at=MORNING, today=TODAY)
    batch.refresh_from_db()
    assert (batch.state, Decision.objects.exclude(state=Decision.State.UNDONE).count()) == ("undone", 0)


def test_a_job_for_an_import_that_is_gone_or_over_does_nothing(officer: Client) -> None:
    batch = sent(officer, ledgers.workbook(ledgers.lines(5)))
    for pk in (batch.pk, 999_999):
        jobs.write.call(pk)
        jobs.undo.call(pk)
    assert Decision.objects.count() == 0


class Killed(BaseException):
    """What leaves no time to note anything: the machine fell."""


def killed_at(patch: pytest.MonkeyPatch, module: Any, name: str, call: int) -> None:
    real, calls = getattr(module, name), []

    def falls(*args: Any) -> Any:
        calls.append(1)
        if len(calls) == call:
            raise Killed
        return real(*args)

    patch.setattr(module, name, falls)


@pytest.mark.req("A1", "I5")
def test_a_server_that_starts_again_goes_on_with_a_writing_where_it_stood(
    officer: Client, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.TASKS = ON_THE_STORE
    monkeypatch.setattr(staged.chunks, "__kwdefaults__", {"after": 0, "size": 10})
    batch = sent(officer, ledgers.workbook(ledgers.lines(35)))
    confirmed(officer, batch)
    with monkeypatch.context() as patch:
        killed_at(patch, taking, "_take_chunk", 3)
        with pytest.raises(Killed):
            jobs.write.call(batch.pk)
    DBTaskResult.objects.update(status="RUNNING")
    batch.refresh_from_db()
    assert (batch.state, batch.done_rows, Decision.objects.count()) == ("writing", 20, 20)
    assert jobs.take_up() == 1
    work()
    batch.refresh_from_db()
    assert (batch.state, Decision.objects.count(), Person.objects.count()) == ("done", 35, 35)
    assert jobs.take_up() == 0


@pytest.mark.req("J4", "I5")
def test_a_taking_back_is_a_job_with_progress_and_goes_on_after_a_fall(
    officer: Client, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    batch = sent(officer, ledgers.workbook(ledgers.lines(25)))
    confirmed(officer, batch)
    settings.TASKS = ON_THE_STORE
    monkeypatch.setattr(undoing, "CHUNK", 10)
    answer = officer.post(url(batch, "undo"))
    assert answer["Location"] == url(batch, "")
    assert DBTaskResult.objects.get().args_kwargs == {"args": [batch.pk], "kwargs": {}}
    page = shown(officer, url(batch, ""))
    assert "正在整批撤回" in page
    assert "0/25份决定" in page
    with monkeypatch.context() as patch:
        killed_at(patch, undoing, "_undo_next", 3)
        with pytest.raises(Killed):
            jobs.undo.call(batch.pk)
    assert "20/25份决定" in shown(officer, url(batch, "progress"))
    assert "继续撤回" in shown(officer, url(batch, ""), stalled="1")
    DBTaskResult.objects.update(status="RUNNING")
    assert jobs.take_up() == 1
    work()
    assert officer.get(url(batch, "progress"), headers={"HX-Request": "true"})["HX-Redirect"] == url(batch, "")
    assert "已整批撤回" in shown(officer, url(batch, ""))
    assert Entry.objects.filter(kind="decision.undone").count() == 25
    assert not Person.objects.filter(state=Person.State.ACTIVE).exists()
    assert verify() == []


@pytest.mark.req("J4")
def test_what_is_worked_on_while_an_import_is_taken_back_stays_and_is_named(officer: Client, settings: Any) -> None:
    running = {"党纪处分": "党内严重警告", "决定日期": "2026-09-20", "生效日期": ""}
    batch = sent(officer, ledgers.workbook([ledgers.line(number, **running) for number in range(1, 6)]))
    confirmed(officer, batch)
    settings.TASKS = ON_THE_STORE
    officer.post(url(batch, "undo"))
    case = Case.objects.filter(import_id=batch.pk).order_by("pk")[0]
    act(case=case, kind=EntryKind.NOTE, by=SHELL, on=TODAY, at=MORNING, today=TODAY, reason="来电询问")
    work()
    batch.refresh_from_db()
    assert batch.state == "undone"
    assert "已经办理过" in batch.message
    (left,) = Decision.objects.filter(state=Decision.State.STANDING)
    assert (left, left.person.state) == (case.decision, Person.State.ACTIVE)
    assert "已经办理过" in shown(officer, url(batch, ""))


@pytest.mark.slow
@pytest.mark.req("A1")
@pytest.mark.django_db(transaction=True)
def test_two_people_confirming_at_the_same_moment_write_once() -> None:
    place = city()
    client = signed_in(holder(Role.CASE_OFFICER, place.commission))
    batch = sent(client, ledgers.workbook(ledgers.lines(12)))
    seen = acting.plan_of(batch).seen
    account = Account.objects.get(username__startswith="case_officer")
    begun: list[bool] = []
    together = threading.Barrier(3)

    def confirm() -> None:
        together.wait()
        try:
            begun.append(acting.confirm(pk=batch.pk, seen=seen, account_id=account.pk))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=confirm) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(begun) == [False, False, True]
    assert (Decision.objects.count(), Person.objects.count()) == (12, 12)


@pytest.mark.req("A4")
def test_a_row_marked_secret_by_hand_becomes_a_stub_and_its_content_is_gone(officer: Client) -> None:
    batch = sent(
        officer,
        ledgers.workbook([*ledgers.lines(3), ledgers.line(4, 姓名="密甲某", 主要事实="这件事不得见于任何地方")]),
    )
    number = staged.staged_rows(batch).order_by("-number")[0].number
    officer.post(url(batch, "row", number), {f"cell-{ledgers.HEADERS.index('是否涉密')}": "是"})
    batch.refresh_from_db()
    assert (batch.totals["create"], batch.totals["stub"]) == (3, 1)
    haystack = b"".join(_unsealed(batch))
    assert "密甲某".encode() not in haystack
    assert "这件事".encode() not in haystack
    refused = officer.post(url(batch, "row", number), {"cell-1": "别的名字"})
    assert refused.status_code == 303
    assert "别的名字".encode() not in b"".join(_unsealed(batch))


@pytest.mark.slow
@pytest.mark.req("J4")
@pytest.mark.django_db(transaction=True)
def test_taking_back_twice_at_the_same_moment_takes_back_once() -> None:
    place = city()
    client = signed_in(holder(Role.CASE_OFFICER, place.commission))
    batch = sent(client, ledgers.workbook(ledgers.lines(6)))
    confirmed(client, batch)
    account = Account.objects.get(username__startswith="case_officer")
    together = threading.Barrier(2)
    done: list[bool] = []

    def undo() -> None:
        together.wait()
        try:
            done.append(acting.undo(pk=batch.pk, account_id=account.pk))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=undo) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(done) == [False, True]
    assert Entry.objects.filter(kind="decision.undone").count() == 6
    assert verify() == []


@pytest.mark.slow
@pytest.mark.req("A4")
@pytest.mark.django_db(transaction=True)
def test_the_text_of_secret_rows_is_nowhere_in_store_pages_workbook_jobs_or_logs(
    settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    settings.TASKS = ON_THE_STORE
    place = city()
    client = signed_in(holder(Role.CASE_OFFICER, place.commission))
    with caplog.at_level(logging.DEBUG):
        batch = sent(client, ledgers.with_secret_rows())
        assert batch.totals["stub"] == 3
        pages = [shown(client, url(batch, "review"), outcome=tab) for tab in ("", "stub", "refused")]
        number = staged.staged_rows(batch, outcome="stub")[0].number
        pages.append(client.get(url(batch, "row", number)).content.decode())
        pages += [shown(client, url(batch, "columns")), shown(client, url(batch, "organs"))]
        book = client.get(url(batch, "refused")).content
        confirmed(client, batch)
        work()
        pages += [shown(client, url(batch, "")), shown(client, reverse("ledger"), state="stub")]
        assert Decision.objects.filter(secret=True, person=None, unit=None).count() == 3
        client.post(url(batch, "undo"))
        pages.append(shown(client, url(batch, "")))
        work()
        pages.append(shown(client, url(batch, "")))
    assert Decision.objects.filter(secret=True, state=Decision.State.UNDONE).count() == 3
    logs = "".join(str(each.content) for log in Log.objects.all() for each in records(log.kind, log.ref)).encode()
    parts = [
        *(page.encode() for page in pages),
        book,
        _unpacked(book),
        caplog.text.encode(),
        logs,
        *_unsealed(batch),
        *_stored(),
    ]
    haystack = b"".join(parts)
    for text in ledgers.SECRET_TEXTS:
        for form in (text.encode(), text.encode("utf-16-le"), ascii(text).strip("'").encode()):
            assert form not in haystack, text
    assert "试甲".encode() in haystack


def _unsealed(batch: Import) -> list[bytes]:
    """What is kept of an upload, opened."""
    batch.refresh_from_db()
    kept = zlib.decompress(unseal(bytes(batch.kept), place=staged.KEPT_PLACE))
    return [kept, *(unseal(bytes(row.payload), place=staged.ROW_PLACE) for row in batch.rows.all())]


def _unpacked(book: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        return b"".join(archive.read(name) for name in archive.namelist())


def _stored() -> list[bytes]:
    """Every byte of the store: the file with its log on SQLite, every column of every table elsewhere."""
    if connection.vendor == "sqlite":
        name = Path(str(connection.settings_dict["NAME"]))
        return [path.read_bytes() for path in name.parent.glob(f"{name.name}*")]
    with connection.cursor() as cursor:
        found = []
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT t::text FROM "{table}" t')
            found += [row[0].encode() for row in cursor.fetchall()]
    return found
