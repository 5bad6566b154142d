"""A last day settled by a human, with the cases that follow the decision: they hear the other day, and nobody becomes late by it."""

from collections.abc import Mapping
from datetime import date

from youwei.cases.following import Consequences, followed, told
from youwei.decisions import settling
from youwei.decisions.altering import Doing


def settle(*, decision: int, ends: Mapping[int, date | None], basis: str, doing: Doing) -> Consequences | None:
    """Settle last days, or leave them to the law again. Raises altering.Refused or Stale; None when the token was used before."""
    return followed(
        decision,
        doing,
        lambda: settling.settle(decision=decision, ends=ends, basis=basis, doing=doing),
        told("核定终止日"),
    )
