"""Papers of a case about an organ or a batch: nobody's name where there is no person, to whom it goes, and who signs it."""

from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import docx
import pytest

from tests.support.cast import Cast
from youwei.cases.by_hand import open_by_hand
from youwei.cases.logs import packs
from youwei.cases.models import Case
from youwei.cases.tests.builders import CLERK, act, cases_of, decided, moment, record
from youwei.documents import commands as documents
from youwei.documents.models import Paper
from youwei.organs.models import Role
from youwei.rulebook.packs import PackRef

PACKS = Path(__file__).parents[2] / "packs"
OPENED, DONE = date(2026, 3, 2), date(2026, 4, 1)


def words_of(file: Any) -> str:
    """Every word of a Word file, paragraphs and cells."""
    found = docx.Document(file)
    cells = [cell.text for table in found.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(each.text for each in found.paragraphs), *cells])


def opened(cast: Cast, family: str, thing: Any, role: str) -> Case:
    stamp: dict[str, Any] = {"by": CLERK, "on": OPENED, "at": moment(OPENED), "today": OPENED}
    return open_by_hand(thing=thing, family=family, role=role, organ=cast.commission, said={}, **stamp)


def issued(cast: Cast, case: Case, step: str, values: dict[str, Any], key: str = "") -> str:
    """What the paper of a step says that is recorded now."""
    pack = packs()[PackRef(case.procedure, case.version)]
    documents.record(
        case=case, step=pack.steps[step], key=key, by=CLERK, account=cast.officer, on=DONE, at=moment(DONE), today=DONE, values=values,
        behalf="区水利局党组",
    )  # fmt: skip
    paper = Paper.objects.filter(case=case).latest("pk")
    return words_of(BytesIO(paper.data()))


@pytest.mark.django_db
@pytest.mark.req("F5")
def test_the_monthly_report_says_who_reports_to_whom_and_where_the_leader_signs(cast: Cast) -> None:
    case = opened(cast, "tolerance-report", cast.commission, "handler")
    record(case, "arrange", OPENED, {"from": "2026-03-01", "until": "2026-12-31", "to": "云川市纪委监委"})
    told = issued(cast, case, "monthly", {"situation": "当月没有容错案例"}, key="1")
    for words in ("报告机关", cast.commission.name, "报送机关", "云川市纪委监委", "当月没有容错案例", "分管领导签字"):
        assert words in told, words
    assert "姓名" not in told
    assert "单位及职务" not in told


@pytest.mark.django_db
@pytest.mark.req("H3")
def test_the_minutes_of_a_warning_session_say_what_it_taught_by_which_decisions(cast: Cast) -> None:
    (decision,) = decided(cast, 1)
    told_of = cases_of(cast, 1, "announcement")[0]
    Case.objects.filter(pk=told_of.pk).update(
        decision=decision, state="ended", told={"decision.announced_on": "2026-02-20"}
    )
    case = opened(cast, "warning-session", cast.bureau, "office")
    taught = {
        "decision": {"id": str(decision.pk), "name": decision.number},
        "told": "公款宴请",
        "teaches": "中央八项规定精神",
    }
    record(case, "prepare", OPENED, {"topic": "纠治四风", "cases": [taught], "within": True})
    record(case, "approve", OPENED, {"opinion": "同意"})
    values = {
        "place": "三楼会议室",
        "attendance": [{"member": "温如言", "present": True}],
        "spoke": "温如言",
        "head_spoke": True,
    }
    told = issued(cast, case, "session", values)
    for words in (
        "纠治四风",
        decision.number,
        "中央八项规定精神",
        cast.bureau.name,
        "三楼会议室",
        "温如言",
        "主持人签字",
    ):
        assert words in told, words
    assert "公款宴请" not in told, "what was told of the person stays in the record"
    assert "本人签字" not in told


@pytest.mark.req("B9")
@pytest.mark.parametrize(
    "name", ["campaign-scheme", "campaign-progress", "campaign-report", "year-scheme", "year-summary"]
)
def test_the_papers_of_a_batch_are_signed_by_whoever_leads_it_and_by_nobody_as_its_subject(name: str) -> None:
    (file,) = PACKS.rglob(f"{name}.docx")
    told = words_of(str(file))
    assert "负责人签字" in told
    assert "本人签字" not in told


@pytest.mark.django_db
@pytest.mark.req("F2", "I3")
def test_a_unit_is_held_to_account_by_a_decision_in_the_name_of_whoever_decided_and_after_a_check_on_record(
    cast: Cast,
) -> None:
    stamp: dict[str, Any] = {"by": CLERK, "on": OPENED, "at": moment(OPENED), "today": OPENED}
    city = cast.accounts[Role.UPPER_VIEWER].grants.get().organ
    said = {"organ.accountability": str(city.pk), "organ.organization": str(cast.commission.pk)}
    case = open_by_hand(
        thing=cast.bureau, family="accountability", role="handler", organ=cast.commission, said=said, **stamp
    )
    record(case, "receive", OPENED, {"source": "监督检查", "grounds": ["履职不力"], "facts": "验收时漏检两处"})
    told = issued(cast, case, "consider", {"fits": False, "reasons": "不是先行先试"})
    for words in (
        "容错前置审核表",
        cast.bureau.name,
        "验收时漏检两处",
        "不是先行先试",
        "分管领导签字",
        cast.commission.name,
    ):
        assert words in told, words
    for words in ("本人签字", "单位及职务"):
        assert words not in told, words
    record(case, "check", DONE, {"opinion": "同意"})
    record(case, "propose", DONE, {"measure": "通报", "reasons": "责任清楚"})
    meeting = {"attendance": [{"member": "甘棠", "view": "同意", "vote": "同意"}], "minutes": "甘棠主张从重"}
    record(case, "decide", DONE, meeting | {"decision": "问责", "measure": "通报问责", "reasons": "责任清楚"})
    act(case, "sign", DONE, step="decide", part="organization")
    said = {
        "number": "云纪〔2026〕12号", "made_on": "2026-04-01", "facts": "验收走过场，漏检两处", "clauses": "《中国共产党问责条例》第七条",
        "remedy": "一个月内向本委书面申诉",
    }  # fmt: skip
    told = issued(cast, case, "issue", said)
    assert told.split("\n")[-3:-1] == [city.name, "2026年4月1日"], "who decided, not who handles it"
    for words in ("云纪〔2026〕12号", f"{cast.bureau.name}：", *said.values(), "通报问责", "2026年4月1日集体研究"):
        assert words.replace("2026-04-01", "2026年4月1日") in told, words
    for words in ("甘棠", "本人签字", "不是先行先试"):
        assert words not in told, words


@pytest.mark.req("E4")
def test_no_paper_of_a_case_that_hangs_on_nobody_is_signed_by_whom_it_concerns() -> None:
    files = [
        file for ref, pack in packs().items() if pack.sealed_to for file in (PACKS / ref.procedure).rglob("*.docx")
    ]
    assert len(files) == 10
    assert [file.name for file in files if "本人签字" in words_of(str(file))] == []
