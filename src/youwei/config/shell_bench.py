"""The command bench: a store of its own, made for the run and thrown away after it, and the bench in a process that knows no other."""

import argparse
import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

from youwei.config.faults import CommandRefused

ROOT = Path(__file__).resolve().parents[3]
LOCAL_URL = "postgres://postgres@127.0.0.1:5432/postgres"
OWN = ("YOUWEI_", "DATABASE_URL", "DJANGO_")


def bench(args: argparse.Namespace) -> int:
    """Run it. `--data` names the folder (and so the disk) under which the scratch store is made."""
    if not (ROOT / "bench").is_dir():
        raise CommandRefused("这里没有 bench 目录；请在完整的源码目录里运行")
    if args.keep and not os.access(Path(args.keep).resolve().parent, os.W_OK):
        raise CommandRefused(f"{args.keep} 所在的目录不存在或不能写；请换一个位置")
    if args.data:
        Path(args.data).mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="youwei-bench-", dir=args.data) as scratch, _database(args.store) as url:
        environment = {name: value for name, value in os.environ.items() if not name.startswith(OWN)}
        for folder in ROOT / "src/youwei/packs", ROOT / "bench/packs":
            shutil.copytree(
                folder,
                Path(scratch) / "packs",
                dirs_exist_ok=True,
                ignore=shutil.ignore_patterns("*.py*", "__pycache__"),
            )
        environment |= {
            "YOUWEI_PACKS": str(Path(scratch) / "packs"),
            "YOUWEI_DATA": str(Path(scratch) / "data"), "DJANGO_SETTINGS_MODULE": "youwei.config.settings",
            "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "src")]),
        }  # fmt: skip
        if url:
            environment["DATABASE_URL"] = url
        return _run([sys.executable, "-m", "bench", *_words(args)], environment)


def _run(command: Sequence[str], environment: Mapping[str, str]) -> int:
    """The bench stops its own server: told to stop, wait for it, so that nothing goes on in a store that is being removed."""
    with subprocess.Popen(command, env=environment) as running:
        before = signal.signal(signal.SIGTERM, lambda *_: running.terminate())
        try:
            while True:
                with contextlib.suppress(KeyboardInterrupt):  # the same key has reached the bench
                    return running.wait()
        finally:
            signal.signal(signal.SIGTERM, before)


def _words(args: argparse.Namespace) -> list[str]:
    words = ["--cases", str(args.cases), "--store", args.store]
    for name in args.only or ():
        words += ["--only", name]
    words += [f"--{name}" for name in ("peers", "json") if getattr(args, name)]
    return words + (["--keep", str(Path(args.keep).resolve())] if args.keep else [])


@contextlib.contextmanager
def _database(store: str) -> Iterator[str]:
    """On PostgreSQL a database of the run's own on the server of DATABASE_URL, or the local one; dropped afterwards."""
    if store == "sqlite":
        yield ""
        return
    server = os.environ.get("DATABASE_URL") or LOCAL_URL
    name = f"youwei_bench_{os.getpid()}"
    try:
        with psycopg.connect(server, autocommit=True, connect_timeout=5) as admin:
            admin.execute(sql.SQL("CREATE DATABASE {} ENCODING 'UTF8' TEMPLATE template0").format(sql.Identifier(name)))
    except psycopg.Error as fault:
        raise CommandRefused(
            f"PostgreSQL 上建不了试验用的库（{str(fault).strip()}）；请用 DATABASE_URL 指明一个可以建库的账号"
        ) from fault
    try:
        yield _renamed(server, name)
    finally:
        with psycopg.connect(server, autocommit=True) as admin:
            admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def _renamed(url: str, name: str) -> str:
    """The same server, another database."""
    at = urlsplit(url)
    return urlunsplit(at._replace(path=f"/{name}"))
