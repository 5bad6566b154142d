"""The race: one procedure of eight steps, with a branch and a repeat, carried from opening to end by other engines and by this program.

The others are installed apart, from their own lock file, into the run's scratch folder, and go when it goes. Each runner is a process of its own.
"""

import json
import os
import subprocess
import sys
import venv
from pathlib import Path
from typing import Any

from bench.marks import rounded
from bench.web import Fault

HERE = Path(__file__).parent / "peers"
CASES = 200
OTHERS = ("on_spiff.py", "on_viewflow.py")
PATIENCE = 600


def race(folder: Path) -> list[dict[str, Any]]:
    """What each runner reached, this program first; `ratio` is how many of its cases this program carries for one of theirs."""
    python = _installed(folder / "peers")
    own = _run([sys.executable, "-m", "bench.peers.own"], folder / "own", {"YOUWEI_PACKS": str(HERE / "packs")})
    runs = [own] + [_run([str(python), str(HERE / name)], folder / name, {}) for name in OTHERS]
    return [_told(each, own) for each in runs]


def _installed(place: Path) -> Path:
    """An environment with the other engines in it, nothing else; its Python. Raises Fault: a race nobody else ran in is none."""
    venv.create(place, with_pip=True)
    python = place / ("Scripts" if os.name == "nt" else "bin") / "python"
    words = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes", "--no-deps"]
    done = subprocess.run(
        [python, *words, "-r", HERE / "requirements.lock"], capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise Fault(f"比较用的流程引擎没有装成（要连得上软件仓库）：{done.stderr.strip()[-400:]}")
    return python


def _run(command: list[str], folder: Path, more: dict[str, str]) -> dict[str, Any]:
    """One runner in a folder of its own, always on SQLite; what it printed last."""
    folder.mkdir()
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    environment |= {"YOUWEI_DATA": str(folder), **more}
    done = subprocess.run(
        [*command, str(folder), str(CASES)], env=environment, capture_output=True, text=True, timeout=PATIENCE, check=False
    )  # fmt: skip
    if done.returncode != 0:
        raise Fault(f"赛跑没有跑完：{Path(command[-1]).name}：{done.stderr.strip()[-400:]}")
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told


def _told(run: dict[str, Any], own: dict[str, Any]) -> dict[str, Any]:
    rate = run["cases"] / run["seconds"]
    return {
        "name": run["name"], "version": run["version"], "cases": run["cases"], "cases_per_second": rounded(rate),
        "processor_ms": rounded(run["processor_ms"]), "journal": run["journal"], "synchronous": run["synchronous"],
        "ratio": rounded(own["cases"] / own["seconds"] / rate), "processor_ratio": rounded(run["processor_ms"] / own["processor_ms"]),
    }  # fmt: skip
