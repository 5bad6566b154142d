"""A corrected record of a batch is carried on to its members: those that still say what landed, each with a reason, and nobody's own words."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django.fixtures import Settings

from tests.support.cast import Cast
from youwei.cases import batches, commands
from youwei.cases.batches import Fixed
from youwei.cases.logs import begun, log, packs
from youwei.cases.models import Bulk, Case, Member
from youwei.cases.proof import Prover
from youwei.cases.tests.builders import CLERK, act, decided, moment, record
from youwei.desk.tests.factories import signed_in
from youwei.documents import bulk, carrying, landing
from youwei.engine.types import EntryKind
from youwei.journal.queries import verify
from youwei.organs.models import Role
from youwei.rulebook.pack_types import PackRef

pytestmark = [pytest.mark.django_db, pytest.mark.req("B9", "G3")]
PACKS = Path(__file__).parent.parent.parent / "cases" / "tests" / "packs"
DAY, NEXT = date(2026, 3, 18), date(2026, 3, 19)
STAMP: dict[str, Any] = {"by": CLERK, "on": DAY, "at": moment(DAY), "today": DAY}


@pytest.fixture(autouse=True)
def that_day(settings: Settings) -> Iterator[None]:
    settings.PACKS = PACKS
    with time_machine.travel(datetime(2026, 3, 19, 1, 30, tzinfo=UTC), tick=False):
        yield


@pytest.fixture
def client(cast: Cast) -> Client:
    return signed_in(cast.officer)


def class_of(cast: Cast, count: int) -> Case:
    """A class of so many, with its courses."""
    pack = packs()[PackRef("course", "2026.01")]
    batch = batches.open_batch(pack=pack, name=f"{count}人班", organ=cast.commission, **STAMP)
    record(batch, "scheme", DAY, {"sessions": [{"id": "1", "name": "党章"}]})
    rows = [Fixed(each.unit_id or 0, each.person_id, each.pk) for each in decided(cast, count)]
    batches.freeze(batch=batch, step="cohort", fixed=rows, **STAMP)
    while batches.join_next(batch=batch, by=CLERK, at=moment(DAY), today=DAY):
        pass
    return batch


def taught(cast: Cast, batch: Case) -> Bulk:
    """One lesson, recorded for everybody under a wrong name."""
    rows = {each.place: {"present": "到" if each.place == 1 else "迟到"} for each in batch.members.all()}
    row = landing.land(
        batch=batch, step="session", key="1", on=NEXT, values={"course": "党张"}, rows=rows, account=cast.officer, at=moment(NEXT), today=NEXT,
        token=f"lesson-{batch.pk}",
    )  # fmt: skip
    bulk.go_on(bulk=row, at=moment(NEXT), today=NEXT)
    return row


def corrected(batch: Case, seq: int, **values: Any) -> None:
    act(batch, "correct", NEXT, target=seq, values=values or {"course": "党章"}, reason="课程名写错")


def carried(cast: Cast, batch: Case, seq: int, reason: str = "课程名写错") -> Bulk:
    found = carrying.carried(batch, seq)
    assert found is not None
    row = carrying.carry(found=found, account=cast.officer, reason=reason, at=moment(NEXT))
    bulk.go_on(bulk=row, at=moment(NEXT), today=NEXT)
    return row


def members(batch: Case) -> list[Case]:
    rows = Member.objects.filter(batch=batch).select_related("case").order_by("place")
    return [each.case for each in rows if each.case is not None]


def says(case: Case) -> tuple[Any, ...]:
    """What the last entry of a case is and says."""
    last = log(case)[-1]
    return (str(last.kind), last.target, dict(last.values), last.reason, last.by)


def answers(row: Bulk) -> list[tuple[str, str]]:
    return [(line.state, bulk.refusal(line)) for line in row.lines.order_by("case")]


def proved() -> list[str]:
    return [str(each) for each in verify(provers=[Prover(NEXT)])]


def test_what_still_says_what_landed_is_corrected_with_reason_and_source_and_own_words_stay(cast: Cast) -> None:
    batch = class_of(cast, 2)
    landed = taught(cast, batch)
    assert carrying.due(batch) == {}
    corrected(batch, landed.batch_seq)
    assert carrying.due(batch) == {landed.batch_seq: landed.batch_seq + 1}
    row = carried(cast, batch, landed.batch_seq)
    assert answers(row) == [("done", ""), ("done", "")]
    for case, present in zip(members(batch), ("到", "迟到"), strict=True):
        assert says(case) == ("correct", 3, {"course": "党章"}, "课程名写错", cast.officer.name)
        via = log(case)[-1].via
        assert via is not None
        assert (via.batch, via.seq) == (batch.pk, landed.batch_seq + 1)
        found = begun(log(case), 3)
        assert found is not None
        assert dict(found.values) == {"course": "党章", "present": present}
    assert carrying.due(batch) == {}
    assert proved() == []


def test_what_was_corrected_by_hand_or_withdrawn_since_stays_and_is_told_with_the_reason(cast: Cast) -> None:
    batch = class_of(cast, 3)
    landed = taught(cast, batch)
    first, second, third = members(batch)
    act(first, "correct", NEXT, target=3, values={"course": "党章第一章"}, reason="只听了第一章")
    act(second, "withdraw", NEXT, target=3, reason="没有到课")
    corrected(batch, landed.batch_seq)
    row = carried(cast, batch, landed.batch_seq)
    assert answers(row) == [
        ("refused", "这条记录在他的事项里另行更正过（方知行）。"),
        ("refused", "这条记录已经撤回、退回或重新办理。"),
        ("done", ""),
    ]
    assert says(first)[2] == {"course": "党章第一章"}
    assert says(second)[0] == "withdraw"
    assert says(third)[2] == {"course": "党章"}
    assert proved() == []


def test_a_second_correction_goes_on_too_also_when_it_takes_the_first_back(cast: Cast) -> None:
    batch = class_of(cast, 1)
    landed = taught(cast, batch)
    corrected(batch, landed.batch_seq)
    carried(cast, batch, landed.batch_seq)
    corrected(batch, landed.batch_seq, course="党张")
    row = carried(cast, batch, landed.batch_seq, reason="原来没有错")
    assert answers(row) == [("done", "")]
    assert says(members(batch)[0])[2:4] == ({"course": "党张"}, "原来没有错")
    assert len(log(members(batch)[0])) == 5


def test_the_same_correction_is_carried_on_once_stopped_half_way_or_sent_twice(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk, "CHUNK", 1)
    batch = class_of(cast, 3)
    landed = taught(cast, batch)
    corrected(batch, landed.batch_seq)
    found = carrying.carried(batch, landed.batch_seq)
    assert found is not None
    row = carrying.carry(found=found, account=cast.officer, reason="错字", at=moment(NEXT))
    assert bulk._next(row, moment(NEXT), NEXT)
    assert bulk.counts(row)["done"] == 1
    assert carrying.carry(found=found, account=cast.officer, reason="错字", at=moment(NEXT)) == row
    bulk.go_on(bulk=row, at=moment(NEXT), today=NEXT)
    row.lines.update(state="waiting")  # as if the lines of a chunk had been lost with the machine
    bulk.go_on(bulk=row, at=moment(NEXT), today=NEXT)
    assert [len(log(case)) for case in members(batch)] == [4, 4, 4]
    assert bulk.counts(row)["done"] == 3


def test_without_a_reason_or_anything_to_correct_nothing_begins(cast: Cast) -> None:
    batch = class_of(cast, 1)
    landed = taught(cast, batch)
    same = carrying.carried(batch, landed.batch_seq)
    assert same is not None
    with pytest.raises(commands.Rejected, match="没有可以改的"):
        carrying.carry(found=same, account=cast.officer, reason="错字", at=moment(NEXT))
    corrected(batch, landed.batch_seq)
    found = carrying.carried(batch, landed.batch_seq)
    assert found is not None
    with pytest.raises(commands.Rejected, match="没有写明为什么更正"):
        carrying.carry(found=found, account=cast.officer, reason=" ", at=moment(NEXT))
    assert carrying.carried(batch, 2) is None, "the scheme landed on nobody"
    assert Bulk.objects.count() == 1
    assert EntryKind.CORRECT not in {entry.kind for entry in log(members(batch)[0])}


def test_the_correction_of_a_batch_leads_to_its_members_and_one_confirmed_act_corrects_them(
    cast: Cast, client: Client
) -> None:
    batch = class_of(cast, 2)
    landed = taught(cast, batch)
    act(members(batch)[1], "correct", NEXT, target=3, values={"course": "党章第一章"}, reason="只听了第一章")
    form = reverse("case-act", args=[batch.pk, "correct"])
    shown = client.get(form, {"target": landed.batch_seq})
    assert "下一页可以一并改到各人" in shown.content.decode()
    sent = {"target": landed.batch_seq, "course": "党章", "on": "2026年3月19日", "reason": "课程名写错"}
    address = reverse("batch-carry", args=[batch.pk, landed.batch_seq])
    answer = client.post(form, {**sent, "seen": shown.context["seen"], "token": "c"})
    assert answer.status_code == 302, answer.context["form"].errors
    assert answer["Location"] == address
    page = client.get(address)
    assert page.context["changes"] == [("课程", "党张", "党章")]
    assert [row.refusal for row in page.context["rows"]] == ["", "这条记录在他的事项里另行更正过（方知行）"]
    assert page.context["form"].initial == {"reason": "课程名写错"}
    assert "批次的记录后来更正过" in client.get(reverse("batch", args=[batch.pk])).content.decode()
    assert client.post(address, {"reason": ""}).status_code == 422
    assert Bulk.objects.count() == 1
    assert client.post(address, {"reason": "课程名写错"}).status_code == 302
    assert [says(case)[2] for case in members(batch)] == [{"course": "党章"}, {"course": "党章第一章"}]
    assert "批次的记录后来更正过" not in client.get(reverse("batch", args=[batch.pk])).content.decode()


def test_whoever_does_not_work_on_the_batch_finds_no_such_page_and_nonsense_breaks_nothing(
    cast: Cast, client: Client
) -> None:
    batch = class_of(cast, 1)
    landed = taught(cast, batch)
    corrected(batch, landed.batch_seq)
    address = reverse("batch-carry", args=[batch.pk, landed.batch_seq])
    for role in (Role.UNIT, Role.UPPER_VIEWER, Role.SYSTEM_ADMIN):
        assert signed_in(cast.accounts[role]).get(address).status_code == 404, role
        assert signed_in(cast.accounts[role]).post(address, {"reason": "x"}).status_code == 404, role
    assert signed_in(cast.outsider).get(address).status_code == 404
    for seq in (0, 2, 999, 10**12):
        assert client.get(reverse("batch-carry", args=[batch.pk, seq])).status_code == 302
    assert Bulk.objects.count() == 1


def test_the_page_asks_the_same_number_of_queries_for_few_and_for_many(cast: Cast, client: Client) -> None:
    counts = []
    for size in (2, 9):
        batch = class_of(cast, size)
        landed = taught(cast, batch)
        corrected(batch, landed.batch_seq)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse("batch-carry", args=[batch.pk, landed.batch_seq])).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
