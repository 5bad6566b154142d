"""The bench measures what it says on a store that is right, and says so when a mark is missed."""

import argparse
import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from bench import marks, run
from bench.city import GIVEN, Row, rows_of, write_ledger
from bench.marks import ACTS, Act, Mark, Reading
from bench.report import lines
from bench.truth import Played, differences, expected, tally
from tests.support.tree import ROOT
from youwei.cases import taking
from youwei.config import shell_bench
from youwei.config.cli import main
from youwei.config.demo.places import Places, build_places
from youwei.config.demo.stories import moment
from youwei.decisions.models import Decision
from youwei.intake.commands import stage
from youwei.intake.identity import read_identity
from youwei.journal.actors import SHELL
from youwei.organs.queries import calendar
from youwei.rulebook.calendar import seed_calendar
from youwei.rulebook.law import load_law

TODAY = date(2026, 9, 21)
SIZE = 180


def rows(size: int = SIZE) -> list[Row]:
    return rows_of(size, today=TODAY, calendar=seed_calendar())


def enter(places: Places, told: list[Row], folder: Path) -> None:
    """The ledger of the city as history."""
    file = folder / "ledger.xlsx"
    write_ledger(told, {row.area: places.office(row.area).name for row in told}, file)
    home = places.organs["云川市纪委监委"]
    batch = stage(
        organ=home, data=file.read_bytes(), filename=file.name, mode="history", by=SHELL, at=moment(TODAY), on=TODAY,
        matcher=taking.matcher(home),
    )  # fmt: skip
    taking.take_in(batch=batch, by=SHELL, at=moment(TODAY), today=TODAY)


def asked(**more: Any) -> argparse.Namespace:
    return argparse.Namespace(
        **{"cases": 3500, "store": "sqlite", "only": ["plan"], "json": True, "keep": None, "peers": False, **more}
    )


def test_the_same_size_gives_the_same_city_of_invented_people() -> None:
    once, again = rows(), rows()
    assert once == again
    people = {row.person: row for row in once if row.person}
    numbers = {row.identity for row in people.values()}
    assert len(numbers) == len(people)
    assert all(number.startswith("99") and not read_identity(number).problem for number in numbers)
    large = [
        Row(at, "", "", at, "", False, date(1970, 1, 1), GIVEN[0], TODAY, False)
        for at in (1, 499, 500, 99_999, 150_000)
    ]
    assert len({row.identity for row in large}) == len(large)


def test_what_the_table_says_of_each_measure_is_what_the_law_says() -> None:
    law = load_law()
    for given in GIVEN:
        written = [law.recognise(text) for text in (given.party, given.administrative, given.handling) if text]
        assert tuple(kind.id for kind in written if kind) == given.kinds
        assert law.weight(kind for kind in written if kind) == given.weight
        assert not law.fits_form([kind for kind in written if kind], given.form)


def test_the_truth_is_counted_row_by_row() -> None:
    """Three people and a stub: a warning of a person of 34, an expulsion, and one who was warned and later removed."""
    young = Row(1, "青溪区", "", 1, "甲", False, date(1990, 3, 2), GIVEN[0], date(2025, 3, 1), True)
    out = Row(2, "青溪区", "", 2, "乙", True, date(1970, 1, 1), GIVEN[6], date(2020, 3, 2), False)
    first = Row(3, "望江区", "", 3, "丙", False, date(1975, 1, 1), GIVEN[0], date(2019, 3, 1), False)
    second = Row(4, "望江区", "", 3, "丙", False, date(1975, 1, 1), GIVEN[5], date(2020, 5, 6), False)
    stub = Row(5, "云川市", "", 0, "", False, date(1975, 1, 1), GIVEN[0], date(2020, 5, 6), False)
    found = expected([young, out, first, second, stub])
    assert {name: number for name, number in found.items() if number} == {
        "decisions": 5, "decisions.formed": 5, "decisions.secret": 1, "decisions.light": 3, "decisions.heavy": 2, "decisions.young": 1,
        "decisions.form2": 3, "decisions.form3": 1, "decisions.form4": 1, "people": 3, "people.form2": 1, "people.form3": 1,
        "people.form4": 1, "people.light": 1, "people.heavy": 2, "none.administrative": 3, "measure.party.warning": 3,
        "measure.party.removal": 1, "measure.administrative.removal": 1, "measure.party.expulsion": 1,
        "measure.administrative.dismissal": 1, "year.2019": 1, "year.2020": 3, "year.2025": 1, "region.青溪区": 2, "region.望江区": 2,
        "region.云川市": 1,
    }  # fmt: skip


@pytest.mark.django_db
@pytest.mark.req("J1")
def test_the_figures_of_a_generated_city_are_its_truth_and_a_wrong_store_is_found(tmp_path: Path) -> None:
    places = build_places(on=date(2016, 1, 4), at=moment(date(2016, 1, 4)), word="not-used-here")
    told = rows_of(SIZE, today=TODAY, calendar=calendar())
    enter(places, told, tmp_path)
    compared, wrong = differences(told, Played(), today=TODAY)
    assert (wrong, compared > 200) == ([], True)
    changed = next(row for row in told if row.person and row.given.form == 2)
    number = changed.made_on.year, changed.area
    Decision.objects.filter(number__endswith=f"〕{changed.number}号").update(form=1)
    _, wrong = differences(told, Played(), today=TODAY)
    assert (
        f"全市历年 decisions.form2：应为{tally(told)['decisions.form2']}，库里{tally(told)['decisions.form2'] - 1}"
        in wrong
    )
    assert any(each.startswith(f"全市{number[0]}年 ") for each in wrong)


@pytest.mark.parametrize(("limit", "code"), [(1e-6, 1), (1e6, 0)])
def test_a_missed_mark_is_exit_code_1(
    limit: float, code: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    made = Act("plan", "推算", "ms", (Mark(limit),), "读", needs_city=False)
    monkeypatch.setattr(marks, "ACTS", {"plan": made})
    monkeypatch.setattr(run, "ACTS", {"plan": made})
    kept = tmp_path / "kept.json"
    monkeypatch.setattr(run, "store", lambda kind: {"kind": kind, "version": "0"})  # this act needs no store
    assert run.run(asked(keep=str(kept))) == code
    told = json.loads(capsys.readouterr().out)
    assert told == json.loads(kept.read_text(encoding="utf-8"))
    assert told["missed"] == (["plan"] if code else [])
    assert told["acts"][0]["holds"] is (not code)


def test_a_mark_holds_for_its_store_and_its_size() -> None:
    assert Reading("step", 100.0).told(3500, "sqlite")["holds"] is False
    assert Reading("step", 400.0).told(3500, "sqlite")["holds"] is True
    assert Reading("step", 100.0).told(3500, "postgres")["holds"] is None
    assert Reading("import", 700.0).told(3500, "sqlite")["holds"] is True
    assert Reading("import", 700.0).told(100_000, "sqlite")["holds"] is False
    assert Reading("growth", 2.5).told(100_000, "postgres")["holds"] is False
    assert Reading("list", 20.0).told(100_000, "postgres")["holds"] is None


def test_a_ratio_says_how_many_times_the_floor_an_act_costs() -> None:
    assert Reading("case", 30.0, 3.0).ratio == 10
    assert Reading("step", 100.0, 1000.0).ratio == 10
    assert Reading("memory", 100.0).ratio is None


@pytest.mark.parametrize(
    "words",
    [
        ["--cases", "5"],
        ["--cases", "many"],
        ["--cases", "9999999"],
        ["--store", "paper"],
        ["--only", "nothing"],
        ["--only", "growth"],
    ],
)
def test_wrong_use_is_exit_code_2(words: list[str], capfd: pytest.CaptureFixture[str]) -> None:
    try:
        code: object = main(["bench", *words])
    except SystemExit as ended:
        code = ended.code
    assert code == 2
    assert "用法不对" in capfd.readouterr().err


def test_the_bench_knows_nothing_of_the_offices_store(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    seen: dict[str, Any] = {}

    def note(command: list[str], environment: dict[str, str]) -> int:
        seen.update(environment)
        seen["there"] = Path(environment["YOUWEI_DATA"]).parent.is_dir()
        return 0

    for name, value in (
        ("YOUWEI_DATA", "office"),
        ("YOUWEI_KEYS", "office/keys"),
        ("DATABASE_URL", "postgres://office/youwei"),
    ):
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(shell_bench, "_run", note)
    assert main(["bench", "--data", str(tmp_path)]) == 0
    assert os.environ["YOUWEI_DATA"] == "office"
    assert Path(seen["YOUWEI_DATA"]).is_relative_to(tmp_path)
    assert seen["there"]
    assert {"YOUWEI_KEYS", "DATABASE_URL"} & set(seen) == set()
    assert list(tmp_path.iterdir()) == []


def test_a_result_that_could_not_be_kept_is_refused_before_the_run(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bench", "--keep", "no-such-folder/result.json"]) == 1
    assert "no-such-folder" in capsys.readouterr().err


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="looks for processes left over in /proc")
@pytest.mark.parametrize("during", ["import", "list"])
def test_told_to_stop_it_leaves_neither_process_nor_store(during: str, tmp_path: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "youwei.config.cli",
        "bench",
        "--cases",
        "100",
        "--only",
        "list",
        "--data",
        str(tmp_path),
    ]
    with subprocess.Popen(
        command, cwd=ROOT, env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    ) as running:
        assert running.stderr is not None
        for line in running.stderr:
            if ACTS[during].title in line:
                break
        running.send_signal(signal.SIGTERM)
        assert running.wait(180) == 1
    assert list(tmp_path.iterdir()) == []
    until = time.monotonic() + 30  # what was killed may take its time on a busy machine
    while left_over(tmp_path) and time.monotonic() < until:
        time.sleep(0.2)
    assert left_over(tmp_path) == []


def environment() -> dict[str, str]:
    """That of a shell; the settings of the tests are not for the bench."""
    return {name: value for name, value in os.environ.items() if name not in {"DJANGO_SETTINGS_MODULE", "YOUWEI_DATA"}}


def left_over(folder: Path) -> list[str]:
    """Processes that work in a folder."""
    found = []
    for path in Path("/proc").glob("[0-9]*/environ"):
        with contextlib.suppress(OSError):
            if os.fsencode(folder) in path.read_bytes():
                found.append(path.parent.name)
    return found


@pytest.mark.slow
@pytest.mark.django_db
def test_a_whole_run_at_the_smallest_size_keeps_every_key(tmp_path: Path) -> None:
    """The real command with the real server, on both kinds of store."""
    at, kept = settings.DATABASES["default"], tmp_path / "kept.json"
    on_postgresql = "postgresql" in at["ENGINE"]
    words = ["--cases", "100", "--store", "postgres" if on_postgresql else "sqlite", "--data", str(tmp_path / "disk")]
    done = subprocess.run(
        [sys.executable, "-m", "youwei.config.cli", "bench", *words, "--json", "--keep", str(kept)],
        cwd=ROOT, env=environment(), capture_output=True, text=True, timeout=600, check=False,
    )  # fmt: skip
    assert done.stdout, done.stderr
    told = json.loads(done.stdout)
    assert told == json.loads(kept.read_text(encoding="utf-8"))
    assert set(told) == {
        "bench", "on", "minutes", "machine", "store", "cases", "sizes", "truth", "acts", "missed", "peers"
    }  # fmt: skip
    assert {act["name"] for act in told["acts"]} == set(ACTS) - {"growth"}
    for act in told["acts"]:
        assert set(act) == {
            "name", "title", "unit", "better", "value", "floor", "floor_is", "ratio", "mark", "holds", "details"
        }  # fmt: skip
        assert act["value"] > 0
        assert (act["name"] == "memory") == (act["ratio"] is None)
    assert told["truth"]["wrong"] == 0
    assert told["truth"]["compared"] > 300
    assert told["sizes"]["cases"] >= 98  # stubs have no case
    assert told["store"]["journal"] == ("replica" if on_postgresql else "wal")
    assert told["store"]["synchronous"] == ("on" if on_postgresql else "FULL")
    assert told["missed"] == [act["name"] for act in told["acts"] if act["holds"] is False]
    assert done.returncode == (1 if told["missed"] else 0)
    assert list((tmp_path / "disk").iterdir()) == []
    told["machine"]["load_before"] = 0.1
    assert len(list(lines(told))) == len(told["acts"]) + 3
    told["machine"]["load_before"] = 4.0
    assert any("偏慢" in line for line in lines(told))
