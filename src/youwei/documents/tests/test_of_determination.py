"""What the organ with the power decides bears its name, whoever handles the case."""

import docx
import pytest

from youwei.rulebook.packs import PACKS, released_packs

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
