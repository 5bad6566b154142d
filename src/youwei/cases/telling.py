"""Kept values as people read them, by the type of their field. Pure."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from youwei.engine.values import ANSWER
from youwei.rulebook.pack_facts import FACTS, LETTER_FACTS, REPLY_FACTS
from youwei.rulebook.pack_order import names_read
from youwei.rulebook.packs import Field, FieldType, Pack, Step
from youwei.ui.words import cn_date

Open = frozenset[tuple[str, str]]
"""Sealed fields that are open to somebody, by step and field."""
TO_NOBODY: Open = frozenset()
LETTER = frozenset((*LETTER_FACTS, *REPLY_FACTS))  # what a letter is about and was answered with is told whole
SUBJECT_KIND = "subject.kind"  # stands in the heading of the case
YES_NO = {True: "是", False: "否"}


def on_title(step: Step) -> str:
    """What the day of an act is called, by the kind of its step."""
    titles = {
        "talk": "谈话日期",
        "visit": "回访日期",
        "meeting": "会议日期",
        "committee": "会议日期",
        "approval": "审批日期",
        "letter": "发函日期",
    }
    return titles.get(str(step.kind), "办理日期")


def readable(step: Step, open_to: Open = TO_NOBODY) -> list[tuple[str, Field]]:
    """The fields of a step that may be shown: one sealed, or of a step for the few, only where it is open to whoever reads."""
    return [
        (name, field)
        for name, field in step.form.items()
        if not (field.sealed or step.seen_by) or (step.id, name) in open_to
    ]


def told(field: Field, value: Any) -> str:
    """One value as text; empty for what was not filled in. Rows are their cells, one row after another."""
    if value is None or value == "":
        return ""
    if field.type is FieldType.ROWS:
        return "；".join("，".join(filter(None, _cells(field, row))) for row in value)
    if field.type is FieldType.YESNO:
        return YES_NO.get(value, str(value))
    if field.type is FieldType.DATE:
        return cn_date(date.fromisoformat(value) if isinstance(value, str) else value)
    if field.type is FieldType.ELIGIBILITY and isinstance(value, Mapping):
        why = "；".join(value.get("reasons") or ())
        return f"{value.get(ANSWER, '')}{f'（{why}）' if why else ''}"
    if isinstance(value, Mapping):  # an organ lies in the log with its number and the name it bore
        return str(value.get("name", ""))
    if isinstance(value, list | tuple):
        titles = [
            str(each.get("name", "")) if isinstance(each, Mapping) else field.choice_title(each) for each in value
        ]
        return ("；" if any(sign in title for title in titles for sign in "，、；") else "、").join(titles)
    return field.choice_title(value)


def known_facts(pack: Pack, facts: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Title and value of the facts a case goes by: those its pack reads, what other cases have told it, and all of a letter."""
    read = {str(name) for name in names_read(pack)}
    named = {
        name: value
        for name, value in facts.items()
        if name in FACTS and name != SUBJECT_KIND and (name in read or name in LETTER or FACTS[name].tellable)
    }
    return [(title, value) for title, value, _ in told_facts(named, {}).values() if value]


def told_facts(now: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, tuple[str, str, str]]:
    """Facts stated anew: title, what is so now and what was before. Who and where stand on the page and are left out."""
    found = {}
    for name, value in now.items():
        fact = FACTS.get(name)
        if fact is not None and fact.type not in (FieldType.ORGAN, FieldType.PERSON):
            field = Field(name, fact.title, fact.type)
            found[name] = (fact.title, told(field, value), told(field, before.get(name)))
    return found


def told_row(field: Field, row: Mapping[str, Any]) -> dict[str, str]:
    """The cells of one row as text, every column named."""
    return {name: told(column, row.get(name)) for name, column in field.of.items()}


def _cells(field: Field, row: Mapping[str, Any]) -> Iterator[str]:
    """The cells of one row as they stand in a line: a yes or no bears the name of its column, and says nothing where it is the usual no."""
    for name, column in field.of.items():
        text = told(column, row.get(name))
        if column.type is FieldType.YESNO and text:
            usual = text == YES_NO[False] and column.default is False
            text = "" if usual else column.title if text == YES_NO[True] else f"{column.title}：{text}"
        yield text
