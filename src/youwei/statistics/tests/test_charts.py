"""Charts are read by everybody: in words, and with neighbouring colours that greyscale still tells apart."""

import re
from itertools import pairwise
from pathlib import Path

import pytest

from youwei.statistics.charts import in_words

STATIC = Path(__file__).parents[2] / "ui" / "static" / "ui"


def luminance(colour: str) -> float:
    """Relative luminance of #rrggbb, as WCAG has it."""
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrasts(name: str, theme: int) -> list[float]:
    """Of each colour of a list in the script to the next, above 1 where the next is lighter; 0 is the light theme, 1 the dark."""
    drawn = (STATIC / "charts.js").read_text(encoding="utf-8")
    order = re.findall(r'"(--yw-[\w-]+)"', re.search(rf"{name} = \[(.*?)\]", drawn).group(1))  # type: ignore[union-attr]
    tokens = (STATIC / "tokens.css").read_text(encoding="utf-8")
    lights = [luminance(re.findall(rf"{each}: (#\w{{6}})", tokens)[theme]) + 0.05 for each in order]
    assert len(lights) == 4, "one for each of the four forms"
    return [after / before for before, after in pairwise(lights)]


@pytest.mark.parametrize("theme", [0, 1])
def test_series_side_by_side_are_told_apart_in_greyscale(theme: int) -> None:
    assert min(max(step, 1 / step) for step in contrasts("BESIDE", theme)) > 2.5


@pytest.mark.parametrize("theme", [0, 1])
def test_parts_of_a_whole_go_steadily_from_light_to_heavy(theme: int) -> None:
    steps = [1 / step if theme == 0 else step for step in contrasts("STACKED", theme)]
    assert min(steps) > 1.25


@pytest.mark.req("I4")
def test_a_chart_is_told_in_words_from_the_top() -> None:
    series = [{"name": "本期", "data": [0, {"value": 96.4}]}, {"name": "上年同期", "data": [1200, None]}]
    options = {"yAxis": {"data": ["望江区", "青溪区"]}, "series": series}
    assert in_words(options) == "青溪区：本期96.4，上年同期没有数；望江区：本期0，上年同期1,200。"
