"""Invented people: names put together from two lists, no name borne twice; identity numbers begin with 99, a place that does not exist."""

from datetime import date, datetime, timedelta
from itertools import count
from random import Random

from youwei.config.demo.places import AREAS, CITY, Places
from youwei.intake.identity import check_digit
from youwei.journal.actors import SHELL
from youwei.organs.models import Organ
from youwei.people.commands import build, register_many
from youwei.people.models import Person

SURNAMES = "柳单解仇查曾石江柏闻岳宁程桑梅简顾祝谷骆冷楚燕麦池路边向游莫屈景甘童尚"
GIVEN = (
    "不凡", "云鹤", "望舒", "良木", "国柳", "一苇", "听松", "晚舟", "知秋", "青野", "怀瑾", "临风", "若谷", "听泉", "远山", "初晴", "书田", "半夏",
    "行简", "见山", "以宁", "南乔", "扶桑", "星野", "长庚", "暮云", "清川", "松石", "小满", "立冬", "白露", "谷雨", "映雪", "澄江", "牧之", "抱朴",
)  # fmt: skip
PEOPLE_IN_CITY = 26
PEOPLE_IN_AREA = {"青溪区": 24, "望江区": 14}
OTHERS = 17
RANKS = {"市管干部": "县处级", "区管干部": "乡科级"}
HEADS: dict[str, tuple[str, ...]] = {
    "department": ("局长", "副局长"), "school": ("校长", "副校长"), "university": ("院长", "副院长"), "enterprise": ("董事长", "副总经理"),
    "street": ("党工委书记", "办事处副主任"), "town": ("党委书记", "镇长", "副镇长"), "committee": ("书记", "副书记"),
}  # fmt: skip
POSTS: dict[str, tuple[str, ...]] = {
    "department": ("办公室科员", "业务科科员"), "school": ("教师", "总务处职员"), "university": ("教师", "后勤处职员"),
    "enterprise": ("工程部职员", "财务部职员"), "street": ("党政办科员",), "town": ("财政所职员", "党政办科员"),
    "village": ("党支部书记、村委会主任", "村委会副主任", "村会计"), "committee": ("办公室科员",),
}  # fmt: skip
KINDS = {"village": "村干部", "school": "事业单位人员", "university": "事业单位人员", "enterprise": "国有企业管理人员"}


def build_people(places: Places, *, random: Random, on: date, at: datetime) -> dict[str, list[Person]]:
    """The people of the city's own units and of each area, by area."""
    names = [f"{surname}{given}" for surname in SURNAMES for given in GIVEN]
    random.shuffle(names)
    serial = count(1)
    found: dict[str, list[Person]] = {}
    for area in (CITY, *AREAS):
        wanted = PEOPLE_IN_CITY if area == CITY else PEOPLE_IN_AREA.get(area, OTHERS)
        units = places.units[area]
        rows = [
            _person(names.pop(), units[number % len(units)], number, next(serial), random, on)
            for number in range(wanted)
        ]
        found[area] = register_many(rows, by=SHELL, on=on, at=at)
    return found


def _person(name: str, unit: Organ, number: int, serial: int, random: Random, on: date) -> Person:
    woman = random.random() < 0.3
    born = date(on.year - random.randint(32, 58), 1, 1) + timedelta(days=random.randint(0, 364))
    managed = _managed_by(unit, number)
    post = random.choice((HEADS if managed in RANKS else POSTS)[unit.kind])
    return build(
        organ=unit, identity=identity(born, serial, woman=woman), name=name, sex="女" if woman else "男", born_on=born, born_day_known=True,
        ethnicity="汉族" if random.random() < 0.9 else "土家族", politics="中共党员" if number % 9 else "群众",
        joined_on=date(born.year + 24, 7, 1) if number % 9 else None, kind=KINDS.get(unit.kind, "公务员"),
        rank=_rank(post, managed), managed_by=managed, post=post,
        shelf=f"{serial // 40 + 1}-{serial % 40 + 1}" if serial % 3 == 0 else "",
    )  # fmt: skip


def _rank(post: str, managed: str) -> str:
    """The rank that goes with a post."""
    if managed in RANKS:
        return f"{RANKS[managed]}{'副职' if '副' in post else '正职'}"
    return "一级科员" if post.endswith("科员") else ""


def _managed_by(unit: Organ, number: int) -> str:
    if unit.kind == "village":
        return "其他"
    if unit.level == "city":
        return "市管干部" if number % 4 else "其他"
    return "市管干部" if number % 7 == 0 else ("区管干部" if number % 3 else "其他")


def identity(born: date, serial: int, *, woman: bool) -> str:
    """A well-formed number of a place that does not exist."""
    order = serial * 2 % 1000 + (0 if woman else 1)
    body = f"99{serial % 20:02d}00{born:%Y%m%d}{order:03d}"
    return body + check_digit(body)
