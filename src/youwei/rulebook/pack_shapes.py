"""Holds a tree of nodes against the table of keys. Finds everything at once; builds nothing."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from youwei.rulebook.pack_faultlist import FaultList
from youwei.rulebook.pack_keys import BLOCKS, FIELD_OPTIONAL_IN_CHILD, STEP_OPTIONAL_IN_CHILD, Key, Shape
from youwei.rulebook.pack_kinds import ADVERSE
from youwei.rulebook.pack_terms import read_condition, read_name, read_span, read_term, read_test
from youwei.rulebook.pack_types import FieldType
from youwei.rulebook.pack_yaml import Node

IDENT = re.compile(r"[^\W\d][\w-]*")
CONDITION_HELP = "应写成“环节.栏目: 值”的表；值可以是一个值、[几个值]、'>= 数'、{not: 值} 或 {given: true}。"
TERM_HELP = (
    "应写成“7 working days”“7 working days after decision.made_on”“30 days before period.ends_on”"
    "或“period.ends_on”；单位用 working days、days、weeks、months、years。"
)


@dataclass(slots=True)
class Shapes:
    """One walk over one document."""

    faults: FaultList
    child: bool = False  # a pack that extends another may leave out what it inherits

    def check(self, node: Node, shape: Shape, path: str) -> None:
        if self.child and node.value is None:
            return  # null removes, judged when merged
        if isinstance(shape, str):
            test, expected = SCALARS[shape]
            if shape in SPECIAL:
                getattr(self, SPECIAL[shape])(node, path)
            elif not test(node):
                self.faults.add(node.where, path, f"{expected}，写的是“{node.raw or node.plain()}”。")
            return
        if shape[0] == "block":
            self.block(node, shape[1], path)
        elif shape[0] == "map":
            self.map(node, shape[1], path)
        elif shape[0] == "list":
            self.list(node, shape[1], path)
        elif shape[0] == "one or list":
            self.one_or_list(node, shape[1], path)
        else:
            self.one_of(node, shape[1:], path)

    def one_of(self, node: Node, words: tuple[str, ...], path: str) -> None:
        if node.value not in words:
            near = nearest(str(node.raw), words)
            remedy = f"是不是“{near}”？" if near else ""
            expected = f"只能是 {'、'.join(words)} 之一，写的是“{node.raw or node.plain()}”。"
            self.faults.add(node.where, path, expected, remedy)

    def list(self, node: Node, inner: Shape, path: str) -> None:
        if not node.is_list():
            self.faults.add(node.where, path, "应是一个列表。", "每项一行，以“- ”开头，或写在 [ ] 里。")
            return
        for number, each in enumerate(node.elements(), 1):
            self.check(each, inner, f"{path}[{number}]")

    def one_or_list(self, node: Node, inner: Shape, path: str) -> None:
        if node.is_list():
            self.list(node, inner, path)
        else:
            self.check(node, inner, path)

    def map(self, node: Node, inner: Shape, path: str) -> None:
        if not node.is_map():
            self.faults.add(node.where, path, "应是“编号: 内容”的表。")
            return
        for key, value in node.items():
            below = f"{path}.{key}"
            if not IDENT.fullmatch(key):
                where = (node.file, node.key_lines.get(key, node.line))
                self.faults.add(where, below, f"“{key}”不能作编号。", "编号以字母或汉字开头，不含空格和标点。")
            elif self.comma_trap(node, key, value, below):
                continue
            else:
                self.check(value, inner, below)

    def comma_trap(self, node: Node, key: str, value: Node, path: str) -> bool:
        """In a line with braces an ASCII comma inside a text silently makes a new, empty key."""
        if self.child or not node.flow or value.value is not None:
            return False
        where = (node.file, node.key_lines.get(key, node.line))
        self.faults.add(
            where, path, f"“{key}”没有内容。", "花括号里的半角逗号会把文字切断：请改用全角逗号，或给整段文字加引号。"
        )
        return True

    def block(self, node: Node, name: str, path: str) -> None:
        table = BLOCKS[name]
        if not node.is_map():
            self.faults.add(node.where, path, "应是“键: 值”的表。", f"可用的键：{'、'.join(table)}。")
            return
        for key, value in node.items():
            below = f"{path}.{key}" if path else key
            if self.comma_trap(node, key, value, below):
                continue
            if key in table:
                self.check(value, table[key].shape, below)
                continue
            near = nearest(key, table)
            remedy = f"是不是“{near}”？" if near else f"这里可用的键：{'、'.join(table)}。"
            self.faults.add((node.file, node.key_lines.get(key, node.line)), below, f"没有“{key}”这个键。", remedy)
        self.missing(node, name, table, path)

    def missing(self, node: Node, name: str, table: Mapping[str, Key], path: str) -> None:
        optional: frozenset[str] = frozenset()
        if self.child:
            optional = {"step": STEP_OPTIONAL_IN_CHILD, "field": FIELD_OPTIONAL_IN_CHILD}.get(name, frozenset(table))
            optional = optional if name != "pack" else frozenset(table) - {"procedure", "version", "title", "in_force"}
        for key, spec in table.items():
            if spec.required and key not in node.value and key not in optional:
                self.faults.add(node.where, path or "规程", f"缺少“{key}”（{spec.doc}）。", "请补上。")

    def stages(self, node: Node, path: str) -> None:
        if node.is_list():
            self.list(node, "text", path)
        else:
            self.map(node, ("block", "stage"), path)

    def repeat(self, node: Node, path: str) -> None:
        if node.value == "any time":
            return
        for name in ("every", "next", "each"):
            if node.is_map() and name in node.value:
                self.block(node, name, path)
                return
        help_text = "可写：any time；{every: 6 months, from: …, until: …}；{next: 栏目, until: …}；{each: 环节.栏目}。"
        self.faults.add(node.where, path, "不知道办几次。", help_text)

    def items(self, node: Node, path: str) -> None:
        if not node.is_map():
            self.faults.add(node.where, path, "应是“编号: 名称”的表。")
            return
        for key, value in node.items():
            self.check(value, ("block", "item") if value.is_map() else "text", f"{path}.{key}")

    def passes(self, node: Node, path: str) -> None:
        if not node.is_map() or any(read_test(value) is None for _, value in node.items()):
            self.faults.add(node.where, path, "应写成“total: '>= 60'”这样的表。", "比较的数要加引号。")

    def choices(self, node: Node, path: str) -> None:
        if node.is_map():
            self.map(node, "text", path)
            return
        self.list(node, "text", path)
        seen: set[str] = set()
        for each in node.elements():
            if each.raw in seen:
                self.faults.add(each.where, path, f"选项“{each.raw}”写了两次。", "请删去一个。")
            seen.add(each.raw)

    def columns(self, node: Node, path: str) -> None:
        if node.is_text() and read_name(node.value) is not None:
            return
        if node.is_text():
            self.one_of(node, ("subject", ADVERSE), path)
            return
        if node.is_list():
            self.list(node, "name", path)
            return
        if not node.is_map():
            self.faults.add(node.where, path, "应是“列: 类型”的表。")
            return
        for key, value in node.items():
            shape: Shape = ("block", "field") if value.is_map() else ("one of", *FieldType)
            self.check(value, shape, f"{path}.{key}")


def nearest(word: str, known: Any) -> str:
    close = difflib.get_close_matches(word, [str(each) for each in known], n=1, cutoff=0.5)
    return close[0] if close else ""


def _text(node: Node) -> bool:
    """Any scalar but null: a number or a date written as a title is meant as text."""
    return not isinstance(node.value, (dict, list)) and bool(node.raw.strip())


def _number(node: Node) -> bool:
    return isinstance(node.value, (int, Decimal)) and not isinstance(node.value, bool)


SCALARS: Mapping[str, tuple[Callable[[Node], Any], str]] = {
    "text": (_text, "应是文字"),
    "version": (lambda node: bool(re.fullmatch(r"[\w.-]+", node.raw)), "应是版本，如 '2018.07'"),
    "id": (lambda node: bool(IDENT.fullmatch(node.raw)), "应是编号（字母或汉字开头，不含空格和标点）"),
    "flag": (lambda node: isinstance(node.value, bool), "应是 true 或 false"),
    "date": (lambda node: isinstance(node.value, date), "应是日期，如 2018-07-01"),
    "number": (_number, "应是数"),
    "integer": (lambda node: isinstance(node.value, int) and not isinstance(node.value, bool), "应是整数"),
    "span": (lambda node: read_span(node.value) is not None, "应是一段时间，如 6 months 或 3 working days"),
    "term": (lambda node: read_term(node) is not None, TERM_HELP.rstrip("。")),
    "name": (lambda node: read_name(node.value) is not None, "应是“环节.栏目”或“decision.made_on”这样的名称"),
    "condition": (lambda node: read_condition(node) is not None, CONDITION_HELP.rstrip("。")),
    "value": (lambda node: node.value is not None, "应有内容"),
    "years": (lambda node: isinstance(node.value, int) or node.value == "forever", "应是年数或 forever"),
    **dict.fromkeys(("stages", "repeat", "items", "passes", "choices", "columns"), (bool, "")),
}
SPECIAL = {each: each for each in ("stages", "repeat", "items", "passes", "choices", "columns")}
