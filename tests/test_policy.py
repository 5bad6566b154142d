"""Who may see whom: the question about one row and the filter over all rows give the same answer, and the answer is the right one."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse
from django.test import RequestFactory
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from youwei.cases.models import Admission, Case, CaseServant, Done, OpenStep
from youwei.decisions.models import Decision, Measure
from youwei.documents.models import Attachment, Paper
from youwei.organs import policy
from youwei.organs.models import ADMINISTRATORS, Account, Grant, Organ, Role
from youwei.organs.policy import ACTS, Reader, listed, may, permission, reader, visible
from youwei.people.models import Person

pytestmark = [pytest.mark.django_db, pytest.mark.req("I5")]
DAY = date(2026, 9, 29)
MOMENT = datetime(2026, 9, 29, 1, 30, tzinfo=UTC)
ROWS: tuple[type[Model], ...] = (Person, Decision, Measure, Case, OpenStep, Done, Paper, Attachment)
KINDS = [str(kind) for kind in Organ.Kind]
ROW_ACTS = sorted(
    act for act in ACTS if act.split(".")[0] in ("person", "decision", "case", "paper", "figures", "search", "desk")
)


def plant(kinds: list[tuple[str, int]]) -> list[Organ]:
    """A forest of organs: each is told its kind and its parent by place, or none."""
    organs: list[Organ] = []
    for number, (kind, above) in enumerate(kinds):
        parent = organs[above % number] if number and above >= 0 else None
        level = "county" if parent else "city"
        organ = Organ.objects.create(name=f"机关{number}", kind=kind, parent=parent, level=level)
        organ.path = f"{parent.path if parent else '/'}{organ.pk}/"
        organ.save(update_fields=["path"])
        organs.append(organ)
    return organs


def merge(organs: list[Organ], gone: dict[int, int]) -> None:
    """Some have been merged into others that are still there."""
    pairs = {old % len(organs): new % len(organs) for old, new in gone.items()}
    for old, new in pairs.items():
        if new not in pairs:
            Organ.objects.filter(pk=organs[old].pk).update(merged_into=organs[new], ends_on=DAY)


@dataclass(frozen=True)
class Row:
    """One person with a decision, a case, a step and papers, spread over organs by place."""

    unit: int
    deciding: int
    counted: int
    office: int
    step: int | None
    stub: bool
    served: bool
    managed: str = ""
    let_in: tuple[str, int] | None = None  # sealed: only whoever holds this role there


def put(organs: list[Organ], row: Row, account: Account) -> None:
    def at(place: int) -> Organ:
        return organs[place % len(organs)]

    person = Person.objects.create(name="柳不凡", organ=at(row.unit), managed_by=row.managed)
    decision = Decision.objects.create(
        person=None if row.stub else person, unit=None if row.stub else at(row.unit), deciding_organ=at(row.deciding),
        counted_at=at(row.counted), recorded_at=MOMENT, secret=row.stub, managed_by="" if row.stub else row.managed,
    )  # fmt: skip
    Measure.objects.create(decision=decision, kind="party.warning", label="党内警告", family="party")
    case = Case.objects.create(
        procedure="p", version="1", pack_digest="", title="事项", person=person, subject_organ=at(row.unit), decision=decision,
        organ=at(row.office), opened_on=DAY, sealed=row.let_in is not None,
    )  # fmt: skip
    if row.let_in is not None:
        Admission.objects.create(case=case, account=account, role=row.let_in[0], organ=at(row.let_in[1]))
    step = None if row.step is None else at(row.step)
    OpenStep.objects.create(case=case, step="s", title="环节", kind="do", role="r", held_by="case_officer", organ=step)
    Done.objects.create(case=case, step="s", kind="do", title="环节", entry_seq=1, on=DAY, at=DAY)
    Paper.objects.create(
        case=case, entry_seq=1, kind="k", title="文书", sealed=b"", digest="", issued_at=MOMENT, by="柳"
    )
    Attachment.objects.create(
        case=case,
        step="s",
        entry_seq=1,
        filename="f",
        media_type="m",
        size=0,
        digest="",
        sealed=b"",
        uploaded_at=MOMENT,
        by="柳",
    )
    if row.served:
        CaseServant.objects.create(case=case, account=account, role="mentor")


@contextmanager
def taken_back() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


places = st.integers(0, 20)
days = st.none() | st.sampled_from([-30, -1, 0, 1, 30])
forests = st.lists(st.tuples(st.sampled_from(KINDS), st.integers(-1, 20)), min_size=1, max_size=7)
grants = st.lists(st.tuples(st.sampled_from(sorted(Role)), places, days, days), max_size=4)
rows = st.lists(
    st.builds(
        Row,
        places,
        places,
        places,
        places,
        st.none() | places,
        st.booleans(),
        st.booleans(),
        st.sampled_from(["", "区管干部", "市管干部", "省管干部"]),
        st.none() | st.tuples(st.sampled_from([Role.CASE_OFFICER, Role.LEADER]), places),
    ),
    min_size=1,
    max_size=4,
)


def shifted(days: int | None) -> date | None:
    return None if days is None else DAY + timedelta(days=days)


def follow(row: Any, name: str) -> Any:
    for part in name.split("__"):
        row = getattr(row, part) if row is not None else None
    return row


def paths_of(organ: Organ | None) -> list[str]:
    return [at.path for at in (organ, organ.merged_into if organ else None) if at]


def matter(row: Any) -> tuple[Person | None, Decision | None, list[Organ]]:
    """Whom a row is about, by which decision, and whose own matter it is."""
    if isinstance(row, Person):
        return row, None, [each.deciding_organ for each in row.decisions.all()]
    about = row.decision if isinstance(row, Measure) else row
    if isinstance(about, Decision):
        return about.person, about, [about.deciding_organ]
    case = row if isinstance(row, Case) else row.case
    return case.person, case.decision, [case.organ]


def reached(who: Reader, act: str, row: Any) -> bool:
    """The rule told a second time, one row at a time and without the store's help."""
    case = row if isinstance(row, Case) else getattr(row, "case", None)
    if case is not None and case.sealed:
        mine = [grant for grant in who.grants if grant.role in ACTS[act] and grant.covers is None]
        let_in = case.admissions.filter(account=who.account)
        return any(
            row.role == grant.role and grant.organ.path in paths_of(row.organ) for row in let_in for grant in mine
        )
    for grant in who.grants:
        if grant.role not in ACTS[act]:
            continue
        wide = grant.organ.kind in ("commission", "work_commission", "organization") and grant.organ.parent is not None
        path = grant.organ.parent.path if wide and grant.organ.parent else grant.organ.path
        if grant.role in (Role.MENTOR, Role.UNIT):
            served = [follow(row, name) for name in getattr(row, "POLICY_SERVED_ORGANS", ())]
            own = grant.role == Role.UNIT and any(
                at.startswith(grant.organ.path) for organ in served for at in paths_of(organ)
            )
            named = bool(served) and case is not None and case.servants.filter(account=who.account).exists()
            if own or named:
                return True
            continue
        near = any(at.startswith(path) for name in row.POLICY_ORGANS for at in paths_of(follow(row, name)))
        person, decision, offices = matter(row)
        marks = [each.managed_by for each in (person, decision) if each is not None]
        closed = ("中", "省") if grant.organ.level == "city" else ("中", "省", "市")
        own = any(at.startswith(path) for office in offices for at in paths_of(office))
        if near and (own or not any(mark.startswith(closed) for mark in marks)):
            return True
    return False


@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    forest=forests, held=grants, wanted=rows, gone=st.dictionaries(places, places, max_size=2),
    acts=st.sets(st.sampled_from(ROW_ACTS), min_size=4, max_size=4),
)  # fmt: skip
def test_may_and_visible_agree_on_every_row_act_and_role(
    forest: list[tuple[str, int]],
    held: list[tuple[str, int, int | None, int | None]],
    wanted: list[Row],
    gone: dict[int, int],
    acts: set[str],
) -> None:
    with taken_back():
        organs = plant(forest)
        merge(organs, gone)
        account = Account.objects.create(username="u", name="n")
        Grant.objects.bulk_create(
            [
                Grant(
                    account=account,
                    role=role,
                    organ=organs[at % len(organs)],
                    starts_on=shifted(start),
                    ends_on=shifted(end),
                )
                for role, at, start, end in {(g[0], g[1] % len(organs), g[2]): g for g in held}.values()
            ]
        )
        for row in wanted:
            put(organs, row, account)
        who = reader(account, DAY)
        for model in ROWS:
            everything = list(model._default_manager.all())
            for act in sorted(acts):
                filtered = {row.pk for row in visible(who, act, model._default_manager.all())}
                assert filtered == {row.pk for row in everything if reached(who, act, row)}, (act, model)
                assert filtered == {row.pk for row in everything if may(who, act, row)}, (act, model)
                assert filtered == {row.pk for row in listed(who, act, model._default_manager.all())}, (act, model)


def test_every_row_that_hangs_on_a_case_says_how_it_leads_there() -> None:
    ways = ("case__", "parent__")
    hanging = [
        each for each in apps.get_models() if any(name.startswith(ways) for name in getattr(each, "POLICY_ORGANS", ()))
    ]
    assert len(hanging) > 5
    assert [each for each in hanging if not hasattr(each, "POLICY_SEALED")] == []


@dataclass
class City:
    city: Organ
    area: Organ
    other: Organ
    bureau: Organ
    town: Organ


@pytest.fixture
def city() -> City:
    """云川市 with a bureau of its own, 青溪区 with a town, 望江区."""
    top, area, other, bureau, town = plant(
        [("region", -1), ("region", 0), ("region", 0), ("department", 0), ("town", 1)]
    )
    nobody = Account.objects.create(username="nobody", name="无")
    for unit, at in ((3, 0), (4, 1), (2, 2)):
        put([top, area, other, bureau, town], Row(unit, at, at, at, None, False, False), nobody)
    return City(top, area, other, bureau, town)


def test_more_organs_than_are_named_one_by_one_are_asked_for(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    account = Account.objects.create(username="u", name="n")
    held = Grant.objects.create(account=account, role=Role.UPPER_VIEWER, organ=city.area, starts_on=DAY)
    who = Reader(account, (held,), DAY)
    one_by_one = str(listed(who, "person.view", Person.objects.all()).query)
    monkeypatch.setattr(policy, "MANY", 0)
    asked_for = str(listed(who, "person.view", Person.objects.all()).query)
    assert "organs_organ" not in one_by_one
    assert "organs_organ" in asked_for


def office(at: Organ, kind: str = "commission") -> Organ:
    organ = Organ.objects.create(name=f"{at.name}的{kind}", kind=kind, parent=at)
    organ.path = f"{at.path}{organ.pk}/"
    organ.save(update_fields=["path"])
    return organ


def one(role: Role, organ: Organ, **days: date) -> Account:
    account = Account.objects.create(username=f"{role}-{organ.pk}", name="陈思源")
    Grant.objects.create(account=account, role=role, organ=organ, **days)
    return account


def units_seen(account: Account, act: str, model: type[Model] = Case, on: date = DAY) -> set[str]:
    place = {Person: "organ__name", Case: "subject_organ__name", Paper: "case__subject_organ__name"}[model]
    return set(visible(reader(account, on), act, model._default_manager.all()).values_list(place, flat=True))


CITY, BUREAU, AREA, OTHER, TOWN = "机关0", "机关3", "机关1", "机关2", "机关4"


@pytest.mark.parametrize("role", [Role.CASE_OFFICER, Role.LEADER, Role.UPPER_VIEWER])
def test_the_commission_of_a_city_reaches_all_its_areas_and_that_of_an_area_its_own(city: City, role: Role) -> None:
    above, below = one(role, office(city.city)), one(role, office(city.area))
    for model in (Person, Case, Paper):
        assert units_seen(above, "person.view", model) == {BUREAU, TOWN, OTHER}
        assert units_seen(below, "person.view", model) == {TOWN}


@pytest.mark.parametrize("role", [Role.CASE_OFFICER, Role.LEADER, Role.UPPER_VIEWER, Role.ORGANIZATION])
def test_what_the_city_decides_on_its_cadres_is_not_open_to_the_district_they_work_in(city: City, role: Role) -> None:
    nobody, everywhere = Account.objects.create(username="none", name="无"), [city.city, city.area, city.town]
    put(everywhere, Row(2, 0, 2, 0, None, False, False, "市管干部"), nobody)
    put(everywhere, Row(2, 1, 2, 1, None, False, False, "市管干部"), nobody)
    kind = "organization" if role == Role.ORGANIZATION else "commission"
    above, below = (reader(one(role, office(where, kind)), DAY) for where in (city.city, city.area))
    for act, model in (
        ("case.view", Case),
        ("decision.view", Decision),
        ("paper.view", Paper),
        ("case.view", OpenStep),
    ):
        theirs, own = model._default_manager.order_by("-pk")[1], model._default_manager.order_by("-pk")[0]
        assert may(above, act, theirs), (act, model)
        assert may(above, act, own), (act, model)
        assert not may(below, act, theirs), (act, model)
        assert may(below, act, own), (act, model)
    unit = reader(one(Role.UNIT, city.town), DAY)
    assert visible(unit, "case.view", Case.objects.filter(person__managed_by="市管干部")).count() == 2
    assert not may(unit, "case.read")


def test_an_officer_dispatched_to_a_bureau_reaches_the_bureau_alone(city: City) -> None:
    assert units_seen(one(Role.CASE_OFFICER, city.bureau), "case.view") == {BUREAU}


@pytest.mark.req("J3")
def test_what_a_merged_organ_left_is_seen_by_its_successor_and_what_stands_beside_it_is_not(city: City) -> None:
    Organ.objects.filter(pk=city.town.pk).update(merged_into=city.other, ends_on=DAY)
    assert units_seen(one(Role.CASE_OFFICER, office(city.other)), "person.view", Person) == {OTHER, TOWN}
    assert units_seen(one(Role.UNIT, city.other), "case.view") == {OTHER, TOWN}
    assert units_seen(one(Role.CASE_OFFICER, city.bureau), "person.view", Person) == {BUREAU}


def test_a_unit_and_an_organization_department_see_cases_but_no_ledger_of_persons(city: City) -> None:
    unit, organization = one(Role.UNIT, city.town), one(Role.ORGANIZATION, office(city.area, "organization"))
    for account in (unit, organization):
        assert units_seen(account, "case.view") == {TOWN}
        assert units_seen(account, "person.view", Person) == set()
        assert not may(reader(account, DAY), "search")
        assert not may(reader(account, DAY), "case.read")
    assert visible(reader(organization, DAY), "decision.view", Decision.objects.all()).count() == 1
    assert not may(reader(unit, DAY), "decision.view")


def test_the_unit_of_a_commission_answers_for_its_own_people_and_not_for_the_region(city: City) -> None:
    commission = office(city.area)
    assert units_seen(one(Role.UNIT, commission), "case.view") == set()
    assert units_seen(one(Role.CASE_OFFICER, commission), "case.view") == {TOWN}


def test_a_mentor_sees_the_cases_that_name_the_account_and_no_other(city: City) -> None:
    mentor = one(Role.MENTOR, city.city)
    assert units_seen(mentor, "case.view") == set()
    CaseServant.objects.create(case=Case.objects.get(subject_organ=city.other), account=mentor, role="mentor")
    assert units_seen(mentor, "case.view") == {OTHER}
    assert units_seen(mentor, "paper.view", Paper) == {OTHER}


@pytest.mark.parametrize("role", sorted(ADMINISTRATORS))
def test_the_three_administrators_see_no_person_no_decision_and_no_case(city: City, role: Role) -> None:
    who = reader(one(role, city.city), DAY)
    for act in ROW_ACTS:
        assert not may(who, act)
        for model in ROWS:
            assert not visible(who, act, model._default_manager.all()).exists()


def test_the_administrators_duties_are_apart_from_one_another() -> None:
    duties = {role: {act for act, roles in ACTS.items() if role in roles} - {"home"} for role in ADMINISTRATORS}
    assert duties[Role.SYSTEM_ADMIN] == {
        "account.manage", "organ.change", "organ.view", "store.backup", "holiday.enter", "setting.change",
    }  # fmt: skip
    assert duties[Role.SECURITY_ADMIN] == {"grant.manage"}
    assert duties[Role.AUDITOR] == {"trace.audit"}


def test_everybody_with_a_role_has_a_first_page_and_only_workers_a_desk() -> None:
    assert ACTS["home"] == frozenset(Role)
    assert not ACTS["desk.view"] & ADMINISTRATORS


def test_a_grant_counts_from_its_first_day_to_its_last_and_on_no_other(city: City) -> None:
    account = one(Role.CASE_OFFICER, office(city.area), starts_on=DAY, ends_on=DAY + timedelta(days=1))
    for days, seen in ((-1, set()), (0, {TOWN}), (1, {TOWN}), (2, set())):
        assert units_seen(account, "case.view", on=DAY + timedelta(days=days)) == seen


def test_a_stub_is_counted_by_its_offices_and_leads_to_nobody(city: City) -> None:
    stub = Decision.objects.create(deciding_organ=city.area, counted_at=city.area, secret=True, recorded_at=MOMENT)
    assert stub in visible(
        reader(one(Role.CASE_OFFICER, office(city.area)), DAY), "decision.view", Decision.objects.all()
    )
    assert stub not in visible(
        reader(one(Role.CASE_OFFICER, office(city.other)), DAY), "decision.view", Decision.objects.all()
    )


def test_a_refusal_says_why_by_which_rule_and_what_to_do(city: City) -> None:
    person = Person.objects.get(organ=city.other)
    for refusal in (
        may(reader(one(Role.UNIT, city.town), DAY), "person.view", person),
        may(reader(one(Role.CASE_OFFICER, city.town), DAY), "person.view", person),
    ):
        assert not refusal
        assert not isinstance(refusal, bool)
        assert refusal.reason
        assert refusal.basis
        assert refusal.remedy


@permission("person.view")
def page(request: HttpRequest) -> HttpResponse:
    return HttpResponse(request.reader.account.username)  # type: ignore[attr-defined]


def ask(user: Account | AnonymousUser) -> HttpResponse:
    request = RequestFactory().get("/people/7/?tab=1")
    request.user = user  # type: ignore[assignment]
    with time_machine.travel(MOMENT):
        return page(request)  # type: ignore[return-value]


def test_a_stranger_is_asked_to_sign_in_and_comes_back(city: City) -> None:
    answer = ask(AnonymousUser())
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/login/?next=/people/7/%3Ftab%3D1"


def test_the_wrong_role_finds_no_such_page_and_the_right_one_does(city: City) -> None:
    for role in (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR, Role.UNIT, Role.MENTOR):
        with pytest.raises(Http404):
            ask(one(role, city.city))
    with pytest.raises(Http404):
        ask(one(Role.LEADER, city.city, ends_on=DAY - timedelta(days=1)))
    officer = one(Role.CASE_OFFICER, city.city)
    assert ask(officer).content.decode() == officer.username


def test_a_view_cannot_ask_for_a_permission_nobody_defined() -> None:
    with pytest.raises(KeyError):
        permission("person.everything")


@pytest.mark.parametrize("act", ["person.view", "case.view"])
def test_asking_once_a_request_costs_a_fixed_number_of_queries(city: City, act: str, django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    account = one(Role.CASE_OFFICER, office(city.city))
    with django_assert_num_queries(3):  # the grants, their organs, the rows
        list(visible(reader(account, DAY), act, Case.objects.all()))
