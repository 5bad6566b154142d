"""The demonstration city stands, proves itself, and shows every state there is."""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.hashers import check_password
from django.db import transaction

from youwei.cases.logs import logs
from youwei.cases.models import Case, ChainLink, Done, Exempted, NotDone, OpenStep, Reply
from youwei.config.demo.city import ACCOUNTS, DEMO_WORD, build_city, is_built
from youwei.decisions.models import Decision, Measure, Period
from youwei.desk.safekeeping.proving import prove
from youwei.desk.work.queries import mine, steps
from youwei.documents.models import Attachment, Paper
from youwei.intake.identity import check_digit
from youwei.journal.models import Entry, Log
from youwei.organs.models import ADMINISTRATORS, Account, CareContact, Grant, Organ, Role
from youwei.organs.policy import reader, visible
from youwei.people.models import Person
from youwei.rulebook.law import load_law
from youwei.voting import queries as votes
from youwei.voting.models import Code, Vote

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.once]
TODAY = date(2026, 11, 20)
NOW = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
AREAS = {"石桥县", "白鹭市", "望江区", "青溪区", "高新区", "临湖县", "云台县"}


def facts_of_the_city() -> dict[str, Any]:
    """What must be the same whenever it is built for the same day."""
    return {
        "people": list(
            Person.objects.order_by("pk").values_list("name", "born_on", "organ__name", "post", "managed_by")
        ),
        "decisions": list(
            Decision.objects.order_by("pk").values_list("number", "made_on", "person__name", "form", "secret")
        ),
        "cases": list(
            Case.objects.order_by("pk").values_list("procedure", "person__name", "state", "outcome", "opened_on")
        ),
        "open": list(OpenStep.objects.order_by("pk").values_list("case__person__name", "step", "key", "due_on")),
        "entries": Entry.objects.count(),
    }


def test_the_city_is_built_whole_shows_every_state_and_is_the_same_each_time() -> None:
    said: list[str] = []
    assert not is_built()
    with transaction.atomic():
        build_city(today=TODAY, now=NOW, tell=said.append)
        assert is_built()
        assert len(said) == 4
        assert prove(TODAY) == []
        assert prove(TODAY + timedelta(days=100)) == []
        for check in (
            check_places,
            check_people,
            check_decisions,
            check_cases,
            check_letters,
            check_votes,
            check_accounts,
        ):
            check()
        first = facts_of_the_city()
        transaction.set_rollback(True)
    build_city(today=TODAY, now=NOW, tell=said.append)
    assert facts_of_the_city() == first


def check_places() -> None:
    regions = Organ.objects.filter(kind="region", parent__name="云川市")
    assert set(regions.values_list("name", flat=True)) == AREAS
    for region in regions:
        kinds = set(Organ.objects.filter(path__startswith=region.path).values_list("kind", flat=True))
        wanted = {"organization", "department", "village", "school"}
        assert kinds >= wanted | {"work_commission" if region.name == "高新区" else "commission"}, region
        assert kinds & {"town", "street"}
    kinds = set(Organ.objects.values_list("kind", flat=True))
    assert kinds >= {"dispatched", "enterprise", "university", "committee", "town", "street"}


def check_people() -> None:
    people = list(Person.objects.all())
    assert len(people) >= 120
    assert len({person.name for person in people}) == len(people)
    numbers = [person.identity() for person in people]
    assert len(set(numbers)) == len(numbers)
    for person, number in zip(people, numbers, strict=True):
        assert number.startswith("99")
        assert number[17] == check_digit(number[:17])
        assert person.born_on is not None
        assert number[6:14] == f"{person.born_on:%Y%m%d}"
        assert person.sex == ("男" if int(number[16]) % 2 else "女")


def check_decisions() -> None:
    assert set(Measure.objects.values_list("kind", flat=True)) == set(load_law().measures)
    made = Decision.objects.values_list("made_on", flat=True)
    assert min(made) < TODAY - timedelta(days=900)
    assert TODAY - timedelta(days=5) < max(made) <= TODAY
    stubs = Decision.objects.filter(secret=True)
    assert stubs.count() == 3
    assert set(Decision.objects.values_list("state", flat=True)) == {"standing", "changed", "withdrawn"}
    assert not stubs.exclude(person=None, unit=None, facts_sealed=None, problem="", post="").exists()
    spans = Period.objects.filter(current=True)
    assert spans.filter(last_day__gte=TODAY).count() > 30
    assert spans.filter(last_day__lt=TODAY).count() > 30
    assert spans.filter(last_day__range=(TODAY, TODAY + timedelta(days=30))).count() >= 5
    assert spans.exclude(unsettled=[]).exists()
    village = Measure.objects.filter(decision__person__kind="村干部", family="administrative")
    assert set(village.values_list("kind", flat=True)) <= {
        "administrative.warning",
        "administrative.demerit",
        "administrative.major_demerit",
    }


def check_cases() -> None:
    for procedure in ("announcement", "statutory-announcement", "jingzhou-visit"):
        states = set(Case.objects.filter(procedure=procedure).values_list("state", flat=True))
        assert {"open", "ended"} <= states, procedure
    assert Case.objects.filter(procedure="announcement", state="held").exists()
    assert Case.objects.filter(procedure="jingzhou-visit", state="held").exists()
    assert Case.objects.filter(procedure="jingzhou-visit", state="terminated").exists()
    decided = Case.objects.exclude(decision=None)
    assert {"done", "exempt", "announced", "assessed", "executed", "good", "slack", "terminated"} == set(
        decided.exclude(outcome="").values_list("outcome", flat=True)
    )
    by_hand = Case.objects.filter(decision=None).exclude(person=None)
    assert {"open", "ended"} <= set(by_hand.values_list("state", flat=True))
    assert by_hand.count() >= 5
    texts = [str(value) for log in logs(by_hand).values() for entry in log for value in entry.values.values()]
    months = [
        date(int(year), int(month), 1) for text in texts for year, month in re.findall(r"(\d{4})年(\d{1,2})月", text)
    ]
    assert months, "some story names a month"
    assert all(TODAY - timedelta(days=200) < each <= TODAY + timedelta(days=200) for each in months), months
    announced = Done.objects.filter(step="announce", case__procedure="announcement")
    assert announced.filter(late=True).exists()
    assert announced.filter(late=False).exists()
    late = OpenStep.objects.filter(late_from__lte=TODAY)
    assert {"announce", "visit", "mentor", "assess", "file"} <= set(late.values_list("step", flat=True))
    assert Exempted.objects.filter(kind="item").exists()
    assert NotDone.objects.filter(kind="item").exists()
    assert {True, False} == set(Done.objects.filter(kind="item").values_list("late", flat=True))
    assert OpenStep.objects.filter(kind="item", late_from__lt=TODAY).exists()
    visits = Done.objects.filter(kind="visit")
    assert {"已进行", "本人推迟", "本人拒绝"} == set(visits.values_list("outcome", flat=True))
    assert visits.filter(afterwards=True).exists()
    assert visits.filter(unplanned=True, step="unplanned").exists()
    assert OpenStep.objects.filter(step="visit", due_on__gt=TODAY).exists()
    assert OpenStep.objects.filter(step="assess", scheduled=True).exists()
    kinds = {"opened", "record", "correct", "return", "hold", "ended", "terminated"}
    assert kinds <= set(Entry.objects.filter(log__kind="case").values_list("kind", flat=True))
    assert Log.objects.filter(kind="case").count() == Case.objects.count()


def check_letters() -> None:
    """One letter about a list is answered, one waits for its names to be recognised; who is in distress has somebody to be called."""
    answered = Case.objects.get(pk=Reply.objects.values_list("case", flat=True).distinct().get())
    assert (answered.state, answered.papers.count()) == ("ended", 1)
    assert Reply.objects.filter(answer="不得").exists()
    doubted = Reply.objects.get(
        doubted__isnull=False
    )  # a review has withdrawn what it rested on: the office is asked to put it right
    assert ChainLink.objects.filter(parent=doubted.case_id, target=doubted.entry_seq, child=None).exists()
    (waiting,) = Case.objects.filter(procedure=answered.procedure).exclude(pk=answered.pk)
    assert waiting.open_steps.count() == 10
    assert CareContact.objects.values("organ").distinct().count() == 3


def check_votes() -> None:
    going_on, counted = Vote.objects.order_by("-state")
    assert (going_on.state, counted.state) == (Vote.State.OPEN, Vote.State.CLOSED)
    assert Code.objects.filter(vote=going_on).count() == going_on.entitled
    assert len(votes.content(going_on.box)[0]) < going_on.entitled
    assert Done.objects.filter(case=counted.case, step=counted.step).exists()
    assert Paper.objects.filter(case=counted.case, entry_seq=counted.entry_seq).exists()
    who = reader(Account.objects.get(username="hexinglan"), TODAY)
    assert steps(who).filter(mine(who), case=going_on.case, step=going_on.step).exists()


def check_accounts() -> None:
    assert set(Role) == set(Grant.objects.values_list("role", flat=True))
    for username, told in ACCOUNTS:
        account = Account.objects.get(username=username)
        assert told
        assert check_password(DEMO_WORD, account.password)
        who = reader(account, TODAY)
        seen = visible(who, "case.view", Case.objects.all()).exists()
        assert seen == (not who.roles() & ADMINISTRATORS), username
    for username, step in (("hexinglan", "mentor"), ("wenruoshui", "contact"), ("cenboan", "approve_assess")):
        who = reader(Account.objects.get(username=username), TODAY)
        assert steps(who).filter(mine(who), step=step).exists(), username
    assert Paper.objects.exists()
    assert Attachment.objects.exists()
    posts = set(Person.objects.values_list("post", "rank"))
    assert not {
        (post, rank) for post, rank in posts if ("副" in post and "正职" in rank) or ("科员" in post and "级正" in rank)
    }
