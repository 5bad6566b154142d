"""The process is killed after every single statement of an act: the store then holds nothing of the act, or all of it."""

import contextlib
import io
import os
import signal
import sys
import traceback
import warnings
from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import partial
from typing import Any

import pytest
import time_machine
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, connections
from django.db.backends.utils import CursorWrapper
from django.test import Client
from django.urls import reverse

from tests.support.cast import Cast, organ
from youwei.cases import commands, following, taking, undoing
from youwei.cases.models import Case, Draft, OpenStep
from youwei.decisions.altering import Doing, Review
from youwei.decisions.commands import Given
from youwei.decisions.models import Decision, Period
from youwei.desk.organs import acting
from youwei.desk.safekeeping.backup import tables
from youwei.documents.models import Attachment, Paper
from youwei.engine.types import EntryKind
from youwei.intake import queries as staged
from youwei.intake.commands import stage
from youwei.intake.models import Import
from youwei.journal.actors import Actor
from youwei.journal.models import Entry, Log
from youwei.journal.queries import records, verify
from youwei.organs.changes import Ground
from youwei.organs.models import Organ
from youwei.people.models import Person
from youwei.rulebook.law import load_law

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow, pytest.mark.req("I5", "J4")]
DAY = date(2026, 3, 16)
MOMENT = datetime(2026, 3, 16, 1, 30, tzinfo=UTC)
BY = Actor("陈思源")
MOST = 400
FAILED = 3
HEADS = (
    "姓名",
    "政治面貌",
    "单位及职务",
    "干部管理权限",
    "四种形态",
    "党纪处分",
    "决定文号",
    "决定机关",
    "决定日期",
    "生效日期",
    "是否涉密",
)
NAMES = ("许南舟", "柳不凡", "单雄飞", "查良木", "解云帆", "仇望舒")


def killed_after(statements: int, act: Callable[[], Any]) -> bool:
    """Do the act in a process of its own that is killed after so many statements. False when it was through before."""
    connections.close_all()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # forking is what is wanted here
        child = os.fork()
    if child == 0:
        _child(statements, act)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        assert os.WTERMSIG(status) == signal.SIGKILL
        return True
    assert os.WEXITSTATUS(status) == 0
    return False


def _child(statements: int, act: Callable[[], Any]) -> None:
    done = 0

    def count(execute: Callable[..., Any], *given: Any) -> Any:
        nonlocal done
        result = execute(*given)
        done += 1
        if done == statements:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    ended = FAILED
    forget_inherited_connections()
    try:
        with connection.execute_wrapper(count):
            act()
        connections.close_all()
        ended = 0
    finally:
        if ended:
            traceback.print_exc(file=sys.__stderr__)
        os._exit(ended)


def forget_inherited_connections() -> None:
    """A browser test earlier in this process leaves an event loop behind, which the child has not got: Django would give the child
    another connection than the parent, one from before that test, whose socket both would then speak on."""
    for alias in connections:
        with contextlib.suppress(AttributeError):
            del connections[alias]


def everything() -> list[object]:
    """Every row of every table, as it lies there."""
    with connection.cursor() as cursor:
        return [rows(cursor, connection.ops.quote_name(model._meta.db_table)) for model in tables()]


def rows(cursor: CursorWrapper, table: str) -> list[tuple[object, ...]]:
    cursor.execute(f"SELECT * FROM {table} ORDER BY 1")
    return list(cursor.fetchall())


def all_or_nothing(act: Callable[[], Any]) -> int:
    """Kill the act after its first statement, its second, and so on; returns after how many it was through."""
    before = everything()
    for statements in range(1, MOST):
        if not killed_after(statements, act):
            assert verify() == []
            assert everything() != before
            return statements
        assert everything() == before, f"after {statements} statements"
        assert verify() == []
    raise AssertionError(f"more than {MOST} statements")


def table(count: int) -> bytes:
    held = io.BytesIO()
    with xlsxwriter.Workbook(held, {"in_memory": True}) as book:
        sheet = book.add_worksheet("台账")
        sheet.write_row(0, 0, HEADS)
        for number, name in enumerate(NAMES[:count], start=1):
            bureau = f"青溪区{('水利局', '城管局', '档案馆')[number % 3]}科长"
            number_of = f"青纪发〔2026〕{number}号"
            cells = (name, "中共党员", bureau, "区管干部", "第二种形态", "党内严重警告", number_of, "青溪区纪委监委", "2026年3月12日",
                     "2026/03/12", "是" if number == 5 else "否")  # fmt: skip
            sheet.write_row(number, 0, cells)
    return held.getvalue()


def uploaded(cast: Cast, count: int) -> Import:
    return stage(
        organ=cast.commission, data=table(count), filename="台账.xlsx", mode=Import.Mode.CURRENT, by=BY, at=MOMENT, on=DAY,
        matcher=taking.matcher(cast.commission),
    )  # fmt: skip


def take_in(batch: Import) -> None:
    taking.take_in(batch=Import.objects.get(pk=batch.pk), by=BY, at=MOMENT, today=DAY)


@pytest.fixture
def visiting(cast: Cast) -> Case:
    """A case that waits for its visiting group."""
    take_in(uploaded(cast, 1))
    return Case.objects.get(procedure="jingzhou-visit")


GROUP = {"leader": "岑泊安", "people": ["方知行", "甘棠"], "shelf": "青-19"}


def act(case: Case, kind: EntryKind, **more: Any) -> None:
    commands.act(case=Case.objects.get(pk=case.pk), kind=kind, by=BY, on=DAY, at=MOMENT, today=DAY, **more)


def test_a_record_is_there_whole_or_not_at_all(visiting: Case) -> None:
    assert all_or_nothing(partial(act, visiting, EntryKind.RECORD, step="group", values=GROUP, token="once")) > 10
    (_, entry) = records("case", visiting.pk)
    assert entry.content["values"]["shelf"] == "青-19"
    assert not OpenStep.objects.filter(case=visiting, step="group").exists()


DURING = datetime(2026, 6, 17, 1, 30, tzinfo=UTC)
SENT = {
    "key": "1", "token": "the one token", "on": "2026年6月17日", "outcome": "已进行", "planned": "yes", "mode": "谈话", "place": "会议室",
    "people-typed": "方知行、甘棠", "heard": "本人", "account": "谈了近况。", "contacted": "yes", "execution": "已执行到位",
    "management": "已落实", "next_on": "2026年9月17日",
}  # fmt: skip
SCAN = b"%PDF-1.7 the signed page"


def test_a_step_with_its_file_and_its_paper_sent_over_http_is_there_whole_or_not_at_all_and_once(
    visiting: Case, cast: Cast
) -> None:
    """A file's bytes lie in the store beside its row, so that there is no moment between the two."""
    act(visiting, EntryKind.RECORD, step="group", values=GROUP)
    act(
        visiting,
        EntryKind.RECORD,
        step="mentor",
        values={"person": "乐山川", "post": "工会主席", "clean": True, "apart": True},
    )
    with time_machine.travel(DURING, tick=False):
        client = Client()
        client.force_login(cast.officer, backend="django.contrib.auth.backends.ModelBackend")
        commands.save_draft(account=cast.officer, case=visiting, step="visit", key="1", text="on=6", at=DURING)
        address = reverse("case-record", args=[visiting.pk, "visit"])

        def send() -> None:
            answer = client.post(address, {**SENT, "attachments": SimpleUploadedFile("谈话.pdf", SCAN)})
            assert answer.status_code == 302, answer.content.decode()

        before, whole = everything(), list[object]()
        for statements in range(1, MOST):
            through = not killed_after(statements, send)
            if everything() != before:
                # From the first statement after the commit on, every further sending of the same token finds it all there.
                whole = whole or everything()
                assert everything() == whole, f"sent again, killed after {statements} statements"
            if through:
                break
        assert through
        assert statements > 20
        send()
    assert everything() == whole
    (entry,) = [entry for entry in records("case", visiting.pk) if entry.step == "visit"]
    assert [(paper.kind, paper.entry_seq) for paper in Paper.objects.all()] == [("visit-record", entry.seq)]
    assert [(file.data(), file.entry_seq) for file in Attachment.objects.all()] == [(SCAN, entry.seq)]
    assert not Draft.objects.exists()
    assert OpenStep.objects.filter(case=visiting, step="visit").get().key == "2"
    assert verify() == []


def test_a_correction_is_there_whole_or_not_at_all(visiting: Case) -> None:
    act(visiting, EntryKind.RECORD, step="group", values=GROUP)
    change = partial(act, visiting, EntryKind.CORRECT, target=2, values={"shelf": "青-20"}, reason="档号写错")
    assert all_or_nothing(change) > 10
    assert [entry.kind for entry in records("case", visiting.pk)] == ["opened", "record", "correct"]


def test_an_import_killed_anywhere_leaves_whole_rows_and_goes_on_where_it_stopped(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(staged, "chunks", partial(staged.chunks, size=2))
    batch = uploaded(cast, 6)
    written = []
    for statements in range(1, MOST):
        through = not killed_after(statements, partial(take_in, batch))
        check_whole_rows()
        written.append(Decision.objects.count())
        if through:
            break
    assert written == sorted(written)
    assert {0, 2, 4, 6} == set(written)
    assert Import.objects.get(pk=batch.pk).state == Import.State.DONE
    take_in(batch)
    assert (Person.objects.count(), Decision.objects.count(), Decision.objects.filter(secret=True).count()) == (5, 6, 1)


def check_whole_rows() -> None:
    """Every row that is there is there with all that belongs to it, and every log proves itself."""
    assert verify() == []
    kinds = list(Entry.objects.values_list("kind", flat=True))
    people, decisions = Person.objects.all(), Decision.objects.all()
    assert kinds.count("person.registered") == people.count() == decisions.exclude(person=None).count()
    assert kinds.count("decision.recorded") == decisions.count()
    assert not Organ.objects.filter(path="").exists()
    assert not people.filter(terms=None).exists()
    assert not decisions.filter(measures=None).exists()
    open_ones = decisions.filter(secret=False)
    assert not open_ones.filter(measures__periods=None).exists()
    assert {len(cases) for cases in ([case.procedure for case in decision.cases.all()] for decision in open_ones)} <= {
        3
    }
    assert Log.objects.filter(kind="case").count() == Case.objects.count() == kinds.count("opened")
    assert not Case.objects.filter(open_steps=None).exists()


def test_a_taking_back_killed_anywhere_leaves_whole_rows_and_goes_on_where_it_stopped(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(undoing, "CHUNK", 2)
    batch = uploaded(cast, 6)
    take_in(batch)

    def undo() -> None:
        undoing.undo(batch=Import.objects.get(pk=batch.pk), by=BY, at=MOMENT, today=DAY)

    left = []
    for statements in range(1, MOST):
        through = not killed_after(statements, undo)
        assert verify() == []
        left.append(whole_or_gone())
        if through:
            break
    assert left == sorted(left, reverse=True)
    assert set(left) == {6, 4, 2, 0}
    assert Import.objects.get(pk=batch.pk).state == Import.State.UNDONE
    assert Entry.objects.filter(kind="decision.undone").count() == 6
    assert Entry.objects.filter(kind="person.undone").count() == 5


def whole_or_gone() -> int:
    """Every decision stands with its person, periods and cases, or is gone with all of them. Returns how many stand."""
    for decision in Decision.objects.filter(secret=False):
        stands = decision.state == Decision.State.STANDING
        assert (decision.person.state == Person.State.ACTIVE) is stands
        assert Period.objects.filter(measure__decision=decision, current=True).exists() is stands
        assert {case.state == Case.State.TERMINATED for case in decision.cases.all()} == {not stands}
    return Decision.objects.filter(state=Decision.State.STANDING).count()


def doing(row: Decision) -> Doing:
    return Doing(
        by=BY, on=DAY, at=MOMENT, convention="inclusive", reason="与决定书核对", seen=row.version, token="once"
    )


def told(label: str) -> Given:
    kind = load_law().recognise(label)
    assert kind is not None
    return Given(kind, label)


def correct(row: Decision) -> None:
    """Another day, one measure written rightly, one struck out, a case that ends and one that opens."""
    changes = {"made_on": date(2026, 3, 2), "effective_on": date(2026, 3, 2), "managed_by": "市管干部"}
    following.correct(decision=row.pk, changes=changes, measures=[told("政务撤职")], doing=doing(row))


def change(row: Decision) -> None:
    review = Review(starts_on=DAY, ground="申诉", organ=row.deciding_organ)
    targets = {row.measures.get().pk: told("党内警告")}
    following.change(decision=row.pk, targets=targets, review=review, doing=doing(row))


def withdraw(row: Decision) -> None:
    review = Review(starts_on=DAY, ground="申诉", organ=row.deciding_organ)
    following.withdraw(decision=row.pk, review=review, doing=doing(row))


@pytest.mark.req("A6")
@pytest.mark.parametrize("alter", [correct, change, withdraw])
def test_a_decision_is_altered_whole_or_not_at_all(visiting: Case, alter: Callable[[Decision], None]) -> None:
    row = visiting.decision
    assert row is not None
    assert all_or_nothing(partial(alter, row)) > 20
    kept = everything()
    alter(row)  # the same token again
    assert everything() == kept
    row.refresh_from_db()
    assert row.version == 2


@pytest.mark.req("I8", "J3")
def test_an_organ_is_merged_with_its_people_roles_and_cases_or_not_at_all(visiting: Case) -> None:
    old = visiting.subject_organ
    heir = organ("青溪区水务局", "department", old.parent)
    ground = Ground(on=DAY, paper="云编〔2026〕3号", by=BY, today=DAY, at=MOMENT, token="once")
    merge = partial(acting.carry_out, acting.ACTS["merge"], old, {"into": heir}, ground)
    assert all_or_nothing(merge) > 30
    kept = everything()
    assert merge() is None, "the same token again"
    assert everything() == kept
    assert (Person.objects.get().organ, Case.objects.get(pk=visiting.pk).subject_organ) == (heir, heir)
