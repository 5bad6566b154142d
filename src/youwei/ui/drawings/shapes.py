"""The shapes of a drawing. Coordinates are attributes, looks are classes, so that no inline style is needed."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import ClassVar

BODY = 13.0
SMALL = 12.0


@dataclass(frozen=True)
class Line:
    """A straight line."""

    kind: ClassVar[str] = "line"
    style: str
    x1: float
    y1: float
    x2: float
    y2: float


@dataclass(frozen=True)
class Rect:
    """A box with slightly round corners."""

    kind: ClassVar[str] = "rect"
    style: str
    x: float
    y: float
    width: float
    height: float
    radius: float = 0

    @property
    def right(self) -> float:
        """Where it ends."""
        return self.x + self.width


@dataclass(frozen=True)
class Circle:
    """A dot."""

    kind: ClassVar[str] = "circle"
    style: str
    x: float
    y: float
    radius: float


@dataclass(frozen=True)
class Path:
    """A line of several pieces, or a small figure."""

    kind: ClassVar[str] = "path"
    style: str
    d: str


@dataclass(frozen=True)
class Text:
    """One line of words; ``y`` is the base line."""

    kind: ClassVar[str] = "text"
    style: str
    x: float
    y: float
    text: str


@dataclass(frozen=True)
class Link:
    """Shapes that lead somewhere when clicked; ``label`` is what a screen reader says."""

    kind: ClassVar[str] = "link"
    url: str
    label: str
    shapes: Sequence[Line | Rect | Circle | Path | Text]


Shape = Line | Rect | Circle | Path | Text | Link


@dataclass(frozen=True)
class Drawing:
    """A finished drawing with the same said in words. With links inside it is a group, else an image."""

    id: str
    width: float
    height: float
    title: str
    description: str
    shapes: Sequence[Shape]
    fixed: bool = False

    @property
    def linked(self) -> bool:
        """Some of it can be clicked."""
        return any(isinstance(shape, Link) for shape in self.shapes)


def text_width(text: str, size: float = BODY) -> float:
    """About how wide a text is: 汉字 one em, figures and Latin a little over half, a thin space where the two meet."""
    wide = [unicodedata.east_asian_width(char) in "WFA" for char in text]
    meetings = sum(one != other for one, other in pairwise(wide))
    return size * (sum(1.0 if one else 0.56 for one in wide) + 0.125 * meetings)


def clip_text(text: str, room: float, size: float = BODY) -> str:
    """The text, or as much of it as fits with an ellipsis."""
    if text_width(text, size) <= room:
        return text
    kept = ""
    for char in text:
        if text_width(kept + char + "…", size) > room:
            break
        kept += char
    return kept + "…"


def wrap_text(text: str, room: float, lines: int = 2, size: float = BODY) -> list[str]:
    """The text on at most so many lines; what does not fit ends in an ellipsis."""
    result: list[str] = []
    rest = text
    while rest and len(result) < lines - 1:
        kept = ""
        for char in rest:
            if text_width(kept + char, size) > room:
                break
            kept += char
        kept = kept or rest[0]
        if len(rest) - len(kept) == 1 and rest[len(kept)] in "、，。）：":
            kept += rest[len(kept)]
        result.append(kept)
        rest = rest[len(kept) :]
    if rest:
        result.append(clip_text(rest, room, size))
    return result or [""]


def coordinate(value: float) -> str:
    """A coordinate with at most one decimal, never in a locale's form."""
    return f"{value:.1f}".removesuffix(".0")
