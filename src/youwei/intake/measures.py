"""Reading the cells that name sanctions and measures, with the law's names given from outside; and the four forms."""

import difflib
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol

from youwei.intake.cells import NOTHING, closed, squeezed


class Known(Protocol):
    """A kind of measure as the law knows it."""

    @property
    def id(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def family(self) -> str: ...
    @property
    def weight(self) -> str: ...


Recognise = Callable[[str, str | None], Known | None]
FormFits = Callable[[int, Sequence[str]], str]


def _any_form(_form: int, _measures: Sequence[str]) -> str:
    return ""


def _title(_text: str, kind: Known) -> str:
    return kind.title


def _any_months(_measure: str, _months: int, _on: date, _acts_until: date | None) -> tuple[str, str]:
    return "", ""


def _holds_nobody(_measures: Sequence[str], _problem: str, _on: date | None) -> str:
    return ""


def _anybody(_person: str, _measure: str, _on: date) -> tuple[str, str]:
    return "", ""


@dataclass(frozen=True)
class Book:
    """The law's side of intake: recognising a name, all names for hints, and whether a form fits measures (a message, or "").

    `unfit` says why a kind of person (as written) cannot receive a measure on a day, and the remedy; ("", "") when it can or is not known.
    `unfit_months` says why an organ cannot have chosen so many months for a measure given on a day, for acts that ended on another, in the same way.
    `holds` says by what a decision of these measures, about that problem, on that day counts as one that holds somebody to account, or "".
    `label` gives the wording to keep (行政警告 for an old decision). It answers only with names of the law: it is kept even of a stub.
    """

    recognise: Recognise
    titles: tuple[str, ...] = ()
    form_fits: FormFits = field(default=_any_form)
    label: Callable[[str, Known], str] = field(default=_title)
    unfit: Callable[[str, str, date], tuple[str, str]] = field(default=_anybody)
    holds: Callable[[Sequence[str], str, date | None], str] = field(default=_holds_nobody)
    unfit_months: Callable[[str, int, date, date | None], tuple[str, str]] = field(default=_any_months)


@dataclass(frozen=True, slots=True)
class ReadMeasures:
    """The measures of one cell as JSON-able dicts (id, title, label, family, weight), and the words not recognised."""

    found: tuple[dict[str, Any], ...] = ()
    unknown: tuple[str, ...] = ()


FAMILY_OF = {"party": "party", "administrative": "administrative", "handling": "handling", "measures": None}
FAMILY_ORDER = {"party": 0, "administrative": 1, "handling": 2, "admonition": 3, "first_form": 4}
#: Words that name two measures at once.
PAIRS = {"双开": ("开除党籍", "开除公职"), "双撤": ("撤销党内职务", "政务撤职")}
_NONE = NOTHING | frozenset(
    [
        "否",
        "没有",
        "不适用",
        "未处分",
        "无处分",
        "未处理",
        "无处理",
        "不予处分",
        "免予处分",
        "免于处分",
        "免予党纪处分",
        "免予政务处分",
        "未给予处分",
    ]
)
_STRONG = re.compile(r"[、，,；;+/\n|&]|以及|并处|并给予|同时给予|和给予")
_WEAK = re.compile(r"[和及并 ]")
_LEAD = re.compile(r"^(?:\d+[.、)）]|[①-⑨]|给予|受到|予以|给与|被|对其|其中|另)+")
_TAIL = re.compile(r"(?:各一次|一次)$")


def read_measures(text: str, column: str, book: Book) -> ReadMeasures:
    """All measures one cell names. `column` is the field the cell stands in and decides what a bare 警告 means."""
    text = closed(text.replace("\n", "、"))
    if text in _NONE:
        return ReadMeasures()
    found: list[dict[str, Any]] = []
    unknown: list[str] = []
    for piece in _pieces(text, column, book):
        kinds = [_recognise(name, column, book) for name in PAIRS.get(piece, (piece,))]
        if any(kind is None for kind in kinds):
            unknown.append(piece)
        for name, kind in zip(PAIRS.get(piece, (piece,)), kinds, strict=True):
            if kind is not None and all(kind.id != each["id"] for each in found):
                found.append(_as_json(name, kind, book))
    return ReadMeasures(tuple(found), tuple(unknown))


def _pieces(text: str, column: str, book: Book) -> Iterable[str]:
    bare = _bare(text)
    if bare in PAIRS or _recognise(bare, column, book) is not None:
        return [bare]
    bracket = re.fullmatch(r"(.+?)[（(](双开|双撤)[)）]", bare)
    if bracket:
        bare = bracket[1]
    pieces: list[str] = []
    for part in map(_bare, _STRONG.split(bare)):
        if not part or part in _NONE:
            continue
        if part in PAIRS or _recognise(part, column, book) is not None:
            pieces.append(part)
            continue
        weak = [_bare(each) for each in _WEAK.split(part) if _bare(each)]
        known = len(weak) > 1 and all(each in PAIRS or _recognise(each, column, book) is not None for each in weak)
        pieces.extend(weak if known else [part])
    return pieces


def _bare(text: str) -> str:
    return _TAIL.sub("", _LEAD.sub("", text.strip(" 。.;；、，"))).strip()


def _recognise(text: str, column: str, book: Book) -> Known | None:
    family = FAMILY_OF.get(column)
    if text.startswith(("党内", "党纪")):
        family = "party"
    elif text.startswith(("政务", "行政", "政纪")):
        family = "administrative"
    for name in (text, text.removesuffix("处分"), text.removesuffix("处理")):
        kind = book.recognise(name, family) or (book.recognise(name, None) if family else None)
        if kind is not None:
            return kind
    return None


def _as_json(name: str, kind: Known, book: Book) -> dict[str, Any]:
    label = book.label(name, kind)[:64]
    return {
        "id": str(kind.id),
        "title": kind.title,
        "label": label,
        "family": str(kind.family),
        "weight": str(kind.weight),
    }


def nearest(text: str, book: Book) -> str:
    """Known names near an unknown one, for the explanation."""
    close = difflib.get_close_matches(squeezed(text).removesuffix("处分"), book.titles, n=3, cutoff=0.3)
    shared = [title for title in book.titles if len(set(title) & set(text)) >= 2 and title not in close]
    return "、".join([*close, *shared][:3])


_FORMS = {name: at for names in ("一二三四", "1234", ("I", "II", "III", "IV")) for at, name in enumerate(names, 1)}
_FORM = re.compile(
    r"(?:运用|适用)?(?:监督执纪)?(?:[“\"]?四种形态[”\"]?(?:之|中的?|的)?)?第?([一二三四1-4]|I{1,3}|IV)(?:种)?(?:形态)?"
    r"|形态([一二三四1-4])"
)


def read_form(text: str) -> int | None:
    """Which of the four forms a cell names; 0 for a blank cell, None when it cannot be told."""
    text = squeezed(text)
    if text in NOTHING:
        return 0
    found = _FORM.fullmatch(text)
    return _FORMS[found[1] or found[2]] if found else None


def in_order(measures: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Measures in one order whatever the order of the columns, each kind once."""
    once = {each["id"]: each for each in measures}
    return sorted(once.values(), key=lambda each: (FAMILY_ORDER.get(each["family"], 9), each["id"]))
