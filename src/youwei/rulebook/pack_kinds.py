"""The closed registry of kinds: which fields each kind of step brings, and what else it exports."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal

from youwei.rulebook.pack_parts import Choice, ScoreItem, Voters
from youwei.rulebook.pack_terms import bind
from youwei.rulebook.pack_types import (
    SELF,
    Clause,
    Condition,
    Field,
    FieldType,
    Kind,
    Name,
    Op,
    Repeat,
    RepeatKind,
    Test,
)

HELD, POSTPONED, REFUSED = "已进行", "本人推迟", "本人拒绝"
NOT_HELD = "因故未进行"
SECRET, SIGNED = "无记名投票", "署名意见"
TALK_MODES = ("当面", "视频", "电话", "书面")
VISIT_MODES = ("谈话", "座谈", "走访单位", "家访", "书面", "电话", "视频")
HEARD = ("本人", "所在单位负责人", "同事", "家属", "其他")

KIND_TITLES: Mapping[Kind, str] = {
    Kind.RECORD: "办理",
    Kind.TALK: "谈话",
    Kind.VISIT: "回访",
    Kind.MEETING: "会议",
    Kind.STUDY: "学习",
    Kind.COMMITTEE: "集体研究",
    Kind.APPROVAL: "审批",
    Kind.APPRAISAL: "民主评议",
    Kind.SCORE: "考核评分",
    Kind.LETTER: "函件",
    Kind.NOTICE: "通知",
    Kind.STATEMENT: "本人材料",
    Kind.ITEM: "执行事项",
    Kind.FREEZE: "确定名单",
    Kind.CASE: "启动其他规程",
    Kind.ALTERATION: "登记处分变动",
}
ADVERSE = "adverse"
"""``of: adverse``: a table of adverse facts, whose columns are always the same."""
EXPORTS: Mapping[Kind, Mapping[str, FieldType]] = {
    Kind.MEETING: {"present": FieldType.NUMBER},
    Kind.STUDY: {"present": FieldType.NUMBER},
    Kind.COMMITTEE: {"votes": FieldType.NUMBER},
    Kind.APPRAISAL: {"share": FieldType.NUMBER},
    Kind.SCORE: {"total": FieldType.NUMBER, "passed": FieldType.YESNO},
    Kind.FREEZE: {"count": FieldType.NUMBER},
}


def _choices(*words: str) -> tuple[Choice, ...]:
    return tuple(Choice(word, word) for word in words)


def _when(tail: str, op: Op, *values: object) -> Condition:
    return Condition(((Clause(Name(SELF, tail), Test(op, values)),),))


def _field(name: str, title: str, kind: FieldType = FieldType.TEXT) -> Field:
    return Field(name, title, kind, standard=True)


def _rows(name: str, title: str, *columns: Field) -> Field:
    return replace(_field(name, title, FieldType.ROWS), of={each.id: each for each in columns})


def _meeting_of_two(kind: Kind, team: int, repeat: Repeat | None) -> list[Field]:
    visit = kind is Kind.VISIT
    again = repeat is not None
    outcomes = _choices(HELD, POSTPONED, REFUSED, NOT_HELD) if again else _choices(HELD, REFUSED)
    chain = repeat is not None and repeat.kind is RepeatKind.NEXT and repeat.field == "next_on"
    modes = _choices(*(VISIT_MODES if visit else TALK_MODES))
    held = _when("outcome", Op.IS, HELD)
    fields = [
        replace(_field("outcome", "结果", FieldType.CHOICE), required=True, choices=outcomes, default=HELD),
        replace(_field("mode", "方式", FieldType.CHOICE), required=True, choices=modes, when=held, default=modes[0].id),
        replace(_field("place", "地点"), required=True, when=held),
        replace(
            _field("people", "回访人" if visit else "谈话人", FieldType.PEOPLE),
            required=True,
            min=Decimal(team),
            help=f"至少{team}人，逐一填写姓名",
        ),
        replace(
            _field("heard", "听取了谁的情况", FieldType.CHOICE),
            required=True,
            when=held,
            many=True,
            choices=_choices(*HEARD),
            default=["本人"],
        ),
        replace(_field("account", "回访记录" if visit else "谈话记录"), required=True, when=held, long=True),
    ]
    if again:
        fields.insert(1, replace(_field("planned", "是否按计划进行", FieldType.YESNO), default=True))
        fields.append(
            replace(
                _field("missed", "未进行的原因和处理"), required=True, long=True, when=_when("outcome", Op.NOT, HELD)
            )
        )
    if chain:
        fields += [
            replace(
                _field("next_on", "下次日期", FieldType.DATE), help="填写下一次的日期；不再安排的，在下一栏写明理由"
            ),
            replace(
                _field("why_none", "不再安排的理由"), required=True, long=True, when=_when("next_on", Op.GIVEN, False)
            ),
        ]
    return fields


def _members(yes: str) -> Field:
    return _rows(
        "attendance",
        "参会人员",
        replace(_field("member", "姓名", FieldType.PERSON), required=True),
        _field("post", "职务"),
        replace(_field("present", yes, FieldType.YESNO), default=True),
    )


def _committee() -> list[Field]:
    table = _rows(
        "attendance",
        "到会人员、意见和表决",
        replace(_field("member", "姓名", FieldType.PERSON), required=True),
        replace(_field("present", "到会", FieldType.YESNO), default=True),
        _field("view", "意见"),
        replace(_field("vote", "表决", FieldType.CHOICE), choices=_choices("同意", "不同意", "弃权", "回避")),
    )
    return [replace(table, required=True), _field("place", "地点"), replace(_field("minutes", "会议记录"), long=True)]


def _appraisal() -> list[Field]:
    return [
        replace(_field("entitled", "应参加人数", FieldType.NUMBER), required=True, min=Decimal(0)),
        replace(_field("cast", "实际参加人数", FieldType.NUMBER), required=True, min=Decimal(0)),
        _rows(
            "counts",
            "各项各档票数",
            replace(_field("item", "项目"), required=True),
            replace(_field("option", "档次"), required=True),
            replace(_field("number", "票数", FieldType.NUMBER), required=True, min=Decimal(0)),
        ),
    ]


def adverse_columns() -> dict[str, Field]:
    """A fact, the conclusion that it stands on, and the person's word on it. No place for a report that was not settled."""
    sources = _choices("处分处理决定", "线索处置结论", "信访办结结论", "监督检查结论", "巡察审计结论", "其他组织结论")
    columns = [
        replace(_field("fact", "不利事实"), required=True, long=True),
        replace(_field("source", "结论的来源", FieldType.CHOICE), required=True, choices=sources),
        replace(_field("number", "结论文号"), required=True),
        replace(_field("concluded_on", "结论日期", FieldType.DATE), required=True),
        replace(_field("put_on", "告知本人的日期", FieldType.DATE), required=True),
        replace(_field("refused", "本人不作说明", FieldType.YESNO), default=False),
        replace(_field("answer", "本人的说明"), long=True),
    ]
    return {each.id: each for each in columns}


def _by_ballot(items: tuple[ScoreItem, ...], options: tuple[str, ...], voters: Voters) -> list[Field]:
    """What the closing of a secret vote writes; or, where there were too few for one, the signed opinions and their counts."""
    number = replace(_field("number", "票数", FieldType.NUMBER), min=Decimal(0))
    blanks = _rows(
        "blanks",
        "各项没有选、选了两档的票数",
        replace(_field("item", "项目"), required=True),
        replace(number, id="abstained", title="弃权"),
        replace(number, id="spoiled", title="该项无效"),
    )
    grades = [replace(_field(each.id, each.title, FieldType.CHOICE), choices=_choices(*options)) for each in items]
    opinions = _rows(
        "opinions", "署名意见", replace(_field("member", "姓名"), required=True), *grades, _field("view", "意见")
    )
    remarks = _rows("remarks", "文字意见（顺序已打乱）", replace(_field("text", "意见"), required=True))
    return [
        replace(
            _field("manner", "方式", FieldType.CHOICE), required=True, choices=_choices(SECRET, SIGNED), default=SECRET
        ),
        *_appraisal(),
        replace(number, id="void", title="无效票"),
        blanks,
        *([remarks] if voters.remarks else []),
        opinions,
    ]


def _letter(kind: Kind) -> list[Field]:
    return [
        _field("number", "文号"),
        _field("to", "送达" if kind is Kind.NOTICE else "发往"),
        _field("file", "附件", FieldType.FILE),
    ]


def _item() -> list[Field]:
    """What came of it, and what shows that: the number of a document, or a file."""
    return [
        replace(_field("result", "办理结果"), required=True, long=True),
        replace(_field("number", "凭据文号"), required=True, when=_when("file", Op.GIVEN, False)),
        replace(_field("file", "凭据文件", FieldType.FILE), required=True, when=_when("number", Op.GIVEN, False)),
    ]


def _opened_case() -> list[Field]:
    return [_field("case", "事项"), _field("outcome", "结局")]


def _alteration() -> list[Field]:
    return [_field("starts_on", "自哪天起", FieldType.DATE), _field("number", "文号")]


#: Kinds whose fields are always the same; those of a case and of an alteration are written by the program.
FIXED: Mapping[Kind, Callable[[], list[Field]]] = {
    Kind.COMMITTEE: _committee, Kind.APPRAISAL: _appraisal, Kind.CASE: _opened_case, Kind.ALTERATION: _alteration,
}  # fmt: skip


def standard_fields(
    kind: Kind, step: str, *, team: int, repeat: Repeat | None, items: tuple[ScoreItem, ...], own: bool,
    options: tuple[str, ...] = (), voters: Voters | None = None,
) -> dict[str, Field]:  # fmt: skip
    """The fields a kind brings, bound to the step. `own`: the step also writes fields of its own."""
    fields = FIXED[kind]() if kind in FIXED else []
    match kind:
        case Kind.TALK | Kind.VISIT:
            fields = _meeting_of_two(kind, team, repeat)
        case Kind.MEETING | Kind.STUDY:
            fields = [replace(_field("place", "地点"), required=True), _members("到会")]
            fields.append(_field("minutes", "会议记录", FieldType.FILE))
        case Kind.APPRAISAL if voters is not None:
            fields = _by_ballot(items, options, voters)
        case Kind.APPROVAL:
            fields = [replace(_field("opinion", "审批意见"), required=True, long=True, default="同意")]
        case Kind.SCORE:
            fields = [
                replace(_field(item.id, item.title, FieldType.NUMBER), required=True, min=Decimal(0), max=item.out_of)
                for item in items
            ]
        case Kind.LETTER | Kind.NOTICE:
            fields = _letter(kind)
        case Kind.STATEMENT:
            text = replace(_field("text", "本人陈述"), required=not own, long=True)
            fields = [text, _field("file", "附件", FieldType.FILE)]
        case Kind.ITEM:
            fields = _item()
        case Kind.FREEZE:
            list_of = replace(_field("list", "名单", FieldType.PEOPLE), required=True)
            organs = _rows("organs", "涉及单位", _field("organ", "单位"), _field("count", "人数", FieldType.NUMBER))
            fields = [_field("scope", "范围"), list_of, organs]
        case Kind.RECORD:
            pass
    return {each.id: replace(each, when=bind(each.when, SELF, step)) for each in fields}
