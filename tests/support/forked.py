"""Starts a command of the shell as a child of a process that has loaded what no setting and no store changes.

A command takes two seconds to load Django, the law and the procedures, and the tests give hundreds. Each still is a process of its own, with
its own environment, settings, output and exit code; what it would have loaded from the same files is there already. What a process does
that begins with nothing is proved where that is the question: `Store.run(..., bare=True)`, `tests/test_serving.py`, `tests/test_front_door.py`.
"""

import contextlib
import importlib
import json
import os
import runpy
import signal
import subprocess
import sys
import traceback
from collections.abc import Mapping, Sequence
from typing import Any

PATIENCE = 120
#: Nothing of these reads a setting; what does is loaded by the child.
LOADED = (
    "django.core.management", "django.core.management.commands.migrate", "django.contrib.auth.hashers", "django.contrib.auth.password_validation",
    "django.core.serializers.json", "django.db.backends.postgresql.base", "django.db.backends.sqlite3.base", "django.db.migrations.executor",
    "django.db.models", "django.forms", "django.http", "django.shortcuts", "django.template.defaulttags", "django.test", "django.urls",
    "cryptography.fernet", "cryptography.hazmat.primitives.ciphers.aead", "docxtpl", "psycopg", "pypinyin", "python_calamine", "xlsxwriter",
    "youwei.config.cli", "youwei.config.shell", "youwei.engine.check", "youwei.engine.stories",
)  # fmt: skip


def load() -> None:
    for name in LOADED:
        importlib.import_module(name)
    packs, calendar, configured = (
        importlib.import_module(name) for name in ("youwei.rulebook.packs", "youwei.rulebook.calendar", "django.conf")
    )
    packs.load_packs(packs.PACKS)
    calendar.seed_calendar()
    assert not configured.settings.configured


class Parent:
    """The process whose children the commands are, begun with the first of them."""

    def __init__(self, environment: Mapping[str, str], folder: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.support.forked"],
            cwd=folder, env=dict(environment), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip

    def start(self, **asked: Any) -> int:
        """The exit code of a child that does what is asked; one killed by a signal has a negative one."""
        asks, tells = self.process.stdin, self.process.stdout
        assert asks is not None
        assert tells is not None
        asks.write(json.dumps(asked) + "\n")
        asks.flush()
        return int(tells.readline())


def serve() -> None:
    load()
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            become(**json.loads(line))
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


def become(words: Sequence[str], script: str, environment: Mapping[str, str], out: str, err: str) -> None:
    """Do what was asked as if this process had been started for it, and end."""
    code = 1
    try:
        signal.alarm(PATIENCE)
        for number, path, how in ((0, os.devnull, os.O_RDONLY), (1, out, os.O_WRONLY), (2, err, os.O_WRONLY)):
            os.dup2(os.open(path, how), number)
        os.environ.clear()
        os.environ.update(environment)
        code = run_script(script, words) if script else run_command(words)
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    except BaseException:  # noqa: BLE001 – told and answered as the interpreter does it
        traceback.print_exc()
    finally:
        with contextlib.suppress(OSError):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code)


def run_command(words: Sequence[str]) -> int:
    sys.argv = ["youwei", *words]
    return int(importlib.import_module("youwei.config.cli").main(words))


def run_script(script: str, words: Sequence[str]) -> int:
    sys.argv = ["-c", script, *words]
    importlib.import_module("django").setup()
    runpy.run_path(script, run_name="__main__")
    return 0


if __name__ == "__main__":
    serve()
