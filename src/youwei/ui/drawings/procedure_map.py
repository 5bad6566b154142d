"""A procedure as a map: a column for each stage, a box for each step, lines for the order, dashed lines for ways back.

Lines that are not to the next box run in the gutters between the columns and in channels over and under them, so that
no line crosses a box. ``map_list`` (the template) says the same as a list.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from youwei.ui.drawings.shapes import SMALL, Circle, Drawing, Link, Path, Rect, Shape, Text, clip_text, wrap_text

COLUMNS_ACROSS = 6
PAGE = 1078.0
COLUMN_LEAST, GUTTER = 168.0, 22.0
HEAD, FIRST = 36.0, 48.0
BOX, BOX_LINE, BOX_GAP, CONDITION = 46.0, 15.0, 15.0, 16.0
CHANNEL = 18.0
STATE_WORDS = {"done": "已办", "now": "当前", "next": "未到", "skip": "不适用"}


@dataclass(frozen=True)
class Stage:
    """A column. State: done, now or next; ``note`` stands at its right, such as 2/4."""

    id: str
    title: str
    state: str = "next"
    note: str = ""


@dataclass(frozen=True)
class Box:
    """A step. State: done, now, next or skip; ``condition`` stands over the box when it is on a branch."""

    id: str
    stage: str
    title: str
    note: str = ""
    state: str = "next"
    url: str = ""
    condition: str = ""
    words: str = ""  # the state in words, where it is called otherwise

    @property
    def state_words(self) -> str:
        """The state in words."""
        return self.words or STATE_WORDS.get(self.state, STATE_WORDS["next"])


@dataclass(frozen=True)
class Edge:
    """From one step to the next one, or (``back``) the way back."""

    source: str
    target: str
    label: str = ""
    back: bool = False


@dataclass(frozen=True)
class ProcedureMap:
    """A whole map. Edges to boxes that are not drawn are left out."""

    stages: Sequence[Stage]
    boxes: Sequence[Box]
    edges: Sequence[Edge]
    title: str
    id: str = "map"
    words: tuple[str, str] = ("个阶段", "个环节")  # what is counted in the description: columns and boxes

    def rows(self) -> list[tuple[Stage, list[Box]]]:
        """The boxes of each stage, in their order."""
        return [(stage, [box for box in self.boxes if box.stage == stage.id]) for stage in self.stages]

    def backs(self) -> list[tuple[Box, Box, str]]:
        """The ways back, as boxes, with their words."""
        found = {box.id: box for box in self.boxes}
        return [
            (found[edge.source], found[edge.target], edge.label)
            for edge in self.edges
            if edge.back and edge.source in found and edge.target in found
        ]


@dataclass
class _Place:
    """Where a box stands."""

    column: int
    band: int
    order: int
    x: float
    y: float
    width: float
    height: float
    state: str

    @property
    def middle(self) -> float:
        return self.y + 23

    @property
    def right(self) -> float:
        return self.x + self.width

    @property
    def foot(self) -> float:
        return self.y + self.height


@dataclass
class _Layout:
    """All places, and the tops and feet of the bands (rows of columns)."""

    width: float
    column: float
    across: int
    places: dict[str, _Place] = field(default_factory=dict)
    tops: list[float] = field(default_factory=list)
    feet: list[float] = field(default_factory=list)
    shapes: list[Shape] = field(default_factory=list)

    def left(self, column: int) -> float:
        """Where a column begins."""
        return 4 + (column % self.across) * (self.column + 6)

    def gutter(self, column: int) -> float:
        """The middle of the free strip right of a column's boxes."""
        return self.left(column) + self.column - 4.5


def draw(value: ProcedureMap) -> Drawing:
    """The map as a drawing. More than six stages go on in a second band of columns."""
    rows = value.rows()
    bands = max(1, -(-len(rows) // COLUMNS_ACROSS))
    across = max(1, -(-len(rows) // bands))
    column = max((PAGE - 4) / across - 6, COLUMN_LEAST)
    layout = _Layout(4 + across * (column + 6), min(column, 300.0), across)
    backs = _backs_by_band(value, rows, across)
    top = 2.0
    for band in range(bands):
        top = _band(layout, rows[band * across : (band + 1) * across], band, top, backs[band])
    drawn = [*layout.shapes, *_edges(layout, value), *_backs(layout, value), *_boxes(layout, value)]
    now = [f"{box.title}" for box in value.boxes if box.state == "now"]
    description = f"共{len(rows)}{value.words[0]}、{len(value.boxes)}{value.words[1]}；当前：{'、'.join(now) or '无'}。"
    return Drawing(value.id, layout.width, top - 10, value.title, description, drawn)


def _backs_by_band(value: ProcedureMap, rows: Sequence[tuple[Stage, list[Box]]], across: int) -> list[int]:
    """How many ways back need a channel under each band."""
    band_of = {box.id: number // across for number, (_, boxes) in enumerate(rows) for box in boxes}
    counts = [0] * (max(band_of.values(), default=0) + 1 + len(rows))
    for source, target, _ in value.backs():
        counts[max(band_of[source.id], band_of[target.id])] += 1
    return counts


def _band(layout: _Layout, rows: Sequence[tuple[Stage, list[Box]]], band: int, top: float, backs: int) -> float:
    """One row of columns; returns where the next one begins."""
    foot = top + FIRST + BOX
    for number, (_, boxes) in enumerate(rows):
        column = band * layout.across + number
        y = top + FIRST
        for order, box in enumerate(boxes):
            y += CONDITION if box.condition else 0
            width = layout.column - 16 - GUTTER / 2
            height = BOX + BOX_LINE * (len(_title(box, width)) - 1)
            layout.places[box.id] = _Place(
                column, band, order, layout.left(column) + 12, y, width, height, _state(box.state)
            )
            y += height + BOX_GAP
        foot = max(foot, y - BOX_GAP)
    bottom = foot + 14 + backs * CHANNEL
    layout.tops.append(top)
    layout.feet.append(foot)
    for number, (stage, _) in enumerate(rows):
        layout.shapes.extend(_column(layout, stage, layout.left(band * layout.across + number), top, bottom))
    return bottom + 12


def _column(layout: _Layout, stage: Stage, x: float, top: float, bottom: float) -> list[Shape]:
    """The ground and the head of a stage."""
    state = stage.state if stage.state in ("done", "now") else "next"
    words = "t-red" if state == "now" else "t-2 t-b"
    room = layout.column - 20 - (len(stage.note) * 8 + 10 if stage.note else 0)
    return [
        Rect(f"yw-map-stage is-{state}", x, top, layout.column, bottom - top),
        Path(f"yw-map-top is-{state}", f"M{x:.1f} {top:.1f}h{layout.column:.1f}"),
        Text(words, x + 8, top + 24, clip_text(stage.title, room)),
        *([Text("t-s t-e", x + layout.column - 8, top + 24, stage.note)] if stage.note else []),
    ]


def _state(state: str) -> str:
    return state if state in STATE_WORDS else "next"


def _title(box: Box, width: float) -> list[str]:
    return wrap_text(box.title, width - 38, lines=2)


def _boxes(layout: _Layout, value: ProcedureMap) -> list[Shape]:
    """The boxes with their marks and words; those with an address are links."""
    shapes: list[Shape] = []
    for box in value.boxes:
        place = layout.places.get(box.id)
        if place is None:
            continue
        if box.condition:
            words = clip_text(box.condition, place.width - 26, SMALL)
            shapes.append(Text("t-s t-halo", place.x + 26, place.y - 6, words))
        parts = _box(box, place)
        label = "，".join(filter(None, (box.title, box.state_words, box.note)))
        shapes.extend([Link(box.url, label, parts)] if box.url else parts)
    return shapes


def _box(box: Box, place: _Place) -> list[Rect | Circle | Path | Text]:
    """The parts of one box."""
    x, y, state = place.x + 17, place.y + 17, place.state
    lines = _title(box, place.width)
    colour = {"now": "t-b t-red", "done": "t-b", "skip": "t-s"}.get(state, "t-b t-2")
    dot = {"done": "yw-map-dot", "now": "yw-map-dot is-now", "skip": "yw-map-dot is-skip"}
    parts: list[Rect | Circle | Path | Text] = [
        Rect(f"yw-map-box is-{state}", place.x, place.y, place.width, place.height, 4),
        Circle(dot.get(state, "yw-map-dot is-next"), x, y, 7 if state in ("done", "now") else 6.5),
    ]
    if state == "done":
        parts.append(Path("yw-map-tick", f"M{x - 3.2:.1f} {y:.1f}l2.4 2.5 4.2-4.8"))
    if state == "now":
        parts.append(Circle("m-core", x, y, 2.6))
    parts.extend(Text(colour, place.x + 30, y + 4.5 + n * BOX_LINE, line) for n, line in enumerate(lines))
    if box.note:
        parts.append(Text("t-s", place.x + 30, place.foot - 9, clip_text(box.note, place.width - 36, SMALL)))
    return parts


def _edge_state(source: _Place, target: _Place) -> str:
    """Green once the way was gone, dashed while the target is to come."""
    if "skip" in (source.state, target.state):
        return "skip"
    return "done" if source.state == "done" and target.state in ("done", "now") else "next"


def _edges(layout: _Layout, value: ProcedureMap) -> list[Shape]:
    """The order: straight down to the next box, through a gutter to the next column, over the heads to a farther one."""
    shapes: list[Shape] = []
    for edge in value.edges:
        source, target = layout.places.get(edge.source), layout.places.get(edge.target)
        if edge.back or source is None or target is None:
            continue
        state = _edge_state(source, target)
        d, down = _route(layout, source, target)
        shapes.append(Path(f"yw-map-edge is-{state}", d))
        tip = "yw-map-tip is-done" if state == "done" else "yw-map-tip"
        shapes.append(_tip_down(tip, target) if down else _tip_right(tip, target))
    return shapes


def _tip_down(style: str, target: _Place) -> Path:
    return Path(style, f"M{target.x + 13.5:.1f} {target.y - 6:.1f}h7l-3.5 6z")


def _tip_right(style: str, target: _Place) -> Path:
    return Path(style, f"M{target.x - 6.5:.1f} {target.middle - 3.5:.1f}v7l6.5-3.5z")


def _route(layout: _Layout, source: _Place, target: _Place) -> tuple[str, bool]:
    """The line from one box to another, and whether it arrives from above."""
    if source.column == target.column and target.order == source.order + 1:
        return f"M{source.x + 17:.1f} {source.foot:.1f}V{target.y - 5:.1f}", True
    end = f"V{target.middle:.1f}H{target.x - 6:.1f}"
    if source.column == target.column:
        side = source.x - 6
        return f"M{source.x:.1f} {source.middle + 8:.1f}H{side:.1f}{end}", False
    gutter = layout.gutter(source.column)
    start = f"M{source.right:.1f} {source.middle:.1f}H{gutter:.1f}"
    if source.band == target.band and target.column == source.column + 1:
        return start + end, False
    before = layout.gutter(target.column - 1) if target.column % layout.across else 2.0
    if source.band == target.band:
        return f"{start}V{layout.tops[source.band] + HEAD + 2:.1f}H{before:.1f}{end}", False
    under = layout.tops[target.band] - 6
    return f"{start}V{under:.1f}H{before:.1f}{end}", False


def _backs(layout: _Layout, value: ProcedureMap) -> list[Shape]:
    """The ways back: within a stage in its gutter, else in a channel of their own under the band."""
    shapes: list[Shape] = []
    used: dict[int, int] = {}
    for source_box, target_box, label in value.backs():
        source, target = layout.places[source_box.id], layout.places[target_box.id]
        out, into = source.middle + 10, target.middle + 12
        right, left = layout.gutter(source.column) + 1.5, layout.gutter(target.column) + 1.5
        if source.column == target.column:
            d = f"M{source.right:.1f} {out:.1f}H{right:.1f}V{into:.1f}H{target.right + 6:.1f}"
        else:
            band = max(source.band, target.band)
            used[band] = used.get(band, 0) + 1
            y = layout.feet[band] + used[band] * CHANNEL - 2
            d = f"M{source.right:.1f} {out:.1f}H{right:.1f}V{y:.1f}H{left:.1f}V{into:.1f}H{target.right + 6:.1f}"
            if label:
                room = abs(right - left) - 16
                words = clip_text(label, max(room, layout.column - 20), SMALL)
                shapes.append(Text("t-s t-m t-halo", (left + right) / 2, y - 4, words))
        shapes.insert(0, Path("yw-map-edge is-next", d))
        shapes.insert(1, Path("yw-map-tip", f"M{target.right + 6.5:.1f} {into - 3.5:.1f}v7l-6.5-3.5z"))
    return shapes
