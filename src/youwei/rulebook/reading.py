"""Reading the law's YAML strictly: every fault at once, each with file, line, what was expected and how to mend it."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from youwei.rulebook.pack_faultlist import FaultList
from youwei.rulebook.pack_yaml import Node, read_nodes


@dataclass(frozen=True, slots=True)
class ReadingFault:
    """One thing wrong in a file of the law."""

    file: str
    line: int
    message: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}；{self.remedy}"


class ReadingRefused(ValueError):
    """The law could not be loaded; `faults` holds all that is wrong with it."""

    def __init__(self, faults: tuple[ReadingFault, ...]) -> None:
        self.faults = faults
        super().__init__("\n".join(str(each) for each in faults))


@dataclass(slots=True)
class Reader:
    """Reads files below one folder and gathers their faults."""

    root: Path
    faults: list[ReadingFault] = field(default_factory=list)

    def fault(self, file: str, line: int, message: str, remedy: str) -> None:
        self.faults.append(ReadingFault(file, line, message, remedy))

    def open(self, path: Path) -> "Block":
        """The mapping a file holds; an unreadable file becomes a fault and an empty, silent block."""
        name = path.relative_to(self.root).as_posix()
        try:
            text = path.read_text(encoding="utf-8")
        except (UnicodeDecodeError, OSError) as problem:
            self.fault(name, 1, f"文件读不出来（{type(problem).__name__}）", "用 UTF-8 保存为 YAML 文件")
            return self._nothing(name)
        wrong = FaultList()
        found = read_nodes(text, name, wrong, anchors=True)
        for each in wrong.found:
            self.fault(name, each.line or 1, f"{each.path}：{each.expected.rstrip('。')}", each.remedy.rstrip("。"))
        if wrong.found:
            return self._nothing(name)
        if len(found) != 1 or not found[0].is_map():
            self.fault(name, 1, "文件应当是“键: 值”的映射", "在最外层写键")
            return self._nothing(name)
        return Block(self, found[0])

    def _nothing(self, name: str) -> "Block":
        return Block(self, Node({}, name, 1), silent=True)

    def refuse(self) -> None:
        """Raise all faults together, or do nothing."""
        if self.faults:
            raise ReadingRefused(tuple(sorted(self.faults, key=lambda each: (each.file, each.line, each.message))))


@dataclass(slots=True)
class Block:
    """One mapping of a file. Ask for each key once; `done` refuses what nobody asked for."""

    reader: Reader
    node: Node
    silent: bool = False
    asked: set[str] = field(default_factory=set)

    @property
    def file(self) -> str:
        return self.node.file

    def line_of(self, key: str) -> int:
        return self.node.key_lines.get(key, self.node.line)

    def wrong(self, key: str, message: str, remedy: str) -> None:
        if not self.silent:
            self.reader.fault(self.file, self.line_of(key), message, remedy)

    def has(self, key: str) -> bool:
        return self.node.get(key) is not None

    def text(self, key: str, default: str | None = None) -> str:
        found = self._take(key, needed=default is None)
        if isinstance(found, str) and found.strip():
            return str(found)
        if found is not None:
            self.wrong(key, f"“{key}”应当是文字", "写明内容；数字和日期要加引号")
        return default or ""

    def choice(self, key: str, choices: frozenset[str], default: str | None = None) -> str:
        """One of the words in `choices`; a missing or wrong one is a fault and reads as "" or the default."""
        found = self.text(key, default)
        if found and found not in choices and found != default:
            self.wrong(key, f"“{key}”不能是“{found}”", f"改为以下之一：{'、'.join(sorted(choices))}")
            return default or ""
        return found

    def day(self, key: str) -> date:
        found = self._take(key, needed=True)
        if _is_day(found):
            return _plain_day(found)
        if found is not None:
            self.wrong(key, f"“{key}”应当是日期", "写成 2024-01-01，不加引号")
        return date.min

    def maybe_day(self, key: str) -> date | None:
        return self.day(key) if self.has(key) else None

    def whole(self, key: str, least: int = 0, most: int = 10_000) -> int:
        found = self._take(key, needed=True)
        if isinstance(found, int) and not isinstance(found, bool):
            if least <= found <= most:
                return int(found)
            self.wrong(key, f"“{key}”为 {found}，超出 {least} 至 {most}", "核对条文后改正")
        elif found is not None:
            self.wrong(key, f"“{key}”应当是整数", "写成数字，不加引号和单位")
        return least

    def maybe_whole(self, key: str, least: int = 0, most: int = 10_000) -> int | None:
        return self.whole(key, least, most) if self.has(key) else None

    def flag(self, key: str) -> bool:
        self.asked.add(key)
        found = self._value(key, False)
        if not isinstance(found, bool):
            self.wrong(key, f"“{key}”应当是 true 或 false", "改正，或删去这一行（视为 false）")
            return False
        return found

    def words(self, key: str, choices: frozenset[str] | None = None) -> tuple[str, ...]:
        """A list of texts, empty when the key is absent."""
        self.asked.add(key)
        found = self._list(key)
        if found is None or not all(isinstance(each, str) for each in found):
            self.wrong(key, f"“{key}”应当是文字的列表", "写成 [甲, 乙]")
            return ()
        for each in found:
            if choices is not None and each not in choices:
                self.wrong(key, f"“{key}”中不能有“{each}”", f"只能用：{'、'.join(sorted(choices))}")
        return tuple(str(each) for each in found if choices is None or each in choices)

    def days(self, key: str) -> tuple[date, ...]:
        self.asked.add(key)
        found = self._list(key)
        if found is None or not all(_is_day(each) for each in found):
            self.wrong(key, f"“{key}”应当是日期的列表", "写成 [2024-02-04, 2024-02-18]")
            return ()
        return tuple(_plain_day(each) for each in found)

    def block(self, key: str) -> "Block":
        """The mapping below a key that must be there."""
        self.asked.add(key)
        found = self.node.get(key)
        if found is not None and found.is_map():
            return Block(self.reader, replace(found, line=self.line_of(key)))
        missing = "缺少" if found is None or found.value is None else "应当是映射："
        self.wrong(key, f"{missing}“{key}”", f"补上“{key}:”并在下一层写明内容")
        return Block(self.reader, Node({}, self.file, self.node.line), silent=True)

    def maybe_block(self, key: str) -> "Block | None":
        return self.block(key) if self.has(key) else None

    def named(self, key: str) -> Iterator[tuple[str, "Block"]]:
        """The mappings below a key, each with its own name."""
        parent = self.block(key).node
        for name, value in parent.items():
            line = parent.key_lines[name]
            if value.is_map():
                yield name, Block(self.reader, replace(value, line=line))
            else:
                self.reader.fault(self.file, line, f"“{name}”应当是映射", "在下一层写明各键")

    def items(self, key: str) -> Iterator["Block"]:
        """The mappings listed below a key that must be there."""
        self.asked.add(key)
        found = self.node.get(key)
        if found is None or not found.is_list() or not found.value:
            self.wrong(key, f"“{key}”应当是不空的列表", "逐项以“- ”开头写明")
            return
        for place, value in enumerate(found.value):
            if value.is_map():
                yield Block(self.reader, value)
            else:
                self.reader.fault(self.file, value.line, f"“{key}”第 {place + 1} 项应当是映射", "写成“- 键: 值”")

    def done(self) -> None:
        """Refuse the keys nobody asked for: a misspelt key must not pass unread."""
        for key in self.node.value:
            if key not in self.asked:
                self.wrong(key, f"不认识的键“{key}”", f"改正拼写；这里可用：{'、'.join(sorted(self.asked))}")

    def _take(self, key: str, *, needed: bool) -> object:
        self.asked.add(key)
        found = self._value(key)
        if found is None and (needed or self.has(key)):
            self.wrong(key, f"缺少“{key}”", f"补上“{key}: …”")
        return found

    def _value(self, key: str, default: object = None) -> object:
        found = self.node.get(key)
        return default if found is None else found.value

    def _list(self, key: str) -> list[object] | None:
        """The values listed below a key, none when it is absent; None where it is no list."""
        found = self.node.get(key)
        if found is None:
            return []
        return [each.value for each in found.value] if found.is_list() else None


def _is_day(found: object) -> bool:
    return isinstance(found, date)


def _plain_day(found: object) -> date:
    if not isinstance(found, date):
        raise TypeError(found)
    return date(found.year, found.month, found.day)
