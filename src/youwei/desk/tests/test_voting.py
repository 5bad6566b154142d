"""The pages of a vote: who holds it, what a voter meets at the kiosk, and what nobody is shown."""

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries
from pytest_django.fixtures import Settings

from youwei.cases.models import Case, Done, OpenStep
from youwei.desk.tests.factories import TODAY, City, decide, holder, open_case, person, signed_in
from youwei.desk.voting.kiosk import MOST_WRONG
from youwei.organs.models import ReadTrace, Role
from youwei.voting import queries
from youwei.voting.models import Box, Vote

pytestmark = [pytest.mark.django_db, pytest.mark.req("B2")]
PACKS = Path(__file__).resolve().parents[2] / "voting" / "tests" / "packs"
SLIP = re.compile(r'yw-slip-code">([0-9A-Z]{4}-[0-9A-Z]{4})<')
NAMES = ["岑伯安", "乐山川", "查云岫", "解文舟", "甘棠"]
GOOD = {"i-thinking": "好", "i-mending": "较好"}


@pytest.fixture
def case(place: City, settings: Settings) -> Case:
    settings.PACKS = PACKS
    cache.clear()
    return open_case(decide(person(place.unit), place.commission, "党内严重警告"), "appraising")


@pytest.fixture
def clerk(place: City) -> Client:
    return signed_in(holder(Role.CASE_OFFICER, place.commission))


@pytest.fixture
def second(place: City) -> Client:
    return signed_in(holder(Role.CASE_OFFICER, place.commission, "second", "韩叙"))


def url(name: str, case: Case) -> str:
    return reverse(name, args=[case.pk, "appraise"])


def opened(clerk: Client, case: Case, names: list[str] | None = None, on_paper: str = "") -> list[str]:
    """A vote is opened and its slips are made. Returns the codes."""
    sent = {"electors": "\n".join(NAMES if names is None else names), "on_paper": on_paper}
    assert clerk.post(url("case-vote", case), sent).status_code == 302
    return SLIP.findall(clerk.post(url("vote-slips", case)).content.decode())


def at_kiosk(code: str, **marks: str) -> Any:
    return Client().post(reverse("kiosk-cast"), {"code": code, **marks})


def text(answer: Any) -> str:
    return str(answer.content.decode())


def test_the_step_leads_to_the_vote_and_is_filled_in_by_nobody(clerk: Client, case: Case) -> None:
    page = text(clerk.get(reverse("case", args=[case.pk]), {"step": "appraise"}))
    assert url("case-vote", case) in page
    assert "记录：班子成员民主评议" not in page
    assert "打印手填表" not in page
    assert clerk.get(reverse("case-sheet", args=[case.pk, "appraise"])).status_code == 404
    typed = {"on": "2026-09-29", "manner": "无记名投票", "entitled": "5", "cast": "5"}
    sent = clerk.post(reverse("case-record", args=[case.pk, "appraise"]), typed)
    assert sent.status_code == 422
    assert "不能手工填写" in text(sent)


def test_the_case_says_that_a_vote_goes_on(clerk: Client, case: Case) -> None:
    assert "正在投票" not in text(clerk.get(reverse("case", args=[case.pk]), {"step": "appraise"}))
    opened(clerk, case)
    page = text(clerk.get(reverse("case", args=[case.pk]), {"step": "appraise"}))
    assert "正在投票" in page
    assert "应参加5人" in page
    assert url("case-vote", case) in page


def test_a_vote_from_the_list_of_names_to_the_table(clerk: Client, case: Case) -> None:
    codes = opened(clerk, case)
    assert len(codes) == 5
    for code, grade in zip(codes, ["好", "好", "好", "差"], strict=False):
        assert at_kiosk(code, **{"i-thinking": grade, "i-mending": "较好", "remark": "多下基层"}).status_code == 302
    running = text(clerk.get(url("case-vote", case)))
    assert "已投不少于3人" in running
    assert all(name in running for name in NAMES)
    assert "较好：" not in running
    ended = clerk.post(url("vote-close", case), {"on": TODAY.isoformat()})
    assert ended["Location"].startswith(url("vote-tally", case))
    table = clerk.get(url("vote-tally", case))
    assert table.context["rows"] == [
        ["思想认识", "3", "0", "0", "1", "0", "0"],
        ["问题整改", "0", "4", "0", "0", "0", "0"],
    ]
    assert table.context["remarks"] == ["多下基层"] * 4
    assert "与记录一致" in text(table)
    assert ReadTrace.objects.filter(detail="民主评议汇总表").count() == 1
    assert Done.objects.get(case=case, step="appraise").on == TODAY
    page = text(clerk.get(reverse("case", args=[case.pk]), {"step": "appraise"}))
    assert url("vote-tally", case) in page
    assert clerk.get(url("case-vote", case)).status_code == 302, "nothing more to be done here"
    Box.objects.update(ballots=b"")
    assert "不能复算" in text(clerk.get(url("vote-tally", case)))


def test_the_pages_cost_the_same_however_many_vote(
    clerk: Client, case: Case, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    codes = opened(clerk, case, [f"{name}{number}" for number in range(40) for name in NAMES])
    assert len(codes) == 200
    clerk.get(url("case-vote", case))
    with django_assert_num_queries(RUNNING):
        clerk.get(url("case-vote", case))
    with django_assert_num_queries(BALLOT):
        Client().post(reverse("kiosk"), {"code": codes[0]})


RUNNING, BALLOT = 14, 3


ASKED = ["case-vote", *(f"vote-{name}" for name in ("opinions", "ballots", "paper", "settle", "withdraw", "tally"))]


@pytest.mark.parametrize("name", [*ASKED, "vote-slips", "vote-close"])
def test_another_district_finds_nothing_and_no_other_role_holds_a_vote(
    place: City, clerk: Client, case: Case, name: str
) -> None:
    opened(clerk, case)
    elsewhere = signed_in(holder(Role.CASE_OFFICER, place.other_commission))
    viewer = signed_in(holder(Role.UPPER_VIEWER, place.city_commission))
    leader = signed_in(holder(Role.LEADER, place.commission))
    post = name not in ASKED
    for client in (elsewhere, viewer, leader):
        answer = client.post(url(name, case)) if post else client.get(url(name, case))
        assert answer.status_code in ((302, 404) if client is leader else (404,))
        assert "岑伯安" not in text(answer)
    assert Vote.objects.get().state == Vote.State.OPEN


@pytest.mark.parametrize(
    ("names", "on_paper", "words"),
    [
        ("", "", "请填写"),
        ("甲\n乙\n丙\n甲", "", "重复的：甲"),
        ("甲\n乙\n丙\n丁", "2", "认得出是谁投的"),
        ("甲\n乙\n丙", "许多", "整数"),
    ],
)
def test_a_list_that_cannot_be_is_refused_in_words_and_kept(
    clerk: Client, case: Case, names: str, on_paper: str, words: str
) -> None:
    answer = clerk.post(url("case-vote", case), {"electors": names, "on_paper": on_paper})
    assert answer.status_code == 422
    assert words in text(answer)
    assert not names or names.splitlines()[0] in text(answer)
    assert not Vote.objects.exists()


def test_too_few_for_a_vote_come_to_signed_opinions_with_their_names(clerk: Client, case: Case) -> None:
    page = clerk.post(url("case-vote", case), {"electors": "岑伯安\n甘棠"})
    assert "逐人记下" in text(page)
    assert "记名" in text(page)
    assert [row["member"] for row in page.context["form"]["opinions"].value()] == ["岑伯安", "甘棠"]
    row = {
        "opinions-0-member": "岑伯安",
        "opinions-0-thinking": "好",
        "opinions-0-mending": "一般",
        "opinions-0-view": "有改进",
    }
    other = {"opinions-1-member": "甘棠", "opinions-1-thinking": "较好", "opinions-1-mending": "较好"}
    sent = clerk.post(url("vote-opinions", case), {"on": TODAY.isoformat(), "opinions-count": "2", **row, **other})
    assert sent.status_code == 302, text(sent)
    table = clerk.get(url("vote-tally", case))
    assert "署名意见" in text(table)
    assert table.context["opinions"] == [("岑伯安", ["好", "一般"], "有改进"), ("甘棠", ["较好", "较好"], "")]


def test_paper_ballots_are_typed_by_two_and_settled_by_the_paper(clerk: Client, second: Client, case: Case) -> None:
    clerk.post(url("case-vote", case), {"electors": "\n".join(NAMES), "on_paper": "5"})
    assert text(clerk.get(url("vote-ballots", case))).count("yw-paper-ballot") == 5
    assert "没有办成" in text(clerk.post(url("vote-slips", case), follow=True)), "all vote on paper"
    typed = {"count": "3", **{f"b{number}-{item}": "好" for number in (1, 2, 3) for item in ("thinking", "mending")}}
    clerk.post(url("vote-paper", case), {**typed, "remarks": "好同志\n\n多下基层"})
    other = second.get(url("vote-paper", case), {"count": "3"})
    assert "第二遍" in text(other)
    assert "多下基层" not in text(other), "what the first has typed is not shown"
    second.post(url("vote-paper", case), {**typed, "b2-mending": "×"})
    running = text(clerk.get(url("case-vote", case)))
    assert "核定1处不同" in running
    refused = clerk.post(url("vote-close", case), {"on": TODAY.isoformat()}, follow=True)
    assert "对照原票核定" in text(refused)
    assert "第一遍录“好”，第二遍录“选了两档”" in text(clerk.get(url("vote-settle", case)))
    assert clerk.post(url("vote-settle", case), {}).status_code == 422
    clerk.post(url("vote-settle", case), {"d2-mending": "×"})
    clerk.post(url("vote-close", case), {"on": TODAY.isoformat()})
    table = clerk.get(url("vote-tally", case))
    assert table.context["rows"][1] == ["问题整改", "2", "0", "0", "0", "0", "1"]
    assert table.context["remarks"] == ["多下基层", "好同志"]


def test_too_few_ballots_are_not_counted_and_a_vote_is_called_off_only_with_a_reason(clerk: Client, case: Case) -> None:
    code, *_ = opened(clerk, case)
    at_kiosk(code, **GOOD)
    short = clerk.post(url("vote-close", case), {"on": TODAY.isoformat()}, follow=True)
    assert "没有计票，票已销毁" in text(short)
    assert "改为署名意见" in text(short)
    opened(clerk, case)
    assert clerk.post(url("vote-withdraw", case), {"reason": ""}).status_code == 422
    gone = clerk.post(url("vote-withdraw", case), {"reason": "投票机损坏"}, follow=True)
    assert "已作废" in text(gone)
    assert set(Vote.objects.values_list("state", flat=True)) == {Vote.State.SHORT, Vote.State.WITHDRAWN}
    assert OpenStep.objects.get(case=case).step == "appraise"


def test_a_vote_whose_day_cannot_be_is_not_ended(clerk: Client, case: Case) -> None:
    for code in opened(clerk, case):
        at_kiosk(code, **GOOD)
    for day, words in (("2026-13-01", "日期"), ("2030-01-01", "不能晚于"), ("2020-01-01", "早于")):
        answer = clerk.post(url("vote-close", case), {"on": day}, follow=True)
        assert words in text(answer), day
    assert Vote.objects.get().state == Vote.State.OPEN
    assert len(queries.content(Box.objects.get())[0]) == 5, "nothing is lost"


def test_the_kiosk_lets_in_with_a_code_and_shows_the_ballot_and_its_rules(clerk: Client, case: Case) -> None:
    code, *_ = opened(clerk, case)
    for typed in (code, code.lower().replace("-", ""), f"http://testserver/vote/#{code}", f" {code} "):
        page = Client().post(reverse("kiosk"), {"code": typed})
        assert page.status_code == 200, typed
        assert "许南舟" in text(page)
        assert "弃权" in text(page)
        assert "整张票无效" in text(page)
        assert "no-store" in page["Cache-Control"]
        assert not page.cookies.get("sessionid")


def test_items_left_blank_are_asked_for_once_more_and_what_was_chosen_stays(clerk: Client, case: Case) -> None:
    code, *_ = opened(clerk, case)
    asked = at_kiosk(code, **{"i-thinking": "好", "remark": "踏实"})
    assert asked.status_code == 422
    assert "还有1项没有选：问题整改" in text(asked)
    assert 'value="好" checked' in text(asked)
    assert "踏实" in text(asked)
    assert at_kiosk(code, **{"i-thinking": "好", "i-mending": "", "remark": "踏实"}).status_code == 302, (
        "弃权 is a choice"
    )
    assert queries.content(Box.objects.get()) == ([{"thinking": "好"}], ["踏实"])


def test_what_cannot_be_a_ballot_is_refused_in_words(clerk: Client, case: Case) -> None:
    code, other, *_ = opened(clerk, case)
    assert at_kiosk(code, **{**GOOD, "i-mending": "极好"}).status_code == 422
    assert at_kiosk(code, **GOOD, remark="长" * 501).status_code == 422
    assert at_kiosk(code, **GOOD).status_code == 302
    again = at_kiosk(code, **GOOD)
    assert (again.status_code, "只能投一次" in text(again)) == (409, True)
    assert "只能投一次" in text(Client().post(reverse("kiosk"), {"code": code}))
    clerk.post(url("vote-withdraw", case), {"reason": "名单有误"})
    over = at_kiosk(other, **GOOD)
    assert (over.status_code, "已经结束、作废" in text(over)) == (422, True)


def test_guessing_codes_comes_to_a_stop(clerk: Client, case: Case) -> None:
    code, *_ = opened(clerk, case)
    answers = [Client().post(reverse("kiosk"), {"code": f"ZZZZ-{number:04}"}) for number in range(MOST_WRONG)]
    assert {answer.status_code for answer in answers} == {422}
    assert "没有这个投票码" in text(answers[0])
    stopped = Client().post(reverse("kiosk"), {"code": code})
    assert (stopped.status_code, "5分钟后再试" in text(stopped)) == (429, True)


def test_the_day_on_which_a_vote_ended_is_that_of_the_record(clerk: Client, case: Case) -> None:
    for code in opened(clerk, case):
        at_kiosk(code, **GOOD)
    clerk.post(url("vote-close", case), {"on": "2026-09-28"})
    assert Done.objects.get(case=case).on == date(2026, 9, 28)


def test_a_unit_holds_its_own_vote_or_the_office_for_it(place: City, clerk: Client, case: Case) -> None:
    row = open_case(decide(person(place.unit, "邵文彬"), place.commission, "党内严重警告"), "unit-appraising")
    unit = signed_in(holder(Role.UNIT, place.unit, "unit", "住建局党组"))
    for code in opened(unit, row):
        at_kiosk(code, **GOOD)
    assert "代谁录入" not in text(unit.get(url("case-vote", row)))
    assert "代谁录入" in text(clerk.get(url("case-vote", row)))
    assert clerk.post(url("vote-close", row), {"on": TODAY.isoformat()}).status_code == 422
    clerk.post(url("vote-close", row), {"on": TODAY.isoformat(), "behalf": "住建局党组"})
    assert unit.get(url("vote-tally", row)).context["rows"][0][1] == "5", "the unit reads what it held"
