"""Age in full years (周岁), and the age under which a decision is counted as one about a young person."""

from datetime import date

YOUNG_YEARS = 35
"""The figures tell apart who was under 35 full years on the day of the decision."""


def full_years(born: date, on: date) -> int:
    """Full years on a day; who was born on 29 February has the birthday on 1 March in other years."""
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))
