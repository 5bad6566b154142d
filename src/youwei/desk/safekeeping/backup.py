"""Backup and restore: one format for every store, so that an office can also move from SQLite to PostgreSQL with it.

A backup is a folder: `manifest.json` (counts and digests), one JSON-lines file a table, and the key ring. It is read in one snapshot
while the office goes on working. Without its keys a backup does not open, with them it does: the folder is to be kept like the store.
"""

import hashlib
import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core import serializers
from django.core.management.color import no_style
from django.core.serializers.base import DeserializationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import DatabaseError, connection, transaction
from django.db.models import Model

from youwei.journal.queries import digest, verify
from youwei.journal.sealing import keys
from youwei.journal.stores import look_over
from youwei.voting.queries import KEPT

FORMAT = 1
ROOMS = ("journal", "organs", "people", "intake", "decisions", "cases", "documents", "voting")
BATCH = 500
OTHER_VERSION = "备份的格式不是这个版本认得的；请用同版本的有为恢复"


Tell = Callable[[int, int], None]
"""Told how many rows are written, of how many."""


class Refused(ValueError):
    """A backup or a restore that cannot be done, with the reason and the remedy in Chinese."""


class Exact(DjangoJSONEncoder):
    """Moments to the microsecond: the digests of the journal are taken over them."""

    def default(self, o: Any) -> Any:
        return o.isoformat() if isinstance(o, datetime) else super().default(o)


def tables() -> list[type[Model]]:
    return [model for room in ROOMS for model in apps.get_app_config(room).get_models()]


def backup(folder: Path, tell: Tell | None = None, *, beside: str = "") -> dict[str, Any]:
    """Write a backup into `folder`, which must be absent or empty (but for a file called `beside`). Returns the manifest."""
    if folder.exists() and not folder.is_dir():
        raise Refused(f"{folder} 是一个文件；请指定一个目录")
    if folder.exists() and any(each.name != beside for each in folder.iterdir()):
        raise Refused(f"备份目录 {folder} 里已有文件；请换一个空目录")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o700)
        return _write_all(folder, tell)
    except OSError as fault:
        raise Refused(f"备份目录 {folder} 写不进去（{fault.strerror}）；请检查磁盘和权限后换一个空目录") from fault


def _write_all(folder: Path, tell: Tell | None) -> dict[str, Any]:
    keys()  # an empty store has no ring before the first seal
    counts: dict[str, int] = {}
    with snapshot():
        total = sum(model._base_manager.count() for model in tables()) if tell else 0
        if tell:
            tell(0, total)
        for model in tables():
            counts[model._meta.label_lower] = _write(model, folder)
            if tell:
                tell(sum(counts.values()), total)
        heads = digest()
    files = {name: _digest_of(folder / f"{name}.jsonl") for name in counts}
    manifest = {"format": FORMAT, "counts": counts, "files": files, "digest": heads}
    shutil.copyfile(settings.KEYS_FILE, folder / "keys.json")
    (folder / "keys.json").chmod(0o600)
    (folder / "manifest.json").write_text(json.dumps(manifest, ensure_ascii=False, indent=1), encoding="utf-8")
    return manifest


@contextmanager
def snapshot() -> Iterator[None]:
    """Everything read inside is of one moment, and no writer waits for it."""
    if connection.in_atomic_block:
        yield
        return
    isolation = " ISOLATION LEVEL REPEATABLE READ READ ONLY" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(f"BEGIN{isolation}")
        try:
            if isolation:  # before the first look: a table written anew meanwhile would seem empty
                cursor.execute(f"LOCK TABLE {', '.join(KEPT)} IN ACCESS SHARE MODE")
            yield
        finally:
            cursor.execute("ROLLBACK")


def _write(model: type[Model], folder: Path) -> int:
    written = 0

    def counted() -> Iterator[Model]:
        nonlocal written
        for row in _rows(model):
            written += 1
            yield row

    with _file(model, folder).open("w", encoding="utf-8") as file:
        serializers.serialize("jsonl", counted(), stream=file, cls=Exact)
    return written


def _file(model: type[Model], folder: Path) -> Path:
    return folder / f"{model._meta.label_lower}.jsonl"


def _digest_of(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sm3").hexdigest()


def _rows(model: type[Model]) -> Iterator[Model]:
    """All rows by primary key in steps; no long-lived server cursor is needed."""
    last: Any = None
    while True:
        rows = model._base_manager.order_by("pk")
        chunk = list((rows if last is None else rows.filter(pk__gt=last))[:BATCH])
        if not chunk:
            return
        last = chunk[-1].pk
        yield from chunk


def restore(folder: Path) -> dict[str, Any]:
    """Fill an empty store from a backup and prove it whole. Raises Refused and leaves the store empty when anything is off."""
    manifest = whole(folder)
    used = next((model for model in tables() if model._base_manager.exists()), None)
    if used is not None:
        raise Refused(f"现有数据不是空的（{used._meta.label_lower}）；请用 --data 指定一个空目录")
    placed = _place_keys(folder)
    try:
        with transaction.atomic():
            for model in tables():
                _read(model, folder)
            _reset_sequences()
            if digest() != manifest["digest"] or verify():
                raise Refused("恢复后的存证与备份时不一致，已全部退回；请检查备份是否完整")
    except (Refused, DeserializationError, DatabaseError) as fault:
        if placed:
            Path(settings.KEYS_FILE).unlink()
        raise fault if isinstance(fault, Refused) else Refused(OTHER_VERSION) from fault
    look_over()
    return manifest


def whole(folder: Path) -> dict[str, Any]:
    """The manifest of a whole backup: every file is there and as it was written. Raises Refused naming what is not."""
    file = folder / "manifest.json"
    if not file.is_file():
        raise Refused(f"{folder} 里没有 manifest.json，不是有为的备份")
    try:
        manifest: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
        known = manifest["format"] == FORMAT and set(manifest["files"]) == {
            model._meta.label_lower for model in tables()
        }
    except (ValueError, KeyError, TypeError) as bad:
        raise Refused(f"{file} 读不出来；备份不完整，请换一份备份") from bad
    if not known:
        raise Refused(OTHER_VERSION)
    for name, told in manifest["files"].items():
        table = folder / f"{name}.jsonl"
        if not table.is_file() or _digest_of(table) != told:
            raise Refused(f"备份里的 {table.name} 缺失或被改动；请换一份备份")
    if not (folder / "keys.json").is_file():
        raise Refused("备份里没有密钥 keys.json，打不开密封的内容；请找回密钥后放进备份目录")
    return manifest


def _place_keys(folder: Path) -> bool:
    """Put the key ring where the store looks for it. True when it was not there before."""
    target, source = Path(settings.KEYS_FILE), folder / "keys.json"
    if target.exists():
        if target.read_bytes() != source.read_bytes():
            raise Refused(f"{target} 已有另一套密钥；恢复会使其失效，请换一个空目录")
        return False
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)
    target.chmod(0o600)
    return True


def _read(model: type[Model], folder: Path) -> None:
    waiting: list[Model] = []
    with _file(model, folder).open(encoding="utf-8") as file:
        for item in serializers.deserialize("jsonl", file):
            waiting.append(item.object)
            if len(waiting) == BATCH:
                model._base_manager.bulk_create(waiting)
                waiting = []
    model._base_manager.bulk_create(waiting)


def _reset_sequences() -> None:
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), tables()):
            cursor.execute(statement)
