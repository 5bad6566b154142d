"""Changes of organs, each from a day on and by a paper: renamed, placed elsewhere, merged, split off, abolished.

Nothing is deleted and nothing recorded is rewritten: the organ keeps its number, a merged one stays where it stood. What hangs on an organ in
rooms after this one (people, open cases) is moved by `desk.organs.acting` in the same transaction.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from youwei.journal.actors import Actor
from youwei.journal.commands import Act, StaleLog, append
from youwei.journal.models import Entry
from youwei.journal.queries import of_token
from youwei.organs.commands import Refused, create_organ, end_grant, grant, organ_name
from youwei.organs.models import Grant, Organ, Role
from youwei.ui.words import cn_date

LONGEST_PAPER = 200
STALE = "这个单位在您核对之后又有变动；请重新核对后再确认"
CHANGES = ("organ.renamed", "organ.placed", "organ.merged", "organ.absorbed", "organ.split", "organ.abolished")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """When a change takes effect and by which paper (依据); who enters it. `seen` is the last entry of the organ's log that the preview knew."""

    on: date
    paper: str
    by: Actor
    today: date
    at: datetime
    seen: int | None = None
    token: str = ""

    def sent_before(self) -> bool:
        """A double click, or the back button: what was asked is done already."""
        return bool(self.token) and of_token(self.token) is not None


@transaction.atomic
def rename(*, organ: Organ, name: str, ground: Ground) -> bool:
    """Another name from a day on; the old one stays findable. False when the form was sent before."""
    if ground.sent_before():
        return False
    organ = _held(organ, ground)
    name = organ_name(name, organ.parent)
    _log(organ, "organ.renamed", {"from": organ.name, "to": name}, ground)
    organ.former_names.create(name=organ.name, ends_on=_eve(ground))
    organ.name = name
    organ.save(update_fields=["name"])
    return True


@transaction.atomic
def place(*, organ: Organ, parent: Organ | None, managed_by: Organ | None, ground: Ground) -> bool:
    """Below another organ, or under another management of its cadres, from a day on; everything below it goes along."""
    if ground.sent_before():
        return False
    organ = _held(organ, ground)
    if (parent, managed_by) == (organ.parent, organ.managed_by):
        raise Refused("上级机关：隶属和干部管理机关都没有改动；请填写新的")
    _refuse_parent(organ, parent)
    content = {
        "parent": {"from": organ.parent_id, "to": parent.pk if parent else None},
        "managed_by": {"from": organ.managed_by_id, "to": managed_by.pk if managed_by else None},
    }
    _log(organ, "organ.placed", content, ground)
    organ.managed_by = managed_by
    organ.save(update_fields=["managed_by"])
    if parent != organ.parent:
        _put_below(organ, parent)
    return True


@transaction.atomic
def merge(*, organ: Organ, into: Organ, ground: Ground) -> bool:
    """An organ ends and another goes on in its stead: what is below it and its roles go there. Its own records stay where they are."""
    if ground.sent_before():
        return False
    organ, into = _held(organ, ground), Organ.objects.select_for_update().get(pk=into.pk)
    refuse_merger(organ, into, ground.on)
    children = list(organ.children.order_by("pk"))
    managed = list(Organ.objects.filter(managed_by=organ, ends_on=None))
    content = {"into": into.pk, "children": _keys(children), "manages": _keys(managed)}
    _log(organ, "organ.merged", content, ground)
    append(
        Act("organ", into.pk, "organ.absorbed", _content(ground, {"from": organ.pk}), ground.by, ground.on, ground.at)
    )
    organ.ends_on, organ.merged_into = _eve(ground), into
    organ.save(update_fields=["ends_on", "merged_into"])
    Organ.objects.filter(merged_into=organ).update(merged_into=into)
    Organ.objects.filter(pk__in=_keys(managed)).update(managed_by=into)
    for child in children:
        _put_below(child, into)
    _hand_over_roles(organ, into, ground)
    return True


@transaction.atomic
def split_off(
    *, organ: Organ, name: str, kind: str, parent: Organ | None, children: Iterable[Organ], ground: Ground
) -> Organ | None:
    """A new organ comes out of one that goes on; some of what was below it goes along. None when the form was sent before."""
    if ground.sent_before():
        return None
    organ, going = _held(organ, ground), list(children)
    if any(child.parent_id != organ.pk or child.ends_on for child in going):
        raise Refused(f"划入的下级单位：只能是{organ.name}现有的下级；请重新选择")
    _refuse_parent(organ, parent)
    made = create_organ(
        name=name, kind=kind, parent=parent, level=organ.level, managed_by=organ.managed_by, starts_on=ground.on,
        paper=ground.paper, by=ground.by, on=ground.today, at=ground.at,
    )  # fmt: skip
    _log(organ, "organ.split", {"into": made.pk, "children": _keys(going)}, ground)
    for child in going:
        _put_below(child, made)
    return made


@transaction.atomic
def abolish(*, organ: Organ, ground: Ground) -> bool:
    """An organ ends without a successor. Refused while something below it, a role at it or its management of others runs on."""
    if ground.sent_before():
        return False
    organ = _held(organ, ground)
    below = list(organ.children.filter(ends_on=None).values_list("name", flat=True)[:6])
    if below:
        raise Refused(f"撤销：还有下级单位{_some(below)}；请先把它们划到别处、并入或撤销")
    managed = list(Organ.objects.filter(managed_by=organ, ends_on=None).values_list("name", flat=True)[:6])
    if managed:
        raise Refused(f"撤销：还管理着{_some(managed)}的干部；请先调整这些单位的干部管理机关")
    held = running_grants(organ, ground.today).count()
    if held:
        raise Refused(f"撤销：还有{held}个岗位授权；请安全管理员先收回或改授，职能由别的单位承接的请用“并入”")
    _log(organ, "organ.abolished", {}, ground)
    organ.ends_on = _eve(ground)
    organ.save(update_fields=["ends_on"])
    return True


def refuse_merger(organ: Organ, into: Organ, on: date) -> None:
    """Why one organ cannot be merged into another on a day; also asked before the preview."""
    if into.ends_on is not None:
        raise Refused(f"并入：{into.name}已经撤并；请填写现有的单位")
    if into.path.startswith(organ.path):
        raise Refused("并入：不能并入自己或自己的下级；请填写另一个单位")
    if (organ.kind == Organ.Kind.REGION) != (into.kind == Organ.Kind.REGION):
        raise Refused("并入：地区只能并入地区，单位只能并入单位；请另选")
    if into.starts_on is not None and into.starts_on > on:
        raise Refused(f"生效日期：{into.name}自{cn_date(into.starts_on)}起才有；请核对日期")
    names = organ.children.filter(ends_on=None).values("name")
    twice = list(into.children.filter(ends_on=None, name__in=names).values_list("name", flat=True)[:6])
    if twice:
        raise Refused(f"并入：下级单位{_some(twice)}两边都有；请先把它们一一并入，再并入上级")


def running_grants(organ: Organ, today: date) -> QuerySet[Grant]:
    """Roles at an organ that have not ended, of accounts in use; not those lent for an absence, which end with the role they stand on."""
    running = Q(ends_on=None) | Q(ends_on__gte=today)
    rows = Grant.objects.filter(running, organ=organ, account__is_active=True, covers=None)
    return rows.select_related("account").order_by("pk")


def head(organ: Organ) -> int:
    """The last entry of an organ's log: what a preview sends back as `seen`."""
    last = Entry.objects.filter(log__kind="organ", log__ref=organ.pk).order_by("-seq").values_list("seq", flat=True)
    return last.first() or 0


def _held(organ: Organ, ground: Ground) -> Organ:
    """The organ as it is, held until the transaction ends; refused when it has ended or the day or the paper cannot be."""
    found = Organ.objects.select_for_update().get(pk=organ.pk)
    if found.ends_on is not None:
        raise Refused(f"{found.name}已于{cn_date(found.ends_on + timedelta(days=1))}撤并；不能再改动")
    if not ground.paper.strip():
        raise Refused("依据：没有填写；请写明机构改革或编制文件的名称、文号")
    if len(ground.paper) > LONGEST_PAPER:
        raise Refused(f"依据：不能超过{LONGEST_PAPER}个字；请写短些")
    if ground.on > ground.today:
        raise Refused("生效日期：不能晚于今天；请到那一天再办")
    if found.starts_on is not None and ground.on <= found.starts_on:
        raise Refused(f"生效日期：{found.name}自{cn_date(found.starts_on)}起才有；请核对日期")
    changed = Entry.objects.filter(log__kind="organ", log__ref=found.pk, kind__in=CHANGES).order_by("-on")
    last = changed.values_list("on", flat=True).first()
    if last is not None and ground.on < last:
        raise Refused(f"生效日期：早于这个单位上一次变更（{cn_date(last)}）；请核对日期")
    return found


def _log(organ: Organ, kind: str, content: dict[str, Any], ground: Ground) -> None:
    act = Act(
        "organ", organ.pk, kind, _content(ground, content), ground.by, ground.on, ground.at, token=ground.token or None
    )
    try:
        append(act, expect_seq=ground.seen)
    except StaleLog as stale:
        raise Refused(STALE) from stale


def _content(ground: Ground, content: dict[str, Any]) -> dict[str, Any]:
    return {**content, "paper": ground.paper.strip()}


def _eve(ground: Ground) -> date:
    """The last day before the change."""
    return ground.on - timedelta(days=1)


def _refuse_parent(organ: Organ, parent: Organ | None) -> None:
    if parent is None:
        return
    if parent.ends_on is not None:
        raise Refused(f"上级机关：{parent.name}已经撤并；请填写现有的单位")
    if parent.path.startswith(organ.path):
        raise Refused("上级机关：不能放到自己或自己的下级之下；请另选")
    if organ.kind == Organ.Kind.REGION and parent.kind != Organ.Kind.REGION:
        raise Refused("上级机关：地区只能放在地区之下；请另选")


def _put_below(organ: Organ, parent: Organ | None) -> None:
    """Move an organ with its subtree."""
    if organ.ends_on is None and Organ.objects.filter(parent=parent, name=organ.name, ends_on=None).exists():
        raise Refused(f"上级机关：那里已有一个“{organ.name}”；请先给其中一个更名，或办理并入")
    old, new = organ.path, f"{parent.path if parent else '/'}{organ.pk}/"
    Organ.objects.filter(pk=organ.pk).update(parent=parent)
    subtree = list(Organ.objects.select_for_update().filter(path__startswith=old))
    for each in subtree:
        each.path = new + each.path.removeprefix(old)
    Organ.objects.bulk_update(subtree, ["path"], 500)


def _hand_over_roles(organ: Organ, into: Organ, ground: Ground) -> None:
    """Whoever held a role at the organ holds it at its successor from today; an end already set stays. Both are logged."""
    for row in list(running_grants(organ, ground.today)):
        until = row.ends_on
        end_grant(grant=row, by=ground.by, on=ground.today, at=ground.at)
        if not running_grants(into, ground.today).filter(account=row.account, role=row.role).exists():
            grant(
                account=row.account, role=Role(row.role), organ=into, ends_on=until, by=ground.by,
                on=max(ground.today, row.starts_on or ground.today), at=ground.at,
            )  # fmt: skip


def _keys(organs: Iterable[Organ]) -> list[int]:
    return [organ.pk for organ in organs]


def _some(names: list[str]) -> str:
    return "、".join(names[:5]) + ("等" if len(names) > 5 else "")
