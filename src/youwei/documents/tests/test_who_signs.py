"""Who signs a paper by hand: the person concerned only where met or where it is their own text; never what an organ alone finds."""

import pytest
from docx import Document

from youwei.rulebook.pack_kinds import ADVERSE
from youwei.rulebook.pack_types import Kind
from youwei.rulebook.packs import PACKS, Pack, PackRef, Step, load_packs

MET = (Kind.TALK, Kind.VISIT)
SIGNS = "本人签字"
RELEASED = load_packs(PACKS)
PAPERS = [
    pytest.param(ref, name, id=f"{ref.procedure}/{name}")
    for ref, pack in sorted(RELEASED.items())
    for name in pack.papers
    if (PACKS / ref.procedure / ref.version / "papers" / f"{name}.docx").is_file()
]


def of_the_person(pack: Pack, step: Step) -> bool:
    """Met, written where the person is, or a text that holds what the person answered to adverse facts."""
    answered = any(field.subject == ADVERSE for field in step.form.values())
    return answered or step.kind in MET or pack.roles[step.by].at in ("subject", "subject's organ")


@pytest.mark.req("I3", "K2")
@pytest.mark.parametrize(("ref", "name"), PAPERS)
def test_nobody_signs_what_an_organ_finds_about_them(ref: PackRef, name: str) -> None:
    pack = RELEASED[ref]
    paper = Document(str(PACKS / ref.procedure / ref.version / "papers" / f"{name}.docx"))
    asked = any(SIGNS in paragraph.text for paragraph in paper.paragraphs)
    assert not asked or any(of_the_person(pack, step) for step in pack.steps.values() if name in step.papers)
