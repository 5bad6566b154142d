"""Commands over the whole store: init, load-organs, verify, checkpoint, backup, restore."""

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path
from time import monotonic
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from youwei.cases.logs import look
from youwei.config.faults import CommandRefused
from youwei.config.shell import actor, input_file, say
from youwei.desk.safekeeping import backup as backups
from youwei.desk.safekeeping.proving import prove
from youwei.journal import queries as journal
from youwei.journal.actors import SHELL
from youwei.journal.models import Log
from youwei.journal.queries import Tell
from youwei.journal.sealing import create_keys
from youwei.organs import clock, commands
from youwei.organs.commands import Refused
from youwei.organs.models import Account, Organ, Role
from youwei.organs.roster import read_roster

ADMINISTRATORS = (
    ("system", "系统管理员", Role.SYSTEM_ADMIN),
    ("security", "安全管理员", Role.SECURITY_ADMIN),
    ("audit", "审计管理员", Role.AUDITOR),
)
SHORT = 2.0
"""Seconds after which a command says how far it has come."""


def migrate() -> None:
    """Bring the schema up to date; a store that is costs no more than the question."""
    Path(settings.DATA).mkdir(parents=True, exist_ok=True)
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", verbosity=0, interactive=False)


def ensure_keys() -> None:
    """A key ring for an empty store; a filled one without its ring is refused, for a new ring would open nothing."""
    path = Path(settings.KEYS_FILE)
    if path.exists():
        return
    if Log.objects.exists():
        raise CommandRefused(f"找不到密钥文件 {path}；请从备份中取回 keys.json，没有它密封的内容打不开")
    create_keys(path)


def has_store() -> bool:
    """Whether there is a store; a SQLite file that is not there is not made by asking."""
    if connection.vendor == "sqlite" and not Path(connection.settings_dict["NAME"]).exists():
        return False
    return Account._meta.db_table in connection.introspection.table_names()


def need_store() -> None:
    """Refuse with the remedy when there is no store yet or its keys are gone; bring an older one up to date."""
    if not has_store():
        raise CommandRefused("这里还没有库；请先运行 ./youwei init 或 ./youwei demo")
    migrate()
    ensure_keys()
    look()


def init(args: argparse.Namespace) -> int:
    migrate()
    ensure_keys()
    if Account.objects.exists():
        raise CommandRefused("库里已有账号；init 只用于空库")
    now, today = clock.now(), clock.today()
    root = commands.create_organ(
        name="本系统", kind=Organ.Kind.OTHER, parent=None, level=Organ.Level.CITY, by=SHELL, on=today, at=now
    )
    print("已建立空库。三个管理员各用一次性代码在 /login/first/ 设置口令（只显示这一次）：")
    for username, name, role in ADMINISTRATORS:
        account = commands.create_account(username=username, name=name)
        commands.grant(account=account, role=role, organ=root, by=SHELL, on=today, at=now)
        print(f"  {name}  账号 {username}  一次性代码 {commands.setup_code(account=account)}")
    return 0


def load_organs(args: argparse.Namespace) -> int:
    need_store()
    path, by = input_file(args.file), actor(args)
    try:
        rows = read_roster(path.read_bytes(), path.name)
        made = commands.load_organs(rows=rows, by=by, on=clock.today(), at=clock.now())
    except (Refused, ValueError) as refused:
        raise CommandRefused(str(refused)) from refused
    print(f"机关名录：新建{made}个，已有{len(rows) - made}个")
    return 0


def _checkpoint_file(name: str) -> dict[str, Any]:
    try:
        told = json.loads(input_file(name).read_text(encoding="utf-8"))
        whole = isinstance(told["digest"], str) and all(
            {"kind", "ref", "seq", "digest"} <= set(head) for head in told["heads"]
        )
    except (ValueError, TypeError, KeyError):
        whole = False
    if not whole:
        raise CommandRefused(f"{name} 不是存证点文件；请用 ./youwei checkpoint 打印的内容")
    return dict(told)


def verify(args: argparse.Namespace) -> int:
    need_store()
    against = _checkpoint_file(args.against) if args.against else None
    findings = prove(clock.today(), against, _progress())
    if args.json:
        say({"digest": journal.digest(), "findings": [asdict(each) for each in findings]})
        return 1 if findings else 0
    for finding in findings:
        print(f"✗ {finding}")
    if findings:
        print(f"校验发现{len(findings)}处问题")
        return 1
    print(f"存证校验完好，摘要 {journal.digest()}")
    return 0


def _progress() -> Tell:
    """Says on the screen how far it has come, once it takes long; what is printed for programs stays as it is."""
    begun = monotonic()

    def tell(done: int, total: int) -> None:
        if monotonic() - begun > SHORT:
            print(f"已核对{done}份，共{total}份存证", file=sys.stderr, flush=True)

    return tell


def checkpoint(args: argparse.Namespace) -> int:
    need_store()
    say(journal.checkpoint())
    return 0


def backup(args: argparse.Namespace) -> int:
    need_store()
    try:
        manifest = backups.backup(Path(args.folder))
    except backups.Refused as refused:
        raise CommandRefused(str(refused)) from refused
    print(f"已备份到 {args.folder}，共{sum(manifest['counts'].values())}行，摘要 {manifest['digest']}")
    print("备份里有密钥，请与数据库同等保管。")
    return 0


def restore(args: argparse.Namespace) -> int:
    migrate()
    try:
        manifest = backups.restore(Path(args.folder))
    except backups.Refused as refused:
        raise CommandRefused(str(refused)) from refused
    print(f"已恢复{sum(manifest['counts'].values())}行，摘要 {manifest['digest']}")
    return 0
