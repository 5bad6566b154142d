"""The race with other engines: the same eight steps for all of them, installed apart, and never told as run when it was not."""

import argparse
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bench import racing, run
from bench.peers.steps import steps
from bench.report import lines
from bench.web import Fault
from tests.support.tree import ROOT
from youwei.engine.soundness import explore
from youwei.rulebook.calendar import seed_calendar
from youwei.rulebook.packs import load_packs

PEERS = ROOT / "bench" / "peers"


def test_every_case_has_eight_steps_with_a_branch_and_a_repeat() -> None:
    long, short = [name for name, _ in steps(1)], [name for name, _ in steps(2)]
    assert long == ["accept", "review", "approve", "full", "talk", "talk", "report", "close"]
    assert short == ["accept", "review", "approve", "short", "talk", "talk", "report", "close"]


def test_the_three_tell_the_same_procedure() -> None:
    """The pack, the drawing for SpiffWorkflow and the flow for Viewflow name the same steps."""
    (pack,) = load_packs(PEERS / "packs").values()
    named = {name for number in (1, 2) for name, _ in steps(number)}
    assert set(pack.steps) == named
    assert set(re.findall(r'manualTask id="(\w+)"', (PEERS / "race.bpmn").read_text(encoding="utf-8"))) == named
    assert set(re.findall(r"(\w+) = flow\.View", (PEERS / "race" / "flows.py").read_text(encoding="utf-8"))) == named


def test_what_is_installed_apart_is_pinned_with_hashes_and_no_address() -> None:
    text = (PEERS / "requirements.lock").read_text(encoding="utf-8")
    pinned = re.findall(r"^([a-z-]+)==[\d.]+ \\\n    --hash=sha256:[0-9a-f]{64}", text, re.MULTILINE)
    assert {"spiffworkflow", "django-viewflow"} <= set(pinned)
    assert len(pinned) == text.count("==")
    assert "://" not in text
    product = (ROOT / "requirements.lock").read_text(encoding="utf-8").lower()
    assert "spiffworkflow" not in product
    assert "viewflow" not in product


def test_a_registry_out_of_reach_is_said_and_is_exit_code_1(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    def refused(command: list[Any], **_: Any) -> subprocess.CompletedProcess[str]:
        return subprocess.CompletedProcess(command, 1, "", "no route to the registry")

    monkeypatch.setattr(racing.venv, "create", lambda *_, **__: None)
    monkeypatch.setattr(racing.subprocess, "run", refused)
    with pytest.raises(Fault, match="no route to the registry"):
        racing.race(tmp_path)
    monkeypatch.setattr(run, "race", lambda _: racing.race(tmp_path))
    asked = argparse.Namespace(cases=3500, store="sqlite", only=["plan"], json=True, keep=None, peers=True)
    assert run.run(asked) == 1
    told = capsys.readouterr()
    assert "没有办成：比较用的流程引擎没有装成" in told.err
    assert told.out == "", "nothing is told of a race that was not run"


def test_the_ratios_are_those_of_the_rates() -> None:
    own = {
        "name": "Youwei",
        "version": "",
        "cases": 200,
        "seconds": 10.0,
        "processor_ms": 30.0,
        "journal": "wal",
        "synchronous": "FULL",
    }
    other = {**own, "name": "Other", "version": "1", "seconds": 5.0, "processor_ms": 15.0}
    told = racing._told(other, own)
    assert (told["cases_per_second"], told["ratio"], told["processor_ratio"]) == (40.0, 0.5, 0.5)
    machine = {"processor": "", "cores": 2, "load_before": 0.1, "python": ""}
    result = {
        "on": "",
        "machine": machine,
        "store": {"kind": "sqlite", "version": ""},
        "cases": 1,
        "minutes": 1,
        "acts": [],
        "peers": [told],
    }
    assert any("Other 1：40件/秒" in line and "0.5倍" in line for line in lines(result))


def test_the_pack_of_the_race_reaches_its_end_whatever_is_answered() -> None:
    (pack,) = load_packs(PEERS / "packs").values()
    found = explore(pack, seed_calendar())
    assert (found.reached, found.stuck, found.opened) == ({"closed"}, {}, set(pack.steps))


@pytest.mark.slow
def test_this_program_runs_the_race_to_its_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(racing, "CASES", 2)
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("PYTHONPATH", f"{ROOT}:{ROOT / 'src'}")
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "youwei.config.settings")
    told = racing._run(
        [sys.executable, "-m", "bench.peers.own"], tmp_path / "own", {"YOUWEI_PACKS": str(PEERS / "packs")}
    )
    assert (told["cases"], told["journal"], told["synchronous"]) == (2, "wal", "FULL")
