"""The fixed cast: a city with two districts, and one account in every role. All invented."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from tests.support.kept import Kept, Stage
from youwei.journal.actors import SHELL
from youwei.organs import commands
from youwei.organs.models import Account, Organ, Role

DAY = date(2024, 3, 15)
STAMP: dict[str, Any] = {"by": SHELL, "on": DAY, "at": datetime(2024, 3, 15, 1, 0, tzinfo=UTC)}
NAMES = {
    Role.CASE_OFFICER: "方知行",
    Role.LEADER: "岑伯安",
    Role.UNIT: "水利局党组",
    Role.MENTOR: "乐山川",
    Role.ORGANIZATION: "解文舟",
    Role.UPPER_VIEWER: "查云岫",
    Role.SYSTEM_ADMIN: "系统管理员",
    Role.SECURITY_ADMIN: "安全管理员",
    Role.AUDITOR: "审计管理员",
}


@dataclass(frozen=True)
class Cast:
    """Everybody works in 青溪区 but the outsider, a case officer of the district beside it, and the city's viewer above."""

    city: Organ
    district: Organ
    commission: Organ
    bureau: Organ
    elsewhere: Organ
    accounts: dict[Role, Account]
    outsider: Account

    @property
    def officer(self) -> Account:
        return self.accounts[Role.CASE_OFFICER]

    @property
    def leader(self) -> Account:
        return self.accounts[Role.LEADER]


def organ(name: str, kind: str, parent: Organ | None, level: str = "county") -> Organ:
    return commands.create_organ(name=name, kind=kind, parent=parent, level=level, **STAMP)


def account(username: str, name: str, role: Role, place: Organ) -> Account:
    made = commands.create_account(username=username, name=name)
    commands.grant(account=made, role=role, organ=place, **STAMP)
    return made


def assemble() -> Cast:
    city = organ("云川市", "region", None, "city")
    city_commission = organ("云川市纪委监委", "commission", city, "city")
    district = organ("青溪区", "region", city)
    commission = organ("青溪区纪委监委", "commission", district)
    department = organ("青溪区委组织部", "organization", district)
    bureau = organ("青溪区水利局", "department", district)
    elsewhere = organ("白石区纪委监委", "commission", organ("白石区", "region", city))
    places = {Role.UNIT: bureau, Role.MENTOR: bureau, Role.ORGANIZATION: department, Role.UPPER_VIEWER: city_commission}
    accounts = {role: account(str(role), name, role, places.get(role, commission)) for role, name in NAMES.items()}
    outsider = account("outsider", "单望舒", Role.CASE_OFFICER, elsewhere)
    return Cast(city, district, commission, bureau, elsewhere, accounts, outsider)


@pytest.fixture(scope="module")
def kept_cast(stage: Stage) -> Kept[Cast]:
    return stage.lay(assemble)


@pytest.fixture
def cast(kept_cast: Kept[Cast], db: None) -> Cast:
    return kept_cast.copy()


SignIn = Callable[[Account], None]


@pytest.fixture
def sign_in(page: Page, live_server: LiveServer) -> SignIn:
    """Give the page a session of an account, without going through the sign-in page."""

    def give(account: Account) -> None:
        session = SessionStore()
        session[SESSION_KEY] = str(account.pk)
        session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
        session[HASH_SESSION_KEY] = account.get_session_auth_hash()
        session.save()
        page.context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": str(session.session_key), "url": live_server.url}]
        )

    return give
