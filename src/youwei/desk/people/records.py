"""Everything recorded about a person, told to people: the person's own log and the logs of the cases, newest first."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone

from youwei.cases.queries import Line as CaseLine
from youwei.decisions.altering import (
    ALTERATIONS,
    CHANGED,
    CORRECTED,
    EXTENDED,
    REPLACED,
    RESTORED,
    SETTLED,
    TAKEN_BACK,
    TO_BE_TAKEN_BACK,
    WITHDRAWN,
)
from youwei.decisions.models import Decision, Measure
from youwei.journal.queries import Record
from youwei.people.models import Person
from youwei.rulebook.law import load_law
from youwei.ui.words import cn_date

GROUPS = (("decision", "处分与期间"), ("visit", "回访"), ("case", "办理"), ("correct", "更正"), ("fact", "人员信息"))
CASE_GROUPS = {"回访": "visit", "更正": "correct"}
LABELS = {
    "name": "姓名", "sex": "性别", "ethnicity": "民族", "born_on": "出生年月", "politics": "政治面貌", "joined_on": "入党时间",
    "kind": "人员类别", "rank": "职级", "managed_by": "干部管理权限", "post": "职务", "standing": "备注", "organ": "单位",
    "service": "去向", "service_on": "去向日期",
}  # fmt: skip
CHANGING = ("person.corrected", "person.changed", "person.shelf", "person.left", "person.left_withdrawn")
"""Entries that say what a fact was and what it is since."""
OF_A_DECISION = {
    "number": "文号", "made_on": "决定日期", "effective_on": "生效日期", "form": "形态", "measures": "种类", "unit": "单位",
    "counted_at": "统计地区", "post": "职务", "rank": "职级", "managed_by": "干部管理权限", "problem": "问题类别", "acts_until": "行为止于",
    "facts": "主要事实", "young": "未满35周岁",
}  # fmt: skip
DAYS = frozenset({"born_on", "joined_on", "service_on", "made_on", "effective_on", "acts_until", "withdrawn_on"})
ALTERED = {
    CORRECTED: "更正决定", CHANGED: "变更", WITHDRAWN: "撤销", RESTORED: "恢复党员权利", EXTENDED: "延长留党察看", SETTLED: "核定终止日",
    TAKEN_BACK: "撤回登记", REPLACED: "改登记",
}  # fmt: skip
MOST_TEXT = 400


@dataclass(frozen=True, slots=True)
class Change:
    """Old words and new ones, side by side."""

    label: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Told:
    """One line of the record."""

    group: str
    title: str
    on: date
    at: datetime
    seq: int
    by: str
    tag: str = ""
    text: str = ""
    changes: tuple[Change, ...] = ()
    reason: str = ""
    behalf: str = ""
    paper: str = ""
    links: tuple[tuple[str, str], ...] = ()
    key: bool = False
    corrected: bool = False

    @property
    def same_day(self) -> bool:
        """Entered on the day it happened."""
        return timezone.localdate(self.at) == self.on


@dataclass(frozen=True, slots=True)
class Names:
    """What the lines need beside the log: names of organs, which decisions may be read in full, and the past day that links keep to."""

    organs: Mapping[int, str]
    decisions: frozenset[int]
    past: date | None = None


def facts_on(now: Mapping[str, Any], records: Iterable[Record], day: date) -> dict[str, Any]:
    """The facts as they were recorded at the end of a day: later changes taken back, newest first."""
    facts = dict(now)
    for record in sorted(records, key=lambda each: each.seq, reverse=True):
        if record.kind in CHANGING and timezone.localdate(record.at) > day:
            for name, change in _changes(record).items():
                facts[name] = change.get("from")
    return facts


def _changes(record: Record) -> dict[str, Mapping[str, Any]]:
    if record.kind == "person.shelf":
        return {"shelf": record.content}
    return {name: change for name, change in record.content.items() if isinstance(change, Mapping) and "from" in change}


def known_by(records: Iterable[Record], day: date) -> list[Record]:
    """What had been entered by the end of a day."""
    return [record for record in records if timezone.localdate(record.at) <= day]


def undone(records: Iterable[Record]) -> frozenset[int]:
    """Decisions taken back by these records."""
    return frozenset(int(record.content["decision"]) for record in records if record.kind == "decision.undone")


def decision_on(decision: Decision, measures: Sequence[Measure], records: Iterable[Record], day: date) -> list[Measure]:
    """Set a decision, not to be stored, to what was recorded at the end of a day; its measures as they were then."""
    found = list(measures)
    for record in sorted(records, key=lambda each: each.seq, reverse=True):
        mine = record.kind in ALTERATIONS and record.content["decision"] == decision.pk
        if mine and timezone.localdate(record.at) > day:
            for name, value in record.content["before"].items():
                if name == "measures":
                    found = [_measure_then(decision, plain) for plain in value]
                elif name not in ("facts", "unit", "counted_at", "precheck_why"):
                    setattr(decision, name, _day(value) if name in DAYS else value)
    return found


def _measure_then(decision: Decision, plain: Mapping[str, Any]) -> Measure:
    kind = load_law().measure(plain["kind"])
    return Measure(
        pk=plain["measure"], decision=decision, kind=plain["kind"], label=plain["label"], first_label=plain["first_label"],
        family=kind.family, weight=kind.weight, months=plain.get("months"), restored_on=_day(plain.get("restored_on")),
        last_day_by_hand=_day(plain.get("last_day_by_hand")), basis_by_hand=plain.get("basis_by_hand", ""),
    )  # fmt: skip


def _day(value: Any) -> date | None:
    return date.fromisoformat(value) if value else None


def organs_named(records: Iterable[Record]) -> set[int]:
    """The organs these records speak of."""
    found = set()
    for record in records:
        change = record.content.get("organ")
        told = [*change.values()] if isinstance(change, Mapping) else [change, record.content.get("unit")]
        if record.kind in ALTERATIONS:
            told += [record.content[when].get(name) for when in ("before", "after") for name in ("unit", "counted_at")]
        found |= {value for value in told if isinstance(value, int)}
    return found


def told(records: Iterable[Record], lines: Iterable[CaseLine], names: Names) -> list[Told]:
    """Newest first, by the day it happened and then by the moment it was entered."""
    found = [TELLERS.get(record.kind, _other)(record, names) for record in records]
    found += [_case_line(line, names.past) for line in lines]
    return sorted(found, key=lambda each: (each.on, each.at, each.seq), reverse=True)


def counted(lines: Sequence[Told]) -> list[tuple[str, str, int]]:
    """The groups there are, with how many lines each has."""
    present = ((group, title, sum(1 for line in lines if line.group == group)) for group, title in GROUPS)
    return [(group, title, count) for group, title, count in present if count]


def _base(record: Record) -> dict[str, Any]:
    return {"on": record.on, "at": record.at, "seq": record.seq, "by": record.by, "behalf": record.behalf}


def _registered(record: Record, names: Names) -> Told:
    content = record.content
    parts = (
        names.organs.get(content.get("organ") or 0, ""),
        content.get("post"),
        content.get("rank"),
        content.get("managed_by"),
    )
    return Told(group="fact", title="建立档案", text=" ".join(str(part) for part in parts if part), **_base(record))


def _corrected(record: Record, names: Names) -> Told:
    return Told(
        group="correct", title="更正姓名", changes=_pairs(record, names), reason=str(record.content.get("reason", "")), corrected=True,
        **_base(record),
    )  # fmt: skip


def _changed(record: Record, names: Names) -> Told:
    title = "调动" if record.content.get("paper") else "人员信息变动"
    return Told(group="fact", title=title, changes=_pairs(record, names), reason=_paper(record), **_base(record))


def _shelved(record: Record, names: Names) -> Told:
    change = Change("架号", str(record.content.get("from") or ""), str(record.content.get("to") or ""))
    return Told(group="fact", title="纸质档案架号", changes=(change,), **_base(record))


def _left(record: Record, names: Names) -> Told:
    title = "撤回去向登记" if record.kind == "person.left_withdrawn" else "去向变动"
    return Told(group="fact", title=title, changes=_pairs(record, names), reason=_paper(record), **_base(record))


def _second_post(record: Record, names: Names) -> Told:
    title = "兼任" if record.kind == "person.post_taken" else "免去兼任"
    text = f"{names.organs.get(record.content['organ'], '')}{record.content['title']}"
    return Told(group="fact", title=title, text=text, reason=_paper(record), **_base(record))


def _paper(record: Record) -> str:
    """By what it was entered: a paper, or why it was taken back."""
    return str(record.content.get("reason") or record.content.get("paper") or "")


def second_posts(known: Iterable[Record], names: Mapping[int, str]) -> list[str]:
    """The posts held beside the first, by what had been entered."""
    held: dict[tuple[int, str], str] = {}
    for record in known:
        said = record.content
        if record.kind == "person.post_taken":
            held[said["organ"], said["title"]] = f"{names.get(said['organ'], '')}{said['title']}"
        elif record.kind == "person.post_ended":
            held.pop((said["organ"], said["title"]), None)
    return list(held.values())


def _pairs(record: Record, names: Names) -> tuple[Change, ...]:
    return tuple(
        Change(LABELS.get(name, name), _plain(name, change.get("from"), names), _plain(name, change.get("to"), names))
        for name, change in _changes(record).items()
    )


def _plain(name: str, value: Any, names: Names) -> str:
    if name == "organ":
        return names.organs.get(value or 0, "")
    if name == "service":
        return str(Person.Service(value or "").label)
    if name in DAYS and value:
        return cn_date(date.fromisoformat(str(value)))
    return str(value or "")


def _altered(record: Record, names: Names) -> Told:
    """A decision corrected, changed, withdrawn: what it said before and says now."""
    content, key = record.content, int(record.content["decision"])
    readable = key in names.decisions
    before, after = content["before"], content["after"]
    pairs = (
        Change(label, _of_a_decision(name, before.get(name), names), _of_a_decision(name, after.get(name), names))
        for name, label in OF_A_DECISION.items()
        if name in after and (readable or name != "facts")
    )
    told = [
        str(content.get("ground", "")),
        names.organs.get(content.get("organ") or 0, ""),
        str(content.get("number", "")),
    ]
    if content.get("from"):
        told.append(f"{_iso(content['from'])}起")
    if record.kind == REPLACED:
        whose = "不是本人的决定" if "person" in content["moved"] else "决定机关登记错了"
        told = [f"{whose}，这条登记已撤回，不再计入台账和期间"]
    was = "、".join(measure["label"] for measure in before["measures"])
    return Told(
        group="correct" if record.kind in (CORRECTED, TAKEN_BACK, REPLACED) else "decision", title=f"{ALTERED[record.kind]}：{was}",
        text="，".join(part for part in told if part), changes=tuple(pair for pair in pairs if pair.old != pair.new),
        reason=str(content.get("reason", "")), links=(("决定", reverse("decision", args=[key])),) if readable else (),
        key=record.kind in TO_BE_TAKEN_BACK, corrected=record.kind in (CORRECTED, TAKEN_BACK, REPLACED), **_base(record),
    )  # fmt: skip


def _of_a_decision(name: str, value: Any, names: Names) -> str:
    if name == "measures":
        return "、".join(_measure_words(measure) for measure in value)
    if name == "form":
        return _form(value)
    if name == "young":
        return "是" if value else "否"
    if name in ("unit", "counted_at"):
        return names.organs.get(value or 0, "")
    return _plain(name, value, names)


def _measure_words(plain: Mapping[str, Any]) -> str:
    """A measure as the log has it, with the last day settled by hand and its basis."""
    if not plain.get("last_day_by_hand"):
        return str(plain["label"])
    return f"{plain['label']}（最后一日人工核定为{_iso(plain['last_day_by_hand'])}，依据：{plain['basis_by_hand']}）"


def _decided(record: Record, names: Names) -> Told:
    content = record.content
    key = int(content["decision"])
    readable = key in names.decisions
    parts = [
        _form(content.get("form")),
        str(content.get("problem") or ""),
        str(content.get("facts") or "") if readable else "",
    ]
    number = str(content.get("number") or "决定")
    links = ((number, reverse("decision", args=[key])),) if readable else ()
    labels = "、".join(measure["label"] for measure in content.get("measures", ()))
    return Told(
        group="decision", title=f"给予{labels}", tag="处分处理", text="；".join(part for part in parts if part)[:MOST_TEXT],
        links=links, key=True, **_base(record),
    )  # fmt: skip


def _form(form: Any) -> str:
    return f"第{'一二三四'[form - 1]}种形态" if isinstance(form, int) and 1 <= form <= 4 else ""


def _rescheduled(record: Record, names: Names) -> Told:
    spans = (
        f"{period.get('measure', '')} {_iso(period.get('starts_on'))}—{_iso(period.get('last_day'))}"
        for period in record.content.get("periods", ())
    )
    return Told(
        group="decision",
        title=str(record.content.get("why") or "期间因其他处分重新计算"),
        text="；".join(spans),
        **_base(record),
    )


def _iso(value: Any) -> str:
    return cn_date(date.fromisoformat(value)) if value else "待核"


def _taken_back(record: Record, names: Names) -> Told:
    return Told(
        group="correct",
        title="撤回登记的决定",
        text="随整批导入一起撤回，不再计入台账和期间。",
        corrected=True,
        **_base(record),
    )


def _other(record: Record, names: Names) -> Told:
    return Told(group="fact", title="其他记录", reason=str(record.content.get("reason", "")), **_base(record))


TELLERS: dict[str, Callable[[Record, Names], Told]] = {
    "person.registered": _registered,
    "person.corrected": _corrected,
    "person.changed": _changed,
    "person.shelf": _shelved,
    **dict.fromkeys(("person.left", "person.left_withdrawn"), _left),
    **dict.fromkeys(("person.post_taken", "person.post_ended"), _second_post),
    "decision.recorded": _decided,
    "decision.undone": _taken_back,
    "period.set": _rescheduled,
    **dict.fromkeys(ALTERATIONS, _altered),
}


def _case_line(line: CaseLine, past: date | None) -> Told:
    corrects = bool(line.corrects)
    changes = tuple(Change(label, old, new) for label, new, old in line.fields) if corrects else ()
    text = "" if corrects else "；".join(f"{label}：{value.rstrip('。；')}" for label, value, _ in line.fields if value)
    asked = f"?on={past.isoformat()}" if past else ""
    links = ((line.case.title, f"{reverse('case', args=[line.case.pk])}{asked}"),) if line.case else ()
    return Told(
        group=CASE_GROUPS.get(line.group, "case"), title=line.title, on=line.on, at=line.at, seq=line.seq, by=line.by, behalf=line.behalf,
        paper=line.paper,
        tag="纸面签署" if line.on_paper else "补录" if line.afterwards else "",
        text=(line.text or text)[:MOST_TEXT], changes=changes, reason=line.reason, links=links,
        corrected=corrects,
    )  # fmt: skip
