"""Accounts that serve a case because its log names them: a mentor sees the case once named, and no longer once another is."""

from collections.abc import Iterable
from datetime import date

from django.db import connection

from youwei.cases.models import Case, CaseServant
from youwei.engine.types import Entry, Plan, Who
from youwei.journal.stores import lay_down
from youwei.organs.models import Role
from youwei.organs.queries import holder_keys
from youwei.rulebook.pack_types import Pack


def names_somebody(entry: Entry, entries: Iterable[Entry], pack: Pack) -> bool:
    """Whether an entry touches a step in which a role of the pack is named."""
    naming = {name.head for role in pack.roles.values() for name in role.named_in}
    by_seq = {each.seq: each for each in entries}
    about: Entry | None = entry
    while about is not None and not about.step:  # a correction, or the withdrawal of one
        about = by_seq.get(about.target)
    return about is not None and about.step in naming


def appoint(case: Case, found: Plan, pack: Pack, on: date) -> None:
    """Let the accounts of the persons and organs now named serve the case. A name two accounts bear is nobody's."""
    named = {item.who.role: item.who for item in found.items if pack.roles[item.who.role].named_in}
    there = serving(case.pk) if named else {}
    for role, who in sorted(named.items()):
        wanted, now = _accounts(case, pack, who, on), there.get(role, set())
        if now - wanted:
            CaseServant.objects.filter(case=case, role=role).exclude(account__in=wanted).delete()
        lay_down([CaseServant(case=case, account_id=key, role=role) for key in sorted(wanted - now)])


def serving(case: int) -> dict[str, set[int]]:
    """The accounts that serve a case, by role."""
    found: dict[str, set[int]] = {}
    with connection.cursor() as cursor:  # bare: asked by every act that names somebody
        cursor.execute("SELECT role, account_id FROM cases_caseservant WHERE case_id = %s", [case])
        for role, account in cursor.fetchall():
            found.setdefault(role, set()).add(account)
    return found


def _accounts(case: Case, pack: Pack, who: Who, on: date) -> set[int]:
    """Of an organ named all accounts that hold the role there; of a person named the one account of that name at the subject's organ."""
    held_by = [Role(pack.roles[who.role].held_by)]
    if who.organ and who.organ.isdigit():
        return {key for key, _ in holder_keys(int(who.organ), held_by, on)}
    if not who.person:
        return set()
    found = {key for key, name in holder_keys(case.subject_organ_id, held_by, on) if name == who.person}
    return found if len(found) == 1 else set()
