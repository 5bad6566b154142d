"""Small invented places for the tests of organs and of who sees whom."""

from datetime import UTC, date, datetime
from typing import Any

from youwei.journal.actors import SHELL
from youwei.organs import commands
from youwei.organs.changes import Ground
from youwei.organs.models import Account, Grant, Organ, Role

DAY = date(2026, 9, 29)
MOMENT = datetime(2026, 9, 29, 1, 30, tzinfo=UTC)
STAMP: dict[str, Any] = {"by": SHELL, "on": DAY, "at": MOMENT}
GROUND = Ground(on=DAY, paper="云编〔2026〕3号", by=SHELL, today=DAY, at=MOMENT)


def place(name: str, kind: str = "department", parent: Organ | None = None) -> Organ:
    return commands.create_organ(name=name, kind=kind, parent=parent, level="county", **STAMP)


def account(username: str = "chensiyuan", name: str = "陈思源", **more: Any) -> Account:
    return commands.create_account(username=username, name=name, **more)


def holder(role: Role, organ: Organ, username: str = "chensiyuan") -> Account:
    """An account with one role at one organ, since the day of the tests."""
    made = account(username)
    Grant.objects.create(account=made, role=role, organ=organ, starts_on=DAY)
    return made
