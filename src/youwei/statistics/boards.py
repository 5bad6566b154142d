"""The tables offered: which columns stand beside each other, and which one is compared and drawn."""

from dataclasses import dataclass

FIRST_BOARD = "overview"


@dataclass(frozen=True, slots=True)
class BoardSpec:
    """A table by organ. `lead` is shown with the same period a year before, and drawn beside the table."""

    title: str
    lead: str
    columns: tuple[str, ...]


BOARDS: dict[str, BoardSpec] = {
    FIRST_BOARD: BoardSpec(
        "总体情况",
        "decisions",
        ("decisions", "people", "decisions.light", "decisions.heavy", "file.rate", "visits.rate"),
    ),
    "forms": BoardSpec(
        "四种形态",
        "share.form1",
        ("decisions.formed", "decisions.form1", "decisions.form2", "decisions.form3", "decisions.form4", "share.form1"),
    ),
    "visits": BoardSpec(
        "回访教育", "visits.rate", ("visits.times", "visits.due", "visits.people", "visits.missing", "visits.rate")
    ),
    "files": BoardSpec("建档", "file.rate", ("people", "file.with", "file.without", "file.rate")),
    "announced": BoardSpec(
        "公开宣布", "announced.rate", ("announced.due", "announced.on_time", "announced.late", "announced.rate")
    ),
    "assessed": BoardSpec(
        "期满考核",
        "assessed.rate",
        ("assessed.due", "assessed.done", "assessed.on_time", "assessed.late", "assessed.rate"),
    ),
    "items": BoardSpec(
        "执行事项",
        "items.rate",
        ("items.due", "items.on_time", "items.made_up", "items.missing", "items.exempted", "items.left", "items.rate"),
    ),
    "undone": BoardSpec("说明没有办的", "undone", ("undone", "undone.left", "undone.owed", "undone.after")),
}
FORM_COLUMNS = ("decisions.form1", "decisions.form2", "decisions.form3", "decisions.form4")
SHORT = {
    "decisions": "决定",
    "people": "人员",
    "decisions.light": "轻处分",
    "decisions.heavy": "重处分",
    "decisions.formed": "合计",
    "decisions.form1": "第一种",
    "decisions.form2": "第二种",
    "decisions.form3": "第三种",
    "decisions.form4": "第四种",
    "share.form1": "第一种占比",
}
"""Shorter heads for columns that stand side by side."""
