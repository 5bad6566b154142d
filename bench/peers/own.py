"""The race on Youwei itself: the same eight steps as a pack, each act judged, chained and planned anew, in a store of its own."""

from datetime import date, datetime, timedelta
from typing import Any

import django
from django.db import connection
from django.utils import timezone

django.setup()

from bench.peers.steps import asked, modes, race, steps  # noqa: E402
from youwei.cases import commands  # noqa: E402
from youwei.cases.commands import NewCase, open_many  # noqa: E402
from youwei.cases.logs import packs  # noqa: E402
from youwei.cases.models import Case  # noqa: E402
from youwei.config.demo.places import build_places  # noqa: E402
from youwei.config.shell_store import ensure_keys, migrate  # noqa: E402
from youwei.engine.types import EntryKind  # noqa: E402
from youwei.organs import clock  # noqa: E402

NEXT = timedelta(days=30)
APPROVED = ("approve", "close")
"""Nobody approves a text of one's own: these are another person's steps."""


def written(step: str, given: dict[str, Any], on: date) -> tuple[str, dict[str, Any]]:
    """The occurrence and the values of a step, in the words of the pack."""
    if step == "talk":
        return ("1" if given["again"] else "2"), {"note": given["note"]} | (
            {"next_on": on + NEXT} if given["again"] else {}
        )
    if step in APPROVED:
        return "", {"opinion": given["note"]}
    return "", {name: value for name, value in given.items() if name != "again"}


def carry(number: int) -> None:
    """One case from its opening to its end."""
    at: datetime = timezone.now()
    facts = {"decision.made_on": today, "organ.deciding": str(office.pk), "organ.case": str(office.pk)}
    new = NewCase(pack=pack, organ=office, subject_organ=office, facts=facts)
    (case,) = open_many([new], by=by, on=today, at=at, today=today)
    for step, given in steps(number):
        key, values = written(step, given, today)
        commands.act(
            case=case, kind=EntryKind.RECORD, by=head if step in APPROVED else by, on=today, at=at, today=today, step=step, key=key, values=values
        )  # fmt: skip
    if case.state != Case.State.ENDED:
        raise SystemExit(f"case {number} did not come to its end: {case.state}")


_, cases = asked()
migrate()
ensure_keys()
today = clock.today()
places = build_places(on=today - NEXT, at=clock.now() - NEXT, word="not-used-here")
head = places.actor("luyuanzhou")
by, office = places.actor("shenzhixing"), places.office("云川市")
(pack,) = packs().values()
connection.ensure_connection()
race(carry, cases, name="Youwei", version="", **modes(connection.connection))
