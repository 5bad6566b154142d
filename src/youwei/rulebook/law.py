"""The law: everything under `youwei/law` but the holidays, read once, frozen, and asked by name."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from . import names
from .law_loading import load_parts
from .measures import Assessment, Duty, Family, Holding, Instrument, LawFault, MeasureKind, PersonKind, Rank, Rule

__all__ = ["LAW_FOLDER", "Law", "LawFault", "load_law"]

LAW_FOLDER = Path(__file__).resolve().parent.parent / "law"
FORMS = {"一": "第一种形态", "二": "第二种形态", "三": "第三种形态", "四": "第四种形态"}
FORM_WORDS = {1: "一", 2: "二", 3: "三", 4: "四", "1": "一", "2": "二", "3": "三", "4": "四"}


@dataclass(frozen=True, slots=True)
class Law:
    """Measures, persons, rules, duties and the instruments they come from. Old editions stay beside the present one."""

    instruments: Mapping[str, Instrument]
    measures: Mapping[str, MeasureKind]
    persons: Mapping[str, PersonKind]
    ranks: Mapping[str, Rank]
    rules: Mapping[str, Rule]
    duties: Mapping[str, tuple[Duty, ...]]
    assessments: Mapping[str, Assessment]
    holdings: tuple[Holding, ...]
    _names: names.NameIndex
    _person_names: Mapping[str, str]
    _rank_names: Mapping[str, Rank]
    _grade_names: Mapping[str, Rank]

    def measure(self, name: str) -> MeasureKind:
        """By id, or refuse."""
        try:
            return self.measures[name]
        except KeyError:
            raise LawFault(f"没有编号为“{name}”的处分（处理）种类；请从种类表中选取。") from None

    def recognise(self, text: str, family: str | None = None) -> MeasureKind | None:
        """The measure a ledger's wording means, or None. Plain words (警告, 记过, 开除) need the family."""
        found = self._names.find(text, family or "")
        return None if found is None else self.measures[found]

    def recognise_all(self, text: str, family: str | None = None) -> list[tuple[str, MeasureKind | None]]:
        """Every measure a cell names (党内警告、政务记过), each wording with its measure or None."""
        whole = self.recognise(text, family)
        if whole is not None:
            return [(text.strip(), whole)]
        return [(each, self.recognise(each, family)) for each in names.parts(text)]

    def label(self, text: str, measure: MeasureKind) -> str:
        """How the paper worded it, kept where it carries meaning: 行政 or 政务, 开除公职 or 政务开除."""
        written = names.plain(text)
        for each in names.shorter(written)[::-1]:
            for known in measure.aliases:
                if names.plain(known) == each:
                    return known
        return measure.title

    def person_kind(self, text: str) -> PersonKind | None:
        """公务员, 村干部, … → the kind of person; None when not recognised."""
        found = self._person_names.get(names.plain(text))
        return None if found is None else self.persons[found]

    def rank(self, text: str) -> str:
        """正处级, 县处级正职, 处级正职 → the one way a level is written; any other word, a grade among them, stays as it is."""
        found = self._rank_names.get(names.plain(text))
        return text.strip() if found is None else found.title

    def level(self, text: str) -> str:
        """The level of a word for a rank or a grade (四级调研员 → 县处级副职), to tell higher from lower; "" when nobody knows."""
        written = names.plain(text)
        found = self._rank_names.get(written) or self._grade_names.get(written)
        return "" if found is None else found.title

    def rule(self, name: str) -> Rule:
        return self.rules[name]

    def duty(self, name: str, on: date) -> Duty | None:
        """The time limit in force on a day."""
        return next((each for each in self.duties.get(name, ()) if each.starts_on <= on <= each.ends_on), None)

    def holds_to_account(self, measures: Collection[str], problem: str, on: date | None) -> Holding | None:
        """By what a decision counts as one that holds somebody to account; None when it does not. Without a date by the latest edition."""
        day = on or max(each.starts_on for each in self.holdings)
        return next((each for each in self.holdings if each.fits(measures, problem, day)), None)

    def heaviest(self, measures: Iterable[MeasureKind]) -> MeasureKind | None:
        """The heaviest, by the order of the kinds; across families the order is practice, not law."""
        return max(measures, key=lambda each: (each.order, each.id), default=None)

    def weight(self, measures: Iterable[MeasureKind]) -> str:
        """轻 or 重 of sanctions together: heavy as soon as one is; "" when none is a sanction."""
        found = {each.weight for each in measures}
        return "重" if "重" in found else "轻" if "轻" in found else ""

    def fits_form(self, measures: Sequence[MeasureKind], form: str | int) -> str:
        """A warning when the recorded form does not fit the measures; "" when it does. Never a refusal."""
        word = form_word(form)
        heaviest = self.heaviest(measures)
        if not word:
            return f"“{form}”不是四种形态之一，请填写第一种、第二种、第三种或第四种形态。"
        if heaviest is None:
            return f"记载为{FORMS[word]}，但没有记载任何处分或处理；请核对。"
        if word in heaviest.forms or (word == "四" and heaviest.weight == "重"):
            return ""
        usual = "或".join(FORMS[each] for each in heaviest.forms)
        return f"记载为{FORMS[word]}，但最重的“{heaviest.title}”通常属于{usual}；请核对形态或种类。"


def form_word(form: str | int) -> str:
    """第二种形态, 第二种, 二, 2 → 二; "" when it is none of the four."""
    text = str(FORM_WORDS.get(form, form))
    kept = names.plain(text).removeprefix("第").removesuffix("形态").removesuffix("种")
    kept = str(FORM_WORDS.get(kept, kept))
    return kept if kept in FORMS else ""


@lru_cache(maxsize=4)
def load_law(path: Path = LAW_FOLDER) -> Law:
    """Read the law, or refuse with every fault at once. Read once; ask again as often as you like."""
    found = load_parts(path)
    by_name = {
        alias: each.id
        for each in found.measures.values()
        for alias in (*each.aliases, each.title)
        if not each.instead_of
    }
    by_name |= {alias: each.id for each in found.measures.values() if each.instead_of for alias in each.aliases}
    by_family = {(str(each.family), alias): each.id for each in found.measures.values() for alias in each.plain}
    person_names = {
        names.plain(alias): each.id for each in found.persons.values() for alias in (*each.aliases, each.title, each.id)
    }
    ranks = found.ranks.values()
    return Law(
        found.instruments,
        found.measures,
        found.persons,
        found.ranks,
        found.rules,
        found.duties,
        found.assessments,
        tuple(found.holdings),
        names.NameIndex(by_name, by_family),
        person_names,
        {names.plain(word): each for each in ranks for word in (*each.aliases, each.title)},
        {names.plain(word): each for each in ranks for word in each.grades},
    )


def family_of(text: str) -> Family | None:
    """党纪处分 → party, 政务处分 or 行政处分 → administrative, 组织处理 → handling; for the heads of columns."""
    kept = names.plain(text)
    for words, family in (
        (("党纪", "党内"), Family.PARTY),
        (("政务", "行政", "政纪"), Family.ADMINISTRATIVE),
        (("组织处理", "组织措施"), Family.HANDLING),
    ):
        if any(each in kept for each in words):
            return family
    return None
