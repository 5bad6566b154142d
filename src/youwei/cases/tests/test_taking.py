"""A checked ledger becomes persons, decisions and cases: once, whole, and asked about where it could be somebody else."""

from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest

from tests.support.cast import Cast
from youwei.cases import taking
from youwei.cases.models import Case
from youwei.cases.tests.builders import CLERK, moment
from youwei.cases.tests.tables import TODAY, identity, imported, line, outcomes, several, upload, write
from youwei.decisions import commands as decisions
from youwei.decisions.altering import Doing, correct
from youwei.decisions.models import Decision, Period
from youwei.intake.commands import answer_row
from youwei.intake.models import Import
from youwei.intake.queries import Refused, staged_rows
from youwei.journal.queries import records, verify
from youwei.organs.models import Organ
from youwei.people.commands import update_facts
from youwei.people.models import Person

pytestmark = [pytest.mark.django_db, pytest.mark.req("A1", "J1", "J4")]


def procedures() -> list[str]:
    return sorted(Case.objects.values_list("procedure", flat=True))


def test_a_current_decision_opens_its_announcement_and_its_visits(cast: Cast) -> None:
    imported(cast, line())
    assert procedures() == ["execution", "jingzhou-visit", "statutory-announcement"]
    case = Case.objects.get(procedure="jingzhou-visit")
    assert (case.organ, case.subject_organ, case.opened_on) == (cast.commission, cast.bureau, TODAY)


def test_history_opens_only_what_hangs_on_a_running_period(cast: Cast) -> None:
    ended = line(姓名="单望舒", 决定文号="青纪发〔2019〕3号", 决定日期="2019-05-06", 生效日期="2019-05-06")
    imported(cast, line(), ended, mode="history")
    assert procedures() == ["jingzhou-visit"]
    assert Case.objects.get().person == Person.objects.get(name="许南舟")
    assert set(Decision.objects.values_list("mode", flat=True)) == {"history"}


def test_the_same_file_twice_brings_nothing_new(cast: Cast) -> None:
    rows = [*several(5), line(是否涉密="是", 姓名="某某", 决定文号="青密〔2026〕1号"), line(姓名="温如许", 决定文号="")]
    first = imported(cast, *rows)
    before = (Person.objects.count(), Decision.objects.count(), Case.objects.count(), Organ.objects.count())
    assert outcomes(first).count("stub") == 1
    again = upload(cast.commission, *rows)
    assert set(outcomes(again)) == {"unchanged"}
    assert write(again) == []
    assert (Person.objects.count(), Decision.objects.count(), Case.objects.count(), Organ.objects.count()) == before


@pytest.mark.req("A4")
def test_two_stubs_alike_are_two_and_stay_two(cast: Cast) -> None:
    secret = line(是否涉密="是")
    imported(cast, secret)
    assert outcomes(imported(cast, secret, secret)) == ["unchanged", "stub"]
    assert Decision.objects.filter(secret=True).count() == 2
    assert not Person.objects.exists()


@pytest.mark.req("A4")
def test_a_stub_of_another_district_is_another_decision(cast: Cast) -> None:
    secret = line(是否涉密="是")
    imported(cast, secret)
    assert outcomes(upload(cast.elsewhere, {**secret, "单位及职务": "白石区水利局副局长"})) == ["stub"]


@pytest.mark.req("A4")
@pytest.mark.parametrize(
    "told_otherwise",
    [
        {"四种形态": ""},
        {"决定日期": "", "生效日期": ""},
        {"决定文号": ""},
        {"党纪处分": "", "处分（处理）种类": "党内严重警告"},
        {"单位及职务": "", "工作单位": "青溪区水利局"},
    ],
)
def test_a_stub_told_in_other_columns_is_the_same(cast: Cast, told_otherwise: dict[str, str]) -> None:
    secret = line(是否涉密="是")
    imported(cast, secret)
    again = {**secret, **told_otherwise}
    assert outcomes(upload(cast.commission, again, mode="history")) == ["unchanged"]
    assert outcomes(upload(cast.commission, {**again, "四种形态": "第四种形态", "决定文号": "青纪发〔2026〕20号"})) == [
        "stub"
    ]


def test_a_known_number_is_a_known_person(cast: Cast) -> None:
    imported(cast, line(身份证号=identity(1)))
    imported(
        cast,
        line(身份证号=identity(1), 决定文号="青纪发〔2026〕30号", 党纪处分="党内警告", 单位及职务="青溪区民政局局长"),
    )
    person = Person.objects.get()
    assert person.decisions.count() == 2


def test_a_known_number_under_another_name_is_asked_about(cast: Cast) -> None:
    imported(cast, line(身份证号=identity(1)))
    batch = upload(cast.commission, line(姓名="许南洲", 身份证号=identity(1), 决定文号="青纪发〔2026〕30号"))
    (row,) = staged_rows(batch)
    assert (row.outcome, [each["why"] for each in row.candidates]) == ("ask", ["身份证号相同，姓名不同"])


@pytest.mark.parametrize(
    ("answer", "people", "decided"), [("new", 2, 2), ("skip", 1, 1), ("candidate", 1, 2), ("", 1, 1)]
)
def test_the_same_name_month_and_unit_without_a_number_is_asked(
    cast: Cast, answer: str, people: int, decided: int
) -> None:
    imported(cast, line())
    batch = upload(cast.commission, line(决定文号="青纪发〔2026〕30号"))
    (row,) = staged_rows(batch)
    assert (row.outcome, [each["why"] for each in row.candidates]) == ("ask", ["同名、同出生年月、同单位"])
    if answer:
        answer_row(staged=row, answer=str(Person.objects.get().pk) if answer == "candidate" else answer)
    write(batch)
    assert (Person.objects.count(), Decision.objects.count()) == (people, decided)


@pytest.mark.req("J1")
def test_the_same_name_and_unit_is_asked_where_a_month_of_birth_is_not_known(cast: Cast) -> None:
    imported(cast, line())
    (row,) = staged_rows(upload(cast.commission, line(出生年月="", 决定文号="青纪发〔2026〕30号")))
    assert (row.outcome, [each["why"] for each in row.candidates]) == ("ask", ["同名、同单位，出生年月没有都写"])


def test_another_month_or_another_unit_is_another_person(cast: Cast) -> None:
    imported(cast, line())
    other = [
        line(出生年月="1985.09", 决定文号="青纪发〔2026〕30号"),
        line(单位及职务="青溪区民政局局长", 决定文号="青纪发〔2026〕31号"),
    ]
    assert outcomes(imported(cast, *other)) == ["create", "create"]
    assert Person.objects.count() == 3


def test_a_person_out_of_reach_is_not_shown_as_a_candidate(cast: Cast) -> None:
    imported(cast, line())
    theirs = line(决定文号="白纪发〔2026〕1号", 决定机关="白石区纪委监委", 单位及职务="白石区水利局副局长")
    batch = upload(cast.elsewhere, theirs)
    (row,) = staged_rows(batch)
    assert (row.outcome, row.candidates) == ("create", [])


def test_within_one_ledger_the_same_number_is_one_person_and_the_same_name_is_asked(cast: Cast) -> None:
    batch = upload(
        cast.commission,
        line(身份证号=identity(1)),
        line(身份证号=identity(1), 决定文号="青纪发〔2026〕30号"),
        line(身份证号=identity(3), 决定文号="青纪发〔2026〕31号"),
        line(身份证号="", 决定文号="青纪发〔2026〕32号"),
        line(姓名="单望舒", 身份证号=identity(1), 决定文号="青纪发〔2026〕33号"),
    )
    rows = list(staged_rows(batch))
    assert [row.outcome for row in rows] == ["create", "create", "create", "ask", "ask"]
    assert [row.why for row in rows[3:]] == [
        "表中另有一行同名、同出生年月、同单位",
        "表中另有一行身份证号相同，姓名不同",
    ]
    write(batch)
    assert sorted(person.decisions.count() for person in Person.objects.all()) == [1, 2]


@pytest.mark.req("J1")
@pytest.mark.parametrize("chunk", [1, 500])
@pytest.mark.parametrize(("answer", "people", "written"), [("twin", 1, 2), ("new", 2, 2), ("skip", 1, 1), ("", 1, 1)])
def test_a_row_can_be_about_the_person_of_an_earlier_row(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, chunk: int, answer: str, people: int, written: int
) -> None:
    in_chunks_of(chunk, monkeypatch)
    batch = upload(cast.commission, line(), line(决定文号="青纪发〔2026〕30号"))
    first, second = staged_rows(batch)
    assert (second.outcome, second.twin) == ("ask", first.number)
    if answer:
        answer_row(staged=second, answer=answer)
    write(batch)
    assert (Person.objects.count(), Decision.objects.count()) == (people, written)


def test_an_earlier_row_is_no_answer_where_none_is_meant(cast: Cast) -> None:
    imported(cast, line(身份证号=identity(1)))
    (row,) = staged_rows(upload(cast.commission, line(身份证号=identity(1), 党纪处分="党内警告")))
    assert (row.outcome, row.twin) == ("ask", None)
    with pytest.raises(Refused, match="不在可选之列"):
        answer_row(staged=row, answer="twin")


def test_one_number_in_two_chunks_is_one_person(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    in_chunks_of(1, monkeypatch)
    imported(cast, line(身份证号=identity(1)), line(身份证号=identity(1), 决定文号="青纪发〔2026〕30号"))
    assert Person.objects.get().decisions.count() == 2


def test_a_decision_told_with_other_measures_is_asked_about(cast: Cast) -> None:
    imported(cast, line(身份证号=identity(1)))
    batch = upload(cast.commission, line(身份证号=identity(1), 党纪处分="党内警告"))
    (row,) = staged_rows(batch)
    assert (row.outcome, row.candidates[0]["why"]) == ("ask", "同一文号、同一日期已有决定，处分不同")


def test_changed_facts_update_the_person_and_leave_the_decision(cast: Cast) -> None:
    imported(cast, line(身份证号=identity(1)))
    batch = imported(cast, line(身份证号=identity(1), 单位及职务="青溪区水利局四级调研员"))
    assert outcomes(batch) == ["update"]
    person = Person.objects.get()
    assert (person.post, person.decisions.get().post) == ("四级调研员", "副局长")
    assert records("person", person.pk)[-1].content == {"post": {"from": "副局长", "to": "四级调研员"}}
    assert outcomes(upload(cast.commission, line(身份证号=identity(1), 单位及职务="青溪区水利局四级调研员"))) == [
        "unchanged"
    ]


def test_two_decisions_that_tell_different_posts_update_nothing(cast: Cast) -> None:
    rows = [
        line(身份证号=identity(1)),
        line(身份证号=identity(1), 单位及职务="青溪区水利局局长", 决定文号="青纪发〔2026〕30号", 备注="已退休"),
    ]
    imported(cast, *rows)
    assert outcomes(upload(cast.commission, *rows)) == ["unchanged", "unchanged"]


def in_chunks_of(size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(taking.staged, "chunks", partial(taking.staged.chunks, size=size))


def test_a_run_that_broke_off_has_written_whole_rows_and_goes_on(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    batch = upload(cast.commission, *several(6))
    with monkeypatch.context() as patch:
        in_chunks_of(2, patch)
        calls: list[int] = []

        def break_off(*args: Any, **more: Any) -> Any:
            calls.append(1)
            if len(calls) == 2:
                raise OSError("the machine went down")
            return record_many(*args, **more)

        record_many = decisions.record_many
        patch.setattr(taking.decisions, "record_many", break_off)
        with pytest.raises(OSError, match="went down"):
            write(batch)
    assert (Person.objects.count(), Decision.objects.count(), Case.objects.count()) == (2, 2, 6)
    batch = Import.objects.get(pk=batch.pk)
    assert (batch.state, batch.done_rows) == ("writing", 2)
    write(batch)
    assert (Person.objects.count(), Decision.objects.count(), Case.objects.count()) == (6, 6, 18)
    assert (batch.state, batch.done_rows) == ("done", 6)
    assert verify() == []


def test_an_import_is_written_once(cast: Cast) -> None:
    batch = imported(cast, *several(3))
    assert write(batch) == []
    assert Decision.objects.count() == 3


def test_the_same_ledger_uploaded_twice_and_then_written_twice_is_written_once(cast: Cast) -> None:
    rows = [*several(5), line(是否涉密="是", 姓名="某某", 决定文号="青密〔2026〕1号"), line(姓名="温如许", 决定文号="")]
    first, second = upload(cast.commission, *rows), upload(cast.commission, *rows)
    assert set(outcomes(second)) == {"create", "stub"}
    later = moment(TODAY) + timedelta(hours=1)
    for batch in (first, second):
        taking.take_in(batch=batch, by=CLERK, at=later, today=TODAY)
    assert (Decision.objects.count(), Person.objects.count()) == (7, 6)
    assert (second.state, Decision.objects.filter(import_id=second.pk).count()) == ("done", 0)


def test_a_run_goes_on_at_the_row_where_the_last_one_stopped(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    in_chunks_of(2, monkeypatch)
    imported(cast, line(身份证号=identity(1)))
    batch = upload(cast.commission, line(身份证号=identity(1), 单位及职务="青溪区水利局四级调研员"), *several(4)[1:])
    real = taking._take_chunk

    def falls(found: Import, chunk: Any, *more: Any) -> None:
        if chunk[0].row.number > 3:
            raise OSError
        real(found, chunk, *more)

    monkeypatch.setattr(taking, "_take_chunk", falls)
    with pytest.raises(OSError):
        write(batch)
    assert (Import.objects.get(pk=batch.pk).done_rows, Decision.objects.filter(import_id=batch.pk).count()) == (2, 1)
    somebody = Person.objects.get(decisions__number="青纪发〔2026〕19号")
    assert somebody.post == "四级调研员"
    update_facts(person=somebody, changes={"post": "一级调研员"}, by=CLERK, on=TODAY, at=moment(TODAY))
    monkeypatch.setattr(taking, "_take_chunk", real)
    write(Import.objects.get(pk=batch.pk))
    assert Decision.objects.filter(import_id=batch.pk).count() == 3
    somebody.refresh_from_db()
    assert somebody.post == "一级调研员", "what was written is not written again over what came since"


EMPTY = {"四种形态": "", "决定文号": "", "生效日期": ""}


@pytest.mark.parametrize("number", [identity(1), ""])
def test_what_a_known_decision_does_not_say_is_filled_in_from_the_ledger_and_logged(cast: Cast, number: str) -> None:
    imported(cast, line(身份证号=number, **EMPTY))
    assert Decision.objects.get().form is None
    batch = imported(cast, line(身份证号=number))
    assert outcomes(batch) == ["update"]
    decision = Decision.objects.get()
    assert (decision.number, decision.form) == ("青纪发〔2026〕19号", 2)
    (entry,) = [each for each in records("person", decision.person_id) if each.kind == "decision.corrected"]
    assert entry.content["before"]["form"] is None
    assert entry.content["after"]["form"] == 2
    assert "导入台账" in entry.content["reason"]
    assert outcomes(upload(cast.commission, line(身份证号=number))) == ["unchanged"]
    assert verify() == []


def test_an_effective_day_filled_in_settles_the_period(cast: Cast) -> None:
    history = line(身份证号=identity(1), 决定日期="2026-03-12", 生效日期="")
    imported(cast, history)
    Decision.objects.update(effective_on=None)
    batch = imported(cast, line(身份证号=identity(1), 生效日期="2026-03-20"))
    assert outcomes(batch) == ["update"]
    # Eighteen months from 20 March 2026 end on 19 September 2027.
    assert Period.objects.get(current=True).last_day == date(2027, 9, 19)


@pytest.mark.parametrize(
    ("changed", "title"), [({"四种形态": "第三种形态"}, "四种形态"), ({"生效日期": "2026-03-20"}, "生效日期")]
)
def test_what_a_known_decision_says_otherwise_is_asked_and_never_written_over(
    cast: Cast, changed: dict[str, str], title: str
) -> None:
    imported(cast, line(身份证号=identity(1)))
    batch = upload(cast.commission, line(身份证号=identity(1), **changed))
    (row,) = staged_rows(batch)
    assert row.outcome == "ask"
    assert title in row.candidates[0]["why"]
    assert row.candidates[0]["another"]
    answer_row(staged=row, answer="skip")
    write(batch)
    decision = Decision.objects.get()
    assert (decision.form, decision.effective_on, decision.version) == (2, date(2026, 3, 12), 1)


def test_a_corrected_decision_is_known_by_its_old_ledger_and_not_asked_about(cast: Cast) -> None:
    imported(cast, line(身份证号=identity(1)))
    decision = Decision.objects.get()
    doing = Doing(by=CLERK, on=TODAY, at=moment(TODAY), convention="inclusive", reason="写错", seen=1)
    correct(decision=decision.pk, changes={"form": 3}, measures=None, doing=doing)
    assert outcomes(upload(cast.commission, line(身份证号=identity(1)))) == ["unchanged"]
    assert outcomes(upload(cast.commission, line(身份证号=identity(1), 四种形态="第四种形态"))) == ["ask"]


def test_a_field_filled_by_hand_meanwhile_is_left_as_it_is(cast: Cast) -> None:
    imported(cast, line(身份证号=identity(1), 四种形态=""))
    batch = upload(cast.commission, line(身份证号=identity(1)))
    doing = Doing(by=CLERK, on=TODAY, at=moment(TODAY), convention="inclusive", reason="补上", seen=1)
    correct(decision=Decision.objects.get().pk, changes={"form": 3}, measures=None, doing=doing)
    write(batch)
    assert Decision.objects.get().form == 3


@pytest.mark.req("I5")
def test_a_ledger_changes_nothing_beyond_the_reach_of_its_organ(cast: Cast) -> None:
    imported(cast, line(身份证号=identity(1), 四种形态=""))
    told = line(身份证号=identity(1), 单位及职务="青溪区水利局四级调研员")
    assert outcomes(upload(cast.elsewhere, told)) == ["refused"]
    theirs = {**told, "单位及职务": "白石区水利局四级调研员"}
    assert outcomes(upload(cast.elsewhere, theirs)) == ["unchanged"]
    assert outcomes(upload(cast.city, told)) == ["update"]
