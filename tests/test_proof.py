"""`verify` compares today's rows with the logs: whatever row was altered, taken away or put in by hand is found, and nothing else is."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings as configured
from django.db import IntegrityError, connection, models, transaction
from django.test import override_settings
from hypothesis import given, settings
from hypothesis import strategies as st
from pytest_django.fixtures import Settings

from tests.support.cast import STAMP, Cast, assemble, organ
from tests.support.kept import Kept, Stage
from tests.support.tree import ROOT
from tests.support.versions import TRIAL
from youwei.cases import admitting, batches, drafting, following, guiding, readmitting, recounting
from youwei.cases.by_hand import open_by_hand
from youwei.cases.logs import look, pack_of, packs
from youwei.cases.models import Case
from youwei.cases.tests.builders import CLERK, OTHER, VISIT, act, begun, case_of, decided, moment, record
from youwei.cases.tests.tables import TODAY, imported, line, several
from youwei.decisions import prechecks, series
from youwei.decisions.altering import Doing, Review
from youwei.decisions.commands import Given
from youwei.decisions.models import Decision
from youwei.decisions.prechecks import Answer
from youwei.desk.organs import acting
from youwei.desk.safekeeping.backup import ROOMS
from youwei.desk.safekeeping.proving import TABLES, prove
from youwei.documents.commands import record as record_with_files
from youwei.documents.models import Attachment
from youwei.journal import triggers
from youwei.journal.actors import Actor
from youwei.journal.models import Entry, Log
from youwei.journal.proof import Table
from youwei.journal.queries import Finding
from youwei.organs import changes, commands, standing_in
from youwei.organs.changes import Ground
from youwei.organs.models import Role
from youwei.organs.policy import reader
from youwei.people import commands as people
from youwei.people.models import Person
from youwei.rulebook.law import load_law
from youwei.voting import commands as voting

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.req("I5", "K6")]
NOW = date(2026, 11, 21)
LATER = date(2026, 6, 17)
PDF = ("谈话照片.pdf", b"%PDF-1.7 scan")
DAYS = [{"on": "2027-01-01", "kind": "holiday", "name": "元旦"}]
NAMED = {table.model._meta.db_table: table for table in TABLES}


@pytest.fixture(scope="module")
def procedures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Those released and those of the tests of chains."""
    folder = tmp_path_factory.mktemp("procedures") / "packs"
    shutil.copytree(configured.PACKS, folder)
    for room in ("cases", "voting"):
        shutil.copytree(ROOT / "src" / "youwei" / room / "tests" / "packs", folder, dirs_exist_ok=True)
    return folder


@pytest.fixture(scope="module")
def kept_store(stage: Stage, procedures: Path) -> Kept[Cast]:
    with override_settings(PACKS=procedures):
        return stage.lay(full_store)


@pytest.fixture
def cast(kept_store: Kept[Cast], procedures: Path, settings: Settings, db: None) -> Cast:
    settings.PACKS = procedures
    look()
    return kept_store.copy()


def full_store() -> Cast:
    """A store with something in every table that is compared, and every kind of act done once."""
    cast = assemble()
    secret = line(姓名="温如许", 是否涉密="是", 决定文号="青密〔2026〕1号")
    imported(cast, *several(4), secret, on=TODAY)
    alter_decisions(cast)
    work_on_cases(cast)
    change_organs(cast)
    change_people()
    change_the_office(cast)
    keep_guiding_cases(cast)
    return cast


def keep_guiding_cases(cast: Cast) -> None:
    """A draft written twice, one published, one withdrawn."""
    stamp: dict[str, Any] = {"on": TODAY, "at": moment(TODAY)}
    text = guiding.Text(
        title="合并工序", place="某市", happened="2024年", situation="略", decided="略", source="本机关办理"
    )
    first, second, third = (guiding.write(organ=cast.commission, text=text, by=CLERK, **stamp) for _ in range(3))
    guiding.write(organ=cast.commission, text=replace(text, tags="工程"), row=first.pk, seen=1, by=CLERK, **stamp)
    for row in (second, third):
        guiding.publish(row=row.pk, seen=1, by=OTHER, **stamp)
    guiding.withdraw(row=third.pk, reason="政策改变", by=OTHER, **stamp)


def doing(row: Decision, on: date = TODAY) -> Doing:
    row.refresh_from_db()
    return Doing(by=CLERK, on=on, at=moment(on), convention="inclusive", reason="与决定书核对", seen=row.version)


def given_as(label: str) -> Given:
    kind = load_law().recognise(label)
    assert kind is not None
    return Given(kind, label)


def alter_decisions(cast: Cast) -> None:
    first, second, third, fourth, stub = Decision.objects.order_by("pk")
    review = Review(starts_on=TODAY, ground="复审", organ=cast.commission, number="青纪复〔2026〕1号")
    changes_of = {"number": "青纪发〔2026〕300号", "unit": cast.commission, "facts": "改写"}
    measures = [given_as("党内警告"), given_as("政务记过")]
    following.correct(decision=first.pk, changes=changes_of, measures=measures, doing=doing(first))
    following.correct(decision=first.pk, changes={}, measures=[given_as("党内警告")], doing=doing(first))
    targets = {measure.pk: given_as("党内警告") for measure in second.measures.all()}
    following.change(decision=second.pk, targets=targets, review=review, doing=doing(second))
    following.withdraw(decision=third.pk, review=review, doing=doing(third))
    following.withdraw(decision=fourth.pk, review=review, doing=doing(fourth))
    following.take_back(decision=fourth.pk, doing=doing(fourth))
    following.correct(decision=stub.pk, changes={"form": 3}, measures=None, doing=doing(stub))
    stamp: dict[str, Any] = {"by": CLERK, "on": TODAY, "at": moment(TODAY)}
    prechecks.answer(decision=first.pk, given=Answer("unfit", "后果严重"), seen="", **stamp)
    made = series.make(title="河道系列案", organ=cast.commission, decisions=[first.pk, second.pk], **stamp)
    series.make(title="窗口系列案", organ=cast.commission, decisions=[first.pk], **stamp)
    series.arrange(series=made.pk, joined=[third.pk], left=[second.pk], reason="与本案无关", **stamp)


def work_on_cases(cast: Cast) -> None:
    case = case_of(cast, name="甘棠")
    begun(case)
    record_with_files(
        case=case, step=pack_of(case).steps["visit"], key="1", by=CLERK, account=cast.officer, on=LATER, at=moment(LATER), today=LATER,
        values=VISIT, files=[PDF],
    )  # fmt: skip
    left = case_of(cast, name="乐山川")
    excused = case_of(cast, "execution", name="甘棠")
    act(
        excused,
        "exempt",
        date(2026, 3, 20),
        step="advice",
        values={"ground": "没有需要制发建议书的问题"},
        reason="不需要",
    )
    act(left, "not_done", date(2026, 3, 20), step="mentor", values={"ground": "单位原因"}, reason="单位正在改制")
    parent = case_of(cast, "review", name="解文舟")
    record(parent, "consider", date(2026, 3, 20), {"help": True})
    record(parent, "aid", date(2026, 3, 20), {})
    ended = case_of(cast, "review", name="查云岫")
    record(ended, "consider", date(2026, 3, 20), {"help": False})
    record(ended, "close", date(2026, 3, 20), {"result": "了结"})
    gather_a_class(cast)
    hold_a_vote(cast)
    answer_a_letter(cast)
    teach_by_decisions(cast)
    keep_something_sealed(cast)


def keep_something_sealed(cast: Cast) -> None:
    """Three sealed cases: of one two know, one is forgotten and somebody is asked for, of one another was let in again."""
    on = date(2026, 3, 20)
    stamp: dict[str, Any] = {"on": on, "at": moment(on)}
    leaving = commands.create_account(username="leaving", name="云知秋")
    commands.grant(account=leaving, role=Role.CASE_OFFICER, organ=cast.commission, **STAMP)
    first, second, third = (
        open_by_hand(
            thing=cast.commission, kind="office", family="malicious", role="petition", organ=cast.commission, said={}, today=on,
            by=Actor(account.name, account.pk), **stamp,
        )
        for account in (cast.officer, leaving, leaving)
    )  # fmt: skip
    inside = Actor(cast.officer.name, cast.officer.pk)
    facts = {"organ.case": str(cast.commission.pk)}
    for candidate in admitting.candidates(first, facts, on):
        admitting.let_in(case=first, candidate=candidate, reason="参与办理", by=inside, today=on, **stamp)
    row = first.admissions.get(account=leaving)
    admitting.let_out(case=first, admission=row, reason="调走", by=inside, today=on, **stamp)
    commands.end_grant(grant=leaving.grants.get(), by=CLERK, on=on, at=moment(on))
    admin = cast.accounts[Role.SECURITY_ADMIN]
    for case in (second, third):
        key = f"{cast.officer.pk}-{Role.CASE_OFFICER}-{cast.commission.pk}"
        readmitting.ask(number=case.pk, key=key, reason="接替", by=Actor(admin.name, admin.pk), **stamp)
    readmitting.decide(
        who=reader(cast.leader, on),
        number=third.pk,
        agree=True,
        reason="同意",
        by=Actor(cast.leader.name, cast.leader.pk),
        at=moment(on),
    )


def answer_a_letter(cast: Cast) -> None:
    """What the rulebook answers of somebody on a list is kept with the words chosen for it."""
    on = date(2026, 3, 20)
    stamp: dict[str, Any] = {"by": CLERK, "on": on, "at": moment(on)}
    someone = people.register_many([people.build(organ=cast.bureau, name="闻人远")], **stamp)[0]
    said = {"letter.from": "区委组织部", "letter.number": "〔2026〕8号"}
    case = open_by_hand(
        thing=cast.commission, kind="letter", family="eligibility-reply", role="office", organ=cast.commission, said=said, today=on, **stamp
    )  # fmt: skip
    named = {
        "id": "a",
        "name": someone.name,
        "matched": "身份证号一致",
        "person": {"id": str(someone.pk), "name": someone.name},
    }
    record(case, "register", on, {"received_on": on.isoformat(), "intent": "评先评优", "people": [named]})
    record(case, "check", on, {"reply": "系统内未见记录"}, key="a")


def teach_by_decisions(cast: Cast) -> None:
    """A warning session that uses two decisions."""
    on = date(2026, 3, 20)
    case = open_by_hand(
        thing=cast.bureau, family="warning-session", role="office", organ=cast.commission, said={}, by=CLERK, on=on, at=moment(on), today=on
    )  # fmt: skip
    used = Decision.objects.filter(secret=False).exclude(person=None).order_by("pk")[:2]
    rows = [
        {"id": str(row.pk), "decision": {"id": str(row.pk), "name": row.number}, "told": "决定", "teaches": "教训"}
        for row in used
    ]
    record(case, "prepare", on, {"topic": "以案说纪", "cases": rows, "within": True})


def hold_a_vote(cast: Cast) -> None:
    """Three may vote, and all of them do, on paper read in by two."""
    on = date(2026, 3, 20)
    stamp: dict[str, Any] = {"by": CLERK, "on": on, "at": moment(on)}
    case, names = case_of(cast, "appraising", name="温如许"), ["甘棠", "乐山川", "查云岫"]
    step = pack_of(case).steps["appraise"]
    vote = voting.open_vote(case=case, step=step, key="", electors=names, on_paper=3, **stamp)
    for account in (cast.officer, cast.leader):
        voting.read_paper(vote=vote, ballots=[{"thinking": "好"}] * 3, remarks=[], account=account, by=CLERK)
    voting.close(vote=vote, account=cast.officer, today=on, **stamp)


def gather_a_class(cast: Cast) -> None:
    """A batch whose people are fixed: one has a case already, one gets one, and one leaves again."""
    on = date(2026, 3, 20)
    stamp: dict[str, Any] = {"by": CLERK, "on": on, "at": moment(on)}
    pack = next(pack for ref, pack in packs().items() if ref.procedure == "course")
    batch = batches.open_batch(pack=pack, name="第一期", organ=cast.commission, today=on, **stamp)
    record(batch, "scheme", on, {"sessions": [{"id": "1", "name": "党章"}]})
    chosen = [case_of(cast, "study", name="柳不凡").decision, *decided(cast, 1, name="仇望舒")]
    rows = [batches.Fixed(cast.bureau.pk, each.person_id, each.pk) for each in chosen if each is not None]
    batches.freeze(batch=batch, step="cohort", fixed=rows, today=on, **stamp)
    batches.join_next(batch=batch, by=CLERK, at=moment(on), today=on)
    batches.leave(member=batch.members.order_by("place")[1], reason="调离", **stamp)


def change_organs(cast: Cast) -> None:
    ground = Ground(on=LATER, paper="云编〔2026〕3号", by=CLERK, today=LATER, at=moment(LATER))
    sports, culture = organ("体育局", "department", cast.district), organ("文化局", "department", cast.district)
    stadium = organ("体育馆", "school", sports)
    museum = commands.create_organ(
        name="博物馆", kind="school", parent=culture, level="county", managed_by=sports, **STAMP
    )
    commands.grant(account=cast.outsider, role=Role.CASE_OFFICER, organ=sports, **STAMP)
    later = replace(ground, on=LATER + timedelta(days=1), today=NOW)
    changes.rename(organ=sports, name="文化体育局", ground=ground)
    changes.place(organ=stadium, parent=cast.bureau, managed_by=None, ground=ground)
    changes.merge(organ=sports, into=culture, ground=later)
    changes.split_off(
        organ=culture,
        name="旅游局",
        kind="department",
        parent=cast.district,
        children=[museum],
        ground=later,
    )
    acting_merge(cast)


def acting_merge(cast: Cast) -> None:
    """The bureau the cases are about becomes another's, with its people and its open cases."""
    heir = organ("青溪区水务局", "department", cast.district)
    ground = Ground(on=LATER, paper="云编〔2026〕4号", by=CLERK, today=LATER, at=moment(LATER))
    acting.carry_out(acting.ACTS["merge"], cast.bureau, {"into": heir}, ground)
    moved = Person.objects.filter(organ=heir).order_by("-pk")[:2]
    acting.transfer(people=list(moved), to=cast.commission, ground=ground)


def change_people() -> None:
    one, other = Person.objects.order_by("pk")[:2]
    stamp: dict[str, Any] = {"by": CLERK, "on": LATER, "at": moment(LATER)}
    people.correct_name(person=one, name="许南洲", reason="笔误", **stamp)
    people.update_facts(person=other, changes={"post": "副局长", "rank": "乡科级正职"}, **stamp)
    people.set_shelf(person=one, shelf="甲-1", **stamp)
    people.leave(person=other, service="retired", paper="退休通知", **stamp)
    taken = people.take_post(person=one, organ=one.organ, title="工会主席", paper="青组干〔2026〕9号", **stamp)
    people.end_post(post=taken, paper="青组干〔2026〕10号", by=CLERK, on=LATER + timedelta(days=1), at=moment(LATER))
    people.take_post(person=one, organ=one.organ, title="兼职委员", paper="青组干〔2026〕11号", **stamp)


def change_the_office(cast: Cast) -> None:
    stamp: dict[str, Any] = {"by": CLERK, "on": LATER, "at": moment(LATER)}
    unit = cast.accounts[Role.UNIT]
    standing_in.cover(
        account=cast.leader, deputy=cast.officer, starts_on=LATER, ends_on=LATER + timedelta(days=9), reason="外出学习", by=CLERK,
        today=LATER, at=moment(LATER),
    )  # fmt: skip
    commands.end_grant(grant=unit.grants.order_by("pk").first(), **stamp)  # type: ignore[arg-type]
    commands.close_account(account=unit, reason="调离", organ=cast.commission, **stamp)
    commands.enter_notice(year=2027, source="通知", days=DAYS, organ=cast.commission, **stamp)
    row = recounting.begin(value="civil", reason="统一口径", organ=cast.commission, **stamp)
    while row.finished_at is None:
        row = recounting.go_on(setting=row.pk, today=LATER, at=moment(LATER))
    write_procedures(cast)


def write_procedures(cast: Cast) -> None:
    """One draft that stands for comment, one given up, one in force; and one of those on disk put in force and ended."""
    writes = drafting.Doing(by=CLERK, on=LATER, at=moment(LATER))
    approves = drafting.Doing(by=Actor(cast.leader.name, cast.leader.pk), on=LATER, at=moment(LATER))
    first, second, third = (
        drafting.draft(text=TRIAL.replace("'1.0'", f"'1.{number}'"), organ=cast.commission, doing=writes)
        for number in range(3)
    )
    drafting.rewrite(pk=first.pk, text=first.text.replace("告知", "当面告知"), doing=approves)
    drafting.ask(pk=first.pk, doing=writes)
    drafting.comment(pk=first.pk, text="三个工作日太短", doing=approves)
    drafting.drop(pk=second.pk, doing=writes)
    drafting.release(pk=third.pk, doing=approves)
    drafting.end(ref=next(iter(packs())), last_day=date(2027, 12, 31), reason="另有新办法", doing=approves)


@contextmanager
def by_hand(statement: str, values: list[Any]) -> Iterator[bool]:
    """What somebody with the database in hand does, and undoes; False when the database itself refuses it."""
    with transaction.atomic():
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(statement, values)
            done = True
        except IntegrityError:
            done = False
        yield done
        transaction.set_rollback(True)


def field_of(table: Table, column: str) -> models.Field[Any, Any]:
    return next(field for field in table.model._meta.concrete_fields if field.attname == column)


def alter(table: Table, pk: int, column: str, value: Any) -> Any:
    field = field_of(table, column)
    stored = field.get_db_prep_save(value, connection)
    return by_hand(f'UPDATE "{table.model._meta.db_table}" SET "{field.column}" = %s WHERE id = %s', [stored, pk])


def others(field: models.Field[Any, Any], value: Any) -> Iterator[Any]:
    """Values of the same kind that are not this one."""
    if field.is_relation:
        yield from field.remote_field.model._base_manager.exclude(pk=value).order_by("pk").values_list("pk", flat=True)  # type: ignore[union-attr]
    elif isinstance(field, models.BooleanField):
        yield not value
    elif isinstance(field, models.BinaryField):
        yield bytes([*bytes(value)[:-1], bytes(value)[-1] ^ 1]) if value else b"\x01"
    elif isinstance(field, models.JSONField):
        yield (
            [*value, "另"] if isinstance(value, list) else {**value, "另": 1} if isinstance(value, dict) else {"另": 1}
        )
    elif isinstance(field, models.DateField):
        yield (
            value + timedelta(days=3)
            if value
            else (moment(NOW) if isinstance(field, models.DateTimeField) else date(2090, 1, 1))
        )
    elif isinstance(field, models.IntegerField):
        yield (value or 0) + 77
    else:
        yield ("另" + value)[: field.max_length] if value else "另"


def rows_of(table: Table) -> list[models.Model]:
    found = list(table.model._base_manager.order_by("pk"))
    assert found, f"{table.model._meta.db_table} is empty: nothing would be proved of it"
    if table.model._meta.db_table == "organs_account":  # an account that no log names is not compared
        found = [row for row in found if Entry.objects.exists()]
    return found


def found_in(table: Table, findings: list[Finding]) -> bool:
    return any(finding.table == table.model._meta.db_table for finding in findings)


def test_what_nobody_touched_is_as_it_was_recorded_on_that_day_and_later(cast: Cast) -> None:
    for days in (0, 1, 30, 400):
        assert [str(each) for each in prove(NOW + timedelta(days=days))] == []


@pytest.mark.parametrize("name", NAMED)
def test_every_column_altered_by_hand_is_found_and_told_with_its_row(cast: Cast, name: str) -> None:
    table, missed = NAMED[name], []
    for column in table.columns:
        field = field_of(table, column)
        tries = ((row, value) for row in reversed(rows_of(table)) for value in others(field, getattr(row, column)))
        for row, value in tries:
            with alter(table, row.pk, column, value) as done:
                findings = prove(NOW) if done else []
            if done:
                missed += [] if found_in(table, findings) else [(column, getattr(row, column), value)]
                break
        else:
            pytest.fail(f"{name}.{column}: no other value to try")
    assert missed == []
    assert [str(each) for each in prove(NOW)] == [], "what was put back is whole again"


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def some_row_altered(data: st.DataObject) -> None:
    table = data.draw(st.sampled_from(TABLES), label="table")
    row = data.draw(st.sampled_from(rows_of(table)), label="row")
    column = data.draw(st.sampled_from(sorted(table.columns)), label="column")
    choices = list(others(field_of(table, column), getattr(row, column)))
    if choices:
        with alter(table, row.pk, column, data.draw(st.sampled_from(choices), label="value")) as done:
            assert not done or found_in(table, prove(NOW))


def test_any_row_altered_anywhere_is_found(cast: Cast) -> None:
    some_row_altered()


@pytest.mark.parametrize("name", NAMED)
def test_a_row_taken_away_is_found(cast: Cast, name: str) -> None:
    for row in (rows_of(NAMED[name])[0], rows_of(NAMED[name])[-1]):
        with by_hand(f'DELETE FROM "{name}" WHERE id = %s', [row.pk]) as done:
            assert done
            assert found_in(NAMED[name], prove(NOW))


OF_ITS_OWN: dict[str, dict[str, Any]] = {
    "organs_organ": {"name": "另一个机关"}, "organs_grant": {"starts_on": date(2020, 1, 1)}, "decisions_period": {"version": 77},
    "cases_case": {"procedure": "另"}, "cases_openstep": {"key": "另"}, "cases_done": {"entry_seq": 77}, "cases_chainlink": {"target": 77},
    "cases_notdone": {"entry_seq": 77}, "cases_exempted": {"entry_seq": 77}, "cases_citation": {"entry_seq": 77}, "cases_admission": {"role": "unit"},
    "cases_admissionrequest": {"case_id": lambda: Case.objects.filter(sealed=False).values_list("pk", flat=True)[0]},
    "cases_member": {"place": 77, "case_id": None}, "cases_packversion": {"version": "另"},
    "documents_paper": {"kind": "另"},
    "decisions_seriesmember": {"decision_id": lambda: Decision.objects.filter(series=None).values_list("pk", flat=True)[0]},
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(set(NAMED) - {"organs_account"}))
def test_a_row_put_in_by_hand_is_found(cast: Cast, name: str) -> None:
    table = NAMED[name]
    row = rows_of(table)[0]
    with transaction.atomic():
        row.pk = None
        for column, value in OF_ITS_OWN.get(name, {}).items():
            setattr(row, column, value() if callable(value) else value)
        table.model._base_manager.bulk_create([row])
        assert found_in(table, prove(NOW))
        transaction.set_rollback(True)


def test_a_finding_names_the_row_the_column_and_who_recorded_it_last_and_no_value(cast: Cast) -> None:
    decision = Decision.objects.filter(person__isnull=False).order_by("pk")[1]
    with alter(NAMED["decisions_decision"], decision.pk, "form", 4):
        (finding,) = prove(NOW)
    assert (finding.kind, finding.ref, finding.row, finding.column) == (
        "person",
        decision.person_id,
        decision.pk,
        "form",
    )
    assert (finding.by, finding.at) == ("方知行", moment(TODAY))
    text = f"处分决定{decision.pk}的“四种形态”与记录不符，被改动过（最后由方知行于2026年3月16日登记）"
    assert str(finding) == f"人员档案{decision.person_id} 第{finding.seq}条：{text}"


def test_a_case_deleted_is_found_by_the_log_it_left_and_a_log_deleted_by_its_case(cast: Cast) -> None:
    case = Case.objects.order_by("pk")[0]
    with by_hand("DELETE FROM cases_case WHERE id = %s", [case.pk]):
        assert any(each.ref == case.pk and "事项少了一行" in each.what for each in prove(NOW))
    with by_hand("UPDATE journal_log SET kind = 'person', ref = 999999 WHERE kind = 'case' AND ref = %s", [case.pk]):
        assert any(each.row == case.pk and "没有登记过" in each.what for each in prove(NOW))


def test_a_last_entry_taken_away_with_its_head_mended_is_found_by_the_row_it_had_changed(cast: Cast) -> None:
    """Alone the chain looks whole then; the name that the entry gave still stands in the row."""
    person = Person.objects.get(name="许南洲")
    stamp: dict[str, Any] = {"by": CLERK, "on": NOW, "at": moment(NOW)}
    people.correct_name(person=person, name="许楠洲", reason="再核对", **stamp)
    log = Log.objects.get(kind="person", ref=person.pk)
    before = log.entries.get(seq=log.head_seq - 1)
    hidden = "UPDATE journal_log SET head_seq = %s, head_digest = %s WHERE id = %s"
    with transaction.atomic():
        triggers.remove(connection)
        with connection.cursor() as cursor:
            last = log.entries.get(seq=log.head_seq)
            cursor.execute("DELETE FROM journal_entrycontent WHERE entry_id = %s", [last.pk])
            cursor.execute("DELETE FROM journal_entry WHERE id = %s", [last.pk])
            cursor.execute(hidden, [before.seq, before.digest, log.pk])
        findings = prove(NOW)
        transaction.set_rollback(True)
    assert any(each.row == person.pk and each.column == "name" for each in findings)


def test_the_bytes_of_a_file_exchanged_together_with_its_digest_are_found(cast: Cast) -> None:
    row = Attachment.objects.get()
    with transaction.atomic():
        Attachment.objects.filter(pk=row.pk).update(digest="0" * 64)
        assert any(each.column == "digest" for each in prove(NOW))
        transaction.set_rollback(True)


def test_every_column_of_the_store_is_compared_or_named_among_what_is_not() -> None:
    """A new column is a decision: into a table of `proof`, or onto the list in docs/running.md."""
    told = (ROOT / "docs" / "running.md").read_text(encoding="utf-8")
    missing = []
    for model in (model for room in ROOMS if room != "journal" for model in apps.get_app_config(room).get_models()):
        table = model._meta.db_table
        compared = set(NAMED[table].columns) if table in NAMED else set()
        for field in model._meta.concrete_fields:
            if not field.primary_key and field.attname not in compared and f"`{table}`" not in told:
                missing += [f"{table}.{field.attname}"] if f"`{table}.{field.column}`" not in told else []
    assert missing == []
