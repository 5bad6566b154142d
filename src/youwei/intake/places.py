"""Unit and post written in one cell, and the region a unit belongs to."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from youwei.intake.cells import closed

_HEADS = (
    "书记|主任科员|主任|主席|主委|局长|科长|股长|处长|厅长|部长|镇长|乡长|县长|区长|市长|州长|所长|站长|院长|校长|园长|馆长|社长|台长|"
    "队长|大队长|中队长|支队长|组长|村长|班长|连长|政委|教导员|指导员|秘书长|检察长|会长|理事长|董事长|监事长|总经理|经理|"
    "总工程师|总会计师|工程师|会计师|经济师|会计|出纳|科员|办事员|调研员|巡视员|督导员|科办员|职员|干部|干事|委员|成员|常委|代表|教师|老师|"
    "教授|讲师|医生|医师|护士长|护士|法官|检察官|民警|辅警|警员|警长|法警|执法员|协管员|审判员|书记员|员工|职工|工人|司机|文书|秘书|主管|负责人|"
    "村医|网格员|专干|管理员|工作人员|技术员|农艺师|审计师|庭长|行长|厂长|总监|顾问|董事|监事|党员"
)
_GRADE = r"(?:[一二三四]级|高级|中级|初级|正高级|副高级|助理)?"
_BODY = (
    r"(?:党委|党组|党总支|总支|党支部|支部|党工委|工委|纪委|纪检监察组|纪检组|纪工委|机关党委|村委会|居委会|村党支部|村党总支|村支部|"
    r"社区党支部|社区党总支|社区居委会|董事会|监事会|工会|团委|妇联|人大|政协|领导小组)?"
)
_ONE_POST = (
    rf"(?:原|时任|现任)?(?:村|社区)?{_BODY}(?:常务|第一|代理|挂职)?副?{_GRADE}(?:{_HEADS})(?:[（(][^（）()]*[）)])?"
)
_POST = re.compile(rf"(?:{_ONE_POST})(?:[、,，兼/和 ]+(?:{_ONE_POST}))*$")
_POST_END = re.compile(rf"(?:{_HEADS})(?:[（(][^（）()]*[）)])?$")
_UNIT_END = (
    "局|委员会|委|政府|办事处|街道|镇|乡|村|社区|医院|卫生院|学校|中学|小学|大学|学院|幼儿园|集团|公司|中心|站|所|队|院|厅|部|办公室|办|"
    "银行|协会|联合会|总工会|工会|妇联|团委|法院|检察院|支行|分行|分局|大队|支队|中队|组|处|科|股|室|馆|园|厂|社|台|会|联社|党校|党组|党委"
)
_ENDS_AS_UNIT = re.compile(rf"(?:{_UNIT_END})(?:[（(][^（）()]*[）)])?$")
#: An office inside a unit is no organ of its own. That of a government or committee (县政府办公室、区委办公室) is one.
_OFFICE = r"[^局委院府厅、，]{0,10}(?:办公室|科|股|室|处|中队)"
_WITHIN = re.compile(rf"({_OFFICE})(?P<post>{_ONE_POST}(?:[、,，兼/和 ]+{_ONE_POST})*)$")
_OFFICE_OF_A_UNIT = re.compile(rf".{{2,}}?(?:局|院|厅|公司|中心|学校|中学|小学)(?={_OFFICE}$)")
_OFFICES_ARE_ORGANS = re.compile(r"(?:政府|(?<![纪监])委|人大|政协)$")
_LEADS_OF = {
    "局长": "局",
    "镇长": "镇",
    "乡长": "乡",
    "院长": "院",
    "所长": "所",
    "站长": "站",
    "馆长": "馆",
    "队长": "队",
}
_REGION_PART = r"[^省市县区旗局委院部府厅、，（）()]{1,6}?(?:自治县|自治州|开发区|高新区|县|市|区|旗|州)"
_REGION = re.compile(
    rf"(?:[^省]{{2,6}}省)?((?:[^省市县区旗州局委院部府厅、，（）()]{{2,6}}(?:州|市))?)({_REGION_PART})?"
)
_NOT_REGION = re.compile(
    r"(?:社|小|校|园|景|库|辖|片|灾|牧|林|矿|城|院|营)区$|(?:超|门|夜|菜|股|上)市$|^本[县市区]$|郡县$"
)


@dataclass(frozen=True, slots=True)
class Place:
    """A unit, the post in it, and the region it is counted at. `doubt` says what should be looked at."""

    unit: str = ""
    post: str = ""
    region: str = ""
    doubt: str = ""


@dataclass(frozen=True)
class Gazetteer:
    """The organs and regions already known, for splitting."""

    organs: frozenset[str] = frozenset()
    regions: frozenset[str] = frozenset()
    longest: int = field(default=0)

    @classmethod
    def of(cls, organs: Iterable[str] = (), regions: Iterable[str] = ()) -> "Gazetteer":
        names = frozenset(closed(name) for name in organs)
        return cls(names, frozenset(closed(name) for name in regions), max(map(len, names), default=0))

    def known_prefix(self, text: str) -> str:
        """The longest known organ the text begins with, if nothing follows, or what reads as a post there or in an office of it."""
        for length in range(min(self.longest, len(text)), 1, -1):
            if text[:length] in self.organs and _stands_in(text[:length], text[length:].strip(" ，,、")):
                return text[:length]
        return ""


def _stands_in(organ: str, rest: str) -> bool:
    if not rest or _POST.fullmatch(rest):
        return True
    return not _OFFICES_ARE_ORGANS.search(organ) and bool(_WITHIN.fullmatch(rest))


NOWHERE = Gazetteer()


def region_of(unit: str, known: Gazetteer = NOWHERE) -> str:
    """The region a unit's name begins with (云台县民政局 → 云台县); empty when the name says none."""
    for length in range(min(12, len(unit)), 1, -1):
        if unit[:length] in known.regions and not (unit[length : length + 1] and unit[: length + 1] in known.regions):
            inner = region_of(unit[length:]) if length < len(unit) else ""
            return inner or unit[:length]
    found = _REGION.match(unit)
    if not found:
        return ""
    for part in (found[2], found[1]):
        if part and len(part) > 1 and not _NOT_REGION.search(part) and part not in {"城市", "县", "市", "区"}:
            return part
    return ""


def split_place(text: str, known: Gazetteer = NOWHERE) -> Place:
    """Split 单位及职务 into its two halves."""
    text = closed(text)
    if not text:
        return Place()
    prefix = known.known_prefix(text)
    if prefix:
        return Place(prefix, text[len(prefix) :].strip(" ，,、"), region_of(prefix, known))
    unit, post, doubt = _by_words(text)
    return Place(unit, post, region_of(unit, known), doubt)


def _by_words(text: str) -> tuple[str, str, str]:
    found = _POST.search(text)
    if not found or found.start() == 0:
        if _ENDS_AS_UNIT.search(text) or not found:
            return text, "", "" if _ENDS_AS_UNIT.search(text) else f"分不出单位和职务：{text[:20]}"
        return "", text, "只写了职务，没有单位"
    unit, post = text[: found.start()].rstrip(" ，,、"), found.group()
    if post.startswith(("村", "社区")) and not _ENDS_AS_UNIT.search(unit):
        moved = "村" if post.startswith("村") else "社区"
        unit, post = unit + moved, post[len(moved) :]
    if not _ENDS_AS_UNIT.search(unit):
        ending = _LEADS_OF.get(post)
        if ending:
            return unit + ending, post, f"“{text[-8:]}”按“{ending}”补全了单位名"
    inside = _OFFICE_OF_A_UNIT.match(unit)
    if inside:
        return unit, post, f"“{unit}”像是“{inside.group()}”的内设机构；是的话，请把单位改为“{inside.group()}”"
    return unit, post, ""


def reads_as_post(text: str) -> bool:
    """The text ends as a post does (局长、教师), so it is not only a unit."""
    return bool(_POST_END.search(text))


def reads_as_unit(text: str) -> bool:
    """The text ends as a unit's name does."""
    return bool(_ENDS_AS_UNIT.search(text)) and not reads_as_post(text)
