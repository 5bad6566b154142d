"""Make one folder, or one .tar.gz, from which a machine without any network is set up: `./youwei bundle DIR`.

In it: the checkout's files as they stand, the front-end files, and the wheels of the lock. On the other machine `./youwei` finds the wheels and
installs from them, each checked against the lock. Only the standard library is used.
"""

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "requirements.lock"
VENDOR = ROOT / "src" / "youwei" / "ui" / "static" / "vendor"
ARCHIVE = (".tar.gz", ".tgz")
LEFT_OUT = {".git", ".venv", ".venv.lock", "var", "node_modules", "wheels", "bundle.json", "__pycache__", ".pytest_cache", ".mypy_cache",
            ".ruff_cache", ".hypothesis", ".import_linter_cache", "test-results"}  # fmt: skip
USAGE = "用法：./youwei bundle DIR（或 NAME.tar.gz）"


class Stopped(Exception):
    """The bundle cannot be made; the message says what to do, in Chinese."""


def checkout_files() -> Iterator[Path]:
    """The files of the checkout as they stand, by git where there is git; a bundle can be made from a bundle."""
    if (ROOT / ".git").exists() and shutil.which("git"):
        command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
        listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=False)
        if listed.returncode == 0:
            yield from (path for name in listed.stdout.decode().split("\0") if name and (path := ROOT / name).is_file())
            return
    for folder, names, files in os.walk(ROOT):
        names[:] = [name for name in names if name not in LEFT_OUT and Path(folder, name) != VENDOR]
        yield from (Path(folder, name) for name in files if name not in LEFT_OUT)


def copy(target: Path) -> None:
    """The files of the checkout and the front-end files, under the same names."""
    if not (VENDOR / ".stamp").is_file():
        raise Stopped("页面样式和脚本还没有备好。请用 ./youwei bundle，由它先备好。")
    for file in (*checkout_files(), *(path for path in VENDOR.rglob("*") if path.is_file())):
        place = target / file.relative_to(ROOT)
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(file, place)


def download(target: Path) -> None:
    """The wheels of the lock for this Python and this kind of machine, each checked against its hash."""
    quiet = ["-qq", "--no-input", "--disable-pip-version-check"]
    command = [
        sys.executable,
        "-m",
        "pip",
        "download",
        *quiet,
        "--require-hashes",
        "--only-binary",
        ":all:",
        "-r",
        str(LOCK),
    ]
    if subprocess.call([*command, "-d", str(target)]) != 0:
        raise Stopped("依赖没有下载全，原因见上。做安装包的机器要能访问软件源（pip config）。")


def made_for() -> dict[str, str]:
    """What the wheels are good for: one Python, one kind of machine."""
    return {"python": f"{sys.version_info.major}.{sys.version_info.minor}", "platform": sysconfig.get_platform()}


def fill(target: Path) -> None:
    """Everything a machine without network needs."""
    copy(target)
    download(target / "wheels")
    (target / "bundle.json").write_text(json.dumps(made_for()) + "\n", encoding="utf-8")


def bundle(wanted: Path) -> None:
    """Make the folder or the archive; nothing half-made stays under the name that was asked for."""
    wanted = wanted.absolute()
    if wanted.is_relative_to(ROOT):
        raise Stopped(f"{wanted} 在程序自己的目录里。请放到别处。")
    if wanted.exists() and (not wanted.is_dir() or any(wanted.iterdir())):
        raise Stopped(f"{wanted} 已经有东西。请换一个名字，或先移走。")
    wanted.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".youwei-", dir=wanted.parent) as scratch:
        made = Path(scratch) / "youwei"
        made.mkdir()
        fill(made)
        if wanted.name.endswith(ARCHIVE):
            packed = Path(scratch) / "packed"
            with tarfile.open(packed, "w:gz") as archive:
                archive.add(made, "youwei")
            packed.replace(wanted)
        else:
            made.replace(wanted)  # an empty folder of that name gives way


def main(arguments: Sequence[str]) -> int:
    """Run from the shell."""
    if len(arguments) != 1 or arguments[0].startswith("-"):
        print(USAGE, file=sys.stderr)
        return 2
    print("正在收集程序文件、页面资源和依赖 …", flush=True)
    try:
        bundle(Path(arguments[0]))
    except Stopped as stop:
        print(f"安装包没有做好：{stop}", file=sys.stderr)
        return 1
    except OSError as fault:
        print(
            f"安装包没有做好：{fault.filename or arguments[0]} 写不进去（{fault.strerror}）；请检查磁盘和权限",
            file=sys.stderr,
        )
        return 1
    kind = made_for()
    print(f"安装包已做好：{arguments[0]}，供 Python {kind['python']}、{kind['platform']} 的机器使用。")
    print("拷到没有网络的机器上，在其中执行 ./youwei init，再执行 ./youwei serve。")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
