"""One step recorded in many cases: only those the reader may act in, refused ones by name before and after, once."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.support.cast import Cast
from youwei.cases.logs import pack_of
from youwei.cases.models import Bulk, Case, Done
from youwei.cases.tests.builders import GROUP, cases_of, moment, record
from youwei.desk.tests.factories import signed_in
from youwei.desk.together import jobs
from youwei.documents import bulk
from youwei.journal.queries import records
from youwei.organs.models import Role

pytestmark = [pytest.mark.django_db, pytest.mark.req("A7", "I5")]
DAY = date(2026, 3, 18)
GIVEN = {"on": "2026年3月18日", "leader": "岑伯安", "people-typed": "方知行、甘棠"}


@pytest.fixture
def client(cast: Cast) -> Client:
    return signed_in(cast.officer)


def address(step: str = "group") -> str:
    case = Case.objects.filter(procedure="jingzhou-visit").first()
    assert case is not None
    return reverse("together-step", args=[case.procedure, case.version, step])


def sent(cases: list[Case], stage: str, **more: Any) -> dict[str, Any]:
    shelves = {f"r{case.pk}-shelf": f"青-{number}" for number, case in enumerate(cases, 1)}
    seen = {f"seen-{case.pk}": "1" for case in cases}
    return {
        "case": [case.pk for case in cases],
        "own": ["shelf"],
        "stage": stage,
        "token": "once",
        **GIVEN,
        **shelves,
        **seen,
        **more,
    }


def page(client: Client, *args: Any, **kwargs: Any) -> str:
    answer = client.get(*args, **kwargs)
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_a_step_is_recorded_in_many_cases_with_what_is_shared_and_what_is_its_own(cast: Cast, client: Client) -> None:
    cases = cases_of(cast, 3)
    assert f'<a href="{address()}">' in page(client, reverse("together"))
    listed = page(client, address())
    assert all(f'value="{case.pk}"' in listed for case in cases)
    form = client.post(address(), sent(cases[:2], "form"))
    assert form.status_code == 200
    assert f'name="r{cases[0].pk}-shelf"' in form.content.decode()
    assert f"r{cases[2].pk}-" not in form.content.decode()
    checked = client.post(address(), sent(cases[:2], "check"))
    assert "2件都可以记录" in checked.content.decode()
    assert not Done.objects.exists(), "nothing is written before it is confirmed"
    done = client.post(address(), sent(cases[:2], "record"))
    job = Bulk.objects.get()
    assert done.headers["Location"] == reverse("together-job", args=[job.pk])
    assert [records("case", case.pk)[1].content["values"]["shelf"] for case in cases[:2]] == ["青-1", "青-2"]
    assert "已记录2件" in page(client, reverse("together-job", args=[job.pk]))
    client.post(address(), sent(cases[:2], "record"))
    assert Bulk.objects.count() == 1, "the same form sent twice"
    assert [len(records("case", case.pk)) for case in cases] == [2, 2, 1]


def test_whom_it_would_not_reach_is_named_before_and_after_with_the_reason(cast: Cast, client: Client) -> None:
    first, second = cases_of(cast, 2)
    late = sent([first, second], "check", on="2026年3月1日")
    text = client.post(address(), late).content.decode()
    assert "2件不能记录" in text
    assert "确认，为" not in text
    client.post(address(), sent([first, second], "record", on="2026年3月1日"))
    text = page(client, reverse("together-job", args=[Bulk.objects.get().pk]))
    assert "没有记录2件" in text
    assert "早于" in text


def test_what_was_refused_is_tried_again_by_whoever_had_it_recorded(cast: Cast, client: Client) -> None:
    first, second = cases_of(cast, 2)
    record(second, "group", DAY, GROUP)
    job = bulk.begin(
        account=cast.officer, organ=cast.commission, procedure="jingzhou-visit", step=pack_of(first).steps["group"], on=DAY, values=GROUP,
        own=[bulk.Own(first.pk), bulk.Own(second.pk)], token="once", at=moment(DAY),
    )  # fmt: skip
    jobs.set_off(job)
    assert bulk.counts(job) == {"waiting": 0, "done": 1, "refused": 1, "total": 2}
    again = reverse("together-again", args=[job.pk])
    assert signed_in(cast.leader).post(again).status_code == 404
    assert client.post(again).status_code == 302
    assert bulk.counts(job)["refused"] == 1
    assert jobs.take_up() == 0
    Bulk.objects.update(state=Bulk.State.RUNNING)
    assert jobs.take_up() == 1, "what the server's start does"


def test_a_case_one_may_not_act_in_is_not_even_named(cast: Cast) -> None:
    cases = cases_of(cast, 2)
    stranger = signed_in(cast.outsider)
    assert "许南舟" not in page(stranger, address())
    answer = stranger.post(address(), sent(cases, "record"))
    assert "许南舟" not in answer.content.decode()
    assert not Bulk.objects.exists()
    assert signed_in(cast.accounts[Role.UPPER_VIEWER]).get(address()).status_code == 404
    assert all(len(records("case", case.pk)) == 1 for case in cases)


def test_a_field_left_empty_is_pointed_at_in_its_row(cast: Cast, client: Client) -> None:
    cases = cases_of(cast, 2)
    answer = client.post(address(), sent(cases, "check", **{f"r{cases[1].pk}-shelf": "", "leader": ""}))
    assert answer.status_code == 422
    assert "请填写" in answer.content.decode()
    assert not Bulk.objects.exists()


def test_a_page_asks_the_same_number_of_queries_for_few_and_for_many(cast: Cast, client: Client) -> None:
    counts = []
    for size in (2, 8):
        cases_of(cast, size)
        page(client, address())
        with CaptureQueriesContext(connection) as queries:
            page(client, address())
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_bulk_of_more_than_a_few_goes_in_the_background(
    cast: Cast, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    cases = cases_of(cast, 3)
    monkeypatch.setattr(jobs, "AT_ONCE", 2)
    put: list[int] = []
    monkeypatch.setattr(type(jobs.go_on), "enqueue", lambda _, pk: put.append(pk))
    client.post(address(), sent(cases, "record"))
    job = Bulk.objects.get()
    assert put == [job.pk]
    text = page(client, reverse("together-job", args=[job.pk]))
    assert "正在记录" in text
    jobs.go_on.call(job.pk)
    assert bulk.counts(job)["done"] == 3


def test_for_whom_and_from_which_paper_it_is_entered_stands_in_every_case(cast: Cast) -> None:
    cases = cases_of(cast, 2)
    for case in cases:
        record(case, "group", DAY, GROUP)
    client = signed_in(cast.officer)
    given = {
        "person": "乐山川",
        "post": "工会主席",
        "clean": "yes",
        "apart": "yes",
        "behalf": "水利局党组",
        "from_paper": "来函一份",
    }
    seen = {f"seen-{case.pk}": "2" for case in cases}
    sending = {
        "case": [case.pk for case in cases],
        "stage": "record",
        "token": "once",
        "on": "2026年3月20日",
        **given,
        **seen,
    }
    assert client.post(address("mentor"), sending).status_code == 302
    found = [records("case", case.pk)[2] for case in cases]
    assert [(each.behalf, each.content["paper"]) for each in found] == [("水利局党组", "来函一份")] * 2
