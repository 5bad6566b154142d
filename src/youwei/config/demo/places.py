"""Organs and accounts of the demonstration city."""

from dataclasses import dataclass, field
from datetime import date, datetime

from django.contrib.auth.hashers import make_password

from youwei.journal.actors import SHELL, Actor
from youwei.organs import commands
from youwei.organs.models import Account, Organ, Role

CITY = "云川市"
MENTORED = "青溪区财政局"  # the bureau whose Party group and mentor have accounts
AREAS = ("石桥县", "白鹭市", "望江区", "青溪区", "高新区", "临湖县", "云台县")
KIND = Organ.Kind
CITY_UNITS = (
    ("财政局", KIND.DEPARTMENT), ("水利局", KIND.DEPARTMENT), ("自然资源局", KIND.DEPARTMENT), ("公安局", KIND.DEPARTMENT),
    ("教育局", KIND.DEPARTMENT), ("第一中学", KIND.SCHOOL), ("中心医院", KIND.SCHOOL),
)  # fmt: skip
CITY_OWN = (
    ("云川水务集团有限公司", KIND.ENTERPRISE),
    ("云川学院", KIND.UNIVERSITY),
    ("云川市市直机关工委", KIND.COMMITTEE),
)
AREA_UNITS = (
    ("财政局", KIND.DEPARTMENT), ("住房和城乡建设局", KIND.DEPARTMENT), ("农业农村局", KIND.DEPARTMENT), ("民政局", KIND.DEPARTMENT),
    ("实验小学", KIND.SCHOOL),
)  # fmt: skip
# Each area: towns or streets with their villages.
GRASSROOTS: dict[str, tuple[tuple[str, tuple[str, ...]], ...]] = {
    "石桥县": (("石拱镇", ("上塘村", "下塘村")), ("枫林乡", ("枫岭村",))),
    "白鹭市": (("鹭洲镇", ("芦苇村", "渡头村")), ("白沙街道", ("沙湾社区",))),
    "望江区": (("望江楼街道", ("江声社区",)), ("柳渡镇", ("柳湾村", "麦田村"))),
    "青溪区": (("溪口镇", ("溪上村", "竹影村")), ("清泉街道", ("泉眼社区",))),
    "高新区": (("科创街道", ("创新社区",)),),
    "临湖县": (("湖心镇", ("荷塘村",)), ("苇荡乡", ("苇叶村",))),
    "云台县": (("云脚镇", ("云脚村", "茶坡村")),),
}
# username, name, title, role, organ, and what the demo says of it
WHO = (
    ("chensiyuan", "陈思源", "案件审理室四级主任科员", Role.CASE_OFFICER, "青溪区纪委监委", "青溪区纪委监委案件审理室经办人"),
    ("luoqiuyue", "骆秋月", "案件审理室三级主任科员", Role.CASE_OFFICER, "青溪区纪委监委", "青溪区纪委监委另一经办人（试代理、移交）"),
    ("cenboan", "岑泊安", "区纪委副书记、区监委副主任", Role.LEADER, "青溪区纪委监委", "青溪区纪委监委分管领导"),
    ("shenzhixing", "沈知行", "案件审理室一级主任科员", Role.CASE_OFFICER, "云川市纪委监委", "云川市纪委监委案件审理室经办人"),
    ("luyuanzhou", "陆远舟", "市纪委副书记、市监委副主任", Role.LEADER, "云川市纪委监委", "云川市纪委监委分管领导"),
    ("baiyunfan", "柏云帆", "综合室干部", Role.CASE_OFFICER, "高新区纪检监察工委", "高新区纪检监察工委经办人"),
    ("zhuotianqing", "卓天晴", "派驻组副组长", Role.CASE_OFFICER, "云川市财政局", "市纪委监委派驻市财政局纪检监察组经办人"),
    ("hexinglan", "贺星澜", "机关党委书记", Role.UNIT, "青溪区财政局", "青溪区财政局党组（所在单位）"),
    ("wenruoshui", "温若水", "副局长", Role.MENTOR, "青溪区财政局", "青溪区财政局帮带责任人"),
    ("mengtingyu", "孟听雨", "干部监督科科长", Role.ORGANIZATION, "青溪区委组织部", "青溪区委组织部"),
    ("jiqinghe", "纪清和", "干部监督处处长", Role.ORGANIZATION, "云川市委组织部", "云川市委组织部"),
    ("yelanting", "叶兰汀", "市委常委、市纪委书记", Role.UPPER_VIEWER, "云川市纪委监委", "云川市纪委主要领导（只读）"),
    ("xitong", "庄系统", "信息中心", Role.SYSTEM_ADMIN, "云川市", "系统管理员"),
    ("anquan", "安守全", "信息中心", Role.SECURITY_ADMIN, "云川市", "安全管理员"),
    ("shenji", "沈计明", "机关纪委", Role.AUDITOR, "云川市", "审计管理员"),
)  # fmt: skip


@dataclass
class Places:
    """The organs by their names, and the accounts by theirs."""

    organs: dict[str, Organ] = field(default_factory=dict)
    units: dict[str, list[Organ]] = field(default_factory=dict)
    accounts: dict[str, Account] = field(default_factory=dict)

    def office(self, area: str) -> Organ:
        """The organ of discipline of an area, or of the city."""
        return self.organs["高新区纪检监察工委" if area == "高新区" else f"{area}纪委监委"]

    def actor(self, username: str) -> Actor:
        account = self.accounts[username]
        return Actor(account.name, account.pk)


def build_places(*, on: date, at: datetime, word: str) -> Places:
    """Enter all organs, and the accounts with their roles."""
    places = Places()

    def enter(name: str, kind: str, parent: Organ | None, level: str) -> Organ:
        organ = commands.create_organ(name=name, kind=kind, parent=parent, level=level, by=SHELL, on=on, at=at)
        places.organs[name] = organ
        return organ

    city = enter(CITY, KIND.REGION, None, Organ.Level.CITY)
    enter(f"{CITY}纪委监委", KIND.COMMISSION, city, Organ.Level.CITY)
    enter(f"{CITY}委组织部", KIND.ORGANIZATION, city, Organ.Level.CITY)
    named = [(f"{CITY}{name}", kind) for name, kind in CITY_UNITS]
    places.units[CITY] = [enter(name, kind, city, Organ.Level.CITY) for name, kind in (*named, *CITY_OWN)]
    enter("市纪委监委派驻市财政局纪检监察组", KIND.DISPATCHED, places.organs["云川市财政局"], Organ.Level.CITY)
    for area in AREAS:
        region = enter(area, KIND.REGION, city, Organ.Level.COUNTY)
        work = area == "高新区"
        enter(
            f"{area}纪检监察工委" if work else f"{area}纪委监委",
            KIND.WORK_COMMISSION if work else KIND.COMMISSION,
            region,
            Organ.Level.COUNTY,
        )
        enter(f"{area}党工委组织部" if work else f"{area}委组织部", KIND.ORGANIZATION, region, Organ.Level.COUNTY)
        places.units[area] = [enter(f"{area}{name}", kind, region, Organ.Level.COUNTY) for name, kind in AREA_UNITS]
        for name, villages in GRASSROOTS[area]:
            town = enter(name, KIND.STREET if name.endswith("街道") else KIND.TOWN, region, Organ.Level.TOWN)
            below = [enter(village, KIND.VILLAGE, town, Organ.Level.VILLAGE) for village in villages]
            places.units[area] += [town, *below]
    enter_accounts(places, on=on, at=at, word=word)
    return places


def enter_accounts(places: Places, *, on: date, at: datetime, word: str) -> None:
    """The accounts of the demonstration; one hash for all, since they share one word."""
    for username, name, title, role, organ, _ in WHO:
        account = commands.create_account(username=username, name=name, title=title)
        commands.grant(account=account, role=role, organ=places.organs[organ], by=SHELL, on=on, at=at)
        places.accounts[username] = account
    Account.objects.filter(username__in=list(places.accounts)).update(password=make_password(word))
