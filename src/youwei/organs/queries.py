"""Questions about organs, roles, the calendar and the office's settings."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet, Subquery
from django.db.models.expressions import RawSQL
from django.db.models.lookups import IsNull

from youwei.organs.models import Account, Grant, HolidayNotice, Organ, OrganName, ReadTrace, Role, Setting
from youwei.rulebook.calendar import DayKind, Holiday, WorkCalendar, seed_calendar
from youwei.rulebook.days import CONVENTION_TITLES, EndDay

WIDE = frozenset({Organ.Kind.COMMISSION, Organ.Kind.WORK_COMMISSION, Organ.Kind.ORGANIZATION})


def scope(organ: Organ) -> str:
    """The path an officer of `organ` covers: a commission or organization department its whole region, any other its own subtree."""
    if organ.kind in WIDE and organ.parent is not None:
        return organ.parent.path
    return organ.path


def there_is(rows: "QuerySet[Any, Any]") -> Q:
    """That such a row exists, asked for each row at hand that gets as far as this condition.

    The same as `Exists`, where few rows of a long list get so far: for an `Exists` PostgreSQL would first read the other table whole.
    """
    return Q(IsNull(Subquery(rows.order_by().values("pk")[:1]), False))


def below(paths: Iterable[str]) -> QuerySet[Organ]:
    """Organs in any of the subtrees."""
    condition = Q(pk__in=[])
    for path in paths:
        condition |= Q(path__startswith=path)
    return Organ.objects.filter(condition)


def reach(paths: Iterable[str]) -> QuerySet[Organ]:
    """Organs in any of the subtrees, and those merged into one of them: what they left is their successor's to look after."""
    condition = Q(pk__in=[])
    for path in paths:
        condition |= Q(path__startswith=path) | Q(merged_into__path__startswith=path)
    return Organ.objects.filter(condition)


def stands_at(organ: Organ) -> list[str]:
    """The paths under which an organ is reached: its own, and that of its successor. The same as `reach` for one organ."""
    return [organ.path, *([organ.merged_into.path] if organ.merged_into else [])]


def in_force(organ: Organ, on: date | None) -> Organ:
    """The organ itself, or its successor when it had been merged by that day (today's when the day is not known)."""
    ended = organ.ends_on is not None and (on is None or on > organ.ends_on)
    return organ.merged_into if ended and organ.merged_into else organ


def region_of(organ: Organ) -> Organ:
    """The nearest region at or above an organ: where its people are counted."""
    here: Organ | None = organ
    while here is not None and here.kind != Organ.Kind.REGION:
        here = here.parent
    return here or organ


def regions_above(region: Organ) -> list[Organ]:
    """The regions a region lies in, the highest first."""
    keys = [int(part) for part in region.path.split("/") if part][:-1]
    return list(Organ.objects.filter(pk__in=keys, kind=Organ.Kind.REGION).order_by("path"))


def city_of(region: Organ, above: Sequence[Organ]) -> Organ:
    """The city a region lies in: the nearest region of a city's level at or above it, or else the highest."""
    chain = [region, *reversed(above)]
    return next((each for each in chain if each.level == Organ.Level.CITY), chain[-1])


def organs_named(name: str) -> QuerySet[Organ]:
    """Organs in force of exactly this name; else those that bore it, or into which one of that name was merged.

    Written “上级/名称”: those of the name below such a parent.
    """
    above, _, own = name.rpartition("/")
    rows = Organ.objects.filter(ends_on=None).order_by("pk")
    if above:
        rows = rows.filter(parent__in=organs_named(above).values("pk"))
    named = rows.filter(name=own)
    if named.exists():
        return named
    return rows.filter(Q(former_names__name=own) | Q(absorbed__name=own)).distinct()


def names_on(keys: Iterable[int], day: date | None = None) -> dict[int, str]:
    """What organs are called today, or were called on a day. One query, or two."""
    wanted = list(keys)
    found = dict(Organ._base_manager.filter(pk__in=wanted).values_list("pk", "name"))
    if day is not None:
        borne = OrganName.objects.filter(organ__in=wanted, ends_on__gte=day).order_by("-ends_on", "-pk")
        found |= dict(borne.values_list("organ", "name"))
    return found


def names_above(organ: Organ) -> list[set[str]]:
    """An organ and those above it, itself first, each with the names it bears and has borne, bare and as “上级/名称”. Two queries."""
    return names_of([organ])[organ.pk]


def names_of(organs: Iterable[Organ]) -> dict[int, list[set[str]]]:
    """Of several organs what `names_above` says of one, by number. Two queries."""
    paths = {organ.pk: [int(part) for part in organ.path.split("/") if part] for organ in organs}
    wanted = {key for keys in paths.values() for key in keys}
    known = {each.pk: each for each in Organ.objects.filter(pk__in=wanted).prefetch_related("former_names")}
    return {pk: _names(keys, known) for pk, keys in paths.items()}


def _names(keys: Iterable[int], known: Mapping[int, Organ]) -> list[set[str]]:
    found: list[set[str]] = []
    above: set[str] = set()
    for key in keys:
        if key in known:
            own = {known[key].name, *(former.name for former in known[key].former_names.all())}
            found.insert(0, own | {f"{higher}/{name}" for higher in above for name in own})
            above = own
    return found


def other_names() -> dict[int, set[str]]:
    """The names organs are also found by: their former ones, and those of the organs merged into them with theirs."""
    found: dict[int, set[str]] = {}
    for organ, into, name in OrganName.objects.values_list("organ", "organ__merged_into", "name"):
        for bearer in {organ, into or organ}:
            found.setdefault(bearer, set()).add(name)
    for into, name in Organ.objects.exclude(merged_into=None).values_list("merged_into", "name"):
        found.setdefault(into or 0, set()).add(name)
    return found


def roots() -> QuerySet[Organ]:
    return Organ.objects.filter(parent=None)


def grants(account: Account, on: date) -> list[Grant]:
    """The roles an account has on a day, with their organs; read once a request. Its own first, then those it covers for others.

    Every page begins with this, so its statements are written down: to have the models spell one out for five tables takes ten times as long.
    """
    own = [row for row in Grant.objects.raw(GRANTS, [account.pk]) if _runs(row, on)]
    lent = [row.covers_id for row in own if row.covers_id]
    lenders = Grant.objects.select_related("account").in_bulk(lent) if lent else {}
    found = [row for row in own if not row.covers_id or _runs(lenders[row.covers_id], on)]
    keys = sorted({row.organ_id for row in found})
    marks = ", ".join(["%s"] * len(keys))
    organs = {organ.pk: organ for organ in Organ.objects.raw(ORGANS.format(marks), [*keys, *keys])} if keys else {}
    for row in found:
        row.organ = organs[row.organ_id]
        row.organ.parent = organs[row.organ.parent_id] if row.organ.parent_id else None
        if row.covers_id:
            row.covers = lenders[row.covers_id]
    return sorted(found, key=lambda row: row.covers_id is not None)


GRANTS = "SELECT * FROM organs_grant WHERE account_id = %s ORDER BY id"
ORGANS = "SELECT * FROM organs_organ WHERE id IN ({0}) OR id IN (SELECT parent_id FROM organs_organ WHERE id IN ({0}))"
"""Those organs, and those directly above them."""


def _runs(row: Grant, on: date) -> bool:
    """Whether a grant holds on a day."""
    return (row.starts_on is None or row.starts_on <= on) and (row.ends_on is None or row.ends_on >= on)


def _running(on: date, prefix: str = "") -> Q:
    """Of grants, those that hold on a day."""
    begun = Q(**{f"{prefix}starts_on": None}) | Q(**{f"{prefix}starts_on__lte": on})
    return begun & (Q(**{f"{prefix}ends_on": None}) | Q(**{f"{prefix}ends_on__gte": on}))


def held(on: date) -> QuerySet[Grant]:
    """Roles held on a day by accounts in use, each by its holder; nobody's deputy."""
    return Grant.objects.filter(_running(on), covers=None, account__is_active=True)


def holders(organ_id: int, roles: Iterable[Role], on: date) -> QuerySet[Account]:
    """Accounts that hold one of the roles themselves at an organ on a day."""
    return Account.objects.filter(pk__in=RawSQL(*_holding(organ_id, roles, on)))  # noqa: S611 – the statement is written down here


def holder_keys(organ_id: int, roles: Iterable[Role], on: date) -> list[tuple[int, str]]:
    """The same, the number and the name of each alone, by number: asked bare, by every act that names somebody."""
    holding, given = _holding(organ_id, roles, on)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id, name FROM organs_account WHERE id IN ({holding}) ORDER BY id", given)  # noqa: S608 – spelt out below
        return list(cursor.fetchall())


HOLDING = """
SELECT held.account_id FROM organs_grant held JOIN organs_account holder ON holder.id = held.account_id
WHERE held.organ_id = %s AND held.role IN ({}) AND held.covers_id IS NULL AND holder.is_active
AND (held.starts_on IS NULL OR held.starts_on <= %s) AND (held.ends_on IS NULL OR held.ends_on >= %s)
"""


def _holding(organ_id: int, roles: Iterable[Role], on: date) -> tuple[str, list[Any]]:
    """The statement of who holds one of the roles, with what it is given."""
    wanted = [str(role) for role in roles]
    return HOLDING.format(", ".join(["%s"] * len(wanted))), [organ_id, *wanted, on, on]


def holders_anywhere(role: str, on: date) -> QuerySet[Account]:
    """Accounts in use that hold a role at any organ on a day."""
    return Account.objects.filter(_running(on, "grants__") & Q(grants__role=role), is_active=True).distinct()


def setting(name: str, default: Any) -> Any:
    """The value that holds now of a logged setting."""
    newest = Setting.objects.filter(name=name).order_by("-pk").first()
    return newest.value if newest else default


@dataclass(frozen=True, slots=True)
class Choice:
    """A setting an office may change: what it is about, and each value with its words. The first value holds until another is chosen.

    `recounts`: another value has every period computed anew. Otherwise `then` says what follows.
    """

    name: str
    title: str
    about: str
    values: Mapping[str, str]
    recounts: bool = False
    then: str = ""

    @property
    def default(self) -> str:
        return next(iter(self.values))


END_DAY = Choice(
    "end_day_convention",
    "终止日算法",
    "处分影响期、处分期的最后一日怎样数，现行规定没有写明，各地答复不一。由本单位选定一种，全部期间按它计算；另一种算法得出的日期在每项期间的“数法”里一并写出。",
    {str(value): CONVENTION_TITLES[value] for value in EndDay},
    recounts=True,
)
KEEP_DISTRESS = Choice(
    "distress_keep_days",
    "身心异常记录保留多久",
    "谈话、回访中发现身心异常的记录单独存放，不进档案、文书和统计；处置办结满这些天的，当晚删除，删了不能找回。没有办结的不删。",
    {str(days): f"办结后{days}天" for days in (90, 30, 60, 180, 365)},
    then="办结已满这些天的，当晚就删除，删了不能找回；没有办结的不删",
)
CHOICES: Mapping[str, Choice] = {each.name: each for each in (END_DAY, KEEP_DISTRESS)}
"""Every logged setting, by its name."""


def chosen(choice: Choice) -> str:
    """The value that holds now."""
    return str(setting(choice.name, choice.default))


def end_day_convention() -> str:
    """How the last day of a period is counted (domain rules 1.2: disputed, so a logged setting)."""
    return chosen(END_DAY)


def unfinished() -> Setting | None:
    """The change of a setting whose consequences are not all drawn yet."""
    return Setting.objects.filter(finished_at=None).order_by("pk").first()


def notices() -> list[HolidayNotice]:
    """The newest notice the office entered for each year."""
    newest: dict[int, HolidayNotice] = {}
    for notice in HolidayNotice.objects.order_by("pk"):
        newest[notice.year] = notice
    return [newest[year] for year in sorted(newest)]


def calendar() -> WorkCalendar:
    """The working-day calendar: the notices shipped with the product, and over them those the office entered itself (J11)."""
    with connection.cursor() as cursor:  # bare: asked by every act
        cursor.execute("SELECT year, days FROM organs_holidaynotice ORDER BY id")
        newest = dict(cursor.fetchall())
    return _calendar(tuple(sorted(newest.items())))


@lru_cache(maxsize=2)
def _calendar(entered: tuple[tuple[int, str], ...]) -> WorkCalendar:
    return _entered_over(seed_calendar(), ((year, json.loads(days)) for year, days in entered))


def with_notices(base: WorkCalendar, entered: Iterable[HolidayNotice]) -> WorkCalendar:
    """The calendar that holds once these notices are entered."""
    return _entered_over(base, ((notice.year, notice.days) for notice in entered))


def _entered_over(base: WorkCalendar, entered: Iterable[tuple[int, Iterable[Mapping[str, str]]]]) -> WorkCalendar:
    changed = base
    for year, days in entered:
        holidays = [Holiday(date.fromisoformat(day["on"]), DayKind(day["kind"]), day["name"]) for day in days]
        changed = changed.with_notice(year, holidays)
    return changed


def traces(kind: str, ref: int, limit: int = 20) -> list[ReadTrace]:
    """Who looked at a thing last."""
    return list(ReadTrace.objects.filter(kind=kind, ref=ref).order_by("-at")[:limit])
