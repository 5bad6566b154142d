"""A PostgreSQL for the tests: the one that `DATABASE_URL` names, the local one, or a throwaway server of our own."""

import contextlib
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import psycopg

# The local server, by Debian's socket if it lets us in: a little quicker than over TCP (decision 58).
LOCAL_URLS = (
    "postgres://postgres@%2Fvar%2Frun%2Fpostgresql/postgres",
    "postgres://postgres@127.0.0.1:5432/postgres",
)
# Nothing in a throwaway server outlives the run, so it need not wait for the disk.
SPEED = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off"


class NoPostgres(Exception):
    """No server can be had; the message says why, in Chinese."""


@contextlib.contextmanager
def postgres_url() -> Iterator[str]:
    """The address of a server on which test databases may be created."""
    given = os.environ.get("DATABASE_URL", "")
    if given.startswith("postgres"):
        yield given
    elif local := next(filter(answers, LOCAL_URLS), None):
        yield local
    else:
        with throwaway_server() as url:
            yield url


def answers(url: str) -> bool:
    try:
        with psycopg.connect(url, connect_timeout=2) as connection:
            row = connection.execute("select rolcreatedb from pg_roles where rolname = current_user").fetchone()
    except psycopg.Error:
        return False
    return row is not None and bool(row[0])


@contextlib.contextmanager
def throwaway_server() -> Iterator[str]:
    """A server in a temporary folder, on a free port of the loopback address, removed afterwards."""
    binaries = find_binaries()
    if binaries is None:
        raise NoPostgres("这台机器没有安装 PostgreSQL（Debian：apt-get install postgresql）")
    folder = Path(tempfile.mkdtemp(prefix="youwei-pg-"))
    port = free_port()
    try:
        as_owner = owner_prefix(folder)
        store = str(folder / "data")
        run(
            [
                *as_owner,
                str(binaries / "initdb"),
                "-D",
                store,
                "-U",
                "postgres",
                "-A",
                "trust",
                "-E",
                "UTF8",
                "--no-sync",
            ]
        )
        options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} {SPEED}"
        control = [*as_owner, str(binaries / "pg_ctl"), "-D", store, "-w"]
        run([*control, "-l", str(folder / "log"), "-o", options, "start"])
        try:
            yield f"postgres://postgres@127.0.0.1:{port}/postgres"
        finally:
            run([*control, "-m", "immediate", "stop"])
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def owner_prefix(folder: Path) -> list[str]:
    """PostgreSQL refuses to run as root: then its own system user does it."""
    if os.geteuid() != 0:
        return []
    try:
        user = pwd.getpwnam("postgres")
    except KeyError as error:
        raise NoPostgres("以 root 运行时需要系统用户 postgres") from error
    os.chown(folder, user.pw_uid, user.pw_gid)
    return ["runuser", "-u", "postgres", "--"]


def run(command: Sequence[str]) -> None:
    done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, cwd="/", check=False)
    if done.returncode != 0:
        raise NoPostgres(f"临时 PostgreSQL 没有启动：{done.stderr.strip()}")


def find_binaries() -> Path | None:
    """Where initdb and pg_ctl are: Debian keeps them apart by version, others on PATH."""
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path).parent
    versions = [path for path in Path("/usr/lib/postgresql").glob("*/bin") if (path / "initdb").exists()]
    return max(versions, key=lambda path: float(path.parent.name), default=None)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
