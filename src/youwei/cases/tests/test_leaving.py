"""People retire, leave and die, cases change hands, mentors are replaced: what goes on, what ends, and what stays."""

import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as configured
from pytest_django.fixtures import Settings

from tests.support.cast import Cast, organ
from youwei.cases import by_hand, handing, leaving, queries
from youwei.cases.commands import Rejected
from youwei.cases.models import Case, CaseServant, Done, OpenStep
from youwei.cases.opening import called_for
from youwei.cases.tests.builders import CLERK, GROUP, MENTOR, act, begun, case_of, done, moment, open_steps, record
from youwei.decisions.models import Period
from youwei.desk.safekeeping.proving import prove
from youwei.journal.models import Entry
from youwei.organs.commands import create_account, grant
from youwei.organs.models import Account, Role
from youwei.people import commands as people
from youwei.people.models import Person, Post
from youwei.rulebook.pack_order import reads
from youwei.rulebook.pack_types import PackRef

pytestmark = [pytest.mark.django_db, pytest.mark.req("J3")]
DAY = date(2026, 4, 10)
LATER = date(2026, 4, 15)


def stamp(on: date = DAY) -> dict[str, Any]:
    return {"by": CLERK, "on": on, "at": moment(on)}


def gone(person: Person, service: str, on: date = DAY) -> tuple[int, int]:
    people.leave(person=person, service=service, paper="户籍注销证明", **stamp(on))
    return leaving.follow(
        person=person, today=on, reason=f"{person.get_service_display()}（户籍注销证明）", **stamp(on)
    )


def who(case: Case) -> Person:
    assert case.person is not None
    return case.person


def told(case: Case, fact: str) -> Any:
    return queries.view(case, LATER).plan.facts.get(fact)


@pytest.fixture
def case(cast: Cast) -> Case:
    return case_of(cast)


def test_death_ends_what_is_open_by_an_entry_that_says_why_and_nothing_is_asked_any_more(case: Case) -> None:
    begun(case)
    before = (done(case), list(Period.objects.filter(current=True).values_list("last_day", flat=True)))
    assert gone(who(case), "died") == (1, 0)
    case.refresh_from_db()
    assert (case.state, case.outcome_title, case.ended_on) == (Case.State.TERMINATED, "", DAY)
    assert queries.view(case, DAY).broken_off == "去世（户籍注销证明）"
    assert open_steps(case) == {}
    assert (done(case), list(Period.objects.filter(current=True).values_list("last_day", flat=True))) == before
    assert [str(each) for each in prove(DAY)] == []


def test_what_was_entered_wrongly_is_taken_back_and_the_case_goes_on(case: Case) -> None:
    begun(case)
    open_before = open_steps(case)
    gone(who(case), "died")
    entered_at = people.take_back_leaving(person=who(case), reason="同名同姓，录错了人", **stamp(LATER))
    assert leaving.take_back(person=who(case), entered_at=entered_at, reason="录错了人", **stamp(LATER)) == 1
    case.refresh_from_db()
    assert (case.state, open_steps(case), who(case).service) == (Case.State.OPEN, open_before, "")
    with pytest.raises(people.Refused, match="没有可以撤回"):
        people.take_back_leaving(person=who(case), reason="再撤", **stamp(LATER))
    assert [str(each) for each in prove(LATER)] == []


@pytest.mark.parametrize(("service", "fact"), [("retired", "person.retired_on"), ("left", "person.left_on")])
def test_whoever_retires_or_leaves_stays_answerable_and_the_case_is_told(case: Case, service: str, fact: str) -> None:
    assert gone(who(case), service) == (0, 1)
    case.refresh_from_db()
    assert case.state == Case.State.OPEN
    assert told(case, fact) == DAY
    assert gone(who(case), "died", LATER) == (1, 0), "whoever has retired may yet die"
    with pytest.raises(people.Refused, match="已经登记为去世"):
        people.leave(person=who(case), service="retired", paper="x", **stamp(LATER))


def test_a_procedure_that_asks_for_the_day_of_death_goes_on_as_it_says(
    cast: Cast, settings: Settings, tmp_path: Path
) -> None:
    shutil.copytree(configured.PACKS, tmp_path / "packs")
    text = (tmp_path / "packs/jingzhou-visit/2018.03/pack.yaml").read_text()
    when = "when: {assess.result: 消极}\n    due"
    assert when in text
    asks = text.replace(when, "when: {assess.result: 消极, person.died_on: {given: false}}\n    due", 1)
    (tmp_path / "packs/jingzhou-visit/2018.03/pack.yaml").write_text(asks)
    settings.PACKS = tmp_path / "packs"
    case = case_of(cast)
    assert gone(who(case), "died") == (0, 1)
    case.refresh_from_db()
    assert case.state == Case.State.OPEN
    assert told(case, "person.died_on") == DAY


def test_nothing_is_opened_about_the_dead(case: Case) -> None:
    known = dict(queries.view(case, DAY).plan.facts)
    assert PackRef("jingzhou-visit", "2018.03") in {pack.ref for pack in called_for(known, history=False, today=DAY)}
    assert called_for(known | {"person.died_on": DAY}, history=False, today=DAY) == []


def test_nobody_opens_one_about_the_dead_by_hand_either(cast: Cast) -> None:
    person = who(case_of(cast))
    people.leave(person=person, service="died", paper="死亡医学证明", **stamp())
    admitting = [each for each in by_hand.offers(by_hand.subject_of(person, LATER), LATER) if each.rules is not None]
    assert admitting
    for each in admitting:
        assert each.rules is not None
        dead = not reads(each.rules.pack, "person.died_on")
        assert ("去世，不再开办" in each.refusal) is dead, each.title


def test_a_case_goes_to_another_office_once_that_has_accepted_it(cast: Cast, case: Case) -> None:
    begun(case)
    other = organ("云水区", "region", cast.city)
    office = organ("云水区纪委监委", "commission", other)
    due = open_steps(case)
    handing.offer(case=case, to=office, reason="本人调往云水区", today=DAY, **stamp())
    case.refresh_from_db()
    assert (case.organ, case.offered_to) == (cast.commission, office)
    with pytest.raises(Rejected, match="还没有接收"):
        handing.offer(case=case, to=cast.bureau, reason="改交", today=DAY, **stamp())
    handing.accept(case=case, reason="", today=LATER, **stamp(LATER))
    case.refresh_from_db()
    assert (case.organ, case.offered_to) == (office, None)
    assert open_steps(case) == due, "no date moves"
    assert set(OpenStep.objects.filter(case=case, held_by="case_officer").values_list("organ", flat=True)) == {
        office.pk
    }
    assert case.decision is not None
    assert case.decision.deciding_organ == cast.commission
    with pytest.raises(Rejected, match="没有等待接收"):
        handing.accept(case=case, reason="", today=LATER, **stamp(LATER))
    assert [str(each) for each in prove(LATER)] == []


def test_an_offer_may_be_sent_back_and_a_case_is_not_offered_to_whom_has_it(cast: Cast, case: Case) -> None:
    with pytest.raises(Rejected, match="就是现在的承办机关"):
        handing.offer(case=case, to=cast.commission, reason="移交", today=DAY, **stamp())
    handing.offer(case=case, to=cast.bureau, reason="移交", today=DAY, **stamp())
    handing.send_back(case=case, reason="不归我们办", today=LATER, **stamp(LATER))
    case.refresh_from_db()
    assert (case.organ, case.offered_to) == (cast.commission, None)


@pytest.fixture
def mentors(cast: Cast) -> tuple[Account, Account]:
    found = [create_account(username=f"m{name}", name=name) for name in ("钟离岳", "顾行之")]
    for account in found:
        grant(
            account=account,
            role=Role.MENTOR,
            organ=cast.bureau,
            by=CLERK,
            on=date(2026, 1, 1),
            at=moment(date(2026, 1, 1)),
        )
    return found[0], found[1]


@pytest.mark.req("C1")
def test_a_mentor_is_replaced_from_a_day_on_and_what_was_done_stays_as_it_was(
    case: Case, mentors: tuple[Account, Account]
) -> None:
    record(case, "group", date(2026, 3, 18), GROUP)
    record(case, "mentor", date(2026, 3, 20), MENTOR | {"person": "钟离岳"})
    assert [row.account for row in CaseServant.objects.filter(case=case)] == [mentors[0]]
    steps, rows = open_steps(case), done(case)
    new = {"person": "顾行之", "post": "副局长", "clean": True, "apart": True}
    act(case, "replaced", DAY, step="mentor", values=new, reason="原帮带人调离，情况已当面交接")
    assert [row.account for row in CaseServant.objects.filter(case=case)] == [mentors[1]], "the old one sees it no more"
    assert (open_steps(case), done(case)) == (steps, rows), "neither the day nor any date moves"
    assert not Done.objects.get(case=case, step="mentor").late
    line = next(line for line in queries.timeline([case]) if line.kind == "replaced")
    assert ("教育帮带人", "顾行之", "钟离岳") in line.fields
    assert line.reason == "原帮带人调离，情况已当面交接"
    seq = Entry.objects.filter(log__kind="case", log__ref=case.pk).count()
    act(case, "withdraw", LATER, target=seq, reason="没有调离")
    assert [row.account for row in CaseServant.objects.filter(case=case)] == [mentors[0]]
    assert [str(each) for each in prove(LATER)] == []


@pytest.mark.parametrize(
    ("step", "on", "values", "words"),
    [
        ("mentor", DAY, {"person": "乐山川"}, "就是现在的人"),
        ("mentor", date(2026, 3, 19), {"person": "顾行之"}, "早于原来指定之日"),
        ("mentor", DAY, {"person": "顾行之", "clean": False}, "不得是正在受处分影响的人"),
        ("group", DAY, {"leader": "顾行之"}, "没有指定由谁担任的角色"),
    ],
)
def test_who_cannot_take_the_place_is_refused_in_words(
    case: Case, step: str, on: date, values: dict[str, Any], words: str
) -> None:
    begun(case)
    with pytest.raises(Rejected, match=words):
        act(case, "replaced", on, step=step, values=values, reason="接替", entered=DAY)


def test_nobody_is_replaced_before_being_named(case: Case) -> None:
    with pytest.raises(Rejected, match="还没有办"):
        act(case, "replaced", DAY, step="mentor", values=MENTOR, reason="接替")


def test_one_person_goes_to_another_unit_and_holds_a_second_post(cast: Cast, case: Case) -> None:
    person, water = who(case), organ("青溪区水务局", "department", cast.district)
    people.transfer(person=person, to=water, post="副局长", managed_by="区管干部", paper="青组干〔2026〕7号", **stamp())
    held = people.take_post(person=person, organ=cast.bureau, title="党组成员", paper="青组干〔2026〕8号", **stamp())
    with pytest.raises(people.Refused, match="不必重复登记"):
        people.take_post(person=person, organ=cast.bureau, title="党组成员", paper="再登", **stamp(LATER))
    with pytest.raises(people.Refused, match="不晚于兼任开始之日"):
        people.end_post(post=held, paper="免", **stamp())
    people.end_post(post=held, paper="青组干〔2026〕9号", **stamp(LATER))
    assert [(post.organ, post.starts_on, post.ends_on) for post in Post.objects.filter(person=person).order_by("pk")] == [
        (cast.bureau, None, date(2026, 4, 9)), (cast.bureau, DAY, date(2026, 4, 14))
    ]  # fmt: skip
    assert [str(each) for each in prove(LATER)] == []
