"""What the shell does with a folder of packs: compare two versions, and freeze a released one with the log that is replayed for ever (I1)."""

from pathlib import Path

import pytest

from tests.support.cast import Cast
from tests.support.versions import STORY, TRIAL
from youwei.cases import drafting, logs
from youwei.cases.drafting import Doing
from youwei.cases.models import PackVersion
from youwei.config import shell_packs
from youwei.config.cli import parser
from youwei.config.faults import CommandRefused
from youwei.config.shell_packs import packs
from youwei.journal.actors import Actor
from youwei.organs import clock

pytestmark = pytest.mark.req("I1")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(tmp_path, "1.0", TRIAL)
    stories = tmp_path / "trial" / "1.0" / "scenarios"
    stories.mkdir()
    (stories / "main.yaml").write_text(STORY, "utf-8")
    return tmp_path


def write(folder: Path, version: str, text: str) -> None:
    place = folder / "trial" / version
    place.mkdir(parents=True, exist_ok=True)
    (place / "pack.yaml").write_text(text, "utf-8")


def shell(folder: Path, *said: str) -> int:
    return packs(parser().parse_args(["packs", *said, "--dir", str(folder)]))


def stored(*said: str, account: str = "case_officer") -> int:
    return packs(parser().parse_args(["--as", account, "packs", *said]))


def test_a_version_with_a_saved_log_is_frozen(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert shell(folder, "save-log") == 0
    assert "trial@1.0：存了“照常告知”，2条记录" in capsys.readouterr().out
    assert shell(folder, "check") == 0
    write(folder, "1.0", TRIAL.replace("3 working days", "5 working days"))
    assert shell(folder, "check") == 1
    assert "已经施行，内容被改动；请恢复原文，要改的另编一个版本。" in capsys.readouterr().out
    with pytest.raises(CommandRefused, match="施行过的请另编一个版本"):
        shell(folder, "save-log", "trial@1.0")
    write(folder, "1.0", f"# 只是注释\n{TRIAL}")
    assert shell(folder, "check") == 0


def test_a_log_is_not_saved_without_a_story_that_comes_out(folder: Path) -> None:
    write(folder, "2.0", TRIAL.replace("'1.0'", "'2.0'"))
    with pytest.raises(CommandRefused, match="没有情景"):
        shell(folder, "save-log", "trial@2.0")
    story = folder / "trial" / "1.0" / "scenarios" / "main.yaml"
    story.write_text(STORY.replace("outcome: told", "outcome: refused"), "utf-8")
    with pytest.raises(CommandRefused, match="outcome 是told，应为refused"):
        shell(folder, "save-log", "trial@1.0")
    assert not (folder / "trial" / "1.0" / "saved.json").exists()


def test_two_versions_are_compared(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(folder, "2.0", TRIAL.replace("'1.0'", "'2.0'").replace("3 working days", "5 working days"))
    assert shell(folder, "compare", "trial@1.0", "trial@2.0") == 0
    said = capsys.readouterr().out
    assert "变化“告知”\n  办理期限：本环节可以办理之日起3个工作日内 → 本环节可以办理之日起5个工作日内" in said
    assert shell(folder, "compare", "trial@1.0", "trial@1.0") == 0
    assert "两个版本内容相同" in capsys.readouterr().out
    with pytest.raises(CommandRefused, match="没有规程 trial@3"):
        shell(folder, "compare", "trial@1.0", "trial@3")
    with pytest.raises(CommandRefused, match="请写明两个版本"):
        shell(folder, "compare", "trial@1.0")


@pytest.mark.django_db
def test_a_draft_goes_into_force_and_to_its_end_in_the_shell(
    cast: Cast, two_versions: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shell_packs, "need_store", logs.look)
    file = tmp_path / "draft.yaml"
    file.write_text(TRIAL.replace("by: office", "by: nobody"), "utf-8")
    with pytest.raises(CommandRefused, match="没有机关"):
        stored("draft", str(file), "--organ", "没有的局")
    stored("draft", str(file), "--organ", "青溪区纪委监委")
    assert "trial/1.0/pack.yaml:10 steps.tell.by：没有“nobody”这个角色" in capsys.readouterr().out
    with pytest.raises(CommandRefused, match="规程还有问题"):
        stored("release", "trial@1.0", account="leader")
    row = PackVersion.objects.get()
    drafting.drop(pk=row.pk, doing=Doing(by=Actor("方知行"), on=clock.today(), at=clock.now()))
    file.write_text(TRIAL, "utf-8")
    stored("draft", str(file), "--organ", "青溪区纪委监委")
    with pytest.raises(CommandRefused, match="另一位领导"):
        stored("release", "trial@1.0")
    stored("release", "trial@1.0", account="leader")
    with pytest.raises(CommandRefused, match="没有草稿"):
        stored("release", "trial@1.0", account="leader")
    capsys.readouterr()
    stored("list")
    assert "trial@1.0 试用规程：施行中，2024年1月1日起施行" in capsys.readouterr().out
    with pytest.raises(CommandRefused, match="理由"):
        stored("end", "trial@1.0")
    stored("end", "trial@1.0", "--reason", "废止")
    assert "施行到" in capsys.readouterr().out
    logs._Seen.versions = ()
