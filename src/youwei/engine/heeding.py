"""Words that are pointed out where they stand in a text: those of a list of the pack, and a few shapes a list may name.

Nothing is decided by it. A shape is named by its Chinese word; in any other word of a list, 某 stands for up to six characters.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from youwei.rulebook.pack_types import Field, Pack, Step

SURNAMES = (
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹章苏潘葛范彭鲁韦马方任袁柳鲍史唐费岑薛雷贺倪汤殷罗毕郝安乐于傅齐康伍余顾"
    "孟黄穆萧尹姚邵汪祁毛戴宋庞熊纪舒屈项祝董梁杜阮季贾江郭梅林钟徐邱骆高夏蔡田樊胡凌霍万柯卢莫房丁邓洪包石崔龚程陆翁段侯武刘龙叶黎白赖乔谭温廖曾沙"
)
SHAPES: Mapping[str, str] = {
    "手机号码": r"(?<!\d)1[3-9]\d{9}(?!\d)",
    "固定电话": r"(?<!\d)(?:0\d{2,3}[-－—])?[2-8]\d{6,7}(?!\d)",
    "身份证号": r"(?<!\d)\d{17}[\dXx](?!\d)|(?<!\d)\d{15}(?!\d)",
    "电子邮箱": r"[A-Za-z0-9_.+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+",
    "门牌地址": r"[\u4e00-\u9fa5]{1,8}(?:路|街|巷|弄|组|小区|村)\d+(?:号|幢|栋|室)",
    "隐名称呼": rf"[{SURNAMES}]某{{1,2}}|[{SURNAMES}][\u4e00-\u9fa5]{{0,2}}(?:先生|女士|老师)",
}
ANY = "某"
MOST_BETWEEN = 6


@dataclass(frozen=True, slots=True)
class Heeded:
    """What was found in one field for one reason."""

    step: str
    field: str
    words: tuple[str, ...]
    why: str


def heeded(pack: Pack, step: Step, values: Mapping[str, Any]) -> list[Heeded]:
    """What is to be looked at in the texts of one record, in the order of its form and of the list."""
    return [each for field in step.form.values() if field.heed for each in _in_field(pack, step, field, values)]


def _in_field(pack: Pack, step: Step, field: Field, values: Mapping[str, Any]) -> Iterator[Heeded]:
    said = "\n".join(_texts(values.get(field.id)))
    for word in pack.lists.get(field.heed, ()):
        found = dict.fromkeys(match.group() for match in _pattern(word.id).finditer(said))
        if found:
            yield Heeded(step.title, field.title, tuple(found), word.title)


def _texts(value: Any) -> Iterator[str]:
    """Every text in a value: of a table, that of each cell."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from _texts(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _texts(each)


@cache
def _pattern(word: str) -> re.Pattern[str]:
    if word in SHAPES:
        return re.compile(SHAPES[word])
    between = rf"[^\n。；]{{0,{MOST_BETWEEN}}}?"
    return re.compile(between.join(re.escape(part) for part in word.split(ANY)))
