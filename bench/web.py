"""The real server on a port of its own, and clients that speak to it over connections they keep."""

import contextlib
import http.client
import os
import re
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO
from urllib.parse import urlencode

PATIENCE = 240.0
SESSION, USER_TIME, SYSTEM_TIME = 3, 11, 12
"""Places in `/proc/PID/stat` behind the name of the program."""


class Fault(Exception):
    """The bench cannot go on; the message says why, in Chinese."""


class Client:
    """One reader's browser, as far as a server notices."""

    def __init__(self, port: int) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        self._cookies: dict[str, str] = {}

    def ask(self, method: str, path: str, form: Mapping[str, object] | None = None) -> tuple[int, bytes]:
        """Status and whole body of one answer."""
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items())}
        body = None
        if form is not None:
            body = urlencode({**form, "csrfmiddlewaretoken": self._cookies["csrftoken"]}, doseq=True)
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self._connection.request(method, path, body, headers)
        answer = self._connection.getresponse()
        for line in answer.headers.get_all("Set-Cookie") or ():
            name, _, value = line.partition(";")[0].partition("=")
            self._cookies[name] = value
        return answer.status, answer.read()

    def get(self, path: str) -> bytes:
        """A page that must be there."""
        status, body = self.ask("GET", path)
        if status != 200:
            raise Fault(f"{path} 没有打开（{status}）")
        return body

    def send(self, path: str, form: Mapping[str, object]) -> None:
        """A form that must be taken."""
        status, body = self.ask("POST", path, form)
        if status != 302:
            raise Fault(f"{path} 没有收下（{status}）：{re.sub('<[^>]+>', ' ', body.decode())[:300]}")

    def sign_in(self, username: str, word: str) -> None:
        self.get("/login/")
        self.send("/login/", {"username": username, "password": word})


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def program(
    *words: str, out: int | IO[bytes] | None = None, apart: bool = False
) -> "Iterator[subprocess.Popen[bytes]]":
    """`./youwei WORDS` on the store of this process; told to stop at the end if it still runs. `apart`: out of reach of Ctrl+C at the terminal."""
    command = [sys.executable, "-m", "youwei.config.cli", *words]
    with subprocess.Popen(command, stdout=out, start_new_session=apart) as running:
        try:
            yield running
        finally:
            if running.returncode is None:
                running.terminate()


@contextlib.contextmanager
def served() -> Iterator[tuple[int, int]]:
    """`serve` as an office runs it; gives its port, and the session all its processes belong to."""
    port = free_port()
    with program("serve", "--port", str(port), out=subprocess.DEVNULL, apart=True) as server:
        _wait(port, server)
        yield port, server.pid


def processor_seconds(session: int) -> float:
    """Processor time the processes of a session have used so far; 0 where the system does not tell."""
    used = 0
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            fields = path.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
            if int(fields[SESSION]) == session:
                used += int(fields[USER_TIME]) + int(fields[SYSTEM_TIME])
    return used / os.sysconf("SC_CLK_TCK")


def _wait(port: int, server: "subprocess.Popen[bytes]") -> None:
    limit = time.monotonic() + PATIENCE
    while time.monotonic() < limit and server.poll() is None:
        with contextlib.suppress(OSError, http.client.HTTPException, Fault):
            Client(port).get("/login/")
            return
        time.sleep(0.2)
    raise Fault(f"网站没有启动（退出码 {server.poll()}）")


def crowd(clients: Sequence[Client], act: Callable[[Client, int], object], seconds: float) -> tuple[float, list[float]]:
    """All clients at once, each one request after another, for so long: requests a second, and the seconds of each."""
    spent: list[list[float]] = [[] for _ in clients]
    faults: list[Exception] = []
    until = time.perf_counter() + seconds

    def one(place: int) -> None:
        turn = place
        try:
            while time.perf_counter() < until:
                begun = time.perf_counter()
                act(clients[place], turn)
                spent[place].append(time.perf_counter() - begun)
                turn += len(clients)
        except (Fault, OSError, http.client.HTTPException) as fault:
            faults.append(fault)

    begun = time.perf_counter()
    threads = [threading.Thread(target=one, args=(place,)) for place in range(len(clients))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if faults:
        raise Fault(str(faults[0]))
    every = [each for own in spent for each in own]
    return len(every) / (time.perf_counter() - begun), every


def p95(spent: Sequence[float]) -> float:
    return statistics.quantiles(spent, n=20)[-1] if len(spent) > 1 else spent[0]
