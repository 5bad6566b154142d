"""`./youwei bundle`: what it makes sets up a machine that reaches no network, and nothing of the office's own goes along."""

import os
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

import bundle
from tests.support.tree import ROOT

pytestmark = pytest.mark.req("J5")
NO_NETWORK = {
    "PIP_INDEX_URL": "http://127.0.0.1:9/simple",
    "http_proxy": "http://127.0.0.1:9",
    "https_proxy": "http://127.0.0.1:9",
}


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the download."""

    def one_wheel(target: Path) -> None:
        target.mkdir()
        (target / "one.whl").write_bytes(b"wheel")

    monkeypatch.setattr(bundle, "download", one_wheel)


def names(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def test_the_program_goes_along_and_nothing_of_this_machine(quick: None, tmp_path: Path) -> None:
    assert bundle.main([str(tmp_path / "b")]) == 0
    made = names(tmp_path / "b")
    assert {"youwei", "scripts/bootstrap.py", "requirements.lock", "wheels/one.whl", "bundle.json"} <= made
    assert {"src/youwei/ui/static/vendor/.stamp", "src/youwei/ui/static/vendor/htmx.min.js"} <= made
    assert os.access(tmp_path / "b" / "youwei", os.X_OK)
    own = {".git", ".venv", "var", "node_modules"}
    assert [name for name in made if own & set(Path(name).parts) or name.endswith(("keys.json", "sqlite3"))] == []


def test_a_bundle_can_be_made_from_a_bundle(quick: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bundle.main([str(tmp_path / "first")])
    first = tmp_path / "first"
    (first / "var").mkdir()
    (first / "var" / "keys.json").write_text("{}")
    monkeypatch.setattr(bundle, "ROOT", first)
    monkeypatch.setattr(bundle, "VENDOR", first / "src" / "youwei" / "ui" / "static" / "vendor")
    assert bundle.main([str(tmp_path / "second")]) == 0
    assert names(tmp_path / "second") == names(first) - {"var/keys.json"}


def test_one_file_can_be_asked_for(quick: None, tmp_path: Path) -> None:
    assert bundle.main([str(tmp_path / "b.tar.gz")]) == 0
    with tarfile.open(tmp_path / "b.tar.gz") as archive:
        assert {"youwei/youwei", "youwei/wheels/one.whl"} <= set(archive.getnames())
    assert [path.name for path in tmp_path.iterdir()] == ["b.tar.gz"]


@pytest.mark.parametrize(
    ("wanted", "words", "code"),
    [("full", "已经有东西", 1), ("", "用法", 2), ("--loud", "用法", 2), ("inside", "请放到别处", 1)],
)
def test_a_place_that_cannot_be_is_refused_and_left_alone(
    quick: None, tmp_path: Path, capsys: pytest.CaptureFixture[str], wanted: str, words: str, code: int
) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "letter.txt").write_text("x")
    named = {"full": [str(tmp_path / "full")], "inside": [str(ROOT / "out")], "": []}.get(wanted, [wanted])
    assert bundle.main(named) == code
    assert words in capsys.readouterr().err
    assert not (ROOT / "out").exists()
    assert names(tmp_path) == {"full/letter.txt"}


def test_a_download_that_fails_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(bundle.subprocess, "call", lambda _: 1)
    assert bundle.main([str(tmp_path / "b")]) == 1
    assert "依赖没有下载全" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def cut_off(folder: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    """A command of the bundle where no other machine can be reached: without a network device where that can be had, else without an index."""
    outside = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PIP_", "YOUWEI_", "DATABASE_URL", "DJANGO"))
    }
    environment = {**outside, **NO_NETWORK, "PIP_CONFIG_FILE": os.devnull, "YOUWEI_DATA": str(folder / "data")}
    alone = (
        ["unshare", "-rn"]
        if subprocess.run(["unshare", "-rn", "true"], check=False, capture_output=True).returncode == 0
        else []
    )
    command = [*alone, sys.executable, str(folder / "youwei"), *words]
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=250, check=False
    )


@pytest.mark.slow
def test_a_machine_without_any_network_is_set_up_from_it(tmp_path: Path) -> None:
    made = tmp_path / "b"
    built = subprocess.run(
        [sys.executable, str(ROOT / "scripts" / "bundle.py"), str(made)], capture_output=True, text=True, check=False
    )
    if "依赖没有下载全" in built.stderr:
        pytest.skip(
            f"no package index here: the installer without network is not tested ({built.stderr.strip()[-200:]})"
        )
    assert built.returncode == 0, built.stderr
    wheel = max((made / "wheels").iterdir(), key=lambda path: path.name)
    whole = wheel.read_bytes()
    wheel.write_bytes(whole + b" ")
    refused = cut_off(made, "prepare")
    assert refused.returncode == 1
    assert "安装包里的依赖不全或被改动" in refused.stderr
    wheel.write_bytes(whole)
    assert (prepared := cut_off(made, "prepare")).returncode == 0, prepared.stderr
    assert (begun := cut_off(made, "init")).returncode == 0, begun.stderr
    proved = cut_off(made, "verify")
    assert proved.returncode == 0, proved.stderr
    assert "存证校验完好" in proved.stdout
    assert not (made / "node_modules").exists()
    shutil.rmtree(made / ".venv")
    (made / "bundle.json").write_text('{"python": "3.99", "platform": "linux-abacus"}')
    assert "这个安装包供 Python 3.99、linux-abacus 使用" in cut_off(made, "prepare").stderr
