"""Saved logs: an invented case under a released pack, with the plan after each entry. Replayed for ever: no later program may read it otherwise."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from youwei.engine.plan import plan
from youwei.engine.sieve import Packs
from youwei.engine.stories import Tale
from youwei.engine.types import Entry, EntryKind, Item, Plan
from youwei.rulebook.calendar import WorkCalendar
from youwei.rulebook.pack_types import Pack, PackRef

FILE = "saved.json"
FROZEN = ("已经施行，内容被改动；", "请恢复原文，要改的另编一个版本。")
DAYS = ("start", "due", "limit", "late_from", "soon_from")


def save(pack: Pack, case: str, tale: Tale) -> str:
    """The text of a saved log: the pack with its digest, the entries, the plan as of the day each was written down, and the last one anew."""
    document = {
        "pack": str(pack.ref),
        "digest": pack.digest,
        "case": case,
        "log": [_entry(each) for each in tale.log],
        "plans": [
            _plan(plan(tale.packs, tale.log[:count], tale.calendar, tale.log[count - 1].at))
            for count in range(1, len(tale.log) + 1)
        ],
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def replay(packs: Packs, text: str, calendar: WorkCalendar) -> list[str]:
    """What comes out otherwise than it was saved, in words; [] when nothing does."""
    saved = json.loads(text)
    pack = packs.get(PackRef.parse(saved["pack"]))
    if pack is None:
        return [f"没有规程{saved['pack']}；施行过的版本不得删去。"]
    if pack.digest != saved["digest"]:
        return [f"{pack.ref}{''.join(FROZEN)}"]
    log = saved_log(text)
    said = []
    for count, expected in enumerate(saved["plans"], 1):
        real = _plan(plan(packs, log[:count], calendar, log[count - 1].at))
        said += [f"第{count}条之后，{what}：存的是{was}，现在是{now}" for what, was, now in _unlike(expected, real)]
    return said


def saved_log(text: str) -> list[Entry]:
    """The entries of a saved log."""
    return [_read(each) for each in json.loads(text)["log"]]


def altered(folder: Path, packs: Iterable[Pack]) -> list[Pack]:
    """Of the packs below a folder, those that are otherwise than when their log was saved."""
    return [pack for pack in packs if (digest := saved_digest(folder, pack.ref)) and digest != pack.digest]


def saved_digest(folder: Path, ref: PackRef) -> str:
    """The digest a pack had when its log was saved; "" when none was."""
    path = folder / ref.procedure / ref.version / FILE
    return str(json.loads(path.read_text("utf-8"))["digest"]) if path.is_file() else ""


def _unlike(expected: Mapping[str, Any], real: Mapping[str, Any]) -> list[tuple[str, Any, Any]]:
    """What differs between two plans, with its name."""
    found = [(key, was, real.get(key)) for key, was in expected.items() if key != "items" and was != real.get(key)]
    was, now = expected["items"], real["items"]
    return found + [(key, was.get(key), now.get(key)) for key in {**was, **now} if was.get(key) != now.get(key)]


def _entry(entry: Entry) -> dict[str, Any]:
    known = {"seq": entry.seq, "kind": str(entry.kind), "on": str(entry.on), "at": str(entry.at), "by": entry.by}
    more = {name: getattr(entry, name) for name in ("behalf", "step", "key", "part", "to", "target", "reason", "paper")}
    return known | {name: value for name, value in more.items() if value} | {"values": _plain(entry.values)}


def _read(saved: Mapping[str, Any]) -> Entry:
    days = {name: date.fromisoformat(saved[name]) for name in ("on", "at")}
    return Entry(**{**saved, **days, "kind": EntryKind(saved["kind"])})


def _plan(found: Plan) -> dict[str, Any]:
    return {
        "items": {f"{item.step}/{item.key}".rstrip("/"): _item(item) for item in found.items},
        "outcome": found.outcome,
        "conflict": found.conflict,
        "stuck": found.stuck,
        "held": found.held,
        "next_change": _plain(found.next_change),
    }


def _item(item: Item) -> str:
    """One item in one line: what an office would notice of it."""
    window, who = item.window, item.who
    days = {name: getattr(window, name) for name in DAYS} | {"done_on": item.done_on}
    more = {"who": f"{who.role}@{who.organ or ''}", "entries": item.entries, "missing": item.missing}
    told = {name: value for name, value in {**more, **days}.items() if value}
    flags = [name for name in ("stopped", "provisional") if getattr(window, name)]
    return " ".join([str(item.status), *(f"{name}={_text(value)}" for name, value in told.items()), *flags])


def _text(value: Any) -> str:
    return ",".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _plain(value: Any) -> Any:
    """As it lies in a log."""
    if isinstance(value, (date, Decimal)):
        return str(value)
    if isinstance(value, Mapping):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_plain(each) for each in value]
    return value
