"""一人一档: what the dossier says, today and as of a day, and to whom."""

from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from youwei.cases.models import Case, Done, OpenStep
from youwei.decisions.commands import undo_many
from youwei.decisions.models import Period
from youwei.desk.people.bars import Answer, answer
from youwei.desk.tests.factories import CLERK, MORNING, TODAY, City, decide, holder, open_case, person, signed_in
from youwei.documents.models import Paper
from youwei.journal.models import Entry
from youwei.journal.sealing import seal
from youwei.organs.models import ReadTrace, Role
from youwei.people.commands import build, correct_name, register_many, set_shelf, update_facts
from youwei.people.models import Person

IDENTITY = "990101199108010015"


@pytest.fixture
def officer(place: City) -> Client:
    return signed_in(holder(Role.CASE_OFFICER, place.commission))


def opened(client: Client, someone: Person, **query: str) -> str:
    answered = client.get(reverse("person", args=[someone.pk]), query)
    assert answered.status_code == 200
    return answered.content.decode()


@pytest.mark.req("A2", "B1")
def test_the_dossier_answers_with_the_later_of_two_periods_and_explains_both(officer: Client, place: City) -> None:
    someone = person(place.unit)
    decide(someone, place.commission, "党内严重警告", "政务记过", facts="履行监管职责不力")
    html = opened(officer, someone)
    # 2026-03-12 + 18 months: last day 2027-09-11, free from 2027-09-12; + 12 months: last day 2027-03-11.
    assert "按日期最早可提拔、进一步使用" in html
    assert "<dd>2027年9月12日</dd>" in html
    assert "取2项期间中较晚的一项" in html
    assert "2026年3月12日—2027年9月11日" in html
    assert "2026年3月12日—2027年3月11日" in html
    assert "《中国共产党纪律处分条例》" in html
    assert "青纪发〔2026〕19号" in html
    assert "履行监管职责不力" in html
    assert '<svg class="yw-draw yw-wide"' in html
    assert "影响期内" in html


def test_a_sanction_without_end_a_period_to_be_verified_and_none_are_told_apart() -> None:
    never = Period(pk=1, measure_id=1, starts_on=date(2025, 3, 12), permanent=True, until={"promotion": "9999-12-31"})
    unknown = Period(pk=2, measure_id=2, unsettled=["生效日期不详，期间待核"])
    over = Period(
        pk=3, measure_id=3, starts_on=date(2019, 3, 12), last_day=date(2020, 3, 11), until={"promotion": "2020-03-12"}
    )
    labels = {1: "政务开除", 2: "党内警告", 3: "党内警告"}
    assert answer([never], labels, TODAY).words == "没有期满之日"
    assert answer([unknown], labels, TODAY) == Answer("按日期最早可提拔", "待核", "党内警告的期间待核")
    assert answer([over], labels, TODAY).words == "日期上无影响"
    assert answer([over, unknown], labels, TODAY).words == "待核"
    assert "另有1项期间待核" in answer([never, unknown], labels, TODAY).reason


def test_an_administrative_sanction_alone_has_a_sanction_period_and_no_influence_period(
    officer: Client, place: City
) -> None:
    someone = person(place.unit)
    decide(someone, place.commission, "政务记过")
    assert "处分期内" in opened(officer, someone)
    decide(someone, place.commission, "党内警告", number="青纪发〔2026〕20号")
    assert "处分期内" not in opened(officer, someone)


@pytest.mark.parametrize(("day", "words"), [(date(2020, 3, 11), "2020年3月12日"), (date(2020, 3, 12), "日期上无影响")])
def test_the_first_free_day_itself_is_free(day: date, words: str) -> None:
    period = Period(
        pk=3,
        measure_id=3,
        starts_on=date(2019, 3, 12),
        last_day=date(2020, 3, 11),
        months=12,
        until={"promotion": "2020-03-12"},
    )
    assert answer([period], {3: "党内警告"}, day).words == words


@pytest.mark.req("K1")
def test_after_the_period_the_matter_is_folded_away_but_an_open_case_or_unknown_date_keeps_it_open(
    officer: Client, place: City
) -> None:
    over, open_one, unknown = person(place.unit, "何予安"), person(place.unit, "邵文彬"), person(place.unit, "梁秋实")
    decide(over, place.commission, "党内警告", made_on=date(2019, 3, 12))
    open_case(decide(open_one, place.commission, "党内警告", made_on=date(2019, 3, 12)))
    decide(unknown, place.commission, "党内警告", made_on=None)
    folded = "需要时展开以往的处分处理和记录"
    assert folded in opened(officer, over)
    assert "日期上无影响" in opened(officer, over)
    assert folded not in opened(officer, open_one)
    assert folded not in opened(officer, unknown)


@pytest.mark.req("B1")
def test_as_of_a_day_shows_only_what_had_been_recorded_by_then_and_acts_on_nothing(
    officer: Client, place: City
) -> None:
    first = datetime(2026, 3, 20, 2, tzinfo=UTC)
    someone = register_many(
        [build(organ=place.unit, name="许南周", identity=IDENTITY, post="科员")], by=CLERK, on=first.date(), at=first
    )[0]
    decide(someone, place.commission, "党内警告", made_on=date(2026, 3, 12), at=first)
    later = datetime(2026, 6, 10, 2, tzinfo=UTC)
    correct_name(person=someone, name="许南舟", reason="录入笔误", by=CLERK, on=later.date(), at=later)
    update_facts(person=someone, changes={"post": "副科长"}, by=CLERK, on=later.date(), at=later)
    set_shelf(person=someone, shelf="3柜2层", by=CLERK, on=later.date(), at=later)
    decide(someone, place.commission, "政务记大过", made_on=date(2026, 6, 1), at=later, number="青监处〔2026〕8号")
    then = opened(officer, someone, on="2026年4月1日")
    for words in ("这是截至2026年4月1日24时的档案", "许南周", "科员", "党内警告", "2027年3月12日"):
        assert words in then
    for words in (
        "许南舟",
        "副科长",
        "3柜2层",
        "政务记大过",
        "青监处〔2026〕8号",
        "更正姓名</a>",
        "查看（留痕）",
        "保存架号",
    ):
        assert words not in then
    now = opened(officer, someone)
    for words in ("许南舟", "副科长", "3柜2层", "政务记大过", "青监处〔2026〕8号", "查看（留痕）", "保存架号"):
        assert words in now
    before = opened(officer, someone, on="2026-3-19")
    assert "还没有这个人的档案" in before
    assert "党内警告" not in before


def test_what_was_entered_on_the_day_itself_belongs_to_it(officer: Client, place: City) -> None:
    late = datetime(2026, 4, 1, 15, 59, tzinfo=UTC)  # 23:59 in China
    someone = person(place.unit, at=late)
    assert "还没有这个人的档案" not in opened(officer, someone, on="2026-4-1")
    assert "还没有这个人的档案" in opened(officer, someone, on="2026-3-31")


def test_a_decision_taken_back_with_its_import_shows_only_before_that_day(officer: Client, place: City) -> None:
    someone = person(place.unit)
    decision = decide(someone, place.commission, "党内警告")
    undone = datetime(2026, 5, 4, 2, tzinfo=UTC)
    undo_many(decisions=[decision], by=CLERK, on=undone.date(), at=undone, convention="inclusive")
    assert "0份决定" in opened(officer, someone)
    assert "撤回登记的决定" in opened(officer, someone)
    assert "1份决定" in opened(officer, someone, on="2026-5-3")
    assert officer.get(reverse("decision", args=[decision.pk])).status_code == 404


@pytest.mark.req("I5")
def test_reading_is_traced_and_shown_to_the_next_reader(officer: Client, place: City) -> None:
    someone = person(place.unit)
    opened(officer, someone, on="2026-4-1")
    html = opened(officer, someone)
    trace = ReadTrace.objects.filter(act="person.view", ref=someone.pk).earliest("pk")
    assert (trace.kind, trace.by, trace.detail) == ("person", "陈思远", "截至2026年4月1日的档案")
    assert "截至2026年4月1日的档案" in html


@pytest.mark.req("I5")
def test_the_identity_number_is_masked_shown_once_on_request_and_traced(officer: Client, place: City) -> None:
    given = {"name": "许南舟", "identity": IDENTITY, "born_on": date(1991, 8, 1)}
    someone = register_many([build(organ=place.unit, **given)], by=CLERK, on=TODAY, at=MORNING)[0]
    assert IDENTITY not in opened(officer, someone)
    assert "●●●●●●1991●●●●●●●●" in opened(officer, someone)
    url = reverse("person-identity", args=[someone.pk])
    assert officer.get(url).status_code == 405
    for headers in ({}, {"HX-Request": "true"}):
        answered = officer.post(url, headers=headers)
        assert IDENTITY in answered.content.decode()
        assert "no-store" in answered["Cache-Control"]
    assert ReadTrace.objects.filter(act="person.identity", ref=someone.pk).count() == 2
    viewer = signed_in(holder(Role.UPPER_VIEWER, place.city_commission))
    assert "查看（留痕）" not in opened(viewer, someone)
    assert viewer.post(url).status_code == 404
    assert officer.post(reverse("person-identity", args=[person(place.unit).pk])).status_code == 404


@pytest.mark.req("J4")
def test_a_misspelt_name_is_corrected_once_and_everywhere_but_not_in_issued_papers(
    officer: Client, place: City
) -> None:
    someone = person(place.unit, "许南周")
    case = open_case(decide(someone, place.commission, "党内警告"))
    Paper.objects.create(
        case=case,
        entry_seq=1,
        kind="minutes",
        title="许南周宣布记录",
        sealed=seal("许南周".encode(), place="paper"),
        digest="0",
        issued_at=MORNING,
        by="陈思远",
    )
    url = reverse("person-name", args=[someone.pk])
    page = officer.get(url).content.decode()
    for words in ("处分台账中的1份决定", "1件事项", "已出具的1份文书", "不改"):
        assert words in page
    answered = officer.post(url, {"name": "许 南舟", "reason": "录入笔误", "was": "许南周"})
    assert answered.status_code == 303
    for link in (
        reverse("person", args=[someone.pk]),
        reverse("people"),
        reverse("ledger"),
        reverse("search") + "?q=许南周",
    ):
        assert "许南舟" in officer.get(link).content.decode()
    paper = Paper.objects.get()
    assert (paper.title, paper.data().decode()) == ("许南周宣布记录", "许南周")
    assert "许南周宣布记录" in opened(officer, someone)


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"name": "", "reason": "笔误"}, "请填写"),
        ({"name": "许南舟", "reason": ""}, "请填写"),
        ({"name": "许南周", "reason": "笔误"}, "与现在的一样"),
        ({"name": "许" * 65, "reason": "笔误"}, "64"),
        ({"name": "许\x00舟", "reason": "笔误"}, "不能保存的字符"),
        ({"name": "许南舟", "reason": "笔误", "was": "许南洲"}, "刚刚已被更正"),
        ({}, "请填写"),
    ],
)
def test_a_name_that_cannot_be_corrected_is_refused_in_words_and_nothing_is_written(
    officer: Client, place: City, sent: dict[str, str], words: str
) -> None:
    someone = person(place.unit, "许南周")
    entries = Entry.objects.count()
    answered = officer.post(reverse("person-name", args=[someone.pk]), sent)
    assert answered.status_code == 422
    assert words in answered.content.decode()
    assert Person.objects.get(pk=someone.pk).name == "许南周"
    assert Entry.objects.count() == entries


@pytest.mark.req("J2")
def test_the_shelf_number_is_kept_and_a_bad_one_is_refused(officer: Client, place: City) -> None:
    someone = person(place.unit)
    url = reverse("person-shelf", args=[someone.pk])
    officer.post(url, {"shelf": "3柜2层-017"})
    assert "3柜2层-017" in opened(officer, someone)
    officer.post(url, {"shelf": "长" * 65})
    assert Person.objects.get(pk=someone.pk).shelf == "3柜2层-017"
    assert "最多64个字" in opened(officer, someone)
    entries = Entry.objects.count()
    officer.post(url, {"shelf": "3柜2层-017"})
    assert Entry.objects.count() == entries


def test_the_dossier_shows_where_its_cases_stand_and_what_was_done(officer: Client, place: City) -> None:
    someone = person(place.unit)
    case = open_case(decide(someone, place.commission, "党内严重警告"))
    Done.objects.create(
        case=case, step="gone", kind="visit", title="第一次回访", entry_seq=1, on=date(2026, 4, 2), at=date(2026, 4, 2)
    )
    OpenStep.objects.create(
        case=case,
        step="x",
        key="9",
        kind="visit",
        title="第二次回访",
        role="group",
        held_by="case_officer",
        due_on=date(2026, 4, 1),
    )
    html = opened(officer, someone)
    assert case.title in html
    assert "立项" in html
    assert "第一次回访4月2日" in html
    assert "第二次回访4月1日前" in html
    Case.objects.filter(pk=case.pk).update(state=Case.State.ENDED, ended_on=date(2026, 9, 1))
    assert "已办结1件" in opened(officer, someone)


def test_records_can_be_narrowed_to_one_kind(officer: Client, place: City) -> None:
    someone = person(place.unit)
    decide(someone, place.commission, "党内警告")
    records = opened(officer, someone, kind="decision").split('id="records"')[1]
    assert "给予党内警告" in records
    assert "建立档案" not in records


@pytest.mark.req("I5")
def test_a_case_of_another_organ_is_not_on_the_page_of_a_reader_who_may_not_see_it(place: City) -> None:
    someone = person(place.unit)
    decision = decide(
        someone, place.other_commission, "党内警告", facts="只有临湖知道的事实", counted_at=place.other_district
    )
    decision.unit = place.other_unit
    decision.save(update_fields=["unit"])
    reader = signed_in(holder(Role.CASE_OFFICER, place.commission))
    html = opened(reader, someone)
    assert "党内警告" in html
    assert "只有临湖知道的事实" not in html
    assert reverse("decision", args=[decision.pk]) not in html


def test_the_dossier_asks_the_same_number_of_questions_for_1_and_for_12_decisions(officer: Client, place: City) -> None:
    def asked(someone: Person, **query: str) -> int:
        with CaptureQueriesContext(connection) as caught:
            opened(officer, someone, **query)
        return len(caught)

    few, many = person(place.unit, "何予安"), person(place.unit, "邵文彬")
    open_case(decide(few, place.commission, "党内警告"))
    for number in range(12):
        open_case(
            decide(many, place.commission, "党内警告", "政务记过", made_on=date(2020 + number // 3, 3, 1 + number))
        )
    asked(few)
    assert asked(few) == asked(many)
    assert asked(few, on="2026-4-1") == asked(many, on="2026-4-1")


BAD = (
    "on=2026-2-30", "on=abc", "on=%00", "on=99999-1-1", "on=2030-1-1", "on=0001-1-1", "on=" + "9" * 3000, "kind=evil", "kind=%00", "all=1",
    "all=", "on=2026-4-1&kind=decision&all=1", "on=二〇二六年四月一日", "on=%F0%9F%98%80", "page=abc",
)  # fmt: skip


@pytest.mark.parametrize("query", BAD)
def test_nothing_typed_into_the_address_of_a_dossier_breaks_it(officer: Client, place: City, query: str) -> None:
    someone = person(place.unit)
    decide(someone, place.commission, "党内警告")
    assert officer.get(f"{reverse('person', args=[someone.pk])}?{query}").status_code == 200


def test_a_bad_day_is_said_in_words(officer: Client, place: City) -> None:
    someone = person(place.unit)
    assert "没有这一天：2026年2月只有28天" in opened(officer, someone, on="2026-2-30")
    assert "不能晚于今天" in opened(officer, someone, on="2030-1-1")


def test_a_person_who_is_not_there_is_not_found(officer: Client) -> None:
    for key in (0, 999_999, 99_999_999_999_999_999_999):
        assert officer.get(f"/people/{key}/").status_code == 404


@pytest.mark.req("A2")
@pytest.mark.parametrize(
    ("made_on", "told"),
    [
        # One year to 11 December 2025; rights were never restored.
        (date(2024, 12, 12), "察看期满，待恢复党员权利"),
        # The two years counted provisionally after 20 October 2024 are over in three weeks: that ends nothing.
        (date(2023, 10, 21), "察看期满，待恢复党员权利"),
        # The year is over on 9 October 2026, ten days after today.
        (date(2025, 10, 10), "10天后察看期满"),
    ],
)
def test_a_probation_does_not_simply_end(officer: Client, place: City, made_on: date, told: str) -> None:
    someone = person(place.unit)
    decide(someone, place.commission, "留党察看一年", made_on=made_on)
    pages = [opened(officer, someone), officer.get(reverse("people")).content.decode()]
    assert all(told in html for html in pages)
    assert not any("天后期满" in html for html in pages)
