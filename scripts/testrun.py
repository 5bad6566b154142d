"""`./youwei test`: what the tests need from the system, then the suite on SQLite and again on PostgreSQL.

The second run holds the tests that touch the store, but for those in a browser: they go the ways that the others call. Without
PostgreSQL it is left out and said so; with CI set, that is a failure.

A browser on a machine that all workers share may miss its patience. The browser tests that failed are therefore run once more, alone,
and said loudly; what fails alone has failed.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from bootstrap import PYTHON, ROOT, apt_install, can_apt, say
from postgres import NoPostgres, find_binaries, postgres_url

#: The same browser without its windows and what is in them: a page costs it half (decision 58).
SHELL = "chromium-headless-shell"
CHROMIUM_NAMES = (SHELL, "chromium", "chromium-browser", "google-chrome")
FONT_FOLDERS = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path.home() / ".fonts")
NO_TESTS = 5  # pytest: nothing was collected
FAILED = 1  # pytest: it ran to its end, and some tests failed
IN_BROWSER = "[chromium"  # in the name of every test that a browser runs
# The caller's own store; and his wish for no compiled files: hundreds of processes would each compile the program and the tests anew.
NOT_HANDED_ON = {"DATABASE_URL", "YOUWEI_DATA", "PYTHONDONTWRITEBYTECODE"}
FAILURES = ROOT / ".pytest_cache" / "v" / "cache" / "lastfailed"


def main(arguments: Sequence[str]) -> int:
    arguments = arguments or whole_suite()
    missing = install_system_parts()
    in_ci = bool(os.environ.get("CI"))
    if in_ci and missing:
        say(f"CI 缺少：{'、'.join(missing)}，测试不完整，按失败处理。")
        return 1
    try:
        with postgres_url() as url:
            return run_on_both(arguments, url)
    except NoPostgres as reason:
        say(banner(f"没有在 PostgreSQL 上测试：{reason}"))
        if in_ci:
            return 1
        code = run_pytest("SQLite", arguments, "")
        say(banner("注意：以上只在 SQLite 上测试，PostgreSQL 一遍被跳过。"))
        return code


def whole_suite() -> list[str]:
    """Every processor works on it; whoever has nothing left takes from the end of another's, so that files stay together for what they
    prepare once. Divided by files, the run would wait for the last of them, and begin a test that hangs again and again.
    """
    return ["-n", str(os.cpu_count() or 1), "--dist", "worksteal", "--durations", "25"]


def run_on_both(arguments: Sequence[str], url: str) -> int:
    """Everything on SQLite, the store's tests again on PostgreSQL; both are run even when the first fails."""
    FAILURES.unlink(missing_ok=True)
    first = run_pytest("SQLite", arguments, "")
    if first == FAILED:
        first = again_alone(failures())
    if first == NO_TESTS or {"--collect-only", "--co"} & set(arguments):
        return first
    second = run_pytest("PostgreSQL", [*arguments, "--store-only", "-m", "not browser"], url)
    if first and not second:
        say(banner("SQLite 一遍有失败，见上。"))
    return first or (0 if second == NO_TESTS else second)


def failures() -> list[str]:
    """The names of the tests that failed in the last run, as pytest keeps them."""
    return sorted(json.loads(FAILURES.read_text("utf-8"))) if FAILURES.is_file() else []


def again_alone(failed: Sequence[str]) -> int:
    """Run the failed tests once more without company if a browser ran every one of them; otherwise the failure stands."""
    if not failed or not all(IN_BROWSER in name for name in failed):
        return FAILED
    say(banner(f"浏览器测试失败，单独再跑一遍：{'、'.join(failed)}"))
    code = run_pytest("SQLite", failed, "")
    if not code:
        say(banner("单独再跑都已通过；第一遍的失败见上，请留意机器是否过忙。"))
    return code


def run_pytest(store: str, arguments: Sequence[str], url: str) -> int:
    say(f"\n—— 在 {store} 上测试 ——")
    environment = {name: value for name, value in os.environ.items() if name not in NOT_HANDED_ON}
    if url:
        environment["DATABASE_URL"] = url
    chromium = find_chromium()
    if chromium:
        environment["CHROMIUM"] = chromium
    return subprocess.call([PYTHON, "-m", "pytest", *arguments], cwd=ROOT, env=environment)


def install_system_parts() -> list[str]:
    """Install what is missing where that is possible; return the names of what is still missing."""
    if can_apt() and not (os.environ.get("CHROMIUM") or shutil.which(SHELL)):
        apt_install([shell_package()])  # where it cannot be had, the whole browser does
    packages = wanted_packages()
    if not packages:
        return []
    if can_apt():
        apt_install(packages)
        packages = wanted_packages()
    if packages:
        say(
            banner(
                f"测试还需要：{' '.join(packages)}。请执行：sudo apt-get install --no-install-recommends {' '.join(packages)}"
            )
        )
    return packages


def shell_package() -> str:
    """The shell of the version that the whole browser has, where there is one: of another version it would change that."""
    asked = ["dpkg-query", "-W", "-f=${Version}", "chromium-common"]
    here = subprocess.run(asked, capture_output=True, text=True, check=False).stdout.strip()
    return f"{SHELL}={here}" if here else SHELL


def wanted_packages() -> list[str]:
    """Debian packages for the parts this machine has not got."""
    wanted = []
    if not find_chromium():
        wanted.append("chromium")
    if not has_cjk_fonts():
        wanted.append("fonts-noto-cjk")
    if not os.environ.get("DATABASE_URL", "").startswith("postgres") and not find_binaries():
        wanted.append("postgresql")
    return wanted


def find_chromium() -> str:
    given = os.environ.get("CHROMIUM", "")
    if given:
        return given
    return next((path for name in CHROMIUM_NAMES if (path := shutil.which(name))), "")


def has_cjk_fonts() -> bool:
    return any(folder.is_dir() and any(folder.rglob("*CJK*")) for folder in FONT_FOLDERS)


def banner(text: str) -> str:
    line = "!" * 78
    return f"\n{line}\n!! {text}\n{line}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
