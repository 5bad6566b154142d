"""Versions of procedures written here: drafted, commented on, put in force by somebody else than the writer, ended; each act in the version's log.

What is in force is frozen: it is never written again, and an altered one is refused by name. An entry keeps what it changed of the row.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction

from youwei.cases import logs
from youwei.cases.models import Case, PackVersion
from youwei.engine.checking import Report, check_loaded
from youwei.engine.saved import FROZEN
from youwei.engine.soundness import CAP
from youwei.journal import commands as journal
from youwei.journal.actors import SHELL, Actor
from youwei.journal.commands import Act, StaleLog
from youwei.journal.models import Log
from youwei.organs.models import Organ
from youwei.rulebook.pack_faultlist import Fault, FaultList
from youwei.rulebook.pack_ready import unready
from youwei.rulebook.pack_types import Pack, PackRef
from youwei.rulebook.pack_yaml import read_nodes
from youwei.rulebook.packs import Loaded, read_pack_text, read_packs

State = PackVersion.State
OPEN = (State.DRAFT, State.ASKED)
LONGEST_TEXT, LONGEST_COMMENT = 400_000, 2000
NAMED = {"procedure": 64, "version": 32, "title": 120}


class Refused(ValueError):
    """An act on a version that is not done, with the reason and the remedy in Chinese."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Doing:
    """By whom, on which day, at which moment; `seen` is the last entry of the log the page knew, None where it knew none."""

    by: Actor
    on: date
    at: datetime
    seen: int | None = None


@dataclass(frozen=True, slots=True)
class Checked:
    """A text under the checker: the pack it makes, where it makes one, and everything that is wrong with it."""

    pack: Pack | None
    report: Report

    @property
    def faults(self) -> tuple[Fault, ...]:
        return (*self.report.faults, *self.report.unready)


def check(text: str, cap: int = CAP) -> Checked:
    """Everything that can be said of a text beside the packs in force: faults with their lines, and how it behaves in at most so many runs."""
    named = _named(text, strict=False)
    label = f"{named['procedure']}/{named['version']}/pack.yaml"
    ref = PackRef(named["procedure"], named["version"])
    loaded = read_pack_text([*_parents(text), (label, text)])
    faults = [fault for fault in loaded.faults if fault.file == label]
    pack = loaded.packs.get(ref)
    pack = pack if pack is not None and pack.file == label else None
    report = check_loaded([pack] if pack is not None else [], faults, {*logs.packs(), ref}, cap=cap)
    return Checked(pack, report)


def source(ref: PackRef) -> str:
    """The text of a version in force, on disk or written here; "" when there is none."""
    path = Path(settings.PACKS) / ref.procedure / ref.version / "pack.yaml"
    if ref not in logs.packs():
        return ""
    if path.is_file():
        return path.read_text("utf-8")
    return PackVersion.objects.get(procedure=ref.procedure, version=ref.version, state=State.RELEASED).text


def _parents(text: str) -> list[tuple[str, str]]:
    """What a text is laid over, at any depth, each with its file."""
    found: dict[str, str] = {}
    while ref := _extended(text):
        label, text = f"{ref.procedure}/{ref.version}/pack.yaml", source(ref)
        if not text or label in found:
            break
        found[label] = text
    return list(found.items())


def _extended(text: str) -> PackRef | None:
    nodes = read_nodes(text, "pack.yaml", FaultList())
    node = nodes[0].get("extends") if nodes else None
    return PackRef.parse(node.raw) if node is not None else None


@transaction.atomic
def draft(*, text: str, organ: Organ, doing: Doing) -> PackVersion:
    """Take a text in as a draft of its procedure and version. It may have faults; it must name both, and be the only one of them."""
    named = _named(text)
    try:
        with transaction.atomic():
            row = PackVersion.objects.create(
                **named, text=text, organ=organ, writer=doing.by.name, writer_id=doing.by.account_id
            )
    except IntegrityError as taken:
        raise _taken(named) from taken
    if PackRef(named["procedure"], named["version"]) in logs.packs():
        raise _taken(named)
    told = {
        name: getattr(row, name) for name in ("procedure", "version", "title", "text", "state", "writer", "writer_id")
    }
    _log(row, "pack.drafted", doing, told | {"organ_id": organ.pk})
    return row


@transaction.atomic
def rewrite(*, pk: int, text: str, doing: Doing) -> PackVersion:
    """Another text for a draft; whoever writes it last may not put it in force."""
    row, named = _open(pk), _named(text)
    if (named["procedure"], named["version"]) != (row.procedure, row.version):
        raise Refused(f"这份草稿是 {row}，编号和版本不能改；要编另一个版本的，请另起一份。")
    row.text, row.title, row.writer, row.writer_id = text, named["title"], doing.by.name, doing.by.account_id
    _write(row, "pack.rewritten", doing, ("text", "title", "writer", "writer_id"))
    return row


@transaction.atomic
def ask(*, pk: int, doing: Doing) -> PackVersion:
    """Let everybody who may read procedures read the draft and say what they think of it."""
    row = _open(pk)
    row.state = State.ASKED
    _write(row, "pack.asked", doing, ("state",))
    return row


@transaction.atomic
def comment(*, pk: int, text: str, doing: Doing) -> None:
    """A remark on a draft that stands for comment, kept in its log."""
    row, said = _open(pk), text.strip()
    if row.state != State.ASKED:
        raise Refused("这份草稿现在不征求意见。")
    if not said or len(said) > LONGEST_COMMENT:
        raise Refused(f"请写明意见，不超过{LONGEST_COMMENT}个字。")
    _log(row, "pack.commented", doing, {}, comment=said)


@transaction.atomic
def drop(*, pk: int, doing: Doing) -> None:
    """Give a draft up; its procedure and version may be drafted anew."""
    row = _open(pk)
    row.state = State.DROPPED
    _write(row, "pack.dropped", doing, ("state",))


@transaction.atomic
def release(*, pk: int, doing: Doing) -> PackVersion:
    """Put a draft in force: frozen from here on; `in_force` in its text says from which day cases are opened under it.

    Refused while it has a fault or is not proved sound, and to whoever wrote it.
    """
    row = _open(pk)
    if row.writer_id is not None and row.writer_id == doing.by.account_id:
        raise Refused("这份草稿最后是您自己改的；请由另一位领导批准施行。")
    found = check(row.text)
    if found.pack is None or not found.report.ready:
        raise Refused("规程还有问题或者没有证明可靠，不能施行；请先按列出的各条改正。")
    row.state, row.digest = State.RELEASED, found.pack.digest
    _write(row, "pack.released", doing, ("state", "digest"))
    transaction.on_commit(logs.look)
    return row


@transaction.atomic
def end(*, ref: PackRef, last_day: date, reason: str, doing: Doing) -> PackVersion:
    """No case is opened under a version after `last_day`; those that are open go on. Refused for a day that has passed, or after the text's own."""
    pack = logs.packs().get(ref)
    if pack is None:
        raise Refused(f"没有规程 {ref}。")
    if not reason.strip() or len(reason) > LONGEST_COMMENT:
        raise Refused("请写明停止施行的理由。")
    if last_day < doing.on:
        raise Refused("最后施行的一天不能早于今天。")
    row = PackVersion.objects.select_for_update().filter(
        procedure=ref.procedure, version=ref.version, state=State.RELEASED
    ).first() or freeze([pack], doing=doing)[0]  # fmt: skip
    row.ended_on = last_day
    _write(row, "pack.ended", doing, ("ended_on",), reason=reason.strip())
    transaction.on_commit(logs.look)
    return row


@transaction.atomic
def freeze(packs: Iterable[Pack], *, doing: Doing) -> list[PackVersion]:
    """Put packs that lie on disk in force as they are: their digests are kept. Those in force already are left alone."""
    known = {(row.procedure, row.version) for row in PackVersion.objects.exclude(state=State.DROPPED)}
    made = []
    for pack in packs:
        if tuple(pack.ref) not in known:
            row = PackVersion.objects.create(
                procedure=pack.ref.procedure, version=pack.ref.version, title=pack.title[:120], digest=pack.digest, state=State.RELEASED
            )  # fmt: skip
            told = {name: getattr(row, name) for name in ("procedure", "version", "title", "digest", "state")}
            _log(row, "pack.released", doing, told)
            made.append(row)
    return made


def frozen_faults(folder: Path) -> list[str]:
    """What lies on disk otherwise than when it was put in force, by name; and versions that are gone though cases are under them."""
    return _altered(_read(folder).packs)


def _read(folder: Path) -> Loaded:
    """The packs on disk and those put in force here, with whatever is wrong with them."""
    return read_packs(folder, logs.texts(row.pk for row in PackVersion.objects.filter(state=State.RELEASED)))


def _altered(packs: Mapping[PackRef, Pack]) -> list[str]:
    said = []
    for row in PackVersion.objects.filter(state=State.RELEASED).order_by("pk"):
        pack = packs.get(PackRef(row.procedure, row.version))
        if pack is None:
            if Case.objects.filter(procedure=row.procedure, version=row.version).exists():
                said.append(f"规程 {row} 已经施行，并有事项按它办理，文件却不在了；请放回原处。")
        elif pack.digest != row.digest:
            said.append(f"规程 {row} {''.join(FROZEN)}")
    return said


def start_up(*, on: date, at: datetime) -> list[str]:
    """At the start of the server what is new on disk is put in force. Where a pack has faults or was altered, all that is told and none is."""
    loaded = _read(Path(settings.PACKS))
    lacking = (fault for pack in loaded.packs.values() for fault in unready(pack))
    faults = [*_altered(loaded.packs), *map(str, loaded.faults), *map(str, lacking)]
    if not faults:
        freeze(loaded.packs.values(), doing=Doing(by=SHELL, on=on, at=at))
        logs.look()
    return faults


def _named(text: str, *, strict: bool = True) -> dict[str, str]:
    """Procedure, version and title as a text names them. Refused when it does not, or names them too long."""
    if len(text) > LONGEST_TEXT:
        raise Refused(f"规程太长，最多{LONGEST_TEXT}个字。")
    nodes = read_nodes(text, "pack.yaml", FaultList())
    found = {name: node.get(name) if nodes and (node := nodes[0]) else None for name in NAMED}
    named = {name: node.raw.strip() if node is not None else "" for name, node in found.items()}
    if strict:
        lacking = [name for name, value in named.items() if not value]
        if lacking:
            raise Refused(f"规程要写明 {'、'.join(lacking)}；整份应是一个 YAML 文件，请检查缩进和冒号。")
        if len(nodes) > 1:
            raise Refused("一份草稿只能写一个规程。")
    for name, most in NAMED.items():
        if len(named[name]) > most or "/" in named[name] or "\x00" in named[name]:
            raise Refused(f"{name} 最长{most}个字，也不能有斜线。")
    return named


def _taken(named: Mapping[str, str]) -> Refused:
    return Refused(f"已有 {named['procedure']}@{named['version']}；请换一个版本号。")


def _open(pk: int) -> PackVersion:
    row = PackVersion.objects.select_for_update().get(pk=pk)
    if row.state not in OPEN:
        raise Refused(f"{row} 已经{row.get_state_display()}，不能再改。")
    return row


def _write(row: PackVersion, kind: str, doing: Doing, columns: Iterable[str], **more: str) -> None:
    columns = list(columns)
    row.save(update_fields=columns)
    _log(row, kind, doing, {name: getattr(row, name) for name in columns}, **more)


def _log(row: PackVersion, kind: str, doing: Doing, told: Mapping[str, Any], **more: str) -> None:
    content = {
        "row": {name: value.isoformat() if isinstance(value, date) else value for name, value in told.items()},
        **more,
    }
    try:
        journal.append(
            Act("pack", row.pk, kind, content, doing.by, doing.on, doing.at, to=str(row)), expect_seq=doing.seen
        )
    except StaleLog as stale:
        raise Refused("您打开页面以后，这份规程有人改过；请刷新页面看过再办。") from stale


def head(row: PackVersion) -> int:
    """The number of the last entry of a version's log: what a form sends back."""
    return Log.objects.get(kind="pack", ref=row.pk).head_seq
