"""Accounts with the roles they hold now, for the two administrators' pages."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Prefetch, Q, QuerySet

from youwei.cases.models import Case, CaseServant, OpenStep
from youwei.organs.models import ADMINISTRATORS, Account, Grant, ReadTrace, Role
from youwei.organs.queries import grants


@dataclass(frozen=True, slots=True)
class Line:
    """One account: whether its password is set, and the grants that have not ended."""

    account: Account
    ready: bool
    grants: list[Grant]


def accounts() -> QuerySet[Account]:
    """Those in use first."""
    return Account.objects.order_by("-is_active", "username")


def lines(today: date) -> list[Line]:
    """All accounts, with a fixed number of queries."""
    running = Grant.objects.filter(Q(ends_on=None) | Q(ends_on__gte=today)).select_related("organ", "covers__account")
    running = running.order_by("pk")
    rows = accounts().prefetch_related(Prefetch("grants", queryset=running, to_attr="running"))
    return [Line(row, row.has_usable_password(), list(row.running)) for row in rows]


@dataclass(frozen=True, slots=True)
class Duty:
    """What waits for an account in one role at one organ: how many open steps or cases, and how many others hold the same role there."""

    organ: str
    role: str
    count: int
    unit: str
    others: int


def duties(account: Account, today: date) -> list[Duty]:
    """The open duties that somebody has to take over. Numbers only: whoever manages accounts reads no cases. Always the same few queries."""
    held = [
        grant
        for grant in grants(account, today)
        if grant.role not in ADMINISTRATORS | {Role.MENTOR} and grant.covers is None
    ]
    steps = _open_steps({grant.role for grant in held})
    others = _other_holders(account, {grant.organ_id for grant in held}, today)
    found = [
        Duty(
            grant.organ.name, grant.get_role_display(), sum(n for role, path, n in steps if _falls_to(grant, role, path)),
            "个环节", others[grant.role, grant.organ_id],
        )
        for grant in held
    ]  # fmt: skip
    served = CaseServant.objects.filter(account=account, case__state__in=(Case.State.OPEN, Case.State.HELD))
    cases = served.values("case").distinct().count()
    return found + ([Duty("", str(Role.MENTOR.label), cases, "件事项", 0)] if cases else [])


def roles_held(account: Account, today: date) -> list[str]:
    """What the account is, administrator's roles too."""
    return [f"{grant.organ.name}{grant.get_role_display()}" for grant in grants(account, today)]


def _open_steps(roles: Iterable[str]) -> list[tuple[str, str, int]]:
    """How many steps are open for each role, by the path of the organ where it is held."""
    rows = OpenStep.objects.filter(optional=False, case__state=Case.State.OPEN, held_by__in=list(roles))
    rows = rows.filter(case__sealed=False)
    return [
        (role, path or "", count)
        for role, path, count in rows.order_by().values_list("held_by", "organ__path").annotate(n=Count("pk"))
    ]


def _falls_to(grant: Grant, role: str, path: str) -> bool:
    below = path.startswith(grant.organ.path) if grant.role == Role.UNIT else path == grant.organ.path
    return role == grant.role and below


def _other_holders(account: Account, organs: Iterable[int], today: date) -> Counter[tuple[str, int]]:
    """How many other accounts in use hold a role at an organ today."""
    running = (Q(starts_on=None) | Q(starts_on__lte=today)) & (Q(ends_on=None) | Q(ends_on__gte=today))
    rows = Grant.objects.filter(running, organ__in=list(organs), account__is_active=True).exclude(account=account)
    return Counter((role, organ) for role, organ, _ in set(rows.values_list("role", "organ_id", "account_id")))


DONE = {
    "account.closed": "停用账号", "account.reopened": "启用账号", "store.backup": "备份", "search": "查找",
    "account.created": "新建账号", "account.code": "发一次性代码", "case.view": "查看事项", "decision.view": "查看决定",
    "decision.export": "导出台账", "case.export": "导出批次名单", "download": "下载", "figures.list": "查看统计名单", "figures.export": "导出统计",
    "import.view": "查看导入", "person.view": "查看档案", "person.identity": "查看身份证号", "search.identity": "按身份证号查找",
}  # fmt: skip
THINGS = {
    "account": "账号", "attachment": "附件", "case": "事项", "decision": "决定", "figures": "统计", "import": "导入", "organ": "机关",
    "paper": "文书", "person": "人员档案",
}  # fmt: skip


def told(trace: ReadTrace) -> tuple[ReadTrace, str, str]:
    """A trace with what was done and to what kind of thing, in words."""
    return trace, DONE.get(trace.act, trace.act), THINGS.get(trace.kind, trace.kind)


def traces(text: str) -> QuerySet[ReadTrace]:
    """The traces of reading, newest first, but those of sealed cases, which stand on their own pages; `text` is a piece of the reader's name."""
    rows = ReadTrace.objects.exclude(kind="sealed").order_by("-at", "-pk")
    return rows.filter(by__contains=text) if text else rows
