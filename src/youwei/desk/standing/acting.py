"""Everything of one account goes to another: its roles, and its places in open cases, together or not at all."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django import forms
from django.db import transaction

from youwei.cases import handing
from youwei.cases.handing import Named, Naming, naming
from youwei.desk.cases.forms import form_field, plain
from youwei.journal.actors import Actor
from youwei.organs import standing_in
from youwei.organs.models import Account, Role

EMPTY: tuple[Any, ...] = (None, "", [], ())


def questions(places: Sequence[Named], today: date) -> tuple[dict[str, forms.Field], dict[str, tuple[Naming, str]]]:
    """What the steps that name somebody ask besides the name, each field once; and to which step each belongs."""
    fields: dict[str, forms.Field] = {}
    whose: dict[str, tuple[Naming, str]] = {}
    for place in places:
        for field in place.step.form.values():
            key = f"q-{place.case.procedure}-{place.case.version}-{place.step.id}-{field.id}"
            if field.id != place.field and key not in fields and field.when is None:
                fields[key] = form_field(field, today)
                whose[key] = (naming(place), field.id)
    return fields, whose


def answers(given: Mapping[str, Any], whose: Mapping[str, tuple[Naming, str]]) -> dict[Naming, dict[str, Any]]:
    """What was answered, step by step; what was left empty stays as it was."""
    found: dict[Naming, dict[str, Any]] = {}
    for key, (step, field) in whose.items():
        value = plain(given.get(key))
        if value not in EMPTY:
            found.setdefault(step, {})[field] = value
    return found


@transaction.atomic
def hand_over(
    *, account: Account, to: Account, said: Mapping[Naming, Mapping[str, Any]], reason: str, by: Actor, on: date, at: datetime,
    organs: Collection[int] | None,
) -> tuple[int, int]:  # fmt: skip
    """How many roles and how many cases went over. Raises organs' Refused or cases' Rejected with nothing changed.

    The cases that name the account go along when its role of a mentor does.
    """
    places = handing.named(account)
    given = standing_in.hand_over(account=account, to=to, reason=reason, by=by, on=on, at=at, organs=organs)
    if not places or not any(row.role == Role.MENTOR for row in given):
        return len(given), 0
    cases = handing.replace_named(account=account, to=to, answers=said, reason=reason, by=by, on=on, at=at)
    return len(given), cases
