"""Finding the header row and saying, for each column, which field it fills, how sure that is, and why."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace

from youwei.intake.cells import Cell, closed, plain, squeezed
from youwei.intake.fields import BY_KEY, FIELDS, LEFT_OUT, MEASURE_FIELDS, TELLING, looks_like
from youwei.intake.places import reads_as_post, reads_as_unit

SURE, ASK, SKIP = "确定", "请确认", "不导入"
HEADER_DEPTH = 30
_NOISE = re.compile(
    r"[*＊:：\s]|[（(](?:必填|选填|年月日?|年/月/日|格式.*?|例.*?|下拉.*?|单选|多选|岁|如.*?|xxxx.*?|yyyy.*?)[)）]",
    re.IGNORECASE,
)
_EXACT: dict[str, str] = {}
_PATTERNS = [(re.compile(field.pattern), field.key, field.kind) for field in FIELDS if field.pattern]
#: A header that ends like this can only be a field of these kinds: 党纪处分时间 is no measure.
_ENDINGS = (
    (re.compile(r"(日期|时间|年月日?)$"), ("date", "partial")),
    (re.compile(r"文号$"), ("number",)),
    (re.compile(r"机关$"), ("organ",)),
)
_SECRET_HEADER = re.compile(BY_KEY["secret"].pattern)
_MANY = frozenset({*MEASURE_FIELDS, "secret"})


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the sheet: its header, the field it fills ("" for none), how sure, why; `sample` is one cell of it."""

    index: int
    header: str
    field: str
    certainty: str
    why: str

    @property
    def title(self) -> str:
        return BY_KEY[self.field].title if self.field else "不导入"

    def to_json(self) -> dict[str, object]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Header:
    """Where the header is: first row (1-based), how many rows it takes, and its texts joined down each column."""

    row: int
    depth: int
    texts: tuple[str, ...]
    parents: tuple[str, ...]


def key_of(header: str) -> str:
    """A header as it is compared and remembered: no spaces, no marks for “required”, no format hints, one kind of bracket."""
    return _NOISE.sub("", squeezed(header)).replace("(", "（").replace(")", "）").rstrip("0123456789。.、")


for _field in FIELDS:
    for _name in (*_field.names, _field.title):
        _EXACT.setdefault(key_of(_name), _field.key)


def by_name(header: str, parent: str = "") -> tuple[str, str]:
    """The field a header names, and how: "name" (known as such) or "pattern" (resembles)."""
    child, above = key_of(header), key_of(parent)
    for text in (above + child if above else "", child):
        if text in _EXACT:
            return _EXACT[text], "name"
    for text in (above + child if above else "", child, above if not child else ""):
        kinds = next((kinds for ending, kinds in _ENDINGS if ending.search(text)), None)
        found = next(
            (
                key
                for pattern, key, kind in _PATTERNS
                if text and pattern.search(text) and (kinds is None or kind in kinds)
            ),
            "",
        )
        if found:
            return found, "pattern"
    return "", ""


def left_out(header: str) -> str:
    """Why a known column is left out on purpose; empty when it is not."""
    return next((why for pattern, why in LEFT_OUT.values() if pattern.search(key_of(header))), "")


def find_header(
    rows: Sequence[Sequence[Cell]], merged: Sequence[tuple[tuple[int, int], tuple[int, int]]] = ()
) -> Header | None:
    """The header among the first rows: the row, or pair of rows, that names the most fields; None when none names two."""
    texts = [[closed(plain(cell)) for cell in row] for row in rows[:HEADER_DEPTH]]
    best: Header | None = None
    best_score = 1
    for at, row in enumerate(texts):
        single = Header(at + 1, 1, tuple(row), ("",) * len(row))
        options = [single]
        if at + 1 < len(texts) and _may_be_second(row, texts[at + 1]):
            options.append(_pair(at, row, texts[at + 1], merged))
        for option in options:
            score = _score(option)
            if score > best_score or (best is not None and score == best_score and option.depth < best.depth):
                best, best_score = option, score
    return best


def _score(header: Header) -> int:
    named = {by_name(text, parent)[0] for text, parent in zip(header.texts, header.parents, strict=True)}
    texts = [text for text in header.texts if text]
    return len(named - {""}) if texts and max(map(len, texts)) <= 40 else 0


def _may_be_second(upper: Sequence[str], lower: Sequence[str]) -> bool:
    filled = [text for text in lower if text]
    own_line = sum(bool(text) for text in upper) > 1
    return (
        own_line
        and bool(filled)
        and all(len(text) <= 20 and not text[:4].isdigit() for text in filled)
        and any(by_name(t)[0] for t in filled)
    )


def _pair(
    at: int, upper: Sequence[str], lower: Sequence[str], merged: Sequence[tuple[tuple[int, int], tuple[int, int]]]
) -> Header:
    spans = {c: left for (top, left), (_, right) in merged if top == at for c in range(left, right + 1)}
    parents, texts, last = [], [], ""
    for column, text in enumerate(lower):
        above = upper[column] if column < len(upper) else ""
        if not above and column in spans:
            above = upper[spans[column]]
        elif not above and text and not merged:
            above = last
        last = above
        texts.append(text or above)
        parents.append(above if text else "")
    return Header(at + 1, 2, tuple(texts), tuple(parents))


def match_columns(
    header: Header,
    samples: Sequence[Sequence[Cell]],
    mapping: Mapping[str, str] | None = None,
    remembered: Mapping[str, str] | None = None,
) -> tuple[Column, ...]:
    """Match every column: by hand (`mapping`, by column number as text), as remembered (by header), by name, then by content."""
    by_hand, known = mapping or {}, remembered or {}
    columns = []
    for index, text in enumerate(header.texts):
        cells = [row[index] for row in samples if index < len(row)]
        columns.append(_match(index, text, header.parents[index], cells, by_hand, known))
    return _mend_places(_one_each(columns), samples)


def _match(
    index: int, text: str, parent: str, cells: Sequence[Cell], by_hand: Mapping[str, str], known: Mapping[str, str]
) -> Column:
    label = f"{parent}·{text}" if parent and parent != text else text
    if str(index) in by_hand and by_hand[str(index)] in {*BY_KEY, ""}:
        chosen = by_hand[str(index)]
        return Column(index, label, chosen, SURE if chosen else SKIP, "手工指定")
    if key_of(label) in known and known[key_of(label)] in {*BY_KEY, ""}:
        chosen = known[key_of(label)]
        return Column(index, label, chosen, SURE if chosen else SKIP, "本机关上次的对应")
    field, how = by_name(text, parent)
    why_not = left_out(label)
    if why_not and how != "name":
        return Column(index, label, "", SKIP, why_not)
    filled = [(cell, closed(plain(cell))) for cell in cells]
    filled = [(cell, value) for cell, value in filled if value]
    if field:
        return _weigh(index, label, field, how, filled)
    return _by_content(index, label, filled)


def _share(kind: str, filled: Sequence[tuple[Cell, str]]) -> float:
    return sum(looks_like(kind, cell, text) for cell, text in filled) / len(filled) if filled else 1.0


def _weigh(index: int, label: str, field: str, how: str, filled: Sequence[tuple[Cell, str]]) -> Column:
    share = _share(BY_KEY[field].kind, filled)
    title = BY_KEY[field].title
    if share < 0.5 and len(filled) >= 3:
        return Column(index, label, field, ASK, f"列名像“{title}”，但内容多数不像")
    if how == "name":
        return Column(index, label, field, SURE, f"列名就是“{title}”的写法")
    return Column(index, label, field, ASK, f"列名和“{title}”相近，内容相符" if filled else f"列名和“{title}”相近")


def _by_content(index: int, label: str, filled: Sequence[tuple[Cell, str]]) -> Column:
    if len(filled) >= 3:
        for kind, field in TELLING.items():
            if _share(kind, filled) >= 0.9:
                return Column(index, label, field, ASK, f"列名没有见过，内容像“{BY_KEY[field].title}”")
        if not label and _share("serial", filled) == 1.0:
            return Column(index, label, "serial", ASK, "没有列名，内容像序号")
    return Column(index, label, "", SKIP, "没有列名，也没有内容" if not label and not filled else "没有对应的项目")


_RANK = {SURE: 0, ASK: 1, SKIP: 2}


def _one_each(columns: Sequence[Column]) -> list[Column]:
    """A field is filled by one column (measures and marks of secrecy by several): the surest, then the first, keeps it."""
    taken: dict[str, Column] = {}
    for column in sorted(columns, key=lambda each: (_RANK[each.certainty], each.why == "手工指定" and -1, each.index)):
        if column.field and column.field not in _MANY:
            taken.setdefault(column.field, column)
    kept = []
    for column in columns:
        owner = taken.get(column.field)
        if owner is None or owner.index == column.index:
            kept.append(column)
        else:
            kept.append(
                replace(column, field="", certainty=SKIP, why=f"“{owner.header}”列已经是{BY_KEY[column.field].title}")
            )
    return kept


def _mend_places(columns: list[Column], samples: Sequence[Sequence[Cell]]) -> tuple[Column, ...]:
    """A column called 单位 (or 职务) alone that holds unit and post together is read as both."""
    have = Counter(column.field for column in columns)
    for at, column in enumerate(columns):
        lone = (column.field == "unit" and not have["post"] and not have["unit_post"]) or (
            column.field == "post" and not have["unit"] and not have["unit_post"]
        )
        if not lone or column.why in {"手工指定", "本机关上次的对应"}:
            continue
        texts = [closed(plain(row[column.index])) for row in samples if column.index < len(row)]
        texts = [text for text in texts if text]
        both = sum(reads_as_post(text) and len(text) > 5 for text in texts)
        if texts and both / len(texts) >= 0.5 and not all(reads_as_unit(text) for text in texts):
            columns[at] = replace(
                column, field="unit_post", certainty=ASK, why="单位和职务写在一格里，按“单位及职务”拆开"
            )
    return tuple(columns)


def secret_columns(columns: Sequence[Column]) -> tuple[int, ...]:
    """Every column that says whether a row is secret, whatever was chosen for it by hand: this cannot be switched off."""
    return tuple(
        column.index for column in columns if column.field == "secret" or _SECRET_HEADER.search(key_of(column.header))
    )
