"""The front-end files: fetched by the lock, shipped with their licences, made once."""

import json
import re

import pytest

import assets
from youwei.ui.icons import known_icons


def test_the_lock_names_no_registry() -> None:
    lock = json.loads(assets.LOCK.read_text(encoding="utf-8"))
    assert [name for name, facts in lock["packages"].items() if "resolved" in facts] == []
    assert all("integrity" in facts for name, facts in lock["packages"].items() if name)


def test_the_second_run_has_nothing_to_do() -> None:
    assets.build()
    assert assets.build() is False


def test_the_sprite_holds_every_listed_icon_once() -> None:
    text = (assets.VENDOR / "icons.svg").read_text(encoding="utf-8")
    symbols = re.findall(r'<symbol id="([^"]+)"', text)
    assert symbols == sorted(known_icons())
    assert "M0 0h24v24H0z" not in text


def test_no_file_points_to_a_map_that_is_not_shipped() -> None:
    for path in assets.VENDOR.glob("*.*s"):
        assert b"sourceMappingURL" not in path.read_bytes(), path.name


def test_every_shipped_package_has_its_licence_named() -> None:
    text = (assets.VENDOR / "licences" / "PACKAGES.txt").read_text(encoding="utf-8")
    for name in assets.PACKAGES:
        assert re.search(rf"^{re.escape(name)} [\d.]+: \S", text, re.MULTILINE), name
    assert (assets.VENDOR / "licences" / "echarts-NOTICE.txt").read_text(encoding="utf-8").strip()


def test_without_node_and_outside_a_virtual_environment_the_message_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(assets.shutil, "which", lambda *_args, **_kwargs: None)
    monkeypatch.setattr(assets.sys, "base_prefix", assets.sys.prefix)
    with pytest.raises(assets.AssetsFault, match="请先安装 Node 20 以上"):
        assets.find_npm()


def test_an_icon_that_does_not_exist_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assets, "icon_names", lambda: ["no-such-icon"])
    with pytest.raises(assets.AssetsFault, match="no-such-icon"):
        assets.sprite()
