"""Commands over packs: check, compare two, save the log that is replayed for ever; and over those of the store: list, draft, release, end."""

import argparse
from collections.abc import Callable, Mapping
from pathlib import Path

from django.conf import settings
from django.db import connection

from youwei.cases import drafting
from youwei.cases.drafting import Doing, frozen_faults
from youwei.cases.logs import packs as packs_here
from youwei.cases.models import PackVersion
from youwei.config.faults import CommandRefused
from youwei.config.shell import actor, input_file
from youwei.config.shell_store import has_store, need_store
from youwei.engine import saved
from youwei.engine.checking import check_packs
from youwei.engine.comparing import TURN_TITLES, Aspect, compare
from youwei.engine.stories import Otherwise, play, stories
from youwei.organs import clock
from youwei.organs.models import Organ
from youwei.rulebook.pack_faultlist import PackFaults
from youwei.rulebook.packs import Pack, PackRef, load_packs
from youwei.ui.words import cn_date


def packs(args: argparse.Namespace) -> int:
    """One of the acts below: over the versions of the store, or over the packs of a folder, the released ones where none is named."""
    if args.act in STORED:
        need_store()
        try:
            return STORED[args.act](args)
        except drafting.Refused as refused:
            raise CommandRefused(str(refused)) from refused
    folder = Path(args.packs_dir) if args.packs_dir else Path(settings.PACKS)
    if not folder.is_dir():
        raise CommandRefused(f"找不到规程目录 {folder}")
    if not any(folder.rglob("pack.yaml")):
        raise CommandRefused(f"{folder} 里没有规程（没有 pack.yaml）；请核对 --dir")
    return ACTS[args.act](folder, list(args.refs))


def check(folder: Path, refs: list[str]) -> int:
    """Check every pack; exit 1 when one is not sound, asks for what the program cannot do yet, or was altered after its release."""
    report = check_packs(folder)
    print(report)
    altered = frozen_faults(folder) if folder == Path(settings.PACKS) and _keeps_versions() else []
    for fault in altered:
        print(f"✗ {fault}")
    return 0 if report.ready and not altered else 1


def _keeps_versions() -> bool:
    """Whether there is a store, and one of this version."""
    return has_store() and PackVersion._meta.db_table in connection.introspection.table_names()


def listed(args: argparse.Namespace) -> int:
    """Every version with where it stands, and the drafts."""
    today = clock.today()
    for ref, pack in sorted(packs_here().items()):
        stands = "施行中" if pack.in_force(today) else "未到施行日期" if today < pack.in_force_from else "已停止施行"
        until = f"，{cn_date(pack.in_force_to)}止" if pack.in_force_to else ""
        print(f"{ref} {pack.title}：{stands}，{cn_date(pack.in_force_from)}起施行{until}")
    for row in PackVersion.objects.filter(state__in=drafting.OPEN).order_by("pk"):
        print(f"{row} {row.title}：{row.get_state_display()}，最后由{row.writer}修改")
    return 0


def drafted(args: argparse.Namespace) -> int:
    """Take a file in as a draft of an organ; say its faults."""
    path = input_file(_one(args, "FILE"))
    try:
        text = path.read_text("utf-8-sig")
    except UnicodeDecodeError as fault:
        raise CommandRefused(f"{path} 不是 UTF-8 编码；请用 UTF-8 另存") from fault
    organ = Organ.objects.filter(name=args.organ or "").first()
    if organ is None:
        raise CommandRefused(f"没有机关 {args.organ or '（没有写 --organ）'}；请写名录里的名称")
    row = drafting.draft(text=text, organ=organ, doing=_doing(args))
    found = drafting.check(row.text)
    print(f"已存为草稿 {row}")
    for each in found.faults:
        print(f"✗ {each}")
    return 0


def released(args: argparse.Namespace) -> int:
    """Put a draft in force, in the name of somebody who did not write it."""
    ref = PackRef.parse(_one(args, "规程@版本"))
    row = PackVersion.objects.filter(procedure=ref.procedure, version=ref.version, state__in=drafting.OPEN).first()
    if not args.account:
        raise CommandRefused("请用 --as 写明由哪位领导批准")
    if row is None:
        raise CommandRefused(f"没有草稿 {ref}；./youwei packs list 列出全部")
    drafting.release(pk=row.pk, doing=_doing(args))
    print(f"{ref} 已批准施行，内容从此不再改动")
    return 0


def ended(args: argparse.Namespace) -> int:
    """Open no more cases under a version after a day."""
    ref, last_day = PackRef.parse(_one(args, "规程@版本")), args.on or clock.today()
    drafting.end(ref=ref, last_day=last_day, reason=args.reason or "", doing=_doing(args))
    print(f"{ref} 施行到{cn_date(last_day)}为止；在办的事项照旧办完")
    return 0


def _one(args: argparse.Namespace, what: str) -> str:
    if len(args.refs) != 1:
        raise CommandRefused(f"请写明一个{what}，例如 ./youwei packs {args.act} {what}")
    return str(args.refs[0])


def _doing(args: argparse.Namespace) -> Doing:
    return Doing(by=actor(args), on=clock.today(), at=clock.now())


def compared(folder: Path, refs: list[str]) -> int:
    """What two packs differ in."""
    if len(refs) != len(("old", "new")):
        raise CommandRefused("请写明两个版本，例如 ./youwei packs compare 规程@旧版 规程@新版")
    old, new = (_pack(_load(folder), ref) for ref in refs)
    found = compare(old, new)
    for aspect in found.whole:
        print(_told(aspect))
    for each in (*found.stages, *found.steps, *found.outcomes):
        print(f"{TURN_TITLES[each.turn]}“{each.title}”")
        for aspect in each.aspects:
            print(f"  {_told(aspect)}")
    if not found:
        print("两个版本内容相同")
    return 0


def save_log(folder: Path, refs: list[str]) -> int:
    """Play the longest story beside each pack named (of all without a saved log when none is) and keep its log with the plans."""
    known, told = _load(folder), stories(folder)
    wanted = [_pack(known, ref) for ref in refs] or [
        pack for ref, pack in sorted(known.items()) if not saved.saved_digest(folder, ref)
    ]
    for pack in wanted:
        here = folder / pack.ref.procedure / pack.ref.version
        frozen = saved.saved_digest(folder, pack.ref)
        if frozen and frozen != pack.digest:
            raise CommandRefused(
                f"{pack.ref} 已存过，内容后来改动了：施行过的请另编一个版本；从未施行的，删去 {here / saved.FILE} 再存"
            )
        try:
            played = [(story["scenario"], play(known, story)) for path, story in told if path.parent.parent == here]
        except Otherwise as fault:
            raise CommandRefused(f"{pack.ref} 的情景走不通：{fault}") from fault
        if not played:
            raise CommandRefused(f"{pack.ref} 没有情景（scenarios/*.yaml），请先写一个")
        case, tale = max(played, key=lambda each: len(each[1].log))
        (here / saved.FILE).write_text(saved.save(pack, case, tale), encoding="utf-8")
        print(f"{pack.ref}：存了“{case}”，{len(tale.log)}条记录")
    return 0


STORED: Mapping[str, Callable[[argparse.Namespace], int]] = {
    "list": listed, "draft": drafted, "release": released, "end": ended,
}  # fmt: skip
ACTS: Mapping[str, Callable[[Path, list[str]], int]] = {"check": check, "compare": compared, "save-log": save_log}


def _load(folder: Path) -> Mapping[PackRef, Pack]:
    try:
        return load_packs(folder)
    except PackFaults as faults:
        raise CommandRefused(f"规程有错，请先 ./youwei packs check：{faults}") from faults


def _pack(known: Mapping[PackRef, Pack], ref: str) -> Pack:
    if (found := known.get(PackRef.parse(ref))) is None:
        raise CommandRefused(f"没有规程 {ref}；现有：{'、'.join(map(str, sorted(known)))}")
    return found


def _told(aspect: Aspect) -> str:
    return f"{aspect.what}：{aspect.before or '（无）'} → {aspect.after or '（无）'}"
