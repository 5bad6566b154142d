"""A signature or an approval entered for somebody else is one on paper: where the pack lets it be, and with the name of that paper."""

from datetime import date

import pytest

from youwei.engine.on_paper import on_paper_faults
from youwei.engine.types import Entry, EntryKind
from youwei.rulebook.pack_types import Kind, Step

pytestmark = pytest.mark.req("J6")
DAY = date(2026, 3, 18)


def faults(
    kind: Kind, entry: EntryKind, *, behalf: str = "岑伯安", paper: str = "呈批笺", part: str = "", lets: bool = True
) -> list[str]:
    step = Step("advise", "研究提出意见", "研究", kind, on_paper=lets)
    entered = Entry(3, entry, DAY, DAY, "方知行", behalf=behalf, step="advise", part=part, paper=paper)
    return [fault.code for fault in on_paper_faults(step, entered)]


@pytest.mark.parametrize(
    ("kind", "entry", "part"),
    [
        (Kind.RECORD, EntryKind.SIGN, "head"),
        (Kind.RECORD, EntryKind.RETURN, "head"),  # sent back instead of signed
        (Kind.APPROVAL, EntryKind.RECORD, ""),
        (Kind.APPROVAL, EntryKind.RETURN, ""),
    ],
)
def test_whoever_judges_on_paper_is_entered_with_the_paper_and_only_where_the_pack_lets_it(
    kind: Kind, entry: EntryKind, part: str
) -> None:
    assert faults(kind, entry, part=part) == []
    assert faults(kind, entry, part=part, paper=" ") == ["paper"]
    assert faults(kind, entry, part=part, lets=False) == ["on paper"]
    assert faults(kind, entry, part=part, lets=False, behalf="") == [], "in one's own account"


def test_what_is_merely_recorded_for_somebody_needs_no_paper() -> None:
    assert faults(Kind.TALK, EntryKind.RECORD, paper="", lets=False) == []
