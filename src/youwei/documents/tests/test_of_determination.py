"""What the organ with the power decides bears its name, whoever handles the case."""

import docx
import pytest

from youwei.rulebook.packs import PACKS, PackRef, released_packs

ISSUED = [
    (pack.ref, paper)
    for pack in released_packs().values()
    for step in pack.steps.values()
    for paper in step.papers
    if step.by in pack.roles and pack.roles[step.by].at == "determining organ"
]


@pytest.mark.req("E4")
@pytest.mark.parametrize(("ref", "paper"), ISSUED)
def test_a_paper_of_the_determining_organ_is_signed_with_its_name(ref: tuple[str, str], paper: str) -> None:
    """`office()` is the organ whose step it is; `case.organ` would sign it with the county that only asked for it."""
    foot = docx.Document(str(PACKS / ref[0] / ref[1] / "papers" / f"{paper}.docx")).paragraphs[-1].text
    assert "{{ office() }}" in foot
    assert "case.organ" not in foot


def test_there_is_such_a_paper() -> None:
    assert "malicious-determination" in [paper for _, paper in ISSUED]


def text(ref: PackRef, paper: str) -> str:
    """Every word of a template, paragraphs and cells."""
    found = docx.Document(str(PACKS / ref.procedure / ref.version / "papers" / f"{paper}.docx"))
    cells = [cell.text for table in found.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(each.text for each in found.paragraphs), *cells])


HERE = [
    (ref, paper)
    for ref, pack in sorted(released_packs().items())
    for paper in pack.papers
    if (PACKS / ref.procedure / ref.version / "papers" / f"{paper}.docx").is_file()
]
SERVED = [
    (ref, paper) for ref, paper in HERE if released_packs()[ref].papers[paper].endswith(("决定书", "认定书", "函"))
]


@pytest.mark.req("E4", "F1", "I3")
@pytest.mark.parametrize(("ref", "paper"), SERVED)
def test_what_is_served_or_sent_does_not_tell_who_voted_how(ref: PackRef, paper: str) -> None:
    """Views and votes stand in the minutes, which stay in the file."""
    assert "attendance" not in text(ref, paper)


HANDED_ON = "recall-notice"
"""The unit only hands it over: whoever recalls has written it."""


@pytest.mark.req("B2", "F4", "H1")
@pytest.mark.parametrize(("ref", "paper"), HERE)
def test_what_only_the_unit_writes_does_not_bear_the_name_of_the_office(ref: PackRef, paper: str) -> None:
    pack = released_packs()[ref]
    writers = {pack.roles[step.by].held_by for step in pack.steps.values() if paper in step.papers}
    foot = "\n".join(each.text for each in docx.Document(str(PACKS / ref[0] / ref[1] / "papers" / f"{paper}.docx")).paragraphs[-3:])  # fmt: skip
    assert paper == HANDED_ON or writers != {"unit"} or "case.organ" not in foot


@pytest.mark.req("E2")
def test_the_letter_that_clears_a_name_says_what_was_untrue_and_not_who_else_was_told() -> None:
    ref = next(ref for ref in released_packs() if ref.procedure == "clearing")
    assert "before('propose').points" in text(ref, "clearing-letter")
    assert "f.done" not in text(ref, "clearing-letter")
    assert "f.done" in text(ref, "clearing-record")
