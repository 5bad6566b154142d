"""A small invented city for the tests of the desk: two districts, their commissions and units, officers, people, decisions, cases."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.test import Client

from youwei.cases.commands import NewCase, open_many
from youwei.cases.facts import decision_facts
from youwei.cases.logs import packs
from youwei.cases.models import Case
from youwei.decisions.commands import Given, NewDecision, record_many
from youwei.decisions.models import Decision
from youwei.journal.actors import SHELL, Actor
from youwei.organs.commands import create_account, create_organ
from youwei.organs.models import Account, Grant, Organ, Role
from youwei.people.commands import build, register_many
from youwei.people.models import Person
from youwei.rulebook.law import load_law

TODAY = date(2026, 9, 29)
MORNING = datetime(2026, 9, 29, 1, 30, tzinfo=UTC)
EARLIER = datetime(2026, 3, 20, 1, 30, tzinfo=UTC)
PASSWORD = "for-the-tests-only"
CLERK = Actor("陈思远")


@dataclass(frozen=True)
class City:
    """云川市 with 青溪区 and 临湖县."""

    city: Organ
    city_commission: Organ
    district: Organ
    commission: Organ
    unit: Organ
    other_district: Organ
    other_commission: Organ
    other_unit: Organ


def organ(name: str, kind: str, parent: Organ | None, level: str = "county") -> Organ:
    return create_organ(name=name, kind=kind, parent=parent, level=level, by=SHELL, on=TODAY, at=EARLIER)


def city() -> City:
    top = organ("云川市", "region", None, "city")
    district = organ("青溪区", "region", top)
    other = organ("临湖县", "region", top)
    return City(
        city=top,
        city_commission=organ("云川市纪委监委", "commission", top, "city"),
        district=district,
        commission=organ("青溪区纪委监委", "commission", district),
        unit=organ("青溪区住房和城乡建设局", "department", district),
        other_district=other,
        other_commission=organ("临湖县纪委监委", "commission", other),
        other_unit=organ("临湖县水务局", "department", other),
    )


def holder(role: Role, where: Organ, username: str = "", name: str = "陈思远") -> Account:
    """An account with one role at one organ, long since."""
    account = create_account(username=username or f"{role}-{where.pk}", name=name, password=PASSWORD)
    Grant.objects.create(account=account, role=role, organ=where, starts_on=date(2020, 1, 1))
    return account


def signed_in(account: Account) -> Client:
    client = Client()
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    return client


def person(where: Organ, name: str = "许南舟", at: datetime = EARLIER, **facts: Any) -> Person:
    """A person, registered at a moment."""
    given = {
        "sex": "男",
        "born_on": date(1991, 8, 1),
        "post": "建设管理科科长",
        "rank": "乡科级正职",
        "managed_by": "区管干部",
        **facts,
    }
    return register_many([build(organ=where, name=name, **given)], by=CLERK, on=at.date(), at=at)[0]


def decide(
    someone: Person | None,
    by: Organ,
    *labels: str,
    counted_at: Organ | None = None,
    made_on: date | None = date(2026, 3, 12),
    at: datetime = EARLIER,
    **more: Any,
) -> Decision:
    """A decision giving these measures; without a person a stub."""
    law = load_law()
    kinds = [law.recognise(label) for label in labels]
    given = tuple(Given(kind, label) for kind, label in zip(kinds, labels, strict=True) if kind is not None)
    assert len(given) == len(labels), labels
    fields: dict[str, Any] = {
        "number": "青纪发〔2026〕19号",
        "form": 2,
        "acts_until": made_on and made_on - timedelta(days=100),
        **more,
    }
    if someone is None:
        fields |= {"secret": True, "acts_until": None}
    else:
        fields |= {
            "person": someone,
            "unit": someone.organ,
            "post": someone.post,
            "rank": someone.rank,
            "managed_by": someone.managed_by,
        }
    new = NewDecision(
        deciding_organ=by,
        counted_at=counted_at or by.parent or by,
        measures=given,
        made_on=made_on,
        effective_on=made_on,
        **fields,
    )
    return record_many([new], by=CLERK, on=at.date(), at=at, convention="inclusive")[0][0]


def open_case(
    decision: Decision, procedure: str = "jingzhou-visit", at: datetime = EARLIER, today: date = TODAY
) -> Case:
    """A case of a decision, opened by the pack."""
    pack = next(pack for ref, pack in packs().items() if ref.procedure == procedure)
    measures = list(decision.measures.all())
    periods = [period for measure in measures for period in measure.periods.filter(current=True)]
    assert decision.person is not None
    new = NewCase(
        pack=pack,
        organ=decision.deciding_organ,
        subject_organ=decision.person.organ,
        facts=decision_facts(decision, measures, periods, at.date()),
        person=decision.person,
        decision=decision,
    )
    return open_many([new], by=CLERK, on=at.date(), at=at, today=today)[0]
