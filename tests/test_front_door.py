"""`./youwei`: needs only Python, speaks Chinese, works from anywhere, and passes on what the program answers."""

import ast
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.tree import ROOT

DOOR = ROOT / "youwei"
OLDEST_THAT_MUST_READ_IT = (3, 6)


def enter(*arguments: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    outside = {
        name: value
        for name, value in os.environ.items()
        if name not in {"DATABASE_URL", "YOUWEI_DATA", "DJANGO_SETTINGS_MODULE"}
    }
    command = [sys.executable, str(DOOR), *arguments]
    return subprocess.run(command, cwd=cwd, env={**outside, **environment}, capture_output=True, text=True, check=False)


def test_the_front_door_can_be_read_by_pythons_too_old_to_run_the_rest() -> None:
    text = DOOR.read_text(encoding="utf-8")
    ast.parse(text, feature_version=OLDEST_THAT_MUST_READ_IT)
    assert "需要 Python 3.11" in text


def test_the_front_door_is_executable() -> None:
    assert os.access(DOOR, os.X_OK)


def test_the_tools_before_the_environment_use_the_standard_library_only() -> None:
    for name in ("bootstrap.py", "assets.py", "bundle.py"):
        tree = ast.parse((ROOT / "scripts" / name).read_text(encoding="utf-8"))
        imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
        imported |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
        assert {name.split(".")[0] for name in imported} <= sys.stdlib_module_names


def test_a_fresh_checkout_tells_its_use_without_installing_anything(tmp_path: Path) -> None:
    checkout = tmp_path / "checkout"
    (checkout / "scripts").mkdir(parents=True)
    for name in ("youwei", "scripts/bootstrap.py", "requirements.lock"):
        (checkout / name).write_bytes((ROOT / name).read_bytes())
    done = subprocess.run(
        [sys.executable, checkout / "youwei"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0
    assert "demo" in done.stdout
    assert not (checkout / ".venv").exists()


@pytest.mark.req("A3")
def test_an_answer_for_programs_is_all_there_is_on_standard_output_from_any_folder(tmp_path: Path) -> None:
    done = enter(
        "workdays", "--after", "2024-09-30", "--count", "1", "--json", cwd=tmp_path, YOUWEI_DATA=str(tmp_path / "data")
    )
    assert done.returncode == 0, done.stderr
    # 1 to 7 October 2024 are the National Day holiday by the State Council's notice; the 8th is a Tuesday.
    assert json.loads(done.stdout)["due_on"] == "2024-10-08"


def test_wrong_use_ends_with_two(tmp_path: Path) -> None:
    done = enter("no-such-command", cwd=tmp_path, YOUWEI_DATA=str(tmp_path / "data"))
    assert done.returncode == 2
    assert done.stderr.strip()
    assert "Traceback" not in done.stderr


def test_a_date_that_is_none_is_refused_in_words(tmp_path: Path) -> None:
    done = enter(
        "workdays", "--after", "2024-02-30", "--count", "1", "--json", cwd=tmp_path, YOUWEI_DATA=str(tmp_path / "data")
    )
    assert done.returncode in {1, 2}
    assert "Traceback" not in done.stderr
    assert "2024-02-30" in done.stdout + done.stderr
