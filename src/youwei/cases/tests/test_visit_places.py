"""Which place's practice opens for a decision; and the ends of a year's visits with what they open."""

from datetime import date
from typing import Any

import pytest

from tests.support.cast import Cast, organ
from youwei.cases import queries as cases
from youwei.cases.batches import freeze, join_next, open_batch
from youwei.cases.cohort import Fixed
from youwei.cases.logs import packs
from youwei.cases.models import Case, OpenStep
from youwei.cases.opening import open_cases
from youwei.cases.tests.builders import CLERK, case_of, decided, moment, record
from youwei.cases.tests.tianqiao import summarised
from youwei.decisions.models import Decision, Period
from youwei.organs.models import Organ

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 18)
PLACES = {"jingzhou-visit", "yinzhou-visit", "haishu-visit", "zhenhai-visit"}


def opened(decision: Decision) -> set[str]:
    measures = list(decision.measures.all())
    periods = list(Period.objects.filter(measure__in=measures, current=True))
    made = open_cases([(decision, measures, periods)], by=CLERK, at=moment(DAY), today=DAY, history=False)
    return {case.procedure for case in made}


@pytest.mark.req("B4")
@pytest.mark.parametrize(
    ("region", "wanted"),
    [
        ("鄞州区", "yinzhou-visit"),
        ("海曙区", "haishu-visit"),
        ("镇海区", "zhenhai-visit"),
        ("江北区", "jingzhou-visit"),
    ],
)
def test_the_practice_of_the_place_that_decided_opens_and_no_other(cast: Cast, region: str, wanted: str) -> None:
    (decision,) = decided(cast, 1)
    decision.deciding_organ = organ(f"{region}纪委监委", "commission", organ(region, "region", cast.city))
    decision.save()
    assert opened(decision) & PLACES == {wanted}


@pytest.mark.req("B4")
def test_a_city_decides_by_its_own_practice_whoever_the_person_works_for(cast: Cast) -> None:
    (decision,) = decided(cast, 1)
    there = organ("鄞州区", "region", cast.city)
    decision.unit, decision.deciding_organ = (
        organ("某局", "department", there),
        Organ.objects.get(name="云川市纪委监委"),
    )
    decision.save()
    assert opened(decision) & PLACES == {"jingzhou-visit"}


def concluded(case: Case, result: str, **more: Any) -> None:
    """Everything up to the conclusion, and that."""
    summarised(case, DAY)
    found = {"repents": False, "responsible": False, "outstanding": False, "grounds": "常委会研究"}
    attendance = [{"id": "a", "member": "岑伯安", "present": True, "view": "同意考察组意见", "vote": "同意"}]
    record(case, "conclude", DAY, {**found, "attendance": attendance, "result": result, **more})
    record(case, "feedback", DAY, {"to": ["本人"], "content": "结论已告知"})


@pytest.mark.req("B3")
def test_help_that_goes_on_is_a_new_case_with_its_own_dates(cast: Cast) -> None:
    case = case_of(cast, "tianqiao-visit", opened=DAY)
    concluded(case, "继续帮扶", next_on=date(2026, 7, 1))
    case.refresh_from_db()
    assert (case.state, case.outcome, case.counted) == (Case.State.ENDED, "continue", "继续帮扶")
    (new,) = Case.objects.exclude(pk=case.pk).filter(procedure="tianqiao-visit")
    assert new.person == case.person
    review = OpenStep.objects.get(case=new, step="review")
    assert (review.starts_on, review.due_on) == (
        date(2026, 7, 1),
        date(2026, 7, 22),
    )  # 2、3日，6—10日，13—17日，20—22日


@pytest.mark.req("B3")
def test_no_finding_changes_nothing(cast: Cast) -> None:
    case = case_of(cast, "tianqiao-visit", opened=DAY)
    before = list(Period.objects.order_by("pk").values())
    concluded(case, "暂不作结论")
    case.refresh_from_db()
    assert (case.outcome, Case.objects.count()) == ("no_finding", 1)
    assert list(Period.objects.order_by("pk").values()) == before


@pytest.mark.req("B2")
def test_the_year_opens_the_visits_of_its_list_with_the_periods_known(cast: Cast) -> None:
    pack = next(pack for ref, pack in packs().items() if ref.procedure == "tianqiao-year")
    stamp: dict[str, Any] = {"by": CLERK, "at": moment(DAY), "today": DAY}
    batch = open_batch(pack=pack, name="2026年", organ=cast.commission, on=DAY, **stamp)
    demands = [{"id": "a", "matter": "列入区委重要工作", "by": "区纪委", "due": date(2026, 4, 30)}]
    record(batch, "report", DAY, {"content": "专题汇报", "heard": "区委书记", "demands": demands})
    teams = [{"id": "a", "leader": "岑伯安", "members": "方知行", "units": "水利局"}]
    scheme = {"objects": "受处分处理人员", "content": "回访", "demands": "不走过场", "teams": teams, "assessed": True}
    record(batch, "scheme", DAY, scheme)
    record(batch, "approve_scheme", DAY, {"opinion": "同意"})
    fixed = [Fixed(cast.bureau.pk, each.person_id, each.pk, None) for each in decided(cast, 2)]
    freeze(batch=batch, step="cohort", fixed=fixed, on=DAY, **stamp)
    assert join_next(batch=batch, **stamp) == 2
    members = list(Case.objects.filter(procedure="tianqiao-visit"))
    assert len(members) == 2
    for member in members:
        assert str(cases.view(member, DAY).plan.facts["period.ends_on"]) == "2027-09-11"
    assert {row.step for row in OpenStep.objects.filter(case=batch)} >= {
        "demand",
        "yearly_exam",
        "mobilise",
        "conclude",
    }
