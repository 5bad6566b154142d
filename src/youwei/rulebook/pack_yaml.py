"""YAML 1.2 read into plain nodes that remember their line. Only what a pack needs: no anchors, no tags."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, ScalarNode, SequenceNode

from youwei.rulebook.pack_faultlist import Fault, FaultList

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


def read_nodes(text: str, file: str, faults: FaultList) -> list[Node]:
    """Every document of a file, as nodes, which nobody may change; what cannot be read is a fault."""
    nodes, found = _read(text, file)
    for fault in found:
        faults.add((fault.file, fault.line), fault.path, fault.expected, fault.remedy)
    return list(nodes)


@lru_cache(maxsize=128)
def _read(text: str, file: str) -> tuple[tuple[Node, ...], tuple[Fault, ...]]:
    """The same text is the same nodes. Taking YAML apart is by far the longest part of reading, and of many packs one has changed."""
    faults = FaultList()
    nodes = _documents(text, file, faults)
    return tuple(nodes), tuple(faults.found)


def _documents(text: str, file: str, faults: FaultList) -> list[Node]:
    try:
        documents = list(YAML(typ="safe", pure=True).compose_all(text))
    except MarkedYAMLError as problem:
        mark = problem.problem_mark or problem.context_mark
        line = mark.line + 1 if mark else 0
        remedy = "请检查缩进、冒号后的空格和引号；中文书名号、引号开头的文字如含半角符号请加引号。"
        faults.add((file, line), "文件", f"不是正确的 YAML（{problem.problem or '无法读取'}）。", remedy)
        return []
    except YAMLError:
        faults.add((file, 0), "文件", "不是正确的 YAML。", "请检查文件编码是否为 UTF-8、有无控制字符。")
        return []
    return [_node(each, file, faults, "") for each in documents if each is not None]


def _node(node: Any, file: str, faults: FaultList, path: str) -> Node:
    line = node.start_mark.line + 1
    if node.anchor:
        faults.add((file, line), path or "文件", "用了 YAML 锚点（&、*）。", "规程里请把内容写全，不用锚点。")
    if isinstance(node, ScalarNode):
        plain = node.style is None
        return Node(scalar(node.value) if plain else node.value, file, line, raw=node.value)
    if isinstance(node, SequenceNode):
        elements = [_node(each, file, faults, f"{path}[{n}]") for n, each in enumerate(node.value, 1)]
        return Node(elements, file, line, flow=bool(node.flow_style))
    return _mapping(node, file, faults, path)


def _mapping(node: MappingNode, file: str, faults: FaultList, path: str) -> Node:
    made = Node({}, file, node.start_mark.line + 1, flow=bool(node.flow_style))
    for key_node, value_node in node.value:
        line = key_node.start_mark.line + 1
        if not isinstance(key_node, ScalarNode):
            faults.add((file, line), path or "文件", "键必须是文字。", "请检查花括号和缩进。")
            continue
        key = key_node.value
        below = f"{path}.{key}" if path else key
        if key in made.value:
            first = made.key_lines[key]
            faults.add((file, line), below, f"“{key}”写了两次（第一次在第 {first} 行）。", "请删去一个或合并。")
            continue
        made.key_lines[key] = line
        made.value[key] = _node(value_node, file, faults, below)
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
