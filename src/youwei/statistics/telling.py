"""What a page of figures says beside the numbers: whose, which period, as of when, by which definition."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.timezone import localtime

from youwei.statistics.asks import Ask
from youwei.statistics.counting import Figure
from youwei.statistics.forms import Wish
from youwei.statistics.measures import COUNTS, GROUND, MEASURE, PROCEDURE, RATES, REGION, YEAR
from youwei.statistics.queries import Figures, line_title
from youwei.statistics.shapes import PERCENT, PERSONS
from youwei.statistics.sheets import Head, definition_of, inside, words
from youwei.ui.words import cn_date, cn_time


@dataclass(frozen=True, slots=True)
class Told:
    """A figure with its definition and the id of the list it opens."""

    id: str
    title: str
    unit: str
    text: str
    share: str
    definition: str
    opens: bool


SECTIONS = (
    ("决定和人员", ("decisions", "people")),
    ("四种形态", ("share.",)),
    ("建档、宣布、回访、考核", ("file.", "announced.", "visits.", "assessed.")),
    ("执行事项", ("items.",)),
    ("说明没有办的", ("undone",)),
    ("另计", ("none.",)),
)


def scope_words(view: Wish, ask: Ask, at: datetime) -> str:
    """云川市 · 2026年1月1日至2026年9月29日 · 数据截至2026年9月29日8:00 · 含涉密存根."""
    place = ask.organ.name + (f" {line_title(ask_without_part(ask), ask.part)}" if ask.part else "")
    return f"{place} · {span_words(view, at)}"


def span_words(view: Wish, at: datetime) -> str:
    """The same without the place."""
    stubs = "含涉密存根" if view.with_secret else "不含涉密存根"
    return f"{as_of_words(view, at)} · {stubs}"


def as_of_words(view: Wish, at: datetime) -> str:
    """The period and as of when: what is said over figures of cases, which know no stubs."""
    here = localtime(at)
    return f"{period_words(view)} · 数据截至{cn_date(here.date())}{cn_time(here)}"


def period_words(view: Wish) -> str:
    return f"{cn_date(view.start)}至{cn_date(view.end)}"


def place_words(view: Wish, ask: Ask) -> str:
    """Where in the table a cell stands: 云川市 › 青溪区 › 街道、乡镇、村."""
    titles = [ask.organ.name]
    inner = ask
    if ask.part:
        titles.append(line_title(ask_without_part(ask), ask.part))
    if view.inside:
        titles.append(line_title(ask, view.inside))
        inner = inside(ask, view.inside) or ask
    if view.row:
        titles.append(line_title(inner, view.row))
    return " › ".join(titles)


def ask_without_part(ask: Ask) -> Ask:
    return Ask(ask.organ, ask.start, ask.end, ask.as_of, ask.with_secret)


def notes(heads: Iterable[Head]) -> list[str]:
    """The definitions of the columns, and what holds for all."""
    shown = [f"{head.title}：{definition_of(head.id)}。" for head in heads if head.id]
    if any(head.unit == PERSONS for head in heads):
        shown.append("人数按人去重，同一人在几处各计一人，合计只计一人，所以各行之和可以大于合计。")
    return [*shown, "日期不详的决定不计入任何期间，另列。更正、变更会改变以前期间的数字，以数据截至的时间为准。"]


def sections(found: Figures) -> list[tuple[str, list[Told]]]:
    """All figures of the page, grouped; every one with its definition."""
    by_id = found.by_id
    fixed = [(title, [_told(by_id[key]) for key in by_id if _among(key, starts)]) for title, starts in SECTIONS]
    return [
        *fixed,
        ("处分、处理种类", [_told(by_id[key]) for key in _kinds(list(by_id))]),
        ("地区", [_told(by_id[key]) for key in by_id if key.startswith(REGION)]),
        ("年度", [_told(by_id[key]) for key in by_id if key.startswith(YEAR)]),
    ]


def _kinds(keys: list[str]) -> list[str]:
    """Kinds of measures; the wordings below a kind only where there are several."""
    found = [key for key in keys if key.startswith(MEASURE)]
    kinds = Counter(key.partition("/")[0] for key in found if "/" in key)
    return [key for key in found if "/" not in key or kinds[key.partition("/")[0]] > 1]


def _among(key: str, starts: Iterable[str]) -> bool:
    return any(key == start or key.startswith(start if start.endswith(".") else f"{start}.") for start in starts)


def _told(figure: Figure) -> Told:
    key = figure.id
    known: Mapping[str, object] = {**COUNTS, **RATES}
    definition = definition_of(key) if key in known else _dynamic(figure)
    share = (
        f"{100 * figure.numerator / figure.denominator:.1f}%" if figure.denominator and figure.unit != PERCENT else ""
    )
    return Told(key, figure.title, figure.unit, words(figure), share, definition, figure.unit != PERCENT)


def _dynamic(figure: Figure) -> str:
    if figure.id.startswith(REGION):
        return f"计入{figure.title}的决定"
    if figure.id.startswith(GROUND):
        return f"原因写为“{figure.title}”的"
    if figure.id.startswith(PROCEDURE):
        return f"“{figure.title}”中说明没有办的"
    if figure.id.startswith(YEAR):
        return f"{figure.title}作出的决定"
    return f"决定中有“{figure.title}”（按决定原文）" if "/" in figure.id else f"决定中有{figure.title}（各种写法合计）"
