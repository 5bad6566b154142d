"""Who stands in for whom, and for whom a reader may arrange it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from youwei.organs.models import ADMINISTRATORS, Account, Grant, Role
from youwei.organs.policy import Reader
from youwei.organs.standing_in import covers


@dataclass(frozen=True, slots=True)
class Cover:
    """One cover as the pages tell it; `given` when the reader's own roles are lent."""

    row: Grant
    given: bool
    begun: bool

    @property
    def whose(self) -> str:
        return self.row.covers.account.name if self.row.covers is not None else ""

    @property
    def role(self) -> str:
        return f"{self.row.organ.name} {self.row.get_role_display()}"


def mine(who: Reader) -> list[Cover]:
    """The covers that the reader gives or is given, running or to come. One query."""
    return [
        Cover(row, row.account_id != who.account.pk, row.starts_on is None or row.starts_on <= who.on)
        for row in covers(who.account, who.on)
    ]


def led(who: Reader) -> list[int]:
    """The organs whose people the reader leads with a role of the own: there the reader may arrange for others."""
    return [row.organ_id for row in who.grants if row.role == Role.LEADER and row.covers_id is None]


def staff(who: Reader) -> list[Account]:
    """The others who hold a role at an organ the reader leads, closed accounts too: somebody may be gone."""
    return list(holding(led(who), who.on).exclude(pk=who.account.pk).order_by("name", "username"))


def holding(organs: Collection[int], on: date) -> QuerySet[Account]:
    """Accounts with a role of their own at one of the organs that has not ended."""
    held = Grant.objects.filter(Q(ends_on=None) | Q(ends_on__gte=on), organ__in=organs, covers=None)
    return Account.objects.filter(pk__in=held.exclude(role__in=ADMINISTRATORS).values("account"))
