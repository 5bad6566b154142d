"""Proving a store: every log, and every row of today's state that the logs know, as of one moment while others go on working."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from youwei.cases import proof as cases
from youwei.decisions import proof as decisions
from youwei.desk.safekeeping.backup import snapshot
from youwei.documents import proof as documents
from youwei.journal.proof import Table
from youwei.journal.queries import Finding, Prover, Tell, verify
from youwei.organs import proof as organs
from youwei.people import proof as people
from youwei.voting import proof as voting

TABLES: tuple[Table, ...] = (
    *organs.TABLES,
    *people.TABLES,
    *decisions.TABLES,
    *cases.TABLES,
    *documents.TABLES,
    *voting.TABLES,
)


def prove(today: date, against: Mapping[str, Any] | None = None, tell: Tell | None = None) -> list[Finding]:
    """Everything that is not as it was recorded."""
    provers: tuple[Prover, ...] = (
        organs.Prover(), people.Prover(), decisions.Prover(), cases.Prover(today), documents.Prover(), voting.Prover()
    )  # fmt: skip
    with snapshot():
        return verify(against, provers=provers, tell=tell)
