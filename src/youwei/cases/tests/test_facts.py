"""What a case starts from, and who holds the roles of the packs."""

from datetime import date

import pytest

from tests.support.cast import STAMP, Cast
from youwei.cases.facts import decision_facts, managed_by, place_facts
from youwei.cases.tests.builders import OPENED, case_of
from youwei.decisions.models import Decision, Measure, Period
from youwei.organs.commands import create_organ
from youwei.organs.models import Organ, Role
from youwei.rulebook.pack_keys import HOLDERS


@pytest.mark.req("A1", "B1")
@pytest.mark.parametrize(
    ("written", "fact"),
    [
        ("市管干部", "市管"),
        ("省管干部", "省管"),
        ("区管干部", "县管"),
        ("县管干部", "县管"),
        ("市委管理", "市管"),
        ("单位管理", "单位管"),
        ("其他", "单位管"),
        ("", ""),
    ],
)
def test_who_manages_a_cadre_as_the_packs_name_it(written: str, fact: str) -> None:
    assert managed_by(written) == fact


@pytest.mark.django_db
@pytest.mark.req("A2", "B1")
def test_the_facts_of_a_decision_are_those_the_packs_read(cast: Cast) -> None:
    case_of(cast)
    decision = Decision.objects.get()
    found = decision_facts(decision, Measure.objects.all(), Period.objects.all(), OPENED)
    assert found == {
        "decision.made_on": date(2026, 3, 12),
        "decision.effective_on": date(2026, 3, 12),
        "decision.class": ["党纪处分"],
        "decision.measure": ["党内严重警告"],
        "decision.kind": ["党内严重警告"],
        "decision.year_start": date(2026, 1, 1),
        "assessment.ends_on": date(2026, 12, 31),
        "decision.weight": "轻",
        "organ.deciding": str(cast.commission.pk),
        "organ.case": str(cast.commission.pk),
        "organ.subject": str(cast.bureau.pk),
        "subject.kind": "person",
        "subject.person": str(decision.person_id),
        "person.name": "许南舟",
        "person.managed_by": "县管",
        "period.starts_on": date(2026, 3, 12),
        "period.ends_on": date(2027, 9, 11),
        "period.running": True,
    }
    later = decision_facts(decision, Measure.objects.all(), Period.objects.all(), date(2027, 9, 12))
    assert later["period.running"] is False


@pytest.mark.req("B1")
def test_the_words_of_the_packs_are_roles_of_accounts() -> None:
    assert set(HOLDERS) == {"case_officer", "leader", "unit", "mentor", "organization"}
    assert {word: Role(word).label for word in HOLDERS} == HOLDERS


@pytest.mark.req("B1")
def test_the_organization_department_and_the_commission_above_are_found_in_the_tree(cast: Cast) -> None:
    above = Organ.objects.get(name="云川市纪委监委")
    department = Organ.objects.get(name="青溪区委组织部")
    found = place_facts([cast.commission, above])
    assert found[cast.commission.pk] == {"organ.organization": str(department.pk), "organ.above": str(above.pk)}
    assert found[above.pk] == {}, "the city has no organization department here and nothing above it"


def test_of_two_organization_departments_none_is_guessed(cast: Cast) -> None:
    create_organ(name="青溪区委组织部二", kind="organization", parent=cast.district, level="county", **STAMP)
    assert "organ.organization" not in place_facts([cast.commission])[cast.commission.pk]
