"""A class of one week whose people fall under different rules: what is recorded once lands in the case of each, which goes on by its own rules."""

from datetime import date
from io import BytesIO
from typing import Any

import pytest

from tests.support.cast import Cast
from tests.support.cast import organ as new_organ
from youwei.cases import batches, candidates
from youwei.cases.batches import Fixed
from youwei.cases.by_hand import open_by_hand
from youwei.cases.list_models import Prospect
from youwei.cases.logs import packs
from youwei.cases.models import Case, Done, OpenStep
from youwei.cases.tests.builders import CLERK, act, moment, record
from youwei.documents import bulk, landing
from youwei.documents.models import Paper
from youwei.documents.tests.test_organ_papers import words_of
from youwei.journal.queries import verify
from youwei.organs.models import Organ
from youwei.people.commands import build, register_many
from youwei.rulebook.pack_types import PackRef

pytestmark = [pytest.mark.django_db, pytest.mark.req("G3"), pytest.mark.req("G7")]
MONDAY, FRIDAY, NEXT = date(2026, 3, 16), date(2026, 3, 20), date(2026, 3, 23)
TALK: dict[str, Any] = {
    "outcome": "已进行", "mode": "当面", "place": "会议室", "people": ["方知行"], "heard": ["本人"], "account": "谈了情况",
}  # fmt: skip
VOTES: dict[str, Any] = {"attendance": [{"member": "岑伯安", "view": "同意", "vote": "同意"}]}


def gone_through(cast: Cast, klass: Case) -> list[Prospect]:
    candidates.go_on(gathering=candidates.begin(batch=klass, account=cast.officer, at=moment(MONDAY)), today=MONDAY)
    return list(Prospect.objects.filter(batch=klass).select_related("person"))


def recalled(cast: Cast, unit: Organ, name: str) -> Case:
    """Somebody of a unit, heard and decided, without objection: ready for the class."""
    person = register_many([build(organ=unit, name=name)], by=CLERK, on=MONDAY, at=moment(MONDAY))[0]
    case = open_by_hand(
        thing=person,
        family="recall",
        role="office",
        organ=cast.commission,
        said={},
        by=CLERK,
        on=MONDAY,
        at=moment(MONDAY),
        today=MONDAY,
    )
    nominated = {"source": "单位上报", "situation": ["不作为"], "facts": "拖拉", "head": False, "quota": False}
    record(case, "nominate", MONDAY, nominated)
    if case.procedure == "recall-yongan":
        record(case, "party_meeting", MONDAY, VOTES)
    record(case, "hear", MONDAY, TALK)
    record(case, "decide", MONDAY, VOTES | {"decision": "召回", "reasons": "情形属实"})
    record(case, "inform", MONDAY, TALK | {"decision_on": MONDAY, "class_on": FRIDAY, "right": True})
    return case


@pytest.fixture
def klass(cast: Cast) -> Case:
    stamp: dict[str, Any] = {"by": CLERK, "on": MONDAY, "at": moment(MONDAY), "today": MONDAY}
    made = batches.open_batch(
        pack=packs()[PackRef("recall-class", "2016.01")], name="第一期", organ=cast.commission, **stamp
    )
    scheme = {
        "starts_on": FRIDAY, "place": "党校", "staff": [{"name": "方知行", "organ": "组织部"}],
        "sessions": [{"day": FRIDAY, "course": "党纪政纪法规", "kind": "授课"}],
        "rota": [{"day": FRIDAY, "organ": "督查局", "name": "甘棠"}],
    }  # fmt: skip
    record(made, "scheme", MONDAY, scheme)
    record(made, "approve_scheme", MONDAY, {"opinion": "同意"})
    return made


def land(
    cast: Cast, klass: Case, step: str, on: date, rows: dict[int, Any], values: dict[str, Any], key: str = ""
) -> list[tuple[str, str]]:
    job = landing.land(
        batch=klass,
        step=step,
        on=on,
        values=values,
        rows=rows,
        account=cast.officer,
        at=moment(NEXT),
        today=NEXT,
        token=f"{step}-once",
        key=key,
    )
    bulk.go_on(bulk=job, at=moment(NEXT), today=NEXT)
    return [(line.state, bulk.refusal(line)) for line in job.lines.order_by("case")]


def test_sessions_essays_and_marks_land_and_each_case_goes_on_by_its_own_rules(cast: Cast, klass: Case) -> None:
    town = new_organ("永安镇", "town", cast.district, "town")
    police = new_organ("凤冈县公安局", "department", cast.district)
    cases = [
        recalled(cast, unit, name) for unit, name in ((cast.bureau, "许南舟"), (town, "白鹭洲"), (police, "顾怀谦"))
    ]
    assert [case.procedure for case in cases] == ["recall", "recall-yongan", "recall-police"]
    late = gone_through(cast, klass)
    assert {each.person and each.person.name: bool(each.hurdle) for each in late} == {
        "许南舟": True,
        "白鹭洲": True,
        "顾怀谦": True,
    }
    for case in cases:
        act(case, "exempt", MONDAY, step="answer", values={"ground": "本人未提出"}, reason="没有异议")
    ready = gone_through(cast, klass)
    assert [each.hurdle for each in ready] == ["", "", ""]
    listed = [Fixed(case.subject_organ_id, case.person_id, case=case.pk) for case in cases]
    stamp: dict[str, Any] = {"by": CLERK, "on": MONDAY, "at": moment(MONDAY), "today": MONDAY}
    landing.freeze(batch=klass, step="cohort", fixed=listed, **stamp)
    roster = words_of(BytesIO(Paper.objects.get(case=klass).data()))
    assert all(
        words in roster for words in ("学员名册", "许南舟", "白鹭洲", "顾怀谦", town.name, police.name, "2026年3月20日")
    )
    while batches.join_next(batch=klass, by=CLERK, at=moment(MONDAY), today=MONDAY):
        pass
    course = {"day": FRIDAY.isoformat(), "course": "党纪政纪法规", "watcher": "甘棠"}
    present = {1: {"present": "到"}, 2: {"present": "迟到", "breach": "打瞌睡"}, 3: {"present": "到"}}
    assert land(cast, klass, "session", FRIDAY, present, course, key="1") == [("done", "")] * 3
    essays = {place: {"text": f"第{place}份心得"} for place in (1, 2, 3)}
    assert land(cast, klass, "essays", FRIDAY, essays, {}) == [("done", "")] * 3
    marks = {place: {"exam": 65, "essay": 65, "conduct": 65} for place in (1, 2, 3)}
    assert land(cast, klass, "marks", NEXT, marks, {}) == [("done", "")] * 3
    assert [Done.objects.filter(case=case, step="attendance").count() for case in cases] == [1, 1, 1]
    assert Paper.objects.filter(case__in=[klass, *cases]).count() == 1, "what was attended and marked is on no paper"
    # 65分：县里和镇里六十分合格，公安局七十分合格
    placed = [OpenStep.objects.get(case=case, step__startswith="place").step for case in cases]
    assert placed == ["place_own", "place_own", "place_hard"]
    assert list(verify()) == []


def test_whoever_has_been_through_a_class_is_not_offered_for_the_next_and_whoever_left_it_is(
    cast: Cast, klass: Case
) -> None:
    through, left = recalled(cast, cast.bureau, "许南舟"), recalled(cast, cast.bureau, "白鹭洲")
    for case in (through, left):
        act(case, "exempt", MONDAY, step="answer", values={"ground": "本人未提出"}, reason="没有异议")
    stamp: dict[str, Any] = {"by": CLERK, "on": MONDAY, "at": moment(MONDAY), "today": MONDAY}
    listed = [Fixed(case.subject_organ_id, case.person_id, case=case.pk) for case in (through, left)]
    landing.freeze(batch=klass, step="cohort", fixed=listed, **stamp)
    while batches.join_next(batch=klass, by=CLERK, at=moment(MONDAY), today=MONDAY):
        pass
    member = klass.members.get(place=2)
    batches.leave(member=member, reason="照料患病家属，下期再办", by=CLERK, on=MONDAY, at=moment(MONDAY))
    land(
        cast,
        klass,
        "session",
        FRIDAY,
        {1: {"present": "到"}},
        {"day": FRIDAY.isoformat(), "course": "法规", "watcher": "甘棠"},
        "1",
    )
    land(cast, klass, "essays", FRIDAY, {1: {"text": "心得"}}, {})
    land(cast, klass, "marks", NEXT, {1: {"exam": 65, "essay": 65, "conduct": 65}}, {})
    record(klass, "summary", NEXT, {"text": "一人结业"})

    later = batches.open_batch(
        pack=packs()[PackRef("recall-class", "2016.01")], name="第二期", organ=cast.commission, **stamp
    )
    offered = {each.person and each.person.name: each.hurdle for each in gone_through(cast, later)}
    assert offered == {"许南舟": "已经办过“集中教育量化考核”", "白鹭洲": ""}
