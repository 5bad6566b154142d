"""The icons a page may use: the names in ``icons.txt``."""

from __future__ import annotations

from functools import cache
from pathlib import Path

LIST = Path(__file__).with_name("icons.txt")


@cache
def known_icons() -> frozenset[str]:
    """The names in the sprite."""
    return frozenset(LIST.read_text(encoding="utf-8").split())
