"""Organs a ledger names: found in the tree, or entered below the ledger's own region."""

from collections.abc import Collection, Sequence
from datetime import date, datetime

from django.db.models import F

from youwei.intake.queries import region_in
from youwei.journal.actors import Actor
from youwei.organs import commands as organs
from youwei.organs.models import Organ, OrganName
from youwei.organs.queries import below, city_of, organs_named, region_of, regions_above
from youwei.organs.roster import LONGEST_NAME, guess_kind

LEVELS = {
    Organ.Kind.VILLAGE: Organ.Level.VILLAGE,
    Organ.Kind.TOWN: Organ.Level.TOWN,
    Organ.Kind.STREET: Organ.Level.TOWN,
}
COMMISSION_ENDS = ("纪委监委", "纪委、监委", "纪委", "监委", "纪检监察工委", "纪工委监工委", "纪工委")


class Roll:
    """The organs a ledger may name, looked up by the names offices use: those of its own region first, then all of its city.

    A unit is looked for within the region its row names, then among the units of `home`'s own region: a 水利局 of another district is
    another 水利局. Of several equally near none is taken. A former name finds the organ where no other bears it now.
    """

    def __init__(self, home: Organ) -> None:
        self.home = home
        self.top = region_of(home)
        self._above = regions_above(self.top)
        self._city = city_of(self.top, self._above)
        self._regions: dict[str, Organ] = {}
        self._named: dict[str, list[Organ]] = {}
        self._former: dict[int, set[str]] = {}
        for former in OrganName.objects.all():
            self._former.setdefault(former.organ_id, set()).add(former.name)
        higher = Organ.objects.filter(parent__in=self._above).exclude(kind=Organ.Kind.REGION).order_by("path")
        within = list(below([self._city.path]).select_related("merged_into").order_by("path"))
        own = [*self._above, *higher, *(each for each in within if each.path.startswith(self.top.path))]
        known = {organ.pk for organ in own}
        self._learn_all(own)
        self._learn_all([organ for organ in within if organ.pk not in known])

    def outside(self, unit: str, region: str, deciding: str) -> str:
        """Why a row is not this ledger's to tell, in Chinese; "" when it is. A city's ledger tells of all its regions, a district's of its own."""
        if not self._above or self.top == self._city:
            return ""
        unit, region = _written(unit), _written(region)
        above = {organ.name for organ in self._above}
        ending = _commission_end(deciding := _written(deciding))
        if not region and ending and not self._own(unit):
            region = deciding.removesuffix(ending)
            return "" if self._inside(region) or region in above else f"单位没有写地区，决定机关是{deciding}"
        if not region or self._inside(region) or self._own(unit):
            return ""
        if region in above:
            return "" if self.top.name[:-1] in unit else f"{unit}是{region}的单位"
        return f"{unit or '这一行'}属于{region}"

    def unknown(self, deciding: str) -> bool:
        """The deciding organ stands elsewhere and nobody knows it: to enter it is not this ledger's to do."""
        name = _written(deciding)
        if not self._above or self.top == self._city:
            return False
        ending = _commission_end(name)
        region = name.removesuffix(ending) if ending else region_in(name)
        if not region or self._inside(region):
            return False
        place = self._region_named(region)
        known = place and (self._within(name, place) or self._office(place, Organ.Kind(guess_kind(name))))
        return not (known or self._only(name))

    def _inside(self, region: str) -> bool:
        found = self._region_named(region)
        return region == self.top.name or (found is not None and found.path.startswith(self.top.path))

    def _own(self, unit: str) -> bool:
        """A unit below the ledger's own region bears exactly this name."""
        known = self._within(unit, self.top) if unit else None
        return known is not None and known.path.startswith(self.top.path)

    def _region_named(self, name: str) -> Organ | None:
        return next((organ for organ in self._named.get(name, ()) if organ.kind == Organ.Kind.REGION), None)

    def _learn_all(self, organs: Sequence[Organ]) -> None:
        """Learn organs, those above before those below; then former names that none of those known bears now."""
        for organ in organs:
            self._learn(organ)
        for organ in organs:
            if earlier := self._former.get(organ.pk, set()) - set(self._named):
                self._learn(organ, earlier)

    def _learn(self, organ: Organ, names: Collection[str] = ()) -> None:
        """Remember an organ by its name, or by other names, each with and without its region's before it. Parents come first."""
        if organ.kind == Organ.Kind.REGION:
            self._regions[organ.path] = organ
        region = self._region_at(organ)
        for own in names or (organ.name,):
            bare = own.removeprefix(region.name) or own
            for name in {own, bare, f"{region.name}{bare}"}:
                self._named.setdefault(name, []).append(organ)

    def _region_at(self, organ: Organ) -> Organ:
        """The nearest region at or above an organ."""
        path = organ.path
        while path not in self._regions:
            path = path.rstrip("/").rpartition("/")[0] + "/"
            if path == "/":
                return self.top
        return self._regions[path]

    def _within(self, name: str, region: Organ) -> Organ | None:
        """The one organ of that name nearest below a region, or else at the ledger's own region or one above it."""
        named = [organ for organ in self._named.get(name, ()) if organ.kind != Organ.Kind.REGION]
        inside = [organ for organ in named if organ.path.startswith(region.path)]
        own = (self.top, *self._above)
        return _nearest(inside) or _nearest([organ for organ in named if self._region_at(organ) in own])

    def _office(self, region: Organ, kind: Organ.Kind) -> Organ | None:
        """The one organ of a kind that a region itself has."""
        found = [
            organ
            for organ in self._named_once()
            if organ.kind == kind and organ.parent_id == region.pk and not organ.ends_on
        ]
        return found[0] if len(found) == 1 else None

    def _only(self, name: str) -> Organ | None:
        """The one organ in force of the whole city that bears exactly this name."""
        found = [organ for organ in self._named.get(name, ()) if organ.name == name and not organ.ends_on]
        return found[0] if len(found) == 1 and found[0].kind != Organ.Kind.REGION else None

    def _named_once(self) -> list[Organ]:
        return list({organ.pk: organ for organs in self._named.values() for organ in organs}.values())


class Places(Roll):
    """Finds organs by the names a ledger uses; what is not there is entered below `home`'s region: by name in `created`, by number in `made`.

    What stands elsewhere in the city is found and never entered a second time; whether a row is this ledger's to tell, `outside` says.
    """

    def __init__(self, home: Organ, *, by: Actor, on: date, at: datetime) -> None:
        super().__init__(home)
        self.by, self.on, self.at = by, on, at
        self.created: list[str] = []
        self.made: list[int] = []

    def region(self, name: str) -> Organ:
        """The region a unit is counted at; the ledger's own when it names none."""
        name = _written(name)
        if not name or name in {organ.name for organ in (self.top, *self._above)}:
            return self.top
        return self._region_named(name) or self._create(name, Organ.Kind.REGION, self.top, Organ.Level.COUNTY)

    def unit(self, name: str, region: str) -> Organ:
        """The unit a person works in."""
        name, home = _written(name), self.region(region)
        if not name:
            return home
        known = self._within(name, home)
        if known is not None:
            return known
        kind = Organ.Kind(guess_kind(name))
        if kind == Organ.Kind.REGION:
            kind = Organ.Kind.DEPARTMENT
        return self._create(name, kind, home, LEVELS.get(kind, home.level))

    def deciding(self, name: str) -> Organ:
        """The organ that decided; the ledger's own when it names none. 某区纪委 and 某区监委 are one office, 某区纪委监委."""
        name = _written(name)
        if not name:
            return self.home
        ending = _commission_end(name)
        parent = self.region(name.removesuffix(ending)) if ending else self.top
        kind = Organ.Kind(guess_kind(name))
        known = self._within(name, parent) or (self._office(parent, kind) if ending else None) or self._only(name)
        return known or self._create(
            name, kind if kind != Organ.Kind.REGION else Organ.Kind.OTHER, parent, parent.level
        )

    def _create(self, name: str, kind: str, parent: Organ, level: str) -> Organ:
        found = Organ.objects.filter(parent=parent, name=name).order_by(F("ends_on").asc(nulls_first=True)).first()
        if found is None and not parent.path.startswith(self.top.path):
            raise organs.Refused(f"{name}不在{self.top.name}的范围，不能在这里新建；请系统管理员录入机关名录")
        if found is None:
            found = organs.create_organ(
                name=name, kind=kind, parent=parent, level=level, by=self.by, on=self.on, at=self.at
            )
            self.created.append(name)
            self.made.append(found.pk)
        self._learn(found)
        return found


def _commission_end(name: str) -> str:
    """How the name of a commission ends behind its region's: 青溪区纪委监委 → 纪委监委; "" when it is none."""
    return next((end for end in COMMISSION_ENDS if name.endswith(end) and len(name) > len(end)), "")


def _written(name: str) -> str:
    """A name as the list of organs may hold it."""
    return "".join(name.split()).replace("/", "／")[:LONGEST_NAME]


def _nearest(found: Sequence[Organ]) -> Organ | None:
    """The one highest in the tree, of those in force when there are any; none when two are equally high."""
    ordered = sorted([organ for organ in found if not organ.ends_on] or found, key=lambda organ: organ.path.count("/"))
    if len(ordered) > 1 and ordered[0].path.count("/") == ordered[1].path.count("/"):
        return None
    return ordered[0] if ordered else None


def home_for(name: str, *, by: Actor, on: date, at: datetime) -> Organ:
    """The organ a ledger is reported by; on a store that does not know it yet, it and its region are entered as a new tree."""
    known = organs_named(name).first()
    if known is not None:
        return known
    ending = _commission_end(name)
    region_name = name.removesuffix(ending) if ending else name
    region = organs_named(region_name).filter(kind=Organ.Kind.REGION).first()
    if region is None:
        region = organs.create_organ(
            name=region_name, kind=Organ.Kind.REGION, parent=None, level=Organ.Level.CITY, by=by, on=on, at=at
        )
    if not ending:
        return region
    kind = Organ.Kind(guess_kind(name))
    return organs.create_organ(name=name, kind=kind, parent=region, level=region.level, by=by, on=on, at=at)
