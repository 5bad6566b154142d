"""Recognising measures as ledgers write them: full width, spaces, brackets, 处分 or 决定 at the end, 一/1/壹 years."""

import re
import unicodedata
from collections.abc import Mapping

SEPARATORS = re.compile(r"[、,;/+\n\r|]|[和及并](?=[^和及并]{2,})|\s{2,}")
LEADS = ("给予其", "给予", "予以", "受到", "党内的", "并处", "同时")
TAILS = ("处分决定", "处分", "处理决定", "处理", "决定", "一次")
NUMBERS = (
    ("壹", "一"),
    ("贰", "二"),
    ("两年", "二年"),
    ("1年", "一年"),
    ("2年", "二年"),
    ("12个月", "一年"),
    ("24个月", "二年"),
)
EMPTY = frozenset({"", "无", "-", "--", "—", "/", "否", "未给予", "不予", "空"})


def plain(text: str) -> str:
    """The text as names are compared: width and spaces normalised, brackets opened, numbers in one spelling."""
    found = unicodedata.normalize("NFKC", text)
    found = "".join(each for each in found if not each.isspace() and each not in "()[]〔〕【】“”\"'。.·:")
    for old, new in NUMBERS:
        found = found.replace(old, new)
    return found


def shorter(name: str) -> list[str]:
    """The name, then the name without a lead (给予) and without a tail (处分)."""
    bare = [name, *(name.removeprefix(lead) for lead in LEADS if name.startswith(lead) and name != lead)]
    return bare + [each.removesuffix(tail) for each in bare for tail in TAILS if each.endswith(tail) and each != tail]


class NameIndex:
    """All spellings of all measures, prepared once; unknown spellings are remembered too, up to a bound."""

    __slots__ = ("_by_family", "_by_name", "_seen")

    MOST_SEEN = 5_000

    def __init__(self, names: Mapping[str, str], by_family: Mapping[tuple[str, str], str]) -> None:
        self._by_name = {plain(name): measure for name, measure in names.items()}
        self._by_family = {(family, plain(name)): measure for (family, name), measure in by_family.items()}
        self._seen: dict[tuple[str, str], str | None] = {}

    def find(self, text: str, family: str) -> str | None:
        """The measure's id, or None."""
        key = (text, family)
        if key in self._seen:
            return self._seen[key]
        found = self._look(plain(text), family)
        if len(self._seen) < self.MOST_SEEN:
            self._seen[key] = found
        return found

    def _look(self, name: str, family: str) -> str | None:
        for each in shorter(name):
            found = self._by_family.get((family, each)) or self._by_name.get(each)
            if found is not None:
                return found
        return None


def parts(text: str) -> list[str]:
    """A cell that names several measures, cut apart; words that mean none are left out."""
    found = unicodedata.normalize("NFKC", text)
    pieces = [each.strip() for each in SEPARATORS.split(found)]
    return [each for each in pieces if each not in EMPTY]


def is_empty(text: str) -> bool:
    """Whether a cell says that there is no measure."""
    return unicodedata.normalize("NFKC", text).strip() in EMPTY
