"""Commands over a ledger and its figures: import, figures."""

import argparse
import json
import shlex
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction

from youwei.cases import taking
from youwei.cases.places import home_for
from youwei.config.faults import CommandRefused
from youwei.config.shell import actor, input_file, say
from youwei.config.shell_store import need_store
from youwei.desk.importing.queries import organs_to_come
from youwei.intake import commands as intake
from youwei.intake import queries as staged
from youwei.intake.faults import Refused
from youwei.intake.fields import BY_KEY
from youwei.intake.models import Import, StagedRow
from youwei.journal.actors import Actor
from youwei.journal.stores import unmap
from youwei.organs import clock
from youwei.organs.commands import Refused as RefusedOrgan
from youwei.organs.models import Organ
from youwei.organs.queries import roots
from youwei.people.models import Person
from youwei.statistics import answers as statistics

WRITTEN = {"create": "created", "update": "updated", "unchanged": "unchanged", "stub": "stubs"}


def import_ledger(args: argparse.Namespace) -> int:
    """Read, check, and (unless --dry-run) write a ledger; tell what became of every row."""
    need_store()
    unmap()
    by, now = actor(args), clock.now()
    try:
        with transaction.atomic() if args.dry_run else nullcontext():
            answer = _import(args, input_file(args.file), by, now)
            if args.dry_run:
                transaction.set_rollback(True)
    except (Refused, RefusedOrgan, taking.Refused) as refused:
        raise CommandRefused(str(refused)) from refused
    _tell(answer, args)
    return 0


def _import(args: argparse.Namespace, path: Path, by: Actor, now: datetime) -> dict[str, Any]:
    """The answer to an import. With --dry-run whatever it writes on the way is taken back by whoever asked."""
    today = clock.today()
    mode = Import.Mode.HISTORY if args.history else Import.Mode.CURRENT
    home = _home(args.organ) if not args.organ else home_for(args.organ, by=by, on=today, at=now)
    batch = intake.stage(
        organ=home, data=path.read_bytes(), filename=path.name, mode=mode, by=by, at=now, on=today, matcher=taking.matcher(home)
    )  # fmt: skip
    lacking = [title for title in batch.missing if not (args.history and title == BY_KEY["decided_on"].title)]
    if lacking:
        unread = "、".join(f"“{each.header}”" for each in staged.columns_of(batch) if each.header and not each.field)
        intake.discard(batch=batch)
        raise Refused(
            f"没有哪一列认作{'、'.join(lacking)}" + (f"；没有认出的列有{unread}" if unread else ""),
            "请改表头，或在网页上导入、在“对列”一步指定（可存为本机关的模板，以后命令行也认得）",
        )
    try:
        answered = _take_answers(batch, args.answers) if args.answers else 0
        if args.refused:
            Path(args.refused).write_bytes(staged.refused_workbook(batch))
    except (OSError, CommandRefused):
        intake.discard(batch=batch)
        raise
    answer = {**_answer(batch), "answered": answered}
    if args.dry_run:
        answer["organs"] = organs_to_come(batch, now)
    else:
        answer["organs"] = taking.take_in(batch=batch, by=by, at=now, today=today)
    return answer


def _take_answers(batch: Import, name: str) -> int:
    """Keep the answers of a file to “is this the same person”: row → a candidate's number, "new" or "skip". All of them or none."""
    try:
        given = json.loads(input_file(name).read_text(encoding="utf-8"))
        answers = {int(row): str(value) for row, value in given.items()}
    except (ValueError, AttributeError) as bad:
        raise CommandRefused(
            f'{name} 读不懂；请写成 {{"12": 345, "15": "new", "18": "skip"}}，行号对人员编号、new 或 skip'
        ) from bad
    asked = {row.number: row for row in staged.staged_rows(batch, outcome=StagedRow.Outcome.ASK)}
    for number, value in answers.items():
        if number not in asked:
            raise CommandRefused(f"{name} 第{number}行：这一行没有要问的；请从文件里去掉它，或核对是不是同一份台账")
        try:
            intake.answer_row(staged=asked[number], answer=value)
        except Refused as refused:
            twin = [StagedRow.TWIN] if asked[number].twin else []
            known = "、".join([*(str(each["person_id"]) for each in asked[number].candidates), *twin, "new", "skip"])
            raise CommandRefused(f"{name} 第{number}行：没有“{value}”这个答案；可以答 {known}") from refused
    return len(answers)


def _home(name: str | None) -> Organ:
    """Without --organ: the one region at the top, when there is just one."""
    tops = list(roots().filter(kind=Organ.Kind.REGION)[:2])
    if len(tops) != 1:
        raise CommandRefused("请用 --organ 写明填报机关，例如 --organ 云川市纪委监委")
    return tops[0]


def _answer(batch: Import) -> dict[str, Any]:
    counted: Counter[str] = Counter(staged.count_outcomes(batch))
    refused = []
    for row in (staged.opened(each) for each in staged.staged_rows(batch, outcome=StagedRow.Outcome.REFUSED)):
        faults = [{"column": fault.column, "message": str(fault)} for fault in row.row.faults]
        refused.append({"row": row.row.number, "serial": row.row.serial, "name": row.row.name, "faults": faults})
    answer: dict[str, Any] = {"rows": counted.total()}
    answer |= {key: counted[outcome] for outcome, key in WRITTEN.items()}
    return answer | {"asked": _asked(batch), "refused": refused, "organs": []}


def _asked(batch: Import) -> list[dict[str, Any]]:
    """The rows not answered, each with the people it may be about; none of them where another row of the ledger is meant."""
    rows = [staged.opened(each) for each in staged.staged_rows(batch, outcome=StagedRow.Outcome.ASK).filter(answer="")]
    wanted = {each["person_id"] for row in rows for each in row.staged.candidates}
    people = Person.objects.select_related("organ").in_bulk(wanted)
    return [
        {
            "row": row.row.number, "serial": row.row.serial, "name": row.row.name, "why": row.staged.why,
            "twin": row.staged.twin,
            "candidates": [_candidate(people[each["person_id"]], each) for each in row.staged.candidates],
        }
        for row in rows
    ]  # fmt: skip


def _candidate(person: Person, kept: Mapping[str, Any]) -> dict[str, Any]:
    """`another`: who it is is known, and answering with the number says that the row tells another decision of theirs."""
    born = person.born_on.isoformat()[:7] if person.born_on else ""
    return {
        "person": person.pk, "name": person.name, "unit": person.organ.name, "post": person.post, "born": born, "why": kept["why"],
        "another": kept.get("another", False),
    }  # fmt: skip


def _tell(answer: dict[str, Any], args: argparse.Namespace) -> None:
    if args.json:
        say(answer)
        return
    verb = "将" if args.dry_run else "已"
    print(f"{answer['rows']}行：{verb}新增{answer['created']}，更新{answer['updated']}，不变{answer['unchanged']}，涉密存根{answer['stubs']}，"
          f"经回答{answer['answered']}，待确认{len(answer['asked'])}，拒绝{len(answer['refused'])}")  # fmt: skip
    for row in answer["refused"]:
        for fault in row["faults"]:
            print(f"  第{row['row']}行 {row['name'] or '（无姓名）'} {fault['column']}：{fault['message']}")
    _tell_asked(answer["asked"], args)
    if answer["organs"]:
        print(
            f"新建机关{len(answer['organs'])}个：{'、'.join(answer['organs'][:20])}{'……' if len(answer['organs']) > 20 else ''}"
        )
    if args.refused:
        print(f"拒绝的行已写到 {args.refused}")


def _tell_asked(asked: Sequence[Mapping[str, Any]], args: argparse.Namespace) -> None:
    """What is to be answered, and where: by a file at the shell, or row by row on the page."""
    if not asked:
        return
    for row in asked:
        print(f"  第{row['row']}行 {row['name']}：是不是同一个人？{row['why']}")
        for each in row["candidates"]:
            known = "，".join(part for part in (each["name"], each["unit"], each["post"], each["born"]) if part)
            print(f"    {each['person']} {'是他的另一份决定' if each['another'] else '是他'}：{known}（{each['why']}）")
        if row["twin"]:
            print(f"    {StagedRow.TWIN} 与第{row['twin']}行是同一人，另一份决定")
        print("    new 新的人    skip 不导入这一行")
    again = f"./youwei import {shlex.quote(args.file)}" + (f" --organ {args.organ}" if args.organ else "")
    print(f"  待确认的{len(asked)}行{'不会' if args.dry_run else '没有'}写入。两种答法，已写入的都不会重复：")
    print(
        f'  一、把答案写进文件，例如 {{"{asked[0]["row"]}": "new"}}，再执行 {again}{" --history" * args.history} --answers 文件.json'
    )
    print("  二、在网页“处分台账”点“导入”，再选这份台账，在“请确认”一栏逐行回答")


def figures(args: argparse.Namespace) -> int:
    need_store()
    organ = Organ.objects.filter(name=args.organ).order_by("pk").first() if args.organ else _home(None)
    if organ is None:
        raise CommandRefused(f"没有机关“{args.organ}”；请核对 --organ")
    if args.start > args.end:
        raise CommandRefused("--from 晚于 --to；请核对起止日期")
    answer = statistics.figures_json(organ, args.start, args.end, today=clock.today())
    if args.json:
        say(answer)
        return 0
    for name, figure in answer["measures"].items():
        print(f"{figure['title']}：{figure['value']}  （{name}）")
    return 0
