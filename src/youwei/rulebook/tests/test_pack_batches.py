"""A batch that would not do what it says is told so before it is let in."""

from pathlib import Path

import pytest

from youwei.rulebook.packs import read_pack_text

PACKS = Path(__file__).resolve().parents[2] / "cases" / "tests" / "packs"


def text(procedure: str) -> str:
    return (PACKS / procedure / "2026.01" / "pack.yaml").read_text(encoding="utf-8")


def faults(batch: str, member: str | None = None) -> list[str]:
    files = [
        ("course/2026.01/pack.yaml", batch),
        ("study/2026.01/pack.yaml", text("study") if member is None else member),
    ]
    return [str(fault) for fault in read_pack_text([each for each in files if each[1]]).faults]


def test_a_batch_and_its_members_without_a_mistake_have_no_fault() -> None:
    assert faults(text("course")) == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("about: batch", "about: [batch, person]", "批次的规程只能针对批次"),
        ("about: batch", "about: person", "只有批次才有成员"),
        ("join: open or existing", "join: open\n  ready: exam", "ready 不起作用"),
        ("join: open or existing", "join: existing\n  ready: nothing", "没有“nothing”这个环节"),
        ("kind: freeze, by: office", "kind: freeze, by: office, signs: [office]", "不能再等会签"),
        ("kind: freeze, by: office", "kind: freeze, by: office, repeat: any time", "名单只确定一次"),
        ("lands: {step: exam, each: [mark]}", "lands: {step: exam, each: [nothing]}", "nothing"),
        ("lands: {step: exam, each: [mark]}", "lands: {step: nothing, each: []}", "没有“nothing”这个环节"),
        ("lands: {step: exam, each: [mark]}", "lands: {step: exam}", "“分数”没有着落"),
        ("by: office, lands: {step: exam", "by: office, after: opened, lands: {step: exam", "排在确定名单之前"),
        ("after: [session, exam, report]", "after: [session, exam, report], returns: cohort", "不能退回重办"),
        ("stage: 办班, by: office, after: cohort, repeat: {each: cohort.organs}", "stage: 办班, kind: freeze, by: office", "只确定一次名单"),
        ("join: open or existing", "join: open or existing\n  criteria: {x: {title: 甲, when: {scheme.sessions: {given: true}}}}", "立项后才有"),
        ("join: open or existing", "join: open or existing\n  criteria: {x: {title: 甲, when: {person.post: [局长]}, use: some}}", "use"),
        ("after: [session", "when: {person.in_service: true}, after: [session", "只在确定批次名单时查得到"),
        ("after: [session, exam, report]}", "due: person.visited_on, after: [session, exam, report]}", "不能用来定日期"),
        ("exam, report]}", "exam, report], teams: {of: scheme.sessions, leader: a, people: b}}", "要写明落到成员的哪个环节"),
        ("each: [mark]}", "each: [mark]}, teams: {of: scheme.sessions, leader: mark, people: b}", "没有“b”这个逐人填写的栏目"),
        ("each: [mark]}", "each: [mark]}, teams: {of: scheme.name, leader: mark, people: mark}", "应当是只办一次的环节里的一张表"),
    ],
)  # fmt: skip
def test_each_mistake_is_named_with_its_remedy(old: str, new: str, said: str) -> None:
    assert old in text("course")
    assert any(said in fault for fault in faults(text("course").replace(old, new, 1)))


def test_a_list_without_members_and_members_without_their_procedure_are_told() -> None:
    lines = text("course").splitlines()
    start = lines.index("members:")
    assert any("规程没有写 members" in each for each in faults("\n".join([*lines[:start], *lines[start + 4 :]])))
    assert any("成员的规程“study”没有装入" in each for each in faults(text("course"), ""))
