"""Figures for programs: the keys scripts may rely on."""

from datetime import date
from typing import Any

from youwei.organs.models import Organ
from youwei.statistics.counting import Figure
from youwei.statistics.measures import COUNTS
from youwei.statistics.queries import figures
from youwei.statistics.shapes import PIECES

WITHOUT_STUBS = ".open"
"""Suffix of a count of decisions that leaves the stubs out: `decisions.form1.open`."""


def figures_json(organ: Organ, start: date, end: date, *, today: date | None = None) -> dict[str, Any]:
    """`{"measures": {ID: {"title", "value", "numerator", "denominator"}}}`; ids are listed in docs/figures.md.

    Counts of decisions come twice: with the stubs, and under the id with `.open` without them.
    """
    whole = figures(organ, start, end, today=today)
    bare = figures(organ, start, end, with_secret=False, today=today, unit=PIECES)
    told = {key: _told(figure) for key, figure in whole.by_id.items()}
    for key, figure in whole.by_id.items():
        if figure.unit == PIECES and key != "decisions.secret":
            of = figure.denominator if figure.denominator is None else bare.by_id[_whole(key)].numerator
            told[key + WITHOUT_STUBS] = _told(
                bare.by_id.get(key, Figure(key, figure.title, figure.unit, 0, 0, of)), "（不含涉密）"
            )
    return {"measures": told}


def _whole(key: str) -> str:
    return COUNTS[key].of if key in COUNTS else "decisions"


def _told(figure: Figure, note: str = "") -> dict[str, Any]:
    return {
        "title": figure.title + note,
        "value": figure.value,
        "numerator": figure.numerator,
        "denominator": figure.denominator,
    }
