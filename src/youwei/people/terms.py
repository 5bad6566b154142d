"""The terms a name is found by. Pure: surnames read as surnames (单 shàn, 解 xiè), and several readings are kept where a character has them."""

from collections.abc import Sequence
from functools import lru_cache
from importlib import import_module
from itertools import islice, product

# Surnames whose usual reading is not the one a surname has; where two are heard, both, the likelier first.
SURNAMES: dict[str, tuple[str, ...]] = {
    "单": ("shan",), "解": ("xie",), "仇": ("qiu",), "查": ("zha",), "曾": ("zeng",), "朴": ("piao",), "区": ("ou",),
    "盖": ("ge", "gai"), "覃": ("qin", "tan"), "缪": ("miao",), "尉": ("wei", "yu"), "员": ("yun",), "繁": ("po",),
    "黑": ("he", "hei"), "洗": ("xian",), "折": ("she",), "宓": ("mi", "fu"), "翟": ("zhai", "di"), "乐": ("yue", "le"),
    "召": ("shao",), "种": ("chong",), "秘": ("bi",), "祭": ("zhai", "ji"), "隗": ("wei", "kui"), "郇": ("xun", "huan"),
    "郗": ("xi", "chi"), "谌": ("chen", "shen"), "柏": ("bai", "bo"), "卜": ("bu",), "都": ("du",), "长": ("chang",),
    "佴": ("nai",), "牟": ("mu", "mou"), "重": ("chong",), "薄": ("bo",), "角": ("jue",), "参": ("shen",),
}  # fmt: skip
DOUBLE: dict[str, tuple[str, str]] = {
    "尉迟": ("yu", "chi"), "单于": ("chan", "yu"), "万俟": ("mo", "qi"), "长孙": ("zhang", "sun"), "澹台": ("tan", "tai"),
    "令狐": ("ling", "hu"), "夏侯": ("xia", "hou"), "钟离": ("zhong", "li"), "宇文": ("yu", "wen"), "呼延": ("hu", "yan"),
}  # fmt: skip
MOST_READINGS = 8
MOST_OF_A_CHARACTER = 2


@lru_cache(maxsize=8192)
def _readings(character: str) -> tuple[str, ...]:
    # Its tables take half a second to load, and most processes of the shell read no name.
    pypinyin = import_module("pypinyin")
    found = pypinyin.pinyin(character, style=pypinyin.Style.NORMAL, heteronym=True, errors="ignore")
    readings = tuple(dict.fromkeys(reading.replace("ü", "v") for reading in found[0] if reading)) if found else ()
    return readings[:MOST_OF_A_CHARACTER]


def bare(name: str) -> str:
    """A name as it is searched: no blanks, no dots between its parts, small letters."""
    return "".join(character for character in name if character.isalnum()).lower()


def readings(name: str) -> list[tuple[str, ...]]:
    """Likely readings of a whole name, the first the likeliest."""
    choices: list[Sequence[str]] = [_readings(character) or (character,) for character in bare(name)]
    if name[:2] in DOUBLE and len(name) > 2:
        choices[:2] = [(part,) for part in DOUBLE[name[:2]]]
    elif name[:1] in SURNAMES:
        choices[0] = SURNAMES[name[0]]
    return list(islice(product(*choices), MOST_READINGS))


def terms(name: str) -> set[str]:
    """Every key of a name: each character, each pair, the whole; full pinyin and initials. 吕 is found as lv and as lyu."""
    plain = bare(name)
    keys = set(plain) | {plain[place : place + 2] for place in range(len(plain) - 1)} | {plain}
    for reading in readings(plain):
        sounds = "".join(reading)
        keys |= {sounds, sounds.replace("v", "yu"), "".join(part[0] for part in reading)}
    return {key for key in keys if key}
