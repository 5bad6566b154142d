"""Fetch the front-end files the pages need and put them where Django finds them.

``npm ci`` by the lock file, then the listed files are copied to ``src/youwei/ui/static/vendor`` together with their licences,
and one icon sprite is written from the names in ``icons.txt``. A stamp makes the second run a no-op.
Only the standard library is used, so that it runs before anything is installed.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
UI = ROOT / "src" / "youwei" / "ui"
VENDOR = UI / "static" / "vendor"
MODULES = ROOT / "node_modules"
ICONS = UI / "icons.txt"
LOCK = ROOT / "package-lock.json"
NODE_LOCK = ROOT / "requirements-node.lock"

FILES = {
    "tabler.min.css": "@tabler/core/dist/css/tabler.min.css",
    "htmx.min.js": "htmx.org/dist/htmx.min.js",
    "alpine-csp.min.js": "@alpinejs/csp/dist/cdn.min.js",
    "echarts.common.min.js": "echarts/dist/echarts.common.min.js",
    "licences/htmx-LICENSE.txt": "htmx.org/LICENSE",
    "licences/echarts-LICENSE.txt": "echarts/LICENSE",
    "licences/echarts-NOTICE.txt": "echarts/NOTICE",
    "licences/echarts-LICENSE-d3.txt": "echarts/licenses/LICENSE-d3",
    "licences/zrender-LICENSE.txt": "zrender/LICENSE",
    "licences/tslib-LICENSE.txt": "tslib/LICENSE.txt",
    "licences/vue-reactivity-LICENSE.txt": "@vue/reactivity/LICENSE",
    "licences/tabler-icons-LICENSE.txt": "@tabler/icons/LICENSE",
}
PACKAGES = (
    "@tabler/core",
    "@tabler/icons",
    "htmx.org",
    "@alpinejs/csp",
    "@vue/reactivity",
    "echarts",
    "zrender",
    "tslib",
)
SOURCE_MAP = re.compile(rb"\n?(?://[#@]|/\*[#@])\s*sourceMappingURL=[^\n*]*(?:\*/)?")
ICON_BODY = re.compile(r"<svg[^>]*>(.*)</svg>", re.DOTALL)
ICON_FRAME = re.compile(r'<path[^>]*d="M0 0h24v24H0z"[^>]*/>')


class AssetsFault(Exception):
    """Something the person at the keyboard has to mend; the text is Chinese and says how."""


def digest(*paths: Path) -> str:
    """One hash over the given files."""
    sha = hashlib.sha256()
    for path in paths:
        sha.update(path.read_bytes())
        sha.update(b"\0")
    return sha.hexdigest()


def stamp_of(path: Path) -> str:
    """The stamp kept in a file, or nothing."""
    return path.read_text(encoding="utf-8").strip() if path.is_file() else ""


def replace(target: Path, content: bytes) -> None:
    """Write a file in one piece, so that a server reading it never sees half of it."""
    target.parent.mkdir(parents=True, exist_ok=True)
    aside = target.with_name(f".{target.name}.{os.getpid()}")
    aside.write_bytes(content)
    aside.replace(target)


def find_npm() -> str:
    """npm on PATH or beside this Python; else Node from the Python package index."""
    beside = Path(sys.executable).parent
    path = os.pathsep.join((str(beside), os.environ.get("PATH", "")))
    found = shutil.which("npm", path=path)
    if found:
        return found
    if sys.prefix == sys.base_prefix:
        raise AssetsFault("没有找到 Node（npm）。请先安装 Node 20 以上，或用 ./youwei demo 由程序在虚拟环境里安装。")
    print("没有找到 Node，正在从 Python 软件源安装（约 200 MB，只需一次）……", flush=True)
    quiet = ["-qq", "--no-input", "--disable-pip-version-check"]
    command = [sys.executable, "-m", "pip", "install", *quiet, "--require-hashes", "-r", str(NODE_LOCK)]
    if subprocess.run(command, check=False).returncode != 0:
        raise AssetsFault("Node 没有装上。请检查 pip 能否访问软件源，或自行安装 Node 20 以上后重试。")
    found = shutil.which("npm", path=path)
    if not found:
        raise AssetsFault("Node 已安装，但找不到 npm 命令。请自行安装 Node 20 以上后重试。")
    return found


def fetch_modules(stamp: str) -> None:
    """Install the packages by the lock, unless they are already what the lock says."""
    kept = MODULES / ".youwei-stamp"
    if stamp_of(kept) == stamp:
        return
    npm = find_npm()
    environment = dict(os.environ)
    environment["PATH"] = os.pathsep.join((str(Path(npm).parent), environment.get("PATH", "")))
    command = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    outcome = subprocess.run(command, cwd=ROOT, env=environment, check=False, capture_output=True, text=True)
    if outcome.returncode != 0:
        tail = "\n".join(outcome.stderr.strip().splitlines()[-6:])
        raise AssetsFault(f"npm ci 没有成功，请检查 npm 软件源的设置后重试。原信息：\n{tail}")
    kept.write_text(stamp + "\n", encoding="utf-8")


def icon_names() -> list[str]:
    """The icons the pages use, one name a line."""
    lines = ICONS.read_text(encoding="utf-8").split()
    return sorted(set(lines))


def sprite() -> str:
    """One SVG with a symbol for each listed icon; the symbol's id is the icon's name."""
    symbols = []
    for name in icon_names():
        source = MODULES / "@tabler" / "icons" / "icons" / "outline" / f"{name}.svg"
        if not source.is_file():
            raise AssetsFault(f"图标 {name} 不在 Tabler 图标集里，请检查 {ICONS.relative_to(ROOT)}。")
        body = ICON_BODY.search(source.read_text(encoding="utf-8"))
        if body is None:
            raise AssetsFault(f"图标 {name} 的文件读不懂。")
        inner = " ".join(ICON_FRAME.sub("", body.group(1)).split())
        symbols.append(f'<symbol id="{name}" viewBox="0 0 24 24">{inner}</symbol>')
    return '<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols) + "\n</svg>\n"


def licence_list() -> str:
    """Which packages are shipped, in which version, under which licence."""
    lines = ["Shipped front-end packages", ""]
    for name in PACKAGES:
        facts = json.loads((MODULES / name / "package.json").read_text(encoding="utf-8"))
        lines.append(f"{name} {facts['version']}: {facts.get('license', 'see its licence file')}")
    return "\n".join(lines) + "\n"


def copy_files() -> None:
    """Copy what is listed, without source-map comments (the maps are not shipped)."""
    for target, source in FILES.items():
        origin = MODULES / source
        if not origin.is_file():
            raise AssetsFault(f"缺少文件 {source}。请删除 node_modules 后重试。")
        replace(VENDOR / target, SOURCE_MAP.sub(b"", origin.read_bytes()))
    replace(VENDOR / "icons.svg", sprite().encode())
    replace(VENDOR / "licences" / "PACKAGES.txt", licence_list().encode())


def build() -> bool:
    """Bring the vendor folder up to date; False when nothing had to be done."""
    stamp = digest(LOCK, ICONS, Path(__file__))
    kept = VENDOR / ".stamp"
    if stamp_of(kept) == stamp and all((VENDOR / name).is_file() for name in (*FILES, "icons.svg")):
        return False
    print("正在准备页面所需的样式和脚本……", flush=True)
    fetch_modules(digest(LOCK))
    copy_files()
    replace(kept, (stamp + "\n").encode())
    return True


def main() -> int:
    """Run from the shell."""
    try:
        if build():
            print("页面样式和脚本已就绪。")
    except AssetsFault as fault:
        print(f"页面样式和脚本没有准备好：{fault}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
