"""A batch: its people are fixed once, join one after another, and what is recorded in it lands on each of them with an answer of its own."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pytest_django.fixtures import Settings

from tests.support.cast import Cast
from youwei.cases import batches, candidates, commands, following, index
from youwei.cases.batches import Fixed
from youwei.cases.list_models import Gathering, Prospect
from youwei.cases.logs import log, packs
from youwei.cases.models import Bulk, Case, Done, Member, OpenStep
from youwei.cases.proof import Prover
from youwei.cases.tests.builders import CLERK, cases_of, decided, moment, record
from youwei.decisions.altering import Doing, Review
from youwei.decisions.models import Decision
from youwei.documents import bulk, landing
from youwei.engine.types import EntryKind
from youwei.journal.queries import records, verify
from youwei.organs.models import Account
from youwei.organs.policy import reader
from youwei.rulebook.pack_types import Kind, PackRef

pytestmark = [pytest.mark.django_db, pytest.mark.req("B9", "G3")]
PACKS = Path(__file__).parent / "packs"
DAY = date(2026, 3, 18)  # a Wednesday
NEXT = date(2026, 3, 19)
SESSIONS = {"sessions": [{"id": "1", "name": "党章"}, {"id": "2", "name": "纪律处分条例"}]}
STAMP: dict[str, Any] = {"by": CLERK, "on": DAY, "at": moment(DAY), "today": DAY}


@pytest.fixture(autouse=True)
def packs_of_the_tests(settings: Settings) -> None:
    settings.PACKS = PACKS


@pytest.fixture
def batch(cast: Cast) -> Case:
    """The first class of the year, with its courses."""
    pack = packs()[PackRef("course", "2026.01")]
    made = batches.open_batch(pack=pack, name="2026年第一期", organ=cast.commission, **STAMP)
    record(made, "scheme", DAY, SESSIONS)
    return made


def fixed(*decisions: Decision) -> list[Fixed]:
    return [Fixed(each.unit_id or 0, each.person_id, each.pk) for each in decisions]


def freeze(batch: Case, *rows: Fixed, **more: Any) -> int:
    return batches.freeze(batch=batch, step="cohort", fixed=rows, **{**STAMP, **more})


def join(batch: Case) -> None:
    while batches.join_next(batch=batch, by=CLERK, at=moment(DAY), today=DAY):
        pass


def gathered(cast: Cast, batch: Case, count: int = 3) -> list[Member]:
    freeze(batch, *fixed(*decided(cast, count)))
    join(batch)
    return list(batch.members.order_by("place"))


def land(cast: Cast, batch: Case, step: str, rows: dict[int, Any], values: dict[str, Any], **more: Any) -> Bulk:
    row = landing.land(
        batch=batch, step=step, on=NEXT, values=values, rows=rows, account=cast.officer, at=moment(NEXT), today=NEXT,
        **{"token": f"{step}-once", **more},
    )  # fmt: skip
    bulk.go_on(bulk=row, at=moment(NEXT), today=NEXT)
    return row


def answers(row: Bulk) -> list[tuple[str, str]]:
    return [(line.state, bulk.refusal(line)) for line in row.lines.order_by("case")]


def proved(today: date = NEXT) -> list[str]:
    return [str(each) for each in verify(provers=[Prover(today)])]


def test_a_batch_is_a_case_at_the_organ_that_handles_it_with_a_name_of_its_own(cast: Cast, batch: Case) -> None:
    assert (batch.title, batch.organ, batch.person, batch.decision) == (
        "集中教育班（2026年第一期）", cast.commission, None, None,
    )  # fmt: skip
    assert set(OpenStep.objects.filter(case=batch).values_list("step", flat=True)) == {"cohort"}
    assert proved() == []


def test_the_freeze_fixes_the_people_and_opens_a_case_for_each(cast: Cast, batch: Case) -> None:
    decisions = decided(cast, 3)
    assert freeze(batch, *fixed(*decisions), scope="影响期内的党纪处分") == 3
    assert batches.joining(batch) == 3
    join(batch)
    members = list(batch.members.order_by("place"))
    assert [(each.place, each.decision, each.organ) for each in members] == [
        (place, decision, cast.bureau) for place, decision in enumerate(decisions, 1)
    ]
    for each in members:
        assert each.case is not None
        assert (each.case.procedure, each.case.person, each.case.decision) == ("study", each.person, each.decision)
        assert [entry.kind for entry in log(each.case)] == ["opened", "joined"]
        assert records("case", each.case.pk)[0].content["from"] == {"case": batch.pk, "seq": 3}
    frozen = records("case", batch.pk)[2]
    assert frozen.content["values"]["scope"] == "影响期内的党纪处分"
    assert frozen.content["values"]["organs"] == [{"id": str(cast.bureau.pk), "organ": "青溪区水利局", "count": 3}]
    assert "许南舟" not in str(frozen.content), "the batch names nobody"
    assert proved() == []


def test_a_case_that_is_open_already_is_taken_in_and_none_is_opened_beside_it(cast: Cast, batch: Case) -> None:
    (case,) = cases_of(cast, 1, "study")
    (other,) = decided(cast, 1)
    assert case.decision is not None
    freeze(batch, *fixed(case.decision, other))
    join(batch)
    first, second = batch.members.order_by("place")
    assert (first.case, second.case.decision if second.case else None) == (case, other)
    assert Case.objects.filter(procedure="study").count() == 2


def test_going_on_after_everybody_has_joined_doubles_nothing(
    cast: Cast, batch: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "CHUNK", 2)
    freeze(batch, *fixed(*decided(cast, 5)))
    assert batches.join_next(batch=batch, by=CLERK, at=moment(DAY), today=DAY) == 2
    assert (batches.joining(batch), Case.objects.filter(procedure="study").count()) == (3, 2)
    assert proved() == [], "a list half joined is as recorded"
    join(batch)
    join(batch)
    assert Case.objects.filter(procedure="study").count() == 5
    assert [entry.kind for entry in records("case", batch.pk)] == [
        "opened",
        "record",
        "record",
        "joined",
        "joined",
        "joined",
    ]


def test_nobody_is_added_or_taken_off_after_the_freeze(cast: Cast, batch: Case) -> None:
    members = gathered(cast, batch, 2)
    (late,) = decided(cast, 1)
    with pytest.raises(commands.Rejected, match="现在是“已办”"):
        freeze(batch, *fixed(late))
    for kind in ("withdraw", "correct"):
        with pytest.raises(commands.Rejected, match="名单确定以后不再改动"):
            commands.act(case=batch, kind=EntryKind(kind), target=3, reason="漏了一人", values={"scope": "另"}, **STAMP)
    assert batch.members.count() == len(members)


def test_the_same_freeze_sent_twice_is_one(cast: Cast, batch: Case) -> None:
    rows = fixed(*decided(cast, 2))
    assert freeze(batch, *rows, token="once") == freeze(batch, *rows, token="once") == 3
    assert batch.members.count() == 2


def test_a_list_without_people_or_with_one_twice_is_refused(cast: Cast, batch: Case) -> None:
    (row,) = fixed(*decided(cast, 1))
    with pytest.raises(commands.Rejected, match="名单上没有人"):
        freeze(batch)
    with pytest.raises(commands.Rejected, match="同一人出现了两次"):
        freeze(batch, row, row)
    assert not Member.objects.exists()


def test_a_list_is_not_typed_into_the_form_of_a_step(cast: Cast, batch: Case) -> None:
    with pytest.raises(commands.Rejected, match="请在批次页面上办理"):
        record(batch, "cohort", DAY, {"list": ["许南舟"]})


def test_steps_may_repeat_for_each_unit_of_the_list(cast: Cast, batch: Case) -> None:
    gathered(cast, batch)
    assert list(OpenStep.objects.filter(case=batch, step="report").values_list("key", flat=True)) == [
        str(cast.bureau.pk)
    ]


def test_a_record_lands_in_the_step_of_every_member_with_its_own_values(cast: Cast, batch: Case) -> None:
    members = gathered(cast, batch)
    rows = {1: {"present": "到"}, 2: {"present": "迟到"}, 3: "请病假"}
    row = land(cast, batch, "session", rows, {"course": "党章"}, key="1")
    assert answers(row) == [("done", ""), ("done", "")]
    found = [(each.case_id, each.entry_seq) for each in row.lines.order_by("case")]
    assert found == [(members[0].case_id, 3), (members[1].case_id, 3)]
    landed = log(members[1].case)[2]  # type: ignore[arg-type]
    assert (landed.step, dict(landed.values)) == ("attend", {"course": "党章", "present": "迟到"})
    assert landed.via is not None
    assert (landed.via.batch, landed.via.seq) == (batch.pk, row.batch_seq)
    assert Done.objects.filter(case=members[2].case).count() == 0, "who was left out has no record"
    assert records("case", batch.pk)[-1].content["rows"][2] == [3, "请病假"]
    assert proved() == []


def test_a_visit_that_lands_is_counted_with_its_members_and_not_once_more_with_the_batch() -> None:
    session = packs()[PackRef("course", "2026.01")].steps["session"]
    assert index.kind_of(replace(session, kind=Kind.VISIT)) == "record"
    assert index.kind_of(replace(session, kind=Kind.VISIT, lands=None)) == "visit"


def test_whom_a_record_cannot_reach_is_listed_with_the_reason_and_reached_once_it_is_mended(
    cast: Cast, batch: Case
) -> None:
    members = gathered(cast, batch, 2)
    first = members[0].case
    assert first is not None
    record(first, "essay", DAY, {"text": "认识到位"})
    for session in ("1", "2"):
        land(
            cast,
            batch,
            "session",
            {1: {"present": "到"}, 2: {"present": "到"}},
            {"course": "党章"},
            key=session,
            token=session,
        )
    row = land(cast, batch, "exam", {1: {"mark": 75}, 2: {"mark": 59}}, {})
    (done, nothing), (refused, why) = answers(row)
    assert (done, nothing, refused) == ("done", "", "refused")
    assert "“考试”现在是“未到”" in why
    first.refresh_from_db()
    assert (first.state, first.outcome_title) == ("ended", "合格")
    second = members[1].case
    assert second is not None
    record(second, "essay", NEXT, {"text": "有了认识"})
    assert bulk.retry(bulk=row) == 1
    bulk.go_on(bulk=row, at=moment(NEXT), today=NEXT)
    assert answers(row) == [("done", ""), ("done", "")]
    second.refresh_from_db()
    assert (second.state, second.outcome_title) == ("ended", "不合格")
    assert proved() == []


def test_a_landing_stopped_half_way_goes_on_and_doubles_nothing(
    cast: Cast, batch: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk, "CHUNK", 1)
    members = gathered(cast, batch)
    rows = {place: {"present": "到"} for place in (1, 2, 3)}
    wanted: dict[str, Any] = {
        "batch": batch,
        "step": "session",
        "key": "1",
        "on": NEXT,
        "values": {"course": "党章"},
        "rows": rows,
    }
    stamp: dict[str, Any] = {"account": cast.officer, "at": moment(NEXT), "today": NEXT, "token": "once"}
    row = landing.land(**wanted, **stamp)
    assert bulk._next(row, moment(NEXT), NEXT)
    assert bulk.counts(row) == {"waiting": 2, "done": 1, "refused": 0, "total": 3}
    again = landing.land(**wanted, **stamp)
    assert again == row, "the same form sent again"
    for _ in range(2):
        bulk.go_on(bulk=again, at=moment(NEXT), today=NEXT)
    row.lines.update(state="waiting")  # as if the lines of a chunk had been lost with the machine
    bulk.go_on(bulk=row, at=moment(NEXT), today=NEXT)
    assert [Done.objects.filter(case=each.case, step="attend").count() for each in members] == [1, 1, 1]
    assert bulk.counts(row)["done"] == 3


def test_a_record_needs_a_row_for_everybody_who_takes_part(cast: Cast, batch: Case) -> None:
    gathered(cast, batch, 2)
    with pytest.raises(commands.Rejected, match="名单第2号没有填写"):
        land(cast, batch, "session", {1: {"present": "到"}}, {"course": "党章"}, key="1")
    with pytest.raises(commands.Rejected, match="名单第2号不记，没有写明理由"):
        land(cast, batch, "session", {1: {"present": "到"}, 2: " "}, {"course": "党章"}, key="1")
    assert not Bulk.objects.exists()
    with pytest.raises(commands.Rejected, match="请在批次页面上办理"):
        record(batch, "session", NEXT, {"course": "党章"}, key="1")


def test_who_has_left_is_not_reached_any_more_and_the_reason_stands_in_both_logs(cast: Cast, batch: Case) -> None:
    first, second = gathered(cast, batch, 2)
    with pytest.raises(commands.Rejected, match="没有写明为什么退出"):
        batches.leave(member=second, reason=" ", by=CLERK, on=NEXT, at=moment(NEXT))
    assert batches.leave(member=second, reason="调离本区", by=CLERK, on=NEXT, at=moment(NEXT))
    assert not batches.leave(member=second, reason="调离本区", by=CLERK, on=NEXT, at=moment(NEXT))
    assert [records("case", pk)[-1].content["reason"] for pk in (batch.pk, second.case_id or 0)] == ["调离本区"] * 2
    row = land(cast, batch, "session", {1: {"present": "到"}}, {"course": "党章"}, key="1")
    assert [line.case for line in row.lines.all()] == [first.case]
    assert proved() == []


def withdrawn(cast: Cast, decision: Decision) -> None:
    told = Review(starts_on=DAY, ground="复审", organ=cast.commission, number="青纪复〔2026〕1号")
    doing = Doing(by=CLERK, on=DAY, at=moment(DAY), convention="inclusive", seen=decision.version, reason="复审撤销")
    assert following.withdraw(decision=decision.pk, review=told, doing=doing) is not None


def test_whose_decision_is_withdrawn_is_on_no_list_and_gets_no_case(cast: Cast, batch: Case) -> None:
    first, second, third = decided(cast, 3)
    withdrawn(cast, second)
    with pytest.raises(commands.Rejected, match="名单第2号的处分决定已经撤销"):
        freeze(batch, *fixed(first, second))
    assert not batch.members.exists()
    freeze(batch, *fixed(first, third))
    withdrawn(cast, third)
    join(batch)
    joined, gone = batch.members.order_by("place")
    assert (joined.case is not None, joined.left_on) == (True, None)
    assert (gone.case, gone.left_on) == (None, DAY)
    assert (
        "处分决定撤销"
        in records("case", batch.pk)[-2].content["reason"] + records("case", batch.pk)[-1].content["reason"]
    )
    assert not Case.objects.filter(decision=third, procedure=joined.case.procedure if joined.case else "").exists()
    assert batches.joining(batch) == 0
    assert proved() == []


def test_whoever_leaves_before_joining_gets_no_case(cast: Cast, batch: Case) -> None:
    freeze(batch, *fixed(*decided(cast, 2)))
    member = batch.members.get(place=2)
    assert batches.leave(member=member, reason="调离本区", by=CLERK, on=DAY, at=moment(DAY))
    join(batch)
    assert [row.case is None for row in batch.members.order_by("place")] == [False, True]
    assert batches.joining(batch) == 0
    assert proved() == []


def gone_through(cast: Cast, batch: Case, account: Account | None = None) -> list[Prospect]:
    row = candidates.begin(batch=batch, account=account or cast.officer, at=moment(DAY))
    candidates.go_on(gathering=row, today=DAY)
    row.refresh_from_db()
    assert (row.state, row.done) == ("done", row.total)
    return list(Prospect.objects.filter(batch=batch).select_related("person").order_by("person__name", "pk"))


def test_whom_a_batch_may_take_is_gone_through_with_what_its_criteria_ask(
    cast: Cast, batch: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    (case,) = cases_of(cast, 1, "study", name="解文舟")
    decided(cast, 2)
    decided(cast, 1, label="诫勉", name="柳不凡")
    monkeypatch.setattr(candidates, "CHUNK", 2)
    found = gone_through(cast, batch)
    assert [(each.person and each.person.name, each.case_id) for each in found] == [
        ("解文舟", case.pk), ("许南舟", None), ("许南舟", None),
    ]  # fmt: skip
    assert found[1].facts == {"decision.class": ["党纪处分"], "period.running": True}
    assert Gathering.objects.get().outside == 1, "outside the scope: counted, and found by name"
    who = reader(cast.officer, DAY)
    (light,) = candidates.named(batch, who, "柳", [], DAY)
    assert (light.what, light.pk) == ("新开：诫勉", None)
    candidates.keep(batch, who, [light.key, "d999999", "x1", "d"], DAY)
    assert Prospect.objects.get(key=light.key).person == light.person
    assert gone_through(cast, batch, cast.outsider) == [], "another district's officer is told of nobody"
    assert candidates.named(batch, reader(cast.outsider, DAY), "柳", [], DAY) == []
    candidates.keep(batch, reader(cast.outsider, DAY), [light.key], DAY)
    assert not Prospect.objects.exists()


def test_whoever_another_running_batch_has_taken_is_shown_with_the_batch(cast: Cast, batch: Case) -> None:
    (case,) = cases_of(cast, 1, "study")
    other = batches.open_batch(
        pack=packs()[PackRef("course", "2026.01")], name="第二期", organ=cast.commission, **STAMP
    )
    freeze(batch, Fixed(case.subject_organ_id, case.person_id, case.decision_id, case.pk))
    join(batch)
    assert [each.hurdle for each in gone_through(cast, other)] == ["已在“集中教育班（2026年第一期）”里"]


def test_a_new_case_is_handled_by_whom_the_list_says_and_else_by_whoever_decided(cast: Cast, batch: Case) -> None:
    first, second = fixed(*decided(cast, 2))
    freeze(batch, first, replace(second, handler=cast.elsewhere.pk))
    join(batch)
    assert [each.case and each.case.organ for each in batch.members.order_by("place")] == [
        cast.commission,
        cast.elsewhere,
    ]
    assert proved() == []
