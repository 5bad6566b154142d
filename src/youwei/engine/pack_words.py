"""The parts of a pack in words a clerk reads, with the titles of the pack itself: for comparing two packs, and for whoever reads one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from youwei.engine.view import column_title, handed_on
from youwei.engine.wording import chinese_value, repeat_text
from youwei.rulebook.pack_facts import fact_title
from youwei.rulebook.pack_keys import BARRED, HOLDERS, PLACES
from youwei.rulebook.pack_kinds import KIND_TITLES
from youwei.rulebook.pack_parts import Use
from youwei.rulebook.pack_types import (
    REPLY_MARKED,
    ROW,
    SELF,
    WITH,
    Clause,
    Condition,
    Field,
    FieldType,
    Grounds,
    Kind,
    Members,
    Name,
    Op,
    Opens,
    Outcome,
    Pack,
    Role,
    Step,
    Term,
)

TAILS = {
    "on": "之日",
    "count": "的次数",
    "total": "的总分",
    "passed": "是否合格",
    "span": "的本期末日",
    "share": "的比例",
    "votes": "的票数",
    "present": "的到会人数",
}
WHICH = {"any": "任一次", "last": "最后一次"}
SIGNS = {Op.LT: "＜", Op.LE: "≤", Op.GT: "＞", Op.GE: "≥", Op.BEYOND: "超出了"}
TYPE_TITLES: Mapping[FieldType, str] = {
    FieldType.TEXT: "文字",
    FieldType.DATE: "日期",
    FieldType.NUMBER: "数",
    FieldType.YESNO: "是否",
    FieldType.CHOICE: "选择",
    FieldType.ROWS: "表格",
    FieldType.PERSON: "姓名",
    FieldType.PEOPLE: "若干人",
    FieldType.ORGAN: "单位",
    FieldType.DECISION: "已公开宣布的决定",
    FieldType.FILE: "附件",
    FieldType.ELIGIBILITY: "资格查询",
    FieldType.GUIDING_CASES: "案例",
}
ABOUT = {"decision": "决定", "person": "人员", "organ": "单位", "office": "本机关", "letter": "函件", "batch": "批次"}
USES = {Use.ALL: "必须符合", Use.ANY: "符合其一即可", Use.NOT: "不列入", Use.OFF: "不用"}
JOIN = {"open": "新开事项", "existing": "纳入在办事项", "open or existing": "新开事项或纳入在办事项"}


def name_words(pack: Pack, name: Name, step: Step | None = None) -> str:
    """What a name stands for. ``step``: where it is written, for ``self`` and ``row``."""
    if name.head == ROW:
        return f"该条的{'日期' if name.tail == 'on' else column_title(pack, name.tail)}"
    if name.head == WITH:
        given = handed_on(pack, name.tail)
        return f"上一事项的“{name_words(pack, given)}”" if given is not None else "上一事项带来的内容"
    found = step if name.head == SELF else pack.steps.get(name.head)
    if found is None:
        return fact_title(str(name))
    head, _, column = name.tail.partition(".")
    if head in found.form and column in found.form[head].of:
        return f"{found.title}·{found.form[head].of[column].title}"
    which, _, tail = name.tail.rpartition(".")
    some = WHICH.get(which, "")
    if tail in found.form:
        return f"{found.title}{f'（{some}）' if some else ''}·{found.form[tail].title}"
    return f"{found.title}{some}{TAILS.get(tail, f'·{tail}')}"


def condition_words(pack: Pack, condition: Condition | None, step: Step | None = None) -> str:
    if condition is None:
        return ""
    return "；或者".join("，且".join(_clause(pack, each, step) for each in table) for table in condition.any_of)


def _clause(pack: Pack, clause: Clause, step: Step | None) -> str:
    name, test = f"“{name_words(pack, clause.name, step)}”", clause.test
    if test.op is Op.GIVEN:
        return f"{name}{'已填写' if test.values[0] else '未填写'}"
    if test.op in (Op.IS, Op.NOT):
        return f"{name}{'为' if test.op is Op.IS else '不为'}{'或'.join(map(chinese_value, test.values))}"
    other = name_words(pack, test.name, step) if test.name is not None else chinese_value(test.values[0])
    return f"{name}{SIGNS[test.op]}{other}"


def term_words(pack: Pack, term: Term | None, step: Step | None = None) -> str:
    """A date of the pack: 作出决定之日起7个工作日内."""
    if term is None:
        return ""
    names = "或".join(name_words(pack, name, step) for name in term.names)
    if term.span is None:
        return names
    if not names:
        return f"本环节可以办理之日起{term.span.title}内"
    return f"{names}前{term.span.title}" if term.side == "before" else f"{names}起{term.span.title}内"


def role_words(pack: Pack, name: str) -> str:
    """A role with where it is held and by which accounts."""
    role = pack.roles.get(name)
    return _role(pack, role) if role is not None else name


def _role(pack: Pack, role: Role) -> str:
    named = "或".join(name_words(pack, name) for name in role.named_in)
    place = f"由“{named}”写明" if named else PLACES.get(role.at, role.at)
    return f"{role.title}（{place}，{HOLDERS.get(role.held_by, role.held_by)}账号）"


def restrictions_words(pack: Pack) -> str:
    return "；".join(
        f"{'、'.join(each.problems)}：{'、'.join(each.intents)}{each.answer}（{each.say}）"
        for each in pack.restrictions
    )


def roles_words(pack: Pack, names: tuple[str, ...]) -> str:
    return "、".join(role_words(pack, name) for name in names)


def steps_words(pack: Pack, names: tuple[str, ...]) -> str:
    return "、".join(f"“{pack.steps[name].title}”" if name in pack.steps else name for name in names)


def grounds_words(pack: Pack, rule: Grounds | None) -> str:
    if rule is None:
        return ""
    most = f"，最长{rule.at_most.title}" if rule.at_most is not None else ""
    return f"{roles_words(pack, rule.by)}可依{'、'.join(rule.grounds)}决定{most}"


def never_words(pack: Pack, step: Step) -> str:
    return "；".join(f"{condition_words(pack, each.when, step)}时不得：{each.say}" for each in step.never)


def repeat_words(pack: Pack, step: Step) -> str:
    repeat = step.repeat
    if repeat is None:
        return "一次"
    parts = [repeat_text(step)]
    if repeat.start is not None:
        parts.append(f"自{term_words(pack, repeat.start, step)}")
    if repeat.until is not None:
        parts.append(f"至{term_words(pack, repeat.until, step)}")
    if repeat.keep_last:
        parts.append("末段不足一期也算一期")
    if repeat.source is not None:
        source = repeat.source
        parts.append(f"按{name_words(pack, source) if source.tail else steps_words(pack, (source.head,))}")
    if repeat.field in step.form:
        parts.append(f"按“{step.form[repeat.field].title}”")
    return "，".join(parts)


def field_words(pack: Pack, field: Field, step: Step | None = None) -> str:
    """A field in one line: its type, whether it is required, its choices and limits."""
    parts = [f"{TYPE_TITLES[field.type]}{'（可多选）' if field.many else '（多行）' if field.long else ''}"]
    if field.required:
        parts.append("必填")
    if field.when is not None:
        parts.append(f"{condition_words(pack, field.when, step)}时填写")
    if field.min is not None:
        parts.append(f"至少{chinese_value(field.min)}")
    if field.max is not None:
        parts.append(f"至多{chinese_value(field.max)}")
    if field.earliest is not None:
        parts.append(f"不早于{term_words(pack, field.earliest, step).removesuffix('内')}")
    if field.choices:
        parts.append(f"可选{'、'.join(choice.title for choice in field.choices)}")
    if field.of:
        columns = (f"{each.title}（{field_words(pack, each, step)}）" for each in field.of.values())
        parts.append(f"各列：{'；'.join(columns)}")
    if field.type is FieldType.ELIGIBILITY:
        whose = "、".join(name_words(pack, each, step) for each in field.whose) or "本人"
        intent = name_words(pack, field.intent, step) if isinstance(field.intent, Name) else field.intent
        parts.append(f"由程序按规定填写：{whose}，{intent}")
    if field.default is not None:
        parts.append(f"预填{chinese_value(field.default)}")
    parts += [
        f"{condition_words(pack, each.when, step) or '其他情形'}时预选{chinese_value(each.value)}"
        for each in field.suggest
    ]
    beside = (
        (field.differs, "改选须写明理由"),
        (field.sealed, f"保密，仅{roles_words(pack, field.sealed)}可见"),
        (field.heed, "有须核对的字句时提示"),
        (field.barred, f"不得是{'、'.join(BARRED[each] for each in field.barred if each in BARRED)}"),
        (field.counts, f"统计时另列“{field.counts}”"),
        (field.help, f"说明：{field.help}"),
    )
    return "，".join([*parts, *(text for written, text in beside if written)])


def shows_words(pack: Pack, step: Step) -> str:
    """What was written before and stands beside the form."""
    return "、".join(
        name_words(pack, name, step) if name.tail else steps_words(pack, (name.head,)) for name in step.shows
    )


def voters_words(step: Step) -> str:
    voters = step.voters
    if voters is None:
        return ""
    void = {"item": "只算这一项", "ballot": "整张无效"}
    said = [
        f"{voters.title}，至少{voters.at_least}人",
        f"没有选的：{void[voters.blank]}",
        f"选了两档的：{void[voters.double]}",
    ]
    return "；".join([*said, "可以写文字意见" if voters.remarks else "不写文字意见"])


def items_words(step: Step) -> str:
    if step.kind is Kind.APPRAISAL:
        return "、".join(each.title for each in step.items)
    return "、".join(
        f"{each.title}（满分{chinese_value(each.out_of)}"
        + (f"，占{chinese_value(each.weight)}%）" if each.weight else "）")
        for each in step.items
    )


def opens_words(pack: Pack, opens: Opens) -> str:
    parts = []
    if opens.event == REPLY_MARKED:
        named = "、".join(f"“{each}”" for each in opens.procedure)
        return f"规程{named}的答复发出以后，依据的决定有变动的，由人确认后开办"
    if opens.event:
        when = condition_words(pack, opens.when)
        parts.append(f"登记决定时{f'，符合{when}的，' if when else ''}自动开办")
    if opens.by:
        parts.append(f"由{roles_words(pack, opens.by)}开办")
    if opens.batch:
        parts.append(f"由批次“{opens.batch}”开办")
    if opens.procedure:
        parts.append(f"由规程{'、'.join(f'“{each}”' for each in opens.procedure)}开办")
    return "；".join(parts)


def next_words(pack: Pack, outcome: Outcome) -> str:
    """What an end opens."""
    said = []
    for each in outcome.opens:
        given = "、".join(name_words(pack, name) for name in each.gives.values())
        said.append(
            f"{'由人确认后' if each.offer else '随即'}启动“{each.procedure}”{f'，带去{given}' if given else ''}"
        )
    return "；".join(said)


def tells_words(pack: Pack, outcome: Outcome) -> str:
    return "；".join(
        f"{fact_title(key)}：{name_words(pack, each) if isinstance(each, Name) else chinese_value(each)}"
        for key, each in outcome.tells.items()
    )


def keeps_words(outcome: Outcome) -> str:
    keeps = outcome.keeps
    if keeps is None:
        return ""
    years = "永久保管" if keeps.years is None else f"保管{keeps.years}年"
    return f"{years}，期满{'归档' if keeps.then == 'archive' else '销毁'}"


def members_words(pack: Pack, members: Members | None) -> str:
    if members is None:
        return ""
    scope = condition_words(pack, members.scope)
    ready = f"，办到“{members.ready}”的可以纳入" if members.ready else ""
    named = "；".join(
        f"{USES[each.use]}“{each.title}”（{condition_words(pack, each.when)}）" for each in members.criteria.values()
    )
    tail = f"，条件：{named}" if named else ""
    return f"{JOIN[members.join]}“{members.procedure}”{f'，范围：{scope}' if scope else ''}{tail}{ready}"


def teams_words(step: Step) -> str:
    teams = step.teams
    if teams is None:
        return ""
    ranks = f"，组长职级不低于本人（{'、'.join(teams.ranks)}，从低到高）" if teams.ranks else ""
    return f"从“{teams.step}.{teams.rows}”里派，每组至少{teams.size}人{ranks}，{'可以' if teams.own_unit else '不'}派给本单位的人"


def kind_words(step: Step) -> str:
    return KIND_TITLES[step.kind]


def plain_words(value: Any) -> str:
    """A tuple of texts, a flag or a text."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, tuple):
        return "；".join(map(str, value))
    return "" if value is None else str(value)
