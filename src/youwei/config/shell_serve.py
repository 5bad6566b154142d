"""Commands that keep running: demo and serve. One command starts the web server, the worker of background jobs and the nightly round."""

import argparse
import hashlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command

from youwei.cases import drafting
from youwei.cases.commands import refresh_due
from youwei.cases.distress import forget
from youwei.config.demo.city import ACCOUNTS, DEMO_WORD, build_city, is_built
from youwei.config.faults import CommandRefused
from youwei.config.shell_store import ensure_keys, migrate, need_store
from youwei.desk.batches import jobs as gathering
from youwei.desk.importing import jobs as importing
from youwei.desk.moving import jobs as moving
from youwei.desk.office import jobs as office
from youwei.desk.safekeeping import shelf
from youwei.desk.settings import jobs as settings_jobs
from youwei.desk.together import jobs as together
from youwei.organs import clock

ROUND_SECONDS = 3600
WAIT_SECONDS = 0.3
STOP_SECONDS = 20
"""How long web server and worker get to finish; a job cut off is taken up at the next start."""


def demo(args: argparse.Namespace) -> int:
    """Load the demonstration city on first use, then serve."""
    migrate()
    ensure_keys()
    if not is_built():
        print("正在装入演示城市云川市（人员、机关、事项均属虚构）……", flush=True)
        build_city(today=clock.today(), now=clock.now(), tell=lambda line: print(f"  {line}", flush=True))
    print(f"演示账号的口令都是 {DEMO_WORD}")
    for username, who in ACCOUNTS:
        print(f"  {username:<14}{who}")
    return _serve("127.0.0.1", args.port)


def serve(args: argparse.Namespace) -> int:
    need_store()
    return _serve(args.host, args.port)


def _serve(host: str, port: int) -> int:
    _need_port(host, port)
    if faults := drafting.start_up(on=clock.today(), at=clock.now()):
        raise CommandRefused("；".join(faults))
    _collect_static()
    commands: Sequence[Sequence[str]] = (
        (sys.executable, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port), "--workers", "2",
         "--blocking-threads", "4", "--no-access-log", "--log-level", "warning", "youwei.config.wsgi:application"),
        (sys.executable, "-m", "django", "db_worker", "--verbosity", "0"),
    )  # fmt: skip
    shelf.mark_cut_off()
    rooms = (importing, office, moving, settings_jobs, together, gathering)
    taken_up = sum(each.take_up() for each in rooms)
    if taken_up:
        print(f"上次没有做完的后台任务{taken_up}项，从停下的地方接着做", flush=True)
    environment = {**os.environ, "YOUWEI_DATA": str(settings.DATA)}
    running = [subprocess.Popen(command, env=environment) for command in commands]
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    try:
        while not stop.wait(WAIT_SECONDS) and not _answers(host, port):
            _still_running(running, port)
        if not stop.is_set():
            _still_running(running, port)
            print(f"有为已启动：http://{host}:{port}/  按 Ctrl+C 停止", flush=True)
            threading.Thread(target=_rounds, args=(stop,), daemon=True).start()
        while not stop.wait(1):
            _still_running(running, port)
    finally:
        _stop(running)
    return 0


def _need_port(host: str, port: int) -> None:
    """Refuse a port that is taken: what answered there would be another server."""
    try:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except (OSError, OverflowError) as taken:
        raise CommandRefused(f"{host} 的端口 {port} 用不了，可能被占用；请用 --port 另指（1024—65535）") from taken


def _answers(host: str, port: int) -> bool:
    """Whether the site answers at all; a page that refuses the host or asks to sign in is an answer."""
    asked = http.client.HTTPConnection("127.0.0.1" if host in ("0.0.0.0", "") else host, port, timeout=10)  # noqa: S104
    try:
        asked.request("GET", "/login/")
        return asked.getresponse().status < 500
    except (OSError, http.client.HTTPException):
        return False
    finally:
        asked.close()


def _still_running(running: Sequence[subprocess.Popen[bytes]], port: int) -> None:
    ended = next((process for process in running if process.poll() is not None), None)
    if ended is not None:
        raise CommandRefused(
            f"网站或后台任务意外停止（退出码 {ended.returncode}）；端口 {port} 可能被占用，可用 --port 另指"
        )


def _stop(running: Sequence[subprocess.Popen[bytes]]) -> None:
    for process in running:
        process.terminate()
    for process in running:
        try:
            process.wait(timeout=STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _rounds(stop: threading.Event) -> None:
    """Once an hour, bring up to date the cases whose plan changes by the calendar alone."""
    while True:
        refresh_due(today=clock.today())
        forget(today=clock.today())
        if stop.wait(ROUND_SECONDS):
            return


def _collect_static() -> None:
    """Gather and compress static files when any of them has changed."""
    parts = sorted(
        f"{path} {Path(storage.path(path)).stat().st_mtime_ns}"
        for finder in get_finders()
        for path, storage in finder.list([])
    )
    stamp = hashlib.sha256("\n".join(parts).encode()).hexdigest()
    marker = Path(settings.STATIC_ROOT) / ".stamp"
    if marker.exists() and marker.read_text() == stamp:
        return
    print("正在整理页面资源……", flush=True)
    call_command("collectstatic", verbosity=0, interactive=False, clear=True)
    marker.write_text(stamp)
