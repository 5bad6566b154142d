"""Which units of a region have rules of their own under a regulation, and which have none."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from youwei.cases.logs import packs
from youwei.engine.local import family_of, own_rules
from youwei.organs.models import Organ
from youwei.organs.policy import ACTS, Reader
from youwei.organs.queries import reach
from youwei.rulebook.packs import Pack

VIEW = "figures.view"
NOT_UNITS = (
    Organ.Kind.REGION,
    Organ.Kind.VILLAGE,
    Organ.Kind.COMMITTEE,
    Organ.Kind.DISPATCHED,
    Organ.Kind.WORK_COMMISSION,
)
"""What stands directly below a region and writes no rules of its own: other regions, villages, and Party bodies inside or beside a unit."""


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit, with its own rules in force where it has some."""

    organ: Organ
    rules: Pack | None


@dataclass(frozen=True, slots=True)
class Coverage:
    """The units of one region on a day; those without rules first."""

    region: Organ
    units: tuple[Unit, ...]

    @property
    def total(self) -> int:
        return len(self.units)

    @property
    def covered(self) -> int:
        return sum(unit.rules is not None for unit in self.units)

    @property
    def lacking(self) -> tuple[Unit, ...]:
        return tuple(unit for unit in self.units if unit.rules is None)


def regions(who: Reader) -> list[Organ]:
    """The regions in force that a reader's figures reach, from the top."""
    return list(reach(who.paths(ACTS[VIEW])).filter(kind=Organ.Kind.REGION, ends_on=None).order_by("path"))


def coverage(region: Organ, family: str, on: date) -> Coverage:
    """The units that stand directly below a region today, each with its own rules of a family in force on the day. Two queries."""
    rules = own_rules(packs(), family, on)
    rows = (
        Organ.objects.filter(parent=region, ends_on=None).exclude(kind__in=NOT_UNITS).prefetch_related("former_names")
    )
    found = [Unit(organ, _rules(organ, region, rules)) for organ in rows.order_by("kind", "path")]
    return Coverage(region, tuple(sorted(found, key=lambda unit: unit.rules is not None)))


def _rules(organ: Organ, region: Organ, rules: dict[str, Pack]) -> Pack | None:
    names: Sequence[str] = (organ.name, *(former.name for former in organ.former_names.all()))
    found = (rules.get(f"{region.name}/{name}") or rules.get(name) for name in names)
    return next((pack for pack in found if pack is not None), None)


def has_local(pack: Pack) -> bool:
    """Whether anything is laid over the regulation a pack belongs to, in any version."""
    known = packs()
    family = family_of(known, pack)
    return any(each.extends is not None and family_of(known, each) == family for each in known.values())
