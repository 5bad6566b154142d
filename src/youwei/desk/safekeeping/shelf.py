"""The folder the backups lie in (`YOUWEI_BACKUPS`): what is there, what is being made, what the last check said.

Nothing of it is in the store: a list of backups inside what they save would be the first thing lost. Beside the files of a backup lies `state.json`.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from youwei.desk.safekeeping.backup import Refused

STATE = "state.json"
RUNNING = ("queued", "running")
CUT_OFF = "服务器中途停过，这份备份没有做完；请重新备份，并删去这个目录"
NAME = "%Y-%m-%d-%H%M%S"


@dataclass(frozen=True, slots=True)
class Backup:
    """One folder: when and by whom, how many rows under which digest, how far it has come, what the last check found."""

    name: str
    at: datetime | None
    by: str
    state: str
    done: int
    total: int
    digest: str
    message: str
    checked_at: datetime | None
    findings: tuple[str, ...]

    @property
    def running(self) -> bool:
        return self.state in RUNNING


def folder() -> Path:
    return Path(settings.BACKUPS)


def same_disk() -> bool:
    """The backups lie on the disk of the store: they would be lost with it."""
    there = folder()
    while not there.exists():
        there = there.parent
    return there.stat().st_dev == Path(settings.DATA).stat().st_dev


def listed() -> list[Backup]:
    """The backups, the newest first; folders that are none are left out. Made with the command, they are listed too."""
    try:
        found = [_read(each) for each in folder().iterdir() if each.is_dir()]
    except OSError:
        return []
    whole = [each for each in found if each is not None]
    return sorted(whole, key=lambda each: (each.at is not None and each.at.timestamp()) or 0.0, reverse=True)


def running() -> Backup | None:
    return next((each for each in listed() if each.running), None)


def begin(*, by: str, at: datetime) -> str:
    """Take a folder for a new backup. Returns its name; raises Refused when one is being made or the folder cannot be written."""
    if running() is not None:
        raise Refused("已经有一份备份正在做；请等它做完")
    name = timezone.localtime(at).strftime(NAME)
    try:
        folder().mkdir(parents=True, exist_ok=True, mode=0o700)
        (folder() / name).mkdir(mode=0o700)
        note(name, state="queued", by=by, at=at.isoformat())
    except FileExistsError as exists:
        raise Refused("这一秒已经有一份备份；请稍候再试") from exists
    except OSError as fault:
        raise Refused(f"备份目录 {folder()} 写不进去（{fault.strerror}）；请检查磁盘和权限") from fault
    return name


def note(name: str, **changes: Any) -> None:
    """Write down how a backup stands, in one piece."""
    file = folder() / name / STATE
    aside = file.with_suffix(".new")
    aside.write_text(json.dumps({**_state(file), **changes}, ensure_ascii=False), encoding="utf-8")
    aside.replace(file)


def mark_cut_off() -> None:
    """At the start of the server nothing is being made: what says so was cut off."""
    for each in listed():
        if each.running:
            note(each.name, state="failed", message=CUT_OFF)


def _state(file: Path) -> Mapping[str, Any]:
    try:
        told = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return told if isinstance(told, dict) else {}


def _read(place: Path) -> Backup | None:
    told, manifest = _state(place / STATE), _state(place / "manifest.json")
    if not told and not manifest:
        return None
    at = parse_datetime(str(told.get("at", "")))
    if at is None and manifest:
        at = datetime.fromtimestamp((place / "manifest.json").stat().st_mtime, tz=timezone.get_current_timezone())
    checked = told.get("checked") or {}
    return Backup(
        name=place.name, at=at, by=str(told.get("by", "命令行")), state=str(told.get("state", "done")),
        done=int(told.get("done", 0)), total=sum(manifest.get("counts", {}).values()) or int(told.get("total", 0)),
        digest=str(manifest.get("digest", "")), message=str(told.get("message", "")),
        checked_at=parse_datetime(str(checked.get("at", ""))), findings=tuple(checked.get("findings", ())),
    )  # fmt: skip
