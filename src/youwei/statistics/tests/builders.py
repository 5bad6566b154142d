"""Small invented cities for the tests of the figures."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from itertools import count
from typing import Any

from youwei.cases.models import Case, Done, OpenStep
from youwei.decisions.models import Decision, Measure
from youwei.organs.models import Account, Grant, Organ, Role
from youwei.people.models import Person

AT = datetime(2026, 9, 29, 1, 0, tzinfo=UTC)
FAMILIES = {
    "党内": "party",
    "留党": "party",
    "开除": "party",
    "政务": "administrative",
    "行政": "administrative",
    "诫勉": "admonition",
}
_serial = count(1)


def organ(name: str, kind: str, parent: Organ | None) -> Organ:
    made = Organ.objects.create(name=name, kind=kind, parent=parent)
    made.path = f"{parent.path if parent else '/'}{made.pk}/"
    made.save(update_fields=["path"])
    return made


@dataclass
class City:
    """A city with two districts, an office each for the city and the districts, and what the tests put in."""

    city: Organ = field(init=False)
    office: Organ = field(init=False)
    east: Organ = field(init=False)
    west: Organ = field(init=False)
    bureau: Organ = field(init=False)
    east_bureau: Organ = field(init=False)
    east_town: Organ = field(init=False)
    east_village: Organ = field(init=False)
    west_school: Organ = field(init=False)

    def __post_init__(self) -> None:
        self.city = organ("云川市", "region", None)
        self.office = organ("云川市纪委监委", "commission", self.city)
        self.bureau = organ("云川市水利局", "department", self.city)
        self.east = organ("青溪区", "region", self.city)
        self.west = organ("望江区", "region", self.city)
        self.east_bureau = organ("青溪区财政局", "department", self.east)
        self.east_town = organ("云水镇", "town", self.east)
        self.east_village = organ("柳湾村", "village", self.east_town)
        self.west_school = organ("望江区第三中学", "school", self.west)

    def region(self, unit: Organ) -> Organ:
        return (
            self.east
            if unit.path.startswith(self.east.path)
            else self.west
            if unit.path.startswith(self.west.path)
            else self.city
        )

    def person(self, unit: Organ, **more: Any) -> Person:
        return Person.objects.create(name=f"甲{next(_serial)}", organ=unit, **more)

    def decision(
        self, person: Person, made_on: date | None, *labels: str, unit: Organ | None = None, **more: Any
    ) -> Decision:
        at = unit or person.organ
        made = Decision.objects.create(
            person=person,
            unit=at,
            counted_at=self.region(at),
            deciding_organ=self.office,
            made_on=made_on,
            recorded_at=AT,
            **more,
        )
        return self._measures(made, labels)

    def stub(self, region: Organ, made_on: date | None, *labels: str, **more: Any) -> Decision:
        made = Decision.objects.create(
            counted_at=region,
            deciding_organ=self.office,
            made_on=made_on,
            recorded_at=AT,
            secret=True,
            number=f"存{next(_serial)}号",
            **more,
        )
        return self._measures(made, labels)

    def _measures(self, made: Decision, labels: Iterable[str]) -> Decision:
        for label in labels:
            family = FAMILIES[label[:2]]
            Measure.objects.create(decision=made, kind=KINDS[label], label=label, family=family, weight=made.weight)
        return made

    def case(self, decision: Decision, procedure: str, **more: Any) -> Case:
        assert decision.person is not None
        return Case.objects.create(
            procedure=procedure, version="1", title=procedure, person=decision.person, subject_organ=decision.person.organ,
            decision=decision, organ=self.office, opened_on=decision.made_on or date(2026, 1, 1), **more,
        )  # fmt: skip

    def done(self, case: Case, step: str, kind: str, on: date, **more: Any) -> Done:
        more.setdefault("outcome", "已进行" if kind == "visit" else "")
        return Done.objects.create(
            case=case, step=step, kind=kind, title=step, entry_seq=next(_serial), on=on, at=AT, **more
        )

    def open(self, case: Case, step: str, due_on: date, **more: Any) -> OpenStep:
        kind = "visit" if step == "visit" else "meeting"
        return OpenStep.objects.create(
            case=case,
            step=step,
            kind=kind,
            title=step,
            role="group",
            held_by="organ",
            organ=case.organ,
            due_on=due_on,
            **more,
        )

    def account(self, role: Role, at: Organ) -> Account:
        made = Account.objects.create(username=f"u{next(_serial)}", name="沈知行")
        Grant.objects.create(account=made, role=role, organ=at)
        return made


KINDS = {
    "党内警告": "party.warning",
    "党内严重警告": "party.severe_warning",
    "开除党籍": "party.expulsion",
    "政务记过": "administrative.demerit",
    "行政记过": "administrative.demerit",
    "政务撤职": "administrative.removal",
    "诫勉": "admonition.admonition",
}
