"""The facts a case starts from, as packs name them (`decision.made_on`, `person.managed_by` …)."""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from youwei.decisions.models import Decision, Measure, Period
from youwei.decisions.probation import extended
from youwei.organs.models import Organ
from youwei.organs.queries import in_force
from youwei.people.models import Person
from youwei.rulebook.assessing import assessed_until
from youwei.rulebook.law import load_law
from youwei.rulebook.pack_facts import DIED_ON, FACTS

CLASSES = {
    "party": "党纪处分",
    "administrative": "政务处分",
    "handling": "组织处理",
    "admonition": "诫勉",
    "first_form": "第一种形态",
}
FORMS = {1: "第一种", 2: "第二种", 3: "第三种", 4: "第四种"}
SERVICE_FACTS: dict[str, str] = {
    Person.Service.DIED: DIED_ON,
    Person.Service.RETIRED: "person.retired_on",
    Person.Service.LEFT: "person.left_on",
}
"""The day of what became of a person, as packs name it."""
WITH_POWER = (Organ.Level.CITY, Organ.Level.PROVINCE)
"""纪检监察机关处理检举控告工作规则: what is determined by organs of a city with districts and those above it."""
MANAGING = {"省管": Organ.Level.PROVINCE, "市管": Organ.Level.CITY, "县管": Organ.Level.COUNTY}
POSTS = re.compile("[、，,；;兼]")
MANAGED = {"省": "省管", "市": "市管", "区": "县管", "县": "县管"}


def decision_facts(
    decision: Decision, measures: Iterable[Measure], periods: Iterable[Period], on: date
) -> dict[str, Any]:
    """All facts of a decision, its person and its period that are known on a day. Absent facts are left out."""
    measures, periods, office = list(measures), list(periods), in_force(decision.deciding_organ, on)
    facts: dict[str, Any] = {
        "decision.number": decision.number,
        "decision.made_on": decision.made_on,
        "decision.effective_on": decision.effective_on or decision.made_on,
        "decision.class": sorted({CLASSES[measure.family] for measure in measures}),
        "decision.measure": sorted({measure.label for measure in measures}),
        "decision.weight": decision.weight,
        "decision.form": FORMS.get(decision.form or 0, ""),
        "period.restored": any(measure.restored_on for measure in measures) or None,
        "probation.ends_on": next((period.last_day for period in periods if period.span == "probation"), None),
        "decision.changed": decision.state == Decision.State.CHANGED or None,
        "decision.lightened": lightened(measures) or None,
        "probation.extended": any(extended(measure) for measure in measures) or None,
        "decision.withdrawn": decision.state == Decision.State.WITHDRAWN or None,
        "organ.deciding": str(office.pk),
        "organ.case": str(office.pk),
        "subject.kind": "person",
    }
    facts |= _period_facts(periods, on) | _legal_facts(decision, measures)
    if decision.person is not None:
        facts |= person_facts(decision.person, on)
        facts |= known(
            {"person.managed_by": managed_by(decision.managed_by), "person.rank": load_law().rank(decision.rank)}
        )
    return known(facts)


def person_facts(person: Person, on: date) -> dict[str, Any]:
    """All facts of a person that are known on a day, whatever was decided about the person. Absent facts are left out."""
    return known(
        {
            "person.name": person.name,
            "person.managed_by": managed_by(person.managed_by),
            "person.rank": load_law().rank(person.rank),
            "person.kind": person.kind,
            "person.class": person_class(person),
            "person.age": person.age_on(on),
            "organ.subject": str(person.organ_id),
            "subject.person": str(person.pk),
            "subject.kind": "person",
            **({SERVICE_FACTS[person.service]: person.service_on} if person.service else {}),
        }
    )


def listed_facts(person: Person, visited_on: date | None) -> dict[str, Any]:
    """What is known of a person only where the list of a batch is drawn up: a post that holds several is each of them."""
    posts = [each.strip() for each in POSTS.split(person.post) if each.strip()]
    return known({"person.in_service": not person.service, "person.post": posts, "person.visited_on": visited_on})


def person_class(person: Person) -> str:
    """What the law calls a person of this kind; "" when the wording is not recognised."""
    kind = load_law().person_kind(person.kind) if person.kind else None
    return kind.title if kind else ""


def _legal_facts(decision: Decision, measures: Iterable[Measure]) -> dict[str, Any]:
    """The measures by their legal names, and the years whose assessment they bear on."""
    law, kinds, made_on = load_law(), {measure.kind for measure in measures}, decision.made_on
    return {
        "decision.kind": sorted({law.measures[kind].title for kind in kinds if kind in law.measures}),
        "decision.year_start": made_on and made_on.replace(month=1, day=1),
        "assessment.ends_on": made_on and assessed_until(kinds, made_on, law),
    }


def lightened(measures: Iterable[Measure]) -> bool:
    """Whether a review made a measure milder than it was decided."""
    law = load_law()
    return any(
        law.measure(each.kind).order < law.measure(each.first_kind).order for each in measures if each.first_kind
    )


def _period_facts(periods: Iterable[Period], on: date) -> dict[str, Any]:
    """The period that ends last among those of the decision: the one that governs what may be done again."""
    dated = [period for period in periods if period.starts_on and period.last_day]
    if not dated:
        return {"period.running": False}
    last = max(dated, key=lambda period: period.last_day or date.min)
    return {
        "period.starts_on": min(period.starts_on for period in dated if period.starts_on),
        "period.ends_on": last.last_day,
        "period.running": last.last_day is not None and last.last_day >= on,
    }


def managed_by(text: str) -> str:
    """市管干部 → 市管, 区管干部 → 县管 (one level), anything else written → 单位管."""
    if not text:
        return ""
    return next((word for mark, word in MANAGED.items() if text.startswith(mark)), "单位管")


def told_of(decision: Decision) -> dict[str, Any]:
    """What the ends of a decision's cases have told, the later over the earlier."""
    facts: dict[str, Any] = {}
    for told in decision.cases.exclude(told={}).order_by("ended_on", "pk").values_list("told", flat=True):
        facts |= added(facts, told)
    return facts


def added(known: Mapping[str, Any], told: Mapping[str, Any]) -> dict[str, Any]:
    """What is told, a fact of several values added to what is known of it."""
    return {name: _both(known.get(name), value) if FACTS[name].many else value for name, value in told.items()}


def _both(known: Any, told: Any) -> list[Any]:
    found = [each for value in (known, told) for each in (value if isinstance(value, list | tuple) else [value])]
    return sorted({each for each in found if each not in (None, "")})


def place_facts(organs: Iterable[Organ]) -> dict[int, dict[str, str]]:
    """Of each organ that handles cases: the organization department of its region, and the commission of the region above. Two queries."""
    paths = {organ.pk: [int(part) for part in organ.path.split("/") if part] for organ in organs}
    named = {key for path in paths.values() for key in path}
    regions = set(Organ.objects.filter(pk__in=named, kind=Organ.Kind.REGION, ends_on=None).values_list("pk", flat=True))
    wanted = (Organ.Kind.ORGANIZATION, Organ.Kind.COMMISSION)
    found: dict[tuple[int | None, str], list[int]] = {}
    for parent, kind, key in Organ.objects.filter(parent__in=regions, kind__in=wanted, ends_on=None).values_list(
        "parent", "kind", "pk"
    ):
        found.setdefault((parent, kind), []).append(key)

    def only(region: int | None, kind: str) -> str:
        keys = found.get((region, kind), [])
        return str(keys[0]) if len(keys) == 1 else ""

    places = {}
    for pk, path in paths.items():
        above = [None, None, *(key for key in path if key in regions)]
        places[pk] = known(
            {
                "organ.organization": only(above[-1], Organ.Kind.ORGANIZATION),
                "organ.organization_above": only(above[-2], Organ.Kind.ORGANIZATION),
                "organ.above": only(above[-2], Organ.Kind.COMMISSION),
            }
        )
    return {pk: {name: str(value) for name, value in facts.items()} for pk, facts in places.items()}


def office_for(unit: Organ, managed: str) -> Organ | None:
    """The commission whose matter a person or unit is, where nothing was decided yet: that of the level which manages the cadre, else
    of the nearest region; None where there is not exactly one. One query.
    """
    keys = [int(part) for part in unit.path.split("/") if part]
    found = Organ.objects.filter(
        kind=Organ.Kind.COMMISSION, parent__in=keys, parent__kind=Organ.Kind.REGION, ends_on=None
    )
    nearest = sorted(found.select_related("parent"), key=lambda each: -keys.index(each.parent_id or 0))
    level = MANAGING.get(managed_by(managed))
    fitting = [each for each in nearest if level is None or each.level == level] or nearest
    same = [each for each in fitting if each.parent_id == fitting[0].parent_id] if fitting else []
    return same[0] if len(same) == 1 else None


def determining_facts(organ: Organ) -> dict[str, Any]:
    """Who has the power to determine what only a city's organs and those above may: the office itself, or the nearest commission above it.
    One query.
    """
    own = organ.level in WITH_POWER
    keys = [int(part) for part in organ.path.split("/") if part]
    above = Organ.objects.filter(
        kind=Organ.Kind.COMMISSION, level__in=WITH_POWER, parent__in=keys, parent__kind=Organ.Kind.REGION, ends_on=None
    )
    nearest = max(above, key=lambda each: len(each.path.split("/")), default=None) if not own else organ
    return known({"organ.determining": str(nearest.pk) if nearest is not None else "", "organ.determines": own})


def organ_facts(organ: Organ) -> dict[str, Any]:
    return {"organ.subject": str(organ.pk), "organ.case": str(organ.pk), "subject.kind": "organ"}


def known(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Only what is known: an absent fact is absent, not empty."""
    return {name: value for name, value in facts.items() if value not in (None, "", [])}
