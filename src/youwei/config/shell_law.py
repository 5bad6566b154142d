"""Commands that only ask the law: period, workdays. They need no store; with one, the office's notices and settings count."""

import argparse
from datetime import date

from youwei.config.faults import CommandRefused, WrongUse
from youwei.config.shell import say
from youwei.config.shell_store import has_store
from youwei.organs import queries as organs
from youwei.rulebook import answers
from youwei.rulebook.calendar import WorkCalendar, seed_calendar
from youwei.rulebook.days import chinese_date
from youwei.rulebook.law import LawFault, load_law

NO_DAY = "没有可以开始的日期"
NEVER = date.max.isoformat()


def _calendar() -> WorkCalendar:
    return organs.calendar() if has_store() else seed_calendar()


def period(args: argparse.Namespace) -> int:
    try:
        answer = answers.period_answer(
            measure=args.measure, effective=args.effective, acts_until=args.acts_until, instead_of_removal=args.instead_of_removal,
            months=args.months, restored_on=args.restored_on, changed_to=args.changed_to, then=args.then, person_kind=args.person_kind,
            convention=organs.end_day_convention() if has_store() else "inclusive", law=load_law(),
        )  # fmt: skip
    except LawFault as fault:
        raise CommandRefused(fault.at_shell()) from fault
    if args.json:
        say(answer)
        return 0
    for bar in answer["bars"]:
        print(
            f"{bar['measure']}：{_told(bar['starts_on'])}至{_told(bar['last_day'])}，最早{_told(bar['first_eligible_on'])}"
        )
        for line in bar["reasons"]:
            print(f"  {line}")
    free = answer["eligible_on"]
    days = (
        ("提拔、晋升", free["promotion"]),
        ("进一步使用", free["further_use"]),
        ("同级职务", free["equal_post"]),
        ("评先评优", free["award"]),
    )
    for title, day in days:
        print(f"{title}：{NO_DAY if day == NEVER else _told(day) if day else '不受影响'}")
    for line in answer["unsettled"]:
        print(f"待核：{line}")
    return 0


def _told(day: str | None) -> str:
    """A day of an answer, for people."""
    return chinese_date(date.fromisoformat(day)) if day else "—"


def workdays(args: argparse.Namespace) -> int:
    forward, between = args.after is not None, args.start is not None
    if forward == between or forward != (args.count is not None) or between != (args.end is not None):
        raise WrongUse("请写 --after 日期 --count N，或者 --from 日期 --to 日期，两样不能混用，也不能缺一半")
    try:
        if forward:
            due = answers.workdays_after(_calendar(), args.after, args.count)
            return _tell_due(due, args.json)
        return _tell_between(answers.workdays_between(_calendar(), args.start, args.end), args.json)
    except LawFault as fault:
        raise CommandRefused(fault.at_shell()) from fault


def _tell_due(answer: answers.DueAnswer, as_json: bool) -> int:
    if as_json:
        say(answer)
        return 0
    print(f"{_told(answer['due_on'])}{'（暂定：放假安排尚未公布）' if answer['provisional'] else ''}")
    for skipped in answer["skipped"]:
        print(f"  跳过{_told(skipped['on'])} {skipped['why']}")
    return 0


def _tell_between(answer: answers.BetweenAnswer, as_json: bool) -> int:
    if as_json:
        say(answer)
        return 0
    print(f"{answer['working_days']}个工作日{'（暂定：放假安排尚未公布）' if answer['provisional'] else ''}")
    return 0
