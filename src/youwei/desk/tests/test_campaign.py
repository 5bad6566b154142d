"""A campaign on its pages: criteria with a live count, what is not known, sharing out, teams under rules, one meeting for many, progress."""

import io
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from docx import Document
from python_calamine import CalamineWorkbook

from tests.support.cast import Cast
from youwei.cases import batches
from youwei.cases.commands import NewCase, open_many
from youwei.cases.facts import decision_facts
from youwei.cases.logs import log, packs
from youwei.cases.models import Bulk, Case, Member, NotDone
from youwei.cases.tests.builders import CLERK, decided, moment, record
from youwei.decisions.commands import Given, NewDecision, record_many
from youwei.decisions.models import Decision
from youwei.desk.tests.factories import signed_in
from youwei.documents.models import Paper
from youwei.journal.sealing import unseal
from youwei.organs.models import Role
from youwei.people.models import Person
from youwei.rulebook.law import load_law

pytestmark = [pytest.mark.django_db, pytest.mark.req("B9"), pytest.mark.req("B6")]
DAY, TODAY = date(2026, 3, 18), "2026年3月18日"


SCHEME = {
    "objects": "略", "content": ["困难和诉求"], "demands": "略", "starts_on": "2026-03-18", "ends_on": "2026-09-30",
}  # fmt: skip


@pytest.fixture(autouse=True)
def that_day() -> Iterator[None]:
    with time_machine.travel(datetime(2026, 3, 18, 1, 30, tzinfo=UTC), tick=False):
        yield


@pytest.fixture
def client(cast: Cast) -> Client:
    return signed_in(cast.officer)


@pytest.fixture
def batch(cast: Cast) -> Case:
    """A campaign whose scheme is approved."""
    pack = next(pack for ref, pack in packs().items() if ref.procedure == "campaign")
    made = batches.open_batch(
        pack=pack,
        name="2026年大回访",
        organ=cast.commission,
        by=CLERK,
        on=DAY,
        at=moment(DAY),
        today=DAY,
        role="office",
    )
    scheme = {
        "objects": "受处分人员",
        "content": ["困难和诉求"],
        "demands": "一人一访",
        "starts_on": DAY,
        "ends_on": date(2026, 9, 30),
    }
    record(
        made, "scheme", DAY, {name: str(value) if isinstance(value, date) else value for name, value in scheme.items()}
    )
    record(made, "approve_scheme", DAY, {"opinion": "同意"})
    return made


def one(cast: Cast, name: str, *, form: int | None = 2, born: date | None = date(1980, 1, 1), **more: Any) -> Decision:
    """A light sanction of the second form on somebody in service."""
    (made,) = decided(cast, 1, name=name, label=more.pop("label", "党内警告"))
    Decision.objects.filter(pk=made.pk).update(form=form, problem=more.pop("problem", "工作纪律"))
    Person.objects.filter(pk=made.person_id).update(born_on=born, post=more.pop("post", "科员"), **more)
    return made


def freezing(client: Client, batch: Case, **sent: Any) -> Any:
    address = reverse("batch-freeze", args=[batch.pk, "cohort"])
    return client.post(address, sent) if sent else client.get(address)


def names(answer: Any) -> list[str]:
    return [row.name for row in answer.context["page"].rows]


def fixed(client: Client, batch: Case) -> list[Member]:
    mark = freezing(client, batch).context["listed"].mark
    assert freezing(client, batch, on=TODAY, token="freeze", mark=mark).status_code == 302
    return list(Member.objects.order_by("place").select_related("case__person"))


def teamed(client: Client, batch: Case, *visitors: dict[str, str]) -> Any:
    record(batch, "visitors", DAY, {"people": [{"id": str(at), **each} for at, each in enumerate(visitors)]})
    return client.get(reverse("batch-teams", args=[batch.pk, "teams"]))


VISITORS = (
    {"name": "岑伯安", "unit": "青溪区纪委监委", "rank": "县处级正职"}, {"name": "方知行", "unit": "青溪区纪委监委", "rank": "乡科级正职"},
    {"name": "甘棠", "unit": "青溪区水利局", "rank": "乡科级正职"}, {"name": "温如言", "unit": "青溪区委组织部", "rank": "县处级副职"},
)  # fmt: skip


def test_the_list_is_proposed_by_the_packs_criteria_and_counts_change_as_they_are_changed(
    cast: Cast, client: Client, batch: Case
) -> None:
    one(cast, "丁一")  # light, second form
    one(cast, "丁二", label="留党察看一年")  # heavy, and nothing else
    one(cast, "丁三", label="留党察看一年", born=date(1996, 1, 1))  # heavy, and thirty years old
    one(cast, "丁四", form=3)  # the third form
    one(cast, "丁五", service="retired", service_on=date(2026, 1, 1))
    first = freezing(client, batch)
    assert names(first) == ["丁一", "丁三"]
    listed = first.context["listed"]
    assert (listed.tally.taken, listed.tally.out, listed.tally.unknown) == (2, 3, 0)
    assert sum(count for _, count in listed.left_out) == 3
    assert dict(listed.left_out)["第一、第二种形态"] == 1
    assert dict(listed.left_out)["在职"] == 1
    unused = {
        f"use-{name}": "off" for name in ("light", "young", "dereliction", "key_post", "admonished", "in_service")
    }
    changed = freezing(
        client, batch, **{"criteria": "1", "use-forms": "all", "value-forms": ["第二种", "第三种"], **unused}
    )
    assert sorted(names(changed)) == ["丁一", "丁三", "丁二", "丁五", "丁四"]
    piece = client.post(
        reverse("batch-freeze", args=[batch.pk, "cohort"]), {"criteria": "1", "use-forms": "all", "value-forms": "第三种"},
        headers={"HX-Request": "true"},
    )  # fmt: skip
    assert "<html" not in piece.content.decode()
    assert "拟1人" in piece.content.decode()
    assert names(freezing(client, batch)) == ["丁四"], "kept for the next time"


def test_whoever_cannot_be_judged_is_told_apart_with_what_is_lacking_and_taken_if_wished(
    cast: Cast, client: Client, batch: Case
) -> None:
    one(cast, "丁一")
    one(cast, "丁二", form=None)
    first = freezing(client, batch)
    assert names(first) == ["丁一"]
    assert first.context["listed"].doubts == [("第一、第二种形态", 1)]
    apart = client.get(reverse("batch-freeze", args=[batch.pk, "cohort"]), {"show": "unsure"})
    assert [(row.name, row.why) for row in apart.context["page"].rows] == [("丁二", "不清楚：形态")]
    both = freezing(client, batch, criteria="1", unsure="1")
    assert sorted(names(both)) == ["丁一", "丁二"]
    assert "情况不明1人，一并列入" in both.context["listed"].words(batches.pack_of(batch))


def another(made: Decision, day: date, *, form: int, label: str = "党内警告") -> Decision:
    """One more decision on the same person."""
    kind = load_law().recognise(label)
    assert kind is not None
    new = NewDecision(
        deciding_organ=made.deciding_organ, counted_at=made.counted_at, measures=(Given(kind, label),), person=made.person, unit=made.unit,
        made_on=day, effective_on=day, acts_until=day, managed_by="区管干部",
    )  # fmt: skip
    ((found, _, _),) = record_many([new], convention="inclusive", by=CLERK, on=DAY, at=moment(DAY))
    Decision.objects.filter(pk=found.pk).update(form=form)
    return found


def test_whoever_has_an_older_decision_that_fits_is_found_once_by_that_decision(
    cast: Cast, client: Client, batch: Case
) -> None:
    fits = one(cast, "丁一")  # second form
    another(fits, date(2026, 3, 16), form=3)  # newer, and not of the forms asked for
    never = one(cast, "丁二", form=3)
    another(never, date(2026, 3, 16), form=4)
    first = freezing(client, batch)
    assert [(row.key, row.name) for row in first.context["page"].rows] == [(f"d{fits.pk}", "丁一")]
    tally = first.context["listed"].tally
    assert (tally.taken, tally.out, tally.unknown) == (1, 1, 0), "two people, each counted once"
    hits = client.get(reverse("batch-freeze", args=[batch.pk, "cohort"]), {"q": "丁"}).context["hits"]
    assert [row.name for row in hits] == ["丁二"], "who is on the list is not offered once more by another decision"
    less = freezing(client, batch, take=f"d{fits.pk}")
    assert (names(less), [row.name for row in less.context["removed"]]) == ([], ["丁一"])
    freezing(client, batch, put=f"d{fits.pk}")
    (member,) = fixed(client, batch)
    assert (member.decision, member.case and member.case.decision) == (fits, fits)


def test_whoever_meets_what_leaves_out_by_any_decision_is_left_out(cast: Cast, client: Client, batch: Case) -> None:
    another(one(cast, "丁一"), date(2025, 3, 3), form=2, label="留党察看一年")
    unused = {f"use-{name}": "off" for name in ("light", "young", "dereliction", "key_post", "admonished")}
    assert names(freezing(client, batch, criteria="1", **unused)) == ["丁一"]
    left = freezing(client, batch, **{"criteria": "1", **unused, "use-light": "not"})
    assert (names(left), dict(left.context["listed"].left_out)) == ([], {"党纪政务轻处分": 1})


def test_an_open_visit_is_taken_in_where_another_decision_on_the_person_fits(
    cast: Cast, client: Client, batch: Case
) -> None:
    fits = one(cast, "丁一")
    heavy = another(fits, date(2026, 3, 16), form=3)
    pack = next(pack for ref, pack in packs().items() if ref.procedure == "jingzhou-visit")
    facts = decision_facts(heavy, list(heavy.measures.all()), [], DAY)
    new = NewCase(
        pack=pack, organ=cast.commission, subject_organ=cast.bureau, person=heavy.person, decision=heavy, facts=facts
    )
    (case,) = open_many([new], by=CLERK, on=DAY, at=moment(DAY), today=DAY)
    (row,) = freezing(client, batch).context["page"].rows
    assert (row.key, row.what) == (f"c{case.pk}", f"在办：{case.title}")
    assert row.why.startswith("按党内警告")
    assert "形态：第二种" in row.why
    (member,) = fixed(client, batch)
    assert member.case == case
    other = batches.open_batch(
        pack=batches.pack_of(batch), name="又一次", organ=cast.commission, by=CLERK, on=DAY, at=moment(DAY), today=DAY
    )
    record(other, "scheme", DAY, SCHEME)
    record(other, "approve_scheme", DAY, {"opinion": "同意"})
    told = freezing(client, other)
    assert (told.context["listed"].keys, told.context["listed"].hindered) == (
        [],
        [("已在“回访专项行动（2026年大回访）”里", 1)],
    )
    assert "现在不能纳入1人" in told.content.decode()


def test_ranks_are_compared_however_they_are_written_and_what_nobody_knows_is_told_apart(
    cast: Cast, client: Client, batch: Case
) -> None:
    for name, rank in (("丁一", "正科"), ("丁二", "四级调研员"), ("丁三", "高级工程师"), ("丁四", "")):
        one(cast, name, rank=rank)
    fixed(client, batch)
    page = teamed(client, batch, VISITORS[0], VISITORS[1], VISITORS[3])
    rows = {row.member.name: (row.rank, row.member.rank) for row in page.context["page"].rows}
    assert rows == {
        "丁一": ("正科", "乡科级正职"), "丁二": ("四级调研员", "县处级副职"), "丁三": ("高级工程师", "高级工程师"), "丁四": ("", ""),
    }  # fmt: skip
    teaming = page.context["teaming"]
    assert [row.member.name for row in teaming.unread] == ["丁三"]
    assert [row.member.name for row in teaming.unranked] == ["丁四"]
    assert {row.member.name: row.why for row in teaming.lacking} == {"丁三": "没有职级合适的组长"}
    assert "1人没有登记职级" in page.content.decode()
    assert "丁三（高级工程师）" in page.content.decode()
    address = reverse("batch-teams", args=[batch.pk, "teams"])
    place = {row.member.name: row.member.place for row in teaming.rows}
    wrong = client.post(address, {"place": place["丁二"], "leader": "方知行", "other": "岑伯安"})
    assert "组长方知行的职级低于县处级副职" in wrong.content.decode()


def test_who_was_visited_already_is_subtracted_if_wished(cast: Cast, client: Client, batch: Case) -> None:
    seen, other = one(cast, "丁一"), one(cast, "丁二")
    pack = next(pack for ref, pack in packs().items() if ref.procedure == "campaign")
    earlier = batches.open_batch(
        pack=pack, name="上一次", organ=cast.commission, by=CLERK, on=DAY, at=moment(DAY), today=DAY
    )
    record(
        earlier,
        "scheme",
        DAY,
        {
            "objects": "略",
            "content": ["困难和诉求"],
            "demands": "略",
            "starts_on": "2026-03-18",
            "ends_on": "2026-09-30",
        },
    )
    record(earlier, "approve_scheme", DAY, {"opinion": "同意"})
    batches.freeze(
        batch=earlier,
        step="cohort",
        fixed=[batches.Fixed(cast.bureau.pk, seen.person_id, seen.pk)],
        by=CLERK,
        on=DAY,
        at=moment(DAY),
        today=DAY,
    )
    batches.join_next(batch=earlier, by=CLERK, at=moment(DAY), today=DAY)
    case = Case.objects.get(procedure="campaign-visit")
    visited(case)
    record(case, "feedback", DAY, {"summary": "已谈清"})
    assert sorted(names(freezing(client, batch))) == ["丁一", "丁二"]
    later = freezing(client, batch, **{"criteria": "1", "use-visited": "not", "value-visited": "2026年3月19日"})
    assert sorted(names(later)) == ["丁一", "丁二"]
    less = freezing(client, batch, **{"criteria": "1", "use-visited": "not", "value-visited": "2026.3.18"})
    assert names(less) == ["丁二"] == [other.person and other.person.name]


GROUP = {"leader": "岑伯安", "people": ["岑伯安", "方知行"], "until": "2026-09-20"}
HELD = {
    "outcome": "已进行", "planned": True, "contacted": True, "mode": "座谈", "place": "会议室", "people": ["岑伯安", "方知行"], "heard": ["本人"],
    "account": "谈了近况。", "why_none": "已谈清",
}  # fmt: skip


def visited(case: Case, **more: Any) -> None:
    if len(log(case)) == 2:  # opened and joined
        record(case, "group", DAY, GROUP)
    told = (
        HELD
        if more.get("outcome", "已进行") == "已进行"
        else {name: HELD[name] for name in ("planned", "contacted", "people", "why_none")}
    )
    record(case, "visit", DAY, {name: value for name, value in {**told, **more}.items() if value != ""}, key="1")


def test_the_new_cases_of_an_office_go_to_whom_the_sharing_out_says(cast: Cast, client: Client, batch: Case) -> None:
    mine, other = one(cast, "丁一"), one(cast, "丁二")
    Decision.objects.filter(pk=other.pk).update(deciding_organ=cast.elsewhere)
    offices = {each.organ: each.count for each in freezing(client, batch).context["offices"]}
    assert offices == {cast.commission: 1, cast.elsewhere: 1}
    shared = {
        "criteria": "1",
        "office": [cast.commission.pk, cast.elsewhere.pk],
        "with": [cast.commission.pk, cast.elsewhere.pk],
    }
    freezing(client, batch, **shared, **{f"handler-{cast.elsewhere.pk}": str(cast.commission.pk)})
    assert {each.decision_id: each.case and each.case.organ for each in fixed(client, batch)} == {
        mine.pk: cast.commission,
        other.pk: cast.commission,
    }


def test_an_office_that_takes_no_part_leaves_its_people_out(cast: Cast, client: Client, batch: Case) -> None:
    one(cast, "丁一")
    other = one(cast, "丁二")
    Decision.objects.filter(pk=other.pk).update(deciding_organ=cast.elsewhere)
    less = freezing(
        client, batch, criteria="1", office=[cast.commission.pk, cast.elsewhere.pk], **{"with": [cast.commission.pk]}
    )
    assert (names(less), less.context["listed"].away) == (["丁一"], 1)


def test_teams_are_proposed_evenly_under_the_rules_moved_by_hand_and_land_on_the_members(
    cast: Cast, client: Client, batch: Case
) -> None:
    for name in ("丁一", "丁二", "丁三"):
        one(cast, name, rank="乡科级正职")
    members = fixed(client, batch)
    proposed = teamed(
        client,
        batch,
        *VISITORS,
        {"name": "乐山川", "unit": "青溪区纪委监委", "rank": "乡科级正职", "avoids": "丁一、丁二"},
    )
    rows = {row.member.name: row.team for row in proposed.context["page"].rows}
    assert all("甘棠" not in team for team in rows.values()), "of the members' own unit"
    assert "乐山川" not in {*rows["丁一"], *rows["丁二"]}
    loads = {each.name: load for each, load in proposed.context["teaming"].loads}
    assert loads["甘棠"] == 0
    # 三人六席，四个可以去的人：乐山川只能去丁三，至多一席；其余三人分五席
    assert sorted(loads[name] for name in ("岑伯安", "方知行", "温如言", "乐山川")) in ([1, 1, 2, 2], [1, 2, 2, 1])
    address = reverse("batch-teams", args=[batch.pk, "teams"])
    wrong = client.post(address, {"place": members[0].place, "leader": "乐山川", "other": "甘棠"})
    assert "乐山川应当回避；甘棠与本人同一单位" in wrong.content.decode()
    client.post(address, {"place": members[0].place, "leader": "温如言", "other": "方知行"})
    moved = {row.member.place: (row.team, row.moved) for row in client.get(address).context["page"].rows}
    assert moved[members[0].place] == (("温如言", "方知行"), True)
    sent = {"on": TODAY, "token": "teams", "until": "2026年9月20日", "seen": client.get(address).context["seen"]}
    assert client.post(address, {**sent, "until": ""}).status_code == 422
    assert client.post(address, sent).status_code == 302
    case = Case.objects.get(pk=members[0].case_id)
    assert log(case)[-1].values["people"] == ["温如言", "方知行"]
    assert log(case)[-1].via is not None
    assert client.get(address).status_code == 302, "done once"


def landed(cast: Cast, client: Client, batch: Case, *people: str) -> list[Case]:
    """A frozen campaign with a team for everybody."""
    for name in people:
        one(cast, name)
    members = fixed(client, batch)
    teamed(client, batch, *VISITORS)
    address = reverse("batch-teams", args=[batch.pk, "teams"])
    client.post(
        address, {"on": TODAY, "token": "teams", "until": "2026年9月20日", "seen": client.get(address).context["seen"]}
    )
    return [each.case for each in members if each.case]


def test_progress_says_where_everybody_stands_leads_to_the_missing_and_goes_out_as_excel_and_word(
    cast: Cast, client: Client, batch: Case
) -> None:
    cases = landed(cast, client, batch, "丁一", "丁二", "丁三", "丁四", "丁五", "丁六")
    by_name = {case.person.name: case for case in cases if case.person}
    visited(by_name["丁一"])
    visited(by_name["丁二"], outcome="本人拒绝", missed="不愿见面")
    visited(by_name["丁三"], outcome="本人推迟", missed="出差", next_on="2026-04-20", why_none="")
    visited(by_name["丁四"], outcome="因故未进行", missed="台风", why_none="不再安排")
    leaving = Member.objects.get(case=by_name["丁六"])
    batches.leave(member=leaving, reason="调离", by=CLERK, on=DAY, at=moment(DAY))
    page = client.get(reverse("batch", args=[batch.pk]))
    whole = page.context["progress"].whole
    assert dict(whole.counts) == {"visited": 1, "refused": 1, "postponed": 1, "not_done": 1, "pending": 1, "left": 1}
    # 六人访了一人：16.7%；退出一人，五人中一人：20.0%
    assert (whole.frozen_rate, whole.present_rate) == ("16.7%", "20.0%")
    missing = client.get(
        reverse("batch", args=[batch.pk]), {"where": "pending", "organ": cast.commission.pk, "by": "office"}
    )
    assert [row.case.person.name for row in missing.context["page"].rows] == ["丁五"]
    with time_machine.travel(datetime(2026, 9, 22, 1, 30, tzinfo=UTC), tick=False):
        late = signed_in(cast.officer).get(reverse("batch", args=[batch.pk])).context["progress"].whole
    assert (late.counts["late"], late.counts["pending"]) == (2, 0), "丁五从未回访，丁三推迟后又没访"
    data = client.get(reverse("batch-export", args=[batch.pk])).content
    lines = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()[3:]
    assert {(line[1], line[4]) for line in lines} == {
        ("丁一", "已回访"), ("丁二", "本人拒绝"), ("丁三", "本人推迟"), ("丁四", "因故未访"), ("丁五", "未到期"), ("丁六", "退出"),
    }  # fmt: skip
    address = reverse("case-record", args=[batch.pk, "monthly"])
    sent = {"key": "1", "on": TODAY, "situation": "进展顺利", "token": "month", "seen": str(len(log(batch)))}
    assert client.post(address, sent).status_code in (200, 302)
    paper = Paper.objects.get(case=batch, kind="campaign-progress")
    document = Document(io.BytesIO(unseal(bytes(paper.sealed), place="paper")))
    told = [[cell.text for cell in row.cells] for table in document.tables for row in table.rows]
    assert ["合计", "6", "1", "1", "1", "1", "0", "1", "20.0%"] in told


def test_one_meeting_is_recorded_for_a_unit_and_the_others_are_left_out_with_one_reason(
    cast: Cast, client: Client, batch: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("youwei.desk.batches.views.AT_ONCE", 2)
    cases = landed(cast, client, batch, "丁一", "丁二", "丁三")
    address = reverse("batch-land", args=[batch.pk, "briefing"])
    shown = client.get(address).context
    assert (len(shown["form"].rows), shown["others"]) == (2, 1)
    sent: dict[str, Any] = {
        "on": TODAY, "token": "land", "seen": shown["seen"], "planned": "yes", "contacted": "yes", "mode": "座谈", "place": "会议室",
        "people": ["岑伯安", "方知行"], "heard": ["本人"], "account": "一起谈了", "r1-outcome": "已进行", "r1-why_none": "已谈清",
        "r2-left_out": "请假", "stage": "record",
    }  # fmt: skip
    assert client.post(address, sent).status_code == 422, "nobody is silently left out"
    answer = client.post(address, {**sent, "others": "没有到会"})
    assert answer.status_code == 302, [
        answer.context["form"].shared.errors,
        [row.errors for row in answer.context["form"].rows],
    ]
    assert [log(case)[-1].step for case in cases] == ["visit", "group", "group"]
    assert NotDone.objects.count() == 0


def test_what_is_the_same_for_everybody_is_typed_once_and_who_is_left_out_stays_so(
    cast: Cast, client: Client, batch: Case
) -> None:
    landed(cast, client, batch, "丁一", "丁二", "丁三")
    address = reverse("batch-land", args=[batch.pk, "briefing"])
    typed = {
        "r1-outcome": "已进行",
        "r1-why_none": "已谈清",
        "r2-left_out": "请假",
        "r3-outcome": "本人拒绝",
        "fill": "1",
    }
    answer = client.post(address, typed)
    assert answer.status_code == 200
    rows = {row.whom.number: row for row in answer.context["form"].rows}
    assert [rows[1]["why_none"].value(), rows[2]["why_none"].value(), rows[3]["why_none"].value()] == [
        "已谈清",
        None,
        "已谈清",
    ]
    assert (rows[3]["outcome"].value(), rows[2].out) == ("本人拒绝", "请假"), "what was typed stays"
    assert not Bulk.objects.filter(title="回访").exists()


def test_the_record_of_the_list_says_by_which_values_it_was_drawn_up(cast: Cast, client: Client, batch: Case) -> None:
    one(cast, "丁一")
    freezing(client, batch, **{"criteria": "1", "use-handled_since": "all", "value-handled_since": "2022年3月1日"})
    fixed(client, batch)
    scope = next(entry for entry in log(batch) if entry.step == "cohort").values["scope"]
    assert "何时以来处理的（“作出决定之日”≥2022年3月1日）" in scope
    assert "第一、第二种形态（“形态”为第一种或第二种）" in scope


def test_pages_ask_the_same_number_of_queries_for_few_and_for_many(cast: Cast, client: Client, batch: Case) -> None:
    counts: dict[str, list[int]] = {"batch": [], "teams": [], "list": []}
    for name in ("丁一", "丁二"):
        one(cast, name)
    for size in (0, 12):
        for number in range(size):
            one(cast, f"戊{number}")
        with CaptureQueriesContext(connection) as queries:
            freezing(client, batch)
        counts["list"].append(len(queries))
    assert counts["list"][0] == counts["list"][1]
    sizes = []
    for name in ("小", "大"):
        each = batches.open_batch(
            pack=batches.pack_of(batch),
            name=name,
            organ=cast.commission,
            by=CLERK,
            on=DAY,
            at=moment(DAY),
            today=DAY,
            role="office",
        )
        record(
            each,
            "scheme",
            DAY,
            {
                "objects": "略",
                "content": ["困难和诉求"],
                "demands": "略",
                "starts_on": "2026-03-18",
                "ends_on": "2026-09-30",
            },
        )
        record(each, "approve_scheme", DAY, {"opinion": "同意"})
        people = list(Decision.objects.filter(cases=None).order_by("pk")[: 2 if name == "小" else 12])
        listed = [batches.Fixed(cast.bureau.pk, row.person_id, row.pk) for row in people]
        batches.freeze(batch=each, step="cohort", fixed=listed, by=CLERK, on=DAY, at=moment(DAY), today=DAY)
        batches.join_next(batch=each, by=CLERK, at=moment(DAY), today=DAY)
        record(each, "visitors", DAY, {"people": [{"id": str(at), **row} for at, row in enumerate(VISITORS)]})
        sizes.append(each.members.count())
        for page, address in (
            ("batch", reverse("batch", args=[each.pk])),
            ("teams", reverse("batch-teams", args=[each.pk, "teams"])),
        ):
            with CaptureQueriesContext(connection) as queries:
                assert client.get(address).status_code == 200
            counts[page].append(len(queries))
    assert sizes == [2, 12]
    assert counts["batch"][0] == counts["batch"][1]
    assert counts["teams"][0] == counts["teams"][1]


def test_who_does_not_work_on_the_batch_finds_none_of_its_pages(cast: Cast, client: Client, batch: Case) -> None:
    landed(cast, client, batch, "丁一")
    reader = signed_in(cast.accounts[Role.UPPER_VIEWER])
    for other in (
        signed_in(cast.outsider),
        signed_in(cast.accounts[Role.UNIT]),
        signed_in(cast.accounts[Role.SYSTEM_ADMIN]),
    ):
        for name, args in (
            ("batch-teams", ["teams"]),
            ("batch-freeze", ["cohort"]),
            ("batch-export", []),
            ("batch-gathering", []),
        ):
            assert other.get(reverse(name, args=[batch.pk, *args])).status_code == 404, name
    for name, args in (("batch-teams", ["teams"]), ("batch-freeze", ["cohort"]), ("batch-gathering", [])):
        assert reader.get(reverse(name, args=[batch.pk, *args])).status_code == 404, "reading is not recording"


def test_nonsense_typed_into_the_pages_breaks_nothing(cast: Cast, client: Client, batch: Case) -> None:
    one(cast, "丁一")
    sent = {
        "use-forms": "x",
        "value-handled_since": "去年",
        "value-young": "三十五",
        "put": "d" * 30,
        "page": "x",
        "show": "y",
    }
    answer = freezing(client, batch, **{"criteria": "1", "office": ["x", "9" * 30], "with": ["-1"], **sent})
    assert (answer.status_code, names(answer)) == (200, ["丁一"])
    assert "没有加入" in answer.content.decode()
