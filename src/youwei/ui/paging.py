"""Fifty rows a page, with a count that stops early when a list is very long."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

PAGE_SIZE = 50
COUNT_CAP = 10_000


class Sliceable(Protocol):
    """A query set or a list."""

    def __getitem__(self, key: slice, /) -> Any: ...


@dataclass(frozen=True)
class Page:
    """One page of a list. ``total`` is capped; ``capped`` says that there are more than that."""

    rows: Sequence[Any]
    number: int
    total: int
    capped: bool
    size: int = PAGE_SIZE
    unit: str = "条"

    @property
    def pages(self) -> int:
        """How many pages there are (as far as counted)."""
        return max(1, -(-self.total // self.size))

    @property
    def has_next(self) -> bool:
        """Another page follows."""
        return self.number < self.pages

    @property
    def has_previous(self) -> bool:
        """A page comes before."""
        return self.number > 1

    @property
    def first(self) -> int:
        """The number of the first row shown."""
        return (self.number - 1) * self.size + 1 if self.rows else 0

    @property
    def total_words(self) -> str:
        """共143条, or 10,000条以上."""
        return f"{self.total:,}{self.unit}以上" if self.capped else f"共{self.total:,}{self.unit}"

    def numbers(self) -> list[int | None]:
        """The page numbers to offer; ``None`` is a gap."""
        wanted = {1, self.pages, *range(self.number - 2, self.number + 3)}
        shown = sorted(n for n in wanted if 1 <= n <= self.pages)
        result: list[int | None] = []
        for n in shown:
            if result and result[-1] is not None and n - result[-1] > 1:
                result.append(None)
            result.append(n)
        return result


def count_capped(things: Sliceable, cap: int = COUNT_CAP) -> tuple[int, bool]:
    """Count up to ``cap``; the second value says that the count stopped there."""
    unordered = getattr(things, "order_by", None)
    if callable(unordered):  # a query set: what is only counted need be neither sorted nor read
        found = int(unordered().values("pk")[: cap + 1].count())
    else:
        found = len(things[: cap + 1])
    return (cap, True) if found > cap else (found, False)


def page_of(things: Sliceable, wanted: str | int | None, size: int = PAGE_SIZE) -> Page:
    """The page asked for; anything that is no page number gives the nearest one."""
    total, capped = count_capped(things)
    last = max(1, -(-total // size))
    text = str(wanted or "1")
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 1
    number = min(max(number, 1), last)
    rows = list(things[(number - 1) * size : number * size])
    return Page(rows=rows, number=number, total=total, capped=capped, size=size)
