"""Plays the stories that lie beside packs: facts in, acts as officers do them, expected open steps and dates typed by hand.

A story that comes out otherwise raises ``Otherwise``, with what was expected and what came.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from youwei.engine.check import check
from youwei.engine.conditions import ABSENT, evaluate
from youwei.engine.plan import plan
from youwei.engine.sieve import Packs
from youwei.engine.types import Entry, EntryKind, Item, Mark, Plan, Status
from youwei.rulebook.calendar import WorkCalendar, seed_calendar
from youwei.rulebook.pack_faultlist import FaultList
from youwei.rulebook.pack_types import Field, FieldType, Name, Step
from youwei.rulebook.pack_yaml import read_nodes

SAMPLES: Mapping[FieldType, Any] = {
    FieldType.TEXT: "略",
    FieldType.DATE: "2024-01-02",
    FieldType.NUMBER: Decimal(1),
    FieldType.YESNO: True,
    FieldType.PERSON: "示例甲",
    FieldType.ORGAN: "9901",
    FieldType.DECISION: "例纪〔2024〕1号",
    FieldType.FILE: "99.pdf",
    FieldType.ELIGIBILITY: "可以",
    FieldType.GUIDING_CASES: ["99"],
}
KINDS = {each.value: each for each in EntryKind}
BY_STATUS = ("done", "waiting", "skipped", "scheduled", "closed", "exempted", "undone")
OF_PLAN = ("outcome", "next_change", "conflict", "stuck", "held")
EXPECTED = ("today", "open", *BY_STATUS, "unasked", *OF_PLAN)


class Otherwise(AssertionError):
    """What came is not what the story expects, in words."""


def stories(folder: Path) -> list[tuple[Path, dict[str, Any]]]:
    """Every story below a folder of packs, with its file."""
    paths = sorted(folder.glob("*/*/scenarios/*.yaml"))
    return [(path, story) for path in paths for story in read_stories(path.read_text("utf-8"), path.name)]


def read_stories(text: str, label: str) -> list[dict[str, Any]]:
    """The stories of one text. Raises Otherwise where it is not YAML or not a story."""
    faults = FaultList()
    found = [node.plain() for node in read_nodes(text, label, faults)]
    if faults.found:
        raise Otherwise("；".join(map(str, faults.found)))
    for story in found:
        lacking = (
            [key for key in ("scenario", "procedure", "opened", "story") if key not in story]
            if isinstance(story, dict)
            else ["scenario"]
        )
        if lacking:
            raise Otherwise(f"{label}：情景缺少{'、'.join(lacking)}。")
    return found


@dataclass
class Tale:
    """One case as it goes on, every act judged by check()."""

    packs: Packs
    procedure: str
    log: list[Entry] = dataclass_field(default_factory=list)
    calendar: WorkCalendar = dataclass_field(default_factory=seed_calendar)
    strict: bool = True  # every act must be accepted by check()

    def plan(self, today: date | str) -> Plan:
        return plan(self.packs, self.log, self.calendar, day(today))

    def entry(self, kind: str, on: date | str, *, at: date | str | None = None, **parts: Any) -> Entry:
        return Entry(len(self.log) + 1, KINDS[kind], day(on), day(at or on), "示例甲", **parts)

    def act(self, kind: str, on: date | str, **parts: Any) -> Entry:
        entry = self.entry(kind, on, **parts)
        if self.strict:
            faults = check(self.packs, self.log, entry, self.calendar)
            _hold(not faults, "；".join(map(str, faults)))
        self.log.append(entry)
        return entry

    def open(self, on: date | str, facts: Mapping[str, Any], at: date | str | None = None) -> Entry:
        return self.act("opened", on, at=at, to=self.procedure, values=facts)

    def record(self, step: str, on: date | str, values: Mapping[str, Any] | None = None, **parts: Any) -> Entry:
        values = dict(values or {})
        full = self.filled(step, values, parts.get("key", "")) if self.strict else values
        return self.act("record", on, step=step, values=full, **parts)

    def filled(self, name: str, values: dict[str, Any], key: str) -> dict[str, Any]:
        """What the story does not care about, filled in: required fields that are wanted."""
        now = plan(self.packs, self.log, self.calendar, self.log[-1].at)
        step = self.packs[now.pack].steps[name]
        done = dict(values)
        for field in step.form.values():
            if field.id in done or not wanted(field, step, done):
                continue
            if field.required:
                done[field.id] = field.default if field.default is not None else sample(field)
        return done

    def refusals(self, kind: str, on: date | str, **parts: Any) -> list[str]:
        return [str(fault) for fault in check(self.packs, self.log, self.entry(kind, on, **parts), self.calendar)]


def day(value: date | str) -> date:
    return value if isinstance(value, date) else date.fromisoformat(value)


def wanted(field: Field, step: Step, values: Mapping[str, Any]) -> bool:
    def look(name: Name) -> Any:
        return values.get(name.tail, ABSENT) if name.head == step.id else ABSENT

    return evaluate(field.when, look) is True


def sample(field: Field) -> Any:
    if field.choices:
        return [field.choices[0].id] if field.many else field.choices[0].id
    count = max(int(field.min or 1), 1)
    if field.type is FieldType.ROWS:
        return [
            {"id": str(number), **{key: sample(each) for key, each in field.of.items()}}
            for number in range(1, count + 1)
        ]
    if field.type is FieldType.PEOPLE:
        return [f"示例{'甲乙丙丁戊'[number]}" for number in range(count)]
    return SAMPLES[field.type]


def _hold(so: bool, otherwise: str) -> None:
    if not so:
        raise Otherwise(otherwise)


def play(packs: Packs, story: Mapping[str, Any]) -> Tale:
    """Runs one story and returns the case as it then stands. Raises Otherwise."""
    tale = Tale(packs, story["procedure"])
    tale.open(story["opened"], story.get("facts") or {}, story.get("entered"))
    marks: dict[str, int] = {}
    for number, line in enumerate(story["story"], 1):
        where = f"{story['scenario']} 第{number}条"
        if "expect" in line:
            expect(tale, line["expect"], where)
        else:
            _act(tale, line, marks, where)
    return tale


def _act(tale: Tale, line: Mapping[str, Any], marks: dict[str, int], where: str) -> None:
    kind = next((key for key in line if key in KINDS), "")
    _hold(bool(kind), f"{where}：没有写办了什么（{'、'.join(KINDS)}）。")
    head = line[kind]
    parts: dict[str, Any] = {key: str(line[key]) for key in ("key", "part", "reason", "to") if key in line}
    if "of" in line:
        parts["target"] = marks[line["of"]]
    if "at" in line:
        parts["at"] = line["at"]
    values = line.get("values") or {}
    if isinstance(head, str) and kind not in ("hold", "resume", "correct", "withdraw", "facts"):
        parts["to" if kind in ("ended", "moved") else "step"] = head
    if kind in ("hold", "prolong", "exempt") and "ground" in line:
        values = {**values, "ground": line["ground"]}
    if kind == "record" and "refused" not in line:
        entry = tale.record(parts.pop("step"), line["on"], values, **parts)
        marks[line.get("as", f"{entry.step}{entry.key}")] = entry.seq
        return
    if "refused" in line:
        said = "\n".join(tale.refusals(kind, line["on"], values=values, **parts))
        _hold(line["refused"] in said, f"{where}：应拒绝“{line['refused']}”，实为“{said}”")
        return
    entry = tale.act(kind, line["on"], values=values, **parts)
    marks[line.get("as", kind)] = entry.seq


def name(item: Item) -> str:
    return f"{item.step}/{item.key}" if item.key else item.step


def expect(tale: Tale, wanted_now: Mapping[str, Any], where: str) -> None:
    strange = [key for key in wanted_now if key not in EXPECTED]
    _hold(not strange, f"{where}：expect 里没有{'、'.join(strange)}这样的项，有{'、'.join(EXPECTED)}。")
    today = day(wanted_now["today"])
    now = tale.plan(today)
    if "open" in wanted_now:
        owed = {name(item): item for item in now.items if item.status is Status.OPEN and not item.optional}
        given = wanted_now["open"] or {}
        given = given if isinstance(given, Mapping) else dict.fromkeys(given)
        _hold(set(owed) == set(given), f"{where}：待办是{sorted(owed)}，应为{sorted(given)}")
        for key, window in given.items():
            _window(owed[key], window or {}, today, f"{where} {key}")
    for status in BY_STATUS:
        if status in wanted_now:
            _status(now.items, Status(status), wanted_now[status], today, where)
    _unasked(now.items, wanted_now.get("unasked") or (), where)
    for key in OF_PLAN:
        if key in wanted_now:
            _hold(getattr(now, key) == wanted_now[key], f"{where}：{key} 是{getattr(now, key)}，应为{wanted_now[key]}")


def _unasked(items: Iterable[Item], given: Iterable[str], where: str) -> None:
    """A row of which a step asks nothing has no place in the plan; other steps of the same row show that the row is there."""
    found = {name(item) for item in items}
    for key in given:
        step, _, row = key.partition("/")
        there = any(each.partition("/")[2] == row for each in found if each.partition("/")[0] != step)
        _hold(bool(row) and there, f"{where}：没有 {row or key} 这一行，有{sorted(found)}")
        _hold(key not in found, f"{where}：{key} 要办，应为不需要办")


def _status(items: Iterable[Item], status: Status, given: Any, today: date, where: str) -> None:
    found = {name(item): item for item in items}
    given = given if isinstance(given, Mapping) else dict.fromkeys(given)
    for key, window in given.items():
        _hold(key in found, f"{where}：没有 {key}，有{sorted(found)}")
        _hold(found[key].status is status, f"{where}：{key} 是{found[key].status}，应为{status}")
        _window(found[key], window or {}, today, f"{where} {key}")


def _window(item: Item, given: Mapping[str, Any], today: date, where: str) -> None:
    for key, value in given.items():
        if key == "late":
            real: Any = item.mark(today) is Mark.LATE
        elif key == "soon":
            real = item.mark(today) is Mark.SOON
        else:
            real = getattr(item.window, key) if hasattr(item.window, key) else getattr(item, key)
        _hold(real == value, f"{where}：{key} 是{real}，应为{value}")
