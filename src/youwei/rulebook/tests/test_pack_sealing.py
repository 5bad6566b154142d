"""What a sealed pack may not do: anything by which somebody outside could come upon it (E4)."""

import pytest

from youwei.rulebook.pack_ready import unready
from youwei.rulebook.packs import read_pack_text

pytestmark = pytest.mark.req("E4")
SEALED = """procedure: hidden
title: 保密的规程
version: '1.0'
in_force: {from: 2024-01-01}
about: office
sealed: {to: [office, head]}
opens: {by: office}
roles:
  office: {title: 办公室, at: case organ, held_by: case_officer}
  head: {title: 负责人, at: determining organ, held_by: leader}
stages: [办理]
lists: {words: {来信人: 指明了来信人}}
steps:
  look:
    title: 核查
    stage: 办理
    by: office
    form: {about: {title: 情况, type: text, heed: words}}
  approve: {title: 审定, stage: 办理, kind: approval, approves: look, by: head}
outcomes:
  done: {title: 完成}
"""
OPEN = SEALED.replace("about: office\nsealed: {to: [office, head]}", "about: person")


def said(text: str) -> str:
    return "".join(str(fault) for fault in read_pack_text([("hidden/1.0/pack.yaml", text)]).faults)


def test_a_sealed_pack_about_the_offices_own_matter_is_sound_and_let_in() -> None:
    loaded = read_pack_text([("hidden/1.0/pack.yaml", SEALED)])
    assert not loaded.faults
    assert [unready(pack) for pack in loaded.packs.values()] == [[]]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("about: office", "about: person", "不针对名录上的人"),
        ("about: office", "about: [office, organ]", "不针对名录上的人"),
        ("opens: {by: office}", "opens: {event: decision.recorded}", "只由人开办"),
        ("opens: {by: office}", "opens: {by: office, procedure: other}", "只由人开办"),
        ("to: [office, head]", "to: [office]", "“负责人”要办环节"),
        ("at: determining organ, held_by: leader", "at: subject's organ, held_by: unit", "只由经办人、分管领导"),
        ("done: {title: 完成}", "done: {title: 完成, opens: {procedure: other}}", "不能连到别的事项"),
        ("done: {title: 完成}", "done: {title: 完成, tells: {decision.dereliction: true}}", "不能连到别的事项"),
        (
            "    by: office\n    form",
            "    kind: case\n    procedure: other\n    by: office\n    form",
            "不能连到别的事项",
        ),
        ("heed: words", "heed: names", "没有“names”"),
    ],
)
def test_what_could_lead_to_it_is_a_fault(old: str, new: str, words: str) -> None:
    assert old in SEALED
    assert words in said(SEALED.replace(old, new, 1))


def test_what_is_about_an_office_alone_is_sealed() -> None:
    assert "office 只用于整个保密的规程" in said(OPEN.replace("about: person", "about: office"))


def test_a_sealed_field_is_neither_landed_nor_a_column_nor_the_name_of_a_role() -> None:
    column = OPEN.replace("type: text, heed: words", "type: rows, of: {who: {title: 谁, type: text, sealed: [head]}}")
    assert "表格的列不能单独保密" in said(column)
    naming = OPEN.replace("heed: words", "sealed: [head]").replace(
        "head: {title: 负责人, at: determining organ", "head: {title: 负责人, named_in: look.about"
    )
    assert "不能用来确定角色" in said(naming.replace("type: text, sealed", "type: person, sealed"))


def test_nothing_may_hang_on_a_sealed_field() -> None:
    asking = OPEN.replace("heed: words", "sealed: [head]").replace(
        "approves: look, by: head", "approves: look, by: head, when: {look.about: 甲}"
    )
    assert "保密栏目，不能用来决定" in said(asking)
