"""The product as somebody at a shell meets it: the real command in a process of its own, on a store of its own, of the kind the run is for."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg
from django.conf import settings
from psycopg import sql

from tests.support.forked import Parent
from tests.support.tree import ROOT

OWN = ("YOUWEI_", "DATABASE_URL", "DJANGO_")
BEGIN = "import django, runpy, sys; django.setup(); runpy.run_path(sys.argv[1], run_name='__main__')"
_serial = count(1)


def on_postgresql() -> bool:
    return "postgresql" in settings.DATABASES["default"]["ENGINE"]


def admin() -> "psycopg.Connection[Any]":
    """A connection to the server itself, for making and dropping databases."""
    at = settings.DATABASES["default"]
    return psycopg.connect(
        host=at["HOST"],
        port=at["PORT"] or 5432,
        user=at["USER"],
        password=at["PASSWORD"],
        dbname="postgres",
        autocommit=True,
    )


def url_of(user: str, password: str, database: str) -> str:
    """The address of a database on that server; its host may be the folder of a socket."""
    at = settings.DATABASES["default"]
    return f"postgres://{user}:{password}@{quote(at['HOST'], safe='')}:{at['PORT'] or 5432}/{database}"


@cache
def parent() -> Parent:
    """One for all the commands of this process; it ends when this process no longer speaks to it."""
    return Parent(Store(ROOT).environment(), str(ROOT))


@dataclass(frozen=True)
class Store:
    """A data folder, and on PostgreSQL a database beside it."""

    folder: Path
    database: str = ""

    @classmethod
    def new(cls, folder: Path, like: "Store | None" = None) -> "Store":
        """An empty store, or a copy of another one."""
        if like is not None:
            shutil.copytree(like.folder, folder)
        if not on_postgresql():
            return cls(folder)
        made = cls(folder, f"youwei_shell_{os.getpid()}_{next(_serial)}")
        template = sql.SQL(" TEMPLATE {}").format(sql.Identifier(like.database)) if like else sql.SQL("")
        with admin() as connection:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(made.database)) + template)
        return made

    def drop(self) -> None:
        if self.database:
            with admin() as connection:
                connection.execute(
                    sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(self.database))
                )

    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(OWN)}
        kept |= {"DJANGO_SETTINGS_MODULE": "youwei.config.settings", "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}"}
        if self.database:
            at = settings.DATABASES["default"]
            kept["DATABASE_URL"] = url_of(at["USER"], at["PASSWORD"], self.database)
        return kept

    def run(self, *words: str, bare: bool = False) -> "subprocess.CompletedProcess[str]":
        """`./youwei WORDS --data FOLDER`, without the part that prepares the machine; `bare`, from a process that has loaded nothing."""
        words = (*words, "--data", str(self.folder))
        if not bare:
            return self._forked(words, "", self.environment())
        command = [sys.executable, "-m", "youwei.config.cli", *words]
        return subprocess.run(
            command, cwd=ROOT, env=self.environment(), capture_output=True, text=True, timeout=120, check=False
        )

    def _forked(self, words: Sequence[str], script: str, environment: dict[str, str]) -> "subprocess.CompletedProcess[str]":  # fmt: skip
        with tempfile.NamedTemporaryFile() as out, tempfile.NamedTemporaryFile() as err:
            code = parent().start(words=words, script=script, environment=environment, out=out.name, err=err.name)
            told, said = (Path(each.name).read_text(encoding="utf-8") for each in (out, err))
        return subprocess.CompletedProcess(list(words), code, told, said)

    def done(self, *words: str) -> str:
        """What a command that must succeed prints."""
        result = self.run(*words)
        assert result.returncode == 0, result.stdout + result.stderr
        return result.stdout

    def told(self, *words: str) -> Any:
        return json.loads(self.done(*words))

    @contextmanager
    def script(self, script: Path, word: str) -> "Iterator[subprocess.Popen[str]]":
        """A Python script on this store, in a process of its own, with Django ready; stopped at the end if it is still running."""
        environment = self.environment() | {"YOUWEI_DATA": str(self.folder)}
        command = [sys.executable, "-c", BEGIN, str(script), word]
        with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as running:
            try:
                yield running
            finally:
                running.kill()

    def seeded(self, script: Path, word: str) -> str:
        """The same, waited for; what it prints."""
        environment = self.environment() | {"YOUWEI_DATA": str(self.folder)}
        result = self._forked([word], str(script), environment)
        assert result.returncode == 0, result.stdout + result.stderr
        return result.stdout

    def by_hand(self, *statements: str) -> None:
        """What somebody with the database in hand can do, triggers or not."""
        if self.database:
            at = settings.DATABASES["default"]
            with psycopg.connect(
                host=at["HOST"], port=at["PORT"] or 5432, user=at["USER"], password=at["PASSWORD"], dbname=self.database
            ) as postgres:
                for statement in ("SET session_replication_role = replica", *statements):
                    postgres.execute(statement.encode())
            return
        file = sqlite3.connect(self.folder / "youwei.sqlite3")
        for (name,) in file.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            file.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            file.execute(statement)
        file.commit()
        file.close()
