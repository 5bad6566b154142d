"""A year of Tianqiao is concluded at one meeting: each person's own conclusion lands in that person's case, with its own effect."""

from datetime import date
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from tests.support.cast import Cast
from youwei.cases.batches import freeze, join_next, open_batch
from youwei.cases.cohort import Fixed
from youwei.cases.logs import packs
from youwei.cases.models import Case, OpenStep
from youwei.cases.tests.builders import CLERK, act, decided, moment, record
from youwei.cases.tests.tianqiao import summarised
from youwei.decisions.models import Period
from youwei.desk.safekeeping.proving import prove
from youwei.documents import bulk, landing
from youwei.documents.models import Paper
from youwei.journal.queries import records

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 18)
MEETING = date(2027, 9, 20)
"""After 11 September 2027, the last day of the periods of all three."""
ATTENDANCE = [{"id": "a", "member": "岑伯安", "present": True, "view": "同意考察组意见", "vote": "同意"}]
FREE = {"repents": True, "responsible": True, "outstanding": True, "result": "不受影响", "grounds": "三项都具备"}
AGAIN = {"repents": False, "responsible": False, "outstanding": False, "result": "继续帮扶", "next_on": date(2028, 1, 10),
         "grounds": "仍认为处分过重"}  # fmt: skip
NONE_YET = {
    "repents": True,
    "responsible": True,
    "outstanding": False,
    "result": "暂不作结论",
    "grounds": "成绩还不突出",
}


@pytest.fixture
def year(cast: Cast) -> Case:
    """A year whose list of three is fixed; each has been talked with and summed up."""
    pack = next(pack for ref, pack in packs().items() if ref.procedure == "tianqiao-year")
    stamp: dict[str, Any] = {"by": CLERK, "at": moment(DAY), "today": DAY}
    batch = open_batch(pack=pack, name="2026年", organ=cast.commission, on=DAY, **stamp)
    demands = [{"id": "a", "matter": "不能走过场", "by": "区纪委", "due": date(2026, 4, 30)}]
    record(batch, "report", DAY, {"content": "专题汇报", "heard": "区委书记", "demands": demands})
    teams = [{"id": "a", "leader": "岑伯安", "members": "方知行", "units": "水利局"}]
    scheme = {"objects": "受处分处理人员", "content": "回访", "demands": "不走过场", "teams": teams, "assessed": False}
    record(batch, "scheme", DAY, scheme)
    record(batch, "approve_scheme", DAY, {"opinion": "同意"})
    fixed = [Fixed(cast.bureau.pk, each.person_id, each.pk, None) for each in decided(cast, 3)]
    freeze(batch=batch, step="cohort", fixed=fixed, on=DAY, **stamp)
    assert join_next(batch=batch, **stamp) == 3
    for member in members():
        summarised(member, DAY)
    return batch


def members() -> list[Case]:
    return list(Case.objects.filter(procedure="tianqiao-visit").order_by("pk"))


def land(cast: Cast, year: Case, rows: dict[int, Any], on: date = MEETING, key: str = "1") -> list[tuple[str, str]]:
    job = landing.land(
        batch=year, step="conclude", on=on, values={"attendance": ATTENDANCE}, rows=rows, account=cast.leader, at=moment(on),
        today=on, token=f"meeting-{on}-{key}", key=key,
    )  # fmt: skip
    bulk.go_on(bulk=job, at=moment(on), today=on)
    return [(line.state, bulk.refusal(line)) for line in job.lines.order_by("case")]


@pytest.mark.req("B2", "B3")
def test_three_conclusions_of_one_meeting_land_each_with_its_own_effect(cast: Cast, year: Case) -> None:
    periods = list(Period.objects.order_by("pk").values())
    three = members()
    assert land(cast, year, {1: FREE, 2: AGAIN, 3: NONE_YET}) == [("done", "")] * 3
    for case, own in zip(three, (FREE, AGAIN, NONE_YET), strict=True):
        (said,) = [each.content["values"] for each in records("case", case.pk) if each.step == "conclude"]
        assert (said["result"], said["grounds"]) == (own["result"], own["grounds"])
        assert said["attendance"][0]["view"] == "同意考察组意见", "each member's view stands with each person"
        record(case, "feedback", MEETING, {"to": ["本人"], "content": "结论已告知"})
        case.refresh_from_db()
    assert [(case.state, case.outcome, case.counted) for case in three] == [
        (Case.State.ENDED, "free", "不受影响"),
        (Case.State.ENDED, "continue", "继续帮扶"),
        (Case.State.ENDED, "no_finding", "暂不作结论"),
    ]
    (further,) = [case for case in members() if case not in three]
    assert further.person == three[1].person, "only whom help goes on for has another round"
    assert OpenStep.objects.get(case=further, step="review").starts_on == date(2028, 1, 10)
    assert list(Period.objects.order_by("pk").values()) == periods, "no conclusion moves a period set by law"
    assert prove(MEETING) == []


@pytest.mark.req("B3")
def test_whose_period_runs_is_refused_alone_and_the_others_are_concluded(cast: Cast, year: Case) -> None:
    early = date(2027, 9, 10)
    first, second = land(cast, year, {1: FREE, 2: AGAIN, 3: "本人住院，下次研究"}, on=early)
    assert (first[0], second) == ("refused", ("done", ""))
    assert "影响期还没有满" in first[1]
    waiting, concluded, left_out = members()
    assert [
        OpenStep.objects.filter(case=case, step="conclude").exists() for case in (waiting, concluded, left_out)
    ] == [
        True,
        False,
        True,
    ]
    assert land(cast, year, {1: FREE, 2: "已作结论", 3: NONE_YET}, key="2") == [("done", "")] * 2
    assert not Paper.objects.filter(kind="feedback-letter").exists(), "nothing is fed back by itself"


@pytest.mark.req("B2")
def test_the_form_is_preset_with_why_somebody_is_not_concluded_now(cast: Cast, year: Case, client: Client) -> None:
    ready, concluded, back = members()
    record(concluded, "conclude", MEETING, {**NONE_YET, "attendance": ATTENDANCE})
    act(back, "return", MEETING, step="conclude", to="summary", reason="评价太空")
    with time_machine.travel(moment(MEETING), tick=False):
        client.force_login(cast.leader, backend="django.contrib.auth.backends.ModelBackend")
        page = client.get(reverse("batch-land", args=[year.pk, "conclude"]))
    rows = page.context["form"].rows
    assert [row.initial["left_out"] for row in rows] == ["", "这一环节已经办过", "还没有办到这一环节"]
    assert reverse("case", args=[ready.pk]) in page.content.decode(), "what each was found like is one click away"
