"""The frame around every page: what the navigation, the top bar and the watermark show to this reader."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse

from youwei.cases.logs import areas
from youwei.organs import clock
from youwei.organs.models import Account, Role
from youwei.organs.policy import ACTS, Reader, may
from youwei.ui.frame import Frame, NavItem
from youwei.ui.words import cn_date

GROUPS: tuple[tuple[tuple[str, str, str, str], ...], ...] = (
    (("工作台", "desk", "desk.view", "layout-list"),),
    (
        ("人员档案", "people", "person.view", "folder"),
        ("处分台账", "ledger", "decision.view", "notebook"),
        ("资格查询", "eligibility-whom", "eligibility.ask", "search"),
    ),
    (("办理事项", "visits", "case.view", "messages"),),
    (("统计报表", "figures", "figures.view", "chart-bar"),),
    (("单位", "organs", "organ.view", "building"),),
    (
        ("规程", "packs", "pack.view", "route"),
        ("指导性案例", "guiding", "guiding.view", "notebook"),
        ("放假安排", "holidays", "holiday.enter", "calendar"),
    ),
    (
        ("代理和移交", "standing-in", "cover.arrange", "users"),
        ("紧急联系人", "care-contacts", "distress.contacts", "phone"),
        ("设置", "settings", "setting.change", "settings"),
    ),
    (
        ("账号", "accounts", "account.manage", "users"),
        ("岗位授权", "grants", "grant.manage", "key"),
        ("查看留痕", "traces", "trace.audit", "eye"),
        ("备份", "backups", "store.backup", "database"),
    ),
)

#: Pages that stand under a line of the navigation although their address does not begin like it.
BELONGS = {
    "ledger": ("/imports/", "/series/"),
    "visits": ("/together/", "/batches/"),
    "grants": ("/accounts/sealed/",),
}


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context of `ui/base.html`; empty for whoever has not signed in."""
    who: Reader | None = getattr(request, "reader", None)
    if who is None or not isinstance(request.user, Account):
        return {}
    organ = who.grants[0].organ.name if who.grants else ""
    return {"nav": _nav(request, who), "frame": _top(who, organ), "today": who.on, "reader": who}


def _nav(request: HttpRequest, who: Reader) -> list[list[NavItem]]:
    groups = []
    for group in GROUPS:
        items = []
        for title, name, act, icon in group:
            if act in ACTS and may(who, act):
                url = reverse(name)
                here = request.path == url or (url != "/" and request.path.startswith((url, *BELONGS.get(name, ()))))
                kinds = _areas(request, who, url) if name == "visits" else []
                items.append(NavItem(title, url, icon, current=here and not any(each.current for each in kinds)))
                items += kinds
        if items:
            groups.append(items)
    return groups


def _areas(request: HttpRequest, who: Reader, url: str) -> list[NavItem]:
    """Kinds of matters, each a line of its own, for whoever reads cases and does not only serve some of them."""
    if not may(who, "case.read"):
        return []
    chosen = request.GET.get("area", "") if request.path == url else ""
    return [
        NavItem(each.title, f"{url}?{urlencode({'area': each.title})}", each.icon, current=each.title == chosen)
        for each in areas()
    ]


def _top(who: Reader, organ: str) -> Frame:
    role = Role(who.grants[0].role).label if who.grants else ""
    return Frame(
        organ=organ,
        owner=str(who.account.pk),
        user=who.account.name,
        role=who.account.title or str(role),
        home_url=reverse("desk"),
        search_url=reverse("search") if may(who, "search") else "",
        find_url=reverse("find"),
        logout_url=reverse("logout"),
        watermark=f"{who.account.name} {organ} {who.on.isoformat()}",
        printed=f"{who.account.name} {organ} {cn_date(clock.today())}",
    )
