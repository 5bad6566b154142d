"""What a careful reader would ask about a record before it is approved: pasted text, throw-away words, a team of one, impossible days.

Nothing is scored, nothing is stopped by it: it is said to the officer and to whoever approves, and they decide. Pure functions.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from datetime import date
from itertools import combinations
from typing import Any

from youwei.rulebook.days import chinese_date
from youwei.rulebook.pack_types import Field, FieldType, Kind, Step, empty

LIKE = 0.7
"""Two texts are called alike from this share of common three-letter pieces on: a name, a date and a few words changed stay above it."""
SHORTEST_COMPARED, LONGEST_COMPARED, PIECE = 20, 600, 3
SHORTEST_SAID = 6
MOST_A_DAY = 4
"""So many talks and visits one person may have had on one day before it is asked about."""
THROWN_AWAY = frozenset(
    {
        "无", "没有", "暂无", "没", "好", "良好", "较好", "很好", "一般", "尚可", "正常", "一切正常", "同上", "同前", "见上", "略", "是", "已办",
        "已完成", "已进行", "符合要求", "无异常", "无问题", "没问题", "表现良好", "表现较好", "情况良好", "思想稳定", "情绪稳定", "工作正常",
        "认识到位", "认识深刻",
    }
)  # fmt: skip
"""What is said of everybody and tells nothing of anybody."""
MET = frozenset({Kind.TALK, Kind.VISIT})
_NOT_SAID = re.compile(r"[\W\d_]+")
_TITLES = re.compile(r"(同志|书记|主任|科长|处长|局长|组长|副?组长|干事|科员)$")


@dataclass(frozen=True, slots=True)
class Record:
    """One record as it is looked at: whose case and where, on which day, who was there, its texts by field."""

    case: int
    seq: int
    step: str
    on: date
    place: str = ""
    region: str = ""
    people: tuple[str, ...] = ()
    texts: Mapping[str, str] = dataclass_field(default_factory=empty)
    name: str = ""


@dataclass(frozen=True, slots=True)
class Remark:
    """Something to be looked at: where, and what. `other` is the record that it is like, for whoever may see that."""

    step: str
    what: str
    other: Record | None = None


def words_of(text: str) -> str:
    """What a text says, without figures, spaces and signs."""
    return _NOT_SAID.sub("", text)


def pieces(text: str) -> frozenset[str]:
    """The three-letter pieces of what a text says."""
    said = words_of(text)[:LONGEST_COMPARED]
    return frozenset(said[start : start + PIECE] for start in range(len(said) - PIECE + 1))


def likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """The share of pieces two texts have in common: 1 for the same, 0 for nothing."""
    total = len(one) + len(other)
    return 2 * len(one & other) / total if total else 0.0


def hollow(text: str) -> bool:
    """Whether a text only says what is said of everybody."""
    said = words_of(text)
    return not said or said in THROWN_AWAY or len(set(said)) == 1


def looked_at(step: Step) -> list[Field]:
    """The fields whose words are looked at: texts that everybody reads who reads the case."""
    if step.seen_by:
        return []
    return [field for field in step.form.values() if field.type is FieldType.TEXT and not field.sealed]


def texts_of(step: Step, values: Mapping[str, Any]) -> dict[str, str]:
    return {field.id: str(values[field.id]) for field in looked_at(step) if str(values.get(field.id) or "").strip()}


def remarks(
    step: Step,
    record: Record,
    *,
    others: Sequence[Record],
    met: Sequence[Record],
    period: tuple[date | None, date | None],
) -> list[Remark]:
    """Everything to be looked at in one record. `others` are records of the same step elsewhere, `met` talks and visits of the office on its day."""
    found = [*_words(step, record), *_twice(step, record), *_alike(step, record, others)]
    if step.kind in MET:
        found += [*_team(step, record), *_days(step, record, met, period)]
    return found


def _words(step: Step, record: Record) -> Iterator[Remark]:
    """Throw-away words, and nothing at all, where several lines are asked for. Who approves may do so in a word."""
    told = [field for field in looked_at(step) if field.long and step.kind is not Kind.APPROVAL]
    for field in told:
        text = record.texts.get(field.id, "").strip()
        if text and hollow(text):
            yield Remark(step.title, f"“{field.title}”只写了“{text[:12]}”，没有具体内容")
        elif text and len(text) < SHORTEST_SAID:
            yield Remark(step.title, f"“{field.title}”只有{len(text)}个字")
    left = [field.title for field in told if field.when is None]
    if len(left) > 1 and not any(field.id in record.texts for field in told):
        yield Remark(step.title, f"“{'”“'.join(left)}”都没有填写")


def _twice(step: Step, record: Record) -> Iterator[Remark]:
    """The same words under two headings of one record."""
    told = [(name, pieces(text)) for name, text in record.texts.items() if len(words_of(text)) >= SHORTEST_COMPARED]
    for (one, mine), (other, theirs) in combinations(told, 2):
        if likeness(mine, theirs) >= LIKE:
            yield Remark(step.title, f"“{step.form[one].title}”和“{step.form[other].title}”写的几乎是同样的话")
            return


def _alike(step: Step, record: Record, others: Sequence[Record]) -> Iterator[Remark]:
    """The likest other record for each text; one's own case's earlier records of the step count too."""
    for name, text in record.texts.items():
        mine = pieces(text)
        if len(words_of(text)) < SHORTEST_COMPARED:
            continue
        near = [
            (likeness(mine, pieces(other.texts[name])), other)
            for other in _earlier(record, others)
            if name in other.texts
        ]
        best = max(near, key=lambda each: each[0], default=None)
        if best is not None and best[0] >= LIKE:
            yield Remark(step.title, f"“{step.form[name].title}”的文字", best[1])


def _earlier(record: Record, others: Iterable[Record]) -> Iterator[Record]:
    return (each for each in others if each.step == record.step and (each.case, each.seq) != (record.case, record.seq))


def _team(step: Step, record: Record) -> Iterator[Remark]:
    named = {_TITLES.sub("", words_of(each)) for each in record.people}
    wanted = max(step.team, 2 if step.kind is Kind.VISIT else 1)
    if len(named) < wanted:
        yield Remark(step.title, f"去掉称呼后只有{len(named)}人（{'、'.join(record.people)}），应当至少{wanted}人")


def _days(
    step: Step, record: Record, met: Sequence[Record], period: tuple[date | None, date | None]
) -> Iterator[Remark]:
    begins, ends = period if _within_period(step) else (None, None)
    if begins is not None and record.on < begins:
        yield Remark(step.title, f"日期{chinese_date(record.on)}早于影响期开始之日{chinese_date(begins)}")
    if ends is not None and record.on > ends:
        yield Remark(step.title, f"日期{chinese_date(record.on)}晚于影响期届满之日{chinese_date(ends)}")
    same_day = [each for each in met if each.on == record.on and (each.case, each.seq) != (record.case, record.seq)]
    there = {name: [each for each in same_day if _had(each, name)] for name in record.people}
    away = {name: far for name, found in there.items() if (far := _far(record, found)) is not None}
    if away:
        yield Remark(step.title, f"{'、'.join(away)}同一天还在另一地区谈话、回访", next(iter(away.values())))
    for name, found in there.items():
        if len(found) >= MOST_A_DAY and name not in away:
            yield Remark(step.title, f"{name}同一天共有{len(found) + 1}次谈话、回访")


def _had(record: Record, name: str) -> bool:
    return words_of(name) in map(words_of, record.people)


def _far(record: Record, others: Iterable[Record]) -> Record | None:
    """One of the others that lies in another region; where a region is not known nothing is said."""
    return next((each for each in others if each.region and record.region and each.region != record.region), None)


def _within_period(step: Step) -> bool:
    """Whether the pack sets the days of a step by the period."""
    terms = (step.start, step.due, step.repeat.until if step.repeat is not None else None)
    return any(name.head == "period" for term in terms if term is not None for name in term.names)
