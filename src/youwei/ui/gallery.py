"""Invented data for the gallery: every part of a page once, on 29 September 2026, two days before a long holiday."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, ClassVar

from django import forms

from youwei.ui.drawings import count_calendar, procedure_map, timeline
from youwei.ui.fields import (
    ChoiceField,
    ChoicesField,
    FlexibleDateField,
    RowsField,
    TextField,
    TokensField,
    UploadField,
    YesNoField,
)
from youwei.ui.frame import Frame, MenuItem, NavItem
from youwei.ui.paging import page_of
from youwei.ui.parts import Dialog, Empty, Explanation, Job, Refusal, Stale, VersionRow
from youwei.ui.widgets import Column, Token

TODAY = date(2026, 9, 29)


class Names:
    """A few invented names for the token box."""

    url = "tokens/"
    known = (Token("1", "陈思远", "案件审理室"), Token("2", "韩叙", "党风政风室"), Token("3", "顾怀谦", "区住建局"))

    def get(self, values: Sequence[str]) -> list[Token]:
        """By value."""
        return [token for token in self.known if token.value in values]

    def find(self, text: str) -> list[Token]:
        """By whole name."""
        return [token for token in self.known if token.label == text]

    def like(self, text: str) -> list[Token]:
        """By part of a name."""
        return [token for token in self.known if text and text in token.label]


class SampleForm(forms.Form):
    """Every kind of field."""

    visited_on = FlexibleDateField(label="回访日期", today=TODAY)
    place = TextField(label="地点")
    ways = ChoicesField(
        label="方式", choices=[(w, w) for w in ("谈话", "座谈", "走访单位", "走访家庭", "书面", "电话")]
    )
    visitors = TokensField(label="回访人", source=Names(), at_least=2)
    sealed = YesNoField(label="需要保密", required=False)
    conduct = TextField(label="现实表现", long=True)
    difficulties = RowsField(
        [
            Column("matter", "困难或诉求", TextField()),
            Column("answer", "怎么办", TextField(required=False)),
            Column("who", "谁办", TextField(required=False)),
            Column("reply_on", "何时回复", FlexibleDateField(required=False, today=TODAY)),
        ],
        label="反映的困难和办理情况",
        required=False,
    )
    view = ChoiceField(
        label="回访组评价",
        choices=[("好", "好"), ("一般", "一般"), ("较差", "较差")],
        help_text="评价由回访组作出，不改变影响期。",
    )
    reason = ChoiceField(
        label="时间方式",
        choices=[("a", "按期"), ("b", "提前")],
        notes={"a": "在规定的日子里", "b": "写明提前的理由"},
    )
    unit = ChoiceField(label="单位", choices=[(str(n), f"第{n}单位") for n in range(1, 13)])
    next_on = FlexibleDateField(label="下一次回访", today=TODAY, latest=date(2027, 9, 11))
    paper = UploadField(
        label="附件", suffixes=[".docx", ".pdf"], required=False, help_text="只收 .docx、.pdf，20 MB 以内"
    )
    hints: ClassVar[dict[str, str]] = {"conduct": "有38个字与3月27日的记录相同。若情况确实未变，请写明依据。"}


def filled_form() -> SampleForm:
    """The form with one fault in it."""
    return SampleForm(
        {
            "visited_on": "9.29",
            "place": "区政务中心5楼小会议室",
            "ways": ["谈话", "走访单位"],
            "visitors": ["1", "2"],
            "visitors-typed": "",
            "conduct": "牵头加装电梯专班，46台完成验收，群众满意度回访无投诉。",
            "difficulties-0-matter": "孩子跨学区入学手续未办妥",
            "difficulties-0-answer": "区教育局已受理，核对房产材料",
            "difficulties-0-who": "韩叙",
            "difficulties-0-reply_on": "10.15",
            "view": "好",
            "reason": "a",
            "unit": "2",
            "next_on": "2027年10月8日",
        }
    )


def sample_timeline() -> timeline.Timeline:
    """Two running periods, one ended, talks and visits."""
    severe = timeline.Bar("党内严重警告", date(2026, 3, 12), date(2027, 9, 11), "一年六个月，止2027年9月11日")
    demerit = timeline.Bar("政务记过", date(2026, 3, 12), date(2027, 3, 11), "十二个月，止2027年3月11日")
    rows = [
        timeline.Row("诫勉", bars=[timeline.Bar("诫勉", date(2025, 6, 3), date(2025, 12, 2), "6个月，已结束")]),
        timeline.Row("党内严重警告", bars=[severe]),
        timeline.Row("政务记过", bars=[demerit]),
        timeline.Row(
            "帮带谈话",
            marks=[
                timeline.Mark(date(2026, 4, 8), "第一次谈话"),
                timeline.Mark(date(2026, 9, 8), "第二次谈话"),
                timeline.Mark(date(2027, 3, 8), "第三次谈话2027年3月8日前", "next"),
            ],
            span=(date(2026, 3, 18), date(2027, 9, 11)),
        ),
        timeline.Row(
            "回访",
            marks=[
                timeline.Mark(date(2026, 3, 27), "及时访3月27日"),
                timeline.Mark(date(2026, 10, 9), "全面访10月9日前", "open"),
                timeline.Mark(date(2027, 8, 11), "延伸访2027年8月11日起", "next"),
            ],
        ),
    ]
    flag = timeline.Flag(date(2027, 9, 12), "最早可提拔2027年9月12日")
    return timeline.Timeline(rows, TODAY, "影响期与回访", flag, "sample-timeline")


def sample_map() -> procedure_map.ProcedureMap:
    """Six stages with a branch and a way back."""
    stage, box, edge = procedure_map.Stage, procedure_map.Box, procedure_map.Edge
    stages = [
        stage("a", "准备", "done", "2/2"),
        stage("b", "及时访", "done", "2/2"),
        stage("c", "帮带谈话", "done", "2次"),
        stage("d", "全面访", "now", "3/4"),
        stage("e", "延伸访"),
        stage("f", "结论"),
    ]
    boxes = [
        box("file", "a", "建档、成立小组", "3月16日 陈思远", "done", "#file"),
        box("plan", "a", "画像与回访方案", "3月20日 批准", "done", "#plan"),
        box("first", "b", "开展及时访", "3月27日 2人", "done", "#first"),
        box("tell", "b", "反馈所在单位党组织和区委组织部", "4月2日", "done", "#tell"),
        box("mentor", "c", "指定帮带责任人", "3月18日 顾怀谦", "done", "#mentor"),
        box("talk", "c", "帮带谈话", "每半年 · 已2次", "done", "#talk"),
        box("own", "d", "本人书面总结", "9月21日", "done", "#own"),
        box("unit", "d", "单位评价意见", "9月24日", "done", "#unit"),
        box("vote", "d", "民主评议", "9月28日 11票", "skip", "#vote"),
        box("full", "d", "开展全面访", "10月9日前", "now", "#full"),
        box("exam", "e", "期满综合考核", "2027年8月11日起", "next", "#exam"),
        box("last", "e", "开展延伸访", "2027年9月11日前", "next", "#last"),
        box("study", "f", "集体研究结论", "期满后15个工作日", "next", "#study"),
        box("close", "f", "反馈并办结", "送区委组织部", "next", "#close", "悔改且表现良好"),
        box("again", "f", "继续帮带", "另定日期", "next", "#again", "未认真悔改"),
    ]
    pairs = "file-plan plan-first first-tell tell-mentor mentor-talk talk-own own-unit unit-vote vote-full full-exam exam-last"
    edges = [edge(pair.split("-")[0], pair.split("-")[1]) for pair in pairs.split()]
    edges += [edge("last", "study"), edge("study", "close"), edge("study", "again")]
    edges.append(edge("again", "talk", "回到帮带，期间仍按处分计算", back=True))
    return procedure_map.ProcedureMap(stages, boxes, edges, "三阶式回访教育程序图", "sample-map")


def sample_days() -> count_calendar.CountCalendar:
    """Fifteen working days across two holidays."""
    names = {date(2026, 9, 25): "中秋", date(2026, 10, 1): "国庆"}
    off = {date(2026, 9, 25) + timedelta(days=n) for n in range(3)} | {date(2026, 10, n) for n in range(1, 8)}
    makeup = {date(2026, 9, 20), date(2026, 10, 10)}
    days, number, on = [], 0, date(2026, 9, 12)
    while on <= date(2026, 10, 11):
        kind = "makeup" if on in makeup else "holiday" if on in off else "rest" if on.weekday() > 4 else "work"
        counts = kind in ("work", "makeup") and number < 15
        number += counts
        note = "满6月" if on == date(2026, 9, 12) else ""
        days.append(count_calendar.Day(on, kind, number if counts else None, names.get(on, ""), note))
        on += timedelta(days=1)
    return count_calendar.build(days, today=TODAY, due=date(2026, 10, 9), start=date(2026, 9, 12))


def sample_why() -> Explanation:
    """Why the day is 9 October."""
    lines = [
        ("依据", "规程第九条：影响期满六个月后，十五个工作日内开展全面访。"),
        ("起算", "自2026年3月12日起满六个月为9月12日，当日不计。"),
        ("数法", "数15个工作日，跳过双休日、中秋3天、国庆7天；9月20日补班计入。"),
    ]
    return Explanation("为什么是10月9日", lines, sample_days(), "期限未改过，未中止过。")


def sample_frame() -> dict[str, Any]:
    """The frame around the gallery."""
    titles: list[list[tuple[str, str, int | None]]] = [
        [("工作台", "layout-list", None)],
        [("人员档案", "folder", None), ("处分台账", "notebook", None)],
        [("回访教育", "messages", 12), ("澄清正名", "shield-check", 2), ("容错", "scale", 1)],
        [("统计报表", "chart-bar", None), ("规程", "route", None)],
    ]
    nav = [[NavItem(t, "#", icon, count, t == "工作台") for t, icon, count in group] for group in titles]
    frame = Frame(
        organ="青溪区纪委监委",
        organs=[MenuItem("青溪区纪委监委", "#", current=True), MenuItem("云川市纪委监委", "#")],
        user="陈思远",
        role="案件审理室 经办",
        user_menu=[MenuItem("修改口令", "#", "key")],
        search_url="#",
        notices_url="#",
        notices=5,
        help_url="#",
        logout_url="#",
        watermark="陈思远 青溪区纪委监委 2026-09-29",
        printed="打印 陈思远（青溪区纪委监委） 2026年9月29日",
    )
    return {"nav": nav, "frame": frame}


def sample_parts() -> dict[str, Any]:
    """Refusal, dialog, jobs, two versions, empty state, a page of a list, a chart."""
    units = ["云台县", "市直机关", "青溪区", "白鹭市", "望江区", "高新区"]
    return {
        "refusal": Refusal(
            "现在不能提交全面访",
            ["回访人只有1人，规程要求两人以上。"],
            ["青溪区三阶式回访教育规程（2026.03版）第六条"],
            ["添加一名回访人。您写的内容已经存为草稿。"],
            "#form",
            "回到表单",
        ),
        "dialog": Dialog(
            "send-back",
            "退回陈思远修改",
            "退回以后：",
            ["期限10月9日不变；", "陈思远会收到通知，原内容保留；", "退回和意见记入事项，不能删除。"],
            "退回",
            "#",
            "不退回了",
            "意见",
        ),
        "jobs": [
            Job("正在核对 青溪区2021—2025.xlsx", 287, 412, "行"),
            Job("档案归总 许南舟.zip", 17, 17, "份文书", state="done", link=MenuItem("下载", "#")),
        ],
        "stale": Stale(
            "韩叙",
            "9:41",
            [VersionRow("地点", "区政务中心5楼", "区住建局402室"), VersionRow("方式", "谈话", "谈话")],
            theirs_url="#",
        ),
        "empty": Empty(
            "还没有处分台账",
            "可以把手头的Excel台账整份导入，也可以从下一份决定开始逐条登记。",
            actions=[MenuItem("导入Excel", "#"), MenuItem("登记处分决定", "#")],
        ),
        "page": page_of(list(range(1, 420)), "2"),
        "chart": {
            "legend": {"data": ["本期", "上年同期"]},
            "xAxis": {"type": "value", "max": 100},
            "yAxis": {"type": "category", "data": units, "inverse": True},
            "series": [
                {"name": "本期", "type": "bar", "data": [99.0, 97.9, 96.4, 94.3, 94.0, 90.9]},
                {"name": "上年同期", "type": "bar", "data": [95.6, 96.8, 91.2, 93.1, 92.7, 92.4]},
            ],
        },
        "chart_rows": list(zip(units, [99.0, 97.9, 96.4, 94.3, 94.0, 90.9], strict=True)),
    }
