"""The holiday notice: pasted or typed, what moves is listed before anything is saved."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django_tasks_db.models import DBTaskResult

from youwei.cases.models import OpenStep, Redating
from youwei.desk.office import jobs
from youwei.desk.office.pasted import read, written
from youwei.desk.tests.factories import City, decide, holder, open_case, person, signed_in
from youwei.organs.models import HolidayNotice, Role
from youwei.organs.queries import calendar

NOTICE = """一、元旦：1月1日（周五）至3日（周日）放假，共3天。
二、春节：2月5日（周五）至11日（周四）放假调休，共7天。1月31日（周日）、2月13日（周六）上班。
"""
SENT = {"year": "2027", "source": "国务院办公厅关于2027年部分节假日安排的通知", "text": NOTICE}


@pytest.fixture
def officer(place: City) -> Client:
    return signed_in(holder(Role.CASE_OFFICER, place.city_commission))


def days(text: str, year: int = 2027) -> list[tuple[str, str, str]]:
    found = read(text, year)
    assert found.faults == ()
    return [(day["on"], day["kind"], day["name"]) for day in found.days]


@pytest.mark.req("J11")
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("元旦：1月1日至3日放假调休，共3天。1月4日（周日）上班。",
         [("2027-01-01", "holiday", "元旦"), ("2027-01-02", "holiday", "元旦"), ("2027-01-03", "holiday", "元旦"), ("2027-01-04", "makeup", "元旦")]),
        ("四、清明节：4月5日放假1天。", [("2027-04-05", "holiday", "清明节")]),
        ("春节:1月31日到2月1日放假，2月6日、7日上班。",
         [("2027-01-31", "holiday", "春节"), ("2027-02-01", "holiday", "春节"), ("2027-02-06", "makeup", "春节"), ("2027-02-07", "makeup", "春节")]),
        ("元旦：2026年12月31日至2027年1月1日放假。", [("2026-12-31", "holiday", "元旦"), ("2027-01-01", "holiday", "元旦")]),
        ("2027-05-01 放假 劳动节", [("2027-05-01", "holiday", "劳动节")]),
        ("2027/5/8 补班", [("2027-05-08", "makeup", "")]),
    ],
)  # fmt: skip
def test_a_pasted_notice_is_read(text: str, expected: list[tuple[str, str, str]]) -> None:
    assert days(text) == expected


def test_what_is_written_for_the_confirmation_is_read_back_the_same() -> None:
    found = read(NOTICE, 2027)
    assert read(written(found.days), 2027) == found
    assert len(found.days) == 3 + 7 + 2


@pytest.mark.parametrize(
    "text",
    [
        "今年放假安排如下",
        "元旦：2月30日放假",
        "元旦：放假三天",
        "元旦：3日放假",
        "国庆节：10月7日至1日放假",
        "元旦：13月1日放假",
        "。：；",
        "春节：1月1日至6月1日放假",
    ],
)
def test_a_line_that_cannot_be_read_is_named(text: str) -> None:
    found = read(f"元旦：1月1日放假。\n{text}", 2027)
    assert len(found.faults) == 1
    assert found.faults[0].startswith("第2行")


@pytest.fixture
def waiting(place: City) -> OpenStep:
    """A case whose first steps are due fifteen working days after its decision, counted into a year not announced."""
    someone = person(place.unit)
    decision = decide(someone, place.commission, "党内严重警告", made_on=date(2026, 9, 28))
    case = open_case(decision)
    return case.open_steps.exclude(due_on=None).earliest("due_on")


def entered(client: Client, sent: dict[str, str]) -> str:
    """Look at a notice; the address of its page."""
    answer = client.post(reverse("holidays"), {"reason": "试验", **sent})
    assert answer.status_code == 303
    return str(answer["Location"])


def saved(client: Client, sent: dict[str, str]) -> str:
    """Look at a notice and confirm it; the address of its page."""
    page = entered(client, sent)
    assert client.post(f"{page}confirm/")["Location"] == page
    return page


@pytest.mark.req("J11")
def test_the_dates_that_move_are_listed_first_and_moved_only_when_confirmed(officer: Client, waiting: OpenStep) -> None:
    due = waiting.due_on
    assert due is not None
    page = entered(officer, {"year": str(due.year), "source": "试验", "text": f"{due.isoformat()} 放假 试验\n"})
    html = officer.get(page).content.decode()
    assert "许南舟" in html
    assert f"{due.year}年{due.month}月{due.day}日</s>" in html
    assert waiting.title in html
    assert "会改动的期限" in html
    assert HolidayNotice.objects.count() == 0
    assert OpenStep.objects.get(case=waiting.case, step=waiting.step, key=waiting.key).due_on == due
    assert officer.post(f"{page}confirm/").status_code == 302
    moved = OpenStep.objects.get(case=waiting.case, step=waiting.step, key=waiting.key).due_on
    assert moved is not None
    assert moved > due
    html = officer.get(page).content.decode()
    assert "改动了的期限" in html
    assert f"{moved.year}年{moved.month}月{moved.day}日</span>" in html
    assert page in officer.get(reverse("holidays")).content.decode()


@pytest.mark.req("J11", "I5")
def test_looking_and_moving_are_jobs_with_progress_that_are_taken_up_again(
    officer: Client, waiting: OpenStep, settings: Any
) -> None:
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}
    page = entered(officer, SENT)
    assert DBTaskResult.objects.get().args_kwargs == {"args": [Redating.objects.get().pk], "kwargs": {}}
    html = officer.get(page).content.decode()
    assert "正在核对会改动哪些期限" in html
    assert "0/1件事项" in html
    assert 'hx-trigger="every 2s"' in html
    assert "正在核对" in officer.get(reverse("holidays")).content.decode()
    assert "进度停住了" in officer.get(f"{page}progress/", {"at": "0", "still": "14"}).content.decode()
    assert jobs.take_up() == 1
    work()
    assert officer.get(f"{page}progress/", headers={"HX-Request": "true"})["HX-Redirect"] == page
    officer.post(f"{page}confirm/")
    assert HolidayNotice.objects.count() == 1, "it holds from the confirmation on"
    assert "正在按新安排改动期限" in officer.get(page).content.decode()
    officer.post(f"{page}confirm/")
    work()
    assert Redating.objects.get().state == "done"
    assert HolidayNotice.objects.count() == 1
    assert jobs.take_up() == 0


def work() -> None:
    """What the worker does with the tasks that wait."""
    for task in DBTaskResult.objects.ready():
        jobs.go_on.call(*task.args_kwargs["args"])
        task.delete()


def test_a_notice_that_takes_the_place_of_a_known_one_says_so_before_it_is_saved(officer: Client) -> None:
    html = officer.get(entered(officer, {"year": "2026", "source": "试验", "text": "2026-10-16 放假"})).content.decode()
    assert "2026年已有安排：放假33天，补班6天" in html
    assert "整年以这一份为准" in html
    assert "已有安排" not in officer.get(entered(officer, SENT)).content.decode()


def test_a_notice_not_saved_can_be_thrown_away_and_a_saved_one_not(officer: Client) -> None:
    page = entered(officer, SENT)
    assert officer.post(f"{page}discard/")["Location"] == reverse("holidays")
    assert officer.get(page).status_code == 404
    page = saved(officer, SENT)
    assert officer.post(f"{page}discard/")["Location"] == page
    assert Redating.objects.count() == 1


def test_the_page_asks_as_much_for_many_moved_dates_as_for_few(officer: Client, place: City, waiting: OpenStep) -> None:
    due = waiting.due_on
    assert due is not None
    sent = {"year": str(due.year), "source": "试验", "text": f"{due.isoformat()} 放假"}
    counted = []
    for name in ("甲", "乙", "丙"):
        page = entered(officer, sent)
        with CaptureQueriesContext(connection) as queries:
            officer.get(page)
        counted.append((len(queries), len(Redating.objects.latest("pk").moved)))
        open_case(decide(person(place.unit, name), place.commission, "党内严重警告", made_on=date(2026, 9, 28)))
    assert counted[0][1] < counted[1][1] < counted[2][1]
    assert len({asked for asked, _ in counted}) == 1


@pytest.mark.req("J11")
def test_a_confirmed_notice_makes_the_year_known(officer: Client) -> None:
    assert not calendar().known(date(2027, 1, 1))
    saved(officer, SENT)
    notice = HolidayNotice.objects.get()
    assert (notice.year, notice.source, len(notice.days)) == (2027, SENT["source"], 12)
    assert calendar().known(date(2027, 1, 1))
    assert calendar().is_working_day(date(2027, 1, 31))
    assert "2027年：放假10天，补班2天" in officer.get(reverse("holidays")).content.decode()


def test_days_can_be_typed_row_by_row(officer: Client) -> None:
    rows = {
        "days-0-on": "2027年5月1日",
        "days-0-kind": "holiday",
        "days-0-name": "劳动节",
        "days-1-on": "2027.5.8",
        "days-1-kind": "makeup",
    }
    html = officer.get(entered(officer, {**SENT, "text": "", **rows})).content.decode()
    assert "2027年5月1日 星期六 放假 劳动节" in html
    assert "2027年5月8日 星期六 补班" in html


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"text": ""}, "一天也没有"),
        ({"text": "乱写"}, "看不出放假或上班的日期"),
        ({"text": "2027-02-30 放假"}, "没有2027年2月30日这一天"),
        ({"text": "2026-05-01 放假"}, "不在2027年"),
        ({"text": "2027-02-08 补班"}, "本来就是工作日"),
        ({"text": "2027-05-01 放假\n2027-05-01 放假"}, "填写了两次"),
        ({"year": ""}, "请填写数字"),
        ({"year": "abc"}, "请填写整数"),
        ({"year": "99999"}, "2000—2199年"),
        ({"year": "-1"}, "2000—2199年"),
        ({"source": ""}, "请填写"),
        ({"source": "\x00"}, "不能保存的字符"),
        ({"text": "\x00"}, "不能保存的字符"),
        ({"days-0-on": "2027-2-30", "days-0-kind": "holiday"}, "第1行“日期”"),
        ({"days-0-on": "2027-2-3", "days-0-kind": "evil"}, "第1行“类别”"),
        ({"days-0-on": "2.3", "days-0-kind": "holiday"}, "没有写年份"),
    ],
)
def test_a_bad_notice_is_refused_in_words_and_nothing_is_written(
    officer: Client, changed: dict[str, str], words: str
) -> None:
    answer = officer.post(reverse("holidays"), {**SENT, **changed})
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert HolidayNotice.objects.count() == 0


@pytest.mark.req("J11")
def test_the_notice_of_the_state_council_is_replaced_with_a_reason_only(officer: Client) -> None:
    sent = {"year": "2026", "source": "更正通知", "text": "2026-10-16 放假"}
    answer = officer.post(reverse("holidays"), sent)
    assert answer.status_code == 422
    assert "2026年已有国务院办公厅关于2026年部分节假日安排的通知" in answer.content.decode()
    assert not Redating.objects.exists()
    page = entered(officer, {**sent, "reason": "省政府调整"})
    assert "更正通知（替换国务院办公厅通知，理由：省政府调整）" in officer.get(page).content.decode()


@pytest.mark.req("I5")
def test_a_system_administrator_enters_the_notice_without_reading_a_case(place: City, waiting: OpenStep) -> None:
    admin = signed_in(holder(Role.SYSTEM_ADMIN, place.city))
    due = waiting.due_on
    assert due is not None
    page = entered(admin, {"year": str(due.year), "source": "试验", "text": f"{due.isoformat()} 放假"})
    html = admin.get(page).content.decode()
    assert "许南舟" not in html
    assert waiting.title not in html
    assert "个期限属于您不能查看的事项" in html


@pytest.mark.req("I5")
@pytest.mark.parametrize(
    "role", [Role.UNIT, Role.MENTOR, Role.ORGANIZATION, Role.UPPER_VIEWER, Role.SECURITY_ADMIN, Role.AUDITOR]
)
def test_other_roles_do_not_find_the_page(place: City, role: Role) -> None:
    client = signed_in(holder(role, place.commission))
    assert client.get(reverse("holidays")).status_code == 404
    assert client.post(reverse("holidays"), SENT).status_code == 404


@pytest.mark.req("I5")
@pytest.mark.parametrize("role", [Role.CASE_OFFICER, Role.LEADER])
def test_a_district_neither_enters_a_notice_nor_finds_what_the_city_enters(
    officer: Client, place: City, role: Role
) -> None:
    page = entered(officer, SENT)
    other = signed_in(holder(role, place.other_commission))
    assert other.get(page).status_code == other.get(f"{page}progress/").status_code == 404
    assert other.post(f"{page}confirm/").status_code == other.post(f"{page}discard/").status_code == 404
    assert other.get(reverse("holidays")).status_code == other.post(reverse("holidays"), SENT).status_code == 404
    assert reverse("holidays") not in other.get(reverse("desk")).content.decode()
    assert HolidayNotice.objects.count() == 0
