"""The law's names of measures and the forms they belong to, as intake asks for them."""

from collections.abc import Sequence
from datetime import date
from functools import lru_cache

from youwei.intake.measures import Book, Known
from youwei.rulebook import periods
from youwei.rulebook.law import Law, LawFault, load_law

_HAN = {"一": 1, "二": 2, "三": 3, "四": 4}


def book_of(law: Law) -> Book:
    """The book of one law."""
    forms = {
        kind.id: frozenset(_HAN.get(str(form), 0) or int(form) for form in kind.forms) for kind in law.measures.values()
    }
    titles = {kind.id: kind.title for kind in law.measures.values()}

    def form_fits(form: int, measures: Sequence[str]) -> str:
        heaviest = max((min(forms[each]) for each in measures if forms.get(each)), default=0)
        allowed = {one for each in measures if forms.get(each) and min(forms[each]) == heaviest for one in forms[each]}
        if not allowed or form in allowed or (heaviest == 3 and form == 4):
            return ""
        named = "、".join(dict.fromkeys(titles[each] for each in measures))
        said = "或".join(f"第{'〇一二三四'[each]}种" for each in sorted(allowed))
        return f"写的是第{'〇一二三四'[form]}种形态，而{named}一般属于{said}形态"

    def label(text: str, kind: Known) -> str:
        return law.label(text, law.measures[kind.id])

    def unfit(person: str, measure: str, on: date) -> tuple[str, str]:
        kind = law.person_kind(person) if person else None
        why = periods.unfit(kind, law.measures[measure], on, law) if kind else ""
        return (why, kind.remedy) if kind and why else ("", "")

    def unfit_months(measure: str, months: int, on: date, acts_until: date | None) -> tuple[str, str]:
        try:
            periods.compute_bars([periods.Sanction(measure, on, acts_until=acts_until, months=months)], law)
        except LawFault as fault:
            why, _, remedy = str(fault).rstrip("。").partition("；")
            return (why, remedy) if "--months" in fault.arguments else ("", "")
        return "", ""

    def holds(measures: Sequence[str], problem: str, on: date | None) -> str:
        found = law.holds_to_account(measures, problem, on)
        return found.title if found else ""

    known = tuple(dict.fromkeys(titles.values()))
    return Book(law.recognise, known, form_fits, label, unfit, holds=holds, unfit_months=unfit_months)


@lru_cache(maxsize=1)
def current_book() -> Book:
    """The book of the law that comes with the program."""
    return book_of(load_law())
