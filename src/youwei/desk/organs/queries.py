"""The organs a reader may look at, one of them with its history, and what hangs on it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet

from youwei.cases.models import Case
from youwei.cases.succession import ALIVE
from youwei.journal.models import Entry
from youwei.journal.queries import Record, record
from youwei.organs.changes import running_grants
from youwei.organs.models import Grant, Organ, OrganName, Role
from youwei.organs.policy import READERS, Reader, may
from youwei.organs.queries import reach
from youwei.people.models import Person
from youwei.people.queries import active
from youwei.ui.words import cn_date

STATES = (("now", "现有"), ("past", "已撤并"), ("all", "全部"))
MOST_CHILDREN = 300
ORDER = {kind: place for place, kind in enumerate([*Organ.Kind.values[1:], Organ.Kind.REGION])}
"""Siblings in the order in which an office names them; what is a region of its own comes last."""
MOST_PEOPLE = 300
TITLES = {
    "organ.created": "录入", "organ.renamed": "更名", "organ.placed": "调整隶属", "organ.merged": "并入", "organ.absorbed": "接收",
    "organ.split": "分设", "organ.abolished": "撤销", "organ.withdrawn": "随导入撤回",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """One organ of the list, as deep as it stands below the first."""

    organ: Organ
    indent: str
    former: str
    force: str


def seen(who: Reader) -> QuerySet[Organ]:
    """All organs for whoever keeps the roll; for the others those in reach."""
    return Organ.objects.all() if may(who, "organ.change") else reach(who.paths(READERS))


def regions(who: Reader) -> list[Organ]:
    """The regions in force among them, from the top."""
    return list(seen(who).filter(kind=Organ.Kind.REGION, ends_on=None).order_by("path"))


def listed(who: Reader, text: str, region: Organ | None, state: str) -> list[int]:
    """The keys of organs in the order of the tree, siblings by kind and then as they were entered; a text is a piece of a name, borne
    now or before. Two queries.
    """
    rows = seen(who)
    if region is not None:
        rows = rows.filter(path__startswith=region.path)
    if state != "all":
        rows = rows.filter(ends_on=None) if state == "now" else rows.exclude(ends_on=None)
    if text:
        rows = rows.filter(
            Q(name__contains=text) | Q(pk__in=OrganName.objects.filter(name__contains=text).values("organ"))
        )
    kinds = dict(Organ.objects.values_list("pk", "kind"))
    paths = dict(rows.values_list("pk", "path"))
    return sorted(paths, key=lambda key: _place(paths[key], kinds))


def _place(path: str, kinds: Mapping[int, str]) -> list[tuple[int, int]]:
    """Where an organ stands in the list: its chain of organs, each by what it is and its number; regions after the offices beside them."""
    chain = [int(part) for part in path.split("/") if part]
    return [(ORDER.get(kinds.get(key, ""), 0), key) for key in chain]


def rows_of(keys: Sequence[int]) -> list[Row]:
    """Lines of the list, of one page of it. Two queries."""
    rows = Organ.objects.select_related("parent", "managed_by", "merged_into").prefetch_related("former_names")
    by_key = rows.in_bulk(list(keys))
    found = [by_key[key] for key in keys]
    top = min((organ.path.count("/") for organ in found), default=0)
    return [Row(each, "　" * (each.path.count("/") - top), former(each), force(each)) for each in found]


def former(organ: Organ) -> str:
    """The names it bore, the last one first."""
    names = sorted(organ.former_names.all(), key=lambda name: name.ends_on, reverse=True)
    return "；".join(f"{name.name}（至{cn_date(name.ends_on)}）" for name in names)


def force(organ: Organ) -> str:
    """From when until when, and what became of it."""
    since = f"{cn_date(organ.starts_on)}起" if organ.starts_on else ""
    if organ.ends_on is None:
        return since or "现有"
    ended = cn_date(organ.ends_on + timedelta(days=1))
    return since + (f"{ended}并入{organ.merged_into.name}" if organ.merged_into else f"{ended}撤销")


@dataclass(frozen=True, slots=True)
class Weight:
    """What hangs on an organ: how many people, open cases it handles and open cases about it and its people; roles, what is below it."""

    people: int
    handled: int
    about: int
    grants: list[Grant]
    children: list[Organ]
    managed: int

    @property
    def roles(self) -> list[str]:
        return [f"{row.account.name} {Role(row.role).label}" for row in self.grants]


def weight(organ: Organ, today: date) -> Weight:
    """Numbers only: whoever keeps the roll of organs reads no cases. Six queries."""
    alive = Case.objects.filter(state__in=ALIVE, sealed=False).aggregate(
        handled=Count("pk", filter=Q(organ=organ)), about=Count("pk", filter=Q(subject_organ=organ))
    )
    return Weight(
        people=active().filter(organ=organ).count(),
        handled=alive["handled"],
        about=alive["about"],
        grants=list(running_grants(organ, today)),
        children=children(organ),
        managed=Organ.objects.filter(managed_by=organ, ends_on=None).count(),
    )


def children(organ: Organ) -> list[Organ]:
    """What stands directly below it now."""
    found = organ.children.filter(ends_on=None).order_by("pk")[:MOST_CHILDREN]
    return sorted(found, key=lambda each: (ORDER[each.kind], each.pk))


def people_of(organ: Organ, rows: QuerySet[Person]) -> list[Person]:
    """Its people among those a reader may see."""
    return list(rows.filter(organ=organ).order_by("name", "pk")[:MOST_PEOPLE])


@dataclass(frozen=True, slots=True)
class Told:
    """One change of an organ, told to people."""

    on: date
    title: str
    text: str
    paper: str
    by: str
    at: Any


def history(organ: Organ) -> list[Told]:
    """What became of an organ, the newest first. Two queries."""
    entries = Entry.objects.filter(log__kind="organ", log__ref=organ.pk, kind__in=TITLES).select_related("content")
    found = [record(entry) for entry in entries.order_by("-seq")]
    keys = {key for each in found for key in _keys(each.content)}
    names = dict(Organ.objects.filter(pk__in=keys).values_list("pk", "name")) if keys else {}
    return [_told(each, names) for each in found]


def _keys(content: Mapping[str, Any]) -> list[int]:
    found = [content.get("into"), content.get("from"), content.get("parent"), *content.get("children", ())]
    for name in ("parent", "managed_by"):
        if isinstance(content.get(name), Mapping):
            found += [content[name]["from"], content[name]["to"]]
    return [key for key in found if isinstance(key, int)]


def _told(entry: Record, names: Mapping[int, str]) -> Told:
    content = entry.content

    def named(key: Any) -> str:
        return names.get(key, "") if isinstance(key, int) else ""

    below = "、".join(named(key) for key in content.get("children", ()))
    gone = f"，下级{below}一并划入" if below else ""
    title, text = TITLES[entry.kind], ""
    match entry.kind:
        case "organ.created":
            text = f"名称：{content.get('name', '')}"
        case "organ.renamed":
            text = f"{content['from']} → {content['to']}"
        case "organ.placed":
            text = _placed(content, named)
        case "organ.merged":
            text = f"并入{named(content['into'])}{gone}"
        case "organ.absorbed":
            text = f"{named(content['from'])}并入本单位"
        case "organ.split":
            text = f"分出{named(content['into'])}{gone}"
    return Told(entry.on, title, text, str(content.get("paper", "")), entry.by, entry.at)


def _placed(content: Mapping[str, Any], named: Any) -> str:
    found = []
    for name, label in (("parent", "上级"), ("managed_by", "干部管理机关")):
        old, new = content[name]["from"], content[name]["to"]
        if old != new:
            found.append(f"{label}：{named(old) or '无'} → {named(new) or '无'}")
    return "；".join(found)
