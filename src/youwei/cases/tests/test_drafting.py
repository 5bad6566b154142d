"""A version of a procedure is written, commented on, put in force by somebody else, frozen, ended; each act is logged and provable (I1)."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.support.cast import Cast
from tests.support.versions import NEW, OLD, TRIAL, later_text
from youwei.cases import drafting, logs
from youwei.cases.drafting import Doing, Refused
from youwei.cases.models import PackVersion
from youwei.cases.opening import called_for
from youwei.cases.proof import Prover
from youwei.cases.tests.builders import act, case_of, moment, open_steps
from youwei.engine.opening import newest_in_force
from youwei.journal.actors import Actor
from youwei.journal.queries import records, verify
from youwei.rulebook.pack_types import PackRef

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("two_versions"), pytest.mark.req("I1")]
DAY = date(2026, 6, 1)
SMALL = PackRef("trial", "1.0")


@pytest.fixture(autouse=True)
def one_on_disk(two_versions: Path) -> Iterator[None]:
    """The later version is no file: it is written in the tests. What a process has seen is forgotten with the store."""
    (two_versions / NEW.procedure / NEW.version / "pack.yaml").unlink()
    logs._loaded.cache_clear()
    yield
    logs._Seen.versions = ()


def doing(who: Any, on: date = DAY, seen: int | None = None) -> Doing:
    return Doing(by=Actor(who.name, who.pk), on=on, at=moment(on), seen=seen)


def drafted(cast: Cast, text: str = TRIAL) -> PackVersion:
    return drafting.draft(text=text, organ=cast.commission, doing=doing(cast.officer))


def released(cast: Cast, text: str = TRIAL) -> PackVersion:
    row = drafting.release(pk=drafted(cast, text).pk, doing=doing(cast.leader))
    logs.look()
    return row


def clean() -> None:
    assert verify(provers=[Prover(DAY)]) == []


def test_a_draft_is_no_procedure_until_somebody_else_puts_it_in_force(cast: Cast) -> None:
    row = drafted(cast)
    logs.look()
    assert SMALL not in logs.packs()
    with pytest.raises(Refused, match="请由另一位领导批准施行"):
        drafting.release(pk=row.pk, doing=doing(cast.officer))
    drafting.release(pk=row.pk, doing=doing(cast.leader))
    logs.look()
    row.refresh_from_db()
    assert logs.packs()[SMALL].digest == row.digest
    assert [(each.kind, each.by) for each in records("pack", row.pk)] == [
        ("pack.drafted", "方知行"),
        ("pack.released", "岑伯安"),
    ]
    clean()


def test_a_released_version_opens_new_cases_and_the_old_ones_go_on(cast: Cast) -> None:
    case = case_of(cast)
    released(cast, later_text())
    assert [pack.ref for pack in newest_in_force(logs.packs(), DAY) if pack.ref.procedure == OLD.procedure] == [NEW]
    assert [
        pack.ref for pack in newest_in_force(logs.packs(), date(2026, 5, 31)) if pack.ref.procedure == OLD.procedure
    ] == [OLD]
    act(case, "note", DAY, reason="照旧办理")
    case.refresh_from_db()
    assert case.version == OLD.version
    act(case, "moved", DAY, to=str(NEW))
    assert ("pledge", "") in open_steps(case)
    clean()


def test_what_is_in_force_is_never_written_again(cast: Cast, two_versions: Path) -> None:
    row = released(cast)
    for refused in (
        lambda: drafting.rewrite(pk=row.pk, text=TRIAL, doing=doing(cast.officer)),
        lambda: drafting.drop(pk=row.pk, doing=doing(cast.officer)),
        lambda: drafting.release(pk=row.pk, doing=doing(cast.leader)),
        lambda: drafting.ask(pk=row.pk, doing=doing(cast.officer)),
    ):
        with pytest.raises(Refused, match="已经施行，不能再改"):
            refused()
    with pytest.raises(Refused, match="请换一个版本号"):
        drafted(cast)
    PackVersion.objects.filter(pk=row.pk).update(text=TRIAL.replace("3 working days", "20 working days"))
    logs._loaded.cache_clear()
    with pytest.raises(Exception, match="已经施行，内容被改动"):
        logs.packs()
    assert drafting.frozen_faults(two_versions) == [
        f"规程 {SMALL} 已经施行，内容被改动；请恢复原文，要改的另编一个版本。"
    ]
    assert [finding.column for finding in verify(provers=[Prover(DAY)])] == ["text"]


def test_a_draft_with_faults_is_kept_with_all_of_them_and_not_put_in_force(cast: Cast) -> None:
    bad = TRIAL.replace("by: office, due: 3 working days", "by: nobody, after: nothing, due: soon")
    row = drafted(cast, bad)
    found = drafting.check(row.text)
    assert {bad.splitlines()[fault.line - 1].strip().split(":")[0] for fault in found.faults} == {"tell"}
    assert len(found.faults) == 3  # 角色、先后、期限各一处
    with pytest.raises(Refused, match="规程还有问题"):
        drafting.release(pk=row.pk, doing=doing(cast.leader))
    drafting.rewrite(pk=row.pk, text=TRIAL, doing=doing(cast.officer))
    assert drafting.check(TRIAL).report.ready
    clean()


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "要写明 procedure、version、title"),
        ("只有一行字", "要写明"),
        ("a: [", "要写明"),
        ("procedure: x\ntitle: 甲\n", "要写明 version"),
        ("procedure: x/../y\ntitle: 甲\nversion: '1'\n", "不能有斜线"),
        ("procedure: x\ntitle: 甲\nversion: '1'\n---\nprocedure: y\n", "只能写一个规程"),
        ("x" * 400_001, "规程太长"),
    ],
)  # fmt: skip
def test_a_text_that_does_not_say_what_it_is_is_refused(cast: Cast, text: str, why: str) -> None:
    with pytest.raises(Refused, match=why):
        drafted(cast, text)
    assert not PackVersion.objects.exists()


def test_comments_are_asked_for_and_kept(cast: Cast) -> None:
    row = drafted(cast)
    with pytest.raises(Refused, match="不征求意见"):
        drafting.comment(pk=row.pk, text="好", doing=doing(cast.leader))
    drafting.ask(pk=row.pk, doing=doing(cast.officer))
    with pytest.raises(Refused, match="请写明意见"):
        drafting.comment(pk=row.pk, text=" ", doing=doing(cast.leader))
    drafting.comment(pk=row.pk, text="十个工作日太短", doing=doing(cast.leader))
    assert records("pack", row.pk)[-1].content == {"row": {}, "comment": "十个工作日太短"}
    clean()


def test_a_page_that_is_behind_changes_nothing(cast: Cast) -> None:
    row = drafted(cast)
    seen = drafting.head(row)
    drafting.rewrite(pk=row.pk, text=TRIAL + "\n", doing=doing(cast.officer, seen=seen))
    with pytest.raises(Refused, match="有人改过"):
        drafting.release(pk=row.pk, doing=doing(cast.leader, seen=seen))
    with pytest.raises(Refused, match="编号和版本不能改"):
        drafting.rewrite(pk=row.pk, text=TRIAL.replace("1.0", "1.1"), doing=doing(cast.officer))


def test_an_ended_version_opens_nothing_more_and_its_cases_go_on(cast: Cast) -> None:
    case = case_of(cast)
    with pytest.raises(Refused, match="不能早于今天"):
        drafting.end(ref=OLD, last_day=date(2026, 5, 31), reason="废止", doing=doing(cast.leader))
    with pytest.raises(Refused, match="理由"):
        drafting.end(ref=OLD, last_day=DAY, reason="", doing=doing(cast.leader))
    drafting.end(ref=OLD, last_day=DAY, reason="废止", doing=doing(cast.leader))
    logs.look()
    pack = logs.packs()[OLD]
    assert (pack.in_force(DAY), pack.in_force(date(2026, 6, 2))) == (True, False)
    facts = {"decision.class": ["党纪处分"], "person.managed_by": "市管", "period.running": True}
    assert [each.ref for each in called_for(facts, history=False, today=date(2026, 6, 2))] == []
    act(case, "note", date(2026, 6, 2), reason="照旧办理")
    assert open_steps(case)
    clean()


def test_at_the_start_what_is_on_disk_is_put_in_force_and_an_altered_one_is_told(
    cast: Cast, two_versions: Path
) -> None:
    case_of(cast)
    assert drafting.start_up(on=DAY, at=moment(DAY)) == []
    row = PackVersion.objects.get()
    assert (str(row), row.digest, row.text, row.organ_id) == (str(OLD), logs.packs()[OLD].digest, "", None)
    assert drafting.start_up(on=DAY, at=moment(DAY)) == []
    assert PackVersion.objects.count() == 1
    clean()
    path = two_versions / OLD.procedure / OLD.version / "pack.yaml"
    text = path.read_text("utf-8")
    path.write_text(text.replace("issued_by: 荆州", "issued_by: 某"), "utf-8")
    assert drafting.start_up(on=DAY, at=moment(DAY)) == [
        f"规程 {OLD} 已经施行，内容被改动；请恢复原文，要改的另编一个版本。"
    ]
    path.write_text(text.replace("by: trial_office", "by: nobody"), "utf-8")
    said = drafting.start_up(on=DAY, at=moment(DAY))
    assert "没有“nobody”这个角色" in "".join(said)
    assert PackVersion.objects.count() == 1
    path.unlink()
    assert "文件却不在了" in drafting.start_up(on=DAY, at=moment(DAY))[0]
