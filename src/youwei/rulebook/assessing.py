"""Until when sanctions bear on the annual assessment (年度考核). Pure; the values are `law/assessment.yaml`."""

from collections.abc import Iterable
from datetime import date

from youwei.rulebook.law import Law

ORDINARY = "ordinary"


def assessed_until(measures: Iterable[str], made_on: date, law: Law) -> date | None:
    """The last day (31 December, inclusive) of the last year whose assessment one of these measures bears on; None when none does.

    `measures`: ids of kinds. The year of the decision is the first; later years in which all is as usual again do not count.
    """
    years = []
    for measure in measures:
        known = law.assessments.get(measure)
        if known is None:
            continue
        grades = (known.first_year, *known.later_years)
        years += [place for place, grade in enumerate(grades) if grade != ORDINARY]
    return date(made_on.year + max(years), 12, 31) if years else None
