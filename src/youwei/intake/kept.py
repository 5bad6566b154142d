"""The upload as it is kept: cells as text, rows of state secrets already reduced, compressed; read again when columns are matched anew."""

import json
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from youwei.intake.columns import Column, Header, match_columns
from youwei.intake.parse import SAMPLE, STUB, Row, RowReader
from youwei.intake.reading import Rules

LEVEL = 6
_JSON = json.JSONEncoder(ensure_ascii=False, check_circular=False, separators=(",", ":"))
_FEED = 1 << 16


@dataclass
class Keeper:
    """Takes rows one by one and holds them compressed, so that a long ledger needs little memory."""

    header: Header
    sheet: str
    parts: list[bytes] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._packer = zlib.compressobj(LEVEL)
        head = {
            "row": self.header.row,
            "depth": self.header.depth,
            "texts": self.header.texts,
            "parents": self.header.parents,
            "sheet": self.sheet,
        }
        self._add(head)

    def _add(self, line: Any) -> None:
        self.parts.append(self._packer.compress(_JSON.encode(line).encode() + b"\n"))

    def take(self, row: Row) -> None:
        """Keep one row: the cells of a data row; of a stub its reduced values only."""
        self._add({"n": row.number, "stub": row.to_json()} if row.kind == STUB else {"n": row.number, "c": row.cells})

    def close(self) -> bytes:
        return b"".join([*self.parts, self._packer.flush()])


@dataclass(frozen=True)
class Kept:
    """An upload read back: its header, and its lines, unpacked as they are asked for."""

    header: Header
    sheet: str
    packed: bytes = field(repr=False)

    def lines(self) -> Iterator[tuple[int, Sequence[str] | Row]]:
        """Each line with its number in the sheet: the cells of a data row, or a ready stub."""
        for line in islice(_unpacked(self.packed), 1, None):
            held = json.loads(line)
            yield held["n"], Row.from_json(held["stub"]) if "stub" in held else tuple(held["c"])

    def cells(self) -> Iterator[Sequence[str]]:
        return (line for _, line in self.lines() if not isinstance(line, Row))


def read_kept(packed: bytes) -> Kept:
    """Read back what `Keeper.close` gave."""
    head = json.loads(next(_unpacked(packed)))
    header = Header(head["row"], head["depth"], tuple(head["texts"]), tuple(head["parents"]))
    return Kept(header, head["sheet"], packed)


def _unpacked(packed: bytes) -> Iterator[bytes]:
    """The lines of a kept upload, a little at a time."""
    unpacker = zlib.decompressobj()
    rest = b""
    for at in range(0, len(packed), _FEED):
        *whole, rest = (rest + unpacker.decompress(packed[at : at + _FEED])).split(b"\n")
        yield from whole


@dataclass
class Reread:
    """A kept upload with its columns matched anew; rows come one by one."""

    columns: tuple[Column, ...]
    kept: Kept
    rules: Rules

    def rows(self) -> Iterator[Row]:
        reader = RowReader(self.columns, self.rules)
        for number, line in self.kept.lines():
            row = line if isinstance(line, Row) else reader.read(number, line)
            if isinstance(row, Row):
                yield row


def reread(
    kept: Kept, rules: Rules, *, mapping: Mapping[str, str] | None = None, remembered: Mapping[str, str] | None = None
) -> Reread:
    """Match the columns of a kept upload again, with what was chosen by hand."""
    samples = list(islice(kept.cells(), SAMPLE))
    return Reread(match_columns(kept.header, samples, mapping, remembered), kept, rules)
