"""The one table of what may be written in a pack, at every depth. The strict reader and the JSON Schema both come from it.

A shape is a word (``text``, ``condition`` …) or a pair: ``("map", x)``, ``("list", x)``, ``("block", name)``,
``("one or list", x)``; ``("one of", …)`` is a closed list of words.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from youwei.rulebook.asking import INTENTS, Answer
from youwei.rulebook.pack_facts import FACTS
from youwei.rulebook.pack_parts import Use
from youwei.rulebook.pack_types import FieldType, Kind

Shape = str | tuple[Any, ...]

PLACES: Mapping[str, str] = {
    "subject": "本人或本单位",
    "subject's organ": "所在单位",
    "deciding organ": "作出决定的机关",
    "case organ": "承办机关",
    "organ above": "上级机关",
    "determining organ": "有认定权的机关",
    "organization organ": "组织部门",
    "organization organ above": "上级组织部门",
    "accountability organ": "有问责权的机关",
    "leading office": "领导小组办公室",
    "party committee": "党委",
}
#: Which accounts act for a role of a pack. Accounts hold few, broad roles; a pack names many.
HOLDERS: Mapping[str, str] = {
    "case_officer": "经办人",
    "leader": "分管领导",
    "unit": "所在单位党组织",
    "mentor": "帮带责任人",
    "organization": "组织部门干部",
}


#: What a step may be in the figures that every procedure shares.
COUNTED_AS: Mapping[str, str] = {
    "announced": "公开宣布",
    "file": "建档",
    "assessed": "期满考核",
}


#: What may be done to a decision, as a step of kind alteration names it.
ALTERATIONS: Mapping[str, str] = {
    "changed": "变更处分",
    "withdrawn": "撤销处分决定",
    "restored": "恢复党员权利",
    "extended": "延长留党察看",
}


#: Who may not be named in a field for a person, as far as the store can tell.
BARRED: Mapping[str, str] = {
    "subject": "本人",
    "handlers": "承办机关、决定机关的经办人和分管领导",
    "sanctioned": "登记在处分处理影响期内的同单位人员",
}


class Key(NamedTuple):
    shape: Shape
    doc: str
    required: bool = False


def one_of(*words: str) -> Shape:
    return ("one of", *words)


NAMES: Shape = ("one or list", "id")
TEXTS: Shape = ("one or list", "text")
FIELDS: Shape = ("map", ("block", "field"))

BLOCKS: Mapping[str, Mapping[str, Key]] = {
    "pack": {
        "procedure": Key("id", "规程的编号，英文小写加连字符", True),
        "title": Key("text", "规程名称", True),
        "version": Key("version", "版本，加引号写", True),
        "in_force": Key(("block", "in_force"), "何时起施行、何时失效", True),
        "issued_by": Key("text", "制定机关"),
        "basis": Key(TEXTS, "依据的文件"),
        "help": Key("text", "给经办人的一两句说明"),
        "area": Key("text", "导航里归在哪一类，如 回访教育"),
        "about": Key(
            ("one or list", one_of("decision", "person", "organ", "office", "letter", "batch")), "事项针对什么", True
        ),
        "opens": Key(("block", "opens"), "由什么启动", True),
        "roles": Key(("map", ("block", "role")), "谁来办", True),
        "local": Key(("one or list", "text"), "下级规程可以改动的位置"),
        "extends": Key("text", "沿用的上级规程及版本，如 visits@2018.03"),
        "restrictions": Key(("list", ("block", "restriction")), "分类管理：哪几类错误影响哪几种使用"),
        "year_of": Key("name", "事项的名称里写明哪一个日期的年份，如 arrange.from"),
        "matter": Key("text", "办的是哪一件事；几个规程办同一件事的，一份决定只启动一个"),
        "covers": Key(TEXTS, "只用于哪些单位的人员（随登记启动的，只用于哪些机关的决定），写名录里的名称"),
        "lists": Key(("map", ("map", "text")), "几个栏目共用的选项"),
        "papers": Key(("map", "text"), "各文书的名称"),
        "hold": Key(("block", "hold"), "可以中止计时的事由"),
        "stages": Key("stages", "阶段，按先后", True),
        "steps": Key(("map", ("block", "step")), "环节，按先后", True),
        "outcomes": Key(("map", ("block", "outcome")), "结局，从上到下第一个符合的成立", True),
        "members": Key(("block", "members"), "批次的成员"),
        "sealed": Key(("block", "sealed"), "整个规程保密，仅这些角色可见"),
        "holds_replies": Key(NAMES, "办结其中一个环节以前，不得对本人作“无不同意见”的答复"),
    },
    "restriction": {
        "problems": Key(TEXTS, "问题类别里含有哪些字", True),
        "intents": Key(("one or list", one_of(*INTENTS)), "影响哪几种使用", True),
        "answer": Key(one_of(Answer.BARRED, Answer.UNSETTLED), "不得使用，还是须由人核实（待核）", True),
        "say": Key("text", "说明理由的话", True),
    },
    "in_force": {"from": Key("date", "施行日期", True), "to": Key("date", "最后施行的一天")},
    "opens": {
        "event": Key(one_of("decision.recorded", "decision.altered", "reply.marked"), "发生什么事时启动"),
        "when": Key("condition", "符合什么条件才启动"),
        "by": Key(NAMES, "由哪个角色启动"),
        "batch": Key("id", "由哪个批次启动"),
        "procedure": Key(NAMES, "由哪个规程启动"),
    },
    "role": {
        "title": Key("text", "角色名称", True),
        "at": Key(one_of(*PLACES), "在哪个机关"),
        "named_in": Key(("one or list", "name"), "由哪一栏填写确定"),
        "held_by": Key(one_of(*HOLDERS), "由哪一种账号办理", True),
    },
    "hold": {
        "by": Key(NAMES, "谁可以中止", True),
        "grounds": Key(("list", "text"), "中止的事由", True),
        "at_most": Key("span", "最长多久"),
    },
    "exempt": {"by": Key(NAMES, "谁可以决定免办", True), "grounds": Key(("list", "text"), "免办的事由", True)},
    "prolong": {"by": Key(NAMES, "谁可以延长", True), "grounds": Key(("list", "text"), "延长的事由", True)},
    "stage": {"title": Key("text", "阶段名称"), "when": Key("condition", "符合什么条件才有这一阶段")},
    "members": {
        "procedure": Key("id", "成员事项的规程", True),
        "scope": Key("condition", "纳入的范围"),
        "join": Key(one_of("open", "existing", "open or existing"), "新开事项还是纳入在办事项"),
        "ready": Key("id", "成员办到哪个环节可以纳入"),
        "criteria": Key(("map", ("block", "criterion")), "在范围以内按哪些条件提出名单；经办人可以改"),
    },
    "criterion": {
        "title": Key("text", "条件的名称", True),
        "when": Key("condition", "条件，只用已知的情况", True),
        "use": Key(one_of(*Use), "怎样用：all 必须符合，any 符合其中一项即可，not 符合的不列入，off 不用"),
        "help": Key("text", "给经办人的一两句说明"),
    },
    "teams": {
        "of": Key("name", "人员登记在哪个环节的哪张表：姓名、单位、职级、应当回避的人", True),
        "leader": Key("id", "组长写入成员环节的哪一栏", True),
        "people": Key("id", "全组人员写入成员环节的哪一栏", True),
        "size": Key("integer", "每组至少几人"),
        "ranks": Key(("list", "text"), "职级，从低到高；组长不低于本人"),
        "own_unit": Key("flag", "写 true 即可以派给本单位的人"),
    },
    "sealed": {"to": Key(NAMES, "可见的角色", True)},
    "step": {
        "title": Key("text", "环节名称", True),
        "stage": Key("text", "属于哪个阶段", True),
        "kind": Key(one_of(*Kind), "种类，决定自带哪些栏目"),
        "by": Key("id", "由哪个角色办", True),
        "after": Key(NAMES, "在哪些环节之后；不写即上一个环节；opened 即启动时"),
        "before": Key(NAMES, "插在哪些环节之前（沿用上级规程时）"),
        "when": Key("condition", "符合什么条件才办"),
        "never": Key(("list", ("block", "never")), "不得有的情形"),
        "from": Key("term", "最早何时"),
        "due": Key("term", "应当何时办结"),
        "limit": Key("term", "法定最迟何时"),
        "warn": Key("span", "提前多久提醒"),
        "repeat": Key("repeat", "办几次"),
        "signs": Key(NAMES, "还须哪些角色签署"),
        "seen_by": Key(NAMES, "写了什么只给这些角色和办理、签署的人看；办没办、合格与否照常显示"),
        "on_paper": Key("flag", "写 false 即签署、审批只能由本人在系统里办，不能补录纸面签署"),
        "approves": Key(NAMES, "审批哪些环节的内容"),
        "returns": Key(NAMES, "可以退回到哪些环节"),
        "exempt": Key(("block", "exempt"), "可以免办的事由"),
        "must": Key("flag", "不得留空不办"),
        "hold": Key("flag", "写 false 即不因中止而顺延"),
        "distress": Key("flag", "写 false 即不设身心异常的关心和暂缓（谈话、回访、会议、测评）"),
        "prolong": Key(("block", "prolong"), "可以延长的事由"),
        "form": Key(FIELDS, "栏目"),
        "papers": Key(NAMES, "出哪些文书"),
        "help": Key("text", "给经办人的一两句说明"),
        "basis": Key(TEXTS, "本环节的依据"),
        "was": Key("id", "上一版本里的编号"),
        "shows": Key(("one or list", "text"), "填写时在旁边列出以前写的内容：环节，或者环节.栏目"),
        "reports": Key(NAMES, "按期报告哪些规程的事项：当期新立、办结的件数和结果由系统统计（repeat: every）"),
        "team": Key("integer", "至少几人（谈话、回访）"),
        "lands": Key(("block", "lands"), "批次中一次记录，落到各成员"),
        "teams": Key(("block", "teams"), "批次中分组：从回访人员里按规则提出各人的小组"),
        "procedure": Key("id", "启动哪个规程（kind: case）"),
        "waits": Key("flag", "等该规程办结才算办结（kind: case）"),
        "counts_as": Key(one_of(*COUNTED_AS), "各机关通用的统计里算作哪一项"),
        "alters": Key(one_of(*ALTERATIONS), "登记处分决定的哪一种变动（kind: alteration）"),
        "items": Key("items", "测评或考核的项目"),
        "options": Key(("list", "text"), "测评的档次"),
        "voters": Key(("block", "voters"), "谁参加测评"),
        "pass": Key("passes", "合格的条件（kind: score）"),
    },
    "never": {"when": Key("condition", "什么情形", True), "say": Key("text", "拒绝时说什么", True)},
    "lands": {"step": Key("id", "落到成员的哪个环节", True), "each": Key(("list", "id"), "逐人填写的栏目")},
    "voters": {
        "title": Key("text", "参加人", True),
        "at_least": Key("integer", "无记名投票最少要有几人、几张票；不足的改为署名意见", True),
        "blank": Key(one_of("item", "ballot"), "有一项没有选：该项弃权（item，不写即此），还是整张无效（ballot）"),
        "double": Key(one_of("item", "ballot"), "有一项选了两档：该项无效（item，不写即此），还是整张无效（ballot）"),
        "remarks": Key("flag", "写 false 即票上不能写文字意见"),
    },
    "item": {
        "title": Key("text", "项目名称"),
        "out_of": Key("number", "满分"),
        "weight": Key("number", "权重（百分数）"),
    },
    "every": {
        "every": Key("span", "每隔多久", True),
        "from": Key("term", "从哪天起", True),
        "until": Key("term", "到哪天止", True),
        "last": Key(one_of("keep", "drop"), "末段不足一期时是否保留"),
    },
    "next": {"next": Key("id", "写明下次日期的栏目", True), "until": Key("term", "到哪天止")},
    "each": {"each": Key("text", "逐条对应的环节或栏目", True)},
    "field": {
        "title": Key("text", "栏目名称", True),
        "type": Key(one_of(*FieldType), "栏目类型", True),
        "required": Key("flag", "必填"),
        "when": Key("condition", "符合什么条件才填"),
        "min": Key("number", "最小值或最少几个（字）"),
        "max": Key("number", "最大值或最多几个（字）"),
        "earliest": Key("term", "日期栏最早可以是哪天，如 5 working days after publish.on"),
        "choices": Key("choices", "选项"),
        "list": Key("text", "共用选项的名称"),
        "many": Key("flag", "可选多个"),
        "of": Key("columns", "表格的列；adverse 即不利事实表；资格查询针对谁：subject，或者写明人员的栏目"),
        "intent": Key("text", "资格查询问哪一种使用，或者写明它的栏目"),
        "default": Key("value", "预填的值"),
        "suggest": Key(("list", ("block", "suggest")), "按条件预选，经办人可改"),
        "differs": Key("id", "选得与预选不同时，在哪一栏写明理由"),
        "sealed": Key(NAMES, "保密，仅这些角色可见"),
        "heed": Key("text", "共用选项的名称：文字里有这些字句的，提示核对"),
        "help": Key("text", "填写说明"),
        "long": Key("flag", "多行文字"),
        "not": Key(("one or list", one_of(*BARRED)), "不得是哪些人（人员栏）"),
        "counts": Key("text", "办理情况统计时另列的一栏（是否、选择）"),
    },
    "suggest": {"value": Key("value", "预选的值", True), "when": Key("condition", "在什么条件下")},
    "outcome": {
        "title": Key("text", "结局名称", True),
        "after": Key(NAMES, "哪些环节办结后即可成立；不写即全部办结"),
        "when": Key("condition", "符合什么条件"),
        "opens": Key(("one or list", ("block", "outcome_opens")), "随之启动什么"),
        "tells": Key(("block", "tells"), "告知同一决定的其他事项的事实"),
        "counts": Key("text", "统计时计入哪一项"),
        "admits": Key("flag", "以此结局办结的，可以作出问责决定并引用这一事项"),
        "keeps": Key(("block", "keeps"), "保管期限"),
    },
    "outcome_opens": {
        "procedure": Key("id", "启动的规程", True),
        "offer": Key("flag", "由人确认后才启动"),
        "with": Key(("map", "name"), "带去的内容"),
    },
    "tells": {name: Key("value", fact.title) for name, fact in FACTS.items() if fact.tellable},
    "keeps": {
        "years": Key("years", "保管年数或 forever", True),
        "from": Key(one_of("ended_on"), "从哪天算"),
        "then": Key(one_of("archive", "destroy"), "期满后"),
    },
}
CHILD_OPTIONAL = frozenset({"about", "opens", "roles", "stages", "steps", "outcomes"})
STEP_OPTIONAL_IN_CHILD = frozenset({"title", "stage", "by"})
FIELD_OPTIONAL_IN_CHILD = frozenset({"title", "type"})
