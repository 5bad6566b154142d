"""Acts on organs, accounts, settings and the holiday notices. Keyword-only, with `by` and the moment; each leaves an entry in an organ's log."""

import hashlib
import secrets
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Q

from youwei.journal.actors import Actor
from youwei.journal.commands import Act, append, append_many
from youwei.organs.models import (
    ADMINISTRATORS,
    Account,
    Grant,
    HolidayNotice,
    Organ,
    ReadTrace,
    Role,
    Setting,
    SetupCode,
)
from youwei.organs.queries import CHOICES, chosen, grants, holders_anywhere, organs_named, unfinished
from youwei.organs.roster import LONGEST_NAME, RosterRow
from youwei.rulebook.days import chinese_date

LONGEST_REASON = 200


class Refused(ValueError):
    """An act that cannot be done, with the reason and the remedy in Chinese."""


@transaction.atomic
def create_organ(
    *,
    name: str,
    kind: str,
    parent: Organ | None,
    level: str,
    by: Actor,
    on: date,
    at: datetime,
    managed_by: Organ | None = None,
    starts_on: date | None = None,
    paper: str = "",
) -> Organ:
    """Enter an organ below another. The name is unique below its parent."""
    name = organ_name(name, parent)
    organ = Organ.objects.create(
        name=name, kind=kind, parent=parent, level=level, managed_by=managed_by, starts_on=starts_on
    )
    organ.path = f"{parent.path if parent else '/'}{organ.pk}/"
    organ.save(update_fields=["path"])
    content: dict[str, Any] = {"name": name, "kind": kind, "level": level, "parent": parent.pk if parent else None}
    more = {"managed_by": managed_by.pk if managed_by else None, "starts_on": starts_on, "paper": paper}
    content |= {key: value for key, value in more.items() if value}
    append(Act("organ", organ.pk, "organ.created", content, by, on, at))
    return organ


def organ_name(name: str, parent: Organ | None) -> str:
    """A name as it is kept; raises Refused when it cannot be, or another organ in force below the same parent bears it."""
    name = "".join(name.split())
    if not name:
        raise Refused("机关名称：没有填写；请填写全称")
    if len(name) > LONGEST_NAME or "/" in name:
        raise Refused(f"机关名称：不能超过{LONGEST_NAME}个字，也不能有“/”；请填写规范全称")
    if Organ.objects.filter(parent=parent, name=name, ends_on=None).exists():
        raise Refused(f"机关名称：“{name}”已在这一级；请换一个名称或直接使用已有机关")
    return name


@transaction.atomic
def withdraw_organs(*, organs: Iterable[Organ], by: Actor, on: date, at: datetime) -> None:
    """Take back organs that came with a ledger and are used by nothing any more; their logs say so and stay."""
    rows = list(organs)
    append_many(Act("organ", organ.pk, "organ.withdrawn", {}, by, on, at) for organ in rows)
    Organ.objects.filter(pk__in=[organ.pk for organ in rows]).update(withdrawn=True)


@transaction.atomic
def load_organs(*, rows: Iterable[RosterRow], by: Actor, on: date, at: datetime) -> int:
    """Enter the organs of a list that are not there yet, all or none; a parent stands before its children. Returns how many are new.

    A name that an organ below the same parent bears or bore is that organ's.
    """
    made = 0
    for row in rows:
        parent = _roster_organ(row, "上级", row.parent)
        named = Q(name=row.name) | Q(former_names__name=row.name)
        if not Organ.objects.filter(named, parent=parent).exists():
            managing = _roster_organ(row, "干部管理机关", row.managed_by)
            create_organ(
                name=row.name, kind=row.kind, parent=parent, level=row.level, managed_by=managing, by=by, on=on, at=at
            )
            made += 1
    return made


def _roster_organ(row: RosterRow, column: str, name: str) -> Organ | None:
    """The one organ a cell of the list names."""
    if not name:
        return None
    found = list(organs_named(name)[:2])
    if not found:
        raise Refused(f"第{row.row}行 {column}：没有“{name}”；请把它写在这一行前面，或先录入")
    if len(found) > 1:
        raise Refused(f"第{row.row}行 {column}：叫“{name}”的不止一个；请连同再上一级写成“某某区/{name}”")
    return found[0]


@transaction.atomic
def create_account(*, username: str, name: str, title: str = "", password: str | None = None) -> Account:
    """An account without roles; without a password nobody can sign in to it until a one-time code is used."""
    username, name = username.strip(), name.strip()
    if not username or not name:
        raise Refused("账号、姓名：都要填写；请补齐")
    if Account.objects.filter(username=username).exists():
        raise Refused(f"账号：“{username}”已经有人用；请换一个")
    account = Account(username=username, name=name, title=title)
    if password is None:
        account.set_unusable_password()
    else:
        account.set_password(password)
    account.save()
    return account


@transaction.atomic
def close_account(*, account: Account, reason: str, organ: Organ, by: Actor, on: date, at: datetime) -> None:
    """Nobody signs in with it any more, and whoever has is out at once. What it did stays named; its roles stay as they were.

    Refused for one's own account and for the last holder of an administrator's role. The entry stands in the log of `organ`.
    """
    account.refresh_from_db(from_queryset=Account.objects.select_for_update())
    if account.pk == by.account_id:
        raise Refused("账号：不能停用自己正在使用的账号；请由另一位系统管理员办理")
    for role in sorted({row.role for row in grants(account, on)} & ADMINISTRATORS):
        if not holders_anywhere(role, on).exclude(pk=account.pk).exists():
            raise Refused(f"账号：这是唯一的{Role(role).label}；请先由安全管理员另授一人，再停用")
    _switch(account, False, "account.closed", reason, organ, by, on, at)
    account.setup_codes.filter(used_at=None).delete()
    _end_sessions(account)


@transaction.atomic
def reopen_account(*, account: Account, reason: str, organ: Organ, by: Actor, on: date, at: datetime) -> str:
    """A closed account may be used again, with a new password: returns the one-time code to set it."""
    account.refresh_from_db(from_queryset=Account.objects.select_for_update())
    _switch(account, True, "account.reopened", reason, organ, by, on, at)
    account.set_unusable_password()
    account.save(update_fields=["password"])
    return setup_code(account=account)


def _switch(
    account: Account, active: bool, kind: str, reason: str, organ: Organ, by: Actor, on: date, at: datetime
) -> None:
    reason = reason.strip()
    if not reason:
        raise Refused("理由：没有填写；请写明为什么停用或启用")
    if len(reason) > LONGEST_REASON:
        raise Refused(f"理由：不能超过{LONGEST_REASON}个字；请写短些")
    if account.is_active == active:
        raise Refused(f"账号：“{account.username}”已经{'启用' if active else '停用'}；请刷新后核对")
    account.is_active, account.changed_on, account.why = active, on, reason
    account.save(update_fields=["is_active", "changed_on", "why"])
    append(Act("organ", organ.pk, kind, {"account": account.username, "reason": reason}, by, on, at))


def _end_sessions(account: Account) -> None:
    """Sign the account out wherever it is signed in: a session that lived on would be good again after reopening."""
    theirs = [
        session.pk
        for session in Session.objects.iterator()
        if session.get_decoded().get(SESSION_KEY) == str(account.pk)
    ]
    Session.objects.filter(pk__in=theirs).delete()


@transaction.atomic
def grant(
    *, account: Account, role: Role, organ: Organ, by: Actor, on: date, at: datetime, ends_on: date | None = None
) -> Grant:
    """Give a role at an organ from `on`. Nobody holds two of the administrators' roles, or one of them beside any other (三员分立)."""
    if ends_on is not None and ends_on < on:
        raise Refused(f"截止日期：{chinese_date(ends_on)}早于开始日期{chinese_date(on)}；请核对")
    account.refresh_from_db(from_queryset=Account.objects.select_for_update())
    if not account.is_active:
        raise Refused(f"账号：“{account.username}”已停用；请先由系统管理员重新启用")
    if account.grants.filter(role=role, organ=organ, starts_on=on, covers=None).exists():
        raise Refused(f"角色：当天已授予“{Role(role).label}”；不必重复授予")
    overlapping = account.grants.filter(Q(ends_on=None) | Q(ends_on__gte=on))
    if ends_on is not None:
        overlapping = overlapping.filter(Q(starts_on=None) | Q(starts_on__lte=ends_on))
    held = set(overlapping.values_list("role", flat=True))
    mixed = (held | {role}) & ADMINISTRATORS
    if mixed and len(held | {role}) > 1:
        raise Refused("角色：系统、安全、审计管理员须由三人分别担任，且不得兼任业务岗位；请另选人员")
    row = Grant.objects.create(
        account=account, role=role, organ=organ, starts_on=on, ends_on=ends_on, granted_by=by.name
    )
    append(
        Act(
            "organ",
            organ.pk,
            "grant.given",
            {"account": account.username, "name": account.name, "role": role, "ends_on": ends_on},
            by,
            on,
            at,
        )
    )
    return row


@transaction.atomic
def end_grant(*, grant: Grant, by: Actor, on: date, at: datetime) -> None:
    """A role ends: yesterday was its last day. One that had not begun is void; ended ones stay as they were."""
    last = on - timedelta(days=1)
    if grant.ends_on is not None and grant.ends_on <= last:
        return
    grant.ends_on = last
    grant.save(update_fields=["ends_on"])
    content: dict[str, Any] = {
        "account": grant.account.username, "role": grant.role, "starts_on": grant.starts_on, "ends_on": last
    }  # fmt: skip
    if grant.covers is not None:
        content["covers"] = {"account": grant.covers.account.username, "starts_on": grant.covers.starts_on}
    append(Act("organ", grant.organ_id, "grant.ended", content, by, on, at))


@transaction.atomic
def setup_code(*, account: Account) -> str:
    """A one-time code with which the account's first password is set; shown once, only its digest is kept. An earlier unused one ends."""
    account.setup_codes.filter(used_at=None).delete()
    code = "-".join(secrets.token_hex(2).upper() for _ in range(4))
    SetupCode.objects.create(account=account, digest=_digest(code))
    return code


@transaction.atomic
def use_setup_code(*, username: str, code: str, password: str, at: datetime) -> Account:
    """Set the first password with a one-time code. Raises Refused without saying which of the two was wrong."""
    unused = SetupCode.objects.select_for_update().filter(digest=_digest(code), used_at=None)
    row = unused.filter(account__username=username, account__is_active=True).first()
    if row is None:
        raise Refused("账号或一次性代码不对，或代码已经用过；请核对后重填")
    row.used_at = at
    row.save(update_fields=["used_at"])
    row.account.set_password(password)
    row.account.save(update_fields=["password"])
    return row.account


def _digest(code: str) -> str:
    return hashlib.new("sm3", code.strip().upper().encode()).hexdigest()


@transaction.atomic
def change_setting(*, name: str, value: Any, reason: str, organ: Organ, by: Actor, on: date, at: datetime) -> Setting:
    """Change a logged setting; the old value stays readable. Refused while an earlier change is still being carried out.

    Its consequences are for the caller to draw: until `finished_at` is set they are not all drawn.
    """
    reason = reason.strip()
    if not reason:
        raise Refused("理由：没有填写；请写明为什么更改")
    if len(reason) > LONGEST_REASON:
        raise Refused(f"理由：不能超过{LONGEST_REASON}个字；请写短些")
    choice = CHOICES.get(name)
    if choice is None:
        raise Refused(f"设置：没有“{name}”这项设置；现有：{'、'.join(CHOICES)}")
    if not isinstance(value, str) or value not in choice.values:
        raise Refused(f"{choice.title}：不能设为“{value}”；可设为：{'、'.join(choice.values)}")
    if choice.recounts and unfinished() is not None:
        raise Refused(f"{choice.title}：上一次更改还在重新计算；请等它算完再改")
    if chosen(choice) == value:
        raise Refused(f"{choice.title}：现在就是“{choice.values[value]}”；不必更改")
    row = Setting.objects.create(
        name=name, value=value, reason=reason, by=by.name, by_account=by.account_id, at=at, finished_at=None if choice.recounts else at
    )  # fmt: skip
    append(Act("organ", organ.pk, "setting.changed", {"name": name, "value": value, "reason": reason}, by, on, at))
    return row


@transaction.atomic
def enter_notice(
    *, year: int, source: str, days: Iterable[Mapping[str, str]], organ: Organ, by: Actor, on: date, at: datetime
) -> HolidayNotice:
    """Enter the State Council's notice for a year (J11). `days` are {on, kind: holiday|makeup, name}; raises Refused naming the bad day."""
    if not 1949 <= year <= 2999:
        raise Refused(f"年份：{year} 不对；请写四位年份")
    if not source.strip():
        raise Refused("依据：没有填写；请写明通知的名称或文号")
    checked = checked_notice(year, days)
    row = HolidayNotice.objects.create(year=year, source=source, days=checked, by=by.name, at=at)
    append(Act("organ", organ.pk, "notice.entered", {"year": year, "source": source, "days": checked}, by, on, at))
    return row


def checked_notice(year: int, days: Iterable[Mapping[str, str]]) -> list[dict[str, str]]:
    """The days of a notice as they are kept; raises Refused naming the bad day."""
    checked = [_notice_day(year, day) for day in days]
    if not checked:
        raise Refused("放假安排：一天也没有；请至少填写一天放假或补班")
    twice = {day["on"] for day in checked if sum(1 for other in checked if other["on"] == day["on"]) > 1}
    if twice:
        told = "、".join(chinese_date(date.fromisoformat(day)) for day in sorted(twice))
        raise Refused(f"放假安排：{told}填写了两次；每天只留一行")
    return checked


def _notice_day(year: int, day: Mapping[str, str]) -> dict[str, str]:
    try:
        on = date.fromisoformat(day["on"])
    except (KeyError, TypeError, ValueError) as bad:
        raise Refused(f"日期：没有这一天（{day.get('on', '')}）；请写真实日期") from bad
    if not (on.year == year or (on.year == year - 1 and on.month == 12)):
        raise Refused(f"日期：{chinese_date(on)}不在{year}年；一份通知只管一年（上年12月末连休除外）")
    if day.get("kind") not in ("holiday", "makeup"):
        raise Refused(f"类别：{chinese_date(on)}只能是放假或补班")
    if day["kind"] == "makeup" and on.weekday() < 5:
        raise Refused(f"补班：{chinese_date(on)}本来就是工作日；补班只能是周六、周日")
    return {"on": on.isoformat(), "kind": day["kind"], "name": day.get("name", "")}


def trace(
    *, account: Account | None, by: str, act: str, kind: str, ref: int | None, at: datetime, detail: str = ""
) -> None:
    """Keep that somebody looked."""
    ReadTrace.objects.create(account=account, by=by, act=act, kind=kind, ref=ref, at=at, detail=detail)


def trace_many(
    *, account: Account | None, by: str, act: str, kind: str, refs: Iterable[int], at: datetime, detail: str = ""
) -> None:
    """Keep that somebody looked at several at once, a trace for each."""
    common = {"account": account, "by": by, "act": act, "kind": kind, "at": at, "detail": detail}
    ReadTrace.objects.bulk_create([ReadTrace(ref=ref, **common) for ref in sorted(refs)], 500)
