"""`./youwei test`: both stores, loudly told when one is left out, and never left out in CI."""

import contextlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

import bootstrap
import postgres
import testrun
from tests.support import browser

Runs = list[tuple[str, list[str], str]]


@contextlib.contextmanager
def no_server() -> Iterator[str]:
    raise postgres.NoPostgres("这台机器没有安装 PostgreSQL")
    yield ""


@contextlib.contextmanager
def some_server() -> Iterator[str]:
    yield "postgres://server"


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Runs:
    """What would have been run; every run ends well unless a test says otherwise."""
    made: Runs = []
    monkeypatch.setattr(testrun, "FAILURES", tmp_path / "lastfailed")
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.setattr(testrun, "install_system_parts", list)
    monkeypatch.setattr(testrun, "postgres_url", some_server)
    monkeypatch.setattr(testrun, "run_pytest", ending(made, 0, 0))
    return made


def ending(made: Runs, *codes: int) -> Callable[[str, Sequence[str], str], int]:
    left = list(codes)

    def run(store: str, arguments: Sequence[str], url: str) -> int:
        made.append((store, list(arguments), url))
        return left.pop(0)

    return run


def test_the_suite_runs_on_sqlite_and_what_touches_the_store_again_on_postgresql(runs: Runs) -> None:
    assert testrun.main(["-q"]) == 0
    assert runs == [
        ("SQLite", ["-q"], ""),
        ("PostgreSQL", ["-q", "--store-only", "-m", "not browser"], "postgres://server"),
    ]


def test_the_whole_suite_is_shared_among_the_processors(runs: Runs) -> None:
    assert testrun.main([]) == 0
    assert all("-n" in arguments for _, arguments, _ in runs)


@pytest.mark.parametrize(("first", "second", "answer"), [(1, 0, 1), (0, 1, 1), (2, 1, 2), (0, 5, 0)])
def test_a_failure_on_either_store_is_a_failure(
    monkeypatch: pytest.MonkeyPatch, runs: Runs, first: int, second: int, answer: int
) -> None:
    monkeypatch.setattr(testrun, "failures", list)
    monkeypatch.setattr(testrun, "run_pytest", ending(runs, first, second))
    assert testrun.main([]) == answer
    assert len(runs) == 2


BROWSER, PLAIN = "a/test_pages.py::test_looks[chromium]", "a/test_law.py::test_counts"


@pytest.mark.parametrize(
    ("failed", "alone", "answer", "count"),
    [([BROWSER], 0, 0, 3), ([BROWSER], 1, 1, 3), ([BROWSER, PLAIN], 0, 1, 2), ([], 0, 1, 2)],
)
def test_only_browser_tests_are_run_again_alone_and_what_fails_alone_has_failed(
    monkeypatch: pytest.MonkeyPatch,
    runs: Runs,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    failed: list[str],
    alone: int,
    answer: int,
    count: int,
) -> None:
    run = ending(runs, *([1, alone, 0] if count == 3 else [1, 0]))

    def failing(store: str, arguments: Sequence[str], url: str) -> int:
        if not runs:
            (tmp_path / "lastfailed").write_text(json.dumps(dict.fromkeys(failed, True)), "utf-8")
        return run(store, arguments, url)

    monkeypatch.setattr(testrun, "run_pytest", failing)
    assert testrun.main([]) == answer
    assert len(runs) == count
    if count == 3:
        assert runs[1] == ("SQLite", failed, "")
        assert BROWSER in capsys.readouterr().err


def test_failures_of_an_earlier_run_are_not_run_again(
    monkeypatch: pytest.MonkeyPatch, runs: Runs, tmp_path: Path
) -> None:
    (tmp_path / "lastfailed").write_text(json.dumps({BROWSER: True}), "utf-8")
    monkeypatch.setattr(testrun, "run_pytest", ending(runs, 1, 0))
    assert testrun.main([]) == 1
    assert len(runs) == 2


def test_without_postgresql_sqlite_is_tested_and_the_gap_is_told_before_and_after(
    monkeypatch: pytest.MonkeyPatch, runs: Runs, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(testrun, "postgres_url", no_server)
    assert testrun.main([]) == 0
    assert [store for store, _, _ in runs] == ["SQLite"]
    told = capsys.readouterr().err
    assert "没有在 PostgreSQL 上测试" in told
    assert "PostgreSQL 一遍被跳过" in told


def test_in_ci_a_missing_postgresql_is_a_failure(monkeypatch: pytest.MonkeyPatch, runs: Runs) -> None:
    monkeypatch.setenv("CI", "true")
    monkeypatch.setattr(testrun, "postgres_url", no_server)
    assert testrun.main([]) == 1
    assert runs == []


def test_in_ci_a_missing_browser_is_a_failure(monkeypatch: pytest.MonkeyPatch, runs: Runs) -> None:
    monkeypatch.setenv("CI", "true")
    monkeypatch.setattr(testrun, "install_system_parts", lambda: ["chromium"])
    assert testrun.main([]) == 1
    assert runs == []


def test_whoever_may_not_install_is_told_the_command(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(testrun, "can_apt", lambda: False)
    monkeypatch.setattr(testrun, "find_chromium", lambda: "")
    monkeypatch.setattr(testrun, "has_cjk_fonts", lambda: True)
    monkeypatch.setattr(testrun, "find_binaries", lambda: None)
    monkeypatch.delenv("DATABASE_URL", raising=False)
    assert testrun.install_system_parts() == ["chromium", "postgresql"]
    assert "apt-get install --no-install-recommends chromium postgresql" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("has_shell", "given", "whole", "asked"),
    [
        (False, "", "150.0-1", ["chromium-headless-shell=150.0-1"]),
        (False, "", "", ["chromium-headless-shell"]),
        (True, "", "150.0-1", None),
        (False, "/opt/chromium", "150.0-1", None),
    ],
)
def test_the_browser_without_windows_is_fetched_where_that_is_possible_and_changes_no_other(
    monkeypatch: pytest.MonkeyPatch, has_shell: bool, given: str, whole: str, asked: list[str] | None
) -> None:
    fetched: list[list[str]] = []
    monkeypatch.setenv("CHROMIUM", given)
    monkeypatch.setattr(testrun, "can_apt", lambda: True)
    monkeypatch.setattr(testrun, "wanted_packages", list)
    monkeypatch.setattr(testrun, "apt_install", lambda packages: fetched.append(list(packages)))
    monkeypatch.setattr(testrun.shutil, "which", lambda name: f"/usr/bin/{name}" if has_shell else None)
    monkeypatch.setattr(
        testrun.subprocess, "run", lambda command, **_: subprocess.CompletedProcess(command, 0, f"{whole}\n", "")
    )
    assert testrun.install_system_parts() == []
    assert fetched == ([asked] if asked else [])


def test_the_browser_without_windows_is_taken_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CHROMIUM", raising=False)
    there = {"chromium": "/usr/bin/chromium", "chromium-headless-shell": "/usr/bin/chromium-headless-shell"}
    monkeypatch.setattr(testrun.shutil, "which", there.get)
    assert testrun.find_chromium() == browser.find_chromium() == "/usr/bin/chromium-headless-shell"
    del there["chromium-headless-shell"]
    assert testrun.find_chromium() == browser.find_chromium() == "/usr/bin/chromium"


def test_a_throwaway_server_answers_while_it_is_needed_and_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    if postgres.find_binaries() is None:
        pytest.skip("PostgreSQL is not installed")
    folder = Path(tempfile.mkdtemp(prefix="youwei-pg-"))
    monkeypatch.setattr(tempfile, "mkdtemp", lambda **_: str(folder))
    with postgres.throwaway_server() as url:
        assert postgres.answers(url)
        assert folder.exists()
    assert not postgres.answers(url)
    assert not folder.exists()


def test_a_server_that_does_not_answer_is_not_taken(unused_port: int) -> None:
    assert not postgres.answers(f"postgres://postgres@127.0.0.1:{unused_port}/postgres")


@pytest.fixture
def unused_port() -> int:
    return postgres.free_port()


@pytest.mark.parametrize(
    ("arguments", "command"),
    [
        ([], ""),
        (["demo", "--port", "9000"], "demo"),
        (["--data", "store", "serve"], "serve"),
        (["--data=store", "--as", "office", "import", "demo"], "import"),
        (["--help"], ""),
    ],
)
def test_the_command_is_found_behind_the_programs_own_options(arguments: list[str], command: str) -> None:
    assert bootstrap.command_of(arguments) == command


def test_what_is_installed_is_current_only_for_this_lock_and_this_place(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    lock = tmp_path / "some.lock"
    lock.write_text("package==1")
    first = bootstrap._fingerprint(lock)
    lock.write_text("package==2")
    second = bootstrap._fingerprint(lock)
    monkeypatch.setattr(bootstrap, "ROOT", tmp_path / "moved")
    assert len({first, second, bootstrap._fingerprint(lock)}) == 3


def test_the_tests_start_from_the_projects_folder_without_the_callers_store_and_compile_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    started: list[tuple[Sequence[str], str, dict[str, str]]] = []
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    monkeypatch.setenv("DATABASE_URL", "postgres://real")
    monkeypatch.setenv("YOUWEI_DATA", "real")
    monkeypatch.setattr(
        testrun.subprocess, "call", lambda command, cwd, env: started.append((command, str(cwd), env)) or 0
    )
    testrun.run_pytest("SQLite", ["-q"], "")
    ((command, folder, environment),) = started
    assert [str(part) for part in command[1:]] == ["-m", "pytest", "-q"]
    assert folder == str(bootstrap.ROOT)
    assert not {"DATABASE_URL", "YOUWEI_DATA", "PYTHONDONTWRITEBYTECODE"} & set(environment)
    assert os.environ["DATABASE_URL"] == "postgres://real"


@pytest.mark.parametrize(("let_in", "taken"), [({0, 1}, 0), ({1}, 1)], ids=["by-socket", "over-tcp-only"])
def test_the_local_server_is_reached_by_the_first_way_that_lets_us_in(
    let_in: set[int], taken: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setattr(postgres, "answers", lambda url: postgres.LOCAL_URLS.index(url) in let_in)
    with postgres.postgres_url() as url:
        assert url == postgres.LOCAL_URLS[taken]


@pytest.mark.parametrize(
    ("there", "answers", "made_of"),
    [(True, [0], ["system"]), (True, [1, 0], ["system", "caller"]), (False, [0], ["caller"])],
    ids=["of-the-system", "the-system-has-no-venv", "another-version-only"],
)
def test_the_environment_is_made_of_the_systems_python_where_it_can_be(
    there: bool, answers: list[int], made_of: list[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """It is the one any account may run, and the quicker (decision 61)."""
    system = tmp_path / f"python3.{sys.version_info.minor}"
    if there:
        system.touch()
    known, asked = {str(system): "system", sys.executable: "caller"}, []

    def run(command: Sequence[str], **_: object) -> subprocess.CompletedProcess[str]:
        asked.append(known[command[0]])
        return subprocess.CompletedProcess(command, answers[len(asked) - 1])

    monkeypatch.setattr(bootstrap, "SYSTEM", tmp_path)
    monkeypatch.setattr(bootstrap.subprocess, "run", run)
    bootstrap._make_venv()
    assert asked == made_of
