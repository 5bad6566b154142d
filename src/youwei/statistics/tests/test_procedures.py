"""How the cases of a regulation ended: lines and columns are the packs' own words; local rules count with what they lie over."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django.fixtures import Settings

from tests.support.cast import Cast
from tests.support.cast import organ as new_organ
from youwei.cases.by_hand import open_by_hand
from youwei.cases.commands import act
from youwei.cases.models import Case, Done, NotDone, OpenStep
from youwei.engine.types import EntryKind
from youwei.journal.actors import Actor
from youwei.organs.models import Organ, Role
from youwei.people.commands import build, register_many
from youwei.rulebook.packs import read_pack_text
from youwei.statistics.procedures import Act, acts, share, table

pytestmark = [pytest.mark.django_db, pytest.mark.req("G7"), pytest.mark.req("I4")]
TODAY, CLERK = date(2026, 9, 29), Actor("方知行")
PACK = """
procedure: tidy
title: 县里的办法
version: '1'
in_force: {from: 2016-01-01}
issued_by: 县里
about: person
opens: {by: office}
roles: {office: {title: 县办公室, at: case organ, held_by: case_officer}}
stages: [办理]
steps:
  propose:
    title: 提出
    stage: 办理
    by: office
    due: 5 working days
    form:
      head: {title: 是一把手, type: yesno, required: true, counts: 一把手}
      source: {title: 来源, type: choice, choices: [上报, 通报], required: true, counts: 来源}
      result: {title: 结果, type: choice, choices: [成, 不成, 不办], required: true}
outcomes:
  dropped: {title: 没有办, when: {propose.result: 不办}}
  good: {title: 办成了, when: {propose.result: 成}, counts: 办成}
  bad: {title: 没办成, counts: 未办成}
"""
CHILD = """
procedure: tidy-east
title: 东局细则
version: '1'
in_force: {from: 2016-01-01}
issued_by: 东局
extends: tidy@1
covers: ["%s"]
steps: {}
"""
ADDRESS = "/statistics/procedures/tidy/"
YEAR = (date(2026, 1, 1), date(2026, 12, 31))


@pytest.fixture(autouse=True)
def _a_day(cast: Cast, settings: Settings, tmp_path: Path) -> object:
    for name, text in (("tidy", PACK), ("tidy-east", CHILD % cast.bureau.name)):
        (tmp_path / name / "1").mkdir(parents=True)
        (tmp_path / name / "1" / "pack.yaml").write_text(text, "utf-8")
    settings.PACKS = tmp_path
    with time_machine.travel(datetime(2026, 9, 29, 1, 30, tzinfo=UTC), tick=False):
        yield


def case(
    cast: Cast, unit: Organ, result: str = "", *, head: bool = False, source: str = "上报", on: date = TODAY
) -> Case:
    moment = datetime(2026, 9, 29, 1, 30, tzinfo=UTC)
    person = register_many([build(organ=unit, name="许南舟")], by=CLERK, on=on, at=moment)[0]
    stamp: dict[str, Any] = {"by": CLERK, "on": on, "at": moment, "today": TODAY}
    made = open_by_hand(thing=person, family="tidy", role="office", organ=cast.commission, said={}, **stamp)
    if result:
        values = {"head": head, "source": source, "result": result}
        act(case=made, kind=EntryKind.RECORD, step="propose", values=values, **stamp)
    return made


@pytest.fixture
def school(cast: Cast) -> Organ:
    """A unit without rules of its own; and the cases of the district."""
    school = new_organ("青溪区第三中学", "school", cast.district)
    case(cast, cast.bureau, "成", head=True)
    case(cast, cast.bureau, "成", source="通报", on=date(2026, 3, 2))
    case(cast, school, "不成")
    case(cast, school, "不办", head=True)
    case(cast, school, "成", on=date(2025, 12, 31))
    case(cast, school)
    return school


def test_lines_columns_and_shares_by_hand(cast: Cast, school: Organ) -> None:
    assert set(Case.objects.values_list("procedure", flat=True)) == {"tidy", "tidy-east"}
    found = table("tidy", cast.district, *YEAR)
    assert found.columns == ("一把手", "来源：上报", "来源：通报")
    assert [(line.title, line.cases, len(line.persons)) for line in found.counted] == [("办成", 2, 2), ("未办成", 1, 1)]
    assert found.counted[0].cells(found.columns) == [(1, "50.0%"), (1, "50.0%"), (1, "50.0%")]
    assert found.total.cells(found.columns) == [(1, "33.3%"), (2, "66.7%"), (1, "33.3%")]  # 三人中一人、二人、一人
    assert [(line.title, line.cases) for line in found.aside] == [("没有办", 1)]
    assert found.open == 1
    assert table("tidy", cast.elsewhere, *YEAR).total.cases == 0
    assert share(1, 0) == "—"


@pytest.mark.req("J12")
def test_what_was_said_not_to_be_done_is_told_by_step_and_ground_whatever_the_case_is_about(
    cast: Cast, school: Organ
) -> None:
    """These cases follow no decision. Said of three, done afterwards in one; one in another year."""
    still = list(Case.objects.order_by("pk")[:4])
    state = NotDone.State
    for one, ground, on, became in (
        (still[0], "其他", TODAY, state.LEFT), (still[1], "本人原因", TODAY, state.OWED), (still[2], "其他", TODAY, state.AFTER),
        (still[3], "其他", date(2025, 12, 31), state.LEFT),
    ):  # fmt: skip
        NotDone.objects.create(
            case=one, step="propose", kind="record", title="提出", entry_seq=90, on=on, ground=ground, state=became
        )
    (found,) = acts("tidy", cast.district, *YEAR, TODAY)
    assert (found.title, found.undone, dict(found.said)) == ("提出", 2, {"其他": 1, "本人原因": 1})
    page = client_of(cast).get(ADDRESS).content.decode()
    assert "说明没有办" in page
    assert "本人原因1" in page


@pytest.mark.req("C2", "H1")
def test_the_steps_done_in_a_period_in_time_and_late_and_what_is_overdue_now(cast: Cast, school: Organ) -> None:
    case(cast, school)
    late = Done.objects.filter(on=TODAY).earliest("pk")
    Done.objects.filter(pk=late.pk).update(late=True)
    OpenStep.objects.filter(pk=OpenStep.objects.earliest("pk").pk).update(late_from=date(2026, 9, 28))
    OpenStep.objects.filter(pk=OpenStep.objects.latest("pk").pk).update(late_from=TODAY)
    assert acts("tidy", cast.district, *YEAR, TODAY) == (
        Act("提出", 4, 4, 3, 1),
    )  # 四次都有期限，一次逾期；一件昨天到期
    assert acts("tidy", cast.district, *YEAR, TODAY)[0].rate == "75.0%"
    assert acts("tidy", cast.elsewhere, *YEAR, TODAY) == ()
    assert "现在到期未办" in client_of(cast).get(ADDRESS).content.decode()


def client_of(cast: Cast, role: Role = Role.CASE_OFFICER) -> Client:
    client = Client()
    client.force_login(cast.accounts[role])
    return client


def test_the_page_shows_the_table_and_the_cases_behind_each_line(cast: Cast, school: Organ) -> None:
    client = client_of(cast)
    page = client.get(ADDRESS)
    assert page.status_code == 200
    text = page.content.decode()
    assert "县里的办法：办理情况" in text
    assert "不计入合计" in text
    assert page.context["page"].total == 4
    assert client.get(ADDRESS, {"m": "办成"}).context["page"].total == 2
    assert client.get(ADDRESS, {"m": "没有办"}).context["page"].total == 1
    assert client.get(ADDRESS, {"from": "2025-01-01", "to": "2025-12-31"}).context["table"].total.cases == 1
    assert client.get(ADDRESS, {"from": "不是日期"}).context["view"].faults


@pytest.mark.req("I5")
def test_who_reads_no_figures_finds_nothing_and_nobody_a_regulation_that_is_none(cast: Cast) -> None:
    assert client_of(cast, Role.UNIT).get(ADDRESS).status_code == 404
    assert client_of(cast).get("/statistics/procedures/none/").status_code == 404
    assert client_of(cast).get("/statistics/procedures/tidy-east/").status_code == 404


def test_the_page_asks_the_same_number_of_questions_whatever_is_there(cast: Cast, school: Organ) -> None:
    client = client_of(cast)
    client.get(ADDRESS)
    with CaptureQueriesContext(connection) as few:
        client.get(ADDRESS)
    for _ in range(3):
        case(cast, school, "成")
    with CaptureQueriesContext(connection) as many:
        client.get(ADDRESS)
    assert len(many) == len(few)


def test_only_an_open_yes_or_no_or_choice_may_count() -> None:
    wrong = PACK.replace("type: yesno, required: true, counts", "type: text, required: true, counts")
    assert any("counts 只用于" in str(fault) for fault in read_pack_text([("tidy/1/pack.yaml", wrong)]).faults)
    column = PACK.replace(
        "result: {title: 结果, type: choice, choices: [成, 不成, 不办], required: true}",
        "result: {title: 结果, type: choice, choices: [成, 不成, 不办]}\n"
        "      list: {title: 表, type: rows, of: {a: {title: 甲, type: yesno, counts: 乙}}}",
    )
    assert any("列不能写 counts" in str(fault) for fault in read_pack_text([("tidy/1/pack.yaml", column)]).faults)
