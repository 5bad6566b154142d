"""A procedure in two versions: the visits of Jingzhou as released, and an invented later version of them with one step more."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from youwei.rulebook.pack_types import PackRef
from youwei.rulebook.packs import PACKS

OLD, NEW = PackRef("jingzhou-visit", "2018.03"), PackRef("jingzhou-visit", "2026.06")
PLEDGE = "  pledge: {title: 签订帮带责任书, stage: 建档, by: group, after: opened, due: 10 working days}\n"
CHANGES = (
    ("version: '2018.03'", "version: '2026.06'"),
    ("in_force: {from: 2017-12-01}", "in_force: {from: 2026-06-01}"),
    ("  mentor:\n", f"{PLEDGE}  mentor:\n"),
)

#: As small as a procedure can be.
TRIAL = """procedure: trial
title: 试用规程
version: '1.0'
in_force: {from: 2024-01-01}
about: person
opens: {event: decision.recorded}
roles: {office: {title: 办公室, at: case organ, held_by: case_officer}}
stages: [办理]
steps:
  tell: {title: 告知, stage: 办理, by: office, due: 3 working days}
outcomes:
  told: {title: 已告知}
"""
STORY = """scenario: 照常告知
procedure: trial@1.0
opened: 2024-09-20
story:
  - {record: tell, on: 2024-09-23}
  - expect: {today: 2024-09-23, outcome: told}
"""


def later_text() -> str:
    """The text of the later version."""
    text = (PACKS / OLD.procedure / OLD.version / "pack.yaml").read_text("utf-8")
    for before, after in CHANGES:
        assert before in text, before
        text = text.replace(before, after)
    return text


def write_versions(folder: Path) -> Path:
    shutil.copytree(PACKS / OLD.procedure / OLD.version, folder / OLD.procedure / OLD.version)
    (folder / NEW.procedure / NEW.version).mkdir()
    (folder / NEW.procedure / NEW.version / "pack.yaml").write_text(later_text(), "utf-8")
    return folder


@pytest.fixture
def two_versions(settings: Any, tmp_path: Path) -> Path:
    """The program works with these two and no other procedure."""
    settings.PACKS = str(write_versions(tmp_path / "packs"))
    return tmp_path / "packs"
