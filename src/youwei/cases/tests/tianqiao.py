"""A visit of Tianqiao written down as far as the conclusion: what the committee has before it."""

from datetime import date
from typing import Any

from youwei.cases.models import Case
from youwei.cases.tests.builders import act, record

REVIEW = {"thinking": "认识到了", "work": "在岗", "correction": "已退缴"}
PROFILE = {
    "contacted": True, "nature": "未到现场验收", "sanction": "党内严重警告", "conduct": "正常", "thinking": "认识到了",
    "obstacles": ["其他"], "raised": False,
}  # fmt: skip
PLAN = {"strategies": ["常联系"], "steps": "每月谈一次"}
WORDS: dict[str, Any] = {
    "account": "谈了近况和打算",
    "place": "区政务中心",
    "people": ["方知行", "甘棠"],
    "outcome": "已进行",
}
VOTED = {
    "manner": "无记名投票",
    "entitled": 5,
    "cast": 5,
    "counts": [{"id": "a", "item": "思想认识", "option": "好", "number": 5}],
}


def planned(case: Case, on: date, *, reviewed: bool = False) -> None:
    """The person's own review, unless it is there, profile and plan: ready for the appraisal."""
    if not reviewed:
        record(case, "review", on, REVIEW)
    record(case, "profile", on, PROFILE)
    record(case, "plan", on, PLAN)


def summarised(case: Case, on: date) -> None:
    """Everything before the conclusion."""
    planned(case, on)
    record(case, "opinion", on, dict.fromkeys(("thinking", "mending", "conduct", "view"), "表现较好"))
    act(case, "record", on, step="appraisal", values=VOTED, beside={"vote": 0})
    views = [{"id": "a", "who": "班子成员甲"}]
    record(case, "interviews", on, {**WORDS, "mode": "座谈", "heard": ["班子成员"], "views": views})
    record(case, "talk_unit", on, {**WORDS, "mode": "当面", "heard": ["本人"]})
    record(case, "known", on, {"looked": ["信访举报"]})
    told = dict.fromkeys(("dynamics", "performance", "mending", "evaluation"), "已整理")
    record(case, "summary", on, {**told, "shelf": "天-1"})
