"""The pages of a batch: opening it, fixing its people, recording for all of them, and who sees whom."""

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
from youwei.cases.logs import log
from youwei.cases.models import Bulk, Case, Member
from youwei.cases.tests.builders import cases_of, decided, record
from youwei.desk.batches import jobs
from youwei.desk.tests.factories import signed_in
from youwei.journal.queries import records
from youwei.organs.models import Organ, Role
from youwei.people.models import Person

pytestmark = [pytest.mark.django_db, pytest.mark.req("B9", "G3", "I5")]
PACKS = Path(__file__).resolve().parents[2] / "cases" / "tests" / "packs"
DAY = date(2026, 3, 18)
SESSIONS = {"sessions": [{"id": "1", "name": "党章"}]}


@pytest.fixture(autouse=True)
def that_day(settings: Settings) -> Iterator[None]:
    settings.PACKS = PACKS
    with time_machine.travel(datetime(2026, 3, 18, 1, 30, tzinfo=UTC), tick=False):
        yield


@pytest.fixture
def client(cast: Cast) -> Client:
    return signed_in(cast.officer)


@pytest.fixture
def batch(client: Client) -> Case:
    """A class opened on its page, with its courses."""
    client.post(reverse("batch-new", args=["course"]), {"name": "2026年第一期", "on": "2026年3月18日", "token": "new"})
    made = Case.objects.get(procedure="course")
    record(made, "scheme", DAY, SESSIONS)
    return made


def page(client: Client, name: str, *args: Any) -> str:
    answer = client.get(reverse(name, args=args))
    assert answer.status_code == 200, answer.headers.get("Location")
    return str(answer.content.decode())


def fix(client: Client, batch: Case, **more: str) -> Any:
    address = reverse("batch-freeze", args=[batch.pk, "cohort"])
    mark = client.get(address).context["listed"].mark
    return client.post(address, {"on": "2026年3月18日", "token": "freeze", "mark": mark, **more})


def names(client: Client, batch: Case, **sent: str) -> list[str]:
    address = reverse("batch-freeze", args=[batch.pk, "cohort"])
    answer = client.post(address, sent) if sent else client.get(address)
    return [each.name for each in answer.context["page"].rows]


def test_a_batch_is_opened_once_by_whoever_the_pack_names(cast: Cast, client: Client, batch: Case) -> None:
    assert batch.title == "集中教育班（2026年第一期）"
    client.post(reverse("batch-new", args=["course"]), {"name": "2026年第一期", "on": "2026年3月18日", "token": "new"})
    assert Case.objects.filter(procedure="course").count() == 1, "the same form sent twice"
    assert "2026年第一期" in page(client, "batches")
    assert client.post(reverse("batch-new", args=["course"]), {"name": "", "on": ""}).status_code == 422
    assert client.get(reverse("batch-new", args=["study"])).status_code == 404, "not a batch"
    assert signed_in(cast.accounts[Role.UPPER_VIEWER]).get(reverse("batch-new", args=["course"])).status_code == 404


def test_whom_the_scope_proposes_is_listed_with_why_and_changed_by_hand_before_it_is_fixed(
    cast: Cast, client: Client, batch: Case
) -> None:
    (kept,) = decided(cast, 1, name="解文舟")
    (gone,) = decided(cast, 1, name="仇望舒")
    (light,) = decided(cast, 1, name="柳不凡", label="诫勉")
    assert names(client, batch) == ["仇望舒", "解文舟"]
    text = page(client, "batch-freeze", batch.pk, "cohort")
    assert "处分处理类别：党纪处分" in text
    assert names(client, batch, take=f"d{gone.pk}") == ["解文舟"]
    assert names(client, batch, put=f"d{light.pk}") == ["柳不凡", "解文舟"]
    found = client.post(reverse("batch-freeze", args=[batch.pk, "cohort"]), {"find": "1", "q": "仇"})
    assert [each.name for each in found.context["hits"]] == ["仇望舒"]
    assert fix(client, batch).status_code == 302
    assert list(Member.objects.order_by("place").values_list("decision", flat=True)) == [light.pk, kept.pk]
    assert all(each.case is not None for each in Member.objects.all())


def test_a_list_that_is_no_longer_as_it_was_shown_is_shown_again(cast: Cast, client: Client, batch: Case) -> None:
    decided(cast, 1)
    answer = fix(client, batch, mark="d1,d2")
    assert answer.status_code == 422
    assert "名单刚才有变化" in answer.content.decode()
    assert not Member.objects.exists()


def gathered(cast: Cast, client: Client, batch: Case, *people: str) -> list[Case]:
    for name in people:
        decided(cast, 1, name=name)
    fix(client, batch)
    return [each.case for each in Member.objects.order_by("place") if each.case]


def test_one_record_lands_on_everybody_with_an_answer_for_each(cast: Cast, client: Client, batch: Case) -> None:
    first, second = gathered(cast, client, batch, "仇望舒", "解文舟")
    address = reverse("batch-land", args=[batch.pk, "session"])
    form = client.get(address, {"key": "1"})
    assert [row.whom.name for row in form.context["form"].rows] == ["仇望舒", "解文舟"]
    sent = {
        "key": "1",
        "token": "land",
        "seen": form.context["seen"],
        "on": "2026年3月18日",
        "course": "党章",
        "r1-present": "到",
    }
    wrong = client.post(address, {**sent, "stage": "check"})
    assert (wrong.status_code, Bulk.objects.count()) == (422, 0), "nobody is silently absent"
    sent["r2-left_out"] = "病假"
    checked = client.post(address, {**sent, "stage": "check"})
    assert "1人都可以记录" in checked.content.decode()
    done = client.post(address, {**sent, "stage": "record"})
    job = Bulk.objects.get()
    assert done.headers["Location"] == reverse("together-job", args=[job.pk])
    assert "仇望舒" in page(client, "together-job", job.pk)
    assert [entry.step for entry in log(first)][2:] == ["attend"]
    assert len(log(second)) == 2
    text = page(client, "case", batch.pk)
    assert "登记1人，不记1人" in text
    assert "病假" not in text


def test_the_page_shows_people_units_and_records_and_both_ways_lead_to_it(
    cast: Cast, client: Client, batch: Case
) -> None:
    case, _ = gathered(cast, client, batch, "仇望舒", "解文舟")
    text = page(client, "batch", batch.pk)
    assert all(word in text for word in ("仇望舒", "解文舟", "青溪区水利局", "名单2人"))
    assert reverse("batch", args=[batch.pk]) in page(client, "case", case.pk)
    assert reverse("batch-land", args=[batch.pk, "session"]) in text
    on_case = client.get(reverse("case", args=[batch.pk]), {"step": "session"}).content.decode()
    assert "在批次的页面上办理" in on_case


def test_somebody_leaves_with_a_reason(cast: Cast, client: Client, batch: Case) -> None:
    gathered(cast, client, batch, "仇望舒", "解文舟")
    address = reverse("batch-leave", args=[batch.pk, 1])
    assert client.post(address, {"on": "2026年3月18日", "reason": ""}).status_code == 422
    assert client.post(address, {"on": "2026年3月18日", "reason": "调离本区"}).status_code == 302
    assert "调离本区" in page(client, "batch", batch.pk)
    assert client.get(address).status_code == 404, "once"
    assert records("case", batch.pk)[-1].kind == "left"


def test_another_office_finds_no_batch_and_a_reader_reads_only_the_members_he_may_see(
    cast: Cast, client: Client, batch: Case
) -> None:
    above, _ = gathered(cast, client, batch, "仇望舒", "解文舟")
    outsider = signed_in(cast.outsider)
    for name in ("batch", "batch-progress"):
        assert outsider.get(reverse(name, args=[batch.pk])).status_code == 404
    assert outsider.get(reverse("batch-freeze", args=[batch.pk, "cohort"])).status_code == 404
    assert "2026年第一期" not in page(outsider, "batches")
    Person.objects.filter(name="仇望舒").update(managed_by="市管干部")
    Case.objects.filter(pk=above.pk).update(organ=Organ.objects.get(name="云川市纪委监委"))
    text = page(client, "batch", batch.pk)
    assert "解文舟" in text
    assert "仇望舒" not in text
    assert "另有1人您不能查看" in text
    form = client.get(reverse("batch-land", args=[batch.pk, "session"]), {"key": "1"})
    assert [row.whom.name for row in form.context["form"].rows] == ["解文舟"]
    upper = signed_in(cast.accounts[Role.UPPER_VIEWER])
    assert "仇望舒" in page(upper, "batch", batch.pk), "the city's viewer sees the city's case"
    assert upper.post(reverse("batch-join", args=[batch.pk])).status_code == 404
    assert signed_in(cast.accounts[Role.UNIT]).get(reverse("batch", args=[batch.pk])).status_code == 404


def test_a_long_list_joins_in_the_background_and_is_taken_up_again(
    cast: Cast, client: Client, batch: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "AT_ONCE", 1)
    put: list[int] = []
    monkeypatch.setattr(type(jobs.join), "enqueue", lambda _, pk: put.append(pk))
    decided(cast, 3)
    fix(client, batch)
    assert (put, Member.objects.filter(case=None).count()) == ([batch.pk], 3)
    assert "正在逐人纳入" in page(client, "batch", batch.pk)
    assert "正在逐人纳入" in page(client, "batch-progress", batch.pk)
    assert jobs.take_up() == 1
    jobs.join.call(batch.pk)
    assert Member.objects.filter(case=None).count() == 0
    assert jobs.take_up() == 0


def test_a_page_asks_the_same_number_of_queries_for_few_and_for_many(cast: Cast, client: Client, batch: Case) -> None:
    counts = []
    cases_of(cast, 1, "study")
    decided(cast, 1)
    for size in (0, 6):
        decided(cast, size)
        with CaptureQueriesContext(connection) as queries:
            names(client, batch)
        counts.append(len(queries))
    fix(client, batch)
    assert counts[0] == counts[1]
    with CaptureQueriesContext(connection) as queries:
        page(client, "batch", batch.pk)
    assert len(queries) < 45
