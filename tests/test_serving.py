"""The real server, as an office runs it: static files under their hashed names, headers set, stopped by one signal."""

import contextlib
import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email.message import Message
from pathlib import Path

import pytest

from tests.support.tree import ROOT

PATIENCE = 60.0
PROGRAM = [sys.executable, "-m", "youwei.config.cli"]
ASSET = re.compile(r'(?:href|src)="(/static/[^"]+\.(?:css|js))"')
HASHED = re.compile(r"\.[0-9a-f]{12}\.(?:css|js)$")


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Message
    body: bytes


def ask(url: str | urllib.request.Request) -> Answer:
    try:
        with urllib.request.urlopen(url, timeout=10) as response:
            return Answer(response.status, response.headers, response.read())
    except urllib.error.HTTPError as refused:
        with refused:
            return Answer(refused.code, refused.headers, refused.read())


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until_answering(url: str, server: subprocess.Popen[str]) -> None:
    limit = time.monotonic() + PATIENCE
    while time.monotonic() < limit and server.poll() is None:
        try:
            ask(url)
        except OSError:
            time.sleep(0.2)
        else:
            return
    with contextlib.suppress(ProcessLookupError):
        os.killpg(server.pid, signal.SIGKILL)
    pytest.fail(f"the server did not answer:\n{server.communicate()[0]}")


def environment_of(folder: Path) -> dict[str, str]:
    unwanted = {"DATABASE_URL", "DJANGO_SETTINGS_MODULE", "YOUWEI_KEYS"}
    return {name: value for name, value in os.environ.items() if name not in unwanted} | {"YOUWEI_DATA": str(folder)}


def started(environment: dict[str, str], port: int) -> subprocess.Popen[str]:
    """`serve` as a process group of its own."""
    return subprocess.Popen(
        [*PROGRAM, "serve", "--port", str(port)],
        cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True,
    )  # fmt: skip


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty store as `init` leaves it; each server works on a copy."""
    folder = tmp_path_factory.mktemp("begun") / "office"
    subprocess.run([*PROGRAM, "init"], cwd=ROOT, env=environment_of(folder), check=True, capture_output=True)
    return folder


@pytest.fixture
def office(begun: Path, tmp_path: Path) -> dict[str, str]:
    shutil.copytree(begun, tmp_path / "office")
    return environment_of(tmp_path / "office")


@pytest.fixture(scope="module")
def address(begun: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """`serve` on a store of its own."""
    folder = tmp_path_factory.mktemp("served") / "office"
    shutil.copytree(begun, folder)
    port = free_port()
    server, url = started(environment_of(folder), port), f"http://127.0.0.1:{port}"
    wait_until_answering(url, server)
    yield url
    server.send_signal(signal.SIGTERM)
    output, _ = server.communicate(timeout=30)
    assert server.returncode == 0, output
    assert "Traceback" not in output


CONFIRMED = """
import django; django.setup()
import io, sys
from youwei.organs.models import Account, Grant, Organ
from youwei.organs import clock
from youwei.cases import taking
from youwei.desk.importing import acting
from youwei.desk.importing.queries import plan_of
from youwei.intake.commands import stage
from youwei.intake.tests import ledgers
from youwei.journal.actors import SHELL
from youwei.organs.commands import create_account, create_organ, grant
today, now = clock.today(), clock.now()
stamp = {"by": SHELL, "on": today, "at": now}
place = create_organ(name="望江区", kind="region", parent=None, level="county", **stamp)
office = create_organ(name="望江区纪委监委", kind="commission", parent=place, level="county", **stamp)
clerk = create_account(username="clerk", name="方知行")
grant(account=clerk, role="case_officer", organ=office, **stamp)
batch = stage(organ=office, data=ledgers.workbook(ledgers.lines(@ROWS)), filename="台账.xlsx", mode="history", at=now, on=today,
              by=SHELL, matcher=taking.matcher(office))
acting.confirm(pk=batch.pk, seen=plan_of(batch).seen, account_id=clerk.pk)
"""
ROWS = 1000  # written in two parts; the server is stopped as soon as the first is there
STATE = "SELECT state, done_rows, (SELECT count(*) FROM decisions_decision) FROM intake_import"


def store_of(folder: Path) -> tuple[str, int, int]:
    with contextlib.closing(sqlite3.connect(folder / "youwei.sqlite3", timeout=20)) as store:
        found: tuple[str, int, int] = store.execute(STATE).fetchone()
        return found


def wait_for(what: Callable[[], bool]) -> None:
    limit = time.monotonic() + 2 * PATIENCE  # the server's start is part of it
    while not what():
        assert time.monotonic() < limit
        time.sleep(0.05)


@pytest.mark.slow
@pytest.mark.req("A1", "I5")
def test_an_import_cut_off_with_the_server_goes_on_by_itself_when_it_is_started_again(office: dict[str, str]) -> None:
    folder = Path(office["YOUWEI_DATA"])
    confirming = office | {
        "DJANGO_SETTINGS_MODULE": "youwei.config.settings",
        "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}",
    }
    subprocess.run([sys.executable, "-c", CONFIRMED.replace("@ROWS", str(ROWS))], cwd=ROOT, env=confirming, check=True)
    assert store_of(folder) == ("queued", 0, 0)
    server = started(office, free_port())
    wait_for(lambda: store_of(folder)[1] > 0)
    os.killpg(server.pid, signal.SIGKILL)
    server.communicate(timeout=30)
    state, written, decisions = store_of(folder)
    assert (state, written) == ("writing", decisions)
    assert written < ROWS
    server = started(office, free_port())
    wait_for(lambda: store_of(folder)[0] == "done")
    server.send_signal(signal.SIGTERM)
    output, _ = server.communicate(timeout=30)
    assert "从停下的地方接着做" in output
    assert store_of(folder) == ("done", ROWS, ROWS)


@pytest.mark.slow
@pytest.mark.req("I7")
def test_the_first_page_and_all_its_files_are_served(address: str) -> None:
    page = ask(f"{address}/login/")
    assert page.status == 200
    assets = ASSET.findall(page.body.decode())
    assert assets
    for asset in assets:
        assert HASHED.search(asset), f"{asset} is served under its plain name"
        answer = ask(address + asset)
        assert answer.status == 200, asset
        assert "immutable" in answer.headers["Cache-Control"]


@pytest.mark.slow
def test_pages_allow_only_their_own_scripts_and_styles(address: str) -> None:
    policy = ask(f"{address}/login/").headers["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "style-src 'self'" in policy
    assert "unsafe" not in policy


@pytest.mark.slow
@pytest.mark.parametrize(
    "path", ["/", "/no-such-page/", "/login/%00", "/static/no-such-file.css", "/login/?next=//elsewhere.test"]
)
def test_no_address_makes_the_server_fail(address: str, path: str) -> None:
    assert ask(address + path).status < 500


@pytest.mark.slow
def test_a_request_for_another_host_is_refused(address: str) -> None:
    assert ask(urllib.request.Request(f"{address}/login/", headers={"Host": "elsewhere.test"})).status == 400


def test_a_server_that_cannot_listen_never_says_that_it_has_started(address: str, office: dict[str, str]) -> None:
    taken = address.rpartition(":")[2]
    done = subprocess.run(
        [*PROGRAM, "serve", "--port", taken], cwd=ROOT, env=office, capture_output=True, text=True, timeout=60, check=False
    )  # fmt: skip
    assert done.returncode != 0
    assert "已启动" not in done.stdout
    assert f"端口 {taken} 用不了" in done.stderr


def test_a_site_that_cannot_be_loaded_never_says_that_it_has_started(office: dict[str, str], tmp_path: Path) -> None:
    broken = tmp_path / "broken"
    broken.mkdir()
    (broken / "sitecustomize.py").write_text("import sys\nsys.modules['youwei.config.wsgi'] = None\n")
    done = subprocess.run(
        [*PROGRAM, "serve", "--port", str(free_port())],
        cwd=ROOT, env=office | {"PYTHONPATH": str(broken)}, capture_output=True, text=True, timeout=2 * PATIENCE, check=False,
    )  # fmt: skip
    assert done.returncode != 0
    assert "已启动" not in done.stdout


def test_serving_before_there_is_a_store_says_what_to_do(tmp_path: Path) -> None:
    environment = {
        name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "DJANGO_SETTINGS_MODULE"}
    }
    command = [sys.executable, "-m", "youwei.config.cli", "--data", str(tmp_path / "empty"), "serve"]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "./youwei init" in done.stderr
    assert "Traceback" not in done.stderr
