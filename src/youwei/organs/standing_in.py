"""Covering an absence, and handing one's roles over for good: each in one act, with dates, in the logs of the organs.

A cover lends the roles of one account to another from a day until a day (both inclusive). It can do what the one replaced could do there and no
more: it ends by itself, and at once when the role it stands on ends. Administrators' roles are never lent, and what is lent is not lent on.
"""

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import F, Q, QuerySet

from youwei.journal.actors import Actor
from youwei.journal.commands import Act, append
from youwei.organs.commands import LONGEST_REASON, Refused, end_grant, grant
from youwei.organs.models import ADMINISTRATORS, Account, Grant, Organ, Role
from youwei.rulebook.days import chinese_date

LONGEST_COVER = timedelta(days=366)


def lendable(account: Account, starts_on: date, ends_on: date | None, at: Collection[int] | None = None) -> list[Grant]:
    """The roles of an account that run within the days and may be lent or handed over; `at` narrows them to organs."""
    running = (Q(starts_on=None) | Q(starts_on__lte=ends_on)) if ends_on is not None else Q()
    rows = Grant.objects.filter(running, Q(ends_on=None) | Q(ends_on__gte=starts_on), account=account, covers=None)
    rows = rows.exclude(role__in=ADMINISTRATORS).select_related("organ", "account").order_by("pk")
    return list(rows if at is None else rows.filter(organ__in=at))


def colleagues(organs: Collection[int], but: Account, on: date) -> QuerySet[Account]:
    """Accounts in use with a role of their own at one of the organs, administrators' excepted."""
    held = Grant.objects.filter(
        Q(starts_on=None) | Q(starts_on__lte=on), Q(ends_on=None) | Q(ends_on__gte=on), covers=None
    )
    there = held.filter(organ__in=organs).exclude(role__in=ADMINISTRATORS).values("account")
    apart = held.filter(role__in=ADMINISTRATORS).values("account")
    rows = Account.objects.filter(pk__in=there, is_active=True).exclude(pk=but.pk)
    return rows.exclude(pk__in=apart).order_by("name", "username")


@transaction.atomic
def cover(
    *, account: Account, deputy: Account, starts_on: date, ends_on: date, reason: str, by: Actor, today: date, at: datetime,
    organs: Collection[int] | None = None,
) -> list[Grant]:  # fmt: skip
    """`deputy` stands in for `account` from a day until a day; `organs` narrows it. Raises Refused naming the field and the remedy."""
    if not today <= starts_on:
        raise Refused(f"开始日期：{chinese_date(starts_on)}已经过去；代理从今天或以后的一天开始")
    if ends_on < starts_on:
        raise Refused(f"截止日期：{chinese_date(ends_on)}早于开始日期{chinese_date(starts_on)}；请核对")
    if ends_on - starts_on > LONGEST_COVER:
        raise Refused("截止日期：代理最长一年；长期不在岗的，请用“移交”")
    lent = lendable(account, starts_on, ends_on, organs)
    _refuse(account, deputy, lent, reason, ends_on, starts_on)
    if Grant.objects.filter(account=deputy, covers__in=lent, starts_on__lte=ends_on, ends_on__gte=starts_on).exists():
        raise Refused(f"代理人：{deputy.name}在这几天里已经代理{account.name}；先结束原来的，再重新设定")
    made = []
    for row in lent:
        first, last = max(starts_on, row.starts_on or starts_on), min(ends_on, row.ends_on or ends_on)
        made.append(
            Grant.objects.create(
                account=deputy,
                role=row.role,
                organ=row.organ,
                starts_on=first,
                ends_on=last,
                granted_by=by.name,
                covers=row,
            )
        )
        said = {
            "account": deputy.username, "name": deputy.name, "role": row.role, "ends_on": last, "reason": reason.strip(),
            "covers": {"account": account.username, "starts_on": row.starts_on},
        }  # fmt: skip
        append(Act("organ", row.organ_id, "cover.given", said, by, first, at))
    return made


@transaction.atomic
def hand_over(
    *,
    account: Account,
    to: Account,
    reason: str,
    by: Actor,
    on: date,
    at: datetime,
    organs: Collection[int] | None = None,
) -> list[Grant]:
    """All roles of an account go to another from today: what `to` holds already is not given twice, and `account` holds none of them any more."""
    given = lendable(account, on, None, organs)
    _refuse(account, to, given, reason, None, on)
    for row in given:
        first = max(on, row.starts_on or on)
        begun = Q(starts_on=None) | Q(starts_on__lte=first)
        held = Grant.objects.filter(begun, account=to, role=row.role, organ=row.organ, covers=None)
        if not held.filter(Q(ends_on=None) | Q(ends_on__gte=row.ends_on or date.max)).exists():
            grant(account=to, role=Role(row.role), organ=row.organ, ends_on=row.ends_on, by=by, on=first, at=at)
        said = {"from": account.username, "to": to.username, "role": row.role, "reason": reason.strip()}
        append(Act("organ", row.organ_id, "role.handed_over", said, by, on, at))
        end_grant(grant=row, by=by, on=on, at=at)
    return given


def _refuse(
    account: Account, other: Account, rows: Sequence[Grant], reason: str, ends_on: date | None, on: date
) -> None:
    if account.pk == other.pk:
        raise Refused("接替的人：就是本人；请另选")
    if not other.is_active:
        raise Refused(f"接替的人：“{other.username}”已停用；请另选")
    if not reason.strip():
        raise Refused("理由：没有填写；请写明为什么")
    if len(reason) > LONGEST_REASON:
        raise Refused(f"理由：不能超过{LONGEST_REASON}个字；请写短些")
    if not rows:
        raise Refused(f"岗位：{account.name}在这几天里没有可以代理、移交的业务岗位；请核对")
    running = Grant.objects.filter(Q(ends_on=None) | Q(ends_on__gte=on), account=other, role__in=ADMINISTRATORS)
    if ends_on is not None:
        running = running.filter(Q(starts_on=None) | Q(starts_on__lte=ends_on))
    if running.exists():
        raise Refused(f"接替的人：{other.name}是系统、安全或审计管理员，不得兼任业务岗位；请另选")


def covers(account: Account, on: date) -> list[Grant]:
    """The covers running on a day or to come, that an account gives or is given."""
    rows = Grant.objects.filter(Q(account=account) | Q(covers__account=account), covers__isnull=False, ends_on__gte=on)
    return list(rows.select_related("account", "organ", "covers__account").order_by(F("starts_on"), "pk"))


def reach_of(grants: Sequence[Grant], roles: Collection[str]) -> list[Organ]:
    """The organs at which one of the roles is held, each once."""
    return list({each.organ_id: each.organ for each in grants if each.role in roles}.values())
