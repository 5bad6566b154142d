"""Moving open cases to a new version on the page: looked at, chosen, done in the background, taken back (I1)."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django_tasks_db.models import DBTaskResult

from tests.support.versions import NEW, OLD
from youwei.cases.models import Case, Moving
from youwei.desk.moving import jobs
from youwei.desk.moving.queries import change_words
from youwei.desk.tests.factories import City, decide, holder, open_case, person, signed_in
from youwei.engine.types import Change
from youwei.organs.models import Role

pytestmark = [pytest.mark.usefixtures("two_versions"), pytest.mark.req("I1")]
START = "/packs/jingzhou-visit/2018.03/move/"
REASON = {"to": NEW.version, "reason": "新办法自六月一日起施行"}


@pytest.fixture
def officer(place: City) -> Client:
    return signed_in(holder(Role.CASE_OFFICER, place.commission))


def case(place: City, name: str = "许南舟", unit: str = "unit", by: str = "commission") -> Case:
    return open_case(decide(person(getattr(place, unit), name), getattr(place, by), "党内严重警告"))


def run() -> Moving:
    row = Moving.objects.latest("pk")
    jobs.go_on.call(row.pk)
    row.refresh_from_db()
    return row


def test_what_would_change_is_shown_for_each_case_and_nothing_is_entered(officer: Client, place: City) -> None:
    row = case(place)
    html = officer.get(START).content.decode()
    assert "在办事项转入2026.06版" in html
    assert "增加“签订帮带责任书”（待办）" in html
    assert f'value="{row.pk}"' in html
    assert Case.objects.get(pk=row.pk).version == "2018.03"


def test_the_chosen_cases_are_moved_in_the_background_and_the_page_says_what_became_of_them(
    officer: Client, place: City, settings: Any
) -> None:
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}
    first, second = case(place), case(place, "沈若木")
    sent = officer.post(START, {**REASON, "chosen": [str(first.pk), "abc", "99999999999999999999"]})
    row = Moving.objects.get()
    assert sent.headers["Location"] == reverse("moving", args=[row.pk])
    assert DBTaskResult.objects.get().args_kwargs == {"args": [row.pk], "kwargs": {}}
    assert "正在转入2026.06版" in officer.get(reverse("moving", args=[row.pk])).content.decode()
    assert (
        "进度停住了"
        in officer.get(reverse("moving-progress", args=[row.pk]), {"at": "0", "still": "14"}).content.decode()
    )
    assert jobs.take_up() == 1
    assert run().state == "done"
    assert jobs.take_up() == 0
    assert [Case.objects.get(pk=pk).version for pk in (first.pk, second.pk)] == ["2026.06", "2018.03"]
    html = officer.get(reverse("moving", args=[row.pk])).content.decode()
    assert "许南舟" in html
    assert "沈若木" not in html
    officer.post(reverse("moving-back", args=[row.pk]))
    assert run().state == "undone"
    assert Case.objects.get(pk=first.pk).version == "2018.03"


def test_all_are_moved_but_those_out_of_reach(officer: Client, place: City) -> None:
    mine, other = case(place), case(place, "沈若木", "other_unit", "other_commission")
    officer.post(START, {**REASON, "all": "yes", "waived": ["pledge"]})
    run()
    mine.refresh_from_db()
    other.refresh_from_db()
    assert (mine.version, other.version) == ("2026.06", "2018.03")
    assert not mine.open_steps.filter(step="pledge").exists()
    stranger = signed_in(holder(Role.CASE_OFFICER, place.other_commission, "stranger"))
    assert stranger.get(reverse("moving", args=[Moving.objects.get().pk])).status_code == 404


def test_one_case_is_moved_from_its_own_page(officer: Client, place: City) -> None:
    one, other = case(place), case(place, "沈若木")
    link = f"{START}?case={one.pk}"
    assert link in officer.get(reverse("case", args=[one.pk])).content.decode()
    html = officer.get(link).content.decode()
    assert "许南舟" in html
    assert "沈若木" not in html
    officer.post(START, {**REASON, "case": str(one.pk), "chosen": [str(one.pk), str(other.pk)]})
    run()
    assert [Case.objects.get(pk=row.pk).version for row in (one, other)] == ["2026.06", "2018.03"]


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"to": NEW.version, "chosen": "1"}, "转入的理由"),
        (REASON, "一件事项也没有选；请先选要转入的事项。"),
        ({**REASON, "reason": "长" * 201, "all": "yes"}, "200"),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_begun(
    officer: Client, place: City, sent: dict[str, str], said: str
) -> None:
    case(place)
    answer = officer.post(START, sent)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not Moving.objects.exists()


def test_only_the_office_moves_cases(place: City) -> None:
    for role in (Role.UNIT, Role.UPPER_VIEWER, Role.SYSTEM_ADMIN):
        assert signed_in(holder(role, place.commission, f"the-{role}")).get(START).status_code == 404


def test_a_version_that_stands_alone_has_nowhere_to_go(officer: Client, place: City) -> None:
    assert officer.get("/packs/jingzhou-visit/none/move/").status_code == 404
    assert "在办事项转入其他版本" in officer.get("/packs/jingzhou-visit/2018.03/").content.decode()


def test_the_page_asks_as_much_for_many_cases_as_for_few(officer: Client, place: City) -> None:
    counted = []
    for count in (1, 4):
        for number in range(count):
            case(place, f"许南{'一二三四五六'[number]}")
        officer.get(START)
        with CaptureQueriesContext(connection) as questions:
            officer.get(START)
        counted.append(len(questions))
    assert counted[0] == counted[1]


def test_two_versions_stand_side_by_side(officer: Client, place: City) -> None:
    html = officer.get(reverse("pack-compare", args=[*OLD, *NEW])).content.decode()
    assert "受处分人员回访教育：2018.03版和2026.06版的不同" in html
    assert "签订帮带责任书" in html
    assert "内容相同" in officer.get(reverse("pack-compare", args=[*OLD, *OLD])).content.decode()
    assert officer.get(reverse("pack-compare", args=[*OLD, "none", "1"])).status_code == 404
    assert reverse("pack-compare", args=[*NEW, *OLD]) in officer.get(reverse("pack", args=[*OLD])).content.decode()


def test_each_difference_has_its_words() -> None:
    said = [
        change_words(Change("a", "", "谈话", what, before, after))
        for what, before, after in [
            ("appeared", None, "open"), ("gone", "done", None), ("status", "waiting", "open"), ("due", None, None),
            ("missing", (), ("x",)), ("stopped", False, True),
        ]
    ]  # fmt: skip
    assert said == [
        "增加“谈话”（待办）", "不再有“谈话”", "“谈话”由未到变为待办", "“谈话”办理期限：没有→没有", "“谈话”的会签有变动", "",
    ]  # fmt: skip
