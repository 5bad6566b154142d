"""The closed catalogue of facts a pack may read. A rare question is a yes-or-no fact here, never code in a pack."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from youwei.rulebook.asking import INTENTS
from youwei.rulebook.law import load_law
from youwei.rulebook.pack_types import FieldType


class Fact(NamedTuple):
    title: str
    type: FieldType
    choices: tuple[str, ...] = ()
    many: bool = False
    tellable: bool = False  # an outcome may tell it to other cases: nothing else in the program works it out
    listed: bool = False  # worked out only where the list of a batch is drawn up: no step may ask for it
    answers: bool = False  # that it is absent says no; of any other fact it says that nobody knows


T = FieldType.TEXT
MEASURE_TITLES = tuple(dict.fromkeys(each.title for each in load_law().measures.values()))
PERSON_TITLES = tuple(each.title for each in load_law().persons.values())
FACTS: Mapping[str, Fact] = {
    "decision.made_on": Fact("作出决定之日", FieldType.DATE),
    "decision.effective_on": Fact("决定生效之日", FieldType.DATE),
    "decision.served_on": Fact("送达之日", FieldType.DATE, tellable=True),
    "decision.year_start": Fact("决定当年首日", FieldType.DATE),
    "decision.class": Fact(
        "处分处理类别", FieldType.CHOICE, ("党纪处分", "政务处分", "组织处理", "诫勉", "第一种形态"), many=True
    ),
    "decision.measure": Fact("处分处理种类", T, many=True),
    "decision.kind": Fact("处分处理种类（法定名称）", FieldType.CHOICE, MEASURE_TITLES, many=True),
    "decision.weight": Fact("轻重", FieldType.CHOICE, ("轻", "重"), answers=True),
    "decision.form": Fact("形态", FieldType.CHOICE, ("第一种", "第二种", "第三种", "第四种")),
    "decision.number": Fact("文号", T),
    "decision.announced_on": Fact("宣布之日", FieldType.DATE, tellable=True),
    "decision.announced_at": Fact("宣布地点", T, many=True, tellable=True),
    "decision.announced_to": Fact("宣布范围", T, many=True, tellable=True),
    "decision.dereliction": Fact("属失职失责", FieldType.YESNO, tellable=True),
    "decision.changed": Fact("决定已变更", FieldType.YESNO, answers=True),
    "decision.lightened": Fact("决定已减轻", FieldType.YESNO, answers=True),
    "decision.withdrawn": Fact("决定已撤销", FieldType.YESNO, answers=True),
    "decision.due": Fact("决定期限", FieldType.DATE),
    "decision.problem": Fact("问题类别", T, listed=True),
    "person.in_service": Fact("在职", FieldType.YESNO, listed=True),
    "person.post": Fact("职务", T, many=True, listed=True),
    "person.visited_on": Fact("最近一次回访之日", FieldType.DATE, listed=True, answers=True),
    "person.managed_by": Fact("干部管理权限", FieldType.CHOICE, ("省管", "市管", "县管", "单位管")),
    "person.rank": Fact("职级", T),
    "person.kind": Fact("人员类别", T),
    "person.class": Fact("人员类别（法定类别）", FieldType.CHOICE, PERSON_TITLES),
    "person.age": Fact("年龄", FieldType.NUMBER),
    "person.name": Fact("姓名", T),
    "person.died_on": Fact("去世之日", FieldType.DATE, answers=True),
    "person.retired_on": Fact("退休之日", FieldType.DATE, answers=True),
    "person.left_on": Fact("离开公职之日", FieldType.DATE, answers=True),
    "period.starts_on": Fact("影响期起始之日", FieldType.DATE, answers=True),
    "period.ends_on": Fact("影响期届满之日", FieldType.DATE, answers=True),
    "period.running": Fact("影响期未满", FieldType.YESNO, answers=True),
    "period.restored": Fact("已恢复权利", FieldType.YESNO, answers=True),
    "assessment.ends_on": Fact("影响年度考核的最后一年末日", FieldType.DATE),
    "probation.ends_on": Fact("留党察看期满之日", FieldType.DATE, answers=True),
    "probation.extended": Fact("留党察看已延长", FieldType.YESNO, answers=True),
    "probation.extended_by": Fact("留党察看延长", T, answers=True),
    "organ.subject": Fact("所在单位", FieldType.ORGAN),
    "organ.deciding": Fact("作出决定的机关", FieldType.ORGAN),
    "organ.case": Fact("承办机关", FieldType.ORGAN),
    "organ.above": Fact("上级机关", FieldType.ORGAN),
    "organ.determining": Fact("有认定权的机关", FieldType.ORGAN),
    "organ.determines": Fact("承办机关有认定权", FieldType.YESNO, answers=True),
    "organ.organization": Fact("组织部门", FieldType.ORGAN),
    "organ.organization_above": Fact("上级组织部门", FieldType.ORGAN),
    "organ.accountability": Fact("有问责权的机关", FieldType.ORGAN),
    "organ.leading": Fact("领导小组办公室", FieldType.ORGAN),
    "organ.committee": Fact("党委", FieldType.ORGAN),
    "letter.from": Fact("来函机关", T),
    "letter.number": Fact("来函文号", T),
    "letter.person": Fact("答复所及的人员", FieldType.PERSON),
    "letter.intent": Fact("来函的使用意向", FieldType.CHOICE, tuple(INTENTS)),
    "letter.replied_on": Fact("原答复的查询日期", FieldType.DATE),
    "letter.words": Fact("原答复的意见", T),
    "letter.doubt": Fact("依据的决定有何变动", T),
    "subject.kind": Fact("对象", FieldType.CHOICE, ("person", "organ", "office", "letter", "batch")),
    "subject.person": Fact("本人", FieldType.PERSON),
}
LETTER_FACTS = ("letter.from", LETTER_NUMBER := "letter.number")
"""What is said of a letter when a case about it is opened."""
REPLY_FACTS = tuple(name for name in FACTS if name.startswith("letter.") and name not in LETTER_FACTS)
"""What a case that puts a reply right begins with: of whom it was, what it said, and what has changed since."""
DIED_ON = "person.died_on"
"""Nothing is opened about the dead, and death ends what is open, but for procedures that ask for this."""
ROOTS = frozenset(name.partition(".")[0] for name in FACTS)
RESERVED = ROOTS | {"with", "row", "self", "opened", "case"}

PLACE_FACTS: Mapping[str, str] = {
    "subject": "organ.subject",
    "subject's organ": "organ.subject",
    "deciding organ": "organ.deciding",
    "case organ": "organ.case",
    "organ above": "organ.above",
    "determining organ": "organ.determining",
    "organization organ": "organ.organization",
    "organization organ above": "organ.organization_above",
    "accountability organ": "organ.accountability",
    "leading office": "organ.leading",
    "party committee": "organ.committee",
}


def fact_title(name: str) -> str:
    return FACTS[name].title if name in FACTS else name
