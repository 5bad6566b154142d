"""What the address of a page of figures asks for. Whatever is typed there, a page comes of it; a bad date is said in words."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import Http404

from youwei.organs.models import Organ
from youwei.organs.policy import READERS, Reader
from youwei.statistics.asks import FIRMS, ORGANS, REST, TOWNS, Ask, home_of
from youwei.statistics.boards import BOARDS, FIRST_BOARD
from youwei.statistics.queries import ask_for, reachable
from youwei.ui.dates import DateFault, parse_date

PART_NAMES = (ORGANS, TOWNS, FIRMS, REST)
MOST = 200


@dataclass(frozen=True, slots=True)
class Wish:
    """Organ, period and view of a page of figures, as the address says."""

    organ: Organ
    start: date
    end: date
    part: str = ""
    compare: bool = True
    with_secret: bool = True
    board: str = FIRST_BOARD
    opened: str = ""
    measure: str = ""
    row: str = ""
    inside: str = ""
    faults: tuple[str, ...] = ()

    def ask(self, today: date) -> Ask:
        return ask_for(self.organ, self.start, self.end, with_secret=self.with_secret, today=today, part=self.part)

    def address(self, **changes: Any) -> str:
        """The query of the address of this view, with changes; what was opened closes unless it is among them."""
        view = replace(self, **{"opened": self.opened, "measure": "", "row": "", "inside": "", **changes})
        said = {
            "organ": view.organ.pk,
            "part": view.part,
            "from": view.start.isoformat(),
            "to": view.end.isoformat(),
            "compare": "" if view.compare else "no",
            "stubs": "" if view.with_secret else "without",
            "board": "" if view.board == FIRST_BOARD else view.board,
            "open": view.opened,
            "in": view.inside,
            "row": view.row,
            "m": view.measure,
        }
        return urlencode({key: value for key, value in said.items() if value != ""})


def wish(query: Mapping[str, str], reader: Reader) -> Wish:
    """Read an address. An organ that is out of reach is as one that does not exist."""
    organ = home_of(_organ(query, reader))
    start, end, faults = _period(query, reader.on)
    part = query.get("part", "")
    board = query.get("board", "")
    return Wish(
        organ=organ,
        start=start,
        end=end,
        part=part if part in PART_NAMES and organ.kind == Organ.Kind.REGION else "",
        compare=query.get("compare", "") != "no",
        with_secret=query.get("stubs", "") != "without",
        board=board if board in BOARDS else FIRST_BOARD,
        opened=_word(query, "open"),
        measure=_word(query, "m"),
        row=_word(query, "row"),
        inside=_word(query, "in"),
        faults=tuple(faults),
    )


def periods(today: date) -> list[tuple[str, date, date]]:
    """The periods offered with one click."""
    month = today.replace(day=1)
    before = month - timedelta(days=1)
    quarter = today.replace(month=(today.month - 1) // 3 * 3 + 1, day=1)
    return [
        ("本月", month, today),
        ("上月", before.replace(day=1), before),
        ("本季度", quarter, today),
        ("今年", date(today.year, 1, 1), today),
        ("上年", date(today.year - 1, 1, 1), date(today.year - 1, 12, 31)),
    ]


def _word(query: Mapping[str, str], name: str) -> str:
    return "".join(letter for letter in query.get(name, "")[:MOST] if letter.isprintable())


def _organ(query: Mapping[str, str], reader: Reader) -> Organ:
    asked = query.get("organ", "")
    if asked:
        known = asked.isascii() and asked.isdigit() and len(asked) < 16
        organ = reachable(reader).select_related("parent").filter(pk=int(asked)).first() if known else None
        if organ is None:
            raise Http404
        return organ
    held = next((grant.organ for grant in reader.grants if grant.role in READERS), None)
    if held is None:
        raise Http404
    return held


def _period(query: Mapping[str, str], today: date) -> tuple[date, date, list[str]]:
    first, last = date(today.year, 1, 1), today
    faults: list[str] = []
    found: dict[str, date] = {"from": first, "to": last}
    for name, title in (("from", "期间起"), ("to", "期间止")):
        text = _word(query, name).strip()
        if text:
            try:
                found[name] = parse_date(text, today)
            except DateFault as fault:
                faults.append(f"{title}：{fault}")
    if found["from"] > found["to"]:
        faults.append("期间：起日晚于止日；请对调或重填，现在显示今年以来")
    return (first, last, faults) if faults else (found["from"], found["to"], [])
