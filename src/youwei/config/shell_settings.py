"""The command `settings`: what the office has chosen, and choosing otherwise, with its consequences drawn before the command ends."""

import argparse
from dataclasses import asdict
from typing import Any

from youwei.cases import recounting
from youwei.config.faults import CommandRefused
from youwei.config.shell import actor, say
from youwei.config.shell_store import need_store
from youwei.organs import clock
from youwei.organs.commands import Refused, change_setting
from youwei.organs.models import Organ, Setting
from youwei.organs.queries import CHOICES, Choice, chosen, roots


def settings(args: argparse.Namespace) -> int:
    """Tell the settings; with a name and a value, change one: only what it would move with --dry-run."""
    need_store()
    if args.name is None:
        return _tell(args.json)
    choice = CHOICES.get(args.name)
    if choice is None:
        raise CommandRefused(f"没有“{args.name}”这项设置；现有：{'、'.join(CHOICES)}")
    if args.value not in choice.values:
        raise CommandRefused(
            f"{choice.title}请写 {' 或 '.join(choice.values)}，例如 ./youwei settings {choice.name} {choice.default} --reason 理由"
        )
    if not choice.recounts:
        return _plainly(args, choice)
    effect = recounting.effect(clock.today())
    told: dict[str, Any] = {"name": choice.name, "before": chosen(choice), "value": args.value, **asdict(effect)}
    if args.dry_run:
        return _told(
            told,
            choice,
            args.json,
            f"将改动{effect.periods}项期间（今天还在期内的{effect.running}项）、{effect.cases}件在办事项；没有更改",
        )
    row = _change(args, choice)
    return _told(told | {"moved": row.moved}, choice, args.json, f"已改动{row.moved}项期间")


def _plainly(args: argparse.Namespace, choice: Choice) -> int:
    """A setting that moves no period."""
    told = {"name": choice.name, "before": chosen(choice), "value": args.value}
    if args.dry_run:
        return _told(told, choice, args.json, f"{choice.then}；没有更改")
    try:
        change_setting(
            name=choice.name, value=args.value, reason=args.reason or "", organ=_root(), by=actor(args), on=clock.today(), at=clock.now()
        )  # fmt: skip
    except Refused as refused:
        raise _refusal(refused) from refused
    return _told(told, choice, args.json, choice.then)


def _root() -> Organ:
    root = roots().first()
    if root is None:
        raise CommandRefused("库里还没有机关；请先运行 ./youwei init")
    return root


def _refusal(refused: Refused) -> CommandRefused:
    return CommandRefused(f"{refused}{'（--reason）' if str(refused).startswith('理由') else ''}")


def _tell(as_json: bool) -> int:
    if as_json:
        say(
            {
                "settings": [
                    {"name": each.name, "title": each.title, "value": chosen(each), "values": dict(each.values)}
                    for each in CHOICES.values()
                ]
            }
        )
        return 0
    for choice in CHOICES.values():
        print(f"{choice.title}（{choice.name}）：{choice.values[chosen(choice)]}")
        for value, words in choice.values.items():
            print(f"  {value:<10}{words}")
    return 0


def _change(args: argparse.Namespace, choice: Choice) -> Setting:
    """Change the setting and draw its consequences, telling how far they have come."""
    root, now = _root(), clock.now()
    try:
        row = recounting.begin(
            value=args.value, reason=args.reason or "", organ=root, by=actor(args), on=clock.today(), at=now
        )
    except Refused as refused:
        raise _refusal(refused) from refused
    while row.finished_at is None:
        row = recounting.go_on(setting=row.pk, today=clock.today(), at=clock.now())
        if not args.json:
            print(f"\r已算{row.done}/{row.total}人", end="" if row.finished_at is None else "\n", flush=True)
    return row


def _told(told: dict[str, Any], choice: Choice, as_json: bool, words: str) -> int:
    if as_json:
        say(told)
    else:
        print(f"{choice.title}：{choice.values[told['before']]} → {choice.values[told['value']]}；{words}")
    return 0
