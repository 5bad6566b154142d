"""A record of a batch is withdrawn together with what it became: from those who have not gone on, and whoever has is told with the reason."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django.fixtures import Settings

from tests.support.cast import Cast
from youwei.cases import commands
from youwei.cases.logs import log
from youwei.cases.models import Bulk, Case
from youwei.cases.tests.builders import act, moment, record
from youwei.desk.tests.factories import signed_in
from youwei.desk.tests.test_carrying import (
    NEXT,
    PACKS,
    answers,
    carried,
    class_of,
    corrected,
    members,
    proved,
    says,
    taught,
)
from youwei.documents import bulk, landing, retracting
from youwei.organs.models import Role

pytestmark = [pytest.mark.django_db, pytest.mark.req("B9", "G3")]


@pytest.fixture(autouse=True)
def that_day(settings: Settings, tmp_path: Path) -> Iterator[None]:
    """The class of the other tests, in which one writes what one has learnt behind the lessons."""
    for name in ("course", "study"):
        shutil.copytree(PACKS / name, tmp_path / name)
    study = next((tmp_path / "study").rglob("pack.yaml"))
    before, essay, after = study.read_text("utf-8").partition("  essay:\n")
    study.write_text(before + essay + after.replace("after: opened", "after: attend", 1), "utf-8")
    settings.PACKS = tmp_path
    with time_machine.travel(datetime(2026, 3, 19, 1, 30, tzinfo=UTC), tick=False):
        yield


@pytest.fixture
def client(cast: Cast) -> Client:
    return signed_in(cast.officer)


def retracted(cast: Cast, batch: Case, seq: int, reason: str = "记错了班次") -> Bulk:
    found = retracting.retractable(batch, seq)
    assert found is not None
    row = retracting.retract(found=found, account=cast.officer, reason=reason, on=NEXT, at=moment(NEXT), today=NEXT)
    bulk.go_on(bulk=row, at=moment(NEXT), today=NEXT)
    return row


def open_lessons(batch: Case) -> list[str]:
    return list(batch.open_steps.filter(step="session").values_list("key", flat=True))


def test_the_record_of_the_batch_and_of_every_member_is_withdrawn_with_reason_and_source(cast: Cast) -> None:
    batch = class_of(cast, 2)
    landed = taught(cast, batch)
    assert open_lessons(batch) == []
    row = retracted(cast, batch, landed.batch_seq)
    assert row.title.startswith("撤回：")
    assert answers(row) == [("done", ""), ("done", "")]
    assert says(batch)[:2] == ("withdraw", landed.batch_seq)
    assert says(batch)[3:] == ("记错了班次", cast.officer.name)
    for case in members(batch):
        assert says(case) == ("withdraw", 3, {}, "记错了班次", cast.officer.name)
        via = log(case)[-1].via
        assert via is not None
        assert (via.batch, via.seq) == (batch.pk, row.batch_seq)
    assert open_lessons(batch) == ["1"], "it is to be recorded again"
    assert retracting.retractable(batch, landed.batch_seq) is None
    again = taught(cast, Case.objects.get(pk=batch.pk))
    assert answers(again) == [("done", ""), ("done", "")]
    assert proved() == []


def test_whoever_has_gone_on_or_was_altered_by_hand_keeps_the_record_and_is_told(cast: Cast) -> None:
    batch = class_of(cast, 5)
    landed = taught(cast, batch)
    first, second, third, fourth, fifth = members(batch)
    record(first, "essay", NEXT, {"text": "略"})
    act(second, "correct", NEXT, target=3, values={"course": "党章第一章"}, reason="只听了第一章")
    act(third, "withdraw", NEXT, target=3, reason="没有到课")
    act(fourth, "terminated", NEXT, reason="立错了")
    row = retracted(cast, batch, landed.batch_seq)
    assert answers(row) == [
        ("refused", "在这以后已经办了“心得体会”。"),
        ("refused", "这条记录在他的事项里另行更正过（方知行）。"),
        ("refused", "这条记录已经撤回、退回或重新办理。"),
        ("refused", "事项已经结束。"),
        ("done", ""),
    ]
    assert says(first)[0] == "record"
    assert says(fifth)[:2] == ("withdraw", 3)
    act(first, "withdraw", NEXT, target=4, reason="心得另交")
    bulk.retry(bulk=row)
    bulk.go_on(bulk=row, at=moment(NEXT), today=NEXT)
    assert answers(row)[0] == ("done", ""), "what was behind it is withdrawn, and so it can be"
    assert proved() == []


def test_a_correction_carried_on_is_withdrawn_with_the_record(cast: Cast) -> None:
    batch = class_of(cast, 1)
    landed = taught(cast, batch)
    corrected(batch, landed.batch_seq)
    carried(cast, batch, landed.batch_seq)
    assert answers(retracted(cast, batch, landed.batch_seq)) == [("done", "")]
    assert proved() == []


def test_what_was_refused_when_it_landed_does_not_land_after_the_withdrawal(cast: Cast) -> None:
    batch = class_of(cast, 2)
    act(members(batch)[1], "terminated", NEXT, reason="立错了")
    landed = taught(cast, batch)
    assert [state for state, _ in answers(landed)] == ["done", "refused"]
    row = retracted(cast, batch, landed.batch_seq)
    assert [state for state, _ in answers(row)] == ["done"], "only whom it reached"
    assert bulk.retry(bulk=landed) == 0
    assert [state for state, _ in answers(landed)] == ["done", "refused"]
    page = signed_in(cast.officer).get(reverse("together-job", args=[landed.pk])).content.decode()
    assert "批次的这条记录已经撤回" in page
    assert "再试没有记录的" not in page


def test_the_same_withdrawal_is_done_once_stopped_half_way_or_sent_twice(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk, "CHUNK", 1)
    batch = class_of(cast, 3)
    landed = taught(cast, batch)
    found = retracting.retractable(batch, landed.batch_seq)
    assert found is not None
    row = retracting.retract(found=found, account=cast.officer, reason="重复", on=NEXT, at=moment(NEXT), today=NEXT)
    assert bulk._next(row, moment(NEXT), NEXT)
    assert bulk.counts(row)["done"] == 1
    with pytest.raises(commands.Rejected, match="还有没做完的"):
        retracting.retract(found=found, account=cast.officer, reason="重复", on=NEXT, at=moment(NEXT), today=NEXT)
    bulk.go_on(bulk=row, at=moment(NEXT), today=NEXT)
    row.lines.update(state="waiting")  # as if the lines of a chunk had been lost with the machine
    bulk.go_on(bulk=row, at=moment(NEXT), today=NEXT)
    assert [len(log(case)) for case in members(batch)] == [4, 4, 4]
    with pytest.raises(commands.Rejected, match="已经撤回"):
        retracting.retract(found=found, account=cast.officer, reason="重复", on=NEXT, at=moment(NEXT), today=NEXT)


def test_without_a_reason_or_apart_from_its_members_nothing_is_withdrawn(cast: Cast) -> None:
    batch = class_of(cast, 1)
    landed = taught(cast, batch)
    found = retracting.retractable(batch, landed.batch_seq)
    assert found is not None
    with pytest.raises(commands.Rejected, match="没有写明为什么撤回"):
        retracting.retract(found=found, account=cast.officer, reason=" ", on=NEXT, at=moment(NEXT), today=NEXT)
    with pytest.raises(commands.Rejected, match="连同成员一并撤回"):
        act(batch, "withdraw", NEXT, target=landed.batch_seq, reason="记错")
    assert retracting.retractable(batch, 2) is None, "the scheme landed on nobody"
    assert [len(log(case)) for case in members(batch)] == [3]


def test_nothing_is_withdrawn_while_it_still_lands(cast: Cast) -> None:
    batch = class_of(cast, 1)
    row = landing.land(
        batch=batch, step="session", key="1", on=NEXT, values={"course": "党章"}, rows={1: {"present": "到"}}, account=cast.officer,
        at=moment(NEXT), today=NEXT, token="lesson",
    )  # fmt: skip
    found = retracting.retractable(batch, row.batch_seq)
    assert found is not None
    with pytest.raises(commands.Rejected, match="请等它做完以后再撤回"):
        retracting.retract(found=found, account=cast.officer, reason="记错", on=NEXT, at=moment(NEXT), today=NEXT)


def test_withdrawing_a_landed_record_leads_to_its_members_and_one_confirmed_act_withdraws_them(
    cast: Cast, client: Client
) -> None:
    batch = class_of(cast, 2)
    landed = taught(cast, batch)
    record(members(batch)[1], "essay", NEXT, {"text": "略"})
    address = reverse("batch-retract", args=[batch.pk, landed.batch_seq])
    answer = client.get(reverse("case-act", args=[batch.pk, "withdraw"]), {"target": landed.batch_seq})
    assert (answer.status_code, answer["Location"]) == (302, address)
    page = client.get(address)
    assert [row.refusal for row in page.context["rows"]] == ["", "在这以后已经办了“心得体会”"]
    assert "保留：在这以后已经办了“心得体会”" in page.content.decode()
    empty = client.post(address, {"reason": ""})
    assert empty.status_code == 422
    assert "为什么撤回" in empty.content.decode()
    assert Bulk.objects.count() == 1
    assert client.post(address, {"reason": "记错了班次"}).status_code == 302
    assert says(members(batch)[0])[0] == "withdraw"
    assert says(members(batch)[1])[0] == "record"
    assert client.post(address, {"reason": "记错了班次"}).status_code == 302, "a second click finds nothing to withdraw"
    assert Bulk.objects.count() == 2


def test_whoever_does_not_work_on_the_batch_finds_no_such_page_and_nonsense_breaks_nothing(
    cast: Cast, client: Client
) -> None:
    batch = class_of(cast, 1)
    landed = taught(cast, batch)
    address = reverse("batch-retract", args=[batch.pk, landed.batch_seq])
    for role in (Role.UNIT, Role.UPPER_VIEWER, Role.SYSTEM_ADMIN):
        assert signed_in(cast.accounts[role]).get(address).status_code == 404, role
        assert signed_in(cast.accounts[role]).post(address, {"reason": "x"}).status_code == 404, role
    assert signed_in(cast.outsider).get(address).status_code == 404
    for seq in (0, 2, 999, 10**12):
        assert client.get(reverse("batch-retract", args=[batch.pk, seq])).status_code == 302
    assert Bulk.objects.count() == 1
    assert [len(log(case)) for case in members(batch)] == [3]


def test_the_page_asks_the_same_number_of_queries_for_few_and_for_many(cast: Cast, client: Client) -> None:
    counts = []
    for size in (2, 9):
        batch = class_of(cast, size)
        landed = taught(cast, batch)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse("batch-retract", args=[batch.pk, landed.batch_seq])).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
