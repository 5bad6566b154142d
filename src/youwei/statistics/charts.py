"""What is drawn beside a table: the same figures, as ECharts options without colours. Bars start at zero; where the axis is cut there are dots."""

from collections.abc import Mapping
from typing import Any

from youwei.statistics.boards import FORM_COLUMNS
from youwei.statistics.counting import Figure
from youwei.statistics.measures import FORM_TITLES
from youwei.statistics.queries import Figures
from youwei.statistics.shapes import PERCENT
from youwei.statistics.sheets import Sheet, title_of

NOW, BEFORE = "本期", "上年同期"


def by_organ(sheet: Sheet) -> dict[str, Any]:
    """The leading column of every line: dots for rates, bars for counts; the best at the top."""
    rows = sorted(sheet.rows, key=lambda row: (row.now[sheet.spec.lead].value or 0, row.title))
    is_rate = sheet.whole.now[sheet.spec.lead].unit == PERCENT
    shape: dict[str, Any] = {"type": "scatter", "symbolSize": 10} if is_rate else {"type": "bar", "barMaxWidth": 14}
    now = [row.now[sheet.spec.lead].value for row in rows]
    before = [row.before[sheet.spec.lead].value for row in rows] if sheet.compare else []
    label = {"show": True, "position": "right", "fontSize": 12}
    drawn = [_labelled(value) for value in now] if is_rate else now
    series = [{"name": NOW, **shape, "data": drawn, "label": label}]
    if sheet.compare:
        hollow = {"symbol": "emptyCircle"} if is_rate else {}
        series.append({"name": BEFORE, **shape, **hollow, "data": before})
    floor = _floor([value for value in (*now, *before) if value is not None]) if is_rate else 0
    axis = {"type": "value", "min": floor, **({"max": 100, "axisLabel": {"formatter": "{value}%"}} if is_rate else {})}
    names = {"type": "category", "data": [row.title for row in rows]}
    return {"legend": {}, "tooltip": {}, "xAxis": axis, "yAxis": names, "series": series}


def _labelled(value: float | None) -> dict[str, Any] | None:
    """A rate with one decimal beside its dot; nothing where there is no rate."""
    return None if value is None else {"value": value, "label": {"formatter": f"{value:.1f}"}}


def chart_title(sheet: Sheet) -> str:
    words = f"{title_of(sheet.spec.lead)}，与上年同期" if sheet.compare else title_of(sheet.spec.lead)
    return words if len(sheet.rows) > 1 else ""


def four_forms(now: Figures, before: Mapping[str, Figure] | None) -> dict[str, Any]:
    """The shares of the four forms as one bar that is the whole, now and a year before."""
    periods: list[tuple[str, Mapping[str, Figure]]] = [(NOW, now.by_id), *([(BEFORE, before)] if before else [])]
    periods.reverse()
    series = []
    for form, column in zip(FORM_TITLES, FORM_COLUMNS, strict=True):
        shares = [figures[f"share.form{form}"].value or 0 for _, figures in periods]
        data = [{"value": share, "label": {"show": share >= 16}} for share in shares]
        label = {"formatter": "{c}%", "position": "inside", "fontSize": 12}
        series.append(
            {
                "name": title_of(column).removesuffix("（件）"),
                "type": "bar",
                "stack": "forms",
                "barMaxWidth": 20,
                "data": data,
                "label": label,
            }
        )
    names = {"type": "category", "data": [name for name, _ in periods]}
    axis = {"type": "value", "max": 100, "show": False}
    return {"legend": {}, "tooltip": {}, "xAxis": axis, "yAxis": names, "series": series}


def in_words(options: Mapping[str, Any]) -> str:
    """What a chart shows, for those who hear the page: 青溪区：本期3，上年同期1；望江区：本期0，上年同期2。"""
    places = [
        f"{place}：" + "，".join(f"{series['name']}{_value(series['data'][at])}" for series in options["series"])
        for at, place in enumerate(options["yAxis"]["data"])
    ]
    return "；".join(reversed(places)) + "。"


def _value(drawn: Any) -> str:
    value = drawn["value"] if isinstance(drawn, Mapping) else drawn
    return "没有数" if value is None else f"{value:,}"


def _floor(values: list[float]) -> int:
    """Where a cut axis begins: a round five below the lowest."""
    return max(0, int(min(values, default=0) // 5 * 5 - 5))
