"""Accounts that serve a case because its log names them: a mentor sees the case once named, and no longer once another is."""

from collections.abc import Iterable
from datetime import date

from youwei.cases.models import Case, CaseServant
from youwei.engine.types import Entry, Plan, Who
from youwei.journal.stores import lay_down
from youwei.organs.models import Account, Role
from youwei.organs.queries import holders
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
    for role, who in sorted(named.items()):
        wanted = {account.pk for account in _accounts(case, pack, who, on)}
        serving = CaseServant.objects.filter(case=case, role=role)
        there = set(serving.values_list("account", flat=True))
        if there - wanted:
            serving.exclude(account__in=wanted).delete()
        lay_down([CaseServant(case=case, account_id=key, role=role) for key in sorted(wanted - there)])


def _accounts(case: Case, pack: Pack, who: Who, on: date) -> list[Account]:
    """Of an organ named all accounts that hold the role there; of a person named the one account of that name at the subject's organ."""
    held_by = [Role(pack.roles[who.role].held_by)]
    if who.organ and who.organ.isdigit():
        return list(holders(int(who.organ), held_by, on).order_by("pk"))
    if not who.person:
        return []
    found = list(holders(case.subject_organ_id, held_by, on).filter(name=who.person)[:2])
    return found if len(found) == 1 else []
