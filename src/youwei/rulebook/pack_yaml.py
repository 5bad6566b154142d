"""YAML read into plain nodes that remember their line, what a plain word means as in YAML 1.2. Only what packs and law need: no anchors, no tags."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

import yaml
from yaml import (
    AliasEvent,
    CollectionEndEvent,
    MappingStartEvent,
    MarkedYAMLError,
    ScalarEvent,
    SequenceStartEvent,
    YAMLError,
)

from youwei.rulebook.pack_faultlist import Fault, FaultList

LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The one written in C where it was installed, ten times as fast; every wheel brings it."""
INTEGER = re.compile(r"[-+]?\d+")
DECIMAL = re.compile(r"[-+]?\d+\.\d+")
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
WORDS: Mapping[str, Any] = {"true": True, "false": False, "null": None, "~": None, "": None}


@dataclass(slots=True)
class Node:
    """A scalar, a list of nodes or a mapping of nodes, with where it was written."""

    value: Any
    file: str
    line: int
    raw: str = ""
    flow: bool = False
    key_lines: dict[str, int] = dataclass_field(default_factory=dict)

    @property
    def where(self) -> tuple[str, int]:
        return self.file, self.line

    def is_map(self) -> bool:
        return isinstance(self.value, dict)

    def is_list(self) -> bool:
        return isinstance(self.value, list)

    def is_text(self) -> bool:
        return isinstance(self.value, str)

    def get(self, key: str) -> Node | None:
        found = self.value.get(key) if isinstance(self.value, dict) else None
        return found if isinstance(found, Node) else None

    def items(self) -> Iterator[tuple[str, Node]]:
        return iter(self.value.items() if isinstance(self.value, dict) else ())

    def elements(self) -> list[Node]:
        """The elements of a list; a scalar or mapping is a list of one; null is empty."""
        if isinstance(self.value, list):
            return self.value
        return [] if self.value is None else [self]

    def plain(self) -> Any:
        """The content without lines, for digests and for canonical comparison."""
        if isinstance(self.value, dict):
            return {key: node.plain() for key, node in self.value.items()}
        if isinstance(self.value, list):
            return [node.plain() for node in self.value]
        return self.value


def read_nodes(text: str, file: str, faults: FaultList, *, anchors: bool = False) -> list[Node]:
    """Every document of a file, as nodes, which nobody may change; what cannot be read is a fault. `anchors`: one place may stand for another."""
    nodes, found = _read(text, file, anchors)
    for fault in found:
        faults.add((fault.file, fault.line), fault.path, fault.expected, fault.remedy)
    return list(nodes)


@lru_cache(maxsize=128)
def _read(text: str, file: str, anchors: bool) -> tuple[tuple[Node, ...], tuple[Fault, ...]]:
    """The same text is the same nodes. Taking YAML apart is by far the longest part of reading, and of many packs one has changed."""
    faults = FaultList()
    nodes = _documents(text, file, faults, anchors)
    return tuple(nodes), tuple(faults.found)


def _documents(text: str, file: str, faults: FaultList, anchors: bool) -> list[Node]:
    try:
        events = list(yaml.parse(text, Loader=LOADER))
    except MarkedYAMLError as problem:
        mark = problem.problem_mark or problem.context_mark
        line = mark.line + 1 if mark else 0
        remedy = "请检查缩进、冒号后的空格和引号；中文书名号、引号开头的文字如含半角符号请加引号。"
        faults.add((file, line), "文件", f"不是正确的 YAML（{problem.problem or '无法读取'}）。", remedy)
        return []
    except (YAMLError, UnicodeError):
        faults.add((file, 0), "文件", "不是正确的 YAML。", "请检查文件编码是否为 UTF-8、有无控制字符。")
        return []
    return _Builder(file, faults, iter(events), anchors).documents()


@dataclass(slots=True)
class _Builder:
    """Takes the events of a file one after another and makes nodes of them."""

    file: str
    faults: FaultList
    events: Iterator[Any]
    anchors: bool
    named: dict[str, Node] = dataclass_field(default_factory=dict)

    def documents(self) -> list[Node]:
        starts = (ScalarEvent, SequenceStartEvent, MappingStartEvent)
        return [self._node(event, "") for event in self.events if isinstance(event, starts)]

    def _node(self, event: Any, path: str) -> Node:
        line = event.start_mark.line + 1
        if event.anchor and not (self.anchors and (event.anchor in self.named or not isinstance(event, AliasEvent))):
            self.faults.add((self.file, line), path or "文件", "用了 YAML 锚点（&、*）。", "请把内容写全，不用锚点。")
        if isinstance(event, AliasEvent):
            return self.named.get(str(event.anchor), Node(None, self.file, line))
        made = self._made(event, path, line)
        if event.anchor:
            self.named[event.anchor] = made
        return made

    def _made(self, event: Any, path: str, line: int) -> Node:
        if isinstance(event, SequenceStartEvent):
            return Node(self._elements(path), self.file, line, flow=bool(event.flow_style))
        if isinstance(event, MappingStartEvent):
            return self._mapping(event, path)
        return Node(event.value if event.style else scalar(event.value), self.file, line, raw=event.value)

    def _below(self) -> Iterator[Any]:
        """The events that begin what lies in the list or mapping just begun."""
        while not isinstance(event := next(self.events), CollectionEndEvent):
            yield event

    def _elements(self, path: str) -> list[Node]:
        return [self._node(event, f"{path}[{n}]") for n, event in enumerate(self._below(), 1)]

    def _mapping(self, start: Any, path: str) -> Node:
        made = Node({}, self.file, start.start_mark.line + 1, flow=bool(start.flow_style))
        for event in self._below():
            line = event.start_mark.line + 1
            if not isinstance(event, ScalarEvent):
                self._node(event, path)
                self._node(next(self.events), path)
                self.faults.add((self.file, line), path or "文件", "键必须是文字。", "请检查花括号和缩进。")
                continue
            key = event.value
            below = f"{path}.{key}" if path else key
            value = self._node(next(self.events), below)
            if key in made.value:
                first = made.key_lines[key]
                self.faults.add(
                    (self.file, line), below, f"“{key}”写了两次（第一次在第 {first} 行）。", "请删去一个或合并。"
                )
                continue
            made.key_lines[key] = line
            made.value[key] = value
        return made


def scalar(text: str) -> Any:
    """A plain scalar by the core rules of YAML 1.2, and dates; yes, no, on and off are words."""
    if text in WORDS:
        return WORDS[text]
    if INTEGER.fullmatch(text):
        return int(text)
    if DECIMAL.fullmatch(text):
        return Decimal(text)
    if DAY.fullmatch(text):
        try:
            return date.fromisoformat(text)
        except ValueError:
            return text
    return text
