"""Figures of duties that are worked off one by one (steps of kind item), of whatever procedure: done, made up for, missing, not applicable."""

from youwei.cases.models import NotDone
from youwei.rulebook.pack_types import Kind
from youwei.statistics import conditions as when
from youwei.statistics.conditions import Where, having
from youwei.statistics.shapes import ITEMS, Count, Rate, Source

NEEDS = "执行清单等事项里的逐项记录"


def _item(
    key: str, title: str, source: Source, where: Where, definition: str, of: str = "items.due", *, listed: bool = True
) -> Count:
    return Count(
        id=key, title=title, source=source, where=where, definition=definition, of=of, unit=ITEMS, needs=NEEDS, listed=listed
    )  # fmt: skip


ITEM_COUNTS = [
    _item(
        "items.due", "应办结事项", Source.MISSING, when.everything,
        "期间内按期办结的，加上期限在期间内届满而逾期的；名单见按期办结、逾期办结、逾期未办", "", listed=False
    ),
    _item("items.on_time", "按期办结", Source.ITEMS, when.done_on_time, "期间内办结、不迟于期限的事项"),
    _item("items.made_up", "逾期办结", Source.ITEMS, having(late=True), "期限在期间内届满、届满以后才办结的事项，期间以后补办的也在内"),
    _item(
        "items.missing", "逾期未办", Source.MISSING, when.everything, "期限在期间内届满、至今没有办结的事项；以后补办的转入逾期办结"
    ),
    _item("items.exempted", "不适用（免办）", Source.EXEMPTED, when.everything, "期间内按规程所列事由决定免办的事项，逐项有事由", ""),
    _item(
        "items.left", "说明没有办", Source.NOT_DONE, having(kind=Kind.ITEM, state=NotDone.State.LEFT), "期间内说明没有办、不再办理的事项", ""
    ),
]  # fmt: skip
ITEM_PARTS = {"items.due": {"items.on_time": 1, "items.made_up": 1, "items.missing": 1}}
"""The whole is made of what lies in two sources."""
ITEM_RATES = [
    Rate("items.rate", "按期办结率", "items.on_time", "items.due", "按期办结 ÷ 应办结事项", "items.missing", NEEDS)
]
