"""What every command at the shell shares: Django made ready, refusals told, the author named."""

import argparse
import json
import os
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import django
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError

from youwei.config.faults import CommandRefused, WrongUse
from youwei.journal.actors import SHELL, Actor


def run(module: str, name: str, args: argparse.Namespace) -> int:
    """Run one handler; a refusal is one line and exit code 1. A command that opens no store of the office's reads no settings either."""
    try:
        if args.needs_settings:
            _set_up()
        return int(getattr(import_module(module), name)(args) or 0)
    except WrongUse as wrong:
        print(f"用法不对：{wrong}\n写法见 ./youwei {args.command} --help", file=sys.stderr)
        return 2
    except CommandRefused as refused:
        print(f"没有办成：{refused}", file=sys.stderr)
        return 1
    except OSError as fault:
        print(
            f"没有办成：{fault.filename or '文件'} 读写不了（{fault.strerror}）；请检查路径、磁盘和权限",
            file=sys.stderr,
        )
        return 1
    except OperationalError as fault:
        print(
            f"没有办成：库打不开或连不上（{str(fault).strip()}）；请检查 --data、DATABASE_URL 和磁盘", file=sys.stderr
        )
        return 1


def _set_up() -> None:
    """Read the settings; an address of a store that cannot be read is told without its password."""
    try:
        django.setup()
    except (ImproperlyConfigured, ValueError) as fault:
        if "DATABASE_URL" not in os.environ:
            raise
        raise CommandRefused(
            "DATABASE_URL 读不懂；请写成 postgres://用户:口令@主机:5432/库名，或去掉它使用 SQLite"
        ) from fault


def say(result: Any) -> None:
    """One JSON document for a program."""
    print(json.dumps(result, ensure_ascii=False, default=str))


def input_file(name: str) -> Path:
    path = Path(name)
    if not path.is_file():
        raise CommandRefused(f"找不到文件 {name}；请核对路径")
    return path


def actor(args: argparse.Namespace) -> Actor:
    """The account named with --as, or 命令行."""
    if not args.account:
        return SHELL
    model = import_module("youwei.organs.models").Account
    account = model.objects.filter(username=args.account).first()
    if account is None:
        raise CommandRefused(f"没有账号 {args.account}；请核对 --as")
    return Actor(account.name, account.pk)


def data_folder() -> Path:
    return Path(settings.DATA)
