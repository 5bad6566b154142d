"""Figures for programs: the keys scripts may rely on."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from youwei.organs.models import Organ
from youwei.statistics.counting import Figure
from youwei.statistics.measures import COUNTS
from youwei.statistics.queries import figures, stubs_among
from youwei.statistics.shapes import PIECES

WITHOUT_STUBS = ".open"
"""Suffix of a count of decisions that leaves the stubs out: `decisions.form1.open`."""


def figures_json(organ: Organ, start: date, end: date, *, today: date | None = None) -> dict[str, Any]:
    """`{"measures": {ID: {"title", "value", "numerator", "denominator"}}}`; ids are listed in docs/figures.md.

    Counts of decisions come twice: with the stubs, and under the id with `.open` without them.
    """
    whole = figures(organ, start, end, today=today)
    stubs = stubs_among(whole.ask)
    told = {key: _told(figure) for key, figure in whole.by_id.items()}
    for key, figure in whole.by_id.items():
        if figure.unit == PIECES and key != "decisions.secret":
            told[key + WITHOUT_STUBS] = _told(_without(figure, stubs), "（不含涉密）")
    return {"measures": told}


def _without(figure: Figure, stubs: Mapping[str, int]) -> Figure:
    """A count of decisions less the stubs among them; every decision is one piece, so nothing else moves."""
    number = figure.numerator - stubs.get(figure.id, 0)
    of = None if figure.denominator is None else figure.denominator - stubs.get(_whole(figure.id), 0)
    return replace(figure, value=number, numerator=number, denominator=of)


def _whole(key: str) -> str:
    return COUNTS[key].of if key in COUNTS else "decisions"


def _told(figure: Figure, note: str = "") -> dict[str, Any]:
    return {
        "title": figure.title + note,
        "value": figure.value,
        "numerator": figure.numerator,
        "denominator": figure.denominator,
    }
