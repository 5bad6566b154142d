"""Which case led to which, drawn: a column for each link of the chain, a box for each case. Pure; it is given only what the reader may see."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from urllib.parse import urlencode

from django.urls import reverse

from youwei.cases.models import Case, ChainLink
from youwei.ui.drawings.procedure_map import Box, Edge, ProcedureMap, Stage
from youwei.ui.words import cn_date

COLUMNS = ("最先", "其后", "再后")
Pairs = Collection[tuple[int, int]]


def connected(pairs: Pairs, start: int) -> frozenset[int]:
    """Every case that a chain joins to one, itself among them."""
    found, rest = {start}, {start}
    while rest:
        rest = {other for pair in pairs for other in pair if rest & set(pair)} - found
        found |= rest
    return frozenset(found)


def depths(pairs: Pairs) -> dict[int, int]:
    """How far each case stands behind the first of its chain: the longest way to it. A ring, which cannot be, is cut."""
    above: dict[int, set[int]] = {}
    for parent, child in pairs:
        above.setdefault(child, set()).add(parent)
        above.setdefault(parent, set())
    found: dict[int, int] = {}
    while len(found) < len(above):
        ready = [key for key in above if key not in found and above[key] <= found.keys()]
        for key in ready or [min(above.keys() - found.keys())]:
            found[key] = 1 + max((found[parent] for parent in above[key] if parent in found), default=-1)
    return found


def chain_map(
    cases: Mapping[int, Case],
    pairs: Pairs,
    offered: Iterable[ChainLink] = (),
    *,
    day: date,
    here: int = 0,
    past: bool = False,
) -> ProcedureMap | None:
    """The chains among these cases, or with `here` the one this case stands in; None when it stands in none. Pairs are parent and child."""
    known = [(parent, child) for parent, child in pairs if parent in cases and child in cases]
    joined = connected(known, here) if here else frozenset(key for pair in known for key in pair)
    links = [pair for pair in known if set(pair) <= joined]
    waiting = [link for link in offered if link.child_id is None and link.parent_id in (joined or {here})]
    place = depths(links) or dict.fromkeys(joined, 0)
    boxes = [
        _box(cases[key], place[key], day, here, past=past) for key in sorted(place, key=lambda key: (place[key], key))
    ]
    boxes += [
        Box(
            f"offer-{link.pk}",
            str(place[link.parent_id] + 1),
            link.title,
            note="等待承办机关确认是否启动",
            words="待确认",
        )
        for link in waiting
        if link.parent_id in place
    ]
    edges = [Edge(str(parent), str(child)) for parent, child in links]
    edges += [Edge(str(link.parent_id), f"offer-{link.pk}") for link in waiting if link.parent_id in place]
    if not edges:
        return None
    columns = sorted({int(box.stage) for box in boxes})
    stages = [Stage(str(each), COLUMNS[min(each, len(COLUMNS) - 1)], _column(boxes, each)) for each in columns]
    return ProcedureMap(stages, boxes, edges, "前后事项图", "chain", ("环", "件事项"))


def _column(boxes: Iterable[Box], column: int) -> str:
    states = {box.state for box in boxes if box.stage == str(column)}
    return "now" if "now" in states else "done" if states <= {"done", "skip"} else "next"


def _box(case: Case, depth: int, day: date, here: int, *, past: bool) -> Box:
    over = case.ended_on is not None and case.ended_on <= day
    ended = (
        f"{cn_date(case.ended_on)}{case.outcome_title or case.get_state_display()}"
        if over and case.ended_on
        else "在办"
    )
    state = (
        ("skip" if case.state == Case.State.TERMINATED else "done") if over else "now" if case.pk == here else "next"
    )
    words = case.get_state_display() if over else "在办"
    note = f"本事项 · {ended}" if case.pk == here else ended
    url = reverse("case", args=[case.pk]) + (f"?{urlencode({'on': day.isoformat()})}" if past else "")
    return Box(
        str(case.pk), str(depth), case.title, note=note, state=state, url="" if case.pk == here else url, words=words
    )
