"""“Not done, because …”: on which grounds, and what of it is refused. A duty that must be done, and a signature, stay owed all the same."""

from __future__ import annotations

from youwei.engine.types import Entry, Fault, Item

NOT_DONE_GROUNDS = ("本人原因", "单位原因", "承办机关原因", "机构、人员变动", "不可抗力", "已无必要", "其他原因")
"""Why a duty was not done, as figures tell it apart (`ground` of a `not_done` entry); the words beside it are free."""
UNSORTED = NOT_DONE_GROUNDS[-1]


def ground_of(entry: Entry) -> str:
    """The ground of an entry; of one written before grounds were asked for, the last."""
    return str(entry.values.get("ground") or UNSORTED)


def excuse(entry: Entry) -> str:
    """Why, as it was told: the ground and the words."""
    return "，".join(str(each) for each in (entry.values.get("ground"), entry.reason) if each)


def not_done_faults(entry: Entry, item: Item) -> list[Fault]:
    """What is wrong with saying that an open item was not done: its ground, or the side that did not sign."""
    faults = []
    if ground_of(entry) not in NOT_DONE_GROUNDS:
        faults.append(Fault("ground", "原因类别不在所列之中。", f"可选：{'、'.join(NOT_DONE_GROUNDS)}。", "ground"))
    if entry.part not in (item.missing or ("",)):
        remedy = "请说明哪一方没有签署。" if item.missing else "请刷新页面。"
        faults.append(Fault("part", f"“{item.title}”现在等的不是这一方。", remedy, "part"))
    return faults
