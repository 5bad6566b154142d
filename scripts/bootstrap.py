"""Prepare the checkout and hand over to the program. Standard library only; a no-op once everything stands.

The virtual environment is rebuilt or topped up when a lock file, the Python or the place of the checkout changes:
what it was made from is written in stamps inside it.
"""

import contextlib
import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SYSTEM = Path("/usr/bin")
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
LOCK = ROOT / "requirements.lock"
DEV_LOCK = ROOT / "requirements-dev.lock"
ASSETS = ROOT / "scripts" / "assets.py"
BUNDLE = ROOT / "scripts" / "bundle.py"
WHEELS = ROOT / "wheels"
MADE_FOR = ROOT / "bundle.json"
NEEDS_ASSETS = {"demo", "serve", "test", "prepare", "bench", "bundle"}
OPTIONS_WITH_VALUE = {"--data", "--as"}
USAGE = """用法：./youwei 命令 [参数]

  demo      备好一切，装入演示城市，启动网站（第一次约需一两分钟）
  serve     启动网站
  test      备好测试所需，运行全部测试
  prepare   只备好环境，不做别的（加 --tests 连同测试所需）
  bundle    做一个安装包（目录或 .tar.gz），供没有网络的机器使用
  init      建立空库，给出三员的一次性口令

备好之后，./youwei --help 列出全部命令。
"""


class Stopped(Exception):
    """Preparation cannot go on; the message says what to do, in Chinese."""


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def enter(arguments: Sequence[str]) -> int:
    """Prepare what the command needs, then become it."""
    command = command_of(arguments)
    if command in {"", "-h", "help"} and not _current(LOCK):
        print(USAGE, end="")
        return 0
    try:
        prepare(DEV_LOCK if command == "test" or list(arguments) == ["prepare", "--tests"] else LOCK)
        if command in NEEDS_ASSETS:
            build_assets()
    except Stopped as stop:
        say(f"准备未完成：{stop}")
        return 1
    if command == "prepare":
        return 0
    if command == "bundle":
        os.execv(PYTHON, [str(PYTHON), str(BUNDLE), *arguments[1:]])
    if command == "test":
        os.execv(PYTHON, [str(PYTHON), str(ROOT / "scripts" / "testrun.py"), *arguments[1:]])
    os.execv(PYTHON, [str(PYTHON), "-m", "youwei.config.cli", *arguments])


def command_of(arguments: Sequence[str]) -> str:
    """The command among the arguments; the program's own options may stand before it."""
    rest = list(arguments)
    while rest and rest[0].startswith("--"):
        rest = rest[2:] if rest[0] in OPTIONS_WITH_VALUE else rest[1:]
    return rest[0] if rest else ""


def prepare(lock: Path) -> None:
    """Bring the virtual environment to what the lock says. Two callers at once wait for each other."""
    if _current(lock):
        return
    with _one_at_a_time():
        if _current(lock):
            return
        _refuse_other_machine()
        if not _usable():
            _make_venv()
        _install(lock)
        _write_path_file()
        for done in {LOCK, lock}:  # the tests' lock holds all of the product's
            _stamp(done).write_text(_fingerprint(done), encoding="utf-8")


def build_assets() -> None:
    """Copy the front-end files into the ui room; the script stamps its own work."""
    if subprocess.call([PYTHON, ASSETS]) != 0:
        raise Stopped("前端资源没有备好，原因见上。")


def _current(lock: Path) -> bool:
    stamp = _stamp(lock)
    return PYTHON.exists() and stamp.exists() and stamp.read_text() == _fingerprint(lock)


def _stamp(lock: Path) -> Path:
    return VENV / f".{lock.stem}.stamp"


def _fingerprint(lock: Path) -> str:
    """What the installed state depends on: the lock and where the checkout is."""
    return hashlib.sha256(lock.read_bytes() + bytes(ROOT)).hexdigest()


def _usable() -> bool:
    """The environment answers and was made for this place (a moved or half-made one is made again)."""
    if not PYTHON.exists():
        return False
    probe = "import sys, pip; print(sys.prefix, sys.version_info >= (3, 11))"
    answer = subprocess.run([PYTHON, "-c", probe], capture_output=True, text=True, check=False)
    return answer.returncode == 0 and answer.stdout.strip() == f"{VENV} True"


def _make_venv() -> None:
    """Of the system's Python where it is of the caller's version (decision 61), else of the caller's own."""
    say("建立虚拟环境 .venv …")
    system = SYSTEM / f"python3.{sys.version_info.minor}"
    pythons = [str(system), sys.executable] if system.exists() else [sys.executable]
    making = ["-m", "venv", "--clear", str(VENV)]
    for python in pythons:
        if subprocess.run([python, *making], capture_output=True, check=False).returncode == 0:
            return
    package = f"python3.{sys.version_info.minor}-venv"
    if not can_apt() or not apt_install([package]):
        raise Stopped(f"这台机器的 Python 缺少 venv。请先执行：apt-get install {package}")
    made = subprocess.run([pythons[0], *making], capture_output=True, text=True, check=False)
    if made.returncode != 0:
        raise Stopped(f"虚拟环境建立失败：{made.stderr.strip() or made.stdout.strip()}")


def _refuse_other_machine() -> None:
    """The wheels of a bundle are good for one Python on one kind of machine."""
    if not MADE_FOR.is_file():
        return
    made = json.loads(MADE_FOR.read_text(encoding="utf-8"))
    here = {"python": f"{sys.version_info.major}.{sys.version_info.minor}", "platform": sysconfig.get_platform()}
    if made != here:
        raise Stopped(
            f"这个安装包供 Python {made['python']}、{made['platform']} 使用，这里是 Python {here['python']}、{here['platform']}。"
            f"请用 python{made['python']} ./youwei 再试，或在同样的机器上重新做一个。"
        )


def _install(lock: Path) -> None:
    say(f"按 {lock.name} 安装依赖（逐个核对散列值），请稍候 …")
    quiet = ["-qq", "--no-input", "--disable-pip-version-check"]
    carried = ["--no-index", "--find-links", str(WHEELS)] if lock == LOCK and WHEELS.is_dir() else []
    pip = [str(PYTHON), "-m", "pip", "install", *quiet, *carried, "--require-hashes", "-r", str(lock)]
    if subprocess.call(pip) != 0:
        if carried:
            raise Stopped("安装包里的依赖不全或被改动，原因见上。请重新拷贝一份，或重新做一个安装包。")
        raise Stopped("依赖没有装全，原因见上。请检查网络或软件源设置（pip config），再执行一次；已下载的不会重来。")


def _write_path_file() -> None:
    """Make `import youwei` work in the environment."""
    for packages in VENV.glob("lib/python3.*/site-packages"):
        (packages / "youwei.pth").write_text(f"{ROOT / 'src'}\n", encoding="utf-8")


@contextlib.contextmanager
def _one_at_a_time() -> Iterator[None]:
    with (ROOT / ".venv.lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def can_apt() -> bool:
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def apt_install(packages: Sequence[str]) -> bool:
    """Install Debian packages; the lists are refreshed first, as a fresh machine has none."""
    say(f"安装系统软件包：{' '.join(packages)} …")
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(["apt-get", "update", "-qq"], env=quiet, stdout=subprocess.DEVNULL, check=False)
    install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages]
    return subprocess.run(install, env=quiet, stdout=subprocess.DEVNULL, check=False).returncode == 0


if __name__ == "__main__":
    sys.exit(enter(sys.argv[1:]))
