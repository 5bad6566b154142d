"""``packs check`` proves a pack by running it, and finds what only running can show."""

from pathlib import Path

import pytest

from youwei.engine.checking import check_loaded, check_packs
from youwei.engine.saved import FROZEN, altered
from youwei.rulebook.pack_faultlist import Fault
from youwei.rulebook.packs import PACKS, PackRef, read_packs

PROOF = Path(__file__).parent / "packs"
RELEASED = sorted(path.parent.relative_to(PACKS).as_posix() for path in PACKS.glob("*/*/pack.yaml"))
BASE = """procedure: trial
title: 试用规程
version: '1.0'
in_force: {from: 2024-01-01}
about: person
opens: {event: decision.recorded}
roles: {office: {title: 办公室, at: case organ, held_by: case_officer}}
stages: {受理: {}, 查明: {when: {accept.yes: true}}, 反馈: {}}
steps:
  accept: {title: 受理, stage: 受理, by: office, form: {yes: {title: 受理, type: yesno, required: true}}}
  study:
    title: 查明
    stage: 查明
    by: office
    form: {finding: {title: 结论, type: choice, choices: [属实, 失实, 不能证实], required: true}}
  tell: {title: 告知, stage: 反馈, by: office}
outcomes:
  refused: {title: 不予受理, when: {accept.yes: false}}
  true: {title: 属实, when: {study.finding: 属实}}
  other: {title: 其他, when: {study.finding: [失实, 不能证实]}}
"""


def report(folder: Path, text: str, cap: int = 20_000) -> str:
    place = folder / "trial" / "1.0"
    place.mkdir(parents=True)
    (place / "pack.yaml").write_text(text, "utf-8")
    return str(check_packs(folder, cap=cap))


@pytest.mark.req("I1")
@pytest.mark.parametrize("place", RELEASED)
def test_every_released_pack_is_sound(place: str) -> None:
    """As ``packs check`` does it, a test each: so nothing waits for the longest of them."""
    loaded = read_packs(PACKS)
    procedure, version = place.split("/")
    pack = loaded.packs[PackRef(procedure, version)]
    changed = [Fault(each.file, 1, "规程", *FROZEN) for each in altered(PACKS, [pack])]
    found = check_loaded([pack], [*loaded.faults, *changed], set(loaded.packs))
    assert found.ready, str(found)
    assert [result.ref for result in found.results] == [pack.ref]


@pytest.mark.req("I1")
def test_no_released_pack_is_passed_over() -> None:
    assert {str(ref).replace("@", "/") for ref in read_packs(PACKS).packs} == set(RELEASED) != set()


@pytest.mark.req("I1")
def test_the_packs_of_the_grammar_are_sound() -> None:
    found = check_packs(PROOF)
    assert found.sound, str(found)
    assert len(found.results) == 4


@pytest.mark.req("I1")
def test_a_released_pack_that_was_altered_is_named(tmp_path: Path) -> None:
    report(tmp_path, BASE)
    (tmp_path / "trial" / "1.0" / "saved.json").write_text('{"digest": "0"}', "utf-8")
    assert "trial/1.0/pack.yaml:1 规程：已经施行，内容被改动；请恢复原文，要改的另编一个版本。" in str(
        check_packs(tmp_path)
    )


def test_a_pack_without_a_hole_is_called_sound(tmp_path: Path) -> None:
    said = report(tmp_path, BASE)
    assert "全部可靠" in said


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("[失实, 不能证实]", "失实", "查明·finding=不能证实"),  # hole in the outcomes: the values are printed
        (
            "  tell: {title: 告知,",
            "  tell: {title: 告知, when: {accept.yes: [true], study.on: {given: false}},",
            "没有一种走法会办到",
        ),
        ("when: {study.finding: 属实}", "when: {accept.yes: false, study.finding: 属实}", "没有一种走法会到这个结局"),
        (
            "{title: 不予受理, when: {accept.yes: false}}",
            "{title: 不予受理, after: accept, when: {accept.yes: false}}",
            "可能还没办完",  # a duty cut off by an early end is listed
        ),
        (
            "form: {yes:",
            "never: [{when: {accept.yes: [true, false]}, say: 不行}], form: {yes:",
            "没有一种走法会到这个结局",  # a refusal that catches every record
        ),
    ],
)
def test_what_only_running_shows_is_found(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert old in BASE
    assert said in report(tmp_path, BASE.replace(old, new, 1))


def test_above_the_cap_nothing_is_called_sound(tmp_path: Path) -> None:
    said = report(tmp_path, BASE, cap=1)
    assert "未能证明" in said
    assert "全部可靠" not in said


def test_an_end_without_any_record_is_a_fault(tmp_path: Path) -> None:
    said = report(tmp_path, BASE.replace("by: office, form", "by: office, when: {person.kind: 甲}, form"))
    assert "什么都没有记录" in said or "走不到结局" in said


def test_a_misplaced_pack_is_a_fault(tmp_path: Path) -> None:
    place = tmp_path / "trial" / "2.0"
    place.mkdir(parents=True)
    (place / "pack.yaml").write_text(BASE, "utf-8")
    assert "所在文件夹与编号、版本不一致" in str(check_packs(tmp_path))


def test_what_the_program_does_not_carry_out_is_refused_and_not_passed_over(tmp_path: Path) -> None:
    old = "{title: 结论, type: choice, choices: [属实, 失实, 不能证实], required: true}"
    table = "cited: {title: 参照, type: rows, of: {which: {title: 案例, type: guiding_cases}}}"
    assert old in BASE
    said = report(tmp_path, BASE.replace(old, f"{old}, {table}", 1))
    assert "steps.study.form.cited.of.which.type：程序还不能执行：表格里的案例库栏目" in said
    found = check_packs(tmp_path)
    assert found.sound
    assert not found.ready
    assert "不能装入" in found.verdict
