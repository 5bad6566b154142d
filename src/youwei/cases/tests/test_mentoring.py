"""A mentor is designated by the unit: who may open it, who may not be named, and how it is handed over."""

from datetime import date
from typing import Any

import pytest

from tests.support.cast import Cast, account, organ
from youwei.cases import fitness, logs
from youwei.cases.by_hand import NotAdmitted, open_by_hand
from youwei.cases.commands import Rejected
from youwei.cases.models import Case, CaseServant
from youwei.cases.tests.builders import act, decided, moment
from youwei.decisions.models import Decision
from youwei.engine.types import Entry, EntryKind
from youwei.journal.actors import Actor
from youwei.organs.models import Organ, Role

pytestmark = [pytest.mark.django_db, pytest.mark.req("C1")]
MONDAY = date(2026, 3, 16)
PARTY = Actor("水利局党组")
MENTOR: dict[str, Any] = {
    "mentor": "乐山川", "post": "副局长", "level": "科", "apart": True, "clean": True, "agreed_on": date(2026, 3, 16), "tasks": "每半年谈心",
}  # fmt: skip


def opened(decision: Decision, unit: Organ, role: str = "unit") -> Case:
    return open_by_hand(
        thing=decision, family="mentoring", role=role, organ=unit, said={}, by=PARTY, on=MONDAY, at=moment(MONDAY), today=MONDAY
    )  # fmt: skip


def designate(case: Case, **changed: Any) -> None:
    act(case, EntryKind.RECORD, MONDAY, step="designate", values={**MENTOR, **changed}, by=PARTY)


def test_a_unit_opens_for_its_own_people_and_the_office_that_decided_handles_it(cast: Cast) -> None:
    decision = decided(cast, 1)[0]
    case = opened(decision, cast.bureau)
    assert (case.organ, case.subject_organ, case.decision) == (cast.commission, cast.bureau, decision)
    assert case.open_steps.get(step="designate").organ == cast.bureau


def test_another_unit_opens_nothing_about_them(cast: Cast) -> None:
    other = organ("青溪区教育局", "department", cast.district)
    with pytest.raises(NotAdmitted, match="由另一机关的所在单位党组织开办"):
        opened(decided(cast, 1)[0], other)
    assert not Case.objects.exists()


def test_a_second_one_is_not_opened_beside_it(cast: Cast) -> None:
    decision = decided(cast, 1)[0]
    opened(decision, cast.bureau)
    with pytest.raises(NotAdmitted, match="已有在办"):
        opened(decision, cast.commission, "office")


@pytest.mark.parametrize(
    ("name", "why"), [("许南舟", "就是本人"), ("方知行", "办案人员"), ("岑伯安", "办案人员"), ("路远之", "登记在处分处理影响期内")]
)  # fmt: skip
def test_neither_the_person_nor_a_handler_nor_anyone_under_a_sanction_mentors(cast: Cast, name: str, why: str) -> None:
    decided(cast, 1, name="路远之")
    case = opened(decided(cast, 1)[0], cast.bureau)
    with pytest.raises(Rejected, match=why) as refused:
        designate(case, mentor=name)
    assert [fault.field for fault in refused.value.faults] == ["mentor"]
    designate(case, mentor=f"{name}（办公室）")  # a namesake is told apart by the post


def test_the_mentor_serves_the_case_and_hands_it_over_to_another_who_fits(cast: Cast) -> None:
    decided(cast, 1, name="路远之")
    account("next", "江一苇", Role.MENTOR, cast.bureau)
    case = opened(decided(cast, 1)[0], cast.bureau)
    designate(case)
    assert list(CaseServant.objects.values_list("account__name", flat=True)) == ["乐山川"]
    change: dict[str, Any] = {
        "kind": EntryKind.REPLACED,
        "on": MONDAY,
        "step": "designate",
        "by": PARTY,
        "reason": "调离；交接：谈心记录两份",
    }
    with pytest.raises(Rejected, match="影响期内"):
        act(case, values={"mentor": "路远之"}, **change)
    act(case, values={"mentor": "江一苇", "post": "总工程师"}, **change)
    assert list(CaseServant.objects.values_list("account__name", flat=True)) == ["江一苇"]


def test_naming_costs_two_queries_more_only_where_the_pack_bars_somebody(
    cast: Cast, django_assert_num_queries: Any
) -> None:
    case = opened(decided(cast, 1)[0], cast.bureau)
    case.refresh_from_db()
    case.person, case.decision, case.subject_organ  # noqa: B018  read beforehand, as the command has them
    pack, entries = logs.pack_of(case), logs.log(case)
    entry = Entry(2, EntryKind.RECORD, MONDAY, MONDAY, "水利局党组", step="designate", values=MENTOR)
    with django_assert_num_queries(2):
        assert fitness.record_faults(case, pack, entry, entries) == []
    with django_assert_num_queries(0):
        fitness.record_faults(case, pack, Entry(2, EntryKind.NOTE, MONDAY, MONDAY, "水利局党组"), entries)
