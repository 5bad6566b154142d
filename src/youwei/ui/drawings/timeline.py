"""The time line: bars of periods and marks of acts, a line for today, a flag for the day that answers the question.

``draw_wide`` is for the desk (about 1,078 px of page), ``draw_narrow`` for phones and paper.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from youwei.ui.drawings.shapes import BODY, SMALL, Circle, Drawing, Line, Path, Rect, Shape, Text, text_width, wrap_text
from youwei.ui.drawings.timeline_model import DAY, Bar, Flag, Mark, Row, Scale, Timeline, describe, scale_of

__all__ = ["Bar", "Flag", "Mark", "Row", "Timeline", "draw_narrow", "draw_wide"]

WIDE, LABEL_ROOM = 1078.0, 150.0
NARROW = 360.0
PITCH, BAR, LANE = 33.0, 18.0, 16.0
TICK_ROOM = 72.0
GAP = 8.0
BAR_STYLES = {"ended": "b-ended", "next": "b-next", "unsettled": "b-unsettled", "run": "b-rest"}
MARK_STYLES = {"done": ("m-done", 5.5, "t-s"), "open": ("m-open", 5.5, "t-red"), "next": ("m-next", 5.0, "t-s")}


def draw_wide(timeline: Timeline) -> Drawing:
    """Rows with their names at the left, words beside the bars wherever they fit."""
    scale = scale_of(timeline, LABEL_ROOM, WIDE - 10)
    heads, top = _heads(timeline, scale)
    body: list[Shape] = []
    y = top + 34 + 24
    for row in timeline.rows:
        shapes, height = _wide_row(row, timeline, scale, y)
        body.extend(shapes)
        y += height
    bottom = y - 8
    shapes = [*_axis(scale, top + 34, bottom), *body, *_verticals(timeline, scale, top, bottom), *heads]
    return Drawing(f"{timeline.id}-wide", WIDE, bottom + 4, timeline.title, describe(timeline), shapes)


def _axis(scale: Scale, y: float, bottom: float) -> list[Shape]:
    """The base line, the months and the thin verticals."""
    shapes: list[Shape] = [Line("ax-b", scale.left - LABEL_ROOM if scale.left > 20 else 0, y, scale.right, y)]
    for day, words in scale.ticks(TICK_ROOM):
        x = scale.at(day)
        shapes.append(Line("ax", x, y, x, bottom))
        if x + 4 + text_width(words, SMALL) <= scale.right:
            shapes.append(Text("t-s", x + 4, y - 6, words))
    return shapes


def _heads(timeline: Timeline, scale: Scale) -> tuple[list[Shape], float]:
    """The words over the line of today and over the flag, moved apart when they would touch."""
    x = scale.at(timeline.today)
    width = text_width(timeline.now)
    left = x - 6 - width >= 0
    today_room = (x - 6 - width, x) if left else (x, x + 6 + width)
    today = Text("t-red t-e" if left else "t-red", x - 6 if left else x + 6, 14, timeline.now)
    flag = timeline.flag
    if flag is None:
        return [today], 0
    at, width = scale.at(flag.on), text_width(flag.label)
    rooms = [((at - 6 - width, at + 12), "t-b t-e", at - 6), ((at, at + 16 + width), "t-b", at + 16)]
    fitting = [room for room in rooms if room[0][0] >= 0 and room[0][1] <= WIDE]
    free = [room for room in fitting if room[0][1] < today_room[0] or room[0][0] > today_room[1]]
    if free:
        _, style, place = free[0]
        return [today, Text(style, place, 14, flag.label)], 0
    _, style, place = (fitting or rooms)[0]
    lowered = Text(today.style, today.x, 14 + LANE, timeline.now)
    return [lowered, Text(style, place, 14, flag.label)], LANE


def _verticals(timeline: Timeline, scale: Scale, top: float, bottom: float) -> list[Shape]:
    """The line of today and the pole of the flag."""
    x = scale.at(timeline.today)
    shapes: list[Shape] = [Line("now", x, top + 4, x, bottom)]
    if timeline.flag:
        at = scale.at(timeline.flag.on)
        shapes.append(Line("flag-l", at, 4, at, bottom))
        shapes.append(Path("flag", f"M{at:.1f} 3h11l-3 5 3 5h-11z"))
    return shapes


@dataclass
class _Room:
    """The taken stretches of one row, in two lanes: beside the bar, and under it."""

    right: float
    taken: list[list[tuple[float, float]]] = field(default_factory=lambda: [[], []])

    def take(self, lane: int, start: float, end: float) -> None:
        self.taken[lane].append((start, end))

    def free(self, lane: int, start: float, end: float) -> bool:
        inside = start >= LABEL_ROOM - 4 and end <= self.right
        return inside and all(end <= a or start >= b for a, b in self.taken[lane])

    def place(self, left: float, right: float, width: float) -> tuple[int, float]:
        """A lane and a start for words of this width that belong to the stretch from left to right."""
        for lane, start in ((0, right + GAP), (0, left - GAP - width), (1, left), (1, right - width)):
            if self.free(lane, start, start + width):
                self.take(lane, start, start + width)
                return lane, start
        return 1, max(LABEL_ROOM, min(left, self.right - width))

    @property
    def height(self) -> float:
        return PITCH + (LANE - 4 if self.taken[1] else 0)


def _wide_row(row: Row, timeline: Timeline, scale: Scale, y: float) -> tuple[list[Shape], float]:
    """One row around the middle line ``y``, and how high it is."""
    room = _Room(WIDE)
    label = wrap_text(row.label, LABEL_ROOM - 14, lines=2)
    first = y + 4 - (7 if len(label) > 1 else 0)
    shapes: list[Shape] = [Text("t-b", 0, first + 15 * n, part) for n, part in enumerate(label)]
    if row.span:
        shapes.extend(_span(row.span, timeline, scale, y))
        room.take(0, scale.at(row.span[0]), scale.at(row.span[1]))
    for bar in row.bars:
        room.take(0, scale.at(bar.start) - 2, scale.at(bar.last_day + DAY) + 2)
    for mark in row.marks:
        room.take(0, scale.at(mark.on) - 8, scale.at(mark.on) + 8)
    for bar in row.bars:
        shapes.extend(_wide_bar(bar, timeline, scale, y, room))
    for mark in row.marks:
        shapes.extend(_wide_mark(mark, scale, y, room))
    return shapes, room.height


def _bar_boxes(bar: Bar, timeline: Timeline, scale: Scale, y: float, height: float) -> list[Rect]:
    """The whole period, and over it what has passed."""
    state = bar.state_on(timeline.today)
    start, end = scale.at(bar.start), scale.at(bar.last_day + DAY)
    boxes = [Rect(BAR_STYLES.get(state, "b-rest"), start, y, end - start, height, 2)]
    if state == "run":
        passed = min(max(scale.at(timeline.today), start), end)
        boxes.append(Rect("b-past", start, y, passed - start, height, 2))
    return boxes


def _wide_bar(bar: Bar, timeline: Timeline, scale: Scale, y: float, room: _Room) -> list[Shape]:
    """A bar with the elapsed time inside and its note inside, beside or under it."""
    boxes = _bar_boxes(bar, timeline, scale, y - BAR / 2, BAR)
    shapes: list[Shape] = list(boxes)
    running = len(boxes) == 2
    elapsed = bar.elapsed(timeline.today)
    if running and boxes[1].width >= text_width(elapsed, SMALL) + 2 * GAP:
        shapes.append(Text("t-sm t-on", boxes[1].x + GAP, y + 4, elapsed))
    if not bar.note:
        return shapes
    inside = boxes[1].right if running else boxes[0].x
    width = text_width(bar.note, SMALL)
    style = "t-sm t-blue" if running else "t-sm t-2"
    if boxes[0].right - inside >= width + 2 * GAP:
        shapes.append(Text(style, inside + GAP, y + 4, bar.note))
        return shapes
    lane, x = room.place(boxes[0].x, boxes[0].right, width)
    shapes.append(Text(f"{style} t-halo", x, y + 4 + lane * 19, bar.note))
    return shapes


def _wide_mark(mark: Mark, scale: Scale, y: float, room: _Room) -> list[Shape]:
    """A dot with its words."""
    x = scale.at(mark.on)
    dot, radius, style = MARK_STYLES.get(mark.state, MARK_STYLES["next"])
    size = BODY if mark.state == "open" else SMALL
    lane, start = room.place(x - 4, x + 4, text_width(mark.label, size))
    return [Circle(dot, x, y, radius), Text(f"{style} t-halo", start, y + 4 + lane * 16, mark.label)]


def _span(span: tuple[date, date], timeline: Timeline, scale: Scale, y: float) -> list[Shape]:
    """A thin line, whole until today, dotted after."""
    start, end = span
    left, right = scale.at(start), scale.at(end)
    now = min(max(scale.at(timeline.today), left), right)
    return [Line("b-mentor", left, y, now, y), Line("b-mentor-next", now, y, right, y)]


def draw_narrow(timeline: Timeline) -> Drawing:
    """Every period under its own words, so that it can be read at the width of a phone or half a sheet."""
    scale = scale_of(timeline, 0, NARROW)
    shapes: list[Shape] = []
    y = 14.0
    for style, words in _narrow_heads(timeline):
        for part in wrap_text(words, NARROW, lines=2):
            shapes.append(Text(style, 0, y, part))
            y += 18
    axis = y + 14
    y = axis + 24
    body: list[Shape] = []
    for row in timeline.rows:
        added, y = _narrow_row(row, timeline, scale, y)
        body.extend(added)
    bottom = y - 10
    verticals = _verticals(timeline, scale, axis - 12, bottom)
    kept = [shape for shape in verticals if not isinstance(shape, Path)]
    lines: list[Shape] = [Line(s.style, s.x1, axis - 8, s.x2, bottom) for s in kept if isinstance(s, Line)]
    shapes = [*shapes, *_axis(scale, axis, bottom), *lines, *body]
    return Drawing(f"{timeline.id}-narrow", NARROW, bottom + 6, timeline.title, describe(timeline), shapes)


def _narrow_heads(timeline: Timeline) -> list[tuple[str, str]]:
    """Today and the flag, as sentences over the drawing."""
    today = timeline.today
    heads = [("t-red", f"红线：{timeline.now}，{today.year}年{today.month}月{today.day}日")]
    if timeline.flag:
        heads.append(("t-b", f"虚线：{timeline.flag.label}"))
    return heads


def _narrow_row(row: Row, timeline: Timeline, scale: Scale, y: float) -> tuple[list[Shape], float]:
    """The words first, the bar or the dots under them, then the words of the dots."""
    shapes: list[Shape] = []
    for bar in row.bars:
        words = bar.label if len(row.bars) > 1 else row.label
        shapes.append(Text("t-b t-halo", 0, y, words))
        y += 8
        shapes.extend(_bar_boxes(bar, timeline, scale, y, 12))
        y += 28
        passed = bar.elapsed(timeline.today) if bar.state_on(timeline.today) == "run" else ""
        for part in wrap_text("，".join(filter(None, (passed, bar.note))), NARROW, lines=3, size=SMALL):
            if part:
                shapes.append(Text("t-s t-halo", 0, y, part))
                y += 17
        y += 10
    if row.marks:
        shapes.extend([] if row.bars else [Text("t-b t-halo", 0, y, row.label)])
        y += 14 if not row.bars else 0
        if row.span:
            shapes.extend(_span(row.span, timeline, scale, y))
        for mark in row.marks:
            dot, radius, _ = MARK_STYLES.get(mark.state, MARK_STYLES["next"])
            shapes.append(Circle(dot, scale.at(mark.on), y, radius))
        y += 22
        for mark in row.marks:
            style = "t-red t-halo" if mark.state == "open" else "t-s t-halo"
            shapes.append(Text(style, 0, y, mark.label))
            y += 17
        y += 10
    return shapes, y
